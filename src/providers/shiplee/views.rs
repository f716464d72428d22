//! The JSON that Shiplee prints, key by key in the documentation's order.

use serde::Serialize;

use crate::frameworks::php::json_encode::{Number, php};
use crate::message::Reply;
use crate::providers::shiplee::data::rate_card::Quote;
use crate::providers::shiplee::rules::carrier::{Payment, carrier_id};
use crate::providers::shiplee::state::accounts::{Seller, Warehouse};

/// An answer of JSON. Its bytes are those of PHP's printer: the service's habits are PHP's.
pub fn reply<T: Serialize>(status: u16, body: &T) -> Reply {
    Reply::new(status, "application/json", php(body))
}

#[derive(Serialize)]
struct Outcome<'a> {
    success: bool,
    message: &'a str,
}

/// A refusal.
pub fn failure(status: u16, message: &str) -> Reply {
    reply(status, &Outcome { success: false, message })
}

/// A success with something in it, under a name of its own behind `success` and `message`.
#[derive(Debug, Serialize)]
pub struct Success<T> {
    success: bool,
    message: &'static str,
    #[serde(flatten)]
    rest: T,
}

/// A success.
pub fn success<T: Serialize>(status: u16, message: &'static str, rest: T) -> Reply {
    reply(status, &Success { success: true, message, rest })
}

/// Documentation, "Login"; the only success without `success`.
#[derive(Debug, Serialize)]
pub struct LoggedIn<'a> {
    pub token: String,
    pub user: User<'a>,
}

/// A seller as the login shows it.
#[derive(Debug, Serialize)]
pub struct User<'a> {
    id: u64,
    email: &'a str,
    shiplee_id: &'a str,
}

impl<'a> From<&'a Seller> for User<'a> {
    fn from(seller: &'a Seller) -> Self {
        User { id: seller.id, email: &seller.email, shiplee_id: &seller.shiplee_id }
    }
}

/// What a token claims: documentation, "Authentication"; the names of the times are the standard's.
#[derive(Debug, Serialize)]
pub struct Claims<'a> {
    #[serde(flatten)]
    pub user: User<'a>,
    /// The second it was issued.
    pub iat: i64,
    /// The second from which it is void.
    pub exp: i64,
}

/// Documentation, "Add Order".
#[derive(Debug, Serialize)]
pub struct OrderAdded {
    /// The number of the order.
    pub order_id: u64,
}

/// Documentation, "Reverse Order".
#[derive(Debug, Serialize)]
pub struct ReverseOrderAdded<'a> {
    /// The printed number.
    pub reverse_order_id: &'a str,
    /// The number that booking needs: not documented, told only where a scenario says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
}

/// Documentation, "Create Shipment", "Reverse Shipment".
#[derive(Debug, Serialize)]
pub struct Booked<'a> {
    /// The waybill.
    pub awb_number: &'a str,
    pub shipment_id: &'a str,
}

/// Documentation, "Get Rates".
#[derive(Debug, Serialize)]
pub struct Rates {
    data: CarrierInfo,
}

#[derive(Debug, Serialize)]
struct CarrierInfo {
    carrier_info: Vec<Rate>,
}

#[derive(Debug, Serialize)]
struct Rate {
    carrier_id: &'static str,
    carrier_name: &'static str,
    cost: Number,
    freight_charges: Number,
    cod_charges: Number,
    tat: String,
}

impl Rates {
    /// The rates of an order that is paid in this way.
    pub fn new(quotes: Vec<Quote>, payment: Payment) -> Rates {
        let rate = |quote: Quote| Rate {
            carrier_id: carrier_id(quote.mode, payment),
            carrier_name: quote.mode.carrier_name(),
            cost: Number(quote.freight.saturating_add(quote.cod)),
            freight_charges: Number(quote.freight),
            cod_charges: Number(quote.cod),
            tat: quote.tat,
        };
        Rates { data: CarrierInfo { carrier_info: quotes.into_iter().map(rate).collect() } }
    }
}

/// What adding a warehouse answers: not documented.
#[derive(Debug, Serialize)]
pub struct WarehouseAdded {
    pub warehouse_id: u64,
}

/// Documentation, "Warehouse Management".
#[derive(Debug, Serialize)]
pub struct Warehouses<'a> {
    /// The active ones.
    pub data: Vec<WarehouseRow<'a>>,
}

/// A warehouse as it is listed: without its telephone number.
#[derive(Debug, Serialize)]
pub struct WarehouseRow<'a> {
    id: u64,
    nickname: &'a str,
    address1: &'a str,
    pincode: &'a str,
    city: &'a str,
    state: &'a str,
    #[serde(rename = "addressType")]
    address_type: &'a str,
}

impl<'a> From<&'a Warehouse> for WarehouseRow<'a> {
    fn from(warehouse: &'a Warehouse) -> Self {
        WarehouseRow {
            id: warehouse.id,
            nickname: &warehouse.nickname,
            address1: &warehouse.address1,
            pincode: &warehouse.pincode,
            city: &warehouse.city,
            state: &warehouse.state,
            address_type: &warehouse.address_type,
        }
    }
}
