//! What a payload may hold, and what it is told when it may not.

use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method, Request};

use super::Merchant;
use crate::harness::Read as _;

fn errors(merchant: &mut Merchant, order: &Value) -> String {
    let reply = merchant.post("/v2/orders", order);
    assert_eq!(reply.status, 400, "{}", reply.text());
    reply.json()["errors"].to_string()
}

#[test]
fn errors_come_in_the_order_of_the_payload_what_is_missing_first() {
    let mut merchant = Merchant::open();
    let order = json!({
        "phone": 1,
        "shipping_address": { "zip": 75002, "phone": 1 },
        "fulfillments": [{ "trackers": {}, "shipping_address": "Paris", "merchant_id": 1.5 }],
        "email": ["a"],
    });
    assert_eq!(
        errors(&mut merchant, &order),
        concat!(
            r#"{"merchantId":"Required","phone":"Wrong data type: given, Integer (1) expected: String","#,
            r#""zip":"Wrong data type: given, Integer (75002) expected: String","#,
            r#""fulfillments":{"0":{"trackers":"Wrong data type: given, Hash ({}) expected: Array","#,
            r#""shipping_address":"Wrong data type: given, String (Paris) expected: Hash","#,
            r#""merchant_id":"Wrong data type: given, Float (1.5) expected: String"}},"#,
            r#""email":"Wrong data type: given, Array ([\"a\"]) expected: String"}"#
        )
    );
}

#[test]
fn a_hash_in_an_error_is_escaped_as_rails_does() {
    let mut merchant = Merchant::open();
    let reply = merchant.post("/v2/orders", &json!({ "merchant_id": { "a": "<b>" } }));
    assert_eq!(
        reply.text(),
        r#"{"errors":{"merchantId":"Wrong data type: given, Hash ({\"a\"=\u003e\"\u003cb\u003e\"}) expected: String"}}"#
    );
    assert_eq!(reply.evidence, Evidence::Observed);
}

#[test]
fn evidence_is_that_of_the_weakest_text() {
    let mut merchant = Merchant::open();
    for (order, evidence) in [
        (json!({ "merchant_id": "a", "email": 1 }), Evidence::Documented),
        (json!({ "merchant_id": "a", "canceled": 1 }), Evidence::Documented),
        (json!({ "email": 1 }), Evidence::Observed),
        (json!({ "email": 1, "line_items": "x" }), Evidence::Inferred),
    ] {
        assert_eq!(merchant.post("/v2/orders", &order).evidence, evidence, "{order}");
    }
    let unknown = json!({ "merchant_id": "a", "fulfillments": [{ "merchant_id": "f", "status_code": "ready" }] });
    let reply = merchant.post("/v2/orders", &unknown);
    assert_eq!((reply.status, reply.evidence), (201, Evidence::Inferred));
    assert_eq!(merchant.order("a")["fulfillments"]["data"][0]["status_code"], "pending");
}

