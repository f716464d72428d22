//! Verification: calls that must have come, counted in the journal; and of those that do not count, the nearest.

use std::cmp::Reverse;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::control::problem::Problem;
use crate::control::requests::JournalLine;
use crate::control::respond;
use crate::control::values::{Patience, Unread};
use crate::message::{Args, Method, Reply, matches};
use crate::policy::call::MatchedCall;
use crate::policy::matcher::{Matcher, Unlike};
use crate::providers;
use crate::sim::journal::{Entry, EntryView};
use crate::world::World;

/// Which calls must have come, how many, and how long they have for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verify {
    /// Which calls.
    pub wanted: WantedCalls,
    /// How long to wait until it is so, in real time.
    pub within: SignedDuration,
}

/// Calls that must have come.
#[derive(Debug, Clone, PartialEq)]
pub enum WantedCalls {
    /// So many that are like this.
    Like(Box<Matcher>, Count),
    /// One like each, in this order, with any others between them.
    InOrder(Vec<Matcher>),
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

/// Which calls must have come, how many, and how long they have for it.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VerifyOrder")]
pub(super) struct VerifyBody {
    /// Which calls.
    request: Option<Unread<Matcher>>,
    /// How many; at least 1 when missing.
    count: Option<CountBody>,
    /// Instead of both: calls that must have come in this order, with any others between them.
    sequence: Option<Vec<Unread<Matcher>>>,
    /// How long to wait until it is so, in real time; not at all when missing.
    within: Option<Patience>,
}

/// How many; exactly one of the three.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HowMany")]
struct CountBody {
    /// So many.
    #[serde(skip_serializing_if = "Option::is_none")]
    exactly: Option<u64>,
    /// So many or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<u64>,
    /// So many or fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<u64>,
}

impl VerifyBody {
    /// What is verified.
    pub(super) fn order(self) -> Result<Verify, Problem> {
        let within = self.within.map_or(SignedDuration::ZERO, |within| within.0);
        let wanted = match (self.request, self.sequence) {
            (Some(given), None) => WantedCalls::Like(
                Box::new(matcher("request", given)?),
                self.count.map_or(Ok(Count::AtLeast(1)), CountBody::count)?,
            ),
            (None, Some(list)) if (1..=TOLD).contains(&list.len()) && self.count.is_none() => {
                let read = list.into_iter().enumerate();
                let read = read.map(|(place, given)| matcher(&format!("sequence[{place}]"), given));
                WantedCalls::InOrder(read.collect::<Result<_, _>>()?)
            }
            (request, sequence) => {
                let field = match (&request, &sequence) {
                    (None, Some(_)) if self.count.is_some() => "count",
                    (_, Some(_)) => "sequence",
                    (_, None) => "request",
                };
                let detail = "say which calls: `request` with `on`, `when` and `answer` (an empty object is every \
                              call) and, if need be, `count`; or a `sequence` of such requests, a hundred at most";
                return Err(Problem::new(422, "Which calls", detail).with("field", field));
            }
        };
        Ok(Verify { wanted, within })
    }
}

impl CountBody {
    fn count(self) -> Result<Count, Problem> {
        match (self.exactly, self.at_least, self.at_most) {
            (Some(wanted), None, None) => Ok(Count::Exactly(wanted)),
            (None, Some(wanted), None) => Ok(Count::AtLeast(wanted)),
            (None, None, Some(wanted)) => Ok(Count::AtMost(wanted)),
            _ => {
                let expected =
                    "an object with one of `exactly`, `at_least` and `at_most` and a whole number";
                Err(Problem::value("count", expected, &json!(self)))
            }
        }
    }
}

/// A matcher that speaks of what there is; what is wrong with it is said as a scenario says it.
pub(super) fn matcher(field: &str, given: Unread<Matcher>) -> Result<Matcher, Problem> {
    let wrong = |detail: String| Problem::new(422, "Wrong matcher", detail);
    let read = given.read().map_err(|error| wrong(error.to_string()).with("field", field))?;
    providers::spoken_of(&read.on, read.stub)
        .map_err(|sentence| wrong(sentence).with("field", format!("{field}.on")))?;
    Ok(read)
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
    pub fn update<'a>(&mut self, world: &'a World, matcher: &Matcher) -> Option<EntryView<'a>> {
        let mut first = None;
        for entry in world.journal().after(self.after).filter(|entry| fits(matcher, entry)) {
            self.count = self.count.saturating_add(1);
            if self.ids.len() < TOLD {
                self.ids.push(entry.id());
            }
            first.get_or_insert(entry);
        }
        self.after = self.after.max(world.journal().next_number().saturating_sub(1));
        first
    }
}

