//! The JSON that Salla prints, key by key in the documentation's order.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::frameworks::php::json_encode::{Number, php};
use crate::message::Reply;
use crate::providers::salla::State;
use crate::providers::salla::machines::ShipmentState;
use crate::providers::salla::state::shipment::{
    Billing, End, Kind, Label, Mark, Money, Package, Payment, Shipment, Source,
};

/// An answer of JSON. Its bytes are those of PHP's printer: the service runs on its framework.
pub fn reply<T: Serialize>(status: u16, body: &T) -> Reply {
    Reply::new(status, "application/json", php(body))
}

#[derive(Serialize)]
struct Success<T> {
    status: u16,
    success: bool,
    data: T,
}

/// A success with something in it.
pub fn success<T: Serialize>(status: u16, data: T) -> Reply {
    reply(status, &Success { status, success: true, data })
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Listed<T> {
    /// 200: a number, as in every example, not the text of the schema.
    pub status: u16,
    /// True.
    pub success: bool,
    pub data: Vec<T>,
    pub pagination: Pagination,
}

/// Where a page lies.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// Rows on this page.
    pub count: usize,
    /// Rows on all pages.
    pub total: u64,
    /// Rows on a full page.
    pub per_page: u64,
    /// From 1.
    pub current_page: u64,
    /// At least 1.
    pub total_pages: u64,
    /// `previous` and `next` as far as there are any; an empty list without.
    pub links: Value,
}

/// The clock of Riyadh: three hours east of Greenwich all year.
pub fn riyadh(at: Timestamp) -> DateTime {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    Offset::from_hours(3).unwrap_or(Offset::UTC).to_datetime(whole)
}

/// A date as PHP dumps it.
#[derive(Debug, Serialize)]
pub struct Dump {
    date: String,
    timezone_type: u8,
    timezone: &'static str,
}

impl From<Timestamp> for Dump {
    fn from(at: Timestamp) -> Self {
        let date = format!("{}.000000", riyadh(at).strftime("%Y-%m-%d %H:%M:%S"));
        Dump { date, timezone_type: 3, timezone: "Asia/Riyadh" }
    }
}

/// A decimal as the examples print it, a text of two places, or as live data has it, a number.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Printed {
    Text(String),
    Number(Number),
}

impl Printed {
    fn new(value: Decimal, live: bool) -> Printed {
        if live {
            Printed::Number(Number(value))
        } else {
            Printed::Text(format!("{:.2}", value.round_dp(2)))
        }
    }
}

#[derive(Debug, Serialize)]
struct Amount<'a> {
    amount: Printed,
    currency: &'a str,
}

impl<'a> Amount<'a> {
    fn new(money: &'a Money, live: bool) -> Amount<'a> {
        Amount { amount: Printed::new(money.amount.0, live), currency: &money.currency }
    }
}

#[derive(Debug, Serialize)]
struct Item<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    item_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    name: &'a str,
    sku: &'a str,
    price: Amount<'a>,
    quantity: u32,
    weight: Value,
}

impl<'a> Item<'a> {
    fn new(package: &'a Package, live: bool) -> Item<'a> {
        let value = Printed::new(package.weight.0, live);
        Item {
            item_id: package.item_id,
            external_id: package.external_id.as_deref(),
            name: &package.name,
            sku: &package.sku,
            price: Amount::new(&package.price, live),
            quantity: package.quantity,
            weight: if live {
                json!({ "value": value, "units": "kg" })
            } else {
                json!({ "value": value, "unit": "kg" })
            },
        }
    }
}

#[derive(Debug, Serialize)]
struct Meta {
    app_id: Option<u64>,
    policy_options: Value,
}

/// PHP prints an array as a list when its keys are the numbers from 0 on, which an empty one's are.
pub fn php_array(map: &Map<String, Value>) -> Value {
    if map.keys().enumerate().all(|(place, key)| *key == place.to_string()) {
        return map.values().cloned().collect();
    }
    Value::Object(map.clone())
}

/// A label, or the empty list that stands for none.
pub fn label(shipment: &Shipment, base: &str) -> Value {
    let url = match &shipment.label {
        None => return json!([]),
        Some(Label::Own(file)) => format!("{base}/shipping-policy/{file}"),
        Some(Label::Elsewhere(url)) => url.clone(),
    };
    json!({ "format": "pdf", "url": url })
}

#[derive(Debug, Serialize)]
struct Weight {
    value: Number,
    units: &'static str,
}

#[derive(Debug, Serialize)]
struct Reference<'a> {
    external_id: Option<&'a str>,
    external_additional_id: Option<&'a str>,
}

/// A shipment as it is listed. The keys are those of the documentation's example in its order; behind
/// `cash_on_delivery` the two that only its schema has, and what newer pages have where a client said it.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    id: u64,
    order_id: Option<u64>,
    order_reference_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference<'a>>,
    created_at: Dump,
    #[serde(rename = "type")]
    kind: Kind,
    courier_id: u64,
    courier_name: &'a str,
    courier_logo: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_company_name: Option<&'a str>,
    shipping_number: &'a str,
    tracking_number: &'a str,
    pickup_id: Option<u64>,
    trackable: bool,
    tracking_link: &'a str,
    label: Value,
    payment_method: Payment,
    source: Source,
    status: ShipmentState,
    total: Money,
    cash_on_delivery: Amount<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_international: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_weight: Option<Weight>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_types: Option<&'a [String]>,
    meta: Meta,
    ship_from: &'a End,
    ship_to: &'a End,
    packages: Vec<Item<'a>>,
    billing_account: Billing,
}

