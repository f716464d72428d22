//! What holds after every walk.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;
use shipmock::internals::providers::{Detail, HistoryRow, Name, service};
use shipmock::internals::sim::machine::Diagram;

use super::{Walker, text};
use crate::harness::{START, at};
use crate::shipper::shop::{DELIVERED, WAITING};

/// Every law.
pub fn check(walker: &Walker) {
    histories(walker);
    reported(walker);
    stock(walker);
    money(walker);
    webhooks(walker);
    journal(walker);
}

fn entities(walker: &Walker, kind: &str) -> Vec<(String, Detail)> {
    let providers = walker.world.world.providers();
    let service = service(Name::Shipper);
    let all = service.kind(kind).unwrap().list(providers, None, usize::MAX).unwrap();
    all.into_iter()
        .map(|it| {
            let detail = service.kind(kind).unwrap().detail(providers, &it.id).unwrap();
            assert_eq!(it.state, detail.state, "{kind} {}", it.id);
            (it.id, detail)
        })
        .collect()
}

/// The states in a history form a path in the table, from a beginning to where the entity stands.
fn histories(walker: &Walker) {
    for machine in service(Name::Shipper).machines() {
        for (id, detail) in entities(walker, machine.name()) {
            let told = format!("{} {id}: {detail:?}", machine.name());
            assert!(is_path(*machine, &detail), "{told}");
            let last = detail.history.last().map(|passage| passage.at);
            assert!(last.is_none_or(|at| at <= walker.world.world.now()), "{told}");
        }
    }
}

fn is_path(machine: &dyn Diagram, detail: &Detail) -> bool {
    let lines = machine.lines();
    let begins = match detail.history.first() {
        Some(first) => machine.starts().contains(&&*first.from),
        None => machine.starts().contains(&detail.state.as_deref().unwrap()),
    };
    let taken = |passage: &HistoryRow| {
        lines
            .iter()
            .any(|line| (line.0, line.1, line.2) == (&*passage.from, &*passage.on, &*passage.to))
    };
    let joined = detail
        .history
        .windows(2)
        .all(|pair| pair[0].to == pair[1].from && pair[0].at <= pair[1].at);
    let ends = detail.history.last().is_none_or(|last| Some(&*last.to) == detail.state.as_deref());
    begins && joined && ends && detail.history.iter().all(taken)
}

