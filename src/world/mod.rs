//! One isolated world as a value: everything that can change, of every provider, under one clock.
//!
//! Traffic goes through four doors (`traffic`), an operator reaches in beside them (`operator`). The same recipe and the
//! same calls give the same replies, webhooks and journal, to the byte.

mod address;
mod apply_rule;
mod explained;
mod operator;
mod recipe;
mod save;
mod traffic;
mod webhook_faults;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::kit::mistake::Mistake;
use crate::message::Headers;
use crate::policy::installed::Rules;
use crate::providers::{self, Due, Name, Parts, Providers};
use crate::sim::agenda::Agenda;
use crate::sim::chance::Chance;
use crate::sim::clock::Clock;
use crate::sim::journal::{Change, Journal};
use crate::sim::rate_limit::leaky_bucket::Buckets;
use crate::sim::rate_limit::window::Windows;
use crate::sim::webhook::outbox::Outbox;

pub use address::{Addressed, DEFAULT, Entrance, WORLD_NAMES, resolve, valid_name};
pub use operator::machine_of;
pub use recipe::{ClockSetup, JournalSetup, Orders, Recipe, SEED, Setup, check_place};
pub use save::{FORMAT, Unreadable, WorldDocument};
pub use traffic::{EVIDENCE_HEADER, REQUEST_HEADER};

/// Everything that can change, of every provider, under one clock.
///
/// A plain value on purpose: to clone it is to fork a world, to serialise it to save one, and to drop it to forget
/// one. Nothing outside it changes, so nothing else has to be reset. What is large in it is `Shared`: a fork costs what is
/// changed in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct World {
    recipe: Arc<Recipe>,
    clock: Clock,
    now: Timestamp,
    chance: Chance,
    agenda: Agenda<Due>,
    outbox: Outbox,
    journal: Journal,
    windows: Windows,
    buckets: Buckets,
    rules: Rules,
    providers: Providers,
}

impl World {
    /// Builds a world from its recipe: its history is lived through, up to the recipe's start.
    ///
    /// # Errors
    /// The place in the setup, as `shipper.organizations[0].orders[2]`, and the mistake, when it contradicts itself.
    pub fn build(recipe: Arc<Recipe>) -> Result<World, Mistake> {
        let bound = recipe.setup.journal.as_ref().and_then(|journal| journal.bytes);
        let mut world = World {
            clock: Clock::new(recipe.mode, recipe.speed, recipe.start, recipe.wall),
            now: recipe.start,
            chance: Chance::new(recipe.seed),
            agenda: Agenda::default(),
            outbox: Outbox::reaching(recipe.reach.clone()),
            journal: bound.map_or_else(Journal::default, Journal::bounded),
            windows: Windows::default(),
            buckets: Buckets::default(),
            rules: Rules::default(),
            providers: Providers::default(),
            recipe,
        };
        recipe::open(&mut world)?;
        Ok(world)
    }

    /// What it was built from.
    pub fn recipe(&self) -> &Arc<Recipe> {
        &self.recipe
    }

    /// Draws from another seed from here on; what was drawn stays.
    pub fn reseed(&mut self, seed: u64) {
        self.chance.reseed(seed);
        self.recipe = Arc::new(Recipe { seed, ..Recipe::clone(&self.recipe) });
    }

    /// World time: the instant up to which everything due has happened.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How its time runs.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Sets how its time runs. The shell passes wall time to the clock; the world itself never asks.
    pub fn clock_mut(&mut self) -> &mut Clock {
        &mut self.clock
    }

    /// When something falls due next.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.agenda.next_at()
    }

    /// What is due, in order.
    #[cfg_attr(surface_only, expect(dead_code, reason = "tests look at it"))]
    pub fn agenda(&self) -> &Agenda<Due> {
        &self.agenda
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The journal, to be cleared.
    pub fn journal_mut(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// The ledger of webhooks.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The ledger, for tests of what sends from it.
    #[cfg(test)]
    pub(crate) fn outbox_mut(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Every provider's state.
    pub fn providers(&self) -> &Providers {
        &self.providers
    }

    /// Whether it shares all that is large with another, which a world does that was only read since it was forked.
    #[cfg_attr(surface_only, expect(dead_code, reason = "tests look at it"))]
    pub fn is_shared_with(&self, other: &World) -> bool {
        self.providers.are_shared_with(&other.providers)
            && self.chance.is_shared_with(&other.chance)
            && self.agenda.is_shared_with(&other.agenda)
            && self.outbox.is_shared_with(&other.outbox)
    }

    fn parts<'a>(&'a mut self, changes: impl Into<Option<&'a mut Vec<Change>>>) -> Parts<'a> {
        Parts {
            providers: &mut self.providers,
            now: self.now,
            chance: &mut self.chance,
            agenda: &mut self.agenda,
            outbox: &mut self.outbox,
            windows: &mut self.windows,
            buckets: &mut self.buckets,
            changes: changes.into(),
        }
    }

    /// The rules of this world.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The promises about one entity: when, and which input.
    pub fn due_for(&self, name: Name, kind: &str, id: &str) -> Vec<(Timestamp, String)> {
        let service = providers::service(name);
        let subject = |due: Due| service.subject(&self.providers, due);
        self.agenda
            .iter()
            .filter(|(_, due)| providers::owner(**due).is_some_and(|owner| owner.name() == name))
            .filter_map(|(at, due)| subject(*due).map(|about| (at, about)))
            .filter(|(_, about)| about.0 == kind && about.1 == id)
            .map(|(at, about)| (at, about.2))
            .collect()
    }
}

/// The header fields of a reply that our own surface gives: no provider, no evidence.
pub fn own_headers(content_type: &'static str) -> Headers {
    let mut headers = Headers::with_capacity(4);
    headers.add("Content-Type", content_type);
    headers.add("Cache-Control", "no-store");
    headers
}
