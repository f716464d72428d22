//! What every field and parameter may hold, as the documentation's tables have it: each wrong value, alone and in pairs,
//! is refused as it says, and whatever is taken is kept.
//!
//! The tables below are the documentation's, written down once more; they know nothing of the program's own.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shop::{SIZE_L, Shop};
use crate::harness::Read as _;

/// The types that the documentation's tables name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Integer,
    Number,
    Boolean,
    Object,
    List,
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
struct Row {
    path: &'static str,
    of: Type,
    required: bool,
}

const fn row(path: &'static str, of: Type, required: bool) -> Row {
    Row { path, of, required }
}

/// "Create order".
const ORDER: &[Row] = &[
    row("address", Type::Object, true),
    row("address.name", Type::Text, true),
    row("address.phone1", Type::Text, true),
    row("address.phone2", Type::Text, false),
    row("address.address1", Type::Text, true),
    row("address.address2", Type::Text, false),
    row("address.division_1", Type::Text, false),
    row("address.division_2", Type::Text, false),
    row("address.country", Type::Text, true),
    row("items", Type::List, true),
    row("items.0.id", Type::Text, true),
    row("items.0.quantity", Type::Integer, false),
    row("items.0.total_price", Type::Number, false),
    row("shipping_total", Type::Number, false),
    row("is_cod", Type::Boolean, false),
    row("auto_fulfill", Type::Boolean, false),
    row("with_confirmation", Type::Boolean, false),
    row("store_name", Type::Text, false),
    row("external_order_id", Type::Text, false),
    row("external_order_url", Type::Text, false),
];

/// "Register webhook".
const WEBHOOK: &[Row] = &[
    row("url", Type::Text, true),
    row("events", Type::List, true),
    row("events.0", Type::Text, false),
    row("secret", Type::Text, false),
];

/// What comes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Taken,
    /// The field is refused with this sentence in it.
    Refused(&'static str),
    /// It is refused; the documentation leaves open in which words, or which part of it.
    RefusedSomehow,
    /// The documentation leaves it open.
    Open,
}

use Verdict::{Open, Refused, RefusedSomehow, Taken};

/// Values of every kind.
fn values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(""),
        json!("   "),
        json!("\u{a0}\t"),
        json!("x"),
        json!("TN"),
        json!("+"),
        json!("true"),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(5),
        json!(1.5),
        json!(-0.5),
        json!(1e-7),
        json!(1e30),
        json!("0"),
        json!("1"),
        json!("5"),
        json!("1.5"),
        json!("1e3"),
        json!("05"),
        json!("-1"),
        json!([]),
        json!({}),
        json!([null]),
        json!([1]),
        json!(["x"]),
        json!([[]]),
        json!({ "a": 1 }),
        json!({ "a": { "b": [] } }),
        json!("é"),
        json!("٢٨١٧٧١٨٨"),
    ];
    values.push(serde_json::from_str("99999999999999999999").unwrap());
    values.push(json!("x".repeat(3_000)));
    values
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(|it| it.is_empty())
}

/// A number that PHP takes for one: a number, or a text that is one through and through.
fn numeric(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|it: &f64| it.is_finite()),
        _ => None,
    }
}

/// What the documentation says of a value, and of the framework behind it what is known (measured).
fn verdict(row: &Row, value: &Value) -> Verdict {
    // A list of events holds events and nothing else.
    if row.path == "events.0" {
        return RefusedSomehow;
    }
    if is_blank(value) || (is_empty(value) && row.required) {
        return if row.required { Refused("field is required.") } else { Taken };
    }
    match row.of {
        Type::Text if !value.is_string() => Refused("must be a string."),
        Type::Text => of_text(row.path, value.as_str().unwrap()),
        Type::Object | Type::List if !(value.is_array() || value.is_object()) => {
            Refused("must be an array.")
        }
        // Its fields have rows of their own.
        Type::Object | Type::List => Open,
        Type::Boolean => {
            let fits =
                value.is_boolean() || [json!(0), json!(1), json!("0"), json!("1")].contains(value);
            if fits { Taken } else { Refused("must be true or false.") }
        }
        Type::Integer => {
            let whole = match value {
                Value::Bool(truth) => truth.then_some(1),
                Value::String(text) if text.starts_with('0') && text.len() > 1 => None,
                Value::String(text) => text.parse().ok(),
                Value::Number(number) => number.as_i64(),
                _ => None,
            };
            match whole {
                None => Refused("must be an integer."),
                // A line of nothing is no line.
                Some(whole) if whole < 1 => Refused("must be at least 1."),
                Some(_) => Taken,
            }
        }
        Type::Number => match numeric(value) {
            None => Refused("must be a number."),
            Some(amount) if amount < 0.0 => Refused("must be at least 0."),
            Some(amount) if amount > 1e12 => RefusedSomehow,
            Some(_) => Taken,
        },
    }
}

