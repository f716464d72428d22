//! Shiptheory's oracle: what its documentation says a field may hold, and which of the framework's rules is broken else.

use serde_json::{Value, json};
use shipmock::internals::message::Method;
use shipmock::internals::providers::Name;

use super::{bodies, pointers};
use crate::harness::Read as _;
use crate::shiptheory::{Client, json_request, sample};

/// What a field may hold: documentation, "Book", "Add Product", "Add Tags", "Creating a Return Label".
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// So many letters at most.
    Text(usize),
    /// An amount from 0 to 9999999.99.
    Amount,
    /// A full number between two.
    Whole(i64, i64),
    /// Four digits.
    UnNumber,
    YesOrNo,
    Country,
    Currency,
    Day,
    DutyType,
    TaxType,
    ThreeWords,
    Colour,
    Picture,
    /// An object, or a list of one.
    Goods,
    Object,
    Objects,
    /// Objects, of which blank ones are passed over: "tax_number" and its type ask for each other.
    Pairs,
    Ids,
    /// Whatever it is, it refuses nothing: a delivery service that does not exist leaves it to the rules.
    Anything,
}

use Kind::{
    Amount, Anything, Colour, Country, Currency, Day, DutyType, Goods, Ids, Object, Objects, Pairs,
    Picture, TaxType, Text, ThreeWords, UnNumber, Whole, YesOrNo,
};

/// Longer texts than any input.
const ANY: usize = 1_000;

