//! The clock driver: one light task a world that follows the wall where its clock does, and sends its webhooks.
//!
//! It shares with `advance` how time passes (in slices) and how webhooks are sent. Both hold the world's `sending` lock
//! while they do, and both are tasks of their own: whoever takes attempts out of a world owes it their report, so
//! that must never be done by a future that somebody else can drop, as a client does that hangs up.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::server::panicked::Panicked;
use crate::server::recorded_world::WorldGuard;
use crate::server::turn::Flights;
use crate::server::webhook_sender::WebhookSender;
use crate::server::world_entry::WorldEntry;
use crate::sim::journal::Change;
use crate::sim::webhook::outbox::OutgoingAttempt;

/// Never less between two looks: rounding in a scaled clock must not spin.
const SHORTEST: Duration = Duration::from_millis(1);
/// Never more: a laptop that slept, or a wall clock that was set, is noticed.
const LONGEST: Duration = Duration::from_secs(60);
/// Instants run under one lock; requests get their turn in between.
const SLICE: usize = 256;
/// The longest that a reply waits for the webhooks that go out before it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a slice of time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Nothing is due any more up to that instant, and nothing is ready.
    End,
    /// Webhooks are ready; they have to be sent first.
    Ready,
    /// There is more.
    More,
}

/// Runs what is due up to an instant: at most [`SLICE`] instants, counted, and only until webhooks are ready.
pub(crate) fn slice(
    world: &mut WorldGuard<'_>,
    to: Timestamp,
    fired: &mut Vec<Change>,
    steps: &mut usize,
) -> Reached {
    for _ in 0..SLICE {
        if world.outbox().has_ready_attempts() {
            return Reached::Ready;
        }
        match world.next_due() {
            Some(at) if at <= to => fired.extend(world.advance(at)),
            _ => return Reached::End,
        }
        *steps += 1;
    }
    Reached::More
}

/// Sends attempts that were taken out of a world, and reports what the receivers did in the order in which the
/// deliveries became ready: a world's journal must not depend on which receiver was faster.
///
/// Only for tasks that nobody drops, see above.
///
/// # Errors
/// `Panicked` when the world could not bear a report. The others are reported all the same, since a delivery without
/// a report would be in flight for ever.
pub(crate) async fn send_all(
    entry: &WorldEntry,
    sender: &Arc<WebhookSender>,
    attempts: Vec<OutgoingAttempt>,
    flights: &Arc<Flights>,
) -> Result<(), Panicked> {
    // A recorded session has what a receiver is told.
    entry.observed().await;
    let mut reported = Ok(());
    for (delivery, outcome) in sender.deliver(attempts, flights).await {
        reported = reported.and(entry.lock(|world| world.delivered(delivery, &outcome)).await);
    }
    reported
}

/// Sends what a scenario wants its receiver to have before the reply, and waits until it has it: as long as the
/// receiver may take, and not for ever. The sending goes on when the wait, or the call, has ended.
///
/// It does without the `sending` lock: an `advance` that holds it may be waiting for the very receiver that made this
/// call, and what is sent before a reply is out of turn by its nature.
pub(crate) async fn send_before_reply(
    entry: &Arc<WorldEntry>,
    sender: &Arc<WebhookSender>,
    attempts: Vec<OutgoingAttempt>,
) {
    let whole: Duration = attempts
        .iter()
        .map(|attempt| Duration::try_from(attempt.timeout).unwrap_or_default())
        .sum();
    let (entry, sender) = (entry.clone(), sender.clone());
    let sending = tokio::spawn(async move {
        // Nobody waits for these in a turn. A panic in here was printed where it happened.
        let _ = send_all(&entry, &sender, attempts, &Arc::default()).await;
        // A further attempt may be due now.
        entry.wake_driver();
    });
    let _ = tokio::time::timeout(whole.min(PATIENCE), sending).await;
}

/// Starts the task; it ends when its world is gone.
pub(crate) fn start(entry: &Arc<WorldEntry>, sender: Arc<WebhookSender>) {
    let wake = entry.waker();
    let entry = Arc::downgrade(entry);
    tokio::spawn(async move {
        loop {
            // Only a weak hold while waiting: the registry decides how long a world lives.
            let Some(held) = entry.upgrade().filter(|entry| !entry.is_retired()) else { return };
            let next = drive(&held, &sender).await;
            drop(held);
            match next {
                None => wake.notified().await,
                Some(at) => {
                    let wait = Duration::try_from(at.duration_since(Timestamp::now()));
                    let wait = wait.unwrap_or_default().clamp(SHORTEST, LONGEST);
                    let _ = tokio::time::timeout(wait, wake.notified()).await;
                }
            }
        }
    });
}

/// Lets the world catch up with the wall and sends what is ready; returns the wall time of what is due next.
async fn drive(entry: &WorldEntry, sender: &Arc<WebhookSender>) -> Option<Timestamp> {
    let _sending = entry.sending.lock().await;
    while !entry.is_retired() {
        let step = entry.lock(|world| {
            let to = world.clock().at(Timestamp::now());
            let reached = slice(world, to, &mut Vec::new(), &mut 0);
            if reached == Reached::End {
                world.advance(to);
            }
            let next = world.next_due().and_then(|at| world.clock().wall_at(at));
            (reached, world.take_attempts(), next)
        });
        match step.await {
            Ok((Reached::End, attempts, next)) if attempts.is_empty() => return next,
            Ok((_, attempts, _)) if attempts.is_empty() => tokio::task::yield_now().await,
            Ok((_, attempts, _)) => {
                // A panic in here was printed where it happened; the world goes on with what is due next.
                let _ = send_all(entry, sender, attempts, entry.flights()).await;
            }
            // What panicked has been taken from the agenda; the rest is looked at in a moment.
            Err(_) => return Some(Timestamp::now()),
        }
    }
    None
}
