//! The handler context: all that a handler may touch. In a file of its own: a child module would see its parent's
//! private fields.

use std::fmt::Display;

use jiff::{SignedDuration, Timestamp};

use crate::kit::shared::Shared;
use crate::providers::{Due, Providers, Registered};
use crate::sim::agenda::Agenda;
use crate::sim::chance::Chance;
use crate::sim::journal::Change;
use crate::sim::machine::{Illegal, Machine, Row, Tracked, Word};
use crate::sim::rate_limit::leaky_bucket::Buckets;
use crate::sim::rate_limit::window::Windows;
use crate::sim::webhook::outbox::{Outbox, Webhook};

/// The parts of a world that its providers work with.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Every provider's state.
    pub providers: &'a mut Providers,
    /// World time.
    pub now: Timestamp,
    /// The seeded streams.
    pub chance: &'a mut Chance,
    /// What is due.
    pub agenda: &'a mut Agenda<Due>,
    /// Webhooks.
    pub outbox: &'a mut Outbox,
    /// Rate windows.
    pub windows: &'a mut Windows,
    /// Rate buckets.
    pub buckets: &'a mut Buckets,
    /// What moved during this call, where somebody will ask.
    pub changes: Option<&'a mut Vec<Change>>,
}

impl Parts<'_> {
    /// The part of one provider.
    pub fn cx<P: Registered>(&mut self) -> Cx<'_, P> {
        Cx {
            state: P::state_mut(self.providers),
            now: self.now,
            chance: self.chance,
            out: Out {
                provider: P::NAME.word(),
                now: self.now,
                agenda: self.agenda,
                outbox: self.outbox,
                changes: self.changes.as_deref_mut(),
            },
        }
    }
}

/// What a handler gets: its state, the time, chance, and a way out for what it causes.
#[derive(Debug)]
pub struct Cx<'a, P: Registered> {
    /// The provider's state in this world. Shared: to borrow it, or a field of it, as `&mut` is to change it.
    pub state: &'a mut Shared<P::State>,
    /// World time.
    pub now: Timestamp,
    /// The seeded streams.
    pub chance: &'a mut Chance,
    /// Steps, promises and webhooks go through here.
    pub out: Out<'a>,
}

/// The way out: what happened, what is due, what is to be told. Its contents cannot be reached from handlers.
#[derive(Debug)]
pub struct Out<'a> {
    provider: &'static str,
    now: Timestamp,
    agenda: &'a mut Agenda<Due>,
    outbox: &'a mut Outbox,
    changes: Option<&'a mut Vec<Change>>,
}

impl Out<'_> {
    /// Moves an entity along its table and writes the step down.
    ///
    /// # Errors
    /// `Illegal` when the table has no such row; nothing has changed then.
    pub fn step<S: Word, I: Word>(
        &mut self,
        machine: &Machine<S, I>,
        entity: &mut Tracked<S, I>,
        id: impl Display,
        on: I,
    ) -> Result<&'static Row<S, I>, Illegal<S, I>> {
        let row = machine.step(entity, on, self.now)?;
        if let Some(changes) = &mut self.changes {
            changes.push(Change {
                at: self.now,
                provider: self.provider.into(),
                kind: machine.name.into(),
                id: id.to_string(),
                on: on.text().into(),
                from: row.from.text().into(),
                to: row.to.text().into(),
            });
        }
        Ok(row)
    }

    /// Promises something for later, in world time.
    pub fn after(&mut self, wait: SignedDuration, timer: impl Into<Due>) {
        let at = self.now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        self.agenda.promise(at, timer.into());
    }

    /// Promises something for an instant; for now, when it is over.
    pub fn at(&mut self, at: Timestamp, timer: impl Into<Due>) {
        self.agenda.promise(at.max(self.now), timer.into());
    }

    /// Takes back every promise the test does not keep.
    pub fn keep(&mut self, keep: impl FnMut(&Due) -> bool) {
        self.agenda.retain(keep);
    }

    /// Hands a webhook to the outbox.
    pub fn emit(&mut self, webhook: Webhook) {
        self.outbox.put(self.provider, webhook, self.now);
    }

    /// The same for a webhook whose body tells under a key how often it was tried before.
    pub fn emit_counting(&mut self, webhook: Webhook, key: &'static str) {
        let number = self.outbox.promise(self.provider, webhook, self.now);
        self.outbox.count_attempts(number, key);
    }

    /// Takes back what is still pending for a subscription.
    pub fn silence(&mut self, subscription: &str) {
        self.outbox.cancel(self.provider, subscription, self.now);
    }
}
