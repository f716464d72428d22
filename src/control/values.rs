//! The values that bodies and queries have in common, as serde and schemars see them: words, instants, durations.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::{SignedDuration, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    self, DeserializeOwned, Deserializer, IntoDeserializer, MapAccess, Unexpected, Visitor,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kit::time::span;
use crate::providers::Name;

/// A text that is read by a function; whatever else comes is met with the same expectation.
pub(super) struct ParsedText<T> {
    pub(super) expected: &'static str,
    pub(super) parse: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for ParsedText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

// A word of a vocabulary, whatever its case. (No doc comment: it would describe every field of this type.)
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(transparent)]
pub(super) struct AnyCase<T>(pub(super) T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for AnyCase<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = String::deserialize(deserializer)?;
        let read = |text: String| {
            T::deserialize(IntoDeserializer::<D::Error>::into_deserializer(text)).map(AnyCase)
        };
        // No vocabulary has words in both cases.
        read(given.clone()).or_else(|unknown| {
            let other =
                read(given.to_ascii_lowercase()).or_else(|_| read(given.to_ascii_uppercase()));
            other.map_err(|_| unknown)
        })
    }
}

// An instant, as RFC 3339 writes it.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(transparent)]
pub(super) struct GivenInstant(pub(super) Timestamp);

impl<'de> Deserialize<'de> for GivenInstant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedText {
            expected: "an instant such as `2026-05-14T09:00:00Z` (RFC 3339)",
            parse: |text| text.parse().ok().map(GivenInstant),
        })
    }
}

/// A length of time, up to a century: longer is a slip of the keyboard.
#[derive(Debug, Clone, Copy)]
pub(super) struct GivenDuration(pub(super) SignedDuration);

impl<'de> Deserialize<'de> for GivenDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const CENTURY: SignedDuration = SignedDuration::from_hours(36_525 * 24);
        deserializer.deserialize_str(ParsedText {
            expected: "a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most",
            parse: |text| span(text).filter(|span| *span <= CENTURY).map(GivenDuration),
        })
    }
}

crate::written_as!(GivenDuration as "Duration", { "type": "string", "examples": ["90s", "36h", "PT36H"] });

// How long a call may keep its caller waiting, in real time.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(inline)]
pub(super) struct Patience(#[schemars(with = "GivenDuration")] pub(super) SignedDuration);

impl<'de> Deserialize<'de> for Patience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const MOST: SignedDuration = SignedDuration::from_mins(10);
        let GivenDuration(length) = GivenDuration::deserialize(deserializer)?;
        if length > MOST || length.is_negative() {
            let expected = &"up to ten minutes of real time";
            return Err(de::Error::invalid_value(Unexpected::Other("a duration"), expected));
        }
        Ok(Patience(length))
    }
}

/// A value that is described as a type and read as one later, by whoever words what is wrong with it.
#[derive(Debug, Clone)]
pub(super) struct Unread<T>(Value, PhantomData<T>);

impl<T: DeserializeOwned> Unread<T> {
    /// A value as it came.
    pub(super) fn of(value: Value) -> Self {
        Unread(value, PhantomData)
    }

    /// The value as its type.
    pub(super) fn read(self) -> serde_json::Result<T> {
        T::deserialize(self.0)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Unread<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Unread::of)
    }
}

impl<T: JsonSchema> JsonSchema for Unread<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A plain value, or an object that says more.
#[derive(Debug, Clone)]
pub(super) enum Short<P, O> {
    Plain(P),
    Whole(O),
}

/// An object for which a plain value may stand.
pub(super) trait Shortened {
    /// What either of them is, in words.
    const EXPECTED: &'static str;
}

impl<'de, P: DeserializeOwned, O: Deserialize<'de> + Shortened> Deserialize<'de> for Short<P, O> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<P, O>(PhantomData<(P, O)>);
        impl<'de, P: DeserializeOwned, O: Deserialize<'de> + Shortened> Visitor<'de> for Either<P, O> {
            type Value = Short<P, O>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(O::EXPECTED)
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Self::Value, E> {
                P::deserialize(flag.into_deserializer()).map(Short::Plain)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                P::deserialize(text.to_owned().into_deserializer()).map(Short::Plain)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                O::deserialize(MapAccessDeserializer::new(map)).map(Short::Whole)
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

impl<P: JsonSchema, O: JsonSchema> JsonSchema for Short<P, O> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}Or{}", P::schema_name(), O::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let either = [generator.subschema_for::<P>(), generator.subschema_for::<O>()];
        schemars::json_schema!({ "anyOf": either })
    }
}

// A provider, as the journal and the ledger name it.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub(super) struct ProviderWord<'a>(#[schemars(with = "Name")] pub(super) &'a str);
