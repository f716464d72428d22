//! Values as Ruby names and prints them: what stands in the texts of wrong types.

use std::fmt::Write as _;

use serde_json::Value;

use crate::frameworks::rails::wide_integer;

/// The class of a value that came as JSON.
pub fn class_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "NilClass",
        Value::Bool(true) => "TrueClass",
        Value::Bool(false) => "FalseClass",
        Value::Number(number) if number.is_f64() => "Float",
        Value::Number(_) => "Integer",
        Value::String(_) if wide_integer::digits(value).is_some() => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Hash",
    }
}

/// A value between the braces of a text: `to_s`. The parser of the body bounds the depth.
pub fn to_s(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => wide_integer::digits(value).unwrap_or(text).to_owned(),
        other => inspected(other),
    }
}

fn inspected(value: &Value) -> String {
    let mut out = String::new();
    inspect(value, &mut out);
    out
}

/// A value within a list or a hash: `inspect`, as Ruby printed it up to 3.3.
fn inspect(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("nil"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => out.push_str(&float_to_s(float)),
            None => out.push_str(&number.to_string()),
        },
        Value::String(text) => match wide_integer::digits(value) {
            Some(digits) => out.push_str(digits),
            None => quote(text, out),
        },
        Value::Array(list) => {
            out.push('[');
            for (place, element) in list.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                inspect(element, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (place, (name, element)) in fields.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                quote(name, out);
                out.push_str("=>");
                inspect(element, out);
            }
            out.push('}');
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0c' => out.push_str("\\f"),
            '\x0b' => out.push_str("\\v"),
            '\x08' => out.push_str("\\b"),
            '\x07' => out.push_str("\\a"),
            '\x1b' => out.push_str("\\e"),
            '\x7f' => out.push_str("\\x7F"),
            // What would be interpolated is not.
            '#' if matches!(rest.peek(), Some('{' | '$' | '@')) => out.push_str("\\#"),
            control if control.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Decimal places before the point up to which a float is written out.
const PLACES: i32 = 16;
/// Zeros behind the point up to which a float is written out.
const ZEROS: i32 = -4;

/// A float: at least one digit behind the point, an exponent of at least two digits where it is large or small.
fn float_to_s(float: f64) -> String {
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let point = exponent + 1;
    if point > ZEROS && point <= PLACES {
        let plain = format!("{float}");
        return if plain.contains('.') { plain } else { format!("{plain}.0") };
    }
    if float == 0.0 {
        return if float.is_sign_negative() { "-0.0" } else { "0.0" }.to_owned();
    }
    let mantissa =
        if mantissa.contains('.') { mantissa.to_owned() } else { format!("{mantissa}.0") };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{class_of, to_s};

    #[test]
    #[rustfmt::skip]
    fn classes_and_values_are_rubys() {
        for (value, class, text) in [
            (json!({}),                                "Hash",       "{}"),
            (json!({ "a": 1, "b": [null, "c"] }),      "Hash",       r#"{"a"=>1, "b"=>[nil, "c"]}"#),
            (json!([]),                                "Array",      "[]"),
            (json!([1, 2.5, true, "x\ny", {}]),        "Array",      r#"[1, 2.5, true, "x\ny", {}]"#),
            (json!(["#{a} #b \"c\" \\ é \u{1} \u{1b}"]), "Array",    r#"["\#{a} #b \"c\" \\ é \u0001 \e"]"#),
            (json!("true"),                            "String",     "true"),
            (json!("a \"b\""),                         "String",     "a \"b\""),
            (json!(true),                              "TrueClass",  "true"),
            (json!(false),                             "FalseClass", "false"),
            (json!(5),                                 "Integer",    "5"),
            (json!(-12),                               "Integer",    "-12"),
            (json!(18_446_744_073_709_551_615_u64),    "Integer",    "18446744073709551615"),
            (json!(1.0),                               "Float",      "1.0"),
            (json!(0.1),                               "Float",      "0.1"),
            (json!(0.0001),                            "Float",      "0.0001"),
            (json!(0.00001),                           "Float",      "1.0e-05"),
            (json!(123456.789),                        "Float",      "123456.789"),
            (json!(1e15),                              "Float",      "1000000000000000.0"),
            (json!(1e16),                              "Float",      "1.0e+16"),
            (json!(1.5e100),                           "Float",      "1.5e+100"),
            (json!(-0.0),                              "Float",      "-0.0"),
            (Value::Null,                              "NilClass",   ""),
        ] {
            assert_eq!((class_of(&value), to_s(&value).as_str()), (class, text), "{value}");
        }
    }
}
