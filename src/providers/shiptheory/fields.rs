//! Field tables: what each endpoint of Shiptheory reads, and the CakePHP validation of it.

use crate::kit::fields::FieldRule::{
    AnyType, Each, Filled, Lone, Max, Min, OneOf, Places, SkipBlank,
};
use crate::kit::fields::{Shape, fields, joined};
use crate::providers::Field;
use crate::providers::shiptheory::resources::formats::{
    COLOUR, COUNTRY, CURRENCY, DAY, ID, PICTURE, THREE_WORDS, UN_NUMBER, YES_OR_NO,
};
use crate::providers::shiptheory::resources::listing::FILTERS;
use crate::providers::shiptheory::resources::pages::MOST;

/// What a price or a measure may be: documentation, "Add Product". On a booking kilograms and money have no documented
/// bound; a number of seven digits is one.
const DIGITS: i64 = 9_999_999;
/// Kinds of a number for customs: documentation, "Book", `duty_tax_number_type`.
const DUTY_TYPES: &[&str] = &["ABN", "ARN", "IOSS", "EORI", "IRD", "OSS", "VOEC"];
/// Kinds of a recipient's tax number: documentation, "Book", `tax_numbers`.
const TAX_TYPES: &[&str] = &["VAT", "EORI", "PID"];

