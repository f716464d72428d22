//! Numbers as PHP reads them from text and writes them as text.
//!
//! Measured with PHP 8.2: which texts `is_numeric` and `FILTER_VALIDATE_INT` take, and how a float becomes text.

use std::cmp::Ordering;
use std::fmt::Write;
use std::str::FromStr;

use crate::kit::json::Value;
use rust_decimal::Decimal;

/// A number that can be compared with a limit: exact where 28 digits suffice, else a float.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Exact.
    Exact(Decimal),
    /// Too large, too small or too long for the exact form.
    Rough(f64),
}

impl Amount {
    /// The exact form; of a float through its shortest text, so that 499.99 is 499.99 and not its binary neighbour.
    pub fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Exact(decimal) => Some(decimal),
            Self::Rough(float) => float.to_string().parse().ok(),
        }
    }

    /// Compares with a whole limit.
    pub fn compare(self, limit: i64) -> Ordering {
        match self {
            Self::Exact(decimal) => decimal.cmp(&Decimal::from(limit)),
            Self::Rough(float) => float.partial_cmp(&(limit as f64)).unwrap_or(Ordering::Less),
        }
    }

    /// The number as a float, for comparing with another one.
    pub fn float(self) -> f64 {
        match self {
            Self::Exact(decimal) => float_of(decimal),
            Self::Rough(float) => float,
        }
    }
}

/// The nearest float of a decimal.
pub fn float_of(decimal: Decimal) -> f64 {
    let (mantissa, scale) = (decimal.mantissa(), decimal.scale());
    // Both operands are exact floats in this range, so one division rounds correctly.
    if mantissa.unsigned_abs() < 1 << 53 && scale <= 22 {
        return mantissa as f64 / 10f64.powi(scale as i32);
    }
    decimal.to_string().parse().unwrap_or(f64::NAN)
}

/// Reads what `is_numeric` calls a number: blanks around it, a sign, a fraction, an exponent.
pub fn amount(text: &str) -> Option<Amount> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let bytes = text.as_bytes();
    let digits_from =
        |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();

    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits_from(at);
    at += whole;
    let mut fraction = 0;
    if bytes.get(at) == Some(&b'.') {
        fraction = digits_from(at + 1);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    let mut exponent = false;
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        exponent = true;
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let digits = digits_from(at);
        if digits == 0 {
            return None;
        }
        at += digits;
    }
    if at != bytes.len() {
        return None;
    }
    // The exact form takes neither an exponent nor a bare point at either end, and a float reads all of them.
    let plain = text.strip_prefix('+').unwrap_or(text);
    match Decimal::from_str(plain) {
        Ok(decimal) if !exponent => Some(Amount::Exact(decimal)),
        _ => plain.parse().ok().map(Amount::Rough),
    }
}

/// The number in a value, if PHP would call it numeric: a number or a numeric text, not a boolean.
pub fn amount_of(value: &Value) -> Option<Amount> {
    match value {
        Value::Number(number) => Some(match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => Amount::Exact(Decimal::from(integer)),
            (None, Some(integer)) => Amount::Exact(Decimal::from(integer)),
            (None, None) => Amount::Rough(number.as_f64().unwrap_or(f64::NAN)),
        }),
        Value::String(text) => amount(text),
        _ => None,
    }
}

/// Reads what `FILTER_VALIDATE_INT` calls an integer: no leading zero, no fraction, within 64 bits.
pub fn integer(text: &str) -> Option<i64> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\0']);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let canonical = match digits.as_bytes() {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if canonical { text.parse().ok() } else { None }
}

/// The integer in a value, as `FILTER_VALIDATE_INT` sees it: `true` is 1, and 1.0 is 1 because its text is.
pub fn integer_of(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(true) => Some(1),
        Value::Number(number) => number.as_i64().or_else(|| integer(&text_of(value)?)),
        Value::String(text) => integer(text),
        _ => None,
    }
}

