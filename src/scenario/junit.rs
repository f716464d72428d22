//! What was played, as JUnit XML: the form in which build servers read test results.

use crate::kit::text::escape_xml;
use crate::scenario::Played;

/// One test case a scenario, named by file and scenario; every failure in it with its whole report.
pub fn junit(all: &[Played]) -> String {
    let failures = all.iter().filter(|played| !played.passed()).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\"", all.len());
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<testsuites {counts}>\n  <testsuite name=\"shipmock\" {counts}>\n"));
    for played in all {
        let name = escape_xml(&played.name);
        text.push_str(&format!(
            "    <testcase name=\"{name}\" classname=\"{}\"",
            escape_xml(&played.file)
        ));
        text.push_str(&format!(" file=\"{}\">\n", escape_xml(&played.file)));
        // A test case has one result: further failures of the scenario stand in its text.
        if let Some(first) = played.failures.first() {
            let reports: Vec<String> = played.failures.iter().map(ToString::to_string).collect();
            let message = escape_xml(&first.diagnostic.message);
            let report = escape_xml(&reports.join("\n\n"));
            text.push_str(&format!("      <failure message=\"{message}\">{report}</failure>\n"));
        }
        text.push_str(&format!(
            "      <system-out>{}</system-out>\n",
            escape_xml(&played.transcript)
        ));
        text.push_str("    </testcase>\n");
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
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
