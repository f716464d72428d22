//! An order and what hangs on it: recipient, lines, shipments, tracking, money.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::providers::shipper::Shipper;
use crate::providers::shipper::machines::{
    ContactInput, ContactState, PAYMENT, PaymentInput, PaymentState, SHIPMENT, ShipmentInput,
    ShipmentState,
};
use crate::providers::shipper::state::address::Address;
use crate::providers::shipper::state::status::{self, OrderStatus};
use crate::providers::traveller;
use crate::sim::journey::plan::Itinerary;
use crate::sim::machine::Tracked;
use crate::words;

/// Which order of a world: ids are sequential per organization, so two may both own order 61.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderKey {
    /// The organization's number.
    pub organization: u32,
    /// The id the organization sees.
    pub order: u64,
}

impl OrderKey {
    /// The key of a label: `555`, or `2:61` for the second organization's.
    pub fn labelled(label: &str) -> Option<OrderKey> {
        let (organization, order) = label.split_once(':').unwrap_or(("1", label));
        Some(OrderKey { organization: organization.parse().ok()?, order: order.parse().ok()? })
    }
}

/// So many of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product's sequential id.
    pub product: u64,
    /// The variant, when one was ordered.
    pub variant: Option<Uuid>,
    pub quantity: u32,
    /// What the customer pays for the line.
    pub total: Decimal,
    /// What the supplier gets for one of them, of a line that is in a shipment: a later price changes nothing.
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    pub cost: Decimal,
    /// Units that are in the warehouse again: taken back, not taken, or sent back.
    #[serde(default, skip_serializing_if = "is_none")]
    pub back: u32,
}

fn is_none(units: &u32) -> bool {
    *units == 0
}

impl Line {
    /// Units that are not in the warehouse again.
    pub fn kept(&self) -> u32 {
        self.quantity.saturating_sub(self.back)
    }
}

words! {
    /// Who confirms an order on the telephone.
    pub enum Confirmation {
        /// Nobody.
        None = "none",
        /// Shipper's service: `with_confirmation`.
        External = "external",
        /// The retailer's own people.
        Internal = "internal",
    }
}

words! {
    /// What a carrier reports about a parcel. The first three are documented.
    pub enum LogStatus {
        /// First scan.
        AtCarrierOriginFacility = "at_carrier_origin_facility",
        /// On the road.
        InTransit = "in_transit",
        /// With the customer.
        Delivered = "delivered",
        /// Rang in vain.
        DeliveryAttemptFailed = "delivery_attempt_failed",
        /// Kept for now.
        OnHold = "on_hold",
        /// Turned around.
        ReturningToSender = "returning_to_sender",
        /// Back at the sender's.
        ReturnedToSender = "returned_to_sender",
        /// Given up.
        Lost = "lost",
    }
}

/// One line of a tracking history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// What the carrier reported.
    pub status: LogStatus,
    /// When Shipper learnt of it.
    pub created_at: Timestamp,
    /// When it happened, by the carrier's own clock; earlier.
    pub external_timestamp: Timestamp,
}

/// A parcel at a carrier's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// The carrier's number.
    pub number: String,
    /// What was reported, in the order in which Shipper learnt of it.
    pub logs: Vec<Log>,
    /// What was reported and reaches Shipper only behind the next report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Log>,
}

words! {
    /// What a transaction is for: the retailer's revenue, or one of the thirteen expenses of the dashboard.
    pub enum TransactionKind {
        /// What the customer paid.
        Revenue = "revenue",
        /// Carrier.
        Shipping = "shipping",
        /// Box and hands.
        Packaging = "packaging",
        /// Platform.
        Service = "service",
        /// Quality control.
        QualityControl = "qc",
        /// Collecting the money.
        PaymentFacility = "payment_facility",
        /// The confirming call.
        Confirmation = "confirmation",
        /// Calls in vain.
        CallForwarding = "call_forwarding",
        /// Calls about a failed attempt.
        FollowUp = "follow_up",
        /// Commission for selling more.
        Upsell = "upsell",
        /// Goods paid before shipping.
        PrepaidCost = "prepaid_cost",
        /// Goods.
        ProductCost = "product_cost",
        /// Commission for dropshipping.
        DropshippingFee = "dropshipping_fee",
        /// Return and exchange.
        ReturnExchangeFee = "return_exchange_fee",
    }
}

impl TransactionKind {
    /// The thirteen expenses, in the dashboard's order.
    pub fn expenses() -> &'static [TransactionKind] {
        &TransactionKind::ALL[1..]
    }
}

words! {
    /// Where a transaction stands.
    pub enum TransactionState {
        /// Expected.
        Pending = "Pending",
        /// Earned, but settling.
        UnderReview = "Under Review",
        /// Realized.
        Successful = "Successful",
        /// Realized and paid out.
        Transferred = "Transferred",
        /// Will not come.
        Canceled = "Canceled",
    }
}

/// An amount of money on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// What it is for.
    pub kind: TransactionKind,
    /// How much, in the organization's currency; never negative.
    pub amount: Decimal,
    pub state: TransactionState,
}

/// What one supplier sends for one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    pub uuid: Uuid,
    pub life: Tracked<ShipmentState, ShipmentInput>,
    /// Where its money stands.
    pub payment: Tracked<PaymentState, PaymentInput>,
    /// Who sends it.
    pub supplier: Arc<str>,
    /// Which lines of the order it carries.
    pub lines: Vec<Line>,
    /// Its parcels.
    pub tracking: Vec<Tracking>,
    /// Whether the carrier keeps it for now.
    pub on_hold: bool,
    /// Why its last delivery attempt failed, if one did; some failures have no reason.
    pub failure: Option<Option<Cow<'static, str>>>,
    pub transactions: Vec<Transaction>,
}

