//! What holds in every life of Shipper: money, stock and units add up, nothing is left unsettled, what is refused changes
//! nothing, and what an operator does is what a journey does.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use shipmock::internals::providers::{Name, OperatorError, service};

use super::shop::{SIZE_L, SIZE_M, Shop, order_of};
use crate::harness::Read as _;

/// A shop whose customers live as the numbers say.
fn shop() -> Shop {
    Shop::with(|setup| {
        setup.limits.get_or_insert_default().lifted = true;
        let organization = &mut setup.organizations.as_mut().unwrap()[0];
        organization.orders.clear();
    })
}

/// The units that there are of each product.
const EVER: [(u64, i64); 3] = [(1, 42), (442, 138), (550, 412)];

fn pick<T: Copy>(of: &[T], by: u32) -> T {
    of[by as usize % of.len()]
}

fn ids(shop: &Shop, kind: &str) -> Vec<(String, String)> {
    let providers = shop.world.providers();
    let all = service(Name::Shipper).kind(kind).unwrap().list(providers, None, usize::MAX).unwrap();
    let mine = all.into_iter().filter(|it| !it.id.contains(':'));
    mine.map(|it| (it.id, it.state.unwrap_or_default())).collect()
}

/// Does one thing; what is refused has changed nothing.
fn act(shop: &mut Shop, [what, which, how, more]: [u32; 4]) {
    match what % 12 {
        0..=3 => {
            let products = shop.get("/products?per_page=100").json();
            let others: Vec<String> = products["data"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["variants"].as_array().unwrap().is_empty())
                .map(|it| it["uuid"].as_str().unwrap().to_owned())
                .collect();
            let mut known = vec![SIZE_L, SIZE_M];
            known.extend(others.iter().map(String::as_str));
            let item = |by: u32| json!({ "id": pick(&known, by), "quantity": 1 + by / 7 % 4, "total_price": 10 + by % 91 });
            let items: Vec<Value> = (0..=which % 3).map(|place| item(how / (place + 1))).collect();
            let mut body = order_of(json!(items));
            body["address"]["phone1"] = json!(format!("200000{:02}", 1 + more % 16));
            body["with_confirmation"] = json!(more / 16 % 2 == 0);
            body["is_cod"] = json!(more / 32 % 4 != 0);
            body["auto_fulfill"] = json!(more / 128 % 8 != 0);
            body["shipping_total"] = json!(which % 9);
            shop.order(&body);
        }
        4..=5 => drop(shop.advance(&format!("{}h", 1 + which % 90))),
        6..=9 => {
            let kind = pick(&["shipment", "shipment", "payment", "contact_task", "order"], which);
            let all = ids(shop, kind);
            let Some(entity) = all.get(how as usize % all.len().max(1)) else { return };
            let machine = service(Name::Shipper).machines().iter().find(|it| it.name() == kind);
            let mut inputs: Vec<&str> = machine.map_or(vec!["fulfill", "cancel"], |it| {
                it.lines().iter().map(|line| line.1).collect()
            });
            // Mostly what has a row.
            if let Some(machine) = machine.filter(|_| more % 4 > 0) {
                let lines = machine.lines().into_iter().filter(|line| line.0 == entity.1);
                let legal: Vec<&str> = lines.map(|line| line.1).collect();
                inputs = if legal.is_empty() { inputs } else { legal };
            }
            let before = shop.holdings();
            let done = shop.world.apply(Name::Shipper, kind, &entity.0, pick(&inputs, more / 4));
            if let Err(refused) = done {
                let fits = matches!(
                    refused,
                    OperatorError::Illegal { .. } | OperatorError::Guarded { .. }
                );
                assert!(fits, "{kind} {}: {refused}", entity.0);
                assert_eq!(shop.holdings(), before, "{refused}");
            }
        }
        10 => {
            let all = ids(shop, "order");
            let Some(order) = all.get(which as usize % all.len().max(1)) else { return };
            let before = shop.holdings();
            if shop.post(&format!("/orders/{}/cancel", order.0), &json!({})).status != 200 {
                assert_eq!(shop.holdings(), before);
            }
        }
        _ => {
            let before = shop.holdings();
            let mut body = order_of(json!([{ "id": SIZE_L, "quantity": 0 }]));
            body["address"]["phone1"] = json!(pick(&["", "+", "abc"], which));
            assert_eq!(shop.post("/orders", &body).status, 422);
            assert_eq!(shop.holdings(), before);
        }
    }
}

