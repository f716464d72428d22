//! The clock of a world: shown, set, and moved on.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::control::extract::{self, Extracted};
use crate::control::problem::Problem;
use crate::control::shape::{Parameter, ValueShape, may};
use crate::control::{Job, ShellJob, WorldJob, respond};
use crate::message::Reply;
use crate::sim::clock::{Mode, SPEEDS};
use crate::sim::webhook::outbox::{Delivery, DeliveryState};
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

/// The fields of an order.
#[rustfmt::skip]
pub(super) const ORDER: &[Parameter] = &[
    may("mode",  ValueShape::Word(Mode::WORDS), "how it runs"),
    may("speed", ValueShape::Number,            "world seconds a second, for `scaled`"),
    may("now",   ValueShape::Instant,           "an instant, not before the world's own"),
];

/// The fields of a call that lets time pass; exactly one of them.
#[rustfmt::skip]
pub(super) const ADVANCE: &[Parameter] = &[
    may("by",    ValueShape::Length,                  "so long"),
    may("to",    ValueShape::Instant,                 "up to an instant"),
    may("until", ValueShape::Word(&["next", "idle"]), "up to what falls due next, or until nothing is due"),
];

/// How far time shall pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdvanceOrder {
    /// So long.
    By(SignedDuration),
    /// Up to an instant.
    To(Timestamp),
    /// Up to what falls due next.
    UntilNext,
    /// Until nothing is due any more.
    UntilIdle,
}

/// A mode and a speed, which is only of use to `scaled`: a speed without a mode means that.
pub(super) fn pace(
    mode: Option<&Value>,
    speed: Option<&Value>,
) -> Result<(Option<Mode>, Option<f64>), Reply> {
    let read =
        |given| extract::choose("mode", extract::text("mode", given)?, Mode::ALL, Mode::word);
    let mode = mode.map(read).transpose()?;
    let Some(given) = speed else { return Ok((mode, None)) };
    let expected = format!("a number from {} to {}", SPEEDS.start(), SPEEDS.end());
    let speed = match (given.as_f64(), mode) {
        (Some(speed), _) if SPEEDS.contains(&speed) => Some(speed),
        // What a frozen clock shows may be sent back to it.
        (Some(0.0), Some(Mode::Frozen)) => None,
        _ => return Err(Problem::value("speed", &expected, given).reply()),
    };
    Ok((mode.or(Some(Mode::Scaled)), speed))
}

/// `PATCH /clock`.
pub(super) fn read_order(asked: &Extracted) -> Result<Job, Reply> {
    let (mode, speed) = pace(asked.field("mode"), asked.field("speed"))?;
    let now = asked.field("now").map(|given| extract::instant("now", given)).transpose()?;
    if mode.is_none() && now.is_none() {
        let detail = "say what shall change: `mode`, `speed` or `now`";
        return Err(respond::problem(422, "Nothing to do", detail));
    }
    Ok(Job::World(WorldJob::SetClock(ClockOrder { mode, speed, now })))
}

/// `POST /clock/advance`.
pub(super) fn read_advance(asked: &Extracted) -> Result<Job, Reply> {
    let given = (asked.field("by"), asked.field("to"), asked.field("until"));
    let advance = match given {
        (Some(by), None, None) => AdvanceOrder::By(extract::length("by", by)?),
        (None, Some(to), None) => AdvanceOrder::To(extract::instant("to", to)?),
        (None, None, Some(until)) => {
            let text = extract::text("until", until)?;
            let all = [AdvanceOrder::UntilNext, AdvanceOrder::UntilIdle];
            extract::choose("until", text, &all, |advance| match advance {
                AdvanceOrder::UntilNext => "next",
                _ => "idle",
            })?
        }
        _ => {
            let detail = "say exactly one of `by` (as `36h`), `to` (as `2026-05-14T09:00:00Z`) and `until` (`next` or `idle`)";
            return Err(respond::problem(422, "How far", detail));
        }
    };
    Ok(Job::Shell(ShellJob::Advance(advance)))
}

/// Where each delivery of a world stands and how often it was tried: what an advance compares with.
pub type Standings = BTreeMap<u64, (DeliveryState, usize)>;

/// The standings of a world.
pub fn standings(world: &World) -> Standings {
    let line = |delivery: &Delivery| (delivery.number, (delivery.state(), delivery.attempts.len()));
    world.outbox().deliveries().map(line).collect()
}

/// The deliveries that are new, or of which the ledger said something else before.
pub fn changed(world: &World, before: &Standings) -> Vec<Delivery> {
    let other = |delivery: &&Delivery| {
        before.get(&delivery.number) != Some(&(delivery.state(), delivery.attempts.len()))
    };
    world.outbox().deliveries().filter(other).cloned().collect()
}

/// The clock as it stands.
pub(super) fn show(world: &World) -> Reply {
    let clock = world.clock();
    respond::said(&json!({
        "now": world.now(),
        "mode": clock.mode(),
        "speed": clock.speed(),
        "next_due": world.next_due(),
    }))
}

/// Sets a clock. What falls due on the way to a later instant happens; the webhooks of that are sent afterwards.
pub(super) fn set(world: &mut World, order: &ClockOrder, wall: Timestamp) -> Reply {
    if let Some(now) = order.now {
        if now < world.now() {
            return respond::backwards(world.now(), now);
        }
        world.catch_up(now);
        world.clock_mut().set(now, wall);
    }
    let mode = order.mode.unwrap_or(world.clock().mode());
    world.clock_mut().run(mode, order.speed, wall);
    show(world)
}
