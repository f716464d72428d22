//! What handlers read of a request's input, field by field, as the framework behind Shiptheory reads it.

use crate::kit::json::Value;
use jiff::civil::Date;

use crate::frameworks::cakephp::validation::decimal;
use crate::frameworks::php::json_encode::Number;
use crate::kit::numeric;
use crate::message::Request;
use crate::providers::shiptheory::Error;
use crate::providers::shiptheory::data::body;

pub use crate::providers::shiptheory::data::body::{Fields, some_text, text};

/// The fields of a body. What is neither JSON nor a form is not read.
///
/// # Errors
/// `Error::Malformed` for JSON that cannot be read.
pub fn fields(request: &Request) -> Result<Fields, Error> {
    body::fields(request).ok_or(Error::Malformed)
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
    use crate::kit::json::json;

    use super::{day, decimal};

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
}
