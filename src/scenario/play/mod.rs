//! The scenario runner: plays the steps of a scenario on a world of its own, through the world's doors.

mod act;
mod against;
mod answers;
mod calls;
mod failure;
mod inspect;
mod ledger;
mod stage;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::policy::hole::Hole;
use crate::scenario::steps::Step;
use crate::scenario::trail::Trail;
use crate::scenario::{Scenario, placeholders};

use stage::PlayState;

pub use against::{Compared, OtherServer, against};
pub use failure::StepFailure;
pub use ledger::webhook_unlike;

/// The instant at which a world begins whose scenario names none, so that the same is played every time.
pub const START: Timestamp = Timestamp::constant(1_778_749_200, 0);

/// How to play.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlayOptions {
    /// Nothing is played after the first step that failed.
    pub stop_at_first: bool,
    /// The seed, over what the scenario says.
    pub seed: Option<u64>,
}

/// What came of playing a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Played {
    /// Its name.
    pub name: String,
    /// The file it was read from.
    pub file: String,
    /// What it shows.
    pub summary: String,
    /// The edge cases it proves.
    pub proves: Vec<u32>,
    /// How many steps it has.
    pub steps: usize,
    /// Everything that was not as expected.
    pub failures: Vec<StepFailure>,
    /// The rules that never did anything.
    pub never_fired: Vec<String>,
    /// How many answers were known how.
    pub evidence: BTreeMap<&'static str, usize>,
    /// The story.
    pub transcript: String,
}

impl Played {
    /// A scenario of which nothing is played yet.
    fn of(scenario: &Scenario) -> Played {
        Played {
            name: scenario.name.clone(),
            file: scenario.source.file.clone(),
            summary: scenario.summary.clone(),
            proves: scenario.proves.clone(),
            steps: scenario.steps.len(),
            ..Played::default()
        }
    }

    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Plays a scenario. Its clock stands unless a step moves it; every webhook is received within the world.
pub fn play(scenario: &Scenario, options: PlayOptions) -> Played {
    let mut played = Played::of(scenario);
    let mut stage = match PlayState::build(scenario, options) {
        Ok(stage) => stage,
        Err(wrong) => {
            played.failures.push(StepFailure::unbuilt(scenario, &wrong));
            return played;
        }
    };
    for (place, raw) in scenario.steps.iter().enumerate() {
        let before = stage.failures.len();
        step(&mut stage, place, raw);
        stage.transcript.end_step(stage.failures.get(before..).unwrap_or_default());
        if options.stop_at_first && stage.failures.len() > before {
            break;
        }
    }
    played.never_fired = stage.never_fired();
    played.evidence = std::mem::take(&mut stage.evidence);
    played.transcript = stage.transcript.finish(&played.never_fired);
    played.failures = stage.failures;
    played
}

fn step(stage: &mut PlayState<'_>, place: usize, raw: &Value) {
    let trail = Trail::step(place);
    stage.begin(place);
    let mut open = Vec::new();
    placeholders::holes(raw, &trail, &mut open);
    let of_a_rule = placeholders::is_of_a_rule(raw);
    let unfilled = open.into_iter().find(|(_, name)| {
        !(stage.kept.contains_key(name) || (of_a_rule && Hole::of(name).is_ok()))
    });
    if let Some((at, name)) = unfilled {
        stage.transcript.line("not played");
        return stage.fail(&at, format!("nothing was kept under the name `{name}`"));
    }
    let step = match serde_json::from_value::<Step>(placeholders::filled(raw, &stage.kept)) {
        Ok(step) => step,
        Err(wrong) => {
            stage.transcript.line("not played");
            return stage.fail(&trail, format!("with its holes filled this is no step: {wrong}"));
        }
    };
    act::act(stage, &trail, &step);
}
