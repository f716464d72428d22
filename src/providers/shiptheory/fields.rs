//! What each endpoint of Shiptheory reads.

use crate::providers::Field;
use crate::providers::Shape::{Boolean, Integer, List, Number, Object, Text};

/// `POST /v1/token`.
pub const TOKEN: &[Field] =
    &[Field::body("email", Text).must(), Field::body("password", Text).must()];

/// `POST /v1/shipments`.
pub const BOOK: &[Field] = &[
    Field::body("reference", Text).must(),
    Field::body("reference2", Text).must(),
    Field::body("delivery_service", Integer),
    Field::body("increment", Integer),
    Field::body("mark_for_approval", Boolean),
    Field::body("shipment_detail", Object).must(),
    Field::body("shipment_detail.weight", Number).must(),
    Field::body("shipment_detail.parcels", Integer).must(),
    Field::body("shipment_detail.value", Number).must(),
    Field::body("shipment_detail.shipping_price", Number),
    Field::body("shipment_detail.reference3", Text),
    Field::body("shipment_detail.enhancement_id", Text),
    Field::body("shipment_detail.format_id", Text),
    Field::body("shipment_detail.instructions", Text),
    Field::body("shipment_detail.gift_message", Text),
    Field::body("shipment_detail.channel_shipservice_name", Text),
    Field::body("shipment_detail.currency_code", Text),
    Field::body("shipment_detail.sales_source", Text),
    Field::body("shipment_detail.ship_date", Text),
    Field::body("shipment_detail.rules_metadata", Text),
    Field::body("shipment_detail.duty_tax_number", Text),
    Field::body("shipment_detail.duty_tax_number_type", Text),
    Field::body("recipient", Object).must(),
    Field::body("recipient.company", Text),
    Field::body("recipient.firstname", Text).must(),
    Field::body("recipient.lastname", Text).must(),
    Field::body("recipient.address_line_1", Text).must(),
    Field::body("recipient.address_line_2", Text),
    Field::body("recipient.address_line_3", Text),
    Field::body("recipient.city", Text).must(),
    Field::body("recipient.county", Text),
    Field::body("recipient.country", Text).must(),
    Field::body("recipient.postcode", Text).must(),
    Field::body("recipient.telephone", Text),
    Field::body("recipient.mobile", Text),
    Field::body("recipient.email", Text),
    Field::body("recipient.tax_number", Text),
    Field::body("recipient.what3words", Text),
    Field::body("recipient.tax_numbers", List),
    Field::body("recipient.tax_numbers[].tax_number", Text).must(),
    Field::body("recipient.tax_numbers[].tax_number_type", Text).must(),
    Field::body("sender", Object),
    Field::body("sender.company", Text),
    Field::body("sender.firstname", Text).must(),
    Field::body("sender.lastname", Text).must(),
    Field::body("sender.address_line_1", Text).must(),
    Field::body("sender.address_line_2", Text),
    Field::body("sender.address_line_3", Text),
    Field::body("sender.city", Text).must(),
    Field::body("sender.county", Text),
    Field::body("sender.country", Text).must(),
    Field::body("sender.postcode", Text).must(),
    Field::body("sender.telephone", Text),
    Field::body("sender.mobile", Text),
    Field::body("sender.email", Text),
    Field::body("sender.tax_number", Text),
    Field::body("sender.what3words", Text),
    Field::body("products", List),
    Field::body("products[].name", Text).must(),
    Field::body("products[].sku", Text).must(),
    Field::body("products[].qty", Integer),
    Field::body("products[].value", Number).must(),
    Field::body("products[].weight", Number).must(),
    Field::body("products[].commodity_code", Text),
    Field::body("products[].commodity_description", Text),
    Field::body("products[].commodity_manucountry", Text),
    Field::body("products[].commodity_composition", Text),
    Field::body("products[].mid_code", Text),
    Field::body("products[].stock_location", Text),
    Field::body("products[].dangerous_goods", Object),
    Field::body("products[].dangerous_goods.un_number", Integer),
    Field::body("products[].dangerous_goods.volume", Integer),
    Field::body("packages", List),
    Field::body("packages[].id", Integer).must(),
    Field::body("packages[].weight", Number).must(),
    Field::body("tags", List),
];