fn amount(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

/// One shipment, as the control API has it.
struct Parcel {
    state: String,
    payment: String,
    data: Value,
}

fn parcels(shop: &Shop) -> Vec<Parcel> {
    let parcel = |(id, state): (String, String)| {
        let data = shop.data("shipment", &id);
        let payment = data["payment"].as_str().unwrap().to_owned();
        Parcel { state, payment, data }
    };
    ids(shop, "shipment").into_iter().map(parcel).collect()
}

impl Parcel {
    /// Revenue or expenses in some states of a transaction.
    fn money(&self, revenue: bool, states: &[&str]) -> Decimal {
        let transactions = self.data["transactions"].as_array().unwrap().iter();
        transactions
            .filter(|it| {
                (it["kind"] == "revenue") == revenue
                    && states.contains(&it["state"].as_str().unwrap())
            })
            .map(|it| amount(&it["amount"]))
            .sum()
    }

    fn units(&self) -> impl Iterator<Item = (u64, i64, i64)> {
        self.data["items"].as_array().unwrap().iter().map(|line| {
            let number = |name: &str| line[name].as_i64().unwrap_or(0);
            (line["product"].as_u64().unwrap(), number("quantity"), number("back"))
        })
    }
}

const EARNED: &[&str] = &["Under Review", "Successful", "Transferred"];
const COUNTED: &[&str] = &["Pending", "Under Review", "Successful", "Transferred"];

fn hold(shop: &mut Shop) {
    let parcels = parcels(shop);
    let orders = ids(shop, "order");
    money_adds_up(shop, &parcels, orders.len());
    units_add_up(shop, &parcels);
    nothing_is_left_unsettled(shop, &parcels, &orders);
}

/// Money of orders is that of transactions, of the dashboard's groups, and of the pages of the list.
fn money_adds_up(shop: &mut Shop, parcels: &[Parcel], orders: usize) {
    let earned: Decimal = parcels.iter().map(|it| it.money(true, EARNED)).sum();
    let mut listed = Decimal::ZERO;
    let mut rows = 0;
    for page in 1.. {
        let list = shop.get(&format!("/orders?per_page=100&page={page}")).json();
        assert_eq!(list["pagination"]["total"], orders);
        let data = list["data"].as_array().unwrap();
        rows += data.len();
        for row in data {
            listed += amount(&row["revenue"]);
            let order = shop.data("order", &row["id"].to_string());
            assert_eq!(
                (&row["revenue"], &row["is_paid"]),
                (&json!(amount(&order["revenue"]).normalize().to_string()), &order["is_paid"])
            );
            let has_none = [
                json!("Canceled"),
                json!("Returned"),
                json!("Pending"),
                json!("Fulfilled"),
                json!(null),
            ];
            if has_none.contains(&row["status"]) {
                assert_eq!(row["revenue"], "0", "{row}");
            }
        }
        if data.len() < 100 {
            break;
        }
    }
    assert_eq!((listed, rows), (earned, orders));
    let overview = shop.get("/dashboard/overview").json();
    let groups = ["pending", "delivered_paid", "delivered_non_paid", "failed_delivery"]
        .map(|it| overview[format!("shipments_{it}")].clone());
    for (revenue, name) in [(true, "revenue"), (false, "expenses")] {
        let all: Decimal = parcels.iter().map(|it| it.money(revenue, COUNTED)).sum();
        let printed: Decimal = groups.iter().map(|it| amount(&it[name][0]["amount"])).sum();
        assert_eq!(printed, all, "every transaction is in one group");
        let paid: Decimal = parcels.iter().map(|it| it.money(revenue, &["Transferred"])).sum();
        let printed: Decimal =
            groups.iter().map(|it| amount(&it[format!("{name}_transferred")][0]["amount"])).sum();
        assert_eq!(printed, paid);
    }
    let counted: u64 = groups.iter().map(|it| it["count"].as_u64().unwrap()).sum();
    let live = parcels.iter().filter(|it| it.state != "canceled").count();
    assert_eq!(counted, live as u64);
}

/// Stock, what is on its way, what customers hold and what is lost are what was ever there, and every unit that was
/// shipped became one thing.
fn units_add_up(shop: &mut Shop, parcels: &[Parcel]) {
    let mut here: BTreeMap<u64, i64> = BTreeMap::new();
    for (id, _) in ids(shop, "product") {
        let product = shop.data("product", &id);
        if product["organization"] != 1 {
            continue;
        }
        let variants = product["variants"].as_array().unwrap();
        let own = if variants.is_empty() {
            product["stock"].as_i64().unwrap()
        } else {
            variants.iter().map(|it| it["stock"].as_i64().unwrap()).sum()
        };
        here.insert(product["id"].as_u64().unwrap(), own);
    }
    for parcel in parcels {
        for (product, quantity, back) in parcel.units() {
            assert!(back <= quantity);
            *here.get_mut(&product).unwrap() += quantity - back;
            let is_whole = ["canceled", "returnedtosender"].contains(&parcel.state.as_str());
            assert!(!is_whole || back == quantity, "{}", parcel.data);
        }
        let kept: i64 = parcel.units().map(|(_, quantity, back)| quantity - back).sum();
        let returned: i64 = parcel.units().map(|(_, _, back)| back).sum();
        if ["partiallydelivered", "partiallyreturned"].contains(&parcel.state.as_str()) {
            assert!(kept > 0 && returned > 0, "a part is neither nothing nor all: {}", parcel.data);
        }
    }
    assert_eq!(here, BTreeMap::from(EVER));
    let rows = shop.get("/dashboard/product-performance?per_page=50").json();
    for row in rows["products"].as_array().unwrap() {
        let of = |name: &str| row[format!("{name}_units")].as_u64().unwrap();
        assert_eq!(
            of("shipped"),
            of("delivered") + of("failed") + of("in_transit") + of("returning"),
            "{row}"
        );
        assert!(of("confirmed_return") <= of("failed"));
        for rate in ["overall_confirmation_rate", "absolute_confirmation_rate", "conversion_rate"] {
            assert!(row[rate].as_f64().unwrap() <= 100.0, "{row}");
        }
    }
}

/// A call is open as long as a shipment waits for it, and money stands where its goods do.
fn nothing_is_left_unsettled(shop: &Shop, parcels: &[Parcel], orders: &[(String, String)]) {
    for parcel in parcels {
        let (state, payment) = (parcel.state.as_str(), parcel.payment.as_str());
        let fits = match state {
            "delivered" | "partiallydelivered" | "partiallyreturned" => payment != "expected",
            "returning" => true,
            "returnedtosender" | "lost" | "canceled" => payment == "void",
            _ => ["expected", "prepaid"].contains(&payment),
        };
        assert!(fits, "{state} with money {payment}");
        if payment == "void" || payment == "transferred" {
            assert_eq!(parcel.money(true, &["Pending", "Under Review"]), Decimal::ZERO);
            assert_eq!(parcel.money(false, &["Pending", "Under Review"]), Decimal::ZERO);
        }
    }
    for (id, _) in orders {
        let order = shop.data("order", id);
        let waits = order["shipments"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["state"] == "awaitingconfirmation");
        let is_open = ["pending", "in_progress"].map(Value::from).contains(&order["contact_task"]);
        assert_eq!(waits, is_open, "{order}");
    }
}

fn cases() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 24;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(11);
    }
    config
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn everything_adds_up_in_every_life(acts in prop::collection::vec(any::<[u32; 4]>(), 1..60)) {
        let mut shop = shop();
        for (place, it) in acts.iter().enumerate() {
            act(&mut shop, *it);
            if place % 16 == 0 {
                hold(&mut shop);
            }
        }
        hold(&mut shop);
        shop.settle();
        hold(&mut shop);
    }
}

