//! The play state, the world in which a scenario plays, with everything around it: the receiver of webhooks, what was
//! kept, the story.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::kit::mistake::Mistake;
use crate::providers::{self, Name, OperatorError};
use crate::scenario::Scenario;
use crate::scenario::play::{PlayOptions, START, StepFailure};
use crate::scenario::steps::Receiver;
use crate::scenario::trail::Trail;
use crate::scenario::transcript::{self, Transcript};
use crate::sim::webhook::egress::Reach;
use crate::sim::webhook::outbox::{DeliveryState, Outcome, OutgoingAttempt};
use crate::world::{Orders, Recipe, World};

/// Everything a step works with.
pub(super) struct PlayState<'a> {
    scenario: &'a Scenario,
    recipe: Arc<Recipe>,
    pub(super) world: World,
    pub(super) kept: Map<String, Value>,
    pub(super) transcript: Transcript,
    pub(super) failures: Vec<StepFailure>,
    pub(super) evidence: BTreeMap<&'static str, usize>,
    /// The last delivery that an expectation has looked at.
    pub(super) looked_at: u64,
    receiver: Receiver,
    told: u64,
    fired: BTreeMap<String, bool>,
    step: usize,
}

/// The most legs of one advance: more means that it never comes to rest.
const LEGS: usize = 100_000;
/// How many of the last calls a failure shows.
const LAST_CALLS: usize = 3;

const WELL: Receiver = Receiver { status: Some(200), fails: None, times: None };

