//! The outbox: every webhook of a world as a delivery, what is ready to be sent, and what became of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::kit::shared::Shared;
use crate::sim::webhook::change_order::ChangeOrder;
use crate::sim::webhook::egress::{Reach, Target, Url};
use crate::sim::webhook::index::Index;

pub use crate::sim::webhook::delivery::{
    AppliedFault, Attempt, Delivery, DeliveryInput, DeliveryPhase, DeliveryState, Outcome,
    OutgoingAttempt, Overtakers, Retry, SUCCESS, WEBHOOK_DELIVERY, Webhook,
};

/// What follows from a receiver's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Settled,
    /// Another attempt at this instant.
    Again(Timestamp),
}

/// The ledger of a world's webhooks. Where each stands is its own state and written nowhere else; the index follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    deliveries: Shared<BTreeMap<u64, Delivery>>,
    next: u64,
    /// The turn that the next ready delivery gets: what is ready goes out in the order in which it became so.
    next_turn: u64,
    evicted: u64,
    /// Follows from the deliveries.
    #[serde(skip)]
    index: Shared<Index>,
    /// Follows from the deliveries.
    #[serde(skip)]
    changes: Shared<ChangeOrder>,
    /// Follows from the deliveries.
    #[serde(skip)]
    bytes: usize,
    /// Where webhooks may go: the operator's, not written down with the ledger.
    #[serde(skip)]
    pub reach: Reach,
}

impl Default for Outbox {
    fn default() -> Self {
        Outbox {
            deliveries: Shared::default(),
            next: 1,
            next_turn: 1,
            evicted: 0,
            index: Shared::default(),
            changes: Shared::default(),
            bytes: 0,
            reach: Reach::default(),
        }
    }
}

/// A ledger over this many bytes drops its oldest settled deliveries.
pub const BOUND: usize = 16 * 1024 * 1024;

fn weight(delivery: &Delivery) -> usize {
    let attempts = delivery.attempts.iter();
    let attempts = attempts.map(|it| it.url.len() + it.error.as_ref().map_or(0, String::len) + 64);
    delivery.body.len()
        + delivery.headers.weight()
        + delivery.url.len()
        + attempts.sum::<usize>()
        + 512
}

impl Outbox {
    /// An empty ledger whose webhooks may go so far.
    pub fn reaching(reach: Reach) -> Self {
        Outbox { reach, ..Outbox::default() }
    }

    /// Puts a webhook in; it is ready at once, or captured when its host is not allowed.
    pub fn promise(&mut self, provider: &'static str, webhook: Webhook, now: Timestamp) -> u64 {
        let number = self.put(provider, webhook, now);
        self.make_ready(number, now);
        number
    }

    /// Puts a webhook in that is new until the webhook rules were asked about it.
    pub fn put(&mut self, provider: &'static str, webhook: Webhook, now: Timestamp) -> u64 {
        self.add(Delivery::of(provider, webhook, now))
    }

    fn add(&mut self, mut delivery: Delivery) -> u64 {
        let number = self.next;
        self.next += 1;
        self.bytes += weight(&delivery);
        delivery.number = number;
        self.index.insert(&delivery);
        self.changes.touch(number);
        self.deliveries.insert(number, delivery);
        self.shed();
        number
    }

    /// From the second attempt on, the body of a delivery tells under this key how often it was tried before.
    pub fn count_attempts(&mut self, number: u64, key: &'static str) {
        if let Some(delivery) = self.deliveries.get_mut(&number) {
            delivery.counter = Some(key.into());
        }
    }

    /// The new deliveries, oldest first. Whoever asks settles for each of them what becomes of it.
    pub fn new_deliveries(&self) -> Vec<u64> {
        self.index.new.iter().copied().collect()
    }

    /// A delivery by its number.
    pub fn get(&self, number: u64) -> Option<&Delivery> {
        self.deliveries.get(&number)
    }

    /// Changes what a delivery consists of before it goes out.
    pub fn change(&mut self, number: u64, change: impl FnOnce(&mut Delivery)) {
        let Some(delivery) = self.deliveries.get_mut(&number) else { return };
        self.bytes -= weight(delivery).min(self.bytes);
        change(delivery);
        self.bytes += weight(delivery);
    }

