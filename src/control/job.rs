//! What a call asks for, as a value: a command of one world, or one of the shell around the worlds. Commands of one world
//! are done here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::control::clock::{self, AdvanceOrder, ClockOrder};
use crate::control::entities::{self, MoveOrder, MovedEntity, Subject};
use crate::control::events::Listen;
use crate::control::pagination::Cursor;
use crate::control::presets;
use crate::control::problem::Problem;
use crate::control::requests::{self, RequestFilter};
use crate::control::respond;
use crate::control::rules;
use crate::control::verify::Verify;
use crate::control::waiting::Await;
use crate::control::webhooks::{self, WebhookFilter};
use crate::control::worlds::WorldOrder;
use crate::message::{Body, Reply, Request};
use crate::policy::rule::Rule;
use crate::providers::Name;
use crate::world::World;

/// What a call asks for.
#[derive(Debug, Clone, PartialEq)]
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
    /// Show where webhooks go.
    Targets,
    /// Say where webhooks go.
    Retarget(BTreeMap<String, String>),
    /// Show a delivery.
    Webhook(String),
    /// Send a delivery once more.
    Redeliver(String),
}

impl WorldJob {
    /// Whether it drives a world: sets its clock or its data, or moves something. Whoever lets time pass meanwhile is
    /// waited for.
    pub fn drives(&self) -> bool {
        matches!(self, WorldJob::SetClock(_) | WorldJob::Patch(..) | WorldJob::Move(..))
    }

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
                | WorldJob::Targets
        )
    }
}

/// What the shell is asked to do.
#[derive(Debug, Clone, PartialEq)]
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
        order: Box<WorldOrder>,
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
    done(world, job, request, name, wall).unwrap_or_else(|problem| problem.reply())
}

fn done(
    world: &mut World,
    job: &WorldJob,
    request: &Request,
    name: &str,
    wall: Timestamp,
) -> Result<Reply, Problem> {
    Ok(match job {
        WorldJob::Presets => respond::json(200, &presets::show(world, &request.base, name)),
        WorldJob::Clock => respond::json(200, &clock::show(world)),
        WorldJob::SetClock(order) => respond::json(200, &clock::set(world, order, wall)?),
        WorldJob::Kinds(provider) => respond::json(200, &entities::kinds(world, *provider)),
        WorldJob::Entities { provider, kind, page } => {
            respond::json(200, &entities::list(world, *provider, kind, page)?)
        }
        WorldJob::Entity(subject) => respond::json(200, &entities::show(world, subject)?),
        WorldJob::Patch(subject, fields) => {
            respond::json(200, &entities::patch(world, subject, fields)?)
        }
        WorldJob::Move(subject, order) => {
            let changes = entities::step(world, subject, order)?;
            respond::json(200, &MovedEntity::of(world, subject, &changes))
        }
        WorldJob::Requests(filter) => respond::json(200, &requests::list(world, filter)),
        WorldJob::Request(id) => {
            let found = requests::find(world, id)?;
            respond::json(200, &requests::show(world, &found, &found.to_entry()))
        }
        WorldJob::Forget => {
            world.journal_mut().clear();
            respond::nothing()
        }
        WorldJob::Rules => respond::json(200, &rules::list(world)),
        WorldJob::Install(rule) => respond::json(201, &rules::install(world, rule)?),
        WorldJob::Uninstall(id) => {
            rules::remove(world, id)?;
            respond::nothing()
        }
        WorldJob::Webhooks(filter) => respond::json(200, &webhooks::list(world, filter)),
        WorldJob::Webhook(id) => respond::json(200, &webhooks::show(world, id)?),
        WorldJob::Targets => respond::json(200, &webhooks::targets(world)),
        WorldJob::Retarget(wanted) => respond::json(200, &webhooks::retarget(world, wanted)?),
        WorldJob::Redeliver(id) => respond::json(202, &webhooks::redeliver(world, id)?),
    })
}
