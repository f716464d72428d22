//! State: everything of the provider that can change in a world.

pub mod accounts;
pub mod book;
pub mod order;
pub mod switches;
pub mod wallet;
