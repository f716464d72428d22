//! Trimming: what the middleware of a Laravel application does to every text of a request before it is looked at.

use serde_json::Value;

/// Deeper input than this is left as it is; the JSON and form readers refuse it anyway.
const DEPTH: usize = 128;

/// Every text loses the blanks around it, and an empty one becomes null.
pub fn tidy(value: Value) -> Value {
    tidy_within(value, DEPTH)
}

fn tidy_within(value: Value, depth: usize) -> Value {
    let Some(below) = depth.checked_sub(1) else { return value };
    match value {
        Value::String(text) => match text.trim_matches(is_invisible) {
            "" => Value::Null,
            trimmed if trimmed.len() == text.len() => Value::String(text),
            trimmed => Value::String(trimmed.to_owned()),
        },
        Value::Array(mut elements) => {
            for element in &mut elements {
                *element = tidy_within(element.take(), below);
            }
            Value::Array(elements)
        }
        Value::Object(mut members) => {
            for member in members.values_mut() {
                *member = tidy_within(member.take(), below);
            }
            Value::Object(members)
        }
        other => other,
    }
}

/// What is trimmed: blanks of any script, NUL, and characters that leave no mark.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '\0' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0020}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tidying_trims_what_cannot_be_seen_and_empties_become_null() {
        let input =
            json!({" k ": [" a\u{a0}\u{feff}\u{200b}", "\u{3000} \t", {"x": "\0b c\n"}], "n": 5});
        assert_eq!(tidy(input), json!({" k ": ["a", null, {"x": "b c"}], "n": 5}));
        let deep = (0..1000).fold(json!(" x "), |inner, _| json!([inner]));
        assert_eq!(tidy(deep.clone()), deep, "below the bound nothing is touched");
    }
}
