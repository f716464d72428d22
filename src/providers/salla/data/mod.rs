//! Data that does not change: tables of what the provider knows.

pub mod couriers;
pub mod groups;
pub mod places;
pub mod wording;
