//! Recorded sessions: everything that went into the worlds of a server and came out, one JSON document a line.
//!
//! A `Recorder` writes the lines, in the order in which things happened in each world; `replay` does the same
//! things again in worlds of its own and compares every answer, webhook and entry of the journal. Secrets that are
//! not the scenario's own are replaced by stand-ins before they are written (`redact`).

mod lines;
mod player;
mod recorder;
mod redact;
mod replay;
mod signatures;
mod unplayable;

pub use lines::{FORMAT, SentWebhook, SessionLine};
pub use player::Divergence;
pub use recorder::{Driven, Recorder};
pub use redact::Redactor;
pub use replay::{Replayed, replay};
pub use unplayable::Unplayable;
