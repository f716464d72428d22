//! What the core costs without a socket: worlds made, calls answered, lists and dashboards of large books, time passed.
//!
//! Run with `cargo bench --bench world`. Each figure is the median of its rounds.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads real time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;
use shipmock::internals::scenario;
use shipmock::internals::world::{Orders, Recipe, World};

/// How large the large book is.
const LARGE: u32 = 100_000;

/// A scenario of one retailer with so many orders of history, and no limits.
fn large(orders: u32) -> String {
    format!(
        "name: large\nsummary: many orders\nworld:\n  shipper:\n    limits: {{ lifted: true }}\n    organizations:\n      - name: Large\n        keys: [{{ name: api_key, token: YOUR_API_KEY }}]\n        catalogue: sample\n        history: {{ orders: {orders}, days: 60 }}\n"
    )
}

fn build(yaml: &str) -> World {
    let scenario =
        scenario::from_yaml("bench.yaml", yaml).expect("the benchmark's scenario is right");
    let at: Timestamp = "2026-05-14T09:00:00Z".parse().expect("an instant");
    let orders = Orders { at: Some(at), ..Orders::default() };
    World::build(Arc::new(Recipe::new(scenario.name, scenario.world, orders, at)))
        .expect("it builds")
}

fn ready_made(name: &str) -> &'static str {
    scenario::ready_made()
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a ready-made scenario")
        .1
}

fn median(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort_unstable();
    rounds[rounds.len() / 2]
}

/// The median time of a round, each on a fresh state.
fn time<S>(rounds: usize, mut fresh: impl FnMut() -> S, mut act: impl FnMut(S)) -> Duration {
    let round = |_| {
        let state = fresh();
        let begun = Instant::now();
        act(state);
        begun.elapsed()
    };
    median((0..rounds).map(round).collect())
}

fn get(target: &str) -> Request {
    Request::new(Method::Get, target)
        .with("authorization", "Bearer YOUR_API_KEY")
        .with("accept", "application/json")
}

const ORDER: &str = r#"{"address":{"name":"Omar Ben Ali","division_1":"Tunis","phone1":"28177188","address1":"Rue de la Liberte","country":"TN"},"items":[{"quantity":1,"id":"YOUR_PRODUCT_UUID","total_price":190}],"is_cod":true,"auto_fulfill":true}"#;

fn row(what: &str, figure: String) {
    println!("{what:<62} {figure}");
}

const LOGIN: &str = r#"{"username":"you@example.com","apikey":"your-api-key"}"#;

/// The documentation's order, as Shiplee takes it.
const PARCEL: &str = r#"{"pincode":"560098","city":"Bangalore","state":"Karnataka","name":"John Doe","email":"customer@example.com","mobileNumber":"9000000001","addressLine1":"123 Sample Street","sameAddressCheckbox":1,"orderID":"ORD-1","paymentType":"prepaid","products":[{"productName":"Sample","quantity":2,"productPrice":500,"sku":"SKU123"}],"parcels":[{"length":10,"breadth":10,"height":10,"physicalWeight":1.5}]}"#;

