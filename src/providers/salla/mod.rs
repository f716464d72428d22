//! Salla, at `api.salla.dev` and `accounts.salla.sa`: the list of a store's shipments, and the public endpoints beside
//! it that put something into the list.
//!
//! Evidence: the documentation for the list; the provider's public pages, and what clients met, for its neighbours; the
//! remainder is inferred and mostly a switch of the scenario.

mod access;
mod data;
mod errors;
mod fields;
mod history;
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

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::frameworks::routing::Routing;
use crate::providers::{Cx, JourneyBook, Provider, Route, Timers, traveller};
use crate::sim::machine::Diagram;

use state::accounts::{App, Code, Grant, Store, Subscription};
use state::book::Book;

pub use errors::Error;
pub use setup::{Limits, Setup, Switches};

/// The provider.
#[derive(Debug)]
pub struct Salla;

/// Everything of Salla that can change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    app: App,
    stores: BTreeMap<u64, Store>,
    grants: BTreeMap<u32, Grant>,
    codes: BTreeMap<String, Code>,
    subscriptions: BTreeMap<u64, Subscription>,
    book: Book,
    switches: Switches,
    limits: Limits,
    /// The journey of shipments whose recipient chooses none, over their courier's.
    journey: Option<String>,
    /// The journeys of the scenario, and which shipments go on which.
    #[serde(default)]
    journeys: JourneyBook,
}

/// What Salla promises itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timer {
    /// The next stop of a shipment's journey.
    Journey(u64),
}

impl Provider for Salla {
    const TITLE: &'static str = "Salla";
    const HOSTS: &'static [&'static str] = &["api.salla.dev", "accounts.salla.sa"];
    const BASE: &'static str = "/admin/v2";
    const ROUTING: Routing = Routing::Laravel;
    /// The accounts' paths are answered below the API's base too: public clients ask there.
    const ALIASES: &'static [(&'static str, &'static str)] = &[("/admin/v2/oauth2", "/oauth2")];
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const MACHINES: &'static [&'static dyn Diagram] = &[&machines::SHIPMENT];
}

impl Timers for Salla {
    type Timer = Timer;

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(id) => traveller::travel(cx, id),
        }
    }
}
