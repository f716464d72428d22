//! One light task a world: it follows the wall when its clock does, and carries its webhooks.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::server::dispatcher::Dispatcher;
use crate::server::settle::{Reached, carry, slice};
use crate::server::worlds::Slot;

/// Never less between two looks: rounding in a scaled clock must not spin.
const SHORTEST: Duration = Duration::from_millis(1);
/// Never more: a laptop that slept, or a wall clock that was set, is noticed.
const LONGEST: Duration = Duration::from_secs(60);

/// Starts the task; it ends when its world is gone.
pub(super) fn start(slot: &Arc<Slot>, dispatcher: Arc<Dispatcher>) {
    let wake = slot.waker();
    let slot = Arc::downgrade(slot);
    tokio::spawn(async move {
        loop {
            // Only a weak hold while waiting: the register decides how long a world lives.
            let Some(held) = slot.upgrade().filter(|slot| !slot.is_retired()) else { return };
            let next = turn(&held, &dispatcher).await;
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
async fn turn(slot: &Slot, dispatcher: &Arc<Dispatcher>) -> Option<Timestamp> {
    let _settling = slot.settling.lock().await;
    while !slot.is_retired() {
        let step = slot.quietly(|world| {
            let to = world.clock().at(Timestamp::now());
            let reached = slice(world, to, &mut Vec::new(), &mut 0);
            if reached == Reached::End {
                world.advance(to);
            }
            let next = world.next_due().and_then(|at| world.clock().wall_at(at));
            (reached, world.take_posts(), next)
        });
        match step {
            Ok((Reached::End, posts, next)) if posts.is_empty() => return next,
            Ok((_, posts, _)) if posts.is_empty() => tokio::task::yield_now().await,
            Ok((_, posts, _)) => {
                // A panic in here was printed where it happened; the world goes on with what is due next.
                let _ = carry(slot, dispatcher, posts).await;
            }
            // What panicked has been taken from the agenda; the rest is looked at in a moment.
            Err(_) => return Some(Timestamp::now()),
        }
    }
    None
}
