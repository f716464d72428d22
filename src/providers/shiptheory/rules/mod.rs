//! Domain rules: what follows from what, below the endpoints and above the state.

pub mod booking;
pub mod lifecycle;
