//! Webhooks: what is waiting, every attempt that was made, and when the next one is due.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::message::{Body, Headers};
use crate::sim::webhook::egress::{Reach, Target, Url};

pub use crate::sim::webhook::delivery::{
    AppliedFault, Attempt, Delivery, DeliveryState, Outcome, Retry, SUCCESS,
};

/// Which later deliveries of its subscription a delivery waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overtakers {
    /// How many more.
    pub left: u32,
    /// Of which topic; of any when missing.
    pub topic: Option<String>,
}

/// A webhook to promise.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The subscription it is for.
    pub subscription: String,
    /// The topic.
    pub event: Cow<'static, str>,
    /// Where the subscriber wants it.
    pub url: String,
    /// Header fields, the signature among them.
    pub headers: Headers,
    /// The bytes that were signed.
    pub body: Body,
    /// How to try again.
    pub retry: Retry,
}

/// What the shell has to send now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingAttempt {
    /// Which delivery, for the report.
    pub delivery: u64,
    /// Where to.
    pub address: Url,
    /// The `Host` the subscriber believes to be called by.
    pub host: String,
    /// Header fields.
    pub headers: Headers,
    /// The body.
    pub body: Body,
    /// How long the receiver may take, in real time.
    pub timeout: SignedDuration,
}

/// What follows from a receiver's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Settled,
    /// Another attempt at this instant.
    Again(Timestamp),
}

/// The ledger of a world's webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    deliveries: BTreeMap<u64, Delivery>,
    /// What is to go out next, in the order in which it became ready; only what is `queued` still is.
    ready: Vec<u64>,
    queued: BTreeSet<u64>,
    /// Deliveries the shell holds at the moment.
    away: BTreeSet<u64>,
    /// What was put in and not yet laid out in the weather.
    fresh: Vec<u64>,
    /// What is kept back until it is released, or overtaken before that.
    held: BTreeMap<u64, Option<Overtakers>>,
    /// What has to go out before the answer of the call that caused it.
    early: BTreeSet<u64>,
    next: u64,
    evicted: u64,
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
            deliveries: BTreeMap::new(),
            ready: Vec::new(),
            queued: BTreeSet::new(),
            away: BTreeSet::new(),
            fresh: Vec::new(),
            held: BTreeMap::new(),
            early: BTreeSet::new(),
            next: 1,
            evicted: 0,
            bytes: 0,
            reach: Reach::default(),
        }
    }
}

/// A ledger over this many bytes drops its oldest settled deliveries.
pub const BOUND: usize = 16 * 1024 * 1024;

fn weight(delivery: &Delivery) -> usize {
    delivery.body.len() + delivery.headers.weight() + delivery.url.len() + 512
}

impl Outbox {
    /// An empty ledger whose webhooks may go so far.
    pub fn reaching(reach: Reach) -> Self {
        Outbox { reach, ..Outbox::default() }
    }

    /// Puts a webhook in; it is ready at once, or captured when its host is not allowed.
    pub fn promise(&mut self, provider: &'static str, webhook: Webhook, now: Timestamp) -> u64 {
        let number = self.put(provider, webhook, now);
        self.fresh.retain(|fresh| *fresh != number);
        self.make_ready(number, now);
        number
    }

    /// Puts a webhook in that is not ready before somebody has looked at the weather.
    pub fn put(&mut self, provider: &'static str, webhook: Webhook, now: Timestamp) -> u64 {
        let number = self.add(Delivery {
            number: 0,
            at: now,
            provider: provider.into(),
            subscription: webhook.subscription,
            event: webhook.event,
            url: webhook.url,
            headers: webhook.headers,
            body: webhook.body,
            retry: webhook.retry,
            counter: None,
            state: DeliveryState::Pending,
            attempts: Vec::new(),
            weather: None,
        });
        self.fresh.push(number);
        number
    }

    fn add(&mut self, delivery: Delivery) -> u64 {
        let number = self.next;
        self.next += 1;
        self.bytes += weight(&delivery);
        self.deliveries.insert(number, Delivery { number, ..delivery });
        self.shed();
        number
    }

    /// From the second try on, the body of a delivery tells under this key how often it was tried before.
    pub fn count_tries(&mut self, number: u64, key: &'static str) {
        if let Some(delivery) = self.deliveries.get_mut(&number) {
            delivery.counter = Some(key.into());
        }
    }

    /// What was put in since the last look, oldest first.
    pub fn take_fresh(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.fresh)
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

    /// The same once more, under a number of its own; not ready yet.
    pub fn copy(&mut self, number: u64) -> Option<u64> {
        let copy = self.deliveries.get(&number)?.clone();
        Some(self.add(Delivery { state: DeliveryState::Pending, attempts: Vec::new(), ..copy }))
    }

