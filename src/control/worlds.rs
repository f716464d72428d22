//! The registry of worlds: listed, made from a scenario, a seed and a clock, forked from another, dropped.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use crate::control::clock::pace;
use crate::control::problem::Problem;
use crate::control::respond;
use crate::control::values::{AnyCase, GivenInstant, Short, Shortened};
use crate::message::Reply;
use crate::scenario::{self, Scenario};
use crate::sim::clock::Mode;
use crate::world::{ClockSetup, WORLD_NAMES, valid_name};

/// A world in a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "World")]
pub struct WorldLine {
    /// Its name.
    pub name: String,
    /// What it was built from.
    pub scenario: String,
    /// Of everything that is made up.
    pub seed: u64,
    /// World time.
    pub now: Timestamp,
    /// How its time runs.
    pub mode: Mode,
    /// How many its journal holds.
    pub requests: usize,
    /// How many its ledger holds.
    pub webhooks: usize,
}

/// The worlds.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Worlds")]
pub(super) struct WorldList<'a> {
    /// By name.
    worlds: &'a [WorldLine],
}

/// The answer to `GET /worlds`.
pub fn listed(worlds: &[WorldLine]) -> Reply {
    respond::json(200, &WorldList { worlds })
}

/// A world that was made.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct MadeWorld<'a> {
    #[serde(flatten)]
    line: &'a WorldLine,
    /// Whether there was another of this name, which is gone.
    replaced: bool,
}

/// The answer to whatever makes a world: the world as it is now, and whether it took the place of another. A new one is
/// 201.
pub fn made(line: &WorldLine, new: bool) -> Reply {
    respond::json(if new { 201 } else { 200 }, &MadeWorld { line, replaced: !new })
}

/// The answer to `POST /reset`: the world as it is now.
pub fn rebuilt(line: &WorldLine) -> Reply {
    respond::json(200, line)
}

/// The answer to `DELETE /worlds/{name}`.
pub fn dropped() -> Reply {
    respond::nothing()
}

/// What a world is made from; what is not said is as the server was started.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorldOrder {
    /// The scenario.
    pub scenario: Option<Scenario>,
    /// The seed.
    pub seed: Option<u64>,
    /// How time runs.
    pub clock: Option<ClockSetup>,
    /// The world to fork, scenario and all.
    pub from: Option<String>,
    /// Whether a world that is there already stays.
    pub if_absent: bool,
}

/// What a world is made from; what is not said is as the server was started.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WorldOrder")]
pub(super) struct WorldBody {
    /// The name of a ready-made scenario, or a whole one as an object.
    scenario: Option<Short<String, ScenarioObject>>,
    /// The seed of everything that is made up.
    seed: Option<u64>,
    /// A mode, or more.
    clock: Option<Short<AnyCase<Mode>, ClockFields>>,
    /// The world to fork, instead of a scenario.
    from: Option<String>,
    /// Whether a world that is there already stays, and the call is a 409; it is replaced unless this is true.
    #[serde(default)]
    if_absent: bool,
}

// A whole scenario as an object; the scenario room reads it and words what is wrong.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
struct ScenarioObject(Map<String, Value>);

impl Shortened for ScenarioObject {
    const EXPECTED: &'static str = "the name of a ready-made scenario, or a whole one as an object";
}

/// How time shall run.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ClockSetup")]
struct ClockFields {
    /// How time runs.
    mode: Option<AnyCase<Mode>>,
    /// Where it begins.
    at: Option<GivenInstant>,
    /// World seconds a second, for `scaled`.
    speed: Option<Number>,
}

impl Shortened for ClockFields {
    const EXPECTED: &'static str =
        "`real`, `frozen`, `scaled` or an object with `mode`, `at` and `speed`";
}

impl WorldBody {
    /// What it orders.
    pub(super) fn order(self) -> Result<WorldOrder, Problem> {
        if let (Some(from), Some(_)) = (&self.from, &self.scenario) {
            let detail = format!(
                "a fork of `{from}` has its scenario already: leave out `scenario` or `from`"
            );
            return Err(Problem::new(422, "Contradiction", detail).with("field", "scenario"));
        }
        Ok(WorldOrder {
            scenario: self.scenario.map(read_scenario).transpose()?,
            seed: self.seed,
            clock: self.clock.map(read_clock).transpose()?,
            from: self.from.as_deref().map(|from| name_of(from, "from")).transpose()?,
            if_absent: self.if_absent,
        })
    }
}

/// The name of a world, if it can be one.
pub(super) fn named(name: &str) -> Result<String, Problem> {
    name_of(name, "name")
}

fn name_of(name: &str, field: &str) -> Result<String, Problem> {
    if valid_name(name) {
        return Ok(name.to_owned());
    }
    Err(Problem::value(field, WORLD_NAMES, &name.into()))
}

/// The name of a ready-made scenario, or a whole one. Files are not read for a caller.
fn read_scenario(given: Short<String, ScenarioObject>) -> Result<Scenario, Problem> {
    let read = match given {
        Short::Plain(name) => {
            scenario::ready(&name).unwrap_or_else(|| Err(scenario::unknown(&name)))
        }
        Short::Whole(object) => scenario::from_json(Value::Object(object.0)),
    };
    read.map_err(|wrong| Problem::scenario(&wrong))
}

/// A mode, or mode, beginning and speed.
fn read_clock(given: Short<AnyCase<Mode>, ClockFields>) -> Result<ClockSetup, Problem> {
    let fields = match given {
        Short::Plain(AnyCase(mode)) => {
            return Ok(ClockSetup { mode: Some(mode), speed: None, at: None });
        }
        Short::Whole(fields) => fields,
    };
    let (mode, speed) = pace(fields.mode.map(|word| word.0), fields.speed, "clock.speed")?;
    let at = fields.at.map(|instant| instant.0);
    if mode.is_none() && at.is_none() {
        let detail = "an empty `clock` says nothing: leave it out";
        return Err(Problem::new(422, "Nothing to do", detail).with("field", "clock"));
    }
    Ok(ClockSetup { mode, at, speed })
}
