//! The JSON that Shipper prints, key by key in the documentation's order.

use std::borrow::Cow;

use serde::Serialize;
use uuid::Uuid;

use crate::frameworks::php::json_encode::{Number, php};
use crate::kit::page::Page;
use crate::kit::time::Stamp;
use crate::message::Reply;
use crate::providers::shipper::state::address::{Address, Recipient};
use crate::providers::shipper::state::catalogue::{Product, Variant};
use crate::providers::shipper::state::order::{Log, LogStatus, Order, Shipment, Tracking};
use crate::providers::shipper::state::status::OrderStatus;

/// An answer of JSON as PHP prints it.
pub fn reply<T: Serialize>(status: u16, body: &T) -> Reply {
    Reply::new(status, "application/json", php(body))
}

/// A page of a list, with the documentation's envelope.
#[derive(Debug, Serialize)]
pub struct Listed<T> {
    pub data: Vec<T>,
    pub pagination: Pagination,
}

/// Where a page stands in its list.
#[derive(Debug, Serialize)]
pub struct Pagination {
    total: u64,
    current_page: u64,
    per_page: u64,
    last_page: u64,
}

impl Pagination {
    /// A page of a list of so many.
    pub fn new(page: Page, total: u64) -> Self {
        Pagination {
            total,
            current_page: page.number,
            per_page: page.size,
            last_page: page.last_page(total),
        }
    }
}

/// A product: documentation, "List products", "Get product".
#[derive(Debug, Serialize)]
pub struct ProductRow<'a> {
    uuid: Uuid,
    name: &'a str,
    sku: &'a str,
    price: Number,
    cost: Number,
    status: &'a str,
    link: String,
    supplier_identifier: &'a str,
    available_qte: i64,
    variants: Vec<VariantRow<'a>>,
}

#[derive(Debug, Serialize)]
struct VariantRow<'a> {
    uuid: Uuid,
    name: &'a str,
    sku: &'a str,
    price: Number,
    cost: Number,
    available_qte: i64,
}

impl<'a> From<&'a Variant> for VariantRow<'a> {
    fn from(variant: &'a Variant) -> Self {
        VariantRow {
            uuid: variant.uuid,
            name: &variant.name,
            sku: &variant.sku,
            price: Number(variant.price),
            cost: Number(variant.cost),
            available_qte: variant.stock.max(0),
        }
    }
}

impl<'a> From<&'a Product> for ProductRow<'a> {
    fn from(product: &'a Product) -> Self {
        ProductRow {
            uuid: product.uuid,
            name: &product.name,
            sku: &product.sku,
            price: Number(product.price),
            cost: Number(product.cost),
            status: &product.status,
            link: format!("https://app.shipper.market/products/{}", product.uuid),
            supplier_identifier: &product.supplier,
            available_qte: product.available(),
            variants: product.variants.iter().map(VariantRow::from).collect(),
        }
    }
}

/// A row of the list of orders: documentation, "List orders".
#[derive(Debug, Serialize)]
pub struct OrderRow<'a> {
    id: u64,
    status: Option<OrderStatus>,
    store_name: Option<&'a str>,
    is_cod: bool,
    is_paid: bool,
    created_at: Stamp,
    address: ShortAddress<'a>,
    items_count: u64,
    shipments_count: usize,
    products: Vec<Named<'a>>,
    revenue: String,
    external_order_id: Option<&'a str>,
    external_order_url: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct ShortAddress<'a> {
    first_name: Cow<'a, str>,
    last_name: Cow<'a, str>,
    phone1: Cow<'a, str>,
}

/// A product by its sequential id.
#[derive(Debug, Serialize)]
pub struct Named<'a> {
    /// Its sequential id.
    pub id: u64,
    pub name: &'a str,
}

impl<'a> OrderRow<'a> {
    /// The row of an order, whose products the caller has looked up.
    pub fn new(order: &'a Order, products: Vec<Named<'a>>) -> Self {
        let Recipient { first_name, last_name, phone1, .. } = order.address.recipient();
        OrderRow {
            id: order.id,
            status: order.status(),
            store_name: order.store_name.as_deref(),
            is_cod: order.is_cod,
            is_paid: order.is_paid(),
            created_at: Stamp::iso_micros(order.created_at),
            address: ShortAddress { first_name, last_name, phone1 },
            items_count: order.items_count(),
            shipments_count: order.shipments.len(),
            products,
            revenue: order.revenue().normalize().to_string(),
            external_order_id: order.external_order_id.as_deref(),
            external_order_url: order.external_order_url.as_deref(),
        }
    }
}

/// An order, whole: documentation, "Get order".
#[derive(Debug, Serialize)]
pub struct OrderDetail<'a> {
    id: u64,
    status: Option<OrderStatus>,
    contact_task_status: Option<&'static str>,
    shipments: Vec<ShipmentRow<'a>>,
    address: &'a Address,
}

#[derive(Debug, Serialize)]
struct ShipmentRow<'a> {
    uuid: Uuid,
    status: &'static str,
    tracking_numbers: Vec<TrackingRow<'a>>,
}

#[derive(Debug, Serialize)]
struct TrackingRow<'a> {
    number: &'a str,
    logs: Vec<LogRow>,
}

#[derive(Debug, Serialize)]
struct LogRow {
    status: LogStatus,
    created_at: Stamp,
    external_timestamp: Stamp,
}

impl<'a> From<&'a Order> for OrderDetail<'a> {
    fn from(order: &'a Order) -> Self {
        OrderDetail {
            id: order.id,
            status: order.status(),
            contact_task_status: order.contact.as_ref().map(|task| task.state().word()),
            shipments: order.shipments.iter().map(ShipmentRow::from).collect(),
            address: &order.address,
        }
    }
}

impl<'a> From<&'a Shipment> for ShipmentRow<'a> {
    fn from(shipment: &'a Shipment) -> Self {
        ShipmentRow {
            uuid: shipment.uuid,
            status: shipment.life.state().word(),
            tracking_numbers: shipment.tracking.iter().map(TrackingRow::from).collect(),
        }
    }
}

impl<'a> From<&'a Tracking> for TrackingRow<'a> {
    fn from(tracking: &'a Tracking) -> Self {
        TrackingRow {
            number: &tracking.number,
            logs: tracking.logs.iter().map(LogRow::from).collect(),
        }
    }
}

impl From<&Log> for LogRow {
    fn from(log: &Log) -> Self {
        LogRow {
            status: log.status,
            created_at: Stamp::iso_micros(crate::providers::shipper::webhooks::whole_second(
                log.created_at,
            )),
            external_timestamp: Stamp::plain(log.external_timestamp),
        }
    }
}
