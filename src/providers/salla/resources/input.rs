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
    let found = path.split('.').try_fold(input, |value, name| value.get(name))?;
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

/// Whether a field says yes.
pub fn yes(input: &Value, path: &str) -> bool {
    matches!(text(input, path).as_deref(), Some("1" | "true"))
}
