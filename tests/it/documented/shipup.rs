//! Every example of the documentation, and of the public pages around it, in their order.

use serde_json::{Value, json};
use shipmock::internals::message::Evidence;
use shipmock::internals::providers::Name;

use super::assert_shape;
use crate::harness::{Read as _, TestWorld};
use crate::shipup::Merchant;

/// Documentation, "Request payload": the valid sample.
pub const VALID: &str = r#"{
    "merchant_id": "O_MER_TEST5",
    "order_number": "O_N_TEST5",
    "fulfillments": [
        {
            "merchant_id": "MY_FULFILLMENT_ID",
            "shipping_address": { "address1": "123 road street", "city": "City", "zip": "12345", "country": "Country" },
            "warehouse_merchant_id": "location_1",
            "trackers": [
                {
                    "tracking_number": "1231121212",
                    "line_items": [
                        { "merchant_id": "MY_SHIPPED_PRODUCT_ID_1", "description": "Product Description", "title": "Product name" }
                    ]
                },
                {
                    "tracking_number": "12341121212",
                    "line_items": [
                        { "merchant_id": "MY_SHIPPED_PRODUCT_ID_2", "title": "Product name 2", "variant_title": "Product variant name (Blue)" }
                    ]
                }
            ],
            "line_items": [{ "merchant_id": "MY_UNSHIPPED_PRODUCT_ID" }]
        }
    ]
}"#;

/// The same place: the invalid sample.
const INVALID: &str = r#"{
    "merchant_id": "O_MER_TEST5",
    "order_number": "O_N_TEST5",
    "fulfillments": [
        {
            "merchant_id": "MY_FULFILLMENT_ID",
            "shipping_address": { "address1": "123 road street", "city": "City", "zip": "12345", "country": {} },
            "trackers": [
                {
                    "tracking_number": "1231121212",
                    "line_items": [
                        { "merchant_id": "MY_SHIPPED_PRODUCT_ID_1", "description": "Product Description", "title": "Product name" }
                    ]
                },
                {
                    "tracking_number": true,
                    "line_items": [{ "title": "Product name 2", "variant_title": "Product variant name (Blue)" }]
                }
            ],
            "line_items": [{ "merchant_id": "MY_UNSHIPPED_PRODUCT_ID", "canceled": "true" }]
        }
    ]
}"#;

/// What it is answered, as it is printed.
const ERRORS: &str = r#"{
    "errors": {
        "fulfillments": {
            "0": {
                "country": "Wrong data type: given, Hash ({}) expected: String",
                "trackers": {
                    "1": {
                        "tracking_number": "Wrong data type: given, TrueClass (true) expected: String or Numeric",
                        "line_items": { "0": { "merchant_id": "Required" } }
                    }
                },
                "line_items": {
                    "0": { "canceled": "Wrong data type: given, String (true) expected: TrueClass or FalseClass" }
                }
            }
        }
    }
}"#;

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_valid_sample_is_a_201_without_a_body_and_everything_is_where_it_was_put() {
    let mut merchant = Merchant::open();
    let reply = merchant.post("/v2/orders", &read(VALID));
    assert_eq!((reply.status, reply.text().as_str()), (201, ""));
    assert_eq!(reply.evidence, Evidence::Documented);
    let order = merchant.order("O_MER_TEST5");
    let fulfillment = &order["fulfillments"]["data"][0];
    assert_eq!(fulfillment["status_code"], "partially_shipped");
    assert_eq!(fulfillment["warehouse_merchant_id"], "location_1");
    assert_eq!(fulfillment["shipping_address"]["country"], "Country");
    let ids = |list: &Value| -> Vec<Value> {
        list["data"].as_array().unwrap().iter().map(|it| it["merchant_id"].clone()).collect()
    };
    assert_eq!(ids(&order["line_items"]), Vec::<Value>::new());
    assert_eq!(ids(&fulfillment["line_items"]), ["MY_UNSHIPPED_PRODUCT_ID"]);
    let trackers = fulfillment["trackers"]["data"].as_array().unwrap();
    let found: Vec<_> =
        trackers.iter().map(|it| (it["tracking_number"].clone(), ids(&it["line_items"]))).collect();
    assert_eq!(
        found,
        [
            (json!("1231121212"), vec![json!("MY_SHIPPED_PRODUCT_ID_1")]),
            (json!("12341121212"), vec![json!("MY_SHIPPED_PRODUCT_ID_2")]),
        ]
    );
    assert_eq!(
        trackers[1]["line_items"]["data"][0]["variant_title"],
        "Product variant name (Blue)"
    );
    merchant.sent();
}

#[test]
fn the_invalid_sample_is_the_printed_400_to_the_byte_and_changes_nothing() {
    let mut merchant = Merchant::open();
    let before = merchant.world.holdings();
    let reply = merchant.post("/v2/orders", &read(INVALID));
    assert_eq!((reply.status, reply.text()), (400, read(ERRORS).to_string()));
    assert_eq!(reply.evidence, Evidence::Documented);
    assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    assert!(before == merchant.world.holdings());
    let why = reply.explanation.unwrap();
    assert!(why.starts_with("4 fields are wrong"), "{why}");
}

