//! Waiting instead of sleeping: for a call, a state, a delivery, or until nothing is under way. What is waited for is
//! read here, looked for, and explained when it does not come; the waiting itself is the shell's.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::control::extract::{self, Extracted};
use crate::control::problem::Problem;
use crate::control::shape::{Parameter, Record, ValueShape, may, must};
use crate::control::verify::{FoundCalls, MATCHER, matcher, nearest, patience};
use crate::control::{Job, ShellJob, Subject, entities, requests, respond, webhooks};
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

/// `POST /await`.
pub(super) fn read(asked: &Extracted) -> Result<Job, Reply> {
    let given = ["request", "state", "delivery", "quiet"]
        .map(|name| (name, asked.field(name).filter(|value| **value != Value::Bool(false))));
    let mut given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let (Some((name, value)), None) = (given.next(), given.next()) else {
        let detail = "say exactly one of `request`, `state`, `delivery` and `quiet`";
        return Err(respond::problem(422, "Wait for what", detail));
    };
    let what = match name {
        "request" => Awaited::Request(matcher(name, value)?, after(asked, 'r')?),
        "state" => state(value)?,
        "delivery" => delivery(value, after(asked, 'd')?)?,
        _ => quiet(value)?,
    };
    if matches!(what, Awaited::State(..) | Awaited::Quiet(_)) && asked.field("after").is_some() {
        let detail = "`after` is the id of a request or a delivery, for `request` and `delivery`";
        return Err(respond::problem(422, "Contradiction", detail));
    }
    let within = asked.field("within").map_or(Ok(USUAL), patience)?;
    Ok(Job::Shell(ShellJob::Await(Box::new(Await { what, within }))))
}

fn after(asked: &Extracted, letter: char) -> Result<u64, Reply> {
    let Some(given) = asked.field("after") else { return Ok(0) };
    let number = given.as_str().and_then(|text| text.strip_prefix(letter)?.parse().ok());
    let expected = format!("an id such as `{letter}17`");
    number.ok_or_else(|| Problem::value("after", &expected, given).reply())
}

fn object<'a>(field: &str, value: &'a Value, keys: &str) -> Result<&'a Map<String, Value>, Reply> {
    let expected = format!("an object with {keys}");
    value.as_object().ok_or_else(|| Problem::value(field, &expected, value).reply())
}

/// The fields of `state`.
#[rustfmt::skip]
pub(super) const STATE: &[Parameter] = &[
    must("provider", ValueShape::Word(Name::WORDS),                     "whose entity"),
    must("kind",     ValueShape::Text,                                  "its kind"),
    must("id",       ValueShape::Either(&[ValueShape::Text, ValueShape::Count]),  "its id"),
    must("is",       ValueShape::Any,                                   "the state, or an object of comparisons"),
];
static STATE_RECORD: Record =
    Record { name: "Standing", summary: "An entity in a state", fields: STATE };

fn state(value: &Value) -> Result<Awaited, Reply> {
    let object = object("state", value, "`provider`, `kind`, `id` and `is`")?;
    extract::only("`state`", object, STATE)?;
    let text = |name: &str| {
        let value = object.get(name).unwrap_or(&Value::Null);
        match value {
            Value::Number(number) => Ok(number.to_string()),
            value => extract::text(&format!("state.{name}"), value).map(str::to_owned),
        }
    };
    let provider = extract::choose("state.provider", &text("provider")?, Name::ALL, Name::word)?;
    let subject = Subject { provider, kind: text("kind")?, id: text("id")? };
    let service = providers::service(provider);
    if !service.kinds().contains(&subject.kind.as_str()) {
        return Err(Problem::word("state.kind", &subject.kind, &service.kinds()).reply());
    }
    let is = object.get("is").filter(|is| !is.is_null());
    let is = is.ok_or_else(|| Problem::value("state.is", "a state", &Value::Null).reply())?;
    // A state that its table does not have would be waited for in vain.
    if let (Some(word), Ok(table)) = (is.as_str(), machine_of(service, &subject.kind)) {
        let states = table.states();
        if !states.contains(&word) {
            return Err(Problem::word("state.is", word, &states).reply());
        }
    }
    let test = serde_json::from_value(is.clone()).map_err(|wrong| {
        Problem::new(422, "Wrong value", wrong.to_string()).with("field", "state.is").reply()
    })?;
    Ok(Awaited::State(subject, test))
}

fn delivery(value: &Value, after: u64) -> Result<Awaited, Reply> {
    let keys =
        "some of `provider`, `event`, `url`, `state`, `json`, `headers`, `attempts`, `signed`";
    let mut object = object("delivery", value, keys)?.clone();
    let provider = match object.shift_remove("provider") {
        None | Some(Value::Null) => None,
        Some(given) => {
            let text = extract::text("delivery.provider", &given)?;
            Some(extract::choose("delivery.provider", text, Name::ALL, Name::word)?)
        }
    };
    let webhook = serde_json::from_value(Value::Object(object)).map_err(|wrong| {
        let problem = Problem::new(422, "Wrong delivery", wrong.to_string());
        problem.with("field", "delivery").reply()
    })?;
    Ok(Awaited::Delivery(Box::new(webhook), after, provider))
}

/// The fields of `quiet`.
pub(super) const QUIET: &[Parameter] =
    &[must("for", ValueShape::Length, "how long nothing may happen, in real time")];
static QUIET_RECORD: Record =
    Record { name: "Quiet", summary: "Nothing due and nothing under way", fields: QUIET };

