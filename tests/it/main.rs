//! The one integration binary: worlds in process, called through their doors; no port, no waiting.

#![allow(clippy::unwrap_used, reason = "the whole binary is a test, its harness too")]

#[macro_use]
mod harness;
mod bad;
mod documented;
mod endpoints;
mod fits;
mod generated;
mod imports;
mod machines;
mod moved;
mod names;
mod oracles;
mod papers;
mod pdf;
mod refusals;
mod replies;
mod rooms;
mod routes;
mod scenarios;
mod schema;
mod setups;
mod sockets;
mod state;
mod walks;

/// Every provider has a suite of its own.
macro_rules! suites {
    ($($(#[$doc:meta])* $folder:ident $provider:ident $opens:ident;)+) => {
        $(mod $folder;)+
    };
}

shipmock::for_each_provider!(suites);
