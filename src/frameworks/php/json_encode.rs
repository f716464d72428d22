//! JSON printed byte for byte as PHP's `json_encode` prints it, straight from any serialisable value.
//!
//! Measured with PHP 8.2 and `serialize_precision` -1.

use std::fmt;
use std::io;

use rust_decimal::Decimal;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::frameworks::php::printer::{Printer, double, escaped, single};
use crate::kit::numeric;

/// Compact, with `/` as `\/` and everything beyond ASCII as `\uXXXX`: an ordinary answer.
pub fn php<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    value.serialize(&mut Printer(&mut out)).expect("keys are text in all we print");
    out
}

/// Four spaces, slashes as they are, everything beyond ASCII as `\uXXXX`: the framework's own errors.
pub fn php_pretty<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    let layout = PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Php { layout });
    value
        .serialize(&mut serializer)
        .expect("keys are text in all we print, and memory takes every byte");
    out
}

/// Another formatter's layout with PHP's strings and floats.
struct Php<F> {
    layout: F,
}

/// Hands the layout's own methods through.
macro_rules! layout {
    ($($name:ident($($flag:ident)?)),+ $(,)?) => {$(
        #[inline]
        fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $flag: bool)?) -> io::Result<()> {
            self.layout.$name(writer $(, $flag)?)
        }
    )+};
}

impl<F: Formatter> Formatter for Php<F> {
    layout! {
        begin_array(), end_array(), begin_array_value(first), end_array_value(),
        begin_object(), end_object(), begin_object_key(first), end_object_key(),
        begin_object_value(), end_object_value(),
    }

    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        written(writer, |out| single(out, value))
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        written(writer, |out| double(out, value))
    }

    #[inline]
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        let bytes = fragment.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                at += 1;
                continue;
            }
            writer.write_all(&bytes[plain..at])?;
            // `at` only ever moves by whole characters.
            let Some(character) = fragment.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            written(writer, |out| escaped(out, character))?;
            at += character.len_utf8();
            plain = at;
        }
        writer.write_all(bytes.get(plain..).unwrap_or_default())
    }
}

/// What the printer of ordinary answers prints, handed to a writer.
fn written<W: ?Sized + io::Write>(
    writer: &mut W,
    print: impl FnOnce(&mut Vec<u8>),
) -> io::Result<()> {
    let mut out = Vec::with_capacity(24);
    print(&mut out);
    writer.write_all(&out)
}

