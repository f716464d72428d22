//! Shipmock plays shipping providers well enough that an unmodified client cannot tell.
//!
//! The rooms, in order; a room uses only rooms above it, and a test checks that. Everything down to
//! `control` is the core: values only, no clock, no waiting, no global chance. `server` is the shell:
//! the only room with sockets, tasks and real seconds.

#![cfg_attr(
    not(surface_only),
    allow(
        missing_docs,
        reason = "asked for in the build of the public surface alone, a step of .ci/run"
    )
)]

/// Values with meaning and no wording: instants, money, pages, validation problems, printed JSON.
mod kit;

/// How the providers' own frameworks behave.
mod frameworks;

/// Requests and replies as plain values.
mod message;

/// Mechanisms that know no provider.
mod sim;

/// What stands between a request and its handler.
mod policy;

/// The simulated services.
mod providers;

/// One isolated world and its doors.
mod world;

/// Scenario files.
mod scenario;

/// The API that drives a world.
mod control;

/// What is simulated, as text.
mod listing;

/// What a run did, counted and told.
mod report;

/// Recorded sessions.
mod session;

/// The shell: sockets, tasks and real seconds.
mod server;

/// The library: a server in this process and handles on its worlds.
pub mod simulator;

/// The command line.
mod cli;

/// Commands that read scenario files.
mod commands;

/// The page about the library, whose example is run.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
mod library_page {}

/// What `main` does.
mod program;

/// What a test that is written in Rust begins with.
pub use simulator::Simulator;

/// The crate whose instants and durations this one takes and gives.
pub use jiff;

/// For the program and for this crate's own tests.
#[doc(hidden)]
pub mod internals;
