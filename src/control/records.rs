//! The objects that the calls answer with, as data. What is taken stands beside its reader.

use crate::control::shape::ValueShape::{
    Any, Count, Either, Flag, Instant, Length, List, Map, Maybe, Number, Text, Word,
};
use crate::control::shape::{Parameter, Record, ValueShape, may, must};
use crate::message::{Evidence, Fault, Method};
use crate::policy::webhook_fault::SignatureFault;
use crate::providers::Name;
use crate::sim::clock::Mode;
use crate::sim::webhook::outbox::DeliveryState;

const fn record(name: &'static str, summary: &'static str, fields: &'static [Parameter]) -> Record {
    Record { name, summary, fields }
}

const TEXT_OR_NULL: ValueShape = Maybe(&Text);
const MODE: ValueShape = Word(Mode::WORDS);
const PROVIDER: ValueShape = Word(Name::WORDS);
const HEADERS: ValueShape = Map(&Text);
const BYTES: ValueShape = Either(&[Text, ValueShape::Record(&ENCODED)]);
const TESTS: ValueShape = Map(&Any);

#[rustfmt::skip]
static ENCODED: Record = record("Encoded", "Bytes that are not text", &[
    must("base64", Text, "the bytes"),
]);

#[rustfmt::skip]
pub(super) static PROBLEM: Record = record("Problem", "Why a call was refused, as RFC 9457 writes it; further members say what would be right", &[
    must("type",   Text,  "a name for what is wrong"),
    must("title",  Text,  "the same in words"),
    must("status", Count, "the status of the answer"),
    must("detail", Text,  "what is wrong with this call"),
]);

#[rustfmt::skip]
pub(super) static HEALTH: Record = record("Health", "That it is up", &[
    must("status",  Text,  "`ok`"),
    must("version", Text,  "of the program"),
    must("worlds",  Count, "how many there are"),
]);

#[rustfmt::skip]
static MAGIC: Record = record("Magic", "A value in a request that makes something happen", &[
    must("field",  Text, "the field of the request"),
    must("value",  Text, "the value"),
    must("effect", Text, "what it does"),
]);

#[rustfmt::skip]
static PROVIDER_PRESETS: Record = record("ProviderPresets", "What a newcomer needs to call a provider", &[
    must("base_url",    Text,                          "what its documentation calls the base"),
    must("credentials", Map(&Any),                     "names and values"),
    must("ids",         Map(&Any),                     "names and values of what exists"),
    must("magic",       List(&ValueShape::Record(&MAGIC)),  "values that choose what happens"),
]);

#[rustfmt::skip]
pub(super) static PRESETS: Record = record("Presets", "What a newcomer needs", &[
    must("world",     Text,                                  "its name"),
    must("scenario",  Text,                                  "what it was built from"),
    must("seed",      Count,                                 "of everything that is made up"),
    must("providers", Map(&ValueShape::Record(&PROVIDER_PRESETS)), "by name"),
]);

#[rustfmt::skip]
pub(super) static WORLD: Record = record("World", "A world in a few words", &[
    must("name",     Text,    "its name"),
    must("scenario", Text,    "what it was built from"),
    must("seed",     Count,   "of everything that is made up"),
    must("now",      Instant, "world time"),
    must("mode",     MODE,    "how its time runs"),
    must("requests", Count,   "how many its journal holds"),
    must("webhooks", Count,   "how many its ledger holds"),
]);

#[rustfmt::skip]
pub(super) static WORLDS: Record = record("Worlds", "The worlds", &[
    must("worlds", List(&ValueShape::Record(&WORLD)), "by name"),
]);

#[rustfmt::skip]
pub(super) static CLOCK: Record = record("Clock", "The time of a world", &[
    must("now",      Instant,          "world time"),
    must("mode",     MODE,             "how it runs"),
    must("speed",    Number,           "world seconds a second"),
    must("next_due", Maybe(&Instant),  "when something falls due next"),
]);

#[rustfmt::skip]
static CHANGE: Record = record("Change", "A step of an entity", &[
    must("at",       Instant, "world time"),
    must("provider", PROVIDER, "whose"),
    must("kind",     Text,    "of what kind"),
    must("id",       Text,    "the provider's own id"),
    must("on",       Text,    "the input"),
    must("from",     Text,    "the state it left"),
    must("to",       Text,    "the state it reached"),
]);
const CHANGES: ValueShape = List(&ValueShape::Record(&CHANGE));
const PATHS: ValueShape = List(&Text);

