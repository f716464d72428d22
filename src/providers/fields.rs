//! What a request holds against the field table of its endpoint: unread fields, and those that were left out.

use std::collections::BTreeSet;

use crate::kit::json::{Map, Value};

use crate::kit::fields::{Field, FieldRow, Need, Place, rows};
use crate::message::{Request, form};

/// What a request holds against what its endpoint reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What came and is read by nothing, `body.coupon`, or passed over: `body.ordered_at: no date`.
    pub unread: Vec<String>,
    /// What did not come though it must or usually does.
    pub absent: Vec<String>,
}

impl Reading {
    /// Holds a request against a table. Header fields are left alone: every client sends some of its own.
    pub fn of(request: &Request, takes: &'static [Field]) -> Reading {
        let takes = rows(takes);
        let mut sent = BTreeSet::new();
        spread(Place::Query, String::new(), &Value::Object(form::php(&request.query)), &mut sent);
        spread(Place::Body, String::new(), &Value::Object(body(request)), &mut sent);
        // PHP's reader puts underscores for the dots of a query's names; a table has them as they are sent.
        let dotted = |path: String| {
            let mut rows = takes.iter().filter(|row| row.field.place == Place::Query);
            let row = rows.find(|row| row.path.replace('.', "_") == path);
            row.map_or(path, |row| row.path.clone())
        };
        let sent: BTreeSet<(Place, String)> = sent
            .into_iter()
            .map(|(place, path)| match place {
                Place::Query => (place, dotted(path)),
                _ => (place, path),
            })
            .collect();
        let unread = sent.iter().filter(|(place, path)| !is_read(*place, path, &takes));
        let has =
            |place: Place, path: &str| sent.iter().any(|(at, it)| *at == place && within(it, path));
        let missed = takes.iter().filter(|FieldRow { path, field }| {
            field.need != Need::May
                && field.place != Place::Header
                && parent(path).is_none_or(|parent| has(field.place, parent))
                && !has(field.place, path)
        });
        let named = |place: Place, path: &str| format!("{place}.{path}");
        Reading {
            unread: unread.map(|(place, path)| named(*place, path)).collect(),
            absent: missed.map(|row| named(row.field.place, &row.path)).collect(),
        }
    }
}

/// The fields of a body, in whichever encoding it came.
fn body(request: &Request) -> Map {
    request.form().unwrap_or_else(|| serde_json::from_slice(&request.body).unwrap_or_default())
}

/// Every leaf of a value with its path; places in lists are all alike. The parser of the body bounds the depth.
fn spread(place: Place, path: String, value: &Value, sent: &mut BTreeSet<(Place, String)>) {
    match value {
        Value::Array(list) if !list.is_empty() => {
            list.iter().for_each(|it| spread(place, format!("{path}[]"), it, sent));
        }
        Value::Object(fields) if !fields.is_empty() => {
            for (name, it) in fields {
                let place_in_list = !path.is_empty() && name.bytes().all(|it| it.is_ascii_digit());
                let deeper = match path.as_str() {
                    "" => name.clone(),
                    path if place_in_list => format!("{path}[]"),
                    path => format!("{path}.{name}"),
                };
                spread(place, deeper, it, sent);
            }
        }
        _ if path.is_empty() => {}
        _ => {
            sent.insert((place, path));
        }
    }
}

/// Whether a path is another, or lies in it.
fn within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// What a path lies in.
fn parent(path: &str) -> Option<&str> {
    path.rfind(['.', '[']).map(|end| path[..end].trim_end_matches("[]"))
}

/// Whether a row reads a path: the very one, or one that is read whole and holds it. An empty or scalar value where
/// fields were expected is read too: the endpoint looks, and refuses.
fn is_read(place: Place, path: &str, takes: &[FieldRow]) -> bool {
    let of_place = || takes.iter().filter(|row| row.field.place == place);
    of_place().any(|row| {
        let is_open = || !of_place().any(|it| it.path != row.path && within(&it.path, &row.path));
        row.path == path
            || path.strip_suffix("[]") == Some(&row.path)
            || (within(path, &row.path) && is_open())
    })
}

#[cfg(test)]
mod tests {
    use super::Reading;
    use crate::kit::fields::fields;
    use crate::message::{Method, Request};

    fields! {
        LINE {
            body  "sku"           must  Text;
            body  "note"          may   Text;
        }
        TAKES {
            query "page"          may   Integer;
            body  "reference"     must  Text;
            body  "lines"         must  List => LINE;
            body  "customer.name" usual Text;
            body  "extra"         may   Object;
        }
    }

    fn reading(query: &str, body: &str) -> Reading {
        let mut request = Request::new(Method::Post, "/orders");
        request.query = query.to_owned();
        request.body = body.as_bytes().to_vec().into();
        Reading::of(&request, TAKES)
    }

    #[test]
    fn names_what_nothing_reads_and_what_is_left_out() {
        let body = r#"{"lines": [{"sku": "a", "qty": 2}, {"note": "b"}], "extra": {"deep": [1, {"x": 2}]}, "customer": {"nam": "c"}}"#;
        let reading = reading("page=1&pag=2", body);
        assert_eq!(reading.unread, ["query.pag", "body.customer.nam", "body.lines[].qty"]);
        assert_eq!(reading.absent, ["body.reference", "body.customer.name"]);
    }

    #[test]
    fn has_nothing_to_say_of_a_call_that_fits() {
        let fits = reading("page=1", r#"{"reference": "r", "lines": [{"sku": "a"}]}"#);
        assert_eq!(fits, Reading::default());
        assert_eq!(reading("", "no json").unread, Vec::<String>::new());
    }
}
