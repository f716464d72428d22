//! The one integration binary: worlds in process, called through their doors; no port, no waiting.

#![allow(clippy::unwrap_used, reason = "the whole binary is a test, its harness too")]

#[macro_use]
mod harness;
mod bad;
mod documented;
mod endpoints;
mod fits;
mod machines;
mod names;
mod papers;
mod pdf;
mod replies;
mod rooms;
mod routes;
mod salla;
mod scenarios;
mod schema;
mod setups;
mod shiplee;
mod shipper;
mod shiptheory;
mod shipup;
mod sockets;
mod state;
mod walks;
