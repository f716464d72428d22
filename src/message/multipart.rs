//! The text fields of a `multipart/form-data` body; files in it are passed over.

use crate::kit::json::Map;

use crate::frameworks::php::parse_str;

/// The nested form of the text fields, or none when the type is another or has no boundary.
///
/// A body that breaks off gives the fields that were complete.
pub fn multipart(content_type: &str, body: &[u8]) -> Option<Map> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary =
        parameter(parameters, "boundary").filter(|boundary| (1..=200).contains(&boundary.len()))?;
    let delimiter = format!("\r\n--{boundary}");

    // The first delimiter has no line before it to end.
    let opening = delimiter.trim_start().as_bytes();
    let mut rest = match body.strip_prefix(opening) {
        Some(rest) => rest,
        None => after(body, delimiter.as_bytes()).unwrap_or_default(),
    };
    let mut fields = Vec::new();
    while fields.len() < parse_str::MOST_FIELDS && !rest.starts_with(b"--") {
        let Some(end) = find(rest, delimiter.as_bytes()) else { break };
        fields.extend(text_field(&rest[..end]));
        rest = rest.get(end + delimiter.len()..).unwrap_or_default();
    }
    Some(parse_str::parse_str(fields.into_iter()))
}

/// One part: headers, an empty line, the content. The part begins with the end of the delimiter's line.
fn text_field(part: &[u8]) -> Option<(String, String)> {
    let part = part.get(find(part, b"\r\n")?..)?;
    let head = find(part, b"\r\n\r\n")?;
    let content = part.get(head + 4..)?;
    let headers = String::from_utf8_lossy(&part[..head]);
    let disposition = headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (kind, parameters) = disposition.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") || parameter(parameters, "filename").is_some()
    {
        return None;
    }
    Some((parameter(parameters, "name")?, String::from_utf8_lossy(content).into_owned()))
}

/// A parameter of a header, quoted or not.
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        let (name, value) = rest.split_once('=')?;
        let (text, after) = match value.trim_start().strip_prefix('"') {
            Some(quoted) => quoted_text(quoted),
            None => {
                let end = value.find(';').unwrap_or(value.len());
                let (text, after) = value.split_at(end);
                (text.trim().to_owned(), after)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(text);
        }
        rest = after;
    }
}

/// What stands before the closing quote, with backslashes undone, and what follows it.
fn quoted_text(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
            other => text.push(other),
        }
    }
    (text, "")
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len().max(1)).position(|window| window == needle)
}

fn after<'a>(haystack: &'a [u8], needle: &[u8]) -> Option<&'a [u8]> {
    haystack.get(find(haystack, needle)? + needle.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::json::{Value, json};

    const TYPE: &str = "multipart/form-data; charset=utf-8; boundary=\"xYz\"";

    fn read(body: &str) -> Value {
        Value::Object(multipart(TYPE, body.as_bytes()).unwrap())
    }

    #[test]
    fn text_fields_nest_and_files_are_passed_over() {
        let body = "preamble\r\n--xYz\r\nContent-Disposition: form-data; name=\"address[name]\"\r\n\r\nOmar\r\nBen Ali\r\n\
                    --xYz\r\ncontent-disposition: form-data; name=file; filename=\"a;b.txt\"\r\nContent-Type: text/plain\r\n\r\nx\r\n\
                    --xYz\r\nContent-Disposition: form-data; name=\"a\\\"b\"\r\n\r\n\r\n--xYz--\r\nepilogue";
        assert_eq!(read(body), json!({"address": {"name": "Omar\r\nBen Ali"}, "a\"b": ""}));
    }

    #[test]
    fn a_broken_body_gives_what_was_complete() {
        let part = "--xYz\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--xYz";
        assert_eq!(read(part), json!({"a": "1"}));
        assert_eq!(
            read(&format!("{part}\r\nContent-Disposition: form-data; name=b\r\n\r\n2")),
            json!({"a": "1"})
        );
        assert_eq!(read(""), json!({}));
        assert_eq!(read("--xYz--"), json!({}));
    }

    #[test]
    fn another_type_is_not_read() {
        for content_type in [
            "application/json",
            "multipart/form-data",
            "multipart/form-data; x=1",
            "multipart/mixed; boundary=x",
        ] {
            assert_eq!(multipart(content_type, b""), None, "{content_type}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(
            boundary in ".{0,4}",
            body in r#"(--x|\r\n|Content-Disposition: form-data; name=|"|\\|;|[a\[\]:=]|filename=a){0,40}"#,
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60),
        ) {
            for content_type in [&format!("multipart/form-data; boundary={boundary}"), "multipart/form-data;boundary=x"] {
                multipart(content_type, body.as_bytes());
                multipart(content_type, &bytes);
            }
        }
    }
}
