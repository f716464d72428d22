//! Batches and their limits; the bucket; the simple endpoint for trackers.

use serde_json::json;

use super::Merchant;
use crate::harness::Read as _;

#[test]
fn a_batch_holds_a_hundred_orders_and_a_call_a_thousand_trackers() {
    let mut merchant = Merchant::with(json!({ "journey": "waiting" }));
    let orders = |count: usize| {
        let order = |place| json!({ "merchant_id": format!("B{place}") });
        json!({ "orders": (0..count).map(order).collect::<Vec<_>>() })
    };
    assert_eq!(merchant.post("/v2/orders/batch_create", &orders(100)).status, 202);
    assert_eq!(merchant.post("/v2/orders/batch_create", &orders(101)).status, 400);
    assert_eq!(merchant.post("/v2/orders/batch_create", &orders(0)).status, 202);
    merchant.advance("2s");
    assert_eq!(merchant.get("/v2/orders/B99").status, 200);
    let trackers = |count: usize| {
        let row =
            |place| json!({ "order_number": "N", "tracking_number": format!("T-{place:06}") });
        json!({ "trackers": (0..count).map(row).collect::<Vec<_>>() })
    };
    assert_eq!(merchant.post("/v1/trackers", &trackers(1_000)).status, 201);
    assert_eq!(merchant.post("/v1/trackers", &trackers(1_001)).status, 400);
    merchant.sent();
}

#[test]
fn orders_of_a_batch_that_are_none_are_told_so_at_once() {
    let mut merchant = Merchant::open();
    for (body, expected) in [
        (json!({}), r#"{"errors":{"orders":"Required"}}"#),
        (json!({ "orders": null }), r#"{"errors":{"orders":"Required"}}"#),
        (
            json!({ "orders": {} }),
            r#"{"errors":{"orders":"Wrong data type: given, Hash ({}) expected: Array"}}"#,
        ),
        (
            json!({ "orders": [{}, 1] }),
            r#"{"errors":{"orders":{"1":"Wrong data type: given, Integer (1) expected: Hash"}}}"#,
        ),
    ] {
        let reply = merchant.post("/v2/orders/batch_create", &body);
        assert_eq!((reply.status, reply.text().as_str()), (400, expected));
    }
}

#[test]
fn a_job_lives_on_the_clock_and_can_be_hurried() {
    let mut merchant = Merchant::open();
    merchant.post("/v2/orders/batch_create", &json!({ "orders": [{ "merchant_id": "B" }] }));
    assert_eq!(merchant.state("job", "12456"), "queued");
    merchant.advance("1s");
    assert_eq!(merchant.state("job", "12456"), "processing");
    merchant.apply("job", "12456", "complete").unwrap();
    let job = merchant.get("/v2/jobs/12456").json();
    assert_eq!((&job["status"], &job["completed_at"]), (&json!("completed"), &job["processed_at"]));
    assert!(merchant.world.world.agenda().is_empty());
    assert_eq!(merchant.get("/v2/orders/B").status, 200);
    for missing in ["/v2/jobs/1", "/v2/jobs/x", "/v2/jobs/99999999999999999999"] {
        assert_eq!(merchant.get(missing).status, 404, "{missing}");
    }
}

#[test]
fn the_bucket_is_the_accounts_and_its_size_the_scenarios() {
    let limits = json!({ "limits": { "capacity": 3, "per_second": 1 } });
    let mut merchant = Merchant::with(limits);
    let used = |merchant: &mut Merchant| {
        let reply = merchant.get("/v2/orders");
        let header = |name: &str| reply.header(name).map(str::to_owned);
        (reply.status, header("X-Shipup-Api-Call-Limit").unwrap(), header("Retry-After"))
    };
    let told = |status: u16, used: &str, wait: Option<&str>| {
        (status, used.to_owned(), wait.map(str::to_owned))
    };
    assert_eq!(used(&mut merchant), told(200, "1/3", None));
    // A refused payload counts, and the public key counts against the same bucket.
    assert_eq!(
        merchant.post("/v2/orders", &json!({})).header("X-Shipup-Api-Call-Limit"),
        Some("2/3")
    );
    merchant.key = "YOUR_PUBLIC_KEY";
    assert_eq!(used(&mut merchant), told(403, "3/3", None));
    merchant.key = "YOUR_PRIVATE_KEY";
    assert_eq!(used(&mut merchant), told(429, "3/3", Some("1")));
    merchant.advance("1s");
    assert_eq!(used(&mut merchant), told(200, "3/3", None));
    let mut lifted = Merchant::with(json!({ "limits": { "lifted": true } }));
    let reply = lifted.get("/v2/orders");
    assert_eq!((reply.status, reply.header("X-Shipup-Api-Call-Limit")), (200, None));
}

#[test]
fn flat_trackers_know_nothing_of_the_orders_of_the_other_endpoint() {
    let mut merchant = Merchant::with(json!({ "journey": "waiting" }));
    merchant.send(&json!({
        "merchant_id": "O", "order_number": "N",
        "fulfillments": [{ "merchant_id": "F", "trackers": [{ "tracking_number": "T-00000001" }] }],
    }));
    let row = json!({ "trackers": [{ "order_number": "N", "tracking_number": "T-00000001", "mute_notifications": true }] });
    assert_eq!(merchant.post("/v1/trackers", &row).status, 201);
    assert_eq!(merchant.post("/v1/trackers", &row).status, 201);
    let list = merchant.get("/v2/trackers?tracking_number=T-00000001").json();
    let muted: Vec<bool> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["mute_notifications"] == true)
        .collect();
    assert_eq!(muted, [true, false]);
    assert_eq!(merchant.told(), ["tracker.new T-00000001", "tracker.new T-00000001"]);
}
