//! A reply: one HTTP response, with its evidence and, for a refusal, the reason in a sentence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::message::{Body, Headers, Wire};

crate::words! {
    /// How we know that the provider answers like this. A property of the branch that answered.
    pub enum Evidence {
        /// The provider's documentation says so.
        Documented = "documented",
        /// A real client, a recording or a public source shows it.
        Observed = "observed",
        /// Our best guess.
        Inferred = "inferred",
        /// A rule did it.
        Injected = "injected",
    }
}

/// An answer on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The header fields, without `Date`, `Content-Length` and our own.
    #[serde(with = "crate::message::one_by_one")]
    pub headers: Headers,
    /// The bytes of the body.
    pub body: Body,
    /// How we know.
    pub evidence: Evidence,
    /// For a refusal: why it was refused, and what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Cow<'static, str>>,
    /// What of the request was looked at and passed over, each with its reason: `body.ordered_at: no date`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
    /// What happens to the bytes on their way out; almost always nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<Box<Wire>>,
}

impl Reply {
    /// An answer with a body of the given type.
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Body>) -> Self {
        let mut headers = Headers::with_capacity(8);
        headers.add("Content-Type", content_type);
        Reply {
            status,
            headers,
            body: body.into(),
            evidence: Evidence::Documented,
            explanation: None,
            passed_over: Vec::new(),
            wire: None,
        }
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Reply {
            status,
            headers: Headers::with_capacity(8),
            body: Body::default(),
            evidence: Evidence::Documented,
            explanation: None,
            passed_over: Vec::new(),
            wire: None,
        }
    }

    /// The same answer, known otherwise than from the documentation.
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = evidence;
        self
    }

    /// The same answer with a reason for its reader.
    pub fn because(mut self, explanation: impl Into<Cow<'static, str>>) -> Self {
        self.explanation = Some(explanation.into());
        self
    }

    /// The same answer, of whose request this was passed over.
    pub fn passing_over(mut self, what: impl IntoIterator<Item = String>) -> Self {
        self.passed_over.extend(what);
        self
    }

    /// The same answer with one more header field.
    pub fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.set(name, value);
        self
    }
}
