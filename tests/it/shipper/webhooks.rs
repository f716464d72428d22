//! Webhooks: registering, signing, sending, trying again, and giving up.

use hmac::{KeyInit as _, Mac as _};
use serde_json::{Value, json};
use shipmock::internals::providers::Name;
use shipmock::internals::sim::webhook::outbox::{DeliveryState, Outcome};

use super::shop::{Shop, WAITING, one_shirt};
use crate::harness::{Read as _, seconds};

/// A receiver that may be reached.
const HERE: &str = "https://shop.localhost:8443/hooks/shipper?store=1&city=B%C3%A9ja";
const SECRET: &str = "my-webhook-secret-key";

/// What a receiver computes over the raw body: not with the code under test.
fn signature(secret: &str, body: &str) -> String {
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the list says about a webhook.
fn listed(shop: &mut Shop, id: u64) -> Value {
    let list = shop.get("/webhooks").json();
    list.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone()
}

/// A shop with one webhook; packing order 554 then tells it two things.
fn listening(secret: Option<&str>) -> (Shop, u64) {
    let mut shop = Shop::small();
    let id = shop.webhook(HERE, secret);
    (shop, id)
}

/// (38)
#[test]
fn a_key_has_five_webhooks_and_the_sixth_is_refused() {
    let mut shop = Shop::small();
    for id in 1..=5 {
        assert_eq!(shop.webhook(HERE, None), id);
    }
    let body = json!({ "url": HERE, "events": ["order.status_changed"] });
    let refusal = json!({ "error": "You can register up to 5 webhooks per API key." });
    let reply = shop.post("/webhooks", &body);
    assert_eq!((reply.status, reply.json()), (422, refusal));
    // What is wrong with the body comes first.
    assert!(shop.post("/webhooks", &json!({})).json()["errors"].is_object());
    // Another key of the organization has five of its own, and a deleted one makes room.
    assert_eq!(shop.by("second_api_key").post("/webhooks", &body).status, 201);
    assert_eq!(shop.delete("/webhooks/3").status, 200);
    assert_eq!(shop.post("/webhooks", &body).json()["id"], 7);
    let ids: Vec<u64> = shop
        .get("/webhooks")
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [1, 2, 4, 5, 7]);
}

#[test]
fn a_webhook_belongs_to_its_key() {
    let (mut shop, id) = listening(None);
    let target = format!("/webhooks/{id}");
    for key in ["second_api_key", "other_organization_api_key"] {
        assert_eq!(shop.by(key).get("/webhooks").json(), json!([]));
        let reply = shop.by(key).delete(&target);
        let message = "No query results for model [App\\Models\\Webhook].";
        assert_eq!((reply.status, reply.json()), (404, json!({ "message": message })));
    }
    assert_eq!(shop.delete(&target).json(), json!({ "success": true }));
    assert_eq!(shop.delete(&target).status, 404);
    assert_eq!(shop.get("/webhooks").json(), json!([]));
}

#[test]
fn a_secret_is_never_told_again() {
    let (mut shop, id) = listening(Some(SECRET));
    let told = [shop.get("/webhooks").text(), shop.data("webhook", &id.to_string()).to_string()];
    assert!(told.iter().all(|text| !text.contains(SECRET)), "{told:?}");
    assert_eq!(shop.data("webhook", &id.to_string())["signed"], true);
    let keys: Vec<String> = listed(&mut shop, id).as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        ["id", "url", "events", "status", "last_triggered_at", "failure_count", "created_at"]
    );
    assert_eq!(listed(&mut shop, id)["last_triggered_at"], json!(null));
}

/// (33)
#[test]
fn the_signature_is_over_the_bytes_as_sent() {
    let (mut shop, _) = listening(Some(SECRET));
    shop.apply("shipment", WAITING, "pack");
    shop.deliver();
    let sent = shop.sent();
    assert_eq!(sent.len(), 2);
    for sent in &sent {
        assert_eq!(sent.headers.get("X-Shipper-Signature"), Some(&*signature(SECRET, &sent.body)));
        assert_eq!(sent.headers.get("Content-Type"), Some("application/json"));
        assert_eq!(sent.url, HERE);
        // Printed by somebody else it is another text, and with it another signature.
        let spaced = serde_json::to_string_pretty(&sent.json()).unwrap();
        assert_ne!(sent.headers.get("X-Shipper-Signature"), Some(&*signature(SECRET, &spaced)));
    }
}

/// (34)
#[test]
fn without_a_secret_there_is_no_signature() {
    let (mut shop, _) = listening(None);
    shop.apply("shipment", WAITING, "pack");
    shop.deliver();
    assert!(shop.sent().iter().all(|sent| sent.headers.get("X-Shipper-Signature").is_none()));
}

