//! Webhooks: the delivery and its retries, the outbox that keeps them, and where they may go.

pub mod delivery;
pub mod egress;
pub mod outbox;
