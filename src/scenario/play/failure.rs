//! A failed expectation: what was not as expected, where in the file, what came instead, and what had happened before.

use std::fmt;

use crate::kit::mistake::Mistake;
use crate::scenario::trail::Trail;
use crate::scenario::{Diagnostic, Scenario};

/// Something that was not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFailure {
    /// The step, counted from 1; 0 when the world could not be built.
    pub step: usize,
    /// What, and where in the file.
    pub diagnostic: Diagnostic,
    /// What came, cut short.
    pub came: Option<String>,
    /// The last calls of the journal.
    pub journal: Vec<String>,
}

impl StepFailure {
    pub(super) fn at(
        scenario: &Scenario,
        step: usize,
        trail: &Trail,
        message: String,
    ) -> StepFailure {
        let diagnostic = scenario.source.point(trail, message);
        StepFailure { step, diagnostic, came: None, journal: Vec::new() }
    }

    /// A world that contradicts itself.
    pub(super) fn unbuilt(scenario: &Scenario, wrong: &Mistake) -> StepFailure {
        let trail = Trail::of(&format!("world.{}", wrong.place));
        StepFailure::at(scenario, 0, &trail, format!("the world cannot be built: {wrong}"))
    }
}

impl fmt::Display for StepFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)?;
        if let Some(came) = &self.came {
            write!(f, "\n  = {came}")?;
        }
        if !self.journal.is_empty() {
            f.write_str("\n  = the last calls:")?;
        }
        self.journal.iter().try_for_each(|line| write!(f, "\n    {line}"))
    }
}
