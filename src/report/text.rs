//! A report as text for people.

use std::fmt::Write as _;

use crate::kit::text::counted;
use crate::report::{Missed, ProviderLine, Report};

/// How many lines a part has before it is cut; the JSON has them all.
const LINES: usize = 40;

/// The report as JSON.
pub fn json(report: &Report) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("a report has texts and numbers as its keys");
    text.push('\n');
    text
}

/// The report, parts without anything to tell left out.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    let (requests, worlds) = (report.requests, report.worlds);
    let _ = writeln!(
        text,
        "shipmock: {} in {}",
        counted(requests, "request"),
        counted(worlds, "world")
    );
    let unmatched = report.unmatched.iter().map(|line| {
        about(&format!("{} {}", line.method, line.path), line.times, &line.first, &line.explanation)
    });
    part(&mut text, "For no provider, so that nobody answered", unmatched);
    for provider in &report.providers {
        told(&mut text, provider);
    }
    let refusals = report.refusals.iter().map(|line| {
        let how = format!("{} {} {}, {}", line.provider, line.route, line.status, line.evidence);
        about(&how, line.times, &line.first, &line.explanation)
    });
    part(&mut text, "Refused", refusals);
    let rules = report.rules_never_fired.iter().map(|line| {
        let chance = if line.by_chance { ", by chance only" } else { "" };
        format!("`{}` ({}{chance})", line.title, line.on)
    });
    part(&mut text, "Rules that never fired", rules);
    let inferred = report.inferred.iter().map(|line| {
        let what = format!("{} {} {}", line.provider, line.route, line.status);
        about(&what, line.times, &line.first, "")
    });
    part(&mut text, "Answers that are guesses of ours", inferred);
    let undelivered = report.webhooks_undelivered.iter().map(|line| {
        let what = format!("{} {} to {}: {}", line.provider, line.event, line.url, line.state);
        about(&what, line.times, &line.first, &line.error)
    });
    part(&mut text, "Webhooks that did not arrive", undelivered);
    if report.webhooks_forgotten > 0 {
        let _ = writeln!(text, "  and {} that full ledgers dropped", report.webhooks_forgotten);
    }
    if !report.webhooks_of_others.is_empty() {
        let all = report.webhooks_of_others.iter();
        let all: Vec<String> =
            all.map(|(provider, times)| format!("{times} of {provider}")).collect();
        let _ = writeln!(
            text,
            "\nNor did webhooks of providers that were not called: {}",
            all.join(", ")
        );
    }
    part(&mut text, "Sent, and read by nothing", report.unread.iter().map(missed));
    part(&mut text, "Left out, though it usually is sent", report.left_out.iter().map(missed));
    if report.not_listed > 0 {
        let _ = writeln!(text, "\nand {} more of too many kinds", report.not_listed);
    }
    for fault in &report.verdict.faults {
        let _ = writeln!(text, "\nFAILED: {fault}");
    }
    text
}

fn told(text: &mut String, line: &ProviderLine) {
    let evidence: Vec<String> =
        line.evidence.iter().map(|(how, times)| format!("{times} {how}")).collect();
    let called = line.endpoints - line.endpoints_never_called.len();
    let _ = writeln!(
        text,
        "\n{}: {} ({}); {called} of {}, {} of {}",
        line.title,
        counted(line.requests, "request"),
        evidence.join(", "),
        counted(line.endpoints as u64, "endpoint"),
        line.edge_cases.len(),
        counted(line.edge_cases_known as u64, "named refusal")
    );
    let width = line.calls.iter().take(LINES).map(|it| it.route.chars().count()).max();
    let width = width.unwrap_or(0).min(60);
    for call in line.calls.iter().take(LINES) {
        let statuses: Vec<String> = call
            .statuses
            .iter()
            .map(|(status, times)| match times {
                1 => status.to_string(),
                times => format!("{status} x{times}"),
            })
            .collect();
        let _ = writeln!(text, "  {:width$}  {}", call.route, statuses.join(", "));
    }
    more(text, line.calls.len());
    if !line.edge_cases.is_empty() {
        let _ = writeln!(text, "  refusals met: {}", line.edge_cases.join(", "));
    }
    if !line.endpoints_never_called.is_empty() {
        let _ = writeln!(text, "  never called: {}", line.endpoints_never_called.join(", "));
    }
}

fn more(text: &mut String, lines: usize) {
    if let Some(rest) = lines.checked_sub(LINES).filter(|rest| *rest > 0) {
        let _ = writeln!(text, "  and {rest} more");
    }
}

fn part(text: &mut String, title: &str, lines: impl ExactSizeIterator<Item = String>) {
    let count = lines.len();
    if count == 0 {
        return;
    }
    let _ = writeln!(text, "\n{title}:");
    for line in lines.take(LINES) {
        let _ = writeln!(text, "  {line}");
    }
    more(text, count);
}

fn about(what: &str, times: u64, first: &str, why: &str) -> String {
    let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    let why = if why.is_empty() { String::new() } else { format!("\n    {why}") };
    format!("{what}, {times}, first {first}{why}")
}

fn missed(line: &Missed) -> String {
    about(&format!("{} {} {}", line.provider, line.route, line.field), line.times, &line.first, "")
}