#[test]
fn the_shipment_is_told_before_its_order_and_only_what_changed() {
    let (mut shop, _) = listening(None);
    let told = |shop: &mut Shop, on: &str| -> Vec<String> {
        shop.apply("shipment", WAITING, on);
        shop.deliver();
        let line = |sent: &crate::harness::Sent| {
            let body = sent.json();
            let data = &body["data"];
            assert_eq!(
                (&body["timestamp"], &data["order_id"]),
                (&json!("2026-05-14T09:00:00.000000Z"), &json!(554))
            );
            format!(
                "{} {} > {}",
                body["event"].as_str().unwrap(),
                data["previous_status"],
                data["status"]
            )
        };
        shop.sent().iter().map(line).collect()
    };
    assert_eq!(
        told(&mut shop, "pack"),
        [
            r#"shipment.status_changed "awaitingpackaging" > "awaitingpickup""#,
            r#"order.status_changed "Pending" > "Fulfilled""#
        ]
    );
    assert_eq!(
        told(&mut shop, "ship"),
        [
            r#"shipment.status_changed "awaitingpickup" > "onitsway""#,
            r#"order.status_changed "Fulfilled" > "In Transit""#
        ]
    );
    // Scans change no status, so nobody hears of them.
    for on in ["travel", "fail_attempt", "hold"] {
        assert_eq!(told(&mut shop, on), [""; 0], "{on}");
    }
    assert_eq!(
        told(&mut shop, "deliver"),
        [
            r#"shipment.status_changed "onitsway" > "delivered""#,
            r#"order.status_changed "In Transit" > "Delivered""#
        ]
    );
    // Money moves the order alone.
    shop.apply("payment", WAITING, "settle");
    shop.deliver();
    let sent = shop.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].json()["data"],
        json!({ "order_id": 554, "status": "Paid", "previous_status": "Delivered" })
    );
}

#[test]
fn creating_tells_nobody_cancelling_tells_both_and_a_draft_that_is_sent_has_no_status_before() {
    let (mut shop, _) = listening(None);
    let mut body = one_shirt();
    let id = shop.order(&body);
    body["auto_fulfill"] = json!(false);
    let draft = shop.order(&body);
    shop.deliver();
    assert_eq!(shop.sent(), []);
    shop.post(&format!("/orders/{id}/cancel"), &json!({}));
    shop.deliver();
    let events: Vec<Value> =
        shop.sent().iter().map(|sent| sent.json()["data"]["status"].clone()).collect();
    assert_eq!(events, ["canceled", "Canceled"]);
    shop.apply("order", &draft.to_string(), "fulfill");
    shop.deliver();
    let sent = shop.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].json()["data"],
        json!({ "order_id": draft, "status": "Pending", "previous_status": null })
    );
}

#[test]
fn every_subscription_of_the_organization_is_told_what_it_asked_for() {
    let mut shop = Shop::small();
    let only = |event: &str, url: &str| json!({ "url": url, "events": [event] });
    shop.post("/webhooks", &only("order.status_changed", "https://orders.localhost/"));
    shop.by("second_api_key")
        .post("/webhooks", &only("shipment.status_changed", "https://shipments.localhost/"));
    shop.by("other_organization_api_key")
        .post("/webhooks", &only("order.status_changed", "https://other.localhost/"));
    // The same address twice is two deliveries.
    shop.by("second_api_key")
        .post("/webhooks", &only("shipment.status_changed", "https://shipments.localhost/"));
    shop.apply("shipment", WAITING, "pack");
    shop.deliver();
    let urls: Vec<String> = shop.sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(
        urls,
        [
            "https://shipments.localhost/",
            "https://shipments.localhost/",
            "https://orders.localhost/"
        ]
    );
    // A key that is switched off takes its subscriptions with it.
    shop.apply("key", "second_api_key", "disable");
    shop.apply("shipment", WAITING, "ship");
    shop.deliver();
    let urls: Vec<String> = shop.sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(urls, ["https://orders.localhost/"]);
}

/// (36)
#[test]
fn a_failure_is_tried_again_after_10_and_100_seconds_and_then_given_up() {
    for receiver in [
        (|_| Outcome::Answered(500)) as fn(&_) -> _,
        |_| Outcome::Answered(302),
        |_| Outcome::Answered(404),
        |_| Outcome::Failed("timed out after 3 s".to_owned()),
        |_| Outcome::Failed("the certificate is not trusted".to_owned()),
    ] {
        let (mut shop, id) = listening(Some(SECRET));
        shop.receiver = receiver;
        let promised = shop.world.now();
        shop.apply("shipment", WAITING, "pack");
        shop.deliver();
        assert_eq!(listed(&mut shop, id)["failure_count"], 2, "one for each event");
        shop.advance("9s");
        assert_eq!(shop.sent().len(), 2);
        shop.advance("1s");
        assert_eq!(listed(&mut shop, id)["last_triggered_at"], "2026-05-14T09:00:10.000000Z");
        shop.advance("99s");
        assert_eq!(shop.sent().len(), 2);
        shop.advance("1s");
        let sent = shop.sent();
        assert_eq!(sent.iter().map(|it| seconds(promised, it.at)).collect::<Vec<_>>(), [110, 110]);
        assert_eq!(listed(&mut shop, id)["failure_count"], 6);
        assert_eq!(listed(&mut shop, id)["last_triggered_at"], "2026-05-14T09:01:50.000000Z");
        assert_eq!(listed(&mut shop, id)["status"], "active");
        shop.settle();
        assert_eq!(shop.sent(), []);
        for delivery in shop.world.outbox().deliveries() {
            assert_eq!((delivery.state(), delivery.attempts.len()), (DeliveryState::Failed, 3));
        }
    }
}

