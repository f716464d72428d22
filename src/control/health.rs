//! How the server is: the health probe, for load balancers and containers, and the metrics of Prometheus.

use serde::Serialize;

use crate::control::respond;
use crate::message::Reply;

/// That it is up.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Health<'a> {
    /// `ok`.
    status: &'a str,
    /// Of the program.
    version: &'a str,
    /// How many there are.
    worlds: usize,
}

/// That it is up, and how many worlds there are.
pub fn healthy(version: &str, worlds: usize) -> Reply {
    respond::json(200, &Health { status: "ok", version, worlds })
}

/// The metrics as Prometheus reads them.
pub fn metrics(text: String) -> Reply {
    respond::text(200, "text/plain; version=0.0.4; charset=utf-8", text)
}
