//! What every provider's `operate` does alike: reading the fields an operator sets and the inputs an operator gives.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::kit::numeric::{self, Amount};
use crate::providers::OperatorError;
use crate::sim::machine::{Diagram, Machine, Tracked, Word, moves};

/// A value that does not fit its field.
pub(super) fn wrong(field: &str, expected: &str) -> OperatorError {
    OperatorError::Value { field: field.to_owned(), expected: expected.to_owned() }
}

/// A text.
pub(super) fn text(field: &str, value: &Value) -> Result<String, OperatorError> {
    value.as_str().map(str::to_owned).ok_or_else(|| wrong(field, "a text"))
}

/// A text or null.
pub(super) fn optional(field: &str, value: &Value) -> Result<Option<String>, OperatorError> {
    if value.is_null() { Ok(None) } else { text(field, value).map(Some) }
}

/// An amount from 0 to a bound, as a number or its text, to ten digits after the point.
pub(super) fn amount(field: &str, value: &Value, most: i64) -> Result<Decimal, OperatorError> {
    let written = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let parsed = match numeric::amount(&written) {
        Some(Amount::Exact(decimal)) => Some(decimal),
        _ => None,
    };
    parsed
        .filter(|it| (Decimal::ZERO..=Decimal::from(most)).contains(it))
        .map(|it| it.round_dp(10))
        .ok_or_else(|| wrong(field, "an amount, as 12.5 or \"12.500\""))
}

/// An input without a row, with those that have one.
pub(super) fn illegal(machine: &dyn Diagram, from: &str, on: &str) -> OperatorError {
    OperatorError::Illegal {
        from: from.to_owned(),
        on: on.to_owned(),
        legal: moves(machine, from).into_iter().map(|(on, _)| on.to_owned()).collect(),
    }
}

/// The input of a word, if the entity's table has a row for it now.
pub(super) fn input<S: Word + Sync, I: Word + Sync>(
    machine: &Machine<S, I>,
    life: &Tracked<S, I>,
    on: &str,
) -> Result<I, OperatorError> {
    I::of_text(on)
        .filter(|input| machine.allows(life.state(), *input))
        .ok_or_else(|| illegal(machine, life.state().text(), on))
}
