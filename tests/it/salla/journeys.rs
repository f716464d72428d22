//! What couriers do by themselves.

use std::fmt::Write as _;

use serde_json::{Value, json};
use shipmock::internals::providers::{Name, service};

use super::{Client, STORE};
use crate::harness::Read as _;

/// Every journey by the number that chooses it, as its tracking history tells it.
#[test]
fn every_journey_is_written_down() {
    let mut client = Client::open();
    let presets = service(Name::Salla).presets(client.world.world.providers());
    let phones: Vec<_> = presets.magic.iter().filter(|it| it.field == "ship_to.phone").collect();
    let mut ids = Vec::new();
    for magic in &phones {
        let to = json!({ "name": "A", "phone": magic.value });
        ids.push((client.make(json!({ "ship_to": to })), magic.effect.clone()));
    }
    client.settle();
    let mut story = String::new();
    for (id, effect) in ids {
        let _ = writeln!(story, "# {effect}");
        let tracking = client.get(&format!("/shipments/{id}/tracking")).json()["data"].clone();
        for it in tracking["history"].as_array().unwrap().iter().rev() {
            let _ = writeln!(
                story,
                "{} {}",
                it["create_at"]["date"].as_str().unwrap(),
                it["status"].as_str().unwrap()
            );
        }
    }
    snapshot!("journeys", "salla", story);
}

#[test]
fn the_number_counts_more_than_the_scenario_and_the_scenario_more_than_the_courier() {
    let journey = |client: &Client, id: u64| client.detail("shipment", id).data["journey"].clone();
    let fetcher = json!({ "courier_id": 1_764_372_897 });
    let numbered = json!({ "courier_id": 1_764_372_897, "ship_to": { "name": "A", "phone": "+966 50 000 0008" } });
    let mut client = Client::open();
    let id = client.make(fetcher.clone());
    assert_eq!(journey(&client, id), "lost");
    let id = client.make(numbered.clone());
    assert_eq!(journey(&client, id), "damaged");
    let mut client = Client::with(json!({ "journey": "same_day" }));
    let id = client.make(fetcher);
    assert_eq!(journey(&client, id), "same_day");
    let id = client.make(numbered);
    assert_eq!(journey(&client, id), "damaged");
    client.patch("shipment", id, json!({ "journey": "delivered" }));
    client.settle();
    assert_eq!(client.state(id), "delivered");
}

#[test]
fn a_courier_that_calls_itself_ends_the_journey() {
    let mut client = Client::open();
    let id = client.make(json!({ "courier_id": 1_723_506_348 }));
    let body = json!({ "shipment_number": "1", "status": "created" });
    client.put_to(shipmock::internals::message::Method::Put, &format!("/shipments/{id}"), &body);
    assert!(client.settle().is_empty());
    assert_eq!(client.state(id), "created");
}

#[test]
fn the_courier_gives_numbers_and_a_label_that_can_be_fetched() {
    let mut client = Client::open();
    let id = client.make(json!({ "courier_id": 1_723_506_348 }));
    client.advance("10m");
    let data = client.get(&format!("/shipments/{id}")).json()["data"].clone();
    let number = data["tracking_number"].as_str().unwrap().to_owned();
    assert!(number.starts_with("29") && number.len() == 12, "{number}");
    assert_eq!(data["shipping_number"], data["tracking_number"]);
    assert!(data["tracking_link"].as_str().unwrap().ends_with(&number));
    let url = data["label"]["url"].as_str().unwrap().to_owned();
    // Nobody has to show a token: the name of the file is not to be guessed.
    let request =
        shipmock::internals::message::Request::new(shipmock::internals::message::Method::Get, &url);
    let label = client.send(request);
    assert_eq!((label.status, label.header("content-type")), (200, Some("application/pdf")));
    let pages = crate::pdf::pages(&label.body);
    assert_eq!(pages.len(), 1);
    assert!(pages[0].codes.contains(&number), "{:?}", pages[0].codes);
    for part in ["SMSA", "Mohammed Khalid", "10.70 SAR", "95128"] {
        assert!(pages[0].text().contains(part), "{part} in {}", pages[0].text());
    }
    let request = shipmock::internals::message::Request::new(
        shipmock::internals::message::Method::Get,
        "/shipping-policy/1-x.pdf",
    );
    assert_eq!(client.send(request).status, 404);
}

