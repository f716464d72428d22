//! What each endpoint of Shiplee reads.

use crate::providers::Field;
use crate::providers::Shape::{Boolean, Integer, List, Number, Object, Text};

/// `POST /login`.
pub const LOGIN: &[Field] =
    &[Field::body("username", Text).must(), Field::body("apikey", Text).must(), ORIGIN];

/// Domains are told by it.
const ORIGIN: Field = Field::header("origin").usual();

/// `POST /order`.
pub const ORDER: &[Field] = &[
    Field::body("pincode", Text).must(),
    Field::body("city", Text).must(),
    Field::body("state", Text).must(),
    Field::body("name", Text).must(),
    Field::body("email", Text).usual(),
    Field::body("mobileNumber", Text).must(),
    Field::body("altMobileNumber", Text),
    Field::body("addressLine1", Text).must(),
    Field::body("addressLine2", Text),
    Field::body("addressType", Text),
    Field::body("sameAddressCheckbox", Integer).usual(),
    Field::body("billingName", Text),
    Field::body("billingMobileNumber", Text),
    Field::body("billingEmail", Text),
    Field::body("billingAddressLine1", Text),
    Field::body("billingAddressLine2", Text),
    Field::body("billingPincode", Text),
    Field::body("billingCity", Text),
    Field::body("billingState", Text),
    Field::body("orderID", Text).must(),
    Field::body("paymentType", Text).usual(),
    Field::body("products", List).must(),
    Field::body("products[].productName", Text).must(),
    Field::body("products[].quantity", Integer).must(),
    Field::body("products[].productPrice", Number).must(),
    Field::body("products[].sku", Text).usual(),
    Field::body("parcels", List).must(),
    Field::body("parcels[].length", Number).must(),
    Field::body("parcels[].breadth", Number).must(),
    Field::body("parcels[].height", Number).must(),
    Field::body("parcels[].physicalWeight", Number).must(),
];

/// `POST /reverse_order`.
pub const REVERSE_ORDER: &[Field] = &[
    Field::body("orderId", Integer).must(),
    Field::body("awbNumber", Text).must(),
    Field::body("reason", Text).must(),
    Field::body("warehouseId", Integer).must(),
    Field::body("paymentType", Text).usual(),
    Field::body("insurance", Boolean),
    Field::body("customer", Object).must(),
    Field::body("customer.name", Text).must(),
    Field::body("customer.mobile", Text).must(),
    Field::body("customer.altMobile", Text),
    Field::body("customer.email", Text),
    Field::body("customer.address1", Text).must(),
    Field::body("customer.address2", Text),
    Field::body("customer.pincode", Text).must(),
    Field::body("customer.city", Text).must(),
    Field::body("customer.state", Text).must(),
    Field::body("customer.addressType", Text),
    Field::body("products", List).must(),
    Field::body("products[].productName", Text).must(),
    Field::body("products[].quantity", Integer).must(),
    Field::body("products[].productPrice", Number).must(),
    Field::body("products[].sku", Text),
    Field::body("parcel", Object).must(),
    Field::body("parcel.length", Number).must(),
    Field::body("parcel.breadth", Number).must(),
    Field::body("parcel.height", Number).must(),
    Field::body("parcel.physicalWeight", Number).must(),
];

/// `POST /rates`.
pub const RATES: &[Field] = &[
    Field::body("orderId", Integer).must(),
    Field::body("warehouseId", Integer).must(),
    Field::body("shipmentType", Text).must(),
];

/// `POST /create_shipment`.
pub const SHIPMENT: &[Field] = &[
    Field::body("orderId", Integer).must(),
    Field::body("warehouseId", Integer).must(),
    Field::body("action", Text).must(),
    Field::body("carrierId", Text).must(),
    Field::body("carrierName", Text).must(),
    Field::body("shipmentType", Text).must(),
];

/// `POST /reverse_create_shipment`, a form.
pub const REVERSE_SHIPMENT: &[Field] = &[
    Field::body("order_id", Integer).must(),
    Field::body("warehouse_id", Integer).must(),
    Field::body("carrierId", Text).must(),
    Field::body("carrierName", Text).must(),
];

/// `POST /add_warehouse`.
pub const WAREHOUSE: &[Field] = &[
    Field::body("nickname", Text).must(),
    Field::body("mobileNumber", Text).must(),
    Field::body("address1", Text).must(),
    Field::body("pincode", Text).must(),
    Field::body("city", Text).must(),
    Field::body("state", Text).must(),
    Field::body("addressType", Text),
];

/// `GET /get_warehouses`.
pub const WAREHOUSES: &[Field] = &[];
