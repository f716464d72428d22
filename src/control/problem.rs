//! What is wrong with a call, as RFC 9457 writes it, with members that say what would be right.

use serde_json::{Map, Value, json};

use crate::control::respond;
use crate::kit::text::{did_you_mean, excerpt};
use crate::message::Reply;
use crate::scenario::Diagnostic;

/// A problem on its way to become a reply.
#[derive(Debug)]
pub(super) struct Problem {
    status: u16,
    members: Map<String, Value>,
}

/// The most characters of a caller's own words that come back.
const ECHO: usize = 80;

/// A caller's words, short enough to be repeated.
pub(super) fn echo(text: &str) -> String {
    excerpt(text, ECHO).into_owned()
}

impl Problem {
    /// A problem of a kind, which its title names, and what it is about in a sentence.
    pub(super) fn new(status: u16, title: &str, detail: impl Into<String>) -> Self {
        let words = title.to_lowercase().replace(' ', "-");
        let mut members = Map::new();
        members.insert("type".to_owned(), format!("urn:shipmock:problem:{words}").into());
        members.insert("title".to_owned(), title.into());
        members.insert("status".to_owned(), status.into());
        members.insert("detail".to_owned(), detail.into().into());
        Problem { status, members }
    }

    /// The same with one more member.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The same with the words that would do, under a name, and the one that was probably meant.
    pub(super) fn among<'a>(
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

    /// As it goes out.
    pub(super) fn reply(self) -> Reply {
        respond::written(self.status, "application/problem+json", &Value::Object(self.members))
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
}
