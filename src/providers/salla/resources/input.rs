//! What a request says, as the framework hands it on: query and body together, trimmed, blank as null.

use std::borrow::Cow;

use crate::kit::json::{Map, Value};
use rust_decimal::Decimal;

use crate::frameworks::laravel::rules::{self, tidy};
use crate::kit::numeric::{self, Amount};
use crate::message::{Method, Request, form};

/// The query, trimmed, blank as null. Brackets come raw or encoded.
pub fn query(request: &Request) -> Value {
    tidy(Value::Object(form::php(&request.query)))
}

/// Body and query together; the body wins.
pub fn all(request: &Request) -> Value {
    rules::input(form::php(&request.query), body(request))
}

fn body(request: &Request) -> Map {
    if matches!(request.method, Method::Get | Method::Head) {
        return Map::new();
    }
    let json = || {
        if request.content_type().contains("json") {
            serde_json::from_slice(&request.body).unwrap_or_default()
        } else {
            Map::new()
        }
    };
    request.form().unwrap_or_else(json)
}

/// A value by its dotted path.
pub fn at<'a>(input: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(input, |value, name| match value {
        Value::Array(list) => list.get(name.parse::<usize>().ok()?),
        value => value.get(name),
    })?;
    (!found.is_null()).then_some(found)
}

/// The text of a scalar, whatever it came as.
pub fn text<'a>(input: &'a Value, path: &str) -> Option<Cow<'a, str>> {
    numeric::text_of(at(input, path)?)
}

/// The text of a scalar, its own.
pub fn owned(input: &Value, path: &str) -> Option<String> {
    text(input, path).map(Cow::into_owned)
}

/// A whole number from 0 up.
pub fn number(input: &Value, path: &str) -> Option<u64> {
    u64::try_from(numeric::integer_of(at(input, path)?)?).ok()
}

/// An amount that fits, to ten digits after the point.
pub fn amount(input: &Value, path: &str) -> Option<Decimal> {
    match numeric::amount_of(at(input, path)?)? {
        Amount::Exact(decimal) => Some(decimal.round_dp(10)),
        Amount::Rough(float) => {
            format!("{float:.10}").parse::<Decimal>().ok().map(|it| it.normalize())
        }
    }
}

/// A field that says something: neither an empty list nor an empty object, which PHP does not tell apart.
pub fn filled<'a>(input: &'a Value, path: &str) -> Option<&'a Value> {
    at(input, path).filter(|value| {
        value.as_array().is_none_or(|list| !list.is_empty())
            && value.as_object().is_none_or(|fields| !fields.is_empty())
    })
}

/// What stands in a list, or in an object that PHP does not tell from one, by its keys.
pub fn elements<'a>(input: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    match at(input, path) {
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect()
        }
        Some(Value::Object(fields)) => fields.iter().map(|(key, it)| (key.clone(), it)).collect(),
        _ => Vec::new(),
    }
}

/// Whether a field says yes.
pub fn yes(input: &Value, path: &str) -> bool {
    matches!(text(input, path).as_deref(), Some("1" | "true"))
}
