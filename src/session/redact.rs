//! Redaction: secrets out of a session, so that it still replays.
//!
//! What a secret is, is told by its place: header fields, query parameters and fields of bodies of certain names. It
//! is kept when it is known to be the simulator's own: it stands in a scenario, among the presets, in an answer, or
//! the world took it as a credential. Everything else is replaced by a stand-in of the same form, always the same
//! for the same secret, drawn by a counter and not from the secret. A token of three parts keeps its first two, which
//! tell why it is refused, and loses its signature, without which it opens nothing.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize as _;
use serde_json::Value;

use crate::message::{Body, Headers, Reply, Request, form};
use crate::sim::chance::Chance;
use crate::sim::journal::Entry;

/// How many texts are remembered as known; past that the oldest answers' tokens count as secrets.
const KNOWN: usize = 200_000;
/// How many secrets are told apart; past that they all look alike.
const SECRETS: usize = 10_000;
/// Shorter secrets are replaced where they stand, but not looked for in what comes back.
const LOOKED_FOR: usize = 8;

/// Parts of names that make a value a secret, without marks and in lower case.
const TELLING: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "apikey",
    "accesskey",
    "privatekey",
    "token",
    "credential",
    "authorization",
];

/// Ends of names that do not after all: `token_type`, `expires_in`.
const HARMLESS: &[&str] = &["type", "in", "at", "url"];

fn is_telling(name: &str) -> bool {
    let bare: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    TELLING.iter().any(|part| bare.contains(part))
        && !HARMLESS.iter().any(|end| bare.ends_with(end))
}

/// Remembers what is known and what was replaced.
#[derive(Debug)]
pub struct Redactor {
    known: BTreeSet<String>,
    replaced: BTreeMap<String, String>,
    /// Replaced secrets that may come back in answers and webhooks.
    echoed: Vec<(String, String)>,
    chance: Chance,
    /// Whether a secret was replaced that a world keeps, and may sign with.
    keeps: bool,
}

impl Default for Redactor {
    fn default() -> Self {
        Redactor {
            known: BTreeSet::new(),
            replaced: BTreeMap::new(),
            echoed: Vec::new(),
            chance: Chance::new(0),
            keeps: false,
        }
    }
}

