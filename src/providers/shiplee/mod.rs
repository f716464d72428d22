//! Shiplee, at `apiv1.shiplee.app`: eight endpoints, tokens for an hour, and the carrier Delhivery behind them.
//!
//! Evidence: the documentation for what it says; older and newer captures of it, and public recordings of the
//! carrier, for some of the rest, marked observed; the remainder is inferred and mostly a switch of the scenario.

mod access;
mod data;
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

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::frameworks::php::json_encode::Number;
use crate::policy::PolicyStep;
use crate::policy::allow_list::{Network, loopback};
use crate::providers::{
    Access as _, Cx, JourneyBook, Provider, Route, Timers, Webhooks, traveller,
};
use crate::sim::machine::Diagram;
use crate::sim::rate_limit::window::Windows;

use data::postal::Service;
use data::rate_card::RateCard;
use errors::Statuses;
use rules::carrier::Waybills;
use state::accounts::{Seller, Warehouse};
use state::book::Book;

pub use errors::Error;
pub use setup::Setup;
pub use state::switches::Switches;

/// The provider.
#[derive(Debug)]
pub struct Shiplee;

/// Everything of Shiplee that can change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    sellers: BTreeMap<u64, Seller>,
    warehouses: BTreeMap<u64, Warehouse>,
    book: Book,
    waybills: Waybills,
    /// What the carrier was asked lately.
    questions: Windows,
    switches: Switches,
    statuses: Statuses,
    checks: Vec<PolicyStep>,
    trusted_proxies: Vec<Network>,
    rates: RateCard,
    /// Markup in percent.
    plans: BTreeMap<String, Number>,
    pincodes: BTreeMap<String, Service>,
    journey: String,
    reverse_journey: String,
    /// The journeys of the scenario, and which parcels go on which.
    // The word of the documents that earlier versions saved.
    #[serde(default, rename = "atlas")]
    journeys: JourneyBook,
    /// Where the history ends that is being lived through.
    history_ends: Option<Timestamp>,
    /// What the wallets of sellers with a history shall hold at its end.
    opening_wallets: BTreeMap<u64, Number>,
}

impl Default for State {
    fn default() -> Self {
        let plan =
            |(name, markup): &(&str, i64)| ((*name).to_owned(), Number(Decimal::from(*markup)));
        State {
            sellers: BTreeMap::new(),
            warehouses: BTreeMap::new(),
            book: Book::default(),
            waybills: Waybills::default(),
            questions: Windows::default(),
            switches: Switches::default(),
            statuses: Statuses::default(),
            checks: Shiplee::ORDER.to_vec(),
            trusted_proxies: loopback(),
            rates: RateCard::default(),
            plans: setup::PLANS.iter().map(plan).collect(),
            pincodes: BTreeMap::new(),
            journey: journeys::USUAL.to_owned(),
            reverse_journey: journeys::USUAL_REVERSE.to_owned(),
            journeys: JourneyBook::default(),
            history_ends: None,
            opening_wallets: BTreeMap::new(),
        }
    }
}

impl State {
    /// The number the next warehouse gets.
    fn next_warehouse(&self) -> u64 {
        let last = self.warehouses.keys().next_back();
        last.map_or(setup::FIRST_WAREHOUSE, |last| last.saturating_add(1))
    }
}

/// What Shiplee promises itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timer {
    /// The next stop of a parcel's journey; the parcel's number inside.
    Journey(u64),
    /// An order of a seller's history comes in.
    Invent(u64),
    /// A customer of the history sends an order back.
    Return(u64),
}

impl Provider for Shiplee {
    const TITLE: &'static str = "Shiplee";
    const HOSTS: &'static [&'static str] = &["apiv1.shiplee.app"];
    const BASE: &'static str = "";
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const MACHINES: &'static [&'static dyn Diagram] =
        &[&machines::SHIPMENT, &machines::ORDER, &machines::REVERSE_ORDER, &machines::WAREHOUSE];
}

impl Timers for Shiplee {
    type Timer = Timer;

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(number) => traveller::travel(cx, number),
            Timer::Invent(seller) => rules::intake::invent(cx, seller),
            Timer::Return(order) => rules::intake::send_back(cx, order),
        }
    }
}

impl Webhooks for Shiplee {}
