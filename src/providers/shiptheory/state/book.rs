//! What Shiptheory's database holds of shipments: all of them, by number and by the reference of their account.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::providers::shiptheory::state::shipment::Shipment;

/// Shipments of all accounts. Shared until changed, so that forking a world costs little.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    shipments: BTreeMap<u64, Arc<Shipment>>,
    /// Account, reference, number inside.
    references: BTreeMap<u64, BTreeMap<String, u64>>,
    next: u64,
}

impl Shelf {
    /// The number inside of the next shipment.
    pub fn next_number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Adds a shipment; its number and its reference must be free.
    pub fn add(&mut self, shipment: Shipment) {
        let references = self.references.entry(shipment.account).or_default();
        references.insert(shipment.draft.reference.clone(), shipment.number);
        self.shipments.insert(shipment.number, Arc::new(shipment));
    }

    /// Takes a shipment away.
    pub fn remove(&mut self, number: u64) {
        let Some(shipment) = self.shipments.remove(&number) else { return };
        if let Some(references) = self.references.get_mut(&shipment.account) {
            references.remove(&shipment.draft.reference);
        }
    }

    /// A shipment by its number inside.
    pub fn get(&self, number: u64) -> Option<&Shipment> {
        self.shipments.get(&number).map(|shipment| &**shipment)
    }

    /// A shipment by its number inside, to be changed.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut Shipment> {
        self.shipments.get_mut(&number).map(Arc::make_mut)
    }

    /// A shipment of an account by its reference.
    pub fn find(&self, account: u64, reference: &str) -> Option<&Shipment> {
        self.get(*self.references.get(&account)?.get(reference)?)
    }

    /// All shipments, in the order in which they came.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Shipment> + ExactSizeIterator {
        self.shipments.values().map(|shipment| &**shipment)
    }

    /// The shipments of an account, in the order in which they came.
    pub fn of(&self, account: u64) -> impl DoubleEndedIterator<Item = &Shipment> {
        self.all().filter(move |shipment| shipment.account == account)
    }

    /// Takes a tag from every shipment of an account.
    pub fn untag(&mut self, account: u64, tag: u64) {
        for shipment in self.shipments.values_mut() {
            if shipment.account == account && shipment.draft.tags.contains(&tag) {
                Arc::make_mut(shipment).draft.tags.remove(&tag);
            }
        }
    }
}
