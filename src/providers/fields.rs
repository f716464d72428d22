//! What an endpoint reads of a request, as data: for descriptions, and to find what a client sent for nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::message::{Request, form};
use crate::words;

words! {
    /// Where in a request a field stands.
    pub enum Place {
        /// Behind the question mark.
        Query = "query",
        /// Among the header fields.
        Header = "header",
        /// In the body, in whichever encoding the provider takes.
        Body = "body",
    }
}

words! {
    /// What a field holds, in the words of JSON Schema. A list or an object of which no deeper path is given is read
    /// whole.
    pub enum Shape {
        /// A text.
        Text = "string",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// Yes or no.
        Boolean = "boolean",
        /// Several.
        List = "array",
        /// Names and values.
        Object = "object",
    }
}

words! {
    /// Whether a client sends a field.
    pub enum Need {
        /// Without it the call is refused.
        Must = "must",
        /// Not demanded, but what a good client sends.
        Usual = "usual",
        /// As it likes.
        May = "may",
    }
}

/// One field that an endpoint reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Where it stands.
    pub place: Place,
    /// Its name; in bodies the path, as `customer.name` and `lines[].sku`.
    pub path: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it is needed.
    pub need: Need,
}

impl Field {
    const fn new(place: Place, path: &'static str, shape: Shape) -> Field {
        Field { place, path, shape, need: Need::May }
    }

    /// A field of the query.
    pub const fn query(path: &'static str, shape: Shape) -> Field {
        Field::new(Place::Query, path, shape)
    }

    /// A header field.
    pub const fn header(path: &'static str) -> Field {
        Field::new(Place::Header, path, Shape::Text)
    }

    /// A field of the body.
    pub const fn body(path: &'static str, shape: Shape) -> Field {
        Field::new(Place::Body, path, shape)
    }

    /// The call is refused without it.
    pub const fn must(self) -> Field {
        Field { need: Need::Must, ..self }
    }

    /// A good client sends it.
    pub const fn usual(self) -> Field {
        Field { need: Need::Usual, ..self }
    }
}

/// What a request holds against what its endpoint reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What came and is read by nothing: `body.coupon`, `query.pag`.
    pub unread: Vec<String>,
    /// What did not come though it must or usually does.
    pub absent: Vec<String>,
}

impl Reading {
    /// Holds a request against a table. Header fields are left alone: every client sends some of its own.
    pub fn of(request: &Request, takes: &[Field]) -> Reading {
        let mut sent = BTreeSet::new();
        spread(Place::Query, String::new(), &Value::Object(form::php(&request.query)), &mut sent);
        spread(Place::Body, String::new(), &Value::Object(body(request)), &mut sent);
        // PHP's reader puts underscores for the dots of a query's names; a table has them as they are sent.
        let dotted = |path: String| {
            let mut rows = takes.iter().filter(|field| field.place == Place::Query);
            let row = rows.find(|field| field.path.replace('.', "_") == path);
            row.map_or(path, |field| field.path.to_owned())
        };
        let sent: BTreeSet<(Place, String)> = sent
            .into_iter()
            .map(|(place, path)| match place {
                Place::Query => (place, dotted(path)),
                _ => (place, path),
            })
            .collect();
        let unread = sent.iter().filter(|(place, path)| !is_read(*place, path, takes));
        let has =
            |place: Place, path: &str| sent.iter().any(|(at, it)| *at == place && within(it, path));
        let missed = takes.iter().filter(|field| {
            let parent = parent(field.path);
            field.need != Need::May
                && field.place != Place::Header
                && parent.is_none_or(|parent| has(field.place, parent))
                && !has(field.place, field.path)
        });
        let named = |place: Place, path: &str| format!("{place}.{path}");
        Reading {
            unread: unread.map(|(place, path)| named(*place, path)).collect(),
            absent: missed.map(|field| named(field.place, field.path)).collect(),
        }
    }
}

/// The fields of a body, in whichever encoding it came.
fn body(request: &Request) -> Map<String, Value> {
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
fn is_read(place: Place, path: &str, takes: &[Field]) -> bool {
    let mut rows = takes.iter().filter(|field| field.place == place);
    rows.any(|field| {
        let open = || {
            !takes
                .iter()
                .any(|it| it.place == place && it.path != field.path && within(it.path, field.path))
        };
        field.path == path
            || format!("{}[]", field.path) == path
            || (within(path, field.path) && open())
    })
}

#[cfg(test)]
mod tests {
    use super::{Field, Reading, Shape};
    use crate::message::{Method, Request};

    const TAKES: &[Field] = &[
        Field::query("page", Shape::Integer),
        Field::body("reference", Shape::Text).must(),
        Field::body("lines", Shape::List).must(),
        Field::body("lines[].sku", Shape::Text).must(),
        Field::body("lines[].note", Shape::Text),
        Field::body("customer.name", Shape::Text).usual(),
        Field::body("extra", Shape::Object),
    ];

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
