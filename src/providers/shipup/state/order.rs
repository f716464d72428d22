//! What an order consists of: fulfillments, line items, trackers, addresses, events, notifications.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::frameworks::rails::wide_integer;
use crate::providers::shipup::Shipup;
use crate::providers::shipup::data::carriers::Carrier;
use crate::providers::shipup::machines::{DeliveryStatus, EventType, Status};
use crate::providers::traveller;
use crate::sim::journey::plan::Itinerary;
use crate::sim::machine::Tracked;

/// What a payload said, field by field, in the form in which it is kept: dates are seconds.
pub type Fields = Map<String, Value>;

/// Takes over fields.
pub fn overlay(known: &mut Fields, told: &Fields) {
    for (name, value) in told {
        known.insert(name.clone(), value.clone());
    }
}

/// Whether a field says yes.
pub fn is_true(fields: &Fields, name: &str) -> bool {
    fields.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// A number of a field, cut to what can be counted with.
pub fn number(fields: &Fields, name: &str) -> Option<i64> {
    fields.get(name).and_then(wide_integer::saturated)
}

/// A text of a field that is not empty.
pub fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// An order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Shipup's number.
    pub id: u64,
    pub account: u32,
    /// What the control API calls it.
    pub label: String,
    /// The merchant's id; none for an order that came with a tracker of `/v1/trackers`.
    pub merchant_id: Option<String>,
    /// Its other id.
    pub uuid: Uuid,
    pub created_at: Timestamp,
    /// When something of it changed last.
    pub updated_at: Timestamp,
    /// What was said of it.
    pub fields: Fields,
    /// Where it goes.
    pub address: Option<Address>,
    /// What it is packed as; their numbers.
    pub fulfillments: Vec<u64>,
    /// What is in it, each once.
    pub items: Vec<LineItem>,
    /// Who was told what about it.
    pub notifications: Vec<Notification>,
}

impl Order {
    /// Whether it was called off: it, and with it everything in it.
    pub fn is_canceled(&self) -> bool {
        is_true(&self.fields, "canceled")
    }

    /// The items that live in a fulfillment and not yet in a tracker.
    pub fn items_in(&self, fulfillment: u64) -> impl Iterator<Item = &LineItem> {
        self.items.iter().filter(move |item| item.place == Place::Fulfillment(fulfillment))
    }

    /// The items of which a tracker holds some or all, and how many it was said to hold.
    pub fn items_shipped(&self, tracker: u64) -> impl Iterator<Item = (&LineItem, Option<i64>)> {
        self.items.iter().filter_map(move |item| {
            let share = item.place.shares().iter().find(|share| share.tracker == tracker)?;
            Some((item, share.quantity))
        })
    }

    /// The items that are in a fulfillment or in one of its trackers.
    pub fn items_of<'a>(&'a self, it: &'a Fulfillment) -> impl Iterator<Item = &'a LineItem> {
        self.items
            .iter()
            .filter(|item| item.place == Place::Fulfillment(it.id) || item.is_shipped_by(it))
    }

    /// The items nobody has begun to pack.
    pub fn items_unfulfilled(&self) -> impl Iterator<Item = &LineItem> {
        self.items.iter().filter(|item| item.place == Place::Order)
    }
}

/// An address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// Shipup's number.
    pub id: u64,
    /// What was said of it.
    pub fields: Fields,
}

/// A fulfillment: line items that are packed together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fulfillment {
    /// Shipup's number.
    pub id: u64,
    /// The order's number.
    pub order: u64,
    /// What the control API calls it.
    pub label: String,
    /// The merchant's id; none when it came with a tracker of `/v1/trackers`.
    pub merchant_id: Option<String>,
    /// Its other id.
    pub uuid: Uuid,
    pub created_at: Timestamp,
    /// When something of it changed last.
    pub updated_at: Timestamp,
    /// What was said of it.
    pub fields: Fields,
    /// Where it goes, if it is not where the order goes.
    pub address: Option<Address>,
    /// Its parcels; their numbers.
    pub trackers: Vec<u64>,
    /// The status the merchant sent last.
    pub given: Option<Status>,
    pub life: Tracked<Status, Status>,
}