impl Redactor {
    /// Takes every text of a value for known: a scenario's, a world's own.
    pub fn know(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.know_text(text),
            Value::Array(list) => list.iter().for_each(|it| self.know(it)),
            Value::Object(fields) => fields.values().for_each(|it| self.know(it)),
            _ => {}
        }
    }

    fn know_text(&mut self, text: &str) {
        if self.known.len() < KNOWN && !self.replaced.contains_key(text) {
            self.known.insert(text.to_owned());
        }
    }

    /// Whether signatures have to be masked, because a secret was replaced that may have made them.
    pub fn masks(&self) -> bool {
        self.keeps
    }

    /// A call without its secrets. `accepted` says that the world knew whose call it was.
    pub fn request(&mut self, request: &Request, accepted: bool) -> Request {
        let mut clean = request.clone();
        clean.headers = self.headers(&request.headers, accepted);
        clean.query = self.form(&request.query).unwrap_or(clean.query);
        clean.body = self.body(request).unwrap_or(clean.body);
        clean
    }

    /// A call of the control API without its secrets: no header field of it matters.
    pub fn order(&mut self, request: &Request) -> Request {
        let mut clean = request.clone();
        clean.headers = Headers::default();
        clean.body = self.json(&request.body).unwrap_or(clean.body);
        clean
    }

    /// An answer: what it gives out is known from now on, what it repeats is replaced.
    pub fn reply(&mut self, reply: &Reply) -> Reply {
        let mut clean = reply.clone();
        if let Ok(value) = serde_json::from_slice::<Value>(&reply.body) {
            self.learn(&value);
        }
        clean.body = self.scrub(&reply.body).unwrap_or(clean.body);
        clean.explanation = clean.explanation.map(|text| match self.scrub(text.as_bytes()) {
            Some(clean) => clean.text().into_owned().into(),
            None => text,
        });
        clean
    }

    /// The document of a world: what it owns is known from now on, what its journal was sent is clean.
    pub fn document(&mut self, mut document: Value) -> Value {
        if let Some(owned) = document.pointer("/world/providers") {
            let owned = owned.clone();
            self.know(&owned);
        }
        let entries = document.pointer_mut("/world/journal/entries").and_then(Value::as_array_mut);
        for written in entries.into_iter().flatten() {
            let Ok(mut entry) = Entry::deserialize(&*written) else { continue };
            entry.request = self.request(&entry.request, entry.account.is_some());
            entry.reply = self.reply(&entry.reply);
            *written = serde_json::to_value(&entry).unwrap_or_default();
        }
        self.settle(&mut document);
        match self.scrub(document.to_string().as_bytes()) {
            Some(clean) => serde_json::from_slice(&clean).unwrap_or(document),
            None => document,
        }
    }

    /// Replaces what has a stand-in already, and nothing else.
    fn settle(&self, value: &mut Value) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|it| self.settle(it)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field {
                        Value::String(text) if is_telling(name) => {
                            if let Some(other) = self.replaced.get(text) {
                                text.clone_from(other);
                            }
                        }
                        deeper => self.settle(deeper),
                    }
                }
            }
            _ => {}
        }
    }

    /// Bytes without the secrets that were replaced before; none when there is nothing to replace.
    pub fn scrub(&self, bytes: &[u8]) -> Option<Body> {
        if self.echoed.is_empty() {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let mut clean = text.to_owned();
        for (secret, other) in &self.echoed {
            if clean.contains(secret.as_str()) {
                clean = clean.replace(secret.as_str(), other);
            }
        }
        (clean != text).then(|| clean.into())
    }

    /// Secrets an answer gives out are the simulator's own.
    fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|it| self.learn(it)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field {
                        Value::String(text) if is_telling(name) => self.know_text(text),
                        deeper => self.learn(deeper),
                    }
                }
            }
            _ => {}
        }
    }

    fn headers(&mut self, headers: &Headers, accepted: bool) -> Headers {
        let mut clean = Headers::default();
        for (name, value) in headers.iter() {
            let other = match name.to_ascii_lowercase().as_str() {
                "authorization" | "proxy-authorization" => self.credential(value, accepted),
                "cookie" => "redacted".to_owned(),
                lower if is_telling(lower) => self.value(value, accepted),
                _ => value.to_owned(),
            };
            clean.add(name.to_owned(), other);
        }
        clean
    }

    fn credential(&mut self, value: &str, accepted: bool) -> String {
        let Some((scheme, secret)) = value.split_once(' ') else {
            return self.value(value, accepted);
        };
        if scheme.eq_ignore_ascii_case("basic") {
            let decoded =
                STANDARD.decode(secret.trim()).ok().and_then(|it| String::from_utf8(it).ok());
            if let Some((name, password)) = decoded.as_deref().and_then(|it| it.split_once(':')) {
                let password = self.value(password, accepted);
                return format!("{scheme} {}", STANDARD.encode(format!("{name}:{password}")));
            }
        }
        format!("{scheme} {}", self.value(secret, accepted))
    }

    /// A secret, or what stands for it.
    fn value(&mut self, secret: &str, accepted: bool) -> String {
        if let Some(other) = self.replaced.get(secret) {
            return other.clone();
        }
        if accepted || secret.is_empty() || self.known.contains(secret) {
            return secret.to_owned();
        }
        let other = stand_in(&mut self.chance, secret);
        if self.replaced.len() < SECRETS {
            self.replaced.insert(secret.to_owned(), other.clone());
        }
        other
    }

    /// A secret in a query or a body, which a world may keep.
    fn kept(&mut self, secret: &str) -> String {
        let before = self.replaced.len();
        let other = self.value(secret, false);
        if self.replaced.len() > before {
            self.keeps = true;
            if secret.len() >= LOOKED_FOR {
                self.echoed.push((secret.to_owned(), other.clone()));
            }
        }
        other
    }

    fn body(&mut self, request: &Request) -> Option<Body> {
        if request.content_type() == "application/x-www-form-urlencoded" {
            return self.form(&request.body.text()).map(Body::from);
        }
        self.json(&request.body)
    }

    /// A form, or none when there is nothing to replace.
    fn form(&mut self, text: &str) -> Option<String> {
        let mut changed = false;
        let clean: Vec<String> = text
            .split('&')
            .map(|part| {
                let pair = form::pairs(part).pop();
                let Some((name, value)) = pair.filter(|(name, _)| is_telling(name)) else {
                    return part.to_owned();
                };
                let other = self.kept(&value);
                if other == value {
                    return part.to_owned();
                }
                changed = true;
                let name = part.split('=').next().map_or(name.as_str(), |name| name);
                format!("{name}={}", utf8_percent_encode(&other, NON_ALPHANUMERIC))
            })
            .collect();
        changed.then(|| clean.join("&"))
    }

    /// A JSON body, or none when there is nothing to replace. Only the secrets' own bytes change.
    fn json(&mut self, body: &Body) -> Option<Body> {
        let mut value: Value = serde_json::from_slice(body).ok()?;
        let mut pairs = Vec::new();
        self.walk(&mut value, &mut pairs);
        if pairs.is_empty() {
            return None;
        }
        let mut text = body.text().into_owned();
        for (secret, other) in &pairs {
            let quoted = |text: &str| Value::from(text).to_string();
            text = text.replace(&quoted(secret), &quoted(other));
        }
        // Written in another way than ours, a secret may still be there: then the whole body is written anew.
        let clean = serde_json::from_str::<Value>(&text).is_ok_and(|again| again == value);
        Some(if clean { text.into() } else { value.to_string().into() })
    }

    fn walk(&mut self, value: &mut Value, pairs: &mut Vec<(String, String)>) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|it| self.walk(it, pairs)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field {
                        Value::String(text) if is_telling(name) => {
                            let other = self.kept(text);
                            if other != *text {
                                pairs.push((std::mem::replace(text, other.clone()), other));
                            }
                        }
                        deeper => self.walk(deeper, pairs),
                    }
                }
            }
            _ => {}
        }
    }
}

