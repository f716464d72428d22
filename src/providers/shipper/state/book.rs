//! The orders of one organization, with the look-ups that keep pages quick.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::providers::shipper::machines::ShipmentState;
use crate::providers::shipper::state::columns::{Columns, is_number};
use crate::providers::shipper::state::order::Order;
use crate::providers::shipper::state::places::Places;
use crate::providers::shipper::state::tallies::{Days, Tally, Turn};
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
    /// Whether an order was created after one with a larger id, as those of a recorded past may be.
    #[serde(skip)]
    has_jumps: bool,
    #[serde(skip)]
    by_state: [Places; ShipmentState::ALL.len()],
    #[serde(skip)]
    shipments: ByShipment,
    #[serde(skip)]
    texts: Columns,
    #[serde(skip)]
    days: Days,
}

/// Which order has which shipment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct ByShipment {
    /// Some bits of the UUID of each order's first shipment, beside the orders: only the control API asks, so four
    /// bytes an order that are looked through do better than a tree.
    first: Vec<u32>,
    /// The orders of all other shipments.
    further: BTreeMap<Uuid, u64>,
}

impl ByShipment {
    fn mark(uuid: Uuid) -> u32 {
        uuid.as_u128() as u32
    }

    /// Writes the shipments of the order at a place down.
    fn set(&mut self, place: usize, order: &Order) {
        let [first, further @ ..] = order.shipments.as_slice() else { return };
        self.first[place] = ByShipment::mark(first.uuid);
        self.further.extend(further.iter().map(|shipment| (shipment.uuid, order.id)));
    }
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
        for (place, order) in written.orders.iter().enumerate() {
            book.enter(place, order);
        }
        book.orders = written.orders;
        book
    }
}

/// The states an order's shipments are in, a bit each.
fn states(order: &Order) -> u16 {
    const { assert!(ShipmentState::ALL.len() <= u16::BITS as usize) };
    order.shipments.iter().fold(0, |states, it| states | 1 << it.life.state() as u16)
}

impl Book {
    /// The id the next order gets: one that is free.
    pub fn next_id(&self) -> u64 {
        let first = self.next.max(1);
        match self.orders.last() {
            Some(last) if last.id >= first => {
                (first..).find(|id| self.place(*id).is_err()).unwrap_or(first)
            }
            _ => first,
        }
    }

    /// From now on ids are larger than any that is there. Before, a history fills the ids below the pinned ones.
    pub fn seal(&mut self) {
        self.next = self.orders.last().map_or(1, |order| order.id.saturating_add(1));
    }

    /// Adds an order; its id must be free.
    pub fn add(&mut self, order: Order) {
        let (Ok(place) | Err(place)) = self.place(order.id);
        self.enter(place, &order);
        let id = order.id;
        self.orders.insert(place, Arc::new(order));
        if id == self.next.max(1) {
            // Past those that are there already, once: whoever asks for the next id need not pass them again.
            self.next = id.saturating_add(1);
            for order in &self.orders[place + 1..] {
                if order.id != self.next {
                    break;
                }
                self.next = order.id.saturating_add(1);
            }
        }
    }

    /// Writes an order down in the look-ups, before the one that stands at a place now.
    fn enter(&mut self, place: usize, order: &Order) {
        self.created.insert(place, order.created_at);
        let around = self.created.get(place.saturating_sub(1)..self.created.len().min(place + 2));
        self.has_jumps |= around.is_some_and(|around| !around.is_sorted());
        self.texts.insert(place, &order.address.recipient());
        self.days.enter(order.created_at, order);
        let states = states(order);
        for (state, places) in self.by_state.iter_mut().enumerate() {
            places.insert(place, states & (1 << state) != 0);
        }
        self.shipments.first.insert(place, 0);
        self.shipments.set(place, order);
    }

    /// Where the order of an id stands, or else where it would. Ids without a gap before them or behind them, which are
    /// nearly all, are found without a search.
    fn place(&self, id: u64) -> Result<usize, usize> {
        let (Some(last), count) = (self.orders.last(), self.orders.len()) else { return Err(0) };
        let Some(behind) = last.id.checked_sub(id) else { return Err(count) };
        let from_the_end = usize::try_from(behind).ok().and_then(|it| (count - 1).checked_sub(it));
        let from_the_start = id.checked_sub(1).and_then(|it| usize::try_from(it).ok());
        let is_there = |guess: &usize| self.orders.get(*guess).is_some_and(|it| it.id == id);
        match [from_the_end, from_the_start].into_iter().flatten().find(is_there) {
            Some(place) => Ok(place),
            None => self.orders.binary_search_by_key(&id, |order| order.id),
        }
    }

    /// An order by its id.
    pub fn get(&self, id: u64) -> Option<&Order> {
        self.orders.get(self.place(id).ok()?).map(|order| &**order)
    }

    /// What is still before an order; no look-up depends on it.
    pub fn itinerary_mut(&mut self, id: u64) -> Option<&mut Option<Itinerary>> {
        let place = self.place(id).ok()?;
        self.orders.get_mut(place).map(|order| &mut Arc::make_mut(order).itinerary)
    }

