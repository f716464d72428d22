//! Trimming: what the middleware of a Laravel application does to every text of a request before it is looked at.

use crate::kit::json::{Map, Value};

/// Deeper input than this is left as it is; the JSON and form readers refuse it anyway.
const DEPTH: usize = 128;

/// What a controller is handed: the fields of the query, those of the body over them, tidied.
pub fn input(query: Map, body: Map) -> Value {
    let mut fields = query;
    if fields.is_empty() {
        fields = body;
    } else {
        fields.extend(body);
    }
    tidy(Value::Object(fields))
}

/// Every text loses the blanks around it, and an empty one becomes null.
pub fn tidy(mut value: Value) -> Value {
    tidy_within(&mut value, DEPTH);
    value
}

fn tidy_within(value: &mut Value, depth: usize) {
    let Some(below) = depth.checked_sub(1) else { return };
    match value {
        Value::String(text) => {
            let trimmed = text.trim_matches(is_invisible);
            if trimmed.is_empty() {
                *value = Value::Null;
            } else if trimmed.len() < text.len() {
                *text = trimmed.to_owned();
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|it| tidy_within(it, below)),
        Value::Object(members) => members.values_mut().for_each(|it| tidy_within(it, below)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What is trimmed: blanks of any script, NUL, and characters that leave no mark.
fn is_invisible(c: char) -> bool {
    if c.is_ascii_graphic() {
        return false;
    }
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
    use crate::kit::json::json;

    #[test]
    fn tidying_trims_what_cannot_be_seen_and_empties_become_null() {
        let input =
            json!({" k ": [" a\u{a0}\u{feff}\u{200b}", "\u{3000} \t", {"x": "\0b c\n"}], "n": 5});
        assert_eq!(tidy(input), json!({" k ": ["a", null, {"x": "b c"}], "n": 5}));
        let deep = (0..1000).fold(json!(" x "), |inner, _| json!([inner]));
        assert_eq!(tidy(deep.clone()), deep, "below the bound nothing is touched");
    }
}
