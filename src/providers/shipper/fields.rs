//! Field tables: what each endpoint of Shipper reads, and the Laravel validation of it.

use crate::frameworks::laravel::rules::URL;
use crate::kit::fields::FieldRule::{AnyType, Each, Known, Max, Min, OneOf, Size, StartsWith};
use crate::kit::fields::{Shape, fields, joined};
use crate::providers::Field;
use crate::providers::shipper::resources::dashboard::SortBy;
use crate::providers::shipper::rules::money;
use crate::providers::shipper::webhooks::TOPICS;

/// Units of one line at most.
const UNITS: i64 = 1_000_000;

fields! {
    /// Endpoints that read their path only.
    pub NOTHING {}

    /// Which part of a list. What is no number is passed over, as the framework does; what is no value is refused.
    PAGE {
        query "page"                may   Integer;
        query "per_page"            may   Integer;
    }

    /// Creation dates: documentation, "List orders".
    DATES {
        query "start_date"          may   Text;
        query "end_date"            may   Text;
    }

    SEARCH {
        query "search"              may   Text    [];
    }

    STATUS {
        query "status"              may   Text    [];
    }

    SORT {
        query "sort_by"             may   Text    [AnyType, OneOf(SortBy::WORDS)];
    }

    RETAILER_PRODUCT {
        query "retailer_product_id" may   Integer [];
    }

    /// `GET /countries/{code}/divisions`.
    pub DIVISIONS {
        query "level"               may   Integer [];
        query "parent_id"           may   Integer [];
    }

    /// `POST /orders`, in the documentation's order; the limits are inferred.
    pub ORDER {
        body  "address"             must  Object  [];
        body  "address.name"        must  Text    [Max(255)];
        body  "address.phone1"      must  Text    [Max(255), Known("phone")];
        body  "address.phone2"      may   Text    [Max(255), Known("phone")];
        body  "address.address1"    must  Text    [Max(255)];
        body  "address.address2"    may   Text    [Max(255)];
        body  "address.division_1"  usual Text    [Max(255)];
        body  "address.division_2"  may   Text    [Max(255)];
        body  "address.country"     must  Text    [Size(2), Known("country")];
        body  "items"               must  List    [Min(1)];
        body  "items[].id"          must  Text    [Known("product")];
        body  "items[].quantity"    usual Integer [Min(1), Max(UNITS)];
        body  "items[].total_price" may   Number  [Min(0), Max(money::MOST)];
        body  "shipping_total"      may   Number  [Min(0), Max(money::MOST)];
        body  "is_cod"              may   Boolean [];
        body  "auto_fulfill"        may   Boolean [];
        body  "with_confirmation"   may   Boolean [];
        body  "store_name"          may   Text    [Max(255)];
        body  "external_order_id"   usual Text    [Max(255)];
        body  "external_order_url"  may   Text    [Max(2_048)];
    }

    /// `POST /webhooks`.
    pub WEBHOOK {
        body  "url"                 must  Text    [URL, StartsWith(&["https://"]), Max(2_048)];
        body  "events"              must  List    [Min(1), Each(Shape::Text, &[OneOf(TOPICS)])];
        body  "secret"              usual Text    [Min(16), Max(255)];
    }
}

/// `GET /products`.
pub const PRODUCTS: &[Field] = joined![PAGE, SEARCH];
/// `GET /orders`.
pub const ORDERS: &[Field] = joined![PAGE, STATUS, SEARCH, DATES];
/// The dashboards.
pub const DASHBOARD: &[Field] = joined![DATES, RETAILER_PRODUCT];
/// `GET /dashboard/product-performance`.
pub const PERFORMANCE: &[Field] = joined![DATES, RETAILER_PRODUCT, SORT, PAGE];
