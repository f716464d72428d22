//! Holds values against the part of JSON Schema that our descriptions use, more strictly than the standard: a field
//! that is not described is a mistake.

use jiff::Timestamp;
use serde_json::Value;

/// Everything of a value that its schema does not allow or describe; `document` holds the components.
pub fn unlike(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "$", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        let target = target.unwrap_or_else(|| panic!("{reference} leads nowhere"));
        return check(document, target, value, path, found);
    }
    if let Some(shapes) = schema["anyOf"].as_array() {
        let tried: Vec<Vec<String>> = shapes
            .iter()
            .map(|shape| {
                let mut found = Vec::new();
                check(document, shape, value, path, &mut found);
                found
            })
            .collect();
        if !tried.iter().any(Vec::is_empty) {
            found.extend(tried.into_iter().min_by_key(Vec::len).unwrap());
        }
        return;
    }
    let mut wrong = |what: String| found.push(format!("{path}: {what}"));
    let fits = match schema["type"].as_str() {
        None => true,
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("{path}: a type {other}?"),
    };
    if !fits {
        return wrong(format!("{value} is no {}", schema["type"]));
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        wrong(format!("{value} is none of {words:?}"));
    }
    if schema["minimum"].as_i64().zip(value.as_i64()).is_some_and(|(least, it)| it < least) {
        wrong(format!("{value} is too small"));
    }
    let is_instant = |text: &str| text.parse::<Timestamp>().is_ok();
    if schema["format"] == "date-time" && !value.as_str().is_some_and(is_instant) {
        wrong(format!("{value} is no instant"));
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        check(document, &schema["items"], item, &format!("{path}[{place}]"), found);
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !object.contains_key(name.as_str().unwrap()) {
            found.push(format!("{path}: {name} is missing"));
        }
    }
    let known = schema["properties"].as_object();
    for (name, item) in object {
        let path = format!("{path}.{name}");
        match (known.and_then(|known| known.get(name)), &schema["additionalProperties"]) {
            (Some(schema), _) | (None, schema @ Value::Object(_)) => {
                check(document, schema, item, &path, found);
            }
            (None, Value::Bool(true)) => {}
            (None, _) if known.is_none() => {}
            (None, _) => found.push(format!("{path}: is not described")),
        }
    }
}

#[test]
fn what_is_not_described_is_a_mistake() {
    let document = serde_json::json!({"components": {"schemas": {"It": {
        "type": "object", "required": ["at"],
        "properties": {"at": {"type": "string", "format": "date-time"}, "list": {"type": "array", "items": {"type": "integer", "minimum": 0}}},
    }}}});
    let schema =
        serde_json::json!({"anyOf": [{"$ref": "#/components/schemas/It"}, {"type": "null"}]});
    for (value, count) in [
        (serde_json::json!(null), 0),
        (serde_json::json!({"at": "2026-05-14T09:00:00Z", "list": [1, 2]}), 0),
        (serde_json::json!({"at": "now", "list": [1, -2, "x"]}), 3),
        (serde_json::json!({"more": 1}), 2),
    ] {
        let schema = if value.is_null() { &schema } else { &schema["anyOf"][0] };
        assert_eq!(unlike(&document, schema, &value).len(), count, "{value}");
    }
}
