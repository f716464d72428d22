//! The delivery of a webhook: its life cycle as a state machine, its retries, and every attempt that was made.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::message::{Body, Headers};
use crate::sim::machine::{Machine, Passage, Tracked, row};
use crate::sim::webhook::egress::Url;

crate::words! {
    /// Where a delivery stands, as the ledger prints it.
    pub enum DeliveryState as "Standing" {
        /// Waiting for its first or next attempt.
        Pending = "pending",
        /// The receiver said that it has it.
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

crate::words! {
    /// The states of a delivery's life cycle. The ledger prints fewer: it has one word for all that is not settled.
    pub enum DeliveryPhase {
        /// Put into the outbox; the webhook rules have not been asked yet.
        New = "new",
        /// Kept back by a rule, until its time has come or later ones have overtaken it.
        Held = "held",
        /// Its next attempt goes out as soon as somebody takes it.
        Ready = "ready",
        /// The same, and the reply of the call that caused it waits for its receiver.
        BeforeReply = "before_reply",
        /// An attempt was handed out; what its receiver did is not known yet.
        InFlight = "in_flight",
        /// Cancelled while an attempt was on its way: whatever is reported, nothing follows.
        Withdrawn = "withdrawn",
        /// Between two attempts.
        Waiting = "waiting",
        /// The receiver said that it has it.
        Delivered = "delivered",
        /// Every attempt failed.
        Failed = "failed",
        /// Not sent: its host is not allowed.
        Captured = "captured",
        /// Taken back before it was delivered.
        Cancelled = "cancelled",
        /// Lost on its way by a rule.
        Dropped = "dropped",
    }
}

impl DeliveryPhase {
    /// What the ledger prints for it.
    pub const fn state(self) -> DeliveryState {
        match self {
            DeliveryPhase::New
            | DeliveryPhase::Held
            | DeliveryPhase::Ready
            | DeliveryPhase::BeforeReply
            | DeliveryPhase::InFlight
            | DeliveryPhase::Waiting => DeliveryState::Pending,
            DeliveryPhase::Delivered => DeliveryState::Delivered,
            DeliveryPhase::Failed => DeliveryState::Failed,
            DeliveryPhase::Captured => DeliveryState::Captured,
            DeliveryPhase::Withdrawn | DeliveryPhase::Cancelled => DeliveryState::Cancelled,
            DeliveryPhase::Dropped => DeliveryState::Dropped,
        }
    }

    /// Whether it has a place among those that are ready, or had it and may be recalled to it.
    pub(super) const fn has_turn(self) -> bool {
        matches!(
            self,
            DeliveryPhase::Ready
                | DeliveryPhase::BeforeReply
                | DeliveryPhase::InFlight
                | DeliveryPhase::Withdrawn
        )
    }
}

crate::words! {
    /// What can happen to a delivery.
    pub enum DeliveryInput {
        /// A rule keeps it back.
        Hold = "hold",
        /// A rule loses it.
        Drop = "drop",
        /// No rule keeps it back.
        Enqueue = "enqueue",
        /// The same, and its receiver shall have it before the reply.
        EnqueueBeforeReply = "enqueue_before_reply",
        /// It is no longer kept back.
        Release = "release",
        /// The wait before its next attempt is over.
        Retry = "retry",
        /// It should go out, but its host is not allowed.
        Capture = "capture",
        /// An attempt is handed out.
        Take = "take",
        /// The receiver has it.
        Accept = "accept",
        /// The receiver has it not, and there are attempts left.
        Refuse = "refuse",
        /// The receiver has it not, and that was the last attempt.
        GiveUp = "give_up",
        /// An attempt ended after the delivery was cancelled.
        Report = "report",
        /// Its subscription ended.
        Cancel = "cancel",
        /// Whoever had taken the attempt will not report: its world was written down meanwhile.
        Recall = "recall",
        /// An operator sends it once more.
        Redeliver = "redeliver",
    }
}

crate::machine_words!(DeliveryPhase, DeliveryInput);

use DeliveryInput as On;
use DeliveryPhase as At;

/// The life of a delivery. No state is final: whatever became of one, an operator may send it once more.
#[rustfmt::skip]
pub static WEBHOOK_DELIVERY: Machine<DeliveryPhase, DeliveryInput> = Machine {
    name: "webhook-delivery",
    starts: &[At::New],
    finals: &[],
    rows: &[
        row(At::New,         On::Hold,               At::Held,        None),
        row(At::New,         On::Drop,               At::Dropped,     None),
        row(At::New,         On::Enqueue,            At::Ready,       None),
        row(At::New,         On::EnqueueBeforeReply, At::BeforeReply, None),
        row(At::New,         On::Capture,            At::Captured,    None),
        row(At::New,         On::Cancel,             At::Cancelled,   None),
        row(At::Held,        On::Release,            At::Ready,       None),
        row(At::Held,        On::Redeliver,          At::Ready,       None),
        row(At::Held,        On::Capture,            At::Captured,    None),
        row(At::Held,        On::Cancel,             At::Cancelled,   None),
        row(At::Ready,       On::Take,               At::InFlight,    None),
        row(At::Ready,       On::Capture,            At::Captured,    None),
        row(At::Ready,       On::Cancel,             At::Cancelled,   None),
        row(At::BeforeReply, On::Take,               At::InFlight,    None),
        row(At::BeforeReply, On::Capture,            At::Captured,    None),
        row(At::BeforeReply, On::Cancel,             At::Cancelled,   None),
        row(At::InFlight,    On::Accept,             At::Delivered,   None),
        row(At::InFlight,    On::Refuse,             At::Waiting,     None),
        row(At::InFlight,    On::GiveUp,             At::Failed,      None),
        row(At::InFlight,    On::Cancel,             At::Withdrawn,   None),
        row(At::InFlight,    On::Recall,             At::Ready,       None),
        row(At::Withdrawn,   On::Report,             At::Cancelled,   None),
        row(At::Withdrawn,   On::Recall,             At::Cancelled,   None),
        row(At::Withdrawn,   On::Redeliver,          At::InFlight,    None),
        row(At::Waiting,     On::Retry,              At::Ready,       None),
        row(At::Waiting,     On::Redeliver,          At::Ready,       None),
        row(At::Waiting,     On::Capture,            At::Captured,    None),
        row(At::Waiting,     On::Cancel,             At::Cancelled,   None),
        row(At::Delivered,   On::Redeliver,          At::Ready,       None),
        row(At::Delivered,   On::Capture,            At::Captured,    None),
        row(At::Failed,      On::Redeliver,          At::Ready,       None),
        row(At::Failed,      On::Capture,            At::Captured,    None),
        row(At::Captured,    On::Redeliver,          At::Ready,       None),
        row(At::Captured,    On::Capture,            At::Captured,    None),
        row(At::Cancelled,   On::Redeliver,          At::Ready,       None),
        row(At::Cancelled,   On::Capture,            At::Captured,    None),
        row(At::Dropped,     On::Redeliver,          At::Ready,       None),
        row(At::Dropped,     On::Capture,            At::Captured,    None),
    ],
};

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
    /// Whether the receiver said that it has the webhook. The only place where this is decided: a provider that
    /// counts failures asks the same question of the same answer.
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

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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

/// Which later deliveries of its subscription a delivery waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overtakers {
    /// How many more.
    pub left: u32,
    /// Of which topic; of any when missing.
    pub topic: Option<String>,
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
    life: Tracked<DeliveryPhase, DeliveryInput>,
    /// Its place among those that are ready. It keeps the place while in flight, so that what is recalled goes out
    /// before what became ready after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) turn: Option<u64>,
    /// Whom it waits for while it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) overtakers: Option<Overtakers>,
    /// What was tried, the last [`KEPT`] times.
    pub attempts: Vec<Attempt>,
    /// How many older attempts are no longer among them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) forgotten: u32,
    /// What a rule of the scenario did to it.
    #[serde(default)]
    pub weather: Option<Box<AppliedFault>>,
}

/// How many attempts of a delivery are kept: far more than any provider makes, so only what an operator sends again and
/// again loses its beginning.
pub const KEPT: usize = 100;
/// How many steps of its life are kept: an attempt is ready, in flight, and over.
const KEPT_STEPS: usize = 3 * KEPT;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What a rule of the scenario did to a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "Weather")]
pub struct AppliedFault {
    /// What the rule is called.
    pub rule: String,
    /// What it did, each in a few words.
    pub did: Vec<String>,
}

