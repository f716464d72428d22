//! RFC 9457 problem details: what is wrong with a call, with members that say what would be right.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::control::respond;
use crate::kit::mistake::Mistake;
use crate::kit::text::{did_you_mean, excerpt};
use crate::message::Reply;
use crate::scenario::Diagnostic;

/// Why a call was refused, as RFC 9457 writes it; further members say what would be right.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, schemars::JsonSchema)]
#[error("{detail}")]
pub struct Problem {
    /// A name for what is wrong.
    #[serde(rename = "type")]
    kind: String,
    /// The same in words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What is wrong with this call.
    detail: String,
    // Boxed, since an error should not be larger than most answers.
    #[serde(flatten)]
    members: Box<Map<String, Value>>,
    #[serde(skip)]
    headers: Vec<(&'static str, String)>,
}

/// The most characters of a caller's own words that come back: a refusal is read by a human, in a log.
const ECHO: usize = 80;

/// A caller's words, short enough to be repeated.
pub(super) fn echo(text: &str) -> String {
    excerpt(text, ECHO).into_owned()
}

impl Problem {
    /// A problem of a kind, which its title names, and what it is about in a sentence.
    pub fn new(status: u16, title: impl Into<String>, detail: impl Into<String>) -> Self {
        let title = title.into();
        let kind = format!("urn:shipmock:problem:{}", title.to_lowercase().replace(' ', "-"));
        Problem {
            kind,
            title,
            status,
            detail: detail.into(),
            members: Box::default(),
            headers: Vec::new(),
        }
    }

    /// The same with one more member.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The same with the words that would do, under a name, and the one that was probably meant.
    pub fn among<'a>(
        mut self,
        name: &str,
        given: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        if let Some(meant) = did_you_mean(given, words.iter().copied()) {
            self = self.with("did_you_mean", meant);
        }
        self.with(name, words)
    }

    /// The same with a header field, which some statuses must have (401, 405: RFC 9110, 15.5).
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// As it goes out.
    pub fn reply(&self) -> Reply {
        let reply = respond::written(self.status, "application/problem+json", self);
        self.headers.iter().fold(reply, |reply, (name, value)| reply.with(name, value.clone()))
    }

    /// A field whose value does not fit.
    pub(super) fn value(field: &str, expected: &str, given: &Value) -> Self {
        let given = match given {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let detail = format!("`{field}` must be {expected}, not `{}`", echo(&given));
        Problem::new(422, "Wrong value", detail).with("field", field).with("expected", expected)
    }

    /// A field whose value is none of a vocabulary.
    pub(super) fn word(field: &str, given: &str, words: &[&str]) -> Self {
        let expected = format!("one of {}", words.join(", "));
        Problem::value(field, &expected, &json!(given)).among("known", given, words.iter().copied())
    }

    /// A name that is none of the parameters or fields that its owner has; `what` says which of the two.
    pub(super) fn unknown(owner: &str, what: &str, name: &str, known: &[&str]) -> Self {
        let detail = match known {
            [] => format!("{owner} takes no {what}, but there is `{}`", echo(name)),
            _ => format!("{owner} has no {what} `{}`", echo(name)),
        };
        let problem = Problem::new(422, format!("Unknown {what}"), detail).with(what, echo(name));
        if known.is_empty() {
            return problem;
        }
        problem.among("known", name, known.iter().copied())
    }

    /// A scenario that is wrong.
    pub(super) fn scenario(wrong: &Diagnostic) -> Self {
        let mut problem = Problem::new(422, "Wrong scenario", wrong.message.clone());
        let members = [
            ("path", wrong.path.clone()),
            ("did_you_mean", wrong.hint.did_you_mean.clone()),
            ("help", wrong.hint.help.clone()),
        ];
        for (name, text) in members {
            if let Some(text) = text {
                problem = problem.with(name, text);
            }
        }
        if !wrong.hint.known.is_empty() {
            problem = problem.with("known", wrong.hint.known.clone());
        }
        problem.with("report", wrong.to_string())
    }

    /// A setup of a world that contradicts itself.
    pub fn contradiction(wrong: Mistake) -> Self {
        let problem = Problem::new(422, "Wrong scenario", wrong.problem);
        problem.with("path", format!("world.{}", wrong.place))
    }

    /// There is no world of a name.
    pub fn no_world<'a>(name: &str, there: impl IntoIterator<Item = &'a str>) -> Self {
        let detail = format!("there is no world `{}`", echo(name));
        Problem::new(404, "No such world", detail).among("known", name, there)
    }

    /// There is a world of a name, and it shall stay.
    pub fn world_there(name: &str) -> Self {
        let detail = format!(
            "there is a world `{}` already, and `if_absent` says that it stays; without it the world is replaced",
            echo(name)
        );
        Problem::new(409, "World exists", detail).with("field", "if_absent")
    }

    /// The world of a call that waits, or lets time pass, was dropped meanwhile.
    pub fn gone() -> Self {
        let detail = "the world was reset, replaced or dropped meanwhile";
        Problem::new(409, "The world is gone", detail)
    }

    /// Whoever has the turn waits for a receiver that does not answer, and may be waiting for this very call.
    pub fn standstill() -> Self {
        let detail = "this world waits for a receiver that has not answered its webhook yet, and this call would \
                      have to wait for it in turn. A receiver that drives its own world answers the webhook first, \
                      and drives the world afterwards";
        Problem::new(409, "A webhook is being waited for", detail)
    }

    /// The server stops, and nothing is waited for any more.
    pub fn stopping() -> Self {
        let detail = "the server was told to stop while this call was waiting";
        Problem::new(503, "The server stops", detail)
    }
}
