//! Templates, texts with placeholders: `${...}` is replaced by what a look-up says, and `$${` stands for `${`.

use serde_json::Value;

/// A piece of a text.
enum Piece<'a> {
    /// What stands for itself.
    Plain(&'a str),
    /// `$${`, which stands for `${`.
    Escaped,
    /// A hole: as it is written, and what stands between its braces.
    Hole(&'a str, &'a str),
}

/// Takes a text apart, in its order. A `${` that no `}` follows stands for itself.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, hole) = rest.split_at(start);
        if let Some(before) = before.strip_suffix('$') {
            found.extend([Piece::Plain(before), Piece::Escaped]);
            rest = &hole[2..];
            continue;
        }
        let Some(end) = hole.find('}') else { break };
        let (whole, after) = hole.split_at(end + 1);
        found.extend([Piece::Plain(before), Piece::Hole(whole, &whole[2..end])]);
        rest = after;
    }
    found.push(Piece::Plain(rest));
    found
}

/// The holes of a text.
pub fn holes(text: &str) -> Vec<&str> {
    let named = |piece| match piece {
        Piece::Hole(_, name) => Some(name),
        Piece::Plain(_) | Piece::Escaped => None,
    };
    pieces(text).into_iter().filter_map(named).collect()
}

/// Fills the holes of a text; null is nothing. A hole nobody knows stays as it is.
pub fn fill(text: &str, look_up: &impl Fn(&str) -> Option<Value>) -> String {
    filled(text, look_up, "${")
}

fn filled(text: &str, look_up: &impl Fn(&str) -> Option<Value>, escaped: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Plain(text) => filled.push_str(text),
            Piece::Escaped => filled.push_str(escaped),
            Piece::Hole(whole, name) => match look_up(name) {
                Some(Value::String(text)) => filled.push_str(&text),
                Some(Value::Null) => {}
                Some(value) => filled.push_str(&value.to_string()),
                None => filled.push_str(whole),
            },
        }
    }
    filled
}

/// Fills the holes of every text in a value. A text that is one hole and nothing else becomes the value itself.
pub fn fill_value(value: &Value, look_up: &impl Fn(&str) -> Option<Value>) -> Value {
    filled_value(value, look_up, "${")
}

/// The same for what is filled once more later, from elsewhere: what stands for `${` then stays as it is now.
pub fn fill_value_first(value: &Value, look_up: &impl Fn(&str) -> Option<Value>) -> Value {
    filled_value(value, look_up, "$${")
}

fn filled_value(value: &Value, look_up: &impl Fn(&str) -> Option<Value>, escaped: &str) -> Value {
    match value {
        Value::String(text) => {
            let alone = text.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
            let found = alone.filter(|name| !name.contains('}')).and_then(look_up);
            found.unwrap_or_else(|| Value::String(filled(text, look_up, escaped)))
        }
        Value::Array(list) => {
            list.iter().map(|value| filled_value(value, look_up, escaped)).collect()
        }
        Value::Object(map) => {
            let entry = |(name, value): (&String, &Value)| {
                (filled(name, look_up, escaped), filled_value(value, look_up, escaped))
            };
            map.iter().map(entry).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{fill, fill_value, fill_value_first, holes};

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
        assert_eq!(fill("$${id} $$${id} $${${id}", &known), "${id} $${id} ${555");
        assert_eq!(fill("[${nothing}]", &|_| Some(Value::Null)), "[]");
        assert_eq!(holes("${id} $${name} ${} ${"), ["id", ""]);
        let twice = fill_value_first(&json!(["$${id} ${id}"]), &known);
        assert_eq!(twice, json!(["$${id} 555"]));
        let value = json!({ "id": "${id}", "list": ["${name}-${id}"], "n": 1 });
        assert_eq!(fill_value(&value, &known), json!({ "id": 555, "list": ["Omar-555"], "n": 1 }));
    }
}