/// Pointer, kind, required.
type Row = (&'static str, Kind, bool);

#[rustfmt::skip]
const BOOK: &[Row] = &[
    ("/reference", Text(255), true), ("/reference2", Text(255), true), ("/delivery_service", Anything, false),
    ("/increment", Whole(0, 1_000_000), false), ("/mark_for_approval", YesOrNo, false),
    ("/shipment_detail", Object, true), ("/shipment_detail/weight", Amount, true),
    ("/shipment_detail/parcels", Whole(1, 9_999), true), ("/shipment_detail/value", Amount, true),
    ("/shipment_detail/shipping_price", Amount, false), ("/shipment_detail/reference3", Text(ANY), false),
    ("/shipment_detail/enhancement_id", Text(ANY), false), ("/shipment_detail/format_id", Text(ANY), false),
    ("/shipment_detail/instructions", Text(ANY), false), ("/shipment_detail/gift_message", Text(ANY), false),
    ("/shipment_detail/channel_shipservice_name", Text(ANY), false), ("/shipment_detail/currency_code", Currency, false),
    ("/shipment_detail/sales_source", Text(ANY), false), ("/shipment_detail/ship_date", Day, false),
    ("/shipment_detail/rules_metadata", Text(50), false), ("/shipment_detail/duty_tax_number", Text(ANY), false),
    ("/shipment_detail/duty_tax_number_type", DutyType, false),
    ("/recipient", Object, true), ("/recipient/company", Text(ANY), false), ("/recipient/firstname", Text(ANY), true),
    ("/recipient/lastname", Text(ANY), true), ("/recipient/address_line_1", Text(ANY), true),
    ("/recipient/address_line_2", Text(ANY), false), ("/recipient/address_line_3", Text(ANY), false),
    ("/recipient/city", Text(ANY), true), ("/recipient/county", Text(ANY), false), ("/recipient/country", Country, true),
    ("/recipient/postcode", Text(ANY), true), ("/recipient/telephone", Text(ANY), false), ("/recipient/mobile", Text(ANY), false),
    ("/recipient/email", Text(ANY), false), ("/recipient/tax_number", Text(ANY), false), ("/recipient/what3words", ThreeWords, false),
    ("/recipient/tax_numbers", Pairs, false), ("/recipient/tax_numbers/0/tax_number", Text(ANY), true),
    ("/recipient/tax_numbers/0/tax_number_type", TaxType, true),
    ("/sender", Object, false), ("/sender/company", Text(ANY), false), ("/sender/firstname", Text(ANY), true),
    ("/sender/lastname", Text(ANY), true), ("/sender/address_line_1", Text(ANY), true), ("/sender/address_line_2", Text(ANY), false),
    ("/sender/address_line_3", Text(ANY), false), ("/sender/city", Text(ANY), true), ("/sender/county", Text(ANY), false),
    ("/sender/country", Country, true), ("/sender/postcode", Text(ANY), true), ("/sender/telephone", Text(ANY), false),
    ("/sender/mobile", Text(ANY), false), ("/sender/email", Text(ANY), false), ("/sender/tax_number", Text(ANY), false),
    ("/sender/what3words", ThreeWords, false),
    ("/products", Objects, false), ("/products/0/name", Text(255), true), ("/products/0/sku", Text(100), true),
    ("/products/0/qty", Whole(1, 1_000_000), false), ("/products/0/value", Amount, true), ("/products/0/weight", Amount, true),
    ("/products/0/commodity_code", Text(ANY), false), ("/products/0/commodity_description", Text(ANY), false),
    ("/products/0/commodity_manucountry", Text(ANY), false), ("/products/0/commodity_composition", Text(ANY), false),
    ("/products/0/mid_code", Text(25), false), ("/products/0/stock_location", Text(100), false),
    ("/products/0/dangerous_goods", Goods, false), ("/products/0/dangerous_goods/un_number", UnNumber, false),
    ("/products/0/dangerous_goods/volume", Whole(1, 99_999), false),
    ("/packages", Objects, false), ("/packages/0/id", Whole(0, i64::MAX), true), ("/packages/0/weight", Amount, true),
    ("/tags", Ids, false),
];

#[rustfmt::skip]
const PRODUCT: &[Row] = &[
    ("/sku", Text(100), true), ("/name", Text(255), false), ("/price", Amount, false), ("/weight", Amount, false),
    ("/barcode", Text(15), false), ("/commodity_code", Text(100), false), ("/commodity_description", Text(100), false),
    ("/commodity_manucountry", Text(100), false), ("/commodity_composition", Text(100), false), ("/length", Amount, false),
    ("/width", Amount, false), ("/height", Amount, false), ("/mid_code", Text(25), false), ("/thumbnail_url", Picture, false),
    ("/stock_location", Text(100), false), ("/dangerous_goods", Goods, false), ("/dangerous_goods/un_number", UnNumber, false),
    ("/dangerous_goods/volume", Whole(1, 99_999), false),
];

const TAG: &[Row] = &[
    ("/name", Text(50), true),
    ("/background_colour", Colour, false),
    ("/text_colour", Colour, false),
];

const RETURN: &[Row] = &[
    ("/outgoing_reference", Text(ANY), true),
    ("/delivery_postcode", Text(ANY), true),
    ("/return_service", Whole(0, i64::MAX), true),
    ("/expiry", Day, true),
];

/// One of the references will do.
const PICKING: &[Row] = &[
    ("/shipments", Objects, true),
    ("/shipments/0/reference_1", Text(ANY), false),
    ("/shipments/0/reference_2", Text(ANY), false),
];

/// A scalar as PHP writes it; none for what is no scalar. Only what the inputs hold.
fn php(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".into(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.to_string().as_str() {
            "1e-7" => "1.0E-7".into(),
            "1e300" | "1e+300" => "1.0E+300".into(),
            plain => plain.to_owned(),
        },
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// Which rule a value breaks, and how deep below its field.
fn broken(kind: Kind, required: bool, value: &Value) -> Option<(&'static str, &'static str)> {
    let is_text = !matches!(
        kind,
        Amount | Whole(..) | UnNumber | YesOrNo | Goods | Object | Objects | Pairs | Ids | Anything
    );
    let is_compound = matches!(kind, Goods | Object | Objects | Pairs | Ids);
    let says_nothing = value.is_null()
        || value.as_str().is_some_and(|text| text.trim().is_empty())
        || (is_compound && value == &json!([]))
        || (is_text && value == &json!(false));
    if says_nothing {
        return required.then_some(("", "_empty"));
    }
    let text = php(value);
    let fits = |fits: fn(&str) -> bool, rule: &'static str| match &text {
        None => Some(("", "scalar")),
        Some(text) => (!fits(text)).then_some(("", rule)),
    };
    let number = value.as_f64();
    match kind {
        Text(most) => match &text {
            None => Some(("", "scalar")),
            Some(text) => (text.chars().count() > most).then_some(("", "maxLength")),
        },
        Picture => match &text {
            None => Some(("", "scalar")),
            Some(text) if text.chars().count() > 200 => Some(("", "maxLength")),
            Some(_) => Some(("", "extension")),
        },
        Amount => match number {
            // Past what money is counted with.
            None => Some(("", "numeric")),
            Some(number) if number > 1e28 => Some(("", "numeric")),
            Some(number) => (!(0.0..1e7).contains(&number)).then_some(("", "range")),
        },
        Whole(least, most) => match (value.as_i64(), value) {
            (Some(number), _) => (!(least..=most).contains(&number)).then_some(("", "range")),
            // What PHP writes as 1 is a number.
            (None, Value::Bool(true)) => (!(least..=most).contains(&1)).then_some(("", "range")),
            _ => Some(("", "integer")),
        },
        UnNumber => fits(
            |text| (1..=4).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit()),
            "range",
        ),
        YesOrNo => fits(|text| ["", "0", "1"].contains(&text), "boolean"),
        Country => fits(|text| text == "GB", "country"),
        Currency => fits(
            |text| text.len() == 3 && text.bytes().all(|it| it.is_ascii_alphabetic()),
            "lengthBetween",
        ),
        Day => fits(|text| text == "2026-05-20", "date"),
        DutyType | TaxType => fits(|text| text == "VAT", "inList"),
        ThreeWords => fits(|_| false, "custom"),
        Colour => fits(
            |text| text.len() == 3 && text.bytes().all(|it| it.is_ascii_hexdigit()),
            "hexColor",
        ),
        Goods => match value {
            Value::Object(_) => None,
            Value::Array(list) if matches!(list.as_slice(), [Value::Object(_)]) => None,
            _ => Some(("", "array")),
        },
        Object => (!value.is_object()).then_some(("", "array")),
        Objects | Pairs => match value.as_array().map(Vec::as_slice) {
            Some([Value::Object(_)]) => None,
            Some(_) => Some(("/0", "array")),
            None => Some(("", "array")),
        },
        Ids => match value.as_array().map(Vec::as_slice) {
            Some([Value::Number(_)]) => None,
            Some([_]) => Some(("/0", "integer")),
            _ => Some(("", "array")),
        },
        Anything => None,
    }
}

