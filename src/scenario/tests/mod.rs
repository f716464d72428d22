//! What the reader takes, and how what it took becomes a world.

mod played;
mod refusals;

use std::sync::Arc;

use insta::assert_snapshot;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Diagnostic, Scenario, from_json, from_yaml, locate, open, ready_made};
use crate::world::{Orders, Recipe, Setup, World};

fn wrong(text: &str) -> Diagnostic {
    from_yaml("a.yaml", text).unwrap_err()
}

fn wrong_json(value: Value) -> Diagnostic {
    from_json(value).unwrap_err()
}

fn build(read: Scenario) -> Result<World, crate::kit::mistake::Mistake> {
    let start = "2026-05-14T09:00:00Z".parse::<Timestamp>().unwrap();
    let orders = Orders { at: Some(start), ..Orders::default() };
    World::build(Arc::new(Recipe::new(read.name, read.world, orders, start)))
}

fn never(_: &str) -> std::io::Result<String> {
    panic!("a ready-made scenario is not a file")
}

#[test]
fn every_ready_made_scenario_builds_a_world() {
    for (name, _) in ready_made() {
        let read = open(name, never).unwrap();
        assert_eq!(read.name, *name);
        assert!(!read.summary.is_empty());
        assert_eq!(build(read).map(|world| world.recipe().scenario.clone()).unwrap(), *name);
    }
}

#[test]
fn load_is_the_default_without_limits_and_empty_has_its_keys_only() {
    let shipper = |name: &str| open(name, never).unwrap().world.shipper.unwrap();
    let (default, load, empty) = (shipper("default"), shipper("load"), shipper("empty"));
    assert!(load.limits.unwrap().lifted && default.limits.is_none());
    assert_eq!(load.organizations, default.organizations);
    let bare = default.organizations.unwrap().into_iter().map(|mut organization| {
        organization.products.clear();
        organization.orders.clear();
        (organization.catalogue, organization.history) = (None, None);
        organization
    });
    assert_eq!(empty.organizations.unwrap(), bare.collect::<Vec<_>>());
}

#[test]
fn a_scenario_gets_what_it_says_and_what_it_extends() {
    let alone = from_yaml("dir/mine.v2.yaml", "world: { seed: 1 }").unwrap();
    assert_eq!((alone.name.as_str(), alone.world.shipper), ("mine.v2", None));
    let text = "extends: load\nworld:\n  seed: 1\n  shipper: { journey: delivered }\nsteps: [{ advance: 3h }]";
    let read = from_yaml("mine", text).unwrap();
    let shipper = read.world.shipper.unwrap();
    assert_eq!((read.world.seed, shipper.journey.as_deref()), (Some(1), Some("delivered")));
    assert!(shipper.limits.unwrap().lifted && shipper.organizations.is_some());
    assert_eq!(read.steps, [json!({"advance": "3h"})]);
}

#[test]
fn the_json_form_reads_like_the_yaml_form() {
    let value = json!({
        "name": "é \"quoted\"\t\u{fffd}", "extends": "empty", "world": {"seed": u64::MAX},
        "steps": [{"advance": "3h"}, {"reset": true}, {"receiver": {"status": 500}}],
    });
    let read = from_json(value.clone()).unwrap();
    assert_eq!(read.name, value["name"].as_str().unwrap());
    assert_eq!((read.world.seed, read.steps.len()), (Some(u64::MAX), 3));
    assert_eq!(from_json(json!({"world": {"seed": 1}})).unwrap().world.shipper, None);
}

#[test]
fn money_and_instants_are_read_plain_and_quoted() {
    for (written, meant) in [
        ("190", "190"),
        ("\"190.5\"", "190.5"),
        ("190.5", "190.5"),
        ("59.90", "59.90"),
        ("0.1", "0.1"),
    ] {
        for at in ["2026-05-10T10:00:00Z", "\"2026-05-10T12:00:00+02:00\""] {
            let text = format!(
                "world:\n  clock: {{ at: {at} }}\n  shipper:\n    organizations:\n      - name: a\n        \
                 products: [{{ name: 5, sku: 0x10, price: {written}, cost: 1 }}]"
            );
            let Setup { clock, shipper, .. } = from_yaml("a.yaml", &text).unwrap().world;
            let organizations = shipper.unwrap().organizations.unwrap();
            let product = &organizations[0].products[0];
            // As text: the digits after the point are part of what was written.
            assert_eq!(product.price.to_string(), meant);
            assert_eq!((product.name.as_str(), product.sku.as_str()), ("5", "0x10"));
            assert_eq!(clock.unwrap().at.unwrap().to_string(), "2026-05-10T10:00:00Z");
        }
    }
    let inline = json!({"world": {"shipper": {"organizations": [{"name": "a", "products": [
        {"name": "x", "sku": "y", "price": 190.5, "cost": "1.50"}]}]}}});
    let organizations = from_json(inline).unwrap().world.shipper.unwrap().organizations.unwrap();
    assert_eq!(organizations[0].products[0].price.to_string(), "190.5");
    assert_eq!(organizations[0].products[0].cost.to_string(), "1.50");
}

#[test]
fn a_scenario_that_cannot_be_opened_says_which_there_are() {
    let gone = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
    assert_snapshot!(open("defualt", gone).unwrap_err(), @r"
    error: there is no ready-made scenario `defualt`
     --> defualt
      = did you mean `default`?
      = what can stand here: default, empty, load
      = `shipmock scenarios` lists all that there are; or name a file
    ");
    assert_snapshot!(open("missing.yaml", gone).unwrap_err(), @r"
    error: the file cannot be read: entity not found
     --> missing.yaml
    ");
    let read = open("mine.yaml", |_: &str| Ok("world: {}".to_owned())).unwrap();
    assert_eq!(read.name, "mine");
}

#[test]
fn a_setup_that_contradicts_itself_is_located_in_its_file() {
    let text = "world:\n  shipper:\n    organizations:\n      - name: a\n        country: XX\n";
    let problem = build(from_yaml("a.yaml", text).unwrap()).unwrap_err();
    assert_snapshot!(locate("a.yaml", text, &problem), @r"
    error: shipper.organizations[0].country: `XX` is none of TN, DZ, MA
     --> a.yaml:5:18
      |
    5 |         country: XX
      |                  ^^
    ");
    let text = "extends: empty\nworld: { shipper: { journey: nowhere } }\n";
    let problem = build(from_yaml("a.yaml", text).unwrap()).unwrap_err();
    assert_snapshot!(locate("a.yaml", text, &problem), @r"
    error: shipper.journey: there is no journey `nowhere`; the journeys are delivered_and_paid, delivered_unpaid, unavailable_then_delivered, returned_to_sender, delivered_then_returned, partial_delivery, partial_return, lost, stuck_at_origin, unconfirmed, unreachable, wrong_number, duplicate, canceled, delivered_late, waiting
     --> a.yaml:2:30
      |
    2 | world: { shipper: { journey: nowhere } }
      |                              ^^^^^^^
    ");
}
