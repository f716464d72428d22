//! What Salla's database holds of shipments, and the order in which a store's are listed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::providers::salla::state::shipment::Shipment;
use crate::sim::chance::Chance;

/// The shipments of all stores. Shared until changed, so that forking a world costs little.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    shipments: BTreeMap<u64, Arc<Shipment>>,
    /// Store, instant, place and id of each.
    dated: BTreeSet<(u64, Timestamp, u64, u64)>,
    came: u64,
}

impl Book {
    /// A free id: nine or ten digits that tell nothing, as Salla's are.
    pub fn free_id(&self, chance: &mut Chance) -> u64 {
        loop {
            let id = chance.draw("salla/shipment id").between(100_000_000, 2_147_483_646);
            if !self.shipments.contains_key(&id) {
                return id;
            }
        }
    }

    /// The place of the next one.
    pub fn next_place(&self) -> u64 {
        self.came
    }

    /// Adds a shipment; its id must be free.
    pub fn add(&mut self, shipment: Shipment) {
        self.came = self.came.max(shipment.place.saturating_add(1));
        self.dated.insert((shipment.store, shipment.created_at, shipment.place, shipment.id));
        self.shipments.insert(shipment.id, Arc::new(shipment));
    }

    /// A shipment of any store.
    pub fn get(&self, id: u64) -> Option<&Shipment> {
        self.shipments.get(&id).map(|shipment| &**shipment)
    }

    /// The same, to be changed. Store, instant and place of a shipment never change.
    pub fn get_mut(&mut self, id: u64) -> Option<&mut Shipment> {
        self.shipments.get_mut(&id).map(Arc::make_mut)
    }

    /// A store's shipments, newest first.
    pub fn of_store(&self, store: u64) -> impl DoubleEndedIterator<Item = &Shipment> {
        let first = (store, Timestamp::MIN, 0, 0);
        let last = (store, Timestamp::MAX, u64::MAX, u64::MAX);
        self.dated.range(first..=last).rev().filter_map(|(_, _, _, id)| self.get(*id))
    }

    /// The shipments with the keys under which they stand.
    pub fn keyed(&self) -> impl Iterator<Item = (u64, &Shipment)> {
        self.shipments.iter().map(|(id, shipment)| (*id, &**shipment))
    }

    /// Whether a shipment is listed where it belongs, and nothing is that is not there.
    pub fn is_dated(&self, it: &Shipment) -> bool {
        self.dated.len() == self.shipments.len()
            && self.dated.contains(&(it.store, it.created_at, it.place, it.id))
            && it.place < self.came
    }

    /// The shipments of all stores, smallest id first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Shipment> + ExactSizeIterator {
        self.shipments.values().map(|shipment| &**shipment)
    }
}
