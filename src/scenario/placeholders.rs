//! Placeholders, the holes of a step: which there are, and what was kept to fill them.

use serde_json::{Map, Value};

use crate::kit::template::fill_value;
use crate::scenario::trail::Trail;

/// A value with its holes filled from what was kept. One that nothing was kept for stays as it is.
pub(super) fn filled(value: &Value, kept: &Map<String, Value>) -> Value {
    fill_value(value, &|name| kept.get(name).cloned())
}

/// Every hole of a value with its place: of a key, the place of what it stands for.
///
/// The depth of a value is bounded by what the reader lets through.
pub(super) fn holes(value: &Value, trail: &Trail, found: &mut Vec<(Trail, String)>) {
    match value {
        Value::String(text) => of_text(text, trail, found),
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                holes(value, &trail.index(place), found);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                let inner = trail.key(key);
                of_text(key, &inner, found);
                holes(value, &inner, found);
            }
        }
        _ => {}
    }
}

fn of_text(text: &str, trail: &Trail, found: &mut Vec<(Trail, String)>) {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("${") {
        let Some((name, after)) = behind.split_once('}') else { return };
        found.push((trail.clone(), name.to_owned()));
        rest = after;
    }
}

/// Whether a rule fills a hole itself, from the call it is about.
pub(super) fn is_a_rules_own(name: &str) -> bool {
    name == "now" || name.contains(':')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::holes;
    use crate::scenario::trail::Trail;

    #[test]
    fn holes_are_found_in_texts_and_keys() {
        let value = json!({ "a${x}": ["${y}-${z}", 1], "open": "${", "b": "}${}" });
        let mut found = Vec::new();
        holes(&value, &Trail::default(), &mut found);
        let found: Vec<String> = found.iter().map(|(at, name)| format!("{at} {name}")).collect();
        assert_eq!(found, ["a${x} x", "a${x}[0] y", "a${x}[0] z", "b "]);
    }
}
