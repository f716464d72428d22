//! Random walks through the doors: the list and the entities agree, a refusal changes nothing, the same calls give the
//! same bytes, and what was shipped never goes back.

use proptest::prelude::*;
use serde_json::{Value, json};
use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::{Name, service};

use super::{Client, changed, sample};
use crate::harness::Read as _;

/// One thing a client, an operator or time does.
#[derive(Debug, Clone)]
enum Act {
    Make { courier: usize, phone: u8, broken: u8 },
    Report { shipment: usize, status: usize },
    Cancel { shipment: usize },
    Return { shipment: usize },
    Subscribe { event: usize },
    Move { shipment: usize, input: usize },
    Wait(u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0_usize..11, 0_u8..14, 0_u8..12).prop_map(|(courier, phone, broken)| Act::Make { courier, phone, broken }),
        6 => (any::<usize>(), 0_usize..18).prop_map(|(shipment, status)| Act::Report { shipment, status }),
        2 => any::<usize>().prop_map(|shipment| Act::Cancel { shipment }),
        3 => any::<usize>().prop_map(|shipment| Act::Return { shipment }),
        1 => (0_usize..4).prop_map(|event| Act::Subscribe { event }),
        4 => (any::<usize>(), any::<usize>()).prop_map(|(shipment, input)| Act::Move { shipment, input }),
        // A whole walk stays within the fourteen days of a token.
        3 => (1_u32..50_000).prop_map(Act::Wait),
    ]
}

const STATUSES: [&str; 18] = [
    "created",
    "in_progress",
    "in_transit",
    "received_at_final_hub",
    "to_be_reattempted",
    "reattempted",
    "unable_to_deliver",
    "delivering",
    "delivered",
    "partially_delivered",
    "shipped",
    "cancelled",
    "lost",
    "damaged",
    "return_to_origin",
    "return_in_progress",
    "creating",
    "nonsense",
];

/// One of the newest six.
fn pick(client: &mut Client, place: usize) -> u64 {
    let ids = client.ids("per_page=6");
    ids[place % ids.len()]
}

fn perform(client: &mut Client, act: &Act) -> Option<Reply> {
    match act {
        Act::Make { courier, phone, broken } => {
            let presets = service(Name::Salla).presets(client.world.world.providers());
            let couriers: Vec<_> =
                presets.magic.iter().filter(|it| it.field == "courier_id").collect();
            let courier: u64 = couriers[*courier].value.parse().unwrap();
            let mut changes = json!({
                "courier_id": courier,
                "ship_to": { "name": "A", "phone": format!("9665000000{phone:02}") },
            });
            match broken {
                0 => changes["packages"] = json!([{ "name": "A", "quantity": -1 }]),
                1 => changes["courier_id"] = json!(7),
                2 => changes["ship_from"] = json!({ "type": "branch" }),
                _ => {}
            }
            Some(client.post("/shipments", &changed(sample(), changes)))
        }
        Act::Report { shipment, status } => {
            let id = pick(client, *shipment);
            let body = json!({ "shipment_number": "1", "status": STATUSES[*status] });
            Some(client.put_to(Method::Put, &format!("/shipments/{id}"), &body))
        }
        Act::Cancel { shipment } => {
            let id = pick(client, *shipment);
            Some(client.post(&format!("/shipments/{id}/cancel"), &json!({})))
        }
        Act::Return { shipment } => {
            let id = pick(client, *shipment);
            Some(client.post(&format!("/shipments/{id}/return"), &json!({})))
        }
        Act::Subscribe { event } => {
            let event = ["creating", "created", "updated", "cancelled"][*event];
            let body =
                json!({ "event": format!("shipment.{event}"), "url": "https://shop.example/a" });
            Some(client.post("/webhooks/subscribe", &body))
        }
        Act::Move { shipment, input } => {
            let id = pick(client, *shipment);
            let table = service(Name::Salla).machines()[0];
            let lines = table.lines();
            let on = lines[input % lines.len()].1;
            let before = client.world.world.providers().salla.clone();
            let done = client.world.world.apply(Name::Salla, "shipment", &id.to_string(), on);
            let after = &client.world.world.providers().salla;
            assert!(done.is_ok() || before == *after, "a refused {on} has changed something");
            None
        }
        Act::Wait(seconds) => {
            client.advance(&format!("{seconds}s"));
            None
        }
    }
}

/// A client without a limit: walks ask often.
fn open() -> Client {
    Client::with(json!({ "limits": { "lifted": true } }))
}

