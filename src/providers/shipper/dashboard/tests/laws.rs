//! The arithmetic of the dashboard holds in every state of every world, and agrees with the book it is made from.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{GROUPS, Table, keys, world};
use crate::kit::time::iso_micros;
use crate::providers::shipper::machines::{
    ContactInput, PaymentInput, ShipmentInput, ShipmentState,
};
use crate::providers::shipper::order::{
    Confirmation, Order, OrderKey, Shipment, TransactionKind, TransactionState,
};
use crate::providers::shipper::{Shipper, lifecycle};

/// A push at some order, whatever its tables say to it.
#[derive(Debug, Clone)]
enum Push {
    Shipment(ShipmentInput),
    Payment(PaymentInput),
    Contact(ContactInput),
    Cancel,
    Fulfill,
    Travel,
}

fn push() -> impl Strategy<Value = Push> {
    prop_oneof![
        6 => prop::sample::select(ShipmentInput::ALL).prop_map(Push::Shipment),
        3 => prop::sample::select(PaymentInput::ALL).prop_map(Push::Payment),
        3 => prop::sample::select(ContactInput::ALL).prop_map(Push::Contact),
        1 => Just(Push::Cancel),
        1 => Just(Push::Fulfill),
        3 => Just(Push::Travel),
    ]
}

