//! One isolated world and its four doors: `request`, `advance`, `take_posts`, `delivered`.
//!
//! Same recipe and same calls through these doors give the same replies, webhooks and journal, to the byte.

mod address;
mod recipe;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::http::{Headers, Reply, Request};
use crate::kit::time::http_date;
use crate::providers::{self, Detail, Due, Name, Parts, Providers, Service, Trouble};
use crate::sim::agenda::Agenda;
use crate::sim::chance::Chance;
use crate::sim::clock::Clock;
use crate::sim::journal::{Change, Entry, Journal};
use crate::sim::machine;
use crate::sim::outbox::{Delivery, Next, Outbox, Outcome, Post};
use crate::sim::windows::Windows;

pub use address::{Address, DEFAULT, Door, resolve, valid_name};
pub use recipe::{ClockSetup, JournalSetup, Orders, Recipe, SEED, Setup, Wrong};

/// Everything that can change, of every provider, under one clock.
#[derive(Debug, Clone)]
pub struct World {
    recipe: Arc<Recipe>,
    clock: Clock,
    now: Timestamp,
    chance: Chance,
    agenda: Agenda<Due>,
    outbox: Outbox,
    journal: Journal,
    windows: Windows,
    providers: Providers,
}

/// The header that names the journal entry of an answer.
pub const REQUEST_HEADER: &str = "X-Shipmock-Request";
/// The header that says how we know that the provider answers like this.
pub const EVIDENCE_HEADER: &str = "X-Shipmock-Evidence";