/// What single texts have to be, by what the tables say beside the type.
fn of_text(path: &str, text: &str) -> Verdict {
    let is_long = text.len() > 255;
    match path {
        "address.country" if text == "TN" => Taken,
        // "Two-letter country code".
        "address.country" => RefusedSomehow,
        // "Product or variant UUID".
        "items.0.id" => RefusedSomehow,
        // A number that nobody can dial would be kept as nothing.
        "address.phone1" | "address.phone2"
            if !text.chars().any(|c| c.is_numeric() && c != '0') =>
        {
            RefusedSomehow
        }
        // "HTTPS URL", "one of two events", "min 16 chars".
        "url" | "events.0" => RefusedSomehow,
        "secret" if text.chars().count() < 16 => Refused("must be at least 16 characters."),
        _ if is_long => Open,
        _ => Taken,
    }
}

fn body() -> Value {
    json!({
        "address": {
            "name": "Omar Ben Ali", "phone1": "28177188", "phone2": "28177189", "address1": "Rue de la Liberte",
            "address2": "2", "division_1": "Tunis", "division_2": "Carthage", "country": "TN",
        },
        "items": [{ "id": SIZE_L, "quantity": 2, "total_price": 190 }],
        "shipping_total": 9, "is_cod": true, "auto_fulfill": false, "with_confirmation": false,
        "store_name": "My Store", "external_order_id": "A-1", "external_order_url": "https://mystore.com/1",
    })
}

/// Sets, or with nothing takes away, what stands at a path.
fn put(body: &mut Value, path: &str, value: Option<&Value>) {
    let pointer = format!("/{}", path.replace('.', "/"));
    match value {
        Some(value) => *body.pointer_mut(&pointer).unwrap() = value.clone(),
        None => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if let Some(parent) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
                parent.shift_remove(name);
            }
        }
    }
}

fn quiet() -> Shop {
    Shop::with(|setup| {
        setup.journey = Some("waiting".to_owned());
        setup.limits.get_or_insert_default().lifted = true;
    })
}

/// Sends a body in which some fields are changed, and holds the answer against what the tables say.
fn ask(shop: &mut Shop, target: &str, body: &Value, changed: &[(&Row, Option<&Value>)]) -> bool {
    let told = format!("{target} {changed:?}");
    let verdicts: Vec<Verdict> =
        changed.iter().map(|(row, value)| verdict(row, value.unwrap_or(&Value::Null))).collect();
    let reply = shop.post(target, body);
    let is_refused = verdicts.iter().any(|it| matches!(it, Refused(_) | RefusedSomehow));
    if verdicts.iter().all(|it| *it == Taken) {
        assert_eq!(reply.status, 201, "{told}: {}", reply.text());
    } else if is_refused {
        assert_eq!(reply.status, 422, "{told}: {}", reply.text());
    }
    if reply.status == 422 {
        let answer = reply.json();
        let errors = answer["errors"].as_object().unwrap();
        for ((row, _), verdict) in changed.iter().zip(&verdicts) {
            let sentences = errors.get(row.path).map(Value::to_string).unwrap_or_default();
            match verdict {
                Refused(words) => assert!(sentences.contains(words), "{told}: {answer}"),
                RefusedSomehow => assert!(!sentences.is_empty(), "{told}: {answer}"),
                Taken => assert!(sentences.is_empty(), "{told}: {answer}"),
                Open => {}
            }
        }
        let is_meant = |key: &String| changed.iter().any(|(row, _)| key.starts_with(row.path));
        assert!(errors.keys().all(is_meant), "{told}: {answer}");
        let count: usize = errors.values().map(|it| it.as_array().unwrap().len()).sum();
        let more = match count {
            1 => String::new(),
            2 => " (and 1 more error)".to_owned(),
            many => format!(" (and {} more errors)", many - 1),
        };
        assert!(answer["message"].as_str().unwrap().ends_with(&more), "{told}: {answer}");
    } else {
        assert_eq!(reply.status, 201, "{told}: {}", reply.text());
    }
    reply.status == 201
}

