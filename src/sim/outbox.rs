//! Webhooks: what is waiting, every attempt that was made, and when the next one is due.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::http::{Body, Headers};
use crate::sim::reach::{Address, Reach, Target};

crate::words! {
    /// Where a delivery stands.
    pub enum Standing {
        /// Waiting for its first or next attempt.
        Pending = "pending",
        /// The receiver said 2xx.
        Delivered = "delivered",
        /// Every attempt failed.
        Failed = "failed",
        /// Not sent: its host is not allowed.
        Captured = "captured",
        /// Taken back before it was delivered.
        Cancelled = "cancelled",
    }
}

/// How a provider tries again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// How long a receiver may take.
    pub timeout: SignedDuration,
    /// The waits between attempts; one attempt more than waits.
    pub waits: Cow<'static, [SignedDuration]>,
}

/// What a receiver did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It answered with this status.
    Answered(u16),
    /// It did not; why not.
    Failed(String),
}

impl Outcome {
    /// Whether the webhook counts as delivered.
    pub fn is_success(&self) -> bool {
        matches!(self, Outcome::Answered(200..=299))
    }
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// World time.
    pub at: Timestamp,
    /// Counts from 1.
    pub number: u32,
    /// Where it really went.
    pub url: String,
    /// The receiver's status.
    pub status: Option<u16>,
    /// Why there is none, or why nothing was sent.
    pub error: Option<String>,
}

/// A webhook on its way to one subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Counts from 1 in each world.
    pub number: u64,
    /// When it was promised, in world time.
    pub at: Timestamp,
    /// Who sends it.
    pub provider: Cow<'static, str>,
    /// The subscription it is for, in its provider's words.
    pub subscription: String,
    /// The topic.
    pub event: Cow<'static, str>,
    /// Where the subscriber wants it.
    pub url: String,
    /// Header fields, the signature among them.
    #[serde(with = "crate::http::one_by_one")]
    pub headers: Headers,
    /// The bytes that were signed.
    pub body: Body,
    /// How to try again.
    pub retry: Retry,
    /// The key of its JSON body that tells how often it was tried before, where bodies do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<Cow<'static, str>>,
    /// Where it stands.
    pub state: Standing,
    /// What was tried.
    pub attempts: Vec<Attempt>,
}

impl Delivery {
    /// The id under which the ledger lists it.
    pub fn id(&self) -> String {
        format!("d{}", self.number)
    }

    /// Writes into the body how often it was tried before, if it has a key for that. Everything else of it stays as
    /// it was to the byte; the key's first place is the body's own, since what it carries stands behind it.
    fn count(&mut self) {
        let Some(counter) = self.counter.as_deref().filter(|_| !self.attempts.is_empty()) else {
            return;
        };
        let key = format!("\"{counter}\":");
        let text = self.body.text();
        let Some((before, behind)) = text.split_once(&key) else { return };
        let rest = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        let counted = format!("{before}{key}{}{rest}", self.attempts.len());
        self.body = Body::from(counted);
    }
}

/// A webhook to promise.
#[derive(Debug, Clone)]
pub struct Parcel {
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
pub struct Post {
    /// Which delivery, for the report.
    pub delivery: u64,
    /// Where to.
    pub address: Address,
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
    ready: BTreeSet<u64>,
    /// Deliveries the shell holds at the moment.
    away: BTreeSet<u64>,
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
            ready: BTreeSet::new(),
            away: BTreeSet::new(),
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
    pub fn promise(&mut self, provider: &'static str, parcel: Parcel, now: Timestamp) -> u64 {
        let number = self.next;
        self.next += 1;
        let delivery = Delivery {
            number,
            at: now,
            provider: provider.into(),
            subscription: parcel.subscription,
            event: parcel.event,
            url: parcel.url,
            headers: parcel.headers,
            body: parcel.body,
            retry: parcel.retry,
            counter: None,
            state: Standing::Pending,
            attempts: Vec::new(),
        };
        self.bytes += weight(&delivery);
        self.deliveries.insert(number, delivery);
        self.make_ready(number, now);
        self.shed();
        number
    }

    /// From the second try on, the body of a delivery tells under this key how often it was tried before.
    pub fn count_tries(&mut self, number: u64, key: &'static str) {
        if let Some(delivery) = self.deliveries.get_mut(&number) {
            delivery.counter = Some(key.into());
        }
    }

    /// Makes a delivery ready to be taken, unless it is settled or its host is not allowed.
    pub fn make_ready(&mut self, number: u64, now: Timestamp) {
        let Some(delivery) = self.deliveries.get_mut(&number) else { return };
        if delivery.state != Standing::Pending {
            return;
        }
        if let Target::Captured(reason) = self.reach.target(&delivery.url) {
            delivery.state = Standing::Captured;
            delivery.attempts.push(Attempt {
                at: now,
                number: delivery.attempts.len() as u32 + 1,
                url: delivery.url.clone(),
                status: None,
                error: Some(reason),
            });
            return;
        }
        self.ready.insert(number);
    }

