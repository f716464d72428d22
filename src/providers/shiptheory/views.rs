//! The JSON that Shiptheory prints, key by key in the documentation's order.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::frameworks::php::json_encode::{Number, php};
use crate::kit::country;
use crate::kit::time::iso_seconds;
use crate::message::Reply;
use crate::providers::shiptheory::State;
use crate::providers::shiptheory::data::carriers::{self, ReturnService};
use crate::providers::shiptheory::machines::Status;
use crate::providers::shiptheory::state::accounts::{PackageSize, Product, Tag};
use crate::providers::shiptheory::state::shipment::{
    Address, DangerousGoods, Item, Message, Shipment,
};

/// An answer of JSON, with the type of the recorded one.
pub fn reply<T: Serialize + ?Sized>(status: u16, body: &T) -> Reply {
    Reply::new(status, "application/json; charset=UTF-8", php(body))
}

/// `2016-04-27T20:42:57+0000`, as every date is printed.
pub fn date(at: Timestamp) -> String {
    let mut text = iso_seconds(at);
    text.pop();
    text.push_str("+0000");
    text
}

/// What the framework refuses.
#[derive(Debug, Serialize)]
pub struct Framework<'a> {
    pub message: &'a str,
    /// What was asked for.
    pub url: &'a str,
    /// The status.
    pub code: u16,
}

/// What validation refuses, or a sentence.
#[derive(Debug, Serialize)]
pub struct Said {
    /// Fields with their rules, or the sentence.
    pub error: Value,
}

/// Documentation, "Authentication".
#[derive(Debug, Serialize)]
pub struct Entered {
    success: bool,
    data: Token,
}

#[derive(Debug, Serialize)]
struct Token {
    token: String,
}

impl Entered {
    /// The answer with a token.
    pub fn with(token: String) -> Entered {
        Entered { success: true, data: Token { token } }
    }
}

/// Documentation, "Book".
#[derive(Debug, Serialize)]
pub struct Booked<'a> {
    /// Whether the call was taken; not whether something was booked.
    pub success: bool,
    /// Where the shipment stands; null when nothing was done.
    pub status: Option<&'static str>,
    /// What the carrier said, if it was asked.
    pub carrier_result: Option<CarrierResult<'a>>,
    /// The last line of the shipment's history.
    pub message: Option<&'a str>,
}

/// What a carrier said. The keys behind `no_tracking` are not documented; a client of Shiptheory's own knows them.
#[derive(Debug, Serialize)]
pub struct CarrierResult<'a> {
    /// `success` or `failed`.
    pub status: &'static str,
    /// The tracking number.
    pub tracking: Option<&'a str>,
    /// The carrier's name.
    pub carrier: &'a str,
    /// Why there is no number; always null.
    pub no_tracking: Option<&'a str>,
    /// The rest, where a scenario says so.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub more: Option<More<'a>>,
}

/// What a carrier said besides.
#[derive(Debug, Serialize)]
pub struct More<'a> {
    service_name: &'a str,
    service_code: &'a str,
    shipment_cost: Option<Number>,
    paperless: bool,
}

impl<'a> More<'a> {
    /// Of a shipment.
    pub fn of(shipment: &'a Shipment) -> More<'a> {
        let service = shipment.service.and_then(carriers::service_of);
        More {
            service_name: service.map_or("", |it| it.name),
            service_code: service.map_or("", |it| it.code),
            shipment_cost: shipment.cost.map(Number),
            paperless: false,
        }
    }
}

/// Documentation, "View Shipment".
#[derive(Debug, Serialize)]
pub struct Viewed<'a> {
    shipment: Summary<'a>,
    tags: Vec<TagName<'a>>,
    messages: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Option<String>>,
}

#[derive(Debug, Serialize)]
struct Summary<'a> {
    channel_reference_id: &'a str,
    channel_reference_id_2: &'a str,
    created: String,
    modified: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<&'a str>,
    channel_reference_id_3: Option<&'a str>,
    duty_tax_number: Option<&'a str>,
    duty_tax_number_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_price: Option<Option<Number>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipment_cost: Option<Option<Number>>,
}

