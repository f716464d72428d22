//! The arithmetic of the dashboard holds in every state of every world, and agrees with the book it is made from.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{GROUPS, Table, keys, world};
use crate::kit::time::iso_micros;
use crate::providers::shipper::Shipper;
use crate::providers::shipper::machines::{
    CONTACT, ContactState, ContactState as C, PAYMENT, SHIPMENT, ShipmentState,
};
use crate::providers::shipper::rules::{lifecycle, parcel};
use crate::providers::shipper::state::order::{
    Confirmation, Line, Order, OrderKey, Shipment, TransactionKind, TransactionState,
};
use crate::sim::machine::{Machine, Word};

/// A push at some order: one of the moves its tables allow, whichever are left.
#[derive(Debug, Clone)]
enum Push {
    Shipment(Index),
    Payment(Index),
    Contact(Index),
    Cancel,
    Fulfill,
    Wait(i64),
}

fn push() -> impl Strategy<Value = Push> {
    prop_oneof![
        8 => any::<Index>().prop_map(Push::Shipment),
        3 => any::<Index>().prop_map(Push::Payment),
        3 => any::<Index>().prop_map(Push::Contact),
        2 => Just(Push::Cancel),
        1 => Just(Push::Fulfill),
        2 => (1_i64..96).prop_map(Push::Wait),
    ]
}

/// One of the inputs that have a row in a state.
fn legal<S: Word, I: Word>(machine: &Machine<S, I>, state: S, index: &Index) -> Option<I> {
    let inputs = machine.rows.iter().filter(|row| row.from == state).map(|row| row.on);
    let inputs: Vec<I> = inputs.collect();
    (!inputs.is_empty()).then(|| *index.get(&inputs))
}

impl Table {
    fn push(&mut self, id: u64, place: usize, push: &Push) -> Option<()> {
        let key = OrderKey { organization: 1, order: id };
        let order = self.owner().book.get(id)?.clone();
        let shipment = order.shipments.get(place);
        let mut parts = self.parts();
        let cx = &mut parts.cx::<Shipper>();
        match push {
            Push::Shipment(index) => {
                let on = legal(&SHIPMENT, shipment?.life.state(), index)?;
                let stands = parcel::shipment_guard(shipment?, on).is_some();
                assert_eq!(lifecycle::shipment(cx, key, place, on).is_err(), stands);
            }
            Push::Payment(index) => {
                let on = legal(&PAYMENT, shipment?.payment.state(), index)?;
                let stands = parcel::payment_guard(shipment?.life.state(), on).is_some();
                assert_eq!(lifecycle::payment(cx, key, place, on).is_err(), stands);
            }
            Push::Contact(index) => {
                let on = legal(&CONTACT, order.contact?.state(), index)?;
                lifecycle::contact(cx, key, on).unwrap();
            }
            Push::Cancel => drop(lifecycle::cancel(cx, key)),
            Push::Fulfill => lifecycle::fulfill(cx, key).ok()?,
            Push::Wait(hours) => self.now += SignedDuration::from_hours(*hours),
        }
        Some(())
    }

