//! What a walk can do: call as anybody, well or badly; move and set entities; let time pass; answer webhooks.

use std::fmt::Write as _;

use serde_json::{Value, json};
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::{Name, Summary, service};

use super::{RECEIVERS, Walker};
use crate::endpoints::try_out;
use crate::harness::{Read as _, with_json};
use crate::shipper::shop::{SHIRT, SIZE_L, SIZE_M, request};

/// One step of a walk. Numbers choose among what is there when the step is taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// `POST /orders`.
    Order { key: u32, body: Value },
    /// `POST /orders/{id}/cancel`.
    Cancel { key: u32, order: u32 },
    /// Any of the reading endpoints.
    Look { key: u32, target: u32, number: u32 },
    /// `POST /webhooks`.
    Register { key: u32, body: Value },
    /// `DELETE /webhooks/{id}`.
    Unregister { key: u32, number: u32 },
    /// A verb on a path, whatever comes of it.
    Stray { key: u32, verb: u32, target: u32 },
    /// An input for an entity, legal or not.
    Move { kind: u32, entity: u32, input: u32 },
    /// A state for an entity, reachable or not.
    Walk { kind: u32, entity: u32, state: u32 },
    /// What an operator can set.
    Patch { entity: u32, what: u32 },
    /// Time passes.
    Advance { seconds: u32 },
    /// What receivers do from now on.
    Receive { how: u32 },
    /// Everything that is ready is delivered.
    Deliver,
    /// Posts are taken away, and answered some time later.
    Take,
    /// The receivers of what was taken away answer, the last one first.
    Answer { how: u32 },
    /// A delivery is sent once more.
    Redeliver { number: u32 },
}

/// The keys of `presets`, and one that nobody has.
const KEYS: [&str; 10] = [
    "api_key",
    "api_key",
    "api_key",
    "api_key",
    "api_key",
    "second_api_key",
    "other_organization_api_key",
    "disabled_api_key",
    "supplier_api_key",
    "nobody",
];

/// One of a list.
fn pick<T: Copy>(list: &[T], number: u32) -> T {
    list[number as usize % list.len()]
}

/// The step that three numbers stand for.
pub fn act([what, one, two]: [u32; 3]) -> Act {
    let key = one;
    match what % 32 {
        0..6 => Act::Order { key, body: order(one / 10, two) },
        6..8 => Act::Cancel { key, order: two },
        8..11 => Act::Look { key, target: one / 10, number: two },
        11 => Act::Register { key, body: webhook(two) },
        12 => Act::Unregister { key, number: two },
        13 => Act::Stray { key, verb: one / 10, target: two },
        14..21 => Act::Move { kind: one, entity: two, input: two / 64 },
        21..23 => Act::Walk { kind: one, entity: two, state: two / 64 },
        23 => Act::Patch { entity: one, what: two },
        24..28 => Act::Advance {
            seconds: pick(&[0, 1, 10, 59, 60, 110, 600, 3_600, 43_200, 200_000], one) + two % 7,
        },
        28 => Act::Receive { how: one },
        29 => Act::Deliver,
        30 => {
            if one % 2 == 0 {
                Act::Take
            } else {
                Act::Answer { how: two }
            }
        }
        _ => Act::Redeliver { number: one },
    }
}

/// An order: mostly a good one, with a journey or without, of one or several products.
fn order(one: u32, two: u32) -> Value {
    let item = |number: u32| {
        let id = pick(
            &[SIZE_L, SIZE_M, SHIRT, "lid", "stop", SIZE_L, "YOUR_PRODUCT_UUID", "nope"],
            number,
        );
        let mut item = json!({ "id": id });
        match number / 8 % 6 {
            0 => {}
            1 => item["quantity"] = json!(number / 64 % 5 + 1),
            2 => item["quantity"] = json!("3"),
            3 => item["total_price"] = json!(f64::from(number / 64 % 100_000) / 1_000.0),
            4 => item["total_price"] = json!("0.001"),
            _ => {
                item = json!({ "id": id, "quantity": number / 64 % 4, "total_price": number / 64 % 900 })
            }
        }
        item
    };
    let count = 1 + one % 3;
    let items: Vec<Value> =
        (0..count).map(|place| item(two.rotate_left(place * 7) ^ one)).collect();
    let phone = match one / 4 % 3 {
        0 => "28177188".to_owned(),
        _ => format!("200000{:02}", one / 16 % 17),
    };
    let mut body = json!({
        "address": {
            "name": pick(&["Omar Ben Ali", "Omar", "عمر بن علي"], one), "phone1": phone, "address1": "Rue 1",
            "division_1": pick(&["Tunis", "Béja", "nowhere"], two), "country": pick(&["TN", "DZ", "MA", "TN"], two / 4)
        },
        "items": items,
        "auto_fulfill": !(one / 2).is_multiple_of(8),
        "with_confirmation": one.is_multiple_of(2),
        "is_cod": !two.is_multiple_of(5),
        "shipping_total": two % 10
    });
    match one / 64 % 24 {
        0 => body["items"] = json!([]),
        1 => body["address"] = json!("x"),
        2 => body["is_cod"] = json!("true"),
        3 => body = json!(null),
        _ => {}
    }
    body
}

