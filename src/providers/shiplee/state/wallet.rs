//! A seller's wallet: a ledger of entries whose sum is the balance, always.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::frameworks::php::json_encode::Number;
use crate::words;

/// The most an amount may be that somebody names: sums of them must fit.
pub const MOST: i64 = 1_000_000_000_000;
/// The amount below which nothing can be booked: documentation, "Create Shipment".
pub const LEAST_BALANCE: i64 = 500;

words! {
    /// Why money moved.
    pub enum EntryKind {
        /// The seller put money in.
        Recharge = "recharge",
        /// A parcel was booked.
        Charge = "charge",
        /// A parcel was cancelled before it was picked up.
        Refund = "refund",
        /// A parcel came back to its origin.
        ReturnCharge = "return_charge",
        /// An operator set the balance.
        Adjustment = "adjustment",
    }
}

/// One movement of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Timestamp,
    /// Why.
    pub kind: EntryKind,
    /// How much; below zero when it left the wallet.
    pub amount: Number,
    /// What is in the wallet afterwards.
    pub balance: Number,
    /// The waybill it is about, if it is about one.
    pub awb: Option<String>,
}

/// A wallet. Nothing is in it that no entry put there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    entries: Vec<Entry>,
}

impl Wallet {
    /// What is in it; below zero when a booking cost more than was there.
    pub fn balance(&self) -> Decimal {
        self.entries.last().map_or(Decimal::ZERO, |entry| entry.balance.0)
    }

    /// Its entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The first entry whose balance is not the one before it and its amount, in a wallet that was read.
    pub fn first_wrong(&self) -> Option<usize> {
        let mut balance = Decimal::ZERO;
        self.entries.iter().position(|entry| {
            let sum = balance.saturating_add(entry.amount.0);
            balance = entry.balance.0;
            balance != sum
        })
    }

    /// Moves money.
    pub fn enter(&mut self, at: Timestamp, kind: EntryKind, amount: Decimal, awb: Option<&str>) {
        let balance = self.balance().saturating_add(amount);
        let (amount, balance) = (Number(balance - self.balance()), Number(balance));
        self.entries.push(Entry { at, kind, amount, balance, awb: awb.map(str::to_owned) });
    }

    /// Moves as much as it takes to hold an amount afterwards.
    pub fn set(&mut self, at: Timestamp, kind: EntryKind, amount: Decimal) {
        let missing = amount.saturating_sub(self.balance());
        if !missing.is_zero() {
            self.enter(at, kind, missing, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{EntryKind, Wallet};

    proptest! {
        #[test]
        fn the_balance_is_the_sum_of_the_entries(
            steps in proptest::collection::vec((any::<bool>(), -9_000_000_i64..9_000_000), 0..40),
        ) {
            let mut wallet = Wallet::default();
            for (sets, cents) in steps {
                let amount = Decimal::new(cents, 2);
                if sets {
                    wallet.set(Timestamp::UNIX_EPOCH, EntryKind::Adjustment, amount);
                    prop_assert_eq!(wallet.balance(), amount);
                } else {
                    let before = wallet.balance();
                    wallet.enter(Timestamp::UNIX_EPOCH, EntryKind::Charge, amount, Some("1"));
                    prop_assert_eq!(wallet.balance(), before + amount);
                }
                let sum: Decimal = wallet.entries().iter().map(|entry| entry.amount.0).sum();
                prop_assert_eq!(wallet.balance(), sum);
            }
        }
    }

    #[test]
    fn an_absurd_amount_overflows_nothing() {
        let mut wallet = Wallet::default();
        wallet.enter(Timestamp::UNIX_EPOCH, EntryKind::Recharge, Decimal::MAX, None);
        wallet.enter(Timestamp::UNIX_EPOCH, EntryKind::Recharge, Decimal::MAX, None);
        assert_eq!(wallet.balance(), Decimal::MAX);
        assert!(wallet.entries()[1].amount.0.is_zero());
    }
}
