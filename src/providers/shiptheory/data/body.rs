//! Body of a request: JSON, nested forms and multipart, as the framework behind Shiptheory reads them.

use crate::kit::json::{Map, Value};

use crate::kit::numeric;
use crate::message::{Request, accept};

/// The fields of a request, or of an object in it.
pub type Fields = Map;

/// The form an answer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// What every client asks for.
    Json,
    /// What the documentation of the errors names beside it.
    Xml,
}

/// The form a caller asks for: the most wanted of its list that we have; JSON when it does not say. None when we have
/// none of them.
pub fn accepts(request: &Request) -> Option<Format> {
    let Some(header) = request.headers.get("accept").filter(|it| !it.trim().is_empty()) else {
        return Some(Format::Json);
    };
    let wanted = accept::by_quality(header).into_iter();
    wanted.map(str::to_ascii_lowercase).find_map(|kind| match kind.as_str() {
        "*/*" | "application/*" | "application/json" | "text/json" => Some(Format::Json),
        "application/xml" | "text/xml" => Some(Format::Xml),
        _ => None,
    })
}

/// The fields of a body; none for JSON that cannot be read. What is neither JSON nor a form is not read.
pub fn fields(request: &Request) -> Option<Fields> {
    if let Some(fields) = request.form() {
        return Some(fields);
    }
    match request.content_type().as_str() {
        "application/json" => match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => Some(fields),
            Ok(Value::Array(_) | Value::Null) => Some(Fields::new()),
            Err(_) if request.body.iter().all(u8::is_ascii_whitespace) => Some(Fields::new()),
            Ok(_) | Err(_) => None,
        },
        _ => Some(Fields::new()),
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

#[cfg(test)]
mod tests {
    use super::{Format, accepts, unread};
    use crate::message::{Method, Request};

    #[test]
    fn who_asks_for_neither_json_nor_xml_gets_nothing() {
        for (header, expected) in [
            ("", Some(Format::Json)),
            ("*/*", Some(Format::Json)),
            ("application/json, text/plain, */*", Some(Format::Json)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Format::Xml)),
            ("Application/XML", Some(Format::Xml)),
            ("application/json;q=0.5, application/xml", Some(Format::Xml)),
            ("application/xml;q=0.5, application/json;q=0.6", Some(Format::Json)),
            ("text/html", None),
            ("application/json;q=0, text/csv", None),
        ] {
            let request = Request::new(Method::Get, "/v1/tags").with("accept", header);
            assert_eq!(accepts(&request), expected, "{header}");
        }
        assert_eq!(accepts(&Request::new(Method::Get, "/v1/tags")), Some(Format::Json));
    }

    #[test]
    fn json_under_another_type_is_explained() {
        let sent = |kind| Request::new(Method::Post, "/v1/token").carrying(kind, "{\"email\":1}");
        assert!(unread(&sent("application/x-www-form-urlencoded")).is_some());
        assert!(unread(&sent("text/plain")).is_some());
        assert!(unread(&sent("application/json")).is_none());
    }
}