/// Another text of the same form: digits for digits, letters for letters, marks as they are.
fn stand_in(chance: &mut Chance, secret: &str) -> String {
    let (kept, lost) = match signature(secret) {
        Some(at) => secret.split_at(at),
        None => ("", secret),
    };
    let mut draw = chance.draw("stand-in");
    let letters = |first: u8, below: u64| char::from(first.saturating_add(below as u8));
    let other = lost.chars().map(|c| match c {
        'a'..='z' => letters(b'a', draw.below(26)),
        'A'..='Z' => letters(b'A', draw.below(26)),
        '0'..='9' => letters(b'0', draw.below(10)),
        c if c.is_ascii() => c,
        _ => '?',
    });
    kept.chars().chain(other).collect()
}

/// Where the signature of a token of three parts begins.
fn signature(secret: &str) -> Option<usize> {
    let (signed, _) = secret.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let object = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<serde_json::Map<String, Value>>(&bytes).ok()
    };
    (object(header).is_some() && object(claims).is_some()).then(|| signed.len() + 1)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::Redactor;
    use crate::message::{Method, Reply, Request};

    fn attempt(body: &str) -> Request {
        Request::new(Method::Post, "/login").carrying("application/json", body.to_owned())
    }

    #[test]
    fn what_the_scenario_says_the_world_takes_or_an_answer_gave_stays() {
        let mut redactor = Redactor::default();
        redactor.know(&json!({"keys": [{"token": "YOUR_API_KEY"}]}));
        let request = |token: &str| {
            Request::new(Method::Get, "/").with("authorization", format!("Bearer {token}"))
        };
        let said = |request: &Request| request.headers.get("authorization").unwrap().to_owned();
        assert_eq!(said(&redactor.request(&request("YOUR_API_KEY"), false)), "Bearer YOUR_API_KEY");
        assert_eq!(said(&redactor.request(&request("taken"), true)), "Bearer taken");
        redactor.reply(&Reply::new(200, "application/json", r#"{"token":"given","n":1}"#));
        assert_eq!(said(&redactor.request(&request("given"), false)), "Bearer given");
        let real = said(&redactor.request(&request("12|Zx-9"), false));
        assert!(real != "Bearer 12|Zx-9" && real.len() == "Bearer 12|Zx-9".len(), "{real}");
        assert_eq!(real.find('|'), "Bearer 12|Zx-9".find('|'));
        // The same secret has the same stand-in, even where the world would take it.
        assert_eq!(said(&redactor.request(&request("12|Zx-9"), true)), real);
    }

    #[test]
    fn bodies_and_queries_lose_secrets_and_nothing_else() {
        let mut redactor = Redactor::default();
        let body = r#"{ "secret" : "hunter2-hunter2", "note":"a", "n":1.50, "n":2 }"#;
        let clean = redactor.request(&attempt(body), true);
        let text = clean.body.text().into_owned();
        assert!(!text.contains("hunter2") && text.ends_with(r#""note":"a", "n":1.50, "n":2 }"#));
        assert_eq!(text.len(), body.len());
        assert!(redactor.masks());
        let echo = Reply::new(201, "application/json", r#"{"id":1,"x":"of hunter2-hunter2"}"#);
        assert!(!redactor.reply(&echo).body.text().contains("hunter2"));
        // Written with an escape it is found all the same.
        let sly = redactor.request(&attempt(r#"{"password":"hun\u0074er3"}"#), false);
        assert!(!sly.body.text().contains("er3"), "{}", sly.body.text());
        let query = Request::new(Method::Get, "/?a=1&api_key=s%20cret%21&token_type=Bearer");
        let clean = redactor.request(&query, false).query;
        assert!(clean.starts_with("a=1&api_key=") && clean.ends_with("&token_type=Bearer"));
        assert!(!clean.contains("cret"), "{clean}");
    }

    #[test]
    fn a_signed_token_keeps_what_tells_why_it_is_refused() {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(json!({"alg": "HS256"})), part(json!({"id": 1})));
        let token = format!("{signed}.c2lnbmF0dXJl");
        let request =
            Request::new(Method::Get, "/").with("authorization", format!("Bearer {token}"));
        let clean = Redactor::default().request(&request, false);
        let said = clean.headers.get("authorization").unwrap();
        assert!(said.contains(&signed) && !said.contains("c2lnbmF0dXJl"), "{said}");
    }
}
