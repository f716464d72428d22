//! A shipment: what was asked to be sent, to whom, and what became of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::frameworks::php::json_encode::Number;
use crate::providers::shiptheory::Shiptheory;
use crate::providers::shiptheory::machines::{Input, Status};
use crate::providers::traveller;
use crate::sim::journey::plan::Itinerary;
use crate::sim::machine::Tracked;
use crate::words;

/// Somebody with an address. What was sent empty stays empty, what was not sent is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShiptheoryAddress")]
pub struct Address {
    /// A company.
    pub company: Option<String>,
    /// First name.
    pub firstname: String,
    /// Last name.
    pub lastname: String,
    /// The first line.
    pub address_line_1: String,
    /// The second line.
    pub address_line_2: Option<String>,
    /// The third line.
    pub address_line_3: Option<String>,
    /// The city.
    pub city: String,
    /// County or state.
    pub county: Option<String>,
    /// Two capital letters.
    pub country: String,
    /// As it was given.
    pub postcode: String,
    /// As it was given.
    pub telephone: Option<String>,
    /// As it was given.
    pub mobile: Option<String>,
    /// As it was given.
    pub email: Option<String>,
    /// As it was given.
    pub tax_number: Option<String>,
    /// Three words behind three slashes.
    pub what_3_words: Option<String>,
}

impl Address {
    /// Whether a postcode is this one, however it is spaced and whatever its case.
    pub fn has_postcode(&self, postcode: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
        };
        plain(&self.postcode) == plain(postcode)
    }
}

/// A tax number of a recipient and its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxNumber {
    pub tax_number: String,
    /// `VAT`, `EORI` or `PID`.
    pub tax_number_type: String,
}

/// What makes goods dangerous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DangerousGoods {
    /// From 0 to 9999.
    #[serde(default)]
    pub un_number: Option<u64>,
    /// In millilitres, from 1 to 99999.
    #[serde(default)]
    pub volume: Option<u64>,
}

/// So many of one product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShiptheoryItem")]
pub struct Item {
    /// How many.
    pub qty: u64,
    /// The stock-keeping unit.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// The price of one.
    pub value: Number,
    /// Kilograms of one.
    pub weight: Number,
    /// Grams of one, where a sample has others than its kilograms say.
    pub grams: Option<u64>,
    /// For customs.
    pub commodity_code: Option<String>,
    /// For customs.
    pub commodity_description: Option<String>,
    /// For customs.
    pub commodity_manucountry: Option<String>,
    /// For customs.
    pub commodity_composition: Option<String>,
    /// The manufacturer.
    pub mid_code: Option<String>,
    /// Where it lies.
    pub stock_location: Option<String>,
    /// What makes it dangerous.
    pub dangerous_goods: Option<DangerousGoods>,
}

/// What it is packed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// The package size.
    pub id: u64,
    /// Kilograms.
    pub weight: Number,
}

/// The numbers and remarks of a shipment: documentation, "Book", `shipment_detail`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShiptheoryDetail")]
pub struct Particulars {
    /// Kilograms.
    pub weight: Number,
    /// Grams, where a sample has others than its kilograms say.
    pub grams: Option<u64>,
    /// Boxes.
    pub parcels: u64,
    /// What it is worth.
    pub value: Number,
    /// What the customer paid for shipping.
    pub shipping_price: Option<Number>,
    /// A third reference.
    pub reference3: Option<String>,
    /// An extra of the carrier.
    pub enhancement_id: Option<String>,
    /// A format of the carrier.
    pub format_id: Option<String>,
    /// For the driver.
    pub instructions: Option<String>,
    /// For the recipient.
    pub gift_message: Option<String>,
    /// What the customer chose.
    pub channel_shipservice_name: Option<String>,
    /// Three letters.
    pub currency_code: Option<String>,
    /// Where it was sold.
    pub sales_source: Option<String>,
    /// The day it shall go.
    pub ship_date: Option<Date>,
    /// What rules look at.
    pub rules_metadata: Option<String>,
    /// A number for customs.
    pub duty_tax_number: Option<String>,
    /// Its kind.
    pub duty_tax_number_type: Option<String>,
}

words! {
    /// The type of a message.
    pub enum Tone {
        /// Something happened.
        Info = "info",
        /// Something worked.
        Success = "success",
        /// Something did not.
        Error = "error",
    }
}

/// A line of a shipment's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShiptheoryMessage")]
pub struct Message {
    /// What it says.
    pub message: String,
    /// When.
    pub created: Timestamp,
    /// What kind of line it is.
    #[serde(rename = "type")]
    pub tone: Tone,
    /// Where more is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_link: Option<String>,
}

/// Numbers that are given once: the documentation's examples.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShiptheoryPins")]
pub struct Pins {
    /// The tracking number that the next booking under this reference gets.
    pub tracking: Option<String>,
    /// The tracking number that its first return label gets.
    pub return_tracking: Option<String>,
}

/// A return label inside the label of a shipment: documentation, "Automatic Shipping Rules".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inlay {
    /// The return service.
    pub service: u64,
    /// Its tracking number.
    pub tracking: String,
}

/// What a client asks to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Unique in an account.
    pub reference: String,
    /// Not unique.
    pub reference2: String,
    /// Where the order came from.
    pub channel: String,
    /// Numbers and remarks.
    pub particulars: Particulars,
    pub recipient: Address,
    pub tax_numbers: Vec<TaxNumber>,
    pub sender: Address,
    pub items: Vec<Item>,
    /// What it is packed in.
    pub packages: Vec<Packed>,
    /// The ids of its tags.
    pub tags: BTreeSet<u64>,
}

/// A shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Its number inside.
    pub number: u64,
    pub account: u64,
    /// What was asked for.
    pub draft: Draft,
    pub created: Timestamp,
    /// When it was changed last.
    pub modified: Timestamp,
    pub life: Tracked<Status, Input>,
    /// The carrier it goes by.
    pub carrier: Option<String>,
    /// The delivery service it goes by.
    pub service: Option<u64>,
    /// Which instance of the carrier.
    pub increment: u64,
    /// What the carrier calls it.
    pub tracking: Option<String>,
    /// What the carrier asks for it.
    pub cost: Option<Decimal>,
    /// Why the carrier refuses it, when it does.
    pub refusal: Option<String>,
    /// Return services whose labels lie in it.
    pub returns: Vec<u64>,
    /// Their labels.
    pub inlays: Vec<Inlay>,
    /// Its history.
    pub messages: Vec<Message>,
    /// Whether its label was fetched over the API.
    pub printed: bool,
    /// What will happen by itself.
    #[serde(default, deserialize_with = "traveller::read_itinerary::<Shiptheory, _>")]
    pub itinerary: Option<Itinerary>,
    /// It stands in for what a call of the documentation makes, and gives way to the first one.
    pub example: bool,
    /// Numbers to be given.
    pub pins: Pins,
}

impl Shipment {
    /// Writes a line of its history.
    pub fn note(&mut self, at: Timestamp, tone: Tone, message: impl Into<String>) {
        self.messages.push(Message { message: message.into(), created: at, tone, help_link: None });
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_postcode_is_the_same_in_any_case_and_spacing() {
        let address = Address { postcode: "BS1 4TW".into(), ..Address::default() };
        assert!(address.has_postcode("bs14tw") && address.has_postcode(" Bs1  4tW "));
        assert!(!address.has_postcode("bs1 4t") && !address.has_postcode(""));
    }
}