impl FoundCalls {
    /// Goes on along a sequence with what has come since the last look: the first call that fits is its next.
    fn follow(&mut self, world: &World, sequence: &[Matcher]) {
        let last = world.journal().next_number().saturating_sub(1);
        for entry in world.journal().after(self.after) {
            let Some(next) = sequence.get(self.ids.len()) else { break };
            if fits(next, &entry) {
                self.ids.push(entry.id());
                self.count += 1;
            }
        }
        self.after = last.max(self.after);
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

/// Whether an entry is looked for. It is read whole only if its route does not rule it out already.
fn fits(matcher: &Matcher, view: &EntryView<'_>) -> bool {
    let route = view.route.and_then(|route| route.split_once(' '));
    matcher.takes_route(view.provider, route) && {
        let entry = view.to_entry();
        seen(&entry, |asked| matcher.fits(asked, &entry.reply, entry.rule.as_deref()))
    }
}

/// How many of the newest entries are compared for the nearest.
const COMPARED: usize = 2_000;
/// How many of the nearest are told.
const NEAREST: usize = 3;

/// A call that does not count, and why not.
#[derive(Serialize)]
struct NearCall<'a> {
    #[serde(flatten)]
    line: JournalLine<'a>,
    unlike: Vec<Unlike>,
}

/// Of the calls that do not count, those with the fewest differences, each with what they are.
pub(super) fn nearest(world: &World, matcher: &Matcher, after: u64) -> Vec<Value> {
    let newest = world.journal().entries().rev().take(COMPARED);
    let mut unlike: Vec<(Vec<Unlike>, EntryView<'_>)> = newest
        .take_while(|view| view.number > after)
        .map(|view| {
            let entry = view.to_entry();
            (seen(&entry, |asked| matcher.unlike(asked, &entry.reply, view.rule)), view)
        })
        .filter(|(unlike, _)| !unlike.is_empty())
        .collect();
    unlike.sort_by_key(|(unlike, entry)| (unlike.len(), Reverse(entry.number)));
    let told = |(unlike, entry): (Vec<Unlike>, EntryView<'_>)| {
        json!(NearCall { line: JournalLine::of(&entry), unlike })
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

/// Calls that have come.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Verified<'a> {
    /// How many.
    count: u64,
    /// Their ids, the first hundred.
    requests: &'a [String],
}

impl Verify {
    /// The answer, if it is known: that it is so, or that nothing can make it so any more.
    pub fn look(&self, world: &World, tally: &mut FoundCalls) -> Option<Result<Reply, Problem>> {
        let holds = match &self.wanted {
            WantedCalls::Like(matcher, count) => {
                tally.update(world, matcher);
                count.holds(tally.count)?
            }
            WantedCalls::InOrder(sequence) => {
                tally.follow(world, sequence);
                (tally.ids.len() == sequence.len()).then_some(true)?
            }
        };
        if holds {
            let found = Verified { count: tally.count, requests: &tally.ids };
            Some(Ok(respond::json(200, &found)))
        } else {
            Some(Err(self.unmet(world, tally)))
        }
    }

    /// The answer when time is up.
    pub fn unmet(&self, world: &World, tally: &FoundCalls) -> Problem {
        let (_, _, evicted) = world.journal().measure();
        let forgotten = match evicted {
            0 => String::new(),
            gone => format!("; {gone} older entries are no longer in the journal"),
        };
        match &self.wanted {
            WantedCalls::Like(matcher, count) => {
                let (how, wanted) = count.words();
                let detail = format!(
                    "{} like this, expected {} {wanted}{forgotten}",
                    calls(tally.count),
                    how.replace('_', " ")
                );
                Problem::new(409, "Not met", detail)
                    .with("count", tally.count)
                    .with("wanted", json!({how: wanted}))
                    .with("requests", json!(tally.ids))
                    .with("nearest", nearest(world, matcher, 0))
            }
            WantedCalls::InOrder(sequence) => broken_off(world, sequence, tally, &forgotten),
        }
    }
}

/// Where a sequence was broken off: which of its calls did not come, or came before its turn.
fn broken_off(world: &World, sequence: &[Matcher], tally: &FoundCalls, forgotten: &str) -> Problem {
    let step = tally.ids.len();
    let Some(missing) = sequence.get(step) else {
        return Problem::new(409, "Not met", "the sequence is whole by now");
    };
    let last = tally.ids.last().and_then(|id| world.journal().find(id));
    let before = last.map_or(0, |entry| entry.number);
    let earlier = world.journal().entries().take_while(|entry| entry.number < before);
    let too_early =
        earlier.filter(|entry| !tally.ids.contains(&entry.id()) && fits(missing, entry));
    let too_early: Vec<String> = too_early.take(TOLD).map(|entry| entry.id()).collect();
    let place = match tally.ids.last() {
        Some(id) => format!(" behind {id}"),
        None => String::new(),
    };
    let early = match too_early.as_slice() {
        [] => String::new(),
        list => format!("; too early came {}", list.join(", ")),
    };
    let detail = format!(
        "{step} of {} calls have come in this order, and none like `sequence[{step}]`{place}{early}{forgotten}",
        sequence.len()
    );
    Problem::new(409, "Not met", detail)
        .with("field", format!("sequence[{step}]"))
        .with("count", tally.count)
        .with("wanted", json!({"in_order": sequence.len()}))
        .with("requests", json!(tally.ids))
        .with("too_early", json!(too_early))
        .with("nearest", nearest(world, missing, before))
}
