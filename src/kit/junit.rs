//! JUnit XML, the form in which build servers read test results.
//!
//! By hand: the quick-junit crate indents by four, always writes `errors` and `disabled`, and names the whole; what
//! build servers were given so far would change with every byte, for 40 lines and two more dependencies.

use std::fmt::Write as _;

use crate::kit::text::escape_xml;

/// A test case of a suite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestCase {
    /// What was tested.
    pub name: String,
    /// What it belongs to.
    pub class: String,
    /// The file it stands in.
    pub file: Option<String>,
    /// Why it failed; JUnit knows one result a case.
    pub failure: Option<TestFailure>,
    /// What it printed.
    pub output: Option<String>,
}

/// Why a case failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// In a sentence.
    pub message: String,
    /// At length.
    pub report: Option<String>,
}

/// A suite with these cases as a document.
pub fn write(suite: &str, cases: &[TestCase]) -> String {
    let failures = cases.iter().filter(|case| case.failure.is_some()).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\"", cases.len());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites {counts}>\n  <testsuite name=\"{suite}\" {counts}>");
    for case in cases {
        let (name, class) = (escape_xml(&case.name), escape_xml(&case.class));
        let _ = write!(xml, "    <testcase name=\"{name}\" classname=\"{class}\"");
        if let Some(file) = &case.file {
            let _ = write!(xml, " file=\"{}\"", escape_xml(file));
        }
        xml.push_str(">\n");
        if let Some(TestFailure { message, report }) = &case.failure {
            let _ = write!(xml, "      <failure message=\"{}\"", escape_xml(message));
            let _ = match report {
                Some(report) => writeln!(xml, ">{}</failure>", escape_xml(report)),
                None => writeln!(xml, "/>"),
            };
        }
        if let Some(output) = &case.output {
            let _ = writeln!(xml, "      <system-out>{}</system-out>", escape_xml(output));
        }
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}
