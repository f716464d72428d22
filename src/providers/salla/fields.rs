//! What Salla's endpoints read of a request.

use crate::providers::Field;
use crate::providers::fields::Shape::{Boolean, Integer, List, Number, Object, Text};

/// Endpoints that read nothing but their path.
pub const NOTHING: &[Field] = &[];

/// The filters of the list: the documented ones, those of its sample call, and the page that its links name.
pub const LIST: &[Field] = &[
    Field::query("order_id", Integer),
    Field::query("courier_id", Integer),
    Field::query("courier_slug", Text),
    Field::query("status", Text),
    Field::query("shipment_type", Text),
    Field::query("payment_method", Text),
    Field::query("from_date", Text),
    Field::query("to_date", Text),
    Field::query("ship_to.country_id", Integer),
    Field::query("ship_to.country_code", Text),
    Field::query("ship_to.city_id", Integer),
    Field::query("ship_from.country_id", Integer),
    Field::query("ship_from.country_code", Text),
    Field::query("ship_from.city_id", Integer),
    Field::query("source", Text),
    Field::query("per_page", Integer),
    Field::query("page", Integer),
    Field::header("accept-language"),
];

/// A shipment to be made.
pub const CREATE: &[Field] = &[
    Field::body("courier_id", Integer).must(),
    Field::body("shipment_type", Text).must(),
    Field::body("payment_method", Text).must(),
    Field::body("order_id", Integer).usual(),
    Field::body("shipment_id", Integer),
    Field::body("overwrite_exists_pending", Boolean),
    Field::body("cash_on_delivery.amount", Number),
    Field::body("cash_on_delivery.currency", Text),
    Field::body("description", Text),
    Field::body("remarks", Text),
    Field::body("external_id", Text),
    Field::body("external_additional_id", Text),
    Field::body("external_company_name", Text),
    Field::body("service_types", List),
    Field::body("policy_options", Object),
    Field::body("ship_to", Object).usual(),
    Field::body("ship_to.name", Text).must(),
    Field::body("ship_to.email", Text),
    Field::body("ship_to.phone", Text),
    Field::body("ship_to.country", Text),
    Field::body("ship_to.country_id", Integer),
    Field::body("ship_to.country_code", Text),
    Field::body("ship_to.city", Text),
    Field::body("ship_to.city_id", Integer),
    Field::body("ship_to.address_line", Text),
    Field::body("ship_to.street_number", Text),
    Field::body("ship_to.block", Text),
    Field::body("ship_to.postal_code", Text),
    Field::body("ship_to.latitude", Number),
    Field::body("ship_to.longitude", Number),
    Field::body("ship_to.geo_coordinates", Object),
    Field::body("ship_from", Object),
    Field::body("ship_from.type", Text),
    Field::body("ship_from.branch_id", Integer),
    Field::body("ship_from.name", Text),
    Field::body("ship_from.email", Text),
    Field::body("ship_from.phone", Text),
    Field::body("ship_from.country", Text),
    Field::body("ship_from.country_id", Integer),
    Field::body("ship_from.country_code", Text),
    Field::body("ship_from.city", Text),
    Field::body("ship_from.city_id", Integer),
    Field::body("ship_from.address_line", Text),
    Field::body("ship_from.street_number", Text),
    Field::body("ship_from.block", Text),
    Field::body("ship_from.postal_code", Text),
    Field::body("ship_from.latitude", Number),
    Field::body("ship_from.longitude", Number),
    Field::body("ship_from.geo_coordinates", Object),
    Field::body("packages", List).must(),
    Field::body("packages[].name", Text).must(),
    Field::body("packages[].quantity", Integer).must(),
    Field::body("packages[].sku", Text),
    Field::body("packages[].item_id", Integer),
    Field::body("packages[].external_id", Text),
    Field::body("packages[].price.amount", Number),
    Field::body("packages[].price.currency", Text),
    Field::body("packages[].weight.value", Number),
];

/// What a courier reports.
pub const UPDATE: &[Field] = &[
    Field::body("shipment_number", Text).must(),
    Field::body("status", Text).must(),
    Field::body("order_id", Integer),
    Field::body("tracking_number", Text).usual(),
    Field::body("tracking_link", Text),
    Field::body("pdf_label", Text),
    Field::body("cost", Number),
    Field::body("status_note", Text),
    Field::body("external_company_name", Text),
    Field::body("policy_options", Object),
];

/// A webhook to be registered.
pub const SUBSCRIBE: &[Field] = &[
    Field::body("event", Text).must(),
    Field::body("url", Text).must(),
    Field::body("name", Text),
    Field::body("version", Integer),
    Field::body("rule", Text),
    Field::body("headers", List),
    Field::body("security_strategy", Text),
    Field::body("secret", Text),
];

/// A webhook to be changed.
pub const RESUBSCRIBE: &[Field] = &[
    Field::body("event", Text),
    Field::body("url", Text),
    Field::body("name", Text),
    Field::body("version", Integer),
    Field::body("rule", Text),
    Field::body("headers", List),
    Field::body("security_strategy", Text),
    Field::body("secret", Text),
];

/// Webhooks to be removed.
pub const UNSUBSCRIBE: &[Field] = &[Field::query("id", Integer), Field::query("url", Text)];

/// A grant to be changed for tokens.
pub const TOKEN: &[Field] = &[
    Field::body("grant_type", Text).must(),
    Field::body("client_id", Text).usual(),
    Field::body("client_secret", Text).usual(),
    Field::body("refresh_token", Text),
    Field::body("code", Text),
    Field::body("redirect_uri", Text),
];

/// A merchant to be asked.
pub const AUTHORIZE: &[Field] = &[
    Field::query("client_id", Text).must(),
    Field::query("response_type", Text).must(),
    Field::query("redirect_uri", Text).must(),
    Field::query("scope", Text).usual(),
    Field::query("state", Text).usual(),
];
