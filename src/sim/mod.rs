//! Mechanisms that know no provider: machines, the agenda, chance, people, tokens, rate limits, webhooks, the journal.
//!
//! The laws of the core, enforced by lint (`.clippy.toml`):
//! 1. No clock: `now` is an argument. 2. No chance but the world's seeded streams, one per label.
//! 3. No waiting: nothing is `async`. 4. No unordered maps. 5. Nothing mutable outside a world.

pub mod agenda;
pub mod chance;
pub mod clock;
pub mod journal;
pub mod journey;
pub mod machine;
pub mod people;
pub mod rate_limit;
pub mod secrets;
pub mod token;
pub mod webhook;
