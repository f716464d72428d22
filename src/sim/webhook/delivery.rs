//! A webhook on its way: where it stands, what was tried, and what the weather did to it.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::message::{Body, Headers};

crate::words! {
    /// Where a delivery stands.
    pub enum DeliveryState as "Standing" {
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
        /// Lost on its way: a rule of the scenario said so.
        Dropped = "dropped",
    }
}

/// How a provider tries again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// How long a receiver may take.
    pub timeout: SignedDuration,
    /// The waits between attempts; one attempt more than waits.
    pub waits: Cow<'static, [SignedDuration]>,
    /// The statuses, from and to, by which the receiver says that it has it.
    pub accepted: (u16, u16),
}

/// Any status of success: what most senders are content with.
pub const SUCCESS: (u16, u16) = (200, 299);

impl Retry {
    /// Whether a delivery is settled by what the receiver did.
    pub fn accepts(&self, outcome: &Outcome) -> bool {
        let (from, to) = self.accepted;
        matches!(outcome, Outcome::Answered(status) if (from..=to).contains(status))
    }
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
    #[serde(with = "crate::message::one_by_one")]
    pub headers: Headers,
    /// The bytes that were signed.
    pub body: Body,
    /// How to try again.
    pub retry: Retry,
    /// The key of its JSON body that tells how often it was tried before, where bodies do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<Cow<'static, str>>,
    /// Where it stands.
    pub state: DeliveryState,
    /// What was tried.
    pub attempts: Vec<Attempt>,
    /// What a rule of the scenario did to it.
    #[serde(default)]
    pub weather: Option<Box<AppliedFault>>,
}

/// What a rule of the scenario did to a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedFault {
    /// What the rule is called.
    pub rule: String,
    /// What it did, each in a few words.
    pub did: Vec<String>,
}

impl Delivery {
    /// The id under which the ledger lists it.
    pub fn id(&self) -> String {
        format!("d{}", self.number)
    }

    /// Writes into the body how often it was tried before, if it has a key for that. Everything else of it stays as
    /// it was to the byte; the key's first place is the body's own, since what it carries stands behind it.
    pub(super) fn count(&mut self) {
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

    /// Writes down why nothing was sent.
    pub(super) fn refuse(&mut self, now: Timestamp, reason: String) {
        self.attempts.push(Attempt {
            at: now,
            number: self.attempts.len() as u32 + 1,
            url: self.url.clone(),
            status: None,
            error: Some(reason),
        });
    }
}
