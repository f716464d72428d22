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
use crate::message::{Reply, Request};
use crate::policy::allow_list::{Network, loopback};
use crate::policy::{Notes, PolicyStep, Rate, Refusal};
use crate::providers::{
    Cx, Entity, JourneyBook, Name, Presets, Provider, Providers, Route, RouteMiss,
};
use crate::sim::machine::Diagram;
use crate::sim::rate_limit::window::Windows;
use crate::sim::webhook::outbox::Outcome;
use crate::words;

use data::postal::Service;
use data::rate_card::RateCard;
use errors::Statuses;
use rules::carrier::Waybills;
use state::accounts::{Seller, Warehouse};
use state::book::Book;
use state::wallet::EntryKind;

pub use errors::Error;
pub use setup::{Setup, Switches, open};

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
    #[serde(default)]
    atlas: JourneyBook,
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
            atlas: JourneyBook::default(),
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

/// After the history was lived through: numbers go on behind those that are there, wallets hold what they shall
/// and are not moved by what is left of the history.
pub fn opened(state: &mut State, start: Timestamp) {
    state.history_ends = None;
    state.book.seal();
    state.book.stop_before_cancel();
    for (seller, wallet) in std::mem::take(&mut state.opening_wallets) {
        if let Some(seller) = state.sellers.get_mut(&seller) {
            seller.wallet.set(start, EntryKind::Adjustment, wallet.0);
        }
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

words! {
    /// What a route asks of the caller.
    pub enum Group {
        /// User name and key.
        Login = "login",
        /// A token.
        Account = "account",
    }
}

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The seller.
    pub seller: u64,
}

impl Caller {
    fn of(seller: &Seller) -> Caller {
        Caller { seller: seller.id }
    }
}

impl Provider for Shiplee {
    type State = State;
    type Caller = Caller;
    type Error = Error;
    type Timer = Timer;
    type Group = Group;

    const NAME: Name = Name::Shiplee;
    const TITLE: &'static str = "Shiplee";
    const HOSTS: &'static [&'static str] = &["apiv1.shiplee.app"];
    const BASE: &'static str = "";
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::AllowedAddress, PolicyStep::AllowedDomain, PolicyStep::Credential];
    const MACHINES: &'static [&'static dyn Diagram] =
        &[&machines::SHIPMENT, &machines::ORDER, &machines::REVERSE_ORDER, &machines::WAREHOUSE];
    const ENTITIES: &'static [Entity<Self>] = kinds::ENTITIES;
    const REFUSALS: &'static [&'static str] = errors::REFUSALS;

    fn is_open(group: Group) -> bool {
        group == Group::Login
    }

    fn state(all: &Providers) -> &State {
        &all.shiplee
    }

    fn state_mut(all: &mut Providers) -> &mut State {
        &mut all.shiplee
    }

    fn order(state: &State) -> &[PolicyStep] {
        &state.checks
    }

    fn caller(
        state: &State,
        group: Group,
        request: &Request,
        now: Timestamp,
    ) -> Result<Caller, Refusal> {
        access::caller(state, group, request, now)
    }

    fn address(
        state: &State,
        group: Group,
        caller: Option<&Caller>,
        request: &Request,
    ) -> Result<(), Refusal> {
        access::address(state, group, caller, request)
    }

    fn domain(
        state: &State,
        group: Group,
        caller: Option<&Caller>,
        request: &Request,
    ) -> Result<(), Refusal> {
        access::domain(state, group, caller, request)
    }

    fn account(state: &State, caller: &Caller) -> String {
        state.sellers.get(&caller.seller).map_or_else(String::new, |seller| seller.email.clone())
    }

    fn limit(_: &State, _: Group, _: &Caller) -> Option<(String, Rate)> {
        None
    }

    fn role(_: &State, _: Group, _: &Caller) -> Result<(), Refusal> {
        Ok(())
    }

    fn refuse(state: &State, group: Group, request: &Request, refusal: &Refusal) -> Reply {
        errors::refuse(state, group, request, refusal)
    }

    fn unrouted(state: &State, request: &Request, miss: &RouteMiss) -> Reply {
        errors::unrouted(state, request, miss)
    }

    fn word(state: &State, request: &Request, error: Error) -> Reply {
        errors::word(state, request, error)
    }

    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        errors::by_name(state, request, name)
    }

    fn dress(state: &State, _: &Request, reply: &mut Reply, _: &Notes, _routed: bool) {
        if state.switches.cors {
            reply.headers.set("Access-Control-Allow-Origin", "*");
        }
    }

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(number) => rules::lifecycle::travel(cx, number),
            Timer::Invent(seller) => rules::intake::invent(cx, seller),
            Timer::Return(order) => rules::intake::send_back(cx, order),
        }
    }

    fn told(_: &mut Cx<'_, Self>, _: &str, _: &Outcome) {}

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        kinds::inspect::subject(state, timer)
    }

    fn presets(state: &State) -> Presets {
        kinds::inspect::presets(state)
    }

    fn authorization(state: &State, credential: &str, now: Timestamp) -> (&'static str, String) {
        access::authorization(state, credential, now)
    }
}
