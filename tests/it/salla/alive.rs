//! The default store as it is served: what was printed long ago, and what is on its way now.

use std::collections::BTreeSet;

use shipmock::internals::providers::{Name, service};
use shipmock::internals::world::Setup;

use super::{Client, alive_setup, build};

fn statuses(client: &mut Client) -> BTreeSet<String> {
    let list = client.list("per_page=65");
    let status = |row: &serde_json::Value| row["status"].as_str().unwrap().to_owned();
    list["data"].as_array().unwrap().iter().map(status).collect()
}

#[test]
fn every_status_occurs_whatever_the_seed_and_a_part_of_it_moves() {
    let every: BTreeSet<String> =
        service(Name::Salla).machines()[0].states().into_iter().map(str::to_owned).collect();
    for seed in [None, Some(1), Some(2), Some(77)] {
        let setup = Setup { seed, ..alive_setup() };
        let mut client = Client::of(build(setup).unwrap());
        assert_eq!(statuses(&mut client), every, "{seed:?}");
        let now = client.world.world.now();
        let first = client.list("per_page=1")["data"][0].clone();
        assert!(first["created_at"]["date"].as_str().unwrap().starts_with("2026-05-1"), "{first}");
        let before = client.ids("status=delivered&from_date=2026-04-01").len();
        client.advance("3d");
        assert!(client.ids("status=delivered&from_date=2026-04-01").len() > before, "{seed:?}");
        let all = client.world.world.providers();
        for row in service(Name::Salla).kind("shipment").unwrap().list(all, None, 99).unwrap() {
            let detail =
                service(Name::Salla).kind("shipment").unwrap().detail(all, &row.id).unwrap();
            let last = &detail.data["tracking"].as_array().unwrap().last().unwrap()["status"];
            assert_eq!(Some(last.as_str().unwrap()), detail.state.as_deref(), "{}", row.id);
            let stops = detail.data["stops"].as_array().map_or(0, Vec::len);
            assert!(stops == 0 || detail.data["journey"].is_string());
        }
        assert!(client.world.world.now() > now);
    }
}

#[test]
fn what_moves_by_itself_is_told_as_what_was_asked_for_is() {
    let mut client = Client::alive();
    let events = [
        "shipment.created",
        "shipment.updated",
        "order.shipment.created",
        "order.shipment.return.created",
    ];
    for event in events {
        let body = serde_json::json!({ "event": event, "url": "https://shop.example/a" });
        assert_eq!(client.post("/webhooks/subscribe", &body).status, 200);
    }
    client.advance("2d");
    let told: BTreeSet<String> =
        client.world.world.outbox().deliveries().map(|it| it.event.to_string()).collect();
    assert!(told.contains("shipment.created") && told.contains("shipment.updated"), "{told:?}");
    // Which way it goes is drawn, so that one of the two is told.
    assert!(told.iter().any(|event| event.starts_with("order.")), "{told:?}");
}
