//! What a request says, read as PHP reads it: JSON whatever the type says, forms only when the type says so.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::kit::numeric;
use crate::message::Request;
use crate::providers::Field;
use crate::providers::shiplee::data::postal::{is_mobile, is_pincode};
use crate::providers::shiplee::rules::carrier::{Measures, Payment};
use crate::providers::shiplee::state::order::Item;
use crate::providers::shiplee::state::wallet::MOST;
use crate::providers::shiplee::{Error, fields};

/// The fields of a request.
pub type Fields = Map<String, Value>;

/// The fields of a JSON body; none when it is no JSON object.
pub fn json(request: &Request) -> Fields {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

/// The fields of a form; none when the type is another.
pub fn form(request: &Request) -> Fields {
    request.form().unwrap_or_default()
}

/// Whether a field is there: neither null, nor blank, nor an empty list.
fn is_there(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(_) => true,
    }
}

/// The first field that is missing of those that a table needs.
pub fn first_missing(fields: &Fields, table: &'static [Field]) -> Option<&'static str> {
    let mut needed = table.iter().filter(|field| field.is_needed());
    needed.find(|field| !is_there(fields.get(field.path))).map(|field| field.path)
}

/// Refuses the first field that is missing of those that a table needs, named with what stands before it: `customer.`.
pub fn require(fields: &Fields, before: &str, table: &'static [Field]) -> Result<(), Error> {
    let needed = table.iter().filter(|field| field.is_needed());
    require_each(fields, before, needed.map(|field| field.path))
}

/// Refuses the first field that is missing of some.
pub fn require_each(
    fields: &Fields,
    before: &str,
    mut names: impl Iterator<Item = &'static str>,
) -> Result<(), Error> {
    match names.find(|name| !is_there(fields.get(*name))) {
        None => Ok(()),
        Some(name) => Err(Error::MissingField(format!("{before}{name}"))),
    }
}

/// A field's text, whatever scalar it came as; empty when it is none.
pub fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(numeric::text_of).unwrap_or_default().into_owned()
}

/// A field's text, if it is there.
pub fn optional(fields: &Fields, name: &str) -> Option<String> {
    is_there(fields.get(name)).then(|| text(fields, name))
}

/// A number from 0 up: a JSON integer or its text.
pub fn number(fields: &Fields, name: &str) -> Option<u64> {
    u64::try_from(fields.get(name).and_then(numeric::integer_of)?).ok()
}

/// Whether a field says yes: `1`, `true`, `"1"`. Documentation, "Add Order", `sameAddressCheckbox`.
pub fn yes(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0" | "false"),
        _ => false,
    }
}

/// A pincode; its number is as good as its text.
pub fn pincode(fields: &Fields, name: &str) -> Result<String, Error> {
    let text = text(fields, name);
    if is_pincode(&text) { Ok(text) } else { Err(Error::Pincode) }
}

/// A mobile number.
pub fn mobile(fields: &Fields, name: &str) -> Result<String, Error> {
    let text = text(fields, name);
    match is_mobile(&text) {
        true => Ok(text),
        false => Err(Error::Invalid(name.to_owned(), "10-digit starting 6-9")),
    }
}

/// `prepaid`, when nothing else is said: documentation, "Reverse Order".
pub fn payment(fields: &Fields) -> Result<Payment, Error> {
    match optional(fields, "paymentType") {
        None => Ok(Payment::Prepaid),
        Some(word) => Payment::of(&word.to_ascii_lowercase())
            .ok_or_else(|| Error::Invalid("paymentType".to_owned(), "prepaid or cod")),
    }
}

/// Units of one product at most.
const UNITS: i64 = 1_000_000;
/// Centimetres or kilograms at most.
const MEASURE: i64 = 10_000;

/// An amount within bounds, to the millionth.
fn amount(value: Option<&Value>, most: i64) -> Option<Decimal> {
    let decimal = value.and_then(numeric::amount_of)?.decimal()?;
    (decimal <= Decimal::from(most)).then(|| decimal.round_dp(6))
}

/// The products of an order, in the order in which they came; a `sku` that was left out is empty.
///
/// # Errors
/// The first product's first field that is missing or does not fit.
pub fn items(fields: &Fields) -> Result<Vec<Item>, Error> {
    let refused = || Error::Invalid("products".to_owned(), "a list of products");
    let list = fields.get("products").and_then(Value::as_array).ok_or_else(refused)?;
    let mut items = Vec::with_capacity(list.len());
    for (place, product) in list.iter().enumerate() {
        let product = product.as_object().ok_or_else(refused)?;
        let before = format!("products[{place}].");
        require(product, &before, fields::PRODUCT)?;
        let quantity = product.get("quantity").and_then(numeric::integer_of);
        let quantity = quantity.filter(|units| (1..=UNITS).contains(units)).ok_or_else(|| {
            Error::Invalid(format!("{before}quantity"), "a whole number of at least 1")
        })?;
        let price = amount(product.get("productPrice"), MOST)
            .filter(|price| !price.is_sign_negative())
            .ok_or_else(|| {
                Error::Invalid(format!("{before}productPrice"), "a number of at least 0")
            })?;
        items.push(Item {
            name: text(product, "productName"),
            quantity: quantity as u32,
            price,
            sku: optional(product, "sku").unwrap_or_default(),
        });
    }
    Ok(items)
}

/// One piece of luggage: documentation, "parcel object".
///
/// # Errors
/// The first measure that is missing or not above zero.
pub fn measures(parcel: &Fields, before: &str) -> Result<Measures, Error> {
    require(parcel, before, fields::MEASURES)?;
    let measure = |name: &str| {
        amount(parcel.get(name), MEASURE)
            .filter(|it| *it > Decimal::ZERO)
            .ok_or_else(|| Error::Invalid(format!("{before}{name}"), "a number above 0"))
    };
    Ok(Measures {
        length: measure("length")?,
        breadth: measure("breadth")?,
        height: measure("height")?,
        weight: measure("physicalWeight")?,
    })
}
