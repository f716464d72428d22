//! The four groups of shipments and their money as they are printed: documentation, "Dashboard: overview", `StatusGroup`.

use rust_decimal::Decimal;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::providers::shipper::data::geography::Currency;
use crate::providers::shipper::state::order::TransactionKind;
use crate::providers::shipper::state::tallies::{Amounts, Group, Groups, Sums};

/// The four groups as members of a larger object.
#[derive(Debug, serde::Serialize)]
pub struct Printed {
    shipments_pending: StatusGroup,
    shipments_delivered_paid: StatusGroup,
    shipments_delivered_non_paid: StatusGroup,
    shipments_failed_delivery: StatusGroup,
}

impl Printed {
    /// The groups in an organization's currency.
    pub fn new(groups: &Groups, currency: &'static Currency) -> Printed {
        let group = |group: Group| StatusGroup::new(groups.of(group), group, currency);
        Printed {
            shipments_pending: group(Group::Pending),
            shipments_delivered_paid: group(Group::DeliveredPaid),
            shipments_delivered_non_paid: group(Group::DeliveredNonPaid),
            shipments_failed_delivery: group(Group::FailedDelivery),
        }
    }
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

impl StatusGroup {
    fn new(sums: &Sums, status: Group, currency: &'static Currency) -> StatusGroup {
        let both: Amounts =
            std::array::from_fn(|kind| sums.expected[kind].saturating_add(sums.transferred[kind]));
        let money = |amount: Decimal| [Money { amount: Amount(amount), currency: currency.into() }];
        let revenue = |amounts: &Amounts| amounts[TransactionKind::Revenue as usize];
        StatusGroup {
            status,
            count: sums.shipments,
            orders_with_revenue_count: sums.orders_with_revenue,
            revenue: money(revenue(&both)),
            revenue_expected: money(revenue(&sums.expected)),
            revenue_transferred: money(revenue(&sums.transferred)),
            expenses: money(expenses(&both)),
            expenses_transferred: money(expenses(&sums.transferred)),
            expenses_expected: money(expenses(&sums.expected)),
            net_profits: money(revenue(&both).saturating_sub(expenses(&both))),
            expenses_breakdown: Breakdown(TransactionKind::expenses(), both.map(money)),
            expenses_breakdown_transferred: Breakdown(
                TransactionKind::expenses(),
                sums.transferred.map(money),
            ),
        }
    }
}

fn expenses(amounts: &Amounts) -> Decimal {
    let kinds = TransactionKind::expenses().iter();
    kinds.fold(Decimal::ZERO, |sum, kind| sum.saturating_add(amounts[*kind as usize]))
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
