//! Webhooks: the delivery as a state machine with its retries, the outbox that keeps all of them, and where they may go.

mod change_order;
pub mod delivery;
pub mod egress;
mod index;
pub mod outbox;
