//! What an operator of Shipper could do: set data, and push entities along their tables.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::providers::operator::{amount, illegal, input, optional, text, wrong};
use crate::providers::shipper::machines::{
    CONTACT, ContactInput, KEY, KeyInput, KeyState, PAYMENT, PaymentInput, SHIPMENT, ShipmentInput,
    WEBHOOK, WebhookInput,
};
use crate::providers::shipper::rules::lifecycle::{self, Idle};
use crate::providers::shipper::rules::{intake, money};
use crate::providers::shipper::state::order::{Address, Order};
use crate::providers::shipper::{Shipper, State, journeys};
use crate::providers::{Cx, OperatorError};

/// Sets fields of an order.
pub fn patch_order(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let key = cx.state.order_key(id).ok_or(OperatorError::Absent)?;
    let mut order = cx.state.order(key).cloned().ok_or(OperatorError::Absent)?;
    let mut journey = None;
    for (field, value) in fields {
        match field.as_str() {
            "store_name" => order.store_name = optional(field, value)?,
            "external_order_id" => order.external_order_id = optional(field, value)?,
            "external_order_url" => order.external_order_url = optional(field, value)?,
            "address" => order.address = patched_address(&order.address, value)?,
            _ => {
                let name = text(field, value)?;
                let (atlas, way) = (&cx.state.atlas, journeys::way());
                let known = atlas.find(&journeys::GROUND, way, &name);
                let expected = || wrong(field, &atlas.expected(&journeys::GROUND, way));
                journey = Some(known.ok_or_else(expected)?);
            }
        }
    }
    if let Some(organization) = cx.state.accounts.organizations.get_mut(&key.organization) {
        organization.book.update(key.order, |kept| *kept = order);
    }
    if let Some(journey) = journey {
        intake::travel_by(cx, key, &journey);
    }
    Ok(())
}

fn patched_address(address: &Address, value: &Value) -> Result<Address, OperatorError> {
    let expected = "an object with some of first_name, last_name, phone1, phone2, address1, address2, division_1, \
                    division_2, country, each a text";
    let refused = || wrong("address", expected);
    let mut whole = serde_json::to_value(address).map_err(|_| refused())?;
    for (name, part) in value.as_object().ok_or_else(refused)? {
        *whole.get_mut(name).ok_or_else(refused)? = part.clone();
    }
    serde_json::from_value(whole).map_err(|_| refused())
}

/// Sets fields of a shipment.
pub fn patch_shipment(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let (key, order, shipment) = cx.state.shipment(id).ok_or(OperatorError::Absent)?;
    let place = lifecycle::place_of(order, shipment.uuid).ok_or(OperatorError::Absent)?;
    let (mut on_hold, mut failure) = (shipment.on_hold, shipment.failure.clone());
    for (field, value) in fields {
        match field.as_str() {
            "on_hold" => on_hold = value.as_bool().ok_or_else(|| wrong(field, "true or false"))?,
            _ => failure = Some(optional(field, value)?.map(std::borrow::Cow::Owned)),
        }
    }
    if let Some(organization) = cx.state.accounts.organizations.get_mut(&key.organization) {
        organization.book.update(key.order, |order| {
            if let Some(shipment) = order.shipments.get_mut(place) {
                shipment.on_hold = on_hold;
                shipment.failure = failure;
            }
        });
    }
    Ok(())
}

/// Sets fields of a product.
pub fn patch_product(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let (organization, product) = cx.state.product(id).ok_or(OperatorError::Absent)?;
    let mut product = product.clone();
    for (field, value) in fields {
        match field.as_str() {
            "name" => product.name = text(field, value)?,
            "status" => {
                let status = text(field, value)?;
                if !["active", "inactive"].contains(&status.as_str()) {
                    return Err(wrong(field, "active or inactive"));
                }
                product.status = status;
            }
            "price" => {
                product.price = amount(field, value, money::MOST)?;
                product.variants.iter_mut().for_each(|variant| variant.price = product.price);
            }
            "cost" => {
                product.cost = amount(field, value, money::MOST)?;
                product.variants.iter_mut().for_each(|variant| variant.cost = product.cost);
            }
            "stock" if product.variants.is_empty() => {
                product.stock = value.as_i64().ok_or_else(|| wrong(field, "a whole number"))?;
            }
            "stock" => {
                return Err(wrong(
                    field,
                    "left alone: this product's stock is its variants'; set `variants`",
                ));
            }
            _ => {
                let expected = "an object of variant UUIDs with their stock, as {\"<uuid>\": 15}";
                for (uuid, stock) in value.as_object().ok_or_else(|| wrong(field, expected))? {
                    let uuid = Uuid::try_parse(uuid).map_err(|_| wrong(field, expected))?;
                    let variant = product.variants.iter_mut().find(|variant| variant.uuid == uuid);
                    let stock = stock.as_i64().ok_or_else(|| wrong(field, expected))?;
                    variant.ok_or_else(|| wrong(field, expected))?.stock = stock;
                }
            }
        }
    }
    let owner = cx.state.accounts.organizations.get_mut(&organization);
    if let Some(kept) = owner.and_then(|owner| owner.catalogue.by_id_mut(product.id)) {
        *kept = product;
    }
    Ok(())
}

/// Sets fields of a webhook.
pub fn patch_webhook(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let webhook = id.parse().ok().and_then(|id: u64| cx.state.accounts.webhooks.get_mut(&id));
    let webhook = webhook.ok_or(OperatorError::Absent)?;
    for (field, value) in fields {
        let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
        webhook.failure_count = count.ok_or_else(|| wrong(field, "a whole number from 0"))?;
    }
    Ok(())
}