/// What was taken of an order is there: nothing that is needed is empty, and a text is as it was sent.
fn kept(shop: &mut Shop, sent: &Value) {
    let id = shop.get("/orders?per_page=1").json()["data"][0]["id"].clone();
    let order = shop.data("order", &id.to_string());
    for part in ["first_name", "phone1", "address1", "country"] {
        assert_ne!(order["address"][part], "", "{sent}");
    }
    assert!(!order["items"].as_array().unwrap().is_empty(), "{sent}");
    for field in ["store_name", "external_order_id", "external_order_url"] {
        let text = sent[field].as_str().map(str::trim).filter(|text| !text.is_empty());
        assert_eq!(order[field].as_str(), text, "{sent}");
    }
    for field in ["address1", "address2"] {
        let text = sent["address"][field].as_str().unwrap_or_default().trim();
        assert_eq!(order["address"][field], text, "{sent}");
    }
}

#[test]
fn every_value_of_every_field_of_an_order_is_taken_or_refused_as_the_table_says() {
    let mut cases = 0;
    let mut shop = quiet();
    for row in ORDER {
        let all = values();
        for value in all.iter().map(Some).chain([None]) {
            if value.is_none() && row.path.ends_with(".0") {
                continue;
            }
            let mut sent = body();
            put(&mut sent, row.path, value);
            let before = shop.holdings();
            if ask(&mut shop, "/orders", &sent, &[(row, value)]) {
                kept(&mut shop, &sent);
            } else {
                assert_eq!(shop.holdings(), before, "a refused input changes nothing: {sent}");
            }
            cases += 1;
        }
    }
    println!("{cases} bodies with one changed field");
    assert!(cases >= 700, "{cases}");
}

#[test]
fn every_pair_of_values_of_an_order_is_taken_or_refused_as_the_table_says() {
    let some: Vec<Value> = vec![
        json!(null),
        json!("  "),
        json!("x"),
        json!(true),
        json!(-1),
        json!(1.5),
        json!([]),
        json!(["x"]),
        json!({ "a": 1 }),
    ];
    let mut cases = 0;
    for (place, one) in ORDER.iter().enumerate() {
        let mut shop = quiet();
        for two in &ORDER[place + 1..] {
            if two.path.starts_with(one.path) {
                continue;
            }
            for first in &some {
                for second in &some {
                    let mut sent = body();
                    put(&mut sent, one.path, Some(first));
                    if sent.pointer(&format!("/{}", two.path.replace('.', "/"))).is_none() {
                        continue;
                    }
                    put(&mut sent, two.path, Some(second));
                    ask(&mut shop, "/orders", &sent, &[(one, Some(first)), (two, Some(second))]);
                    cases += 1;
                }
            }
        }
    }
    println!("{cases} bodies with two changed fields");
    assert!(cases >= 10_000, "{cases}");
}

#[test]
fn every_value_of_every_field_of_a_webhook_is_taken_or_refused_as_the_table_says() {
    let mut cases = 0;
    let good = json!({ "url": "https://mystore.com/h", "events": ["order.status_changed"], "secret": "0123456789abcdef" });
    let all = values();
    for (place, one) in WEBHOOK.iter().enumerate() {
        for first in &all {
            let mut shop = quiet();
            let mut sent = good.clone();
            put(&mut sent, one.path, Some(first));
            ask(&mut shop, "/webhooks", &sent, &[(one, Some(first))]);
            cases += 1;
            for two in &WEBHOOK[place + 1..] {
                if two.path.starts_with(one.path) {
                    continue;
                }
                for second in all.iter().step_by(3) {
                    let mut sent = sent.clone();
                    put(&mut sent, two.path, Some(second));
                    for id in shop.get("/webhooks").json().as_array().unwrap() {
                        shop.delete(&format!("/webhooks/{}", id["id"]));
                    }
                    ask(&mut shop, "/webhooks", &sent, &[(one, Some(first)), (two, Some(second))]);
                    cases += 1;
                }
            }
        }
    }
    println!("{cases} webhooks");
    assert!(cases >= 1_500, "{cases}");
}

/// A documented query parameter, and how far the documentation and the framework go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parameter {
    /// An integer; what is none is passed over, as the framework's pages do.
    Page,
    /// An integer; what is none is refused.
    Integer,
    Text,
    /// "not silently ignored".
    Date,
    /// "Invalid values return 422".
    SortBy,
}

use Parameter::{Date, Page, SortBy};

