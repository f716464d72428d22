//! The four groups of shipments and their money, summed up.
//!
//! Inferred: which states make up a group, and that cancelled shipments are counted in none; what the calls to their
//! customers cost stands with the failed ones, so that expenses add up. Whatever is not cancelled counts as money:
//! transferred once it was paid out, expected before.

use rust_decimal::Decimal;

use crate::providers::shipper::machines::ShipmentState;
use crate::providers::shipper::state::order::{Shipment, TransactionKind, TransactionState};
use crate::providers::shipper::state::tallies::Turn;
use crate::words;

words! {
    /// What became of a shipment, and of its money.
    pub enum Group {
        /// Neither delivered nor given up.
        Pending = "shipments_pending",
        /// With the customer, in whole or in part, and the money is there.
        DeliveredPaid = "shipments_delivered_paid",
        /// With the customer, in whole or in part, and the money is not there.
        DeliveredNonPaid = "shipments_delivered_non_paid",
        /// On its way back, back, or gone.
        FailedDelivery = "shipments_failed_delivery",
    }
}

impl Group {
    /// The one group that holds a shipment; none when it was cancelled.
    pub fn holding(shipment: &Shipment) -> Option<Group> {
        use ShipmentState as S;
        Some(match shipment.life.state() {
            S::AwaitingConfirmation | S::AwaitingPackaging | S::AwaitingPickup | S::OnItsWay => {
                Group::Pending
            }
            S::Delivered | S::PartiallyDelivered | S::PartiallyReturned => {
                if shipment.is_paid() {
                    Group::DeliveredPaid
                } else {
                    Group::DeliveredNonPaid
                }
            }
            S::Returning | S::ReturnedToSender | S::Lost => Group::FailedDelivery,
            S::Canceled => return None,
        })
    }
}

/// The four groups, summed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups([Sums; Group::ALL.len()]);

impl Groups {
    /// Puts shipments of one order in, or takes them off.
    pub(super) fn turn<'a>(&mut self, shipments: impl Iterator<Item = &'a Shipment>, turn: Turn) {
        let mut earning = [false; Group::ALL.len()];
        for shipment in shipments {
            let holding = Group::holding(shipment);
            let group = holding.unwrap_or(Group::FailedDelivery) as usize;
            let sums = &mut self.0[group];
            turn.count(&mut sums.shipments, holding.is_some().into());
            earning[group] |= sums.turn_money(shipment, turn);
        }
        for (sums, earns) in self.0.iter_mut().zip(earning) {
            turn.count(&mut sums.orders_with_revenue, earns.into());
        }
    }

    pub(super) fn merge(&mut self, other: &Groups) {
        self.0.iter_mut().zip(&other.0).for_each(|(sums, by)| sums.merge(by));
    }

    /// The sums of a group.
    pub fn of(&self, group: Group) -> &Sums {
        &self.0[group as usize]
    }
}

/// Amounts by what they are for; the first is revenue, the others are the expenses.
pub type Amounts = [Decimal; TransactionKind::ALL.len()];

/// One group, summed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    pub shipments: u64,
    /// One with several shipments counts once.
    pub orders_with_revenue: u64,
    pub expected: Amounts,
    pub transferred: Amounts,
}

impl Sums {
    /// Puts the money of a shipment in or takes it off; whether it brings revenue.
    fn turn_money(&mut self, shipment: &Shipment, turn: Turn) -> bool {
        let mut earns = false;
        for transaction in &shipment.transactions {
            let amounts = match transaction.state {
                TransactionState::Canceled => continue,
                TransactionState::Transferred => &mut self.transferred,
                TransactionState::Pending
                | TransactionState::UnderReview
                | TransactionState::Successful => &mut self.expected,
            };
            let sum = &mut amounts[transaction.kind as usize];
            *sum = match turn {
                Turn::In => sum.saturating_add(transaction.amount),
                Turn::Off => sum.saturating_sub(transaction.amount),
            };
            earns |= transaction.kind == TransactionKind::Revenue && !transaction.amount.is_zero();
        }
        earns
    }

    fn merge(&mut self, other: &Sums) {
        self.shipments += other.shipments;
        self.orders_with_revenue += other.orders_with_revenue;
        for (sums, by) in
            [(&mut self.expected, &other.expected), (&mut self.transferred, &other.transferred)]
        {
            for (sum, by) in sums.iter_mut().zip(by).filter(|(_, by)| !by.is_zero()) {
                *sum = sum.saturating_add(*by);
            }
        }
    }
}
