//! Parcelune, an invented provider: the worked example of how one is added, and the proof that its folder and one row of
//! the register are enough.
//!
//! It is as small as a provider can be that has everything: two endpoints, a life cycle, a signed webhook, a setup, a
//! journey, a kind of entity. The shipped program does not have it; `.ci/sixth` lays it into a copy of the house.

mod access;
mod errors;
mod fields;
mod journeys;
mod kinds;
mod machines;
mod resources;
mod routes;
mod rules;
mod setup;
mod state;
mod views;
mod webhooks;

use serde::{Deserialize, Serialize};

use crate::providers::{Cx, Provider, Route, Timers, traveller};
use crate::sim::machine::Diagram;

pub use errors::Error;
pub use setup::Setup;
pub use state::State;

/// The provider.
#[derive(Debug)]
pub struct Parcelune;

/// What Parcelune promises itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timer {
    /// The next stop of a parcel's journey.
    Journey(u64),
}

impl Provider for Parcelune {
    const TITLE: &'static str = "Parcelune";
    const HOSTS: &'static [&'static str] = &["api.parcelune.example"];
    const BASE: &'static str = "/v1";
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const MACHINES: &'static [&'static dyn Diagram] = &[&machines::PARCEL];
}

impl Timers for Parcelune {
    type Timer = Timer;

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        let Timer::Journey(number) = timer;
        traveller::travel(cx, number);
    }
}
