//! Messages to customers: which status or event has one, and in which language.
//!
//! The names of those before shipping are public; the words of the others are ours, but for the one public sample.

use crate::providers::Cx;
use crate::providers::shipup::machines::{DeliveryStatus, EventType, Status};
use crate::providers::shipup::state::book::next;
use crate::providers::shipup::state::order::{Notification, Source, is_true, text};
use crate::providers::shipup::{Shipup, webhooks};

/// A type of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type {
    pub id: u64,
    /// Its unique word.
    pub slug: &'static str,
    pub category: &'static str,
    /// For people.
    pub name: &'static str,
}

/// Before shipping: public list of fulfillment statuses, "Related notification".
#[rustfmt::skip]
const OF_STATUS: &[(Status, Type)] = &[
    (Status::InProduction,        Type { id: 101, slug: "fulfillment_in_production",              category: "pre_shipment", name: "Fulfillment in production" }),
    (Status::InTransitToStock,    Type { id: 102, slug: "fulfillment_in_transit_to_stock",        category: "pre_shipment", name: "Fulfillment in transit to stock" }),
    (Status::PreparingShipment,   Type { id: 103, slug: "preparing_fulfillment_shipment",         category: "pre_shipment", name: "Preparing fulfillment shipment" }),
    (Status::Shipped,             Type { id: 104, slug: "fulfillment_shipped",                    category: "pre_shipment", name: "Fulfillment shipped" }),
    (Status::Delayed,             Type { id: 105, slug: "fulfillment_delayed",                    category: "pre_shipment", name: "Fulfillment delayed" }),
    (Status::ProductionDelay,     Type { id: 106, slug: "delay_in_fulfillment_production",        category: "pre_shipment", name: "Delay in fulfillment production" }),
    (Status::TransitToStockDelay, Type { id: 107, slug: "delay_in_fulfillment_transit_to_stock", category: "pre_shipment", name: "Delay in fulfillment transit to stock" }),
    (Status::Blocked,             Type { id: 108, slug: "fulfillment_blocked",                    category: "pre_shipment", name: "Fulfillment blocked" }),
    (Status::Canceled,            Type { id: 109, slug: "fulfillment_canceled",                   category: "pre_shipment", name: "Fulfillment canceled" }),
];

/// On the way: sent when the event brings another status, and for a parcel that comes today.
#[rustfmt::skip]
const OF_EVENT: &[(EventType, Type)] = &[
    (EventType::OriginScan,     Type { id: 201, slug: "package_in_transit",       category: "package_in_transit",       name: "Package In Transit" }),
    (EventType::Transit,        Type { id: 201, slug: "package_in_transit",       category: "package_in_transit",       name: "Package In Transit" }),
    (EventType::OutForDelivery, Type { id: 202, slug: "package_out_for_delivery", category: "package_out_for_delivery", name: "Package Out For Delivery" }),
    (EventType::FailedAttempt,  Type { id: 203, slug: "package_failed_attempt",   category: "package_failed_attempt",   name: "Package Failed Attempt" }),
    (EventType::Incident,       Type { id: 204, slug: "package_incident",         category: "package_incident",         name: "Package Incident" }),
    (EventType::PickupPoint,    Type { id: 205, slug: "package_at_pickup_point",  category: "package_at_pickup_point",  name: "Package At Pickup Point" }),
    (EventType::Delivered,      Type { id: 206, slug: "package_delivered",        category: "package_delivered",        name: "Package Delivered" }),
    (EventType::Return,         Type { id: 207, slug: "package_returned",         category: "package_returned",         name: "Package Returned" }),
];

/// The type of a word.
pub fn of_slug(slug: &str) -> Option<Type> {
    let statuses = OF_STATUS.iter().map(|(_, kind)| *kind);
    statuses.chain(OF_EVENT.iter().map(|(_, kind)| *kind)).find(|kind| kind.slug == slug)
}

/// A fulfillment has another status. Whether anybody may hear of it was asked before.
pub fn of_status(cx: &mut Cx<'_, Shipup>, order: u64, fulfillment: u64, status: Status) {
    if let Some((_, kind)) = OF_STATUS.iter().find(|(known, _)| *known == status) {
        notify(cx, order, Source::Fulfillment(fulfillment), *kind);
    }
}

/// A tracker has news. A customer hears of it unless order or tracker are muted, or nothing in it is to be shipped.
pub fn of_event(cx: &mut Cx<'_, Shipup>, id: u64, on: EventType, moved: bool) {
    let Some((_, kind)) = OF_EVENT.iter().find(|(known, _)| *known == on) else { return };
    let book = &cx.state.book;
    let Some((tracker, order)) = book.trackers.get(&id).zip(book.order_of_tracker(id)) else {
        return;
    };
    let muted = is_true(&order.fields, "mute_notifications")
        || is_true(&tracker.fields, "mute_notifications");
    let ships: Vec<bool> = order.items_shipped(id).map(|(it, _)| it.requires_shipping()).collect();
    let of_no_interest = !ships.is_empty() && !ships.contains(&true);
    let goes_back = tracker.life.state() == DeliveryStatus::Return && on != EventType::Return;
    let news = moved || on == EventType::OutForDelivery;
    if news && !muted && !of_no_interest && !goes_back {
        let order = order.id;
        notify(cx, order, Source::Tracker(id), *kind);
    }
}

fn notify(cx: &mut Cx<'_, Shipup>, order: u64, source: Source, kind: Type) {
    let language_code = cx.state.language_of(order);
    let book = &mut cx.state.book;
    let id = next(&mut book.numbers.notification);
    let Some(order) = book.orders.get_mut(&order) else { return };
    let slug = kind.slug.to_owned();
    order.notifications.push(Notification { id, source, slug, language_code, at: cx.now });
    let order = order.id;
    webhooks::notification_new(cx, order, id);
}

impl crate::providers::shipup::State {
    /// The language of an order's customer: its own, else the account's.
    pub fn language_of(&self, order: u64) -> String {
        let order = self.book.orders.get(&order);
        let own = order.and_then(|order| text(&order.fields, "language_code"));
        let account = || {
            let account = order.and_then(|order| self.accounts.get(&order.account));
            account.map_or_else(String::new, |account| account.language_code.clone())
        };
        own.map_or_else(account, str::to_owned)
    }
}
