//! The request journal of a world: filtered, paged, one entry whole with why it was answered so.

use jiff::Timestamp;
use serde::de::{Deserializer, IntoDeserializer};
use serde::{Deserialize, Serialize};

use crate::control::pagination::{Cursor, PageLimit, StorageUse};
use crate::control::problem::{Problem, echo};
use crate::control::values::{AnyCase, ParsedText, ProviderWord};
use crate::kit::text::glob;
use crate::message::{Body, Evidence, Headers, Method};
use crate::providers::{self, Name};
use crate::sim::journal::{Change, Entry, EntryView, NOBODY};
use crate::sim::webhook::outbox::{AppliedFault, DeliveryState};
use crate::world::World;

/// A query that says which entries, and `entries()` for what it says; serde cannot both flatten what two have in
/// common and refuse what neither knows.
macro_rules! of_entries {
    ($(#[$meta:meta])* struct $name:ident { $($more:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            /// The provider that answered; `none` for what was for no provider.
            provider: Option<Answerer>,
            /// The verb.
            method: Option<AnyCase<Method>>,
            /// A part of the path; with `*` for anything, the whole of it.
            path: Option<String>,
            /// A status such as `422`, or a class such as `4xx`.
            status: Option<StatusFilter>,
            /// How the answer is known.
            evidence: Option<AnyCase<Evidence>>,
            $($more)*
        }

        impl $name {
            /// Which entries, of those behind a number.
            fn entries(&self, after: u64, page: Cursor) -> RequestFilter {
                RequestFilter {
                    provider: self.provider,
                    method: self.method.map(|word| word.0),
                    path: self.path.as_deref().map(PathFilter::of),
                    status: self.status,
                    evidence: self.evidence.map(|word| word.0),
                    after,
                    page,
                }
            }
        }
    };
}
pub(super) use of_entries;

of_entries! {
    /// The parameters of the list.
    struct JournalQuery {
        /// The id after which the list begins, as `r17`.
        after: Option<String>,
        /// How many at most, 1 to 1000; 100 unless said otherwise.
        limit: Option<PageLimit>,
    }
}

impl JournalQuery {
    /// The entries that are asked for.
    pub(super) fn filter(self) -> Result<RequestFilter, Problem> {
        let page = Cursor::new(self.after.clone(), self.limit);
        Ok(self.entries(page.number('r')?, page))
    }
}

/// Which entries of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestFilter {
    /// Of which provider.
    pub provider: Option<Answerer>,
    /// With which verb.
    pub method: Option<Method>,
    /// With which path.
    pub path: Option<PathFilter>,
    /// With which status.
    pub status: Option<StatusFilter>,
    /// Known how.
    pub evidence: Option<Evidence>,
    /// After the entry of this number.
    pub after: u64,
    /// Which part of the list.
    pub page: Cursor,
}

/// Who answered: a provider, or nobody, since the path belongs to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// A provider.
    Provider(Name),
    /// Nobody.
    Nobody,
}

impl Answerer {
    fn word(self) -> &'static str {
        match self {
            Answerer::Provider(name) => name.word(),
            Answerer::Nobody => NOBODY,
        }
    }
}

impl<'de> Deserialize<'de> for Answerer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = String::deserialize(deserializer)?;
        if given.eq_ignore_ascii_case(NOBODY) {
            return Ok(Answerer::Nobody);
        }
        let word = IntoDeserializer::<D::Error>::into_deserializer(given);
        AnyCase::<Name>::deserialize(word).map(|AnyCase(name)| Answerer::Provider(name))
    }
}

crate::written_as!(Answerer, |generator| {
    "anyOf": [generator.subschema_for::<Name>(), { "const": NOBODY }],
});

/// What a path must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathFilter {
    /// It has this in it.
    Part(String),
    /// It fits this as a whole, `*` standing for anything.
    Glob(String),
}

/// What a status must be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFilter {
    /// This one.
    Exactly(u16),
    /// One of the hundred that begin with this digit.
    Class(u16),
}

impl PathFilter {
    /// Reads a part of a path, or a pattern for the whole of it.
    pub(super) fn of(text: &str) -> PathFilter {
        let text = text.to_owned();
        if text.contains('*') { PathFilter::Glob(text) } else { PathFilter::Part(text) }
    }
}

impl StatusFilter {
    /// Reads `404` or `4xx`.
    fn of(text: &str) -> Option<StatusFilter> {
        let lower = text.to_ascii_lowercase();
        if let Some(digit) = lower.strip_suffix("xx") {
            let class = digit.parse().ok().filter(|class| (1..=5).contains(class));
            return class.map(StatusFilter::Class);
        }
        let status = lower.parse().ok().filter(|status| (100..=599).contains(status));
        status.map(StatusFilter::Exactly)
    }
}

impl<'de> Deserialize<'de> for StatusFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedText {
            expected: "a status such as `422` or a class such as `4xx`",
            parse: StatusFilter::of,
        })
    }
}

