//! Generated inputs against an oracle that knows the documentation's tables of fields, and not ours.

use serde_json::{Map, Value, json};
use shipmock::internals::message::Request;
use shipmock::internals::providers::{Name, Place};

use super::{
    Answer, Client, json_request, sample_booking, sample_order, sample_rates, sample_return,
    sample_warehouse,
};
use crate::generated::{bodies, holds_nothing, rows_of};

/// What the documentation says to a request.
type Verdict = Result<(), (u16, String)>;

/// A table of the documentation, field by field: name, type, and whether it is required.
type Fields = &'static [(&'static str, Type, bool)];

#[derive(Clone, Copy)]
enum Type {
    String,
    Integer {
        least: f64,
        most: f64,
    },
    Float {
        above: bool,
        most: f64,
    },
    Boolean,
    /// "Set to 1 or 0".
    Tick,
    Pincode,
    Mobile,
    Payment,
    Home,
    Object(Fields),
    List(Fields),
    /// Asked for by the endpoint itself.
    Id,
}

use Type::{
    Boolean, Float, Home, Id, Integer, List, Mobile, Object, Payment, Pincode, String as Text, Tick,
};

const PRODUCT: Fields = &[
    ("productName", Text, true),
    ("quantity", Integer { least: 1.0, most: 1_000_000.0 }, true),
    ("productPrice", Float { above: false, most: 1_000_000_000_000.0 }, true),
    ("sku", Text, false),
];
const MEASURE: Type = Float { above: true, most: 10_000.0 };
const PARCEL: Fields = &[
    ("length", MEASURE, true),
    ("breadth", MEASURE, true),
    ("height", MEASURE, true),
    ("physicalWeight", MEASURE, true),
];
const CUSTOMER: Fields = &[
    ("name", Text, true),
    ("mobile", Mobile, true),
    ("altMobile", Text, false),
    ("email", Text, false),
    ("address1", Text, true),
    ("address2", Text, false),
    ("pincode", Pincode, true),
    ("city", Text, true),
    ("state", Text, true),
    ("addressType", Home, false),
];
const REVERSE: Fields = &[
    ("orderId", Id, true),
    ("awbNumber", Text, true),
    ("reason", Text, true),
    ("warehouseId", Id, true),
    ("paymentType", Payment, false),
    ("insurance", Boolean, false),
    ("customer", Object(CUSTOMER), true),
    ("products", List(PRODUCT), true),
    ("parcel", Object(PARCEL), true),
];
const ORDER: Fields = &[
    ("pincode", Pincode, true),
    ("city", Text, true),
    ("state", Text, true),
    ("name", Text, true),
    ("email", Text, false),
    ("mobileNumber", Mobile, true),
    ("altMobileNumber", Text, false),
    ("addressLine1", Text, true),
    ("addressLine2", Text, false),
    ("addressType", Text, false),
    ("sameAddressCheckbox", Tick, false),
    ("billingName", Text, false),
    ("billingMobileNumber", Text, false),
    ("billingEmail", Text, false),
    ("billingAddressLine1", Text, false),
    ("billingAddressLine2", Text, false),
    ("billingPincode", Pincode, false),
    ("billingCity", Text, false),
    ("billingState", Text, false),
    ("orderID", Text, true),
    ("paymentType", Payment, false),
    ("products", List(PRODUCT), true),
    ("parcels", List(PARCEL), true),
];
const WAREHOUSE: Fields = &[
    ("nickname", Text, true),
    ("mobileNumber", Mobile, true),
    ("address1", Text, true),
    ("pincode", Pincode, true),
    ("city", Text, true),
    ("state", Text, true),
    ("addressType", Text, false),
];

fn is_silent(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn is_missing(value: Option<&Value>) -> bool {
    value.is_none_or(|value| is_silent(value) || *value == json!([]) || *value == json!({}))
}

/// The number that a value is to PHP.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let plain = text.trim();
            plain.parse().ok().filter(|_| plain.bytes().all(|it| b"0123456789.eE+-".contains(&it)))
        }
        _ => None,
    }
}

/// The text that a scalar is to PHP; of floats those that the generated values have.
fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => if *truth { "1" } else { "" }.to_owned(),
        Value::Number(number) if number.is_i64() => number.to_string(),
        Value::Number(number) => match number.to_string().as_str() {
            "1.5" => "1.5",
            "1e-7" => "1.0E-7",
            "18446744073709551615" => "1.844674407371E+19",
            "1e+30" | "1e30" => "1.0E+30",
            other => panic!("{other}"),
        }
        .to_owned(),
        _ => return None,
    })
}