impl Delivery {
    /// One that begins now. The outbox numbers it.
    pub(super) fn of(provider: &'static str, webhook: Webhook, now: Timestamp) -> Delivery {
        Delivery {
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
            life: WEBHOOK_DELIVERY.start(),
            turn: None,
            overtakers: None,
            attempts: Vec::new(),
            forgotten: 0,
            weather: None,
        }
    }

    /// The same webhook at the beginning of a life of its own.
    pub(super) fn copy(&self) -> Delivery {
        let (life, attempts) = (WEBHOOK_DELIVERY.start(), Vec::new());
        Delivery { life, turn: None, overtakers: None, attempts, forgotten: 0, ..self.clone() }
    }

    /// How often it was tried, what is no longer kept of it included.
    pub fn tried(&self) -> u32 {
        self.forgotten.saturating_add(self.attempts.len() as u32)
    }

    /// Writes an attempt down, and forgets the oldest beyond those that are kept.
    pub(super) fn note(
        &mut self,
        at: Timestamp,
        url: String,
        status: Option<u16>,
        error: Option<String>,
    ) {
        let number = self.tried().saturating_add(1);
        self.attempts.push(Attempt { at, number, url, status, error });
        let over = self.attempts.len().saturating_sub(KEPT);
        self.attempts.drain(..over);
        self.forgotten = self.forgotten.saturating_add(over as u32);
    }

