//! Products and tags.

use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method};

use super::{Client, json_request};
use crate::harness::Read as _;

#[test]
fn a_sku_is_taken_once_and_an_update_may_leave_it_out() {
    let mut client = Client::open();
    let added = client
        .post("/v1/products", &json!({ "sku": "kettle", "price": "12.345", "weight": 1.5 }))
        .json();
    assert_eq!(
        (added["success"].clone(), added["product"]["price"].clone()),
        (json!(true), json!(12.35))
    );
    let again = client.post("/v1/products", &json!({ "sku": "kettle" }));
    assert_eq!(
        again.text(),
        r#"{"error":{"sku":{"unique":"A product with this SKU already exists"}}}"#
    );
    assert_eq!((again.status, again.evidence), (200, Evidence::Documented));
    client.wait("1h");
    let updated =
        client.put("/v1/products/update/kettle", &json!({ "price": 5.99 })).json()["product"]
            .clone();
    assert_eq!((updated["price"].clone(), updated["weight"].clone()), (json!(5.99), json!(1.5)));
    assert_eq!(updated["created"], "2026-05-14T09:00:00+0000");
    assert_eq!(updated["modified"], "2026-05-14T10:00:00+0000");
    let renamed = client.put("/v1/products/update/kettle", &json!({ "sku": "basecap1" }));
    assert_eq!(renamed.json()["error"]["sku"]["unique"], "A product with this SKU already exists");
    client.put("/v1/products/update/kettle", &json!({ "sku": "kettle-2" }));
    assert_eq!(client.get("/v1/products/view/kettle").status, 404);
    assert_eq!(client.get("/v1/products/view/kettle-2").json()["product"]["price"], 5.99);
    // A SKU of another account is free.
    assert_eq!(client.other().get("/v1/products/view/kettle-2").status, 404);
    assert_eq!(client.put("/v1/products/update/nothing", &json!({ "price": 1 })).status, 404);
}

#[test]
fn every_limit_of_a_product_is_held() {
    let mut client = Client::open();
    let long = |length: usize| json!("x".repeat(length));
    for (field, most) in [
        ("sku", 100),
        ("name", 255),
        ("barcode", 15),
        ("commodity_code", 100),
        ("commodity_description", 100),
        ("commodity_manucountry", 100),
        ("commodity_composition", 100),
        ("mid_code", 25),
        ("stock_location", 100),
    ] {
        let mut body = json!({ "sku": "p" });
        body[field] = long(most + 1);
        let refused = client.post("/v1/products", &body).json();
        assert_eq!(
            refused["error"][field]["maxLength"], "The provided value is invalid",
            "{field}"
        );
        body[field] = long(most);
        let taken = client.post("/v1/products", &body).json();
        assert_eq!(taken["success"], true, "{field}: {taken}");
        // So that the SKU is free again.
        let sku = taken["product"]["sku"].as_str().unwrap();
        client
            .put(&format!("/v1/products/update/{sku}"), &json!({ "sku": format!("used-{field}") }));
    }
    for (field, value, rule) in [
        ("price", json!(-0.01), "range"),
        ("price", json!(10_000_000), "range"),
        ("weight", json!("heavy"), "numeric"),
        ("length", json!(10_000_000.5), "range"),
        ("width", json!([1]), "numeric"),
        ("height", json!({}), "numeric"),
        ("thumbnail_url", json!("https://example.com/a.gif"), "extension"),
        (
            "thumbnail_url",
            json!(format!("https://example.com/{}.png", "x".repeat(200))),
            "maxLength",
        ),
    ] {
        let mut body = json!({ "sku": "q" });
        body[field] = value.clone();
        let refused = client.post("/v1/products", &body).json();
        assert!(refused["error"][field][rule].is_string(), "{field} {value}: {refused}");
    }
    let most = json!({ "sku": "q", "price": 9_999_999.99, "weight": "9999999.99", "thumbnail_url": "https://x.com/a.webp", "dangerous_goods": null });
    assert_eq!(
        client.post("/v1/products", &most).json()["product"]["dangerous_goods"],
        Value::Null
    );
    let error = client.post("/v1/products", &json!({ "dangerous_goods": { "volume": 0 } })).json()
        ["error"]
        .clone();
    assert!(
        error["sku"]["_required"].is_string()
            && error["dangerous_goods"]["volume"]["range"].is_string(),
        "{error}"
    );
}

