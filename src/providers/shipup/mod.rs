//! Shipup, at `api.shipup.co`: orders taken in one payload and kept up to date, their parcels followed, merchants and
//! customers told.
//!
//! Evidence: the documentation for `POST /v2/orders`; the public pages of the same service for its neighbours, the
//! life cycles and the webhooks, marked observed; the rest is inferred, and a switch where both ways may be met.

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

use crate::message::{Reply, Request};
use crate::policy::{Notes, PolicyStep, Rate, Refusal};
use crate::providers::{Cx, Entity, Name, Presets, Provider, Providers, Route, RouteMiss, Signing};
use crate::sim::machine::Diagram;
use crate::sim::rate_limit::leaky_bucket::Bucket;
use crate::sim::webhook::outbox::Outcome;
use crate::words;

use setup::Entry;
use state::accounts::{Access, Account};
use state::book::Book;

pub use errors::Error;
pub use setup::{Limits, Setup, Switches, open};

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
}

/// After the history was lived through: from now on, whoever listens is told.
pub fn opened(state: &mut State) {
    state.opening = false;
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

words! {
    /// What a route asks of the caller.
    pub enum Group {
        /// The account's private key. All calls count against one bucket.
        Private = "private",
    }
}

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: u32,
    /// It came with the public key.
    pub public: bool,
}

impl Provider for Shipup {
    type State = State;
    type Caller = Caller;
    type Error = Error;
    type Timer = Timer;
    type Group = Group;

    const NAME: Name = Name::Shipup;
    const TITLE: &'static str = "Shipup";
    const HOSTS: &'static [&'static str] = &["api.shipup.co"];
    const BASE: &'static str = "";
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Credential, PolicyStep::Limit, PolicyStep::Role];
    const MACHINES: &'static [&'static dyn Diagram] =
        &[&machines::FULFILLMENT, &machines::TRACKER, &machines::JOB];
    const ENTITIES: &'static [Entity<Self>] = kinds::ENTITIES;
    const REFUSALS: &'static [&'static str] = errors::REFUSALS;
    const TOPICS: &'static [&'static str] = webhooks::TOPICS;
    const SEAL: Signing<Self> = webhooks::SEAL;

    fn state(all: &Providers) -> &State {
        &all.shipup
    }

    fn state_mut(all: &mut Providers) -> &mut State {
        &mut all.shipup
    }

    fn caller(state: &State, _: Group, request: &Request, _: Timestamp) -> Result<Caller, Refusal> {
        let key = state::accounts::key(request).ok_or(Refusal::NoCredential)?;
        let known = state::accounts::owner(state.accounts.values(), key);
        let (account, public) = known.ok_or(Refusal::UnknownCredential)?;
        match account.standing {
            Access::Active => Ok(Caller { account: account.id, public }),
            Access::TrialEnded => Err(Refusal::Disabled),
        }
    }

    fn account(state: &State, caller: &Caller) -> String {
        let account = state.accounts.get(&caller.account);
        let name = account.map_or("", |account| account.name.as_str());
        if name.is_empty() { format!("account {}", caller.account) } else { name.to_owned() }
    }

    fn limit(state: &State, _: Group, caller: &Caller) -> Option<(String, Rate)> {
        let limits = state.limits;
        let bucket = Bucket {
            capacity: limits.capacity,
            leak: limits.per_second,
            every: SignedDuration::from_secs(1),
        };
        let key = || format!("shipup {}", caller.account);
        (!limits.lifted).then(|| (key(), Rate::Bucket(bucket)))
    }

    fn role(_: &State, _: Group, caller: &Caller) -> Result<(), Refusal> {
        if caller.public { Err(Refusal::WrongRole("public")) } else { Ok(()) }
    }

    fn refuse(state: &State, _: Group, request: &Request, refusal: &Refusal) -> Reply {
        errors::refuse(state, request, refusal)
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

    fn dress(_: &State, _: &Request, reply: &mut Reply, notes: &Notes, _routed: bool) {
        if let Some((limit, left)) = notes.window {
            let used = limit.saturating_sub(left);
            reply.headers.set("X-Shipup-Api-Call-Limit", format!("{used}/{limit}"));
        }
    }

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(tracker) => rules::lifecycle::travel(cx, tracker),
            Timer::Expire(tracker) => rules::lifecycle::expire(cx, tracker),
            Timer::StopLooking(tracker) => rules::lifecycle::stop_looking(cx, tracker),
            Timer::Job(job) => resources::jobs::due(cx, job),
            Timer::Enter(place) => setup::enter(cx, place),
            Timer::Invent(account) => history::invent(cx, account),
            Timer::Pack(order) => history::pack(cx, order),
        }
    }

    fn told(cx: &mut Cx<'_, Self>, subscription: &str, outcome: &Outcome) {
        webhooks::told(cx, subscription, outcome);
    }

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        kinds::inspect::subject(state, timer)
    }

    fn presets(state: &State) -> Presets {
        kinds::inspect::presets(state)
    }
}
