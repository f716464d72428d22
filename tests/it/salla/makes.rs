//! Shipments made, reported on, called off and sent back.

use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method};

use super::{Client, FIRST, changed, refusal, sample};
use crate::harness::Read as _;

#[test]
fn a_shipment_is_made_with_200_and_begins_without_numbers() {
    let mut client = Client::open();
    let reply = client.post("/shipments", &sample());
    let data = reply.json()["data"].clone();
    assert_eq!((reply.status, reply.evidence), (200, Evidence::Documented));
    for (name, expected) in [
        ("type", json!("shipment")),
        ("status", json!("creating")),
        ("order_id", json!(54_534_523)),
        ("courier_name", json!("Storage Station")),
        ("shipping_number", json!("0")),
        ("tracking_number", json!("0")),
        ("pickup_id", json!(null)),
        ("label", json!([])),
        ("source", json!("api")),
        ("total", json!({ "amount": 51, "currency": "SAR" })),
        ("cash_on_delivery", json!({ "amount": "10.70", "currency": "SAR" })),
        ("is_international", json!(false)),
        ("total_weight", json!({ "value": 10, "units": "kg" })),
        ("billing_account", json!("salla")),
    ] {
        assert_eq!(data[name], expected, "{name}");
    }
    assert_eq!(data["meta"]["policy_options"], json!([]));
    assert_eq!(data["ship_to"]["city"], "JEDDAH");
    assert_eq!(data["ship_to"]["city_id"], 566_146_469);
    assert_eq!(data["ship_to"]["latitude"], json!(21.3825905097));
    assert_eq!(
        (&data["ship_from"]["type"], &data["ship_from"]["branch_id"]),
        (&json!("branch"), &json!(1_723_506_348))
    );
    assert_eq!(
        data["packages"][0].to_string(),
        r#"{"name":"منتج تجريبي","sku":"52743-145","price":{"amount":"25.50","currency":"SAR"},"quantity":2,"weight":{"value":"5.00","unit":"kg"}}"#
    );
    let id = data["id"].as_u64().unwrap();
    assert_eq!(client.get(&format!("/shipments/{id}")).json()["data"], data);
    assert_eq!(client.ids("per_page=1"), [id]);
}

#[test]
fn what_else_is_said_of_a_shipment_is_shown() {
    let mut client = Client::open();
    let more = json!({
        "description": "3 T-Shirts", "remarks": "after 5 PM", "external_id": "34567898",
        "external_additional_id": "OM656545543", "external_company_name": "Salla Express",
        "service_types": ["international", "normal"], "policy_options": { "boxes": 2 },
        "ship_from": { "type": "address", "name": "Store", "country_code": "kw", "city": "Abbasiya", "phone": "1" },
        "ship_to": { "name": "Jean", "country": "AE", "city": "Hatta" },
    });
    let id = client.make(more);
    let data = client.get(&format!("/shipments/{id}")).json()["data"].clone();
    assert_eq!(
        data["reference"],
        json!({ "external_id": "34567898", "external_additional_id": "OM656545543" })
    );
    assert_eq!(data["external_company_name"], "Salla Express");
    assert_eq!(
        (&data["description"], &data["remarks"]),
        (&json!("3 T-Shirts"), &json!("after 5 PM"))
    );
    assert_eq!(data["service_types"], json!(["international", "normal"]));
    assert_eq!(data["meta"]["policy_options"], json!({ "boxes": 2 }));
    assert_eq!(data["is_international"], true);
    let from = &data["ship_from"];
    assert_eq!(
        (&from["country_id"], &from["city_id"]),
        (&json!(1_939_592_358), &json!(1_313_869_267))
    );
    assert_eq!(from.get("branch_id"), None);
    // A city that is not on the list is kept as it was written.
    assert_eq!(
        (&data["ship_to"]["city"], &data["ship_to"]["city_id"]),
        (&json!("Hatta"), &json!(null))
    );
}

