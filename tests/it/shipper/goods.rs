//! Money and stock follow the goods: parts that are taken, sent back or never leave, and calls that somebody waits for.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use shipmock::internals::providers::{Name, OperatorError};

use super::shop::{Shop, order_of};
use crate::harness::Read as _;

/// A shop of one country with two products of one supplier, on which nothing happens by itself.
fn shop(country: &str, journey: &str) -> Shop {
    Shop::with(|setup| {
        *setup = serde_json::from_value(json!({
            "journey": journey,
            "limits": { "lifted": true },
            "organizations": [{
                "name": "My Store",
                "country": country,
                "keys": [{ "name": "api_key", "token": "YOUR_API_KEY" }],
                "products": [
                    { "id": 1, "name": "Cup", "sku": "CUP", "price": "10", "cost": "4", "stock": 20, "aliases": ["CUP"] },
                    { "id": 2, "name": "Chair", "sku": "CHAIR", "price": "1000", "cost": "400", "stock": 20,
                      "aliases": ["CHAIR"] },
                ],
            }],
        }))
        .unwrap();
    })
}

/// What a shipment earns and costs, by what for; what is cancelled is left out.
fn transactions(
    shop: &Shop,
    shipment: &str,
) -> std::collections::BTreeMap<String, (Decimal, String)> {
    let transactions = shop.data("payment", shipment)["transactions"].clone();
    let rows = transactions.as_array().unwrap().iter().filter(|it| it["state"] != "Canceled");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|it| (text(&it["kind"]), (text(&it["amount"]).parse().unwrap(), text(&it["state"]))))
        .collect()
}

fn revenue(shop: &mut Shop, id: u64) -> Value {
    shop.get(&format!("/orders?search={id}")).json()["data"][0]["revenue"].clone()
}

fn available(shop: &mut Shop) -> [Value; 2] {
    ["CUP", "CHAIR"].map(|id| shop.get(&format!("/products/{id}")).json()["available_qte"].clone())
}

/// One row: the lines, who moves them where, and what is left of them.
struct Row {
    country: &'static str,
    items: Value,
    moves: &'static [&'static str],
    revenue: &'static str,
    facility: &'static str,
    fee: &'static str,
    goods: &'static str,
    stock: [i64; 2],
}

const DELIVERED: &[&str] = &["pack", "ship", "deliver"];
const PARTLY: &[&str] = &["pack", "ship", "deliver_partly"];
const THEN_BACK: &[&str] = &["pack", "ship", "deliver", "return_partly"];
const TWICE: &[&str] = &["pack", "ship", "deliver_partly", "return_partly"];

