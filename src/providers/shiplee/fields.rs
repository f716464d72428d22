//! Field tables: what each endpoint of Shiplee reads, in which order it looks for what it needs, and what fits there.
//! Rows without rules are checked by the handler, in sentences of its own.

use crate::kit::fields::FieldRule::{self, AnyType, Format, Max, Min};
use crate::kit::fields::{fields, joined};
use crate::kit::numeric;
use crate::providers::shiplee::data::postal::{is_mobile, is_pincode};
use crate::providers::shiplee::rules::carrier::Payment;
use crate::providers::shiplee::state::wallet::MOST;

/// The only form whose refusal is documented: "Reverse Order".
pub const PINCODE_FORM: &str = "6-digit starting 1-9";
const PINCODE: FieldRule = Format(PINCODE_FORM, is_pincode);
const MOBILE: FieldRule = Format("10-digit starting 6-9", is_mobile);
const PAYMENT: FieldRule = Format("prepaid or cod", |text| Payment::read(text).is_some());
const HOME: FieldRule = Format("home or office", |text| {
    ["home", "office"].iter().any(|word| word.eq_ignore_ascii_case(text))
});
/// A checkbox of the merchant's form: what PHP makes of `false` is empty.
const TICK: FieldRule = Format("1 or 0", |text| matches!(text, "" | "0" | "1"));
const ABOVE_ZERO: FieldRule =
    Format("a number above 0", |text| numeric::amount(text).is_some_and(|it| it.float() > 0.0));

/// Units of one product at most: ours.
const UNITS: i64 = 1_000_000;
/// Centimetres or kilograms at most: ours.
const MEASURE: i64 = 10_000;

fields! {
    /// `POST /login`. Domains are told by the origin.
    pub LOGIN {
        body   "username"            must  Text;
        body   "apikey"              must  Text;
        header "origin"              usual Text;
    }

    /// `POST /order`, in the order of the documentation's sample. Which of its fields are needed is not documented;
    /// those that a reverse order may leave out, an order may leave out too.
    pub ORDER {
        body   "pincode"             must  Text    [PINCODE];
        body   "city"                must  Text    [];
        body   "state"               must  Text    [];
        body   "name"                must  Text    [];
        body   "email"               usual Text    [];
        body   "mobileNumber"        must  Text    [MOBILE];
        body   "altMobileNumber"     may   Text    [];
        body   "addressLine1"        must  Text    [];
        body   "addressLine2"        may   Text    [];
        body   "addressType"         may   Text    [];
        body   "sameAddressCheckbox" usual Integer [AnyType, TICK];
        body   "billingName"         may   Text    [];
        body   "billingMobileNumber" may   Text    [];
        body   "billingEmail"        may   Text    [];
        body   "billingAddressLine1" may   Text    [];
        body   "billingAddressLine2" may   Text    [];
        body   "billingPincode"      may   Text    [PINCODE];
        body   "billingCity"         may   Text    [];
        body   "billingState"        may   Text    [];
        body   "orderID"             must  Text    [];
        body   "paymentType"         usual Text    [PAYMENT];
        body   "products"            must  List    [] => joined![PRODUCT, USUAL_SKU];
        body   "parcels"             must  List    [] => MEASURES;
    }

    /// `POST /reverse_order`, in the order of the documentation's table.
    pub REVERSE_ORDER {
        body   "orderId"             must  Integer;
        body   "awbNumber"           must  Text    [];
        body   "reason"              must  Text    [];
        body   "warehouseId"         must  Integer;
        body   "paymentType"         usual Text    [PAYMENT];
        body   "insurance"           may   Boolean [];
        body   "customer"            must  Object  [] => CUSTOMER;
        body   "products"            must  List    [] => joined![PRODUCT, SKU];
        body   "parcel"              must  Object  [] => MEASURES;
    }

    /// Who sends it back. The second number need not be one: documentation, "customer object".
    pub CUSTOMER {
        body   "name"                must  Text    [];
        body   "mobile"              must  Text    [MOBILE];
        body   "altMobile"           may   Text    [];
        body   "email"               may   Text    [];
        body   "address1"            must  Text    [];
        body   "address2"            may   Text    [];
        body   "pincode"             must  Text    [PINCODE];
        body   "city"                must  Text    [];
        body   "state"               must  Text    [];
        body   "addressType"         may   Text    [HOME];
    }

    /// One product of an order.
    pub PRODUCT {
        body   "productName"         must  Text    [];
        body   "quantity"            must  Integer [Min(1), Max(UNITS)];
        body   "productPrice"        must  Number  [Min(0), Max(MOST)];
    }

    USUAL_SKU {
        body   "sku"                 usual Text    [];
    }

    SKU {
        body   "sku"                 may   Text    [];
    }

    /// One piece of luggage: documentation, "parcel object".
    pub MEASURES {
        body   "length"              must  Number  [ABOVE_ZERO, Max(MEASURE)];
        body   "breadth"             must  Number  [ABOVE_ZERO, Max(MEASURE)];
        body   "height"              must  Number  [ABOVE_ZERO, Max(MEASURE)];
        body   "physicalWeight"      must  Number  [ABOVE_ZERO, Max(MEASURE)];
    }

    /// `POST /rates`.
    pub RATES {
        body   "orderId"             must  Integer;
        body   "warehouseId"         must  Integer;
        body   "shipmentType"        must  Text;
    }

    /// `POST /create_shipment`.
    pub SHIPMENT {
        body   "orderId"             must  Integer;
        body   "warehouseId"         must  Integer;
        body   "action"              must  Text;
        body   "carrierId"           must  Text;
        body   "carrierName"         must  Text;
        body   "shipmentType"        must  Text;
    }

    /// `POST /reverse_create_shipment`, a form.
    pub REVERSE_SHIPMENT {
        body   "order_id"            must  Integer;
        body   "warehouse_id"        must  Integer;
        body   "carrierId"           must  Text;
        body   "carrierName"         must  Text;
    }

    /// `POST /add_warehouse`.
    pub WAREHOUSE {
        body   "nickname"            must  Text    [];
        body   "mobileNumber"        must  Text    [MOBILE];
        body   "address1"            must  Text    [];
        body   "pincode"             must  Text    [PINCODE];
        body   "city"                must  Text    [];
        body   "state"               must  Text    [];
        body   "addressType"         may   Text    [];
    }

    /// `GET /get_warehouses`.
    pub WAREHOUSES {}
}
