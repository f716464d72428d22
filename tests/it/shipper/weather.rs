//! What happens to webhooks on their way.

use serde_json::{Value, json};
use shipmock::internals::policy::rule::Rule;
use shipmock::internals::providers::{Name, service};
use shipmock::internals::sim::webhook::outbox::{Delivery, DeliveryState, Outcome};
use shipmock::internals::world::World;

use super::shop::{Shop, WAITING, one_shirt};
use crate::harness::{Sent, seconds};

const HERE: &str = "https://shop.localhost:8443/hooks";
const THERE: &str = "https://other.localhost/hooks";
const SECRET: &str = "my-webhook-secret-key";
const SHIPMENT: &str = "webhook shipper shipment.status_changed";

/// A shop with one webhook in this weather.
fn in_weather(rules: Value) -> Shop {
    let mut shop = Shop::small();
    shop.webhook(HERE, Some(SECRET));
    install(&mut shop, rules);
    shop
}

fn install(shop: &mut Shop, rules: Value) {
    for rule in rules.as_array().unwrap() {
        let rule: Rule = serde_json::from_value(rule.clone()).unwrap();
        shop.world.install(rule).unwrap();
    }
}

/// What was told of shipments, and after how many seconds.
fn told(shop: &mut Shop, begin: jiff::Timestamp) -> Vec<(i64, String)> {
    let of_shipments = |sent: &Sent| sent.body.contains("shipment_uuid");
    let line = |sent: Sent| {
        (seconds(begin, sent.at), sent.json()["data"]["status"].as_str().unwrap().to_owned())
    };
    shop.sent().into_iter().filter(of_shipments).map(line).collect()
}

fn holds(shop: &Shop, id: &str) -> Option<bool> {
    let delivery = shop.world.outbox().find(id).unwrap();
    service(Name::Shipper).signature_holds(shop.world.providers(), delivery)
}

