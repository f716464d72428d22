//! The body of a message: shared, not copied, between what reads, answers, observes and sends it. The journal has a copy.

use std::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that print as text where they are text, as `{"base64": ...}` where they are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body(pub Bytes);

impl Body {
    /// The bytes as text, with anything that is not UTF-8 replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Body(Bytes::from(bytes))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Body(Bytes::from(text))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Body(Bytes::from_static(text.as_bytes()))
    }
}

/// Bytes that are not text.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
struct Encoded {
    /// The bytes.
    base64: String,
}

crate::written_as!(Body, |generator| {
    "anyOf": [{ "type": "string" }, generator.subschema_for::<Encoded>()],
});

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Encoded { base64: STANDARD.encode(&self.0) }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Bytes(Encoded),
        }
        match Form::deserialize(deserializer)? {
            Form::Text(text) => Ok(text.into()),
            Form::Bytes(encoded) => {
                STANDARD.decode(encoded.base64).map(Body::from).map_err(serde::de::Error::custom)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Body;

    #[test]
    fn bytes_that_are_not_text_survive_a_round_trip() {
        for bytes in [b"plain".to_vec(), vec![0xff, 0x00, 0x41]] {
            let body = Body::from(bytes);
            let printed = serde_json::to_string(&body).unwrap();
            assert_eq!(serde_json::from_str::<Body>(&printed).unwrap(), body);
        }
    }
}
