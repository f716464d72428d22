//! JSON as Rails prints it (`to_json`): what a page could take for its own is escaped.

use serde::Serialize;

use crate::frameworks::rails::wide_integer;

/// A value as Rails prints it: compact, with `<`, `>`, `&` and the two line separators of JavaScript escaped.
pub fn to_json<T: Serialize>(value: &T) -> String {
    let mut plain = serde_json::to_string(value).expect("keys are text in all we print");
    if wide_integer::is_marked(&plain) {
        plain = wide_integer::unmarked(&plain);
    }
    if !plain.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return plain;
    }
    // None of them stands outside a text of JSON.
    let mut out = String::with_capacity(plain.len() + 32);
    for character in plain.chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::to_json;

    #[test]
    fn what_a_page_could_take_for_its_own_is_escaped() {
        let value = json!({ "a": "{\"b\"=>1} <é> & \u{2028}", "c": [1.5, null] });
        let printed = to_json(&value);
        assert_eq!(
            printed,
            r#"{"a":"{\"b\"=\u003e1} \u003cé\u003e \u0026 \u2028","c":[1.5,null]}"#
        );
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), value);
    }
}