/// The filters that both lists of shipments have, between what only one of them reads.
macro_rules! filtered {
    ([$($before:expr),*], [$($after:expr),*]) => {
        &[
            $($before,)*
            Field::query("status", Text),
            Field::query("channel_name", Text),
            Field::query("channel_reference_id", Text),
            Field::query("channel_reference_id_2", Text),
            Field::query("ShipmentDetails.parcels", Text),
            Field::query("ShipmentDetails.weight", Text),
            Field::query("ShipmentDetails.value", Text),
            Field::query("ShipmentDetails.duty_tax_number", Text),
            Field::query("ShipmentDetails.duty_tax_number_type", Text),
            Field::query("ShipmentDetails.channel_reference_id_3", Text),
            Field::query("ShipmentDetails.ship_date", Text),
            Field::query("Couriers.couriername", Text),
            Field::query("Countries.code", Text),
            Field::query("DeliveryAddress.address_line_1", Text),
            Field::query("DeliveryAddress.address_line_2", Text),
            Field::query("DeliveryAddress.address_line_3", Text),
            Field::query("DeliveryAddress.city", Text),
            Field::query("DeliveryAddress.county", Text),
            Field::query("DeliveryAddress.postcode", Text),
            Field::query("DeliveryAddress.telephone", Text),
            Field::query("DeliveryAddress.email", Text),
            Field::query("DeliveryAddress.company", Text),
            Field::query("DeliveryAddress.firstname", Text),
            Field::query("DeliveryAddress.lastname", Text),
            Field::query("DeliveryAddress.tax_number", Text),
            Field::query("DeliveryAddress.what_3_words", Text),
            $($after,)*
        ]
    };
}

/// `GET /v1/shipments/list`.
pub const LIST: &[Field] = filtered!(
    [Field::query("created", Text), Field::query("modified", Text)],
    [
        Field::query("page", Integer),
        Field::query("limit", Integer),
        Field::query("sort", Text),
        Field::query("direction", Text)
    ]
);

/// `GET /v1/shipments/search`.
pub const SEARCH: &[Field] = filtered!(
    [
        Field::query("created_from", Text).must(),
        Field::query("created_to", Text).must(),
        Field::query("limit", Integer),
        Field::query("include_products", Integer)
    ],
    []
);

/// `POST /v1/picking_lists/download`.
pub const PICKING: &[Field] = &[
    Field::body("shipments", List).must(),
    Field::body("shipments[].reference_1", Text),
    Field::body("shipments[].reference_2", Text),
];

/// `POST /v1/returns`.
pub const RETURN: &[Field] = &[
    Field::body("outgoing_reference", Text).must(),
    Field::body("delivery_postcode", Text).must(),
    Field::body("return_service", Integer).must(),
    Field::body("expiry", Text).must(),
];

/// A list in pages.
pub const PAGES: &[Field] = &[
    Field::query("page", Integer),
    Field::query("limit", Integer),
    Field::query("sort", Text),
    Field::query("direction", Text),
];

/// `POST /v1/products`.
pub const PRODUCT: &[Field] = &[
    Field::body("sku", Text).must(),
    Field::body("name", Text),
    Field::body("price", Number),
    Field::body("weight", Number),
    Field::body("barcode", Text),
    Field::body("commodity_code", Text),
    Field::body("commodity_description", Text),
    Field::body("commodity_manucountry", Text),
    Field::body("commodity_composition", Text),
    Field::body("length", Number),
    Field::body("width", Number),
    Field::body("height", Number),
    Field::body("mid_code", Text),
    Field::body("thumbnail_url", Text),
    Field::body("stock_location", Text),
    Field::body("dangerous_goods", Object),
    Field::body("dangerous_goods.un_number", Integer),
    Field::body("dangerous_goods.volume", Integer),
];

/// `PUT /v1/products/update/{sku}`.
pub const UPDATE: &[Field] = &[
    Field::body("sku", Text).usual(),
    Field::body("name", Text),
    Field::body("price", Number),
    Field::body("weight", Number),
    Field::body("barcode", Text),
    Field::body("commodity_code", Text),
    Field::body("commodity_description", Text),
    Field::body("commodity_manucountry", Text),
    Field::body("commodity_composition", Text),
    Field::body("length", Number),
    Field::body("width", Number),
    Field::body("height", Number),
    Field::body("mid_code", Text),
    Field::body("thumbnail_url", Text),
    Field::body("stock_location", Text),
    Field::body("dangerous_goods", Object),
    Field::body("dangerous_goods.un_number", Integer),
    Field::body("dangerous_goods.volume", Integer),
];

/// `POST /v1/tags`, `PUT /v1/tags/{id}`.
pub const TAG: &[Field] = &[
    Field::body("name", Text).must(),
    Field::body("background_colour", Text),
    Field::body("text_colour", Text),
];

/// `PATCH /v1/tags/{id}`.
pub const RETAG: &[Field] = &[
    Field::body("name", Text),
    Field::body("background_colour", Text),
    Field::body("text_colour", Text),
];

/// Everything stands in the path.
pub const NOTHING: &[Field] = &[];
