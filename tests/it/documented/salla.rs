//! The documentation's one endpoint: its sample call, its example of an answer, its model; and the printed examples of
//! its public neighbours.

use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Request};

use super::{curl, misfit, printed};
use crate::harness::Read as _;
use crate::salla::{Client, changed, sample};

/// As it is printed.
const SAMPLE: &str = "curl --location -g --request GET 'https://api.salla.dev/admin/v2/shipments?order_id=1743861419&courier_id=1723506348&courier_slug=smsa&status=delivered&shipment_type=shipment&payment_method=pre_paid&from_date=2024-11-29&to_date=2024-12-29&ship_to[country_id]=1473353380&ship_to[country_code]=SA&ship_to[city_id]=566146469&ship_from[country_id]=1473353380&ship_from[country_code]=SA&ship_from[city_id]=566146469&source=api&per_page=5'";

/// The example of an answer, with only the link shortened to what follows the host.
const EXAMPLE: &str = include_str!("salla-list.json");

fn sample_call() -> Request {
    let (host, request) = curl(SAMPLE);
    assert_eq!(host, "api.salla.dev");
    // The header as the page prints it.
    request.with("authorization", "Bearer ********************")
}

#[test]
fn the_sample_call_is_answered() {
    let mut client = Client::open();
    let reply = client.send(sample_call());
    assert_eq!((reply.status, reply.evidence), (200, Evidence::Documented));
    let list = reply.json();
    assert_eq!(
        list["pagination"],
        json!({
            "count": 0, "total": 0, "perPage": 5, "currentPage": 1, "totalPages": 1, "links": [],
        })
    );
}

#[test]
fn the_sample_call_finds_what_fulfils_each_of_its_filters() {
    let jeddah = json!({
        "type": "address", "name": "A", "country_id": 1_473_353_380, "country_code": "SA", "city_id": 566_146_469,
    });
    let shipment = json!({
        "id": 5, "order_id": 1_743_861_419, "courier_id": 1_723_506_348, "payment_method": "pre_paid",
        "status": "delivered", "created_at": "2024-12-12T09:00:00Z", "ship_from": jeddah, "ship_to": jeddah,
    });
    let found = |shipment: Value| {
        let store = json!({ "id": crate::salla::STORE, "shipments": [shipment] });
        let mut client = Client::with(json!({ "stores": [store] }));
        client.send(sample_call()).json()["pagination"]["total"].as_u64().unwrap()
    };
    assert_eq!(found(shipment.clone()), 1);
    let elsewhere = |name: &str, value: Value| changed(jeddah.clone(), json!({ name: value }));
    for change in [
        json!({ "order_id": 1 }),
        json!({ "courier_id": 989_286_562 }),
        json!({ "status": "delivering" }),
        json!({ "type": "return" }),
        json!({ "payment_method": "cod" }),
        json!({ "created_at": "2024-11-28T20:59:59Z" }),
        json!({ "created_at": "2024-12-29T21:00:00Z" }),
        json!({ "source": "dashboard" }),
        json!({ "ship_to": elsewhere("country_id", json!(1)) }),
        json!({ "ship_to": elsewhere("country_code", json!("KW")) }),
        json!({ "ship_to": elsewhere("city_id", json!(1)) }),
        json!({ "ship_from": elsewhere("country_id", json!(1)) }),
        json!({ "ship_from": elsewhere("country_code", json!("KW")) }),
        json!({ "ship_from": elsewhere("city_id", json!(1)) }),
    ] {
        assert_eq!(found(changed(shipment.clone(), change.clone())), 0, "{change}");
    }
    for edge in ["2024-11-28T21:00:00Z", "2024-12-29T20:59:59Z"] {
        assert_eq!(found(changed(shipment.clone(), json!({ "created_at": edge }))), 1, "{edge}");
    }
}

#[test]
fn a_page_of_three_is_the_example_to_the_last_key() {
    let mut client = Client::with(json!({ "switches": { "example_fields_only": true } }));
    let reply = client.get("/shipments?per_page=3");
    assert_eq!((reply.status, reply.evidence), (200, Evidence::Documented));
    // As texts: two objects are equal whatever the order of their keys.
    assert_eq!(reply.json().to_string(), printed(EXAMPLE).to_string());
    // What is on its way now comes before it; up to its own day the page is the same.
    let until = "to_date=2023-01-18&";
    let alive = Client::alive().get(&format!("/shipments?{until}per_page=3")).json();
    let mut usual = alive.clone();
    let next = &mut usual["pagination"]["links"]["next"];
    *next = json!(next.as_str().unwrap().replace(until, ""));
    // Usually two keys more, which the model has and the example has not.
    for row in usual["data"].as_array_mut().unwrap() {
        let row = row.as_object_mut().unwrap();
        assert!(row.shift_remove("is_international").unwrap().is_boolean());
        assert_eq!(row.shift_remove("total_weight").unwrap()["units"], "kg");
    }
    assert_eq!(usual.to_string(), printed(EXAMPLE).to_string());
}