    /// The same once more, under a number of its own and new.
    pub fn copy(&mut self, number: u64) -> Option<u64> {
        let copy = self.deliveries.get(&number)?.copy();
        Some(self.add(copy))
    }

    /// Moves a delivery along its table, the index with it; says whether there was such a row.
    fn step(&mut self, number: u64, on: DeliveryInput, now: Timestamp) -> bool {
        let Some(delivery) = self.deliveries.get_mut(&number) else { return false };
        let next_turn = &mut self.next_turn;
        let (number, before) = (delivery.number, delivery.state());
        let moved = self.index.follow(delivery, |delivery| {
            let moved = delivery.step(on, now);
            if !delivery.phase().has_turn() {
                delivery.turn = None;
            } else if delivery.turn.is_none() {
                delivery.turn = Some(*next_turn);
                *next_turn += 1;
            }
            moved
        });
        if delivery.state() != before {
            self.changes.touch(number);
        }
        moved
    }

    /// Writes an attempt of a delivery down.
    fn note(&mut self, number: u64, note: impl FnOnce(&mut Delivery)) {
        self.change(number, note);
        self.changes.touch(number);
    }

    /// Loses a delivery: nobody is asked.
    pub fn lose(&mut self, number: u64, now: Timestamp, reason: String) {
        self.stop(number, DeliveryInput::Drop, now, reason);
    }

    /// Ends the way of a delivery that is not sent, and writes down why.
    fn stop(&mut self, number: u64, on: DeliveryInput, now: Timestamp, reason: String) {
        if self.step(number, on, now) {
            self.note(number, |delivery| delivery.note_unsent(now, reason));
        }
    }

    /// Keeps a new delivery back until it is released, or overtaken before that.
    pub fn hold(&mut self, number: u64, overtaken_by: Option<Overtakers>, now: Timestamp) {
        if let Some(delivery) = self.deliveries.get_mut(&number) {
            // Before the step, which files it with those that can be overtaken.
            delivery.overtakers = overtaken_by;
        }
        self.step(number, DeliveryInput::Hold, now);
    }

    /// Makes a new delivery ready, or captures it when its host is not allowed.
    pub fn make_ready(&mut self, number: u64, now: Timestamp) {
        self.enqueue(number, DeliveryInput::Enqueue, now);
    }

    /// The same for one that has to go out before the reply of the call that caused it.
    pub fn make_ready_before_reply(&mut self, number: u64, now: Timestamp) {
        self.enqueue(number, DeliveryInput::EnqueueBeforeReply, now);
    }

    /// Makes a delivery ready that is still held.
    pub fn release(&mut self, number: u64, now: Timestamp) {
        self.enqueue(number, DeliveryInput::Release, now);
    }

    /// Makes the next attempt of a delivery ready.
    pub fn retry(&mut self, number: u64, now: Timestamp) {
        self.enqueue(number, DeliveryInput::Retry, now);
    }

    /// Makes a delivery ready by an input that leads there. What waited for it to overtake them follows behind it.
    fn enqueue(&mut self, number: u64, on: DeliveryInput, now: Timestamp) {
        let mut next = VecDeque::from([(number, on)]);
        while let Some((number, on)) = next.pop_front() {
            let Some(delivery) = self.deliveries.get(&number) else { continue };
            if !WEBHOOK_DELIVERY.allows(delivery.phase(), on) {
                continue;
            }
            // A further attempt overtakes nothing.
            let first = delivery.tried() == 0;
            match self.reach.target(&delivery.url) {
                Target::Send(_) => {
                    self.step(number, on, now);
                }
                Target::Captured(reason) => self.stop(number, DeliveryInput::Capture, now, reason),
            }
            if first {
                let overtaken = self.overtaken_by(number);
                next.extend(overtaken.into_iter().map(|it| (it, DeliveryInput::Release)));
            }
        }
    }