/// A line item: identified by the merchant's id within its order, and in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineItem {
    /// Shipup's number.
    pub id: u64,
    pub merchant_id: String,
    pub created_at: Timestamp,
    /// When something of it changed last.
    pub updated_at: Timestamp,
    /// What was said of it.
    pub fields: Fields,
    pub place: Place,
    /// The fulfillment it was in last; where it falls back to when its tracker goes to another order.
    pub fulfillment: Option<u64>,
}

impl LineItem {
    /// Called off, by itself or because all of it was: documentation, `canceled_quantity`.
    pub fn is_canceled(&self) -> bool {
        let all = || {
            let quantity = number(&self.fields, "quantity")?;
            Some(number(&self.fields, "canceled_quantity")? >= quantity)
        };
        is_true(&self.fields, "canceled") || all().unwrap_or(false)
    }

    /// Whether a tracker of a fulfillment holds some of it.
    pub fn is_shipped_by(&self, fulfillment: &Fulfillment) -> bool {
        let mut shares = self.place.shares().iter();
        shares.any(|share| fulfillment.trackers.contains(&share.tracker))
    }

    /// Whether a carrier has to bring it: documentation, `requires_shipping`.
    pub fn requires_shipping(&self) -> bool {
        self.fields.get("requires_shipping").and_then(Value::as_bool).unwrap_or(true)
    }

    /// Whether all of it that is wanted is in trackers.
    pub fn is_shipped(&self) -> bool {
        let shares = self.place.shares();
        let wanted = || {
            let quantity = number(&self.fields, "quantity")?;
            let canceled = number(&self.fields, "canceled_quantity").unwrap_or(0);
            Some(quantity.saturating_sub(canceled))
        };
        let held = || {
            shares.iter().try_fold(0_i64, |sum, share| Some(sum.saturating_add(share.quantity?)))
        };
        !shares.is_empty() && wanted().zip(held()).is_none_or(|(wanted, held)| held >= wanted)
    }
}

/// Where a line item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In the order: nobody packs it yet.
    Order,
    /// In this fulfillment.
    Fulfillment(u64),
    /// In this tracker; in several only when each was said to hold a part of the quantity.
    Trackers(Vec<Share>),
}

impl Place {
    /// The trackers that hold it.
    pub fn shares(&self) -> &[Share] {
        match self {
            Place::Trackers(shares) => shares,
            Place::Order | Place::Fulfillment(_) => &[],
        }
    }

    /// How far on its way from order to tracker it is.
    pub fn rank(&self) -> u8 {
        match self {
            Place::Order => 0,
            Place::Fulfillment(_) => 1,
            Place::Trackers(_) => 2,
        }
    }
}

/// What a tracker holds of a line item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The tracker's number.
    pub tracker: u64,
    /// How many; all of it when nothing was said.
    pub quantity: Option<i64>,
}

/// A tracker: a parcel on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    /// Shipup's number.
    pub id: u64,
    /// The fulfillment's number.
    pub fulfillment: u64,
    /// What the control API calls it.
    pub label: String,
    /// The carrier's number.
    pub number: String,
    /// Its other id.
    pub uuid: Uuid,
    pub created_at: Timestamp,
    /// When something of it changed last.
    pub updated_at: Timestamp,
    /// What was said of it.
    pub fields: Fields,
    /// Who carries it, as far as that is known.
    pub carrier: Option<Carrier>,
    /// What the carrier said, oldest first.
    pub events: Vec<Event>,
    /// When the carrier had it first.
    pub shipped_at: Option<Timestamp>,
    /// When somebody rang first.
    pub first_attempt_at: Option<Timestamp>,
    /// When it was handed over.
    pub delivered_at: Option<Timestamp>,
    /// Nobody asks the carrier any more: five days have passed since it turned around.
    pub unwatched: bool,
    pub life: Tracked<DeliveryStatus, EventType>,
    /// What will happen to it by itself.
    #[serde(default, deserialize_with = "traveller::read_itinerary::<Shipup, _>")]
    pub itinerary: Option<Itinerary>,
}

/// What a carrier said once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Shipup's number.
    pub id: u64,
    pub event_type: EventType,
    pub at: Timestamp,
}

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A fulfillment, before it is shipped.
    Fulfillment(u64),
    /// A tracker.
    Tracker(u64),
}

/// A message to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Shipup's number.
    pub id: u64,
    /// What it is about.
    pub source: Source,
    /// Its type, by its unique word.
    pub slug: String,
    /// In which language.
    pub language_code: String,
    pub at: Timestamp,
}
