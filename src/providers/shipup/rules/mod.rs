//! Domain rules: what follows from what, below the endpoints and above the state.

pub mod drafts;
pub mod lifecycle;
pub mod notifications;
pub mod statuses;
pub mod upsert;
