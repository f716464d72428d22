//! The index of the outbox: which deliveries are new, ready, in flight or settled, without a walk over all of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::sim::webhook::delivery::{Delivery, DeliveryPhase, DeliveryState};

/// A provider and one of its subscriptions.
type Subscription = (Cow<'static, str>, String);

/// The numbers of the deliveries by where they stand. It follows from the deliveries: it is not written down with
/// them, and made again when they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) new: BTreeSet<u64>,
    /// By turn: in the order in which they became ready. Those that a reply waits for are among them.
    pub(super) ready: BTreeMap<u64, u64>,
    pub(super) before_reply: BTreeMap<u64, u64>,
    pub(super) in_flight: BTreeSet<u64>,
    /// What the ledger may forget. What was cancelled in flight is not among it: its report is still to come.
    pub(super) settled: BTreeSet<u64>,
    /// What a subscription that ends takes along.
    pending: BTreeMap<Subscription, BTreeSet<u64>>,
    /// Held until later ones of the subscription have overtaken them.
    overtakable: BTreeMap<Subscription, BTreeSet<u64>>,
}

fn subscription(delivery: &Delivery) -> Subscription {
    (delivery.provider.clone(), delivery.subscription.clone())
}

/// Takes a number from under a key, and the key when nothing is left there.
fn take(from: &mut BTreeMap<Subscription, BTreeSet<u64>>, delivery: &Delivery) {
    let key = subscription(delivery);
    let Some(numbers) = from.get_mut(&key) else { return };
    numbers.remove(&delivery.number);
    if numbers.is_empty() {
        from.remove(&key);
    }
}

impl Index {
    /// Takes a delivery in.
    pub(super) fn insert(&mut self, delivery: &Delivery) {
        self.enter(delivery);
        if delivery.state() == DeliveryState::Pending {
            self.pending.entry(subscription(delivery)).or_default().insert(delivery.number);
        }
    }

    /// Takes a delivery out.
    pub(super) fn remove(&mut self, delivery: &Delivery) {
        self.leave(delivery);
        take(&mut self.pending, delivery);
    }

    /// Lets a delivery step, and says whether it did.
    pub(super) fn follow(
        &mut self,
        delivery: &mut Delivery,
        step: impl FnOnce(&mut Delivery) -> bool,
    ) -> bool {
        let pending = |delivery: &Delivery| delivery.state() == DeliveryState::Pending;
        let was = pending(delivery);
        self.leave(delivery);
        let moved = step(delivery);
        self.enter(delivery);
        match (was, pending(delivery)) {
            (true, false) => take(&mut self.pending, delivery),
            (false, true) => {
                self.pending.entry(subscription(delivery)).or_default().insert(delivery.number);
            }
            _ => {}
        }
        moved
    }

    fn enter(&mut self, delivery: &Delivery) {
        let number = delivery.number;
        // What is ready has a turn; documents in which it has none are refused.
        let turn = delivery.turn.unwrap_or_default();
        match delivery.phase() {
            DeliveryPhase::New => {
                self.new.insert(number);
            }
            DeliveryPhase::Held => {
                if delivery.overtakers.is_some() {
                    self.overtakable.entry(subscription(delivery)).or_default().insert(number);
                }
            }
            DeliveryPhase::Ready => {
                self.ready.insert(turn, number);
            }
            DeliveryPhase::BeforeReply => {
                self.ready.insert(turn, number);
                self.before_reply.insert(turn, number);
            }
            DeliveryPhase::InFlight | DeliveryPhase::Withdrawn => {
                self.in_flight.insert(number);
            }
            DeliveryPhase::Waiting => {}
            DeliveryPhase::Delivered
            | DeliveryPhase::Failed
            | DeliveryPhase::Captured
            | DeliveryPhase::Cancelled
            | DeliveryPhase::Dropped => {
                self.settled.insert(number);
            }
        }
    }

    fn leave(&mut self, delivery: &Delivery) {
        let number = delivery.number;
        let turn = delivery.turn.unwrap_or_default();
        match delivery.phase() {
            DeliveryPhase::New => {
                self.new.remove(&number);
            }
            DeliveryPhase::Held => {
                if delivery.overtakers.is_some() {
                    take(&mut self.overtakable, delivery);
                }
            }
            DeliveryPhase::Ready => {
                self.ready.remove(&turn);
            }
            DeliveryPhase::BeforeReply => {
                self.ready.remove(&turn);
                self.before_reply.remove(&turn);
            }
            DeliveryPhase::InFlight | DeliveryPhase::Withdrawn => {
                self.in_flight.remove(&number);
            }
            DeliveryPhase::Waiting => {}
            DeliveryPhase::Delivered
            | DeliveryPhase::Failed
            | DeliveryPhase::Captured
            | DeliveryPhase::Cancelled
            | DeliveryPhase::Dropped => {
                self.settled.remove(&number);
            }
        }
    }

    /// What is not settled of a subscription, oldest first.
    pub(super) fn pending(&self, provider: &str, subscription: &str) -> Vec<u64> {
        let key = (Cow::Owned(provider.to_owned()), subscription.to_owned());
        self.pending.get(&key).into_iter().flatten().copied().collect()
    }

    /// What a delivery can overtake: what its subscription holds back for that and is older, oldest first.
    pub(super) fn overtakable(&self, later: &Delivery) -> Vec<u64> {
        if self.overtakable.is_empty() {
            return Vec::new();
        }
        let held = self.overtakable.get(&subscription(later)).into_iter();
        held.flat_map(|numbers| numbers.range(..later.number)).copied().collect()
    }
}