crate::written_as!(StatusFilter, { "type": "string", "examples": ["422", "4xx"] });

impl RequestFilter {
    /// Whether an entry passes.
    pub(super) fn takes(&self, entry: &EntryView<'_>) -> bool {
        let EntryView { path, status, .. } = *entry;
        entry.number > self.after
            && self.provider.is_none_or(|answerer| entry.provider == answerer.word())
            && self.method.is_none_or(|method| entry.method == method)
            && self.evidence.is_none_or(|evidence| entry.evidence == evidence)
            && self.status.is_none_or(|wanted| match wanted {
                StatusFilter::Exactly(wanted) => status == wanted,
                StatusFilter::Class(class) => status / 100 == class,
            })
            && self.path.as_ref().is_none_or(|wanted| match wanted {
                PathFilter::Part(part) => path.contains(part),
                PathFilter::Glob(pattern) => glob(pattern, path),
            })
    }
}

/// A credential in a list: enough to tell one from another, too little to be copied from a log.
fn masked(credential: &str) -> String {
    let is_scheme =
        |word: &str| word.len() <= 16 && word.bytes().all(|b| b.is_ascii_alphanumeric());
    let (scheme, secret) = match credential.split_once(' ') {
        Some((scheme, secret)) if is_scheme(scheme) => (Some(scheme), secret),
        _ => (None, credential),
    };
    let start: String = secret.chars().take(6).collect();
    scheme.map_or_else(|| format!("{start}…"), |scheme| format!("{scheme} {start}…"))
}

/// A step of an entity.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Change")]
pub(super) struct ChangeLine<'a> {
    /// World time.
    at: Timestamp,
    /// Whose.
    provider: ProviderWord<'a>,
    /// Of what kind.
    kind: &'a str,
    /// The provider's own id.
    id: &'a str,
    /// The input.
    on: &'a str,
    /// The state it left.
    from: &'a str,
    /// The state it reached.
    to: &'a str,
}

impl<'a> ChangeLine<'a> {
    /// A step as answers show it.
    pub(super) fn of(change: &'a Change) -> Self {
        let Change { at, provider, kind, id, on, from, to } = change;
        ChangeLine { at: *at, provider: ProviderWord(provider), kind, id, on, from, to }
    }
}

/// A call in a few words.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "CalledInShort")]
pub(super) struct JournalLine<'a> {
    /// `r1`, `r2`, ...
    id: String,
    /// World time.
    at: Timestamp,
    /// Who answered.
    #[schemars(with = "Answerer")]
    provider: &'a str,
    /// Whose credential it was.
    account: Option<&'a str>,
    /// The verb.
    method: &'a str,
    /// The provider's own, without our prefix.
    path: &'a str,
    /// As it came.
    query: &'a str,
    /// The row of the route table that took it.
    route: Option<&'a str>,
    /// Of the answer.
    status: u16,
    /// How we know the answer.
    evidence: Evidence,
    /// Of a refusal: why, and what to do.
    explanation: Option<&'a str>,
    /// The rule that had a hand in it.
    rule: Option<&'a str>,
}

impl<'a> JournalLine<'a> {
    /// An entry in a few words.
    pub(super) fn of(entry: &EntryView<'a>) -> Self {
        JournalLine {
            id: entry.id(),
            at: entry.at,
            provider: entry.provider,
            account: entry.account,
            method: entry.verb(),
            path: entry.path,
            query: entry.query,
            route: entry.route,
            status: entry.status,
            evidence: entry.evidence,
            explanation: entry.explanation,
            rule: entry.rule,
        }
    }
}

/// A call in a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Called")]
pub(super) struct ListedCall<'a> {
    #[serde(flatten)]
    line: JournalLine<'a>,
    /// Enough of its credential to tell one from another.
    authorization: Option<String>,
}

impl<'a> ListedCall<'a> {
    /// An entry as lists show it.
    pub(super) fn of(entry: &EntryView<'a>) -> Self {
        let authorization = entry.request_header("authorization").map(masked);
        ListedCall { line: JournalLine::of(entry), authorization }
    }
}

/// A page of the journal.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Requests")]
pub(super) struct JournalPage<'a> {
    /// Oldest first.
    requests: Vec<ListedCall<'a>>,
    /// The id after which the next page begins.
    next: Option<String>,
    /// What it holds.
    journal: StorageUse,
}

/// A request as it came.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Sent")]
struct JournaledRequest<'a> {
    /// The verb.
    method: &'a str,
    /// The provider's own.
    path: &'a str,
    /// As it came.
    query: &'a str,
    /// Names in lower case.
    headers: &'a Headers,
    /// The bytes.
    body: &'a Body,
}

/// An answer as it went out.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Answered")]
struct JournaledReply<'a> {
    /// Its status.
    status: u16,
    /// As they went out.
    headers: &'a Headers,
    /// The bytes.
    body: &'a Body,
}