/// The fields of the model, but for `pagination`, which the page counts among them and which stands beside the list.
#[rustfmt::skip]
const MODEL: &[&str] = &[
    "id", "order_id", "order_reference_id", "created_at", "type", "courier_id", "courier_name", "courier_logo",
    "shipping_number", "tracking_number", "pickup_id", "trackable", "tracking_link", "label", "payment_method", "source",
    "status", "total", "cash_on_delivery", "is_international", "total_weight", "packages", "ship_from", "ship_to", "meta",
    "billing_account",
];

#[test]
fn every_shipment_has_every_field_of_the_model_with_the_examples_types() {
    let mut client = Client::alive();
    let example = printed(EXAMPLE);
    let list = client.list("per_page=65");
    for row in list["data"].as_array().unwrap() {
        let mut names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        let mut model = MODEL.to_vec();
        model.sort_unstable();
        assert_eq!(names, model);
        for (name, value) in example["data"][1].as_object().unwrap() {
            // Which keys an end has depends on what it is, and a label is a list only while there is none.
            let fits = match name.as_str() {
                "ship_from" | "ship_to" => {
                    row[name]["type"].is_string() && row[name]["latitude"].is_number()
                }
                "label" => row[name] == json!([]) || row[name]["format"] == "pdf",
                "meta" => {
                    row[name]["policy_options"] == json!([])
                        || row[name]["policy_options"]["boxes"].is_u64()
                }
                _ => misfit(value, &row[name], name).is_none() || row[name] == json!([]),
            };
            assert!(fits, "{name}: {}", row[name]);
        }
    }
}

#[test]
fn an_unknown_courier_is_refused_as_the_page_prints_it() {
    let mut client = Client::open();
    let reply = client.get("/shipments?courier_slug=unknown");
    assert_eq!(
        reply.json().to_string(),
        r#"{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"courier_slug":["حقل ترميز الشركة يحتوي على قيم غير صحيحة"]}}}"#
    );
    assert_eq!((reply.status, reply.evidence), (422, Evidence::Documented));
}

#[test]
fn a_shipment_without_its_needs_is_refused_as_the_example_prints_it() {
    let mut client = Client::open();
    let changes = json!({ "courier_id": null, "ship_to": { "phone": "966501636784" }, "ship_from": { "type": "branch" } });
    let reply = client.post("/shipments", &changed(sample(), changes));
    assert_eq!(
        reply.json().to_string(),
        r#"{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"courier_id":["حقل رقم الشركة مطلوب."],"ship_to.name":["حقل اسم المستلم مطلوب."],"ship_from.branch_id":["حقل رقم فرع الالتقاط مطلوب."]}}}"#
    );
    assert_eq!((reply.status, reply.evidence), (422, Evidence::Documented));
}

/// The printed shape of a way, but for texts.
const WAY: &str = r#"{
    "id": 362985662, "order_id": 560695738, "order_reference_id": 48927, "type": "shipment", "courier_id": 1927161457,
    "courier_name": "Shipping App", "courier_logo": "...", "shipping_number": "846984645",
    "tracking_number": "43534254", "pickup_id": null, "trackable": true, "tracking_link": "...",
    "label": { "format": "pdf", "url": "..." }, "status": "delivering",
    "history": [
        { "status": "delivering", "note": null,
          "create_at": { "date": "2023-04-06 11:57:51.000000", "timezone_type": 3, "timezone": "Asia/Riyadh" } }
    ]
}"#;

#[test]
fn a_way_has_the_printed_shape() {
    let mut client = Client::open();
    let id = client.make(json!({}));
    let body = json!({ "shipment_number": "846984645", "status": "delivering", "pdf_label": "https://x.y/label.pdf" });
    client.put_to(shipmock::internals::message::Method::Put, &format!("/shipments/{id}"), &body);
    let data = client.get(&format!("/shipments/{id}/tracking")).json()["data"].clone();
    assert_eq!(misfit(&printed(WAY), &data, "data"), None);
}

#[test]
fn the_companies_are_those_of_the_example() {
    let mut client = Client::open();
    let list = client.get("/shipping/companies/").json();
    assert_eq!(list["data"].as_array().unwrap().len(), 11);
    assert_eq!(
        list["data"][0].to_string(),
        r#"{"id":1723506348,"name":"سمسا","app_id":"1683195908","activation_type":"manual","slug":"smsa"}"#
    );
    let one = client.get("/shipping/companies/814202285").json();
    assert_eq!(one["data"].to_string(), list["data"][3].to_string());
    assert_eq!(client.get("/shipping/companies/1").status, 404);
    let mut client = Client::with(json!({ "switches": { "manual_without_slug": true } }));
    let list = client.get("/shipping/companies").json();
    assert_eq!(
        (&list["data"][0]["slug"], &list["data"][3]["slug"]),
        (&json!(null), &json!("dhl-express"))
    );
}

#[test]
fn the_events_are_those_of_the_example_and_the_shipments() {
    let list = Client::open().get("/webhooks/events").json();
    assert_eq!(
        list["data"][0].to_string(),
        r#"{"id":1473353380,"label":"تم إنشاء طلب","event":"order.created"}"#
    );
    assert_eq!(list["data"].as_array().unwrap().len(), 19);
}
