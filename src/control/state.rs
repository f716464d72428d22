//! A whole world as one document, to be persisted and put back: what is said when it is not taken.

use serde_json::json;

use crate::control::problem::{Problem, echo};
use crate::control::respond;
use crate::message::Reply;
use crate::world::{FORMAT, Unreadable};

/// A document, as it was written.
pub fn saved(document: String) -> Reply {
    respond::text(200, respond::JSON, document)
}

impl From<Unreadable> for Problem {
    fn from(wrong: Unreadable) -> Self {
        let new = |status: u16, title: &str| Problem::new(status, title, wrong.to_string());
        match &wrong {
            Unreadable::NotJson(_) => new(400, "Not JSON"),
            Unreadable::Format(found) => new(422, "Wrong format")
                .with("format", found.as_str())
                .with("known", json!([FORMAT])),
            Unreadable::Malformed { near, .. } => new(422, "Wrong state").with("near", echo(near)),
            Unreadable::Lost { path, .. } => new(422, "Wrong state").with("path", path.as_str()),
            Unreadable::Contradiction(_) => new(422, "Wrong state"),
        }
    }
}
