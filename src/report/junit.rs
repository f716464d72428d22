//! A report as JUnit XML: a test case for the command, one for each rule that never fired, one for guesses.

use crate::kit::junit::{self, TestCase, TestFailure};
use crate::report::lines::guesses;
use crate::report::{Report, text};

fn case(name: String, fault: Option<String>) -> TestCase {
    let failure = fault.map(|message| TestFailure { message, report: None });
    TestCase { name, class: "shipmock".to_owned(), failure, ..TestCase::default() }
}

/// The XML. The whole report stands in the output of the command's case.
pub fn junit(report: &Report) -> String {
    let verdict = &report.verdict;
    let ended = match verdict.command_exit_code {
        0 => None,
        code => Some(format!("the command ended with exit code {code}")),
    };
    let command = case(format!("command: {}", verdict.command), ended);
    let mut cases = vec![TestCase { output: Some(text(report)), ..command }];
    for rule in report.rules_never_fired.iter().filter(|rule| !rule.by_chance) {
        let never = format!("the rule on {} never fired", rule.on);
        cases.push(case(format!("rule: {}", rule.title), Some(never)));
    }
    if verdict.strict {
        let leaned = (!report.inferred.is_empty()).then(|| guesses(&report.inferred));
        cases.push(case("no inferred answers".to_owned(), leaned));
        let lost: u64 = report.unmatched.iter().map(|line| line.times).sum();
        let lost = (lost > 0).then(|| format!("{lost} calls were for no provider"));
        cases.push(case("every call was for a provider".to_owned(), lost));
    }
    junit::write("shipmock exec", &cases)
}
