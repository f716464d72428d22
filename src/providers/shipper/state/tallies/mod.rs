//! What the dashboard tells of orders, as sums that follow every change: an order's part is taken off before it changes and
//! put back after.

mod days;
mod funnel;
mod groups;
mod sold;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::kit::time::business_days;
use crate::providers::shipper::machines::{ShipmentInput, ShipmentState};
use crate::providers::shipper::state::order::{Confirmation, Line, Order, Shipment};

pub use days::Days;
pub use funnel::{Funnel, Leads, Stage};
pub use groups::{Amounts, Group, Groups, Sums};
pub use sold::SoldUnits;

/// Whether a part is put in or taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    In,
    Off,
}

impl Turn {
    /// Counts so many in or off.
    fn count(self, sum: &mut u64, by: u64) {
        *sum = match self {
            Turn::In => sum.saturating_add(by),
            Turn::Off => sum.saturating_sub(by),
        };
    }

    /// Counts so many of a key in or off; what is there no more has no entry.
    fn count_of<K: Ord>(self, sums: &mut BTreeMap<K, u64>, key: K, by: u64) {
        use std::collections::btree_map::Entry;
        match (self, sums.entry(key)) {
            (_, Entry::Vacant(entry)) => drop(entry.insert(by)),
            (Turn::Off, Entry::Occupied(entry)) if *entry.get() <= by => drop(entry.remove()),
            (_, Entry::Occupied(mut entry)) => self.count(entry.get_mut(), by),
        }
    }
}

/// What some orders came to, in what concerns one product, or whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders, drafts too.
    pub orders: u64,
    /// The money of their shipments.
    pub groups: Groups,
    /// Shipments by their state, and how many of them the carrier keeps for now.
    pub states: [(u64, u64); ShipmentState::ALL.len()],
    /// Deliveries that failed, by their reasons.
    pub failures: BTreeMap<Option<Cow<'static, str>>, u64>,
    /// Deliveries by how many working days they took.
    pub speeds: BTreeMap<u32, u64>,
    /// What became of the calls, by who made them.
    pub funnels: [Funnel; Confirmation::ALL.len()],
    /// Leads that led to a delivery of the one product.
    pub converted: u64,
    /// Units of the one product.
    pub sold: SoldUnits,
}

impl Tally {
    /// Puts an order in or takes it off: all of it, or what concerns a product.
    pub fn turn(&mut self, order: &Order, product: Option<u64>, turn: Turn) {
        let covers = |lines: &[Line]| {
            product.is_none_or(|product| lines.iter().any(|line| line.product == product))
        };
        let shipments = order.shipments.iter().filter(|shipment| covers(&shipment.lines));
        if covers(&order.lines) {
            turn.count(&mut self.orders, 1);
            self.funnels[order.confirmation as usize].turn(order, turn);
            let is_delivered = product.is_some_and(|product| order.delivers(product));
            turn.count(&mut self.converted, (is_delivered && order.contact.is_some()).into());
        }
        self.groups.turn(shipments.clone(), turn);
        for shipment in shipments.clone() {
            let (count, on_hold) = &mut self.states[shipment.life.state() as usize];
            turn.count(count, 1);
            turn.count(on_hold, shipment.on_hold.into());
            if Group::holding(shipment) == Some(Group::FailedDelivery) {
                turn.count_of(&mut self.failures, shipment.failure.clone().flatten(), 1);
            }
            if let Some(days) = speed(shipment) {
                turn.count_of(&mut self.speeds, days, 1);
            }
        }
        if let Some(product) = product {
            self.sold.turn(shipments, product, turn);
        }
    }

    /// Puts all of another in.
    pub fn merge(&mut self, other: &Tally) {
        self.orders += other.orders;
        self.converted += other.converted;
        self.groups.merge(&other.groups);
        for (sum, by) in self.states.iter_mut().zip(&other.states) {
            *sum = (sum.0 + by.0, sum.1 + by.1);
        }
        for (reason, by) in &other.failures {
            Turn::In.count_of(&mut self.failures, reason.clone(), *by);
        }
        for (days, by) in &other.speeds {
            Turn::In.count_of(&mut self.speeds, *days, *by);
        }
        for (sum, by) in self.funnels.iter_mut().zip(&other.funnels) {
            sum.merge(by);
        }
        self.sold.merge(&other.sold);
    }

    /// The calls, whoever made them.
    pub fn leads(&self) -> Leads {
        self.funnels.iter().fold(Leads::default(), |mut all, funnel| {
            all.merge(&funnel.leads);
            all
        })
    }

    /// Whether there is a lead or a shipment.
    pub fn has_row(&self) -> bool {
        self.states.iter().any(|(count, _)| *count > 0) || self.leads().total() > 0
    }
}

/// How many working days a delivery took, from hand-over to hand-over.
fn speed(shipment: &Shipment) -> Option<u32> {
    use ShipmentInput::{Deliver, DeliverPartly, Ship};
    let passage = |inputs: &[ShipmentInput]| {
        let found = shipment.life.history().iter().find(|passage| inputs.contains(&passage.on));
        found.map(|passage| passage.at)
    };
    let delivered = passage(&[Deliver, DeliverPartly])?;
    Some(business_days(passage(&[Ship])?, delivered))
}

/// The products an order has, each once.
fn products(order: &Order) -> impl Iterator<Item = u64> {
    let lines = || order.lines.iter().chain(order.shipments.iter().flat_map(|it| &it.lines));
    let is_first = move |(place, line): &(usize, &Line)| {
        lines().take(*place).all(|earlier| earlier.product != line.product)
    };
    lines().enumerate().filter(is_first).map(|(_, line)| line.product)
}