#[rustfmt::skip]
pub(super) static WEBHOOK: Record = Record { name: "WebhookMatcher", summary: "Which webhook; the same as in a scenario, and the provider", fields: &[
    may("provider", ValueShape::Word(Name::WORDS),      "who sends it"),
    may("event",    ValueShape::Text,                   "its topic"),
    may("json",     ValueShape::Map(&ValueShape::Any),       "places of its body by JSONPath"),
    may("headers",  ValueShape::Map(&ValueShape::Any),       "header fields by name"),
    may("signed",   ValueShape::Flag,                   "whether it is signed, and rightly so"),
    may("state",    ValueShape::Word(DeliveryState::WORDS),  "where it stands"),
    may("url",      ValueShape::Any,                    "where the subscriber wants it"),
    may("attempts", ValueShape::Any,                    "how often it was tried"),
    may("weather",  ValueShape::Any,                    "the rule that had a hand in it"),
] };

const QUIET_OR_TRUE: ValueShape =
    ValueShape::Either(&[ValueShape::Flag, ValueShape::Record(&QUIET_RECORD)]);

/// The fields of the call.
#[rustfmt::skip]
pub(super) const FIELDS: &[Parameter] = &[
    may("request",  ValueShape::Record(&MATCHER),       "a call, as for `verify`"),
    may("state",    ValueShape::Record(&STATE_RECORD),  "an entity in a state"),
    may("delivery", ValueShape::Record(&WEBHOOK),       "a webhook in the ledger"),
    may("quiet",    QUIET_OR_TRUE,                 "nothing due and nothing under way"),
    may("after",    ValueShape::Text,                   "the id after which a request or a delivery counts; all count when missing"),
    may("within",   ValueShape::Length,                 "how long to wait, in real time, ten minutes at most; 5s when missing"),
];

fn quiet(value: &Value) -> Result<Awaited, Reply> {
    let lasting = match value {
        Value::Bool(_) => None,
        value => {
            let object = object("quiet", value, "`for`, or true")?;
            extract::only("`quiet`", object, QUIET)?;
            object.get("for").filter(|lasting| !lasting.is_null())
        }
    };
    Ok(Awaited::Quiet(lasting.map_or(Ok(SignedDuration::ZERO), patience)?))
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
        let answer = match self {
            Awaited::Request(matcher, _) => {
                json!({"request": requests::line(tally.update(world, matcher)?)})
            }
            Awaited::State(subject, test) => {
                let detail = entities::look(world, subject).ok()?;
                test.passes_text(detail.state.as_deref()).then_some(())?;
                json!({"entity": entities::whole(world, subject, detail)})
            }
            Awaited::Delivery(wanted, after, provider) => {
                let mut new = candidates(world, *after, *provider);
                let found = new.find(|it| webhook_unlike(world, wanted, it).is_empty())?;
                json!({"delivery": webhooks::entry(found)})
            }
            Awaited::Quiet(_) => {
                under_way(world, around).is_empty().then_some(())?;
                json!({"quiet": true, "now": world.now(), "next_due": world.next_due()})
            }
        };
        Some(respond::said(&answer))
    }

    /// What there is instead, when time is up.
    pub fn late(&self, world: &World, around: Around) -> Reply {
        let problem = |detail: String| Problem::new(409, "Not in time", detail);
        let clock = json!({
            "now": world.now(), "mode": world.clock().mode(), "next_due": world.next_due(),
        });
        match self {
            Awaited::Request(matcher, after) => {
                let list = world.journal().entries().rev();
                let count = list.take_while(|entry| entry.number > *after).count();
                let detail = format!("no call like this has come; {count} others have");
                problem(detail).with("nearest", nearest(world, matcher, *after))
            }
            Awaited::State(subject, test) => standing(world, subject, test, problem),
            Awaited::Delivery(wanted, after, provider) => {
                let mut all: Vec<(Vec<String>, &Delivery)> =
                    candidates(world, *after, *provider)
                        .map(|it| (webhook_unlike(world, wanted, it), it))
                        .collect();
                let detail = format!("no delivery like this is in the ledger; {} others are", all.len());
                all.sort_by_key(|(unlike, it)| (unlike.len(), std::cmp::Reverse(it.number)));
                let told = |(unlike, it): &(Vec<String>, &Delivery)| {
                    json!({
                        "id": it.id(), "at": it.at, "provider": it.provider, "event": it.event,
                        "url": it.url, "state": it.state(), "attempts": it.attempts.len(), "unlike": unlike,
                    })
                };
                let near: Vec<Value> = all.iter().take(3).map(told).collect();
                problem(detail).with("nearest", near)
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
        .reply()
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
    let id = crate::control::problem::echo(id);
    match entities::look(world, subject) {
        Err(_) => problem(format!("there is no {kind} `{id}` of {provider} in this world")),
        Ok(detail) => {
            let state = detail.state.clone().unwrap_or_else(|| "nowhere".to_owned());
            let whole = entities::whole(world, subject, detail);
            let due = whole.get("due").and_then(Value::as_array).and_then(|due| due.first());
            let next = match due
                .and_then(|due| Some((due.get("on")?.as_str()?, due.get("at")?.as_str()?)))
            {
                None => "nothing is due for it".to_owned(),
                Some((on, at)) => format!(
                    "`{on}` is due at {at}, and it is {} ({} clock)",
                    world.now(),
                    world.clock().mode()
                ),
            };
            let detail = format!("{kind} `{id}` is `{state}`, expected {test}; {next}");
            problem(detail).with("entity", Value::Object(whole))
        }
    }
}
