//! What was played, as JUnit XML: a test case a scenario.

use crate::kit::junit::{self, TestCase, TestFailure};
use crate::scenario::Played;

/// One test case a scenario, named by file and scenario; every failure in it with its whole report.
pub fn junit(all: &[Played]) -> String {
    let cases: Vec<TestCase> = all.iter().map(case).collect();
    junit::write("shipmock", &cases)
}

fn case(played: &Played) -> TestCase {
    // A test case has one result: further failures of the scenario stand in its text.
    let failure = played.failures.first().map(|first| {
        let reports: Vec<String> = played.failures.iter().map(ToString::to_string).collect();
        TestFailure {
            message: first.diagnostic.message.clone(),
            report: Some(reports.join("\n\n")),
        }
    });
    TestCase {
        name: played.name.clone(),
        class: played.file.clone(),
        file: Some(played.file.clone()),
        failure,
        output: Some(played.transcript.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::junit;
    use crate::scenario::{Diagnostic, Played, StepFailure};

    #[test]
    fn a_failure_is_escaped_and_counted() {
        let diagnostic = Diagnostic::new("a.yaml", "`<a>` & \"b\"");
        let failure = StepFailure { step: 1, diagnostic, came: None, journal: Vec::new() };
        let failed = Played {
            name: "a\u{1}".into(),
            file: "a.yaml".into(),
            failures: vec![failure],
            ..Played::default()
        };
        let passed = Played { name: "b".into(), ..Played::default() };
        insta::assert_snapshot!(junit(&[failed, passed]), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="2" failures="1">
          <testsuite name="shipmock" tests="2" failures="1">
            <testcase name="a�" classname="a.yaml" file="a.yaml">
              <failure message="`&lt;a&gt;` &amp; &quot;b&quot;">error: `&lt;a&gt;` &amp; &quot;b&quot;
         --&gt; a.yaml</failure>
              <system-out></system-out>
            </testcase>
            <testcase name="b" classname="" file="">
              <system-out></system-out>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    }
}