#[test]
fn a_branch_is_asked_for_by_its_id_and_prepaid_shipments_collect_nothing() {
    let mut client = Client::open();
    let id = client
        .make(json!({ "ship_from": { "branch_id": 566_146_469 }, "payment_method": "pre_paid" }));
    let data = client.get(&format!("/shipments/{id}")).json()["data"].clone();
    assert_eq!(
        (&data["ship_from"]["name"], &data["ship_from"]["country_code"]),
        (&json!("Kuwait"), &json!("KW"))
    );
    assert_eq!(data["cash_on_delivery"]["amount"], "0.00");
}

#[test]
fn fields_that_do_not_fit_are_named() {
    let mut client = Client::open();
    let fields = |client: &mut Client, body: &Value| {
        let reply = client.post("/shipments", body);
        assert_eq!(refusal(&reply).0, 422, "{}", reply.wire());
        reply.json()["error"]["fields"].clone()
    };
    let names = |fields: Value| fields.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let found = fields(&mut client, &json!({}));
    assert_eq!(
        names(found),
        ["courier_id", "shipment_type", "payment_method", "packages", "ship_to.name"]
    );
    for (changes, name) in [
        (json!({ "courier_id": 1 }), "courier_id"),
        (json!({ "courier_id": "smsa" }), "courier_id"),
        (json!({ "shipment_type": "parcel" }), "shipment_type"),
        (json!({ "payment_method": "card" }), "payment_method"),
        (json!({ "order_id": "x" }), "order_id"),
        (json!({ "shipment_type": "return", "shipment_id": null }), "shipment_id"),
        (json!({ "shipment_type": "return", "shipment_id": 1 }), "shipment_id"),
        (json!({ "packages": [] }), "packages"),
        (json!({ "packages": "x" }), "packages"),
        (json!({ "packages": [{ "name": "A" }] }), "packages.0.quantity"),
        (json!({ "packages": [{ "quantity": 1 }] }), "packages.0.name"),
        (json!({ "packages": [{ "name": "A", "quantity": 0 }] }), "packages.0.quantity"),
        (
            json!({ "packages": [{ "name": "A", "quantity": 1, "price": { "amount": -1 } }] }),
            "packages.0.price.amount",
        ),
        (json!({ "cash_on_delivery": { "amount": "much" } }), "cash_on_delivery.amount"),
        (json!({ "ship_to": { "phone": "1" } }), "ship_to.name"),
        (json!({ "ship_to": null, "order_id": null }), "ship_to.name"),
        (json!({ "ship_to": { "name": "A", "country": "FR" } }), "ship_to.country"),
        (json!({ "ship_from": { "type": "branch" } }), "ship_from.branch_id"),
        (json!({ "ship_from": { "name": "A" } }), "ship_from.branch_id"),
        (json!({ "ship_from": { "branch_id": 7 } }), "ship_from.branch_id"),
        (json!({ "ship_from": { "type": "roof" } }), "ship_from.type"),
    ] {
        let found = fields(&mut client, &changed(sample(), changes.clone()));
        assert!(names(found.clone()).contains(&name.to_owned()), "{changes}: {found}");
    }
}

#[test]
fn a_further_shipment_of_an_order_knows_its_ends_and_a_return_goes_the_other_way() {
    let mut client = Client::open();
    let first = client.make(json!({ "ship_from": { "branch_id": 566_146_469 } }));
    let second =
        client.make(json!({ "ship_to": null, "packages": [{ "name": "More", "quantity": 1 }] }));
    let show =
        |client: &mut Client, id| client.get(&format!("/shipments/{id}")).json()["data"].clone();
    let (one, two) = (show(&mut client, first), show(&mut client, second));
    assert_eq!(one["ship_to"], two["ship_to"]);
    // Where it comes from is not known from the one before: the main branch, not the other one.
    assert_eq!(one["ship_from"]["branch_id"], 566_146_469);
    assert_eq!(two["ship_from"]["branch_id"], 1_723_506_348);
    assert_eq!(one["order_reference_id"], two["order_reference_id"]);
    client.walk(first, "delivered");
    let back = client.make(json!({ "shipment_type": "return", "shipment_id": first, "ship_to": null, "order_id": null }));
    let back = show(&mut client, back);
    assert_eq!((&back["ship_to"], &back["ship_from"]), (&one["ship_from"], &one["ship_to"]));
    assert_eq!(back["order_id"], one["order_id"]);
    let ids = client.ids("order_id=54534523");
    assert_eq!(ids.len(), 3);
}