#[test]
fn money_and_stock_follow_the_line() {
    let two = || json!([{ "id": "CUP" }, { "id": "CHAIR" }]);
    let row = |country, items, moves, [revenue, facility, fee, goods]: [&'static str; 4], stock| {
        Row { country, items, moves, revenue, facility, fee, goods, stock }
    };
    // The customer pays nine for shipping, whatever he takes.
    let rows = [
        row("TN", two(), DELIVERED, ["1019", "10.19", "30.57", "404"], [19, 19]),
        row("TN", two(), PARTLY, ["19", "0.19", "0.57", "4"], [19, 20]),
        row("TN", two(), THEN_BACK, ["19", "0.19", "0.57", "4"], [19, 20]),
        row(
            "TN",
            json!([{ "id": "CHAIR" }, { "id": "CUP" }]),
            PARTLY,
            ["1009", "10.09", "30.27", "400"],
            [20, 19],
        ),
        row(
            "TN",
            json!([{ "id": "CUP", "quantity": 4 }]),
            PARTLY,
            ["29", "0.29", "0.87", "8"],
            [18, 20],
        ),
        row(
            "TN",
            json!([{ "id": "CUP", "quantity": 4 }]),
            TWICE,
            ["19", "0.19", "0.57", "4"],
            [19, 20],
        ),
        row(
            "TN",
            json!([{ "id": "CHAIR" }, { "id": "CUP", "quantity": 2 }]),
            TWICE,
            ["1009", "10.09", "30.27", "400"],
            [20, 19],
        ),
        // A third of ten, in the smallest coin: millimes in Tunisia, centimes in Algeria and Morocco.
        row(
            "TN",
            json!([{ "id": "CUP", "quantity": 3, "total_price": 10 }]),
            PARTLY,
            ["12.333", "0.123", "0.37", "4"],
            [19, 20],
        ),
        row(
            "DZ",
            json!([{ "id": "CUP", "quantity": 3, "total_price": 10 }]),
            PARTLY,
            ["12.33", "0.12", "0.37", "4"],
            [19, 20],
        ),
        row(
            "MA",
            json!([{ "id": "CUP", "quantity": 3, "total_price": 10 }]),
            PARTLY,
            ["12.33", "0.12", "0.37", "4"],
            [19, 20],
        ),
    ];
    for Row { country, items, moves, revenue: earned, facility, fee, goods, stock } in rows {
        let mut shop = shop(country, "waiting");
        let mut body = order_of(items.clone());
        body["shipping_total"] = json!(9);
        let id = shop.order(&body);
        let shipment = shop.shipment_of(id, 0);
        moves.iter().for_each(|on| shop.apply("shipment", &shipment, on));
        let told = format!("{country} {items} {moves:?}");
        assert_eq!(revenue(&mut shop, id), earned, "{told}");
        let money = transactions(&shop, &shipment);
        for (kind, amount) in [
            ("revenue", earned),
            ("payment_facility", facility),
            ("dropshipping_fee", fee),
            ("product_cost", goods),
        ] {
            assert_eq!(money[kind].0, amount.parse::<Decimal>().unwrap(), "{kind} of {told}");
        }
        assert_eq!(available(&mut shop), stock.map(|units| json!(units)), "{told}");
        let overview = shop.get("/dashboard/overview").json();
        let group = &overview["shipments_delivered_non_paid"];
        let printed: Decimal = group["revenue"][0]["amount"].as_str().unwrap().parse().unwrap();
        assert_eq!(printed, earned.parse().unwrap(), "{told}");
        // It is paid out as it is, every coin of it.
        shop.apply("payment", &shipment, "settle");
        shop.apply("payment", &shipment, "transfer");
        assert_eq!(revenue(&mut shop, id), earned, "{told}");
        assert!(transactions(&shop, &shipment).values().all(|(_, state)| state == "Transferred"));
    }
}

#[test]
fn what_comes_back_late_is_taken_back_from_what_was_paid() {
    for paid in [&[][..], &["settle"], &["settle", "transfer"]] {
        let mut shop = shop("TN", "waiting");
        let id = shop.order(&order_of(json!([{ "id": "CUP" }, { "id": "CHAIR" }])));
        let shipment = shop.shipment_of(id, 0);
        DELIVERED.iter().for_each(|on| shop.apply("shipment", &shipment, on));
        paid.iter().for_each(|on| shop.apply("payment", &shipment, on));
        let mut whole = shop.clone();
        shop.apply("shipment", &shipment, "return_partly");
        assert_eq!(revenue(&mut shop, id), "10", "{paid:?}");
        whole.apply("shipment", &shipment, "send_back");
        whole.apply("shipment", &shipment, "return");
        assert_eq!(
            (revenue(&mut whole, id), whole.status_of(id)),
            (json!("0"), json!("Returned")),
            "{paid:?}"
        );
        let kept = transactions(&whole, &shipment);
        assert!(
            !kept.contains_key("product_cost") && kept.contains_key("return_exchange_fee"),
            "{kept:?}"
        );
        assert!(
            kept.values().all(|(_, state)| state != "Pending" && state != "Under Review"),
            "{kept:?}"
        );
        assert_eq!(available(&mut whole), [json!(20), json!(20)]);
    }
}

