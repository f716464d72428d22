//! Every ready-made scenario gives a world.

use std::sync::Arc;

use serde_json::{Value, json};
use shipmock::internals::scenario::ready_made;
use shipmock::internals::world::{Recipe, World};

use crate::harness::{TestWorld, build, orders, setup, small};
use crate::shipper::shop::{Shop, one_shirt};

/// The names of the ready-made scenarios.
fn names() -> impl Iterator<Item = &'static str> {
    ready_made().iter().map(|(name, _)| *name)
}

#[test]
fn every_ready_made_scenario_gives_a_world() {
    for name in names() {
        let world = build(name, setup(name), orders());
        assert_eq!(world.now(), orders().at.unwrap(), "{name}");
        assert_eq!(world.outbox().deliveries().count(), 0, "{name}: the past told somebody");
        assert_eq!(world.journal().len(), 0, "{name}: the past was written down");
    }
}

#[test]
fn the_same_setup_gives_the_same_world_and_another_seed_another() {
    let holdings = |seed| {
        let orders = shipmock::internals::world::Orders { seed: Some(seed), ..orders() };
        TestWorld::of(build("small", small(), orders)).holdings()
    };
    assert_eq!(holdings(1), holdings(1));
    assert_ne!(holdings(1), holdings(2));
}

#[test]
fn a_setup_survives_being_written_and_read() {
    for name in names() {
        let setup = setup(name);
        let written = serde_json::to_string(&setup).unwrap();
        assert_eq!(
            serde_json::from_str::<shipmock::internals::world::Setup>(&written).unwrap(),
            setup,
            "{name}"
        );
    }
}

#[test]
fn what_an_operator_says_counts_more_than_what_a_scenario_says() {
    let world = build("default", setup("default"), orders());
    assert_eq!(
        (world.recipe().seed, world.clock().mode().word()),
        (crate::harness::SEED, "frozen")
    );
}

/// A setup that cannot be is refused with its place; nothing in it makes a world panic.
#[test]
#[rustfmt::skip]
fn a_setup_that_cannot_be_is_refused_with_its_place() {
    for (pointer, value, place) in [
        ("/country",                     json!("FR"),                             Some("country")),
        ("/products/0/price",            json!("79228162514264337593543950335"),  Some("products[0].price")),
        ("/products/0/cost",             json!("-0.01"),                          Some("products[0].cost")),
        ("/products/0/id",               json!(u64::MAX),                         Some("products[0].id")),
        ("/products/0/id",               json!(0),                                Some("products[0].id")),
        ("/products/1/id",               json!(1),                                Some("products[1].id")),
        ("/products/1/stock",            json!(i64::MIN),                         None),
        ("/products/1/stock",            json!(i64::MAX),                         None),
        ("/keys/1/token",                json!("YOUR_API_KEY"),                   Some("keys")),
        ("/orders/0/id",                 json!(u64::MAX),                         Some("orders[0].id")),
        ("/orders/0/id",                 json!(0),                                Some("orders[0].id")),
        ("/orders/1/id",                 json!(554),                              Some("orders[1].id")),
        ("/orders/0/items/0/product",    json!(9),                                Some("orders[0].items[0].product")),
        ("/orders/0/items/0/quantity",   json!(u32::MAX),                         None),
        ("/orders/1/items/0/total",      json!("79228162514264337593543950335"),  Some("orders[1].items[0].total")),
        ("/orders/0/shipping_total",     json!("-1"),                             Some("orders[0].shipping_total")),
        ("/orders/0/created_at",         json!("9999-12-30T00:00:00Z"),           None),
        ("/orders/1/shipments/0/life",   json!([{ "on": "deliver", "at": "2026-05-10T14:00:00Z" }]), Some("orders[1].shipments[0].life[0].on")),
        ("/orders/1/shipments/0/life/0/on", json!("dance"),                       Some("orders[1].shipments[0].life[0].on")),
        ("/history",                     json!({ "orders": 3, "days": u32::MAX }), None),
        ("/history",                     json!({ "orders": 3, "days": 0 }),       None),
        ("/history",                     json!({ "orders": u32::MAX, "days": 1 }), Some("history.orders")),
    ] {
        let mut setup = serde_json::to_value(small()).unwrap();
        let organization = setup.pointer_mut("/shipper/organizations/0").unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match organization.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            other => other[name] = value.clone(),
        }
        let setup = serde_json::from_value(setup).unwrap();
        let built = World::build(Arc::new(Recipe::new("wrong", setup, orders(), orders().at.unwrap())));
        let expected = place.map(|place| format!("shipper.organizations[0].{place}"));
        assert_eq!(built.as_ref().err().map(|wrong| wrong.place.clone()), expected, "{pointer} {value}");
        if let Ok(world) = built {
            // What such a world holds can be looked at and lived on with.
            let mut shop = Shop::of(world);
            for target in ["/orders", "/products", "/dashboard/overview", "/dashboard/product-performance"] {
                assert_eq!(shop.get(target).status, 200, "{pointer} {value}");
            }
            shop.order(&one_shirt());
            shop.settle();
        }
    }
}
