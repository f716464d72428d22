//! A report as JUnit XML: one case for the command, one for each rule that never fired, one for guesses.

use crate::kit::text::escape_xml;
use crate::report::{Report, text};

/// The XML. The whole report stands in the output of the command's case.
pub fn junit(report: &Report) -> String {
    let verdict = &report.verdict;
    let mut cases: Vec<(String, Option<String>)> = Vec::new();
    let ended = match verdict.command_exit_code {
        0 => None,
        code => Some(format!("the command ended with exit code {code}")),
    };
    cases.push((format!("command: {}", verdict.command), ended));
    for rule in report.rules_never_fired.iter().filter(|rule| !rule.by_chance) {
        let never = format!("the rule on {} never fired", rule.on);
        cases.push((format!("rule: {}", rule.title), Some(never)));
    }
    if verdict.strict {
        let guessed: u64 = report.inferred.iter().map(|line| line.times).sum();
        let leaned = (guessed > 0).then(|| format!("{guessed} answers were inferred"));
        cases.push(("no inferred answers".to_owned(), leaned));
    }
    let failures = cases.iter().filter(|(_, fault)| fault.is_some()).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\"", cases.len());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!(
        "<testsuites {counts}>\n  <testsuite name=\"shipmock exec\" {counts}>\n"
    ));
    for (place, (name, fault)) in cases.iter().enumerate() {
        let name = escape_xml(name);
        xml.push_str(&format!("    <testcase name=\"{name}\" classname=\"shipmock\">\n"));
        if let Some(fault) = fault {
            xml.push_str(&format!("      <failure message=\"{}\"/>\n", escape_xml(fault)));
        }
        if place == 0 {
            let told = escape_xml(&text(report));
            xml.push_str(&format!("      <system-out>{told}</system-out>\n"));
        }
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}
