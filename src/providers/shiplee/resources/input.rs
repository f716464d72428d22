//! What handlers read of a request's input, and the refusal of what is missing or does not fit.

use crate::kit::json::Value;
use rust_decimal::Decimal;

use crate::kit::numeric;
use crate::providers::Field;
use crate::providers::shiplee::data::body::is_there;
use crate::providers::shiplee::data::postal::{is_mobile, is_pincode};
use crate::providers::shiplee::rules::carrier::{Measures, Payment};
use crate::providers::shiplee::state::order::Item;
use crate::providers::shiplee::state::wallet::MOST;
use crate::providers::shiplee::{Error, fields};

pub use crate::providers::shiplee::data::body::{
    Fields, first_missing, form, json, number, optional, text, yes,
};

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

/// A pincode; its number is as good as its text.
pub fn pincode(fields: &Fields, name: &str) -> Result<String, Error> {
    let text = text(fields, name);
    if is_pincode(&text) { Ok(text) } else { Err(Error::Pincode) }
}

/// A mobile number.
pub fn mobile(fields: &Fields, name: &str) -> Result<String, Error> {
    let text = text(fields, name);
    if is_mobile(&text) {
        Ok(text)
    } else {
        Err(Error::Invalid(name.to_owned(), "10-digit starting 6-9"))
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
