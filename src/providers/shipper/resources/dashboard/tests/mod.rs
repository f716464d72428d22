//! The dashboard through the doors of a world: shapes, filters, refusals; its arithmetic is in `laws`.

mod laws;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::message::{Method, Reply, Request};
use crate::providers::shipper::machines::ContactState;
use crate::providers::shipper::state::accounts::Organization;
use crate::providers::{Name, Parts, Providers, service};
use crate::sim::agenda::Agenda;
use crate::sim::chance::Chance;
use crate::sim::rate_limit::leaky_bucket::Buckets;
use crate::sim::rate_limit::window::Windows;
use crate::sim::webhook::outbox::Outbox;
use crate::world::{Orders, Recipe, Setup, World};

const START: &str = "2026-05-14T10:00:00Z";

/// Five products of two suppliers, so that orders have several shipments and products several lines.
fn setup(shipper: Value) -> Setup {
    let product = |id: u64, price: &str, supplier: &str| json!({ "id": id, "name": format!("Product {id}"), "sku": format!("P-{id}"), "price": price, "cost": "9.125", "supplier": supplier, "stock": 50 });
    let mut setup = json!({
        "limits": { "lifted": true },
        "organizations": [{
            "name": "My Store",
            "keys": [{ "name": "api_key", "token": "KEY" }],
            "products": [
                product(1, "190", "RU836"), product(2, "59.9", "RU412"), product(3, "35.125", "RU836"),
                product(442, "12", "RU412"), product(550, "80", "RU175"),
            ],
        }, {
            "name": "RU836",
            "role": "supplier",
            "keys": [{ "name": "supplier_api_key", "token": "SUPPLIER" }],
        }],
    });
    for (key, value) in shipper.as_object().unwrap() {
        match key.as_str() {
            "history" | "orders" => setup["organizations"][0][key] = value.clone(),
            _ => setup[key] = value.clone(),
        }
    }
    serde_json::from_value(json!({ "shipper": setup })).unwrap()
}

fn world(seed: u64, shipper: Value) -> World {
    let start = Some(START.parse().unwrap());
    let orders = Orders { seed: Some(seed), at: start, ..Orders::default() };
    let recipe = Recipe::new("dashboard", setup(shipper), orders, Timestamp::UNIX_EPOCH);
    World::build(Arc::new(recipe)).unwrap()
}

fn lively() -> World {
    world(7, json!({ "history": { "orders": 200, "days": 60 } }))
}

fn call(path: &str, key: &str) -> Request {
    Request::new(Method::Get, &format!("/api/v1/dashboard/{path}"))
        .with("authorization", format!("Bearer {key}"))
        .with("accept", "application/json")
}

fn read(reply: &Reply) -> Value {
    assert_eq!(reply.headers.get("content-type"), Some("application/json"));
    serde_json::from_slice(&reply.body).unwrap()
}

fn get(world: &mut World, path: &str) -> Value {
    let reply = world.request(Name::Shipper, call(path, "KEY"));
    assert_eq!(reply.status, 200, "{path}: {}", reply.body.text());
    read(&reply)
}

fn refused(world: &mut World, path: &str) -> Value {
    let reply = world.request(Name::Shipper, call(path, "KEY"));
    assert_eq!(reply.status, 422, "{path}");
    read(&reply)
}

/// The parts of a world on the table, so that a test can push its orders about.
struct Table {
    providers: Providers,
    now: Timestamp,
    chance: Chance,
    agenda: Agenda<crate::providers::Due>,
    outbox: Outbox,
    windows: Windows,
    buckets: Buckets,
    changes: Vec<crate::sim::journal::Change>,
}

impl Table {
    fn of(world: &World, seed: u64) -> Table {
        Table {
            providers: world.providers().clone(),
            now: world.now(),
            chance: Chance::new(seed),
            agenda: Agenda::default(),
            outbox: Outbox::default(),
            windows: Windows::default(),
            buckets: Buckets::default(),
            changes: Vec::new(),
        }
    }