/// A webhook that a call caused.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "CausedWebhook")]
#[serde(untagged)]
enum CausedWebhook<'a> {
    /// While the ledger has it.
    Kept {
        /// `d1`, `d2`, ...
        id: String,
        /// Its topic.
        event: &'a str,
        /// Where it stands.
        state: DeliveryState,
        /// What a rule did to it.
        weather: Option<&'a AppliedFault>,
    },
    /// When the ledger has dropped it.
    Dropped {
        /// `d1`, `d2`, ...
        id: String,
    },
}

impl<'a> CausedWebhook<'a> {
    fn of(world: &'a World, number: u64) -> Self {
        match world.outbox().get(number) {
            None => CausedWebhook::Dropped { id: format!("d{number}") },
            Some(delivery) => CausedWebhook::Kept {
                id: delivery.id(),
                event: &delivery.event,
                state: delivery.state(),
                weather: delivery.weather.as_deref(),
            },
        }
    }
}

/// A call, whole.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Request")]
pub(super) struct WholeCall<'a> {
    #[serde(flatten)]
    line: JournalLine<'a>,
    /// As it came.
    request: JournaledRequest<'a>,
    /// As it went out.
    response: JournaledReply<'a>,
    /// What moved.
    changes: Vec<ChangeLine<'a>>,
    /// Which webhooks it caused.
    webhooks: Vec<CausedWebhook<'a>>,
    /// What was sent and nothing read, as `body.coupon`; behind a colon the reason, where it was looked at and passed
    /// over.
    unread: Vec<String>,
    /// What was not sent though it must or usually is.
    left_out: Vec<String>,
}

/// The entries that pass a filter, oldest first.
pub(super) fn list<'a>(world: &'a World, filter: &RequestFilter) -> JournalPage<'a> {
    let journal = world.journal();
    let passing = journal.entries().filter(|entry| filter.takes(entry));
    let (page, next) = filter.page.cut(passing, |entry| entry.id());
    let (bytes, bound, evicted) = journal.measure();
    JournalPage {
        requests: page.iter().map(ListedCall::of).collect(),
        next,
        journal: StorageUse { entries: journal.len(), bytes, bound, evicted },
    }
}

/// One entry, to be shown.
pub(super) fn find<'a>(world: &'a World, id: &str) -> Result<EntryView<'a>, Problem> {
    world.journal().find(id).ok_or_else(|| unknown(world, id))
}

/// One entry, whole: as it lies in the journal, and all of it.
pub(super) fn show<'a>(world: &'a World, view: &EntryView<'a>, entry: &'a Entry) -> WholeCall<'a> {
    let Entry { request, reply, .. } = entry;
    let owner = Name::of(&entry.provider).map(providers::service);
    let reading = owner.and_then(|service| service.reading(request, reply)).unwrap_or_default();
    WholeCall {
        line: JournalLine::of(view),
        request: JournaledRequest {
            method: request.verb(),
            path: &request.path,
            query: &request.query,
            headers: &request.headers,
            body: &request.body,
        },
        response: JournaledReply {
            status: reply.status,
            headers: &reply.headers,
            body: &reply.body,
        },
        changes: entry.changes.iter().map(ChangeLine::of).collect(),
        webhooks: entry.webhooks.iter().map(|it| CausedWebhook::of(world, *it)).collect(),
        unread: reading.unread,
        left_out: reading.absent,
    }
}

/// Why there is no entry of an id: it never can be, it is gone, or it is yet to come.
fn unknown(world: &World, id: &str) -> Problem {
    let journal = world.journal();
    let next = journal.next_number();
    let was = id.strip_prefix('r').and_then(|digits| digits.parse::<u64>().ok());
    let detail = match was {
        None => format!("`{}` is no id of a request; they are `r1`, `r2`, ...", echo(id)),
        Some(number) if (1..next).contains(&number) => {
            format!("`{id}` is no longer in the journal, which keeps {} bytes", journal.measure().1)
        }
        Some(_) => {
            format!("there is no request `{}` yet; the next will be `r{next}`", echo(id))
        }
    };
    Problem::new(404, "Unknown request", detail)
}

#[cfg(test)]
mod tests {
    use super::{StatusFilter, masked};

    #[test]
    fn a_credential_in_a_list_cannot_be_used() {
        for (given, shown) in [
            ("Bearer YOUR_API_KEY", "Bearer YOUR_A…"),
            ("Basic dXNlcjpwYXNz", "Basic dXNlcj…"),
            ("YOUR_API_KEY", "YOUR_A…"),
            ("sk-secret-1 with a blank", "sk-sec…"),
            ("", "…"),
        ] {
            assert_eq!(masked(given), shown);
        }
    }

    #[test]
    fn a_status_is_a_number_or_a_class() {
        assert_eq!(StatusFilter::of("404"), Some(StatusFilter::Exactly(404)));
        assert_eq!(StatusFilter::of("4XX"), Some(StatusFilter::Class(4)));
        for wrong in ["", "xx", "6xx", "44", "600", "4x", "404xx", "é"] {
            assert_eq!(StatusFilter::of(wrong), None, "{wrong}");
        }
    }
}
