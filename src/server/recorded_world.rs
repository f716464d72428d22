//! The guard of a locked world: what goes through it is sent to the observers, which report and record it.

use std::ops::Deref;
use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::Timestamp;

use crate::control::{self, WorldJob};
use crate::message::{Reply, Request};
use crate::policy::installed::Installed;
use crate::providers::Name;
use crate::server::panicked::guarded;
use crate::server::world_event::WorldEvent;
use crate::server::world_feed::Feed;
use crate::session::{Driven, SentWebhook};
use crate::sim::clock::Clock;
use crate::sim::journal::{Change, Entry};
use crate::sim::webhook::outbox::{Outcome, OutgoingAttempt};
use crate::world::World;

/// A world while it is locked. It can be read as it is, and changed through its doors only.
#[derive(Debug)]
pub(crate) struct WorldGuard<'a> {
    world: &'a mut World,
    /// Nothing where nobody observes: the one branch that it costs then.
    feed: Option<&'a Feed>,
    /// Up to when time has passed that is not sent yet: many small steps are one event.
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
    /// A world that was just locked.
    pub(crate) fn new(world: &'a mut World, feed: Option<&'a Feed>) -> WorldGuard<'a> {
        WorldGuard { world, feed, passing: None }
    }

    fn passed(&mut self) {
        if let Some(to) = self.passing.take() {
            self.record(|_| WorldEvent::Passed { to, stops: true });
        }
    }

    /// Sends an event if a session is recorded.
    fn record(&self, event: impl FnOnce(&World) -> WorldEvent) {
        if let Some(feed) = self.feed {
            feed.record(|| event(self.world));
        }
    }

    /// How its time runs. What is recorded names the clock where it matters.
    pub(crate) fn clock_mut(&mut self) -> &mut Clock {
        self.world.clock_mut()
    }

    /// First door.
    pub(crate) fn request(&mut self, name: Name, request: Request) -> Reply {
        let Some(feed) = self.feed else { return self.world.request(name, request) };
        self.passed();
        let kept = feed.is_recording().then(|| request.clone());
        match guarded(|| self.world.request_journaled(name, request)) {
            Ok((reply, entry)) => {
                let fired = if feed.is_counting() { self.titled(&entry) } else { Vec::new() };
                feed.tell(WorldEvent::Answered { entry: Box::new(entry), fired });
                reply
            }
            Err(panicked) => {
                if let Some(request) = kept {
                    feed.tell(WorldEvent::Broke { at: self.world.now(), provider: name, request });
                }
                resume_unwind(Box::new(panicked.sentence()))
            }
        }
    }

    /// A call that was for no provider.
    pub(crate) fn unmatched(&mut self, request: Request, reply: Reply) -> Reply {
        self.passed();
        let (reply, entry) = self.world.unmatched(request, reply);
        if let Some(feed) = self.feed {
            feed.tell(WorldEvent::Unmatched { entry: Box::new(entry) });
        }
        reply
    }

    /// The rules that have the title an entry names.
    fn titled(&self, entry: &Entry) -> Vec<Installed> {
        let Some(title) = &entry.rule else { return Vec::new() };
        self.world.rules().iter().filter(|rule| rule.title() == title).cloned().collect()
    }

    fn something_is_due(&self, to: Timestamp) -> bool {
        self.feed.is_some_and(Feed::is_recording)
            && self.world.next_due().is_some_and(|at| at <= to)
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
            self.record(|_| WorldEvent::Passed { to, stops: false });
        }
        self.world.catch_up(to)
    }

    /// Third door.
    pub(crate) fn take_attempts(&mut self) -> Vec<OutgoingAttempt> {
        self.passed();
        let attempts = self.world.take_attempts();
        self.sent(&attempts, false);
        attempts
    }

    /// Third door, for what has to go out before a reply.
    pub(crate) fn take_attempts_before_reply(&mut self) -> Vec<OutgoingAttempt> {
        let attempts = self.world.take_attempts_before_reply();
        if !attempts.is_empty() {
            self.passed();
        }
        self.sent(&attempts, true);
        attempts
    }

    fn sent(&self, attempts: &[OutgoingAttempt], before_reply: bool) {
        if attempts.is_empty() {
            return;
        }
        self.record(|world| {
            let attempts = attempts.iter().map(|it| SentWebhook::of(world, it)).collect();
            WorldEvent::Sent { at: world.now(), before_reply, attempts }
        });
    }

    /// Fourth door.
    pub(crate) fn delivered(&mut self, delivery: u64, outcome: &Outcome) {
        self.passed();
        self.record(|world| WorldEvent::Reported {
            at: world.now(),
            delivery,
            outcome: outcome.clone(),
        });
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
        if matches!(job, WorldJob::Install(_))
            && let Some(feed) = self.feed
        {
            feed.ruled(self.world);
        }
        if job.changes() {
            self.record(|_| {
                let (request, reply, name) = (request.clone(), reply.clone(), name.to_owned());
                WorldEvent::Driven(Box::new(Driven { at, wall, clock, name, request, reply }))
            });
        }
        reply
    }

    /// Somebody asks for time to pass; returns the number of this time.
    pub(crate) fn asked(&mut self) -> u64 {
        self.passed();
        let number = self.feed.map_or(0, Feed::next_asked);
        self.record(|_| WorldEvent::Asked { number });
        number
    }

    /// Time begins to pass on request.
    pub(crate) fn begun(&mut self) {
        self.passed();
        self.record(|world| WorldEvent::Begun { at: world.now() });
    }

    /// It has passed.
    pub(crate) fn advanced(&mut self, number: u64, reply: &Reply) {
        self.passed();
        self.record(|world| WorldEvent::Advanced { number, at: world.now(), reply: reply.clone() });
    }

    /// A copy of it, changed before anybody sees it, to make others like it; with another seed if one is given.
    pub(crate) fn copied<E>(
        &mut self,
        seed: Option<u64>,
        change: impl FnOnce(&mut World) -> Result<(), E>,
    ) -> Result<Arc<World>, E> {
        self.passed();
        let mut copy = self.world.fork();
        if let Some(seed) = seed {
            copy.reseed(seed);
        }
        change(&mut copy)?;
        let copy = Arc::new(copy);
        self.record(|_| WorldEvent::Copied { seed, copy: copy.clone() });
        Ok(copy)
    }

    /// The world itself, for tests of what sends its webhooks.
    #[cfg(test)]
    pub(crate) fn inside(&mut self) -> &mut World {
        self.world
    }
}
