//! Placeholders, the holes of a step: which there are, and what was kept to fill them.

use serde_json::{Map, Value};

use crate::kit::template::{self, fill_value, fill_value_first};
use crate::scenario::trail::Trail;

/// A step with its holes filled from what was kept. One that nothing was kept for stays as it is; those of a rule are
/// filled again, by each call that it is about.
pub(super) fn filled(step: &Value, kept: &Map<String, Value>) -> Value {
    let look_up = |name: &str| kept.get(name).cloned();
    if is_of_a_rule(step) { fill_value_first(step, &look_up) } else { fill_value(step, &look_up) }
}

/// Whether a step installs a rule, which has holes of its own.
pub(super) fn is_of_a_rule(step: &Value) -> bool {
    step.get("rule").is_some()
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
    found.extend(template::holes(text).into_iter().map(|name| (trail.clone(), name.to_owned())));
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
