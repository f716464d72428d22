//! Return labels and picking lists.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shipmock::internals::message::Evidence;

use super::{Client, changed};
use crate::harness::Read as _;

fn wanted(changes: Value) -> Value {
    let body = json!({
        "outgoing_reference": "S0001001", "delivery_postcode": "BS1 4TW", "return_service": 200, "expiry": "2026-06-13",
    });
    changed(body, changes)
}

#[test]
fn every_call_gives_a_new_label_and_the_shipment_keeps_a_line() {
    let mut client = Client::open();
    let first = client.post("/v1/returns", &wanted(json!({}))).json();
    assert_eq!(first["tracking"], "ST123456789X");
    let second = client.post("/v1/returns", &wanted(json!({ "/return_service": "200" }))).json();
    let number = second["tracking"].as_str().unwrap();
    assert!(number.starts_with("H0") && number != "ST123456789X", "{number}");
    for answer in [&first, &second] {
        let label = STANDARD.decode(answer["label"].as_str().unwrap()).unwrap();
        assert!(label.starts_with(b"%PDF-1.4"));
    }
    let viewed = client.view("S0001001");
    assert_eq!(viewed["messages"].as_array().unwrap().len(), 2);
    assert_eq!(
        viewed["messages"][0]["message"],
        "Evri return tracking reference received: ST123456789X"
    );
}

#[test]
fn a_postcode_is_compared_without_case_and_blanks_and_echoed_as_it_was_sent() {
    let mut client = Client::open();
    let taken = client.post("/v1/returns", &wanted(json!({ "/delivery_postcode": "bs14tw" })));
    assert!(taken.json()["label"].is_string());
    let reply = client.post("/v1/returns", &wanted(json!({ "/delivery_postcode": "bs1 x2w" })));
    assert_eq!(
        reply.json(),
        json!({ "error": "Unable to find a shipment with the reference 'S0001001' and postcode 'bs1 x2w'" })
    );
    assert_eq!((reply.status, reply.evidence), (200, Evidence::Documented));
}

#[test]
fn thirty_days_are_allowed_and_thirty_one_are_not() {
    let mut client = Client::open();
    let late = client.post("/v1/returns", &wanted(json!({ "/expiry": "2026-06-14" })));
    assert_eq!(
        late.json()["error"]["expiry"]["expiry_length"],
        "Your returns label expiry is not allowed. The label must expire within 30 days"
    );
    // What is wrong with a label is written into the history of its shipment.
    assert_eq!(client.view("S0001001")["messages"][0]["type"], "error");
    client.wait("24h");
    let on_time = client.post("/v1/returns", &wanted(json!({ "/expiry": "2026-06-14" })));
    assert!(on_time.json()["tracking"].is_string());
}

#[test]
fn fields_that_are_missing_or_wrong_are_told() {
    let mut client = Client::open();
    let error = client.post("/v1/returns", &json!({})).json()["error"].clone();
    let keys: Vec<&String> = error.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["outgoing_reference", "delivery_postcode", "return_service", "expiry"]);
    for (changes, path) in [
        (json!({ "/expiry": "tomorrow" }), "/expiry/date"),
        (json!({ "/return_service": "shop" }), "/return_service/integer"),
    ] {
        let reply = client.post("/v1/returns", &wanted(changes)).json();
        assert!(reply["error"].pointer(path).is_some(), "{reply}");
    }
    let unknown = client.post("/v1/returns", &wanted(json!({ "/return_service": 999 })));
    assert_eq!(unknown.json()["error"], "Unable to find a return service with the id '999'");
}

#[test]
fn a_return_service_has_limits_of_weight_and_country() {
    let mut client = Client::open();
    client.book("HEAVY", json!({ "/shipment_detail/weight": 16 }));
    client.book("ABROAD", json!({ "/recipient/country": "US" }));
    for (reference, expected) in
        [("HEAVY", "takes at most 15 kg"), ("ABROAD", "does not go from US to GB")]
    {
        let body =
            wanted(json!({ "/outgoing_reference": reference, "/delivery_postcode": "BS2 3AP" }));
        let error = client.post("/v1/returns", &body).json()["error"].clone();
        assert!(error.as_str().unwrap().contains(expected), "{error}");
    }
    let body = wanted(
        json!({ "/outgoing_reference": "ABROAD", "/delivery_postcode": "BS2 3AP", "/return_service": 40 }),
    );
    assert!(
        client.post("/v1/returns", &body).json()["tracking"].as_str().unwrap().starts_with("1Z")
    );
}

#[test]
fn a_picking_list_takes_either_reference_and_says_when_it_finds_none() {
    let mut client = Client::open();
    for shipments in [
        json!([{ "reference_1": "S123456" }]),
        json!([{ "reference_2": "ORDER-5678" }]),
        json!([{ "reference_1": "S123456" }, { "reference_2": "ORDER-5678" }, { "reference_1": "NOBODY" }]),
    ] {
        let reply = client.post("/v1/picking_lists/download", &json!({ "shipments": shipments }));
        let pdf = STANDARD.decode(reply.json()["pdf"].as_str().unwrap()).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.4"), "{shipments}");
    }
    let none = client
        .post("/v1/picking_lists/download", &json!({ "shipments": [{ "reference_1": "NOBODY" }] }));
    assert_eq!(none.json()["error"], "Unable to find any of the shipments");
    for body in [
        json!({}),
        json!({ "shipments": [] }),
        json!({ "shipments": ["S123456"] }),
        json!({ "shipments": [{}] }),
    ] {
        let reply = client.post("/v1/picking_lists/download", &body);
        assert!(
            reply.json()["error"]["shipments"].is_object()
                || reply.json()["error"]["shipments"].is_array()
        );
    }
    // Another account's are not found.
    let other = client.other().post(
        "/v1/picking_lists/download",
        &json!({ "shipments": [{ "reference_1": "S123456" }] }),
    );
    assert!(other.json()["error"].is_string());
}
