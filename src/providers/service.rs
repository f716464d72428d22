//! The service, a provider behind a trait object: what the world, the listings and the control API call.

use std::borrow::Cow;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::Serialize;

use crate::kit::mistake::Mistake;
use crate::message::{Args, Evidence, Method, Reply, Request};
use crate::policy::{self, Notes, PolicyStep, Rate, RateCounters, Refusal};
use crate::providers::route::{meant, route, usual_path};
use crate::providers::{
    Call, Due, Entities, Field, Forged, Name, OperatorError, Parts, Presets, Provider, Providers,
    Reading, Route, RouteMiss, Scheme, SigningFault, webhook_signing,
};
use crate::sim::machine::Diagram;
use crate::sim::webhook::outbox::{Delivery, Outcome};

/// A row of a route table, in words.
#[derive(Debug, Clone, Serialize)]
pub struct RouteLine {
    /// Whose row.
    pub provider: &'static str,
    /// The verb.
    pub method: &'static str,
    /// The path, arguments in braces.
    pub path: &'static str,
    /// The rate group.
    pub group: String,
    /// The section of the provider's documentation.
    pub section: &'static str,
    /// How we know the usual answer.
    pub evidence: Evidence,
    /// The fields of the request that it reads.
    #[serde(skip)]
    pub takes: &'static [Field],
    /// Whether it asks for no credential.
    #[serde(skip)]
    pub is_open: bool,
}