const LISTS: &[(&str, &[(&str, Parameter)])] = &[
    ("/products", &[("page", Page), ("per_page", Page), ("search", Parameter::Text)]),
    (
        "/orders",
        &[
            ("page", Page),
            ("per_page", Page),
            ("status", Parameter::Text),
            ("start_date", Date),
            ("end_date", Date),
            ("search", Parameter::Text),
        ],
    ),
    (
        "/countries/TN/divisions",
        &[("level", Parameter::Integer), ("parent_id", Parameter::Integer)],
    ),
    ("/dashboard/overview", DASHBOARD),
    ("/dashboard/delivery-stats", DASHBOARD),
    ("/dashboard/confirmation-stats", DASHBOARD),
    ("/dashboard/internal-confirmation-stats", DASHBOARD),
    (
        "/dashboard/product-performance",
        &[
            ("page", Page),
            ("per_page", Page),
            ("sort_by", SortBy),
            ("start_date", Date),
            ("end_date", Date),
            ("retailer_product_id", Parameter::Integer),
        ],
    ),
];

const DASHBOARD: &[(&str, Parameter)] =
    &[("start_date", Date), ("end_date", Date), ("retailer_product_id", Parameter::Integer)];

/// What stands behind a parameter's name: its brackets and its value.
const SENT: &[&str] = &[
    "=",
    "=%20",
    "=%C2%A0",
    "=abc",
    "=1",
    "=0",
    "=-1",
    "=1.5",
    "=%2B5",
    "=99999999999999999999",
    "=2026-05-14",
    "=leads_total",
    "=true",
    "[]=",
    "[]=1",
    "[]=abc",
    "[a]=1",
    "[a][b]=x",
    "[]=1&{}[]=2",
];

/// What is refused: the words, or nothing.
fn refusal(of: Parameter, sent: &str) -> Option<&'static str> {
    let is_list = sent.starts_with('[');
    let value = sent.split_once('=').map_or("", |(_, value)| value);
    let is_absent = ["", "%20", "%C2%A0"].contains(&value);
    match of {
        Page => is_list.then_some("must be an integer."),
        Parameter::Text => is_list.then_some("must be a string."),
        Parameter::Integer if is_list => Some("must be an integer."),
        Parameter::Integer if is_absent => None,
        Parameter::Integer => {
            let fits = ["1", "0", "-1", "%2B5"].contains(&value);
            (!fits).then_some("must be an integer.")
        }
        Date if is_list => Some("Invalid "),
        Date => (!is_absent && value != "2026-05-14").then_some("Invalid "),
        SortBy if is_list => Some("is invalid."),
        SortBy => (!is_absent && value != "leads_total").then_some("is invalid."),
    }
}

#[test]
fn every_value_of_every_parameter_is_read_or_refused_and_none_is_passed_over() {
    let mut cases = 0;
    let mut shop = quiet();
    let mut check = |shop: &mut Shop, path: &str, given: &[(&str, Parameter, &str)]| {
        cases += 1;
        let query: Vec<String> = given
            .iter()
            .map(|(name, _, sent)| format!("{name}{}", sent.replace("{}", name)))
            .collect();
        let target = format!("{path}?{}", query.join("&"));
        let reply = shop.get(&target);
        let refused: Vec<(&str, &str)> = given
            .iter()
            .filter_map(|(name, of, sent)| Some((*name, refusal(*of, sent)?)))
            .collect();
        if refused.is_empty() {
            assert_eq!(reply.status, 200, "{target}: {}", reply.text());
            return;
        }
        assert_eq!(reply.status, 422, "{target}: {}", reply.text());
        let fields: Vec<_> = refused.iter().filter(|(_, words)| *words != "Invalid ").collect();
        if fields.is_empty() {
            assert_eq!(
                reply.json()["error"],
                format!("Invalid {} format.", refused[0].0),
                "{target}"
            );
            return;
        }
        let answer = reply.json();
        let told: BTreeSet<&str> =
            answer["errors"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(told, fields.iter().map(|(name, _)| *name).collect(), "{target}: {answer}");
        for (name, words) in fields {
            assert!(answer["errors"][name].to_string().contains(words), "{target}: {answer}");
        }
    };
    for (path, parameters) in LISTS {
        for (place, (one, of)) in parameters.iter().enumerate() {
            for sent in SENT {
                check(&mut shop, path, &[(one, *of, sent)]);
                for (two, other) in &parameters[place + 1..] {
                    for also in SENT {
                        check(&mut shop, path, &[(one, *of, sent), (two, *other, also)]);
                    }
                }
            }
        }
    }
    println!("{cases} queries");
    assert!(cases >= 15_000, "{cases}");
}
