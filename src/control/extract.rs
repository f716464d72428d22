//! A call taken apart: arguments of the path, parameters of the query, fields of the body; each known or refused.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::control::calls::{ControlCall, Takes};
use crate::control::problem::{Problem, echo};
use crate::control::shape::Parameter;
use crate::kit::time::span;
use crate::message::form::pairs;
use crate::message::{Args, Body, Reply, Request};
use crate::providers::Name;

/// A call whose parameters and fields are all known; their values are not looked at yet.
#[derive(Debug)]
pub(super) struct Extracted {
    args: Args,
    query: BTreeMap<String, String>,
    /// The fields of the body.
    pub(super) body: Map<String, Value>,
    /// The body as it came, where it is a document.
    pub(super) document: Body,
    /// The last event a listener has, which a browser sends when its stream was cut.
    pub(super) last_event: Option<String>,
}

impl Extracted {
    /// Takes a request apart by its row of the table.
    pub(super) fn of(
        call: &ControlCall,
        args: Args,
        request: &Request,
    ) -> Result<Extracted, Reply> {
        let mut query = BTreeMap::new();
        for (name, value) in pairs(&request.query) {
            known("the call", "parameter", &name, call.query)?;
            // A form sends what was left blank as an empty text.
            if !value.is_empty() {
                query.insert(name, value);
            }
        }
        let body = match call.body {
            // A GET with a body means nothing by it.
            Takes::Nothing if call.method == crate::message::Method::Get => Map::new(),
            Takes::Nothing => fields(request, &[])?,
            Takes::Fields(known) => fields(request, known)?,
            Takes::Anything | Takes::Record(_) => object(request)?,
            Takes::Document => Map::new(),
        };
        let document = match call.body {
            Takes::Document => request.body.clone(),
            _ => Body::default(),
        };
        let last_event = request.headers.get("last-event-id").map(str::to_owned);
        Ok(Extracted { args, query, body, document, last_event })
    }

    /// What stood in a pair of braces of the path.
    pub(super) fn arg(&self, place: usize) -> &str {
        self.args.at(place)
    }

    /// The provider of the path.
    pub(super) fn provider(&self) -> Result<Name, Reply> {
        let given = self.arg(0);
        Name::of(given).ok_or_else(|| {
            let names = Name::ALL.iter().map(|name| name.word());
            let detail = format!("there is no provider `{}`", echo(given));
            Problem::new(404, "Unknown provider", detail).among("known", given, names).reply()
        })
    }

    /// A parameter of the query, unless it was left blank.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A parameter of the query as a word of a vocabulary.
    pub(super) fn choice<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        text: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, Reply> {
        self.query(name).map(|given| choose(name, given, all, text)).transpose()
    }

    /// A field of the body, unless it is null.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.body.get(name).filter(|value| !value.is_null())
    }
}

/// A word of a vocabulary, whatever its case.
pub(super) fn choose<T: Copy>(
    field: &str,
    given: &str,
    all: &[T],
    text: impl Fn(T) -> &'static str,
) -> Result<T, Reply> {
    let found = all.iter().copied().find(|word| text(*word).eq_ignore_ascii_case(given));
    found.ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|word| text(*word)).collect();
        Problem::word(field, given, &words).reply()
    })
}

/// A text.
pub(super) fn text<'a>(field: &str, value: &'a Value) -> Result<&'a str, Reply> {
    value.as_str().ok_or_else(|| Problem::value(field, "a text", value).reply())
}

/// An instant.
pub(super) fn instant(field: &str, value: &Value) -> Result<Timestamp, Reply> {
    value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
        Problem::value(field, "an instant such as `2026-05-14T09:00:00Z` (RFC 3339)", value).reply()
    })
}

/// A length of time, up to a century: longer is a slip of the keyboard.
pub(super) fn length(field: &str, value: &Value) -> Result<SignedDuration, Reply> {
    const CENTURY: SignedDuration = SignedDuration::from_hours(36_525 * 24);
    let expected = "a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most";
    let read = value.as_str().and_then(span).filter(|span| *span <= CENTURY);
    read.ok_or_else(|| Problem::value(field, expected, value).reply())
}

/// Refuses a name that is none of a list: of the parameters or fields of the call, or of an object in it.
fn known(owner: &str, what: &str, name: &str, fields: &[Parameter]) -> Result<(), Reply> {
    if fields.iter().any(|field| field.name == name) {
        return Ok(());
    }
    let detail = match fields {
        [] => format!("{owner} takes no {what}, but there is `{}`", echo(name)),
        _ => format!("{owner} has no {what} `{}`", echo(name)),
    };
    let problem = Problem::new(422, &format!("Unknown {what}"), detail).with(what, echo(name));
    if fields.is_empty() {
        return Err(problem.reply());
    }
    Err(problem.among("known", name, fields.iter().map(|field| field.name)).reply())
}

/// Refuses an object that has other keys than those of a list.
pub(super) fn only(
    owner: &str,
    object: &Map<String, Value>,
    fields: &[Parameter],
) -> Result<(), Reply> {
    object.keys().try_for_each(|name| known(owner, "field", name, fields))
}

fn fields(request: &Request, fields: &[Parameter]) -> Result<Map<String, Value>, Reply> {
    let object = object(request)?;
    only("the call", &object, fields)?;
    Ok(object)
}

/// The body as an object; an empty body is an empty one.
fn object(request: &Request) -> Result<Map<String, Value>, Reply> {
    if request.oversize {
        return Err(Problem::new(413, "Body too large", "the body is longer than is read").reply());
    }
    if request.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(other) => {
            let detail =
                format!("the body must be a JSON object, not `{}`", echo(&other.to_string()));
            Err(Problem::new(422, "Not an object", detail).reply())
        }
        Err(error) => {
            let detail = format!("the body must be a JSON object; it is no JSON: {error}");
            let start = echo(&request.body.text());
            Err(Problem::new(400, "Not JSON", detail).with("body", json!(start)).reply())
        }
    }
}