impl<'a> PlayState<'a> {
    pub(super) fn build(
        scenario: &'a Scenario,
        options: PlayOptions,
    ) -> Result<PlayState<'a>, Mistake> {
        let clock = scenario.world.clock.as_ref();
        let orders = Orders {
            at: Some(clock.and_then(|clock| clock.at).unwrap_or(START)),
            seed: options.seed,
            reach: Reach::anywhere(),
            ..Orders::default()
        };
        let recipe = Recipe::new(scenario.name.clone(), scenario.world.clone(), orders, START);
        let recipe = Arc::new(recipe);
        let world = World::build(recipe.clone())?;
        let mut stage = PlayState {
            transcript: Transcript::begin(scenario, world.now(), recipe.seed),
            scenario,
            recipe,
            world,
            kept: Map::new(),
            failures: Vec::new(),
            evidence: BTreeMap::new(),
            looked_at: 0,
            receiver: WELL,
            told: 0,
            fired: BTreeMap::new(),
            step: 0,
        };
        stage.looked_at = stage.last_delivery();
        stage.settle();
        Ok(stage)
    }

    pub(super) fn begin(&mut self, place: usize) {
        self.step = place + 1;
        self.transcript.begin_step(self.step);
    }

    /// Writes a failure down.
    pub(super) fn fail(&mut self, trail: &Trail, message: String) {
        self.fail_with(trail, message, None);
    }

    /// The same, with what came.
    pub(super) fn fail_with(&mut self, trail: &Trail, message: String, came: Option<String>) {
        let mut failure = StepFailure::at(self.scenario, self.step, trail, message);
        let last = self.world.journal().entries().rev().take(LAST_CALLS);
        failure.journal = last.map(|call| transcript::call(&call.to_entry())).collect();
        failure.journal.reverse();
        failure.came = came;
        self.failures.push(failure);
    }

    /// Drops the world and builds it again. It was built before from the same recipe, so it can be.
    pub(super) fn reset(&mut self) {
        self.remember_rules();
        if let Ok(world) = World::build(self.recipe.clone()) {
            self.world = world;
        }
        self.looked_at = self.last_delivery();
        self.told = 0;
    }

    /// What the receivers answer from here on.
    pub(super) fn receive(&mut self, receiver: &Receiver) {
        (self.receiver, self.told) = (receiver.clone(), 0);
    }

    fn outcome(&mut self) -> Outcome {
        if self.receiver.times.is_some_and(|times| self.told >= times) {
            self.receiver = WELL;
        }
        self.told += 1;
        match &self.receiver.fails {
            Some(reason) => Outcome::Failed(reason.clone()),
            None => Outcome::Answered(self.receiver.status.unwrap_or(200)),
        }
    }

    /// Hands the webhooks that are ready to their receivers, until none is.
    pub(super) fn settle(&mut self) {
        for _ in 0..LEGS {
            let posts = self.world.take_attempts();
            if posts.is_empty() {
                return;
            }
            self.hand_over(posts);
        }
    }

    /// The same for those that have to arrive before the answer of the call that caused them.
    pub(super) fn settle_early(&mut self) {
        let posts = self.world.take_attempts_before_reply();
        self.hand_over(posts);
    }

    fn hand_over(&mut self, posts: Vec<OutgoingAttempt>) {
        for post in posts {
            let outcome = self.outcome();
            self.world.delivered(post.delivery, &outcome);
            if let Some(delivery) = self.world.outbox().get(post.delivery) {
                self.transcript.note(&transcript::attempt(delivery));
            }
        }
    }

    /// Lets time pass. What has no webhook at all is told by the number that never was sent.
    ///
    /// # Errors
    /// A sentence, when the world does not come to rest.
    pub(super) fn pass(&mut self, to: Timestamp) -> Result<(), String> {
        for _ in 0..LEGS {
            self.settle();
            for change in self.world.advance(to) {
                self.transcript.change(&change);
            }
            if !self.world.outbox().has_ready_attempts() && self.world.now() >= to {
                return Ok(());
            }
        }
        Err(format!(
            "more than {LEGS} things fall due on the way; the clock shows {}",
            self.world.now()
        ))
    }

    /// Lets time pass until nothing is due.
    ///
    /// # Errors
    /// The same.
    pub(super) fn idle(&mut self) -> Result<(), String> {
        for _ in 0..LEGS {
            self.settle();
            let Some(next) = self.world.next_due() else { return Ok(()) };
            self.pass(next.max(self.world.now()))?;
        }
        Err(format!("something is always due; the clock shows {}", self.world.now()))
    }

    /// The id of an entity: as it is, or that of the first or last of its kind.
    ///
    /// # Errors
    /// `OperatorError` when there is no such kind, or none of it.
    pub(super) fn id(&self, provider: Name, kind: &str, id: &str) -> Result<String, OperatorError> {
        let list = |limit| {
            providers::service(provider).kind(kind)?.list(self.world.providers(), None, limit)
        };
        let found = match id {
            "first" => list(1)?.pop(),
            "last" => list(usize::MAX)?.pop(),
            _ => return Ok(id.to_owned()),
        };
        let none = || OperatorError::Entity { kind: kind.to_owned(), id: id.to_owned() };
        found.map(|found| found.id).ok_or_else(none)
    }

    /// The number of the newest delivery; 0 when there is none.
    pub(super) fn last_delivery(&self) -> u64 {
        self.world.outbox().deliveries().next_back().map_or(0, |delivery| delivery.number)
    }

    /// Tells of deliveries that were promised and never sent: not allowed, or lost.
    pub(super) fn tell_captured(&mut self, after: u64) {
        let outbox = self.world.outbox();
        let new = outbox.after(after);
        let unsent = [DeliveryState::Captured, DeliveryState::Dropped];
        for delivery in new.filter(|delivery| unsent.contains(&delivery.state())) {
            self.transcript.note(&transcript::attempt(delivery));
        }
    }

    fn remember_rules(&mut self) {
        for rule in self.world.rules().iter() {
            let fired = self.fired.entry(rule.title().to_owned()).or_default();
            *fired |= rule.used > 0;
        }
    }

    /// The rules that did nothing in any of the worlds there were.
    pub(super) fn never_fired(&mut self) -> Vec<String> {
        self.remember_rules();
        let never = self.fired.iter().filter(|(_, fired)| !**fired);
        never.map(|(title, _)| title.clone()).collect()
    }
}
