//! Shiptheory, at `api.shiptheory.com`: one API before many carriers, with shipping rules that choose among them.
//!
//! Evidence: the documentation for what it says; the source of an older edition of it, the help centre and public
//! clients for some of the rest, marked observed; the remainder is inferred and mostly a switch of the scenario.

mod access;
pub mod data;
mod errors;
mod fields;
mod history;
mod journeys;
mod kinds;
mod machines;
pub mod resources;
mod routes;
mod rules;
mod setup;
mod state;
mod views;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::frameworks::routing::Routing;
use crate::providers::{Cx, JourneyBook, Provider, Route, Timers, Webhooks, traveller};
use crate::sim::machine::Diagram;

use access::Caller;
use machines::Status;
use state::accounts::{Account, Tag};
use state::book::Shelf;

pub use errors::Error;
pub use setup::{Setup, Switches};

/// The provider.
#[derive(Debug)]
pub struct Shiptheory;

/// Everything of Shiptheory that can change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    accounts: BTreeMap<u64, Account>,
    tags: BTreeMap<u64, Tag>,
    shelf: Shelf,
    switches: Switches,
    journey: String,
    /// The journeys of the scenario, and which shipments go on which.
    #[serde(default)]
    journeys: JourneyBook,
}

impl Default for State {
    fn default() -> Self {
        State {
            accounts: BTreeMap::new(),
            tags: BTreeMap::new(),
            shelf: Shelf::default(),
            switches: Switches::default(),
            journey: journeys::USUAL.to_owned(),
            journeys: JourneyBook::default(),
        }
    }
}

impl State {
    /// The account that calls.
    fn account(&self, caller: &Caller) -> Result<&Account, Error> {
        let gone = Error::Absent("The account is gone from this world.");
        self.accounts.get(&caller.account).ok_or(gone)
    }

    /// The account that calls, to be changed.
    fn account_mut(&mut self, caller: &Caller) -> Result<&mut Account, Error> {
        let gone = Error::Absent("The account is gone from this world.");
        self.accounts.get_mut(&caller.account).ok_or(gone)
    }

    /// The id that the next tag gets.
    fn next_tag(&self) -> u64 {
        self.tags.keys().next_back().map_or(1, |last| last.saturating_add(1))
    }

    /// A status as this world prints it.
    fn printed(&self, status: Status) -> &'static str {
        match status {
            Status::Processing if self.switches.processing_in_small_letters => "Processing",
            status => status.word(),
        }
    }

    /// The name of something of an account as one sees it from inside: behind the account's name, but for the first.
    fn scoped(&self, account: u64, name: &str) -> String {
        match self.accounts.get(&account) {
            Some(account) if !account.name.is_empty() => format!("{}:{name}", account.name),
            _ => name.to_owned(),
        }
    }
}

/// What Shiptheory promises itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timer {
    /// The next stop of a shipment's journey; the shipment's number inside.
    Journey(u64),
    /// A shipment was complete for a day.
    Archive(u64),
    /// A shipment of an account's history comes in.
    Invent(u64),
}

impl Provider for Shiptheory {
    const TITLE: &'static str = "Shiptheory";
    const HOSTS: &'static [&'static str] = &["api.shiptheory.com", "shiptheory.com"];
    const BASE: &'static str = "/v1";
    const ALIASES: &'static [(&'static str, &'static str)] = &[("/api", "/v1")];
    /// Its one recorded answer, of an nginx, came as it was.
    const FRONT_COMPRESSES: bool = false;
    const ROUTING: Routing = Routing::CakePhp;
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const MACHINES: &'static [&'static dyn Diagram] = &[&machines::SHIPMENT];
}

impl Timers for Shiptheory {
    type Timer = Timer;

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(number) => traveller::travel(cx, number),
            Timer::Archive(number) => rules::lifecycle::archive(cx, number),
            Timer::Invent(account) => history::invent(cx, account),
        }
    }
}

impl Webhooks for Shiptheory {}
