//! Shipper seen from inside: its entities, what they are doing, what they can do next.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::providers::shipper::kinds::ENTITIES;
use crate::providers::shipper::machines::ContactState;
use crate::providers::shipper::state::accounts::{Key, Subscription};
use crate::providers::shipper::state::catalogue::Product;
use crate::providers::shipper::state::order::{Order, OrderKey, Shipment};
use crate::providers::shipper::{Shipper, State, Timer, journeys};
use crate::providers::{Detail, Entity, Inspect, Magic, Presets, Rows};

impl State {
    /// Every order with its key, in the order of organizations and ids.
    fn orders(&self) -> impl Iterator<Item = (OrderKey, &Order)> {
        self.accounts.organizations.values().flat_map(|organization| {
            let key = |order: &Order| OrderKey { organization: organization.id, order: order.id };
            organization.book.iter().map(move |order| (key(order), order))
        })
    }

    /// The order of a label: `555`, or `2:61` for the second organization's.
    pub fn order_key(&self, label: &str) -> Option<OrderKey> {
        let (organization, order) = label.split_once(':').unwrap_or(("1", label));
        let key = OrderKey { organization: organization.parse().ok()?, order: order.parse().ok()? };
        self.order(key).map(|_| key)
    }

    /// An order.
    pub fn order(&self, key: OrderKey) -> Option<&Order> {
        self.accounts.organizations.get(&key.organization)?.book.get(key.order)
    }

    /// A shipment, and the order it belongs to.
    pub fn shipment(&self, id: &str) -> Option<(OrderKey, &Order, &Shipment)> {
        let uuid = Uuid::try_parse(id).ok()?;
        self.accounts.organizations.values().find_map(|organization| {
            let order = organization.book.of_shipment(uuid)?;
            let shipment = order.shipments.iter().find(|shipment| shipment.uuid == uuid)?;
            Some((OrderKey { organization: organization.id, order: order.id }, order, shipment))
        })
    }

    /// A product by its UUID, or by another text it is ordered by.
    pub fn product(&self, id: &str) -> Option<(u32, &Product)> {
        self.accounts.organizations.values().find_map(|organization| {
            let found = organization.catalogue.find(id).filter(|found| found.variant.is_none())?;
            Some((organization.id, found.product))
        })
    }

    /// A key by its number or its name.
    pub fn key(&self, id: &str) -> Option<&Key> {
        let number = id.parse().ok();
        self.accounts.keys.values().find(|key| Some(key.id) == number || key.name == id)
    }

    fn webhook(&self, id: &str) -> Option<&Subscription> {
        self.accounts.webhooks.get(&id.parse().ok()?)
    }
}

/// Orders by label, in the order of organizations and ids.
pub fn orders(state: &State) -> Rows<'_> {
    let row = |(key, order): (OrderKey, &Order)| (key.label(), order.status().map(|it| it.word()));
    Box::new(state.orders().map(row))
}

/// How many orders there are.
pub fn count_orders(state: &State) -> usize {
    state.accounts.organizations.values().map(|it| it.book.len()).sum()
}

/// An order by its label.
pub fn order(state: &State, id: &str) -> Option<Detail> {
    let key = state.order_key(id)?;
    let order = state.order(key)?;
    let status = order.status().map(|status| status.word());
    Some(Detail::computed(status, order_data(key, order)))
}

fn each_shipment(state: &State) -> impl Iterator<Item = &Shipment> {
    state.orders().flat_map(|(_, order)| &order.shipments)
}

/// Shipments by UUID.
pub fn shipments(state: &State) -> Rows<'_> {
    Box::new(each_shipment(state).map(|it| (it.uuid.to_string(), Some(it.life.state().word()))))
}

/// How many shipments there are, and so payments.
pub fn count_shipments(state: &State) -> usize {
    each_shipment(state).count()
}

/// A shipment by its UUID.
pub fn shipment(state: &State, id: &str) -> Option<Detail> {
    let (key, order, shipment) = state.shipment(id)?;
    Some(Detail::of(&shipment.life, shipment_data(key, order, shipment)))
}

/// The money of shipments, by the shipment's UUID.
pub fn payments(state: &State) -> Rows<'_> {
    Box::new(each_shipment(state).map(|it| (it.uuid.to_string(), Some(it.payment.state().word()))))
}

/// The money of a shipment, by the shipment's UUID.
pub fn payment(state: &State, id: &str) -> Option<Detail> {
    let (key, _, shipment) = state.shipment(id)?;
    let data = json!({ "order": key.label(), "transactions": shipment.transactions });
    Some(Detail::of(&shipment.payment, data))
}

/// Contact tasks by their order's label.
pub fn contact_tasks(state: &State) -> Rows<'_> {
    Box::new(state.orders().filter_map(|(key, order)| {
        order.contact.as_ref().map(|task| (key.label(), Some(ContactState::word(task.state()))))
    }))
}

/// How many contact tasks there are.
pub fn count_contact_tasks(state: &State) -> usize {
    state.orders().filter(|(_, order)| order.contact.is_some()).count()
}

/// A contact task by its order's label.
pub fn contact_task(state: &State, id: &str) -> Option<Detail> {
    let key = state.order_key(id)?;
    let order = state.order(key)?;
    let data = json!({ "order": key.label(), "confirmation": order.confirmation });
    Some(Detail::of(order.contact.as_ref()?, data))
}

/// Products by UUID.
pub fn products(state: &State) -> Rows<'_> {
    let products = state.accounts.organizations.values().flat_map(|it| it.catalogue.iter());
    Box::new(products.map(|it| (it.uuid.to_string(), Some(status_word(&it.status)))))
}

