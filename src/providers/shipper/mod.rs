//! Shipper Open API, version 1, at `server.shipper.network`: sixteen endpoints and signed webhooks.
//!
//! Evidence: the documentation for what it says; the framework behind it (Laravel) and public clients for the
//! rest, marked observed or inferred where they answer.

mod access;
pub mod data;
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

use crate::frameworks::routing::Routing;
use crate::providers::{Cx, JourneyBook, Provider, Route, Timers, traveller};
use crate::sim::machine::Diagram;

use rules::hours;
use state::accounts::Accounts;
use state::order::OrderKey;

pub use errors::Error;
pub use setup::{Limits, Setup, Switches};

/// The provider.
#[derive(Debug)]
pub struct Shipper;

/// Everything of Shipper that can change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    accounts: Accounts,
    switches: Switches,
    limits: Limits,
    /// The journey of orders that choose none.
    journey: String,
    /// The journeys of the scenario, and who goes on which.
    // The word of the documents that earlier versions saved.
    #[serde(default, rename = "atlas")]
    journeys: JourneyBook,
    /// The history is being lived through: stock is what the setup says it is at the end of it.
    opening: bool,
}

impl Default for State {
    fn default() -> Self {
        State {
            accounts: Accounts::default(),
            switches: Switches::default(),
            limits: Limits::default(),
            journey: journeys::USUAL.to_owned(),
            journeys: JourneyBook::default(),
            opening: false,
        }
    }
}

/// What Shipper promises itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timer {
    /// The next stop of an order's journey.
    Journey(OrderKey),
    /// An order of the history comes in.
    Invent(u32),
}

impl Provider for Shipper {
    const TITLE: &'static str = "Shipper";
    const HOSTS: &'static [&'static str] = &["server.shipper.network"];
    const BASE: &'static str = "/api/v1";
    const ROUTING: Routing = Routing::Laravel;
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const MACHINES: &'static [&'static dyn Diagram] = &[
        &machines::SHIPMENT,
        &machines::CONTACT,
        &machines::PAYMENT,
        &machines::KEY,
        &machines::WEBHOOK,
    ];
}

impl Timers for Shipper {
    type Timer = Timer;

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            // What is made up happened when people work; what is lived through comes when it is due.
            Timer::Journey(key) => match cx.state.opening.then(|| hours::next_opening(cx, key)) {
                Some(Some(later)) => cx.out.at(later, Timer::Journey(key)),
                _ => traveller::travel(cx, key),
            },
            Timer::Invent(organization) => rules::intake::invent(cx, organization),
        }
    }
}
