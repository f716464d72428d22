//! A shipment and what is in it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::frameworks::php::json_encode::Number;
use crate::providers::salla::Salla;
use crate::providers::salla::machines::{ShipmentInput, ShipmentState};
use crate::providers::traveller;
use crate::sim::journey::plan::Itinerary;
use crate::sim::machine::Tracked;
use crate::words;

words! {
    /// Which way a shipment goes.
    pub enum Kind {
        /// To the customer.
        Shipment = "shipment",
        /// Back to the merchant.
        Return = "return",
    }
}

words! {
    /// Who pays when.
    pub enum Payment {
        /// At the door.
        Cod = "cod",
        /// Before.
        PrePaid = "pre_paid",
    }
}

words! {
    /// Where it was asked for.
    pub enum Source {
        /// By an app.
        Api = "api",
        /// By the merchant.
        Dashboard = "dashboard",
        /// By the customer's order.
        Store = "store",
    }
}

words! {
    /// Who is billed by the courier.
    pub enum Billing {
        /// Salla is.
        Salla = "salla",
        /// The merchant is.
        Merchant = "merchant",
    }
}

words! {
    /// What an end of a shipment is.
    pub enum EndKind {
        /// A place of a customer.
        Address = "address",
        /// A branch of the store.
        Branch = "branch",
    }
}

words! {
    /// What a weight counts; kept and printed in kilograms.
    pub enum WeightUnit {
        /// One.
        Kilogram = "kg",
        /// A thousandth.
        Gram = "g",
        /// The international one.
        Pound = "lb",
        /// Its sixteenth.
        Ounce = "oz",
    }
}

impl WeightUnit {
    /// One of it in kilograms.
    pub fn kilograms(self) -> Decimal {
        match self {
            WeightUnit::Kilogram => Decimal::ONE,
            WeightUnit::Gram => Decimal::new(1, 3),
            WeightUnit::Pound => Decimal::new(45_359_237, 8),
            WeightUnit::Ounce => Decimal::new(28_349_523_125, 12),
        }
    }
}

/// One end of a shipment; keys in the documentation's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SallaEnd")]
pub struct End {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EndKind,
    /// Who is there.
    #[serde(default)]
    pub name: String,
    /// Their mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Their telephone number, as it was given.
    #[serde(default)]
    pub phone: String,
    /// The country's name; not every answer has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The country's id.
    #[serde(default)]
    pub country_id: Option<u64>,
    /// The country's two letters.
    #[serde(default)]
    pub country_code: Option<String>,
    /// The city's name.
    #[serde(default)]
    pub city: Option<String>,
    /// The city's id.
    #[serde(default)]
    pub city_id: Option<u64>,
    /// All of it in a line.
    #[serde(default)]
    pub address_line: String,
    /// The street and number.
    #[serde(default)]
    pub street_number: String,
    /// The quarter.
    #[serde(default)]
    pub block: String,
    /// The postal code.
    #[serde(default)]
    pub postal_code: String,
    /// North.
    #[serde(default)]
    pub latitude: Option<Number>,
    /// East.
    #[serde(default)]
    pub longitude: Option<Number>,
    /// Which branch it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_id: Option<u64>,
}

/// So much money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SallaMoney")]
pub struct Money {
    /// How much.
    pub amount: Number,
    /// Of what.
    #[serde(default = "riyal")]
    pub currency: String,
}

/// The currency when nobody names one.
pub fn riyal() -> String {
    "SAR".to_owned()
}

impl Money {
    /// Nothing, in a currency.
    pub fn none(currency: &str) -> Money {
        Money { amount: Number(Decimal::ZERO), currency: currency.to_owned() }
    }
}

/// One thing in a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SallaPackage")]
pub struct Package {
    /// The order's item it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<u64>,
    /// What the client calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What it is.
    pub name: String,
    /// Its stock-keeping unit.
    #[serde(default)]
    pub sku: String,
    /// What one costs.
    pub price: Money,
    /// How many there are.
    pub quantity: u32,
    /// What one weighs, in kilograms.
    #[serde(default = "kilogram")]
    pub weight: Number,
}

fn kilogram() -> Number {
    Number(Decimal::ONE)
}

/// What stands in a shipment besides, if a client said it; printed only then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extras {
    /// The courier's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_additional_id: Option<String>,
    /// A courier that is not on the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_company_name: Option<String>,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the courier should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// What is asked of the courier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_types: Option<Vec<String>>,
    /// What it costs the merchant, as the courier said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Number>,
}

/// Where a label lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Label {
    /// With Salla, under this name.
    Own(String),
    /// Where the courier put it.
    Elsewhere(String),
}

/// One line of the tracking history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub at: Timestamp,
    /// The status then.
    pub status: ShipmentState,
    /// What the courier said.
    pub note: Option<String>,
}

/// A shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Unique in a world.
    pub id: u64,
    pub store: u64,
    /// How many came before it: the order among those of one second.
    pub place: u64,
    /// The order it is for.
    pub order_id: Option<u64>,
    /// The number of that order as the merchant sees it.
    pub order_reference_id: Option<u64>,
    pub created_at: Timestamp,
    /// Which way it goes.
    pub kind: Kind,
    pub courier_id: u64,
    pub courier_name: String,
    pub courier_logo: String,
    /// The courier's number of it; `0` when there is none.
    pub shipping_number: String,
    /// The number to follow it by; `0` when there is none.
    pub tracking_number: String,
    /// The courier's number of its pickup.
    pub pickup_id: Option<u64>,
    /// Whether it can be followed.
    pub trackable: bool,
    pub tracking_link: String,
    /// Its label, once there is one.
    pub label: Option<Label>,
    /// Who pays when.
    pub payment: Payment,
    /// Where it was asked for.
    pub source: Source,
    /// What is in it is worth so much.
    pub total: Money,
    /// What is to be collected at the door.
    pub cash_on_delivery: Money,
    /// The app that made it.
    pub app_id: Option<u64>,
    /// What the store's policy asks of it.
    pub policy_options: Map<String, Value>,
    pub ship_from: End,
    pub ship_to: End,
    pub packages: Vec<Package>,
    /// Who is billed.
    pub billing: Billing,
    pub extras: Extras,
    /// The shipment that it brings back.
    pub return_of: Option<u64>,
    pub life: Tracked<ShipmentState, ShipmentInput>,
    /// What was told of it, oldest first.
    pub marks: Vec<Mark>,
    /// What will still happen by itself.
    #[serde(default, deserialize_with = "traveller::read_itinerary::<Salla, _>")]
    pub itinerary: Option<Itinerary>,
}

/// What stands for a number that there is not yet.
pub const NO_NUMBER: &str = "0";

impl Shipment {
    /// Whether it crosses a border: an end of which no country is known is not abroad.
    pub fn is_international(&self) -> bool {
        let ends = self.ship_from.country_code.as_ref().zip(self.ship_to.country_code.as_ref());
        ends.is_some_and(|(from, to)| from != to)
    }

    /// What all of it weighs.
    pub fn weight(&self) -> Decimal {
        let weights = self.packages.iter();
        weights
            .map(|it| it.weight.0.saturating_mul(Decimal::from(it.quantity)))
            .fold(Decimal::ZERO, Decimal::saturating_add)
    }
}

/// What all packages are worth.
pub fn worth(packages: &[Package]) -> Decimal {
    let prices = packages.iter();
    prices
        .map(|it| it.price.amount.0.saturating_mul(Decimal::from(it.quantity)))
        .fold(Decimal::ZERO, Decimal::saturating_add)
}
