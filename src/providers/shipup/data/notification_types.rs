//! Notification types: what a message to a customer is called, by the status or the event that has one.
//!
//! The names of those before shipping are public; the words of the others are ours, but for the one public sample.

use crate::providers::shipup::machines::{EventType, Status};

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
pub const OF_STATUS: &[(Status, Type)] = &[
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
pub const OF_EVENT: &[(EventType, Type)] = &[
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