/// Every rule that a body breaks, as pointers to them.
fn expected(table: &[Row], body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (pointer, kind, required) in table {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = match body.pointer(parent) {
            // A list of one object is that object.
            Some(Value::Array(list)) if list.len() == 1 && parent.ends_with("goods") => &list[0],
            Some(parent) => parent,
            None => continue,
        };
        let Value::Object(fields) = parent else { continue };
        // An empty sender is none, and blank pairs are passed over.
        if fields.is_empty() && pointer.starts_with("/sender/") {
            continue;
        }
        let is_pair = pointer.contains("/tax_numbers/0/");
        let blank = |name: &str| {
            fields.get(name).is_none_or(|it| php(it).is_some_and(|text| text.trim().is_empty()))
        };
        if is_pair && blank("tax_number") && blank("tax_number_type") {
            continue;
        }
        match fields.get(name) {
            None if *required => found.push(format!("{pointer}/_required")),
            None => {}
            Some(value) => {
                let broken = broken(*kind, *required, value);
                found.extend(broken.map(|(below, rule)| format!("{pointer}{below}/{rule}")));
            }
        }
    }
    // Of a picking list one of the references will do.
    if let Some(Value::Object(picked)) = body.pointer("/shipments/0") {
        let named =
            |name: &str| picked.get(name).and_then(php).is_some_and(|text| !text.trim().is_empty());
        if !named("reference_1") && !named("reference_2") {
            found.push("/shipments/0/reference_1/_required".to_owned());
        }
    }
    found
}

/// The places of an error's texts.
fn told(error: &Value, at: &str, found: &mut Vec<String>) {
    match error {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, it)| told(it, &format!("{at}/{name}"), found))
        }
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(place, it)| told(it, &format!("{at}/{place}"), found)),
        _ => found.push(at.to_owned()),
    }
}

