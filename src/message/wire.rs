//! Wire faults as a plan: what to do to the bytes of an answer on their way out: late, cut, spoiled.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

crate::words! {
    /// A fault of the wire. The shell carries it out on the socket; a test in process sees it as a value.
    pub enum Fault {
        /// The connection is reset before a byte.
        Reset = "reset",
        /// The connection is reset after the headers.
        ResetAfterHeaders = "reset_after_headers",
        /// The connection is closed before a byte.
        Empty = "empty",
        /// The connection is closed in the middle of the body.
        Truncate = "truncate",
        /// `Content-Length` promises more than comes.
        WrongLength = "wrong_length",
        /// A chunked body whose second chunk is none.
        MalformedChunk = "malformed_chunk",
        /// Bytes that are no HTTP.
        Garbage = "garbage",
        /// Nothing comes until the client gives up.
        Hang = "hang",
    }
}

/// A body that comes a few bytes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dribble {
    /// How many bytes at a time.
    pub bytes: usize,
    /// How long between them, in real time.
    pub every: SignedDuration,
}

/// How an answer goes out. Nothing of it concerns world time: a client's patience is real.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wire {
    /// How long it is kept back, in real time.
    #[serde(default, skip_serializing_if = "SignedDuration::is_zero")]
    pub delay: SignedDuration,
    /// What spoils it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Whether it trickles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dribble: Option<Dribble>,
}

impl Wire {
    /// Whether nothing happens to the bytes.
    pub fn is_plain(&self) -> bool {
        *self == Wire::default()
    }
}
