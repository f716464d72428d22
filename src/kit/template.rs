//! Templates, texts with placeholders: `${...}` is replaced by what a look-up says.

use serde_json::Value;

/// Fills the holes of a text. A hole nobody knows stays as it is.
pub fn fill(text: &str, look_up: &impl Fn(&str) -> Option<Value>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, hole) = rest.split_at(start);
        filled.push_str(before);
        let Some(end) = hole.find('}') else {
            rest = hole;
            break;
        };
        let (whole, after) = hole.split_at(end + 1);
        match look_up(&whole[2..end]) {
            Some(Value::String(text)) => filled.push_str(&text),
            Some(value) => filled.push_str(&value.to_string()),
            None => filled.push_str(whole),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Fills the holes of every text in a value. A text that is one hole and nothing else becomes the value itself.
pub fn fill_value(value: &Value, look_up: &impl Fn(&str) -> Option<Value>) -> Value {
    match value {
        Value::String(text) => {
            let alone = text.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
            let found = alone.filter(|name| !name.contains('}')).and_then(look_up);
            found.unwrap_or_else(|| Value::String(fill(text, look_up)))
        }
        Value::Array(list) => list.iter().map(|value| fill_value(value, look_up)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (fill(name, look_up), fill_value(value, look_up)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{fill, fill_value};

    fn known(name: &str) -> Option<Value> {
        match name {
            "id" => Some(json!(555)),
            "name" => Some(json!("Omar")),
            _ => None,
        }
    }

    #[test]
    fn holes_are_filled_and_unknown_ones_stay() {
        assert_eq!(
            fill("order ${id} of ${name}: ${else} ${", &known),
            "order 555 of Omar: ${else} ${"
        );
        let value = json!({ "id": "${id}", "list": ["${name}-${id}"], "n": 1 });
        assert_eq!(fill_value(&value, &known), json!({ "id": 555, "list": ["Omar-555"], "n": 1 }));
    }
}