    fn orders(&self) -> Vec<Order> {
        self.owner().book.iter().cloned().collect()
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// A number as it is printed, exactly.
fn exact(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

fn money(value: &Value) -> Decimal {
    let [entry] = value.as_array().unwrap().as_slice() else { panic!("one currency: {value}") };
    assert_eq!(entry["currency"]["ISO_4217"], "TND");
    entry["amount"].as_str().unwrap().parse().unwrap()
}

fn sum(of: &Value) -> Decimal {
    of.as_object().unwrap().values().map(money).sum()
}

fn rate(part: u64, whole: u64, places: u32) -> Decimal {
    use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    if whole == 0 {
        return Decimal::ZERO;
    }
    (Decimal::from(part * 100) / Decimal::from(whole))
        .round_dp_with_strategy(places, MidpointAwayFromZero)
}

/// Whether a shipment's transaction counts, and for which side.
fn live(shipment: &Shipment, revenue: bool) -> Decimal {
    let transactions = shipment.transactions.iter();
    transactions
        .filter(|it| it.state != TransactionState::Canceled)
        .filter(|it| (it.kind == TransactionKind::Revenue) == revenue)
        .map(|it| it.amount)
        .sum()
}

/// The laws of one `StatusGroup`.
fn group_holds(name: &str, group: &Value) {
    assert_eq!(group["status"], name);
    let of = |key: &str| money(&group[key]);
    assert_eq!(of("revenue"), of("revenue_expected") + of("revenue_transferred"));
    assert_eq!(of("expenses"), of("expenses_expected") + of("expenses_transferred"));
    assert_eq!(of("net_profits"), of("revenue") - of("expenses"));
    assert_eq!(of("expenses"), sum(&group["expenses_breakdown"]));
    assert_eq!(of("expenses_transferred"), sum(&group["expenses_breakdown_transferred"]));
    let kinds: Vec<&str> = TransactionKind::expenses().iter().map(|kind| kind.word()).collect();
    assert_eq!(keys(&group["expenses_breakdown"]), kinds);
    assert_eq!(keys(&group["expenses_breakdown_transferred"]), kinds);
    for kind in kinds {
        let transferred = money(&group["expenses_breakdown_transferred"][kind]);
        assert!(transferred <= money(&group["expenses_breakdown"][kind]));
    }
    assert!(number(&group["orders_with_revenue_count"]) <= number(&group["count"]));
}

/// Where a shipment belongs, told apart from its words alone.
fn group_of(shipment: &Shipment) -> Option<usize> {
    Some(match shipment.life.state().word() {
        "awaitingconfirmation" | "awaitingpackaging" | "awaitingpickup" | "onitsway" => 0,
        "delivered" | "partiallydelivered" | "partiallyreturned" => {
            2 - usize::from(shipment.is_paid())
        }
        "returning" | "returnedtosender" | "lost" => 3,
        _ => return None,
    })
}

/// The groups add up from the transactions of these shipments.
fn groups_hold(groups: &Value, shipments: &[(u64, &Shipment)]) {
    for (place, name) in GROUPS.iter().enumerate() {
        let group = &groups[name];
        group_holds(name, group);
        let here: Vec<_> = shipments.iter().filter(|(_, it)| group_of(it) == Some(place)).collect();
        assert_eq!(number(&group["count"]), here.len() as u64);
        // What was spent on a cancelled shipment stands with the failed ones.
        let canceled = |it: &Shipment| place == 3 && it.life.state() == ShipmentState::Canceled;
        let paying =
            || shipments.iter().filter(|(_, it)| group_of(it) == Some(place) || canceled(it));
        let sum = |revenue: bool| paying().map(|(_, it)| live(it, revenue)).sum::<Decimal>();
        assert_eq!((money(&group["revenue"]), money(&group["expenses"])), (sum(true), sum(false)));
        let earning = here.iter().filter(|(_, it)| !live(it, true).is_zero());
        let orders: BTreeSet<u64> = earning.map(|(order, _)| *order).collect();
        assert_eq!(number(&group["orders_with_revenue_count"]), orders.len() as u64);
    }
}

/// The overview is that of these shipments, as a whole and by order type.
fn overview_holds(overview: &Value, shipments: &[(u64, &Shipment)], orders: usize) {
    groups_hold(overview, shipments);
    for revenue in [true, false] {
        let name = if revenue { "revenue" } else { "expenses" };
        let groups: Decimal = GROUPS.iter().map(|group| money(&overview[group][name])).sum();
        let all: Decimal = shipments.iter().map(|(_, it)| live(it, revenue)).sum();
        assert_eq!(groups, all, "every transaction is in one group");
    }
    let kept =
        shipments.iter().filter(|(_, it)| it.life.state() != ShipmentState::Canceled).count();
    let counts: u64 = GROUPS.iter().map(|name| number(&overview[name]["count"])).sum();
    assert_eq!(counts, kept as u64);
    let types = overview["stats_by_order_type"].as_array().unwrap();
    assert_eq!(types.len(), usize::from(orders > 0));
    for of_type in types {
        assert_eq!(of_type["order_type"], "dropshipping");
        assert!(GROUPS.iter().all(|name| of_type[name] == overview[name]));
    }
}

fn delivery_holds(stats: &Value, overview: &Value, shipments: &[(u64, &Shipment)]) {
    let rows = stats["total_by_status"].as_array().unwrap();
    let states: Vec<_> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    let vocabulary: Vec<_> = ShipmentState::ALL.iter().map(|state| state.word()).collect();
    let occurring = vocabulary.into_iter().filter(|word| states.contains(word)).collect::<Vec<_>>();
    assert_eq!(states, occurring);
    assert_eq!(rows.iter().map(|row| number(&row["count"])).sum::<u64>(), shipments.len() as u64);
    for row in rows {
        let here = || shipments.iter().filter(|(_, it)| it.life.state().word() == row["status"]);
        assert_eq!(number(&row["count"]), here().count() as u64);
        assert_eq!(
            number(&row["on_hold_count"]),
            here().filter(|(_, it)| it.on_hold).count() as u64
        );
    }
    let failures = stats["total_delivery_failures_by_reason"].as_array().unwrap();
    let failed: u64 = failures.iter().map(|row| number(&row["count"])).sum();
    assert_eq!(failed, number(&overview["shipments_failed_delivery"]["count"]));
    let named: Vec<_> = failures.iter().filter(|row| !row["reason"].is_null()).collect();
    assert!(named.windows(2).all(|pair| number(&pair[0]["count"]) >= number(&pair[1]["count"])));
    assert!(failures.len() - named.len() <= 1);

    let mut days: Vec<u32> = Vec::new();
    for (_, shipment) in shipments {
        let at = |wanted: &[ShipmentState]| {
            let passages = shipment.life.history().iter();
            passages.filter(|it| it.from != it.to && wanted.contains(&it.to)).map(|it| it.at).next()
        };
        use ShipmentState::{Delivered, OnItsWay, PartiallyDelivered};
        let ends = at(&[OnItsWay]).zip(at(&[Delivered, PartiallyDelivered]));
        days.extend(ends.map(|(from, to)| crate::kit::time::business_days(from, to)));
    }
    let shares = ["within_1bd", "within_2bd", "over_2bd"];
    let shares = shares.map(|share| exact(&stats[&format!("delivered_{share}_pct")]));
    let whole = if days.is_empty() { Decimal::ZERO } else { Decimal::ONE_HUNDRED };
    assert_eq!(shares.iter().sum::<Decimal>(), whole);
    let within = |fits: fn(u32) -> bool| days.iter().filter(|it| fits(**it)).count() as u64;
    let counts = [within(|it| it <= 1), within(|it| it == 2), within(|it| it > 2)];
    for (share, count) in shares.iter().zip(counts) {
        let off = (*share - rate(count, days.len() as u64, 10)).abs();
        assert!(off < Decimal::new(1, 1), "{share} is off by {off}");
    }
    let slowest = days.iter().copied().max().unwrap_or(0);
    assert_eq!(stats["max_delivery_speed_business_days"], slowest);
    let average = exact(&stats["avg_delivery_speed_business_days"]);
    let total: u64 = days.iter().map(|it| u64::from(*it)).sum();
    assert!(
        (average * Decimal::from(days.len()) - Decimal::from(total)).abs()
            <= Decimal::new(5, 2) * Decimal::from(days.len())
    );
    assert!(average.scale() <= 1);
}

/// Whether an order is a lead in one of these states.
fn is(order: &Order, states: &[ContactState]) -> bool {
    order.contact.as_ref().is_some_and(|task| states.contains(&task.state()))
}

/// The funnel adds up; how many leads there are.
fn funnel_holds(answer: &Value, by: Confirmation, orders: &[&Order], book: &[Order]) -> u64 {
    let leads: Vec<_> =
        orders.iter().filter(|it| it.confirmation == by && it.contact.is_some()).collect();
    if !book.iter().any(|it| it.confirmation == by && it.contact.is_some()) {
        assert_eq!(answer, &json!({ "has_stats": false, "stats": null }));
        return 0;
    }
    let of = |key: &str| number(&answer["stats"]["leads"][key]);
    let parts = [
        "confirmed",
        "failed",
        "closed_unreachable",
        "closed_unconfirmed",
        "under_process",
        "no_attempt",
    ];
    assert_eq!(of("total"), parts.map(of).iter().sum::<u64>());
    assert_eq!(of("total"), leads.len() as u64);
    assert_eq!(answer["has_stats"], true);
    let count = |states: &[ContactState]| leads.iter().filter(|it| is(it, states)).count() as u64;
    let counts = [
        count(&[C::Called]),
        count(&[C::Failed, C::Duplicate]),
        count(&[C::Unreachable]),
        count(&[C::Unconfirmed, C::Canceled]),
        count(&[C::InProgress]),
        count(&[C::Pending]),
    ];
    assert_eq!(parts.map(of), counts);
    let rates = &answer["stats"]["delivery_rates"];
    let of_rates = |key: &str| number(&rates[key]);
    let last = of_rates("delivered") + of_rates("failed");
    let pipeline = last + of_rates("returning") + of_rates("in_transit") + of_rates("not_shipped");
    assert_eq!(of_rates("total_final"), last);
    assert_eq!(of_rates("total_pipeline"), pipeline);
    let confirmed = leads.iter().filter(|it| is(it, &[ContactState::Called]));
    let mut stages = [0; 5];
    for order in confirmed {
        // The best prospect of its shipments counts.
        let any = |words: &[&str]| {
            order.shipments.iter().any(|it| words.contains(&it.life.state().word()))
        };
        let best = [
            any(&["delivered", "partiallydelivered", "partiallyreturned"]),
            any(&["onitsway"]),
            any(&["awaitingconfirmation", "awaitingpackaging", "awaitingpickup"]),
            any(&["returning"]),
            any(&["returnedtosender", "lost"]),
        ];
        if let Some(stage) = best.iter().position(|it| *it) {
            stages[stage] += 1;
        }
    }
    let names = ["delivered", "in_transit", "not_shipped", "returning", "failed"];
    assert_eq!(names.map(of_rates), stages);
    assert_eq!(exact(&rates["overall_rate"]), rate(of_rates("delivered"), pipeline, 2));
    assert_eq!(exact(&rates["absolute_rate"]), rate(of_rates("delivered"), last, 2));
    leads.len() as u64
}

/// A product's row is what these orders say of the product.
fn row_holds(row: &Value, orders: &[&Order]) {
    let of = |key: &str| number(&row[key]);
    let id: u64 = row["retailer_product_id"].as_str().unwrap().parse().unwrap();
    let sells = |lines: &[Line]| lines.iter().any(|line| line.product == id);
    // Where a unit stands: those of a parcel as the parcel does, those that came back in the warehouse.
    let here = |words: &'static [&str], of: fn(&Line) -> u32| {
        let mut found = BTreeSet::new();
        let mut units = 0;
        for order in orders {
            for shipment in &order.shipments {
                let stands = words.contains(&shipment.life.state().word());
                for line in shipment.lines.iter().filter(|line| stands && line.product == id) {
                    units += u64::from(of(line));
                    found.extend((of(line) > 0).then_some(order.id));
                }
            }
        }
        (found, units)
    };
    const SHIPPED: &[&str] = &[
        "onitsway",
        "delivered",
        "partiallydelivered",
        "partiallyreturned",
        "returning",
        "returnedtosender",
        "lost",
    ];
    let delivered = here(&["delivered", "partiallydelivered", "partiallyreturned"], Line::kept);
    let back = here(SHIPPED, |line| line.back);
    let mut failed = here(&["lost"], Line::kept);
    failed.0.extend(&back.0);
    failed.1 += back.1;
    for (column, (found, units)) in [
        ("in_transit", here(&["onitsway"], Line::kept)),
        ("delivered", delivered.clone()),
        ("failed", failed),
        ("returning", here(&["returning"], Line::kept)),
        ("confirmed_return", back),
        ("shipped", here(SHIPPED, |line| line.quantity)),
    ] {
        let printed = (of(&format!("{column}_orders")), of(&format!("{column}_units")));
        assert_eq!(printed, (found.len() as u64, units), "{column}");
    }
    let becomes = ["in_transit", "delivered", "failed", "returning"];
    let units: u64 = becomes.iter().map(|column| of(&format!("{column}_units"))).sum();
    assert_eq!(of("shipped_units"), units, "every unit became one thing");
    let leads = |states: &[ContactState]| {
        orders.iter().filter(|it| sells(&it.lines) && is(it, states)).count() as u64
    };
    let open = leads(&[C::Pending, C::InProgress]);
    let columns =
        ["total", "confirmed", "failed", "unreachable", "duplicate_wrong", "closed_other"];
    let [total, parts @ ..] = columns.map(|it| of(&format!("leads_{it}")));
    assert_eq!(total, leads(C::ALL));
    assert_eq!(total, parts.iter().sum::<u64>());
    let closed = leads(&[C::Unconfirmed, C::Canceled]) + open;
    let called = leads(&[C::Called]);
    let counts =
        [called, leads(&[C::Failed]), leads(&[C::Unreachable]), leads(&[C::Duplicate]), closed];
    assert_eq!(parts, counts);
    assert_eq!(exact(&row["overall_confirmation_rate"]), rate(called, total, 1));
    assert_eq!(exact(&row["absolute_confirmation_rate"]), rate(called, total - open, 1));
    let converts =
        |it: &&&Order| sells(&it.lines) && is(it, C::ALL) && delivered.0.contains(&it.id);
    let converted = orders.iter().filter(converts).count() as u64;
    assert_eq!(exact(&row["conversion_rate"]), rate(converted, total, 1));
    for rate in ["overall_confirmation_rate", "absolute_confirmation_rate", "conversion_rate"] {
        assert!(exact(&row[rate]) <= Decimal::ONE_HUNDRED, "{rate}");
    }
    let shipments =
        orders.iter().flat_map(|it| it.shipments.iter().map(|shipment| (it.id, shipment)));
    let shipments: Vec<_> = shipments.filter(|(_, it)| sells(&it.lines)).collect();
    groups_hold(row, &shipments);
}

/// Asks all five endpoints with a filter and holds them against the orders it lets through.
fn everything_holds(table: &mut Table, filter: &str, product: Option<u64>, orders: &[&Order]) {
    let carries = |shipment: &Shipment| {
        product.is_none_or(|id| shipment.lines.iter().any(|line| line.product == id))
    };
    let orders: Vec<&Order> = orders
        .iter()
        .copied()
        .filter(|order| product.is_none_or(|id| order.lines.iter().any(|line| line.product == id)))
        .collect();
    let shipments =
        orders.iter().flat_map(|it| it.shipments.iter().map(|shipment| (it.id, shipment)));
    let shipments: Vec<(u64, &Shipment)> = shipments.filter(|(_, it)| carries(it)).collect();
    let overview = table.get(&format!("overview?{filter}"));
    overview_holds(&overview, &shipments, orders.len());
    delivery_holds(&table.get(&format!("delivery-stats?{filter}")), &overview, &shipments);
    let book = table.orders();
    let mut leads = 0;
    for (path, by) in [
        ("confirmation-stats", Confirmation::External),
        ("internal-confirmation-stats", Confirmation::Internal),
    ] {
        leads += funnel_holds(&table.get(&format!("{path}?{filter}")), by, &orders, &book);
    }
    let rows = table.get(&format!("product-performance?per_page=50&{filter}"));
    let products = rows["products"].as_array().unwrap();
    assert_eq!(number(&rows["total"]), products.len() as u64);
    products.iter().for_each(|row| row_holds(row, &orders));
    if let (Some(id), [row]) = (product, products.as_slice()) {
        // One product's row is what the other endpoints say of it alone.
        assert_eq!(row["retailer_product_id"], id.to_string());
        assert_eq!(number(&row["leads_total"]), leads);
        assert!(GROUPS.iter().all(|name| row[name] == overview[name]));
    }
    assert!(product.is_none() || products.len() == usize::from(leads > 0 || !shipments.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_sum_holds_in_every_state(
        seed in any::<u64>(),
        count in 0_u32..80,
        days in prop_oneof![1_u32..3, 3_u32..90],
        hours in prop_oneof![Just(0_i64), 0_i64..24 * 40],
        pushes in prop::collection::vec((any::<Index>(), 0_usize..2, push()), 0..200),
        cut in 0_i64..90 * 24,
    ) {
        let mut world = world(seed, json!({ "history": { "orders": count, "days": days } }));
        let later = world.now() + SignedDuration::from_hours(hours);
        world.catch_up(later);
        let mut table = Table::of(&world, seed);
        if count > 0 {
            for (index, place, push) in &pushes {
                let id = 1 + index.index(count as usize) as u64;
                table.push(id, *place, push);
            }
        }
        let book = table.orders();
        let all: Vec<&Order> = book.iter().collect();
        everything_holds(&mut table, "", None, &all);
        for product in [1, 2, 3, 442, 550] {
            everything_holds(&mut table, &format!("retailer_product_id={product}"), Some(product), &all);
        }
        let cut: Timestamp = table.now - SignedDuration::from_hours(cut);
        let (before, after): (Vec<&Order>, Vec<&Order>) =
            book.iter().partition(|order| order.created_at <= cut);
        everything_holds(&mut table, &format!("end_date={}", iso_micros(cut)), None, &before);
        let next = iso_micros(cut + SignedDuration::from_micros(1));
        everything_holds(&mut table, &format!("start_date={next}"), None, &after);
        let both = format!("start_date={next}&retailer_product_id=2");
        everything_holds(&mut table, &both, Some(2), &after);
    }

    /// Every push is followed by the sums of those who asked before; a world read from its document has none and counts.
    #[test]
    fn sums_that_followed_every_change_are_those_of_a_fresh_count(
        seed in any::<u64>(),
        count in 20_u32..120,
        days in 1_u32..8,
        pushes in prop::collection::vec((any::<Index>(), 0_usize..2, push()), 0..120),
        cut in 0_i64..8 * 24,
    ) {
        let world = world(seed, json!({ "history": { "orders": count, "days": days } }));
        let mut table = Table::of(&world, seed);
        let cut = iso_micros(table.now - SignedDuration::from_hours(cut));
        let day = &cut[..10];
        let mut questions = Vec::new();
        for filter in ["", &format!("start_date={day}"), &format!("end_date={cut}")] {
            for product in ["", "&retailer_product_id=2", "&retailer_product_id=-1"] {
                for path in [
                    "overview", "delivery-stats", "confirmation-stats",
                    "internal-confirmation-stats", "product-performance",
                ] {
                    questions.push(format!("{path}?{filter}{product}"));
                }
            }
        }
        for question in &questions {
            table.get(question);
        }
        for (index, place, push) in &pushes {
            table.push(1 + index.index(count as usize) as u64, *place, push);
        }
        let mut fresh = Table::of(&world, seed);
        let document = serde_json::to_value(&table.providers).unwrap();
        (fresh.providers, fresh.now) = (serde_json::from_value(document).unwrap(), table.now);
        for question in &questions {
            prop_assert_eq!(table.get(question), fresh.get(question), "{}", question);
        }
    }
}
