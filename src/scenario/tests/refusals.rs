//! What the reader says of what it refuses, word for word.

use insta::assert_snapshot;
use serde_json::json;

use super::{from_yaml, wrong, wrong_json};
use crate::scenario::{PlayOptions, check, play};

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
      = what can stand here: name, summary, section, proves, extends, world, steps
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
      = what can stand here: default, empty, load
      = `shipmock scenarios` lists all that there are
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
      = what can stand here: name, summary, section, proves, extends, world, steps
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
      = what can stand here: name, summary, section, proves, extends, world, steps
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
      = what can stand here: default, empty, load
      = `shipmock scenarios` lists all that there are
    ");
    assert_snapshot!(wrong_json(json!([1])), @r"
    error: this must be keys with values
     --> the inline scenario
    ");
    assert_snapshot!(wrong_json(json!({})), @r"
    error: there is nothing in it
     --> the inline scenario
      = what can stand here: name, summary, section, proves, extends, world, steps
    ");
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    assert_snapshot!(wrong_json(json!({"steps": deep})), @r"
    error: this is nested deeper than 48 levels
     --> the inline scenario
    ");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(
        any in ".{0,200}",
        near in "((world|shipper|name|steps|request|call|advance|webhooks|set|move|seed|limits|[a-z&*!|>é\t]|- |: |\\{|\\}|\\[|\\]|\"|'|\n {0,4})){0,40}",
    ) {
        for text in [any, near] {
            let found = check("a.yaml", &text);
            proptest::prop_assert!(found.iter().all(|it| it.to_string().starts_with("error: ")));
            match from_yaml("a.yaml", &text) {
                Err(_) => proptest::prop_assert!(!found.is_empty()),
                Ok(read) => {
                    play(&read, PlayOptions::default());
                }
            }
        }
    }
}
