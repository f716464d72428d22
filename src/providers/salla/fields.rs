//! Field tables: what each endpoint of Salla reads, and the Laravel validation of it.

use crate::frameworks::laravel::rules::URL;
use crate::kit::fields::FieldRule::{AnyType, Each, Known, Max, Min, OneOf, OrNumber, Size};
use crate::kit::fields::{Shape, fields, joined};
use crate::providers::Field;
use crate::providers::salla::machines::{REPORTABLE, STATES};
use crate::providers::salla::state::shipment::WeightUnit;

/// Riyals at most.
const RIYALS: i64 = 1_000_000_000;

fields! {
    /// Endpoints that read nothing but their path.
    pub NOTHING {}

    /// The filters of the list: the documented ones, those of its sample call, and the page that its links name. Only
    /// the short name of a courier is known to be checked; the others are by analogy.
    pub LIST {
        query  "order_id"                 may   Integer [];
        query  "courier_id"               may   Integer [];
        query  "courier_slug"             may   Text    [AnyType, Known("courier")];
        query  "status"                   may   Text    [AnyType, OneOf(STATES)];
        query  "shipment_type"            may   Text    [AnyType, OneOf(&["shipment", "return"])];
        query  "payment_method"           may   Text    [AnyType, OneOf(&["pre_paid", "cod"])];
        query  "from_date"                may   Text    [AnyType, Known("date")];
        query  "to_date"                  may   Text    [AnyType, Known("date")];
        query  "ship_to.country_id"       may   Integer [];
        query  "ship_to.country_code"     may   Text    [];
        query  "ship_to.city_id"          may   Integer [];
        query  "ship_from.country_id"     may   Integer [];
        query  "ship_from.country_code"   may   Text    [];
        query  "ship_from.city_id"        may   Integer [];
        query  "source"                   may   Text    [AnyType, OneOf(&["api", "dashboard", "store"])];
        query  "per_page"                 may   Integer;
        query  "page"                     may   Integer;
        header "accept-language"          may   Text;
    }

    /// A page of a list.
    pub PAGED {
        query  "per_page"                 may   Integer;
        query  "page"                     may   Integer;
    }

    /// A shipment to be made. That a courier, a recipient's name and a branch are needed is in an example, which others
    /// are, in the schema. The name and the branch depend on the shipment before, so the handler asks for them.
    pub CREATE {
        body   "courier_id"               must  Integer [Known("courier")];
        body   "shipment_type"            must  Text    [AnyType, OneOf(&["shipment", "return"])];
        body   "payment_method"           must  Text    [AnyType, OneOf(&["pre_paid", "cod"])];
        body   "order_id"                 usual Integer [Min(1)];
        body   "shipment_id"              may   Integer [Known("shipment")];
        body   "overwrite_exists_pending" may   Boolean [];
        body   "cash_on_delivery"         may   Object  [];
        body   "cash_on_delivery.amount"  may   Number  [Min(0), Max(RIYALS)];
        body   "cash_on_delivery.currency" may  Text    [Size(3)];
        body   "description"              may   Text    [];
        body   "remarks"                  may   Text    [];
        body   "external_id"              may   Text    [OrNumber];
        body   "external_additional_id"   may   Text    [OrNumber];
        body   "external_company_name"    may   Text    [];
        body   "policy_options"           may   Object  [];
        body   "service_types"            may   List    [Each(Shape::Text, &[])];
        body   "ship_to"                  usual Object  [] => joined![RECIPIENT, ADDRESS];
        body   "ship_from"                may   Object  [] => joined![SENDER, ADDRESS];
        body   "packages"                 must  List    [] => PACKAGE;
    }

    RECIPIENT {
        body   "name"                     must  Text;
    }

    SENDER {
        body   "type"                     may   Text    [AnyType, OneOf(&["address", "branch"])];
        body   "branch_id"                may   Integer [];
        body   "name"                     may   Text    [];
    }

    /// Cities are named or numbered, as countries are; the example has coordinates as numbers and, below the sender, in
    /// lists of one.
    ADDRESS {
        body   "email"                    may   Text    [];
        body   "phone"                    may   Text    [OrNumber];
        body   "country"                  may   Text    [AnyType, Known("country")];
        body   "country_id"               may   Integer [AnyType, Known("country")];
        body   "country_code"             may   Text    [AnyType, Known("country")];
        body   "city"                     may   Text    [OrNumber];
        body   "city_id"                  may   Integer [];
        body   "address_line"             may   Text    [];
        body   "street_number"            may   Text    [OrNumber];
        body   "block"                    may   Text    [OrNumber];
        body   "postal_code"              may   Text    [OrNumber];
        body   "latitude"                 may   Number  [AnyType, Known("coordinate")];
        body   "longitude"                may   Number  [AnyType, Known("coordinate")];
        body   "geo_coordinates"          may   Object  [];
        body   "geo_coordinates.lat"      may   Number  [AnyType, Known("coordinate")];
        body   "geo_coordinates.lng"      may   Number  [AnyType, Known("coordinate")];
        body   "geo_coordinates.latitude" may   Number  [AnyType, Known("coordinate")];
        body   "geo_coordinates.longitude" may  Number  [AnyType, Known("coordinate")];
    }

    PACKAGE {
        body   "name"                     must  Text    [];
        body   "quantity"                 must  Integer [Min(1), Max(1_000_000)];
        body   "sku"                      may   Text    [OrNumber];
        body   "item_id"                  may   Integer [Min(1)];
        body   "external_id"              may   Text    [OrNumber];
        body   "price"                    may   Object  [];
        body   "price.amount"             may   Number  [Min(0), Max(RIYALS)];
        body   "price.currency"           may   Text    [Size(3)];
        body   "weight"                   may   Object  [];
        body   "weight.value"             may   Number  [Min(0), Max(1_000_000)];
        /// As the request's schema calls it; the answers' examples say `unit`.
        body   "weight.units"             may   Text    [AnyType, OneOf(WeightUnit::WORDS)];
        body   "weight.unit"              may   Text    [AnyType, OneOf(WeightUnit::WORDS)];
    }

    /// What a courier reports. Number and status are needed since January 2025.
    pub UPDATE {
        body   "shipment_number"          must  Text    [OrNumber];
        body   "status"                   must  Text    [AnyType, OneOf(REPORTABLE)];
        body   "order_id"                 may   Integer [Min(1)];
        body   "tracking_number"          usual Text    [OrNumber];
        body   "tracking_link"            may   Text    [URL, Max(300)];
        body   "pdf_label"                may   Text    [URL, Max(300)];
        body   "cost"                     may   Number  [Min(0), Max(RIYALS)];
        body   "status_note"              may   Text    [];
        body   "external_company_name"    may   Text    [];
        body   "policy_options"           may   Object  [];
    }

    NAME {
        body   "name"                     may   Text    [Max(255)];
    }

    TARGET {
        /// Those of shipments happen, and `order.shipment.*` with them; what the others tell of is not played.
        body   "event"                    must  Text    [AnyType, Known("event")];
        body   "url"                      must  Text    [AnyType, Known("url")];
    }

    NEW_TARGET {
        body   "event"                    may   Text    [AnyType, Known("event")];
        body   "url"                      may   Text    [AnyType, Known("url")];
    }

    OPTIONS {
        body   "version"                  may   Integer [AnyType, OneOf(&["1", "2"])];
        body   "rule"                     may   Text    [Max(1_000)];
        body   "headers"                  may   List    [];
        body   "security_strategy"        may   Text    [AnyType, OneOf(&["signature", "token", "none"])];
        body   "secret"                   may   Text    [Max(255)];
    }

    /// Webhooks to be removed.
    pub UNSUBSCRIBE {
        query  "id"                       may   Integer [];
        query  "url"                      may   Text    [];
    }

    /// A grant to be changed for tokens.
    pub TOKEN {
        body   "grant_type"               must  Text;
        body   "client_id"                usual Text;
        body   "client_secret"            usual Text;
        body   "refresh_token"            may   Text;
        body   "code"                     may   Text;
        body   "redirect_uri"             may   Text;
    }

    /// A merchant to be asked.
    pub AUTHORIZE {
        query  "client_id"                must  Text;
        query  "response_type"            must  Text;
        query  "redirect_uri"             must  Text;
        query  "scope"                    usual Text;
        query  "state"                    usual Text;
    }
}

/// A webhook to be registered.
pub const SUBSCRIBE: &[Field] = joined![NAME, TARGET, OPTIONS];
/// A webhook to be changed.
pub const RESUBSCRIBE: &[Field] = joined![NAME, NEW_TARGET, OPTIONS];
