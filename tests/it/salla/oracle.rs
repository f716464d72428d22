//! Generated inputs against an oracle that knows the public schemas of the requests and the framework's rules, and not
//! our tables.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shipmock::internals::message::Method;
use shipmock::internals::providers::{Name, Place};

use super::{Client, FIRST, changed, sample};
use crate::generated::{bodies, rows_of};
use crate::harness::Read as _;

/// The fields that a request is refused by.
type Named = BTreeSet<String>;

/// The framework trims texts, and takes blank ones for null.
fn trimmed(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim().is_empty() => Value::Null,
        Value::String(text) => json!(text.trim()),
        Value::Array(list) => list.iter().map(trimmed).collect(),
        Value::Object(fields) => Value::Object(
            fields.iter().map(|(name, value)| (name.clone(), trimmed(value))).collect(),
        ),
        other => other.clone(),
    }
}

/// What stands at a path, or nothing: null says nothing.
fn at<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    let mut at = body;
    for name in path.split('.') {
        at = match at {
            Value::Array(list) => list.get(name.parse::<usize>().ok()?)?,
            other => other.get(name)?,
        };
    }
    (!at.is_null()).then_some(at)
}

fn is_empty(value: &Value) -> bool {
    *value == json!([]) || *value == json!({})
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(if *truth { "1" } else { "" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `FILTER_VALIDATE_INT`: whole numbers of 64 bits, their texts, and yes.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(true) => Some(1),
        Value::Number(number) => number.as_i64(),
        Value::String(text) => {
            let digits = text.trim_start_matches('-');
            let plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
            text.parse().ok().filter(|_| plain && (digits == "0" || !digits.starts_with('0')))
        }
        _ => None,
    }
}

/// `is_numeric`.
fn numeric(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.bytes().any(|it| it.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

fn boolean(value: &Value) -> bool {
    [json!(true), json!(false), json!(0), json!(1), json!("0"), json!("1")].contains(value)
}

fn length(value: &Value, fits: impl Fn(usize) -> bool) -> bool {
    value.as_str().is_some_and(|text| fits(text.chars().count()))
}

fn array(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

fn text(value: &Value) -> bool {
    value.is_string()
}

fn text_or_number(value: &Value) -> bool {
    value.is_string() || value.is_number()
}

fn one_of(words: &'static [&'static str]) -> impl Fn(&Value) -> bool {
    move |value| scalar(value).is_some_and(|text| words.contains(&text.as_str()))
}

fn within(least: f64, most: f64) -> impl Fn(&Value) -> bool {
    move |value| numeric(value).is_some_and(|it| (least..=most).contains(&it))
}

fn whole(least: i64, most: i64) -> impl Fn(&Value) -> bool {
    move |value| integer(value).is_some_and(|it| (least..=most).contains(&it))
}

/// Refusals as they are collected.
struct Check<'a> {
    body: &'a Value,
    named: Named,
}

impl Check<'_> {
    /// A field that may be missing.
    fn may(&mut self, path: &str, fits: impl Fn(&Value) -> bool) {
        if at(self.body, path).is_some_and(|value| !fits(value)) {
            self.named.insert(path.to_owned());
        }
    }

    /// A field that may not; an empty list is nothing.
    fn must(&mut self, path: &str, fits: impl Fn(&Value) -> bool) {
        if at(self.body, path).is_none_or(|value| is_empty(value) || !fits(value)) {
            self.named.insert(path.to_owned());
        }
    }
}

/// The keys of what the framework takes for a list.
fn keys(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => (0..list.len()).map(|place| place.to_string()).collect(),
        Some(Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

const RIYALS: f64 = 1e9;

fn address(check: &mut Check<'_>, end: &str) {
    let country = one_of(&["1473353380", "SA", "KW"]);
    let coordinate = |value: &Value| {
        let lone = value.as_array().filter(|list| list.len() == 1).map(|list| &list[0]);
        numeric(lone.unwrap_or(value)).is_some()
    };
    for name in ["country", "country_id", "country_code"] {
        check.may(&format!("{end}.{name}"), &country);
    }
    check.may(&format!("{end}.city_id"), |value| integer(value).is_some());
    for name in ["email", "address_line"] {
        check.may(&format!("{end}.{name}"), text);
    }
    for name in ["phone", "city", "street_number", "block", "postal_code"] {
        check.may(&format!("{end}.{name}"), text_or_number);
    }
    check.may(&format!("{end}.geo_coordinates"), array);
    for name in ["latitude", "longitude", "geo_coordinates.lat", "geo_coordinates.lng"] {
        check.may(&format!("{end}.{name}"), coordinate);
    }
    for name in ["geo_coordinates.latitude", "geo_coordinates.longitude"] {
        check.may(&format!("{end}.{name}"), coordinate);
    }
}

/// What a shipment is refused by, in a store with the branches 1723506348 and 566146469 and no shipment of the order.
fn shipment(body: &Value) -> Named {
    let mut check = Check { body, named: Named::new() };
    check.must("courier_id", |value| integer(value) == Some(1_096_243_131));
    check.must("shipment_type", one_of(&["shipment", "return"]));
    check.must("payment_method", one_of(&["pre_paid", "cod"]));
    check.may("order_id", whole(1, i64::MAX));
    check.may("shipment_id", |_| false);
    check.may("overwrite_exists_pending", boolean);
    check.may("cash_on_delivery", array);
    check.may("cash_on_delivery.amount", within(0.0, RIYALS));
    check.may("cash_on_delivery.currency", |value| length(value, |it| it == 3));
    for name in ["description", "remarks", "external_company_name"] {
        check.may(name, text);
    }
    for name in ["external_id", "external_additional_id"] {
        check.may(name, text_or_number);
    }
    check.may("policy_options", array);
    check.may("service_types", array);
    for key in keys(body.get("service_types")) {
        check.may(&format!("service_types.{key}"), text);
    }
    for end in ["ship_to", "ship_from"] {
        check.may(end, array);
        address(&mut check, end);
    }
    check.must("ship_to.name", text);
    check.may("ship_from.type", one_of(&["address", "branch"]));
    check.may("ship_from.name", text);
    if at(body, "ship_from").is_some_and(|from| !is_empty(from)) {
        let branch =
            |value: &Value| [1_723_506_348, 566_146_469].map(Some).contains(&integer(value));
        check.must("ship_from.branch_id", branch);
    }
    check.must("packages", array);
    for key in keys(body.get("packages")) {
        let place = format!("packages.{key}");
        check.must(&format!("{place}.name"), text);
        check.must(&format!("{place}.quantity"), whole(1, 1_000_000));
        for name in ["sku", "external_id"] {
            check.may(&format!("{place}.{name}"), text_or_number);
        }
        check.may(&format!("{place}.item_id"), whole(1, i64::MAX));
        check.may(&format!("{place}.price"), array);
        check.may(&format!("{place}.price.amount"), within(0.0, RIYALS));
        check.may(&format!("{place}.price.currency"), |value| length(value, |it| it == 3));
        check.may(&format!("{place}.weight"), array);
        check.may(&format!("{place}.weight.value"), within(0.0, 1e6));
        for name in ["units", "unit"] {
            let unit = format!("{place}.weight.{name}");
            check.may(&unit, one_of(&["kg", "g", "lb", "oz"]));
        }
        let weight = at(body, &format!("{place}.weight"));
        if weight.is_some_and(|it| it.is_object() && !is_empty(it)) {
            check.must(&format!("{place}.weight.value"), within(0.0, 1e6));
        }
    }
    check.named
}

fn report(body: &Value) -> Named {
    let mut check = Check { body, named: Named::new() };
    check.must("shipment_number", text_or_number);
    // Of the statuses of the schema, those that the generated inputs hold.
    check.must("status", one_of(&["delivered"]));
    check.may("order_id", whole(1, i64::MAX));
    check.may("tracking_number", text_or_number);
    for name in ["tracking_link", "pdf_label"] {
        check.may(name, |value| value.as_str().is_some_and(|it| it.starts_with("https://")));
    }
    check.may("cost", within(0.0, RIYALS));
    for name in ["status_note", "external_company_name"] {
        check.may(name, text);
    }
    check.may("policy_options", array);
    check.named
}

fn webhook(body: &Value, required: bool) -> Named {
    let mut check = Check { body, named: Named::new() };
    check.may("name", |value| length(value, |it| it <= 255));
    check.may("event", one_of(&["shipment.created"]));
    check.may("url", |value| value.as_str().is_some_and(|it| it.starts_with("https://")));
    if required {
        check.must("event", |_| true);
        check.must("url", |_| true);
    }
    check.may("version", one_of(&["1", "2"]));
    check.may("rule", |value| length(value, |it| it <= 1_000));
    check.may("security_strategy", one_of(&["signature", "token", "none"]));
    check.may("secret", |value| length(value, |it| it <= 255));
    check.may("headers", array);
    let listed = body.get("headers").is_some_and(Value::is_array);
    for key in keys(body.get("headers")) {
        if listed {
            check.must(&format!("headers.{key}.key"), |value| scalar(value).is_some());
            check.may(&format!("headers.{key}.value"), |value| scalar(value).is_some());
        } else {
            check.may(&format!("headers.{key}"), |value| scalar(value).is_some());
        }
    }
    check.named
}

struct Endpoint {
    method: Method,
    row: &'static str,
    path: String,
    sample: Value,
    oracle: fn(&Value) -> Named,
}

fn endpoints(client: &mut Client) -> Vec<Endpoint> {
    let geo = json!({ "lat": 21.38, "lng": 39.77, "latitude": [21.38], "longitude": "39.77" });
    let mut to = sample()["ship_to"].clone();
    to["geo_coordinates"] = geo.clone();
    let from = json!({ "type": "branch", "branch_id": 566_146_469, "name": "Main", "geo_coordinates": geo });
    let full = changed(
        sample(),
        json!({
            "ship_to": to, "ship_from": from, "service_types": ["normal"], "policy_options": { "boxes": 1 },
            "overwrite_exists_pending": false, "description": "Shirts",
        }),
    );
    let reported = json!({
        "shipment_number": "846984645", "status": "delivered", "tracking_number": "1", "cost": 4,
        "tracking_link": "https://a.example/", "policy_options": { "boxes": 1 },
    });
    let registered = json!({
        "event": "shipment.created", "url": "https://a.example/", "headers": [{ "key": "A", "value": "b" }],
        "security_strategy": "token", "secret": "s", "version": 2,
    });
    let reply = client.post("/webhooks/subscribe", &registered);
    let id = reply.json()["data"]["id"].as_u64().unwrap();
    vec![
        Endpoint {
            method: Method::Post,
            row: "/admin/v2/shipments",
            path: "/shipments".to_owned(),
            sample: full,
            oracle: shipment,
        },
        Endpoint {
            method: Method::Put,
            row: "/admin/v2/shipments/{id}",
            path: format!("/shipments/{FIRST}"),
            sample: reported,
            oracle: report,
        },
        Endpoint {
            method: Method::Post,
            row: "/admin/v2/webhooks/subscribe",
            path: "/webhooks/subscribe".to_owned(),
            sample: registered.clone(),
            oracle: |body| webhook(body, true),
        },
        Endpoint {
            method: Method::Put,
            row: "/admin/v2/webhooks/{id}",
            path: format!("/webhooks/{id}"),
            sample: registered,
            oracle: |body| webhook(body, false),
        },
    ]
}

/// What is needed and was taken is kept, and not as an empty text.
fn is_kept(data: &Value, told: &str) {
    for path in ["/ship_to/name", "/packages/0/name", "/shipping_number", "/event", "/url"] {
        let kept = data.pointer(path);
        assert!(kept.is_none_or(|kept| kept != "" && !kept.is_null()), "{told}: {path} of {data}");
    }
}

#[test]
fn every_generated_input_is_taken_or_refused_by_the_fields_that_the_schemas_say() {
    let mut client = Client::open();
    let endpoints = endpoints(&mut client);
    let before = client.world.world.providers().salla.clone();
    let mut cases = 0;
    for endpoint in endpoints {
        let rows = rows_of(Name::Salla, endpoint.method.word(), endpoint.row, Place::Body);
        for (told, body) in bodies(&endpoint.sample, &rows) {
            cases += 1;
            let told = format!("{} {} {told}", endpoint.method, endpoint.path);
            let mut client = client.clone();
            let reply = client.put_to(endpoint.method, &endpoint.path, &body);
            let seen = if body.is_object() { trimmed(&body) } else { json!({}) };
            let expected = (endpoint.oracle)(&seen);
            if expected.is_empty() {
                assert_eq!(reply.status, 200, "{told}: {}", reply.wire());
                is_kept(&reply.json()["data"], &told);
                continue;
            }
            let said = reply.json()["error"]["fields"].clone();
            let said: Named =
                said.as_object().map(|it| it.keys().cloned().collect()).unwrap_or_default();
            assert_eq!((reply.status, &said), (422, &expected), "{told}: {}", reply.wire());
            assert!(client.world.world.providers().salla == before, "{told}: it left something");
        }
    }
    assert!(cases >= 10_000, "{cases} cases");
}

/// What a list is refused by.
fn list(query: &Value) -> Named {
    let mut check = Check { body: query, named: Named::new() };
    let whole = |value: &Value| integer(value).is_some();
    for name in ["order_id", "courier_id"] {
        check.may(name, whole);
    }
    check.may("courier_slug", one_of(&["smsa", "dhl-express"]));
    check.may("status", one_of(&["delivered", "pending", "return_to_origin"]));
    check.may("shipment_type", one_of(&["shipment", "return"]));
    check.may("payment_method", one_of(&["pre_paid", "cod"]));
    check.may("source", one_of(&["api", "dashboard", "store"]));
    for name in ["from_date", "to_date"] {
        check.may(name, one_of(&["2024-11-29"]));
    }
    for end in ["ship_to", "ship_from"] {
        for name in ["country_id", "city_id"] {
            check.may(&format!("{end}.{name}"), whole);
        }
        check.may(&format!("{end}.country_code"), text);
    }
    check.named
}

#[test]
fn every_generated_query_is_taken_or_refused_by_the_fields_that_the_schema_says() {
    let client = Client::open();
    let texts = [
        "",
        "  ",
        "abc",
        "12",
        " 7 ",
        "-1",
        "0",
        "1.5",
        "1e3",
        "true",
        "99999999999999999999",
        "smsa",
        "delivered",
        "return",
        "cod",
        "api",
        "2024-11-29",
        "2024-02-30",
    ];
    let value = |suffix: &str, text: &str| match suffix {
        "[]" => json!([text]),
        "[a]" => json!({ "a": text }),
        _ => json!(text),
    };
    let mut cases = 0;
    for row in rows_of(Name::Salla, "GET", "/admin/v2/shipments", Place::Query) {
        let name = match row.path.split_once('.') {
            Some((outer, inner)) => format!("{outer}[{inner}]"),
            None => row.path.clone(),
        };
        for (suffix, text) in ["", "[]", "[a]"].iter().flat_map(|it| texts.map(|text| (*it, text)))
        {
            cases += 1;
            let encoded = text.replace(' ', "%20");
            let path = format!("/shipments?{name}{suffix}={encoded}");
            let reply = client.clone().get(&path);
            let given = value(suffix, text);
            let query = match row.path.split_once('.') {
                Some((outer, inner)) => json!({ outer: { inner: given } }),
                None => json!({ row.path.as_str(): given }),
            };
            let expected = list(&trimmed(&query));
            let said = reply.json()["error"]["fields"].clone();
            let said: Named =
                said.as_object().map(|it| it.keys().cloned().collect()).unwrap_or_default();
            let status = if expected.is_empty() { 200 } else { 422 };
            assert_eq!((reply.status, &said), (status, &expected), "{path}: {}", reply.wire());
        }
    }
    assert!(cases >= 900, "{cases} cases");
}