#[derive(Debug, Serialize)]
struct TagName<'a> {
    id: u64,
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    message: &'a str,
    created: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_link: Option<&'a str>,
}

impl<'a> From<&'a Message> for Line<'a> {
    fn from(line: &'a Message) -> Self {
        Line {
            message: &line.message,
            created: date(line.created),
            r#type: line.tone.word(),
            help_link: line.help_link.as_deref(),
        }
    }
}

impl<'a> Viewed<'a> {
    /// A shipment, its label in base64 if it has one.
    pub fn new(state: &'a State, shipment: &'a Shipment, label: Option<String>) -> Viewed<'a> {
        let particulars = &shipment.draft.particulars;
        let status = shipment.life.state();
        let complete = status == Status::Complete
            || (status == Status::Archived && state.switches.archived_shows_tracking);
        let when_complete = |value: Option<&'a str>| if complete { value } else { None };
        let tags = shipment.draft.tags.iter().filter_map(|id| state.tags.get(id));
        Viewed {
            shipment: Summary {
                channel_reference_id: &shipment.draft.reference,
                channel_reference_id_2: &shipment.draft.reference2,
                created: date(shipment.created),
                modified: date(shipment.modified),
                status: state.printed(status),
                tracking_number: when_complete(shipment.tracking.as_deref()),
                carrier: when_complete(shipment.carrier.as_deref()),
                channel_reference_id_3: particulars.reference3.as_deref(),
                duty_tax_number: particulars.duty_tax_number.as_deref(),
                duty_tax_number_type: particulars.duty_tax_number_type.as_deref(),
                shipping_price: complete.then_some(particulars.shipping_price),
                shipment_cost: complete.then_some(shipment.cost.map(Number)),
            },
            tags: tags.map(|tag| TagName { id: tag.id, name: &tag.name }).collect(),
            messages: shipment.messages.iter().map(Line::from).collect(),
            label: match label {
                None if !state.switches.null_label => None,
                label => Some(label),
            },
        }
    }
}

/// Documentation, "List Shipments" and "Search Shipments".
#[derive(Debug, Serialize)]
pub struct Listed<'a> {
    pub shipments: Vec<Row<'a>>,
    /// Where in the list; a search has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
}

/// A shipment as it is listed.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    created: String,
    modified: String,
    channel_reference_id: &'a str,
    channel_reference_id_2: &'a str,
    channel_name: &'a str,
    status: &'static str,
    courier: Option<Courier<'a>>,
    courierservice: Option<CourierService<'a>>,
    shipment_detail: Detail<'a>,
    delivery_address: Delivery<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    products: Option<Vec<ListedProduct<'a>>>,
    latest_public_reference: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Courier<'a> {
    couriername: &'a str,
}

#[derive(Debug, Serialize)]
struct CourierService<'a> {
    id: u64,
    #[serde(rename = "serviceName")]
    service_name: &'a str,
}

#[derive(Debug, Serialize)]
struct Detail<'a> {
    tracking_number: Option<&'a str>,
    weight: Number,
    grams: u64,
    gift_message: Option<&'a str>,
    instructions: Option<&'a str>,
    shipping_price: Option<Number>,
    value: Number,
    parcels: u64,
    width: Option<Number>,
    height: Option<Number>,
    depth: Option<Number>,
    channel_reference_id_3: Option<&'a str>,
    ship_date: Option<String>,
}

#[derive(Debug, Serialize)]
struct Delivery<'a> {
    company: Option<&'a str>,
    address_line_1: &'a str,
    address_line_2: Option<&'a str>,
    address_line_3: Option<&'a str>,
    city: &'a str,
    county: Option<&'a str>,
    postcode: &'a str,
    telephone: Option<&'a str>,
    mobile: Option<&'a str>,
    email: Option<&'a str>,
    firstname: &'a str,
    lastname: &'a str,
    tax_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_3_words: Option<&'a str>,
    country: CountryName,
}

#[derive(Debug, Serialize)]
struct CountryName {
    country: &'static str,
    code: &'static str,
}

