//! Calls that must have come: counted in the journal; and of those that do not count, the nearest.

use std::cmp::Reverse;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::control::extract::{self, Extracted};
use crate::control::problem::Problem;
use crate::control::shape::{Parameter, Record, ValueShape, may, must};
use crate::control::{Job, ShellJob, records, requests, respond};
use crate::message::{Args, Method, Reply, matches};
use crate::policy::call::MatchedCall;
use crate::policy::matcher::{Matcher, Unlike};
use crate::providers;
use crate::sim::journal::Entry;
use crate::world::World;

/// Which calls must have come, how many, and how long they have for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verify {
    /// Which calls.
    pub matcher: Matcher,
    /// How many.
    pub count: Count,
    /// How long to wait until it is so, in real time.
    pub within: SignedDuration,
}

/// How many calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// So many or more.
    AtLeast(u64),
    /// So many or fewer.
    AtMost(u64),
}

impl Count {
    /// Whether a count is right; `None` while more calls can make it so.
    fn holds(self, count: u64) -> Option<bool> {
        match self {
            Count::Exactly(wanted) if count < wanted => None,
            Count::Exactly(wanted) => Some(count == wanted),
            Count::AtLeast(wanted) => (count >= wanted).then_some(true),
            Count::AtMost(wanted) => Some(count <= wanted),
        }
    }

    fn words(self) -> (&'static str, u64) {
        match self {
            Count::Exactly(wanted) => ("exactly", wanted),
            Count::AtLeast(wanted) => ("at_least", wanted),
            Count::AtMost(wanted) => ("at_most", wanted),
        }
    }
}

/// The fields of `count`.
#[rustfmt::skip]
pub(super) const COUNT: &[Parameter] = &[
    may("exactly",  ValueShape::Count, "so many"),
    may("at_least", ValueShape::Count, "so many or more"),
    may("at_most",  ValueShape::Count, "so many or fewer"),
];
static COUNT_RECORD: Record =
    Record { name: "HowMany", summary: "How many; exactly one of the three", fields: COUNT };

#[rustfmt::skip]
static ANSWER: Record = Record { name: "Answer", summary: "What an answer must be like", fields: &[
    may("status",   ValueShape::Any,              "its status"),
    may("evidence", ValueShape::Any,              "how it is known"),
    may("rule",     ValueShape::Any,              "the rule that had a hand in it"),
    may("json",     ValueShape::Map(&ValueShape::Any), "places of its body by JSONPath"),
] };

#[rustfmt::skip]
pub(super) static MATCHER: Record = Record { name: "Matcher", summary: "Which calls; `on` and `when` as in a rule", fields: &[
    may("on",     ValueShape::Text,                    "a row of a route table behind its provider's prefix, a provider, or `*`, which is the default"),
    may("when",   ValueShape::Record(&records::WHEN),  "what the call must be like"),
    may("answer", ValueShape::Record(&ANSWER),         "what its answer must be like"),
] };

/// The fields of the call.
#[rustfmt::skip]
pub(super) const FIELDS: &[Parameter] = &[
    must("request", ValueShape::Record(&MATCHER),      "which calls"),
    may("count",    ValueShape::Record(&COUNT_RECORD), "how many; at least 1 when missing"),
    may("within",   ValueShape::Length,                "how long to wait until it is so, in real time; not at all when missing"),
];

/// `POST /verify`.
pub(super) fn read(asked: &Extracted) -> Result<Job, Reply> {
    let Some(given) = asked.field("request") else {
        let detail = "say which calls: `request` with `on`, `when` and `answer`; an empty object is every call";
        return Err(respond::problem(422, "Which calls", detail));
    };
    let verify = Verify {
        matcher: matcher("request", given)?,
        count: asked.field("count").map_or(Ok(Count::AtLeast(1)), count)?,
        within: asked.field("within").map_or(Ok(SignedDuration::ZERO), patience)?,
    };
    Ok(Job::Shell(ShellJob::Verify(Box::new(verify))))
}

/// A matcher that speaks of what there is.
pub(super) fn matcher(field: &str, given: &Value) -> Result<Matcher, Reply> {
    let wrong = |detail: String| Problem::new(422, "Wrong matcher", detail);
    let read: Matcher = serde_json::from_value(given.clone())
        .map_err(|error| wrong(error.to_string()).with("field", field).reply())?;
    providers::spoken_of(&read.on)
        .map_err(|sentence| wrong(sentence).with("field", format!("{field}.on")).reply())?;
    Ok(read)
}

fn count(given: &Value) -> Result<Count, Reply> {
    let expected = "an object with one of `exactly`, `at_least` and `at_most` and a whole number";
    let wrong = || Problem::value("count", expected, given).reply();
    let object = given.as_object().ok_or_else(wrong)?;
    extract::only("`count`", object, COUNT)?;
    let mut said = object.iter().filter(|(_, value)| !value.is_null());
    let (Some((name, number)), None) = (said.next(), said.next()) else { return Err(wrong()) };
    let number = number.as_u64().ok_or_else(wrong)?;
    Ok(match name.as_str() {
        "exactly" => Count::Exactly(number),
        "at_most" => Count::AtMost(number),
        _ => Count::AtLeast(number),
    })
}

