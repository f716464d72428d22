//! The file format of a recorded session: its lines.
//!
//! Worlds are named as they were when they were made; the second world of a name is `name@2`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::{Body, Headers, Reply, Request};
use crate::providers::Name;
use crate::sim::clock::Clock;
use crate::sim::journal::Entry;
use crate::sim::webhook::egress::Reach;
use crate::sim::webhook::outbox::Outcome;
use crate::world::Recipe;

/// The version of the file. It goes up when a line can no longer be read as it was meant.
pub const FORMAT: u64 = 1;

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, written or played at once")]
pub enum SessionLine {
    /// The first: what the file is, and what the operator allowed.
    Session {
        /// The version of the file.
        format: u64,
        /// The version of the program that wrote it.
        version: String,
        /// Where webhooks may go.
        reach: Reach,
        /// Whether answers go out without our own headers.
        bare: bool,
    },
    /// From here on signatures are masked, because a secret that signs was replaced.
    Masking {},
    /// A world was built, to make others like it.
    Prototype {
        /// Its number.
        number: u64,
        /// What it was built from.
        recipe: Recipe,
    },
    /// A world was copied, to make others like it.
    Copied {
        /// The copy's number among the prototypes.
        number: u64,
        /// The world that was copied.
        of: String,
        /// Another seed for the copy, if it got one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<u64>,
        /// The copy's time.
        now: Timestamp,
        /// The copy's clock.
        clock: Clock,
    },
    /// A world begins.
    Made {
        /// What it is called in this file.
        world: String,
        /// The prototype it is like.
        of: u64,
        /// Its time.
        now: Timestamp,
        /// Its clock.
        clock: Clock,
    },
    /// A world begins that was written down before.
    Restored {
        /// What it is called in this file.
        world: String,
        /// Its time.
        now: Timestamp,
        /// Its clock.
        clock: Clock,
        /// The document.
        document: Value,
    },
    /// Time passed and something fell due.
    Passed {
        /// Where.
        world: String,
        /// Up to when.
        to: Timestamp,
        /// Whether it stopped as soon as a webhook was ready.
        stops: bool,
    },
    /// A call was for no provider.
    Unmatched {
        /// Where.
        world: String,
        /// The call and our answer, as the journal has them.
        entry: Entry,
    },
    /// A provider was called.
    Answered {
        /// Where.
        world: String,
        /// The entry of the journal: call and answer.
        entry: Entry,
    },
    /// A provider was called, and the simulation broke.
    Broke {
        /// Where.
        world: String,
        /// World time.
        at: Timestamp,
        /// The provider.
        provider: Name,
        /// The call.
        request: Request,
    },
    /// The control API changed something: a move, a patch, a rule, the clock.
    Driven {
        /// Where.
        world: String,
        /// World time.
        at: Timestamp,
        /// The wall's time.
        wall: Timestamp,
        /// The clock before.
        clock: Clock,
        /// The name the world was called by.
        name: String,
        /// The call, without its header fields.
        request: Request,
        /// The answer.
        reply: Reply,
    },
    /// Webhooks were handed to those who carry them.
    Sent {
        /// Where.
        world: String,
        /// World time.
        at: Timestamp,
        /// Only those that go out before the answer of the call that caused them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        early: bool,
        /// The webhooks.
        #[serde(rename = "posts")]
        attempts: Vec<SentWebhook>,
    },
    /// A receiver answered, or did not.
    Told {
        /// Where.
        world: String,
        /// World time.
        at: Timestamp,
        /// Which delivery.
        delivery: u64,
        /// What it did.
        outcome: Outcome,
    },
    /// Somebody asked for time to pass.
    Asked {
        /// Where.
        world: String,
        /// Which time that is.
        number: u64,
    },
    /// It begins to pass.
    Begun {
        /// Where.
        world: String,
        /// World time.
        at: Timestamp,
    },
    /// It has passed, webhooks included.
    Advanced {
        /// Where.
        world: String,
        /// Which time that is.
        number: u64,
        /// World time.
        at: Timestamp,
        /// The answer.
        reply: Reply,
    },
    /// A world is gone: dropped, replaced or reset.
    Gone {
        /// Which.
        world: String,
    },
}

/// A webhook on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentWebhook {
    /// Which delivery.
    pub delivery: u64,
    /// Where it really goes.
    pub url: String,
    /// The `Host` the subscriber believes to be called by.
    pub host: String,
    /// Header fields.
    #[serde(with = "crate::message::one_by_one")]
    pub headers: Headers,
    /// The body.
    pub body: Body,
    /// Whether its signature is right; none when it has none.
    pub signed: Option<bool>,
}
