//! Domain rules: what follows from what, below the endpoints and above the state.

pub mod intake;
pub mod lifecycle;
