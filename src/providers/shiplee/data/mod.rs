//! Data that does not change: tables of what the provider knows.

pub mod postal;
pub mod rate_card;
