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

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::message::{Reply, Request};
use crate::policy::{Notes, PolicyStep, Rate, Refusal};
use crate::providers::{Cx, Entity, Name, Presets, Provider, Providers, Route, RouteMiss, Signing};
use crate::sim::machine::Diagram;
use crate::sim::rate_limit::leaky_bucket::Bucket;
use crate::sim::rate_limit::window::Limit;
use crate::sim::webhook::outbox::Outcome;
use crate::words;

use state::accounts::{App, Code, Grant, Plan, Store, Subscription};
use state::book::Book;

pub use errors::Error;
pub use setup::opening::open;
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
}

/// What Salla promises itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timer {
    /// The next stop of a shipment's journey.
    Journey(u64),
}

words! {
    /// What a route asks of the caller.
    pub enum Group {
        /// The scope to see shipments.
        Read = "shipping.read",
        /// The scope to change them.
        Write = "shipping.read_write",
        /// The scope to see webhooks.
        Webhooks = "webhooks.read",
        /// The scope to change them.
        WebhooksWrite = "webhooks.read_write",
        /// Any token.
        User = "user",
        /// Client id and secret.
        Token = "token",
        /// A browser.
        Authorize = "authorize",
        /// Nothing: the name of the file is secret enough.
        File = "file",
    }
}

impl Group {
    /// The scope that a token needs; writing includes reading.
    fn scope(self) -> Option<&'static str> {
        match self {
            Group::Read | Group::Write | Group::Webhooks | Group::WebhooksWrite => {
                Some(self.word())
            }
            _ => None,
        }
    }

    /// Whether no token is asked for.
    fn is_open(self) -> bool {
        matches!(self, Group::Token | Group::Authorize | Group::File)
    }
}

/// Whose call it is; nobody's where no token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The store.
    pub store: u64,
    /// What was granted.
    pub grant: Option<u32>,
}

impl Provider for Salla {
    type State = State;
    type Caller = Caller;
    type Error = Error;
    type Timer = Timer;
    type Group = Group;

    const NAME: Name = Name::Salla;
    const TITLE: &'static str = "Salla";
    const HOSTS: &'static [&'static str] = &["api.salla.dev", "accounts.salla.sa"];
    const BASE: &'static str = "/admin/v2";
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Credential, PolicyStep::Limit, PolicyStep::Role];
    const MACHINES: &'static [&'static dyn Diagram] = &[&machines::SHIPMENT];
    const ENTITIES: &'static [Entity<Self>] = kinds::ENTITIES;
    const REFUSALS: &'static [&'static str] = errors::REFUSALS;
    const TOPICS: &'static [&'static str] = machines::TOPICS;
    const SEAL: Signing<Self> = webhooks::SEAL;

    fn state(all: &Providers) -> &State {
        &all.salla
    }

    fn state_mut(all: &mut Providers) -> &mut State {
        &mut all.salla
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
        state.stores.get(&caller.store).map_or_else(String::new, |store| store.name.clone())
    }

    fn limit(state: &State, _: Group, caller: &Caller) -> Option<(String, Rate)> {
        let plan = state.stores.get(&caller.store).map(|store| store.plan)?;
        let limits = &state.limits;
        if limits.lifted {
            return None;
        }
        let calls = match plan {
            Plan::Plus => limits.plus,
            Plan::Pro => limits.pro,
            Plan::Special => limits.special,
        };
        let window = Limit { calls, span: SignedDuration::from_secs(60) };
        let drip = Bucket { capacity: 1, leak: 1, every: SignedDuration::from_secs(1) };
        Some((format!("salla s{}", caller.store), Rate::Dripping(window, drip)))
    }

    fn role(state: &State, group: Group, caller: &Caller) -> Result<(), Refusal> {
        access::scope(state, group, caller)
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

    fn dress(_: &State, _: &Request, reply: &mut Reply, notes: &Notes, _routed: bool) {
        if let Some((limit, remaining)) = notes.window {
            reply.headers.set("X-RateLimit-Limit", limit.to_string());
            reply.headers.set("X-RateLimit-Remaining", remaining.to_string());
        }
        if let Some(closes) = notes.closes_at {
            reply.headers.set("X-RateLimit-Reset", closes.as_second().to_string());
        }
    }

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(id) => rules::lifecycle::travel(cx, id),
        }
    }

    fn told(_: &mut Cx<'_, Self>, _: &str, _: &Outcome) {}

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        kinds::inspect::subject(state, timer)
    }

    fn presets(state: &State) -> Presets {
        kinds::inspect::presets(state)
    }
}
