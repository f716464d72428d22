//! Random payloads: items live in one place each, the same payload again changes nothing, a refusal changes nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use shipmock::internals::providers::{Name, Providers, service};

use super::Merchant;
use crate::endpoints::try_out;
use crate::harness::{Read as _, with_json};

/// Numbers that choose what a payload holds.
fn seeds() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(any::<u32>(), 1..14)
}

/// Bits, taken one after the other.
struct Bits(u32);

impl Bits {
    fn below(&mut self, end: u32) -> u32 {
        let taken = self.0 % end;
        self.0 = (self.0 / end).wrapping_mul(0x9e37_79b1) ^ (self.0 >> 7);
        taken
    }
}

const STATUSES: [&str; 5] = ["preparing_shipment", "shipped", "canceled", "pending", "delayed"];

fn item(bits: &mut Bits, shipped: bool) -> Value {
    let mut item = Map::new();
    item.insert("merchant_id".to_owned(), json!(format!("i{}", bits.below(4))));
    match bits.below(8) {
        0 => drop(item.insert("quantity".to_owned(), json!(bits.below(4)))),
        1 => drop(item.insert("canceled".to_owned(), json!(bits.below(2) == 0))),
        2 => drop(item.insert("canceled_quantity".to_owned(), json!(bits.below(4)))),
        3 => drop(item.insert("requires_shipping".to_owned(), json!(bits.below(2) == 0))),
        4 if shipped => drop(item.insert("shipped_quantity".to_owned(), json!(bits.below(4)))),
        _ => {}
    }
    Value::Object(item)
}

fn items(bits: &mut Bits, shipped: bool) -> Value {
    (0..bits.below(3)).map(|_| item(bits, shipped)).collect()
}

/// A partial payload of one of two orders.
fn payload(seed: u32) -> Value {
    let mut bits = Bits(seed);
    let mut order = json!({ "merchant_id": format!("O{}", bits.below(2)) });
    if bits.below(3) == 0 {
        order["line_items"] = items(&mut bits, false);
    }
    if bits.below(9) == 0 {
        order["canceled"] = json!(bits.below(2) == 0);
    }
    if bits.below(4) == 0 {
        order["ordered_at"] = json!(1_700_000_000 + bits.below(2));
    }
    let fulfillments: Vec<Value> = (0..bits.below(3))
        .map(|_| {
            let mut fulfillment = json!({ "merchant_id": format!("F{}", bits.below(2)) });
            if bits.below(2) == 0 {
                fulfillment["status_code"] = json!(STATUSES[bits.below(5) as usize]);
            }
            if bits.below(2) == 0 {
                fulfillment["line_items"] = items(&mut bits, false);
            }
            let trackers: Vec<Value> = (0..bits.below(3))
                .map(|_| {
                    let number = format!("JOURNEY0{}", 1 + bits.below(4));
                    json!({ "tracking_number": number, "line_items": items(&mut bits, true) })
                })
                .collect();
            fulfillment["trackers"] = json!(trackers);
            fulfillment
        })
        .collect();
    order["fulfillments"] = json!(fulfillments);
    order
}

/// How often each item is shown, and whether trackers hold parts of it.
fn shown(order: &Value) -> BTreeMap<String, Vec<&'static str>> {
    let mut found: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let mut look = |list: &Value, place: &'static str| {
        for item in list["line_items"]["data"].as_array().unwrap() {
            found.entry(item["merchant_id"].as_str().unwrap().to_owned()).or_default().push(place);
        }
    };
    look(order, "order");
    for fulfillment in order["fulfillments"]["data"].as_array().unwrap() {
        look(fulfillment, "fulfillment");
        for tracker in fulfillment["trackers"]["data"].as_array().unwrap() {
            look(tracker, "tracker");
        }
    }
    found
}

