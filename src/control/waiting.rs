//! Long polling instead of sleeping: a call, a state, a delivery, or quiet. What is waited for is read here, looked for,
//! and explained when it does not come; the waiting itself is the shell's.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::control::entities::{self, Subject, WholeEntity};
use crate::control::pagination::numbered;
use crate::control::problem::{Problem, echo};
use crate::control::requests::JournalLine;
use crate::control::respond;
use crate::control::values::{AnyCase, Patience, ProviderWord, Short, Shortened, Unread};
use crate::control::verify::{FoundCalls, matcher, nearest};
use crate::control::webhooks::LedgerEntry;
use crate::message::Reply;
use crate::policy::condition::Condition;
use crate::policy::matcher::Matcher;
use crate::providers::{self, Name};
use crate::scenario::{steps::WebhookExpectation, webhook_unlike};
use crate::sim::webhook::outbox::{Delivery, DeliveryState};
use crate::world::{World, machine_of};

/// What to wait for, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Await {
    /// What.
    pub what: Awaited,
    /// How long, in real time.
    pub within: SignedDuration,
}

/// Something that may come.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one a call")]
pub enum Awaited {
    /// A call, behind the entry of a number.
    Request(Matcher, u64),
    /// An entity in a state.
    State(Subject, Condition),
    /// A webhook in the ledger, behind the delivery of a number, of a provider if one is named.
    Delivery(Box<WebhookExpectation>, u64, Option<Name>),
    /// Nothing due and nothing under way, for so long in real time.
    Quiet(SignedDuration),
}

/// What only the shell knows.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// Wall time.
    pub wall: Timestamp,
    /// Whether somebody lets time pass at the moment.
    pub advancing: bool,
}

/// How long is waited when nobody says.
const USUAL: SignedDuration = SignedDuration::from_secs(5);

/// What to wait for, exactly one of the four, and for how long.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AwaitOrder")]
pub(super) struct AwaitBody {
    /// A call, as for `verify`.
    request: Option<Unread<Matcher>>,
    /// An entity in a state.
    state: Option<StateBody>,
    /// A webhook in the ledger.
    delivery: Option<DeliveryBody>,
    /// Nothing due and nothing under way.
    quiet: Option<Short<bool, QuietBody>>,
    /// The id after which a request or a delivery counts; all count when missing.
    after: Option<String>,
    /// How long to wait, in real time, ten minutes at most; 5s when missing.
    within: Option<Patience>,
}

/// An entity in a state.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EntityInState")]
struct StateBody {
    /// Whose entity.
    provider: AnyCase<Name>,
    /// Its kind.
    kind: String,
    /// Its id.
    id: EntityId,
    /// The state, or an object of comparisons.
    is: Condition,
}

/// The id of an entity: a text, or the number it is with some providers.
#[derive(Debug)]
struct EntityId(String);

impl<'de> Deserialize<'de> for EntityId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;
        impl Visitor<'_> for TextOrNumber {
            type Value = EntityId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<EntityId, E> {
                Ok(EntityId(text.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<EntityId, E> {
                Ok(EntityId(number.to_string()))
            }
        }
        deserializer.deserialize_any(TextOrNumber)
    }
}

crate::written_as!(EntityId, { "anyOf": [{ "type": "string" }, { "type": "integer", "minimum": 0 }] });

/// Which webhook; the same as in a scenario, and the provider.
// serde cannot refuse what neither knows when one is flattened into the other: the expectation refuses it itself.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "WebhookMatcher", extend("additionalProperties" = false))]
struct DeliveryBody {
    /// Who sends it.
    provider: Option<AnyCase<Name>>,
    #[serde(flatten)]
    webhook: Unread<WebhookExpectation>,
}

/// Nothing due and nothing under way.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Quiet")]
struct QuietBody {
    /// How long nothing may happen, in real time.
    #[serde(rename = "for")]
    #[schemars(required)]
    lasting: Option<Patience>,
}

impl Shortened for QuietBody {
    const EXPECTED: &'static str = "an object with `for`, or true";
}

impl AwaitBody {
    /// What is waited for.
    pub(super) fn order(self) -> Result<Await, Problem> {
        // `"quiet": false` asks for nothing, as leaving it out does.
        let quiet = self.quiet.filter(|quiet| !matches!(quiet, Short::Plain(false)));
        let after = self.after.as_deref();
        let behind = |letter| after.map_or(Ok(0), |given| numbered("after", given, letter));
        let what = match (self.request, self.state, self.delivery, quiet) {
            (Some(request), None, None, None) => {
                Awaited::Request(matcher("request", request)?, behind('r')?)
            }
            (None, Some(state), None, None) => state.awaited()?,
            (None, None, Some(delivery), None) => delivery.awaited(behind('d')?)?,
            (None, None, None, Some(quiet)) => Awaited::Quiet(match quiet {
                Short::Plain(_) | Short::Whole(QuietBody { lasting: None }) => SignedDuration::ZERO,
                Short::Whole(QuietBody { lasting: Some(Patience(lasting)) }) => lasting,
            }),
            _ => {
                let detail = "say exactly one of `request`, `state`, `delivery` and `quiet`";
                return Err(Problem::new(422, "Wait for what", detail).with("field", "request"));
            }
        };
        if matches!(what, Awaited::State(..) | Awaited::Quiet(_)) && after.is_some() {
            let detail =
                "`after` is the id of a request or a delivery, for `request` and `delivery`";
            return Err(Problem::new(422, "Contradiction", detail).with("field", "after"));
        }
        Ok(Await { what, within: self.within.map_or(USUAL, |within| within.0) })
    }
}