#[test]
fn a_name_of_a_tag_is_unique_to_its_account_and_told_under_the_documented_key() {
    let mut client = Client::open();
    let added =
        client.post("/v1/tags", &json!({ "name": "Fragile", "background_colour": "fff" })).json();
    assert_eq!(
        added,
        json!({ "id": 6, "name": "Fragile", "background_colour": "fff", "text_colour": null })
    );
    let again = client.post("/v1/tags", &json!({ "name": "fragile" }));
    assert_eq!(
        again.text(),
        r#"{"error":{"sku":{"unique":"A tag with this name already exists"}}}"#
    );
    assert_eq!(again.evidence, Evidence::Documented);
    assert_eq!(
        client.put("/v1/tags/6", &json!({ "name": "Tag B" })).json()["error"]["sku"]["unique"],
        "A tag with this name already exists"
    );
    // Its own name is no other's.
    assert_eq!(client.put("/v1/tags/6", &json!({ "name": "FRAGILE" })).json()["name"], "FRAGILE");
    assert_eq!(
        client.other().post("/v1/tags", &json!({ "name": "Fragile" })).json()["name"],
        "Fragile"
    );
    let mut renamed = Client::switched(json!({ "tag_error_field": "name" }));
    renamed.post("/v1/tags", &json!({ "name": "Fragile" }));
    let again = renamed.post("/v1/tags", &json!({ "name": "Fragile" })).json();
    assert!(again["error"]["name"]["unique"].is_string());
}

#[test]
fn colours_are_three_or_six_hexadecimal_digits() {
    let mut client = Client::open();
    for (place, (colour, fits)) in [
        ("#FA8072", true),
        ("fa8072", true),
        ("#abc", true),
        ("#abcd", false),
        ("red", false),
        ("#ggg", false),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "name": format!("T{place}"), "text_colour": colour });
        let answer = client.post("/v1/tags", &body).json();
        assert_eq!(answer.get("error").is_none(), fits, "{colour}: {answer}");
    }
    let long = client.post("/v1/tags", &json!({ "name": "x".repeat(51) })).json();
    assert!(long["error"]["name"]["maxLength"].is_string());
    assert!(client.post("/v1/tags", &json!({})).json()["error"]["name"]["_required"].is_string());
}

#[test]
fn another_accounts_tag_is_403_and_nobodys_is_404_unless_a_scenario_says_otherwise() {
    let mut client = Client::open();
    let said = r#"{"message":"You do not have access to the requested resource","url":"\/v1\/tags\/5","code":403}"#;
    for method in [Method::Get, Method::Put, Method::Patch, Method::Delete] {
        let request =
            client.bearing(json_request(method, "/v1/tags/5", &json!({ "name": "Mine" })));
        let reply = client.send(request);
        assert_eq!(
            (reply.status, reply.text().as_str(), reply.evidence),
            (403, said, Evidence::Documented),
            "{method}"
        );
    }
    assert_eq!(client.other().get("/v1/tags/5").json()["name"], "Other's tag");
    for path in ["/v1/tags/99", "/v1/tags/x", "/v1/tags/99999999999999999999"] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }
    assert_eq!(
        Client::switched(json!({ "unknown_tag_is_403": true })).get("/v1/tags/99").status,
        403
    );
}

#[test]
fn a_tag_is_updated_whole_or_in_part_and_deleted_with_an_empty_body() {
    let mut client = Client::open();
    client.book("TAGGED", json!({ "/tags": [1, 2] }));
    let put = client.put("/v1/tags/2", &json!({ "text_colour": "#111" })).json();
    assert!(put["error"]["name"]["_required"].is_string());
    let request = client.bearing(json_request(
        Method::Patch,
        "/v1/tags/2",
        &json!({ "text_colour": "#111" }),
    ));
    let patched = client.send(request).json();
    assert_eq!(
        patched,
        json!({ "id": 2, "name": "Tag B", "background_colour": "#FA8072", "text_colour": "#111" })
    );
    let request = client.bearing(json_request(Method::Delete, "/v1/tags/2", &json!({})));
    let deleted = client.send(request);
    assert_eq!((deleted.status, deleted.text().as_str()), (200, ""));
    assert_eq!(client.get("/v1/tags/2").status, 404);
    assert_eq!(client.view("TAGGED")["tags"], json!([{ "id": 1, "name": "Tag A" }]));
}

#[test]
fn what_stands_in_for_the_documentations_own_calls_gives_way_once() {
    let mut client = Client::open();
    let tag = json!({ "name": "Tag A", "background_colour": "#000", "text_colour": "#FFF" });
    assert_eq!(client.post("/v1/tags", &tag).json()["id"], 1);
    assert!(client.post("/v1/tags", &tag).json()["error"].is_object());
    assert_eq!(client.get("/v1/products/view/hat1").json()["product"]["name"], "Wedding Hat");
    let hat = json!({ "sku": "hat1", "name": "Ladies Wedding Hat" });
    assert_eq!(client.post("/v1/products", &hat).json()["success"], true);
    assert!(client.post("/v1/products", &hat).json()["error"].is_object());
    assert_eq!(client.view("S1234")["shipment"]["tracking_number"], "TT324201212GB");
    assert_eq!(client.book("S1234", json!({}))["carrier_result"]["tracking"], "2887123123");
    assert_eq!(client.book("S1234", json!({}))["status"], Value::Null);
}
