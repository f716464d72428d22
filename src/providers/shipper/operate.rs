//! What an operator of Shipper could do: set data, and push entities along their tables.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::providers::shipper::inside::{Kind, kind_of, missing};
use crate::providers::shipper::lifecycle::{self, Idle};
use crate::providers::shipper::machines::{
    CONTACT, ContactInput, KEY, KeyInput, KeyState, PAYMENT, PaymentInput, SHIPMENT, ShipmentInput,
    WEBHOOK, WebhookInput,
};
use crate::providers::shipper::order::{Address, Order, OrderKey};
use crate::providers::shipper::{Shipper, State, intake, journeys, money};
use crate::providers::touch::{amount, illegal, input, optional, settable, text, wrong};
use crate::providers::{Cx, Trouble};

/// What can be set, by kind.
#[rustfmt::skip]
const SETTABLE: &[(Kind, &[&str])] = &[
    (Kind::Order,       &["store_name", "external_order_id", "external_order_url", "address", "journey"]),
    (Kind::Shipment,    &["on_hold", "failure"]),
    (Kind::ContactTask, &[]),
    (Kind::Product,     &["name", "price", "cost", "status", "stock", "variants"]),
    (Kind::Webhook,     &["failure_count"]),
    (Kind::Payment,     &[]),
    (Kind::Key,         &["state"]),
];

/// Sets fields of an entity; all or none.
pub fn patch(
    cx: &mut Cx<'_, Shipper>,
    kind: &str,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), Trouble> {
    let kind = kind_of(kind)?;
    settable(SETTABLE, kind, fields)?;
    match kind {
        Kind::Order => patch_order(cx, id, fields),
        Kind::Shipment => patch_shipment(cx, id, fields),
        Kind::Product => patch_product(cx, id, fields),
        Kind::Webhook => patch_webhook(cx, id, fields),
        Kind::Key => patch_key(cx, id, fields),
        Kind::ContactTask | Kind::Payment => {
            crate::providers::shipper::inside::detail(cx.state, kind.word(), id).map(drop)
        }
    }
}

fn patch_order(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), Trouble> {
    let key = cx.state.order_key(id).ok_or_else(|| missing(Kind::Order, id))?;
    let mut order = cx.state.order(key).cloned().ok_or_else(|| missing(Kind::Order, id))?;
    let mut plan = None;
    for (field, value) in fields {
        match field.as_str() {
            "store_name" => order.store_name = optional(field, value)?,
            "external_order_id" => order.external_order_id = optional(field, value)?,
            "external_order_url" => order.external_order_url = optional(field, value)?,
            "address" => order.address = patched_address(&order.address, value)?,
            _ => {
                let name = text(field, value)?;
                let names: Vec<&str> = journeys::PLANS.iter().map(|plan| plan.name).collect();
                let known = journeys::plan(&name);
                plan = Some(
                    known.ok_or_else(|| wrong(field, &format!("one of {}", names.join(", "))))?,
                );
            }
        }
    }
    if let Some(organization) = cx.state.accounts.organizations.get_mut(&key.organization) {
        organization.book.update(key.order, |kept| *kept = order);
    }
    if let Some(plan) = plan {
        intake::travel_by(cx, key, plan);
    }
    Ok(())
}

fn patched_address(address: &Address, value: &Value) -> Result<Address, Trouble> {
    let expected = "an object with some of first_name, last_name, phone1, phone2, address1, address2, division_1, \
                    division_2, country, each a text";
    let refused = || wrong("address", expected);
    let mut whole = serde_json::to_value(address).map_err(|_| refused())?;
    for (name, part) in value.as_object().ok_or_else(refused)? {
        *whole.get_mut(name).ok_or_else(refused)? = part.clone();
    }
    serde_json::from_value(whole).map_err(|_| refused())
}