impl StateBody {
    fn awaited(self) -> Result<Awaited, Problem> {
        let StateBody { provider: AnyCase(provider), kind, id: EntityId(id), is } = self;
        let service = providers::service(provider);
        if !service.kinds().contains(&kind.as_str()) {
            return Err(Problem::word("state.kind", &kind, &service.kinds()));
        }
        // A state that its table does not have would be waited for in vain.
        match (json!(is), machine_of(service, &kind)) {
            (Value::Null, _) => Err(Problem::value("state.is", "a state", &Value::Null)),
            (Value::String(word), Ok(table)) if !table.states().contains(&word.as_str()) => {
                Err(Problem::word("state.is", &word, &table.states()))
            }
            // States are words: a number is never one of them, and would be waited for in vain.
            (given @ (Value::Number(_) | Value::Bool(_) | Value::Array(_)), _) => {
                Err(Problem::value("state.is", "a state, or an object of comparisons", &given))
            }
            (Value::Object(tests), Ok(table)) => {
                let words = ["equals", "one_of"].into_iter().filter_map(|test| tests.get(test));
                let words = words
                    .flat_map(|it| it.as_array().map_or(std::slice::from_ref(it), Vec::as_slice));
                let unknown =
                    |it: &&Value| !it.as_str().is_some_and(|it| table.states().contains(&it));
                match words.into_iter().find(unknown) {
                    Some(Value::String(word)) => {
                        Err(Problem::word("state.is", word, &table.states()))
                    }
                    Some(other) => Err(Problem::value("state.is", "a state", other)),
                    None => Ok(Awaited::State(Subject { provider, kind, id }, is)),
                }
            }
            _ => Ok(Awaited::State(Subject { provider, kind, id }, is)),
        }
    }
}

impl DeliveryBody {
    fn awaited(self, after: u64) -> Result<Awaited, Problem> {
        let webhook = self.webhook.read().map_err(|wrong| {
            Problem::new(422, "Wrong delivery", wrong.to_string()).with("field", "delivery")
        })?;
        for (field, test) in
            [("delivery.url", &webhook.url), ("delivery.weather", &webhook.weather)]
        {
            let given = json!(test);
            if given.is_number() || given.is_boolean() {
                return Err(Problem::value(field, "a text, or an object of comparisons", &given));
            }
        }
        Ok(Awaited::Delivery(Box::new(webhook), after, self.provider.map(|word| word.0)))
    }
}

/// What of a world keeps it from being quiet.
fn under_way(world: &World, around: Around) -> Vec<String> {
    let mut found: Vec<String> = world
        .outbox()
        .under_way()
        .map(|number| format!("delivery d{number} is on its way"))
        .collect();
    if let Some(at) = world.next_due().filter(|at| *at <= world.clock().at(around.wall)) {
        found.push(format!("something has been due since {at}"));
    }
    if around.advancing {
        found.push("time is advancing".to_owned());
    }
    found
}

/// What changes whenever something happens.
pub fn pulse(world: &World) -> (u64, usize, Timestamp) {
    let now = match world.next_due() {
        Some(next) => next,
        None => Timestamp::MAX,
    };
    (world.journal().next_number(), world.outbox().deliveries().len(), now)
}

/// What was waited for.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Awaited")]
pub(super) enum AwaitAnswer<'a> {
    /// The call.
    Request {
        /// As the journal lists it.
        request: JournalLine<'a>,
    },
    /// The entity.
    Entity {
        /// As it stands.
        entity: WholeEntity<'a>,
    },
    /// The webhook.
    Delivery {
        /// As the ledger lists it.
        delivery: LedgerEntry<'a>,
    },
    /// That it is quiet.
    Quiet {
        /// True.
        quiet: bool,
        /// World time.
        now: Timestamp,
        /// When something falls due next.
        next_due: Option<Timestamp>,
    },
}

/// How many of the nearest are told.
const NEAREST: usize = 3;