/// Whether something required is stored as nothing.
fn stored_as_nothing(state: &Value) -> Option<String> {
    let blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    for shipment in state["shelf"]["shipments"].as_object().unwrap().values() {
        let draft = &shipment["draft"];
        let sender = draft["sender"]["firstname"].is_string();
        let own = [
            "/reference",
            "/recipient/firstname",
            "/recipient/city",
            "/recipient/postcode",
            "/recipient/country",
        ];
        let items = draft["items"].as_array().unwrap();
        let found = own.iter().any(|at| blank(draft.pointer(at).unwrap()))
            || items.iter().any(|item| blank(&item["sku"]) || blank(&item["name"]));
        if found || !sender {
            return Some(draft.to_string());
        }
    }
    let tags = state["tags"].as_object().unwrap().values();
    tags.map(|tag| &tag["name"]).find(|name| blank(name)).map(Value::to_string)
}

/// Sends every body; how many were sent.
fn hold(method: Method, row: &str, target: &str, table: &[Row], whole: &Value) -> usize {
    let client = Client::open();
    let state =
        |client: &Client| serde_json::to_value(&client.world.world.providers().shiptheory).unwrap();
    let before = state(&client);
    let all = bodies(whole, &pointers(Name::Shiptheory, method, row));
    let mut fresh = client.clone();
    for body in &all {
        let request = fresh.bearing(json_request(method, target, body));
        let reply = fresh.send(request);
        assert!(reply.status < 500, "{body}: {}", reply.text());
        let mut wanted = expected(table, body);
        wanted.sort();
        let mut found = Vec::new();
        if let Some(error) = reply.json().get("error").filter(|it| it.is_object()) {
            told(error, "", &mut found);
        }
        found.sort();
        // What is documented of a name that is taken, and of an expiry, is no rule of a field's form.
        found.retain(|it| !it.ends_with("/unique") && !it.ends_with("/expiry_length"));
        assert_eq!(found, wanted, "{method} {target} {body}: {}", reply.text());
        if !wanted.is_empty() {
            assert!(reply.explanation.is_some() && state(&fresh) == before, "{body}");
            continue;
        }
        assert_eq!(stored_as_nothing(&state(&fresh)), None, "{body}");
        fresh = client.clone();
    }
    all.len()
}

#[test]
fn bookings_are_refused_as_the_tables_of_the_documentation_say() {
    let whole = sample(
        "NEW",
        json!({
            "/recipient/tax_numbers": [{ "tax_number": "GB1", "tax_number_type": "VAT" }],
            "/sender": {
                "firstname": "Julian", "lastname": "Bashir", "address_line_1": "65 Horfield Retail Park",
                "city": "Bath", "postcode": "BA1 2JW", "country": "GB"
            },
            "/products": [{ "name": "Mug", "sku": "mug", "value": 1, "weight": 1, "dangerous_goods": {} }],
            "/packages": [{ "id": 11_110, "weight": 1 }],
            "/tags": [1],
        }),
    );
    let sent = hold(Method::Post, "/v1/shipments", "/v1/shipments", BOOK, &whole);
    assert!(sent >= 3_500, "only {sent} inputs");
}

#[test]
fn products_tags_returns_and_picking_lists_are_refused_as_their_tables_say() {
    let product = json!({ "sku": "new", "dangerous_goods": {} });
    let tag = json!({ "name": "New" });
    let back = json!({
        "outgoing_reference": "S0001001", "delivery_postcode": "BS1 4TW", "return_service": 200, "expiry": "2026-05-20",
    });
    let sent = hold(Method::Post, "/v1/products", "/v1/products", PRODUCT, &product)
        + hold(Method::Post, "/v1/tags", "/v1/tags", TAG, &tag)
        + hold(Method::Put, "/v1/tags/{id}", "/v1/tags/2", TAG, &tag)
        + hold(Method::Post, "/v1/returns", "/v1/returns", RETURN, &back);
    assert!(sent >= 700, "only {sent} inputs");
    let picking = json!({ "shipments": [{ "reference_1": "S1234", "reference_2": "ORDER1001" }] });
    let sent = hold(
        Method::Post,
        "/v1/picking_lists/download",
        "/v1/picking_lists/download",
        PICKING,
        &picking,
    );
    assert!(sent >= 60, "only {sent} inputs");
}
