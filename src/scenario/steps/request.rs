//! A call of a scenario: what is sent, what must come back, what is kept of it.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::message::{Evidence, Fault, Method};
use crate::policy::condition::Condition;
use crate::policy::rule::{JsonPlace, Places};
use crate::providers::Name;
use crate::scenario::steps::forms::{ListOr, Text};

/// The most often that one step sends a call.
pub const MOST_TIMES: u32 = 10_000;

/// A call to a provider.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Call")]
pub struct CallLine {
    /// Verb and path, the path behind its provider's prefix: `GET /shipper/api/v1/orders?page=2`.
    pub call: String,
    /// The credential, by its name in the presets.
    #[serde(default, rename = "as")]
    pub credential: Option<String>,
    /// Header fields; an empty one is left out. `Accept: application/json` goes without saying.
    #[serde(default)]
    pub headers: BTreeMap<String, Text>,
    /// A JSON body.
    #[serde(default)]
    pub json: Option<Value>,
    /// A form body.
    #[serde(default)]
    pub form: Option<Map<String, Value>>,
    /// A body as it is.
    #[serde(default)]
    pub text: Option<Text>,
    /// The caller's address; this machine when missing.
    #[serde(default)]
    pub from: Option<IpAddr>,
    /// How often it is sent, each time with the same expectations.
    #[serde(default)]
    pub times: Option<u32>,
    /// That no route has this path is meant; without saying so when a 404 or 405 is expected.
    #[serde(default)]
    pub unrouted: bool,
    /// What must come back. An answer nobody expects anything of must not be an error, 400 or above.
    #[serde(default)]
    pub expect: Option<Expect>,
    /// What is kept for later steps, by name.
    #[serde(default)]
    pub keep: BTreeMap<String, KeptValues>,
}

/// What an answer must be like.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// The status.
    pub status: Option<Condition>,
    /// Header fields by name.
    pub headers: BTreeMap<String, Condition>,
    /// Places of the JSON body by JSONPath; the first value found is tested.
    pub json: Places,
    /// An example of the JSON body: the same keys, and the same types of JSON.
    pub shape: Option<Value>,
    /// The body as text.
    pub text: Option<Condition>,
    /// How we know that the provider answers like this.
    pub evidence: Option<Evidence>,
    /// What spoils the bytes; an answer that is spoiled must be expected to be.
    pub fault: Option<Fault>,
}

/// What of an answer is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum KeptValues {
    /// The first value at a place of the JSON body.
    Json(JsonPlace),
    /// A header field.
    Header(String),
}

impl fmt::Display for KeptValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeptValues::Json(place) => f.write_str(place.text()),
            KeptValues::Header(name) => write!(f, "header:{name}"),
        }
    }
}

impl<'de> Deserialize<'de> for KeptValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some(name) = text.strip_prefix("header:") {
            return Ok(KeptValues::Header(name.trim().to_owned()));
        }
        if !text.starts_with('$') {
            let wanted = format!("`{text}` is neither a JSONPath such as `$.id` nor `header:Name`");
            return Err(serde::de::Error::custom(wanted));
        }
        JsonPlace::of(&text).map(KeptValues::Json).map_err(serde::de::Error::custom)
    }
}

/// Calls that are out at the same time.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The calls.
    pub requests: Vec<CallLine>,
    /// What must come back, whichever call gets which answer.
    pub expect_any_order: Vec<Expect>,
    /// Whether the calls are listed below `requests`.
    pub is_long: bool,
}

impl<'de> Deserialize<'de> for Together {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct LongForm {
            requests: Vec<CallLine>,
            #[serde(default)]
            expect_any_order: Vec<Expect>,
            #[serde(skip)]
            is_list: bool,
        }
        let alone = |requests| LongForm { requests, expect_any_order: Vec::new(), is_list: true };
        let wanted = "a list of calls, or { requests: [...], expect_any_order: [...] }";
        let LongForm { requests, expect_any_order, is_list } =
            deserializer.deserialize_any(ListOr(wanted, alone, PhantomData))?;
        Ok(Together { requests, expect_any_order, is_long: !is_list })
    }
}

/// Where a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTarget<'a> {
    /// The verb.
    pub method: Method,
    /// The provider.
    pub provider: Name,
    /// Its own path, with the query.
    pub path: &'a str,
}

/// What is wrong with a word, and what would have been right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadWord {
    /// In a sentence.
    pub message: String,
    /// The word itself.
    pub given: String,
    /// The words that can stand there.
    pub known: Vec<&'static str>,
}

/// Takes `GET /shipper/api/v1/orders?page=2` apart.
///
/// # Errors
/// `BadWord` when the verb or the provider is none.
pub fn target(call: &str) -> Result<CallTarget<'_>, BadWord> {
    let wrong = |message: String, given: &str, known: Vec<&'static str>| BadWord {
        message,
        given: given.to_owned(),
        known,
    };
    let form = || {
        let message = "a call is a verb and a path, as `GET /shipper/api/v1/orders`".to_owned();
        wrong(message, "", Vec::new())
    };
    if call.starts_with('/') {
        return Err(form());
    }
    let (verb, path) = call.split_once(' ').unwrap_or((call, ""));
    let named = |method: &Method| *method != Method::Unknown;
    let known = Method::ALL.iter().copied().filter(named);
    let verbs = || known.map(|method| method.word()).collect();
    let method = Method::of(verb)
        .filter(named)
        .ok_or_else(|| wrong(format!("`{verb}` is no verb of HTTP"), verb, verbs()))?;
    let inner = path.strip_prefix('/').ok_or_else(form)?;
    let end = inner.find(['/', '?']).unwrap_or(inner.len());
    let (first, rest) = inner.split_at(end);
    let names = || Name::ALL.iter().map(|name| name.word()).collect();
    let provider = Name::of(first).ok_or_else(|| {
        let message = format!("there is no provider `{first}`; a path begins with its provider");
        wrong(message, first, names())
    })?;
    Ok(CallTarget { method, provider, path: rest })
}

crate::written_as!(KeptValues as "Keep", {
    "type": "string",
    "pattern": "^(\\$|header:)",
    "description": "A JSONPath into the body, or `header:Name`.",
});

crate::written_as!(Together, |generator| {
    "description": "A list of calls, or the calls and what must come back whichever gets which answer.",
    "anyOf": [
        generator.subschema_for::<Vec<CallLine>>(),
        {
            "type": "object",
            "properties": {
                "requests": generator.subschema_for::<Vec<CallLine>>(),
                "expect_any_order": generator.subschema_for::<Vec<Expect>>(),
            },
            "required": ["requests"],
            "additionalProperties": false,
        },
    ],
});

#[cfg(test)]
mod tests {
    use super::target;
    use crate::message::Method;

    #[test]
    fn a_call_is_a_verb_a_provider_and_its_own_path() {
        let read = target("GET /shipper/api/v1/orders?page=2").unwrap();
        assert_eq!((read.method, read.path), (Method::Get, "/api/v1/orders?page=2"));
        assert_eq!(target("GET /shipper").unwrap().path, "");
        for (wrong, message) in [
            ("", "no verb"),
            ("get /shipper", "no verb"),
            ("GET", "a verb and a path"),
            ("GET http://x/", "a verb and a path"),
            ("GET /shiper/x", "no provider `shiper`"),
        ] {
            assert!(target(wrong).unwrap_err().message.contains(message), "{wrong}");
        }
    }
}
