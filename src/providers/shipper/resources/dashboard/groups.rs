//! The four groups of shipments and their money: documentation, "Dashboard: overview", `StatusGroup`.
//!
//! Inferred: which states make up a group, and that cancelled shipments are in none. Whatever is not cancelled
//! counts as money: transferred once it was paid out, expected before.

use rust_decimal::Decimal;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::providers::shipper::data::geography::Currency;
use crate::providers::shipper::machines::ShipmentState;
use crate::providers::shipper::state::order::{Shipment, TransactionKind, TransactionState};
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

/// The four groups, summed up as shipments come.
#[derive(Debug, Clone, Default)]
pub struct Groups([Sums; Group::ALL.len()]);

impl Groups {
    /// Adds a shipment of an order. All shipments of one order must come in a row.
    pub fn add(&mut self, order: u64, shipment: &Shipment) {
        if let Some(group) = Group::holding(shipment) {
            self.0[group as usize].add(order, shipment);
        }
    }

    /// The groups as they are printed.
    pub fn print(&self, currency: &'static Currency) -> Printed {
        let group = |group: Group| self.0[group as usize].print(group, currency);
        Printed {
            shipments_pending: group(Group::Pending),
            shipments_delivered_paid: group(Group::DeliveredPaid),
            shipments_delivered_non_paid: group(Group::DeliveredNonPaid),
            shipments_failed_delivery: group(Group::FailedDelivery),
        }
    }
}

/// Amounts by what they are for; the first is revenue, the others are the expenses.
type Amounts = [Decimal; TransactionKind::ALL.len()];

/// One group, summed up.
#[derive(Debug, Clone, Default)]
struct Sums {
    shipments: u64,
    orders_with_revenue: u64,
    /// The last order that brought revenue: one with several shipments counts once.
    last_with_revenue: Option<u64>,
    expected: Amounts,
    transferred: Amounts,
}

impl Sums {
    fn add(&mut self, order: u64, shipment: &Shipment) {
        self.shipments += 1;
        for transaction in &shipment.transactions {
            let amounts = match transaction.state {
                TransactionState::Canceled => continue,
                TransactionState::Transferred => &mut self.transferred,
                TransactionState::Pending
                | TransactionState::UnderReview
                | TransactionState::Successful => &mut self.expected,
            };
            let sum = &mut amounts[transaction.kind as usize];
            *sum = sum.saturating_add(transaction.amount);
            let earns = transaction.kind == TransactionKind::Revenue
                && !transaction.amount.is_zero()
                && self.last_with_revenue != Some(order);
            if earns {
                self.last_with_revenue = Some(order);
                self.orders_with_revenue += 1;
            }
        }
    }

    fn print(&self, status: Group, currency: &'static Currency) -> StatusGroup {
        let both: Amounts =
            std::array::from_fn(|kind| self.expected[kind].saturating_add(self.transferred[kind]));
        let money = |amount: Decimal| [Money { amount: Amount(amount), currency: currency.into() }];
        let revenue = |amounts: &Amounts| amounts[TransactionKind::Revenue as usize];
        StatusGroup {
            status,
            count: self.shipments,
            orders_with_revenue_count: self.orders_with_revenue,
            revenue: money(revenue(&both)),
            revenue_expected: money(revenue(&self.expected)),
            revenue_transferred: money(revenue(&self.transferred)),
            expenses: money(expenses(&both)),
            expenses_transferred: money(expenses(&self.transferred)),
            expenses_expected: money(expenses(&self.expected)),
            net_profits: money(revenue(&both).saturating_sub(expenses(&both))),
            expenses_breakdown: Breakdown(TransactionKind::expenses(), both.map(money)),
            expenses_breakdown_transferred: Breakdown(
                TransactionKind::expenses(),
                self.transferred.map(money),
            ),
        }
    }
}

fn expenses(amounts: &Amounts) -> Decimal {
    let kinds = TransactionKind::expenses().iter();
    kinds.fold(Decimal::ZERO, |sum, kind| sum.saturating_add(amounts[*kind as usize]))
}

/// The four groups as members of a larger object.
#[derive(Debug, serde::Serialize)]
pub struct Printed {
    shipments_pending: StatusGroup,
    shipments_delivered_paid: StatusGroup,
    shipments_delivered_non_paid: StatusGroup,
    shipments_failed_delivery: StatusGroup,
}

#[derive(Debug, serde::Serialize)]
struct StatusGroup {
    status: Group,
    count: u64,
    orders_with_revenue_count: u64,
    revenue: [Money; 1],
    revenue_expected: [Money; 1],
    revenue_transferred: [Money; 1],
    expenses: [Money; 1],
    expenses_transferred: [Money; 1],
    expenses_expected: [Money; 1],
    net_profits: [Money; 1],
    expenses_breakdown: Breakdown,
    expenses_breakdown_transferred: Breakdown,
}

/// Amounts under the names of the expenses.
#[derive(Debug)]
struct Breakdown(&'static [TransactionKind], [[Money; 1]; TransactionKind::ALL.len()]);

impl Serialize for Breakdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.0.len()))?;
        for kind in self.0 {
            members.serialize_entry(kind.word(), &self.1[*kind as usize])?;
        }
        members.end()
    }
}

/// An amount in the organization's currency; the documentation wraps each in a list of one.
#[derive(Debug, Clone, Copy, serde::Serialize)]
struct Money {
    amount: Amount,
    currency: Coin,
}

#[derive(Debug, Clone, Copy, serde::Serialize)]
struct Coin {
    id: &'static str,
    #[serde(rename = "ISO_4217")]
    iso: &'static str,
    symbol: &'static str,
    decimals: u8,
}

impl From<&'static Currency> for Coin {
    fn from(currency: &'static Currency) -> Self {
        let Currency { id, iso, symbol, decimals } = *currency;
        Coin { id, iso, symbol, decimals }
    }
}

/// A decimal as text with two digits after the point, more only when they are needed: the documentation prints
/// `9750.00` for a currency of three decimals.
#[derive(Debug, Clone, Copy)]
struct Amount(Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut amount = self.0.normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        serializer.collect_str(&amount)
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::Amount;

    #[test]
    fn amounts_have_two_digits_after_the_point_or_as_many_as_they_need() {
        for (amount, printed) in [
            ("0", "0.00"),
            ("-0.0", "0.00"),
            ("9750", "9750.00"),
            ("9750.5", "9750.50"),
            ("-12.3400", "-12.34"),
            ("0.125", "0.125"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
        ] {
            let amount: Decimal = amount.parse().unwrap();
            assert_eq!(serde_json::to_value(Amount(amount)).unwrap(), printed);
        }
    }
}
