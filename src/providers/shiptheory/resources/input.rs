//! What a request says: JSON, nested forms and multipart, as the framework behind Shiptheory reads them.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::frameworks::cakephp::validation::decimal;
use crate::frameworks::php::json_encode::Number;
use crate::kit::numeric;
use crate::message::Request;
use crate::providers::shiptheory::Error;

/// The fields of a request, or of an object in it.
pub type Fields = Map<String, Value>;

/// The form an answer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// What every client asks for.
    Json,
    /// What the documentation of the errors names beside it.
    Xml,
}

/// The form a caller asks for: the first of its list that we have; JSON when it does not say. None when we have none
/// of them. Weights are not looked at, but for a form that is weighed with nothing.
pub fn accepts(request: &Request) -> Option<Format> {
    let Some(header) = request.headers.get("accept").filter(|it| !it.trim().is_empty()) else {
        return Some(Format::Json);
    };
    header.split(',').find_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        if parts.any(|it| {
            matches!(it.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        }) {
            return None;
        }
        match kind.as_str() {
            "*/*" | "application/*" | "application/json" | "text/json" => Some(Format::Json),
            "application/xml" | "text/xml" => Some(Format::Xml),
            _ => None,
        }
    })
}

/// The fields of a body. What is neither JSON nor a form is not read.
///
/// # Errors
/// `Error::Malformed` for JSON that cannot be read.
pub fn fields(request: &Request) -> Result<Fields, Error> {
    if let Some(fields) = request.form() {
        return Ok(fields);
    }
    match request.content_type().as_str() {
        "application/json" => match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(Value::Array(_) | Value::Null) => Ok(Fields::new()),
            Err(_) if request.body.iter().all(u8::is_ascii_whitespace) => Ok(Fields::new()),
            Ok(_) | Err(_) => Err(Error::Malformed),
        },
        _ => Ok(Fields::new()),
    }
}

/// Why a body that is there may not have been read, for whoever wonders what is missing.
pub fn unread(request: &Request) -> Option<String> {
    let kind = request.content_type();
    let looks_like_json =
        request.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let reads_json = kind == "application/json";
    let reads_forms =
        matches!(kind.as_str(), "application/x-www-form-urlencoded" | "multipart/form-data");
    if request.body.is_empty() || reads_json || (reads_forms && !looks_like_json) {
        return None;
    }
    let said = if kind.is_empty() { "no Content-Type".to_owned() } else { format!("`{kind}`") };
    Some(format!(
        "The body was sent with {said} and not read as JSON; say `Content-Type: application/json`."
    ))
}

/// A field's text, whatever scalar it came as; nothing when it is not there or no scalar.
pub fn text(fields: &Fields, name: &str) -> Option<String> {
    let value = fields.get(name).filter(|value| !value.is_null())?;
    numeric::text_of(value).map(|text| text.into_owned())
}

/// A field's text, if it is there and says something.
pub fn some_text(fields: &Fields, name: &str) -> Option<String> {
    text(fields, name).filter(|text| !text.trim().is_empty())
}

/// A field's number, to so many places.
pub fn number(fields: &Fields, name: &str, places: u32) -> Option<Number> {
    fields.get(name).and_then(|value| decimal(value, places)).map(Number)
}

/// A whole number from 0 up.
pub fn whole(fields: &Fields, name: &str) -> Option<u64> {
    u64::try_from(fields.get(name).and_then(numeric::integer_of)?).ok()
}

/// A day, as `2021-04-20`; what follows it is not looked at: help centre, "ship_date usage".
pub fn day(text: &str) -> Option<Date> {
    let (day, rest) = text.trim().split_at_checked(10)?;
    let separated = rest.is_empty() || rest.starts_with(['T', ' ']);
    let digits = day.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if separated && digits { day.parse().ok() } else { None }
}

/// Whether a value says yes.
pub fn yes(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => {
            !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no")
        }
        _ => false,
    }
}

/// An object; a list of one object is that object too.
pub fn object(value: Option<&Value>) -> Option<&Fields> {
    match value? {
        Value::Object(fields) => Some(fields),
        Value::Array(list) => match list.as_slice() {
            [Value::Object(fields)] => Some(fields),
            _ => None,
        },
        _ => None,
    }
}

/// The elements of a list; null and what is missing have none.
pub fn list<'a>(fields: &'a Fields, name: &str) -> &'a [Value] {
    fields.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Format, accepts, day, decimal, unread};
    use crate::message::{Method, Request};

    #[test]
    fn who_asks_for_neither_json_nor_xml_gets_nothing() {
        for (header, expected) in [
            ("", Some(Format::Json)),
            ("*/*", Some(Format::Json)),
            ("application/json, text/plain, */*", Some(Format::Json)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Format::Xml)),
            ("Application/XML", Some(Format::Xml)),
            ("text/html", None),
            ("application/json;q=0, text/csv", None),
        ] {
            let request = Request::new(Method::Get, "/v1/tags").with("accept", header);
            assert_eq!(accepts(&request), expected, "{header}");
        }
        assert_eq!(accepts(&Request::new(Method::Get, "/v1/tags")), Some(Format::Json));
    }

    #[test]
    fn only_the_day_of_a_date_counts() {
        for text in ["2021-04-20", "2021-04-20T12:30:00+0100", "2021-04-20 00:00:00"] {
            assert_eq!(
                day(text).map(|day| day.to_string()).as_deref(),
                Some("2021-04-20"),
                "{text}"
            );
        }
        for text in [
            "",
            "20/04/2021",
            "2021-4-20",
            "2021-02-30",
            "2021-04-20x",
            "é021-04-201",
            "2021-04-éé",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_rounded_as_they_are_written() {
        for (value, written) in [(json!(2.675), "2.68"), (json!("1.5"), "1.5"), (json!(1e2), "100")]
        {
            assert_eq!(decimal(&value, 2).map(|it| it.to_string()).as_deref(), Some(written));
        }
        assert_eq!(decimal(&json!({ "a": 1 }), 2), None);
        assert_eq!(decimal(&json!("2[object Object]"), 2), None);
        assert_eq!(decimal(&json!(1e300), 2), None);
    }

    #[test]
    fn json_under_another_type_is_explained() {
        let sent = |kind| Request::new(Method::Post, "/v1/token").carrying(kind, "{\"email\":1}");
        assert!(unread(&sent("application/x-www-form-urlencoded")).is_some());
        assert!(unread(&sent("text/plain")).is_some());
        assert!(unread(&sent("application/json")).is_none());
    }
}
