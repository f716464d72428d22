//! Oracles: generated inputs, and which refusal the documentation asks for. Where something can be put is known from the
//! field tables; what has to come of it is written down here once more, from the documentation alone.

mod shiptheory;
mod shipup;

use serde_json::{Value, json};
use shipmock::internals::message::Method;
use shipmock::internals::providers::{Name, Place, field_rows, service};

/// What is put into a field: every type, and of each what is empty, blank, tiny, huge, negative or unknown.
pub fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(""),
        json!("  "),
        json!("abc"),
        json!("0x1A"),
        json!("x".repeat(300)),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e-7),
        json!(1e300),
        json!(i64::MAX),
        json!([]),
        json!([1]),
        json!([{}]),
        json!({}),
        json!({ "a": 1 }),
    ]
}

/// The JSON pointers of every field of an endpoint's body, in the first element of each list.
pub fn pointers(name: Name, method: Method, path: &str) -> Vec<String> {
    let lines = service(name).routes();
    let line = lines.iter().find(|line| line.method == method.word() && line.path == path);
    let rows = field_rows(line.unwrap_or_else(|| panic!("no route {method} {path}")).takes);
    let body = rows.iter().filter(|row| row.field.place == Place::Body);
    body.map(|row| format!("/{}", row.path.replace("[]", "/0").replace('.', "/"))).collect()
}

/// A body with a value at a place, or with nothing there.
pub fn planted(body: &Value, pointer: &str, value: Option<&Value>) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}"));
    let parent = parent.as_object_mut().unwrap_or_else(|| panic!("no object at {pointer}"));
    match value {
        Some(value) => drop(parent.insert(name.to_owned(), value.clone())),
        None => drop(parent.remove(name)),
    }
    body
}

/// Every body with one field made otherwise, then every body with two fields, neither of which holds the other. What a
/// pair gets turns with the places, so that every value meets many others.
pub fn bodies(whole: &Value, pointers: &[String]) -> Vec<Value> {
    let values = values();
    let mut bodies = Vec::new();
    for pointer in pointers {
        bodies.push(planted(whole, pointer, None));
        bodies.extend(values.iter().map(|value| planted(whole, pointer, Some(value))));
        let (parent, _) = pointer.rsplit_once('/').unwrap();
        bodies.push(planted(whole, &format!("{parent}/no_such_field"), Some(&json!([7]))));
    }
    for (place, one) in pointers.iter().enumerate() {
        for (other_place, other) in pointers.iter().enumerate().skip(place + 1) {
            let within = |outer: &str, inner: &str| inner.starts_with(&format!("{outer}/"));
            if within(one, other) || within(other, one) {
                continue;
            }
            let turn = |shift: usize| &values[(place * 7 + other_place * 3 + shift) % values.len()];
            let once = planted(whole, one, Some(turn(0)));
            bodies.push(planted(&once, other, Some(turn(5))));
        }
    }
    bodies
}
