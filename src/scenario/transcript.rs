//! The transcript of a scenario, its story as text: one line a step, and below it what moved and what was sent.

use jiff::Timestamp;

use crate::kit::text::excerpt;
use crate::kit::time::iso_seconds;
use crate::message::Evidence;
use crate::scenario::{Scenario, StepFailure};
use crate::sim::journal::{Change, Entry};
use crate::sim::webhook::outbox::{Delivery, DeliveryState};

/// A story being written.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    text: String,
    step: usize,
    begun: bool,
    notes: usize,
}

/// The most lines below one step.
const NOTES: usize = 40;
/// The longest line.
const WIDTH: usize = 160;

impl Transcript {
    /// The beginning: what it shows, when it begins, from which seed.
    pub(super) fn begin(scenario: &Scenario, now: Timestamp, seed: u64) -> Transcript {
        let mut text = scenario.name.clone();
        if !scenario.summary.is_empty() {
            text.push_str(&format!(": {}", scenario.summary));
        }
        text.push_str(&format!("\n{}, seed {seed}\n", iso_seconds(now)));
        Transcript { text, ..Transcript::default() }
    }

    /// What follows belongs to a step.
    pub(super) fn begin_step(&mut self, number: usize) {
        (self.step, self.begun, self.notes) = (number, false, 0);
    }

    /// The line of a step; another call of the same step gets a line without the number.
    pub(super) fn line(&mut self, line: &str) {
        let number = if self.begun { "    ".to_owned() } else { format!("{:>3}.", self.step) };
        self.begun = true;
        self.push(&format!("{number} {}", excerpt(line, WIDTH)));
    }

    /// A line below a step.
    pub(super) fn note(&mut self, note: &str) {
        self.notes += 1;
        if self.notes <= NOTES {
            self.push(&format!("       {}", excerpt(note, WIDTH)));
        }
    }

    /// What moved.
    pub(super) fn change(&mut self, change: &Change) {
        let Change { at, kind, id, on, from, to, .. } = change;
        self.note(&format!("{} {kind} {id} {on}: {from} -> {to}", iso_seconds(*at)));
    }

    /// The end of a step: what was left out, what was not as expected.
    pub(super) fn end_step(&mut self, failures: &[StepFailure]) {
        if self.notes > NOTES {
            self.push(&format!("       and {} more", self.notes - NOTES));
        }
        for failure in failures {
            self.push(&format!("     ! {}", excerpt(&failure.diagnostic.message, WIDTH)));
        }
    }

    /// The whole story.
    pub(super) fn finish(mut self, never_fired: &[String]) -> String {
        for rule in never_fired {
            self.push(&format!("the rule `{rule}` never did anything"));
        }
        self.text
    }

    fn push(&mut self, line: &str) {
        self.text.extend(
            line.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }),
        );
        self.text.push('\n');
    }
}

/// A call of the journal and its answer, in a line.
pub(super) fn call(entry: &Entry) -> String {
    let Entry { request, reply, .. } = entry;
    let query =
        if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let target = format!("{} /{}{}{query}", request.verb(), entry.provider, request.path);
    format!("{} {} -> {}", entry.id(), excerpt(&target, WIDTH / 2), answer(entry, reply.status))
}

/// An answer: its status, how we know it unless it is documented, which rule had a hand in it, what spoils it.
pub(super) fn answer(entry: &Entry, status: u16) -> String {
    let mut text = status.to_string();
    if let Some(fault) = entry.reply.wire.as_ref().and_then(|wire| wire.fault) {
        text.push_str(&format!(", lost to {fault}"));
    }
    if let Some(rule) = &entry.rule {
        text.push_str(&format!(", by the rule `{rule}`"));
    } else if entry.reply.evidence != Evidence::Documented {
        text.push_str(&format!(", {}", entry.reply.evidence));
    }
    text
}

/// The last attempt of a delivery.
pub(super) fn attempt(delivery: &Delivery) -> String {
    let begin = format!("webhook {} {} to {}", delivery.id(), delivery.event, delivery.url);
    let Some(attempt) = delivery.attempts.last() else { return begin };
    let came = match (attempt.status, &attempt.error) {
        (Some(status), _) => status.to_string(),
        (None, Some(error)) => error.clone(),
        (None, None) => "nothing".to_owned(),
    };
    let at = iso_seconds(attempt.at);
    let weather = delivery.weather.as_ref().map_or_else(String::new, |weather| {
        format!("; by the rule `{}`: {}", weather.rule, weather.did.join(", "))
    });
    match delivery.state() {
        DeliveryState::Dropped => format!("{at} {begin}: {came}"),
        state => format!("{at} {begin}: {came}, {state} after try {}{weather}", attempt.number),
    }
}
