//! Everything that came in: by number, found again by the merchant's ids and by tracking numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kit::mistake::Mistake;
use crate::providers::shipup::state::job::Job;
use crate::providers::shipup::state::order::{Fulfillment, Order, Tracker};

/// The numbers that are given next; the first ones are of the size of the public samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    pub order: u64,
    pub fulfillment: u64,
    pub line_item: u64,
    pub tracker: u64,
    /// Addresses.
    pub address: u64,
    /// What carriers say.
    pub event: u64,
    /// Messages to customers.
    pub notification: u64,
    /// Jobs; the first is the one of the public sample.
    pub job: u64,
    pub webhook_event: u64,
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers {
            order: 34_567,
            fulfillment: 36_789,
            line_item: 63_819_516,
            tracker: 37_371,
            address: 83_760,
            event: 849_927_739,
            notification: 849_927_739,
            job: 12_456,
            webhook_event: 3_123_333,
        }
    }
}

/// The next of a kind of numbers.
pub fn next(number: &mut u64) -> u64 {
    let given = *number;
    *number = number.saturating_add(1);
    given
}

/// Orders and all that hangs on them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// Orders by number.
    pub orders: BTreeMap<u64, Order>,
    /// Fulfillments by number.
    pub fulfillments: BTreeMap<u64, Fulfillment>,
    /// Trackers by number.
    pub trackers: BTreeMap<u64, Tracker>,
    /// Jobs by number.
    pub jobs: BTreeMap<u64, Job>,
    /// The numbers that are given next.
    pub numbers: Numbers,
    by_merchant_id: BTreeMap<String, u64>,
    by_order_number: BTreeMap<String, u64>,
    by_tracking_number: BTreeMap<String, u64>,
    order_labels: BTreeMap<String, u64>,
    fulfillment_labels: BTreeMap<String, u64>,
    tracker_labels: BTreeMap<String, u64>,
}

/// A key that belongs to an account or an order: its number, and what the merchant says.
fn key(owner: impl std::fmt::Display, text: &str) -> String {
    format!("{owner} {text}")
}

/// A name nobody has: the merchant's id, the same with what it belongs to, or that with its number.
fn label(
    taken: &mut BTreeMap<String, u64>,
    id: u64,
    merchant_id: &str,
    owner: Option<&str>,
) -> String {
    let plain = merchant_id.to_owned();
    let owned = owner.map(|owner| format!("{owner}:{merchant_id}"));
    let numbered = format!("{merchant_id}#{id}");
    let free = [Some(plain), owned, Some(numbered)]
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty() && !taken.contains_key(name));
    let name = free.unwrap_or_else(|| format!("#{id}"));
    taken.insert(name.clone(), id);
    name
}

impl Book {
    /// An order of an account by the merchant's id.
    pub fn order_of(&self, account: u32, merchant_id: &str) -> Option<u64> {
        self.by_merchant_id.get(&key(account, merchant_id)).copied()
    }

    /// An order of an account that came with a tracker, by its order number.
    pub fn flat_order_of(&self, account: u32, order_number: &str) -> Option<u64> {
        self.by_order_number.get(&key(account, order_number)).copied()
    }

    /// A fulfillment of an order by the merchant's id.
    pub fn fulfillment_of(&self, order: u64, merchant_id: &str) -> Option<u64> {
        let mut own = self.orders.get(&order)?.fulfillments.iter().copied();
        own.find(|id| {
            let known = self.fulfillments.get(id);
            known.is_some_and(|it| it.merchant_id.as_deref() == Some(merchant_id))
        })
    }

    /// A tracker by its number, within an owner: an account, or an order.
    pub fn tracker_of(&self, owner: &str, number: &str) -> Option<u64> {
        self.by_tracking_number.get(&key(owner, number)).copied()
    }

    /// Writes an order down.
    pub fn add_order(&mut self, mut order: Order) {
        let number = order.fields.get("order_number").and_then(serde_json::Value::as_str);
        match (&order.merchant_id, number) {
            (Some(merchant_id), _) => {
                self.by_merchant_id.insert(key(order.account, merchant_id), order.id);
            }
            (None, Some(number)) => {
                self.by_order_number.insert(key(order.account, number), order.id);
            }
            (None, None) => {}
        }
        let name = order.merchant_id.as_deref().or(number).unwrap_or_default();
        order.label = label(&mut self.order_labels, order.id, name, None);
        self.orders.insert(order.id, order);
    }

