//! State: everything of the provider that can change in a world.

pub mod accounts;
pub mod book;
pub mod integrity;
pub mod job;
pub mod order;
