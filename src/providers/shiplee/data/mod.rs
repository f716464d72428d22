//! Data that does not change: tables of what the provider knows.

pub mod body;
pub mod front;
pub mod groups;
pub mod postal;
pub mod rate_card;