#[test]
fn a_pending_shipment_is_taken_over_where_the_request_says_so() {
    let pending = json!({
        "id": 7_000_001, "order_id": 42, "courier_id": 1_723_506_348, "payment_method": "pre_paid", "status": "pending",
        "created_at": "2026-05-01T09:00:00Z", "source": "store",
    });
    let stores = json!({ "stores": [{ "id": super::STORE, "shipments": [pending] }] });
    let mut client = Client::with(stores.clone());
    let other = client.make(json!({ "order_id": 42 }));
    assert_ne!(other, 7_000_001);
    assert_eq!(client.state(7_000_001), "pending");
    let same = client.make(json!({ "order_id": 42, "overwrite_exists_pending": true }));
    assert_eq!((same, client.state(same)), (7_000_001, "creating".to_owned()));
    let data = client.get("/shipments/7000001").json()["data"].clone();
    assert_eq!(
        (&data["courier_name"], &data["payment_method"]),
        (&json!("Storage Station"), &json!("cod"))
    );
    assert_eq!(data["created_at"]["date"], "2026-05-01 12:00:00.000000");
    // There is none left to be taken over.
    assert_ne!(client.make(json!({ "order_id": 42, "overwrite_exists_pending": "1" })), 7_000_001);
}

/// What a courier reports, with some fields otherwise.
fn report(
    client: &mut Client,
    id: u64,
    status: &str,
    more: Value,
) -> shipmock::internals::message::Reply {
    let body = changed(json!({ "shipment_number": "846984645", "status": status }), more);
    client.put_to(Method::Put, &format!("/shipments/{id}"), &body)
}