fn digits(text: &str, length: usize, first: &[char]) -> bool {
    text.len() == length && text.starts_with(first) && text.bytes().all(|it| it.is_ascii_digit())
}

/// What a value has to be, where it is not that.
fn mismatch(value: &Value, kind: Type, name: &str) -> Option<String> {
    let scalar = || (value.is_string() || value.is_number()).then(|| text(value).unwrap());
    let unless = |fits: bool, expected: &str| (!fits).then(|| expected.to_owned());
    let amount = number(value);
    match kind {
        Id => None,
        Text => unless(scalar().is_some(), "a string"),
        Boolean => {
            let fits = [json!(true), json!(false), json!(0), json!(1), json!("0"), json!("1")];
            unless(fits.contains(value), "a boolean")
        }
        Tick => {
            let fits = [json!(true), json!(false), json!(0), json!(1), json!("0"), json!("1")];
            unless(fits.contains(value), "1 or 0")
        }
        Pincode => {
            let fits = |it: String| digits(&it, 6, &['1', '2', '3', '4', '5', '6', '7', '8', '9']);
            unless(scalar().is_some_and(fits), "6-digit starting 1-9")
        }
        Mobile => {
            let fits = |it: String| digits(&it, 10, &['6', '7', '8', '9']);
            unless(scalar().is_some_and(fits), "10-digit starting 6-9")
        }
        Payment => {
            let fits = |it: String| ["prepaid", "cod"].contains(&it.to_lowercase().as_str());
            unless(scalar().is_some_and(fits), "prepaid or cod")
        }
        Home => {
            let fits = |it: String| ["home", "office"].contains(&it.to_lowercase().as_str());
            unless(scalar().is_some_and(fits), "home or office")
        }
        Integer { least, most } => {
            let whole = amount.filter(|it| it.fract() == 0.0 && *it >= least);
            unless(whole.is_some(), &format!("a whole number of at least {least}"))
                .or_else(|| unless(whole? <= most, &format!("at most {most}")))
        }
        Float { above, most } => {
            let fits = amount.filter(|it| if above { *it > 0.0 } else { *it >= 0.0 });
            let expected = if above { "a number above 0" } else { "a number of at least 0" };
            unless(fits.is_some(), expected)
                .or_else(|| unless(fits? <= most, &format!("at most {most}")))
        }
        Object(_) => unless(value.is_object(), "an object"),
        List(_) => {
            let fits = value.as_array().is_some_and(|list| list.iter().all(Value::is_object));
            unless(fits, &format!("a list of {name}"))
        }
    }
}

fn bad(message: String) -> Verdict {
    Err((400, message))
}

fn all_there(body: &Map<String, Value>, before: &str, fields: Fields) -> Verdict {
    for (name, _, required) in fields {
        if *required && is_missing(body.get(*name)) {
            return bad(format!("Missing required field: {before}{name}"));
        }
    }
    Ok(())
}

fn all_fit(body: &Map<String, Value>, before: &str, fields: Fields) -> Verdict {
    for (name, kind, _) in fields {
        let Some(value) = body.get(*name).filter(|value| !is_silent(value)) else { continue };
        // A list is read element by element, so that an earlier one may miss something first.
        if let (List(below), Some(list)) = (kind, value.as_array()) {
            for (place, element) in list.iter().enumerate() {
                let Some(element) = element.as_object() else {
                    return bad(format!("Invalid {before}{name}: must be a list of {name}"));
                };
                let before = format!("{before}{name}[{place}].");
                all_there(element, &before, below)?;
                all_fit(element, &before, below)?;
            }
            continue;
        }
        if let Some(expected) = mismatch(value, *kind, name) {
            // The documented refusal of a pincode names nothing else.
            let named = match kind {
                Pincode => "pincode".to_owned(),
                _ if before == "customer." => (*name).to_owned(),
                _ => format!("{before}{name}"),
            };
            return bad(format!("Invalid {named}: must be {expected}"));
        }
        if let (Object(below), Some(object)) = (kind, value.as_object()) {
            let before = format!("{before}{name}.");
            all_there(object, &before, below)?;
            all_fit(object, &before, below)?;
        }
    }
    Ok(())
}

fn fields(body: &Value) -> Map<String, Value> {
    body.as_object().cloned().unwrap_or_default()
}

fn order(body: &Value) -> Verdict {
    let body = fields(body);
    all_there(&body, "", ORDER)?;
    let tick = body.get("sameAddressCheckbox").filter(|it| !is_missing(Some(it)));
    let unticked = tick.is_some_and(|it| {
        it.is_array() || it.is_object() || [json!(0), json!("0"), json!(false)].contains(it)
    });
    if unticked {
        for name in ["billingPincode", "billingName"] {
            if is_missing(body.get(name)) {
                return bad(format!("Missing required field: {name}"));
            }
        }
    }
    all_fit(&body, "", ORDER)
}