    /// Loses a delivery: nobody is asked.
    pub fn lose(&mut self, number: u64, now: Timestamp, reason: String) {
        if let Some(delivery) = self.deliveries.get_mut(&number) {
            delivery.state = DeliveryState::Dropped;
            delivery.refuse(now, reason);
        }
    }

    /// Keeps a delivery back until it is overtaken or released.
    pub fn hold(&mut self, number: u64, overtaken_by: Option<Overtakers>) {
        self.held.insert(number, overtaken_by);
    }

    /// Makes a delivery ready that is still kept back.
    pub fn release(&mut self, number: u64, now: Timestamp) {
        if self.held.contains_key(&number) {
            self.make_ready(number, now);
        }
    }

    /// Lets a delivery go out before the answer of the call that caused it.
    pub fn hurry(&mut self, number: u64) {
        self.early.insert(number);
    }

    /// Makes a delivery ready to be taken, unless it is settled or its host is not allowed. What waited for it to
    /// overtake them becomes ready behind it.
    pub fn make_ready(&mut self, number: u64, now: Timestamp) {
        let mut next = std::collections::VecDeque::from([number]);
        while let Some(number) = next.pop_front() {
            self.held.remove(&number);
            let Some(delivery) = self.deliveries.get_mut(&number) else { continue };
            if delivery.state != DeliveryState::Pending {
                continue;
            }
            if let Target::Captured(reason) = self.reach.target(&delivery.url) {
                delivery.state = DeliveryState::Captured;
                delivery.refuse(now, reason);
            } else if self.queued.insert(number) {
                self.ready.push(number);
            }
            if !self.held.is_empty() {
                next.extend(self.overtaken_by(number));
            }
        }
    }

    /// What a delivery was the last to overtake, oldest first. A further attempt overtakes nothing.
    fn overtaken_by(&mut self, number: u64) -> Vec<u64> {
        let Some(later) = self.deliveries.get(&number) else { return Vec::new() };
        if later.state == DeliveryState::Pending && !later.attempts.is_empty() {
            return Vec::new();
        }
        let deliveries = &self.deliveries;
        let its = |earlier: &u64| {
            deliveries.get(earlier).is_some_and(|earlier| {
                (&earlier.provider, &earlier.subscription) == (&later.provider, &later.subscription)
            })
        };
        let waiting = self.held.range_mut(..number).filter(|(earlier, _)| its(earlier));
        let passed = waiting.filter_map(|(earlier, by)| {
            let by = by.as_mut()?;
            if by.topic.as_ref().is_some_and(|topic| *topic != later.event) {
                return None;
            }
            by.left = by.left.saturating_sub(1);
            (by.left == 0).then_some(*earlier)
        });
        passed.collect()
    }

    /// Whether something is ready to be sent.
    pub fn has_ready_attempts(&self) -> bool {
        !self.queued.is_empty()
    }

    /// Whether something was handed out and not reported yet.
    pub fn is_away(&self) -> bool {
        !self.away.is_empty()
    }

    /// The deliveries that are ready or handed out, by number.
    pub fn under_way(&self) -> impl Iterator<Item = u64> {
        self.queued.union(&self.away).copied()
    }

    /// Hands out what is ready, in order.
    pub fn take(&mut self) -> Vec<OutgoingAttempt> {
        self.early.clear();
        let ready = std::mem::take(&mut self.ready);
        self.hand_out(&ready)
    }

    /// Hands out what has to go out before the answer of the call that caused it.
    pub fn take_early(&mut self) -> Vec<OutgoingAttempt> {
        let early = std::mem::take(&mut self.early);
        if early.is_empty() {
            return Vec::new();
        }
        let ready: Vec<u64> = self.ready.iter().copied().filter(|it| early.contains(it)).collect();
        self.ready.retain(|number| !early.contains(number));
        self.hand_out(&ready)
    }

    fn hand_out(&mut self, ready: &[u64]) -> Vec<OutgoingAttempt> {
        let mut attempts = Vec::with_capacity(ready.len());
        for number in ready {
            if !self.queued.remove(number) {
                continue;
            }
            let Some(delivery) = self.deliveries.get_mut(number) else { continue };
            let Target::Send(address) = self.reach.target(&delivery.url) else { continue };
            let before = delivery.body.len();
            delivery.count();
            self.bytes = (self.bytes + delivery.body.len()).saturating_sub(before);
            let host =
                Url::of(&delivery.url).map_or_else(|| address.authority(), |own| own.authority());
            attempts.push(OutgoingAttempt {
                delivery: *number,
                address,
                host,
                headers: delivery.headers.clone(),
                body: delivery.body.clone(),
                timeout: delivery.retry.timeout,
            });
            self.away.insert(*number);
        }
        attempts
    }