impl<'a> From<&'a Address> for Delivery<'a> {
    fn from(address: &'a Address) -> Self {
        let country = country::by_two(&address.country);
        Delivery {
            company: address.company.as_deref(),
            address_line_1: &address.address_line_1,
            address_line_2: address.address_line_2.as_deref(),
            address_line_3: address.address_line_3.as_deref(),
            city: &address.city,
            county: address.county.as_deref(),
            postcode: &address.postcode,
            telephone: address.telephone.as_deref(),
            mobile: address.mobile.as_deref(),
            email: address.email.as_deref(),
            firstname: &address.firstname,
            lastname: &address.lastname,
            tax_number: address.tax_number.as_deref(),
            what_3_words: address.what_3_words.as_deref(),
            country: CountryName {
                country: country.map_or("", |it| it.name),
                code: country.map_or("", |it| it.three),
            },
        }
    }
}

/// A product within a search: its numbers are texts.
#[derive(Debug, Serialize)]
struct ListedProduct<'a> {
    qty: u64,
    sku: &'a str,
    name: &'a str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    barcode: Option<Option<&'a str>>,
    weight: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    grams: Option<String>,
    length: String,
    width: String,
    height: String,
    commodity_description: Option<&'a str>,
    commodity_code: Option<&'a str>,
    commodity_manucountry: Option<&'a str>,
    commodity_composition: Option<&'a str>,
}

/// Grams of so many kilograms.
pub fn grams(kilograms: Number) -> u64 {
    use rust_decimal::prelude::ToPrimitive as _;
    let grams = kilograms.0.checked_mul(Decimal::from(1_000));
    grams.and_then(|it| it.round().to_u64()).unwrap_or_default()
}

/// At least two digits behind the point.
fn two_places(number: Number) -> String {
    let places = number.0.normalize().scale().max(2);
    let mut shown = number.0;
    shown.rescale(places);
    shown.to_string()
}

impl<'a> ListedProduct<'a> {
    /// What the catalogue has on file is added, if it has the product.
    fn new(item: &'a Item, product: Option<&'a Product>) -> ListedProduct<'a> {
        let sheet = product.map(|product| &product.sheet);
        let side = |side: Option<Number>| side.unwrap_or_default().0.normalize().to_string();
        ListedProduct {
            qty: item.qty,
            sku: &item.sku,
            name: &item.name,
            value: two_places(item.value),
            catalog_price: sheet.map(|it| two_places(it.price.unwrap_or_default())),
            barcode: sheet.map(|it| it.barcode.as_deref()),
            weight: two_places(item.weight),
            grams: sheet.map(|_| item.grams.unwrap_or_else(|| grams(item.weight)).to_string()),
            length: side(sheet.and_then(|it| it.length)),
            width: side(sheet.and_then(|it| it.width)),
            height: side(sheet.and_then(|it| it.height)),
            commodity_description: item.commodity_description.as_deref(),
            commodity_code: item.commodity_code.as_deref(),
            commodity_manucountry: item.commodity_manucountry.as_deref(),
            commodity_composition: item.commodity_composition.as_deref(),
        }
    }
}

impl<'a> Row<'a> {
    /// A shipment, with its products or without.
    pub fn new(state: &'a State, shipment: &'a Shipment, with_products: bool) -> Row<'a> {
        let draft = &shipment.draft;
        let particulars = &draft.particulars;
        let service = shipment.service.and_then(carriers::service_of);
        let account = state.accounts.get(&shipment.account);
        let product = |item: &'a Item| {
            ListedProduct::new(item, account.and_then(|account| account.product(&item.sku)))
        };
        Row {
            created: date(shipment.created),
            modified: date(shipment.modified),
            channel_reference_id: &draft.reference,
            channel_reference_id_2: &draft.reference2,
            channel_name: &draft.channel,
            status: state.printed(shipment.life.state()),
            courier: shipment.carrier.as_deref().map(|couriername| Courier { couriername }),
            courierservice: service.map(|it| CourierService { id: it.id, service_name: it.name }),
            shipment_detail: Detail {
                tracking_number: shipment.tracking.as_deref(),
                weight: particulars.weight,
                grams: particulars.grams.unwrap_or_else(|| grams(particulars.weight)),
                gift_message: particulars.gift_message.as_deref(),
                instructions: particulars.instructions.as_deref(),
                shipping_price: particulars.shipping_price,
                value: particulars.value,
                parcels: particulars.parcels,
                width: None,
                height: None,
                depth: None,
                channel_reference_id_3: particulars.reference3.as_deref(),
                ship_date: particulars.ship_date.map(|day| format!("{day}T00:00:00+0000")),
            },
            delivery_address: Delivery::from(&draft.recipient),
            products: with_products.then(|| draft.items.iter().map(product).collect()),
            latest_public_reference: None,
        }
    }
}

