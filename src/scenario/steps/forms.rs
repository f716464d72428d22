//! Steps that are written in more than one form, and texts that may look like numbers.

use std::fmt;

use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::kit::time;
use crate::policy::rule::Span;

/// A text; a number or a truth value is its spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Spelt;
        macro_rules! spelt {
            ($($visit:ident: $type:ty),+) => {$(
                fn $visit<E>(self, value: $type) -> Result<Text, E> {
                    Ok(Text(value.to_string()))
                }
            )+};
        }
        impl<'de> Visitor<'de> for Spelt {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a single value")
            }

            spelt!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(Spelt)
    }
}

crate::words! {
    /// Where time stops that is not told how far to go.
    pub enum Until {
        /// At what falls due next.
        Next = "next",
        /// When nothing is due any more.
        Idle = "idle",
    }
}

/// How far time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    /// So long.
    By(Span),
    /// Up to an instant.
    To(Timestamp),
    /// As far as it says.
    Until(Until),
}

impl<'de> Deserialize<'de> for Advance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct LongAdvance {
            #[serde(default)]
            by: Option<Span>,
            #[serde(default)]
            to: Option<Timestamp>,
            #[serde(default)]
            until: Option<Until>,
        }
        struct TextOrAdvance;
        impl<'de> Visitor<'de> for TextOrAdvance {
            type Value = Advance;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a duration such as 61m, { to: 2026-05-14T12:00:00Z } or { until: next }",
                )
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Advance, E> {
                let wanted = || {
                    E::custom(format!("`{text}` is no duration; write 90s, 45m, 36h, 2d or 1h30m"))
                };
                time::span(text).map(|span| Advance::By(Span(span))).ok_or_else(wanted)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Advance, A::Error> {
                let long = LongAdvance::deserialize(MapAccessDeserializer::new(map))?;
                match (long.by, long.to, long.until) {
                    (Some(by), None, None) => Ok(Advance::By(by)),
                    (None, Some(to), None) => Ok(Advance::To(to)),
                    (None, None, Some(until)) => Ok(Advance::Until(until)),
                    _ => Err(A::Error::custom("say exactly one of `by`, `to` and `until`")),
                }
            }
        }
        deserializer.deserialize_any(TextOrAdvance)
    }
}

/// Which entity moves, and how: `{ shipper.shipment: first, to: delivered }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Provider and kind, as `shipper.shipment`.
    pub kind: String,
    /// Its id, or `first` or `last`.
    pub id: Text,
    /// The input it gets.
    pub on: Option<String>,
    /// The state it walks to along the shortest chain of inputs.
    pub to: Option<String>,
}

impl<'de> Deserialize<'de> for Move {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MoveKeys;
        impl<'de> Visitor<'de> for MoveKeys {
            type Value = Move;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keys with values, as { shipper.shipment: first, to: delivered }")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Move, A::Error> {
                let (mut entity, mut on, mut to) = (None, None, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "on" => on = Some(map.next_value()?),
                        "to" => to = Some(map.next_value()?),
                        _ if entity.is_none() => entity = Some((key, map.next_value()?)),
                        _ => {
                            let both = "say one entity, and one of `on` and `to`";
                            return Err(A::Error::custom(format!(
                                "`{key}` is one too many; {both}"
                            )));
                        }
                    }
                }
                let which = "say which entity, as `shipper.shipment: first`";
                let (kind, id) = entity.ok_or_else(|| A::Error::custom(which))?;
                if on.is_some() == to.is_some() {
                    let one = "say exactly one of `on` (an input) and `to` (a state)";
                    return Err(A::Error::custom(one));
                }
                Ok(Move { kind, id, on, to })
            }
        }
        deserializer.deserialize_map(MoveKeys)
    }
}

/// Nothing more to say: `true` or `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset;

impl<'de> Deserialize<'de> for Reset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Nothing;
        impl<'de> Visitor<'de> for Nothing {
            type Value = Reset;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`true`; there is nothing more to say")
            }

            fn visit_bool<E: Error>(self, yes: bool) -> Result<Reset, E> {
                let wanted = || E::invalid_value(serde::de::Unexpected::Bool(yes), &self);
                yes.then_some(Reset).ok_or_else(wanted)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reset, A::Error> {
                match map.next_key::<String>()? {
                    None => Ok(Reset),
                    Some(key) => Err(A::Error::unknown_field(&key, &[])),
                }
            }
        }
        deserializer.deserialize_any(Nothing)
    }
}

/// A list alone, or keys one of which has the list.
pub(super) struct ListOr<T, L>(
    pub(super) &'static str,
    pub(super) fn(Vec<L>) -> T,
    pub(super) std::marker::PhantomData<L>,
);

impl<'de, T: Deserialize<'de>, L: Deserialize<'de>> Visitor<'de> for ListOr<T, L> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok((self.1)(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

crate::written_as!(Text, { "type": ["string", "number", "boolean"] });

crate::written_as!(Advance, |generator| {
    "description": "A duration, or how far in words.",
    "anyOf": [
        generator.subschema_for::<Span>(),
        {
            "type": "object",
            "properties": {
                "by": generator.subschema_for::<Span>(),
                "to": generator.subschema_for::<Timestamp>(),
                "until": generator.subschema_for::<Until>(),
            },
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ],
});

crate::written_as!(Move, |generator| {
    "type": "object",
    "description": "An entity, and its input or the state it walks to: { shipper.shipment: first, to: delivered }.",
    "properties": { "on": { "type": "string" }, "to": { "type": "string" } },
    "patternProperties": { "^[a-z]+\\.[a-z_]+$": generator.subschema_for::<Text>() },
    "additionalProperties": false,
    "minProperties": 2,
    "maxProperties": 2,
});

crate::written_as!(Reset, { "enum": [true, {}] });

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Advance, Move, Reset};

    #[test]
    fn each_form_is_read_and_what_is_none_is_refused_with_what_was_wanted() {
        let advance = |value| serde_json::from_value::<Advance>(value).map_err(|it| it.to_string());
        assert_eq!(advance(json!("61m")), advance(json!({ "by": "61m" })));
        assert!(matches!(advance(json!({ "until": "idle" })), Ok(Advance::Until(_))));
        assert!(advance(json!("61 minutes")).unwrap_err().contains("no duration"));
        assert!(
            advance(json!({ "by": "1m", "until": "idle" })).unwrap_err().contains("exactly one")
        );
        let moved = |value| serde_json::from_value::<Move>(value).map_err(|it| it.to_string());
        let known = moved(json!({ "shipper.order": 555, "on": "cancel" })).unwrap();
        assert_eq!((known.kind.as_str(), known.id.0.as_str()), ("shipper.order", "555"));
        assert!(moved(json!({ "a.b": 1 })).unwrap_err().contains("exactly one of `on`"));
        assert!(moved(json!({ "a.b": 1, "c.d": 1, "on": "x" })).unwrap_err().contains("too many"));
        assert!(serde_json::from_value::<Reset>(json!({})).is_ok());
        assert!(serde_json::from_value::<Reset>(json!(false)).is_err());
    }
}