impl World {
    /// Builds a world from its recipe: its history is lived through, up to the recipe's start.
    ///
    /// # Errors
    /// `Wrong` when the setup contradicts itself.
    pub fn build(recipe: Arc<Recipe>) -> Result<World, Wrong> {
        let bound = recipe.setup.journal.as_ref().and_then(|journal| journal.bytes);
        let mut world = World {
            clock: Clock::new(recipe.mode, recipe.speed, recipe.start, recipe.wall),
            now: recipe.start,
            chance: Chance::new(recipe.seed),
            agenda: Agenda::default(),
            outbox: Outbox::reaching(recipe.reach.clone()),
            journal: bound.map_or_else(Journal::default, Journal::bounded),
            windows: Windows::default(),
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

    /// Every provider's state.
    pub fn providers(&self) -> &Providers {
        &self.providers
    }

    fn parts<'a>(&'a mut self, changes: &'a mut Vec<Change>) -> Parts<'a> {
        Parts {
            providers: &mut self.providers,
            now: self.now,
            chance: &mut self.chance,
            agenda: &mut self.agenda,
            outbox: &mut self.outbox,
            windows: &mut self.windows,
            changes,
        }
    }

    /// First door: a call to a provider. Everything due up to `now` must have been advanced to before.
    pub fn request(&mut self, name: Name, request: Request) -> Reply {
        let mut changes = Vec::new();
        let answered = providers::service(name).answer(&mut self.parts(&mut changes), &request);
        let number = self.journal.next_number();
        let mut reply = answered.reply;
        reply.headers.set("Date", http_date(self.now));
        if !self.recipe.bare {
            reply.headers.set(REQUEST_HEADER, format!("r{number}"));
            reply.headers.set(EVIDENCE_HEADER, reply.evidence.word());
        }
        self.journal.write(Entry {
            number,
            at: self.now,
            provider: name.word().into(),
            route: answered.route.map(|(method, path)| format!("{method} {path}")),
            account: answered.account,
            request,
            reply: reply.clone(),
            rule: None,
            changes,
        });
        reply
    }

    /// Second door: time passes. Runs what falls due, in order, up to an instant, but stops as soon as a
    /// webhook is ready to be sent, so that what its receiver says comes at its right place.
    ///
    /// Returns what moved. `now()` tells how far it came; going back does nothing.
    pub fn advance(&mut self, to: Timestamp) -> Vec<Change> {
        self.pass(to, true)
    }

    /// The same without stopping for webhooks: they stay ready.
    pub fn catch_up(&mut self, to: Timestamp) -> Vec<Change> {
        self.pass(to, false)
    }

    fn pass(&mut self, to: Timestamp, stop_for_posts: bool) -> Vec<Change> {
        let mut changes = Vec::new();
        loop {
            if stop_for_posts && self.outbox.has_posts() {
                break;
            }
            match self.agenda.take(to) {
                None => {
                    self.now = self.now.max(to);
                    break;
                }
                Some((at, due)) => {
                    self.now = self.now.max(at);
                    match (due, providers::owner(due)) {
                        (Due::Attempt(number), _) => self.outbox.make_ready(number, self.now),
                        (_, Some(service)) => service.due(&mut self.parts(&mut changes), due),
                        (_, None) => {}
                    }
                }
            }
        }
        changes
    }

    /// Third door: the webhooks that are ready to be sent.
    pub fn take_posts(&mut self) -> Vec<Post> {
        self.outbox.take()
    }

    /// Fourth door: what a receiver did with one of them.
    pub fn delivered(&mut self, delivery: u64, outcome: &Outcome) {
        let Some((known, next)) = self.outbox.told(delivery, outcome, self.now) else { return };
        let (provider, subscription) = (known.provider.clone(), known.subscription.clone());
        if let Next::Again(at) = next {
            self.agenda.promise(at, Due::Attempt(delivery));
        }
        if let Some(name) = Name::of(&provider) {
            let mut changes = Vec::new();
            providers::service(name).told(&mut self.parts(&mut changes), &subscription, outcome);
        }
    }

    /// Sends a delivery of the ledger once more.
    pub fn redeliver(&mut self, id: &str) -> Option<&Delivery> {
        self.outbox.redeliver(id, self.now)
    }

    /// Sets data an operator of a provider could set.
    ///
    /// # Errors
    /// `Trouble` naming what is unknown or wrong; nothing has changed then.
    pub fn patch(
        &mut self,
        name: Name,
        kind: &str,
        id: &str,
        fields: &Map<String, Value>,
    ) -> Result<Detail, Trouble> {
        let service = providers::service(name);
        let mut changes = Vec::new();
        service.patch(&mut self.parts(&mut changes), kind, id, fields)?;
        service.detail(&self.providers, kind, id)
    }

    /// Gives an entity one input.
    ///
    /// # Errors
    /// `Trouble` when it is not there or its table has no such row; nothing has changed then.
    pub fn apply(
        &mut self,
        name: Name,
        kind: &str,
        id: &str,
        on: &str,
    ) -> Result<Vec<Change>, Trouble> {
        let mut changes = Vec::new();
        providers::service(name).apply(&mut self.parts(&mut changes), kind, id, on)?;
        Ok(changes)
    }

    /// Walks an entity to a state along the shortest chain of legal moves.
    ///
    /// # Errors
    /// `Trouble` when it is not there or no chain leads there; nothing has changed then.
    pub fn walk(
        &mut self,
        name: Name,
        kind: &str,
        id: &str,
        to: &str,
    ) -> Result<Vec<Change>, Trouble> {
        let service = providers::service(name);
        let detail = service.detail(&self.providers, kind, id)?;
        let table = machine_of(service, kind)?;
        let from = detail.state.unwrap_or_default();
        let inputs = machine::route(table, &from, to).ok_or_else(|| Trouble::Illegal {
            from: from.clone(),
            on: to.to_owned(),
            legal: machine::moves(table, &from).into_iter().map(|(_, to)| to.to_owned()).collect(),
        })?;
        let mut changes = Vec::new();
        for on in inputs {
            service.apply(&mut self.parts(&mut changes), kind, id, on)?;
        }
        Ok(changes)
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

    /// Forgets rate windows, as when a limit is changed.
    pub fn clear_windows(&mut self) {
        self.windows.clear();
    }
}

/// The life cycle of a kind.
///
/// # Errors
/// `Trouble::Computed` for a kind whose state follows from others.
pub fn machine_of(
    service: &'static dyn Service,
    kind: &str,
) -> Result<&'static dyn machine::Diagram, Trouble> {
    service.machines().iter().copied().find(|table| table.name() == kind).ok_or_else(|| {
        let movable: Vec<&str> = service.machines().iter().map(|table| table.name()).collect();
        Trouble::Computed(format!(
            "the state of `{kind}` follows from other entities; what moves by itself: {}",
            movable.join(", ")
        ))
    })
}

/// The header fields of a reply that our own surface gives: no provider, no evidence.
pub fn own_headers(content_type: &'static str) -> Headers {
    let mut headers = Headers::with_capacity(4);
    headers.add("Content-Type", content_type);
    headers.add("Cache-Control", "no-store");
    headers
}
