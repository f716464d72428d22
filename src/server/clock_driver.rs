//! One light task a world: it follows the wall when its clock does, and carries its webhooks.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::server::settle::{Reached, send_all, slice};
use crate::server::webhook_sender::WebhookSender;
use crate::server::world_entry::WorldEntry;

/// Never less between two looks: rounding in a scaled clock must not spin.
const SHORTEST: Duration = Duration::from_millis(1);
/// Never more: a laptop that slept, or a wall clock that was set, is noticed.
const LONGEST: Duration = Duration::from_secs(60);

/// Starts the task; it ends when its world is gone.
pub(crate) fn start(entry: &Arc<WorldEntry>, sender: Arc<WebhookSender>) {
    let wake = entry.waker();
    let entry = Arc::downgrade(entry);
    tokio::spawn(async move {
        loop {
            // Only a weak hold while waiting: the registry decides how long a world lives.
            let Some(held) = entry.upgrade().filter(|entry| !entry.is_retired()) else { return };
            let next = turn(&held, &sender).await;
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

/// Lets the world catch up with the wall and carries what is ready; returns the wall time of what is due next.
async fn turn(entry: &WorldEntry, sender: &Arc<WebhookSender>) -> Option<Timestamp> {
    let _settling = entry.settling.lock().await;
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
                let _ = send_all(entry, sender, attempts).await;
            }
            // What panicked has been taken from the agenda; the rest is looked at in a moment.
            Err(_) => return Some(Timestamp::now()),
        }
    }
    None
}
