//! What couriers do by themselves.

use std::fmt::Write as _;

use serde_json::json;
use shipmock::providers::{Name, service};

use super::Client;
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
    client.put_to(shipmock::message::Method::Put, &format!("/shipments/{id}"), &body);
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
    let request = shipmock::message::Request::new(shipmock::message::Method::Get, &url);
    let label = client.send(request);
    assert_eq!((label.status, label.header("content-type")), (200, Some("application/pdf")));
    let pages = crate::pdf::pages(&label.body);
    assert_eq!(pages.len(), 1);
    assert!(pages[0].codes.contains(&number), "{:?}", pages[0].codes);
    for part in ["SMSA", "Mohammed Khalid", "10.70 SAR", "95128"] {
        assert!(pages[0].text().contains(part), "{part} in {}", pages[0].text());
    }
    let request =
        shipmock::message::Request::new(shipmock::message::Method::Get, "/shipping-policy/1-x.pdf");
    assert_eq!(client.send(request).status, 404);
}