/// An answer, and what the journal wants to know about it.
#[derive(Debug)]
pub struct Answered {
    /// The answer.
    pub reply: Reply,
    /// The row that took the call.
    pub route: Option<(Method, &'static str)>,
    /// Whose call it was.
    pub account: Option<String>,
}

/// A call before it is answered: which row takes it, and whose it is as far as its credential tells.
#[derive(Debug)]
pub struct Preview {
    /// The row, and what stood in the braces of its path.
    pub route: Option<(Method, &'static str, Args)>,
    /// The account.
    pub account: Option<String>,
}

/// A provider without its types.
pub trait Service: Sync {
    /// Its name in addresses.
    fn name(&self) -> Name;
    /// Its name in prose.
    fn title(&self) -> &'static str;
    /// The host names it really has.
    fn hosts(&self) -> &'static [&'static str];
    /// What its documentation calls the base, after the prefix.
    fn base(&self) -> &'static str;
    /// A path with the beginning that it stands for: an address of old means the one of today.
    fn usual_path<'a>(&self, path: &'a str) -> Cow<'a, str>;
    /// Whether long texts are compressed for who asks.
    fn compresses(&self) -> bool;
    /// Its endpoints.
    fn routes(&self) -> Vec<RouteLine>;
    /// Its life cycles.
    fn machines(&self) -> &'static [&'static dyn Diagram];
    /// The kinds of entity one can look at.
    fn entities(&self) -> &'static [&'static dyn Entities];
    /// Their words.
    fn kinds(&self) -> Vec<&'static str> {
        self.entities().iter().map(|kind| kind.word()).collect()
    }
    /// The kind of a word.
    ///
    /// # Errors
    /// `OperatorError::Kind` for a word that is none.
    fn kind(&self, word: &str) -> Result<&'static dyn Entities, OperatorError> {
        let known = || self.kinds().into_iter().map(str::to_owned).collect();
        self.entities()
            .iter()
            .copied()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| OperatorError::Kind { given: word.to_owned(), known: known() })
    }
    /// The names of its errors, for the rules of a scenario.
    fn refusals(&self) -> &'static [&'static str];
    /// The topics of its webhooks.
    fn topics(&self) -> &'static [&'static str];
    /// Where a call shows its credential.
    fn scheme(&self) -> Scheme;
    /// Looks at a request without answering it: nothing counts, nothing changes.
    fn look(&self, all: &Providers, request: &Request, now: Timestamp) -> Preview;
    /// What a request holds that its endpoint does not read or, as its answer says, passed over, and lacks that it
    /// does read; none where no row has it.
    fn reading(&self, request: &Request, reply: &Reply) -> Option<Reading>;
    /// One of its errors by name, dressed as its answers are.
    fn refusal(&self, all: &Providers, request: &Request, name: &str) -> Option<Reply>;
    /// Answers one request.
    fn answer(&self, parts: &mut Parts<'_>, request: &Request) -> Answered;
    /// Whether its state, read from a document, is one that it can go on from.
    ///
    /// # Errors
    /// The place in the state, and the mistake.
    fn check(&self, all: &Providers) -> Result<(), Mistake>;
    /// Something it promised falls due.
    fn due(&self, parts: &mut Parts<'_>, due: Due);
    /// A receiver answered, or did not.
    fn attempted(&self, parts: &mut Parts<'_>, subscription: &str, outcome: &Outcome);
    /// What a promise is about: kind, id and input.
    fn subject(&self, all: &Providers, due: Due) -> Option<(String, String, String)>;
    /// Credentials, ids and magic values.
    fn presets(&self, all: &Providers) -> Presets;
    /// The header field that carries a credential of the presets; none for a name they do not have.
    fn authorization(
        &self,
        all: &Providers,
        name: &str,
        now: Timestamp,
    ) -> Option<(&'static str, String)>;
    /// The header field that carries a credential which is none of the presets.
    fn authorize(
        &self,
        all: &Providers,
        credential: &str,
        now: Timestamp,
    ) -> (&'static str, String);
    /// Whether the signature of a delivery is right; none when its subscriber asked for none.
    fn signature_holds(&self, all: &Providers, delivery: &Delivery) -> Option<bool>;
    /// What of its webhooks can be spoiled: whether it signs them, and whether they carry a time.
    fn seals(&self) -> Forged;
    /// Spoils the signature or the time of a delivery, and says what there was to spoil.
    fn forge(&self, all: &Providers, delivery: &mut Delivery, forgery: SigningFault) -> Forged;
}

/// The door to one provider.
#[derive(Debug)]
pub(super) struct TypedService<P>(PhantomData<fn() -> P>);

impl<P> TypedService<P> {
    /// The only one.
    pub(super) const NEW: Self = TypedService(PhantomData);
}

/// The checks in the provider's order. Those before the credential do not know the caller yet; it is asked for even
/// where a list does not name it.
fn admitted<P: Provider>(
    parts: &mut Parts<'_>,
    request: &Request,
    group: P::Group,
    notes: &mut Notes,
    account: &mut Option<String>,
) -> Result<P::Caller, Refusal> {
    let state = P::state(parts.providers);
    let mut check = |step: PolicyStep, caller: Option<&P::Caller>| match (step, caller) {
        (PolicyStep::AllowedAddress, caller) => P::address(state, group, caller, request),
        (PolicyStep::AllowedDomain, caller) => P::domain(state, group, caller, request),
        (PolicyStep::Format, _) => P::format(state, request),
        (PolicyStep::Role, Some(caller)) => P::role(state, group, caller),
        (PolicyStep::Limit, Some(caller)) => match P::limit(state, group, caller) {
            None => Ok(()),
            Some((key, rate)) => {
                let counts = RateCounters { windows: parts.windows, buckets: parts.buckets };
                policy::within_rate(counts, &key, rate, parts.now, notes)
            }
        },
        (PolicyStep::Limit | PolicyStep::Role, None) | (PolicyStep::Credential, _) => Ok(()),
    };
    let order = P::order(state);
    let shown = order.iter().position(|step| *step == PolicyStep::Credential);
    let (before, after) = order.split_at(shown.unwrap_or(order.len()));
    before.iter().try_for_each(|step| check(*step, None))?;
    let caller = P::caller(state, group, request, parts.now)?;
    *account = Some(P::account(state, &caller));
    after.iter().try_for_each(|step| check(*step, Some(&caller)))?;
    Ok(caller)
}

/// What is left of the window that an answer shows though no route took the call, which does not count.
fn shown_window<P: Provider>(
    parts: &Parts<'_>,
    request: &Request,
    miss: &RouteMiss,
) -> Option<(u32, u32)> {
    let state = P::state(parts.providers);
    let verbs = match miss {
        RouteMiss::Method(verbs) => verbs.as_slice(),
        RouteMiss::Path | RouteMiss::Oversize => &[],
    };
    let row = |verb: &Method| {
        let asked = Request { method: *verb, ..request.clone() };
        route::<P>(&asked).ok().map(|(row, _)| row.group)
    };
    let group = P::shown_group(state, verbs.iter().find_map(row))?;
    let caller = P::caller(state, group, request, parts.now).ok()?;
    let (key, rate) = P::limit(state, group, &caller)?;
    match rate {
        Rate::Window(limit) | Rate::Dripping(limit, _) => {
            Some((limit.calls, parts.windows.left(&key, limit, parts.now)))
        }
        Rate::Bucket(_) => None,
    }
}

/// The checks, then the handler.
fn routed<P: Provider>(
    parts: &mut Parts<'_>,
    request: &Request,
    row: &'static Route<P>,
    args: Args,
    notes: &mut Notes,
    account: &mut Option<String>,
) -> Reply {
    let caller = match admitted::<P>(parts, request, row.group, notes, account) {
        Ok(caller) => caller,
        Err(refusal) => {
            return P::refuse(P::state(parts.providers), row.group, request, &refusal);
        }
    };
    let call = Call { request, args, takes: row.takes, caller };
    match (row.handler)(&mut parts.cx::<P>(), &call) {
        Ok(reply) => reply,
        Err(error) => P::word(P::state(parts.providers), request, error),
    }
}

impl<P: Provider> Service for TypedService<P> {
    fn name(&self) -> Name {
        P::NAME
    }

    fn title(&self) -> &'static str {
        P::TITLE
    }

    fn hosts(&self) -> &'static [&'static str] {
        P::HOSTS
    }

    fn base(&self) -> &'static str {
        P::BASE
    }

    fn usual_path<'a>(&self, path: &'a str) -> Cow<'a, str> {
        usual_path::<P>(path)
    }

    fn compresses(&self) -> bool {
        P::FRONT_COMPRESSES
    }

    fn routes(&self) -> Vec<RouteLine> {
        let line = |row: &Route<P>| RouteLine {
            provider: P::NAME.word(),
            method: row.method.word(),
            path: row.path,
            group: row.group.to_string(),
            section: row.section,
            evidence: row.evidence,
            takes: row.takes,
            is_open: P::is_open(row.group),
        };
        P::ROUTES.iter().map(line).collect()
    }

    fn machines(&self) -> &'static [&'static dyn Diagram] {
        P::MACHINES
    }

    fn entities(&self) -> &'static [&'static dyn Entities] {
        P::ENTITIES
    }

    fn refusals(&self) -> &'static [&'static str] {
        P::REFUSALS
    }

    fn topics(&self) -> &'static [&'static str] {
        P::TOPICS
    }

    fn scheme(&self) -> Scheme {
        P::SCHEME
    }

    fn look(&self, all: &Providers, request: &Request, now: Timestamp) -> Preview {
        let state = P::state(all);
        let request = &*meant::<P>(request);
        let Ok((row, args)) = route::<P>(request) else {
            return Preview { route: None, account: None };
        };
        let caller = P::caller(state, row.group, request, now).ok();
        Preview {
            route: Some((row.method, row.path, args)),
            account: caller.map(|caller| P::account(state, &caller)),
        }
    }

    fn reading(&self, request: &Request, reply: &Reply) -> Option<Reading> {
        let request = &*meant::<P>(request);
        let (row, _) = route::<P>(request).ok()?;
        let mut reading = Reading::of(request, row.takes);
        reading.unread.extend_from_slice(&reply.passed_over);
        Some(reading)
    }

    fn refusal(&self, all: &Providers, request: &Request, name: &str) -> Option<Reply> {
        let state = P::state(all);
        let mut reply = P::refusal(state, request, name)?;
        P::dress(state, request, &mut reply, &Notes::default(), true);
        Some(reply)
    }

    fn answer(&self, parts: &mut Parts<'_>, request: &Request) -> Answered {
        let mut notes = Notes::default();
        let mut account = None;
        let request = &*meant::<P>(request);
        let (mut reply, route) = match route::<P>(request) {
            Err(miss) => {
                notes.window = shown_window::<P>(parts, request, &miss);
                (P::unrouted(P::state(parts.providers), request, &miss), None)
            }
            Ok((row, args)) => {
                let reply = routed(parts, request, row, args, &mut notes, &mut account);
                (reply, Some((row.method, row.path)))
            }
        };
        P::dress(P::state(parts.providers), request, &mut reply, &notes, route.is_some());
        Answered { reply, route, account }
    }

    fn check(&self, all: &Providers) -> Result<(), Mistake> {
        P::check(P::state(all))
    }

    fn due(&self, parts: &mut Parts<'_>, due: Due) {
        if let Ok(timer) = P::Timer::try_from(due) {
            P::due(&mut parts.cx::<P>(), timer);
        }
    }

    fn attempted(&self, parts: &mut Parts<'_>, subscription: &str, outcome: &Outcome) {
        P::attempted(&mut parts.cx::<P>(), subscription, outcome);
    }

    fn subject(&self, all: &Providers, due: Due) -> Option<(String, String, String)> {
        P::subject(P::state(all), P::Timer::try_from(due).ok()?)
    }

    fn presets(&self, all: &Providers) -> Presets {
        P::presets(P::state(all))
    }

    fn authorization(
        &self,
        all: &Providers,
        name: &str,
        now: Timestamp,
    ) -> Option<(&'static str, String)> {
        let state = P::state(all);
        let presets = P::presets(state);
        Some(P::authorization(state, presets.credentials.get(name)?.as_str()?, now))
    }

    fn authorize(
        &self,
        all: &Providers,
        credential: &str,
        now: Timestamp,
    ) -> (&'static str, String) {
        P::authorization(P::state(all), credential, now)
    }

    fn signature_holds(&self, all: &Providers, delivery: &Delivery) -> Option<bool> {
        P::signature_holds(P::state(all), delivery)
    }

    fn seals(&self) -> Forged {
        Forged { signature: P::SIGNING.sign.is_some(), stale: P::SIGNING.date.is_some() }
    }

    fn forge(&self, all: &Providers, delivery: &mut Delivery, forgery: SigningFault) -> Forged {
        webhook_signing::forge::<P>(P::state(all), delivery, forgery)
    }
}
