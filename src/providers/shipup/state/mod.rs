//! State: everything of the provider that can change in a world.

pub mod accounts;
pub mod book;
pub mod job;
pub mod order;
pub mod soundness;
