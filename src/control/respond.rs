//! How answers are written: those of the shell's own jobs, and the form of all.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::control::problem::Problem;
use crate::control::{state, webhooks};
use crate::kit::mistake::Mistake;
use crate::message::Reply;
use crate::sim::clock::Mode;
use crate::sim::journal::Change;
use crate::sim::webhook::outbox::Delivery;
use crate::world::{Unreadable, own_headers};

/// A world in the list of worlds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorldLine {
    /// Its name.
    pub name: String,
    /// The scenario it was built from.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// World time.
    pub now: Timestamp,
    /// How its time runs.
    pub mode: Mode,
    /// How many calls its journal holds.
    pub requests: usize,
    /// How many deliveries its ledger holds.
    pub webhooks: usize,
}

/// An answer with a body of a type.
fn body(status: u16, content_type: &'static str, body: String) -> Reply {
    Reply { headers: own_headers(content_type), body: body.into(), ..Reply::empty(status) }
}

/// A value as JSON of a media type.
pub(super) fn written(status: u16, content_type: &'static str, value: &Value) -> Reply {
    body(status, content_type, value.to_string())
}

/// A value as JSON.
pub(super) fn said(value: &Value) -> Reply {
    written(200, "application/json", value)
}

/// An answer without anything to say.
pub(super) fn done() -> Reply {
    let mut reply = body(204, "", String::new());
    reply.headers.remove("Content-Type");
    reply
}

/// `GET /health`.
pub fn health(version: &str, worlds: usize) -> Reply {
    said(&json!({"status": "ok", "version": version, "worlds": worlds}))
}

/// `GET /openapi.json`.
pub fn described(description: &Value) -> Reply {
    written(200, "application/json", description)
}

/// `GET /worlds`.
pub fn worlds(lines: &[WorldLine]) -> Reply {
    said(&json!({"worlds": lines}))
}

/// `PUT /worlds/{name}` and `POST /reset`: the world as it is now. A new one is 201.
pub fn made(line: &WorldLine, new: bool) -> Reply {
    written(if new { 201 } else { 200 }, "application/json", &json!(line))
}

/// `DELETE /worlds/{name}`.
pub fn dropped() -> Reply {
    done()
}

/// `POST /clock/advance`: what moved, and the deliveries that changed.
pub fn advanced(
    from: Timestamp,
    to: Timestamp,
    fired: &[Change],
    deliveries: &[Delivery],
) -> Reply {
    let deliveries: Vec<Value> = deliveries.iter().map(webhooks::entry).collect();
    said(&json!({"from": from, "to": to, "fired": fired, "deliveries": deliveries}))
}

/// `GET /state`: a document, as it was written.
pub fn saved(document: String) -> Reply {
    body(200, "application/json", document)
}

/// A refusal to take a document.
pub fn unreadable(wrong: &Unreadable) -> Reply {
    state::unreadable(wrong)
}

/// `GET /metrics`.
pub fn metrics(text: String) -> Reply {
    body(200, "text/plain; version=0.0.4; charset=utf-8", text)
}

/// A refusal, as RFC 9457 writes it.
pub fn problem(status: u16, title: impl AsRef<str>, detail: impl Into<String>) -> Reply {
    Problem::new(status, title.as_ref(), detail).reply()
}

/// The world of a call that waits, or lets time pass, was dropped meanwhile.
pub fn gone() -> Reply {
    problem(409, "The world is gone", "the world was reset, replaced or dropped meanwhile")
}

/// The server stops, and nothing is waited for any more.
pub fn stopping() -> Reply {
    problem(503, "The server stops", "the server was told to stop while this call was waiting")
}

/// A refusal to build a world whose setup contradicts itself.
pub fn contradiction(wrong: &Mistake) -> Reply {
    let problem = Problem::new(422, "Wrong scenario", wrong.problem.clone());
    problem.with("path", format!("world.{}", wrong.place)).reply()
}

/// A refusal to go back in time.
pub fn backwards(now: Timestamp, asked: Timestamp) -> Reply {
    let detail = format!(
        "it is {now} in this world, which {asked} is before; time does not go back, but a reset begins again"
    );
    Problem::new(409, "Time does not go back", detail).with("now", now.to_string()).reply()
}

/// A refusal to speak of a world that is not there.
pub fn no_world<'a>(name: &str, there: impl IntoIterator<Item = &'a str>) -> Reply {
    let detail = format!("there is no world `{}`", crate::control::problem::echo(name));
    Problem::new(404, "No such world", detail).among("known", name, there).reply()
}