fn holdings(client: &Client) -> String {
    client.world.holdings()
}

/// Every history is a path in the table, and once shipped nothing is created or in progress again.
fn lives_are_paths(client: &Client) {
    let table = service(Name::Salla).machines()[0];
    let lines = table.lines();
    let all = client.world.world.providers();
    for row in service(Name::Salla).kind("shipment").unwrap().list(all, None, usize::MAX).unwrap() {
        let detail = service(Name::Salla).kind("shipment").unwrap().detail(all, &row.id).unwrap();
        let mut gone = false;
        let mut at = detail.history.first().map(|it| it.from.clone());
        for passage in &detail.history {
            assert_eq!(at.as_ref(), Some(&passage.from), "{}", row.id);
            let taken = (&*passage.from, &*passage.on, &*passage.to);
            assert!(lines.iter().any(|line| (line.0, line.1, line.2) == taken), "{taken:?}");
            gone |= ["shipped", "delivering", "delivered"].contains(&&*passage.to);
            assert!(!gone || !["created", "in_progress"].contains(&&*passage.to), "{}", row.id);
            at = Some(passage.to.clone());
        }
        let last = detail.history.last().map(|it| it.to.to_string());
        assert!(last.is_none_or(|last| Some(last) == detail.state), "{}", row.id);
        assert_eq!(
            detail.data["tracking"].as_array().unwrap().last().unwrap()["status"],
            json!(detail.state)
        );
    }
}

/// The list has every shipment of the store once, in every way of asking.
fn the_list_is_whole(client: &mut Client) {
    let total = client.list("")["pagination"]["total"].as_u64().unwrap();
    let all = client.world.world.providers();
    assert_eq!(service(Name::Salla).kind("shipment").unwrap().count(all) as u64, total);
    let sum = |client: &mut Client, name: &str, values: &[&str]| -> u64 {
        let count = |value: &&str| {
            client.list(&format!("{name}={value}"))["pagination"]["total"].as_u64().unwrap()
        };
        values.iter().map(count).sum()
    };
    assert_eq!(sum(client, "shipment_type", &["shipment", "return"]), total);
    assert_eq!(sum(client, "payment_method", &["cod", "pre_paid"]), total);
    assert_eq!(sum(client, "source", &["api", "dashboard", "store"]), total);
    let table = service(Name::Salla).machines()[0];
    assert_eq!(sum(client, "status", &table.states()), total);
}