/// Logins, and bookings of orders that are there, each once.
fn shiplee(load: &World) {
    let post = |path: &str, token: &str| {
        Request::new(Method::Post, path)
            .with("origin", "http://localhost")
            .with("authorization", format!("Bearer {token}"))
    };
    let call = |world: &mut World, request: Request| -> serde_json::Value {
        let reply = world.request(Name::Shiplee, request);
        assert!(reply.status < 300, "{}", reply.body.text());
        serde_json::from_slice(&reply.body).expect("an answer in JSON")
    };
    let calls = 2_000_u32;
    let taken = time(
        5,
        || load.clone(),
        |mut world| {
            for _ in 0..calls {
                call(&mut world, post("/login", "").carrying("application/json", LOGIN));
            }
        },
    );
    row("POST /login, in process", format!("{:.2?} a call", taken / calls));
    let ready = || {
        let mut world = load.clone();
        let rich = serde_json::json!({ "wallet": "10000000" });
        let fields = rich.as_object().expect("an object");
        world.patch(Name::Shiplee, "seller", "62", fields).expect("a wallet can be filled");
        let token =
            call(&mut world, post("/login", "").carrying("application/json", LOGIN))["token"]
                .clone();
        let token = token.as_str().expect("a token").to_owned();
        let bookings: Vec<Request> = (0..calls)
            .map(|_| {
                let order = call(&mut world, post("/order", &token).carrying("application/json", PARCEL));
                let body = format!(
                    r#"{{"orderId":{},"warehouseId":2147483833,"action":"book_shipment","carrierId":"delhivery_e_prepaid","carrierName":"Delhivery Express","shipmentType":"forward"}}"#,
                    order["order_id"]
                );
                post("/create_shipment", &token).carrying("application/json", body)
            })
            .collect();
        (world, bookings)
    };
    let taken = time(5, ready, |(mut world, bookings)| {
        for booking in bookings {
            call(&mut world, booking);
        }
    });
    row("POST /create_shipment, in process", format!("{:.2?} a call", taken / calls));
}

fn main() {
    row(
        "default world built from its scenario",
        format!("{:?}", time(9, || (), |()| drop(build(ready_made("default"))))),
    );
    let default = build(ready_made("default"));
    let copies = 1_000;
    let cloned = time(
        9,
        || Vec::with_capacity(copies),
        |mut worlds: Vec<World>| {
            worlds.extend((0..copies).map(|_| default.clone()));
            std::mem::forget(worlds);
        },
    );
    row(
        "worlds made a second, from the prototype",
        format!("{:.0}", copies as f64 / cloned.as_secs_f64()),
    );

    let load = build(ready_made("load"));
    for (what, request) in [
        ("GET /orders/555, in process", get("/api/v1/orders/555")),
        (
            "POST /orders, in process",
            Request { method: Method::Post, ..get("/api/v1/orders") }
                .carrying("application/json", ORDER),
        ),
    ] {
        let calls = 20_000_u32;
        let taken = time(
            5,
            || load.clone(),
            |mut world| {
                for _ in 0..calls {
                    world.request(Name::Shipper, request.clone());
                }
            },
        );
        row(what, format!("{:.2?} a call", taken / calls));
    }

    shiplee(&load);

    for orders in [1_000, LARGE] {
        let mut world = build(&large(orders));
        // The allocator tidies up after the build during the first calls; that is not what is measured.
        for _ in 0..200 {
            world.request(Name::Shipper, get("/api/v1/orders"));
        }
        for (what, target) in [
            ("first page of the list", "/api/v1/orders?per_page=20"),
            ("page 40 of the list", "/api/v1/orders?per_page=20&page=40"),
            ("first page by status", "/api/v1/orders?status=delivered"),
            ("first page by date", "/api/v1/orders?start_date=2026-05-01"),
            ("search by telephone", "/api/v1/orders?search=28177188"),
            ("search by name", "/api/v1/orders?search=ben+ali"),
            ("dashboard overview", "/api/v1/dashboard/overview"),
            ("dashboard product performance", "/api/v1/dashboard/product-performance"),
        ] {
            let taken = time(
                9,
                || (),
                |()| {
                    let reply = world.request(Name::Shipper, get(target));
                    assert_eq!(reply.status, 200, "{target}");
                },
            );
            row(&format!("{what}, {orders} orders"), format!("{taken:.2?}"));
        }
    }

    // Orders of one day have nearly all of their journey before them: some eight events each.
    let day = large(20_000).replace("days: 60", "days: 1");
    let mut world = build(&day);
    let begun = Instant::now();
    let fired = world.catch_up("2026-07-14T09:00:00Z".parse().expect("an instant")).len();
    row("due events advanced", format!("{fired} in {:.2?}", begun.elapsed()));
    let begun = Instant::now();
    drop(build(&large(LARGE)));
    row("60 days of 100000 orders lived through", format!("{:.2?}", begun.elapsed()));
}
