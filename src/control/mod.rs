//! The API that drives a world, below `/_shipmock`: its calls as a table, and what they do to one world.
//!
//! `read` turns a request into a job or says what is wrong with it. A job of one world is done by `perform`;
//! what concerns the list of worlds, sockets or waiting is a `ShellJob`, which the shell does and words with `word`.

mod calls;
mod clock;
mod entities;
mod events;
mod extract;
mod openapi;
mod pagination;
mod presets;
mod problem;
mod records;
mod requests;
pub mod respond;
mod rules;
mod shape;
mod state;
#[cfg(test)]
mod tests;
mod verify;
mod waiting;
mod webhooks;
mod worlds;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::message::{Body, Reply, Request};
use crate::policy::rule::Rule;
use crate::providers::Name;
use crate::world::World;

pub use calls::{ControlCall, Says, Takes, calls, read, takes_document};
pub use clock::{AdvanceOrder, ClockOrder, Standings, changed, standings};
pub use entities::MoveOrder;
pub use events::{Batch, Listen, opened};
pub use openapi::openapi;
pub use pagination::Cursor;
pub use requests::{PathFilter, RequestFilter, StatusFilter};
pub use respond::WorldLine;
pub use shape::{Parameter, Record, ValueShape};
pub use verify::{Count, FoundCalls, Verify};
pub use waiting::{Around, Await, Awaited, pulse};
pub use webhooks::WebhookFilter;
pub use worlds::WorldOrder;

/// What a call asks for.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one a call, and it is taken apart at once")]
pub enum Job {
    /// Something one world does.
    World(WorldJob),
    /// Something that concerns the list of worlds, or that waits.
    Shell(ShellJob),
}

/// What one world can be asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum WorldJob {
    /// Say what a newcomer needs to call its providers.
    Presets,
    /// Show its clock.
    Clock,
    /// Set its clock.
    SetClock(ClockOrder),
    /// Count the entities of a provider.
    Kinds(Name),
    /// List the entities of a kind.
    Entities {
        /// Whose.
        provider: Name,
        /// What kind.
        kind: String,
        /// Which part of the list.
        page: Cursor,
    },
    /// Show one entity.
    Entity(Subject),
    /// Set what an operator could set.
    Patch(Subject, Map<String, Value>),
    /// Move an entity along its table.
    Move(Subject, MoveOrder),
    /// List the journal.
    Requests(RequestFilter),
    /// Show an entry of the journal.
    Request(String),
    /// Forget the journal.
    Forget,
    /// List the rules.
    Rules,
    /// Install a rule.
    Install(Box<Rule>),
    /// Take a rule away.
    Uninstall(String),
    /// List the ledger of webhooks.
    Webhooks(WebhookFilter),
    /// Show a delivery.
    Webhook(String),
    /// Send a delivery once more.
    Redeliver(String),
}

impl WorldJob {
    /// Whether it can change a world; what only looks at one cannot.
    pub fn changes(&self) -> bool {
        !matches!(
            self,
            WorldJob::Presets
                | WorldJob::Clock
                | WorldJob::Kinds(_)
                | WorldJob::Entities { .. }
                | WorldJob::Entity(_)
                | WorldJob::Requests(_)
                | WorldJob::Request(_)
                | WorldJob::Rules
                | WorldJob::Webhooks(_)
                | WorldJob::Webhook(_)
        )
    }
}

/// One entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Whose.
    pub provider: Name,
    /// What kind.
    pub kind: String,
    /// The provider's own id.
    pub id: String,
}

/// What the shell is asked to do.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one a call, and it is taken apart at once")]
pub enum ShellJob {
    /// Say that it is up.
    Health,
    /// Describe this API.
    Openapi,
    /// List the worlds.
    Worlds,
    /// Make a world or replace it.
    Put {
        /// Its name.
        name: String,
        /// What it is made from.
        order: WorldOrder,
    },
    /// Drop a world.
    Drop {
        /// Its name.
        name: String,
    },
    /// Drop the world of the address and build it again.
    Reset,
    /// Let time pass in the world of the address.
    Advance(AdvanceOrder),
    /// Write the world of the address down.
    Save,
    /// Put a world that was written down in the place of the address.
    Restore(Body),
    /// Tell of every call as it comes.
    Listen(Box<Listen>),
    /// Say whether calls have come.
    Verify(Box<Verify>),
    /// Wait for something.
    Await(Box<Await>),
    /// Print the metrics.
    Metrics,
}

/// Does a job of one world. The world has been advanced to `wall` before; `name` is what the world is called.
pub fn perform(
    world: &mut World,
    job: &WorldJob,
    request: &Request,
    name: &str,
    wall: Timestamp,
) -> Reply {
    match job {
        WorldJob::Presets => presets::show(world, &request.base, name),
        WorldJob::Clock => clock::show(world),
        WorldJob::SetClock(order) => clock::set(world, order, wall),
        WorldJob::Kinds(provider) => entities::kinds(world, *provider),
        WorldJob::Entities { provider, kind, page } => entities::list(world, *provider, kind, page),
        WorldJob::Entity(subject) => entities::show(world, subject),
        WorldJob::Patch(subject, fields) => entities::patch(world, subject, fields),
        WorldJob::Move(subject, step) => entities::step(world, subject, step),
        WorldJob::Requests(filter) => requests::list(world, filter),
        WorldJob::Request(id) => requests::show(world, id),
        WorldJob::Forget => requests::forget(world),
        WorldJob::Rules => rules::list(world),
        WorldJob::Install(rule) => rules::install(world, rule),
        WorldJob::Uninstall(id) => rules::remove(world, id),
        WorldJob::Webhooks(filter) => webhooks::list(world, filter),
        WorldJob::Webhook(id) => webhooks::show(world, id),
        WorldJob::Redeliver(id) => webhooks::redeliver(world, id),
    }
}
