//! A payload that fits its table, taken apart: what is kept, in the form in which it is kept.

use serde_json::{Map, Value};

use crate::frameworks::rails::{inspect, wide_integer};
use crate::kit::fields::{Field, FieldRule, Shape};
use crate::providers::shipup::fields;
use crate::providers::shipup::machines::Status;
use crate::providers::shipup::resources::formats::{DATE_TIME, instant, whole};
use crate::providers::shipup::resources::schema::is_beside;
use crate::providers::shipup::rules::drafts::{
    FulfillmentDraft, ItemDraft, OrderDraft, TrackerDraft,
};
use crate::providers::shipup::state::order::Fields;

/// The fields of a table that are kept as they are, dates as seconds. What is null or cannot be read is not there.
fn scalars(fields: &Map<String, Value>, table: &[Field]) -> Fields {
    let kept =
        table.iter().filter(|field| !matches!(field.path, "merchant_id" | "tracking_number"));
    kept.filter_map(|field| {
        let value = fields.get(field.path).filter(|value| !value.is_null())?;
        let kept = match field.shape {
            Shape::Text if field.has(|rule| matches!(rule, FieldRule::Format(DATE_TIME, _))) => {
                Value::from(instant(value)?)
            }
            // One that came as a number is kept as it came, however large.
            Shape::Integer if is_text(value) => Value::from(whole(value)?),
            Shape::List => return None,
            Shape::Object if is_beside(field) => return None,
            _ => value.clone(),
        };
        Some((field.path.to_owned(), kept))
    })
    .collect()
}

fn is_text(value: &Value) -> bool {
    value.is_string() && wide_integer::digits(value).is_none()
}

/// An id, a number as Ruby prints it.
fn id(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).map(inspect::to_s).unwrap_or_default()
}

fn address(fields: &Map<String, Value>) -> Option<Fields> {
    let inner = fields.get("shipping_address")?.as_object()?;
    Some(scalars(inner, fields::ADDRESS))
}

fn each<T>(
    fields: &Map<String, Value>,
    name: &str,
    read: impl Fn(&Map<String, Value>) -> T,
) -> Vec<T> {
    let list = fields.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object).map(read).collect()
}

/// Reads an order that fits its table.
pub fn order(fields: &Map<String, Value>) -> OrderDraft {
    OrderDraft {
        merchant_id: id(fields, "merchant_id"),
        fields: scalars(fields, fields::ORDER),
        address: address(fields),
        items: each(fields, "line_items", |it| item(it, fields::LINE_ITEM)),
        fulfillments: each(fields, "fulfillments", fulfillment),
    }
}

fn fulfillment(fields: &Map<String, Value>) -> FulfillmentDraft {
    let mut kept = scalars(fields, fields::FULFILLMENT);
    let status = kept.remove("status_code");
    FulfillmentDraft {
        merchant_id: Some(id(fields, "merchant_id")),
        status: status.as_ref().and_then(Value::as_str).and_then(Status::of),
        fields: kept,
        address: address(fields),
        items: each(fields, "line_items", |it| item(it, fields::LINE_ITEM)),
        trackers: each(fields, "trackers", tracker),
    }
}

fn tracker(fields: &Map<String, Value>) -> TrackerDraft {
    TrackerDraft {
        number: id(fields, "tracking_number"),
        fields: scalars(fields, fields::TRACKER),
        items: each(fields, "line_items", |it| item(it, fields::SHIPPED_ITEM)),
    }
}

fn item(fields: &Map<String, Value>, table: &[Field]) -> ItemDraft {
    let mut kept = scalars(fields, table);
    let shipped = kept.remove("shipped_quantity").as_ref().and_then(wide_integer::saturated);
    ItemDraft { merchant_id: id(fields, "merchant_id"), shipped, fields: kept }
}

/// Where the fields of a tracker of `/v1/trackers` belong, and what they are called there.
#[rustfmt::skip]
const FLAT: &[(&str, Part, &str)] = &[
    ("order_number",           Part::Order,   "order_number"),
    ("order_date",             Part::Order,   "ordered_at"),
    ("email",                  Part::Order,   "email"),
    ("phone",                  Part::Order,   "phone"),
    ("first_name",             Part::Order,   "first_name"),
    ("last_name",              Part::Order,   "last_name"),
    ("language_code",          Part::Order,   "language_code"),
    ("mute_notifications",     Part::Tracker, "mute_notifications"),
    ("address_city",           Part::Address, "city"),
    ("address_country",        Part::Address, "country_code"),
    ("address_name",           Part::Address, "name"),
    ("address_state",          Part::Address, "state"),
    ("address_street",         Part::Address, "address1"),
    ("address_zip",            Part::Address, "zip"),
    ("carrier_code",           Part::Tracker, "carrier_code"),
    ("carrier_service_code",   Part::Tracker, "carrier_service_code"),
    ("custom_variables",       Part::Tracker, "custom_variables"),
    ("expected_delivery_at",   Part::Tracker, "expected_delivery_at"),
    ("untracked_carrier_name", Part::Tracker, "untracked_carrier_name"),
    ("untracked_carrier_url",  Part::Tracker, "untracked_carrier_url"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Order,
    Address,
    Tracker,
}

/// Reads a tracker of `/v1/trackers` as an order with one fulfillment and one tracker.
pub fn flat_tracker(fields: &Map<String, Value>) -> OrderDraft {
    let kept = scalars(fields, fields::FLAT_TRACKER);
    let part = |wanted: Part| -> Fields {
        let own = FLAT.iter().filter(|(_, part, _)| *part == wanted);
        own.filter_map(|(from, _, to)| Some(((*to).to_owned(), kept.get(*from)?.clone()))).collect()
    };
    let address = part(Part::Address);
    let tracker = TrackerDraft {
        number: id(fields, "tracking_number"),
        fields: part(Part::Tracker),
        items: Vec::new(),
    };
    OrderDraft {
        merchant_id: String::new(),
        fields: part(Part::Order),
        address: (!address.is_empty()).then_some(address),
        items: Vec::new(),
        fulfillments: vec![FulfillmentDraft {
            trackers: vec![tracker],
            ..FulfillmentDraft::default()
        }],
    }
}