/// (36)
#[test]
fn the_same_bytes_are_sent_at_every_try_and_a_success_forgets_the_failures() {
    let (mut shop, id) = listening(Some(SECRET));
    shop.receiver = |_| Outcome::Answered(503);
    shop.apply("shipment", WAITING, "pack");
    shop.deliver();
    let first = shop.sent();
    shop.receiver = |_| Outcome::Answered(204);
    shop.advance("10s");
    let second = shop.sent();
    let bytes = |sent: &[crate::harness::Sent]| -> Vec<_> {
        sent.iter().map(|it| (it.headers.clone(), it.body.clone())).collect()
    };
    assert_eq!(bytes(&first), bytes(&second));
    assert_eq!(listed(&mut shop, id)["failure_count"], 0);
    shop.settle();
    assert_eq!(shop.sent(), []);
}

/// (37)
#[test]
fn a_deleted_webhook_is_not_tried_again() {
    let (mut shop, id) = listening(None);
    shop.receiver = |_| Outcome::Answered(500);
    shop.apply("shipment", WAITING, "pack");
    shop.deliver();
    assert_eq!(shop.sent().len(), 2);
    shop.delete(&format!("/webhooks/{id}"));
    shop.settle();
    assert_eq!(shop.sent(), []);
    let states: Vec<DeliveryState> =
        shop.world.outbox().deliveries().map(|it| it.state()).collect();
    assert_eq!(states, [DeliveryState::Cancelled, DeliveryState::Cancelled]);
}

/// (37)
#[test]
fn a_webhook_deleted_while_a_post_is_on_its_way_hears_no_more() {
    let (mut shop, id) = listening(None);
    shop.apply("shipment", WAITING, "pack");
    let attempts = shop.world.take_attempts();
    assert_eq!(attempts.len(), 2);
    shop.delete(&format!("/webhooks/{id}"));
    for post in attempts {
        shop.world.delivered(post.delivery, &Outcome::Answered(500));
    }
    shop.settle();
    assert_eq!(shop.sent(), []);
}

#[test]
fn what_would_leave_the_machine_is_kept_in_the_ledger_instead() {
    let mut shop = Shop::small();
    let id = shop.webhook("https://mystore.com/webhooks/shipper", Some(SECRET));
    shop.apply("shipment", WAITING, "pack");
    assert!(!shop.world.outbox().has_ready_attempts());
    for delivery in shop.world.outbox().deliveries() {
        assert_eq!(delivery.state(), DeliveryState::Captured);
        let body = delivery.body.text();
        assert_eq!(delivery.headers.get("X-Shipper-Signature"), Some(&*signature(SECRET, &body)));
        assert!(
            delivery.attempts[0].error.as_ref().unwrap().contains("--webhook-allow mystore.com")
        );
    }
    assert_eq!(listed(&mut shop, id)["failure_count"], 0);
    assert_eq!(shop.settle(), []);
}

/// (35)
#[test]
fn a_delivery_can_be_sent_twice() {
    let (mut shop, _) = listening(None);
    shop.apply("shipment", WAITING, "pack");
    shop.deliver();
    let first = shop.sent();
    shop.world.redeliver("d1").unwrap();
    shop.deliver();
    let again = shop.sent();
    assert_eq!((again.len(), &again[0].body), (1, &first[0].body));
    assert!(shop.world.redeliver("d9").is_none());
}

#[test]
fn a_scenario_can_switch_a_webhook_off_after_so_many_failures() {
    let mut shop = Shop::switched(|switches| switches.disable_webhook_after = 3);
    let id = shop.webhook(HERE, None);
    shop.receiver = |_| Outcome::Answered(500);
    shop.apply("shipment", WAITING, "pack");
    shop.advance("10s");
    assert_eq!(listed(&mut shop, id)["status"], "disabled");
    let tries = shop.sent().len();
    assert!((3..=4).contains(&tries), "{tries}");
    shop.apply("shipment", WAITING, "ship");
    shop.settle();
    assert_eq!(shop.sent(), []);
    shop.apply("webhook", &id.to_string(), "enable");
    shop.receiver = |_| Outcome::Answered(200);
    shop.apply("shipment", WAITING, "deliver");
    shop.deliver();
    assert_eq!(shop.sent().len(), 2);
    assert_eq!(listed(&mut shop, id)["failure_count"], 0);
}

#[test]
fn a_webhook_that_is_not_there_can_neither_be_moved_nor_looked_at() {
    let mut shop = Shop::small();
    assert!(shop.world.apply(Name::Shipper, "webhook", "9", "disable").is_err());
    let service = shipmock::internals::providers::service(Name::Shipper);
    assert!(service.kind("webhook").unwrap().detail(shop.world.providers(), "9").is_err());
}
