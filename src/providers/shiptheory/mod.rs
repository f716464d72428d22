//! Shiptheory.

pub mod carriers;
pub mod papers;
