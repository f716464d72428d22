//! Field tables: what each endpoint of Shipup reads, and the types that its payloads are held against.

use crate::kit::fields::FieldRule::{Beside, OrNumber};
use crate::kit::fields::{fields, joined};
use crate::providers::Field;
use crate::providers::shipup::resources::formats::{DATE, LANGUAGE, STATUS};

/// Objects on a page at most: public page "Pagination".
pub const MOST_ON_A_PAGE: usize = 100;
/// Orders of a batch at most: public page "Batch create or update orders".
pub const MOST_ORDERS: usize = 100;

fields! {
    /// `POST /v2/orders`: documentation, "Request payload".
    pub ORDER {
        body  "merchant_id"                    must  Text    [];
        body  "ordered_at"                     usual Text    [OrNumber, DATE];
        body  "language_code"                  may   Text    [LANGUAGE];
        body  "email"                          usual Text    [];
        body  "phone"                          may   Text    [];
        body  "order_number"                   usual Text    [];
        body  "custom_variables"               may   Object  [];
        body  "first_name"                     may   Text    [];
        body  "last_name"                      may   Text    [];
        body  "mute_notifications"             may   Boolean [];
        body  "canceled"                       may   Boolean [];
        body  "line_items"                     may   List    []       => LINE_ITEM;
        body  "shipping_address"               may   Object  [Beside] => ADDRESS;
        body  "fulfillments"                   may   List    []       => FULFILLMENT;
    }

    /// Documentation, "Shipping Address payload".
    pub ADDRESS {
        body  "address1"                       may   Text    [];
        body  "address2"                       may   Text    [];
        body  "city"                           may   Text    [];
        body  "zip"                            may   Text    [];
        body  "country"                        may   Text    [];
        body  "country_code"                   may   Text    [];
        body  "state"                          may   Text    [];
        body  "state_code"                     may   Text    [];
        body  "first_name"                     may   Text    [];
        body  "last_name"                      may   Text    [];
        body  "name"                           may   Text    [];
        body  "company_title"                  may   Text    [];
    }

    /// Documentation, "Line item payload", in an order or a fulfillment.
    pub LINE_ITEM {
        body  "merchant_id"                    must  Text    [];
        body  "title"                          may   Text    [];
        body  "variant_title"                  may   Text    [];
        body  "name"                           may   Text    [];
        body  "description"                    may   Text    [];
        body  "quantity"                       may   Integer [];
        body  "requires_shipping"              may   Boolean [];
        body  "sku"                            may   Text    [];
        body  "thumbnail"                      may   Object  []       => THUMBNAIL;
        body  "canceled"                       may   Boolean [];
        body  "canceled_quantity"              may   Integer [];
    }

    /// Documentation, "Line item payload", `thumbnail`: the sample has texts, a known client sends numbers.
    THUMBNAIL {
        body  "src"                            may   Text    [];
        body  "width"                          may   Text    [OrNumber];
        body  "height"                         may   Text    [OrNumber];
    }

    /// Documentation, "Fulfillment Payload".
    pub FULFILLMENT {
        body  "merchant_id"                    must  Text    [];
        body  "fulfillment_number"             may   Text    [];
        body  "estimated_delivery_range_start" may   Text    [OrNumber, DATE];
        body  "estimated_delivery_range_end"   may   Text    [OrNumber, DATE];
        body  "custom_variables"               may   Object  [];
        body  "status_code"                    may   Text    [STATUS];
        body  "warehouse_merchant_id"          may   Text    [];
        body  "shipping_address"               may   Object  [Beside] => ADDRESS;
        body  "line_items"                     may   List    []       => LINE_ITEM;
        body  "trackers"                       may   List    []       => TRACKER;
    }

    /// Documentation, "Tracker payload".
    pub TRACKER {
        body  "carrier_code"                   may   Text    [];
        body  "carrier_service_code"           may   Text    [];
        body  "custom_variables"               may   Object  [];
        body  "expected_delivery_at"           may   Text    [OrNumber, DATE];
        body  "line_items"                     may   List    []       => SHIPPED_ITEM;
        body  "mute_notifications"             may   Boolean [];
        body  "tracking_number"                must  Text    [OrNumber];
        body  "untracked_carrier_name"         may   Text    [];
        body  "untracked_carrier_url"          may   Text    [];
    }

    SHIPPED {
        body  "shipped_quantity"               may   Integer [];
    }

    /// `POST /v1/trackers`.
    pub FLAT {
        body  "trackers"                       must  List    []       => FLAT_TRACKER;
    }

    /// A tracker of `POST /v1/trackers`: the order, the address and the parcel in one row.
    pub FLAT_TRACKER {
        body  "address_city"                   may   Text    [];
        body  "address_country"                may   Text    [];
        body  "address_name"                   may   Text    [];
        body  "address_state"                  may   Text    [];
        body  "address_street"                 may   Text    [];
        body  "address_zip"                    may   Text    [];
        body  "carrier_code"                   usual Text    [];
        body  "carrier_service_code"           may   Text    [];
        body  "custom_variables"               may   Object  [];
        body  "email"                          usual Text    [];
        body  "expected_delivery_at"           may   Text    [OrNumber, DATE];
        body  "first_name"                     may   Text    [];
        body  "language_code"                  may   Text    [LANGUAGE];
        body  "last_name"                      may   Text    [];
        body  "mute_notifications"             may   Boolean [];
        body  "order_date"                     may   Text    [OrNumber, DATE];
        body  "order_number"                   must  Text    [];
        body  "phone"                          may   Text    [];
        body  "tracking_number"                must  Text    [OrNumber];
        body  "untracked_carrier_name"         may   Text    [];
        body  "untracked_carrier_url"          may   Text    [];
    }

    /// `POST /v2/orders/batch_create`: each element is held against `POST /v2/orders` when its turn comes.
    pub BATCH {
        body  "orders"                         must  List    [];
    }

    /// `GET /v2/jobs/{id}`.
    pub JOB {}

    /// Where a page begins and how long it is.
    PAGE {
        query "limit"                          may   Integer;
        query "starting_after"                 may   Integer;
        query "ending_before"                  may   Integer;
    }

    /// `GET /v2/orders/{id}`: what is shown whole.
    pub ONE_ORDER {
        query "expand"                         may   List;
    }

    ORDER_FILTERS {
        query "email"                          may   Text;
        query "order_number"                   may   Text;
        query "created_at"                     may   Text;
        query "ordered_at"                     may   Text;
    }

    TRACKER_FILTERS {
        query "tracking_number"                may   Text;
        query "created_at"                     may   Text;
    }
}

/// A line item within a tracker, where it may be told how much of it is in the parcel.
pub const SHIPPED_ITEM: &[Field] = joined![LINE_ITEM, SHIPPED];
/// `GET /v2/orders`.
pub const ORDERS: &[Field] = joined![PAGE, ONE_ORDER, ORDER_FILTERS];
/// `GET /v2/trackers`.
pub const TRACKERS: &[Field] = joined![PAGE, ONE_ORDER, TRACKER_FILTERS];
