//! A request: one call as a provider sees it: its own path, without our prefix.

use std::net::{IpAddr, Ipv4Addr};

use crate::kit::json::Map;
use serde::{Deserialize, Serialize};

use crate::message::{Body, Headers, Method, form, multipart};

/// A request to a provider or to the control API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The verb as it was sent, where HTTP has none of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_method: Option<Box<str>>,
    /// The provider's own path, still percent-encoded, beginning with `/`.
    pub path: String,
    /// The raw query, without its question mark; empty when there is none.
    pub query: String,
    /// The header fields; names in lower case.
    #[serde(with = "crate::message::one_by_one")]
    pub headers: Headers,
    /// The bytes of the body.
    pub body: Body,
    /// Who called.
    pub peer: IpAddr,
    /// Scheme, authority and our prefix: what a link to this provider begins with.
    pub base: String,
    /// The body was longer than the limit and was not kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversize: bool,
}

impl Request {
    /// A request without body, from this machine; tests and journeys begin with it.
    pub fn new(method: Method, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Request {
            method,
            unknown_method: None,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: Headers::default(),
            body: Body::default(),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            base: String::new(),
            oversize: false,
        }
    }

    /// The verb as it was sent.
    pub fn verb(&self) -> &str {
        self.unknown_method.as_deref().unwrap_or(self.method.word())
    }

    /// Sets the verb, whether HTTP has it or not.
    pub fn set_verb(&mut self, verb: &str) {
        self.method = Method::of(verb).unwrap_or(Method::Unknown);
        self.unknown_method = (self.method == Method::Unknown).then(|| verb.into());
    }

    /// The same request with one more header field.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.add(name, value.into());
        self
    }

    /// The same request with a body and its type.
    pub fn carrying(mut self, content_type: &'static str, body: impl Into<Body>) -> Self {
        self.headers.set("content-type", content_type);
        self.body = body.into();
        self
    }

    /// The type of the body, without parameters, in lower case.
    pub fn content_type(&self) -> String {
        let value = self.headers.get("content-type").unwrap_or("");
        value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }

    /// The nested fields of a form, in either of its encodings; one that cannot be read has none. `None` for a body of
    /// another type.
    pub fn form(&self) -> Option<Map> {
        match self.content_type().as_str() {
            "application/x-www-form-urlencoded" => Some(form::php(&self.body.text())),
            "multipart/form-data" => {
                let header = self.headers.get("content-type").unwrap_or_default();
                Some(multipart::multipart(header, &self.body).unwrap_or_default())
            }
            _ => None,
        }
    }

    /// What follows `Bearer ` in the header field `Authorization`, the word in any case; never empty.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.headers.get("authorization")?.trim().split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    }
}
