//! The simulated clock of a world: shown, set, and moved on.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::control::problem::Problem;
use crate::control::requests::ChangeLine;
use crate::control::respond;
use crate::control::values::{AnyCase, GivenDuration, GivenInstant};
use crate::control::webhooks::LedgerEntry;
use crate::message::Reply;
use crate::sim::clock::{Mode, SPEEDS};
use crate::sim::journal::Change;
use crate::sim::webhook::outbox::Delivery;
use crate::world::World;

/// What shall change of a clock.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ClockOrder {
    /// How it runs.
    pub mode: Option<Mode>,
    /// World seconds a second.
    pub speed: Option<f64>,
    /// What it shows; not before what it shows already.
    pub now: Option<Timestamp>,
}

/// What shall change of a clock.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ClockOrder")]
pub(super) struct ClockBody {
    /// How it runs.
    mode: Option<AnyCase<Mode>>,
    /// World seconds a second, for `scaled`.
    speed: Option<Number>,
    /// An instant, not before the world's own.
    now: Option<GivenInstant>,
}

/// How far time shall pass; exactly one of the three.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdvanceOrder")]
pub(super) struct AdvanceBody {
    /// So long.
    by: Option<GivenDuration>,
    /// Up to an instant.
    to: Option<GivenInstant>,
    /// Up to what falls due next, or until nothing is due.
    until: Option<AnyCase<AdvanceUntil>>,
}

crate::words! {
    /// Where time stops by itself.
    pub enum AdvanceUntil as "Until" {
        /// At what falls due next.
        Next = "next",
        /// When nothing is due any more.
        Idle = "idle",
    }
}

/// How far time shall pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdvanceOrder {
    /// So long.
    By(SignedDuration),
    /// Up to an instant.
    To(Timestamp),
    /// Up to what falls due next.
    UntilNext,
    /// AdvanceUntil nothing is due any more.
    UntilIdle,
}

/// A mode and a speed, which is only of use to `scaled`: a speed without a mode means that.
pub(super) fn pace(
    mode: Option<Mode>,
    speed: Option<Number>,
    field: &str,
) -> Result<(Option<Mode>, Option<f64>), Problem> {
    let Some(given) = speed else { return Ok((mode, None)) };
    let speed = match (given.as_f64(), mode) {
        (Some(speed), None | Some(Mode::Scaled)) if SPEEDS.contains(&speed) => Some(speed),
        // What a clock shows may be sent back to it.
        (Some(0.0), Some(Mode::Frozen)) | (Some(1.0), Some(Mode::Real)) => None,
        (Some(_), Some(mode @ (Mode::Frozen | Mode::Real))) => {
            let detail =
                format!("`{field}` is how fast a scaled clock runs, and this one is to be {mode}");
            return Err(Problem::new(422, "Contradiction", detail).with("field", field));
        }
        _ => {
            let expected = format!("a number from {} to {}", SPEEDS.start(), SPEEDS.end());
            return Err(Problem::value(field, &expected, &Value::Number(given)));
        }
    };
    Ok((mode.or(Some(Mode::Scaled)), speed))
}

impl ClockBody {
    /// What it orders, if anything.
    pub(super) fn order(self) -> Result<ClockOrder, Problem> {
        let (mode, speed) = pace(self.mode.map(|word| word.0), self.speed, "speed")?;
        let now = self.now.map(|instant| instant.0);
        if mode.is_none() && now.is_none() {
            let detail = "say what shall change: `mode`, `speed` or `now`";
            return Err(Problem::new(422, "Nothing to do", detail).with("field", "mode"));
        }
        Ok(ClockOrder { mode, speed, now })
    }
}

impl AdvanceBody {
    /// The one of the three.
    pub(super) fn order(self) -> Result<AdvanceOrder, Problem> {
        // The field that is one too many, or the first that could be said.
        let field = match (&self.by, &self.to, &self.until) {
            (_, _, Some(_)) => "until",
            (_, Some(_), None) => "to",
            _ => "by",
        };
        match (self.by, self.to, self.until) {
            (Some(by), None, None) => Ok(AdvanceOrder::By(by.0)),
            (None, Some(to), None) => Ok(AdvanceOrder::To(to.0)),
            (None, None, Some(AnyCase(AdvanceUntil::Next))) => Ok(AdvanceOrder::UntilNext),
            (None, None, Some(AnyCase(AdvanceUntil::Idle))) => Ok(AdvanceOrder::UntilIdle),
            _ => {
                let detail = "say exactly one of `by` (as `36h`), `to` (as `2026-05-14T09:00:00Z`) and `until` (`next` or `idle`)";
                Err(Problem::new(422, "How far", detail).with("field", field))
            }
        }
    }
}

/// The time of a world.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Clock")]
pub(super) struct ClockStatus {
    /// World time.
    now: Timestamp,
    /// How it runs.
    mode: Mode,
    /// World seconds a second.
    speed: f64,
    /// When something falls due next.
    next_due: Option<Timestamp>,
}

/// What happened while time passed.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Advanced<'a> {
    /// When it began.
    from: Timestamp,
    /// When it ended.
    to: Timestamp,
    /// What moved.
    fired: Vec<ChangeLine<'a>>,
    /// What changed in the ledger.
    deliveries: Vec<LedgerEntry<'a>>,
}

/// The answer to `POST /clock/advance`: what moved, and the deliveries that changed.
pub fn advanced(
    from: Timestamp,
    to: Timestamp,
    fired: &[Change],
    deliveries: &[&Delivery],
) -> Reply {
    let fired = fired.iter().map(ChangeLine::of).collect();
    let deliveries = deliveries.iter().copied().map(LedgerEntry::of).collect();
    respond::json(200, &Advanced { from, to, fired, deliveries })
}

/// The clock as it stands.
pub(super) fn show(world: &World) -> ClockStatus {
    let clock = world.clock();
    ClockStatus {
        now: world.now(),
        mode: clock.mode(),
        speed: clock.speed(),
        next_due: world.next_due(),
    }
}

/// Sets a clock. What falls due on the way to a later instant happens; the webhooks of that are sent afterwards.
pub(super) fn set(
    world: &mut World,
    order: &ClockOrder,
    wall: Timestamp,
) -> Result<ClockStatus, Problem> {
    if let Some(asked) = order.now {
        let now = world.now();
        if asked < now {
            let detail = format!(
                "it is {now} in this world, which {asked} is before; time does not go back, but a reset begins again"
            );
            let problem = Problem::new(409, "Time does not go back", detail);
            return Err(problem.with("field", "now").with("now", now.to_string()));
        }
        world.catch_up(asked);
        world.clock_mut().set(asked, wall);
    }
    let mode = order.mode.unwrap_or(world.clock().mode());
    world.clock_mut().run(mode, order.speed, wall);
    Ok(show(world))
}