/// What each shipment is worth and weighs is the sum of what is in it, who paid before pays nothing at the door, an
/// order has one number for the merchant, and what brings something back brings back what was delivered.
fn sums_are_sums(client: &mut Client) {
    let rows = client.list("per_page=65")["data"].as_array().unwrap().clone();
    let number = |value: &Value| -> f64 {
        value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
    };
    let mut orders: std::collections::BTreeMap<u64, Value> = std::collections::BTreeMap::new();
    for row in &rows {
        let sum = |pointer: &str| -> f64 {
            let packages = row["packages"].as_array().unwrap().iter();
            let each = |it: &Value| number(it.pointer(pointer).unwrap()) * number(&it["quantity"]);
            packages.map(each).sum()
        };
        assert!((sum("/price/amount") - number(&row["total"]["amount"])).abs() < 0.001, "{row}");
        let weight = number(&row["total_weight"]["value"]);
        assert!((sum("/weight/value") - weight).abs() < 0.1, "{row}");
        let door = number(&row["cash_on_delivery"]["amount"]);
        assert!(row["payment_method"] == "cod" || door == 0.0, "{row}");
        if let Some(order) = row["order_id"].as_u64() {
            let reference =
                orders.entry(order).or_insert_with(|| row["order_reference_id"].clone());
            assert_eq!(*reference, row["order_reference_id"], "{row}");
        }
        let detail = client.detail("shipment", &row["id"]).data;
        if let Some(out) = detail["return_of"].as_u64() {
            let out = client.detail("shipment", out);
            assert!(out.history.iter().any(|it| it.to == "delivered"), "{row}");
            assert_eq!(detail["order_id"], out.data["order_id"]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_leaves_everything_in_order_and_a_refusal_changes_nothing(acts in proptest::collection::vec(act(), 1..24)) {
        let mut client = open();
        for act in &acts {
            let mut before = client.clone();
            let reply = perform(&mut client, act);
            // What the walk looked up to choose is in both.
            if let Some(reply) = reply.filter(|reply| reply.status >= 400) {
                prop_assert!(reply.status < 500 && reply.explanation.is_some(), "{}", reply.wire());
                before.ids("per_page=6");
                prop_assert_eq!(holdings(&before), holdings(&client), "{:?}", act);
            }
            before.sent();
            client.deliver();
            client.sent();
        }
        lives_are_paths(&client);
        the_list_is_whole(&mut client);
        sums_are_sums(&mut client);
        client.sent();
    }

    #[test]
    fn the_same_calls_give_the_same_bytes(acts in proptest::collection::vec(act(), 1..14)) {
        let (mut one, mut two) = (open(), open());
        for act in &acts {
            let (first, second) = (perform(&mut one, act), perform(&mut two, act));
            prop_assert_eq!(first, second, "{:?}", act);
            one.deliver();
            two.deliver();
            prop_assert_eq!(one.sent(), two.sent());
        }
        prop_assert_eq!(holdings(&one), holdings(&two));
    }

    #[test]
    fn no_query_makes_it_panic(name in "[a-z_]{1,12}(\\[[a-z_]{0,12}\\]){0,2}", value in ".{0,30}", raw in ".{0,80}") {
        let mut client = open();
        let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for query in [format!("{name}={encoded}"), raw] {
            let request = Request::new(Method::Get, "/admin/v2/shipments");
            let mut request = client.bearing(request);
            request.query = query;
            let reply = client.send(request);
            prop_assert!([200, 422].contains(&reply.status), "{}", reply.wire());
        }
    }

    #[test]
    fn no_body_makes_it_panic(path in 0_usize..18, text in ".{0,100}", shape in 0_u8..4) {
        let mut client = open();
        let line = &service(Name::Salla).routes()[path];
        let body: Value = match shape {
            0 => json!({ text.clone(): text }),
            1 => json!({ "ship_to": text, "ship_from": [text], "packages": [text], "courier_id": { text.clone(): 1 } }),
            2 => json!({ "url": text, "event": [text], "headers": { text.clone(): text }, "rule": text }),
            _ => json!([text, null, { "packages": { text.clone(): [] } }]),
        };
        let target = line.path.replace("{id}", "362985662").replace("{file}", "x");
        let mut request = Request::new(Method::of(line.method).unwrap(), &target);
        request = client.bearing(crate::harness::with_json(request, &body));
        let reply = client.send(request);
        prop_assert!(reply.status < 500, "{}", reply.wire());
    }
}

/// What an operator does to a shipment is what its journey does: told, numbered, paid and marked alike.
#[test]
fn an_operators_move_does_what_the_same_input_does_on_a_journey() {
    let presets = service(Name::Salla).presets(Client::open().world.world.providers());
    let phones = presets.magic.iter().filter(|it| it.field == "ship_to.phone");
    for phone in phones.map(|it| it.value.clone()) {
        let mut travelling = Client::with(json!({ "switches": { "local_webhook_urls": true } }));
        for event in
            ["shipment.created", "shipment.updated", "shipment.cancelled", "order.shipment.created"]
        {
            let body = json!({ "event": event, "url": "https://shop.localhost/a" });
            assert_eq!(travelling.post("/webhooks/subscribe", &body).status, 200);
        }
        let id = travelling.make(json!({ "ship_to": { "name": "A", "phone": phone } }));
        travelling.deliver();
        travelling.sent();
        loop {
            let stops = travelling.detail("shipment", id).data["stops"].clone();
            let Some(stop) = stops.as_array().and_then(|stops| stops.first()) else { break };
            let on = stop["on"].as_str().unwrap().to_owned();
            let mut moved = travelling.clone();
            moved.world.world.apply(Name::Salla, "shipment", &id.to_string(), &on).unwrap();
            moved.deliver();
            let next = travelling.world.world.next_due().unwrap();
            travelling.world.world.advance(next);
            travelling.deliver();
            let seen = |client: &mut Client| {
                let mut data = client.detail("shipment", id).data;
                for name in ["journey", "stops"] {
                    data[name] = Value::Null;
                }
                for mark in data["tracking"].as_array_mut().unwrap() {
                    mark["at"] = Value::Null;
                }
                let told: Vec<Value> =
                    client.sent().iter().map(|it| it.json()["event"].clone()).collect();
                (client.state(id), data, told)
            };
            assert_eq!(seen(&mut moved), seen(&mut travelling), "{phone} {on}");
        }
    }
}
