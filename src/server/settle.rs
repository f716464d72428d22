//! What the driver and `advance` share: time passes in slices, and what became ready is carried.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::server::panicked::Panicked;
use crate::server::recorded_world::WorldGuard;
use crate::server::webhook_sender::WebhookSender;
use crate::server::world_entry::WorldEntry;
use crate::sim::journal::Change;
use crate::sim::webhook::outbox::{Outcome, OutgoingAttempt};

/// Instants run under one lock; requests get their turn in between.
pub(crate) const SLICE: usize = 256;

/// Where a slice of time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Nothing is due any more up to that instant, and nothing is ready.
    End,
    /// Webhooks are ready; they have to be carried first.
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

/// Sends what is ready, and reports in the order in which it became ready what the receivers said.
///
/// # Errors
/// `Panicked` when the world could not bear the news.
pub(crate) async fn send_all(
    entry: &WorldEntry,
    sender: &Arc<WebhookSender>,
    attempts: Vec<OutgoingAttempt>,
) -> Result<(), Panicked> {
    // A recorded session has what a receiver is told.
    entry.observed().await;
    let outcomes = sender.deliver(attempts).await;
    entry.lock(|world| report(world, &outcomes)).await
}

/// The longest that an answer waits for webhooks that go out before it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends what a scenario wants its receiver to have before the answer, and waits until it has it: as long as the
/// receiver may take, and not for ever. It goes on being carried when the wait, or the call, has ended.
pub(crate) async fn before_the_answer(
    entry: &Arc<WorldEntry>,
    sender: &Arc<WebhookSender>,
    attempts: Vec<OutgoingAttempt>,
) {
    if attempts.is_empty() {
        return;
    }
    let whole: Duration = attempts
        .iter()
        .map(|attempt| Duration::try_from(attempt.timeout).unwrap_or_default())
        .sum();
    let (entry, sender) = (entry.clone(), sender.clone());
    let carried = tokio::spawn(async move {
        // A panic in here was printed where it happened.
        let _ = send_all(&entry, &sender, attempts).await;
        // A further attempt may be due now.
        entry.wake_driver();
    });
    let _ = tokio::time::timeout(whole.min(PATIENCE), carried).await;
}

fn report(world: &mut WorldGuard<'_>, outcomes: &[(u64, Outcome)]) {
    for (delivery, outcome) in outcomes {
        world.delivered(*delivery, outcome);
    }
}
