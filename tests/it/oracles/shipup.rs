//! Shipup's oracle: the tables of its documentation, and the whole tree of a 400 from them.

use serde_json::{Map, Value, json};
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;

use super::{bodies, pointers};
use crate::harness::{Read as _, TestWorld, with_json};
use crate::shipup::Merchant;

/// The types that the documentation names, and what holds fields of its own.
#[derive(Debug, Clone, Copy)]
enum Type {
    Text,
    /// The documented 400 says "String or Numeric".
    TextOrNumber,
    DateTime,
    Boolean,
    Integer,
    Object,
    /// Its problems are told beside it: the documented 400.
    Address,
    Thumbnail,
    Items,
    ShippedItems,
    Fulfillments,
    Trackers,
    FlatTrackers,
}

use Type::{
    Address, Boolean, DateTime, FlatTrackers, Fulfillments, Integer, Items, Object, ShippedItems,
    Text, TextOrNumber, Thumbnail, Trackers,
};

/// Name, type, required: documentation, the tables of the payloads.
type Row = (&'static str, Type, bool);

const ORDER: &[Row] = &[
    ("merchant_id", Text, true),
    ("ordered_at", DateTime, false),
    ("language_code", Text, false),
    ("email", Text, false),
    ("phone", Text, false),
    ("order_number", Text, false),
    ("custom_variables", Object, false),
    ("first_name", Text, false),
    ("last_name", Text, false),
    ("mute_notifications", Boolean, false),
    ("canceled", Boolean, false),
    ("line_items", Items, false),
    ("shipping_address", Address, false),
    ("fulfillments", Fulfillments, false),
];

const ADDRESS: &[Row] = &[
    ("address1", Text, false),
    ("address2", Text, false),
    ("city", Text, false),
    ("zip", Text, false),
    ("country", Text, false),
    ("country_code", Text, false),
    ("state", Text, false),
    ("state_code", Text, false),
    ("first_name", Text, false),
    ("last_name", Text, false),
    ("name", Text, false),
    ("company_title", Text, false),
];

const ITEM: &[Row] = &[
    ("merchant_id", Text, true),
    ("title", Text, false),
    ("variant_title", Text, false),
    ("name", Text, false),
    ("description", Text, false),
    ("quantity", Integer, false),
    ("requires_shipping", Boolean, false),
    ("sku", Text, false),
    ("thumbnail", Thumbnail, false),
    ("canceled", Boolean, false),
    ("canceled_quantity", Integer, false),
];

/// Texts in the documentation's sample, numbers in a known client's.
const THUMBNAIL: &[Row] =
    &[("src", Text, false), ("width", TextOrNumber, false), ("height", TextOrNumber, false)];

const FULFILLMENT: &[Row] = &[
    ("merchant_id", Text, true),
    ("fulfillment_number", Text, false),
    ("estimated_delivery_range_start", DateTime, false),
    ("estimated_delivery_range_end", DateTime, false),
    ("custom_variables", Object, false),
    ("status_code", Text, false),
    ("warehouse_merchant_id", Text, false),
    ("shipping_address", Address, false),
    ("line_items", Items, false),
    ("trackers", Trackers, false),
];

const TRACKER: &[Row] = &[
    ("carrier_code", Text, false),
    ("carrier_service_code", Text, false),
    ("custom_variables", Object, false),
    ("expected_delivery_at", DateTime, false),
    ("line_items", ShippedItems, false),
    ("mute_notifications", Boolean, false),
    ("tracking_number", TextOrNumber, true),
    ("untracked_carrier_name", Text, false),
    ("untracked_carrier_url", Text, false),
];

/// Public page "Create or update trackers".
const FLAT: &[Row] = &[("trackers", FlatTrackers, true)];

const FLAT_TRACKER: &[Row] = &[
    ("address_city", Text, false),
    ("address_country", Text, false),
    ("address_name", Text, false),
    ("address_state", Text, false),
    ("address_street", Text, false),
    ("address_zip", Text, false),
    ("carrier_code", Text, false),
    ("carrier_service_code", Text, false),
    ("custom_variables", Object, false),
    ("email", Text, false),
    ("expected_delivery_at", DateTime, false),
    ("first_name", Text, false),
    ("language_code", Text, false),
    ("last_name", Text, false),
    ("mute_notifications", Boolean, false),
    ("order_date", DateTime, false),
    ("order_number", Text, true),
    ("phone", Text, false),
    ("tracking_number", TextOrNumber, true),
    ("untracked_carrier_name", Text, false),
    ("untracked_carrier_url", Text, false),
];

/// A value as Ruby tells of it: class, and `to_s`. Only what the inputs hold.
fn ruby(value: &Value) -> (&'static str, String) {
    let inner = |value: &Value| match value {
        Value::String(text) => format!("\"{text}\""),
        other => ruby(other).1,
    };
    match value {
        Value::Null => ("NilClass", String::new()),
        Value::Bool(true) => ("TrueClass", "true".into()),
        Value::Bool(false) => ("FalseClass", "false".into()),
        Value::Number(number) => match number.to_string().as_str() {
            "1e-7" => ("Float", "1.0e-07".into()),
            "1e300" | "1e+300" => ("Float", "1.0e+300".into()),
            float if float.contains('.') => ("Float", float.to_owned()),
            whole => ("Integer", whole.to_owned()),
        },
        Value::String(text) => ("String", text.clone()),
        Value::Array(list) => {
            let all: Vec<String> = list.iter().map(inner).collect();
            ("Array", format!("[{}]", all.join(", ")))
        }
        Value::Object(fields) => {
            let all: Vec<String> =
                fields.iter().map(|(name, it)| format!("\"{name}\"=>{}", inner(it))).collect();
            ("Hash", format!("{{{}}}", all.join(", ")))
        }
    }
}

fn unless(fits: bool, value: &Value, expected: &str) -> Option<Value> {
    let (class, shown) = ruby(value);
    let text = format!("Wrong data type: given, {class} ({shown}) expected: {expected}");
    (!fits).then(|| Value::from(text))
}

/// What is wrong with an object, place by place.
fn wrong(table: &[Row], fields: &Map<String, Value>) -> Map<String, Value> {
    let mut tree = Map::new();
    for (name, kind, required) in table {
        let value = fields.get(*name).unwrap_or(&Value::Null);
        let blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        if *required && blank {
            tree.insert((*name).to_owned(), json!("Required"));
        } else if let (Address, Value::Object(inner)) = (kind, value) {
            for (name, problem) in wrong(ADDRESS, inner) {
                tree.entry(name).or_insert(problem);
            }
        } else if !value.is_null()
            && let Some(problem) = wrong_value(*kind, value)
        {
            tree.insert((*name).to_owned(), problem);
        }
    }
    tree
}

fn wrong_value(kind: Type, value: &Value) -> Option<Value> {
    let below = |tree: Map<String, Value>| (!tree.is_empty()).then_some(Value::Object(tree));
    let each = |table: &'static [Row]| {
        let Value::Array(list) = value else { return unless(false, value, "Array") };
        let mut tree = Map::new();
        for (place, element) in list.iter().enumerate() {
            let problem = match element {
                Value::Object(fields) => below(wrong(table, fields)),
                other => unless(false, other, "Hash"),
            };
            tree.extend(problem.map(|problem| (place.to_string(), problem)));
        }
        below(tree)
    };
    match kind {
        Text => unless(value.is_string(), value, "String"),
        TextOrNumber | DateTime => {
            unless(value.is_string() || value.is_number(), value, "String or Numeric")
        }
        Boolean => unless(value.is_boolean(), value, "TrueClass or FalseClass"),
        Integer => unless(value.is_i64() || value.is_u64(), value, "Integer"),
        Object | Address => unless(value.is_object(), value, "Hash"),
        Thumbnail => match value {
            Value::Object(fields) => below(wrong(THUMBNAIL, fields)),
            other => unless(false, other, "Hash"),
        },
        Items => each(ITEM),
        ShippedItems => {
            // The table of items and one field more.
            const SHIPPED: &[Row] = &[("shipped_quantity", Integer, false)];
            let Value::Array(list) = value else { return unless(false, value, "Array") };
            let mut tree = Map::new();
            for (place, element) in list.iter().enumerate() {
                let problem = match element {
                    Value::Object(fields) => {
                        let mut found = wrong(ITEM, fields);
                        found.extend(wrong(SHIPPED, fields));
                        below(found)
                    }
                    other => unless(false, other, "Hash"),
                };
                tree.extend(problem.map(|problem| (place.to_string(), problem)));
            }
            below(tree)
        }
        Fulfillments => each(FULFILLMENT),
        Trackers => each(TRACKER),
        FlatTrackers => each(FLAT_TRACKER),
    }
}

