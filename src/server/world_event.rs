//! Events of worlds for observers: what happened, owned, so that it can be counted and recorded when the world is no
//! longer locked.

use std::sync::Arc;

use jiff::Timestamp;

use crate::message::{Body, Reply, Request};
use crate::policy::installed::Installed;
use crate::providers::Name;
use crate::report::WorldTotals;
use crate::session::{Driven, SentWebhook};
use crate::sim::clock::Clock;
use crate::sim::journal::Entry;
use crate::sim::webhook::outbox::Outcome;
use crate::world::World;

/// A world as its observers know it.
#[derive(Debug)]
pub(crate) struct ObservedWorld {
    /// Its name, with a number behind it when there was one of that name before.
    pub(crate) label: String,
    /// What it was made like.
    pub(crate) like: Arc<World>,
}

/// Something that happened, and in which world.
#[derive(Debug)]
pub(crate) struct ObservedEvent {
    pub(crate) world: Arc<ObservedWorld>,
    pub(crate) event: WorldEvent,
}

/// What happened.
#[derive(Debug)]
pub(crate) enum WorldEvent {
    /// The world begins: like its prototype, or as a document says.
    Began { document: Option<Body>, now: Timestamp, clock: Clock, rules: Vec<Installed> },
    /// It was copied, to make others like it; with another seed if it says so.
    Copied { seed: Option<u64>, copy: Arc<World> },
    /// Time passed and something fell due.
    Passed { to: Timestamp, stops: bool },
    /// A provider answered. `fired` are the rules that have the title the entry names.
    Answered { entry: Box<Entry>, fired: Vec<Installed> },
    /// A call was for no provider.
    Unmatched { entry: Box<Entry> },
    /// The simulation broke over a call.
    Broke { at: Timestamp, provider: Name, request: Request },
    /// The control API installed a rule; these are there now.
    Ruled { rules: Vec<Installed> },
    /// The control API changed something.
    Driven(Box<Driven>),
    /// Webhooks were handed out.
    Sent { at: Timestamp, before_reply: bool, attempts: Vec<SentWebhook> },
    /// A receiver answered, or did not.
    Reported { at: Timestamp, delivery: u64, outcome: Outcome },
    /// Somebody asked for time to pass; numbered, because several may ask before it has for the first.
    Asked { number: u64 },
    /// It begins to pass.
    Begun { at: Timestamp },
    /// It has passed.
    Advanced { number: u64, at: Timestamp, reply: Reply },
    /// The world is gone.
    Gone { totals: WorldTotals },
}

impl WorldEvent {
    /// Whether a report counts it.
    pub(crate) fn is_counted(&self) -> bool {
        matches!(
            self,
            WorldEvent::Began { .. }
                | WorldEvent::Answered { .. }
                | WorldEvent::Unmatched { .. }
                | WorldEvent::Ruled { .. }
                | WorldEvent::Gone { .. }
        )
    }
}