impl Table {
    fn push(&mut self, id: u64, place: usize, push: &Push) {
        let key = OrderKey { organization: 1, order: id };
        self.now += SignedDuration::from_mins(90);
        let mut parts = self.parts();
        let cx = &mut parts.cx::<Shipper>();
        // Most pushes have no row: then nothing moves.
        let _ = match push {
            Push::Shipment(on) => lifecycle::shipment(cx, key, place, *on),
            Push::Payment(on) => lifecycle::payment(cx, key, place, *on),
            Push::Contact(on) => lifecycle::contact(cx, key, *on),
            Push::Cancel => {
                lifecycle::cancel(cx, key);
                Ok(())
            }
            Push::Fulfill => lifecycle::fulfill(cx, key),
            Push::Travel => {
                lifecycle::travel(cx, key);
                Ok(())
            }
        };
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

/// The overview adds up from the transactions of these shipments, and by order type.
fn overview_holds(overview: &Value, shipments: &[&Shipment], orders: usize) {
    for name in GROUPS {
        group_holds(name, &overview[name]);
    }
    let over = |key: &str| GROUPS.iter().map(|name| money(&overview[name][key])).sum::<Decimal>();
    let kept: Vec<_> =
        shipments.iter().filter(|it| it.life.state() != ShipmentState::Canceled).collect();
    let counts: u64 = GROUPS.iter().map(|name| number(&overview[name]["count"])).sum();
    assert_eq!(counts, kept.len() as u64);
    assert_eq!(over("revenue"), kept.iter().map(|it| live(it, true)).sum::<Decimal>());
    assert_eq!(over("expenses"), kept.iter().map(|it| live(it, false)).sum::<Decimal>());
    let types = overview["stats_by_order_type"].as_array().unwrap();
    assert_eq!(types.len(), usize::from(orders > 0));
    for of_type in types {
        assert_eq!(of_type["order_type"], "dropshipping");
        assert!(GROUPS.iter().all(|name| of_type[name] == overview[name]));
    }
}

fn delivery_holds(stats: &Value, overview: &Value, shipments: &[&Shipment]) {
    let rows = stats["total_by_status"].as_array().unwrap();
    let states: Vec<_> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    let vocabulary: Vec<_> = ShipmentState::ALL.iter().map(|state| state.word()).collect();
    let occurring = vocabulary.into_iter().filter(|word| states.contains(word)).collect::<Vec<_>>();
    assert_eq!(states, occurring);
    assert_eq!(rows.iter().map(|row| number(&row["count"])).sum::<u64>(), shipments.len() as u64);
    for row in rows {
        let here = || shipments.iter().filter(|it| it.life.state().word() == row["status"]);
        assert_eq!(number(&row["count"]), here().count() as u64);
        assert_eq!(number(&row["on_hold_count"]), here().filter(|it| it.on_hold).count() as u64);
    }
    let failures = stats["total_delivery_failures_by_reason"].as_array().unwrap();
    let failed: u64 = failures.iter().map(|row| number(&row["count"])).sum();
    assert_eq!(failed, number(&overview["shipments_failed_delivery"]["count"]));
    let named: Vec<_> = failures.iter().filter(|row| !row["reason"].is_null()).collect();
    assert!(named.windows(2).all(|pair| number(&pair[0]["count"]) >= number(&pair[1]["count"])));
    assert!(failures.len() - named.len() <= 1);

    let mut days: Vec<u32> = Vec::new();
    for shipment in shipments {
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

/// The funnel adds up; how many leads there are.
fn funnel_holds(answer: &Value, by: Confirmation, orders: &[&Order]) -> u64 {
    let leads = orders.iter().filter(|it| it.confirmation == by && it.contact.is_some()).count();
    assert_eq!(answer["has_stats"], leads > 0);
    if leads == 0 {
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
    assert_eq!(of("total"), leads as u64);
    let rates = &answer["stats"]["delivery_rates"];
    let of_rates = |key: &str| number(&rates[key]);
    let last = of_rates("delivered") + of_rates("failed");
    let pipeline = last + of_rates("returning") + of_rates("in_transit") + of_rates("not_shipped");
    assert_eq!(of_rates("total_final"), last);
    assert_eq!(of_rates("total_pipeline"), pipeline);
    assert!(pipeline <= of("confirmed"));
    assert_eq!(exact(&rates["overall_rate"]), rate(of_rates("delivered"), pipeline, 2));
    assert_eq!(exact(&rates["absolute_rate"]), rate(of_rates("delivered"), last, 2));
    leads as u64
}

fn row_holds(row: &Value) {
    let of = |key: &str| number(&row[key]);
    let parts = ["confirmed", "failed", "unreachable", "duplicate_wrong", "closed_other"]
        .map(|it| of(&format!("leads_{it}")));
    let leads = of("leads_total");
    assert_eq!(leads, parts.iter().sum::<u64>());
    let ways = ["delivered", "failed", "in_transit", "returning"];
    let over = |what: &str| ways.map(|way| of(&format!("{way}_{what}"))).iter().sum::<u64>();
    assert_eq!(of("shipped_units"), over("units"));
    // An order whose shipments went different ways counts in each, as in the documented sample.
    assert!(of("shipped_orders") <= over("orders"));
    assert!(of("confirmed_return_orders") <= of("failed_orders"));
    assert!(of("shipped_orders") <= of("shipped_units"));
    assert_eq!(exact(&row["overall_confirmation_rate"]), rate(of("leads_confirmed"), leads, 1));
    assert_eq!(exact(&row["conversion_rate"]), rate(of("delivered_orders"), leads, 1));
    assert!(exact(&row["absolute_confirmation_rate"]) >= exact(&row["overall_confirmation_rate"]));
    assert!(exact(&row["absolute_confirmation_rate"]) <= Decimal::ONE_HUNDRED);
    for name in GROUPS {
        group_holds(name, &row[name]);
    }
}

/// Asks all five endpoints with a filter and holds them against the orders it lets through.
fn everything_holds(table: &mut Table, filter: &str, product: Option<u64>, orders: &[&Order]) {
    let carries = |shipment: &&Shipment| {
        product.is_none_or(|id| shipment.lines.iter().any(|line| line.product == id))
    };
    let orders: Vec<&Order> = orders
        .iter()
        .copied()
        .filter(|order| product.is_none_or(|id| order.lines.iter().any(|line| line.product == id)))
        .collect();
    let shipments: Vec<&Shipment> =
        orders.iter().flat_map(|order| &order.shipments).filter(carries).collect();
    let overview = table.get(&format!("overview?{filter}"));
    overview_holds(&overview, &shipments, orders.len());
    delivery_holds(&table.get(&format!("delivery-stats?{filter}")), &overview, &shipments);
    let mut leads = 0;
    for (path, by) in [
        ("confirmation-stats", Confirmation::External),
        ("internal-confirmation-stats", Confirmation::Internal),
    ] {
        leads += funnel_holds(&table.get(&format!("{path}?{filter}")), by, &orders);
    }
    let rows = table.get(&format!("product-performance?per_page=50&{filter}"));
    let products = rows["products"].as_array().unwrap();
    assert_eq!(number(&rows["total"]), products.len() as u64);
    products.iter().for_each(row_holds);
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
        days in 1_u32..90,
        hours in 0_i64..24 * 40,
        pushes in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, push()), 0..120),
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
}
