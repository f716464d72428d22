//! What an operator of Salla could do: set data, and push shipments along their table.

use serde_json::{Map, Value};

use crate::providers::operator::{input, optional, text, wrong};
use crate::providers::salla::access::SCOPES;
use crate::providers::salla::machines::{SHIPMENT, ShipmentInput};
use crate::providers::salla::rules::lifecycle;
use crate::providers::salla::state::accounts::{Plan, Strategy, User};
use crate::providers::salla::{Salla, journeys};
use crate::providers::{Cx, OperatorError};

fn yes(field: &str, value: &Value) -> Result<bool, OperatorError> {
    value.as_bool().ok_or_else(|| wrong(field, "true or false"))
}

/// One of the words of a vocabulary.
fn word<T>(
    field: &str,
    value: &Value,
    of: fn(&str) -> Option<T>,
    known: &[&str],
) -> Result<T, OperatorError> {
    let given = value.as_str().and_then(of);
    given.ok_or_else(|| wrong(field, &format!("one of {}", known.join(", "))))
}

/// Sets fields of a shipment.
pub fn patch_shipment(
    cx: &mut Cx<'_, Salla>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let id: u64 = id.parse().map_err(|_| OperatorError::Absent)?;
    let mut shipment = cx.state.book.get(id).cloned().ok_or(OperatorError::Absent)?;
    let mut plan = None;
    for (field, value) in fields {
        match field.as_str() {
            "shipping_number" => shipment.shipping_number = text(field, value)?,
            "tracking_number" => shipment.tracking_number = text(field, value)?,
            "tracking_link" => shipment.tracking_link = text(field, value)?,
            "trackable" => shipment.trackable = yes(field, value)?,
            "pickup_id" => {
                shipment.pickup_id = match value {
                    Value::Null => None,
                    given => Some(given.as_u64().ok_or_else(|| wrong(field, "a number or null"))?),
                };
            }
            _ => {
                let name = text(field, value)?;
                let known = journeys::plan(&name);
                plan = Some(
                    known.ok_or_else(|| wrong(field, &format!("one of {}", journeys::names())))?,
                );
            }
        }
    }
    if let Some(known) = cx.state.book.get_mut(id) {
        *known = shipment;
    }
    if let Some(plan) = plan {
        lifecycle::travel_by(cx, id, plan);
    }
    Ok(())
}

/// Gives a shipment an input.
pub fn apply_to_shipment(cx: &mut Cx<'_, Salla>, id: &str, on: &str) -> Result<(), OperatorError> {
    let id: u64 = id.parse().map_err(|_| OperatorError::Absent)?;
    let shipment = cx.state.book.get(id).ok_or(OperatorError::Absent)?;
    let on: ShipmentInput = input(&SHIPMENT, &shipment.life, on)?;
    lifecycle::step(cx, id, on).map_err(|_| OperatorError::Absent)?;
    lifecycle::stop_at_the_end(cx, id);
    Ok(())
}

/// Sets fields of a store.
pub fn patch_store(
    cx: &mut Cx<'_, Salla>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let known = id.parse().ok().and_then(|id: u64| cx.state.stores.get_mut(&id));
    let known = known.ok_or(OperatorError::Absent)?;
    let mut store = known.clone();
    for (field, value) in fields {
        match field.as_str() {
            "plan" => store.plan = word(field, value, Plan::of, &["plus", "pro", "special"])?,
            "user" => {
                store.user = word(field, value, User::of, &["active", "inactive", "deleted"])?;
            }
            "installed" => store.installed = yes(field, value)?,
            _ => store.barred = yes(field, value)?,
        }
    }
    *known = store;
    Ok(())
}

/// Sets fields of a grant.
pub fn patch_token(
    cx: &mut Cx<'_, Salla>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let mut grant = cx.state.grant(id).cloned().ok_or(OperatorError::Absent)?;
    for (field, value) in fields {
        match field.as_str() {
            "scopes" => {
                let expected = format!("a list of some of {}", SCOPES.join(", "));
                let refused = || wrong(field, &expected);
                let list = value.as_array().ok_or_else(refused)?;
                let scope = |it: &Value| {
                    let known = it.as_str().filter(|it| SCOPES.contains(it));
                    known.map(str::to_owned).ok_or_else(refused)
                };
                grant.scopes = list.iter().map(scope).collect::<Result<_, _>>()?;
            }
            "expires" => {
                let at = value.as_str().and_then(|it| it.parse().ok());
                grant.expires =
                    at.ok_or_else(|| wrong(field, "an instant, as 2026-05-14T09:00:00Z"))?;
            }
            _ => grant.revoked = yes(field, value)?,
        }
    }
    cx.state.grants.insert(grant.id, grant);
    Ok(())
}

/// Sets fields of a webhook.
pub fn patch_webhook(
    cx: &mut Cx<'_, Salla>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let known = id.parse().ok().and_then(|id: u64| cx.state.subscriptions.get_mut(&id));
    let known = known.ok_or(OperatorError::Absent)?;
    let mut webhook = known.clone();
    for (field, value) in fields {
        match field.as_str() {
            "url" => webhook.url = text(field, value)?,
            "secret" => webhook.secret = optional(field, value)?,
            _ => {
                webhook.strategy =
                    word(field, value, Strategy::of, &["signature", "token", "none"])?;
            }
        }
    }
    *known = webhook;
    Ok(())
}

/// Stores, grants and webhooks have no table.
pub fn no_moves(_: &mut Cx<'_, Salla>, _: &str, _: &str) -> Result<(), OperatorError> {
    Err(OperatorError::Computed("only shipments move; the rest is set with PATCH".to_owned()))
}
