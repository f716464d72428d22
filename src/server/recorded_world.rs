//! A locked world whose doors are attended: nothing goes through them unseen.

use std::ops::Deref;
use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::Timestamp;

use crate::control::{self, WorldJob};
use crate::message::{Reply, Request};
use crate::providers::Name;
use crate::server::observer::Observer;
use crate::server::registry::{Prototype, guarded};
use crate::session::Driven;
use crate::sim::clock::Clock;
use crate::sim::journal::Change;
use crate::sim::webhook::outbox::{Outcome, OutgoingAttempt};
use crate::world::World;

/// A world while it is locked. It can be read as it is, and changed through its doors only.
#[derive(Debug)]
pub(crate) struct WorldGuard<'a> {
    world: &'a mut World,
    observer: &'a Observer,
    label: &'a str,
    /// Up to when time has passed that is not written down yet: many small steps are one line.
    passing: Option<Timestamp>,
}

impl Deref for WorldGuard<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}

impl Drop for WorldGuard<'_> {
    fn drop(&mut self) {
        self.passed();
    }
}

impl<'a> WorldGuard<'a> {
    /// A world under what it is called.
    pub(crate) fn new(
        world: &'a mut World,
        observer: &'a Observer,
        label: &'a str,
    ) -> WorldGuard<'a> {
        WorldGuard { world, observer, label, passing: None }
    }

    fn passed(&mut self) {
        if let Some(to) = self.passing.take() {
            self.observer.passed(self.label, to, true);
        }
    }

    /// How its time runs. The recorder takes it down where it matters.
    pub(crate) fn clock_mut(&mut self) -> &mut Clock {
        self.world.clock_mut()
    }

    /// First door.
    pub(crate) fn request(&mut self, name: Name, request: Request) -> Reply {
        if !self.observer.is_looking() {
            return self.world.request(name, request);
        }
        self.passed();
        let (observer, label) = (self.observer, self.label);
        let kept = observer.is_recording().then(|| request.clone());
        let answered = guarded(|| {
            self.world.request_with(name, request, &mut |world, entry| {
                observer.answered(label, world, entry);
            })
        });
        answered.unwrap_or_else(|panicked| {
            if let Some(request) = kept {
                observer.broke(label, self.world.now(), name, &request);
            }
            resume_unwind(Box::new(panicked.sentence()))
        })
    }

    fn something_is_due(&self, to: Timestamp) -> bool {
        self.observer.is_recording() && self.world.next_due().is_some_and(|at| at <= to)
    }

    /// Second door, which stops for webhooks.
    pub(crate) fn advance(&mut self, to: Timestamp) -> Vec<Change> {
        if self.something_is_due(to) {
            self.passing = self.passing.max(Some(to));
        }
        self.world.advance(to)
    }

    /// Second door, which does not.
    pub(crate) fn catch_up(&mut self, to: Timestamp) -> Vec<Change> {
        if self.something_is_due(to) {
            self.passed();
            self.observer.passed(self.label, to, false);
        }
        self.world.catch_up(to)
    }

    /// Third door.
    pub(crate) fn take_attempts(&mut self) -> Vec<OutgoingAttempt> {
        self.passed();
        let attempts = self.world.take_attempts();
        if !attempts.is_empty() {
            self.observer.sent(self.label, self.world, &attempts, false);
        }
        attempts
    }

    /// Third door, for what has to go out before an answer.
    pub(crate) fn take_early_attempts(&mut self) -> Vec<OutgoingAttempt> {
        let attempts = self.world.take_early_attempts();
        if !attempts.is_empty() {
            self.passed();
            self.observer.sent(self.label, self.world, &attempts, true);
        }
        attempts
    }

    /// Fourth door.
    pub(crate) fn delivered(&mut self, delivery: u64, outcome: &Outcome) {
        self.passed();
        self.observer.told(self.label, self.world.now(), delivery, outcome);
        self.world.delivered(delivery, outcome);
    }

    /// A call of the control API.
    pub(crate) fn perform(
        &mut self,
        job: &WorldJob,
        request: &Request,
        name: &str,
        wall: Timestamp,
    ) -> Reply {
        self.passed();
        let (at, clock) = (self.world.now(), *self.world.clock());
        let reply = control::perform(self.world, job, request, name, wall);
        let driven = Driven { at, wall, clock, name, request, reply: &reply };
        self.observer.driven(self.label, job, self.world, driven);
        reply
    }

    /// Somebody asks for time to pass; returns the number of this time.
    pub(crate) fn asked(&mut self) -> u64 {
        self.passed();
        self.observer.asked(self.label)
    }

    /// Time begins to pass on request.
    pub(crate) fn begun(&mut self) {
        self.passed();
        self.observer.begun(self.label, self.world.now());
    }

    /// It has passed.
    pub(crate) fn advanced(&mut self, number: u64, reply: &Reply) {
        self.passed();
        self.observer.advanced(self.label, number, self.world.now(), reply);
    }

    /// A copy of it, changed before anybody sees it, to make others like it; with another seed if one is given.
    pub(crate) fn copied<E>(
        &mut self,
        seed: Option<u64>,
        change: impl FnOnce(&mut World) -> Result<(), E>,
    ) -> Result<Prototype, E> {
        self.passed();
        let mut copy = self.world.clone();
        if let Some(seed) = seed {
            copy.reseed(seed);
        }
        change(&mut copy)?;
        let number = self.observer.copied(self.label, seed, &copy);
        Ok(Prototype { world: Arc::new(copy), number })
    }

    /// The world itself, for tests of what carries its webhooks.
    #[cfg(test)]
    pub(crate) fn inside(&mut self) -> &mut World {
        self.world
    }
}