    /// What a delivery was the last to overtake, oldest first.
    fn overtaken_by(&mut self, number: u64) -> Vec<u64> {
        let Some(later) = self.deliveries.get(&number) else { return Vec::new() };
        let held = self.index.overtakable(later);
        if held.is_empty() {
            return held;
        }
        let topic = later.event.clone();
        let passed = held.into_iter().filter(|earlier| {
            let earlier = self.deliveries.get_mut(earlier);
            let Some(by) = earlier.and_then(|it| it.overtakers.as_mut()) else { return false };
            if by.topic.as_ref().is_some_and(|wanted| *wanted != topic) {
                return false;
            }
            by.left = by.left.saturating_sub(1);
            by.left == 0
        });
        passed.collect()
    }

    /// Whether something is ready to be sent.
    pub fn has_ready_attempts(&self) -> bool {
        !self.index.ready.is_empty()
    }

    /// Whether something was handed out and not reported yet.
    pub fn has_attempts_in_flight(&self) -> bool {
        !self.index.in_flight.is_empty()
    }

    /// The deliveries that are ready or in flight, by number.
    pub fn under_way(&self) -> impl Iterator<Item = u64> {
        let numbers = self.index.ready.values().chain(&self.index.in_flight);
        numbers.copied().collect::<BTreeSet<u64>>().into_iter()
    }

    /// Hands out what is ready, in order.
    pub fn take(&mut self, now: Timestamp) -> Vec<OutgoingAttempt> {
        let ready = self.index.ready.values().copied().collect();
        self.hand_out(ready, now)
    }

    /// Hands out what has to go out before the reply of the call that caused it.
    pub fn take_before_reply(&mut self, now: Timestamp) -> Vec<OutgoingAttempt> {
        if self.index.before_reply.is_empty() {
            return Vec::new();
        }
        let ready = self.index.before_reply.values().copied().collect();
        self.hand_out(ready, now)
    }

    fn hand_out(&mut self, ready: Vec<u64>, now: Timestamp) -> Vec<OutgoingAttempt> {
        let mut attempts = Vec::with_capacity(ready.len());
        for number in ready {
            let Some(delivery) = self.deliveries.get_mut(&number) else { continue };
            let address = match self.reach.target(&delivery.url) {
                Target::Send(address) => address,
                // It became ready on a server that could reach further than the one it was restored on.
                Target::Captured(reason) => {
                    self.stop(number, DeliveryInput::Capture, now, reason);
                    continue;
                }
            };
            let before = delivery.body.len();
            delivery.count();
            self.bytes = (self.bytes + delivery.body.len()).saturating_sub(before);
            let host =
                Url::of(&delivery.url).map_or_else(|| address.authority(), |own| own.authority());
            attempts.push(OutgoingAttempt {
                delivery: number,
                address,
                host,
                headers: delivery.headers.clone(),
                body: delivery.body.clone(),
                timeout: delivery.retry.timeout,
            });
            self.step(number, DeliveryInput::Take, now);
        }
        attempts
    }

