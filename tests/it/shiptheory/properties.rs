//! Random calls: no 5xx, refusals that change nothing, the same bytes every time, references that are unique.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::{Name, service};

use super::{Client, sample};
use crate::harness::Read as _;

#[derive(Debug, Clone)]
enum Act {
    Book { reference: u8, country: u8, service: u8, journey: u8, sku: u8 },
    View(u8),
    List { page: u8, limit: u8, status: u8 },
    Return { reference: u8, service: u8, days: u8 },
    Product { sku: u8, price: i32 },
    Tag { name: u8, verb: u8, id: u8 },
    Move { shipment: u8, input: u8 },
    Wait(u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => any::<[u8; 5]>().prop_map(|[reference, country, service, journey, sku]| Act::Book { reference, country, service, journey, sku }),
        2 => any::<u8>().prop_map(Act::View),
        2 => any::<[u8; 3]>().prop_map(|[page, limit, status]| Act::List { page, limit, status }),
        2 => any::<[u8; 3]>().prop_map(|[reference, service, days]| Act::Return { reference, service, days }),
        2 => (any::<u8>(), -5..50_000_000_i32).prop_map(|(sku, price)| Act::Product { sku, price }),
        2 => any::<[u8; 3]>().prop_map(|[name, verb, id]| Act::Tag { name, verb, id }),
        3 => any::<[u8; 2]>().prop_map(|[shipment, input]| Act::Move { shipment, input }),
        2 => (1_u32..200_000).prop_map(Act::Wait),
    ]
}

fn pick<T: Copy>(list: &[T], number: u8) -> T {
    list[usize::from(number) % list.len()]
}

const REFERENCES: [&str; 6] = ["S1234", "A", "B", "C", "D", ""];

/// Does one thing; the answer, if it was a call.
fn perform(client: &mut Client, act: &Act) -> Option<Reply> {
    match act {
        Act::Book { reference, country, service, journey, sku } => {
            let body = sample(
                pick(&REFERENCES, *reference),
                json!({
                    "/recipient/country": pick(&["GB", "FR", "US", "XX", ""], *country),
                    "/delivery_service": pick(&[0, 37, 24, 81, 1_000], *service),
                    "/mark_for_approval": service % 7 == 0,
                    "/recipient/telephone": format!("077009001{:02}", journey % 12),
                    "/shipment_detail/weight": f64::from(*sku) / 4.0,
                    "/products": [{ "name": "P", "sku": pick(&["hat1", "x", "y", ""], *sku), "value": 1, "weight": 1 }],
                    "/tags": [sku % 4],
                }),
            );
            Some(client.post("/v1/shipments", &body))
        }
        Act::View(reference) => {
            Some(client.get(&format!("/v1/shipments/{}", pick(&REFERENCES, *reference))))
        }
        Act::List { page, limit, status } => {
            let status = pick(&["", "Complete", "Failed", "nonsense"], *status);
            Some(client.get(&format!(
                "/v1/shipments/list?page={}&limit={limit}&status={status}",
                page % 4
            )))
        }
        Act::Return { reference, service, days } => {
            let day = client.world.world.now()
                + jiff::SignedDuration::from_hours(24 * i64::from(days % 40));
            let body = json!({
                "outgoing_reference": pick(&REFERENCES, *reference), "delivery_postcode": "bs2 3ap",
                "return_service": pick(&[200, 7, 40, 9], *service), "expiry": &day.to_string()[..10],
            });
            Some(client.post("/v1/returns", &body))
        }
        Act::Product { sku, price } => {
            let body = json!({ "sku": pick(&["hat1", "x", "y", "z"], *sku), "price": price });
            let path = if sku % 2 == 0 {
                "/v1/products".to_owned()
            } else {
                format!("/v1/products/update/{}", pick(&["x", "y"], *sku))
            };
            let request = super::json_request(
                if sku % 2 == 0 { Method::Post } else { Method::Put },
                &path,
                &body,
            );
            let request = client.bearing(request);
            Some(client.send(request))
        }
        Act::Tag { name, verb, id } => {
            let (method, path) = pick(
                &[
                    (Method::Post, "/v1/tags"),
                    (Method::Put, ""),
                    (Method::Patch, ""),
                    (Method::Delete, ""),
                ],
                *verb,
            );
            let path =
                if path.is_empty() { format!("/v1/tags/{}", id % 8) } else { path.to_owned() };
            let request = super::json_request(
                method,
                &path,
                &json!({ "name": pick(&["Tag A", "Tag B", "T", ""], *name) }),
            );
            let request = client.bearing(request);
            Some(client.send(request))
        }
        Act::Move { shipment, input } => {
            let id = pick(&REFERENCES, *shipment);
            let machine = service(Name::Shiptheory).machines()[0];
            let inputs: Vec<&str> = machine.lines().iter().map(|line| line.1).collect();
            let before = client.world.holdings();
            let done =
                client.world.world.apply(Name::Shiptheory, "shipment", id, pick(&inputs, *input));
            assert!(done.is_ok() || before == client.world.holdings());
            None
        }
        Act::Wait(seconds) => {
            client.world.advance(&format!("{seconds}s"));
            *client = client.clone().entered();
            None
        }
    }
}

