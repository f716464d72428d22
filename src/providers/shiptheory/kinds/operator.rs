//! What an operator of Shiptheory could do: set data, and push shipments along their table.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};

use crate::kit::mistake::Mistake;
use crate::providers::operator::{input, optional, text, wrong};
use crate::providers::shiptheory::machines::{Input, SHIPMENT};
use crate::providers::shiptheory::rules::lifecycle;
use crate::providers::shiptheory::setup::opening::{check_carriers, check_rules, journey};
use crate::providers::shiptheory::state::accounts::ShippingRule;
use crate::providers::shiptheory::{Shiptheory, journeys};
use crate::providers::{Cx, OperatorError};

/// Sets fields of a shipment.
pub fn patch_shipment(
    cx: &mut Cx<'_, Shiptheory>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let number = cx.state.shipment_by(id).ok_or(OperatorError::Absent)?.number;
    let refusal = fields.get("refusal").map(|value| optional("refusal", value)).transpose()?;
    let plan = match fields.get("journey") {
        None => None,
        Some(value) => {
            let name = text("journey", value)?;
            let known = || journey(&name).unwrap_or_else(|problem| problem);
            let plan = journeys::plan(&name);
            Some(plan.ok_or_else(|| wrong("journey", &format!("a journey: {}", known())))?)
        }
    };
    if let (Some(refusal), Some(shipment)) = (refusal, cx.state.shelf.get_mut(number)) {
        shipment.refusal = refusal;
    }
    if let Some(plan) = plan {
        lifecycle::travel_by(cx, number, plan);
    }
    Ok(())
}

/// Sets fields of a package size.
pub fn patch_package_size(
    cx: &mut Cx<'_, Shiptheory>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let number: u64 = id.parse().map_err(|_| OperatorError::Absent)?;
    let mut accounts = cx.state.accounts.values_mut();
    let size = accounts.find_map(|account| account.package_sizes.get_mut(&number));
    let size = size.ok_or(OperatorError::Absent)?;
    for (field, value) in fields {
        let active = value.as_bool().ok_or_else(|| wrong(field, "true or false"))?;
        if size.active != active {
            size.active = active;
            size.modified = cx.now;
        }
    }
    Ok(())
}

/// A setup's mistake about a field.
fn mistaken(field: &str, mistake: Mistake) -> OperatorError {
    wrong(field, &format!("right: {}", mistake.problem))
}

/// Sets fields of an account.
pub fn patch_account(
    cx: &mut Cx<'_, Shiptheory>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let mut account = cx.state.account_by(id).cloned().ok_or(OperatorError::Absent)?;
    for (field, value) in fields {
        match field.as_str() {
            "password" => {
                let password = text(field, value)?;
                if password.trim().is_empty() {
                    return Err(wrong(field, "a text that is not empty"));
                }
                account.password = password;
            }
            "carriers" => {
                let read: BTreeMap<String, Vec<u64>> = serde_json::from_value(value.clone())
                    .map_err(|_| {
                        wrong(field, "carriers with their instances, as {\"DPD\": [1, 2]}")
                    })?;
                check_carriers(&read).map_err(|it| mistaken(field, it))?;
                account.carriers = read;
            }
            "rules" => {
                let read: Vec<ShippingRule> = serde_json::from_value(value.clone())
                    .map_err(|error| wrong(field, &format!("a list of shipping rules: {error}")))?;
                check_rules(&read).map_err(|it| mistaken(field, it))?;
                account.rules = read;
            }
            _ => {
                let read: VecDeque<String> = serde_json::from_value(value.clone())
                    .map_err(|_| wrong(field, "a list of journeys"))?;
                for name in &read {
                    journey(name).map_err(|problem| {
                        wrong(field, &format!("a list of journeys: {problem}"))
                    })?;
                }
                account.next_journeys = read;
            }
        }
    }
    cx.state.accounts.insert(account.id, account);
    Ok(())
}

/// Gives a shipment an input.
pub fn apply_to_shipment(
    cx: &mut Cx<'_, Shiptheory>,
    id: &str,
    on: &str,
) -> Result<(), OperatorError> {
    let shipment = cx.state.shipment_by(id).ok_or(OperatorError::Absent)?;
    let number = shipment.number;
    let on: Input = input(&SHIPMENT, &shipment.life, on)?;
    lifecycle::shipment(cx, number, on).map_err(|_| OperatorError::Absent)
}

/// For kinds without a table.
pub fn no_moves(_: &mut Cx<'_, Shiptheory>, _: &str, _: &str) -> Result<(), OperatorError> {
    Err(OperatorError::Computed(
        "only shipments have moves; what can be set is set with PATCH".to_owned(),
    ))
}
