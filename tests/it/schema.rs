//! The JSON Schema that editors complete by: every scenario fits it, and what the reader refuses as unknown it refuses.

use std::path::Path;

use serde_json::Value;
use shipmock::internals::scenario;

use crate::fits::misfits;

/// A file as JSON, its merges done.
fn json(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(scenario::schema()).unwrap()
}

#[test]
fn every_ready_made_scenario_fits_it() {
    let schema = schema();
    for (name, text) in scenario::ready_made() {
        assert_eq!(misfits(&schema, &json(text)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_the_reader_does_not_know_does_not_fit_it() {
    let schema = schema();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/bad");
    for name in [
        "bad-comparison",
        "move-unknown-state",
        "unknown-step",
        "wrong-type",
        "wrong-world",
        "bad-keep",
    ] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.yaml"))).unwrap();
        let fits = misfits(&schema, &json(&text)).is_empty();
        // What contradicts itself, and which states there are, is beyond a schema.
        assert_eq!(fits, ["move-unknown-state", "wrong-world"].contains(&name), "{name}");
    }
}

#[test]
fn every_definition_has_a_name_of_its_own() {
    let schema = schema();
    for name in schema["$defs"].as_object().unwrap().keys() {
        let numbered = name.ends_with(|end: char| end.is_ascii_digit());
        assert!(!numbered, "two types are called {name} but for the number: rename one");
    }
}
