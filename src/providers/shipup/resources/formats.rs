//! Formats of single values: dates, whole numbers, statuses.

use serde_json::Value;

use crate::kit::fields::FieldRule;
use crate::providers::shipup::data::languages;
use crate::providers::shipup::machines::Status;

/// The name of the format of dates.
pub const DATE_TIME: &str = "DateTime";
/// The name of the format of languages.
pub const LANGUAGE_CODE: &str = "language";
/// Seconds since 1970 or ISO 8601.
pub const DATE: FieldRule = FieldRule::Format(DATE_TIME, is_date);
/// A status, passed over when it is none.
pub const STATUS: FieldRule = FieldRule::Format("status", is_status);

/// A language, passed over when it is none: the account's is spoken then.
pub const LANGUAGE: FieldRule = FieldRule::Format(LANGUAGE_CODE, languages::is_known);

fn is_date(text: &str) -> bool {
    instant(&Value::from(text)).is_some()
}

fn is_status(word: &str) -> bool {
    Status::of(word).is_some()
}

/// A whole number, or its text.
pub fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    }
}

/// Seconds since 1970, or ISO 8601; without an offset it is UTC.
pub fn instant(value: &Value) -> Option<i64> {
    let seconds = match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().map(|it| it.floor() as i64))?
        }
        Value::String(text) => seconds(text)?,
        _ => return None,
    };
    jiff::Timestamp::from_second(seconds).ok().map(jiff::Timestamp::as_second)
}

fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| Some(iso(text)?.as_second()))
}

fn iso(text: &str) -> Option<jiff::Timestamp> {
    let utc = |civil: jiff::civil::DateTime| jiff::tz::Offset::UTC.to_timestamp(civil).ok();
    text.parse::<jiff::Timestamp>()
        .ok()
        .or_else(|| text.parse::<jiff::civil::DateTime>().ok().and_then(utc))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::instant;

    #[test]
    fn dates_are_seconds_or_iso() {
        for (value, expected) in [
            (json!(1_565_601_449), Some(1_565_601_449)),
            (json!("1565601449"), Some(1_565_601_449)),
            (json!(1_565_601_449.9), Some(1_565_601_449)),
            (json!("2019-08-12T09:17:29Z"), Some(1_565_601_449)),
            (json!("2019-08-12T11:17:29.250+02:00"), Some(1_565_601_449)),
            (json!("2019-08-12 09:17:29"), Some(1_565_601_449)),
            (json!("2019-08-12"), Some(1_565_568_000)),
            (json!(i64::MAX), None),
            (json!(1e300), None),
            (json!("soon"), None),
            (json!(""), None),
            (json!(true), None),
        ] {
            assert_eq!(instant(&value), expected, "{value}");
        }
    }
}