impl<'a> Row<'a> {
    /// A shipment whose label, if it lies with Salla, lies below a base.
    pub fn new(state: &State, shipment: &'a Shipment, base: &str) -> Row<'a> {
        let (live, schema) = (state.switches.live_types, !state.switches.example_fields_only);
        let extras = &shipment.extras;
        let named = extras.external_id.is_some() || extras.external_additional_id.is_some();
        let reference = named.then_some(Reference {
            external_id: extras.external_id.as_deref(),
            external_additional_id: extras.external_additional_id.as_deref(),
        });
        Row {
            id: shipment.id,
            order_id: shipment.order_id,
            order_reference_id: shipment.order_reference_id,
            reference,
            created_at: shipment.created_at.into(),
            kind: shipment.kind,
            courier_id: shipment.courier_id,
            courier_name: &shipment.courier_name,
            courier_logo: &shipment.courier_logo,
            external_company_name: extras.external_company_name.as_deref(),
            shipping_number: &shipment.shipping_number,
            tracking_number: &shipment.tracking_number,
            pickup_id: shipment.pickup_id,
            trackable: shipment.trackable,
            tracking_link: &shipment.tracking_link,
            label: label(shipment, base),
            payment_method: shipment.payment,
            source: shipment.source,
            status: shipment.life.state(),
            total: shipment.total.clone(),
            cash_on_delivery: Amount::new(&shipment.cash_on_delivery, live),
            is_international: schema.then(|| shipment.is_international()),
            total_weight: schema.then(|| Weight { value: Number(shipment.weight()), units: "kg" }),
            description: extras.description.as_deref(),
            remarks: extras.remarks.as_deref(),
            service_types: extras.service_types.as_deref(),
            meta: Meta {
                app_id: shipment.app_id,
                policy_options: php_array(&shipment.policy_options),
            },
            ship_from: &shipment.ship_from,
            ship_to: &shipment.ship_to,
            packages: shipment.packages.iter().map(|it| Item::new(it, live)).collect(),
            billing_account: shipment.billing,
        }
    }
}

/// A shipment as the example of `PUT /shipments/{id}` has it: courier and status as objects, coordinates as texts.
pub fn nested(row: &Row<'_>, shipment: &Shipment) -> Value {
    let mut data = json!(row);
    let Some(fields) = data.as_object_mut() else { return data };
    let mut out = Map::new();
    for (name, value) in std::mem::take(fields) {
        match name.as_str() {
            "courier_id" => {
                let courier = json!({
                    "id": shipment.courier_id,
                    "name": shipment.courier_name,
                    "logo": shipment.courier_logo,
                });
                out.insert("courier".to_owned(), courier);
            }
            "courier_name" | "courier_logo" => {}
            "status" => {
                let slug = shipment.life.state();
                let place = ShipmentState::ALL.iter().position(|it| *it == slug).unwrap_or(0);
                let status = json!({ "id": place + 1, "name": slug, "slug": slug });
                out.insert(name, status);
            }
            "ship_from" | "ship_to" => {
                out.insert(name, with_coordinates(value));
            }
            _ => {
                out.insert(name, value);
            }
        }
    }
    Value::Object(out)
}

fn with_coordinates(mut end: Value) -> Value {
    let Some(fields) = end.as_object_mut() else { return end };
    let mut text = |name: &str| fields.shift_remove(name).map(|it| it.to_string());
    let (lat, lng) = (text("latitude"), text("longitude"));
    fields.insert("geo_coordinates".to_owned(), json!({ "lat": lat, "lng": lng }));
    end
}

/// One line of the tracking history; `create_at` is the service's own spelling.
#[derive(Debug, Serialize)]
struct Told<'a> {
    status: ShipmentState,
    note: Option<&'a str>,
    create_at: Dump,
}

/// The way of a shipment.
#[derive(Debug, Serialize)]
pub struct Tracking<'a> {
    id: u64,
    order_id: Option<u64>,
    order_reference_id: Option<u64>,
    #[serde(rename = "type")]
    kind: Kind,
    courier_id: u64,
    courier_name: &'a str,
    courier_logo: &'a str,
    shipping_number: &'a str,
    tracking_number: &'a str,
    pickup_id: Option<u64>,
    trackable: bool,
    tracking_link: &'a str,
    label: Value,
    status: ShipmentState,
    history: Vec<Told<'a>>,
}

impl<'a> Tracking<'a> {
    /// The way of a shipment, newest first.
    pub fn new(shipment: &'a Shipment, base: &str) -> Tracking<'a> {
        let told = |mark: &'a Mark| Told {
            status: mark.status,
            note: mark.note.as_deref(),
            create_at: mark.at.into(),
        };
        Tracking {
            id: shipment.id,
            order_id: shipment.order_id,
            order_reference_id: shipment.order_reference_id,
            kind: shipment.kind,
            courier_id: shipment.courier_id,
            courier_name: &shipment.courier_name,
            courier_logo: &shipment.courier_logo,
            shipping_number: &shipment.shipping_number,
            tracking_number: &shipment.tracking_number,
            pickup_id: shipment.pickup_id,
            trackable: shipment.trackable,
            tracking_link: &shipment.tracking_link,
            label: label(shipment, base),
            status: shipment.life.state(),
            history: shipment.marks.iter().rev().map(told).collect(),
        }
    }
}