#[test]
fn switches_give_the_other_readings() {
    let mut merchant = Merchant::with(json!({ "switches": {
        "plain_root_key": true, "strict_dates": true, "whole_texts": true, "created_tells_merchant_id": true, "iso_dates": true,
    } }));
    assert_eq!(
        errors(&mut merchant, &json!({ "ordered_at": "soon" })),
        r#"{"merchant_id":"Required","ordered_at":"Wrong data type: given, String (soon) expected: DateTime"}"#
    );
    let order = json!({ "merchant_id": "a", "ordered_at": 0, "line_items": [{ "merchant_id": "i", "quantity": "2" }] });
    let reply = merchant.post("/v2/orders", &order);
    assert_eq!((reply.status, reply.text().as_str()), (201, r#"{"merchant_id":"a"}"#));
    let order = merchant.order("a");
    assert_eq!(order["ordered_at"], "1970-01-01T00:00:00Z");
    assert_eq!(order["created_at"], "2026-05-14T09:00:00Z");
    assert_eq!(order["line_items"]["data"][0]["quantity"], 2);
}

#[test]
fn what_is_left_out_or_null_stays_and_what_is_empty_is_kept_empty() {
    let mut merchant = Merchant::open();
    merchant.send(&json!({
        "merchant_id": "a", "email": "a@example.com", "phone": "1", "first_name": "Jane", "custom_variables": { "x": 1.50 },
        "shipping_address": { "zip": "75002", "city": "Paris" },
    }));
    merchant.send(&json!({ "merchant_id": "a", "email": null, "phone": "", "shipping_address": { "zip": "75003" } }));
    let order = merchant.order("a");
    assert_eq!(order["email"], "a@example.com");
    assert_eq!(order["phone"], "");
    assert_eq!(order["first_name"], "Jane");
    assert_eq!(order["custom_variables"], json!({ "x": 1.5 }));
    let address = &order["shipping_address"];
    assert_eq!((&address["zip"], &address["city"]), (&json!("75003"), &json!("Paris")));
}

#[test]
fn numbers_of_parcels_are_texts_and_dates_are_seconds() {
    let mut merchant = Merchant::open();
    merchant.send(&json!({
        "merchant_id": "a", "ordered_at": "1565601449",
        "fulfillments": [{
            "merchant_id": "f", "estimated_delivery_range_start": "2019-08-12T09:17:29+00:00",
            "trackers": [{ "tracking_number": 1_231_121_212, "expected_delivery_at": 1_565_601_449 }],
        }],
    }));
    let order = merchant.order("a");
    assert_eq!(order["ordered_at"], 1_565_601_449);
    let fulfillment = &order["fulfillments"]["data"][0];
    assert_eq!(fulfillment["estimated_delivery_range_start"], 1_565_601_449);
    let tracker = &fulfillment["trackers"]["data"][0];
    assert_eq!(tracker["tracking_number"], "1231121212");
    assert_eq!(tracker["displayable_expected_delivery_date"], "2019-08-12");
    assert_eq!(tracker["displayable_expected_delivery_kind"], "promise");
    // The same number as a text is the same parcel.
    merchant.send(&json!({
        "merchant_id": "a", "fulfillments": [{ "merchant_id": "f", "trackers": [{ "tracking_number": "1231121212" }] }],
    }));
    let trackers = &merchant.order("a")["fulfillments"]["data"][0]["trackers"]["data"];
    assert_eq!(trackers.as_array().unwrap().len(), 1);
    merchant.sent();
}

#[test]
fn json_that_is_no_object_lacks_its_id_and_other_bodies_are_no_json() {
    let mut merchant = Merchant::open();
    for (body, expected) in [
        ("", r#"{"errors":{"merchantId":"Required"}}"#),
        ("[1]", r#"{"errors":{"merchantId":"Required"}}"#),
        ("\u{feff}{}", r#"{"errors":{"merchantId":"Required"}}"#),
        ("{", r#"{"errors":{"details":"The request body is not valid JSON"}}"#),
        ("merchant_id=1", r#"{"errors":{"details":"The request body is not valid JSON"}}"#),
    ] {
        let request = Request::new(Method::Post, "/v2/orders").carrying("application/json", body);
        let reply = merchant.call(request);
        assert_eq!((reply.status, reply.text().as_str()), (400, expected), "{body}");
    }
}

#[test]
fn the_reading_of_a_call_names_what_nothing_reads() {
    let mut merchant = Merchant::open();
    merchant.send(&json!({
        "merchant_id": "a", "coupon": 1,
        "fulfillments": [{ "merchant_id": "f", "trackers": [{ "tracking_number": "JOURNEY08", "language_code": "" }] }],
    }));
    let takes =
        shipmock::internals::providers::service(shipmock::internals::providers::Name::Shipup)
            .routes()
            .into_iter()
            .find(|line| (line.method, line.path) == ("POST", "/v2/orders"))
            .unwrap()
            .takes;
    let entry = merchant.world.world.journal().newest().unwrap().to_entry();
    let reading = shipmock::internals::providers::Reading::of(&entry.request, takes);
    assert_eq!(reading.unread, ["body.coupon", "body.fulfillments[].trackers[].language_code"]);
    merchant.sent();
}