/// Whether a value is read for a date: seconds that a calendar has, or ISO 8601. Only what the inputs hold.
fn is_date(value: &Value) -> bool {
    value.as_f64().is_some_and(|seconds| seconds.abs() < 1e11)
}

/// The places of dates, statuses and languages that hold something and count for nothing.
fn counts_for_nothing(name: &str, value: &Value, at: &str, found: &mut Vec<String>) {
    let is_dated = name.ends_with("_at") || name.starts_with("estimated_") || name == "order_date";
    match value {
        Value::Object(fields) if name != "custom_variables" => fields
            .iter()
            .for_each(|(name, it)| counts_for_nothing(name, it, &format!("{at}.{name}"), found)),
        Value::Array(list) if name != "no_such_field" => {
            list.iter().for_each(|it| counts_for_nothing("", it, &format!("{at}[]"), found));
        }
        Value::String(text) if text.trim().is_empty() => {}
        Value::String(_) | Value::Number(_) if is_dated && !is_date(value) => {
            found.push(at.to_owned())
        }
        Value::String(_) if matches!(name, "status_code" | "language_code") => {
            found.push(at.to_owned())
        }
        _ => {}
    }
}

fn sample() -> Value {
    json!({
        "merchant_id": "O1",
        "line_items": [{ "merchant_id": "i1", "thumbnail": {} }],
        "shipping_address": {},
        "fulfillments": [{
            "merchant_id": "F1",
            "shipping_address": {},
            "line_items": [{ "merchant_id": "i2", "thumbnail": {} }],
            "trackers": [{ "tracking_number": "T1", "line_items": [{ "merchant_id": "i3", "thumbnail": {} }] }],
        }],
    })
}