fn webhook(number: u32) -> Value {
    let events = ["order.status_changed", "shipment.status_changed"];
    let url = pick(
        &[
            "https://shop.localhost/a",
            "https://[::1]:8443/b",
            "https://mystore.com/c",
            "http://x.y/z",
        ],
        number,
    );
    let mut body = json!({ "url": url, "events": &events[..1 + (number as usize / 4) % 2] });
    if (number / 8).is_multiple_of(2) {
        body["secret"] = json!("my-webhook-secret-key");
    }
    body
}

/// Reading calls, a number to be filled in.
const TARGETS: [&str; 15] = [
    "/orders/#",
    "/orders",
    "/orders?status=delivered&per_page=#",
    "/orders?search=#&page=2",
    "/orders?start_date=2026-05-14%2009:00&end_date=2026-06-#",
    "/products",
    "/products/2e97b37a-3118-4905-842c-19706bcf1455",
    "/countries",
    "/countries/TN/divisions?level=2&parent_id=#",
    "/webhooks",
    "/dashboard/overview",
    "/dashboard/delivery-stats?retailer_product_id=#",
    "/dashboard/confirmation-stats",
    "/dashboard/internal-confirmation-stats?start_date=x#",
    "/dashboard/product-performance?per_page=#&sort_by=leads_total",
];

impl Act {
    /// Takes the step.
    pub fn play(&self, walker: &mut Walker) {
        match self {
            Act::Order { key, body } => {
                let body = named(walker, body);
                walker.call(*key, with_json(request(Method::Post, "/orders"), &body));
            }
            Act::Cancel { key, order } => {
                let target = format!("/orders/{}/cancel", 550 + order % 24);
                walker.call(*key, request(Method::Post, &target));
            }
            Act::Look { key, target, number } => {
                let number = if target % 15 == 0 { 550 + number % 24 } else { number % 40 };
                let target = pick(&TARGETS, *target).replace('#', &number.to_string());
                walker.call(*key, request(Method::Get, &target));
            }
            Act::Register { key, body } => {
                walker.call(*key, with_json(request(Method::Post, "/webhooks"), body));
            }
            Act::Unregister { key, number } => {
                walker.call(*key, request(Method::Delete, &format!("/webhooks/{}", number % 9)));
            }
            Act::Stray { key, verb, target } => {
                let target = pick(&TARGETS, *target).replace('#', "%10");
                walker.call(*key, request(pick(crate::harness::VERBS, *verb), &target));
            }
            Act::Move { kind, entity, input } => {
                let Some((kind, id, state)) = entity_of(walker, *kind, *entity) else { return };
                let on = pick(&inputs(kind, &state, input % 4 == 0), input / 4);
                let before = walker.world.holdings();
                let done = walker.world.world.apply(Name::Shipper, kind, &id, on);
                walker.touched(before, format!("{kind} {id} {on}"), done);
            }
            Act::Walk { kind, entity, state } => {
                let Some((kind, id, _)) = entity_of(walker, *kind, *entity) else { return };
                let machine = service(Name::Shipper).machines().iter().find(|it| it.name() == kind);
                let Some(machine) = machine else { return };
                let to = pick(&machine.states(), *state);
                let before = walker.world.holdings();
                let done = walker.world.world.walk(Name::Shipper, kind, &id, to);
                walker.touched(before, format!("{kind} {id} to {to}"), done);
            }
            Act::Patch { entity, what } => patch(walker, *entity, *what),
            Act::Advance { seconds } => {
                let to =
                    walker.world.world.now() + jiff::SignedDuration::from_secs(i64::from(*seconds));
                let moved = walker.world.advance_to(to);
                let _ = writeln!(walker.story, "{moved:?}");
                walker.changes.extend(moved);
            }
            Act::Receive { how } => walker.world.receiver = pick(&RECEIVERS, *how),
            Act::Deliver => walker.world.deliver(),
            Act::Take => {
                let attempts = walker.world.world.take_attempts();
                let _ = writeln!(walker.story, "{attempts:?}");
                walker.away.extend(attempts);
            }
            Act::Answer { how } => {
                let receiver = pick(&RECEIVERS, *how);
                let away = std::mem::take(&mut walker.away);
                for post in away.iter().rev() {
                    walker.world.world.delivered(post.delivery, &receiver(post));
                }
                // Told twice, it counts once.
                let told = walker.world.holdings();
                for post in &away {
                    walker.world.world.delivered(post.delivery, &receiver(post));
                }
                assert_eq!(told, walker.world.holdings());
            }
            Act::Redeliver { number } => {
                let again = walker.world.world.redeliver(&format!("d{}", number % 20));
                let again = again.map(|delivery| (delivery.number, delivery.state()));
                let _ = writeln!(walker.story, "{again:?}");
            }
        }
    }
}

