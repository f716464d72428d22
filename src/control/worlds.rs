//! Orders for worlds: made from a scenario, a seed and a clock, or forked from another.

use serde_json::Value;

use crate::control::clock::pace;
use crate::control::extract::{self, Extracted};
use crate::control::problem::Problem;
use crate::control::shape::{Parameter, Record, ValueShape, may};
use crate::control::{Job, ShellJob, respond};
use crate::message::Reply;
use crate::scenario::{self, Scenario};
use crate::sim::clock::Mode;
use crate::world::{ClockSetup, valid_name};

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
}

/// The fields of a clock in an order.
#[rustfmt::skip]
const CLOCK: &[Parameter] = &[
    may("mode",  ValueShape::Word(Mode::WORDS), "how time runs"),
    may("at",    ValueShape::Instant,           "where it begins"),
    may("speed", ValueShape::Number,            "world seconds a second, for `scaled`"),
];
static CLOCK_RECORD: Record =
    Record { name: "ClockSetup", summary: "How time shall run", fields: CLOCK };

const CLOCK_OR_MODE: ValueShape =
    ValueShape::Either(&[ValueShape::Word(Mode::WORDS), ValueShape::Record(&CLOCK_RECORD)]);

/// The fields of an order.
#[rustfmt::skip]
pub(super) const ORDER: &[Parameter] = &[
    may("scenario", ValueShape::Either(&[ValueShape::Text, ValueShape::Map(&ValueShape::Any)]), "the name of a ready-made scenario, or a whole one as an object"),
    may("seed",     ValueShape::Count, "the seed of everything that is made up"),
    may("clock",    CLOCK_OR_MODE, "a mode, or more"),
    may("from",     ValueShape::Text,  "the world to fork, instead of a scenario"),
];

/// `PUT /worlds/{name}`.
pub(super) fn read_put(asked: &Extracted) -> Result<Job, Reply> {
    let name = named(asked.arg(0))?;
    let order = WorldOrder {
        scenario: asked.field("scenario").map(read_scenario).transpose()?,
        seed: asked.field("seed").map(read_seed).transpose()?,
        clock: asked.field("clock").map(read_clock).transpose()?,
        from: asked.field("from").map(|from| named(extract::text("from", from)?)).transpose()?,
    };
    match (&order.from, &order.scenario) {
        (Some(from), Some(_)) => {
            let detail = format!(
                "a fork of `{from}` has its scenario already: leave out `scenario` or `from`"
            );
            Err(Problem::new(422, "Contradiction", detail).with("field", "scenario").reply())
        }
        _ => Ok(Job::Shell(ShellJob::Put { name, order })),
    }
}

/// `DELETE /worlds/{name}`.
pub(super) fn read_drop(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::Shell(ShellJob::Drop { name: named(asked.arg(0))? }))
}

/// The name of a world, if it can be one.
fn named(name: &str) -> Result<String, Reply> {
    if valid_name(name) {
        return Ok(name.to_owned());
    }
    let expected =
        "up to 64 letters, digits, dots, dashes and underscores, not beginning with a dot";
    Err(Problem::value("name", expected, &name.into()).reply())
}

/// The name of a ready-made scenario, or a whole one. Files are not read for a caller.
fn read_scenario(value: &Value) -> Result<Scenario, Reply> {
    let read = match value {
        Value::String(name) => {
            scenario::ready(name).unwrap_or_else(|| Err(scenario::unknown(name)))
        }
        Value::Object(_) => scenario::from_json(value.clone()),
        other => {
            let expected = "the name of a ready-made scenario, or a whole one as an object";
            return Err(Problem::value("scenario", expected, other).reply());
        }
    };
    read.map_err(|wrong| Problem::scenario(&wrong).reply())
}

fn read_seed(value: &Value) -> Result<u64, Reply> {
    value.as_u64().ok_or_else(|| {
        Problem::value("seed", "a whole number from 0 to 18446744073709551615", value).reply()
    })
}

/// A mode, or mode, beginning and speed.
fn read_clock(value: &Value) -> Result<ClockSetup, Reply> {
    let object = match value {
        Value::String(_) => {
            let (mode, speed) = pace(Some(value), None)?;
            return Ok(ClockSetup { mode, speed, at: None });
        }
        Value::Object(object) => object,
        other => {
            let expected = "`real`, `frozen`, `scaled` or an object with `mode`, `at` and `speed`";
            return Err(Problem::value("clock", expected, other).reply());
        }
    };
    extract::only("`clock`", object, CLOCK)?;
    let field = |name: &str| object.get(name).filter(|value| !value.is_null());
    let (mode, speed) = pace(field("mode"), field("speed"))?;
    let at = field("at").map(|at| extract::instant("at", at)).transpose()?;
    if mode.is_none() && at.is_none() {
        return Err(respond::problem(
            422,
            "Nothing to do",
            "an empty `clock` says nothing: leave it out",
        ));
    }
    Ok(ClockSetup { mode, at, speed })
}
