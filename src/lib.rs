//! Shipmock plays shipping providers well enough that an unmodified client cannot tell.
//!
//! The rooms, in order; a room uses only rooms above it, and a test checks that. Everything down to
//! `control` is the core: values only, no clock, no waiting, no global chance. `server` is the shell:
//! the only room with sockets, tasks and real seconds.

/// Values with meaning and no wording: instants, money, pages, validation problems, printed JSON.
pub mod kit;

/// How the providers' own frameworks behave.
pub mod frameworks;

/// Requests and replies as plain values.
pub mod message;

/// Mechanisms that know no provider.
pub mod sim;

/// What stands between a request and its handler.
pub mod policy;

/// The simulated services.
pub mod providers;

/// One isolated world and its doors.
pub mod world;

/// Scenario files.
pub mod scenario;

/// The API that drives a world.
pub mod control;

/// What is simulated, as text.
pub mod listing;

/// What a run did, counted and told.
pub mod report;

/// Recorded sessions.
pub mod session;

/// The shell: sockets, tasks and real seconds.
pub mod server;

/// The library: a server in this process and handles on its worlds.
pub mod simulator;

/// The command line.
pub mod cli;

/// Commands that read scenario files.
pub mod commands;

/// What a test that is written in Rust begins with.
pub use simulator::Simulator;

/// The crate whose instants and durations this one takes and gives.
pub use jiff;