    /// Writes a fulfillment down, last in its order.
    pub fn add_fulfillment(&mut self, mut fulfillment: Fulfillment) {
        let Some(order) = self.orders.get_mut(&fulfillment.order) else { return };
        order.fulfillments.push(fulfillment.id);
        let name = fulfillment
            .merchant_id
            .clone()
            .unwrap_or_else(|| format!("{}_{}", order.label, order.fulfillments.len()));
        let labels = &mut self.fulfillment_labels;
        fulfillment.label = label(labels, fulfillment.id, &name, Some(&order.label));
        self.fulfillments.insert(fulfillment.id, fulfillment);
    }

    /// Writes a tracker down, last in its fulfillment, to be found within an owner.
    pub fn add_tracker(&mut self, mut tracker: Tracker, owner: &str) {
        let Some(fulfillment) = self.fulfillments.get_mut(&tracker.fulfillment) else { return };
        fulfillment.trackers.push(tracker.id);
        self.by_tracking_number.insert(key(owner, &tracker.number), tracker.id);
        let order = self.orders.get(&fulfillment.order).map(|order| order.label.as_str());
        tracker.label = label(&mut self.tracker_labels, tracker.id, &tracker.number, order);
        self.trackers.insert(tracker.id, tracker);
    }

    /// After it was read from a document: whether everything is found by what it is called, and nothing else is.
    ///
    /// # Errors
    /// The place, and the mistake.
    pub fn settle(&self) -> Result<(), Mistake> {
        let order = |id: &u64| self.orders.get(id);
        let by_id = |it: &Order| it.merchant_id.as_ref().map(|own| key(it.account, own));
        let number = |id: &u64| self.trackers.get(id).map(|it| it.number.as_str());
        index("by_merchant_id", &self.by_merchant_id, |name, id| {
            order(id).and_then(by_id).is_some_and(|own| own == name)
        })?;
        index("by_order_number", &self.by_order_number, |_, id| {
            order(id).is_some_and(|it| it.merchant_id.is_none())
        })?;
        index("by_tracking_number", &self.by_tracking_number, |name, id| {
            number(id).is_some_and(|own| name.ends_with(&format!(" {own}")))
        })?;
        index("order_labels", &self.order_labels, |name, id| {
            order(id).is_some_and(|it| it.label == name)
        })?;
        index("fulfillment_labels", &self.fulfillment_labels, |name, id| {
            self.fulfillments.get(id).is_some_and(|it| it.label == name)
        })?;
        index("tracker_labels", &self.tracker_labels, |name, id| {
            self.trackers.get(id).is_some_and(|it| it.label == name)
        })?;
        let with_id = self.orders.values().filter(|it| it.merchant_id.is_some()).count();
        let all = [
            ("by_merchant_id", self.by_merchant_id.len(), with_id),
            ("by_tracking_number", self.by_tracking_number.len(), self.trackers.len()),
            ("order_labels", self.order_labels.len(), self.orders.len()),
            ("fulfillment_labels", self.fulfillment_labels.len(), self.fulfillments.len()),
            ("tracker_labels", self.tracker_labels.len(), self.trackers.len()),
        ];
        match all.iter().find(|(_, has, wants)| has != wants) {
            None => Ok(()),
            Some((name, has, wants)) => {
                let problem = format!("it leads to {has} of {wants}");
                Err(Mistake::new(*name, problem))
            }
        }
    }

    /// The order a tracker belongs to.
    pub fn order_of_tracker(&self, tracker: u64) -> Option<&Order> {
        let fulfillment = self.trackers.get(&tracker)?.fulfillment;
        self.orders.get(&self.fulfillments.get(&fulfillment)?.order)
    }

    /// An order as the control API names it, or by its number.
    pub fn labelled_order(&self, name: &str) -> Option<&Order> {
        self.orders.get(&found(&self.order_labels, name)?)
    }

    /// A fulfillment as the control API names it, or by its number.
    pub fn labelled_fulfillment(&self, name: &str) -> Option<&Fulfillment> {
        self.fulfillments.get(&found(&self.fulfillment_labels, name)?)
    }

    /// A tracker as the control API names it, or by its number.
    pub fn labelled_tracker(&self, name: &str) -> Option<&Tracker> {
        self.trackers.get(&found(&self.tracker_labels, name)?)
    }
}

/// Refuses an index that leads to something else than its key says.
fn index(
    name: &str,
    known: &BTreeMap<String, u64>,
    leads: impl Fn(&str, &u64) -> bool,
) -> Result<(), Mistake> {
    match known.iter().find(|(key, id)| !leads(key, id)) {
        None => Ok(()),
        Some((key, id)) => {
            let problem = format!("{id} is not there, or is called otherwise");
            Err(Mistake::new(format!("{name}.{key}"), problem))
        }
    }
}

/// By name first: a tracking number may look like a number of ours.
fn found(labels: &BTreeMap<String, u64>, name: &str) -> Option<u64> {
    labels.get(name).copied().or_else(|| name.parse().ok())
}