/// Whether nothing was done: a status of an error, or a validation error that leaves no line in a history.
fn refused(act: &Act, reply: &Reply) -> bool {
    let error =
        serde_json::from_slice::<Value>(&reply.body).is_ok_and(|it| it.get("error").is_some());
    reply.status >= 400 || (error && !matches!(act, Act::Return { .. }))
}

fn laws(client: &Client) {
    let shiptheory = service(Name::Shiptheory);
    let all = client.world.world.providers();
    let rows = shiptheory.kind("shipment").unwrap().list(all, None, usize::MAX).unwrap();
    let unique: BTreeSet<&String> = rows.iter().map(|row| &row.id).collect();
    assert_eq!(unique.len(), rows.len());
    let table = shiptheory.machines()[0];
    for row in &rows {
        let detail = shiptheory.kind("shipment").unwrap().detail(all, &row.id).unwrap();
        for pair in detail.history.windows(2) {
            assert_eq!(pair[0].to, pair[1].from);
            assert!(pair[0].at <= pair[1].at);
        }
        for passage in &detail.history {
            let known = |line: &shipmock::internals::sim::machine::MachineLine| {
                (line.0, line.1, line.2) == (&*passage.from, &*passage.on, &*passage.to)
            };
            assert!(table.lines().iter().any(known), "{passage:?}");
        }
        // Taken by the carrier, and only then, a shipment has a number and a price.
        let taken = ["Complete", "Print Error"].contains(&row.state.as_deref().unwrap());
        assert!(!taken || detail.data["tracking"].is_string(), "{}", detail.data);
    }
    for row in shiptheory.kind("product").unwrap().list(all, None, usize::MAX).unwrap() {
        let sheet =
            &shiptheory.kind("product").unwrap().detail(all, &row.id).unwrap().data["sheet"];
        assert_eq!(sheet["sku"].as_str(), Some(row.id.trim_start_matches("other:")));
    }
}

/// What lists say there is, is there, and nothing else.
fn totals(client: &Client) {
    let mut client = client.clone().entered();
    let shiptheory = service(Name::Shiptheory);
    for (kind, target) in [
        ("shipment", "/v1/shipments/list?limit=1"),
        ("product", "/v1/products?limit=1"),
        ("tag", "/v1/tags?limit=1"),
        ("package_size", "/v1/packages/sizes?limit=1"),
    ] {
        let all = client.world.world.providers();
        let rows = shiptheory.kind(kind).unwrap().list(all, None, usize::MAX).unwrap();
        let own = rows.iter().filter(|row| {
            let owner =
                shiptheory.kind(kind).unwrap().detail(all, &row.id).unwrap().data["account"]
                    .clone();
            owner == "you@youremail.com"
        });
        let own = own.count();
        let listed = client.get(target).json()["pagination"]["results"].as_u64();
        assert_eq!(listed, Some(own as u64), "{kind}");
    }
}

