//! How a response is written: a value as JSON, a text of some media type, or nothing; never cached.

use serde::Serialize;

use crate::message::Reply;
use crate::world::own_headers;

/// What the calls answer with, unless they refuse.
pub(super) const JSON: &str = "application/json";

/// A text of a media type.
pub(super) fn text(status: u16, content_type: &'static str, text: String) -> Reply {
    Reply { headers: own_headers(content_type), body: text.into(), ..Reply::empty(status) }
}

/// A value as JSON of a media type.
pub(super) fn written(status: u16, content_type: &'static str, value: &impl Serialize) -> Reply {
    let json = serde_json::to_string(value);
    text(status, content_type, json.expect("the keys of an answer are texts"))
}

/// A value as JSON.
pub(super) fn json(status: u16, value: &impl Serialize) -> Reply {
    written(status, JSON, value)
}

/// An answer without anything to say.
pub(super) fn nothing() -> Reply {
    let mut reply = text(204, "", String::new());
    reply.headers.remove("Content-Type");
    reply
}
