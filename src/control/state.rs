//! A whole world as one document: what is said when it is not taken back.

use serde_json::json;

use crate::control::extract::Extracted;
use crate::control::problem::{Problem, echo};
use crate::control::{Job, ShellJob};
use crate::message::Reply;
use crate::world::{FORMAT, Unreadable};

/// `GET /state`.
pub(super) fn read_save(_asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::Shell(ShellJob::Save))
}

/// `PUT /state`.
pub(super) fn read_restore(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::Shell(ShellJob::Restore(asked.document.clone())))
}

/// A refusal to take a document.
pub(super) fn unreadable(wrong: &Unreadable) -> Reply {
    let new = |status: u16, title: &str| Problem::new(status, title, wrong.to_string());
    match wrong {
        Unreadable::NotJson(_) => new(400, "Not JSON"),
        Unreadable::Format(found) => {
            new(422, "Wrong format").with("format", found.as_str()).with("known", json!([FORMAT]))
        }
        Unreadable::Malformed { near, .. } => new(422, "Wrong state").with("near", echo(near)),
        Unreadable::Lost { path, .. } => new(422, "Wrong state").with("path", path.as_str()),
        Unreadable::Contradiction(_) => new(422, "Wrong state"),
    }
    .reply()
}
