//! The JSON of a report: what it consists of.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kit::text::counted;
use crate::message::Evidence;
use crate::providers::Name;
use crate::sim::webhook::outbox::DeliveryState;

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The command that was run.
    pub command: String,
    /// How the command ended.
    pub command_exit_code: u8,
    /// How the run ends: as the command did, or 1 when there are faults.
    pub exit_code: u8,
    /// Whether guesses are faults.
    pub strict: bool,
    /// What was not as it should be, a sentence each.
    pub faults: Vec<String>,
}

/// Everything there is to tell of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What came of it.
    pub verdict: Verdict,
    /// Worlds that were made, resets among them.
    pub worlds: u64,
    /// Calls to providers.
    pub requests: u64,
    /// Calls that were for no provider: their addresses are wrong.
    pub unmatched: Vec<Unmatched>,
    /// The providers that were called.
    pub providers: Vec<ProviderLine>,
    /// What was refused, and why.
    pub refusals: Vec<AnswerLine>,
    /// Rules that did nothing in any world.
    pub rules_never_fired: Vec<RuleLine>,
    /// Answers that are guesses of ours.
    pub inferred: Vec<AnswerLine>,
    /// Webhooks that arrived.
    pub webhooks_delivered: u64,
    /// Webhooks that did not.
    pub webhooks_undelivered: Vec<Undelivered>,
    /// How many did not of the providers that were not called.
    pub webhooks_of_others: BTreeMap<String, u64>,
    /// Deliveries that a full ledger had to drop before the end.
    pub webhooks_forgotten: u64,
    /// Fields that were sent and that nothing read.
    pub unread: Vec<Missed>,
    /// Fields that were not sent though they must or usually are.
    pub left_out: Vec<Missed>,
    /// What came in more kinds than are told apart.
    pub not_listed: u64,
}

/// A provider that was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderLine {
    /// Its name.
    pub provider: Name,
    /// Its name in prose.
    pub title: &'static str,
    /// How often it was called.
    pub requests: u64,
    /// How many answers were known how.
    pub evidence: BTreeMap<&'static str, u64>,
    /// How many endpoints it has.
    pub endpoints: usize,
    /// Those nobody called.
    pub endpoints_never_called: Vec<String>,
    /// The refusals it has a name for that were met.
    pub edge_cases: Vec<&'static str>,
    /// How many it has a name for.
    pub edge_cases_known: usize,
    /// The calls by endpoint.
    pub calls: Vec<Called>,
}

/// An endpoint that was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Called {
    /// Its row of the route table.
    pub route: String,
    /// How often it answered with which status.
    pub statuses: BTreeMap<u16, u64>,
}

/// Answers of one kind that are worth telling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerLine {
    /// Whose.
    pub provider: Name,
    /// The row of its route table.
    pub route: String,
    /// The status.
    pub status: u16,
    /// How it is known.
    pub evidence: Evidence,
    /// For a refusal: why, and what to do about it.
    pub explanation: String,
    /// How often.
    pub times: u64,
    /// World and id of the first.
    pub first: String,
}

/// A call that was for no provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// The verb.
    pub method: &'static str,
    /// The whole path.
    pub path: String,
    /// What was probably meant.
    pub explanation: String,
    /// How often.
    pub times: u64,
    /// World and id of the first.
    pub first: String,
}

/// A field that came for nothing, or did not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// Whose endpoint.
    pub provider: Name,
    /// The row of its route table.
    pub route: String,
    /// Place and path, as `body.coupon`.
    pub field: String,
    /// How often.
    pub times: u64,
    /// World and id of the first.
    pub first: String,
}

/// A webhook that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undelivered {
    /// Whose.
    pub provider: String,
    /// The topic.
    pub event: String,
    /// Where to.
    pub url: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// What came of the last attempt.
    pub error: String,
    /// How often.
    pub times: u64,
    /// World and id of the first.
    pub first: String,
}

/// A rule that never did anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub on: String,
    /// Whether it fires by chance only, so that its silence is no fault.
    pub by_chance: bool,
}

impl Report {
    /// Draws the conclusion for a command that ended like this.
    pub fn judge(&mut self, command: &str, exit_code: u8, strict: bool) {
        let mut faults: Vec<String> = self
            .rules_never_fired
            .iter()
            .filter(|rule| !rule.by_chance)
            .map(|rule| format!("the rule `{}` never fired", rule.title))
            .collect();
        if strict && !self.inferred.is_empty() {
            faults.push(format!("{} (--strict)", guesses(&self.inferred)));
        }
        let lost: u64 = self.unmatched.iter().map(|line| line.times).sum();
        if strict && lost > 0 {
            faults.push(format!("calls for no provider: {lost} (--strict)"));
        }
        self.verdict = Verdict {
            command: command.to_owned(),
            command_exit_code: exit_code,
            exit_code: if exit_code == 0 { u8::from(!faults.is_empty()) } else { exit_code },
            strict,
            faults,
        };
    }
}

/// How many guesses are named in a sentence; the list has them all.
const NAMED: usize = 5;

/// Which answers were guesses, and how many.
pub(super) fn guesses(lines: &[AnswerLine]) -> String {
    let times: u64 = lines.iter().map(|line| line.times).sum();
    let was = if times == 1 { "was" } else { "were" };
    let named = lines
        .iter()
        .take(NAMED)
        .map(|line| format!("{} {} {} ({})", line.provider, line.route, line.status, line.first));
    let named: Vec<String> = named.collect();
    let more = match lines.len().saturating_sub(NAMED) {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    format!("{} {was} inferred: {}{more}", counted(times, "answer"), named.join(", "))
}
