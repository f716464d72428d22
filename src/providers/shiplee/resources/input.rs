//! What handlers read of a request's input, and the refusal of what is missing or does not fit.
//!
//! A number does where a text is asked for, and its text where a number is, as in PHP; nothing else does in the place of
//! what is documented.

use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::kit::fields::{Field, FieldRule, Shape};
use crate::kit::json::Value;
use crate::kit::numeric::{self, Amount};
use crate::providers::shiplee::rules::carrier::{Measures, Payment};
use crate::providers::shiplee::state::order::Item;
use crate::providers::shiplee::{Error, fields};

pub use crate::providers::shiplee::data::body::{
    Fields, form, is_there, json, optional, text, yes,
};
use crate::providers::shiplee::data::body::{first_missing, said};

/// Refuses the first field that is missing of those that a table needs, then the first that does not fit.
pub fn check(fields: &Fields, table: &'static [Field]) -> Result<(), Error> {
    require(fields, "", table)?;
    fit(fields, "", table)
}

/// Refuses the first field that is missing of those that a table needs.
pub fn require(fields: &Fields, before: &str, table: &'static [Field]) -> Result<(), Error> {
    let needed = table.iter().filter(|field| field.is_needed());
    require_each(fields, before, needed.map(|field| field.path))
}

/// Refuses the first field that is missing of some, named with what stands before it: `customer.`.
pub fn require_each(
    fields: &Fields,
    before: &str,
    mut names: impl Iterator<Item = &'static str>,
) -> Result<(), Error> {
    match names.find(|name| !is_there(fields.get(name))) {
        None => Ok(()),
        Some(name) => Err(Error::MissingField(format!("{before}{name}"))),
    }
}

/// Refuses the first field that is there and does not fit, and the first that one of those below misses.
pub fn fit(fields: &Fields, before: &str, table: &'static [Field]) -> Result<(), Error> {
    for field in table {
        if let (Some(rules), Some(value)) = (field.rules, said(fields.get(field.path))) {
            fits(value, before, field, rules)?;
        }
    }
    Ok(())
}

/// What is documented to stand in a field, as refusals say it.
fn expected(field: &Field, rules: &[FieldRule]) -> Cow<'static, str> {
    let form = rules.iter().find_map(|rule| match rule {
        FieldRule::Format(form, _) => Some(*form),
        _ => None,
    });
    let least = rules.iter().find_map(|rule| match rule {
        FieldRule::Min(least) => Some(*least),
        _ => None,
    });
    match (form, field.shape, least) {
        (Some(form), ..) => form.into(),
        (_, Shape::Integer, Some(least)) => format!("a whole number of at least {least}").into(),
        (_, Shape::Integer, None) => "an integer".into(),
        (_, Shape::Number, Some(least)) => format!("a number of at least {least}").into(),
        (_, Shape::Number, None) => "a number".into(),
        (_, Shape::Text, _) => "a string".into(),
        (_, Shape::Boolean, _) => "a boolean".into(),
        (_, Shape::List, _) => format!("a list of {}", field.path).into(),
        (_, Shape::Object, _) => "an object".into(),
    }
}