#[rustfmt::skip]
static ATTEMPT: Record = record("Attempt", "One try to deliver a webhook", &[
    must("at",     Instant,        "world time"),
    must("number", Count,          "from 1"),
    must("url",    Text,           "where it really went"),
    must("status", Maybe(&Count),  "what the receiver said"),
    must("error",  TEXT_OR_NULL,   "why there is no status, or why nothing was sent"),
]);

#[rustfmt::skip]
static WEATHER: Record = record("Weather", "What a rule did to a webhook on its way", &[
    must("rule", Text,        "what the rule is called"),
    must("did",  List(&Text), "what it did, each in a few words"),
]);

#[rustfmt::skip]
static CAUSED: Record = record("CausedWebhook", "A webhook that a call caused", &[
    must("id",     Text,                               "`d1`, `d2`, ..."),
    may("event",   Text,                               "its topic, while the ledger has it"),
    may("state",   Word(DeliveryState::WORDS),              "where it stands"),
    may("weather", Maybe(&ValueShape::Record(&WEATHER)),    "what a rule did to it"),
]);

#[rustfmt::skip]
pub(super) static DELIVERY: Record = record("Delivery", "A webhook in the ledger", &[
    must("id",           Text,                          "`d1`, `d2`, ..."),
    must("at",           Instant,                       "when it was promised"),
    must("provider",     PROVIDER,                      "who sends it"),
    must("subscription", Text,                          "whom it is for, in the provider's words"),
    must("event",        Text,                          "its topic"),
    must("url",          Text,                          "where the subscriber wants it"),
    must("state",        Word(DeliveryState::WORDS),         "where it stands"),
    must("body",         BYTES,                         "the bytes that were signed"),
    must("headers",      HEADERS,                       "as they go out"),
    must("attempts",     List(&ValueShape::Record(&ATTEMPT)), "what was tried"),
    must("weather",      Maybe(&ValueShape::Record(&WEATHER)), "what a rule did to it"),
]);
const DELIVERIES: ValueShape = List(&ValueShape::Record(&DELIVERY));

#[rustfmt::skip]
pub(super) static ADVANCED: Record = record("Advanced", "What happened while time passed", &[
    must("from",       Instant,    "when it began"),
    must("to",         Instant,    "when it ended"),
    must("fired",      CHANGES,    "what moved"),
    must("deliveries", DELIVERIES, "what changed in the ledger"),
]);

#[rustfmt::skip]
static KIND: Record = record("Kind", "A kind of entity", &[
    must("kind",  Text,  "its word"),
    must("count", Count, "how many there are"),
]);

#[rustfmt::skip]
pub(super) static KINDS: Record = record("Kinds", "The kinds of entity of a provider", &[
    must("kinds", List(&ValueShape::Record(&KIND)), "counted"),
]);

#[rustfmt::skip]
static SUMMARY: Record = record("Summary", "An entity in a list", &[
    must("kind",  Text,         "what it is"),
    must("id",    Text,         "the provider's own"),
    must("state", TEXT_OR_NULL, "where it stands, in the provider's words"),
]);

#[rustfmt::skip]
pub(super) static ENTITIES: Record = record("Entities", "A page of entities", &[
    must("entities", List(&ValueShape::Record(&SUMMARY)), "in order"),
    must("next",     TEXT_OR_NULL,                   "the id after which the next page begins"),
]);

#[rustfmt::skip]
static PASSAGE: Record = record("Passage", "A step in a history", &[
    must("at",   Instant, "world time"),
    must("on",   Text,    "the input"),
    must("from", Text,    "the state it left"),
    must("to",   Text,    "the state it reached"),
]);

#[rustfmt::skip]
static POSSIBLE: Record = record("Move", "What can happen to an entity now", &[
    must("on", Text,         "the input"),
    must("to", TEXT_OR_NULL, "where it leads; null when that follows from other entities"),
]);

#[rustfmt::skip]
static DUE: Record = record("Due", "What will happen to an entity by itself", &[
    must("at", Instant, "world time"),
    must("on", Text,    "the input"),
]);