/// Every passage since the beginning was reported once, and nothing else was.
fn reported(walker: &Walker) {
    let mut counts: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for change in &walker.changes {
        let moves = format!("{} {} {} {}", change.at, change.on, change.from, change.to);
        *counts.entry((change.kind.to_string(), change.id.clone(), moves)).or_default() += 1;
    }
    for kind in ["shipment", "payment", "contact_task"] {
        for (id, detail) in entities(walker, kind) {
            let recorded = ["555", "554"].contains(&id.as_str())
                || [DELIVERED, WAITING].contains(&id.as_str());
            // The recorded past of the documented orders is nobody's doing.
            let own = if recorded { recorded_steps(kind, &id) } else { 0 };
            for passage in detail.history.iter().skip(own) {
                let moves =
                    format!("{} {} {} {}", passage.at, passage.on, passage.from, passage.to);
                *counts.entry((kind.to_owned(), id.clone(), moves)).or_default() -= 1;
            }
        }
    }
    let odd: Vec<_> = counts
        .iter()
        .filter(|((kind, ..), count)| **count != 0 && !["key", "webhook"].contains(&kind.as_str()))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

/// How many steps of a documented entity are in the scenario.
fn recorded_steps(kind: &str, id: &str) -> usize {
    match (kind, id) {
        ("contact_task", _) => 2,
        ("shipment", DELIVERED) => 4,
        ("payment", DELIVERED) => 2,
        _ => 0,
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn amount(value: &Value) -> Decimal {
    text(value).parse().unwrap()
}

/// How many units of each line of a shipment are not in stock: with the warehouse's packers, the carrier, the customer.
fn outside(detail: &Detail) -> Vec<(u64, Option<String>, u64)> {
    let lines = detail.data["items"].as_array().unwrap();
    let back = |line: &Value| line["back"].as_u64().unwrap_or_default();
    let line = |line: &Value| {
        let variant = line["variant"].as_str().map(str::to_owned);
        (number(&line["product"]), variant, number(&line["quantity"]) - back(line))
    };
    let ended = detail.state.as_deref();
    if ended.is_some_and(|state| ["canceled", "returnedtosender"].contains(&state)) {
        assert!(lines.iter().all(|it| back(it) == number(&it["quantity"])), "{detail:?}");
    }
    lines.iter().map(line).collect()
}

/// Nothing is made and nothing is lost: what is in stock and what is outside are always the same together.
fn stock(walker: &Walker) {
    let mut units: BTreeMap<u64, i64> = BTreeMap::new();
    for (_, detail) in entities(walker, "product") {
        if detail.data["organization"] != 1 {
            continue;
        }
        let variants = detail.data["variants"].as_array().unwrap();
        let stock = |value: &Value| value["stock"].as_i64().unwrap();
        let here = if variants.is_empty() {
            stock(&detail.data)
        } else {
            variants.iter().map(stock).sum()
        };
        units.insert(number(&detail.data["id"]), here);
    }
    for (_, detail) in entities(walker, "shipment") {
        for (product, _, outside) in outside(&detail) {
            *units.get_mut(&product).unwrap() += i64::try_from(outside).unwrap();
        }
    }
    // The scenario's stock, and the units of orders 554 and 555, which it does not count as in stock.
    assert_eq!(units, BTreeMap::from([(1, 42 + 1), (442, 138 + 3), (550, 412)]));
}

/// Revenue is what a row says it is, comes only with a delivery, and is all that the customer owes.
fn money(walker: &Walker) {
    let mut earned: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut owed: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut partial: BTreeMap<String, bool> = BTreeMap::new();
    for (id, shipment) in entities(walker, "shipment") {
        let order = text(&shipment.data["order"]).to_owned();
        let transactions = shipment.data["transactions"].as_array().unwrap();
        assert!(
            transactions.iter().all(|it| amount(&it["amount"]) >= Decimal::ZERO),
            "{shipment:?}"
        );
        let revenue: Vec<&Value> =
            transactions.iter().filter(|it| it["kind"] == "revenue").collect();
        let counts = |it: &&&Value| {
            ["Successful", "Under Review", "Transferred"].contains(&text(&it["state"]))
        };
        let counted: Decimal = revenue.iter().filter(counts).map(|it| amount(&it["amount"])).sum();
        let delivered = |on: &str| shipment.history.iter().any(|passage| passage.on == on);
        if !delivered("deliver") && !delivered("deliver_partly") {
            assert_eq!(counted, Decimal::ZERO, "{id}: {shipment:?}");
        }
        *earned.entry(order.clone()).or_default() += counted;
        *owed.entry(order.clone()).or_default() +=
            revenue.iter().map(|it| amount(&it["amount"])).sum::<Decimal>();
        let parted = delivered("deliver_partly") || delivered("return_partly");
        *partial.entry(order).or_default() |= parted;
    }
    for (id, order) in entities(walker, "order") {
        let data = &order.data;
        assert_eq!(amount(&data["revenue"]), earned.get(&id).copied().unwrap_or_default(), "{id}");
        let lines = data["items"].as_array().unwrap().iter().map(|line| amount(&line["total"]));
        let whole = lines.sum::<Decimal>() + amount(&data["shipping_total"]);
        if let Some(owed) = owed.get(&id).filter(|_| !partial[&id]) {
            let expected = if data["is_cod"] == true { whole } else { Decimal::ZERO };
            assert_eq!(*owed, expected, "{id}: {data}");
        }
    }
}

/// Each webhook tells of a step that was taken, in a row of the table that has this topic, with the bytes it signs.
fn webhooks(walker: &Walker) {
    let shipments: BTreeMap<String, Detail> = entities(walker, "shipment").into_iter().collect();
    let table = service(Name::Shipper)
        .machines()
        .iter()
        .find(|it| it.name() == "shipment")
        .unwrap()
        .lines();
    for delivery in walker.world.world.outbox().deliveries() {
        let body: Value = serde_json::from_slice(&delivery.body).unwrap();
        let data = &body["data"];
        assert_eq!((text(&body["event"]), delivery.at >= at(START)), (&*delivery.event, true));
        assert_ne!(data["status"], data["previous_status"], "{body}");
        if delivery.event == "shipment.status_changed" {
            let history = &shipments[text(&data["shipment_uuid"])].history;
            let (from, to) = (text(&data["previous_status"]), text(&data["status"]));
            let told =
                history.iter().any(|it| it.at == delivery.at && it.from == from && it.to == to);
            assert!(told, "{body}: {history:?}");
            let topic = |line: &&shipmock::internals::sim::machine::MachineLine| {
                (line.0, line.2) == (from, to)
            };
            assert_eq!(table.iter().find(topic).and_then(|line| line.3), Some(&*delivery.event));
        }
        let attempts = &delivery.attempts;
        assert!(
            attempts
                .windows(2)
                .all(|pair| pair[0].at <= pair[1].at && pair[0].number + 1 == pair[1].number)
        );
    }
}

/// Entries are numbered and timed in order, and a refusal has moved nothing.
fn journal(walker: &Walker) {
    let entries: Vec<_> =
        walker.world.world.journal().entries().map(|entry| entry.to_entry()).collect();
    for pair in entries.windows(2) {
        assert!(pair[0].at <= pair[1].at && pair[0].number + 1 == pair[1].number);
    }
    for entry in entries {
        let refused = entry.reply.status >= 400;
        assert_eq!(refused, entry.reply.explanation.is_some(), "{entry:?}");
        assert!(!refused || entry.changes.is_empty(), "{entry:?}");
        assert_eq!(
            entry.route.is_none(),
            [404, 405].contains(&entry.reply.status) && entry.account.is_none()
                || entry.reply.status == 200
                    && entry.request.method == shipmock::internals::message::Method::Options,
            "{entry:?}"
        );
    }
}
