//! The order in which the ledger changed: what is new or stands otherwise since some moment, without a walk over all.

use std::collections::{BTreeMap, BTreeSet};

/// Each delivery's last change, by its place among all changes and by its number. It is no part of what a ledger is:
/// not written down with it, and of two ledgers with the same deliveries the one may have come there by other ways.
#[derive(Debug, Clone, Default)]
pub(super) struct ChangeOrder {
    by_place: BTreeMap<u64, u64>,
    by_number: BTreeMap<u64, u64>,
    next: u64,
}

impl PartialEq for ChangeOrder {
    fn eq(&self, _: &ChangeOrder) -> bool {
        true
    }
}

impl Eq for ChangeOrder {}

impl ChangeOrder {
    /// The ledger says something else of a delivery now.
    pub(super) fn touch(&mut self, number: u64) {
        self.forget(number);
        self.by_number.insert(number, self.next);
        self.by_place.insert(self.next, number);
        self.next += 1;
    }

    /// The ledger has dropped it.
    pub(super) fn forget(&mut self, number: u64) {
        if let Some(place) = self.by_number.remove(&number) {
            self.by_place.remove(&place);
        }
    }

    /// The place that the next change gets.
    pub(super) fn mark(&self) -> u64 {
        self.next
    }

    /// What has changed since a mark, by number.
    pub(super) fn since(&self, mark: u64) -> BTreeSet<u64> {
        self.by_place.range(mark..).map(|(_, number)| *number).collect()
    }
}
