//! A locked world whose doors are attended: nothing goes through them unseen.

use std::ops::Deref;
use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::Timestamp;

use crate::control::{self, WorldJob};
use crate::http::{Reply, Request};
use crate::providers::Name;
use crate::server::witness::Witness;
use crate::server::worlds::{Prototype, guarded};
use crate::session::Driven;
use crate::sim::clock::Clock;
use crate::sim::journal::Change;
use crate::sim::outbox::{Outcome, Post};
use crate::world::World;

/// A world while it is locked. It can be read as it is, and changed through its doors only.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    world: &'a mut World,
    witness: &'a Witness,
    label: &'a str,
    /// Up to when time has passed that is not written down yet: many small steps are one line.
    passing: Option<Timestamp>,
}

impl Deref for Seat<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.passed();
    }
}

impl<'a> Seat<'a> {
    /// A world under what it is called.
    pub(super) fn new(world: &'a mut World, witness: &'a Witness, label: &'a str) -> Seat<'a> {
        Seat { world, witness, label, passing: None }
    }

    fn passed(&mut self) {
        if let Some(to) = self.passing.take() {
            self.witness.passed(self.label, to, true);
        }
    }

    /// How its time runs. The recorder takes it down where it matters.
    pub(super) fn clock_mut(&mut self) -> &mut Clock {
        self.world.clock_mut()
    }

    /// First door.
    pub(super) fn request(&mut self, name: Name, request: Request) -> Reply {
        if !self.witness.is_looking() {
            return self.world.request(name, request);
        }
        self.passed();
        let (witness, label) = (self.witness, self.label);
        let kept = witness.is_recording().then(|| request.clone());
        let answered = guarded(|| {
            self.world.witnessed(name, request, &mut |world, entry| {
                witness.answered(label, world, entry);
            })
        });
        answered.unwrap_or_else(|panicked| {
            if let Some(request) = kept {
                witness.broke(label, self.world.now(), name, &request);
            }
            resume_unwind(Box::new(panicked.sentence()))
        })
    }

    fn something_is_due(&self, to: Timestamp) -> bool {
        self.witness.is_recording() && self.world.next_due().is_some_and(|at| at <= to)
    }

    /// Second door, which stops for webhooks.
    pub(super) fn advance(&mut self, to: Timestamp) -> Vec<Change> {
        if self.something_is_due(to) {
            self.passing = self.passing.max(Some(to));
        }
        self.world.advance(to)
    }

    /// Second door, which does not.
    pub(super) fn catch_up(&mut self, to: Timestamp) -> Vec<Change> {
        if self.something_is_due(to) {
            self.passed();
            self.witness.passed(self.label, to, false);
        }
        self.world.catch_up(to)
    }

    /// Third door.
    pub(super) fn take_posts(&mut self) -> Vec<Post> {
        self.passed();
        let posts = self.world.take_posts();
        if !posts.is_empty() {
            self.witness.sent(self.label, self.world, &posts);
        }
        posts
    }

    /// Fourth door.
    pub(super) fn delivered(&mut self, delivery: u64, outcome: &Outcome) {
        self.passed();
        self.witness.told(self.label, self.world.now(), delivery, outcome);
        self.world.delivered(delivery, outcome);
    }

    /// A call of the control API.
    pub(super) fn perform(
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
        self.witness.driven(self.label, job, self.world, driven);
        reply
    }

    /// Somebody asks for time to pass; returns the number of this time.
    pub(super) fn asked(&mut self) -> u64 {
        self.passed();
        self.witness.asked(self.label)
    }

    /// Time begins to pass on request.
    pub(super) fn begun(&mut self) {
        self.passed();
        self.witness.begun(self.label, self.world.now());
    }

    /// It has passed.
    pub(super) fn advanced(&mut self, number: u64, reply: &Reply) {
        self.passed();
        self.witness.advanced(self.label, number, self.world.now(), reply);
    }

    /// A copy of it, changed before anybody sees it, to make others like it; with another seed if one is given.
    pub(super) fn copied<E>(
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
        let number = self.witness.copied(self.label, seed, &copy);
        Ok(Prototype { world: Arc::new(copy), number })
    }

    /// The world itself, for tests of what carries its webhooks.
    #[cfg(test)]
    pub(super) fn inside(&mut self) -> &mut World {
        self.world
    }
}