/// Public page "Batch create or update orders".
#[test]
fn the_sample_of_a_batch_gives_the_printed_results() {
    let mut merchant = Merchant::open();
    let address = |country: Value| json!({ "address1": "123 road street", "city": "City", "zip": "12345", "country": country });
    let fulfillment = |country: Value, item: Value| json!([{ "merchant_id": "MY_FULFILLMENT_ID", "shipping_address": address(country), "line_items": [item] }]);
    let body = json!({ "orders": [
        {
            "merchant_id": "ORDER_MERCHANT_ID_SUCCESS", "order_number": "O_N_TEST5",
            "fulfillments": fulfillment(json!("Country"), json!({ "merchant_id": "MY_UNSHIPPED_PRODUCT_ID" })),
            "order_details": { "currency_code": "EUR", "total_order_price_excl_tax_amount": "41.67" },
        },
        {
            "order_number": "ORDER_NUMBER_FAILED",
            "fulfillments": fulfillment(json!({}), json!({ "merchant_id": "MY_UNSHIPPED_PRODUCT_ID", "canceled": "true" })),
        },
    ] });
    let reply = merchant.post("/v2/orders/batch_create", &body);
    assert_eq!((reply.status, reply.text().as_str()), (202, r#"{"job_id":12456}"#));
    assert_eq!(reply.header("location"), Some("/v2/jobs/12456"));
    merchant.advance("2s");
    let job = merchant.get("/v2/jobs/12456");
    let printed = json!([
        { "status": 201, "body": { "merchant_id": "ORDER_MERCHANT_ID_SUCCESS" } },
        { "status": 400, "body": {
            "merchant_id": null,
            "errors": {
                "merchantId": "Required",
                "fulfillments": { "0": {
                    "country": "Wrong data type: given, Hash ({}) expected: String",
                    "line_items": { "0": {
                        "canceled": "Wrong data type: given, String (true) expected: TrueClass or FalseClass",
                    } },
                } },
            },
        } },
    ]);
    assert_eq!(job.json()["results"].to_string(), printed.to_string());
    assert_shape(
        &job,
        200,
        r#"{"id":123456,"status":"completed","queued_at":1530183480,"processed_at":1530183900,
            "completed_at":1530185000,"results":[{"status":200,"body":{"merchant_id":"..."}},
            {"status":400,"body":{"merchant_id":null,"errors":"..."}}],
            "payload":{"method":"POST","url":"https://api.shipup.co/v2/SOMETHING","body":"..."}}"#,
    );
    assert_eq!(job.json()["payload"]["body"], body);
}

/// Public pages "Order API resource", "GET /v2/orders": the keys of the samples, in their order.
#[test]
fn an_order_has_the_shape_of_the_public_sample() {
    let mut merchant = Merchant::open();
    merchant.post("/v2/orders", &read(VALID));
    let reply = merchant.get("/v2/orders?order_number=O_N_TEST5");
    assert_shape(
        &reply,
        200,
        r#"{"object":"list","has_more":false,"data":[{"object":"order","id":41477,"canceled":false,"created_at":1565596800,
            "custom_variables":null,"email":null,"first_name":null,"language_code":"en","last_name":null,
            "merchant_id":"ZMEN20579494985","mute_notifications":false,"order_number":"ZMEN20579494985","ordered_at":null,
            "phone":null,"updated_at":1565596800,"uuid":"af50f332-f5b0-429b-b1ff-726ea3f050be",
            "fulfillments":{"object":"list","data":[{"object":"fulfillment","id":42916}]},
            "line_items":{"object":"list","data":[]},"notifications":{"object":"list","data":[]},
            "shipping_address":null}]}"#,
    );
    let whole = merchant.get(&format!(
        "/v2/orders?order_number=O_N_TEST5{}",
        "&expand[]=shipping_address&expand[]=line_items&expand[]=notifications.notification_payloads\
         &expand[]=notifications.notification_type&expand[]=fulfillments.trackers.line_items\
         &expand[]=fulfillments.trackers.events.address&expand[]=fulfillments.trackers.carrier\
         &expand[]=fulfillments.shipping_address&expand[]=fulfillments.line_items"
    ));
    snapshot!("documented", "shipup-order", serde_json::to_string_pretty(&whole.json()).unwrap());
    merchant.sent();
}

