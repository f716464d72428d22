//! What Shiplee's database holds: orders, reverse orders and parcels of all sellers, and the numbers they get.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::providers::shiplee::state::order::{Order, ReverseOrder, Shipment};

/// The first free number of each kind, in a world where nothing is yet: those of the documentation.
pub const FIRST_ORDER: u64 = 484_900;
/// The first reverse order's.
pub const FIRST_REVERSE: u64 = 1_042;
/// The first forward booking's.
pub const FIRST_BOOKING: u64 = 54_321;

/// Orders, reverse orders and parcels. Shared until changed, so that forking a world costs little.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    orders: BTreeMap<u64, Arc<Order>>,
    reverse: BTreeMap<u64, Arc<ReverseOrder>>,
    /// In the order of booking; a parcel's place is its number inside.
    shipments: Vec<Arc<Shipment>>,
    by_awb: BTreeMap<String, u64>,
    reverse_numbers: BTreeSet<String>,
    next_order: u64,
    next_reverse: u64,
    next_booking: u64,
}

impl Default for Book {
    fn default() -> Self {
        Book {
            orders: BTreeMap::new(),
            reverse: BTreeMap::new(),
            shipments: Vec::new(),
            by_awb: BTreeMap::new(),
            reverse_numbers: BTreeSet::new(),
            next_order: FIRST_ORDER,
            next_reverse: FIRST_REVERSE,
            next_booking: FIRST_BOOKING,
        }
    }
}

impl Book {
    /// Before a history of so many orders: it fills the numbers below those of the documentation.
    pub fn reserve(&mut self, history: u64) {
        self.next_order = FIRST_ORDER.saturating_sub(history).max(1);
        self.next_reverse = FIRST_REVERSE.saturating_sub(history.min(FIRST_REVERSE / 2));
        self.next_booking = FIRST_BOOKING.saturating_sub(history.min(FIRST_BOOKING / 2));
    }

    /// After the history: numbers go on behind those of the documentation, and behind all that is there.
    pub fn seal(&mut self) {
        let pins = || self.orders.values().map(|order| &order.pins);
        let behind = |last: Option<u64>| last.map_or(0, |last| last.saturating_add(1));
        let order = behind(self.orders.keys().next_back().copied()).max(FIRST_ORDER);
        let pinned = behind(pins().filter_map(|pins| pins.reverse_id).max());
        let reverse = behind(self.reverse.keys().next_back().copied()).max(FIRST_REVERSE);
        let printed = |id: &String| id.strip_prefix("SHPL-").and_then(|number| number.parse().ok());
        let booked = pins().filter_map(|pins| pins.shipment_id.as_ref()).filter_map(printed).max();
        self.next_booking = self.next_booking.max(FIRST_BOOKING).max(behind(booked));
        self.next_order = order;
        self.next_reverse = reverse.max(pinned);
    }

    /// Ends the journeys that lead to a cancellation: paying back would move a wallet nobody touched.
    pub fn stop_before_cancel(&mut self) {
        let leads_there = |shipment: &Shipment| {
            shipment
                .itinerary
                .as_ref()
                .is_some_and(|it| it.stops().iter().any(|stop| stop.on == "cancel"))
        };
        for shipment in self.shipments.iter_mut().filter(|shipment| leads_there(shipment)) {
            Arc::make_mut(shipment).itinerary = None;
        }
    }

    /// The number of the next order.
    pub fn order_number(&mut self) -> u64 {
        while self.orders.contains_key(&self.next_order) {
            self.next_order += 1;
        }
        self.next_order
    }

    /// The number of the next reverse order, after those that are promised.
    pub fn reverse_number(&mut self) -> u64 {
        while self.reverse.contains_key(&self.next_reverse) {
            self.next_reverse += 1;
        }
        self.next_reverse
    }

    /// The number of the next forward booking.
    pub fn booking_number(&mut self) -> u64 {
        self.next_booking += 1;
        self.next_booking - 1
    }

    /// Adds an order; its number must be free.
    pub fn add_order(&mut self, order: Order) {
        self.orders.insert(order.id, Arc::new(order));
    }

    /// Adds a reverse order; its number must be free.
    pub fn add_reverse(&mut self, order: ReverseOrder) {
        self.reverse_numbers.insert(order.number.clone());
        self.reverse.insert(order.id, Arc::new(order));
    }

    /// Adds a parcel; its waybill must be free. Its number inside.
    pub fn add_shipment(&mut self, shipment: Shipment) -> u64 {
        let number = self.shipments.len() as u64;
        self.by_awb.insert(shipment.awb.clone(), number);
        self.shipments.push(Arc::new(shipment));
        number
    }

    /// An order.
    pub fn order(&self, id: u64) -> Option<&Order> {
        self.orders.get(&id).map(|order| &**order)
    }

    /// An order, to be changed.
    pub fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.get_mut(&id).map(Arc::make_mut)
    }

    /// A reverse order.
    pub fn reverse(&self, id: u64) -> Option<&ReverseOrder> {
        self.reverse.get(&id).map(|order| &**order)
    }

    /// A reverse order, to be changed.
    pub fn reverse_mut(&mut self, id: u64) -> Option<&mut ReverseOrder> {
        self.reverse.get_mut(&id).map(Arc::make_mut)
    }

    /// Whether a printed number of a reverse order is taken.
    pub fn has_reverse_number(&self, number: &str) -> bool {
        self.reverse_numbers.contains(number)
    }

    /// The number inside of a waybill.
    pub fn number_of(&self, awb: &str) -> Option<u64> {
        self.by_awb.get(awb).copied()
    }

    /// A parcel by its number inside.
    pub fn shipment(&self, number: u64) -> Option<&Shipment> {
        self.shipments.get(usize::try_from(number).ok()?).map(|shipment| &**shipment)
    }

    /// A parcel by its number inside, to be changed.
    pub fn shipment_mut(&mut self, number: u64) -> Option<&mut Shipment> {
        self.shipments.get_mut(usize::try_from(number).ok()?).map(Arc::make_mut)
    }

    /// The numbers that come next, by the names of their counters.
    pub fn counters(&self) -> [(&'static str, u64); 3] {
        [
            ("next_order", self.next_order),
            ("next_reverse", self.next_reverse),
            ("next_booking", self.next_booking),
        ]
    }

    /// The orders with the keys under which they stand.
    pub fn keyed_orders(&self) -> impl Iterator<Item = (u64, &Order)> {
        self.orders.iter().map(|(id, order)| (*id, &**order))
    }

    /// The reverse orders with the keys under which they stand.
    pub fn keyed_reverse_orders(&self) -> impl Iterator<Item = (u64, &ReverseOrder)> {
        self.reverse.iter().map(|(id, order)| (*id, &**order))
    }

    /// How many waybills lead to a parcel.
    pub fn waybills(&self) -> usize {
        self.by_awb.len()
    }

    /// The orders, smallest number first.
    pub fn orders(&self) -> impl DoubleEndedIterator<Item = &Order> + ExactSizeIterator {
        self.orders.values().map(|order| &**order)
    }

    /// The reverse orders, smallest number first.
    pub fn reverse_orders(
        &self,
    ) -> impl DoubleEndedIterator<Item = &ReverseOrder> + ExactSizeIterator {
        self.reverse.values().map(|order| &**order)
    }

    /// The parcels, in the order of booking.
    pub fn shipments(&self) -> impl DoubleEndedIterator<Item = &Shipment> + ExactSizeIterator {
        self.shipments.iter().map(|shipment| &**shipment)
    }
}
