//! Webhooks: who hears, how often it is tried, how an address is saved.

use serde_json::{Value, json};
use shipmock::internals::sim::webhook::outbox::{DeliveryState, Outcome};

use super::Merchant;
use crate::harness::seconds;

fn parcel(number: &str) -> Value {
    json!({ "merchant_id": "O", "fulfillments": [{ "merchant_id": "F", "trackers": [{ "tracking_number": number }] }] })
}

#[test]
fn a_webhook_is_tried_again_five_times_each_wait_twice_the_one_before() {
    let mut merchant = Merchant::with(json!({ "journey": "waiting" }));
    merchant.world.receiver = |_| Outcome::Failed("timed out after 10 s".to_owned());
    merchant.send(&parcel("T-00000001"));
    merchant.advance("2h");
    let sent = merchant.sent();
    let told: Vec<(i64, Value)> = sent
        .iter()
        .map(|it| (seconds(sent[0].at, it.at), it.json()["retry_count"].clone()))
        .collect();
    let expected: Vec<(i64, Value)> =
        [0, 60, 180, 420, 900, 1_860].into_iter().zip((0..).map(Value::from)).collect();
    assert_eq!(told, expected);
    let bodies: Vec<String> = sent
        .iter()
        .enumerate()
        .map(|(tried, it)| {
            it.body.replacen(&format!("\"retry_count\":{tried}"), "\"retry_count\":0", 1)
        })
        .collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "only the count differs");
    let ledger = merchant.world.world.outbox();
    let delivery = ledger.deliveries().next().unwrap();
    assert_eq!((delivery.state(), delivery.attempts.len()), (DeliveryState::Failed, 6));
    assert_eq!(delivery.retry.timeout.as_secs(), 10);
}

#[test]
fn waits_are_the_scenarios() {
    let mut merchant = Merchant::with(json!({ "journey": "waiting", "webhook_waits": ["10s"] }));
    merchant.world.receiver = |_| Outcome::Answered(304);
    merchant.send(&parcel("T-00000001"));
    merchant.advance("1h");
    assert_eq!(merchant.sent().len(), 2);
}

#[test]
fn a_setting_hears_what_it_asked_for_and_an_account_only_of_its_own() {
    let hooks = json!([
        { "url": "https://a.example/new", "events": ["tracker.new"] },
        { "url": "https://a.example/off", "active": false },
    ]);
    let mut merchant = Merchant::with(json!({ "journey": "waiting", "accounts": [
        { "webhooks": hooks }, { "name": "other", "webhooks": [{ "url": "https://b.example/all" }] },
    ] }));
    let ids: Vec<String> = ["335777", "335779"]
        .into_iter()
        .map(|id| merchant.detail("webhook_setting", id).data["url"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["https://a.example/new", "https://b.example/all"]);
    merchant.send(&parcel("T-00000001"));
    merchant.apply("tracker", "T-00000001", "transit").unwrap();
    let urls: Vec<String> = merchant.sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(urls, ["https://a.example/new"]);
    merchant.key = "other-private-key";
    merchant.send(&parcel("T-00000001"));
    let sent = merchant.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].headers.get("Authorization"), None);
    let topics = json!({ "events": ["tracker.new", "tracker.gone"] });
    let wrong = merchant.patch("webhook_setting", "335777", topics).unwrap_err().to_string();
    assert!(wrong.contains("tracker.events.new"), "{wrong}");
}

#[test]
fn an_address_is_saved_when_its_test_is_answered_with_200() {
    let url =
        |merchant: &Merchant| merchant.detail("webhook_setting", "335777").data["url"].clone();
    for (status, saved) in [(200, true), (204, false), (302, false), (500, false)] {
        let mut merchant = Merchant::with(json!({ "journey": "waiting" }));
        merchant.world.receiver = match status {
            200 => |_| Outcome::Answered(200),
            204 => |_| Outcome::Answered(204),
            302 => |_| Outcome::Answered(302),
            _ => |_| Outcome::Answered(500),
        };
        let before = url(&merchant);
        let fields =
            json!({ "url": "https://mystore.com/b", "username": "me", "password": "it's me" });
        merchant.patch("webhook_setting", "335777", fields).unwrap();
        // Until it is saved, the old one holds.
        assert_eq!(url(&merchant), before);
        assert_eq!(
            merchant.detail("webhook_setting", "335777").data["pending_url"],
            "https://mystore.com/b"
        );
        merchant.advance("1d");
        let sent = merchant.sent();
        assert_eq!(sent.len(), 1, "{status}: it is tried once");
        assert_eq!(
            (sent[0].url.as_str(), sent[0].body.as_str()),
            ("https://mystore.com/b", r#"{"livemode":"false"}"#)
        );
        assert_eq!(sent[0].headers.get("Authorization"), Some("Basic bWU6aXQncyBtZQ=="));
        let data = merchant.detail("webhook_setting", "335777").data;
        assert_eq!(data["pending_url"], Value::Null);
        assert_eq!(data["url"] == "https://mystore.com/b", saved, "{status}");
        assert_eq!(data["username"], if saved { "me" } else { "shipup" });
    }
}

#[test]
fn name_and_password_go_together_and_an_address_is_one() {
    let mut merchant = Merchant::open();
    for fields in [
        json!({ "username": null }),
        json!({ "url": "ftp://x" }),
        json!({ "active": 1 }),
        json!({ "url": 1 }),
    ] {
        let before = merchant.world.holdings();
        assert!(merchant.patch("webhook_setting", "335777", fields.clone()).is_err(), "{fields}");
        assert!(before == merchant.world.holdings(), "{fields}");
    }
}