/// A delivery that is not the one, and why not.
#[derive(Serialize)]
struct NearDelivery<'a> {
    id: String,
    at: Timestamp,
    provider: ProviderWord<'a>,
    event: &'a str,
    url: &'a str,
    state: DeliveryState,
    attempts: u32,
    unlike: Vec<String>,
}

impl<'a> NearDelivery<'a> {
    fn of(delivery: &'a Delivery, unlike: Vec<String>) -> Self {
        NearDelivery {
            id: delivery.id(),
            at: delivery.at,
            provider: ProviderWord(&delivery.provider),
            event: &delivery.event,
            url: &delivery.url,
            state: delivery.state(),
            attempts: delivery.tried(),
            unlike,
        }
    }
}

impl Awaited {
    /// What a look is continued with.
    pub fn tally(&self) -> FoundCalls {
        match self {
            Awaited::Request(_, after) => FoundCalls::after(*after),
            _ => FoundCalls::default(),
        }
    }

    /// The answer, once it is there.
    pub fn look(&self, world: &World, tally: &mut FoundCalls, around: Around) -> Option<Reply> {
        let found = match self {
            Awaited::Request(matcher, _) => {
                AwaitAnswer::Request { request: JournalLine::of(&tally.update(world, matcher)?) }
            }
            Awaited::State(subject, test) => {
                let entity = entities::show(world, subject).ok()?;
                test.passes_text(entity.state.as_deref()).then_some(())?;
                AwaitAnswer::Entity { entity }
            }
            Awaited::Delivery(wanted, after, provider) => {
                let mut new = candidates(world, *after, *provider);
                let found = new.find(|it| webhook_unlike(world, wanted, it).is_empty())?;
                AwaitAnswer::Delivery { delivery: LedgerEntry::of(found) }
            }
            Awaited::Quiet(_) => {
                under_way(world, around).is_empty().then_some(())?;
                AwaitAnswer::Quiet { quiet: true, now: world.now(), next_due: world.next_due() }
            }
        };
        Some(respond::json(200, &found))
    }

    /// What there is instead, when time is up.
    pub fn late(&self, world: &World, around: Around) -> Problem {
        let problem = |detail: String| Problem::new(409, "Not in time", detail);
        let clock = json!({
            "now": world.now(), "mode": world.clock().mode(), "next_due": world.next_due(),
        });
        match self {
            Awaited::Request(matcher, after) => {
                let list = world.journal().entries().rev();
                let count = list.take_while(|entry| entry.number > *after).count();
                let detail =
                    format!("no call like this has come; {}", others(count, "has", "have"));
                problem(detail).with("nearest", nearest(world, matcher, *after))
            }
            Awaited::State(subject, test) => standing(world, subject, test, problem),
            Awaited::Delivery(wanted, after, provider) => {
                let mut all: Vec<NearDelivery<'_>> = candidates(world, *after, *provider)
                    .map(|it| NearDelivery::of(it, webhook_unlike(world, wanted, it)))
                    .collect();
                // The newest first of those that are as near.
                all.reverse();
                all.sort_by_key(|near| near.unlike.len());
                let others = others(all.len(), "is", "are");
                let detail = format!("no delivery like this is in the ledger; {others}");
                all.truncate(NEAREST);
                problem(detail).with("nearest", json!(all))
            }
            Awaited::Quiet(lasting) => {
                let found = under_way(world, around);
                let detail = match found.as_slice() {
                    [] => format!("it was never quiet for {lasting:#} on end"),
                    list => list.join("; "),
                };
                problem(detail).with("under_way", found)
            }
        }
        .with("clock", clock)
    }
}

fn candidates(
    world: &World,
    after: u64,
    provider: Option<Name>,
) -> impl Iterator<Item = &Delivery> {
    let new = world.outbox().after(after);
    new.filter(move |delivery| provider.is_none_or(|provider| delivery.provider == provider.word()))
}

/// Where an entity stands instead, and what would move it.
fn standing(
    world: &World,
    subject: &Subject,
    test: &Condition,
    problem: impl Fn(String) -> Problem,
) -> Problem {
    let Subject { provider, kind, id } = subject;
    let id = echo(id);
    let Ok(entity) = entities::show(world, subject) else {
        return problem(format!("there is no {kind} `{id}` of {provider} in this world"));
    };
    let state = entity.state.as_deref().unwrap_or("nowhere");
    let next = match entity.due.first() {
        None => "nothing is due for it".to_owned(),
        Some(due) => format!(
            "`{}` is due at {}, and it is {} ({} clock)",
            due.on,
            due.at,
            world.now(),
            world.clock().mode()
        ),
    };
    let detail = format!("{kind} `{id}` is `{state}`, expected {test}; {next}");
    problem(detail).with("entity", json!(entity))
}

/// What there was instead, in number.
fn others(count: usize, one: &str, several: &str) -> String {
    match count {
        1 => format!("1 other {one}"),
        count => format!("{count} others {several}"),
    }
}
