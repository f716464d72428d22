//! A JSON value printed as XML the way CakePHP prints its view variables.
//!
//! `xml::cake("response", &json!({"tags": [{"id": 1}, {"id": 2}]}))` is
//! `<response><tags><id>1</id></tags><tags><id>2</id></tags></response>` after the usual first line.
//!
//! From the framework's `Utility/Xml.php`: members become elements; a list repeats its element; true and false are 1
//! and 0; null, an empty text, an empty list and an empty object are all an empty element. Where the framework would
//! fail (a name that is no element's, a list within a list, a character that XML forbids) the nearest valid XML is
//! printed: `_` in names, the inner list repeated in place, U+FFFD for the character.

use std::borrow::Cow;

use serde_json::Value;

use crate::kit::numeric;

/// PHP's `precision`, which rules when a float becomes a text.
const DIGITS: usize = 14;

/// Deeper values are empty elements; what a provider answers is nowhere near.
const DEPTH: usize = 64;

/// The document of a value, with one element around it all.
pub fn cake(root: &str, value: &Value) -> String {
    let mut out = String::with_capacity(256);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    match value {
        // A document has one root, so a list cannot repeat it.
        Value::Array(_) => element(&mut out, root, |out| write(out, "item", value, DEPTH)),
        _ => write(&mut out, root, value, DEPTH),
    }
    out.push('\n');
    out
}

fn write(out: &mut String, name: &str, value: &Value, depth: usize) {
    let Some(below) = depth.checked_sub(1) else { return element(out, name, |_| ()) };
    match value {
        Value::Array(rows) if rows.is_empty() => element(out, name, |_| ()),
        Value::Array(rows) => rows.iter().for_each(|row| write(out, name, row, below)),
        Value::Object(members) => element(out, name, |out| {
            members.iter().for_each(|(name, value)| write(out, name, value, below));
        }),
        Value::String(text) => element(out, name, |out| escape(out, text)),
        Value::Bool(truth) => element(out, name, |out| out.push(if *truth { '1' } else { '0' })),
        Value::Null => element(out, name, |_| ()),
        Value::Number(number) => element(out, name, |out| out.push_str(&number_text(number))),
    }
}

/// An element; one that stays empty closes itself.
fn element(out: &mut String, name: &str, fill: impl FnOnce(&mut String)) {
    let name = valid(name);
    out.push('<');
    out.push_str(&name);
    out.push('>');
    let start = out.len();
    fill(out);
    if out.len() == start {
        out.pop();
        out.push_str("/>");
    } else {
        out.push_str("</");
        out.push_str(&name);
        out.push('>');
    }
}

/// A name that an element may have: `Parcel - Two Day` is `Parcel_-_Two_Day`, `2nd` is `_2nd`.
fn valid(name: &str) -> Cow<'_, str> {
    let starts = |c: char| c.is_alphabetic() || c == '_';
    let follows = |c: char| starts(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
    if name.starts_with(starts) && name.chars().all(follows) {
        return Cow::Borrowed(name);
    }
    let before = if name.starts_with(|c: char| !starts(c) && follows(c)) { "_" } else { "" };
    let rest = name.chars().map(|c| if follows(c) { c } else { '_' });
    let out: String = before.chars().chain(rest).collect();
    Cow::Owned(if out.is_empty() { "_".to_owned() } else { out })
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if c < ' ' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
}

fn number_text(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => {
            let mut out = Vec::with_capacity(24);
            let scientific = format!("{float:.*e}", DIGITS - 1);
            numeric::float_form(&scientific, DIGITS as i32, b'E', &mut out);
            String::from_utf8(out).unwrap_or_default()
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn inner(value: &Value) -> String {
        let printed = cake("response", value);
        let inner = printed.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
        inner.strip_suffix('\n').unwrap().to_owned()
    }

    #[test]
    fn members_are_elements_and_lists_repeat_them() {
        let shipment = json!({
            "success": true, "tags": [{"id": 1, "name": "Tag A"}, {"id": 2, "name": "B & <C>"}],
            "carrier_result": null, "rows": [], "about": {}, "codes": ["GB", "", null], "limit": false,
        });
        assert_eq!(
            inner(&shipment),
            "<response><success>1</success><tags><id>1</id><name>Tag A</name></tags>\
             <tags><id>2</id><name>B &amp; &lt;C&gt;</name></tags><carrier_result/><rows/><about/>\
             <codes>GB</codes><codes/><codes/><limit>0</limit></response>"
        );
        assert_eq!(inner(&json!({})), "<response/>");
        assert_eq!(inner(&json!([1, [2]])), "<response><item>1</item><item>2</item></response>");
    }

    #[test]
    fn numbers_are_printed_as_php_makes_texts_of_them() {
        for (number, text) in [
            (json!(135.18), "135.18"),
            (json!(2.0), "2"),
            (json!(0.1 + 0.2), "0.3"),
            (json!(1e13), "10000000000000"),
            (json!(1e14), "1.0E+14"),
            (json!(123_456_789_012_345.6), "1.2345678901235E+14"),
            (json!(0.00001), "1.0E-5"),
            (json!(-7), "-7"),
            (json!(u64::MAX), "18446744073709551615"),
        ] {
            assert_eq!(inner(&number), format!("<response>{text}</response>"));
        }
    }

    #[test]
    fn what_xml_cannot_say_is_said_differently() {
        let odd =
            json!({"Parcel - Two Day": {"2": "\u{1}é\r\n"}, "": 1, "a:b@\u{0}": [[1], [2, 3]]});
        assert_eq!(
            inner(&odd),
            "<response><Parcel_-_Two_Day><_2>\u{fffd}é&#13;\n</_2></Parcel_-_Two_Day><_>1</_>\
             <a_b__>1</a_b__><a_b__>2</a_b__><a_b__>3</a_b__></response>"
        );
        let around = |inner| Value::Object([("a".to_owned(), inner)].into_iter().collect());
        let deep = (0..10_000).fold(json!(1), |inner, _| around(inner));
        assert_eq!(inner(&deep).matches("<a>").count(), DEPTH - 1);
        // Dropping so deep a value by recursion would overflow the stack.
        std::mem::forget(deep);
    }
}
