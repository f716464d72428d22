//! Accounts, and what they set up: carriers, shipping rules, package sizes, tags, products.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::frameworks::php::json_encode::Number;
use crate::kit::collation::Collated;
use crate::providers::shiptheory::data::carriers::Service;
use crate::providers::shiptheory::state::shipment::{Address, DangerousGoods, Draft};
use crate::sim::secrets::{Fingerprint, fingerprint};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Unique in a world; what a token speaks of.
    pub id: u64,
    /// What stands before its credentials in `presets`; nothing for the first.
    pub name: String,
    /// What it logs in with.
    pub email: String,
    /// What it logs in with.
    pub password: String,
    /// What its tokens are signed with.
    pub secret: String,
    /// Tokens that never expire, the first the one `presets` shows.
    pub tokens: Vec<String>,
    /// Where its shipments come from when they do not say.
    pub sender: Address,
    /// The carriers it has, and which instances of each.
    pub carriers: BTreeMap<String, Vec<u64>>,
    /// How shipments find their carrier, the first that fits first.
    pub rules: Vec<ShippingRule>,
    pub package_sizes: BTreeMap<u64, PackageSize>,
    /// Its products by stock-keeping unit.
    pub products: BTreeMap<Collated, Product>,
    /// What happens to its next bookings; past them, as usual.
    pub next_journeys: VecDeque<String>,
}

impl Account {
    /// Whether these are its credentials; takes the same time wherever they differ.
    pub fn opens_with(&self, email: &str, password: &str) -> bool {
        self.email.eq_ignore_ascii_case(email)
            && fingerprint(&self.password) == fingerprint(password)
    }

    /// Whether a permanent token is its own.
    pub fn has_token(&self, token: &Fingerprint) -> bool {
        self.tokens.iter().any(|own| fingerprint(own) == *token)
    }

    /// The instances of its carrier by which it has a service.
    pub fn instances(&self, service: &Service) -> impl Iterator<Item = u64> {
        let own = self.carriers.get(service.carrier.word()).into_iter().flatten();
        own.copied().filter(|instance| service.increments.contains(instance))
    }

    /// The rule that takes a shipment.
    pub fn rule(&self, draft: &Draft) -> Option<&ShippingRule> {
        self.rules.iter().find(|rule| rule.takes(draft))
    }

    /// A product by its SKU, as the database compares it.
    pub fn product(&self, sku: &str) -> Option<&Product> {
        self.products.get(&Collated::new(sku))
    }

    /// Adds a product; its SKU must be free, or that of an example, which gives way.
    pub fn add_product(&mut self, product: Product) {
        let sku = Collated::new(&product.sheet.sku);
        // A key stays as it was first written; the one of an example is not how this SKU is written.
        self.products.remove(&sku);
        self.products.insert(sku, product);
    }

    /// What a new product is numbered.
    pub fn next_product(&self) -> u64 {
        self.products.values().map(|product| product.number).max().unwrap_or(0).saturating_add(1)
    }
}

/// How shipments find their carrier. Every condition that is there has to be met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShippingRule {
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// To one of these countries, in two letters; to any when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// At least so many kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_from: Option<Number>,
    /// At most so many kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_to: Option<Number>,
    /// Worth at least so much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<Number>,
    /// Worth at most so much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_to: Option<Number>,
    /// `rules_metadata` is this, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// The delivery service it goes by.
    pub service: u64,
    /// Which instance of the carrier; the first when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<u64>,
    /// Somebody has to approve it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approve: bool,
    /// Return services whose labels are put into it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<u64>,
}

impl ShippingRule {
    fn takes(&self, draft: &Draft) -> bool {
        let within = |value: Decimal, from: Option<Number>, to: Option<Number>| {
            from.is_none_or(|from| from.0 <= value) && to.is_none_or(|to| value <= to.0)
        };
        let country = &draft.recipient.country;
        let particulars = &draft.particulars;
        let metadata = particulars.rules_metadata.as_deref().unwrap_or_default();
        (self.countries.is_empty()
            || self.countries.iter().any(|it| it.eq_ignore_ascii_case(country)))
            && within(particulars.weight.0, self.weight_from, self.weight_to)
            && within(particulars.value.0, self.value_from, self.value_to)
            && self.metadata.as_ref().is_none_or(|it| it.eq_ignore_ascii_case(metadata))
    }
}

/// A size of a package: documentation, "Packages".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageSize {
    /// Unique in a world.
    pub id: u64,
    pub name: String,
    pub length: Number,
    pub width: Number,
    pub height: Number,
    pub active: bool,
    pub created: Timestamp,
    /// When it was changed last.
    pub modified: Timestamp,
}

/// A tag: documentation, "Tags".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Unique in a world.
    pub id: u64,
    pub account: u64,
    /// Unique in an account.
    pub name: String,
    /// A hexadecimal colour.
    pub background_colour: Option<String>,
    /// A hexadecimal colour.
    pub text_colour: Option<String>,
    /// It gives way to the first call that makes it.
    pub example: bool,
}

/// A product: documentation, "Products".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// In the order in which they came.
    pub number: u64,
    /// What is on file.
    pub sheet: Sheet,
    pub created: Timestamp,
    /// When it was changed last.
    pub modified: Timestamp,
    /// It gives way to the first call that makes it.
    pub example: bool,
}

/// What is on file about a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShiptheoryProductSheet")]
pub struct Sheet {
    /// Unique in an account.
    pub sku: String,
    /// Its name.
    pub name: Option<String>,
    /// Its price.
    pub price: Option<Number>,
    /// Kilograms.
    pub weight: Option<Number>,
    /// Its bar code.
    pub barcode: Option<String>,
    /// For customs.
    pub commodity_code: Option<String>,
    /// For customs.
    pub commodity_description: Option<String>,
    /// For customs.
    pub commodity_manucountry: Option<String>,
    /// For customs.
    pub commodity_composition: Option<String>,
    /// How long it is.
    pub length: Option<Number>,
    /// How wide it is.
    pub width: Option<Number>,
    /// How high it is.
    pub height: Option<Number>,
    /// The manufacturer.
    pub mid_code: Option<String>,
    /// A picture.
    pub thumbnail_url: Option<String>,
    /// Where it lies.
    pub stock_location: Option<String>,
    /// What makes it dangerous.
    pub dangerous_goods: Option<DangerousGoods>,
}