#[test]
fn a_courier_reports_numbers_label_and_status() {
    let mut client = Client::open();
    let id = client.make(json!({}));
    let more = json!({
        "tracking_number": "54563653", "tracking_link": "https://api.shipengine.com/v1/labels/498498496/track",
        "pdf_label": "https://api.shipengine.com/v1/downloads/label-63563751.pdf", "cost": 40, "order_id": 76_587_644,
        "status_note": "picked up", "external_company_name": "Salla Express", "policy_options": { "boxes": 3 },
    });
    let reply = report(&mut client, id, "created", more);
    let data = reply.json()["data"].clone();
    assert_eq!((reply.status, data["status"].as_str()), (200, Some("created")));
    assert_eq!(
        (&data["shipping_number"], &data["tracking_number"]),
        (&json!("846984645"), &json!("54563653"))
    );
    assert_eq!(data["label"]["format"], "pdf");
    assert_eq!(data["label"]["url"], "https://api.shipengine.com/v1/downloads/label-63563751.pdf");
    assert_eq!(
        (&data["order_id"], &data["meta"]["policy_options"]),
        (&json!(76_587_644), &json!({ "boxes": 3 }))
    );
    client.advance("1h");
    assert_eq!(report(&mut client, id, "delivered", json!({})).status, 200);
    let tracking = client.get(&format!("/shipments/{id}/tracking")).json()["data"].clone();
    let history: Vec<(&str, &Value)> = tracking["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["status"].as_str().unwrap(), &it["note"]))
        .collect();
    assert_eq!(
        history,
        [("delivered", &json!(null)), ("created", &json!("picked up")), ("creating", &json!(null))]
    );
    assert_eq!(tracking["history"][0]["create_at"]["date"], "2026-05-14 13:00:00.000000");
}

#[test]
fn what_was_shipped_has_no_way_back_and_a_refused_report_changes_nothing() {
    let mut client = Client::open();
    for status in ["shipped", "delivering", "delivered"] {
        let id = client.make(json!({}));
        assert_eq!(report(&mut client, id, status, json!({})).status, 200);
        for back in ["created", "in_progress"] {
            let before = client.holdings();
            let reply = report(&mut client, id, back, json!({ "tracking_number": "changed" }));
            let (code, _, message) = refusal(&reply);
            assert_eq!(
                (code, message.as_str()),
                (422, "لا يمكن تغيير حالة الشحنة إلى هذه الحالة"),
                "{status} to {back}"
            );
            assert_eq!(before, client.holdings());
            assert_eq!(reply.json()["error"].get("fields"), None);
        }
        // A courier may take back its word of a delivery, and say the same twice.
        assert_eq!(report(&mut client, id, "in_transit", json!({})).status, 200);
        assert_eq!(report(&mut client, id, "in_transit", json!({})).status, 200);
    }
    let id = client.make(json!({}));
    assert_eq!(report(&mut client, id, "cancelled", json!({})).status, 200);
    assert_eq!(report(&mut client, id, "delivered", json!({})).status, 422);
}

#[test]
fn a_report_needs_number_and_status_and_links_that_fit() {
    let mut client = Client::open();
    let id = client.make(json!({}));
    let path = format!("/shipments/{id}");
    let reply = client.put_to(Method::Put, &path, &json!({}));
    let fields = reply.json()["error"]["fields"].clone();
    assert_eq!(
        fields.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["shipment_number", "status"]
    );
    let long = format!("https://x.y/{}", "z".repeat(300));
    for (changes, field) in [
        (json!({ "status": "creating" }), "status"),
        (json!({ "status": "pending" }), "status"),
        (json!({ "status": "returned" }), "status"),
        (json!({ "tracking_link": long }), "tracking_link"),
        (json!({ "pdf_label": long }), "pdf_label"),
        (json!({ "pdf_label": "no address" }), "pdf_label"),
        (json!({ "cost": "free" }), "cost"),
    ] {
        let reply = report(&mut client, id, "created", changes.clone());
        assert!(
            reply.json()["error"]["fields"].get(field).is_some(),
            "{changes}: {}",
            reply.wire()
        );
    }
    assert_eq!(report(&mut client, 1, "created", json!({})).status, 404);
}

#[test]
fn a_report_can_answer_as_its_example_does() {
    let mut client = Client::with(json!({ "switches": { "nested_update_answer": true } }));
    let reply = report(&mut client, FIRST, "created", json!({}));
    let data = reply.json()["data"].clone();
    assert_eq!(
        data["courier"],
        json!({ "id": 814_202_285, "name": "DHL", "logo": "https://company.com/logo.png" })
    );
    assert_eq!(data["status"]["slug"], "created");
    assert_eq!(
        data["ship_from"]["geo_coordinates"],
        json!({ "lat": "21.382590509685", "lng": "39.773191030685" })
    );
    assert!(data.get("courier_id").is_none() && data["ship_to"].get("latitude").is_none());
}

#[test]
fn what_is_in_progress_may_become_created_again_and_tells_of_it() {
    let mut client = Client::open();
    let id = client.make(json!({}));
    for status in ["in_progress", "created", "in_progress", "created", "shipped"] {
        let reply = report(&mut client, id, status, json!({}));
        assert_eq!(reply.status, 200, "{status}: {}", reply.wire());
        assert_eq!(client.state(id), status);
    }
    assert_eq!(report(&mut client, id, "created", json!({})).status, 422);
}

#[test]
fn a_weight_counts_in_its_unit_whichever_key_names_it() {
    let mut client = Client::open();
    for (weight, kilograms) in [
        (json!({ "value": 500, "unit": "g" }), "0.5"),
        (json!({ "value": 500, "units": "g" }), "0.5"),
        (json!({ "value": "2", "units": "kg" }), "2"),
        (json!({ "value": 2 }), "2"),
        (json!({ "value": 10, "unit": "lb" }), "4.5359237"),
        (json!({ "value": 16, "unit": "oz" }), "0.45359237"),
        (json!(null), "1"),
        (json!([]), "1"),
    ] {
        let package = json!([{ "name": "A", "quantity": 2, "weight": weight }]);
        let id = client.make(json!({ "packages": package }));
        let kept = client.detail("shipment", id).data["packages"][0]["weight"].to_string();
        assert_eq!(kept, kilograms, "{weight}");
    }
    let refused = |client: &mut Client, changes: Value| {
        let package = changed(json!({ "name": "A", "quantity": 1 }), changes);
        let reply = client.post("/shipments", &changed(sample(), json!({ "packages": [package] })));
        assert_eq!(reply.status, 422, "{}", reply.wire());
        let fields = reply.json()["error"]["fields"].clone();
        fields.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    for (changes, field) in [
        (json!({ "weight": { "value": 1, "unit": "stone" } }), "packages.0.weight.unit"),
        (json!({ "weight": { "value": 1, "units": ["g"] } }), "packages.0.weight.units"),
        (json!({ "weight": { "unit": "g" } }), "packages.0.weight.value"),
        (json!({ "weight": 2 }), "packages.0.weight"),
        (json!({ "price": 25.5 }), "packages.0.price"),
        (json!({ "price": "25.5" }), "packages.0.price"),
    ] {
        assert_eq!(refused(&mut client, changes.clone()), [field], "{changes}");
    }
    for name in ["cash_on_delivery", "policy_options", "service_types", "ship_to", "ship_from"] {
        let reply = client.post("/shipments", &changed(sample(), json!({ name: 5 })));
        assert!(reply.json()["error"]["fields"].get(name).is_some(), "{name}: {}", reply.wire());
    }
    let id = client.make(json!({}));
    let reply = report(&mut client, id, "created", json!({ "policy_options": 5 }));
    assert!(reply.json()["error"]["fields"].get("policy_options").is_some(), "{}", reply.wire());
}

#[test]
fn where_a_parcel_came_from_once_says_nothing_of_the_next() {
    let mut client = Client::open();
    let abroad = json!({ "type": "address", "name": "Store", "country": "KW", "city": "Abbasiya" });
    let first = client.make(json!({ "ship_from": abroad }));
    let of = |client: &mut Client, id: u64| {
        client.get(&format!("/shipments/{id}")).json()["data"].clone()
    };
    assert_eq!(of(&mut client, first)["is_international"], true);
    for ship_from in [json!(null), json!({}), json!([])] {
        let id = client.make(json!({ "ship_from": ship_from, "ship_to": null }));
        let data = of(&mut client, id);
        assert_eq!(data["ship_from"]["branch_id"], 1_723_506_348, "{ship_from}");
        assert_eq!(
            (&data["is_international"], &data["ship_to"]["name"]),
            (&json!(false), &json!("Mohammed Khalid"))
        );
    }
    // An address without a country is not abroad.
    let nowhere = client.make(json!({ "ship_from": { "type": "address", "name": "Store" } }));
    assert_eq!(of(&mut client, nowhere)["is_international"], false);
    // A return comes from where the parcel went.
    client.walk(first, "delivered");
    let back =
        client.make(json!({ "shipment_type": "return", "shipment_id": first, "ship_to": null }));
    let data = of(&mut client, back);
    assert_eq!(
        (&data["ship_from"]["name"], &data["ship_to"]["name"]),
        (&json!("Mohammed Khalid"), &json!("Store"))
    );
}

#[test]
fn an_order_has_one_number_for_the_merchant_whoever_names_it() {
    let mut client = Client::open();
    let (one, two) = (client.make(json!({ "order_id": 7 })), client.make(json!({ "order_id": 8 })));
    let of =
        |client: &Client, id: u64| client.detail("shipment", id).data["order_reference_id"].clone();
    assert_ne!(of(&client, one), of(&client, two));
    assert_eq!(report(&mut client, two, "created", json!({ "order_id": 7 })).status, 200);
    assert_eq!(of(&client, one), of(&client, two));
}

#[test]
fn a_shipment_is_called_off_until_it_is_shipped() {
    let mut client = Client::open();
    for state in ["creating", "created", "in_progress"] {
        let id = client.make(json!({}));
        client.walk(id, state);
        let reply = client.post(&format!("/shipments/{id}/cancel"), &json!({}));
        assert_eq!(
            (reply.status, reply.json()["data"]["status"].clone()),
            (200, json!("cancelled")),
            "{state}"
        );
        let again = client.post(&format!("/shipments/{id}/cancel"), &json!({}));
        assert_eq!(refusal(&again).0, 422);
    }
    let shipped = client.make(json!({}));
    client.walk(shipped, "shipped");
    assert_eq!(refusal(&client.post(&format!("/shipments/{shipped}/cancel"), &json!({}))).0, 422);
    let mut client = Client::with(json!({ "switches": { "cancel_after_shipping": true } }));
    let shipped = client.make(json!({}));
    client.walk(shipped, "shipped");
    assert_eq!(client.post(&format!("/shipments/{shipped}/cancel"), &json!({})).status, 200);
}

#[test]
fn only_what_was_delivered_is_sent_back_and_its_ends_change_over() {
    let mut client = Client::open();
    let id = client.make(json!({}));
    let path = format!("/shipments/{id}/return");
    let early = client.post(&path, &json!({}));
    assert_eq!(refusal(&early), (422, json!("error"), "يجب توصيل الشحنة اولا".to_owned()));
    assert_eq!(early.evidence, Evidence::Documented);
    assert_eq!(early.json()["error"].get("fields"), None);
    client.walk(id, "delivered");
    let out = client.get(&format!("/shipments/{id}")).json()["data"].clone();
    let back = client.post(&path, &json!({})).json()["data"].clone();
    assert_eq!((&back["type"], &back["status"]), (&json!("return"), &json!("creating")));
    assert_eq!((&back["ship_from"], &back["ship_to"]), (&out["ship_to"], &out["ship_from"]));
    assert_eq!(back["order_id"], out["order_id"]);
    assert_eq!(client.state(id), "delivered");
    // By the other call too, and not before it was delivered.
    let other = client.make(json!({}));
    let body = changed(sample(), json!({ "shipment_type": "return", "shipment_id": other }));
    assert_eq!(refusal(&client.post("/shipments", &body)).2, "يجب توصيل الشحنة اولا");
}

#[test]
fn another_stores_shipments_are_not_found_in_either_language() {
    let mut client = Client::open().calling_as("other_store_token");
    let path = format!("/shipments/{FIRST}");
    let reply = client.get(&path);
    assert_eq!(
        refusal(&reply),
        (404, json!("error"), "المحتوى الذي تحاول الوصول اليه غير متوفر".to_owned())
    );
    let reply = client.get_in_english(&path);
    assert_eq!(
        refusal(&reply),
        (404, json!(404), "The content you are trying to access is no longer available".to_owned())
    );
    for path in [format!("{path}/cancel"), format!("{path}/return")] {
        assert_eq!(client.post(&path, &json!({})).status, 404);
    }
    for id in ["0", "abc", "1e3", "99999999999999999999", "%00"] {
        assert_eq!(client.get(&format!("/shipments/{id}")).status, 404, "{id}");
    }
}

#[test]
fn live_types_are_numbers_and_a_weight_has_units() {
    let mut client = Client::with(json!({ "switches": { "live_types": true } }));
    let row = client.list("order_id=560695739")["data"][0].clone();
    assert_eq!(row["cash_on_delivery"], json!({ "amount": 10.7, "currency": "SAR" }));
    assert_eq!(row["packages"][0]["price"]["amount"], 50);
    assert_eq!(row["packages"][0]["weight"], json!({ "value": 1, "units": "kg" }));
}
