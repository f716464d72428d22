//! The orders of one organization, with the look-ups that keep pages quick.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::providers::shipper::machines::ShipmentState;
use crate::providers::shipper::state::order::Order;
use crate::sim::journey::plan::Itinerary;

/// Orders in the order of their ids. Shared until changed, so that forking a world costs little.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Book {
    orders: Vec<Arc<Order>>,
    /// The id of the next order.
    next: u64,
    /// When each order was created, beside it: filters by date need nothing else.
    #[serde(skip)]
    created: Vec<Timestamp>,
    #[serde(skip)]
    by_state: BTreeMap<ShipmentState, BTreeSet<u64>>,
    #[serde(skip)]
    by_shipment: BTreeMap<Uuid, u64>,
}

/// A book as it is written down: the look-ups follow from the orders.
#[derive(Deserialize)]
struct Written {
    orders: Vec<Arc<Order>>,
    next: u64,
}

impl From<Written> for Book {
    fn from(written: Written) -> Self {
        let mut book = Book { next: written.next, ..Book::default() };
        book.created = written.orders.iter().map(|order| order.created_at).collect();
        for order in &written.orders {
            book.enter(order);
        }
        book.orders = written.orders;
        book
    }
}

/// The states an order's shipments are in, each once.
fn states(order: &Order) -> BTreeSet<ShipmentState> {
    order.shipments.iter().map(|shipment| shipment.life.state()).collect()
}

impl Book {
    /// The id the next order gets: one that is free.
    pub fn next_id(&self) -> u64 {
        let first = self.next.max(1);
        (first..).find(|id| self.place(*id).is_none()).unwrap_or(first)
    }

    /// From now on ids are larger than any that is there. Before, a history fills the ids below the pinned ones.
    pub fn seal(&mut self) {
        self.next = self.orders.last().map_or(1, |order| order.id.saturating_add(1));
    }

    /// Adds an order; its id must be free.
    pub fn add(&mut self, order: Order) {
        let place = self.orders.partition_point(|other| other.id < order.id);
        if order.id == self.next.max(1) {
            self.next = order.id.saturating_add(1);
        }
        self.enter(&order);
        self.created.insert(place, order.created_at);
        self.orders.insert(place, Arc::new(order));
    }

    fn enter(&mut self, order: &Order) {
        for state in states(order) {
            self.by_state.entry(state).or_default().insert(order.id);
        }
        for shipment in &order.shipments {
            self.by_shipment.insert(shipment.uuid, order.id);
        }
    }

    fn place(&self, id: u64) -> Option<usize> {
        // Ids are dense but for the pinned ones, so the place is usually the id itself.
        let guess = usize::try_from(id.checked_sub(1)?).ok()?;
        if self.orders.get(guess).is_some_and(|order| order.id == id) {
            return Some(guess);
        }
        self.orders.binary_search_by_key(&id, |order| order.id).ok()
    }

    /// An order by its id.
    pub fn get(&self, id: u64) -> Option<&Order> {
        self.orders.get(self.place(id)?).map(|order| &**order)
    }

    /// What is still before an order; no look-up depends on it.
    pub fn itinerary_mut(&mut self, id: u64) -> Option<&mut Option<Itinerary>> {
        let place = self.place(id)?;
        self.orders.get_mut(place).map(|order| &mut Arc::make_mut(order).itinerary)
    }

    /// Changes an order and keeps the look-ups right.
    pub fn update<R>(&mut self, id: u64, change: impl FnOnce(&mut Order) -> R) -> Option<R> {
        let place = self.place(id)?;
        let order = Arc::make_mut(self.orders.get_mut(place)?);
        let before = states(order);
        let result = change(order);
        let after = states(order);
        for state in before.difference(&after) {
            if let Some(ids) = self.by_state.get_mut(state) {
                ids.remove(&id);
            }
        }
        for state in after.difference(&before) {
            self.by_state.entry(*state).or_default().insert(id);
        }
        for shipment in &order.shipments {
            self.by_shipment.entry(shipment.uuid).or_insert(id);
        }
        Some(result)
    }

    /// The orders, oldest id first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Order> + ExactSizeIterator {
        self.orders.iter().map(|order| &**order)
    }

    /// The orders with when they were created, oldest id first; an order is looked at only when it is asked for.
    pub fn dated(
        &self,
    ) -> impl DoubleEndedIterator<Item = (Timestamp, &Arc<Order>)> + ExactSizeIterator {
        self.created.iter().copied().zip(&self.orders)
    }

    /// The ids of the orders that have a shipment in a state, smallest first.
    pub fn in_state(&self, state: ShipmentState) -> Option<&BTreeSet<u64>> {
        self.by_state.get(&state)
    }

    /// The order that has a shipment.
    pub fn of_shipment(&self, uuid: Uuid) -> Option<&Order> {
        self.get(*self.by_shipment.get(&uuid)?)
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.orders.len()
    }

    /// Whether there is none.
    #[cfg_attr(surface_only, expect(dead_code, reason = "`len` asks for it"))]
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty()
    }
}
