//! A duration as a scenario writes it.

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kit::time;

/// A duration, written as `1h30m`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span(pub SignedDuration);

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time::write_span(self.0))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wanted = || {
            serde::de::Error::custom(format!(
                "`{text}` is no duration; write 90s, 45m, 36h, 2d or 1h30m"
            ))
        };
        time::span(&text).filter(|span| !span.is_negative()).map(Span).ok_or_else(wanted)
    }
}

crate::written_as!(Span, { "type": "string", "description": "A duration: 90s, 45m, 36h, 2d, 1h30m, or ISO 8601.", "examples": ["90s", "1h30m", "P2D"] });