    fn parts(&mut self) -> Parts<'_> {
        Parts {
            providers: &mut self.providers,
            now: self.now,
            chance: &mut self.chance,
            agenda: &mut self.agenda,
            outbox: &mut self.outbox,
            windows: &mut self.windows,
            buckets: &mut self.buckets,
            changes: Some(&mut self.changes),
        }
    }

    fn get(&mut self, path: &str) -> Value {
        let answered = service(Name::Shipper).answer(&mut self.parts(), &call(path, "KEY"));
        assert_eq!(answered.reply.status, 200, "{path}: {}", answered.reply.body.text());
        read(&answered.reply)
    }

    fn owner(&self) -> &Organization {
        &self.providers.shipper.accounts.organizations[&1]
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

const GROUPS: [&str; 4] = [
    "shipments_pending",
    "shipments_delivered_paid",
    "shipments_delivered_non_paid",
    "shipments_failed_delivery",
];

/// One delivered and paid-out shipment of two products, known to the millime.
fn one_order() -> Value {
    json!({ "orders": [{
        "id": 555,
        "created_at": "2026-05-06T10:00:00Z",
        "address": { "first_name": "Omar", "country": "TN" },
        "items": [{ "product": 1, "quantity": 2 }, { "product": 442 }],
        "shipping_total": "8",
        "confirmation": "external",
        "contact": [{ "on": "call", "at": "2026-05-06T10:05:00Z" }, { "on": "confirm", "at": "2026-05-06T10:09:00Z" }],
        "shipments": [{
            "life": [
                { "on": "pack", "at": "2026-05-06T14:00:00Z" },
                { "on": "ship", "at": "2026-05-07T18:00:00Z" },
                { "on": "deliver", "at": "2026-05-11T14:30:00Z" },
            ],
            "payment": [
                { "on": "collect", "at": "2026-05-11T14:30:00Z" },
                { "on": "settle", "at": "2026-05-12T14:30:00Z" },
                { "on": "transfer", "at": "2026-05-13T14:30:00Z" },
            ],
        }],
    }] })
}

#[test]
fn overview_prints_one_order_to_the_byte() {
    let mut world = world(1, one_order());
    let body = world.request(Name::Shipper, call("overview", "KEY")).body.text().into_owned();
    let money = |amount: &str| {
        format!(
            r#"[{{"amount":"{amount}","currency":{{"id":"1","ISO_4217":"TND","symbol":"\u062f.\u062a","decimals":3}}}}]"#
        )
    };
    let breakdown = |amounts: [&str; 13]| {
        let names = "shipping packaging service qc payment_facility confirmation call_forwarding follow_up \
                     upsell prepaid_cost product_cost dropshipping_fee return_exchange_fee";
        let members = names.split_whitespace().zip(amounts);
        let members = members.map(|(name, amount)| format!("\"{name}\":{}", money(amount)));
        members.collect::<Vec<_>>().join(",")
    };
    // 2 x 190 + 12 + 8 charged; the goods cost 3 x 9.125.
    let amounts = [
        "7.00", "0.80", "1.00", "0.30", "4.00", "1.50", "0.00", "0.00", "0.00", "0.00", "27.375",
        "12.00", "0.00",
    ];
    let group = |status: &str, count: u64, [revenue, expenses, profit]: [&str; 3], amounts| {
        format!(
            r#""{status}":{{"status":"{status}","count":{count},"orders_with_revenue_count":{count},"revenue":{},"revenue_expected":{},"revenue_transferred":{},"expenses":{},"expenses_transferred":{},"expenses_expected":{},"net_profits":{},"expenses_breakdown":{{{}}},"expenses_breakdown_transferred":{{{}}}}}"#,
            money(revenue),
            money("0.00"),
            money(revenue),
            money(expenses),
            money(expenses),
            money("0.00"),
            money(profit),
            breakdown(amounts),
            breakdown(amounts),
        )
    };
    let groups = GROUPS.map(|status| match status {
        "shipments_delivered_paid" => group(status, 1, ["400.00", "53.975", "346.025"], amounts),
        _ => group(status, 0, ["0.00"; 3], ["0.00"; 13]),
    });
    let groups = groups.join(",");
    assert_eq!(
        body,
        format!(r#"{{{groups},"stats_by_order_type":[{{"order_type":"dropshipping",{groups}}}]}}"#)
    );
}

#[test]
fn the_other_endpoints_print_one_order_to_the_byte() {
    let mut world = world(1, one_order());
    let mut text =
        |path: &str| world.request(Name::Shipper, call(path, "KEY")).body.text().into_owned();
    // Shipped on a Thursday, delivered on the Monday after.
    assert_eq!(
        text("delivery-stats"),
        r#"{"total_by_status":[{"status":"delivered","count":1,"on_hold_count":0}],"total_delivery_failures_by_reason":[],"avg_delivery_speed_business_days":2,"max_delivery_speed_business_days":2,"delivered_within_1bd_pct":0,"delivered_within_2bd_pct":100,"delivered_over_2bd_pct":0}"#
    );
    assert_eq!(
        text("confirmation-stats"),
        r#"{"has_stats":true,"stats":{"leads":{"total":1,"confirmed":1,"failed":0,"closed_unreachable":0,"closed_unconfirmed":0,"under_process":0,"no_attempt":0},"delivery_rates":{"delivered":1,"failed":0,"returning":0,"in_transit":0,"not_shipped":0,"total_pipeline":1,"total_final":1,"overall_rate":100,"absolute_rate":100}}}"#
    );
    assert_eq!(text("internal-confirmation-stats"), r#"{"has_stats":false,"stats":null}"#);
    let rows = text("product-performance?per_page=1");
    let first = r#"{"products":[{"retailer_product_id":"1","name":"Product 1","shipped_orders":1,"shipped_units":2,"delivered_orders":1,"delivered_units":2,"failed_orders":0,"failed_units":0,"in_transit_orders":0,"in_transit_units":0,"returning_orders":0,"returning_units":0,"confirmed_return_orders":0,"confirmed_return_units":0,"leads_total":1,"leads_confirmed":1,"leads_failed":0,"leads_unreachable":0,"leads_duplicate_wrong":0,"leads_closed_other":0,"overall_confirmation_rate":100,"absolute_confirmation_rate":100,"conversion_rate":100,"shipments_pending":{"status":"#;
    assert!(rows.starts_with(first), "{rows}");
    assert!(rows.ends_with(r#"],"total":2}"#), "{rows}");
    let row = &get(&mut world, "product-performance")["products"][0];
    assert_eq!(keys(row)[23..], GROUPS);
    // A shipment counts whole for each of its products.
    assert_eq!(
        row["shipments_delivered_paid"],
        get(&mut world, "overview")["shipments_delivered_paid"]
    );
}

#[test]
fn speed_is_counted_in_working_days_from_carrier_to_customer() {
    // Handed over on a Thursday evening: delivered on the same day, on Friday, Monday, Tuesday, and a week later.
    let delivered = ["05-07T20", "05-08T09", "05-11T09", "05-12T09", "05-18T09"];
    let orders = delivered.map(|at| {
        let mut order = one_order()["orders"][0].clone();
        order.as_object_mut().unwrap().remove("id");
        order["shipments"][0]["life"][2]["at"] = json!(format!("2026-{at}:00:00Z"));
        // Collected at the door, whenever that is.
        order["shipments"][0]["payment"] = json!([]);
        order
    });
    let mut world = world(1, json!({ "orders": orders }));
    let stats = get(&mut world, "delivery-stats");
    let figures: Vec<String> =
        stats.as_object().unwrap().values().skip(2).map(Value::to_string).collect();
    // 0, 1, 2, 3 and 7 days.
    assert_eq!(figures, ["2.6", "7", "40", "20", "40"]);
}

#[test]
fn an_empty_account_has_empty_answers() {
    let mut world = world(1, json!({}));
    assert_eq!(get(&mut world, "overview")["stats_by_order_type"], json!([]));
    assert_eq!(
        get(&mut world, "delivery-stats"),
        json!({
            "total_by_status": [], "total_delivery_failures_by_reason": [],
            "avg_delivery_speed_business_days": 0, "max_delivery_speed_business_days": 0,
            "delivered_within_1bd_pct": 0, "delivered_within_2bd_pct": 0, "delivered_over_2bd_pct": 0,
        })
    );
    assert_eq!(get(&mut world, "product-performance"), json!({ "products": [], "total": 0 }));
}

#[test]
fn a_shipment_that_carries_nothing_counts_unless_a_product_is_asked_for() {
    let mut orders = one_order();
    orders["orders"][0]["shipments"].as_array_mut().unwrap().push(json!({}));
    let mut world = world(1, orders);
    let mut pending = |query: &str| {
        get(&mut world, &format!("overview{query}"))["shipments_pending"]["count"].clone()
    };
    assert_eq!((pending(""), pending("?retailer_product_id=1")), (json!(1), json!(0)));
}

#[test]
fn the_largest_amounts_that_may_enter_the_books_are_added_exactly() {
    let mut orders = one_order();
    let order = &mut orders["orders"][0];
    order.as_object_mut().unwrap().remove("id");
    order["items"] = json!([{ "product": 1, "total": "1000000000000" }]);
    order["shipping_total"] = json!("0.001");
    let twice = json!([order, order]);
    orders["orders"] = twice;
    let mut world = world(1, orders.clone());
    let paid = &get(&mut world, "overview")["shipments_delivered_paid"];
    let expected = (&json!(2), &json!("2000000000000.002"));
    assert_eq!((&paid["count"], &paid["revenue"][0]["amount"]), expected);
    get(&mut world, "product-performance");

    orders["orders"][0]["items"][0]["total"] = json!("1000000000001");
    let recipe = Recipe::new("too much", setup(orders), Orders::default(), Timestamp::UNIX_EPOCH);
    let wrong = World::build(Arc::new(recipe)).unwrap_err();
    assert_eq!(wrong.place, "shipper.organizations[0].orders[0].items[0].total");
}

#[test]
fn suppliers_get_403_on_every_endpoint() {
    let mut world = lively();
    for path in [
        "overview",
        "delivery-stats",
        "confirmation-stats",
        "internal-confirmation-stats",
        "product-performance?sort_by=nonsense",
    ] {
        let reply = world.request(Name::Shipper, call(path, "SUPPLIER"));
        assert_eq!(reply.status, 403, "{path}");
        assert!(read(&reply)["error"].is_string());
    }
}

#[test]
fn returns_422_for_fields_that_do_not_fit_and_for_unreadable_dates() {
    let mut world = lively();
    let mut message = |path: &str| refused(&mut world, path)["message"].clone();
    for path in ["overview", "delivery-stats", "confirmation-stats", "internal-confirmation-stats"]
    {
        for wrong in ["abc", "1.5", "550x", "05", "99999999999999999999"] {
            assert_eq!(
                message(&format!("{path}?retailer_product_id={wrong}")),
                "The retailer product id field must be an integer."
            );
        }
    }
    for wrong in ["nonsense", "Shipped_Orders", "name", "shipped_units", "leads_total,name"] {
        assert_eq!(
            message(&format!("product-performance?sort_by={wrong}")),
            "The selected sort by is invalid."
        );
    }
    assert_eq!(
        refused(&mut world, "product-performance?retailer_product_id[]=1&sort_by[]=leads_total"),
        json!({
            "message": "The selected sort by is invalid. (and 1 more error)",
            "errors": {
                "sort_by": ["The selected sort by is invalid."],
                "retailer_product_id": ["The retailer product id field must be an integer."],
            },
        })
    );
    let date = refused(&mut world, "overview?end_date=2026-03-29%1009:00");
    assert_eq!(date["error"], "Invalid end_date format.");
    assert_eq!(date["value"], "2026-03-29\u{10}09:00");
    // Blanks are no value, and an integer may come with a sign and blanks around it.
    for path in ["overview?retailer_product_id=%20", "product-performance?sort_by="] {
        get(&mut world, path);
    }
    assert_eq!(
        get(&mut world, "overview?retailer_product_id=%20%2B550"),
        get(&mut world, "overview?retailer_product_id=550")
    );
}

#[test]
fn dates_and_product_narrow_every_answer() {
    let mut world = lively();
    let part = "start_date=2026-04-01&end_date=2026-04-10";
    for path in [
        "overview",
        "delivery-stats",
        "confirmation-stats",
        "internal-confirmation-stats",
        "product-performance",
    ] {
        let all = get(&mut world, path);
        let narrow = get(&mut world, &format!("{path}?{part}"));
        let product = get(&mut world, &format!("{path}?retailer_product_id=2"));
        let both = get(&mut world, &format!("{path}?{part}&retailer_product_id=2"));
        assert!(all != narrow && all != product && both != narrow && both != product, "{path}");
        // A product nobody sells, and a span turned around, hold nothing.
        let nothing = get(&mut world, &format!("{path}?retailer_product_id=-1"));
        assert_eq!(get(&mut world, &format!("{path}?retailer_product_id=77")), nothing);
        assert_eq!(
            get(&mut world, &format!("{path}?start_date=2026-05-01&end_date=2026-04-01")),
            nothing
        );
        assert!(nothing != all);
    }
}

#[test]
fn an_end_date_holds_its_whole_day_and_an_offset_moves_it() {
    let mut world = world(1, one_order());
    let mut count = |dates: &str| {
        get(&mut world, &format!("overview?{dates}"))["shipments_delivered_paid"]["count"].clone()
    };
    for (dates, expected) in [
        ("end_date=2026-05-06", 1),
        ("end_date=2026-05-05", 0),
        ("start_date=2026-05-06%2010:00&end_date=2026-05-06%2010:00:00", 1),
        ("start_date=2026-05-06%2010:01", 0),
        ("start_date=2026-05-06T11:00:00%2B01:00", 1),
        ("start_date=2026-05-06T11:00:01%2B01:00", 0),
    ] {
        assert_eq!(count(dates), expected, "{dates}");
    }
}

#[test]
fn rows_are_sorted_by_any_of_eleven_columns_and_cut_into_pages() {
    let mut world = lively();
    let sorts = "shipped_orders delivered_orders failed_orders confirmed_return_orders in_transit_orders \
                 returning_orders leads_total leads_confirmed overall_confirmation_rate \
                 absolute_confirmation_rate conversion_rate";
    let usual = get(&mut world, "product-performance");
    let mut orders = BTreeSet::new();
    for sort in sorts.split_whitespace() {
        let answer = get(&mut world, &format!("product-performance?sort_by={sort}"));
        let rows = answer["products"].as_array().unwrap();
        assert_eq!((rows.len(), &answer["total"]), (5, &json!(5)));
        let key = |row: &Value| {
            let id: u64 = row["retailer_product_id"].as_str().unwrap().parse().unwrap();
            (row[sort].as_f64().unwrap(), id)
        };
        for pair in rows.windows(2) {
            let ((before, smaller), (after, larger)) = (key(&pair[0]), key(&pair[1]));
            assert!(before > after || (before == after && smaller < larger), "{sort}");
        }
        orders.insert(
            rows.iter().map(|row| row["retailer_product_id"].to_string()).collect::<Vec<_>>(),
        );
        assert!(sort != "shipped_orders" || answer == usual);
        let second =
            get(&mut world, &format!("product-performance?sort_by={sort}&per_page=2&page=2"));
        assert_eq!(second["products"].as_array().unwrap()[..], rows[2..4]);
        assert_eq!(second["total"], 5);
    }
    assert!(orders.len() > 2, "in this world the column matters");
    let past = get(&mut world, "product-performance?page=9");
    assert_eq!(past, json!({ "products": [], "total": 5 }));
}

#[test]
fn pages_hold_fifty_rows_at_most_and_strict_worlds_refuse_more() {
    let products: Vec<Value> = (1..=60)
        .map(|id| json!({ "id": id, "name": "P", "sku": "P", "price": "10", "cost": "1" }))
        .collect();
    let items: Vec<Value> = (1..=60).map(|id| json!({ "product": id })).collect();
    let order = json!({ "address": { "country": "TN" }, "items": items, "shipments": [{}] });
    for strict in [false, true] {
        let switches = json!({ "strict_per_page": strict });
        let organization = json!({ "name": "S", "keys": [{ "name": "k", "token": "KEY" }], "products": products, "orders": [order] });
        let mut world = world(1, json!({ "switches": switches, "organizations": [organization] }));
        let mut rows = |query: &str| {
            let answer = get(&mut world, &format!("product-performance{query}"));
            answer["products"].as_array().unwrap().len()
        };
        assert_eq!((rows(""), rows("?per_page=50"), rows("?page=3")), (20, 50, 20));
        if strict {
            assert_eq!(
                refused(&mut world, "product-performance?per_page=51&sort_by=x")["message"],
                "The per page field must not be greater than 50. (and 1 more error)"
            );
        } else {
            assert_eq!(rows("?per_page=51"), 50);
        }
    }
}

#[test]
fn a_draft_is_an_order_but_no_shipment_and_no_lead() {
    let mut draft = one_order();
    draft["orders"][0]["shipments"] = json!([]);
    draft["orders"][0]["contact"] = json!([]);
    let mut world = world(1, draft);
    let overview = get(&mut world, "overview");
    assert_eq!(overview["stats_by_order_type"][0]["order_type"], "dropshipping");
    assert!(GROUPS.iter().all(|group| overview[group]["count"] == 0));
    assert_eq!(get(&mut world, "confirmation-stats"), json!({ "has_stats": false, "stats": null }));
    assert_eq!(get(&mut world, "product-performance")["total"], 0);
}

#[test]
fn leads_move_through_the_funnel_as_time_passes() {
    let mut world = world(3, json!({ "history": { "orders": 200, "days": 2 } }));
    let open = |world: &mut World| {
        let leads = get(world, "confirmation-stats")["stats"]["leads"].clone();
        leads["under_process"].as_u64().unwrap() + leads["no_attempt"].as_u64().unwrap()
    };
    assert!(open(&mut world) > 0);
    let later = world.now().saturating_add(SignedDuration::from_hours(24 * 30)).unwrap();
    world.catch_up(later);
    assert_eq!(open(&mut world), 0);
    let states = Table::of(&world, 1).owner().book.iter().fold(0, |called, order| {
        let external =
            order.confirmation == crate::providers::shipper::state::order::Confirmation::External;
        let is = order.contact.as_ref().is_some_and(|task| task.state() == ContactState::Called);
        called + u64::from(external && is)
    });
    assert_eq!(get(&mut world, "confirmation-stats")["stats"]["leads"]["confirmed"], states);
}