/// A key's state is set by walking its table: from revoked nothing leads back.
pub fn patch_key(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let from = cx.state.key(id).ok_or(OperatorError::Absent)?.life.state();
    for (field, value) in fields {
        let wanted = value.as_str().and_then(KeyState::of);
        let to = wanted.ok_or_else(|| wrong(field, "active, disabled or revoked"))?;
        let inputs = crate::sim::machine::route(&KEY, from.word(), to.word());
        for on in inputs.ok_or_else(|| illegal(&KEY, from.word(), to.word()))? {
            apply_to_key(cx, id, on)?;
        }
    }
    Ok(())
}

/// Gives a shipment an input.
pub fn apply_to_shipment(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    on: &str,
) -> Result<(), OperatorError> {
    let (key, order, shipment) = cx.state.shipment(id).ok_or(OperatorError::Absent)?;
    let place = lifecycle::place_of(order, shipment.uuid).ok_or(OperatorError::Absent)?;
    let on: ShipmentInput = input(&SHIPMENT, &shipment.life, on)?;
    Ok(lifecycle::shipment(cx, key, place, on)?)
}

/// Gives the money of a shipment an input.
pub fn apply_to_payment(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Result<(), OperatorError> {
    let (key, order, shipment) = cx.state.shipment(id).ok_or(OperatorError::Absent)?;
    let place = lifecycle::place_of(order, shipment.uuid).ok_or(OperatorError::Absent)?;
    let on: PaymentInput = input(&PAYMENT, &shipment.payment, on)?;
    Ok(lifecycle::payment(cx, key, place, on)?)
}

/// Gives a contact task an input.
pub fn apply_to_contact_task(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    on: &str,
) -> Result<(), OperatorError> {
    let key = cx.state.order_key(id).ok_or(OperatorError::Absent)?;
    let task = cx.state.order(key).and_then(|order| order.contact.as_ref());
    let on: ContactInput = input(&CONTACT, task.ok_or(OperatorError::Absent)?, on)?;
    Ok(lifecycle::contact(cx, key, on)?)
}

/// Gives a webhook an input.
pub fn apply_to_webhook(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Result<(), OperatorError> {
    let webhook = id.parse().ok().and_then(|id: u64| cx.state.accounts.webhooks.get_mut(&id));
    let webhook = webhook.ok_or(OperatorError::Absent)?;
    let on: WebhookInput = input(&WEBHOOK, &webhook.life, on)?;
    Ok(cx.out.step(&WEBHOOK, &mut webhook.life, id, on).map(drop).map_err(Idle::from)?)
}

/// Gives a key an input.
pub fn apply_to_key(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Result<(), OperatorError> {
    let number = cx.state.key(id).ok_or(OperatorError::Absent)?.id;
    let key = cx.state.accounts.keys.get_mut(&number).ok_or(OperatorError::Absent)?;
    let on: KeyInput = input(&KEY, &key.life, on)?;
    let step = cx.out.step(&KEY, &mut key.life, &number.to_string(), on);
    Ok(step.map(drop).map_err(Idle::from)?)
}

/// A product has a status and a stock, and no life of its own.
pub fn apply_to_product(_: &mut Cx<'_, Shipper>, _: &str, _: &str) -> Result<(), OperatorError> {
    let why = "a product has no moves; set `status` or `stock` with PATCH";
    Err(OperatorError::Computed(why.to_owned()))
}

impl From<Idle> for OperatorError {
    fn from(idle: Idle) -> Self {
        match idle {
            Idle::Missing => OperatorError::Absent,
            Idle::Illegal { from, on } => OperatorError::Illegal {
                from: from.to_owned(),
                on: on.to_owned(),
                legal: Vec::new(),
            },
        }
    }
}

/// What can be done to an order: its status follows from its shipments, but a draft can be sent to fulfilment, and
/// an order cancelled.
fn legal_inputs(order: &Order) -> Vec<&'static str> {
    let draft = order.shipments.is_empty();
    let cancels = |on| SHIPMENT.allows(on, ShipmentInput::Cancel);
    let cancelable = order.shipments.iter().any(|shipment| cancels(shipment.life.state()));
    let inputs = [("fulfill", draft), ("cancel", cancelable)].into_iter();
    inputs.filter(|(_, possible)| *possible).map(|(on, _)| on).collect()
}

/// The inputs that an order takes now.
pub fn order_inputs(state: &State, id: &str) -> Vec<&'static str> {
    let order = state.order_key(id).and_then(|key| state.order(key));
    order.map(legal_inputs).unwrap_or_default()
}

/// Sends a draft to fulfilment, or cancels an order.
pub fn apply_to_order(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Result<(), OperatorError> {
    let key = cx.state.order_key(id).ok_or(OperatorError::Absent)?;
    let order = cx.state.order(key).ok_or(OperatorError::Absent)?;
    let legal = legal_inputs(order);
    match on {
        "fulfill" if legal.contains(&on) => {
            intake::send(cx, key);
            Ok(())
        }
        "cancel" if legal.contains(&on) => {
            lifecycle::cancel(cx, key);
            Ok(())
        }
        _ => Err(OperatorError::Illegal {
            from: order.status().map_or("draft", |status| status.word()).to_owned(),
            on: on.to_owned(),
            legal: legal.into_iter().map(str::to_owned).collect(),
        }),
    }
}
