//! Shipper Open API, version 1, at `server.shipper.network`: sixteen endpoints and signed webhooks.
//!
//! Evidence: the documentation for what it says; the framework behind it (Laravel) and public clients for the
//! rest, marked observed or inferred where they answer.

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

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::message::{Reply, Request};
use crate::policy::{Notes, PolicyStep, Rate, Refusal};
use crate::providers::{
    Cx, Entity, JourneyBook, Name, Presets, Provider, Providers, Route, RouteMiss, Signing,
};
use crate::sim::machine::Diagram;
use crate::sim::rate_limit::window::Limit;
use crate::sim::webhook::outbox::Outcome;
use crate::words;

use machines::KeyState;
use state::accounts::{Accounts, Role};
use state::order::OrderKey;

pub use errors::Error;
pub use setup::{Limits, Setup, Switches, open};

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
    #[serde(default)]
    atlas: JourneyBook,
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
            atlas: JourneyBook::default(),
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

words! {
    /// The rate groups: documentation, "Rate limits".
    pub enum Group {
        /// Products, orders, webhooks.
        Read = "read",
        /// The dashboard; for retailers only.
        Dashboard = "dashboard",
        /// Countries and divisions.
        Reference = "reference",
        /// Creating orders and webhooks.
        Write = "write",
        /// Cancelling and deleting.
        Destructive = "destructive",
    }
}

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The key.
    pub key: u32,
    /// Its organization.
    pub organization: u32,
}

/// After the history was lived through: ids go on after the largest, and stock moves from now on.
pub fn opened(state: &mut State) {
    state.opening = false;
    for organization in state.accounts.organizations.values_mut() {
        organization.book.seal();
    }
}

/// What follows the last `Bearer ` of the header, in any case, up to a comma: as the framework reads it.
fn bearer(request: &Request) -> Option<&str> {
    const WORD: &str = "bearer ";
    let header = request.headers.get("authorization")?;
    let place = header.to_ascii_lowercase().rfind(WORD)?;
    let token = header.get(place + WORD.len()..)?.split(',').next()?.trim();
    (!token.is_empty()).then_some(token)
}

impl Provider for Shipper {
    type State = State;
    type Caller = Caller;
    type Error = Error;
    type Timer = Timer;
    type Group = Group;

    const NAME: Name = Name::Shipper;
    const TITLE: &'static str = "Shipper";
    const HOSTS: &'static [&'static str] = &["server.shipper.network"];
    const BASE: &'static str = "/api/v1";
    const ROUTES: &'static [Route<Self>] = routes::ROUTES;
    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Credential, PolicyStep::Limit, PolicyStep::Role];
    const MACHINES: &'static [&'static dyn Diagram] = &[
        &machines::SHIPMENT,
        &machines::CONTACT,
        &machines::PAYMENT,
        &machines::KEY,
        &machines::WEBHOOK,
    ];
    const ENTITIES: &'static [Entity<Self>] = kinds::ENTITIES;
    const REFUSALS: &'static [&'static str] = errors::REFUSALS;
    const TOPICS: &'static [&'static str] = resources::webhooks::TOPICS;
    const SEAL: Signing<Self> = webhooks::SEAL;

    fn state(all: &Providers) -> &State {
        &all.shipper
    }

    fn state_mut(all: &mut Providers) -> &mut State {
        &mut all.shipper
    }

    fn caller(state: &State, _: Group, request: &Request, _: Timestamp) -> Result<Caller, Refusal> {
        let token = bearer(request).ok_or(Refusal::NoCredential)?;
        let key = state.accounts.key(token).ok_or(Refusal::UnknownCredential)?;
        match key.life.state() {
            KeyState::Active => Ok(Caller { key: key.id, organization: key.organization }),
            KeyState::Disabled => Err(Refusal::Disabled),
            KeyState::Revoked => Err(Refusal::Revoked),
        }
    }

    fn account(state: &State, caller: &Caller) -> String {
        let key = state.accounts.keys.get(&caller.key);
        let organization = state.accounts.organizations.get(&caller.organization);
        format!(
            "{} / {}",
            organization.map_or("", |organization| &organization.name),
            key.map_or("", |key| &key.name)
        )
    }

    fn limit(state: &State, group: Group, caller: &Caller) -> Option<(String, Rate)> {
        let limits = &state.limits;
        if limits.lifted {
            return None;
        }
        let calls = match group {
            Group::Read => limits.read,
            Group::Dashboard => limits.dashboard,
            Group::Reference => limits.reference,
            Group::Write => limits.write,
            Group::Destructive => limits.destructive,
        };
        let whose = match state.switches.rate_per_organization {
            true => format!("shipper o{}", caller.organization),
            false => format!("shipper k{}", caller.key),
        };
        let bucket = if state.switches.shared_rate_bucket { "all" } else { group.word() };
        let window = Limit { calls, span: SignedDuration::from_secs(60) };
        Some((format!("{whose} {bucket}"), Rate::Window(window)))
    }

    fn role(state: &State, group: Group, caller: &Caller) -> Result<(), Refusal> {
        let organization = state.accounts.organizations.get(&caller.organization);
        match (group, organization.map(|organization| organization.role)) {
            (Group::Dashboard, Some(Role::Supplier)) => {
                Err(Refusal::WrongRole(Role::Supplier.word()))
            }
            _ => Ok(()),
        }
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

    fn dress(state: &State, _request: &Request, reply: &mut Reply, notes: &Notes, _routed: bool) {
        reply.headers.set("Cache-Control", "no-cache, private");
        if state.switches.cors {
            reply.headers.set("Access-Control-Allow-Origin", "*");
        }
        let window = match (notes.window, state.switches.rate_headers_everywhere) {
            (None, true) => Some((state.limits.read, state.limits.read)),
            (window, _) => window,
        };
        if let Some((limit, remaining)) = window {
            reply.headers.set("X-RateLimit-Limit", limit.to_string());
            reply.headers.set("X-RateLimit-Remaining", remaining.to_string());
        }
    }

    fn due(cx: &mut Cx<'_, Self>, timer: Timer) {
        match timer {
            Timer::Journey(key) => rules::lifecycle::travel(cx, key),
            Timer::Invent(organization) => rules::intake::invent(cx, organization),
        }
    }

    fn told(cx: &mut Cx<'_, Self>, subscription: &str, outcome: &Outcome) {
        resources::webhooks::told(cx, subscription, outcome);
    }

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        kinds::inspect::subject(state, timer)
    }

    fn presets(state: &State) -> Presets {
        kinds::inspect::presets(state)
    }
}
