//! Long polling of `verify` and `await`: looking again whenever a world has changed, until it is so, or time is up.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::control::{Around, Await, Awaited, FoundCalls, Problem, Verify, pulse};
use crate::message::Reply;
use crate::server::panicked::Panicked;
use crate::server::server_context::ServerContext;
use crate::server::world_entry::WorldEntry;
use crate::world::World;

/// What a look gave.
enum Polled<T> {
    /// It is so.
    Found(T),
    /// Not yet; at the latest look again then.
    Again(Option<Instant>),
}

/// Why nothing came.
enum Ended {
    /// Time is up.
    Late,
    /// The world was dropped, replaced or reset.
    Gone,
    /// The server stops.
    Stopping,
}

/// Says whether calls have come, and waits for them if it may.
pub(crate) async fn verify(
    context: &ServerContext,
    entry: &WorldEntry,
    order: &Verify,
) -> Result<Reply, Problem> {
    let mut tally = FoundCalls::default();
    let look =
        |world: &World| order.look(world, &mut tally).map_or(Polled::Again(None), Polled::Found);
    match until(context, entry, order.within, look).await? {
        Ok(answer) => answer,
        Err(ended) => Err(ended.problem(|| entry.read(|world| order.unmet(world, &tally)))?),
    }
}

/// Waits for something.
pub(crate) async fn wait(
    context: &ServerContext,
    entry: &WorldEntry,
    order: &Await,
) -> Result<Reply, Problem> {
    let mut tally = order.what.tally();
    let lasting = match order.what {
        Awaited::Quiet(lasting) => Duration::try_from(lasting).unwrap_or_default(),
        _ => Duration::ZERO,
    };
    let around = || Around { wall: Timestamp::now(), advancing: entry.is_advancing() };
    // Since when it has been so, without anything happening.
    let mut since = None;
    let look = |world: &World| {
        let Some(reply) = order.what.look(world, &mut tally, around()) else {
            since = None;
            // What is due will be run by the world's driver, which is told when.
            return Polled::Again(None);
        };
        let (now, beat) = (Instant::now(), pulse(world));
        let begun = match since {
            Some((begun, before)) if before == beat => begun,
            _ => now,
        };
        since = Some((begun, beat));
        let over = begun + lasting;
        if now >= over { Polled::Found(reply) } else { Polled::Again(Some(over)) }
    };
    match until(context, entry, order.within, look).await? {
        Ok(reply) => Ok(reply),
        Err(ended) => Err(ended.problem(|| entry.read(|world| order.what.late(world, around())))?),
    }
}

impl Ended {
    /// What is said then; what there is instead, when time is up.
    fn problem(
        self,
        late: impl FnOnce() -> Result<Problem, Panicked>,
    ) -> Result<Problem, Panicked> {
        match self {
            Ended::Late => late(),
            Ended::Gone => Ok(Problem::gone()),
            Ended::Stopping => Ok(Problem::stopping()),
        }
    }
}

async fn until<T>(
    context: &ServerContext,
    entry: &WorldEntry,
    within: SignedDuration,
    mut look: impl FnMut(&World) -> Polled<T>,
) -> Result<Result<T, Ended>, Panicked> {
    let deadline = Instant::now() + Duration::try_from(within).unwrap_or_default();
    let mut stopping = context.stopping.clone();
    let mut changes = entry.changes();
    let _waiting = entry.begin_waiting();
    loop {
        changes.mark_unchanged();
        if entry.is_retired() {
            return Ok(Err(Ended::Gone));
        }
        let again = match entry.read(&mut look)? {
            Polled::Found(found) => return Ok(Ok(found)),
            Polled::Again(again) => again,
        };
        if Instant::now() >= deadline {
            return Ok(Err(Ended::Late));
        }
        let next = again.map_or(deadline, |again| again.min(deadline));
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep_until(next.into()) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return Ok(Err(Ended::Stopping)),
        }
    }
}