/// Public pages "Tracker API resource", "GET /v2/trackers", with the sample's expansions.
#[test]
fn a_tracker_has_the_shape_of_the_public_sample() {
    let mut merchant = Merchant::open();
    merchant.post("/v2/orders", &read(VALID));
    merchant.advance("5d");
    let reply = merchant.get("/v2/trackers?tracking_number=12341121212");
    assert_shape(
        &reply,
        200,
        r#"{"object":"list","has_more":false,"data":[{"object":"tracker","id":37371,"created_at":1565596800,
            "custom_variables":null,"delivered_at":1565596800,"delivery_status_code":"transit",
            "displayable_expected_delivery_date":null,"displayable_expected_delivery_datetime":null,
            "displayable_expected_delivery_kind":null,"first_delivery_attempted_at":1565596800,"mute_notifications":false,
            "shipped_at":1565596800,"tracking_link":"https://...","tracking_number":"UJ1CM9T6YP0IWUB",
            "untracked_carrier_name":null,"untracked_carrier_url":null,"updated_at":1565596800,
            "uuid":"8bb7fdf1-b714-429e-9bb9-84c360705d0c","carrier":{"object":"carrier","code":"lasership"},
            "carrier_service":null,"events":{"object":"list","data":[{"object":"event","id":775}]},
            "fulfillment":{"object":"fulfillment","id":42916},
            "line_items":{"object":"list","data":[{"object":"line_item","id":8793}]},
            "notifications":{"object":"list","data":[{"object":"notification","id":34768}]}}]}"#,
    );
    let whole = merchant.get(
        "/v2/trackers?tracking_number=12341121212&expand[]=fulfillment.order.shipping_address\
         &expand[]=fulfillment.order.line_items&expand[]=fulfillment.shipping_address\
         &expand[]=fulfillment.line_items&expand[]=events.address&expand[]=line_items&expand[]=carrier\
         &expand[]=notifications.notification_payloads&expand[]=notifications.notification_type",
    );
    snapshot!("documented", "shipup-tracker", serde_json::to_string_pretty(&whole.json()).unwrap());
    merchant.sent();
}

/// Public pages "tracker.new" and "tracker.events.new": the keys of the samples, in their order as far as they are known.
#[test]
fn webhooks_have_the_shape_of_the_public_samples() {
    let mut merchant = Merchant::open();
    merchant.post("/v2/orders", &read(VALID));
    merchant.advance("5d");
    let sent = merchant.sent();
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    for sent in &sent {
        let body = sent.json();
        assert_eq!(
            keys(&body),
            [
                "id",
                "created_at",
                "livemode",
                "object",
                "type",
                "retry_count",
                "webhook_setting_id",
                "data"
            ]
        );
        assert_eq!(keys(&body["data"]), ["object", "reason"]);
        assert_eq!((&body["livemode"], &body["retry_count"]), (&json!(true), &json!(0)));
        assert_eq!(body["webhook_setting_id"], 335_777);
        let header = sent.headers.get("Authorization");
        assert_eq!(header, Some("Basic c2hpcHVwOm15LXdlYmhvb2stcGFzc3dvcmQ="));
    }
    let first = sent[0].json();
    assert_eq!(
        keys(&first["data"]["object"])[..18],
        [
            "id",
            "object",
            "carrier",
            "carrier_service",
            "carrier_code",
            "carrier_tracking_url",
            "created_at",
            "custom_variables",
            "delivered_at",
            "delivery_status_code",
            "shipped_at",
            "first_delivery_attempted_at",
            "displayable_expected_delivery_date",
            "displayable_expected_delivery_datetime",
            "displayable_expected_delivery_kind",
            "tracking_number",
            "uuid",
            "fulfillment",
        ]
    );
    let fulfillment = &first["data"]["object"]["fulfillment"];
    assert_eq!(
        keys(&fulfillment["order"]),
        [
            "id",
            "object",
            "order_number",
            "merchant_id",
            "email",
            "phone",
            "uuid",
            "ordered_at",
            "custom_variables"
        ]
    );
    let kinds: Vec<String> =
        sent.iter().map(|sent| sent.json()["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds[..2], ["tracker.new", "tracker.new"]);
    let last = sent.iter().rev().find(|it| it.json()["type"] == "tracker.events.new").unwrap();
    let bodies = [first, last.json()].map(|body| serde_json::to_string_pretty(&body).unwrap());
    snapshot!("documented", "shipup-webhooks", bodies.join("\n\n"));
}

/// The account of the default scenario: its key both ways, and an order to look at.
#[test]
fn the_default_account_is_there_and_alive() {
    let mut world = TestWorld::open("default");
    for key in ["Bearer YOUR_PRIVATE_KEY", "YOUR_PRIVATE_KEY"] {
        let request = shipmock::internals::message::Request::new(
            shipmock::internals::message::Method::Get,
            "/v2/orders?limit=100",
        )
        .with("authorization", key);
        let reply = world.call(Name::Shipup, request);
        assert_eq!(reply.status, 200);
        let orders = reply.json()["data"].as_array().unwrap().len();
        assert_eq!(orders, 41);
    }
    for (name, value) in [
        ("api_key", "YOUR_PRIVATE_KEY"),
        ("public_key", "YOUR_PUBLIC_KEY"),
        ("other_api_key", "other-private-key"),
    ] {
        assert_eq!(world.credential(Name::Shipup, name), value);
    }
}