fn fits(value: &Value, before: &str, field: &Field, rules: &[FieldRule]) -> Result<(), Error> {
    // The documentation's refusal of a pincode does not say whose it is.
    let named = if before == "customer." { "" } else { before };
    let unfit = |expected: Cow<'static, str>| match expected.as_ref() {
        fields::PINCODE_FORM => Error::Pincode(format!("{before}{}", field.path)),
        _ => Error::Invalid(format!("{named}{}", field.path), expected),
    };
    let wrong = || unfit(expected(field, rules));
    let any = rules.iter().any(|rule| matches!(rule, FieldRule::AnyType));
    if !any && !is_of(field.shape, value) {
        return Err(wrong());
    }
    for rule in rules {
        match rule {
            FieldRule::Format(_, fits) => {
                let text = numeric::text_of(value);
                if !text.is_some_and(|text| fits(&text)) {
                    return Err(wrong());
                }
            }
            FieldRule::Min(least)
                if numeric::amount_of(value).is_some_and(|it| it.compare(*least).is_lt()) =>
            {
                return Err(wrong());
            }
            FieldRule::Max(most)
                if numeric::amount_of(value).is_some_and(|it| it.compare(*most).is_gt()) =>
            {
                return Err(unfit(format!("at most {most}").into()));
            }
            _ => {}
        }
    }
    match value {
        Value::Object(below) => {
            let before = format!("{before}{}.", field.path);
            require(below, &before, field.below)?;
            fit(below, &before, field.below)
        }
        Value::Array(list) => {
            for (place, element) in list.iter().enumerate() {
                let below = element.as_object().ok_or_else(wrong)?;
                let before = format!("{before}{}[{place}].", field.path);
                require(below, &before, field.below)?;
                fit(below, &before, field.below)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Whether a value is of a type. A yes is no number.
fn is_of(shape: Shape, value: &Value) -> bool {
    match shape {
        Shape::Text => value.is_string() || value.is_number(),
        Shape::Integer => numeric::amount_of(value).is_some_and(is_whole),
        Shape::Number => numeric::amount_of(value).is_some(),
        Shape::Boolean => numeric::is_boolean(value),
        Shape::List => value.is_array(),
        Shape::Object => value.is_object(),
    }
}

fn is_whole(amount: Amount) -> bool {
    match amount {
        Amount::Exact(decimal) => decimal.is_integer(),
        Amount::Rough(float) => float.fract() == 0.0,
    }
}

/// The number by which a request names something: 0, which nothing has, for one that is out of range.
///
/// # Errors
/// What it has to be when it is none.
pub fn id(value: Option<&Value>) -> Result<u64, &'static str> {
    let amount = value.and_then(numeric::amount_of).ok_or("numeric")?;
    if !is_whole(amount) {
        return Err("an integer");
    }
    Ok(amount.decimal().and_then(|decimal| decimal.to_u64()).unwrap_or_default())
}

/// Refuses the first parameter of a booking that is missing, then the first that is no scalar.
pub fn parameters(fields: &Fields, table: &'static [Field]) -> Result<(), Error> {
    if let Some(missing) = first_missing(fields, table) {
        return Err(Error::MissingParameters(missing));
    }
    let is_scalar = |field: &&Field| {
        fields.get(field.path).is_none_or(|value| value.is_string() || value.is_number())
    };
    match table.iter().find(|field| !is_scalar(field)) {
        None => Ok(()),
        Some(field) => Err(Error::WrongParameter(field.path)),
    }
}

/// `prepaid`, when nothing else is said: documentation, "Reverse Order".
pub fn payment(fields: &Fields) -> Payment {
    let word = optional(fields, "paymentType");
    word.and_then(|word| Payment::read(&word)).unwrap_or(Payment::Prepaid)
}

/// A number that fits, to the millionth.
fn amount(fields: &Fields, name: &str) -> Decimal {
    let amount = fields.get(name).and_then(numeric::amount_of).and_then(Amount::decimal);
    amount.unwrap_or_default().round_dp(6)
}

/// The products of an order that fits, in the order in which they came; a `sku` that was left out is empty.
pub fn items(fields: &Fields) -> Vec<Item> {
    let products = fields.get("products").and_then(Value::as_array).into_iter().flatten();
    let item = |product: &Fields| Item {
        name: text(product, "productName"),
        quantity: amount(product, "quantity").to_u32().unwrap_or_default(),
        price: amount(product, "productPrice"),
        sku: optional(product, "sku").unwrap_or_default(),
    };
    products.filter_map(Value::as_object).map(item).collect()
}

/// One piece of luggage that fits. What is above zero and less than a millionth counts as one.
pub fn measures(parcel: &Fields) -> Measures {
    let measure = |name: &str| amount(parcel, name).max(Decimal::new(1, 6));
    Measures {
        length: measure("length"),
        breadth: measure("breadth"),
        height: measure("height"),
        weight: measure("physicalWeight"),
    }
}
