//! A locked world whose doors are attended: nothing goes through them unseen.

use std::ops::Deref;

use jiff::Timestamp;

use crate::control::{self, WorldJob};
use crate::http::{Reply, Request};
use crate::providers::Name;
use crate::server::witness::Witness;
use crate::sim::clock::Clock;
use crate::sim::journal::Change;
use crate::sim::outbox::{Outcome, Post};
use crate::world::World;

/// A world while it is locked. It can be read as it is, and changed through its doors only.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    world: &'a mut World,
    witness: &'a Witness,
    name: &'a str,
}

impl Deref for Seat<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}

impl<'a> Seat<'a> {
    /// A world under its name.
    pub(super) fn new(world: &'a mut World, witness: &'a Witness, name: &'a str) -> Seat<'a> {
        Seat { world, witness, name }
    }

    /// How its time runs; what it shows goes in with every pass of time.
    pub(super) fn clock_mut(&mut self) -> &mut Clock {
        self.world.clock_mut()
    }

    /// First door.
    pub(super) fn request(&mut self, name: Name, request: Request) -> Reply {
        if !self.witness.is_looking() {
            return self.world.request(name, request);
        }
        let (witness, label) = (self.witness, self.name);
        self.world.witnessed(name, request, &mut |world, entry| {
            witness.answered(label, world, entry);
        })
    }

    /// Second door, which stops for webhooks.
    pub(super) fn advance(&mut self, to: Timestamp) -> Vec<Change> {
        self.world.advance(to)
    }

    /// Second door, which does not.
    pub(super) fn catch_up(&mut self, to: Timestamp) -> Vec<Change> {
        self.world.catch_up(to)
    }

    /// Third door.
    pub(super) fn take_posts(&mut self) -> Vec<Post> {
        self.world.take_posts()
    }

    /// Fourth door.
    pub(super) fn delivered(&mut self, delivery: u64, outcome: &Outcome) {
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
        let reply = control::perform(self.world, job, request, name, wall);
        if matches!(job, WorldJob::Install(_)) {
            self.witness.driven(self.world);
        }
        reply
    }

    /// A copy of it.
    pub(super) fn copy(&self) -> World {
        self.world.clone()
    }

    /// The world itself, for tests of what carries its webhooks.
    #[cfg(test)]
    pub(super) fn inside(&mut self) -> &mut World {
        self.world
    }
}
