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

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::message::{Reply, Request};
use crate::policy::{Notes, PolicyStep, Rate, Refusal};
use crate::providers::{Cx, Entity, Name, Presets, Provider, Providers, Route, RouteMiss};
use crate::sim::machine::Diagram;
use crate::sim::rate_limit::window::Limit;
use crate::sim::webhook::outbox::Outcome;
use crate::words;

use machines::Status;
use state::accounts::{Account, Tag};
use state::book::Shelf;

pub use errors::Error;
pub use setup::opening::open;
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
}

impl Default for State {
    fn default() -> Self {
        State {
            accounts: BTreeMap::new(),
            tags: BTreeMap::new(),
            shelf: Shelf::default(),
            switches: Switches::default(),
            journey: journeys::USUAL.to_owned(),
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

words! {
    /// What a route asks of the caller, and what it counts against.
    pub enum Group {
        /// Mail address and password.
        Token = "token",
        /// A token; one call a second, where a scenario says so.
        Book = "book",
        /// A token.
        Read = "read",
        /// A token.
        Write = "write",
    }
}

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: u64,
}

impl Caller {
    fn of(account: &Account) -> Caller {
        Caller { account: account.id }
    }
}

/// How many orders may be sent in which time: help centre, "API request limit".
const BOOKINGS: Limit = Limit { calls: 1, span: SignedDuration::from_secs(1) };

impl Provider for Shiptheory {
    type State = State;
    type Caller = Caller;
    type Error = Error;
    type Timer = Timer;
    type Group = Group;

    const NAME: Name = Name::Shiptheory;
    const TITLE: &'static str = "Shiptheory";
    const HOSTS: &'static [&'static str] = &["api.shiptheory.com", "shiptheory.com"];
    const BASE: &'static str = "/v1";
    const ALIASES: &'static [(&'static str, &'static str)] = &[("/api", "/v1")];
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Format, PolicyStep::Credential, PolicyStep::Limit];
    const MACHINES: &'static [&'static dyn Diagram] = &[&machines::SHIPMENT];
    const ENTITIES: &'static [Entity<Self>] = kinds::ENTITIES;
    const REFUSALS: &'static [&'static str] = errors::REFUSALS;

    fn state(all: &Providers) -> &State {
        &all.shiptheory
    }

    fn state_mut(all: &mut Providers) -> &mut State {
        &mut all.shiptheory
    }

    fn format(_: &State, request: &Request) -> Result<(), Refusal> {
        resources::input::accepts(request).map(drop).ok_or(Refusal::NotAcceptable)
    }

    fn caller(
        state: &State,
        group: Group,
        request: &Request,
        now: Timestamp,
    ) -> Result<Caller, Refusal> {
        access::caller(state, group, request, now)
    }

    fn account(state: &State, caller: &Caller) -> String {
        state.accounts.get(&caller.account).map_or_else(String::new, |it| it.email.clone())
    }

    fn limit(state: &State, group: Group, caller: &Caller) -> Option<(String, Rate)> {
        let limited = group == Group::Book && state.switches.one_booking_a_second;
        limited.then(|| (format!("shiptheory/bookings/{}", caller.account), Rate::Window(BOOKINGS)))
    }

    fn role(_: &State, _: Group, _: &Caller) -> Result<(), Refusal> {
        Ok(())
    }

    fn refuse(state: &State, group: Group, request: &Request, refusal: &Refusal) -> Reply {
        errors::refuse(state, group, request, refusal)
    }

    fn unrouted(_: &State, request: &Request, miss: &RouteMiss) -> Reply {
        errors::unrouted(request, miss)
    }

    fn word(state: &State, request: &Request, error: Error) -> Reply {
        errors::word(state, request, error)
    }

    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        errors::by_name(state, request, name)
    }

    fn dress(_: &State, request: &Request, reply: &mut Reply, _: &Notes, _routed: bool) {
        views::dress(request, reply);
    }

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(number) => rules::lifecycle::travel(cx, number),
            Timer::Archive(number) => rules::lifecycle::archive(cx, number),
            Timer::Invent(account) => history::invent(cx, account),
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
