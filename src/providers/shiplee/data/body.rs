//! Body of a request, read as PHP reads it: JSON whatever the type says, forms only when the type says so.

use crate::kit::json::{Map, Value};

use crate::kit::numeric;
use crate::message::Request;
use crate::providers::Field;

/// The fields of a request.
pub type Fields = Map;

/// The fields of a JSON body; none when it is no JSON object.
pub fn json(request: &Request) -> Fields {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

/// The fields of a form; none when the type is another.
pub fn form(request: &Request) -> Fields {
    request.form().unwrap_or_default()
}

/// Whether a field is there: neither null, nor blank, nor an empty list.
pub fn is_there(value: Option<&Value>) -> bool {
    match said(value) {
        None => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(_) => true,
    }
}

/// A field that says something: neither null nor blank.
pub fn said(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    })
}

/// The first field that is missing of those that a table needs.
pub fn first_missing(fields: &Fields, table: &'static [Field]) -> Option<&'static str> {
    let mut needed = table.iter().filter(|field| field.is_needed());
    needed.find(|field| !is_there(fields.get(field.path))).map(|field| field.path)
}

/// A field's text, whatever scalar it came as; empty when it is none.
pub fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(numeric::text_of).unwrap_or_default().into_owned()
}

/// A field's text, if it is there.
pub fn optional(fields: &Fields, name: &str) -> Option<String> {
    is_there(fields.get(name)).then(|| text(fields, name))
}

/// Whether a field says yes: `1`, `true`, `"1"`. Documentation, "Add Order", `sameAddressCheckbox`.
pub fn yes(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0" | "false"),
        _ => false,
    }
}