/// A shipment that is released, processed and booked by its journey and one that an operator moves at the same
/// instants are the same.
#[test]
fn an_operators_move_is_the_same_input_on_a_journey() {
    let mut traveller = Client::open();
    traveller.book("A", json!({ "/recipient/telephone": "07700900110" }));
    let mut operated = Client::open();
    operated.book("A", json!({ "/recipient/telephone": "07700900105" }));
    let began = traveller.world.world.now();
    traveller.world.settle();
    let history = traveller.detail("shipment", "A").history;
    assert!(history.len() >= 4 && history[0].at > began, "{history:?}");
    for passage in history.iter().filter(|passage| passage.on != "archive") {
        operated.world.advance_to(passage.at);
        operated.world.world.apply(Name::Shiptheory, "shipment", "A", &passage.on).unwrap();
    }
    operated.world.settle();
    let seen = |client: &Client| {
        let detail = client.detail("shipment", "A");
        let data = &detail.data;
        json!([
            detail.state,
            json!(detail.history),
            data["tracking"],
            data["cost"],
            data["messages"],
            data["modified"],
            data["carrier"]
        ])
    };
    assert_eq!(seen(&traveller), seen(&operated));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_refusal_changes_nothing_and_the_laws_hold(acts in proptest::collection::vec(act(), 1..25)) {
        let mut client = Client::open();
        for act in &acts {
            let before = client.world.holdings();
            if let Some(reply) = perform(&mut client, act) {
                prop_assert!(reply.status < 500, "{:?}: {}", act, reply.wire());
                if refused(act, &reply) {
                    prop_assert!(before == client.world.holdings(), "{:?}: {}", act, reply.wire());
                    prop_assert!(reply.explanation.is_some(), "{:?}: {}", act, reply.wire());
                }
            }
        }
        client.world.settle();
        laws(&client);
        totals(&client);
    }

    #[test]
    fn the_same_calls_give_the_same_bytes(acts in proptest::collection::vec(act(), 1..12)) {
        let (mut one, mut two) = (Client::open(), Client::open());
        for act in &acts {
            let (first, second) = (perform(&mut one, act), perform(&mut two, act));
            prop_assert_eq!(first, second, "{:?}", act);
        }
        prop_assert_eq!(one.world.holdings(), two.world.holdings());
    }

    #[test]
    fn no_body_and_no_query_makes_it_panic(row in 0_usize..20, body in ".{0,120}", query in "[a-zA-Z._=&%0-9\\[\\]+-]{0,60}", form in any::<bool>()) {
        let mut client = Client::open();
        let line = &service(Name::Shiptheory).routes()[row];
        let path = line.path.replace("{reference}", "S1234").replace("{sku}", "hat1").replace("{id}", "1");
        let mut request = Request::new(Method::of(line.method).unwrap(), &format!("{path}?{query}"));
        let wild = json!({ "shipment_detail": body, "recipient": { body.clone(): body }, "products": [{ "dangerous_goods": [body] }], "tags": [body], "shipments": [{ "reference_1": body }], "name": body, "sku": body });
        request = if form {
            request.carrying("application/x-www-form-urlencoded", body)
        } else {
            request.carrying("application/json", wild.to_string())
        };
        let reply = client.bearing(request);
        let reply = client.send(reply);
        prop_assert!(reply.status < 500, "{}", reply.wire());
    }
}

#[test]
fn a_state_survives_being_written_and_read() {
    let mut client = Client::open();
    client.book(
        "A",
        json!({ "/products": [{ "name": "P", "sku": "hat1", "value": 1, "weight": 1 }] }),
    );
    client.book("B", json!({ "/recipient/telephone": "07700900104" }));
    let written = serde_json::to_string(client.world.world.providers()).unwrap();
    let read: shipmock::internals::providers::Providers = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
}
