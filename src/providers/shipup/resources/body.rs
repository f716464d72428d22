//! Body of a request: which fields Rails finds in it, by its Content-Type.

use serde_json::{Map, Value};

use crate::frameworks::rails::wide_integer;
use crate::message::Request;

/// The types of a body that Rails reads as JSON: the synonyms of its `Mime::Type` for `:json`.
const JSON: &[&str] =
    &["application/json", "text/x-json", "application/jsonrequest", "application/vnd.api+json"];

fn is_json(request: &Request) -> bool {
    JSON.contains(&request.content_type().as_str())
}

/// Why a body that is there may be another one to the framework than to whoever sent it.
pub fn unread(request: &Request) -> Option<String> {
    let first = request.body.iter().find(|byte| !byte.is_ascii_whitespace())?;
    if is_json(request) || (request.form().is_some() && !matches!(first, b'{' | b'[')) {
        return None;
    }
    let kind = request.content_type();
    let said = if kind.is_empty() { "no Content-Type".to_owned() } else { format!("`{kind}`") };
    Some(format!("header.content-type: the body came with {said}, under which Rails reads no JSON"))
}

/// The fields of a body, as Rails finds them: of JSON its object, of a form its fields, of anything else none, unless a
/// scenario says that everything is read as JSON. What is JSON and no object holds no fields; an empty body neither.
/// None for JSON that cannot be read.
pub fn fields(request: &Request, any_content_type: bool) -> Option<Map<String, Value>> {
    if !any_content_type && !is_json(request) {
        return Some(request.form().as_ref().map(Map::from).unwrap_or_default());
    }
    let bytes = request.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&request.body);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Some(Map::new());
    }
    match wide_integer::from_slice(bytes).ok()? {
        Value::Object(fields) => Some(fields),
        _ => Some(Map::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{fields, unread};
    use crate::message::{Method, Request};

    #[test]
    fn only_what_says_that_it_is_json_is_read_as_json() {
        const OBJECT: &str = r#"{"merchant_id":"o"}"#;
        for (kind, body, found, is_told) in [
            ("application/json", OBJECT, Some(1), false),
            ("application/json; charset=utf-8", OBJECT, Some(1), false),
            ("text/x-json", OBJECT, Some(1), false),
            ("application/vnd.api+json", OBJECT, Some(1), false),
            ("application/json", "[1]", Some(0), false),
            ("application/json", "  ", Some(0), false),
            ("application/json", "{", None, false),
            ("application/x-www-form-urlencoded", "merchant_id=o", Some(1), false),
            ("application/x-www-form-urlencoded", OBJECT, Some(1), true),
            ("text/plain", OBJECT, Some(0), true),
            ("", OBJECT, Some(0), true),
            ("", "", Some(0), false),
        ] {
            let request = Request::new(Method::Post, "/v2/orders").carrying(kind, body);
            let read = fields(&request, false);
            assert_eq!(read.as_ref().map(serde_json::Map::len), found, "{kind} {body}");
            assert_eq!(unread(&request).is_some(), is_told, "{kind} {body}");
            let has_id = read.is_some_and(|it| it.contains_key("merchant_id"));
            assert_eq!(has_id, found == Some(1) && !is_told, "{kind} {body}");
            let asked = fields(&request, true);
            assert!(body != OBJECT || asked.is_some_and(|it| it.contains_key("merchant_id")));
        }
    }
}
