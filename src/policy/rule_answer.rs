//! What an answer of a rule's own is made of: header fields with one value or several, and bytes that are no text.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The values of a header field, each of which is a line of its own: a text, or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderValues(Vec<String>);

impl HeaderValues {
    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Serialize for HeaderValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for HeaderValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrTexts;
        impl<'de> Visitor<'de> for TextOrTexts {
            type Value = HeaderValues;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the value of a header field as a text, or a list of such values")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<HeaderValues, E> {
                Ok(HeaderValues(vec![text.to_owned()]))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<HeaderValues, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<HeaderValues, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<HeaderValues, E> {
                self.visit_str(if flag { "true" } else { "false" })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<HeaderValues, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                if values.is_empty() {
                    return Err(de::Error::invalid_length(0, &self));
                }
                Ok(HeaderValues(values))
            }
        }
        deserializer.deserialize_any(TextOrTexts)
    }
}

crate::written_as!(HeaderValues, {
    "description": "One value, or several, each on a line of its own.",
    "anyOf": [
        { "type": ["string", "integer", "boolean"] },
        { "type": "array", "items": { "type": "string" }, "minItems": 1 },
    ],
});

/// Bytes, written in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binary(pub Vec<u8>);

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A long text is folded where it is written by hand.
        let bare: String = text.split_ascii_whitespace().collect();
        let read = STANDARD.decode(bare);
        read.map(Binary).map_err(|wrong| de::Error::custom(format!("`base64` is none: {wrong}")))
    }
}

crate::written_as!(Binary, {
    "type": "string", "contentEncoding": "base64", "description": "Bytes, written in base64.",
});
