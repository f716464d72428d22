//! The traits that a provider implements, each in the file where its functions are.
//!
//! `Provider` asks for all of them, so that one that is forgotten does not compile.

use std::fmt::{Debug, Display};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::frameworks::routing::Routing;
use crate::kit::mistake::Mistake;
use crate::kit::shared::Shared;
use crate::message::{Reply, Request};
use crate::policy::{Notes, PolicyStep, Rate, Refusal};
use crate::providers::{
    Cx, Due, Entities, Layer, Name, Presets, Providers, Route, RouteMiss, Signing,
};
use crate::sim::machine::Diagram;
use crate::sim::webhook::outbox::{Delivery, Outcome};

/// A simulated service: its tables, and everything below.
pub trait Provider: Access + Wording + Timers + Inspect + Webhooks + Opening {
    /// Its name in prose.
    const TITLE: &'static str;
    /// The host names it really has.
    const HOSTS: &'static [&'static str];
    /// What its documentation calls the base, after the prefix.
    const BASE: &'static str;
    /// Beginnings of paths that mean another one: an address of old.
    const ALIASES: &'static [(&'static str, &'static str)] = &[];
    /// Whose reading of method and path it has.
    const ROUTING: Routing = Routing::Plain;
    /// Whether the server in front of it compresses long texts for who asks. No public recording says so of any; it is
    /// what such servers usually do.
    const FRONT_COMPRESSES: bool = true;
    /// Its endpoints.
    const ROUTES: &'static [Route<Self>];
    /// Its life cycles.
    const MACHINES: &'static [&'static dyn Diagram];
}

/// What the register says of a provider: its name, and where its state is in a world.
pub trait Registered: Sized + 'static {
    /// Everything of it that can change.
    type State: Clone + Debug;

    /// Its name in addresses and scenarios.
    const NAME: Name;

    /// Its state in a world.
    fn state(all: &Providers) -> &Self::State;
    /// Its state in a world, to be changed.
    fn state_mut(all: &mut Providers) -> &mut Shared<Self::State>;
}

/// A provider's part of a scenario's setup.
pub trait Setting:
    Layer + Clone + Debug + PartialEq + Serialize + DeserializeOwned + JsonSchema
{
    /// How many days before its start a world with this history is opened.
    fn days(&self) -> u32 {
        0
    }
}

/// How a scenario's setup becomes accounts and what they own.
pub trait Opening: Registered {
    /// What a scenario can say of it.
    type Setup: Setting;

    /// Opens the accounts of a setup. Its history is promised for the time from now to `start`.
    ///
    /// # Errors
    /// The place and the mistake, when the setup contradicts itself.
    fn open(cx: &mut Cx<'_, Self>, setup: &Self::Setup, start: Timestamp) -> Result<(), Mistake>;

    /// After the history was lived through: what held only for it ends.
    fn opened(_state: &mut Self::State, _start: Timestamp) {}

    /// Whether a state that was read from a document is one that `open` and the calls after it could have made, as
    /// far as its functions rely on that.
    ///
    /// # Errors
    /// The place in the state, and the mistake.
    fn check(_state: &Self::State) -> Result<(), Mistake> {
        Ok(())
    }
}

/// Where a call shows its credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Bearer ...`.
    Bearer,
    /// Alone in a header field of this name.
    #[cfg_attr(
        surface_only,
        expect(dead_code, reason = "no provider of today shows its key so; the next may")
    )]
    Header(&'static str),
}

/// Authentication and rate limits: whose call it is, and whether it may be made.
pub trait Access: Registered {
    /// Who may call.
    type Caller: Clone + Debug;
    /// How its routes are grouped for limits and roles.
    type Group: Copy + Debug + Display;

    /// Where a call shows its credential.
    const SCHEME: Scheme = Scheme::Bearer;
    /// The order in which it checks a call; the credential is among the steps.
    const ORDER: &'static [PolicyStep];

