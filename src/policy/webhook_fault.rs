//! Webhook faults as a rule writes them: further copies, overtaking, spoiled signatures, in a short and a long form.

use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kit::span::Span;

crate::words! {
    /// What becomes of a signature.
    pub enum SignatureFault as "Seal" {
        /// It has the form of a right one and is none.
        Wrong = "wrong",
        /// It is not there.
        Missing = "missing",
    }
}

/// The most copies of one webhook.
pub(super) const MOST_COPIES: u32 = 100;

/// Further copies of a webhook: how many, or an object that also says how long between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copies {
    /// How many besides the first.
    pub copies: u32,
    /// World time between one and the next.
    pub after: Span,
}

/// A webhook that later ones overtake: how many, or an object that also says how long it waits for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overtaken {
    /// By how many later ones of the same subscription, and of the topic the rule is about.
    pub by: u32,
    /// The world time after which it goes out in any case.
    pub within: Span,
}

/// How long a webhook waits to be overtaken unless a rule says otherwise.
const DAY: Span = Span(jiff::SignedDuration::from_hours(24));

/// The long forms, in which everything has a usual value.
mod long {
    use serde::{Deserialize, Serialize};

    use crate::kit::span::Span;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub(super) struct Copies {
        pub(super) copies: u32,
        pub(super) after: Span,
    }

    impl Default for Copies {
        fn default() -> Self {
            Copies { copies: 1, after: Span::default() }
        }
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub(super) struct Overtaken {
        pub(super) by: u32,
        pub(super) within: Span,
    }

    impl Default for Overtaken {
        fn default() -> Self {
            Overtaken { by: 1, within: super::DAY }
        }
    }
}

/// A number alone, or the long form.
struct NumberOr<T, L>(&'static str, fn(u32) -> T, fn(L) -> T);

impl<'de, T, L: Deserialize<'de>> serde::de::Visitor<'de> for NumberOr<T, L> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<T, E> {
        let wanted = || E::invalid_value(serde::de::Unexpected::Unsigned(number), &self);
        u32::try_from(number).map(self.1).map_err(|_| wanted())
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        L::deserialize(MapAccessDeserializer::new(map)).map(self.2)
    }
}

impl Serialize for Copies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.after.0.is_zero() {
            self.copies.serialize(serializer)
        } else {
            long::Copies { copies: self.copies, after: self.after }.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Copies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wanted = "a number of further copies, or { copies: 1, after: 5m }";
        let short = |copies| Copies { copies, after: Span::default() };
        let whole = |it: long::Copies| Copies { copies: it.copies, after: it.after };
        deserializer.deserialize_any(NumberOr(wanted, short, whole))
    }
}

impl Serialize for Overtaken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.within == DAY {
            self.by.serialize(serializer)
        } else {
            long::Overtaken { by: self.by, within: self.within }.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Overtaken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wanted = "a number of later webhooks, or { by: 1, within: 1h }";
        let short = |by| Overtaken { by, within: DAY };
        let whole = |it: long::Overtaken| Overtaken { by: it.by, within: it.within };
        deserializer.deserialize_any(NumberOr(wanted, short, whole))
    }
}

crate::written_as!(Copies, |generator| {
    "description": "How many further copies, and how long between one and the next.",
    "anyOf": [
        { "type": "integer", "minimum": 1, "maximum": MOST_COPIES },
        {
            "type": "object",
            "properties": {
                "copies": { "type": "integer", "minimum": 1, "maximum": MOST_COPIES },
                "after": generator.subschema_for::<Span>(),
            },
            "additionalProperties": false,
        },
    ],
});

crate::written_as!(Overtaken, |generator| {
    "description": "By how many later ones, and after how long it goes out in any case.",
    "anyOf": [
        { "type": "integer", "minimum": 1 },
        {
            "type": "object",
            "properties": {
                "by": { "type": "integer", "minimum": 1 },
                "within": generator.subschema_for::<Span>(),
            },
            "additionalProperties": false,
        },
    ],
});
