//! What the driver and `advance` share: time passes in slices, and what became ready is carried.

use std::sync::Arc;

use jiff::Timestamp;

use crate::server::dispatcher::Dispatcher;
use crate::server::seat::Seat;
use crate::server::worlds::{Panicked, Slot};
use crate::sim::journal::Change;
use crate::sim::outbox::{Outcome, Post};

/// Instants run under one lock; requests get their turn in between.
pub(super) const SLICE: usize = 256;

/// Where a slice of time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// Nothing is due any more up to that instant, and nothing is ready.
    End,
    /// Webhooks are ready; they have to be carried first.
    Posts,
    /// There is more.
    More,
}

/// Runs what is due up to an instant: at most [`SLICE`] instants, counted, and only until webhooks are ready.
pub(super) fn slice(
    world: &mut Seat<'_>,
    to: Timestamp,
    fired: &mut Vec<Change>,
    steps: &mut usize,
) -> Reached {
    for _ in 0..SLICE {
        if world.outbox().has_posts() {
            return Reached::Posts;
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
pub(super) async fn carry(
    slot: &Slot,
    dispatcher: &Arc<Dispatcher>,
    posts: Vec<Post>,
) -> Result<(), Panicked> {
    let outcomes = dispatcher.deliver(posts).await;
    slot.quietly(|world| report(world, &outcomes))
}

fn report(world: &mut Seat<'_>, outcomes: &[(u64, Outcome)]) {
    for (delivery, outcome) in outcomes {
        world.delivered(*delivery, outcome);
    }
}
