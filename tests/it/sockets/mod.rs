//! Sockets and processes, where bytes on the wire are the subject: free ports, deadlines instead of fixed waits.

#![allow(
    clippy::disallowed_methods,
    reason = "tests of the shell wait for real sockets and processes"
)]

mod against;
mod clients;
mod control;
mod described;
mod early;
mod exec;
mod http;
mod library;
mod serve;
mod turns;
mod waiting;
mod webhooks;
mod wire;
mod worlds;
