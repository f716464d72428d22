//! Integers of any size, as Ruby reads them from JSON: those past 64 bits would be floats to everybody else here.
//!
//! Among the values of a body such an integer is a text: a noncharacter, which Unicode sets aside for what stays inside
//! a program, and its digits. `inspect` and `to_json` print the digits.

use serde_json::Value;

/// What stands before the digits.
const MARK: char = '\u{fdd0}';

/// From here on a whole number is not kept to the digit by serde_json.
const WIDE: f64 = 9_223_372_036_854_775_808.0;

/// Reads JSON without losing a digit of its integers.
///
/// # Errors
/// What serde_json says.
pub fn from_slice(bytes: &[u8]) -> serde_json::Result<Value> {
    let mut value = serde_json::from_slice(bytes)?;
    match survey(&mut value) {
        Survey { wide: true, marked: false } => serde_json::from_slice(&marked(bytes)),
        _ => Ok(value),
    }
}

/// The digits of an integer that is too wide for 64 bits.
pub fn digits(value: &Value) -> Option<&str> {
    value.as_str()?.strip_prefix(MARK)
}

/// An integer, cut to what 64 bits hold.
pub fn saturated(value: &Value) -> Option<i64> {
    match digits(value) {
        Some(digits) if digits.starts_with('-') => Some(i64::MIN),
        Some(_) => Some(i64::MAX),
        None => value.as_i64().or_else(|| value.as_u64().map(|_| i64::MAX)),
    }
}

/// Makes plain texts of wide integers, for whoever reads the values and knows nothing of them.
pub fn as_texts(mut value: Value) -> Value {
    walk(&mut value, &mut |it| {
        if let Some(text) = digits(it).map(str::to_owned) {
            *it = Value::String(text);
        }
    });
    value
}

/// Printed JSON with the digits where the marked texts stand.
pub fn unmarked(printed: &str) -> String {
    let mut out = String::with_capacity(printed.len());
    let mut rest = printed;
    while let Some(at) = rest.find(MARK) {
        let (before, after) = rest.split_at(at);
        let digits = after.trim_start_matches(MARK);
        let end = digits.find('"').unwrap_or(digits.len());
        out.push_str(before.strip_suffix('"').unwrap_or(before));
        out.push_str(&digits[..end]);
        rest = digits[end..].strip_prefix('"').unwrap_or(&digits[end..]);
    }
    out.push_str(rest);
    out
}

/// Whether a text of JSON has wide integers in it.
pub fn is_marked(printed: &str) -> bool {
    printed.contains(MARK)
}

/// What a value holds.
#[derive(Default)]
struct Survey {
    /// A number that may be an integer and was read as a float.
    wide: bool,
    /// A text with our own mark, which is taken from it: it is not for interchange.
    marked: bool,
}

fn survey(value: &mut Value) -> Survey {
    let mut found = Survey::default();
    walk(value, &mut |it| match it {
        Value::Number(number) if number.is_f64() => {
            found.wide |= number.as_f64().is_some_and(|it| it.abs() >= WIDE || it == 0.0);
        }
        Value::String(text) if text.contains(MARK) => {
            found.marked = true;
            *text = text.replace(MARK, "\u{fffd}");
        }
        _ => {}
    });
    found
}

/// Every scalar of a value. The parser bounds the depth.
fn walk(value: &mut Value, tell: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|it| walk(it, tell)),
        Value::Object(fields) => fields.values_mut().for_each(|it| walk(it, tell)),
        scalar => tell(scalar),
    }
}

/// The same JSON with marked texts for wide integers, and a plain zero for one with a sign.
fn marked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    let (mut at, mut in_text) = (0, false);
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let length = match byte {
            b'\\' if in_text => 2.min(rest.len()),
            b'"' => {
                in_text = !in_text;
                1
            }
            b'-' | b'0'..=b'9' if !in_text => {
                let is_part =
                    |it: &&u8| matches!(it, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let number = &rest[..rest.iter().take_while(is_part).count()];
                put_number(number, &mut out);
                at += number.len();
                continue;
            }
            _ => 1,
        };
        out.extend_from_slice(&rest[..length]);
        at += length;
    }
    out
}

fn put_number(number: &[u8], out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(number);
    let is_whole = !text.contains(['.', 'e', 'E']);
    match text.as_ref() {
        "-0" => out.push(b'0'),
        _ if is_whole && text.parse::<i64>().is_err() && text.parse::<u64>().is_err() => {
            out.extend_from_slice(format!("\"{MARK}{text}\"").as_bytes());
        }
        _ => out.extend_from_slice(number),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{as_texts, digits, from_slice, saturated, unmarked};

    #[test]
    fn integers_keep_every_digit_and_nothing_else_changes() {
        for (body, printed) in [
            (r#"{"a":94001118992231234567890}"#, r#"{"a":94001118992231234567890}"#),
            (
                r#"[18446744073709551615,18446744073709551616]"#,
                "[18446744073709551615,18446744073709551616]",
            ),
            (
                r#"[-9223372036854775808,-9223372036854775809]"#,
                "[-9223372036854775808,-9223372036854775809]",
            ),
            (r#"[-0, 1e30, 1e30, 0.0]"#, "[0,1e+30,1e+30,0.0]"),
            (
                r#"["94001118992231234567890","\"94001118992231234567890",94001118992231234567890]"#,
                r#"["94001118992231234567890","\"94001118992231234567890",94001118992231234567890]"#,
            ),
            (
                r#"{"a":{"b":[100000000000000000000000,"x"]}}"#,
                r#"{"a":{"b":[100000000000000000000000,"x"]}}"#,
            ),
        ] {
            let value = from_slice(body.as_bytes()).unwrap();
            assert_eq!(unmarked(&value.to_string()), printed, "{body}");
        }
    }

    #[test]
    fn a_mark_of_a_client_is_none_of_ours() {
        let value = from_slice("{\"a\":\"\u{fdd0}5\",\"b\":\"\\ufdd07\"}".as_bytes()).unwrap();
        assert_eq!(value, json!({ "a": "\u{fffd}5", "b": "\u{fffd}7" }));
        assert_eq!((digits(&value["a"]), digits(&value["b"])), (None, None));
    }

    #[test]
    fn who_counts_gets_what_64_bits_hold() {
        let value = from_slice(
            b"[94001118992231234567890,-94001118992231234567890,18446744073709551615,7,1.5]",
        )
        .unwrap();
        let counted: Vec<Option<i64>> = value.as_array().unwrap().iter().map(saturated).collect();
        assert_eq!(counted, [Some(i64::MAX), Some(i64::MIN), Some(i64::MAX), Some(7), None]);
        assert_eq!(as_texts(value)[0], Value::from("94001118992231234567890"));
    }
}