/// What a shipment with some fields of its own is on.
fn journey(client: &mut Client, changes: Value) -> Value {
    let id = client.make(changes);
    client.detail("shipment", id).data["journey"].clone()
}

#[test]
fn a_written_journey_is_chosen_by_what_the_request_says_before_the_built_in_numbers() {
    let mut client = Client::with(json!({
        "journeys": { "mine": [{ "on": "accept", "after": "1h" }], "other": [{ "on": "cancel" }] },
        "choose": [
            { "when": { "phone": "966500000007" }, "journey": "mine" },
            { "when": { "courier": "armx" }, "journey": "other" },
            { "when": { "courier": "989286562" }, "journey": "mine" },
            { "when": { "country": "KW", "payment": "cod" }, "journey": "usual" },
            { "when": { "type": "return" }, "journey": "mine" },
            { "when": { "reference": { "matches": "^77" } }, "weights": { "lost": 1 } },
            { "weights": { "other": 1 } },
        ],
    }));
    let to = |phone: &str| json!({ "name": "A", "phone": phone });
    for (changes, expected) in [
        (json!({ "courier_id": 814_202_285, "ship_to": to("+966 50 000 0007") }), "mine"),
        (json!({ "courier_id": 814_202_285, "ship_to": to("00966500000008") }), "damaged"),
        (json!({ "courier_id": 989_286_562 }), "other"),
        (
            json!({ "courier_id": 1_130_931_637, "payment_method": "cod",
            "cash_on_delivery": { "amount": 1, "currency": "SAR" },
            "ship_to": { "name": "A", "phone": "1", "country": "KW" } }),
            "same_day",
        ),
        (json!({ "courier_id": 814_202_285, "order_id": 7_700 }), "lost"),
        (json!({ "courier_id": 814_202_285 }), "other"),
    ] {
        assert_eq!(journey(&mut client, changes.clone()), expected, "{changes}");
    }
    let magic = service(Name::Salla).presets(client.world.world.providers()).magic;
    let own: Vec<(&str, &str, &str)> = magic
        .iter()
        .skip(11 + 11)
        .map(|it| (it.field.as_str(), it.value.as_str(), it.effect.as_str()))
        .collect();
    assert_eq!(own[0], ("ship_to.phone", "966500000007", "journey mine: accept"));
    assert_eq!(
        own[3],
        ("ship_to.country and payment_method", "KW and cod", "journey usual: the usual one")
    );
    assert_eq!(own[5], ("order_id", "something like \"^77\"", "a journey by weight: lost 1"));
    assert_eq!(own.len(), 6);
}

#[test]
fn what_happens_in_one_breath_is_told_once() {
    let mut client = Client::with(json!({
        "journeys": { "mine": [{ "on": ["accept", "process", "ship"], "after": "1h" }, { "on": ["travel", "dispatch"], "after": "1h" }] },
        "journey": "mine",
        "stores": [{ "id": STORE, "webhooks": [
            { "event": "shipment.created", "url": "https://shop.localhost/a" },
            { "event": "shipment.updated", "url": "https://shop.localhost/a" },
        ] }],
    }));
    let id = client.make(json!({ "courier_id": 1_723_506_348 }));
    let told = |client: &mut Client| -> Vec<Value> {
        client.advance("1h");
        client.deliver();
        client.sent().iter().map(|sent| sent.json()["event"].clone()).collect()
    };
    assert_eq!(told(&mut client), ["shipment.created"]);
    assert_eq!(client.state(id), "shipped");
    assert_eq!(told(&mut client), ["shipment.updated"]);
    assert_eq!(client.state(id), "delivering");
    let refused = json!({ "journey": "cancelled" });
    let refused = client.world.world.patch(
        Name::Salla,
        "shipment",
        &id.to_string(),
        refused.as_object().unwrap(),
    );
    let told = refused.unwrap_err().to_string();
    assert!(told.starts_with("the journey `cancelled` cannot start with shipment delivering; those that can: `delivered`"), "{told}");
}