fields! {
    /// Everything stands in the path.
    pub NOTHING {}

    /// `POST /v1/token`.
    pub TOKEN {
        body  "email"                    must  Text;
        body  "password"                 must  Text;
    }

    /// `POST /v1/shipments`: documentation, "Book", with every limit of its tables.
    pub BOOK {
        body  "reference"                must  Text    [Max(255)];
        body  "reference2"               must  Text    [Max(255)];
        body  "delivery_service"         may   Integer;
        body  "increment"                may   Integer [Min(0), Max(1_000_000)];
        body  "mark_for_approval"        may   Boolean [AnyType, YES_OR_NO];
        body  "shipment_detail"          must  Object  [] => DETAIL;
        body  "recipient"                must  Object  [] => joined![ADDRESS, TAX_NUMBERS];
        body  "sender"                   may   Object  [] => ADDRESS;
        body  "products"                 may   List    [] => ITEM;
        body  "packages"                 may   List    [] => PACKAGE;
        body  "tags"                     may   List    [Each(Shape::Integer, &[ID])];
    }

    DETAIL {
        body  "weight"                   must  Number  [Min(0), Max(DIGITS), Places(3)];
        body  "parcels"                  must  Integer [Min(1), Max(9_999)];
        body  "value"                    must  Number  [Min(0), Max(DIGITS), Places(2)];
        body  "shipping_price"           may   Number  [Min(0), Max(DIGITS), Places(2)];
        body  "reference3"               may   Text    [];
        body  "enhancement_id"           may   Text    [];
        body  "format_id"                may   Text    [];
        body  "instructions"             may   Text    [];
        body  "gift_message"             may   Text    [];
        body  "channel_shipservice_name" may   Text    [];
        body  "currency_code"            may   Text    [CURRENCY];
        body  "sales_source"             may   Text    [];
        body  "ship_date"                may   Text    [DAY];
        body  "rules_metadata"           may   Text    [Max(50)];
        body  "duty_tax_number"          may   Text    [];
        body  "duty_tax_number_type"     may   Text    [OneOf(DUTY_TYPES)];
    }

    /// A recipient; a sender, if there is one, needs the same.
    ADDRESS {
        body  "company"                  may   Text    [];
        body  "firstname"                must  Text    [];
        body  "lastname"                 must  Text    [];
        body  "address_line_1"           must  Text    [];
        body  "address_line_2"           may   Text    [];
        body  "address_line_3"           may   Text    [];
        body  "city"                     must  Text    [];
        body  "county"                   may   Text    [];
        body  "country"                  must  Text    [COUNTRY];
        body  "postcode"                 must  Text    [];
        body  "telephone"                may   Text    [];
        body  "mobile"                   may   Text    [];
        body  "email"                    may   Text    [];
        body  "tax_number"               may   Text    [];
        body  "what3words"               may   Text    [THREE_WORDS];
    }

    TAX_NUMBERS {
        body  "tax_numbers"              may   List    [SkipBlank] => TAX_NUMBER;
    }

    /// Number and kind: each asks for the other.
    TAX_NUMBER {
        body  "tax_number"               must  Text    [];
        body  "tax_number_type"          must  Text    [OneOf(TAX_TYPES)];
    }

    ITEM {
        body  "name"                     must  Text    [Max(255)];
        body  "sku"                      must  Text    [Max(100)];
        body  "qty"                      may   Integer [Min(1), Max(1_000_000)];
        body  "value"                    must  Number  [Min(0), Max(DIGITS), Places(2)];
        body  "weight"                   must  Number  [Min(0), Max(DIGITS), Places(3)];
        body  "commodity_code"           may   Text    [];
        body  "commodity_description"    may   Text    [];
        body  "commodity_manucountry"    may   Text    [];
        body  "commodity_composition"    may   Text    [];
        body  "mid_code"                 may   Text    [Max(25)];
        body  "stock_location"           may   Text    [Max(100)];
        body  "dangerous_goods"          may   Object  [Lone] => DANGER;
    }

    /// Documentation, "Dangerous Goods Fields".
    DANGER {
        body  "un_number"                may   Integer [AnyType, UN_NUMBER];
        body  "volume"                   may   Integer [Min(1), Max(99_999)];
    }

    PACKAGE {
        body  "id"                       must  Integer [Min(0)];
        body  "weight"                   must  Number  [Min(0), Max(DIGITS), Places(2)];
    }

    /// Days of the list.
    DAYS {
        query "created"                  may   Text    [DAY];
        query "modified"                 may   Text    [DAY];
    }

    /// Days of the search, and what it shows.
    RANGE {
        query "created_from"             must  Text    [DAY];
        query "created_to"               must  Text    [DAY];
        query "limit"                    may   Integer [Min(1), Max(MOST as i64)];
        query "include_products"         may   Integer;
    }

    /// A list in pages.
    pub PAGES {
        query "page"                     may   Integer;
        query "limit"                    may   Integer;
        query "sort"                     may   Text;
        query "direction"                may   Text;
    }

    /// `POST /v1/picking_lists/download`: one of the references will do.
    pub PICKING {
        body  "shipments"                must  List    [] => PICKED;
    }

    PICKED {
        body  "reference_1"              may   Text    [];
        body  "reference_2"              may   Text    [];
    }

    /// `POST /v1/returns`.
    pub RETURN {
        body  "outgoing_reference"       must  Text    [];
        body  "delivery_postcode"        must  Text    [];
        body  "return_service"           must  Integer [Min(0)];
        body  "expiry"                   must  Text    [DAY];
    }

    SKU {
        body  "sku"                      must  Text    [Max(100)];
    }

    /// The SKU of an update stands in the path; a client of Shiptheory's own sends nothing but a price.
    NEW_SKU {
        body  "sku"                      usual Text    [Filled, Max(100)];
    }

    /// Documentation, "Add Product".
    SHEET {
        body  "name"                     may   Text    [Max(255)];
        body  "price"                    may   Number  [Min(0), Max(DIGITS), Places(2)];
        body  "weight"                   may   Number  [Min(0), Max(DIGITS), Places(2)];
        body  "barcode"                  may   Text    [Max(15)];
        body  "commodity_code"           may   Text    [Max(100)];
        body  "commodity_description"    may   Text    [Max(100)];
        body  "commodity_manucountry"    may   Text    [Max(100)];
        body  "commodity_composition"    may   Text    [Max(100)];
        body  "length"                   may   Number  [Min(0), Max(DIGITS), Places(2)];
        body  "width"                    may   Number  [Min(0), Max(DIGITS), Places(2)];
        body  "height"                   may   Number  [Min(0), Max(DIGITS), Places(2)];
        body  "mid_code"                 may   Text    [Max(25)];
        body  "thumbnail_url"            may   Text    [Max(200), PICTURE];
        body  "stock_location"           may   Text    [Max(100)];
        body  "dangerous_goods"          may   Object  [Lone] => DANGER;
    }

    NAME {
        body  "name"                     must  Text    [Max(50)];
    }

    /// A partial update may leave the name out.
    NEW_NAME {
        body  "name"                     may   Text    [Filled, Max(50)];
    }

    COLOURS {
        body  "background_colour"        may   Text    [COLOUR];
        body  "text_colour"              may   Text    [COLOUR];
    }
}

/// The filters that both lists of shipments have.
const FILTERED: &[Field] = &{
    let mut fields = [Field::query("", Shape::Text); FILTERS.len()];
    let mut place = 0;
    while place < FILTERS.len() {
        fields[place] = Field::query(FILTERS[place].name, Shape::Text);
        place += 1;
    }
    fields
};

/// `GET /v1/shipments/list`.
pub const LIST: &[Field] = joined![DAYS, FILTERED, PAGES];
/// `GET /v1/shipments/search`.
pub const SEARCH: &[Field] = joined![RANGE, FILTERED];
/// `POST /v1/products`.
pub const PRODUCT: &[Field] = joined![SKU, SHEET];
/// `PUT /v1/products/update/{sku}`.
pub const UPDATE: &[Field] = joined![NEW_SKU, SHEET];
/// `POST /v1/tags`, `PUT /v1/tags/{id}`.
pub const TAG: &[Field] = joined![NAME, COLOURS];
/// `PATCH /v1/tags/{id}`.
pub const RETAG: &[Field] = joined![NEW_NAME, COLOURS];
