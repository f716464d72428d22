//! The simulated services: the register, and what each of them is.
//!
//! Folders never look into each other. A newcomer is a folder, a variant of `Name`, a field of `Providers`,
//! an arm of `Due` and of `service`; the compiler names what is missing.

mod context;
mod environment;
mod fields;
mod inspect;
mod journey_book;
mod kind;
mod operator;
mod rule_check;
pub mod salla;
mod service;
mod setup;
pub mod shiplee;
pub mod shipper;
pub mod shiptheory;
pub mod shipup;
mod webhook_signing;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::{Args, Evidence, Method, Reply, Request};
use crate::policy::{self, Notes, Rate, Refusal};
use crate::sim::machine::Diagram;
use crate::sim::webhook::outbox::{Delivery, Outcome};

pub use context::{Cx, Out, Parts};
pub use environment::environment;
pub use fields::{Field, Need, Place, Reading, Shape};
pub use inspect::{Detail, HistoryRow, OperatorError, Summary};
pub use journey_book::{Choice, Choosing, JourneyBook, WrittenJourneys, merged as merged_journeys};
pub use kind::{Apply, Entity, InputsOf, Patch, Rows};
pub use rule_check::{check as check_rule, of as spoken_of};
pub use service::{Answered, Preview, RouteLine, Service};
pub use webhook_signing::{Forged, Signing, SigningFault};

crate::words! {
    /// The providers played.
    pub enum Name {
        /// Shipper Open API.
        Shipper = "shipper",
        /// Shiplee.
        Shiplee = "shiplee",
        /// Salla.
        Salla = "salla",
        /// Shiptheory.
        Shiptheory = "shiptheory",
        /// Shipup.
        Shipup = "shipup",
    }
}

/// The state of every provider in one world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Providers {
    /// Shipper's.
    pub shipper: shipper::State,
    /// Shiplee's.
    pub shiplee: shiplee::State,
    /// Salla's.
    pub salla: salla::State,
    /// Shiptheory's.
    pub shiptheory: shiptheory::State,
    /// Shipup's.
    pub shipup: shipup::State,
}

/// Something a world owes to itself later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// The next attempt of a webhook delivery.
    Attempt(u64),
    /// A webhook delivery that was kept back goes out, if it has not already.
    Release(u64),
    /// Shipper's.
    Shipper(shipper::Timer),
    /// Shiplee's.
    Shiplee(shiplee::Timer),
    /// Salla's.
    Salla(salla::Timer),
    /// Shiptheory's.
    Shiptheory(shiptheory::Timer),
    /// Shipup's.
    Shipup(shipup::Timer),
}

/// What a provider promises itself is due in its world, and what is due may be its own.
macro_rules! promises {
    ($($name:ident: $timer:ty),+ $(,)?) => {$(
        impl From<$timer> for Due {
            fn from(timer: $timer) -> Self {
                Due::$name(timer)
            }
        }

        impl TryFrom<Due> for $timer {
            type Error = ();

            fn try_from(due: Due) -> Result<Self, ()> {
                match due {
                    Due::$name(timer) => Ok(timer),
                    _ => Err(()),
                }
            }
        }
    )+};
}

promises! {
    Shipper: shipper::Timer,
    Shiplee: shiplee::Timer,
    Salla: salla::Timer,
    Shiptheory: shiptheory::Timer,
    Shipup: shipup::Timer,
}

/// The service behind a name.
pub fn service(name: Name) -> &'static dyn Service {
    match name {
        Name::Shipper => &service::TypedService::<shipper::Shipper>::NEW,
        Name::Shiplee => &service::TypedService::<shiplee::Shiplee>::NEW,
        Name::Salla => &service::TypedService::<salla::Salla>::NEW,
        Name::Shiptheory => &service::TypedService::<shiptheory::Shiptheory>::NEW,
        Name::Shipup => &service::TypedService::<shipup::Shipup>::NEW,
    }
}

/// The service that promised a thing.
pub fn owner(due: Due) -> Option<&'static dyn Service> {
    match due {
        Due::Attempt(_) | Due::Release(_) => None,
        Due::Shipper(_) => Some(service(Name::Shipper)),
        Due::Shiplee(_) => Some(service(Name::Shiplee)),
        Due::Salla(_) => Some(service(Name::Salla)),
        Due::Shiptheory(_) => Some(service(Name::Shiptheory)),
        Due::Shipup(_) => Some(service(Name::Shipup)),
    }
}

/// Where in a provider's setup something is wrong, and what.
pub type Mistake = (String, String);

/// One row of a provider's route table.
#[derive(Debug)]
pub struct Route<P: Provider> {
    /// The verb.
    pub method: Method,
    /// The path, arguments in braces.
    pub path: &'static str,
    /// The function that answers.
    pub handler: Handler<P>,
    /// The fields of the request that it reads.
    pub takes: &'static [Field],
    /// What it counts against, and what it asks of the caller.
    pub group: P::Group,
    /// The section of the provider's documentation.
    pub section: &'static str,
    /// How we know the usual answer.
    pub evidence: Evidence,
}

/// A function that answers one endpoint.
pub type Handler<P> = fn(&mut Cx<'_, P>, &Call<'_, P>) -> Result<Reply, <P as Provider>::Error>;

/// A call that has passed the checks.
#[derive(Debug)]
pub struct Call<'a, P: Provider> {
    /// The request as it came.
    pub request: &'a Request,
    /// What stood in the braces of the path.
    pub args: Args,
    /// Whose call it is.
    pub caller: P::Caller,
}

