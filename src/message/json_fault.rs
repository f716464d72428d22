//! What is wrong with a body that is said to be JSON and is none: the fault itself, and where it is.

use crate::kit::json::Value;
use crate::message::Request;

/// The fault, if the body of a request should be JSON and is not.
pub fn json_fault(request: &Request) -> Option<String> {
    let kind = request.content_type();
    let said = kind.ends_with("/json") || kind.ends_with("+json");
    let body: &[u8] = &request.body;
    if !said || request.oversize || body.is_empty() {
        return None;
    }
    // Lists may be nested deeper than is read anywhere; that is no fault of the form.
    let wrong = serde_json::from_slice::<Value>(body).err()?;
    if wrong.to_string().starts_with("recursion limit") {
        return None;
    }
    let text = match std::str::from_utf8(body) {
        _ if body.starts_with(&[0x1f, 0x8b]) => {
            return Some(
                "it is compressed with gzip, which is not undone here; send it plain".to_owned(),
            );
        }
        _ if body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]) => {
            return Some("it is UTF-16, and JSON is UTF-8 (RFC 8259, 8.1)".to_owned());
        }
        _ if body.starts_with(&[0xef, 0xbb, 0xbf]) => {
            return Some(
                "it begins with a byte order mark (EF BB BF), which JSON does not have (RFC 8259, 8.1)".to_owned(),
            );
        }
        Ok(_) => return Some(wrong.to_string()),
        Err(text) => text,
    };
    let place = text.valid_up_to();
    let before = &body[..place];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let begun = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&before[begun..]).chars().count() + 1;
    let byte = body.get(place).copied().unwrap_or_default();
    Some(format!(
        "the byte 0x{byte:02X} at line {line} column {column} is no UTF-8, which JSON is (RFC 8259, 8.1); perhaps it \
         is Latin-1 or Windows-1252"
    ))
}