/// Documentation, "Picking Lists".
#[derive(Debug, Serialize)]
pub struct Picking {
    /// In base64.
    pub pdf: String,
}

/// Documentation, "Creating a Return Label".
#[derive(Debug, Serialize)]
pub struct Returned<'a> {
    /// The tracking number of the way back.
    pub tracking: &'a str,
    /// In base64.
    pub label: String,
}

/// A return service: documentation, "Incoming Services (Returns)".
#[derive(Debug, Serialize)]
pub struct Incoming {
    id: u64,
    name: &'static str,
    collection_or_dropoff: &'static str,
    upper_limit_weight: u64,
    upper_length_limit: u64,
    upper_width_limit: u64,
    upper_height_limit: u64,
    incoming_countries: &'static [&'static str],
    outgoing_countries: &'static [&'static str],
}

impl From<&'static ReturnService> for Incoming {
    fn from(service: &'static ReturnService) -> Self {
        let [length, width, height] = service.sides;
        Incoming {
            id: service.id,
            name: service.name,
            collection_or_dropoff: service.handover.word(),
            upper_limit_weight: service.weight,
            upper_length_limit: length,
            upper_width_limit: width,
            upper_height_limit: height,
            incoming_countries: service.incoming,
            outgoing_countries: service.outgoing,
        }
    }
}

/// Where in a list an answer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pagination {
    pub page: u64,
    pub pages: u64,
    pub results: u64,
    pub results_per_page: u64,
    pub limit: Value,
}

/// Documentation, "Packages".
#[derive(Debug, Serialize)]
pub struct PackageSizes<'a> {
    pub package_sizes: Vec<SizeRow<'a>>,
    pub pagination: Pagination,
}

/// A package size as it is listed.
#[derive(Debug, Serialize)]
pub struct SizeRow<'a> {
    id: u64,
    name: &'a str,
    length: Number,
    width: Number,
    height: Number,
    active: bool,
    created: String,
    modified: String,
}

impl<'a> From<&'a PackageSize> for SizeRow<'a> {
    fn from(size: &'a PackageSize) -> Self {
        SizeRow {
            id: size.id,
            name: &size.name,
            length: size.length,
            width: size.width,
            height: size.height,
            active: size.active,
            created: date(size.created),
            modified: date(size.modified),
        }
    }
}

/// A tag: documentation, "Tags".
#[derive(Debug, Serialize)]
pub struct TagRow<'a> {
    id: u64,
    name: &'a str,
    background_colour: Option<&'a str>,
    text_colour: Option<&'a str>,
}

impl<'a> From<&'a Tag> for TagRow<'a> {
    fn from(tag: &'a Tag) -> Self {
        TagRow {
            id: tag.id,
            name: &tag.name,
            background_colour: tag.background_colour.as_deref(),
            text_colour: tag.text_colour.as_deref(),
        }
    }
}

/// Documentation, "List Tags".
#[derive(Debug, Serialize)]
pub struct Tags<'a> {
    pub tags: Vec<TagRow<'a>>,
    pub pagination: Pagination,
}

/// What makes goods dangerous, as it is printed.
#[derive(Debug, Serialize)]
pub struct Danger {
    un_number: Option<u64>,
    volume: Option<u64>,
}

impl From<&DangerousGoods> for Danger {
    fn from(goods: &DangerousGoods) -> Self {
        Danger { un_number: goods.un_number, volume: goods.volume }
    }
}