    /// Writes down what a receiver did. `None` for a delivery that is not out.
    pub fn told(
        &mut self,
        number: u64,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Option<(&Delivery, Next)> {
        if !self.away.remove(&number) {
            return None;
        }
        let reach = &self.reach;
        let delivery = self.deliveries.get_mut(&number)?;
        let url = match reach.target(&delivery.url) {
            Target::Send(address) => address.to_string(),
            Target::Captured(_) => delivery.url.clone(),
        };
        let tried = delivery.attempts.len();
        let (status, error) = match outcome {
            Outcome::Answered(status) => (Some(*status), None),
            Outcome::Failed(reason) => (None, Some(reason.clone())),
        };
        delivery.attempts.push(Attempt { at: now, number: tried as u32 + 1, url, status, error });
        let mut next = Next::Settled;
        if delivery.state == DeliveryState::Pending {
            match delivery.retry.waits.get(tried) {
                _ if delivery.retry.accepts(outcome) => delivery.state = DeliveryState::Delivered,
                Some(wait) => {
                    next = Next::Again(now.saturating_add(*wait).unwrap_or(Timestamp::MAX))
                }
                None => delivery.state = DeliveryState::Failed,
            }
        }
        Some((delivery, next))
    }

    /// Takes back everything that is still pending for a subscription.
    pub fn cancel(&mut self, provider: &str, subscription: &str) {
        for delivery in self.deliveries.values_mut() {
            let its = delivery.provider == provider && delivery.subscription == subscription;
            if its && delivery.state == DeliveryState::Pending {
                delivery.state = DeliveryState::Cancelled;
                self.queued.remove(&delivery.number);
                self.held.remove(&delivery.number);
            }
        }
    }

    /// Sends a delivery once more, from the beginning of its retry table.
    pub fn redeliver(&mut self, id: &str, now: Timestamp) -> Option<&Delivery> {
        let number = self.find(id)?.number;
        let delivery = self.deliveries.get_mut(&number)?;
        delivery.state = DeliveryState::Pending;
        if !self.away.contains(&number) {
            self.make_ready(number, now);
        }
        self.deliveries.get(&number)
    }

    /// A delivery by its id.
    pub fn find(&self, id: &str) -> Option<&Delivery> {
        self.deliveries.get(&id.strip_prefix('d')?.parse().ok()?)
    }

    /// The deliveries, oldest first.
    pub fn deliveries(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.values()
    }

    /// Bytes held, the bound, and how many deliveries had to go.
    pub fn measure(&self) -> (usize, usize, u64) {
        (self.bytes, BOUND, self.evicted)
    }

    /// After it was read from a document: what follows from the deliveries is reckoned, what they rely on looked at.
    ///
    /// # Errors
    /// A sentence when it could not have been written like this.
    pub fn settle(&mut self) -> Result<(), String> {
        for (key, delivery) in &self.deliveries {
            if *key != delivery.number || *key >= self.next {
                return Err(format!(
                    "delivery {key} is numbered {}, the next is {}",
                    delivery.number, self.next
                ));
            }
        }
        let known = |number: &&u64| !self.deliveries.contains_key(number);
        let mentioned = self.ready.iter().chain(&self.queued).chain(&self.away);
        let mentioned = mentioned.chain(&self.fresh).chain(&self.early).chain(self.held.keys());
        if let Some(stray) = mentioned.into_iter().find(known) {
            return Err(format!("delivery {stray} is ready or on its way, but there is none"));
        }
        if let Some(stray) = self.queued.iter().find(|number| !self.ready.contains(number)) {
            return Err(format!("delivery {stray} is to go out, but has no place in the order"));
        }
        self.bytes = self.deliveries.values().map(weight).sum();
        Ok(())
    }

    /// What was on its way is ready again: whoever carried it will not report.
    pub fn recall(&mut self) {
        let away = std::mem::take(&mut self.away);
        let again = away.into_iter().filter(|number| self.queued.insert(*number));
        self.ready.splice(0..0, again.collect::<Vec<_>>());
    }

    /// Drops the oldest settled deliveries while the ledger is over its bound; pending ones stay.
    fn shed(&mut self) {
        while self.bytes > BOUND {
            let settled = |delivery: &&Delivery| delivery.state != DeliveryState::Pending;
            let Some(number) =
                self.deliveries.values().find(settled).map(|delivery| delivery.number)
            else {
                return;
            };
            if let Some(gone) = self.deliveries.remove(&number) {
                self.bytes -= weight(&gone).min(self.bytes);
                self.evicted += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{DeliveryState, Next, Outbox, Outcome, Overtakers, Retry, Webhook};
    use crate::message::{Body, Headers};

    fn webhook(url: &str) -> Webhook {
        const WAITS: &[SignedDuration] =
            &[SignedDuration::from_secs(10), SignedDuration::from_secs(100)];
        Webhook {
            subscription: "1".into(),
            event: "topic".into(),
            url: url.into(),
            headers: Headers::default(),
            body: Body::from("{}"),
            retry: Retry {
                timeout: SignedDuration::from_secs(3),
                waits: WAITS.into(),
                accepted: super::SUCCESS,
            },
        }
    }

    #[test]
    fn three_tries_then_failed() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let number = outbox.promise("any", webhook("http://127.0.0.1:1/"), now);
        let mut at = now;
        for wait in [Some(10), Some(100), None] {
            assert_eq!(outbox.take().len(), 1);
            assert!(outbox.take().is_empty());
            let (_, next) = outbox.told(number, &Outcome::Answered(500), at).unwrap();
            match wait {
                Some(wait) => {
                    at += SignedDuration::from_secs(wait);
                    assert_eq!(next, Next::Again(at));
                    outbox.make_ready(number, at);
                }
                None => assert_eq!(next, Next::Settled),
            }
        }
        let delivery = outbox.find("d1").unwrap();
        assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Failed, 3));
    }

    #[test]
    fn a_body_that_counts_its_tries_differs_in_nothing_else() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let body = r#"{"id":1,"tried":0,"data":{"tried":9,"x":1.50}}"#;
        let webhook = Webhook { body: Body::from(body), ..webhook("http://127.0.0.1:1/") };
        let number = outbox.promise("any", webhook, now);
        outbox.count_tries(number, "tried");
        for tried in 0..3 {
            let attempt = outbox.take().pop().unwrap();
            let expected = body.replacen("\"tried\":0", &format!("\"tried\":{tried}"), 1);
            assert_eq!(attempt.body.text(), expected);
            assert_eq!(outbox.find("d1").unwrap().body.text(), expected);
            outbox.told(number, &Outcome::Answered(500), now);
            outbox.make_ready(number, now);
        }
    }

