//! Data that does not change: tables of what the provider knows.

pub mod geography;