    /// The id under which the ledger lists it.
    pub fn id(&self) -> String {
        format!("d{}", self.number)
    }

    /// Where it stands, as the ledger prints it.
    pub fn state(&self) -> DeliveryState {
        self.phase().state()
    }

    /// Where it stands in its life cycle.
    pub fn phase(&self) -> DeliveryPhase {
        self.life.state()
    }

    /// The steps of its life, oldest first.
    pub fn history(&self) -> &[Passage<DeliveryPhase, DeliveryInput>] {
        self.life.history()
    }

    /// Moves it along its table and says whether there is such a row. A missing row is no mistake: time and
    /// receivers come late, as a release does for what was redelivered meanwhile.
    pub(super) fn step(&mut self, on: DeliveryInput, now: Timestamp) -> bool {
        let moved = WEBHOOK_DELIVERY.step(&mut self.life, on, now).is_ok();
        self.life.keep_last(KEPT_STEPS);
        moved
    }

    /// Writes into the body how often it was tried before, if it has a key for that. Everything else of it stays as
    /// it was to the byte; the key's first place is the body's own, since what it tells of stands behind it.
    pub(super) fn count(&mut self) {
        let Some(counter) = self.counter.as_deref().filter(|_| self.tried() > 0) else {
            return;
        };
        let key = format!("\"{counter}\":");
        let text = self.body.text();
        let Some((before, behind)) = text.split_once(&key) else { return };
        let rest = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        let counted = format!("{before}{key}{}{rest}", self.tried());
        self.body = Body::from(counted);
    }

    /// Writes down, as an attempt, why nothing was sent.
    pub(super) fn note_unsent(&mut self, now: Timestamp, reason: String) {
        self.note(now, self.url.clone(), None, Some(reason));
    }
}