fn warehouse(body: &Value) -> Verdict {
    let body = fields(body);
    all_there(&body, "", WAREHOUSE)?;
    all_fit(&body, "", WAREHOUSE)
}

/// Whether a value names a number.
fn names(value: Option<&Value>, known: f64) -> bool {
    value.and_then(number) == Some(known)
}

const ORDER_ID: f64 = 484_900.0;
const WAREHOUSE_ID: f64 = 2_147_483_833.0;

fn absent() -> (u16, String) {
    (404, "Order or warehouse not found".to_owned())
}

fn reverse_order(body: &Value) -> Verdict {
    let body = fields(body);
    all_there(&body, "", REVERSE)?;
    match body.get("orderId").and_then(number) {
        None => return bad("Invalid orderId: must be numeric".to_owned()),
        Some(number) if number.fract() != 0.0 => {
            return bad("Invalid orderId: must be an integer".to_owned());
        }
        Some(_) => {}
    }
    all_fit(&body, "", REVERSE)?;
    if !names(body.get("warehouseId"), WAREHOUSE_ID) {
        return Err((403, "Invalid or unauthorized warehouse".to_owned()));
    }
    let awb = body.get("awbNumber").and_then(text);
    if !names(body.get("orderId"), ORDER_ID) || awb.as_deref() != Some("XB1234567890") {
        return Err(absent());
    }
    Ok(())
}

/// "Missing required parameters", for whatever is missing or is no scalar.
fn parameters(body: &Map<String, Value>, names: &[&str]) -> Verdict {
    let is_given = |name: &&str| {
        let value = body.get(*name);
        !is_missing(value) && value.is_some_and(|it| it.is_string() || it.is_number())
    };
    if names.iter().all(is_given) { Ok(()) } else { bad("Missing required parameters".to_owned()) }
}

fn rates(body: &Value) -> Verdict {
    let body = fields(body);
    parameters(&body, &["orderId", "warehouseId", "shipmentType"])?;
    match body["shipmentType"].as_str() {
        Some("forward") => {}
        Some("reverse") => return Err(absent()),
        _ => return bad("Missing required parameters".to_owned()),
    }
    let known =
        names(body.get("orderId"), ORDER_ID) && names(body.get("warehouseId"), WAREHOUSE_ID);
    if known { Ok(()) } else { Err(absent()) }
}

fn booking(body: &Value) -> Verdict {
    let body = fields(body);
    let needed = ["orderId", "warehouseId", "action", "carrierId", "carrierName", "shipmentType"];
    parameters(&body, &needed)?;
    if body["action"] != "book_shipment" || body["shipmentType"] != "forward" {
        return bad("Missing required parameters".to_owned());
    }
    let name = text(&body["carrierName"]).unwrap();
    let unsupported = || bad(format!("Unsupported courier for carrierName: {name}"));
    if name != "Delhivery Express" && name != "Delhivery Surface" {
        return unsupported();
    }
    if !names(body.get("orderId"), ORDER_ID) || !names(body.get("warehouseId"), WAREHOUSE_ID) {
        return Err(absent());
    }
    if body["carrierId"] != "delhivery_e_prepaid" || name != "Delhivery Express" {
        return unsupported();
    }
    Ok(())
}

fn pickup(body: &Value) -> Verdict {
    let body = fields(body);
    parameters(&body, &["order_id", "warehouse_id", "carrierId", "carrierName"])?;
    if !names(body.get("order_id"), 1_042.0) || !names(body.get("warehouse_id"), WAREHOUSE_ID) {
        return Err(absent());
    }
    // The name is not compared here: documentation, the tables of errors of the two endpoints.
    match text(&body["carrierId"]).unwrap().as_str() {
        "delhivery_e_prepaid" | "delhivery_s_prepaid" => Ok(()),
        id => bad(format!("Selected carrier ID '{id}' not found in rates")),
    }
}

fn login(body: &Value) -> Verdict {
    let body = fields(body);
    for name in ["username", "apikey"] {
        if is_missing(body.get(name)) {
            return bad(format!("Missing required field: {name}"));
        }
    }
    let fits = body["username"] == "you@example.com" && body["apikey"] == "your-api-key";
    if fits { Ok(()) } else { Err((401, "Invalid credentials".to_owned())) }
}

