//! Field tables: what each endpoint of Shiplee reads, and in which order it looks for what it needs.

use crate::kit::fields::{fields, joined};

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
        body   "pincode"             must  Text;
        body   "city"                must  Text;
        body   "state"               must  Text;
        body   "name"                must  Text;
        body   "email"               usual Text;
        body   "mobileNumber"        must  Text;
        body   "altMobileNumber"     may   Text;
        body   "addressLine1"        must  Text;
        body   "addressLine2"        may   Text;
        body   "addressType"         may   Text;
        body   "sameAddressCheckbox" usual Integer;
        body   "billingName"         may   Text;
        body   "billingMobileNumber" may   Text;
        body   "billingEmail"        may   Text;
        body   "billingAddressLine1" may   Text;
        body   "billingAddressLine2" may   Text;
        body   "billingPincode"      may   Text;
        body   "billingCity"         may   Text;
        body   "billingState"        may   Text;
        body   "orderID"             must  Text;
        body   "paymentType"         usual Text;
        body   "products"            must  List => joined![PRODUCT, USUAL_SKU];
        body   "parcels"             must  List => MEASURES;
    }

    /// `POST /reverse_order`, in the order of the documentation's table.
    pub REVERSE_ORDER {
        body   "orderId"             must  Integer;
        body   "awbNumber"           must  Text;
        body   "reason"              must  Text;
        body   "warehouseId"         must  Integer;
        body   "paymentType"         usual Text;
        body   "insurance"           may   Boolean;
        body   "customer"            must  Object => CUSTOMER;
        body   "products"            must  List => joined![PRODUCT, SKU];
        body   "parcel"              must  Object => MEASURES;
    }

    /// Who sends it back.
    pub CUSTOMER {
        body   "name"                must  Text;
        body   "mobile"              must  Text;
        body   "altMobile"           may   Text;
        body   "email"               may   Text;
        body   "address1"            must  Text;
        body   "address2"            may   Text;
        body   "pincode"             must  Text;
        body   "city"                must  Text;
        body   "state"               must  Text;
        body   "addressType"         may   Text;
    }

    /// One product of an order.
    pub PRODUCT {
        body   "productName"         must  Text;
        body   "quantity"            must  Integer;
        body   "productPrice"        must  Number;
    }

    USUAL_SKU {
        body   "sku"                 usual Text;
    }

    SKU {
        body   "sku"                 may   Text;
    }

    /// One piece of luggage: documentation, "parcel object".
    pub MEASURES {
        body   "length"              must  Number;
        body   "breadth"             must  Number;
        body   "height"              must  Number;
        body   "physicalWeight"      must  Number;
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
        body   "nickname"            must  Text;
        body   "mobileNumber"        must  Text;
        body   "address1"            must  Text;
        body   "pincode"             must  Text;
        body   "city"                must  Text;
        body   "state"               must  Text;
        body   "addressType"         may   Text;
    }

    /// `GET /get_warehouses`.
    pub WAREHOUSES {}
}
