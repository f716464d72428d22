//! Drafts: what a payload says of orders and of what hangs on them, ready to be taken over.

use crate::providers::shipup::machines::Status;
use crate::providers::shipup::state::order::Fields;

/// What a payload says of an order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrderDraft {
    pub merchant_id: String,
    /// The rest.
    pub fields: Fields,
    /// Where it goes.
    pub address: Option<Fields>,
    /// What nobody packs yet.
    pub items: Vec<ItemDraft>,
    /// What it is packed as.
    pub fulfillments: Vec<FulfillmentDraft>,
}

/// What it says of a fulfillment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FulfillmentDraft {
    /// The merchant's id; none in a tracker of `/v1/trackers`.
    pub merchant_id: Option<String>,
    /// The status, if it is one.
    pub status: Option<Status>,
    /// The rest.
    pub fields: Fields,
    /// Where it goes.
    pub address: Option<Fields>,
    /// What is in it and in no tracker.
    pub items: Vec<ItemDraft>,
    /// Its parcels.
    pub trackers: Vec<TrackerDraft>,
}

/// What it says of a tracker.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrackerDraft {
    /// The carrier's number.
    pub number: String,
    /// The rest.
    pub fields: Fields,
    pub items: Vec<ItemDraft>,
}

/// What it says of a line item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemDraft {
    pub merchant_id: String,
    /// How much of it is in the tracker it stands in.
    pub shipped: Option<i64>,
    /// The rest.
    pub fields: Fields,
}
