//! What the reader takes, and what it says of what it refuses.

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

fn build(read: Scenario) -> Result<World, crate::world::Wrong> {
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
        "steps": [{"advance": "3h"}, 1.5, null],
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
fn unknown_names_are_refused_with_what_was_meant() {
    assert_snapshot!(wrong("name: x\nworld:\n  shipper:\n    limits:\n      raed: 5\n"), @r"
    error: unknown key `raed`
     --> a.yaml:5:7
      |
    5 |       raed: 5
      |       ^^^^
      = did you mean `read`?
      = what can stand here: lifted, read, dashboard, reference, write, destructive
    ");
    assert_snapshot!(wrong("nmae: x\n"), @r"
    error: unknown key `nmae`
     --> a.yaml:1:1
      |
    1 | nmae: x
      | ^^^^
      = did you mean `name`?
      = what can stand here: name, summary, extends, world, steps
    ");
    assert_snapshot!(wrong("world:\n  clock: { mode: frozn }\n"), @r"
    error: `frozn` is not one of the words that can stand here
     --> a.yaml:2:18
      |
    2 |   clock: { mode: frozn }
      |                  ^^^^^
      = did you mean `frozen`?
      = what can stand here: real, frozen, scaled
    ");
    assert_snapshot!(wrong("extends: defualt\n"), @r"
    error: there is no ready-made scenario `defualt` to extend
     --> a.yaml:1:10
      |
    1 | extends: defualt
      |          ^^^^^^^
      = did you mean `default`?
      = what can stand here: default, load, empty
    ");
}

#[test]
fn wrong_values_are_refused_with_what_was_expected() {
    let product = |price: &str| {
        wrong(&format!(
            "world:\n  shipper:\n    organizations:\n      - name: a\n        products:\n          - {{ name: x, sku: y, price: {price}, cost: 1 }}\n"
        ))
    };
    assert_snapshot!(wrong("world:\n  seed: -1\n"), @r"
    error: this must be a whole number, 0 or more
     --> a.yaml:2:9
      |
    2 |   seed: -1
      |         ^^
    ");
    assert_snapshot!(wrong("world: [1]\n"), @r"
    error: this must be keys with values
     --> a.yaml:1:8
      |
    1 | world: [1]
      |        ^
    ");
    assert_snapshot!(wrong("world:\n  shipper: { limits: { lifted: yes } }\n"), @r"
    error: this must be `true` or `false`
     --> a.yaml:2:32
      |
    2 |   shipper: { limits: { lifted: yes } }
      |                                ^^^
    ");
    assert_snapshot!(wrong("world:\n  clock: { at: 2026-05-14 }\n"), @r"
    error: this cannot be read: failed to find time component, which is required for parsing a timestamp
     --> a.yaml:2:16
      |
    2 |   clock: { at: 2026-05-14 }
      |                ^^^^^^^^^^
    ");
    assert_snapshot!(wrong("world:\n  shipper:\n    organizations:\n      - country: TN\n"), @r"
    error: the key `name` is missing
     --> a.yaml:4:9
      |
    4 |       - country: TN
      |         ^^^^^^^
    ");
    assert_snapshot!(product("cheap"), @r#"
    error: this must be an amount such as 190 or "190.5", not string "cheap"
     --> a.yaml:6:39
      |
    6 |           - { name: x, sku: y, price: cheap, cost: 1 }
      |                                       ^^^^^
    "#);
    assert_snapshot!(product("[1]"), @r"
    error: this must be a single value
     --> a.yaml:6:39
      |
    6 |           - { name: x, sku: y, price: [1], cost: 1 }
      |                                       ^
    ");
    assert_snapshot!(product(""), @r"
    error: a value is missing here
     --> a.yaml:6:37
      |
    6 |           - { name: x, sku: y, price: , cost: 1 }
      |                                     ^
    ");
}

#[test]
fn what_is_no_yaml_is_refused_where_it_stops_being_yaml() {
    assert_snapshot!(wrong("name: x\nname: y\n"), @r"
    error: the key `name` is there twice
     --> a.yaml:2:1
      |
    2 | name: y
      | ^^^^
    ");
    assert_snapshot!(wrong("world:\n\tseed: 1\n"), @r"
    error: tabs disallowed within this context (block indentation)
     --> a.yaml:2:2
      |
    2 |  seed: 1
      |  ^
      = indent with spaces
    ");
    assert_snapshot!(wrong("world: { seed: 1\n"), @r"
    error: unclosed bracket '{'
     --> a.yaml:1:8
      |
    1 | world: { seed: 1
      |        ^
    ");
    assert_snapshot!(wrong("name: \"a\0b\"\n"), @r#"
    error: unexpected character: `\u{0}'
     --> a.yaml:1:9
      |
    1 | name: "a�b"
      |         ^
    "#);
    assert_snapshot!(wrong("name: caf\u{fffd}\n"), @r#"
    error: here the file is not UTF-8 text
     --> a.yaml:1:10
      |
    1 | name: caf�
      |          ^
      = save it as UTF-8; if U+FFFD is meant, write "\uFFFD"
    "#);
    assert_snapshot!(wrong("name: x\n---\nname: y\n"), @r"
    error: a scenario is one document; a second one begins here
     --> a.yaml:2:1
      |
    2 | ---
      | ^^^
    ");
    assert_snapshot!(wrong("name: *x\n"), @r"
    error: this alias has no anchor before it
     --> a.yaml:1:7
      |
    1 | name: *x
      |       ^
    ");
    assert_snapshot!(wrong("# only a comment\n"), @r"
    error: there is nothing in it
     --> a.yaml
      = what can stand here: name, summary, extends, world, steps
    ");
}

#[test]
fn a_hostile_file_is_refused_before_it_costs_anything() {
    let mut bomb = String::from("steps:\n  - &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.push_str(&format!("  - &a{n} [{aliases}]\n"));
    }
    assert_snapshot!(wrong(&bomb), @r"
    error: the aliases of the file unfold to more than a scenario may hold
     --> a.yaml:6:45
      |
    6 |   - &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
      |                                             ^^^
      = a scenario holds 100000 values at most
    ");
    assert_snapshot!(wrong(&format!("steps:\n  {}x", "- ".repeat(10_000))), @r"
    error: this is nested deeper than 48 levels
     --> a.yaml:2:97
      |
    2 | … - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -…
      |                                                 ^
    ");
    assert_snapshot!(wrong(&format!("steps: {}", "[".repeat(10_000))), @r"
    error: this is nested deeper than 48 levels
     --> a.yaml:1:56
      |
    1 | …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…
      |                                                 ^
    ");
    assert_snapshot!(wrong(&format!("steps: [{}]", "x,".repeat(1_000_000))), @r"
    error: the file holds more than 100000 values
     --> a.yaml:1:200003
      |
    1 | …,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x…
      |                                                 ^
    ");
    assert_snapshot!(wrong(&format!("name: {}\n", "x".repeat(5_000_000))), @r"
    error: the file has 5000007 bytes; a scenario has 4194304 at most
     --> a.yaml
    ");
    let anchors: String = (0..2_000).map(|n| format!("  - &a{n} x\n")).collect();
    assert_snapshot!(wrong(&format!("steps:\n{anchors}")), @r"
    error: a scenario has 10000 aliases and 1000 anchors at most
        --> a.yaml:1002:12
         |
    1002 |   - &a1000 x
         |            ^
    ");
    let long = wrong(&format!("world: {{ clock: {{ mode: {} }} }}", "k".repeat(500_000)));
    assert_eq!(long.message.chars().count(), 1_000);
    assert_snapshot!(wrong("\"\\e[31mred\": 1"), @r#"
    error: unknown key `�[31mred`
     --> a.yaml:1:1
      |
    1 | "\e[31mred": 1
      | ^^^^^^^^^^^
      = what can stand here: name, summary, extends, world, steps
    "#);
    assert_snapshot!(wrong("steps: &a [*a]\n"), @r"
    error: Recursive reference not allowed here
     --> a.yaml:1:12
      |
    1 | steps: &a [*a]
      |            ^^
    ");
}

#[test]
fn a_mistake_of_an_inline_scenario_is_named_by_its_path() {
    assert_snapshot!(wrong_json(json!({"world": {"shipper": {"limits": {"raed": 5}}}})), @r"
    error: unknown key `raed`
     --> the inline scenario, at world.shipper.limits.raed
      = did you mean `read`?
      = what can stand here: lifted, read, dashboard, reference, write, destructive
    ");
    assert_snapshot!(wrong_json(json!({"world": {"shipper": {"organizations": [{"country": "TN"}]}}})), @r"
    error: the key `name` is missing
     --> the inline scenario, at world.shipper.organizations[0]
    ");
    assert_snapshot!(wrong_json(json!({"world": {"clock": {"mode": "frozn"}}})), @r"
    error: `frozn` is not one of the words that can stand here
     --> the inline scenario, at world.clock.mode
      = did you mean `frozen`?
      = what can stand here: real, frozen, scaled
    ");
    assert_snapshot!(wrong_json(json!({"extends": "other"})), @r"
    error: there is no ready-made scenario `other` to extend
     --> the inline scenario, at extends
      = what can stand here: default, load, empty
    ");
    assert_snapshot!(wrong_json(json!([1])), @r"
    error: this must be keys with values
     --> the inline scenario
    ");
    assert_snapshot!(wrong_json(json!({})), @r"
    error: there is nothing in it
     --> the inline scenario
      = what can stand here: name, summary, extends, world, steps
    ");
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    assert_snapshot!(wrong_json(json!({"steps": deep})), @r"
    error: this is nested deeper than 48 levels
     --> the inline scenario
    ");
}

#[test]
fn a_scenario_that_cannot_be_opened_says_which_there_are() {
    let gone = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
    assert_snapshot!(open("defualt", gone).unwrap_err(), @r"
    error: there is no ready-made scenario `defualt`
     --> defualt
      = did you mean `default`?
      = what can stand here: default, load, empty
      = or name a file
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
    error: shipper.journey: there is no journey `nowhere`; the journeys are delivered_and_paid, delivered_unpaid, unavailable_then_delivered, returned_to_sender, delivered_then_returned, partial_delivery, partial_return, lost, stuck_at_origin, unconfirmed, unreachable, wrong_number, duplicate, canceled, waiting
     --> a.yaml:2:30
      |
    2 | world: { shipper: { journey: nowhere } }
      |                              ^^^^^^^
    ");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(
        any in ".{0,200}",
        near in "((world|shipper|name|steps|seed|limits|[a-z&*!|>é\t]|- |: |\\{|\\}|\\[|\\]|\"|'|\n {0,4})){0,40}",
    ) {
        for text in [any, near] {
            if let Err(wrong) = from_yaml("a.yaml", &text) {
                proptest::prop_assert!(wrong.to_string().starts_with("error: "));
            }
        }
    }
}