/// A customer's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Sequential per organization.
    pub id: u64,
    pub created_at: Timestamp,
    /// The shop it came from.
    pub store_name: Option<Box<str>>,
    /// Whether the customer pays at the door.
    pub is_cod: bool,
    /// The retailer's reference.
    pub external_order_id: Option<Box<str>>,
    /// Where the retailer finds it.
    pub external_order_url: Option<Box<str>>,
    /// The recipient.
    pub address: Address,
    pub lines: Vec<Line>,
    /// What the customer pays for shipping.
    pub shipping_total: Decimal,
    /// Who confirms it.
    pub confirmation: Confirmation,
    /// The call to the customer, once there is one.
    pub contact: Option<Tracked<ContactState, ContactInput>>,
    /// None while it is a draft.
    pub shipments: Vec<Shipment>,
    /// The status last announced.
    pub announced: Option<OrderStatus>,
    /// What will happen to it by itself.
    #[serde(default, deserialize_with = "traveller::read_itinerary::<Shipper, _>")]
    pub itinerary: Option<Itinerary>,
}

impl Order {
    /// Where its lives stand, in the words of its journeys: that of the call if there is one, and those of its first
    /// shipment to which something can still happen, else of its first.
    pub fn states(&self) -> Vec<(&'static str, &'static str)> {
        let call = self.contact.as_ref().map(|task| ("contact_task", task.state().word()));
        let first = self.shipments.iter().find(|it| !it.is_over()).or(self.shipments.first());
        let shipment = first.map(|shipment| ("shipment", shipment.life.state().word()));
        let payment = first.map(|shipment| ("payment", shipment.payment.state().word()));
        call.into_iter().chain(shipment).chain(payment).collect()
    }

    /// The status, computed from the shipments.
    pub fn status(&self) -> Option<OrderStatus> {
        status::from(self.shipments.iter().map(|it| (it.life.state(), it.is_paid())))
    }

    /// What of the customer's shipping a shipment carries: the first one all of it.
    pub fn shipping_of(&self, place: usize) -> Decimal {
        if place == 0 { self.shipping_total } else { Decimal::ZERO }
    }

    /// Whether the customer holds a unit of a product.
    pub fn delivers(&self, product: u64) -> bool {
        use ShipmentState::{Delivered, PartiallyDelivered, PartiallyReturned};
        let with_customer = |it: &&Shipment| {
            matches!(it.life.state(), Delivered | PartiallyDelivered | PartiallyReturned)
        };
        let mut lines = self.shipments.iter().filter(with_customer).flat_map(|it| &it.lines);
        lines.any(|line| line.product == product && line.kept() > 0)
    }

    /// Units ordered.
    pub fn items_count(&self) -> u64 {
        self.lines.iter().map(|line| u64::from(line.quantity)).sum()
    }

    /// Whether everything that can be paid is paid.
    pub fn is_paid(&self) -> bool {
        let mut live = self
            .shipments
            .iter()
            .filter(|it| it.life.state() != ShipmentState::Canceled)
            .peekable();
        match live.peek() {
            None => !self.is_cod && self.shipments.is_empty(),
            Some(_) => live.all(|shipment| shipment.is_paid()),
        }
    }

    /// Revenue realized or settling: documentation, "List orders".
    pub fn revenue(&self) -> Decimal {
        self.shipments.iter().map(Shipment::revenue).sum()
    }
}

impl Shipment {
    /// Whether nothing can happen to it any more, nor to its money.
    pub fn is_over(&self) -> bool {
        SHIPMENT.ended(self.life.state()) && PAYMENT.ended(self.payment.state())
    }

    /// Whether nothing is left to be collected.
    pub fn is_paid(&self) -> bool {
        use PaymentState::{Prepaid, Successful, Transferred};
        matches!(self.payment.state(), Prepaid | Successful | Transferred)
    }

    /// Revenue realized or settling.
    pub fn revenue(&self) -> Decimal {
        use TransactionState::{Successful, Transferred, UnderReview};
        let counts = |it: &&Transaction| matches!(it.state, Successful | Transferred | UnderReview);
        let revenue = self.transactions.iter().filter(|it| it.kind == TransactionKind::Revenue);
        revenue.filter(counts).map(|it| it.amount).sum()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use rust_decimal::Decimal;
    use uuid::Uuid;

    use super::{Address, Confirmation, Order, Shipment};
    use crate::providers::shipper::machines::{PAYMENT, SHIPMENT};

    /// An order with one shipment and nothing in it.
    pub fn order(id: u64) -> Order {
        let shipment = Shipment {
            uuid: Uuid::from_u128(u128::from(id) << 64 | u128::from(id % 3)),
            life: SHIPMENT.start(),
            payment: PAYMENT.start(),
            supplier: Arc::default(),
            lines: Vec::new(),
            tracking: Vec::new(),
            on_hold: false,
            failure: None,
            transactions: Vec::new(),
        };
        Order {
            id,
            created_at: Timestamp::UNIX_EPOCH,
            store_name: None,
            is_cod: true,
            external_order_id: None,
            external_order_url: None,
            address: Address::default(),
            lines: Vec::new(),
            shipping_total: Decimal::ZERO,
            confirmation: Confirmation::None,
            contact: None,
            shipments: vec![shipment],
            announced: None,
            itinerary: None,
        }
    }
}
