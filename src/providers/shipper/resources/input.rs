//! What a request says, as the framework hands it to a controller: query and body together, trimmed, blank as null.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use crate::frameworks::laravel::rules::{self, Violated, Violation, problems, tidy};
use crate::frameworks::php::strtotime;
use crate::frameworks::php::strtotime::Bound;
use crate::kit::json::{Map, Value};
use crate::kit::numeric;
use crate::kit::page::Page;
use crate::message::{Evidence, Method, Reply, Request, form};
use crate::providers::Field;
use crate::providers::shipper::{Error, State};

/// The query, trimmed, blank as null.
pub fn query(request: &Request) -> Value {
    tidy(Value::Object(form::php(&request.query)))
}

/// Body and query together; the body wins. A body that is not JSON though it says so is an empty one.
pub fn all(request: &Request) -> Value {
    rules::input(form::php(&request.query), body(request))
}

fn body(request: &Request) -> Map {
    if matches!(request.method, Method::Get | Method::Head) {
        return Map::new();
    }
    let kind = request.content_type();
    if kind.contains("/json") || kind.contains("+json") {
        return match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => fields,
            // PHP's array: a list's places are its keys.
            Ok(Value::Array(list)) => list
                .into_iter()
                .enumerate()
                .map(|(place, value)| (place.to_string(), value))
                .collect(),
            _ => Map::new(),
        };
    }
    request.form().unwrap_or_default()
}

/// A field's text, whatever scalar it came as; null is no text.
pub fn text<'a>(input: &'a Value, field: &str) -> Option<std::borrow::Cow<'a, str>> {
    numeric::text_of(input.get(field).filter(|value| !value.is_null())?)
}

/// What is wrong with the parameters of a list, in the order of their table: a page that is a list of values, and what
/// the table itself refuses.
pub fn list_problems(query: &Value, takes: &'static [Field]) -> Vec<Violation> {
    let is_scalar =
        |field: &str| text(query, field).is_some() || query.get(field).is_none_or(Value::is_null);
    let pages = ["page", "per_page"].into_iter().filter(|field| !is_scalar(field));
    let mut found: Vec<_> = pages.map(|field| Violation::new(field, Violated::Integer)).collect();
    found.extend(problems(query, takes));
    found
}

/// Page number and size as the framework reads them: what is no page is page 1, too large a size is cut, and a
/// size that is none falls back to the framework's own fifteen.
pub fn page(input: &Value, usual: u64, most: u64) -> Page {
    let size = match text(input, "per_page").map(|given| numeric::integer(&given)) {
        // Blank is absent.
        None => usual,
        Some(Some(size)) if size >= 1 => size.unsigned_abs().min(most),
        Some(_) => FRAMEWORK_PAGE,
    };
    Page::new(Page::number_of(text(input, "page").as_deref()), size)
}

/// The page size of a model that does not say.
const FRAMEWORK_PAGE: u64 = 15;

/// The two bounds of a date filter, both inclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Between {
    /// Not before.
    pub start: Option<Timestamp>,
    /// Not after.
    pub end: Option<Timestamp>,
    /// Whether one of them is not in a documented form: PHP's, or with a `+` for the space.
    pub is_guessed: bool,
}

impl Between {
    /// Whether an instant lies within.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start.is_none_or(|start| at >= start) && self.end.is_none_or(|end| at <= end)
    }

    /// All instants within.
    pub fn range(&self) -> RangeInclusive<Timestamp> {
        self.start.unwrap_or(Timestamp::MIN)..=self.end.unwrap_or(Timestamp::MAX)
    }

    /// Whether neither bound is there.
    pub fn is_open(&self) -> bool {
        self.start.is_none() && self.end.is_none()
    }

    /// How an answer is known that leans on these dates.
    pub fn known(&self, reply: Reply) -> Reply {
        if self.is_guessed { reply.evidence(Evidence::Inferred) } else { reply }
    }
}

/// Reads `start_date` and `end_date`: documentation, "List orders". The first that cannot be read is refused.
///
/// # Errors
/// `Error::Date` naming the parameter.
pub fn between(
    state: &State,
    request: &Request,
    input: &Value,
    now: Timestamp,
) -> Result<Between, Error> {
    let mut is_guessed = false;
    let mut read = |field: &'static str, bound: Bound| -> Result<Option<Timestamp>, Error> {
        let Some(value) = text(input, field) else {
            return match input.get(field) {
                None | Some(Value::Null) => Ok(None),
                Some(_) => Err(Error::Date { field, value: "Array".to_owned() }),
            };
        };
        let refused = || Error::Date { field, value: value.clone().into_owned() };
        let plus = raw(request, field).is_some_and(|raw| raw.contains('+'));
        if state.switches.strict_plus && plus {
            return Err(refused());
        }
        let documented = strtotime::documented(&value);
        is_guessed |= plus || documented.is_none();
        let lenient =
            || state.switches.lenient_dates.then(|| strtotime::lenient(&value, now)).flatten();
        let parsed = documented.or_else(lenient).ok_or_else(refused)?;
        Ok(Some(parsed.bound(bound)))
    };
    let (start, end) = (read("start_date", Bound::Start)?, read("end_date", Bound::End)?);
    Ok(Between { start, end, is_guessed })
}

/// The raw value of a query parameter: whether a blank came as `+` or as `%20` is gone once it is decoded.
fn raw<'a>(request: &'a Request, field: &str) -> Option<&'a str> {
    let pairs = request.query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == field).map(|(_, value)| value).next_back()
}