/// A decimal that is a JSON number on the wire: whole values without a fraction, others in the fewest digits.
///
/// Reads a number or a numeric text. What no 64-bit integer holds is written as the nearest float, as PHP does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number(pub Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_integer() {
            let whole = self.0.trunc();
            if let Ok(integer) = i64::try_from(whole) {
                return serializer.serialize_i64(integer);
            }
            if let Ok(integer) = u64::try_from(whole) {
                return serializer.serialize_u64(integer);
            }
        }
        serializer.serialize_f64(numeric::float_of(self.0.normalize()))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a numeric text")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Number, E> {
        Ok(Number(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Number, E> {
        Ok(Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
        // Through the shortest text, so that 190.1 is 190.1 and not its binary neighbour.
        self.visit_str(&value.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
        let exact = numeric::amount(text).and_then(numeric::Amount::decimal);
        exact.map(Number).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

crate::written_as!(Number, { "type": ["number", "string"], "description": "A number, or its text." });

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn strings_are_escaped_as_php_escapes_them() {
        let input = "a/\u{7f}\0\u{1}\u{8}\u{c}\n\r\t\"\\é😀\u{2028}'<>&د.ت";
        assert_eq!(
            text(php(input)),
            "\"a\\/\u{7f}\\u0000\\u0001\\b\\f\\n\\r\\t\\\"\\\\\\u00e9\\ud83d\\ude00\\u2028'<>&\\u062f.\\u062a\""
        );
        assert_eq!(
            text(php(&json!({"é/": "2026-03-29\u{10}09:00"}))),
            r#"{"\u00e9\/":"2026-03-29\u001009:00"}"#
        );
    }

    #[test]
    fn floats_are_laid_out_as_php_lays_them_out() {
        for (value, expected) in [
            (21.0, "21"),
            (190.5, "190.5"),
            (1e25, "1.0e+25"),
            (1e-7, "1.0e-7"),
            (0.0001, "0.0001"),
            (0.00001, "1.0e-5"),
            (0.000123, "0.000123"),
            (123456789012345678.0, "1.2345678901234568e+17"),
            (1e15, "1000000000000000"),
            (1e16, "10000000000000000"),
            (1e17, "1.0e+17"),
            (1.25e18, "1.25e+18"),
            (-0.0, "-0"),
            (0.0, "0"),
            (5e-324, "5.0e-324"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-1e25, "-1.0e+25"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(text(php(&value)), expected);
        }
        assert_eq!(text(php(&66.97f32)), "66.97");
        assert_eq!(text(php(&f64::NAN)), "null");
    }

    #[test]
    fn errors_are_pretty_printed_with_four_spaces_and_plain_slashes() {
        let value = json!({"a": [], "b": {}, "c": [1, [2]], "d": {"x/": "é/"}});
        let expected = "{\n    \"a\": [],\n    \"b\": {},\n    \"c\": [\n        1,\n        [\n            2\n        ]\n    ],\n    \"d\": {\n        \"x/\": \"\\u00e9/\"\n    }\n}";
        assert_eq!(text(php_pretty(&value)), expected);
    }

    #[test]
    fn a_decimal_is_a_number_in_the_fewest_digits() {
        let number = |text: &str| Number(text.parse().unwrap());
        for (decimal, expected) in [
            ("190.00", "190"),
            ("190.50", "190.5"),
            ("-0.00", "0"),
            ("0.1", "0.1"),
            ("18446744073709551615", "18446744073709551615"),
            ("79228162514264337593543950335", "7.922816251426434e+28"),
            ("1234567.891", "1234567.891"),
        ] {
            assert_eq!(text(php(&number(decimal))), expected);
            serde_json::to_value(number(decimal)).unwrap();
        }
        for (input, expected) in [
            (json!(190.1), "190.1"),
            (json!("190.100"), "190.1"),
            (json!(" 7 "), "7"),
            (json!("1e3"), "1000"),
            (json!(-4), "-4"),
        ] {
            assert_eq!(serde_json::from_value::<Number>(input).unwrap(), number(expected));
        }
        for input in [json!("abc"), json!(true), json!(null), json!(1e300), json!("")] {
            assert!(serde_json::from_value::<Number>(input).is_err());
        }
    }

    #[test]
    fn every_form_of_value_is_laid_out_as_serde_json_does() {
        #[derive(serde::Serialize)]
        enum Form {
            Unit,
            One(u8),
            Two(i64, bool),
            Named { a: Option<char>, b: () },
        }
        #[derive(serde::Serialize)]
        struct Pair(u64, i8);
        let numbers = std::collections::BTreeMap::from([(1_u16, -1_i32), (2, i32::MIN)]);
        let value = (
            [
                Form::Unit,
                Form::One(0),
                Form::Two(i64::MIN, true),
                Form::Named { a: Some('x'), b: () },
            ],
            Pair(u64::MAX, i8::MIN),
            numbers,
            Vec::<u8>::new(),
            json!({ "": [{}, [], null, false], "n": { "m": [1, 2, { "o": "p" }] } }),
        );
        assert_eq!(text(php(&value)), serde_json::to_string(&value).unwrap());
    }

    proptest::proptest! {
        #[test]
        fn what_is_printed_means_the_same(string in ".*", float in proptest::num::f64::NORMAL) {
            let value = json!({ "s": string, "f": float });
            for printed in [php(&value), php_pretty(&value)] {
                proptest::prop_assert!(printed.is_ascii());
                let read: Value = serde_json::from_slice(&printed).unwrap();
                proptest::prop_assert_eq!(&read["s"], &value["s"]);
                proptest::prop_assert_eq!(read["f"].as_f64(), Some(float));
            }
        }
    }
}
