//! Data that does not change: tables of what the provider knows.

pub mod carriers;
pub mod languages;
pub mod notification_types;