/// What is left of an order, without the journey it was on.
fn remains(shop: &mut Shop, id: u64) -> String {
    let mut order = shop.data("order", &id.to_string());
    order.as_object_mut().unwrap().retain(|key, _| !["journey", "stops"].contains(&key.as_str()));
    let mut told = order.to_string();
    for (shipment, state) in ids(shop, "shipment") {
        told += &format!("\n{state} {}", shop.data("shipment", &shipment));
    }
    told + &shop.get("/dashboard/overview").text() + &shop.get("/products").text()
}

#[test]
fn what_an_operator_does_is_what_a_journey_does() {
    let order = |journey: u32, quantity: u32| {
        let mut body = order_of(json!([{ "id": SIZE_L, "quantity": quantity }, { "id": SIZE_M }]));
        body["address"]["phone1"] = json!(format!("200000{journey:02}"));
        body["with_confirmation"] = json!(true);
        body
    };
    for journey in 1..=16 {
        for quantity in [1, 3] {
            let mut travelling = shop();
            let id = travelling.order(&order(journey, quantity));
            let mut by_hand = shop();
            assert_eq!(by_hand.order(&order(journey, quantity)), id);
            let waiting = json!({ "journey": "waiting" });
            let fields = waiting.as_object().unwrap();
            by_hand.world.patch(Name::Shipper, "order", &id.to_string(), fields).unwrap();
            for change in travelling.settle() {
                by_hand.advance_to(change.at);
                let kind = service(Name::Shipper).kind(&change.kind).unwrap();
                let stands = kind.detail(by_hand.world.providers(), &change.id).unwrap();
                let last = stands.history.last().map(|it| (it.at, it.on.to_string()));
                // What an input causes has happened by itself.
                if last != Some((change.at, change.on.to_string())) || change.from == change.to {
                    by_hand.apply(&change.kind, &change.id, &change.on);
                }
            }
            let [one, two] = [&mut travelling, &mut by_hand].map(|shop| remains(shop, id));
            assert_eq!(one, two, "journey {journey} with {quantity}");
        }
    }
}
