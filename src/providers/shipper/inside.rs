//! Shipper seen from inside: its entities, what they are doing, what they can do next.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::providers::shipper::accounts::{Key, Webhook};
use crate::providers::shipper::catalogue::Product;
use crate::providers::shipper::machines::ContactState;
use crate::providers::shipper::order::{Order, OrderKey, Shipment};
use crate::providers::shipper::{State, Timer, journeys};
use crate::providers::{Detail, Magic, Passage, Presets, Summary, Trouble};
use crate::words;

words! {
    /// The kinds of entity.
    pub enum Kind {
        /// By its id; `2:61` for the second organization's.
        Order = "order",
        /// By its UUID.
        Shipment = "shipment",
        /// By its order's id.
        ContactTask = "contact_task",
        /// By its UUID.
        Product = "product",
        /// By its id.
        Webhook = "webhook",
        /// The money of a shipment, by the shipment's UUID.
        Payment = "payment",
        /// An API key, by its number or its name.
        Key = "key",
    }
}

/// The kinds, in words.
pub const KINDS: &[&str] = &[
    Kind::Order.word(),
    Kind::Shipment.word(),
    Kind::ContactTask.word(),
    Kind::Product.word(),
    Kind::Webhook.word(),
    Kind::Payment.word(),
    Kind::Key.word(),
];

/// The kind of a word.
pub fn kind_of(word: &str) -> Result<Kind, Trouble> {
    Kind::of(word).ok_or_else(|| Trouble::kind(word, KINDS))
}

/// That there is no such entity.
pub fn missing(kind: Kind, id: &str) -> Trouble {
    Trouble::entity(kind.word(), id)
}

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

    fn webhook(&self, id: &str) -> Option<&Webhook> {
        self.accounts.webhooks.get(&id.parse().ok()?)
    }
}

fn rows(
    state: &State,
    kind: Kind,
) -> Box<dyn Iterator<Item = (String, Option<&'static str>)> + '_> {
    match kind {
        Kind::Order => Box::new(
            state.orders().map(|(key, order)| (key.label(), order.status().map(|it| it.word()))),
        ),
        Kind::Shipment => {
            Box::new(shipments(state).map(|it| (it.uuid.to_string(), Some(it.life.state().word()))))
        }
        Kind::Payment => Box::new(
            shipments(state).map(|it| (it.uuid.to_string(), Some(it.payment.state().word()))),
        ),
        Kind::ContactTask => Box::new(state.orders().filter_map(|(key, order)| {
            order.contact.as_ref().map(|task| (key.label(), Some(ContactState::word(task.state()))))
        })),
        Kind::Product => {
            let products = state.accounts.organizations.values().flat_map(|it| it.catalogue.iter());
            Box::new(
                products
                    .map(|product| (product.uuid.to_string(), Some(status_word(&product.status)))),
            )
        }
        Kind::Webhook => Box::new(
            state
                .accounts
                .webhooks
                .values()
                .map(|it| (it.id.to_string(), Some(it.life.state().word()))),
        ),
        Kind::Key => Box::new(
            state
                .accounts
                .keys
                .values()
                .map(|it| (it.id.to_string(), Some(it.life.state().word()))),
        ),
    }
}

fn shipments(state: &State) -> impl Iterator<Item = &Shipment> {
    state.orders().flat_map(|(_, order)| &order.shipments)
}

fn status_word(status: &str) -> &'static str {
    if status == "active" { "active" } else { "inactive" }
}

/// The entities of a kind, after an id.
pub fn list(
    state: &State,
    kind: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<Summary>, Trouble> {
    let kind = kind_of(kind)?;
    Summary::page(kind.word(), rows(state, kind), after, limit)
}

/// How many entities of a kind there are.
pub fn count(state: &State, kind: &str) -> usize {
    let organizations = || state.accounts.organizations.values();
    match Kind::of(kind) {
        Some(Kind::Order) => organizations().map(|it| it.book.len()).sum(),
        Some(Kind::Product) => organizations().map(|it| it.catalogue.len()).sum(),
        Some(kind) => rows(state, kind).count(),
        None => 0,
    }
}

/// One entity, whole.
pub fn detail(state: &State, kind: &str, id: &str) -> Result<Detail, Trouble> {
    let kind = kind_of(kind)?;
    let absent = || missing(kind, id);
    Ok(match kind {
        Kind::Order => {
            let key = state.order_key(id).ok_or_else(absent)?;
            let order = state.order(key).ok_or_else(absent)?;
            let status = order.status().map(|status| status.word().to_owned());
            Detail { state: status, history: Vec::new(), data: order_data(key, order) }
        }
        Kind::Shipment => {
            let (key, order, shipment) = state.shipment(id).ok_or_else(absent)?;
            Detail {
                state: Some(shipment.life.state().word().to_owned()),
                history: Passage::history(&shipment.life),
                data: shipment_data(key, order, shipment),
            }
        }
        Kind::Payment => {
            let (key, _, shipment) = state.shipment(id).ok_or_else(absent)?;
            Detail {
                state: Some(shipment.payment.state().word().to_owned()),
                history: Passage::history(&shipment.payment),
                data: json!({ "order": key.label(), "transactions": shipment.transactions }),
            }
        }
        Kind::ContactTask => {
            let key = state.order_key(id).ok_or_else(absent)?;
            let order = state.order(key).ok_or_else(absent)?;
            let task = order.contact.as_ref().ok_or_else(absent)?;
            Detail {
                state: Some(task.state().word().to_owned()),
                history: Passage::history(task),
                data: json!({ "order": key.label(), "confirmation": order.confirmation }),
            }
        }
        Kind::Product => {
            let (organization, product) = state.product(id).ok_or_else(absent)?;
            let mut data = serde_json::to_value(product).unwrap_or_default();
            data["organization"] = json!(organization);
            data["available"] = json!(product.available());
            Detail {
                state: Some(status_word(&product.status).to_owned()),
                history: Vec::new(),
                data,
            }
        }
        Kind::Webhook => {
            let webhook = state.webhook(id).ok_or_else(absent)?;
            let key = state.accounts.keys.get(&webhook.key);
            Detail {
                state: Some(webhook.life.state().word().to_owned()),
                history: Passage::history(&webhook.life),
                data: json!({
                    "key": key.map(|key| &key.name),
                    "url": webhook.url,
                    "events": webhook.events,
                    "signed": webhook.secret.is_some(),
                    "last_triggered_at": webhook.last_triggered_at,
                    "failure_count": webhook.failure_count,
                    "created_at": webhook.created_at,
                }),
            }
        }
        Kind::Key => {
            let key = state.key(id).ok_or_else(absent)?;
            let owner = state.accounts.organizations.get(&key.organization);
            Detail {
                state: Some(key.life.state().word().to_owned()),
                history: Passage::history(&key.life),
                data: json!({
                    "name": key.name,
                    "organization": owner.map(|owner| &owner.name),
                    "role": owner.map(|owner| owner.role),
                }),
            }
        }
    })
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

/// What a promise is about: the entity that gets the next input of an order's journey.
pub fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
    let Timer::Journey(key) = timer else { return None };
    let order = state.order(key)?;
    let stop = order.itinerary.as_ref()?.stops.front()?;
    let id = match stop.kind.as_str() {
        "contact_task" => key.label(),
        _ => order.shipments.first()?.uuid.to_string(),
    };
    Some((stop.kind.clone(), id, stop.on.clone()))
}

/// Credentials, ids and magic values.
pub fn presets(state: &State) -> Presets {
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
        .collect();
    presets
}