fn patch_shipment(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), Trouble> {
    let absent = || missing(Kind::Shipment, id);
    let (key, order, shipment) = cx.state.shipment(id).ok_or_else(absent)?;
    let place = lifecycle::place_of(order, shipment.uuid).ok_or_else(absent)?;
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

fn patch_product(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), Trouble> {
    let (organization, product) = cx.state.product(id).ok_or_else(|| missing(Kind::Product, id))?;
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

fn patch_webhook(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), Trouble> {
    let webhook = id.parse().ok().and_then(|id: u64| cx.state.accounts.webhooks.get_mut(&id));
    let webhook = webhook.ok_or_else(|| missing(Kind::Webhook, id))?;
    for (field, value) in fields {
        let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
        webhook.failure_count = count.ok_or_else(|| wrong(field, "a whole number from 0"))?;
    }
    Ok(())
}

/// A key's state is set by walking its table: from revoked nothing leads back.
fn patch_key(
    cx: &mut Cx<'_, Shipper>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), Trouble> {
    let from = cx.state.key(id).ok_or_else(|| missing(Kind::Key, id))?.life.state();
    for (field, value) in fields {
        let wanted = value.as_str().and_then(KeyState::of);
        let to = wanted.ok_or_else(|| wrong(field, "active, disabled or revoked"))?;
        let inputs = crate::sim::machine::route(&KEY, from.word(), to.word());
        for on in inputs.ok_or_else(|| illegal(&KEY, from.word(), to.word()))? {
            apply(cx, Kind::Key.word(), id, on)?;
        }
    }
    Ok(())
}

/// Gives an entity an input.
pub fn apply(cx: &mut Cx<'_, Shipper>, kind: &str, id: &str, on: &str) -> Result<(), Trouble> {
    let kind = kind_of(kind)?;
    let absent = || missing(kind, id);
    let done = match kind {
        Kind::Order => {
            let key = cx.state.order_key(id).ok_or_else(absent)?;
            apply_to_order(cx, key, on)?;
            Ok(())
        }
        Kind::Shipment | Kind::Payment => {
            let (key, order, shipment) = cx.state.shipment(id).ok_or_else(absent)?;
            let place = lifecycle::place_of(order, shipment.uuid).ok_or_else(absent)?;
            if kind == Kind::Shipment {
                let on: ShipmentInput = input(&SHIPMENT, &shipment.life, on)?;
                lifecycle::shipment(cx, key, place, on)
            } else {
                let on: PaymentInput = input(&PAYMENT, &shipment.payment, on)?;
                lifecycle::payment(cx, key, place, on)
            }
        }
        Kind::ContactTask => {
            let key = cx.state.order_key(id).ok_or_else(absent)?;
            let task =
                cx.state.order(key).and_then(|order| order.contact.as_ref()).ok_or_else(absent)?;
            let on: ContactInput = input(&CONTACT, task, on)?;
            lifecycle::contact(cx, key, on)
        }
        Kind::Webhook => {
            let webhook =
                id.parse().ok().and_then(|id: u64| cx.state.accounts.webhooks.get_mut(&id));
            let webhook = webhook.ok_or_else(absent)?;
            let on: WebhookInput = input(&WEBHOOK, &webhook.life, on)?;
            cx.out.step(&WEBHOOK, &mut webhook.life, id, on).map(drop).map_err(Idle::from)
        }
        Kind::Key => {
            let number = cx.state.key(id).ok_or_else(absent)?.id;
            let key = cx.state.accounts.keys.get_mut(&number).ok_or_else(absent)?;
            let on: KeyInput = input(&KEY, &key.life, on)?;
            cx.out.step(&KEY, &mut key.life, &number.to_string(), on).map(drop).map_err(Idle::from)
        }
        Kind::Product => {
            return Err(Trouble::Computed(
                "a product has no moves; set `status` or `stock` with PATCH".to_owned(),
            ));
        }
    };
    done.map_err(|idle| match idle {
        Idle::Missing => absent(),
        Idle::Illegal { from, on } => {
            Trouble::Illegal { from: from.to_owned(), on: on.to_owned(), legal: Vec::new() }
        }
    })
}

/// What can be done to an order: its status follows from its shipments, but a draft can be sent to fulfilment, and
/// an order cancelled.
fn order_inputs(order: &Order) -> Vec<&'static str> {
    let draft = order.shipments.is_empty();
    let cancels = |on| SHIPMENT.allows(on, ShipmentInput::Cancel);
    let cancelable = order.shipments.iter().any(|shipment| cancels(shipment.life.state()));
    let inputs = [("fulfill", draft), ("cancel", cancelable)].into_iter();
    inputs.filter(|(_, possible)| *possible).map(|(on, _)| on).collect()
}

/// The inputs that an entity without a table takes now.
pub fn inputs(state: &State, kind: &str, id: &str) -> Vec<&'static str> {
    let order = || state.order(state.order_key(id)?);
    match Kind::of(kind) {
        Some(Kind::Order) => order().map(order_inputs).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn apply_to_order(cx: &mut Cx<'_, Shipper>, key: OrderKey, on: &str) -> Result<(), Trouble> {
    let order = cx.state.order(key).ok_or_else(|| missing(Kind::Order, &key.label()))?;
    let legal = order_inputs(order);
    match on {
        "fulfill" if legal.contains(&on) => {
            let usual = journeys::plan(&cx.state.journey).unwrap_or(&journeys::PLANS[0]);
            intake::send(cx, key, usual);
            Ok(())
        }
        "cancel" if legal.contains(&on) => {
            lifecycle::cancel(cx, key);
            Ok(())
        }
        _ => Err(Trouble::Illegal {
            from: order.status().map_or("draft", |status| status.word()).to_owned(),
            on: on.to_owned(),
            legal: legal.into_iter().map(str::to_owned).collect(),
        }),
    }
}