/// Every item of every order is in one place, or in several trackers that hold a part of it each; no tracker is in two
/// fulfillments; every fulfillment has the status that is forced upon it.
fn laws(merchant: &mut Merchant) -> Result<(), TestCaseError> {
    let shipup = service(Name::Shipup);
    let orders =
        shipup.kind("order").unwrap().list(merchant.world.world.providers(), None, 99).unwrap();
    for row in orders.iter().filter(|row| row.id.starts_with('O') && row.id.len() == 2) {
        let order = merchant.order(&row.id);
        let places = shown(&order);
        let all = merchant.detail("order", &row.id).data["line_items"].clone();
        let all = all.as_array().unwrap();
        prop_assert_eq!(places.len(), all.len(), "{}", order);
        for item in all {
            let found = &places[item["merchant_id"].as_str().unwrap()];
            match &item["place"]["trackers"] {
                Value::Array(shares) => {
                    prop_assert!(found.iter().all(|place| *place == "tracker"), "{}", item);
                    prop_assert_eq!(found.len(), shares.len(), "{}", item);
                    let parts = shares.iter().all(|share| !share["shipped_quantity"].is_null());
                    prop_assert!(shares.len() == 1 || parts, "{}", item);
                }
                _ => prop_assert_eq!(found.len(), 1, "{}", item),
            }
        }
    }
    let providers = merchant.world.world.providers();
    let mut holders: BTreeMap<String, u32> = BTreeMap::new();
    for row in shipup.kind("fulfillment").unwrap().list(providers, None, 99).unwrap() {
        let data = shipup.kind("fulfillment").unwrap().detail(providers, &row.id).unwrap().data;
        if let Some(forced) = data["forced_status_code"].as_str() {
            prop_assert_eq!(row.state.as_deref(), Some(forced));
        }
        for tracker in data["trackers"].as_array().unwrap() {
            *holders.entry(tracker.as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    prop_assert!(holders.values().all(|count| *count == 1), "{:?}", holders);
    Ok(())
}

/// What lists say there is, is there; lives lead along their tables, and what carriers say is in order.
fn totals(merchant: &mut Merchant) -> Result<(), TestCaseError> {
    let shipup = service(Name::Shipup);
    for (kind, path) in [("order", "/v2/orders"), ("tracker", "/v2/trackers")] {
        let all = shipup
            .kind(kind)
            .unwrap()
            .list(merchant.world.world.providers(), None, usize::MAX)
            .unwrap();
        let mut listed: Vec<u64> = Vec::new();
        loop {
            let before = listed.last().map(|id| format!("&ending_before={id}")).unwrap_or_default();
            let page = merchant.get(&format!("{path}?limit=3{before}")).json();
            listed.extend(
                page["data"].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()),
            );
            if page["has_more"] == false {
                break;
            }
        }
        prop_assert!(listed.is_sorted_by(|one, two| one > two), "{:?}", listed);
        prop_assert_eq!(listed.len(), all.len(), "{}", kind);
    }
    for kind in ["tracker", "fulfillment"] {
        let table = shipup.machines().iter().copied().find(|table| table.name() == kind).unwrap();
        let providers = merchant.world.world.providers();
        for row in shipup.kind(kind).unwrap().list(providers, None, usize::MAX).unwrap() {
            let detail = shipup.kind(kind).unwrap().detail(providers, &row.id).unwrap();
            for passage in &detail.history {
                let is_row = table.lines().iter().any(|line| {
                    (line.0, line.1, line.2) == (&*passage.from, &*passage.on, &*passage.to)
                });
                prop_assert!(is_row, "{} {:?}", row.id, passage);
            }
            let events = detail.data["events"].as_array().cloned().unwrap_or_default();
            let at: Vec<i64> =
                events.iter().map(|it| it["happened_at"].as_i64().unwrap()).collect();
            prop_assert!(at.is_sorted(), "{}: {:?}", row.id, at);
            prop_assert!(kind != "tracker" || events.len() == detail.history.len(), "{}", row.id);
        }
    }
    Ok(())
}

/// A parcel that a journey moves and one that an operator moves at the same instants are the same, for the merchant and
/// for whoever listens.
#[test]
fn an_operators_move_is_the_same_input_on_a_journey() {
    for number in ["JOURNEY01", "JOURNEY02", "JOURNEY03", "JOURNEY04", "JOURNEY05"] {
        let order = json!({ "merchant_id": "O", "ordered_at": 1, "fulfillments": [{
            "merchant_id": "F", "trackers": [{ "tracking_number": number, "line_items": [{ "merchant_id": "a" }] }],
        }] });
        let (mut traveller, mut operated) = (Merchant::open(), Merchant::open());
        for merchant in [&mut traveller, &mut operated] {
            merchant.send(&order);
        }
        operated.patch("tracker", number, json!({ "journey": "waiting" })).unwrap();
        traveller.advance("44d");
        for passage in traveller.detail("tracker", number).history {
            operated.world.advance_to(passage.at);
            operated.apply("tracker", number, &passage.on).unwrap();
        }
        let now = traveller.world.world.now();
        operated.world.advance_to(now);
        assert_eq!(traveller.order("O"), operated.order("O"), "{number}");
        let sent = |merchant: &mut Merchant| {
            merchant.sent().iter().map(|it| (it.at, it.json())).collect::<Vec<_>>()
        };
        assert_eq!(sent(&mut traveller), sent(&mut operated), "{number}");
    }
}

fn state_of(merchant: &Merchant) -> String {
    serde_json::to_string(&merchant.world.world.providers().shipup).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_in_whichever_order_items_live_in_one_place(seeds in seeds(), hours in 0_u32..40) {
        let mut merchant = Merchant::open();
        for seed in &seeds {
            merchant.send(&payload(*seed));
            laws(&mut merchant)?;
            if seed % 5 == 0 {
                merchant.advance(&format!("{hours}h"));
                laws(&mut merchant)?;
            }
        }
        totals(&mut merchant)?;
        merchant.sent();
    }

    #[test]
    fn the_same_payload_again_changes_nothing(seeds in seeds()) {
        let mut merchant = Merchant::open();
        for seed in &seeds {
            let payload = payload(*seed);
            merchant.send(&payload);
            merchant.sent();
            let first = merchant.world.holdings();
            // A moment later; nothing falls due so soon.
            merchant.advance("1s");
            merchant.send(&payload);
            merchant.sent();
            let second = merchant.world.holdings();
            let apart = first.bytes().zip(second.bytes()).position(|(one, two)| one != two).unwrap_or(0);
            let near = |text: &str| text.chars().skip(apart.saturating_sub(60)).take(120).collect::<String>();
            prop_assert!(first == second, "{}: {} > {}", payload, near(&first), near(&second));
        }
    }

    #[test]
    fn full_payloads_end_alike_whatever_came_before(seeds in seeds(), last in any::<u32>()) {
        // Everything is named once at its place; what came before only decides about what is not named.
        let full = json!({
            "merchant_id": "O0", "canceled": false, "line_items": [{ "merchant_id": "i0", "canceled": false }],
            "fulfillments": [{
                "merchant_id": "F0", "status_code": STATUSES[(last % 5) as usize], "line_items": [{ "merchant_id": "i1", "canceled": false }],
                "trackers": [{ "tracking_number": "JOURNEY01", "line_items": [{ "merchant_id": "i2", "canceled": false }, { "merchant_id": "i3", "canceled": false }] }],
            }],
        });
        let mut merchant = Merchant::open();
        for seed in &seeds {
            merchant.send(&payload(*seed));
        }
        merchant.send(&full);
        let order = merchant.order("O0");
        let places = shown(&order);
        let expected: BTreeMap<String, Vec<&str>> = [("i0", "order"), ("i1", "fulfillment"), ("i2", "tracker"), ("i3", "tracker")]
            .into_iter().map(|(id, place)| (id.to_owned(), vec![place])).collect();
        prop_assert_eq!(places, expected);
        merchant.sent();
    }

    #[test]
    fn no_body_makes_it_panic_and_a_refusal_changes_nothing(seeds in seeds(), text in ".{0,80}", deep in 0_usize..3) {
        let mut merchant = Merchant::open();
        for seed in &seeds {
            let mut order = payload(*seed);
            let odd = [json!(text), json!([text]), json!({ text.clone(): seed })][deep].clone();
            let keys: Vec<String> = order.as_object().unwrap().keys().cloned().collect();
            order[&keys[*seed as usize % keys.len()]] = odd;
            for path in ["/v2/orders", "/v2/orders/batch_create", "/v1/trackers"] {
                let body = match path {
                    "/v2/orders" => order.clone(),
                    "/v1/trackers" => json!({ "trackers": [order] }),
                    _ => json!({ "orders": [order] }),
                };
                let request = shipmock::internals::message::Request::new(shipmock::internals::message::Method::Post, path)
                    .with("authorization", "YOUR_PRIVATE_KEY");
                let reply = try_out(&mut merchant.world, Name::Shipup, with_json(request, &body));
                prop_assert!([201, 202, 400].contains(&reply.status), "{}", reply.text());
            }
        }
        merchant.advance("3s");
        merchant.sent();
    }

    #[test]
    fn the_same_calls_give_the_same_bytes_and_survive_being_written(seeds in seeds()) {
        let (mut one, mut two) = (Merchant::open(), Merchant::open());
        for merchant in [&mut one, &mut two] {
            for seed in &seeds {
                merchant.send(&payload(*seed));
            }
            merchant.advance("9d");
        }
        prop_assert_eq!(one.sent(), two.sent());
        prop_assert_eq!(state_of(&one), state_of(&two));
        let written = serde_json::to_string(one.world.world.providers()).unwrap();
        let read: Providers = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), written);
    }
}