/// Why no row of the table took a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteMiss {
    /// No row has the path.
    Path,
    /// Rows have the path, with these verbs.
    Method(Vec<Method>),
    /// The body is over the limit.
    Oversize,
}

/// Where a call shows its credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Bearer ...`.
    Bearer,
    /// Alone in a header field of this name.
    Header(&'static str),
}

/// A simulated service: tables, words, and a few functions.
pub trait Provider: Sized + 'static {
    /// Everything of it that can change.
    type State: Clone + std::fmt::Debug;
    /// Who may call.
    type Caller: Clone + std::fmt::Debug;
    /// Its refusals from inside handlers, before they are worded.
    type Error;
    /// What it promises itself for later.
    type Timer: Copy + Into<Due> + TryFrom<Due>;
    /// How its routes are grouped for limits and roles.
    type Group: Copy + std::fmt::Debug + std::fmt::Display;

    /// Its name in addresses and scenarios.
    const NAME: Name;
    /// Its name in prose.
    const TITLE: &'static str;
    /// The host names it really has.
    const HOSTS: &'static [&'static str];
    /// What its documentation calls the base, after the prefix.
    const BASE: &'static str;
    /// Beginnings of paths that mean another one: an address of old.
    const ALIASES: &'static [(&'static str, &'static str)] = &[];
    /// Its endpoints.
    const ROUTES: &'static [Route<Self>];
    /// The order in which it checks a call; the credential is among the steps.
    const ORDER: &'static [policy::PolicyStep];
    /// Its life cycles.
    const MACHINES: &'static [&'static dyn Diagram];
    /// The kinds of entity one can look at and touch.
    const ENTITIES: &'static [Entity<Self>];
    /// The names of its errors, for the rules of a scenario.
    const REFUSALS: &'static [&'static str];
    /// The topics of its webhooks.
    const TOPICS: &'static [&'static str] = &[];
    /// What its webhooks carry so that a receiver can trust them.
    const SEAL: Signing<Self> = Signing { sign: None, date: None };
    /// Where a call shows its credential.
    const SCHEME: Scheme = Scheme::Bearer;

    /// Whether the routes of a group ask for no credential, as where tokens are given out.
    fn is_open(_group: Self::Group) -> bool {
        false
    }

    /// Its state in a world.
    fn state(all: &Providers) -> &Self::State;
    /// Its state in a world, to be changed.
    fn state_mut(all: &mut Providers) -> &mut Self::State;

    /// The order in which it checks a call in this world, where a scenario may say otherwise.
    fn order(_state: &Self::State) -> &[policy::PolicyStep] {
        Self::ORDER
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
    /// The account's name in the journal.
    fn account(state: &Self::State, caller: &Self::Caller) -> String;
    /// The window or bucket a call counts against, if any.
    fn limit(
        state: &Self::State,
        group: Self::Group,
        caller: &Self::Caller,
    ) -> Option<(String, Rate)>;
    /// Whether the caller is of the right kind.
    ///
    /// # Errors
    /// `Refusal::WrongRole` when not.
    fn role(state: &Self::State, group: Self::Group, caller: &Self::Caller) -> Result<(), Refusal>;

    /// A refusal in its words.
    fn refuse(
        state: &Self::State,
        group: Self::Group,
        request: &Request,
        refusal: &Refusal,
    ) -> Reply;
    /// An answer to what no route took, in its words.
    fn unrouted(state: &Self::State, request: &Request, miss: &RouteMiss) -> Reply;
    /// A handler's refusal in its words.
    fn word(state: &Self::State, request: &Request, error: Self::Error) -> Reply;
    /// One of the errors of `REFUSALS`, in its words; what a rule of a scenario can ask for.
    fn refusal(state: &Self::State, request: &Request, name: &str) -> Option<Reply>;
    /// Last touch on every answer: its usual headers. `routed` says whether a row took the call.
    fn dress(
        state: &Self::State,
        request: &Request,
        reply: &mut Reply,
        notes: &Notes,
        routed: bool,
    );

    /// Something it promised falls due.
    fn due(cx: &mut Cx<'_, Self>, timer: Self::Timer);
    /// A receiver answered, or did not.
    fn told(cx: &mut Cx<'_, Self>, subscription: &str, outcome: &Outcome);

    /// What a promise is about: kind, id and input, if it is about an entity.
    fn subject(state: &Self::State, timer: Self::Timer) -> Option<(String, String, String)>;
    /// Credentials, ids and magic values, for whoever starts here.
    fn presets(state: &Self::State) -> Presets;
    /// The header field that carries the credential of a preset, as an ordinary client sends it now.
    fn authorization(
        _state: &Self::State,
        credential: &str,
        _now: Timestamp,
    ) -> (&'static str, String) {
        ("authorization", format!("Bearer {credential}"))
    }
    /// Whether the signature of a delivery is right; none when its subscriber asked for none.
    fn signature_holds(state: &Self::State, delivery: &Delivery) -> Option<bool> {
        let (header, right) = (Self::SEAL.sign?)(state, delivery)?;
        Some(delivery.headers.get(header) == Some(right.as_str()))
    }
}

/// What a newcomer needs to call a provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Presets {
    /// Names and values of credentials.
    pub credentials: serde_json::Map<String, Value>,
    /// Names and values of ids that exist.
    pub ids: serde_json::Map<String, Value>,
    /// Values that choose a journey.
    pub magic: Vec<Magic>,
}

/// A value in a request that makes something happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Magic {
    /// The field of the request.
    pub field: String,
    /// The value.
    pub value: String,
    /// What it does.
    pub effect: String,
}