/// How many products there are.
pub fn count_products(state: &State) -> usize {
    state.accounts.organizations.values().map(|it| it.catalogue.len()).sum()
}

/// A product by its UUID, or by another text it is ordered by.
pub fn product(state: &State, id: &str) -> Option<Detail> {
    let (organization, product) = state.product(id)?;
    let mut data = serde_json::to_value(product).unwrap_or_default();
    data["organization"] = json!(organization);
    data["available"] = json!(product.available());
    Some(Detail::computed(Some(status_word(&product.status)), data))
}

fn status_word(status: &str) -> &'static str {
    if status == "active" { "active" } else { "inactive" }
}

/// Webhooks by id.
pub fn webhooks(state: &State) -> Rows<'_> {
    let webhooks = state.accounts.webhooks.values();
    Box::new(webhooks.map(|it| (it.id.to_string(), Some(it.life.state().word()))))
}

/// How many webhooks there are.
pub fn count_webhooks(state: &State) -> usize {
    state.accounts.webhooks.len()
}

/// A webhook by its id.
pub fn webhook(state: &State, id: &str) -> Option<Detail> {
    let webhook = state.webhook(id)?;
    let key = state.accounts.keys.get(&webhook.key);
    let data = json!({
        "key": key.map(|key| &key.name),
        "url": webhook.url,
        "events": webhook.events,
        "signed": webhook.secret.is_some(),
        "last_triggered_at": webhook.last_triggered_at,
        "failure_count": webhook.failure_count,
        "created_at": webhook.created_at,
    });
    Some(Detail::of(&webhook.life, data))
}

/// API keys by number.
pub fn keys(state: &State) -> Rows<'_> {
    let keys = state.accounts.keys.values();
    Box::new(keys.map(|it| (it.id.to_string(), Some(it.life.state().word()))))
}

/// How many API keys there are.
pub fn count_keys(state: &State) -> usize {
    state.accounts.keys.len()
}

/// An API key by its number or its name.
pub fn key(state: &State, id: &str) -> Option<Detail> {
    let key = state.key(id)?;
    let owner = state.accounts.organizations.get(&key.organization);
    let data = json!({
        "name": key.name,
        "organization": owner.map(|owner| &owner.name),
        "role": owner.map(|owner| owner.role),
    });
    Some(Detail::of(&key.life, data))
}

fn order_data(key: OrderKey, order: &Order) -> Value {
    json!({
        "organization": key.organization,
        "created_at": order.created_at,
        "draft": order.shipments.is_empty(),
        "store_name": order.store_name,
        "external_order_id": order.external_order_id,
        "external_order_url": order.external_order_url,
        "is_cod": order.is_cod,
        "is_paid": order.is_paid(),
        "revenue": order.revenue(),
        "shipping_total": order.shipping_total,
        "confirmation": order.confirmation,
        "contact_task": order.contact.as_ref().map(|task| task.state()),
        "address": order.address,
        "items": order.lines,
        "shipments": order.shipments.iter().map(|it| json!({ "uuid": it.uuid, "state": it.life.state() })).collect::<Vec<_>>(),
        "journey": order.itinerary.as_ref().map(|itinerary| &itinerary.journey),
        "stops": order.itinerary.as_ref().map(|itinerary| &itinerary.stops),
    })
}

fn shipment_data(key: OrderKey, order: &Order, shipment: &Shipment) -> Value {
    json!({
        "order": key.label(),
        "order_status": order.status(),
        "supplier": shipment.supplier,
        "items": shipment.lines,
        "tracking": shipment.tracking,
        "on_hold": shipment.on_hold,
        "failure": shipment.failure,
        "payment": shipment.payment.state(),
        "transactions": shipment.transactions,
    })
}

impl Inspect for Shipper {
    const ENTITIES: &'static [Entity<Self>] = ENTITIES;

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let Timer::Journey(key) = timer else { return None };
        let order = state.order(key)?;
        let stop = order.itinerary.as_ref()?.stops.front()?;
        let id = match stop.kind.as_str() {
            "contact_task" => key.label(),
            _ => order.shipments.first()?.uuid.to_string(),
        };
        Some((stop.kind.clone(), id, stop.on.clone()))
    }

    fn presets(state: &State) -> Presets {
        let mut presets = Presets::default();
        for key in state.accounts.keys.values() {
            presets.credentials.insert(key.name.clone(), json!(key.token));
        }
        if let Some(first) = state.accounts.organizations.values().next() {
            let newest = first.book.iter().next_back();
            let open = first.book.iter().rev().find(|order| {
                let waits = |it: &Shipment| it.life.state().word() == "awaitingpackaging";
                order.shipments.iter().any(waits) && order.itinerary.is_none()
            });
            let product = first.catalogue.iter().next();
            let variant = product.and_then(|product| product.variants.first());
            let shipment = newest.and_then(|order| order.shipments.first());
            presets.ids = [
                ("order", newest.map(|order| json!(order.id))),
                ("cancelable_order", open.map(|order| json!(order.id))),
                ("shipment", shipment.map(|shipment| json!(shipment.uuid))),
                ("product", product.map(|product| json!(product.uuid))),
                ("variant", variant.map(|variant| json!(variant.uuid))),
                ("retailer_product", product.map(|product| json!(product.id))),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        }
        presets.magic = journeys::magic()
            .map(|(number, plan)| Magic {
                field: "address.phone1".to_owned(),
                value: number,
                effect: format!("journey {}: {}", plan.name, plan.summary),
            })
            .chain(state.atlas.magic(&journeys::GROUND))
            .collect();
        presets
    }
}