impl Walker {
    /// A call as one of the keys; its whole answer is part of the story.
    fn call(&mut self, key: u32, request: Request) {
        let key = pick(&KEYS, key);
        let token = match key {
            "nobody" => "nobody".to_owned(),
            key => self.world.credential(Name::Shipper, key),
        };
        let request = request.with("authorization", format!("Bearer {token}"));
        let reply = try_out(&mut self.world, Name::Shipper, request);
        *self.statuses.entry(reply.status).or_default() += 1;
        let _ = writeln!(self.story, "{}\n{:?}", reply.wire(), reply.explanation);
    }

    /// What came of a touch from inside; a refused one has changed nothing.
    fn touched(
        &mut self,
        before: String,
        told: String,
        done: Result<
            Vec<shipmock::internals::sim::journal::Change>,
            shipmock::internals::providers::OperatorError,
        >,
    ) {
        match done {
            Ok(moved) => {
                let _ = writeln!(self.story, "{told}: {moved:?}");
                self.changes.extend(moved);
            }
            Err(trouble) => {
                assert!(before == self.world.holdings(), "{told}: {trouble}, but changed");
                let _ = writeln!(self.story, "{told}: {trouble}");
            }
        }
    }
}

/// The body with the ids of two products that the seed drew.
fn named(walker: &Walker, body: &Value) -> Value {
    let products = service(Name::Shipper)
        .kind("product")
        .unwrap()
        .list(walker.world.world.providers(), None, 9)
        .unwrap();
    let id = |place: usize| json!(products[place].id);
    let mut body = body.clone();
    for item in body.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        match item["id"].as_str() {
            Some("lid") => item["id"] = id(1),
            Some("stop") => item["id"] = id(2),
            _ => {}
        }
    }
    body
}

/// The entities of a kind that may be touched; of the keys only the second, so that there is somebody left to call.
fn entities(walker: &Walker, kind: &str) -> Vec<Summary> {
    let mut all = service(Name::Shipper)
        .kind(kind)
        .unwrap()
        .list(walker.world.world.providers(), None, 500)
        .unwrap();
    all.retain(|it| kind != "key" || it.id == "2");
    all
}

/// One of the entities of one of the kinds, if it has any: kind, id and state.
fn entity_of(walker: &Walker, kind: u32, entity: u32) -> Option<(&'static str, String, String)> {
    const MOVED: [&str; 10] = [
        "shipment",
        "shipment",
        "shipment",
        "shipment",
        "payment",
        "payment",
        "contact_task",
        "order",
        "webhook",
        "key",
    ];
    let kind = pick(&MOVED, kind);
    let mut all = entities(walker, kind);
    let chosen = all.len().checked_sub(1)?.min(entity as usize % all.len());
    let chosen = all.swap_remove(chosen);
    Some((kind, chosen.id, chosen.state.unwrap_or_default()))
}

/// The inputs of a kind that are possible in a state, or all of them and one that nothing has.
fn inputs(kind: &str, state: &str, any: bool) -> Vec<&'static str> {
    let machine = service(Name::Shipper).machines().iter().find(|it| it.name() == kind);
    let Some(machine) = machine else { return vec!["fulfill", "cancel", "dance"] };
    let lines = machine.lines().into_iter();
    let mut inputs: Vec<_> =
        lines.filter(|line| any || line.0 == state).map(|line| line.1).collect();
    inputs.push("dance");
    if !any && inputs.len() > 1 {
        inputs.pop();
    }
    inputs
}

/// Sets what an operator can set, well or badly. Stock is left alone: it is counted.
fn patch(walker: &mut Walker, entity: u32, what: u32) {
    let (kind, fields) = match what % 12 {
        0 => {
            ("order", json!({ "store_name": "Elsewhere", "address": { "phone1": "+21611111111" } }))
        }
        1 => (
            "order",
            json!({ "journey": pick(&["lost", "waiting", "delivered_and_paid", "canceled"], what / 12) }),
        ),
        2 => ("order", json!({ "store_name": null, "journey": "nowhere" })),
        3 => ("order", json!({ "status": "Paid" })),
        4 => ("product", json!({ "price": "123.456", "cost": 7 })),
        5 => ("product", json!({ "name": "Renamed", "price": -1 })),
        6 => ("product", json!({ "status": "inactive" })),
        7 => ("shipment", json!({ "on_hold": true, "failure": "Customer refused the parcel" })),
        8 => ("shipment", json!({ "failure": null, "on_hold": 1 })),
        9 => ("webhook", json!({ "failure_count": 7 })),
        10 => ("key", json!({ "state": pick(&["active", "disabled", "active"], what / 12) })),
        _ => ("contact_task", json!({ "state": "called" })),
    };
    let all = entities(walker, kind);
    let Some(chosen) = all.get(entity as usize % all.len().max(1)) else { return };
    let before = walker.world.holdings();
    let done =
        walker.world.world.patch(Name::Shipper, kind, &chosen.id, fields.as_object().unwrap());
    let told = format!("{kind} {} {fields}", chosen.id);
    walker.touched(before, told, done.map(|_| Vec::new()));
}
