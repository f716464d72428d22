//! Rules: what follows from what.

pub mod lifecycle;
