//! Domain rules: what follows from what, below the endpoints and above the state.

pub mod booking;
mod examples;
pub mod lifecycle;
