//! An order, a reverse order, and the parcel that is booked for either.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::providers::shiplee::Shiplee;
use crate::providers::shiplee::data::postal::Zone;
use crate::providers::shiplee::machines::{OrderInput, OrderState, ShipmentInput, ShipmentState};
use crate::providers::shiplee::rules::carrier::{Measures, Mode, Payment};
use crate::providers::traveller;
use crate::sim::journey::plan::Itinerary;
use crate::sim::machine::Tracked;
use crate::words;

/// Somebody with an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    /// Ten digits.
    pub mobile: String,
    /// A second number.
    pub other_mobile: Option<String>,
    /// Their mail address, as it was given.
    pub email: Option<String>,
    /// The street.
    pub address1: String,
    /// A landmark.
    pub address2: Option<String>,
    /// Six digits.
    pub pincode: String,
    pub city: String,
    pub state: String,
    /// `home` or `office`, as it was given.
    pub address_type: Option<String>,
}

/// Who is billed, if it is somebody else; of these, name and pincode alone are needed: documentation, "Add Order".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billing {
    pub name: String,
    /// Six digits.
    pub pincode: String,
    /// Their number, as it was given.
    pub mobile: Option<String>,
    /// Their mail address, as it was given.
    pub email: Option<String>,
    /// The street.
    pub address1: Option<String>,
    /// A landmark.
    pub address2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
}

/// So many of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The product's name.
    pub name: String,
    pub quantity: u32,
    /// The price of one.
    pub price: Decimal,
    /// The stock-keeping unit, given or made up.
    pub sku: String,
}

/// What all of them cost.
pub fn value(items: &[Item]) -> Decimal {
    let each = |item: &Item| item.price.saturating_mul(Decimal::from(item.quantity));
    items.iter().map(each).fold(Decimal::ZERO, Decimal::saturating_add)
}

/// The numbers the next booking of an order gets: the documentation's examples.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pins {
    /// The waybill of its parcel.
    pub awb: Option<String>,
    /// The shipment's id.
    pub shipment_id: Option<String>,
    /// The numeric id of its first reverse order.
    pub reverse_id: Option<u64>,
    /// The printed number of its first reverse order.
    pub reverse_number: Option<String>,
    /// The waybill of its first reverse order's parcel.
    pub reverse_awb: Option<String>,
    /// The shipment's id of its first reverse order's parcel.
    pub reverse_shipment_id: Option<String>,
}

/// What the customer of a seller ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Sequential over all sellers.
    pub id: u64,
    pub seller: u64,
    pub created_at: Timestamp,
    /// The seller's own reference, `orderID`.
    pub reference: String,
    /// Who pays when.
    pub payment: Payment,
    /// Where it goes.
    pub customer: Person,
    /// Who is billed, if it is somebody else.
    pub billing: Option<Billing>,
    pub items: Vec<Item>,
    /// What it is packed in.
    pub parcels: Vec<Measures>,
    /// Whether its parcel is booked.
    pub life: Tracked<OrderState, OrderInput>,
    /// The waybill of its parcel.
    pub awb: Option<String>,
    /// Numbers to be given.
    pub pins: Pins,
}

/// What a customer sends back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReverseOrder {
    /// Sequential over all sellers; what `/reverse_create_shipment` wants and `/reverse_order` does not tell.
    pub id: u64,
    /// What `/reverse_order` tells.
    pub number: String,
    pub seller: u64,
    pub created_at: Timestamp,
    /// The order it brings back.
    pub order: u64,
    /// The waybill of that order's parcel.
    pub awb_number: String,
    pub reason: String,
    /// Where it goes.
    pub warehouse: u64,
    /// Who pays when.
    pub payment: Payment,
    /// Whether it is insured.
    pub insurance: bool,
    /// Where it is fetched.
    pub customer: Person,
    pub items: Vec<Item>,
    /// What it is packed in.
    pub parcel: Measures,
    /// Whether its parcel is booked.
    pub life: Tracked<OrderState, OrderInput>,
    /// The waybill of its parcel.
    pub awb: Option<String>,
    /// Numbers to be given.
    pub pins: Pins,
}

words! {
    /// Which way a parcel goes.
    pub enum Direction {
        /// To the customer.
        Forward = "forward",
        /// From the customer.
        Reverse = "reverse",
    }
}

/// One report of the carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    pub at: Timestamp,
    /// `UD`, `DL`, `RT`, `PP`, `PU` or `CN`.
    pub kind: String,
    /// The status as the carrier prints it.
    pub status: String,
    pub code: String,
    /// Its words.
    pub instructions: String,
}

/// A parcel at the carrier's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Its waybill.
    pub awb: String,
    /// What the booking called it.
    pub shipment_id: String,
    pub direction: Direction,
    pub seller: u64,
    /// The order, or the reverse order's numeric id.
    pub order: u64,
    /// Where it is picked up, or goes back to.
    pub warehouse: u64,
    pub mode: Mode,
    /// Who pays when.
    pub payment: Payment,
    pub zone: Zone,
    /// Chargeable weight in grams.
    pub grams: u64,
    /// What was charged for carrying it.
    pub freight: Decimal,
    /// What was charged for taking money at the door.
    pub cod: Decimal,
    /// When it was booked.
    pub created_at: Timestamp,
    pub life: Tracked<ShipmentState, ShipmentInput>,
    pub scans: Vec<Scan>,
    /// What will happen to it by itself.
    #[serde(default, deserialize_with = "traveller::read_itinerary::<Shiplee, _>")]
    pub itinerary: Option<Itinerary>,
}

impl Shipment {
    /// What was charged in all.
    pub fn cost(&self) -> Decimal {
        self.freight.saturating_add(self.cod)
    }
}
