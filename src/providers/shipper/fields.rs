//! What each endpoint of Shipper reads.

use crate::providers::Field;
use crate::providers::Shape::{Boolean, Integer, List, Number, Object, Text};

/// Endpoints that read their path only.
pub const NOTHING: &[Field] = &[];

const PAGE: Field = Field::query("page", Integer);
const PER_PAGE: Field = Field::query("per_page", Integer);
const SEARCH: Field = Field::query("search", Text);
const START: Field = Field::query("start_date", Text);
const END: Field = Field::query("end_date", Text);
const PRODUCT: Field = Field::query("retailer_product_id", Integer);

/// `GET /countries/{code}/divisions`.
pub const DIVISIONS: &[Field] =
    &[Field::query("level", Integer), Field::query("parent_id", Integer)];

/// `GET /products`.
pub const PRODUCTS: &[Field] = &[PAGE, PER_PAGE, SEARCH];

/// `GET /orders`.
pub const ORDERS: &[Field] = &[PAGE, PER_PAGE, Field::query("status", Text), SEARCH, START, END];

/// `POST /orders`.
pub const ORDER: &[Field] = &[
    Field::body("address", Object).must(),
    Field::body("address.name", Text).must(),
    Field::body("address.phone1", Text).must(),
    Field::body("address.phone2", Text),
    Field::body("address.address1", Text).must(),
    Field::body("address.address2", Text),
    Field::body("address.division_1", Text).usual(),
    Field::body("address.division_2", Text),
    Field::body("address.country", Text).must(),
    Field::body("items", List).must(),
    Field::body("items[].id", Text).must(),
    Field::body("items[].quantity", Integer).usual(),
    Field::body("items[].total_price", Number),
    Field::body("shipping_total", Number),
    Field::body("is_cod", Boolean),
    Field::body("auto_fulfill", Boolean),
    Field::body("with_confirmation", Boolean),
    Field::body("store_name", Text),
    Field::body("external_order_id", Text).usual(),
    Field::body("external_order_url", Text),
];

/// The dashboards.
pub const DASHBOARD: &[Field] = &[START, END, PRODUCT];

/// `GET /dashboard/product-performance`.
pub const PERFORMANCE: &[Field] =
    &[START, END, PRODUCT, Field::query("sort_by", Text), PAGE, PER_PAGE];

/// `POST /webhooks`.
pub const WEBHOOK: &[Field] = &[
    Field::body("url", Text).must(),
    Field::body("events", List).must(),
    Field::body("secret", Text).usual(),
];
