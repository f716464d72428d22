//! A rule of a scenario: which calls or webhooks it is about, how often, and what it does to them.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::message::{Dribble, Fault};
use crate::policy::condition::Condition;
use crate::policy::rule_answer::{Binary, HeaderValues};
use crate::policy::webhook_fault::{Copies, Overtaken, SignatureFault};

pub use crate::kit::span::Span;

/// A rule as a scenario or the control API writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called in the journal and in reports; its `on` when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A row of a route table behind its provider's prefix (`POST /shipper/api/v1/orders/{id}/cancel`), a
    /// provider (`shipper`), or `*`. For the weather of webhooks `webhook`, a provider or `*`, and a topic if it is
    /// about one: `webhook shipper shipment.status_changed`.
    pub on: String,
    /// The provider has no such route: the rule stands in for what is not simulated. `on` is a verb and a path behind
    /// the provider's prefix, arguments in braces.
    #[serde(default, skip_serializing_if = "is_off")]
    pub stub: bool,
    /// What else a call or a webhook must be like.
    #[serde(default, skip_serializing_if = "When::is_open")]
    pub when: When,
    /// Only these of the calls that fit, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<u64>>,
    /// Only the first so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Only those after so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Only every second, third, ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// So many of a hundred, drawn from the world's seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u64>,
    /// Spent after so many uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Spent after so much world time.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Span>,
    /// What it does.
    pub then: Then,
}

impl Rule {
    /// The path behind the provider's prefix for which it stands in, if it does.
    pub fn stubbed_path(&self) -> Option<&str> {
        if self.stub { stubbed(&self.on).map(|(_, path)| path) } else { None }
    }

    /// Whether it is about webhooks: what they are to be like, none for any: the provider, and the topic.
    pub fn about_webhooks(&self) -> Option<(Option<&str>, Option<&str>)> {
        let mut words = self.on.split_whitespace();
        (words.next() == Some(WEBHOOK)).then(|| {
            let provider = words.next().filter(|word| *word != "*");
            (provider, words.next())
        })
    }
}

/// The provider of a verb and a path, and the path behind its prefix: `/api/v1/coupons` of
/// `GET /shipper/api/v1/coupons`.
pub fn stubbed(on: &str) -> Option<(&str, &str)> {
    let (_, path) = on.split_once(" /")?;
    Some(path.split_at(path.find('/')?))
}

/// The word with which `on` begins where a rule is about webhooks.
pub const WEBHOOK: &str = "webhook";

/// What a call or a webhook must be like; every condition must hold. Headers and JSON are those of either.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// Header fields by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Condition>,
    /// Query parameters by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, Condition>,
    /// Fields of a form body by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub form: BTreeMap<String, Condition>,
    /// Places of a JSON body by JSONPath; the first value found is tested.
    #[serde(skip_serializing_if = "Places::is_empty")]
    pub json: Places,
    /// The account, as the journal names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Condition>,
    /// The entity: what stood in the first braces of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<Condition>,
    /// The caller's address, as `127.0.0.0/8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub client: Option<IpNet>,
    /// The subscription a webhook is for, as the ledger names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<Condition>,
    /// Where the subscriber wants a webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Condition>,
}

impl When {
    fn is_open(&self) -> bool {
        *self == When::default()
    }
}

/// What a rule does. Without an answer of its own the provider answers, and only the wire is touched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Then {
    /// The status of an answer of its own; 200 when it has a body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Header fields that are set on the answer, whoever's it is.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, HeaderValues>,
    /// The JSON of an answer of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// The text of an answer of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bytes of an answer of its own; `application/octet-stream` unless `headers` say otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<Binary>,
    /// One of the provider's own errors, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse: Option<String>,
    /// Whether the provider does its work first, so that only the answer is lost or replaced. By default it
    /// does when the rule has no answer of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handled: Option<bool>,
    /// How long an answer is kept back, in real time; a webhook in world time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delay>,
    /// What spoils the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// The body trickles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dribble: Option<Trickle>,
    /// A webhook is lost: nobody is asked, and nothing is tried again.
    #[serde(skip_serializing_if = "is_off")]
    pub drop: bool,
    /// A webhook comes more than once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Copies>,
    /// A webhook is kept back until later ones of its subscription, and of the topic that `on` names, went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overtaken: Option<Overtaken>,
    /// A webhook is sent, and its receiver waited for, before the answer of the call that caused it goes out.
    #[serde(skip_serializing_if = "is_off")]
    pub before_answer: bool,
    /// A webhook's signature is of something else, or missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureFault>,
    /// The time a webhook carries is so long ago; it is signed like that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Span>,
    /// A webhook's body ends after so many bytes; its signature is that of the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncate: Option<u64>,
}

fn is_off(flag: &bool) -> bool {
    !flag
}

impl Then {
    /// Whether it has an answer of its own.
    pub fn answers(&self) -> bool {
        self.status.is_some()
            || self.json.is_some()
            || self.text.is_some()
            || self.base64.is_some()
            || self.refuse.is_some()
    }

