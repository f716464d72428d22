//! What each endpoint of Shipup reads: the tables of `schema` as paths. A test holds one against the other.

use crate::providers::Field;
use crate::providers::Shape::{Boolean, Integer, List, Object, Text};

/// A field of the body below a prefix.
macro_rules! at {
    ($before:literal, $name:literal, $shape:expr) => {
        Field::body(concat!($before, $name), $shape)
    };
}

/// The fields of a list of tables below a prefix.
macro_rules! paths {
    ($($before:literal: { $($name:literal = $shape:ident $(. $need:ident)?),* $(,)? })*) => {
        &[$($( at!($before, $name, $shape)$(.$need())? ),*),*]
    };
}

/// `POST /v2/orders`.
#[rustfmt::skip]
pub const ORDER: &[Field] = paths! {
    "": {
        "merchant_id" = Text.must, "ordered_at" = Text.usual, "language_code" = Text, "email" = Text.usual, "phone" = Text,
        "order_number" = Text.usual, "custom_variables" = Object, "first_name" = Text, "last_name" = Text,
        "mute_notifications" = Boolean, "canceled" = Boolean, "line_items" = List, "shipping_address" = Object,
        "fulfillments" = List,
    }
    "shipping_address.": {
        "address1" = Text, "address2" = Text, "city" = Text, "zip" = Text, "country" = Text, "country_code" = Text,
        "state" = Text, "state_code" = Text, "first_name" = Text, "last_name" = Text, "name" = Text, "company_title" = Text,
    }
    "line_items[].": {
        "merchant_id" = Text.must, "title" = Text, "variant_title" = Text, "name" = Text, "description" = Text,
        "quantity" = Integer, "requires_shipping" = Boolean, "sku" = Text, "thumbnail" = Object, "canceled" = Boolean,
        "canceled_quantity" = Integer,
    }
    "line_items[].thumbnail.": { "src" = Text, "width" = Text, "height" = Text }
    "fulfillments[].": {
        "merchant_id" = Text.must, "fulfillment_number" = Text, "estimated_delivery_range_start" = Text,
        "estimated_delivery_range_end" = Text, "custom_variables" = Object, "status_code" = Text,
        "warehouse_merchant_id" = Text, "shipping_address" = Object, "line_items" = List, "trackers" = List,
    }
    "fulfillments[].shipping_address.": {
        "address1" = Text, "address2" = Text, "city" = Text, "zip" = Text, "country" = Text, "country_code" = Text,
        "state" = Text, "state_code" = Text, "first_name" = Text, "last_name" = Text, "name" = Text, "company_title" = Text,
    }
    "fulfillments[].line_items[].": {
        "merchant_id" = Text.must, "title" = Text, "variant_title" = Text, "name" = Text, "description" = Text,
        "quantity" = Integer, "requires_shipping" = Boolean, "sku" = Text, "thumbnail" = Object, "canceled" = Boolean,
        "canceled_quantity" = Integer,
    }
    "fulfillments[].line_items[].thumbnail.": { "src" = Text, "width" = Text, "height" = Text }
    "fulfillments[].trackers[].": {
        "carrier_code" = Text, "carrier_service_code" = Text, "custom_variables" = Object, "expected_delivery_at" = Text,
        "line_items" = List, "mute_notifications" = Boolean, "tracking_number" = Text.must,
        "untracked_carrier_name" = Text, "untracked_carrier_url" = Text,
    }
    "fulfillments[].trackers[].line_items[].": {
        "merchant_id" = Text.must, "title" = Text, "variant_title" = Text, "name" = Text, "description" = Text,
        "quantity" = Integer, "requires_shipping" = Boolean, "sku" = Text, "thumbnail" = Object, "canceled" = Boolean,
        "canceled_quantity" = Integer, "shipped_quantity" = Integer,
    }
    "fulfillments[].trackers[].line_items[].thumbnail.": { "src" = Text, "width" = Text, "height" = Text }
};

/// Where a page begins and how long it is, and what is shown whole.
macro_rules! list {
    ($($more:expr),* $(,)?) => {
        &[
            Field::query("limit", Integer),
            Field::query("starting_after", Integer),
            Field::query("ending_before", Integer),
            Field::query("expand", List),
            $($more),*
        ]
    };
}

/// `GET /v2/orders`.
pub const ORDERS: &[Field] = list![
    Field::query("email", Text),
    Field::query("order_number", Text),
    Field::query("created_at", Text),
    Field::query("ordered_at", Text),
];

/// `GET /v2/trackers`.
pub const TRACKERS: &[Field] =
    list![Field::query("tracking_number", Text), Field::query("created_at", Text)];

/// `GET /v2/orders/{id}`.
pub const ONE_ORDER: &[Field] = &[Field::query("expand", List)];

/// `POST /v2/orders/batch_create`: each element as `POST /v2/orders` takes it.
pub const BATCH: &[Field] = &[Field::body("orders", List).must()];

/// `GET /v2/jobs/{id}`.
pub const JOB: &[Field] = &[];

/// `POST /v1/trackers`.
#[rustfmt::skip]
pub const FLAT: &[Field] = paths! {
    "": { "trackers" = List.must }
    "trackers[].": {
        "address_city" = Text, "address_country" = Text, "address_name" = Text, "address_state" = Text,
        "address_street" = Text, "address_zip" = Text, "carrier_code" = Text.usual, "carrier_service_code" = Text,
        "custom_variables" = Object, "email" = Text.usual, "expected_delivery_at" = Text, "first_name" = Text,
        "language_code" = Text, "last_name" = Text, "mute_notifications" = Boolean, "order_date" = Text,
        "order_number" = Text.must, "phone" = Text, "tracking_number" = Text.must, "untracked_carrier_name" = Text,
        "untracked_carrier_url" = Text,
    }
};

#[cfg(test)]
mod tests {
    use crate::providers::shipup::resources::schema::{Column, FLAT_TRACKER, Kind, ORDER};
    use crate::providers::{Field, Need};

    /// The paths of a table and of those in it, and whether each must be there.
    fn paths(table: &[Column], before: &str, found: &mut Vec<(String, bool)>) {
        for column in table {
            let path = format!("{before}{}", column.name);
            found.push((path.clone(), column.required));
            match column.kind {
                Kind::Object(inner) | Kind::Flat(inner) => paths(inner, &format!("{path}."), found),
                Kind::List(inner) => paths(inner, &format!("{path}[]."), found),
                _ => {}
            }
        }
    }

    #[test]
    fn every_field_of_every_table_is_listed_and_no_other() {
        for (takes, table, before) in
            [(super::ORDER, ORDER, ""), (&super::FLAT[1..], FLAT_TRACKER, "trackers[].")]
        {
            let mut expected = Vec::new();
            paths(table, before, &mut expected);
            expected.sort();
            let listed = |field: &Field| (field.path.to_owned(), field.need == Need::Must);
            let mut found: Vec<(String, bool)> = takes.iter().map(listed).collect();
            found.sort();
            assert_eq!(found, expected);
        }
    }
}