    /// Changes an order and keeps the look-ups right.
    pub fn update<R>(&mut self, id: u64, change: impl FnOnce(&mut Order) -> R) -> Option<R> {
        let place = self.place(id).ok()?;
        let order = Arc::make_mut(self.orders.get_mut(place)?);
        let (before, shipments) = (states(order), order.shipments.len());
        let address = order.address.clone();
        let created = self.created[place];
        let follows = self.days.follow(created);
        if follows {
            self.days.turn(created, order, Turn::Off);
        }
        let result = change(order);
        if follows {
            self.days.turn(created, order, Turn::In);
        }
        let after = states(order);
        if before != after {
            for (state, places) in self.by_state.iter_mut().enumerate() {
                places.set(place, after & (1 << state) != 0);
            }
        }
        if order.shipments.len() != shipments {
            self.shipments.set(place, order);
        }
        if !order.address.is(&address) {
            self.texts.set(place, &order.address.recipient());
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

    /// Whether the order of ids is not that of creation times.
    pub fn has_jumps(&self) -> bool {
        self.has_jumps
    }

    /// The orders that have a text, as the database compares it, in their id, their customer's name or telephone numbers, with when they
    /// were created, oldest id first.
    pub fn having(
        &self,
        text: &str,
    ) -> impl DoubleEndedIterator<Item = (Timestamp, &Arc<Order>)> + use<'_> {
        let mut places = self.texts.having(text);
        let id = text.parse().ok().filter(|_| is_number(text));
        if let Some(place) = id.and_then(|id| self.place(id).ok())
            && let Err(at) = places.binary_search(&place)
        {
            places.insert(at, place);
        }
        places.into_iter().map(|place| (self.created[place], &self.orders[place]))
    }

    /// Whether questions about a time go through many orders that could be summed up.
    pub fn lacks_sums(&self, within: &RangeInclusive<Timestamp>) -> bool {
        self.days.lacks_sums(self.orders.len(), within)
    }

    /// Sums up what questions about a time ask for; from then on it follows every change.
    pub fn sum_up(&mut self, within: &RangeInclusive<Timestamp>) {
        self.days.sum_up((&self.created, &self.orders), within);
    }

    /// What the orders created within a time came to, whole or in what concerns one product.
    pub fn tally(&self, within: &RangeInclusive<Timestamp>, product: Option<u64>) -> Tally {
        self.days.tally((&self.created, &self.orders), within, product)
    }

    /// The same for each of their products, or the one that is asked for, that has a lead or a shipment.
    pub fn by_product(
        &self,
        within: &RangeInclusive<Timestamp>,
        product: Option<u64>,
    ) -> BTreeMap<u64, Box<Tally>> {
        self.days.by_product((&self.created, &self.orders), within, product)
    }

    /// How many orders have a shipment in a state.
    pub fn count_in_state(&self, state: ShipmentState) -> usize {
        self.by_state[state as usize].len()
    }

    /// The orders that have a shipment in a state with when they were created, largest id first.
    pub fn in_state(&self, state: ShipmentState) -> impl Iterator<Item = (Timestamp, &Arc<Order>)> {
        let places = self.by_state[state as usize].descending();
        places.map(|place| (self.created[place], &self.orders[place]))
    }

    /// The order that has a shipment.
    pub fn of_shipment(&self, uuid: Uuid) -> Option<&Order> {
        let has = |order: &&Order| order.shipments.iter().any(|shipment| shipment.uuid == uuid);
        let ByShipment { first, further } = &self.shipments;
        let mark = ByShipment::mark(uuid);
        let marked = first.iter().zip(&self.orders).filter(|(known, _)| **known == mark);
        let further = || self.get(*further.get(&uuid)?);
        marked.map(|(_, order)| &**order).find(has).or_else(further)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::Book;
    use crate::providers::shipper::state::order::tests::order;

    proptest! {
        #[test]
        fn an_order_is_found_wherever_the_ids_have_their_gaps(
            pinned in prop::collection::btree_set(1_u64..60, 0..12),
            before in 0_usize..40,
            after in 0_usize..20,
        ) {
            let mut book = Book::default();
            let mut known = BTreeMap::new();
            let mut add = |book: &mut Book, id: u64| {
                let order = order(id);
                known.insert(order.shipments[0].uuid, id);
                book.add(order);
            };
            pinned.iter().for_each(|id| add(&mut book, *id));
            for _ in 0..before {
                let next = book.next_id();
                prop_assert!(book.get(next).is_none() && (1..next).all(|id| book.get(id).is_some()));
                add(&mut book, next);
            }
            book.seal();
            for _ in 0..after {
                let (next, last) = (book.next_id(), book.iter().next_back().map_or(0, |it| it.id));
                prop_assert_eq!(next, last + 1);
                add(&mut book, next);
            }
            prop_assert!(book.iter().is_sorted_by_key(|order| order.id));
            prop_assert_eq!(book.len(), known.len());
            for (uuid, id) in known {
                prop_assert_eq!(book.get(id).map(|order| order.id), Some(id));
                prop_assert_eq!(book.of_shipment(uuid).map(|order| order.id), Some(id));
            }
        }
    }
}