/// Sends every body; how many were sent.
fn hold(path: &str, table: &[Row], whole: &Value) -> usize {
    let merchant = Merchant::open();
    let own = |world: &TestWorld| serde_json::to_string(&world.world.providers().shipup).unwrap();
    let before = own(&merchant.world);
    let all = bodies(whole, &pointers(Name::Shipup, Method::Post, path));
    let mut world = merchant.world.clone();
    for body in &all {
        let request = Request::new(Method::Post, path).with("authorization", "YOUR_PRIVATE_KEY");
        let reply = world.call(Name::Shipup, with_json(request, body));
        let mut tree = wrong(table, body.as_object().unwrap());
        if path == "/v2/orders"
            && let Some(problem) = tree.remove("merchant_id")
        {
            tree.insert("merchantId".to_owned(), problem);
        }
        if !tree.is_empty() {
            assert_eq!(reply.status, 400, "{body}: {}", reply.text());
            assert_eq!(reply.json(), json!({ "errors": tree }), "{body}");
            assert!(reply.explanation.is_some() && own(&world) == before, "{body}");
            continue;
        }
        assert_eq!(reply.status, 201, "{body}: {}", reply.text());
        let state = serde_json::to_value(&world.world.providers().shipup).unwrap();
        for (kind, id) in
            [("orders", "merchant_id"), ("fulfillments", "merchant_id"), ("trackers", "number")]
        {
            for entity in state["book"][kind].as_object().unwrap().values() {
                let is_blank = entity[id].as_str().is_some_and(|text| text.trim().is_empty());
                assert!(!is_blank, "{body}: {entity}");
            }
        }
        let mut ignored = Vec::new();
        counts_for_nothing("", body, "body", &mut ignored);
        ignored.sort();
        ignored.dedup();
        let told: Vec<&str> =
            reply.passed_over.iter().filter_map(|it| it.split(": ").next()).collect();
        assert_eq!(told, ignored, "{body}");
        world.deliver();
        world.sent();
        world = merchant.world.clone();
    }
    all.len()
}

#[test]
fn orders_are_refused_as_the_tables_of_the_documentation_say() {
    let sent = hold("/v2/orders", ORDER, &sample());
    assert!(sent >= 6_500, "only {sent} inputs");
}

#[test]
fn flat_trackers_are_refused_as_their_table_says() {
    let whole = json!({ "trackers": [{ "order_number": "N1", "tracking_number": "T1" }] });
    let sent = hold("/v1/trackers", FLAT, &whole);
    assert!(sent >= 600, "only {sent} inputs");
}
