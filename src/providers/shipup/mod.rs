//! Shipup, at `api.shipup.co`: orders taken in one payload and kept up to date, their parcels followed, merchants and
//! customers told.
//!
//! Evidence: the documentation for `POST /v2/orders`; the public pages of the same service for its neighbours, the
//! life cycles and the webhooks, marked observed; the rest is inferred, and a switch where both ways may be met.

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

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::frameworks::routing::Routing;
use crate::providers::{Cx, JourneyBook, Provider, Route, Timers, traveller};
use crate::sim::machine::Diagram;

use data::languages;
use setup::Entry;
use state::accounts::Account;
use state::book::Book;
use state::order::text;

pub use errors::Error;
pub use setup::{Limits, Setup, Switches};

/// The provider.
#[derive(Debug)]
pub struct Shipup;

/// Everything of Shipup that can change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    accounts: BTreeMap<u32, Account>,
    book: Book,
    switches: Switches,
    limits: Limits,
    /// The journey of trackers that choose none.
    journey: String,
    /// The journeys of the scenario, and which trackers go on which.
    #[serde(default)]
    journeys: JourneyBook,
    /// The waits between the tries of a webhook.
    waits: Vec<SignedDuration>,
    /// Orders of the scenario that have not come in yet.
    entries: Vec<Entry>,
    /// The history is being lived through: nobody is told.
    opening: bool,
    /// Where the history ends.
    history_ends: Option<Timestamp>,
}

impl Default for State {
    fn default() -> Self {
        State {
            accounts: BTreeMap::new(),
            book: Book::default(),
            switches: Switches::default(),
            limits: Limits::default(),
            journey: journeys::USUAL.to_owned(),
            journeys: JourneyBook::default(),
            waits: setup::WAITS.to_vec(),
            entries: Vec::new(),
            opening: false,
            history_ends: None,
        }
    }
}

impl State {
    /// The carriers of the account that a fulfillment belongs to.
    fn carriers_of(&self, fulfillment: u64) -> &[String] {
        let order = self.book.fulfillments.get(&fulfillment).map(|it| it.order);
        let account = order.and_then(|order| self.book.orders.get(&order)).map(|it| it.account);
        let account = account.and_then(|account| self.accounts.get(&account));
        account.map_or(&[], |account| &account.carriers)
    }

    /// The language of an order's customer: its own, if there is such a one, else the account's.
    fn language_of(&self, order: u64) -> String {
        let order = self.book.orders.get(&order);
        let own = order.and_then(|order| text(&order.fields, "language_code"));
        let account = || {
            let account = order.and_then(|order| self.accounts.get(&order.account));
            account.map_or_else(String::new, |account| account.language_code.clone())
        };
        own.filter(|code| languages::is_known(code)).map_or_else(account, str::to_owned)
    }
}

/// What Shipup promises itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timer {
    /// The next stop of a tracker's journey.
    Journey(u64),
    /// A tracker has not arrived for too long.
    Expire(u64),
    /// A tracker that turned around is not looked for any more.
    StopLooking(u64),
    /// A job's next step.
    Job(u64),
    /// An order of the scenario comes in; its place.
    Enter(u32),
    /// An order of an account's history comes in.
    Invent(u32),
    /// An order of the history is handed to a carrier.
    Pack(u64),
}

impl Provider for Shipup {
    const TITLE: &'static str = "Shipup";
    const HOSTS: &'static [&'static str] = &["api.shipup.co"];
    const BASE: &'static str = "";
    const ROUTING: Routing = Routing::Rails;
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const MACHINES: &'static [&'static dyn Diagram] =
        &[&machines::FULFILLMENT, &machines::TRACKER, &machines::JOB];
}

impl Timers for Shipup {
    type Timer = Timer;

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(tracker) => traveller::travel(cx, tracker),
            Timer::Expire(tracker) => rules::lifecycle::expire(cx, tracker),
            Timer::StopLooking(tracker) => rules::lifecycle::stop_looking(cx, tracker),
            Timer::Job(job) => resources::jobs::due(cx, job),
            Timer::Enter(place) => setup::enter(cx, place),
            Timer::Invent(account) => history::invent(cx, account),
            Timer::Pack(order) => history::pack(cx, order),
        }
    }
}