#[rustfmt::skip]
pub(super) static ENTITY: Record = record("Entity", "An entity, whole", &[
    must("kind",    Text,                             "what it is"),
    must("id",      Text,                             "the provider's own"),
    must("state",   TEXT_OR_NULL,                     "where it stands"),
    must("history", List(&ValueShape::Record(&PASSAGE)),   "how it got there"),
    must("moves",   List(&ValueShape::Record(&POSSIBLE)),  "what can happen now"),
    must("due",     List(&ValueShape::Record(&DUE)),       "what will happen by itself"),
    must("data",    Any,                              "everything else"),
    may("changes",  CHANGES,                          "after a move: everything that moved with it"),
]);

/// What every line about a call has.
macro_rules! called {
    ($name:literal, $summary:literal, $($more:expr),+ $(,)?) => {
        record($name, $summary, &[
            must("id", Text, "`r1`, `r2`, ..."),
            must("at", Instant, "world time"),
            must("provider", PROVIDER, "who answered"),
            must("account", TEXT_OR_NULL, "whose credential it was"),
            must("method", Word(Method::WORDS), "the verb"),
            must("path", Text, "the provider's own, without our prefix"),
            must("query", Text, "as it came"),
            must("route", TEXT_OR_NULL, "the row of the route table that took it"),
            must("status", Count, "of the answer"),
            must("evidence", Word(Evidence::WORDS), "how we know the answer"),
            must("explanation", TEXT_OR_NULL, "of a refusal: why, and what to do"),
            must("rule", TEXT_OR_NULL, "the rule that had a hand in it"),
            $($more),+
        ])
    };
}

static CALLED: Record = called!(
    "Called",
    "A call in a list",
    may("authorization", TEXT_OR_NULL, "enough of its credential to tell one from another"),
);

#[rustfmt::skip]
static MEASURE: Record = record("Measure", "What a journal or a ledger holds", &[
    must("entries", Count, "how many"),
    must("bytes",   Count, "roughly"),
    must("bound",   Count, "how many bytes it may hold"),
    must("evicted", Count, "how many had to go"),
]);

#[rustfmt::skip]
pub(super) static REQUESTS: Record = record("Requests", "A page of the journal", &[
    must("requests", List(&ValueShape::Record(&CALLED)), "oldest first"),
    must("next",     TEXT_OR_NULL,                  "the id after which the next page begins"),
    must("journal",  ValueShape::Record(&MEASURE),       "what it holds"),
]);

#[rustfmt::skip]
static SENT: Record = record("Sent", "A request as it came", &[
    must("method",  Word(Method::WORDS), "the verb"),
    must("path",    Text,    "the provider's own"),
    must("query",   Text,    "as it came"),
    must("headers", HEADERS, "names in lower case"),
    must("body",    BYTES,   "the bytes"),
]);

#[rustfmt::skip]
static ANSWERED: Record = record("Answered", "An answer as it went out", &[
    must("status",  Count,   "its status"),
    must("headers", HEADERS, "as they went out"),
    must("body",    BYTES,   "the bytes"),
]);

pub(super) static REQUEST: Record = called!(
    "Request",
    "A call, whole",
    must("request", ValueShape::Record(&SENT), "as it came"),
    must("response", ValueShape::Record(&ANSWERED), "as it went out"),
    must("changes", CHANGES, "what moved"),
    must("webhooks", List(&ValueShape::Record(&CAUSED)), "which webhooks it caused"),
    must("unread", PATHS, "what was sent and nothing read, as `body.coupon`"),
    must("left_out", PATHS, "what was not sent though it must or usually is"),
);

#[rustfmt::skip]
pub(super) static WHEN: Record = record("When", "What a call must be like; every value is one to be equal to, or an object of comparisons", &[
    may("headers", TESTS, "header fields by name"),
    may("query",   TESTS, "parameters by name"),
    may("form",    TESTS, "fields of a form by name"),
    may("json",    TESTS, "places of a JSON body by JSONPath"),
    may("account", Any,   "the account, as the journal names it"),
    may("entity",  Any,   "what stood in the first braces of the path"),
    may("client",  Text,  "a network, as 127.0.0.0/8"),
    may("subscription", Any, "of a webhook in a rule: whom it is for; no call has one"),
    may("url",     Any,   "of a webhook in a rule: where it goes; no call has one"),
]);