#[test]
fn one_unit_is_delivered_or_it_is_not() {
    for (journey, status, revenue_of, stock) in
        [("partial_delivery", "Paid", "10", 19), ("partial_return", "Returned", "0", 20)]
    {
        let mut shop = shop("TN", journey);
        let id = shop.order(&order_of(json!([{ "id": "CUP" }])));
        shop.settle();
        assert_eq!(shop.status_of(id), status, "{journey}");
        assert_eq!(revenue(&mut shop, id), revenue_of, "{journey}");
        assert_eq!(available(&mut shop)[0], stock, "{journey}");
    }
    // An operator who insists is told why, and what would do.
    let mut shop = shop("TN", "waiting");
    let id = shop.order(&order_of(json!([{ "id": "CUP" }])));
    let shipment = shop.shipment_of(id, 0);
    ["pack", "ship"].iter().for_each(|on| shop.apply("shipment", &shipment, on));
    let before = shop.holdings();
    for refused in [
        shop.world.apply(Name::Shipper, "shipment", &shipment, "deliver_partly"),
        shop.world.walk(Name::Shipper, "shipment", &shipment, "partiallydelivered"),
    ] {
        let Err(OperatorError::Guarded { because, legal, .. }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(because, "a part is taken of two units or more, and the parcel holds 1");
        assert_eq!(legal, ["travel", "fail_attempt", "hold", "deliver", "send_back", "lose"]);
    }
    assert_eq!(shop.holdings(), before);
}

#[test]
fn a_part_travels_through_every_figure_of_the_dashboard() {
    for (journey, rest) in
        [("partial_delivery", "partiallydelivered"), ("partial_return", "partiallyreturned")]
    {
        let mut shop = shop("TN", journey);
        let id = shop.order(&order_of(
            json!([{ "id": "CUP", "quantity": 2 }, { "id": "CHAIR", "quantity": 3 }]),
        ));
        shop.settle();
        assert_eq!(shop.get(&format!("/orders/{id}")).json()["shipments"][0]["status"], rest);
        assert_eq!(revenue(&mut shop, id), "1020");
        let shipment = shop.shipment_of(id, 0);
        assert!(
            transactions(&shop, &shipment).values().all(|(_, state)| state == "Transferred"),
            "it is paid out"
        );
        let rows = shop.get("/dashboard/product-performance").json()["products"].clone();
        let units = |row: &Value| {
            ["shipped", "delivered", "failed", "confirmed_return"]
                .map(|it| row[format!("{it}_units")].clone())
        };
        assert_eq!(units(&rows[0]), [2, 2, 0, 0].map(|it| json!(it)));
        assert_eq!(units(&rows[1]), [3, 1, 2, 2].map(|it| json!(it)));
        let orders =
            |row: &Value| ["delivered", "failed"].map(|it| row[format!("{it}_orders")].clone());
        assert_eq!(
            (orders(&rows[0]), orders(&rows[1])),
            ([json!(1), json!(0)], [json!(1), json!(1)])
        );
    }
}

#[test]
fn money_moves_once_the_parcel_is_delivered() {
    let mut shop = shop("TN", "waiting");
    for is_cod in [true, false] {
        for (walk, to) in [
            (&[][..], "awaitingpackaging"),
            (&["pack"], "awaitingpickup"),
            (&["pack", "ship"], "onitsway"),
            (&["pack", "ship", "send_back"], "returning"),
            (&["cancel"], "canceled"),
            (&["pack", "ship", "lose"], "lost"),
            (&["pack", "ship", "send_back", "return"], "returnedtosender"),
        ] {
            let mut body = order_of(json!([{ "id": "CUP", "quantity": 2 }]));
            body["is_cod"] = json!(is_cod);
            let id = shop.order(&body);
            let shipment = shop.shipment_of(id, 0);
            walk.iter().for_each(|on| shop.apply("shipment", &shipment, on));
            let before = shop.holdings();
            for state in ["successful", "transferred", "under_review"] {
                let refused = shop.world.walk(Name::Shipper, "payment", &shipment, state);
                match refused {
                    Err(OperatorError::Guarded { because, .. }) => {
                        let expected = format!(
                            "the shipment is `{to}`, and its money moves once it is delivered"
                        );
                        assert_eq!(because, expected);
                    }
                    Err(OperatorError::Illegal { .. }) => {}
                    other => panic!("{to} {state}: {other:?}"),
                }
            }
            assert_eq!(shop.holdings(), before, "{to}");
            assert_eq!(revenue(&mut shop, id), "0", "{to}");
        }
    }
}

#[test]
fn a_shipment_sent_on_by_hand_takes_its_call_with_it() {
    for (moves, task, status) in [
        (&["confirm"][..], "called", "Pending"),
        (&["confirm", "pack", "ship", "deliver"], "called", "Delivered"),
        (&["cancel"], "canceled", "Canceled"),
    ] {
        for calls in 0..2 {
            let mut shop = shop("TN", "unreachable");
            let mut body = order_of(json!([{ "id": "CUP" }]));
            body["with_confirmation"] = json!(true);
            let id = shop.order(&body);
            if calls > 0 {
                shop.apply("contact_task", &id.to_string(), "call");
            }
            let shipment = shop.shipment_of(id, 0);
            moves.iter().for_each(|on| shop.apply("shipment", &shipment, on));
            let read = |shop: &mut Shop| shop.get(&format!("/orders/{id}")).json();
            let now = read(&mut shop);
            assert_eq!(
                (&now["contact_task_status"], &now["status"]),
                (&json!(task), &json!(status))
            );
            // The journey, on which nobody would have answered, has nothing to say any more.
            shop.settle();
            assert_eq!(read(&mut shop)["contact_task_status"], task, "{moves:?}");
            assert_eq!(shop.status_of(id), status, "{moves:?}");
        }
    }
}

#[test]
fn a_call_that_another_shipment_waits_for_stays_open() {
    let mut shop = Shop::small();
    let lid = shop.get("/products?search=SKU-002").json()["data"][0]["uuid"].clone();
    let mut body = order_of(json!([{ "id": super::shop::SIZE_L }, { "id": lid }]));
    body["with_confirmation"] = json!(true);
    body["address"]["phone1"] = json!("20000016");
    let id = shop.order(&body);
    let [one, two] = [shop.shipment_of(id, 0), shop.shipment_of(id, 1)];
    let task =
        |shop: &mut Shop| shop.get(&format!("/orders/{id}")).json()["contact_task_status"].clone();
    shop.apply("shipment", &one, "cancel");
    assert_eq!(task(&mut shop), "pending");
    shop.apply("shipment", &two, "confirm");
    assert_eq!(task(&mut shop), "called");
    let states = shop.get(&format!("/orders/{id}")).json()["shipments"].clone();
    assert_eq!(
        (&states[0]["status"], &states[1]["status"]),
        (&json!("canceled"), &json!("awaitingpackaging"))
    );
}

#[test]
fn what_calls_cost_stands_in_a_group_when_nobody_is_reached() {
    let mut shop = shop("TN", "unreachable");
    let mut body = order_of(json!([{ "id": "CUP" }]));
    body["with_confirmation"] = json!(true);
    let id = shop.order(&body);
    let shipment = shop.shipment_of(id, 0);
    shop.settle();
    assert_eq!(shop.status_of(id), "Canceled");
    let spent = shop.data("payment", &shipment)["transactions"].clone();
    let spent = spent.as_array().unwrap().iter().filter(|it| it["state"] == "Successful");
    let spent: Decimal =
        spent.map(|it| it["amount"].as_str().unwrap().parse::<Decimal>().unwrap()).sum();
    assert_eq!(spent, Decimal::new(19, 1), "the service, and two calls in vain");
    let overview = shop.get("/dashboard/overview").json();
    let group = &overview["shipments_failed_delivery"];
    assert_eq!((&group["count"], &group["expenses"][0]["amount"]), (&json!(0), &json!("1.90")));
    assert_eq!(group["expenses_breakdown"]["call_forwarding"][0]["amount"], "0.40");
}

#[test]
fn a_recorded_past_is_held_to_the_same_rules() {
    let refused = |order: Value| {
        let mut setup = crate::harness::small();
        let shipper = setup.shipper.as_mut().unwrap();
        let organization = &mut shipper.organizations.as_mut().unwrap()[0];
        organization.orders = vec![serde_json::from_value(order).unwrap()];
        let recipe = shipmock::internals::world::Recipe::new(
            "small, changed",
            setup,
            crate::harness::orders(),
            crate::harness::at(crate::harness::START),
        );
        shipmock::internals::world::World::build(std::sync::Arc::new(recipe))
            .unwrap_err()
            .to_string()
    };
    let at = "2026-05-10T10:00:00Z";
    let order = |quantity: u32, life: &[&str], payment: &[&str]| {
        let past = |inputs: &[&str]| {
            inputs.iter().map(|on| json!({ "on": on, "at": at })).collect::<Vec<_>>()
        };
        json!({
            "address": { "country": "TN" },
            "items": [{ "product": 442, "quantity": quantity }],
            "shipments": [{ "life": past(life), "payment": past(payment) }],
        })
    };
    for (order, told) in [
        (
            order(1, &["pack", "ship", "deliver_partly"], &[]),
            "a part is taken of two units or more",
        ),
        (order(2, &["pack"], &["collect"]), "its money moves once it is delivered"),
        (
            order(2, &["pack", "ship", "deliver"], &["transfer"]),
            "`transfer` is not possible in state `under_review`",
        ),
    ] {
        let sentence = refused(order);
        assert!(sentence.contains(told), "{sentence}");
    }
}