/// A scalar as PHP turns it into text: null and `false` are empty, a float keeps 14 digits; lists have none.
pub fn text_of(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    Some(match value {
        Value::Null | Value::Bool(false) => "".into(),
        Value::Bool(true) => "1".into(),
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => integer.to_string().into(),
            // Integers past 64 bits are floats to PHP.
            (None, Some(float)) => float_text(float).into(),
            (None, None) => "".into(),
        },
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// A float as text with PHP's default of 14 significant digits.
fn float_text(value: f64) -> String {
    let mut scientific = String::with_capacity(24);
    // Writing to a string cannot fail.
    let _ = write!(scientific, "{value:.13e}");
    let mut out = Vec::with_capacity(24);
    float_form(&scientific, 14, b'E', &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Lays out a number given as `d.ddde±x` the way PHP does: an exponent only past `places` digits before the
/// point or more than three zeros after it, then always with a fraction and a sign (`1.0e+25`).
pub(crate) fn float_form(scientific: &str, places: i32, letter: u8, out: &mut Vec<u8>) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let mut digits = [0u8; 24];
    let mut count = 0;
    for (slot, digit) in digits.iter_mut().zip(mantissa.bytes().filter(u8::is_ascii_digit)) {
        *slot = digit;
        count += 1;
    }
    while count > 1 && digits[count - 1] == b'0' {
        count -= 1;
    }
    let digits = &digits[..count];
    let zero = digits == b"0";

    if negative {
        out.push(b'-');
    }
    let point = if zero { 1 } else { exponent.saturating_add(1) };
    if point < -3 || point > places {
        let (first, rest) = digits.split_at(count.min(1));
        out.extend_from_slice(first);
        out.push(b'.');
        out.extend_from_slice(if rest.is_empty() { b"0" } else { rest });
        out.push(letter);
        out.push(if exponent < 0 { b'-' } else { b'+' });
        out.extend_from_slice(exponent.unsigned_abs().to_string().as_bytes());
        return;
    }
    if point <= 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', point.unsigned_abs() as usize));
        out.extend_from_slice(digits);
        return;
    }
    let point = point.unsigned_abs() as usize;
    if point >= count {
        out.extend_from_slice(digits);
        out.extend(std::iter::repeat_n(b'0', point - count));
    } else {
        out.extend_from_slice(&digits[..point]);
        out.push(b'.');
        out.extend_from_slice(&digits[point..]);
    }
}

/// Whether a value is a yes or no as PHP's frameworks take one: a boolean, or 0 or 1 as a number or a text.
pub fn is_boolean(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => matches!(number.as_u64(), Some(0 | 1)),
        Value::String(text) => matches!(text.as_str(), "0" | "1"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::json::json;

    #[test]
    fn integers_are_read_as_php_filters_them() {
        let accepted = [
            json!(5),
            json!("5"),
            json!("+5"),
            json!(" 5"),
            json!("\t5\n"),
            json!(1.0),
            json!(true),
            json!(-1),
            json!("-0"),
            json!(-0.0),
            json!(100000.0),
            json!(99999999999999.0),
            json!(1.00000000000001),
            json!(i64::MAX),
            json!("9223372036854775807"),
            json!("-9223372036854775808"),
        ];
        for value in accepted {
            assert!(integer_of(&value).is_some(), "{value} is an integer");
        }
        let refused = [
            json!(1.5),
            json!("1.0"),
            json!("1e3"),
            json!("05"),
            json!(false),
            json!(null),
            json!("-05"),
            json!(""),
            json!(1e14),
            json!(123456789012345.0),
            json!("9223372036854775808"),
            json!(u64::MAX),
            json!("00"),
            json!("+ 5"),
            json!("--5"),
            json!([]),
            json!("\u{a0}5"),
            json!("0x1A"),
            json!("+"),
        ];
        for value in refused {
            assert_eq!(integer_of(&value), None, "{value} is none");
        }
    }

    #[test]
    fn numbers_are_read_as_php_calls_them_numeric() {
        for text in
            [".5", "5.", " 5 ", "1e-3", "1E5", "+.5e3", "1e400", "1.e3", "05", "-0", "\x0c5\x0b"]
        {
            assert!(amount(text).is_some(), "{text:?}");
        }
        for text in [
            "", ".", "1e", "1e+", "-", "+-1", "1_000", "0x1", "\u{a0}1", "INF", "nan", ".e3",
            "5\0", "e5",
        ] {
            assert_eq!(amount(text), None, "{text:?}");
        }
        assert_eq!(
            amount("99999999999999999999999999999999999999").map(|a| a.compare(5)),
            Some(Ordering::Greater)
        );
        assert_eq!(amount("0.99999999999999999999").map(|a| a.compare(1)), Some(Ordering::Less));
    }

    #[test]
    fn floats_become_text_with_fourteen_digits() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (1e15, "1.0E+15"),
            (5e-324, "4.9406564584125E-324"),
            (9007199254740992.0, "9.007199254741E+15"),
            (-0.0, "-0"),
            (123456789.125, "123456789.125"),
            (1e-5, "1.0E-5"),
        ] {
            assert_eq!(float_text(value), text);
        }
    }
}