    /// Whether something is ready to be sent.
    pub fn has_posts(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether something was handed out and not reported yet.
    pub fn is_away(&self) -> bool {
        !self.away.is_empty()
    }

    /// The deliveries that are ready or handed out, by number.
    pub fn under_way(&self) -> impl Iterator<Item = u64> {
        self.ready.union(&self.away).copied()
    }

    /// Hands out what is ready, in order.
    pub fn take(&mut self) -> Vec<Post> {
        let ready = std::mem::take(&mut self.ready);
        let mut posts = Vec::with_capacity(ready.len());
        for number in ready {
            let Some(delivery) = self.deliveries.get_mut(&number) else { continue };
            let Target::Send(address) = self.reach.target(&delivery.url) else { continue };
            let before = delivery.body.len();
            delivery.count();
            self.bytes = (self.bytes + delivery.body.len()).saturating_sub(before);
            let host = Address::of(&delivery.url)
                .map_or_else(|| address.authority(), |own| own.authority());
            posts.push(Post {
                delivery: number,
                address,
                host,
                headers: delivery.headers.clone(),
                body: delivery.body.clone(),
                timeout: delivery.retry.timeout,
            });
            self.away.insert(number);
        }
        posts
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
        if delivery.state == Standing::Pending {
            match delivery.retry.waits.get(tried) {
                _ if outcome.is_success() => delivery.state = Standing::Delivered,
                Some(wait) => {
                    next = Next::Again(now.saturating_add(*wait).unwrap_or(Timestamp::MAX))
                }
                None => delivery.state = Standing::Failed,
            }
        }
        Some((delivery, next))
    }

    /// Takes back everything that is still pending for a subscription.
    pub fn cancel(&mut self, provider: &str, subscription: &str) {
        for delivery in self.deliveries.values_mut() {
            let its = delivery.provider == provider && delivery.subscription == subscription;
            if its && delivery.state == Standing::Pending {
                delivery.state = Standing::Cancelled;
                self.ready.remove(&delivery.number);
            }
        }
    }

    /// Sends a delivery once more, from the beginning of its retry table.
    pub fn redeliver(&mut self, id: &str, now: Timestamp) -> Option<&Delivery> {
        let number = self.find(id)?.number;
        let delivery = self.deliveries.get_mut(&number)?;
        delivery.state = Standing::Pending;
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
        if let Some(stray) = self.ready.iter().chain(&self.away).find(known) {
            return Err(format!("delivery {stray} is ready or on its way, but there is none"));
        }
        self.bytes = self.deliveries.values().map(weight).sum();
        Ok(())
    }

    /// What was on its way is ready again: whoever carried it will not report.
    pub fn recall(&mut self) {
        self.ready.append(&mut self.away);
    }

    /// Drops the oldest settled deliveries while the ledger is over its bound; pending ones stay.
    fn shed(&mut self) {
        while self.bytes > BOUND {
            let settled = |delivery: &&Delivery| delivery.state != Standing::Pending;
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

    use super::{Next, Outbox, Outcome, Parcel, Retry, Standing};
    use crate::http::{Body, Headers};

    fn parcel(url: &str) -> Parcel {
        const WAITS: &[SignedDuration] =
            &[SignedDuration::from_secs(10), SignedDuration::from_secs(100)];
        Parcel {
            subscription: "1".into(),
            event: "topic".into(),
            url: url.into(),
            headers: Headers::default(),
            body: Body::from("{}"),
            retry: Retry { timeout: SignedDuration::from_secs(3), waits: WAITS.into() },
        }
    }

    #[test]
    fn three_tries_then_failed() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let number = outbox.promise("any", parcel("http://127.0.0.1:1/"), now);
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
        assert_eq!((delivery.state, delivery.attempts.len()), (Standing::Failed, 3));
    }

    #[test]
    fn a_body_that_counts_its_tries_differs_in_nothing_else() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let body = r#"{"id":1,"tried":0,"data":{"tried":9,"x":1.50}}"#;
        let parcel = Parcel { body: Body::from(body), ..parcel("http://127.0.0.1:1/") };
        let number = outbox.promise("any", parcel, now);
        outbox.count_tries(number, "tried");
        for tried in 0..3 {
            let post = outbox.take().pop().unwrap();
            let expected = body.replacen("\"tried\":0", &format!("\"tried\":{tried}"), 1);
            assert_eq!(post.body.text(), expected);
            assert_eq!(outbox.find("d1").unwrap().body.text(), expected);
            outbox.told(number, &Outcome::Answered(500), now);
            outbox.make_ready(number, now);
        }
    }

    #[test]
    fn a_cancelled_delivery_is_not_tried_again_and_a_foreign_host_is_only_captured() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outbox = Outbox::default();
        let number = outbox.promise("any", parcel("http://localhost:1/"), now);
        assert_eq!(outbox.take().len(), 1);
        outbox.cancel("any", "1");
        let (delivery, next) =
            outbox.told(number, &Outcome::Failed("refused".into()), now).unwrap();
        assert_eq!((delivery.state, next), (Standing::Cancelled, Next::Settled));
        outbox.promise("any", parcel("https://mystore.com/"), now);
        assert!(!outbox.has_posts());
        assert_eq!(outbox.find("d2").unwrap().state, Standing::Captured);
    }
}