    /// Writes down what a receiver did. `None` for a delivery that is not in flight.
    pub fn report(
        &mut self,
        number: u64,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Option<(&Delivery, Next)> {
        if !self.index.in_flight.contains(&number) {
            return None;
        }
        let delivery = self.deliveries.get(&number)?;
        let url = match self.reach.target(&delivery.url) {
            Target::Send(address) => address.to_string(),
            Target::Captured(_) => delivery.url.clone(),
        };
        let tried = delivery.tried() as usize;
        let (status, error) = match outcome {
            Outcome::Answered(status) => (Some(*status), None),
            Outcome::Failed(reason) => (None, Some(reason.clone())),
        };
        let wait = delivery.retry.waits.get(tried);
        let again = wait.map(|wait| now.saturating_add(*wait).unwrap_or(Timestamp::MAX));
        let (on, next) = match again {
            _ if delivery.phase() == DeliveryPhase::Withdrawn => {
                (DeliveryInput::Report, Next::Settled)
            }
            _ if delivery.retry.accepts(outcome) => (DeliveryInput::Accept, Next::Settled),
            Some(at) => (DeliveryInput::Refuse, Next::Again(at)),
            None => (DeliveryInput::GiveUp, Next::Settled),
        };
        self.note(number, |delivery| delivery.note(now, url, status, error));
        self.step(number, on, now);
        self.deliveries.get(&number).map(|delivery| (delivery, next))
    }

    /// Takes back everything that is still pending for a subscription.
    pub fn cancel(&mut self, provider: &str, subscription: &str, now: Timestamp) {
        for number in self.index.pending(provider, subscription) {
            self.step(number, DeliveryInput::Cancel, now);
        }
    }

    /// Sends a delivery once more. What is ready or in flight anyway is left as it is.
    pub fn redeliver(&mut self, id: &str, now: Timestamp) -> Option<&Delivery> {
        let number = self.find(id)?.number;
        self.enqueue(number, DeliveryInput::Redeliver, now);
        self.deliveries.get(&number)
    }

    /// A delivery by its id.
    pub fn find(&self, id: &str) -> Option<&Delivery> {
        self.deliveries.get(&id.strip_prefix('d')?.parse().ok()?)
    }

    /// The deliveries, oldest first.
    pub fn deliveries(&self) -> impl DoubleEndedIterator<Item = &Delivery> + ExactSizeIterator {
        self.deliveries.values()
    }

    /// The deliveries behind a number, oldest first.
    pub fn after(&self, number: u64) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.range((Bound::Excluded(number), Bound::Unbounded)).map(|(_, it)| it)
    }

    /// A mark by which one can ask later what has changed since.
    pub fn mark(&self) -> u64 {
        self.changes.mark()
    }

    /// The deliveries that are new since a mark, or of which the ledger said something else then: by number.
    pub fn changed_since(&self, mark: u64) -> Vec<&Delivery> {
        self.changes.since(mark).iter().filter_map(|it| self.deliveries.get(it)).collect()
    }

    /// Bytes held, the bound, and how many deliveries had to go.
    pub fn measure(&self) -> (usize, usize, u64) {
        (self.bytes, BOUND, self.evicted)
    }

    /// Whether what it owns of this is shared with another.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        self.deliveries.is_shared_with(&other.deliveries) && self.index.is_shared_with(&other.index)
    }

    /// After it was read from a document: what follows from the deliveries is reckoned, what they rely on looked at.
    ///
    /// # Errors
    /// A sentence when it could not have been written like this.
    pub fn settle(&mut self) -> Result<(), String> {
        let mut turns = BTreeSet::new();
        for (key, delivery) in &*self.deliveries {
            if *key != delivery.number || *key >= self.next {
                return Err(format!(
                    "delivery {key} is numbered {}, the next is {}",
                    delivery.number, self.next
                ));
            }
            let phase = delivery.phase();
            let sound = match delivery.turn {
                Some(turn) => phase.has_turn() && turn < self.next_turn && turns.insert(turn),
                None => !phase.has_turn(),
            };
            if !sound {
                return Err(format!(
                    "delivery {key} is {phase} with the turn {:?}, the next is {}",
                    delivery.turn, self.next_turn
                ));
            }
        }
        self.index = Shared::default();
        self.deliveries.values().for_each(|delivery| self.index.insert(delivery));
        self.bytes = self.deliveries.values().map(weight).sum();
        Ok(())
    }

    /// What was in flight is ready again, before everything else: whoever sent it will not report.
    pub fn recall(&mut self, now: Timestamp) {
        for number in self.index.in_flight.clone() {
            self.step(number, DeliveryInput::Recall, now);
        }
    }

    /// Drops the oldest settled deliveries while the ledger is over its bound; pending ones stay.
    fn shed(&mut self) {
        while self.bytes > BOUND {
            let Some(oldest) = self.index.settled.first().copied() else { return };
            let Some(gone) = self.deliveries.remove(&oldest) else { return };
            self.index.remove(&gone);
            self.changes.forget(oldest);
            self.bytes -= weight(&gone).min(self.bytes);
            self.evicted += 1;
        }
    }
}

#[cfg(test)]
mod tests;
