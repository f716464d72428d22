//! What Shiptheory's database holds of shipments: all of them, by number and by the reference of their account.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kit::collation::Collated;
use crate::kit::mistake::Mistake;
use crate::providers::shiptheory::state::shipment::Shipment;

/// Shipments of all accounts. Shared until changed, so that forking a world costs little.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    shipments: BTreeMap<u64, Arc<Shipment>>,
    /// Account, reference, number inside.
    references: BTreeMap<u64, BTreeMap<Collated, u64>>,
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
        references.insert(Collated::new(&shipment.draft.reference), shipment.number);
        self.shipments.insert(shipment.number, Arc::new(shipment));
    }

    /// Takes a shipment away.
    pub fn remove(&mut self, number: u64) {
        let Some(shipment) = self.shipments.remove(&number) else { return };
        if let Some(references) = self.references.get_mut(&shipment.account) {
            references.remove(&Collated::new(&shipment.draft.reference));
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

    /// A shipment of an account by its reference, as the database compares it.
    pub fn find(&self, account: u64, reference: &str) -> Option<&Shipment> {
        self.get(*self.references.get(&account)?.get(&Collated::new(reference))?)
    }

    /// All shipments, in the order in which they came.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Shipment> + ExactSizeIterator {
        self.shipments.values().map(|shipment| &**shipment)
    }

    /// The shipments of an account, in the order in which they came.
    pub fn of(&self, account: u64) -> impl DoubleEndedIterator<Item = &Shipment> {
        self.all().filter(move |shipment| shipment.account == account)
    }

    /// After it was read from a document: whether every shipment is found by its reference, and nothing else is.
    ///
    /// # Errors
    /// The place, and the mistake.
    pub fn settle(&self) -> Result<(), Mistake> {
        for (number, shipment) in &self.shipments {
            let reference = &shipment.draft.reference;
            let found = self.find(shipment.account, reference).map(|found| found.number);
            if shipment.number != *number || *number > self.next {
                let problem = format!("it stands under {number}, and the last was {}", self.next);
                return Err(Mistake::new(format!("shipments.{number}.number"), problem));
            }
            if found != Some(*number) {
                let problem = format!("`{reference}` leads to another shipment or to none");
                return Err(Mistake::new(format!("shipments.{number}.draft.reference"), problem));
            }
        }
        let indexed = self.references.iter().flat_map(|(account, own)| {
            own.iter().map(move |(reference, number)| (account, reference, number))
        });
        for (account, reference, number) in indexed {
            let known = self.get(*number).is_some_and(|it| {
                it.account == *account && Collated::new(&it.draft.reference) == *reference
            });
            if !known {
                let place = format!("references.{account}.{}", reference.text());
                return Err(Mistake::new(place, format!("there is no shipment {number} of it")));
            }
        }
        Ok(())
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
