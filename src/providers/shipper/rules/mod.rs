//! Domain rules: what follows from what, below the endpoints and above the state.

pub mod carrier;
pub mod hours;
pub mod intake;
pub mod lifecycle;
pub mod money;
pub mod parcel;
