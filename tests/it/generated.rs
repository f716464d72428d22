//! Made-up inputs: every row of an endpoint's field table with every value that may not fit there, alone and in pairs,
//! and fields that nobody knows at every depth.

use serde_json::{Value, json};
use shipmock::internals::providers::{FieldRow, Name, Place, field_rows, service};

/// Values of every type: nothing, blank, empty, yes and no, tiny, huge, negative, and texts that look like others.
pub fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(""),
        json!("   "),
        json!([]),
        json!({}),
        json!([1]),
        json!(["x"]),
        json!([{}]),
        json!({ "a": 1 }),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(12),
        json!(1.5),
        json!(1e-7),
        json!(10_001),
        json!(u64::MAX),
        json!(1e30),
        json!("abc"),
        json!("12"),
        json!(" 7 "),
        json!("1e3"),
        json!("-1"),
        json!("0"),
        json!("true"),
        json!("x".repeat(300)),
        json!("نص"),
    ]
}

/// The rows of an endpoint that stand in one place.
pub fn rows_of(name: Name, method: &str, path: &str, place: Place) -> Vec<FieldRow> {
    let routes = service(name).routes();
    let line = routes.iter().find(|line| (line.method, line.path) == (method, path));
    let rows = field_rows(line.unwrap_or_else(|| panic!("{method} {path}")).takes);
    rows.into_iter().filter(|row| row.field.place == place).collect()
}

/// A body with a value at a path, in the first element where the path leads through a list; nothing where what is
/// above it is no container.
pub fn planted(body: &Value, path: &str, value: Value) -> Option<Value> {
    let mut whole = body.clone();
    let mut at = &mut whole;
    let (outer, last) = path.rsplit_once('.').unwrap_or(("", path));
    for part in outer.split('.').filter(|part| !part.is_empty()) {
        let name = part.trim_end_matches("[]");
        at = at.as_object_mut()?.get_mut(name)?;
        if part.ends_with("[]") {
            at = at.as_array_mut()?.first_mut()?;
        }
    }
    at.as_object_mut()?.insert(last.to_owned(), value);
    Some(whole)
}

/// Every body that differs from one by a value of a row, by values of two rows, or by fields that nobody knows.
pub fn bodies(body: &Value, rows: &[FieldRow]) -> Vec<(String, Value)> {
    let values = values();
    let mut all = vec![("as it is".to_owned(), body.clone())];
    let mut add = |told: String, changed: Option<Value>| {
        all.extend(changed.map(|changed| (told, changed)));
    };
    for whole in &values {
        add(format!("all of it {whole}"), Some(whole.clone()));
    }
    for (place, row) in rows.iter().enumerate() {
        for value in &values {
            let changed = planted(body, &row.path, value.clone());
            add(format!("{} = {value}", row.path), changed);
        }
        // Of the pairs three each: which values meet depends on where the rows stand.
        for (other, second) in rows.iter().enumerate().skip(place + 1) {
            for turn in 0..3 {
                let one = &values[(place * 7 + other * 3 + turn * 11) % values.len()];
                let two = &values[(place * 5 + other * 13 + turn * 17) % values.len()];
                let changed = planted(body, &row.path, one.clone())
                    .and_then(|changed| planted(&changed, &second.path, two.clone()));
                add(format!("{} = {one}, {} = {two}", row.path, second.path), changed);
            }
        }
        let beside =
            row.path.rsplit_once('.').map_or(String::new(), |(outer, _)| format!("{outer}."));
        for value in [json!("red"), json!({ "deep": [1] })] {
            let path = format!("{beside}colour");
            add(format!("{path} = {value}"), planted(body, &path, value));
        }
    }
    all
}

/// Whether an empty text stands anywhere in a value.
pub fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.iter().any(holds_nothing),
        Value::Object(fields) => fields.values().any(holds_nothing),
        _ => false,
    }
}