#[rustfmt::skip]
static TRICKLE: Record = record("Dribble", "A body that trickles", &[
    must("bytes", Count,  "how many at a time"),
    must("every", Length, "how long between them, in real time"),
]);

#[rustfmt::skip]
pub(super) static THEN: Record = record("Then", "What a rule does", &[
    may("status",  Count,                    "of an answer of its own"),
    may("headers", HEADERS,                  "set on the answer, whoever's it is"),
    may("json",    Any,                      "the body of an answer of its own"),
    may("text",    Text,                     "the same as text"),
    may("refuse",  Text,                     "one of the provider's own errors, by name"),
    may("handled", Flag,                     "whether the provider does its work first"),
    may("delay",   Any,                      "a duration, or `uniform` or `log_normal`"),
    may("fault",   Word(Fault::WORDS),       "what spoils the bytes"),
    may("dribble", ValueShape::Record(&TRICKLE),  "the body trickles"),
    may("drop",          Flag,               "a webhook is lost"),
    may("duplicate",     Any,                "a webhook comes again: how often, or `copies` and `after`"),
    may("overtaken",     Any,                "later webhooks go first: how many, or `by` and `within`"),
    may("before_answer", Flag,               "a webhook arrives before the answer of the call that caused it"),
    may("signature",     Word(SignatureFault::WORDS),  "what becomes of a webhook's signature"),
    may("stale",         Length,             "how long ago the time is that a webhook carries"),
    may("truncate",      Count,              "after how many bytes a webhook's body ends"),
]);

#[rustfmt::skip]
pub(super) static RULE: Record = record("Rule", "A fault or an override, as in a scenario", &[
    may("name",    Text,                  "what the journal calls it"),
    must("on",     Text,                  "a row of a route table behind its provider's prefix, a provider, `*`, or `webhook` with a provider and a topic"),
    may("when",    ValueShape::Record(&WHEN),  "what else a call must be like"),
    may("calls",   List(&Count),          "only these of the calls that fit, from 1"),
    may("first",   Count,                 "only the first so many"),
    may("after",   Count,                 "only those after so many"),
    may("every",   Count,                 "only every second, third, ..."),
    may("percent", Count,                 "so many of a hundred"),
    may("times",   Count,                 "spent after so many uses"),
    may("for",     Length,                "spent after so much world time"),
    must("then",   ValueShape::Record(&THEN),  "what it does"),
]);

#[rustfmt::skip]
pub(super) static INSTALLED: Record = record("Installed", "A rule and its use", &[
    must("id",     Text,                  "`rule1`, `rule2`, ..."),
    must("since",  Instant,               "when it was installed"),
    must("fitted", Count,                 "calls it was about"),
    must("used",   Count,                 "calls it did something to"),
    must("rule",   ValueShape::Record(&RULE),  "the rule"),
]);

#[rustfmt::skip]
pub(super) static RULES: Record = record("Rules", "The rules", &[
    must("rules", List(&ValueShape::Record(&INSTALLED)), "in their order"),
]);

#[rustfmt::skip]
pub(super) static WEBHOOKS: Record = record("Webhooks", "A page of the ledger", &[
    must("webhooks", DELIVERIES,               "oldest first"),
    must("next",     TEXT_OR_NULL,             "the id after which the next page begins"),
    must("ledger",   ValueShape::Record(&MEASURE),  "what it holds"),
]);

#[rustfmt::skip]
pub(super) static STATE: Record = record("State", "A whole world", &[
    must("format", Count, "the version of the document"),
    must("world",  Any,   "everything the world owns; not for being taken apart"),
]);

#[rustfmt::skip]
pub(super) static VERIFIED: Record = record("Verified", "Calls that have come", &[
    must("count",    Count,        "how many"),
    must("requests", List(&Text),  "their ids, the first hundred"),
]);

#[rustfmt::skip]
pub(super) static AWAITED: Record = record("Awaited", "What was waited for", &[
    may("request",  ValueShape::Record(&CALLED),   "the call"),
    may("entity",   ValueShape::Record(&ENTITY),   "the entity"),
    may("delivery", ValueShape::Record(&DELIVERY), "the webhook"),
    may("quiet",    Flag,                     "true"),
    may("now",      Instant,                  "world time"),
    may("next_due", Maybe(&Instant),          "when something falls due next"),
]);
