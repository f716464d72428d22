//! The journal of a world: filtered, paged, one entry whole.

use serde_json::{Map, Value, json};

use crate::control::extract::Extracted;
use crate::control::pagination::{Cursor, LIMIT};
use crate::control::problem::{Problem, echo};
use crate::control::shape::{Parameter, ValueShape, may};
use crate::control::{Job, WorldJob, respond};
use crate::kit::text::glob;
use crate::message::{Evidence, Method, Reply};
use crate::providers::{self, Name};
use crate::sim::journal::Entry;
use crate::world::World;

/// What a query says of entries, but for where the list begins.
macro_rules! of_entries {
    ($($more:expr),+ $(,)?) => {
        &[
            may("provider", ValueShape::Word(Name::WORDS), "the provider that answered"),
            may("method", ValueShape::Word(Method::WORDS), "the verb"),
            may("path", ValueShape::Text, "a part of the path; with `*` for anything, the whole of it"),
            may("status", ValueShape::Text, "a status such as `422`, or a class such as `4xx`"),
            may("evidence", ValueShape::Word(Evidence::WORDS), "how the answer is known"),
            $($more),+
        ]
    };
}
pub(super) use of_entries;

/// The parameters of the list.
pub(super) const PARAMETERS: &[Parameter] = of_entries![
    may("after", ValueShape::Text, "the id after which the list begins, as `r17`"),
    LIMIT,
];

/// Which entries of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestFilter {
    /// Of which provider.
    pub provider: Option<Name>,
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

impl StatusFilter {
    /// Reads `404` or `4xx`.
    fn of(text: &str) -> Option<StatusFilter> {
        let lower = text.to_ascii_lowercase();
        let (digits, class) = match lower.strip_suffix("xx") {
            Some(digit) => (digit, true),
            None => (lower.as_str(), false),
        };
        let number: u16 = digits.parse().ok()?;
        match class {
            true => (1..=5).contains(&number).then_some(StatusFilter::Class(number)),
            false => (100..=599).contains(&number).then_some(StatusFilter::Exactly(number)),
        }
    }
}

impl RequestFilter {
    /// Whether an entry passes.
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        let path = &entry.request.path;
        let status = entry.reply.status;
        entry.number > self.after
            && self.provider.is_none_or(|provider| entry.provider == provider.word())
            && self.method.is_none_or(|method| entry.request.method == method)
            && self.evidence.is_none_or(|evidence| entry.reply.evidence == evidence)
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

/// `GET /requests`.
pub(super) fn read_list(asked: &Extracted) -> Result<Job, Reply> {
    let (page, after) = Cursor::numbered(asked, 'r')?;
    Ok(Job::World(WorldJob::Requests(filter(asked, after, page)?)))
}

/// What the query says of the entries, but for their place.
pub(super) fn filter(asked: &Extracted, after: u64, page: Cursor) -> Result<RequestFilter, Reply> {
    let status = asked.query("status").map(|given| {
        let expected = "a status such as `422` or a class such as `4xx`";
        StatusFilter::of(given)
            .ok_or_else(|| Problem::value("status", expected, &given.into()).reply())
    });
    let path = asked.query("path").map(|given| match given.contains('*') {
        true => PathFilter::Glob(given.to_owned()),
        false => PathFilter::Part(given.to_owned()),
    });
    Ok(RequestFilter {
        provider: asked.choice("provider", Name::ALL, Name::word)?,
        method: asked.choice("method", Method::ALL, Method::word)?,
        path,
        status: status.transpose()?,
        evidence: asked.choice("evidence", Evidence::ALL, Evidence::word)?,
        after,
        page,
    })
}

/// `GET /requests/{id}`.
pub(super) fn read_show(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Request(asked.arg(0).to_owned())))
}

/// `DELETE /requests`.
pub(super) fn read_forget(_asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Forget))
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

/// An entry in a few words.
pub(super) fn line(entry: &Entry) -> Map<String, Value> {
    let Entry { request, reply, .. } = entry;
    let mut object = Map::new();
    for (name, value) in [
        ("id", json!(entry.id())),
        ("at", json!(entry.at)),
        ("provider", json!(entry.provider)),
        ("account", json!(entry.account)),
        ("method", json!(request.method)),
        ("path", json!(request.path)),
        ("query", json!(request.query)),
        ("route", json!(entry.route)),
        ("status", json!(reply.status)),
        ("evidence", json!(reply.evidence)),
        ("explanation", json!(reply.explanation)),
        ("rule", json!(entry.rule)),
    ] {
        object.insert(name.to_owned(), value);
    }
    object
}

/// An entry as lists show it: with as much of its credential as tells one from another.
pub(super) fn listed(entry: &Entry) -> Map<String, Value> {
    let mut object = line(entry);
    let credential = entry.request.headers.get("authorization").map(masked);
    object.insert("authorization".to_owned(), json!(credential));
    object
}

/// The entries that pass a filter, oldest first.
pub(super) fn list(world: &World, filter: &RequestFilter) -> Reply {
    let journal = world.journal();
    let passing = journal.entries().filter(|entry| filter.takes(entry));
    let (entries, next) = filter.page.cut(passing, |entry| entry.id());
    let lines: Vec<Value> = entries.into_iter().map(|entry| listed(entry).into()).collect();
    let (bytes, bound, evicted) = journal.measure();
    let measure = json!({"entries": journal.entries().count(), "bytes": bytes, "bound": bound, "evicted": evicted});
    respond::said(&json!({"requests": lines, "next": next, "journal": measure}))
}

/// One entry, whole.
pub(super) fn show(world: &World, id: &str) -> Reply {
    let journal = world.journal();
    let Some(entry) = journal.find(id) else {
        let was = id.strip_prefix('r').and_then(|digits| digits.parse::<u64>().ok());
        let detail = match was {
            None => format!("`{}` is no id of a request; they are `r1`, `r2`, ...", echo(id)),
            Some(number) if (1..journal.next_number()).contains(&number) => format!(
                "`{id}` is no longer in the journal, which keeps {} bytes",
                journal.measure().1
            ),
            Some(_) => format!(
                "there is no request `{}` yet; the next will be `r{}`",
                echo(id),
                journal.next_number()
            ),
        };
        return respond::problem(404, "Unknown request", detail);
    };
    let Entry { request, reply, .. } = entry;
    let owner = Name::of(&entry.provider).map(providers::service);
    let reading = owner.and_then(|service| service.reading(request)).unwrap_or_default();
    let mut object = line(entry);
    for (name, value) in [
        (
            "request",
            json!({
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "headers": request.headers,
                "body": request.body,
            }),
        ),
        ("response", json!({"status": reply.status, "headers": reply.headers, "body": reply.body})),
        ("changes", json!(entry.changes)),
        (
            "webhooks",
            json!(entry.webhooks.iter().map(|it| webhook(world, *it)).collect::<Vec<_>>()),
        ),
        ("unread", json!(reading.unread)),
        ("left_out", json!(reading.absent)),
    ] {
        object.insert(name.to_owned(), value);
    }
    respond::said(&Value::Object(object))
}

/// A webhook that a call caused, in a few words; its id alone when the ledger has dropped it.
fn webhook(world: &World, number: u64) -> Value {
    match world.outbox().get(number) {
        None => json!({"id": format!("d{number}")}),
        Some(delivery) => json!({
            "id": delivery.id(),
            "event": delivery.event,
            "state": delivery.state(),
            "weather": delivery.weather,
        }),
    }
}

/// Forgets every entry.
pub(super) fn forget(world: &mut World) -> Reply {
    world.journal_mut().clear();
    respond::done()
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