/// How long a call may keep its caller waiting, in real time.
pub(super) fn patience(given: &Value) -> Result<SignedDuration, Reply> {
    const MOST: SignedDuration = SignedDuration::from_mins(10);
    let length = extract::length("within", given)?;
    if length > MOST || length.is_negative() {
        let expected = "up to ten minutes of real time";
        return Err(Problem::value("within", expected, given).reply());
    }
    Ok(length)
}

/// Calls that were found, counted on from one look at the journal to the next.
#[derive(Debug, Clone, Default)]
pub struct FoundCalls {
    /// The last entry that was looked at.
    after: u64,
    count: u64,
    /// The first of them.
    ids: Vec<String>,
}

/// How many ids are told.
const TOLD: usize = 100;

impl FoundCalls {
    /// Nothing found yet of what comes behind an entry.
    pub fn after(number: u64) -> FoundCalls {
        FoundCalls { after: number, ..FoundCalls::default() }
    }

    /// Looks at what has come since the last look; the first that counts.
    pub fn update<'a>(&mut self, world: &'a World, matcher: &Matcher) -> Option<&'a Entry> {
        let last = world.journal().next_number().saturating_sub(1);
        let new = world.journal().after(self.after);
        let new: Vec<&Entry> = new.filter(|entry| fits(matcher, entry)).collect();
        self.after = last.max(self.after);
        self.count = self.count.saturating_add(new.len() as u64);
        let room = TOLD.saturating_sub(self.ids.len());
        self.ids.extend(new.iter().take(room).map(|entry| entry.id()));
        new.first().copied()
    }
}

/// Calls `then` with an entry as rules see a call.
fn seen<T>(entry: &Entry, then: impl FnOnce(&MatchedCall<'_>) -> T) -> T {
    let route = entry.route.as_deref().and_then(|route| {
        let (method, path) = route.split_once(' ')?;
        let args = matches(path, &entry.request.path).unwrap_or_default();
        Some((Method::of(method)?, path, args))
    });
    let route: Option<&(Method, &str, Args)> = route.as_ref();
    then(&MatchedCall {
        provider: &entry.provider,
        route: route.map(|(method, path, args)| (*method, *path, args)),
        account: entry.account.as_deref(),
        request: &entry.request,
    })
}

fn fits(matcher: &Matcher, entry: &Entry) -> bool {
    seen(entry, |asked| matcher.fits(asked, &entry.reply, entry.rule.as_deref()))
}

/// How many of the newest entries are compared for the nearest.
const COMPARED: usize = 2_000;
/// How many of the nearest are told.
const NEAREST: usize = 3;

/// Of the calls that do not count, those with the fewest differences, each with what they are.
pub(super) fn nearest(world: &World, matcher: &Matcher, after: u64) -> Vec<Value> {
    let newest = world.journal().entries().rev().take(COMPARED);
    let mut unlike: Vec<(Vec<Unlike>, &Entry)> = newest
        .take_while(|entry| entry.number > after)
        .map(|entry| {
            let rule = entry.rule.as_deref();
            (seen(entry, |asked| matcher.unlike(asked, &entry.reply, rule)), entry)
        })
        .filter(|(unlike, _)| !unlike.is_empty())
        .collect();
    unlike.sort_by_key(|(unlike, entry)| (unlike.len(), Reverse(entry.number)));
    let told = |(unlike, entry): (Vec<Unlike>, &Entry)| {
        let mut line = requests::line(entry);
        line.insert("unlike".to_owned(), json!(unlike));
        Value::Object(line)
    };
    unlike.into_iter().take(NEAREST).map(told).collect()
}

/// One call, or several.
pub(super) fn calls(count: u64) -> String {
    match count {
        1 => "1 call is".to_owned(),
        count => format!("{count} calls are"),
    }
}

impl Verify {
    /// The answer, if it is known: that it is so, or that nothing can make it so any more.
    pub fn look(&self, world: &World, tally: &mut FoundCalls) -> Option<Reply> {
        tally.update(world, &self.matcher);
        match self.count.holds(tally.count)? {
            true => Some(respond::said(&json!({"count": tally.count, "requests": tally.ids}))),
            false => Some(self.unmet(world, tally)),
        }
    }

    /// The answer when time is up.
    pub fn unmet(&self, world: &World, tally: &FoundCalls) -> Reply {
        let (how, wanted) = self.count.words();
        let (_, _, evicted) = world.journal().measure();
        let forgotten = match evicted {
            0 => String::new(),
            gone => format!("; {gone} older entries are no longer in the journal"),
        };
        let detail = format!(
            "{} like this, expected {} {wanted}{forgotten}",
            calls(tally.count),
            how.replace('_', " ")
        );
        Problem::new(409, "Not met", detail)
            .with("count", tally.count)
            .with("wanted", json!({how: wanted}))
            .with("requests", json!(tally.ids))
            .with("nearest", nearest(world, &self.matcher, 0))
            .reply()
    }
}