fn did(delivery: &Delivery) -> Vec<&str> {
    let weather = delivery.weather.as_ref();
    weather.map(|it| it.did.iter().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn what_is_overtaken_waits_for_the_next_and_not_for_ever() {
    let mut shop = in_weather(json!([
        { "on": SHIPMENT, "first": 2, "then": { "overtaken": { "by": 1, "within": "1h" } } },
    ]));
    let begin = shop.world.now();
    shop.walk("shipment", WAITING, "awaitingpickup");
    shop.advance("10m");
    assert_eq!(told(&mut shop, begin), []);
    // The second is kept back as well; the third overtakes them both.
    shop.walk("shipment", WAITING, "onitsway");
    shop.advance("10m");
    shop.walk("shipment", WAITING, "delivered");
    shop.advance("10m");
    let all: Vec<String> = told(&mut shop, begin).into_iter().map(|(_, status)| status).collect();
    assert_eq!(all, ["delivered", "awaitingpickup", "onitsway"]);

    let mut alone = in_weather(json!([
        { "on": SHIPMENT, "then": { "overtaken": { "within": "1h" } } },
        { "on": "webhook", "then": { "drop": true } },
    ]));
    alone.walk("shipment", WAITING, "awaitingpickup");
    alone.advance("2h");
    assert_eq!(told(&mut alone, begin), [(3_600, "awaitingpickup".to_owned())]);
    assert_eq!(alone.world.outbox().find("d2").unwrap().state(), DeliveryState::Dropped);
}

#[test]
fn what_is_kept_back_is_tried_again_from_when_it_went_out_and_not_after_its_webhook_is_deleted() {
    let late = json!([{ "on": SHIPMENT, "then": { "delay": "5m" } }]);
    let mut shop = in_weather(late.clone());
    shop.receiver = |post| {
        if post.body.text().contains("shipment_uuid") {
            Outcome::Answered(500)
        } else {
            Outcome::Answered(200)
        }
    };
    let begin = shop.world.now();
    shop.apply("shipment", WAITING, "pack");
    shop.settle();
    let at: Vec<i64> = told(&mut shop, begin).into_iter().map(|(at, _)| at).collect();
    assert_eq!(at, [300, 310, 410]);

    let mut deleted = in_weather(late);
    deleted.apply("shipment", WAITING, "pack");
    deleted.delete("/webhooks/1");
    deleted.advance("1h");
    assert_eq!(told(&mut deleted, begin), []);
    assert_eq!(deleted.world.outbox().find("d1").unwrap().state(), DeliveryState::Cancelled);
}

#[test]
fn copies_have_the_same_bytes_and_numbers_of_their_own() {
    let mut shop = in_weather(json!([
        { "on": SHIPMENT, "then": { "duplicate": { "copies": 2, "after": "1m" } } },
    ]));
    let begin = shop.world.now();
    shop.apply("shipment", WAITING, "pack");
    shop.advance("1h");
    let outbox = shop.world.outbox();
    let [first, second] = ["d1", "d3"].map(|id| outbox.find(id).unwrap());
    assert_eq!((&first.body, &first.headers), (&second.body, &second.headers));
    assert_eq!((did(first), did(second)[0]), (vec!["sent 3 times"], "copy of d1"));
    assert_eq!(holds(&shop, "d3"), Some(true));
    let at: Vec<i64> = told(&mut shop, begin).into_iter().map(|(at, _)| at).collect();
    assert_eq!(at, [0, 60, 120]);
}

#[test]
fn signatures_times_and_bodies_are_spoiled_as_asked_and_nothing_else() {
    let then = [
        json!({ "signature": "wrong" }),
        json!({ "signature": "missing" }),
        json!({ "stale": "10m" }),
        json!({ "stale": "1h", "signature": "wrong" }),
        json!({ "truncate": 30 }),
        json!({ "truncate": 100_000 }),
    ];
    let sent = |then: Option<&Value>| {
        let rules = then.map(|then| json!({ "on": SHIPMENT, "then": then }));
        let mut shop = in_weather(rules.into_iter().collect());
        shop.apply("shipment", WAITING, "pack");
        shop.deliver();
        shop.sent();
        let holds = holds(&shop, "d1");
        (shop.world.outbox().find("d1").unwrap().clone(), holds)
    };
    let (plain, _) = sent(None);
    let timestamp = |delivery: &Delivery| -> Value {
        let body: Value = serde_json::from_slice(&delivery.body).unwrap_or_default();
        body["timestamp"].clone()
    };
    let header = "X-Shipper-Signature";
    let all: Vec<(Delivery, Option<bool>)> = then.iter().map(|then| sent(Some(then))).collect();
    let [wrong, missing, stale, both, cut, whole] = all.try_into().unwrap();
    assert_eq!((&wrong.0.body, wrong.1), (&plain.body, Some(false)));
    assert_eq!(wrong.0.headers.get(header).unwrap().len(), 64);
    assert_eq!((&missing.0.body, missing.0.headers.get(header)), (&plain.body, None));
    assert_eq!((timestamp(&stale.0), stale.1), (json!("2026-05-14T08:50:00.000000Z"), Some(true)));
    // Nothing but the time is different.
    let back = plain.body.text().replace("T09:00:00.", "T08:50:00.");
    assert_eq!(stale.0.body.text(), back);
    assert_eq!((timestamp(&both.0), both.1), (json!("2026-05-14T08:00:00.000000Z"), Some(false)));
    assert_eq!((&*cut.0.body.text(), cut.1), (&plain.body.text()[..30], Some(false)));
    assert_eq!(cut.0.headers, plain.headers);
    assert_eq!((&whole.0.body, whole.1), (&plain.body, Some(true)));

    let mut unsigned = Shop::small();
    unsigned.webhook(HERE, None);
    install(&mut unsigned, json!([{ "on": SHIPMENT, "then": { "signature": "wrong" } }]));
    unsigned.apply("shipment", WAITING, "pack");
    unsigned.deliver();
    unsigned.sent();
    let delivery = unsigned.world.outbox().find("d1").unwrap();
    assert_eq!(did(delivery), ["not signed: no signature to spoil"]);
}

#[test]
fn a_weather_is_of_one_subscription_and_counts_what_it_is_about() {
    let mut shop = in_weather(json!([
        { "on": "webhook shipper", "when": { "subscription": 2, "url": THERE }, "every": 2, "then": { "drop": true } },
        { "on": "webhook", "when": { "headers": { "X-Shipper-Signature": { "present": false } } }, "times": 1, "then": { "delay": "1m" } },
        { "on": "shipper", "calls": [1000], "then": { "status": 503 } },
    ]));
    shop.webhook(THERE, None);
    shop.walk("shipment", WAITING, "delivered");
    shop.settle();
    shop.sent();
    let dropped = |delivery: &&Delivery| delivery.state() == DeliveryState::Dropped;
    let lost: Vec<&str> = shop
        .world
        .outbox()
        .deliveries()
        .filter(dropped)
        .map(|delivery| delivery.subscription.as_str())
        .collect();
    let counts: Vec<(u64, u64)> =
        shop.world.rules().iter().map(|rule| (rule.fitted, rule.used)).collect();
    // Three of shipments and three of orders.
    assert_eq!((lost.len(), counts[0], counts[1]), (3, (6, 3), (1, 1)));
    assert!(lost.iter().all(|subscription| *subscription == "2"), "{lost:?}");
    assert_eq!(counts[2].1, 0, "a rule of calls has nothing to do with webhooks");
}

#[test]
fn before_the_answer_is_for_what_a_call_causes() {
    let mut shop = in_weather(json!([
        { "name": "early", "on": "webhook", "then": { "before_answer": true, "duplicate": 1 } },
    ]));
    shop.apply("shipment", WAITING, "pack");
    assert_eq!(shop.world.take_attempts_before_reply(), []);
    shop.deliver();
    shop.sent();
    let id = shop.order(&one_shirt());
    shop.post(&format!("/orders/{id}/cancel"), &json!({}));
    let early = shop.world.take_attempts_before_reply();
    assert_eq!(early.len(), 2, "of the shipment and of the order, and not their copies");
    for post in early {
        shop.world.delivered(post.delivery, &Outcome::Answered(200));
    }
    shop.deliver();
    assert_eq!(shop.sent().len(), 2);
    let entry = shop.world.journal().newest().unwrap().to_entry();
    assert_eq!(entry.webhooks, [3, 5, 4, 6]);
    assert_eq!(shop.world.rules().iter().next().unwrap().fitted, 2);
}

#[test]
fn the_same_seed_gives_the_same_weather_and_a_forked_world_goes_on_alike() {
    let rules = json!([
        { "on": SHIPMENT, "percent": 50, "then": { "delay": { "log_normal": { "median": "10m", "spread": 0.5 } } } },
        { "on": "webhook", "percent": 30, "then": { "overtaken": 1, "duplicate": 1 } },
    ]);
    let begin = |seed: u64| {
        let orders =
            shipmock::internals::world::Orders { seed: Some(seed), ..crate::harness::orders() };
        let world = crate::harness::build("small", crate::harness::small(), orders);
        let mut shop = Shop::of(world);
        shop.webhook(HERE, Some(SECRET));
        install(&mut shop, rules.clone());
        for _ in 0..6 {
            shop.order(&one_shirt());
        }
        shop.advance("2d");
        shop
    };
    let end = |mut shop: Shop| {
        shop.settle();
        let sent = shop.sent();
        sent.iter().map(|sent| (sent.at, sent.body.clone())).collect::<Vec<_>>()
    };
    let one = begin(1);
    let fork = one.clone();
    let written = one.world.save();
    let mut read = one.clone();
    read.world = World::restore(written.as_bytes(), one.world.recipe()).unwrap();
    let told = end(one);
    assert_eq!(told, end(fork));
    assert_eq!(told, end(read), "what is kept back survives being written down");
    assert_eq!(told, end(begin(1)));
    assert_ne!(told, end(begin(2)));
}
