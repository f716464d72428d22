//! Data that does not change: tables of what the provider knows.

pub mod body;
pub mod carriers;
pub mod groups;