    /// The order in which it checks a call in this world, where a scenario may say otherwise.
    fn order(_state: &Self::State) -> &[PolicyStep] {
        Self::ORDER
    }
    /// Whether the routes of a group ask for no credential, as where tokens are given out.
    fn is_open(_group: Self::Group) -> bool {
        false
    }
    /// Whose call it is. What the credential is depends on the route: a token here, a name and a password where
    /// tokens are given out.
    ///
    /// # Errors
    /// A `Refusal` when the credential is missing, unknown, over its time, or may not be used.
    fn caller(
        state: &Self::State,
        group: Self::Group,
        request: &Request,
        now: Timestamp,
    ) -> Result<Self::Caller, Refusal>;
    /// The account's name in the journal.
    fn account(state: &Self::State, caller: &Self::Caller) -> String;
    /// Whether it may come from where it comes from. Without a caller, the call has not shown a credential yet.
    ///
    /// # Errors
    /// `Refusal::AddressNotAllowed` when not.
    fn address(
        _state: &Self::State,
        _group: Self::Group,
        _caller: Option<&Self::Caller>,
        _request: &Request,
    ) -> Result<(), Refusal> {
        Ok(())
    }
    /// Whether it may speak for the domain it speaks for.
    ///
    /// # Errors
    /// `Refusal::DomainNotAllowed` when not.
    fn domain(
        _state: &Self::State,
        _group: Self::Group,
        _caller: Option<&Self::Caller>,
        _request: &Request,
    ) -> Result<(), Refusal> {
        Ok(())
    }
    /// Whether the caller takes a form that the provider has.
    ///
    /// # Errors
    /// `Refusal::NotAcceptable` when not.
    fn format(_state: &Self::State, _request: &Request) -> Result<(), Refusal> {
        Ok(())
    }
    /// The window or bucket a call counts against, if any.
    fn limit(
        _state: &Self::State,
        _group: Self::Group,
        _caller: &Self::Caller,
    ) -> Option<(String, Rate)> {
        None
    }
    /// Whether the caller is of the right kind.
    ///
    /// # Errors
    /// `Refusal::WrongRole` when not.
    fn role(
        _state: &Self::State,
        _group: Self::Group,
        _caller: &Self::Caller,
    ) -> Result<(), Refusal> {
        Ok(())
    }
    /// The header field that carries the credential of a preset, as an ordinary client sends it now.
    fn authorization(
        _state: &Self::State,
        credential: &str,
        _now: Timestamp,
    ) -> (&'static str, String) {
        ("authorization", format!("Bearer {credential}"))
    }
}

/// Errors in the provider's own words, and the headers of its answers.
pub trait Wording: Access {
    /// Its refusals from inside handlers, before they are worded.
    type Error;

    /// The names of its errors, for the rules of a scenario.
    const REFUSALS: &'static [&'static str];

    /// A refusal of one of the checks before the handler.
    fn refuse(
        state: &Self::State,
        group: Self::Group,
        request: &Request,
        refusal: &Refusal,
    ) -> Reply;
    /// An answer to what no route took.
    fn unrouted(state: &Self::State, request: &Request, miss: &RouteMiss) -> Reply;
    /// The group whose window stands in an answer that no route gave, where one does: `of_path` is that of a route with
    /// the path and another verb.
    fn shown_group(_state: &Self::State, _of_path: Option<Self::Group>) -> Option<Self::Group> {
        None
    }
    /// A handler's refusal.
    fn word(state: &Self::State, request: &Request, error: Self::Error) -> Reply;
    /// One of `REFUSALS`, worded as if it had happened.
    fn refusal(state: &Self::State, request: &Request, name: &str) -> Option<Reply>;
    /// Last touch on every answer: its usual headers. `routed` says whether a row took the call.
    fn dress(
        _state: &Self::State,
        _request: &Request,
        _reply: &mut Reply,
        _notes: &Notes,
        _routed: bool,
    ) {
    }
}

/// What it promises itself for later, and what happens then.
pub trait Timers: Registered {
    /// A promise.
    type Timer: Copy + Into<Due> + TryFrom<Due>;

    /// Something it promised falls due.
    fn due(cx: &mut Cx<'_, Self>, timer: Self::Timer);
}

/// What one sees of it from inside: its kinds of entity, and what a newcomer needs.
pub trait Inspect: Timers {
    /// The kinds of entity one can look at and touch.
    const ENTITIES: &'static [&'static dyn Entities];

    /// What a promise is about: kind, id and input, if it is about an entity.
    fn subject(state: &Self::State, timer: Self::Timer) -> Option<(String, String, String)>;
    /// Credentials, ids and magic values, for whoever starts here.
    fn presets(state: &Self::State) -> Presets;
}

/// Its webhooks: topics, signature, and what an answer of a receiver does. A provider that sends none says nothing.
pub trait Webhooks: Registered {
    /// The topics.
    const TOPICS: &'static [&'static str] = &[];
    /// What they carry so that a receiver can trust them.
    const SIGNING: Signing<Self> = Signing { sign: None, date: None };

    /// A receiver answered, or did not.
    fn attempted(_cx: &mut Cx<'_, Self>, _subscription: &str, _outcome: &Outcome) {}
    /// Whether the signature of a delivery is right; none when its subscriber asked for none.
    fn signature_holds(state: &Self::State, delivery: &Delivery) -> Option<bool> {
        let (header, right) = (Self::SIGNING.sign?)(state, delivery)?;
        Some(delivery.headers.get(header) == Some(right.as_str()))
    }
}
