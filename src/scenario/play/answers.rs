//! Response assertions: an answer held against what was expected of it.

use serde_json::Value;

use crate::kit::text::excerpt;
use crate::message::Reply;
use crate::policy::condition::Condition;
use crate::scenario::steps::Expect;
use crate::scenario::trail::Trail;

/// Something that is not as expected: where that was said, below the expectation, and how it is.
pub(super) type Difference = (Trail, String);

/// The most differences of one answer that are told.
const MOST: usize = 12;
/// The longest value that is repeated.
const WIDTH: usize = 120;

/// What of an answer is not as expected.
pub(super) fn differences(expect: &Expect, reply: &Reply) -> Vec<Difference> {
    let mut found = Vec::new();
    let at = |key: &str| Trail::default().key(key);
    match &expect.status {
        Some(test) => {
            differs(&mut found, at("status"), "the status", test, Some(&reply.status.into()))
        }
        None if reply.status >= 400 => {
            let message =
                format!("the answer is an error, {}, and none was expected", reply.status);
            found.push((Trail::default(), message));
        }
        None => {}
    }
    for (name, test) in &expect.headers {
        let value = reply.headers.get(name).map(Value::from);
        let what = format!("the header `{name}`");
        differs(&mut found, at("headers").key(name), &what, test, value.as_ref());
    }
    if !expect.json.is_empty() || expect.shape.is_some() {
        match serde_json::from_slice::<Value>(&reply.body) {
            Err(_) => found.push((at("json"), "the body is no JSON".to_owned())),
            Ok(body) => {
                for (place, test) in expect.json.iter() {
                    let what = format!("`{}`", place.text());
                    differs(
                        &mut found,
                        at("json").key(place.text()),
                        &what,
                        test,
                        place.first(&body),
                    );
                }
                if let Some(shape) = &expect.shape {
                    let mut unlike = Vec::new();
                    compare(shape, &body, Nulls::AreAKind, "$", &mut unlike);
                    found.extend(unlike.into_iter().map(|message| (at("shape"), message)));
                }
            }
        }
    }
    if let Some(test) = &expect.text {
        let text = Value::from(reply.body.text());
        differs(&mut found, at("text"), "the body", test, Some(&text));
    }
    if let Some(evidence) = expect.evidence.filter(|it| *it != reply.evidence) {
        let message = format!("the answer is {}, expected {evidence}", reply.evidence);
        found.push((at("evidence"), message));
    }
    match (reply.wire.as_ref().and_then(|wire| wire.fault), expect.fault) {
        (came, wanted) if came == wanted => {}
        (Some(came), None) => {
            found.push((
                Trail::default(),
                format!("the answer is lost to {came}, and no fault was expected"),
            ));
        }
        (came, wanted) => {
            let word = |it: Option<crate::message::Fault>| it.map_or("none", |it| it.word());
            found.push((
                at("fault"),
                format!("the fault is {}, expected {}", word(came), word(wanted)),
            ));
        }
    }
    found.truncate(MOST);
    found
}

/// Notes a value that does not pass its test.
pub(super) fn differs(
    found: &mut Vec<Difference>,
    trail: Trail,
    what: &str,
    test: &Condition,
    value: Option<&Value>,
) {
    if test.passes(value) {
        return;
    }
    let is =
        value.map_or("missing".to_owned(), |value| excerpt(&value.to_string(), WIDTH).into_owned());
    found.push((trail, format!("{what} is {is}, expected {}", excerpt(&test.to_string(), WIDTH))));
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What null is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    /// Itself only.
    AreAKind,
    /// Anything: in two answers about different data either may have what the other has not.
    AreAnything,
}

/// Where a value has not the keys and types of an example. Every element of a list is held against the example's first.
pub(super) fn compare(
    shape: &Value,
    value: &Value,
    nulls: Nulls,
    at: &str,
    unlike: &mut Vec<String>,
) {
    if unlike.len() >= MOST {
        return;
    }
    match (shape, value) {
        (Value::Object(wanted), Value::Object(given)) => {
            for (key, shape) in wanted {
                match given.get(key) {
                    Some(value) => compare(shape, value, nulls, &format!("{at}.{key}"), unlike),
                    None => unlike.push(format!("`{at}.{key}` is missing")),
                }
            }
            let extra = given.keys().filter(|key| !wanted.contains_key(*key));
            unlike.extend(extra.map(|key| format!("`{at}.{key}` is not in the shape")));
        }
        (Value::Array(wanted), Value::Array(given)) => {
            let Some(shape) = wanted.first() else { return };
            for (place, value) in given.iter().enumerate() {
                compare(shape, value, nulls, &format!("{at}[{place}]"), unlike);
            }
        }
        (Value::Null, _) | (_, Value::Null) if nulls == Nulls::AreAnything => {}
        _ if kind(shape) == kind(value) => {}
        _ => unlike.push(format!("`{at}` is {}, expected {}", kind(value), kind(shape))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Nulls, compare, differences};
    use crate::message::{Fault, Reply, Wire};

    fn told(expect: serde_json::Value, reply: &Reply) -> Vec<String> {
        let expect = serde_json::from_value(expect).unwrap();
        differences(&expect, reply)
            .into_iter()
            .map(|(at, message)| format!("{at}: {message}"))
            .collect()
    }

    #[test]
    fn every_difference_is_told_with_what_was_expected() {
        let mut reply = Reply::new(422, "application/json", r#"{"error":"x","n":[1,2]}"#);
        assert_eq!(
            told(json!({}), &reply),
            [": the answer is an error, 422, and none was expected"]
        );
        let expect = json!({
            "status": 201, "headers": { "content-type": "text/html", "X": { "present": false } },
            "json": { "$.error": "x", "$.n[1]": { "less_than": 2 } }, "text": { "contains": "y" },
        });
        assert_eq!(
            told(expect, &reply),
            [
                "status: the status is 422, expected 201",
                "headers.content-type: the header `content-type` is \"application/json\", expected \"text/html\"",
                "json.$.n[1]: `$.n[1]` is 2, expected less than 2",
                "text: the body is \"{\\\"error\\\":\\\"x\\\",\\\"n\\\":[1,2]}\", expected something with \"y\"",
            ]
        );
        let wire = Wire { fault: Some(Fault::Reset), ..Wire::default() };
        reply.wire = Some(Box::new(wire));
        assert!(told(json!({ "status": 422, "fault": "reset" }), &reply).is_empty());
        assert_eq!(told(json!({ "status": 422 }), &reply).len(), 1);
    }

    #[test]
    fn a_shape_is_keys_and_types() {
        let shape = json!({ "id": 1, "items": [{ "sku": "x" }], "note": null, "any": [] });
        let mut unlike = Vec::new();
        let value = json!({ "id": 7.5, "items": [{ "sku": "y" }, { "sku": "z" }], "note": null, "any": [1] });
        compare(&shape, &value, Nulls::AreAKind, "$", &mut unlike);
        assert!(unlike.is_empty(), "{unlike:?}");
        compare(
            &shape,
            &json!({ "id": "7", "items": [{}], "note": 1, "more": 1 }),
            Nulls::AreAKind,
            "$",
            &mut unlike,
        );
        assert_eq!(
            unlike,
            [
                "`$.id` is a text, expected a number",
                "`$.items[0].sku` is missing",
                "`$.note` is a number, expected null",
                "`$.any` is missing",
                "`$.more` is not in the shape",
            ]
        );
    }
}