/// A body as a form has it: what is null or empty is left out, a yes is 1.
fn form(body: &Value) -> (String, Value) {
    let mut seen = Map::new();
    let mut pairs = Vec::new();
    let encoded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    for (name, value) in body.as_object().into_iter().flatten() {
        let plain = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => u8::from(*truth).to_string(),
            Value::Array(list) if !list.is_empty() => {
                pairs.push(format!("{name}[]=1"));
                seen.insert(name.clone(), json!(["1"]));
                continue;
            }
            Value::Object(object) if !object.is_empty() => {
                pairs.push(format!("{name}[a]=1"));
                seen.insert(name.clone(), json!({ "a": "1" }));
                continue;
            }
            _ => continue,
        };
        pairs.push(format!("{name}={}", encoded(&plain)));
        seen.insert(name.clone(), json!(plain));
    }
    (pairs.join("&"), Value::Object(seen))
}

/// One endpoint: the world in which its sample is taken, the sample, and what the documentation says.
struct Endpoint {
    path: &'static str,
    client: Client,
    sample: Value,
    oracle: fn(&Value) -> Verdict,
    /// What a success makes: the kind, and the name of its number in the answer.
    makes: Option<(&'static str, &'static str)>,
}

fn endpoints() -> Vec<Endpoint> {
    let open = Client::open();
    let mut booked = open.clone();
    booked.booked(484_900);
    let mut returning = booked.clone();
    returning.send_back(484_900, "XB1234567890", json!({}));
    let credentials = json!({ "username": "you@example.com", "apikey": "your-api-key" });
    let pickup_form = json!({
        "order_id": 1042, "warehouse_id": 2_147_483_833_u64, "carrierId": "delhivery_e_prepaid",
        "carrierName": "Delhivery Express",
    });
    let mut full = sample_order();
    for (name, value) in [
        ("altMobileNumber", json!("9000000002")),
        ("billingPincode", json!("560001")),
        ("billingName", json!("Jane Doe")),
        ("billingCity", json!("Bangalore")),
    ] {
        full[name] = value;
    }
    let mut apart = full.clone();
    apart["sameAddressCheckbox"] = json!(0);
    let endpoint = |path, client: &Client, sample, oracle, makes| Endpoint {
        path,
        client: client.clone(),
        sample,
        oracle,
        makes,
    };
    vec![
        endpoint("/login", &open, credentials, login as fn(&Value) -> Verdict, None),
        endpoint("/order", &open, full, order, Some(("order", "order_id"))),
        endpoint("/order", &open, apart, order, Some(("order", "order_id"))),
        endpoint(
            "/reverse_order",
            &booked,
            sample_return(),
            reverse_order,
            Some(("reverse_order", "reverse_order_id")),
        ),
        endpoint("/rates", &open, sample_rates(), rates, None),
        endpoint(
            "/create_shipment",
            &open,
            sample_booking(),
            booking,
            Some(("shipment", "awb_number")),
        ),
        endpoint(
            "/reverse_create_shipment",
            &returning,
            pickup_form,
            pickup,
            Some(("shipment", "awb_number")),
        ),
        endpoint(
            "/add_warehouse",
            &open,
            sample_warehouse(),
            warehouse,
            Some(("warehouse", "warehouse_id")),
        ),
    ]
}

fn ask(client: &mut Client, path: &str, body: &Value) -> (Answer, Value) {
    if path == "/reverse_create_shipment" {
        let (encoded, seen) = form(body);
        return (client.form(path, &encoded), seen);
    }
    let request: Request = json_request(path, body);
    let request = if path == "/login" { request } else { client.bearing(request) };
    (client.send(request), body.clone())
}

#[test]
fn every_generated_input_is_taken_or_refused_as_the_documentation_says() {
    let mut cases = 0;
    for endpoint in endpoints() {
        let rows = rows_of(Name::Shiplee, "POST", endpoint.path, Place::Body);
        let before = &endpoint.client.world.providers().shiplee;
        for (told, body) in bodies(&endpoint.sample, &rows) {
            cases += 1;
            let told = format!("{} {told}", endpoint.path);
            let mut client = endpoint.client.clone();
            let (answer, seen) = ask(&mut client, endpoint.path, &body);
            match (endpoint.oracle)(&seen) {
                Err(expected) => {
                    assert_eq!(answer.refusal(), expected, "{told}");
                    assert!(
                        *before == client.world.providers().shiplee,
                        "{told}: it left something"
                    );
                }
                Ok(()) => {
                    assert!([200, 201].contains(&answer.status), "{told}: {}", answer.text);
                    let Some((kind, number)) = endpoint.makes else { continue };
                    let id = answer.json()[number].clone();
                    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                    let made = client.detail(kind, &id).data;
                    assert!(!holds_nothing(&made), "{told}: {made}");
                }
            }
        }
    }
    assert!(cases >= 6_000, "{cases} cases");
}