    /// Whether the provider does its work.
    pub fn is_handled(&self) -> bool {
        self.handled.unwrap_or(!self.answers())
    }

    /// What is wrong with it, in a sentence.
    pub fn mistake(&self) -> Option<String> {
        let bodies = [
            self.json.is_some(),
            self.text.is_some(),
            self.base64.is_some(),
            self.refuse.is_some(),
        ];
        let wire = self.delay.is_some() || self.fault.is_some() || self.dribble.is_some();
        if bodies.into_iter().filter(|given| *given).count() > 1 {
            return Some("say at most one of `json`, `text`, `base64` and `refuse`".to_owned());
        }
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Some("`status` is from 200 to 599".to_owned());
        }
        if self.refuse.is_some() && self.status.is_some() {
            return Some("`refuse` brings its own status".to_owned());
        }
        if !self.answers() && !wire && self.headers.is_empty() && self.handled.is_none() {
            return Some("it does nothing; say `status`, `json`, `text`, `base64`, `refuse`, `headers`, `delay`, `fault` or `dribble`".to_owned());
        }
        None
    }
}

/// How long, in real time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Anything between the two, equally likely.
    Uniform(Span, Span),
    /// Mostly around the median, sometimes much longer.
    LogNormal {
        /// Half of the delays are shorter.
        median: Span,
        /// The standard deviation of the logarithm: 0.5 is lively, 1 is wild.
        spread: f64,
    },
}

/// A delay: always the same, or drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Delay {
    /// Always so long.
    Fixed(Span),
    /// Drawn from the world's seed.
    Drawn(Pace),
}

/// A body that trickles.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trickle {
    /// How many bytes at a time.
    pub bytes: usize,
    /// How long between them, in real time.
    pub every: Span,
}

impl From<Trickle> for Dribble {
    fn from(trickle: Trickle) -> Self {
        Dribble { bytes: trickle.bytes.max(1), every: trickle.every.0 }
    }
}

/// A JSONPath, kept as it was written.
#[derive(Debug, Clone)]
pub struct JsonPlace {
    text: String,
    path: JsonPath,
}

/// The longest path: the parser recurses.
const PATH: usize = 512;

impl JsonPlace {
    /// Reads a path.
    ///
    /// # Errors
    /// A sentence saying what is wrong.
    pub fn of(text: &str) -> Result<JsonPlace, String> {
        if text.len() > PATH {
            return Err(format!("a JSONPath has at most {PATH} characters"));
        }
        if !text.starts_with('$') {
            return Err(format!("`{text}` is no JSONPath: it begins with `$`, as in `$.id`"));
        }
        let path =
            JsonPath::parse(text).map_err(|wrong| format!("`{text}` is no JSONPath: {wrong}"))?;
        Ok(JsonPlace { text: text.to_owned(), path })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first value at this place.
    pub fn first<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.path.query(value).first()
    }
}

impl std::fmt::Display for JsonPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for JsonPlace {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Serialize for JsonPlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for JsonPlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        JsonPlace::of(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Conditions on places of a JSON document, in the order in which they were written; an object in files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places(Vec<(JsonPlace, Condition)>);

impl Places {
    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The conditions.
    pub fn iter(&self) -> impl Iterator<Item = &(JsonPlace, Condition)> {
        self.0.iter()
    }
}

impl Serialize for Places {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(place, test)| (place, test)))
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Conditions;
        impl<'de> serde::de::Visitor<'de> for Conditions {
            type Value = Places;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of JSONPaths with what they must hold")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Places, A::Error> {
                let mut places = Vec::new();
                while let Some(condition) = map.next_entry()? {
                    places.push(condition);
                }
                Ok(Places(places))
            }
        }
        deserializer.deserialize_map(Conditions)
    }
}

impl Serialize for Delay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Delay::Fixed(span) => span.serialize(serializer),
            Delay::Drawn(pace) => pace.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrDelay;
        impl<'de> serde::de::Visitor<'de> for TextOrDelay {
            type Value = Delay;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a duration such as 2s, { uniform: [1s, 3s] }, or { log_normal: { median: 1s, spread: 0.5 } }")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Delay, E> {
                Span::deserialize(serde::de::value::StrDeserializer::new(text)).map(Delay::Fixed)
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Delay, A::Error> {
                Pace::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                    .map(Delay::Drawn)
            }
        }
        deserializer.deserialize_any(TextOrDelay)
    }
}

crate::written_as!(Delay, |generator| {
    "description": "A duration, or one drawn from the seed.",
    "anyOf": [generator.subschema_for::<Span>(), generator.subschema_for::<Pace>()],
});

crate::written_as!(JsonPlace, {
    "type": "string", "pattern": "^\\$", "description": "A JSONPath.", "examples": ["$.data[0].id"],
});

crate::written_as!(Places, |generator| {
    "type": "object",
    "description": "Conditions by JSONPath; the first value found at each is tested.",
    "additionalProperties": generator.subschema_for::<Condition>(),
});
