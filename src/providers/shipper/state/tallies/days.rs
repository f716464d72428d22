//! Tallies by the day on which orders were created, and by product: a question sums up whole days and looks only at the
//! orders of the days that it cuts.
//!
//! A day is summed up when somebody first asks for it, and followed from then on: a world whose dashboard nobody reads
//! pays nothing, neither when its history is lived through nor for a fork.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::Timestamp;

use crate::providers::shipper::state::order::Order;
use crate::providers::shipper::state::tallies::{Tally, Turn, products};

/// Looking at fewer orders than this costs less than their sums take up. The worlds of tests are small.
const LEAST: u32 = if cfg!(test) { 4 } else { 64 };

/// A day of UTC, counted from 1970 on.
fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}

/// Sums of some orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Summed {
    any: Tally,
    products: BTreeMap<u64, Tally>,
}

impl Summed {
    fn turn(&mut self, order: &Order, turn: Turn) {
        self.any.turn(order, None, turn);
        for product in products(order) {
            self.products.entry(product).or_default().turn(order, Some(product), turn);
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Day {
    orders: u32,
    /// Shared until changed, as orders are.
    summed: Option<Arc<Summed>>,
}

/// The days of a book.
#[derive(Debug, Clone, Default)]
pub struct Days {
    days: BTreeMap<i64, Day>,
    /// All of them, once somebody asked for all.
    all: Option<Arc<Summed>>,
}

/// What was asked for does not tell one book from another.
impl PartialEq for Days {
    fn eq(&self, _: &Days) -> bool {
        true
    }
}

impl Eq for Days {}

/// Orders with when they were created, and instants of which they are asked.
type Created<'a> = (&'a [Timestamp], &'a [Arc<Order>]);

impl Days {
    /// A new order.
    pub fn enter(&mut self, created: Timestamp, order: &Order) {
        self.days.entry(day_of(created)).or_default().orders += 1;
        self.turn(created, order, Turn::In);
    }

    /// Whether anything has to be told of a change of an order.
    pub fn follow(&self, created: Timestamp) -> bool {
        let day = || self.days.get(&day_of(created)).is_some_and(|day| day.summed.is_some());
        self.all.is_some() || day()
    }

    /// Puts an order in or takes it off, where it is summed up.
    pub fn turn(&mut self, created: Timestamp, order: &Order, turn: Turn) {
        let day = self.days.get_mut(&day_of(created)).and_then(|day| day.summed.as_mut());
        for summed in day.into_iter().chain(&mut self.all) {
            Arc::make_mut(summed).turn(order, turn);
        }
    }

    /// What orders of a time came to, whole or in what concerns one product.
    pub fn tally(
        &self,
        orders: Created<'_>,
        within: &RangeInclusive<Timestamp>,
        product: Option<u64>,
    ) -> Tally {
        let mut tally = Tally::default();
        let (summed, single) = self.gather(orders, within);
        for summed in summed {
            let part = match product {
                None => Some(&summed.any),
                Some(product) => summed.products.get(&product),
            };
            part.into_iter().for_each(|part| tally.merge(part));
        }
        single.into_iter().for_each(|order| tally.turn(order, product, Turn::In));
        tally
    }

    /// The same for each of their products, or the one that is asked for; those without a lead or a shipment left out.
    pub fn by_product(
        &self,
        orders: Created<'_>,
        within: &RangeInclusive<Timestamp>,
        product: Option<u64>,
    ) -> BTreeMap<u64, Box<Tally>> {
        let mut tallies: BTreeMap<u64, Box<Tally>> = BTreeMap::new();
        let wants = |it: &u64| product.is_none_or(|product| product == *it);
        let (summed, single) = self.gather(orders, within);
        for (product, part) in summed.into_iter().flat_map(|it| &it.products) {
            if wants(product) {
                tallies.entry(*product).or_default().merge(part);
            }
        }
        for order in single {
            for product in products(order).filter(wants) {
                tallies.entry(product).or_default().turn(order, Some(product), Turn::In);
            }
        }
        tallies.retain(|_, tally| tally.has_row());
        tallies
    }

    /// The sums of a time, and the orders that are in none of them.
    fn gather<'a>(
        &'a self,
        (created, orders): Created<'a>,
        within: &RangeInclusive<Timestamp>,
    ) -> (Vec<&'a Summed>, Vec<&'a Order>) {
        if let Some(all) = self.all.as_deref().filter(|_| is_open(within)) {
            return (vec![all], Vec::new());
        }
        let mut single = Vec::new();
        let (mut known, mut is_summed) = (i64::MIN, false);
        for (at, order) in created.iter().zip(orders).filter(|(at, _)| within.contains(at)) {
            // Neighbours are mostly of one day.
            let day = day_of(*at);
            if day != known {
                (known, is_summed) = (day, self.whole(day, within).is_some());
            }
            if !is_summed {
                single.push(&**order);
            }
        }
        let days = self.days.keys().filter_map(|day| self.whole(*day, within));
        (days.collect(), single)
    }

    /// The sums of a day of which nothing is cut off.
    fn whole(&self, day: i64, within: &RangeInclusive<Timestamp>) -> Option<&Summed> {
        let summed = self.days.get(&day)?.summed.as_deref()?;
        is_whole(day, within).then_some(summed)
    }

    /// The days that a question about a time would go through order by order though they are whole and have many.
    fn missing(&self, within: &RangeInclusive<Timestamp>) -> impl Iterator<Item = i64> {
        let is_missing = |(day, it): &(&i64, &Day)| {
            it.orders >= LEAST && it.summed.is_none() && is_whole(**day, within)
        };
        self.days.iter().filter(is_missing).map(|(day, _)| *day)
    }

    /// Whether summing up would spare such questions something.
    pub fn lacks_sums(&self, orders: usize, within: &RangeInclusive<Timestamp>) -> bool {
        if is_open(within) {
            return self.all.is_none() && orders >= LEAST as usize;
        }
        self.missing(within).next().is_some()
    }

    /// Sums up what a question about a time asks for and is not summed up yet.
    pub fn sum_up(&mut self, (created, orders): Created<'_>, within: &RangeInclusive<Timestamp>) {
        if is_open(within) {
            let mut all = Summed::default();
            orders.iter().for_each(|order| all.turn(order, Turn::In));
            self.all = Some(Arc::new(all));
            return;
        }
        let missing = self.missing(within).map(|day| (day, Summed::default()));
        let mut missing: BTreeMap<i64, Summed> = missing.collect();
        for (at, order) in created.iter().zip(orders) {
            if let Some(summed) = missing.get_mut(&day_of(*at)) {
                summed.turn(order, Turn::In);
            }
        }
        for (day, summed) in missing {
            self.days.entry(day).or_default().summed = Some(Arc::new(summed));
        }
    }
}

/// Whether nothing is left out.
fn is_open(within: &RangeInclusive<Timestamp>) -> bool {
    *within == (Timestamp::MIN..=Timestamp::MAX)
}

/// Whether all of a day lies within a time.
fn is_whole(day: i64, within: &RangeInclusive<Timestamp>) -> bool {
    let second = day * 86_400;
    let (first, next) = (Timestamp::from_second(second), Timestamp::from_second(second + 86_400));
    first.is_ok_and(|first| first >= *within.start())
        && next.is_ok_and(|next| next <= *within.end())
}
