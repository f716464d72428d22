//! A job: a batch of orders that was taken, and how far its work is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::providers::shipup::machines::{JobInput, JobStatus};
use crate::sim::machine::Tracked;

/// A batch on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub id: u64,
    pub account: u32,
    pub queued_at: Timestamp,
    /// When its turn came.
    pub processed_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub body: Map<String, Value>,
    /// What came of each order.
    pub results: Vec<Value>,
    pub life: Tracked<JobStatus, JobInput>,
}
