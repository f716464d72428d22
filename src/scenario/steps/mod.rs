//! The steps of a scenario, as a file writes them: what happens, and what must come back.
//!
//! Each is one key with its value (`- advance: 61m`), which is the form in which every mistake keeps its place.
//! In every text a hole such as `${order}` stands for what an earlier request kept under that name.

mod expected;
mod forms;
mod request;
mod subject;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::policy::rule::Rule;

pub use expected::{Calls, EntityExpectation, Hooks, WebhookExpectation};
pub use forms::{Advance, Move, Reset, Text, Until};
pub use request::{
    BadWord, CallLine, CallTarget, Expect, KeptValues, MOST_TIMES, Together, target,
};
pub use subject::{SubjectField, SubjectKind};

/// One step.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ScenarioStep")]
pub enum Step {
    /// A call to a provider, and what must come back.
    Request(Box<CallLine>),
    /// Calls that are out at the same time. One follows the other, in an order drawn from the seed.
    Together(Together),
    /// Data an operator of a provider could set: `shipper.product[first].stock: 5`.
    Set(Map<String, Value>),
    /// Time passes, and what falls due happens.
    Advance(Advance),
    /// An entity moves along its table.
    Move(Move),
    /// A fault or an override from here on.
    Rule(Box<Rule>),
    /// The world is dropped and built again; what was kept stays.
    Reset(Reset),
    /// The webhooks that must have been sent since the step like this before it.
    Webhooks(Hooks),
    /// The calls that must have come.
    Requests(Vec<Calls>),
    /// What the receivers of webhooks answer from here on; 200 from the start.
    Receiver(Receiver),
    /// How an entity must stand, seen from inside, where no answer of its provider tells.
    Entity(EntityExpectation),
}

/// The words for the steps.
#[rustfmt::skip]
#[cfg_attr(surface_only, expect(dead_code, reason = "a test holds the vocabulary against the schema"))]
pub const WORDS: &[&str] = &[
    "request", "together", "set", "advance", "move", "rule", "reset", "webhooks", "requests", "receiver",
    "entity",
];

/// What the receivers of webhooks do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// The status they answer with.
    #[serde(default)]
    pub status: Option<u16>,
    /// Why they do not answer, as `connection refused`.
    #[serde(default)]
    pub fails: Option<String>,
    /// For how many webhooks; then it is 200 again. Until the next such step when missing.
    #[serde(default, rename = "for")]
    pub times: Option<u64>,
}
