//! Leads: what became of the calls to customers, and of the orders they confirmed.

use crate::providers::shipper::machines::{ContactState, ShipmentState};
use crate::providers::shipper::state::order::Order;
use crate::providers::shipper::state::tallies::Turn;

/// Leads by what became of the call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Leads([u64; ContactState::ALL.len()]);

impl Leads {
    /// How many are in one of these states.
    pub fn of(&self, states: &[ContactState]) -> u64 {
        states.iter().map(|state| self.0[*state as usize]).sum()
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.of(ContactState::ALL)
    }

    /// Puts all of others in.
    pub fn merge(&mut self, other: &Leads) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, by)| *sum += by);
    }
}

/// Leads, and how far the confirmed ones came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Funnel {
    pub leads: Leads,
    /// Orders by their stages.
    pub pipeline: [u64; Stage::COUNT],
}

impl Funnel {
    /// Puts an order in or takes it off; one without a call is no lead.
    pub(super) fn turn(&mut self, order: &Order, turn: Turn) {
        let Some(task) = &order.contact else { return };
        turn.count(&mut self.leads.0[task.state() as usize], 1);
        let stage = Stage::of(order).filter(|_| task.state() == ContactState::Called);
        if let Some(stage) = stage {
            turn.count(&mut self.pipeline[stage as usize], 1);
        }
    }

    pub(super) fn merge(&mut self, other: &Funnel) {
        self.leads.merge(&other.leads);
        self.pipeline.iter_mut().zip(other.pipeline).for_each(|(sum, by)| *sum += by);
    }
}

/// How far a confirmed order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Delivered,
    InTransit,
    NotShipped,
    Returning,
    Failed,
}

impl Stage {
    /// How many there are.
    pub const COUNT: usize = Stage::Failed as usize + 1;

    /// The stage of an order with several shipments is that of the one with the best prospects; with none but
    /// cancelled ones it has no stage.
    fn of(order: &Order) -> Option<Stage> {
        use ShipmentState as S;
        let stage = |state: ShipmentState| {
            Some(match state {
                S::Delivered | S::PartiallyDelivered | S::PartiallyReturned => Stage::Delivered,
                S::OnItsWay => Stage::InTransit,
                S::AwaitingConfirmation | S::AwaitingPackaging | S::AwaitingPickup => {
                    Stage::NotShipped
                }
                S::Returning => Stage::Returning,
                S::ReturnedToSender | S::Lost => Stage::Failed,
                S::Canceled => return None,
            })
        };
        order.shipments.iter().filter_map(|shipment| stage(shipment.life.state())).min()
    }
}