    #[test]
    fn a_cancelled_delivery_is_not_tried_again_and_a_foreign_host_is_only_captured() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let number = outbox.promise("any", webhook("http://localhost:1/"), now);
        assert_eq!(outbox.take().len(), 1);
        outbox.cancel("any", "1");
        let (delivery, next) =
            outbox.told(number, &Outcome::Failed("refused".into()), now).unwrap();
        assert_eq!((delivery.state, next), (DeliveryState::Cancelled, Next::Settled));
        outbox.promise("any", webhook("https://mystore.com/"), now);
        assert!(!outbox.has_ready_attempts());
        assert_eq!(outbox.find("d2").unwrap().state, DeliveryState::Captured);
    }

    #[test]
    fn what_is_kept_back_goes_out_behind_the_one_that_overtakes_it() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let put = |outbox: &mut Outbox, subscription: &str| {
            let webhook = webhook("http://127.0.0.1:1/");
            outbox.put("any", Webhook { subscription: subscription.into(), ..webhook }, now)
        };
        let (first, second, other, third) = (
            put(&mut outbox, "1"),
            put(&mut outbox, "1"),
            put(&mut outbox, "2"),
            put(&mut outbox, "1"),
        );
        assert_eq!(outbox.take_fresh(), [first, second, other, third]);
        assert!(
            !outbox.has_ready_attempts(),
            "nothing goes out before somebody looked at the weather"
        );
        outbox.hold(first, Some(Overtakers { left: 2, topic: None }));
        outbox.hold(second, Some(Overtakers { left: 1, topic: Some("topic".into()) }));
        outbox.make_ready(other, now);
        outbox.make_ready(third, now);
        let order: Vec<u64> = outbox.take().iter().map(|attempt| attempt.delivery).collect();
        // The second, overtaken by the third, overtakes the first in turn.
        assert_eq!(order, [other, third, second, first]);
        outbox.release(first, now);
        assert!(!outbox.has_ready_attempts(), "what went out is not released once more");
    }

    #[test]
    fn what_is_early_is_taken_alone_and_what_is_lost_is_never_taken() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let [usual, early, lost] =
            [(); 3].map(|()| outbox.put("any", webhook("http://127.0.0.1:1/"), now));
        outbox.lose(lost, now, "lost".into());
        outbox.hurry(early);
        [usual, early, lost].into_iter().for_each(|number| outbox.make_ready(number, now));
        let taken = |attempts: Vec<super::OutgoingAttempt>| -> Vec<u64> {
            attempts.iter().map(|attempt| attempt.delivery).collect()
        };
        assert_eq!(taken(outbox.take_early()), [early]);
        assert_eq!(taken(outbox.take()), [usual]);
        assert_eq!(outbox.find("d3").unwrap().state, DeliveryState::Dropped);
    }
}
