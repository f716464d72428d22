//! The totals of one world for a report, taken when it ends: its rules, and what became of its webhooks.

use crate::policy::installed::Installed;
use crate::sim::webhook::outbox::{Delivery, DeliveryState};
use crate::world::World;

/// A webhook that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stray {
    pub(super) provider: String,
    pub(super) event: String,
    pub(super) url: String,
    pub(super) state: DeliveryState,
    pub(super) error: String,
}

/// What is counted of a world as it stands. It owns what it has, so that it is counted when the world is no longer
/// locked.
#[derive(Debug, Clone)]
pub struct WorldTotals {
    pub(super) rules: Vec<Installed>,
    pub(super) delivered: u64,
    /// With their ids.
    pub(super) undelivered: Vec<(Stray, String)>,
    pub(super) forgotten: u64,
}

impl WorldTotals {
    /// Of a world whose deliveries up to `inherited` are not its own but those of the world it was made from.
    pub fn of(world: &World, inherited: u64) -> WorldTotals {
        let outbox = world.outbox();
        let own = || outbox.after(inherited);
        let arrived = |delivery: &&Delivery| delivery.state() == DeliveryState::Delivered;
        WorldTotals {
            rules: world.rules().iter().cloned().collect(),
            delivered: own().filter(arrived).count() as u64,
            undelivered: own().filter(|it| !arrived(it)).map(|it| (stray(it), it.id())).collect(),
            forgotten: outbox.measure().2,
        }
    }
}

fn stray(delivery: &Delivery) -> Stray {
    let last = delivery.attempts.last();
    let error = last.and_then(|last| match (&last.error, last.status) {
        (Some(error), _) => Some(error.clone()),
        (None, status) => status.map(|status| format!("the receiver answered {status}")),
    });
    Stray {
        provider: delivery.provider.to_string(),
        event: delivery.event.to_string(),
        url: delivery.url.clone(),
        state: delivery.state(),
        error: error.unwrap_or_default(),
    }
}
