//! Salla seen from inside: its entities, what they are doing, what they can do next.

use serde_json::{Value, json};

use crate::frameworks::php::json_encode::Number;
use crate::providers::salla::data::couriers::COURIERS;
use crate::providers::salla::kinds::ENTITIES;
use crate::providers::salla::machines::ShipmentState;
use crate::providers::salla::state::accounts::{Grant, Strategy, Subscription};
use crate::providers::salla::state::shipment::Shipment;
use crate::providers::salla::{Salla, State, Timer, journeys};
use crate::providers::{Detail, Entity, Inspect, Magic, Presets, Rows};

impl State {
    /// A grant by its number or by the name of its access token in `presets`.
    pub fn grant(&self, id: &str) -> Option<&Grant> {
        match id.parse() {
            Ok(number) => self.grants.get(&number),
            Err(_) => self.grants.values().find(|grant| grant.name == id),
        }
    }
}

/// Shipments by id.
pub fn shipments(state: &State) -> Rows<'_> {
    Box::new(state.book.all().map(|it| (it.id.to_string(), Some(it.life.state().word()))))
}

/// How many shipments there are.
pub fn count_shipments(state: &State) -> usize {
    state.book.all().len()
}

/// A shipment by its id.
pub fn shipment(state: &State, id: &str) -> Option<Detail> {
    let shipment = state.book.get(id.parse().ok()?)?;
    Some(Detail::of(&shipment.life, shipment_data(shipment)))
}

/// Stores by merchant id.
pub fn stores(state: &State) -> Rows<'_> {
    Box::new(state.stores.values().map(|it| (it.id.to_string(), Some(it.user.word()))))
}

/// How many stores there are.
pub fn count_stores(state: &State) -> usize {
    state.stores.len()
}

/// A store by its merchant id.
pub fn store(state: &State, id: &str) -> Option<Detail> {
    let store = state.stores.get(&id.parse().ok()?)?;
    Some(Detail::computed(Some(store.user.word()), json!(store)))
}

/// Grants by number.
pub fn tokens(state: &State) -> Rows<'_> {
    Box::new(state.grants.values().map(|it| (it.id.to_string(), Some(standing(it)))))
}

/// How many grants there are.
pub fn count_tokens(state: &State) -> usize {
    state.grants.len()
}

/// A grant by its number or the name of its token.
pub fn token(state: &State, id: &str) -> Option<Detail> {
    let grant = state.grant(id)?;
    Some(Detail::computed(Some(standing(grant)), json!(grant)))
}

/// Whether a grant still holds; its expiry is a matter of the clock, which is not asked here.
fn standing(grant: &Grant) -> &'static str {
    if grant.revoked { "revoked" } else { "granted" }
}

/// Webhooks by id.
pub fn webhooks(state: &State) -> Rows<'_> {
    Box::new(state.subscriptions.values().map(|it| (it.id.to_string(), Some("active"))))
}

/// How many webhooks there are.
pub fn count_webhooks(state: &State) -> usize {
    state.subscriptions.len()
}

/// A webhook by its id.
pub fn webhook(state: &State, id: &str) -> Option<Detail> {
    let it = state.subscriptions.get(&id.parse().ok()?)?;
    Some(Detail::computed(Some("active"), webhook_data(state, it)))
}

fn webhook_data(state: &State, it: &Subscription) -> Value {
    let mut data = json!(it);
    if it.secret.is_none() && it.strategy != Strategy::None {
        data["secret"] = json!(state.app.webhook_secret);
    }
    data
}

fn shipment_data(it: &Shipment) -> Value {
    json!({
        "id": it.id,
        "store": it.store,
        "order_id": it.order_id,
        "order_reference_id": it.order_reference_id,
        "created_at": it.created_at,
        "type": it.kind,
        "courier_id": it.courier_id,
        "courier_name": it.courier_name,
        "shipping_number": it.shipping_number,
        "tracking_number": it.tracking_number,
        "tracking_link": it.tracking_link,
        "pickup_id": it.pickup_id,
        "label": it.label,
        "payment_method": it.payment,
        "source": it.source,
        "total": it.total,
        "cash_on_delivery": it.cash_on_delivery,
        "policy_options": it.policy_options,
        "ship_from": it.ship_from,
        "ship_to": it.ship_to,
        "packages": it.packages,
        "total_weight": Number(it.weight()),
        "billing_account": it.billing,
        "extras": it.extras,
        "return_of": it.return_of,
        "tracking": it.marks,
        "journey": it.itinerary.as_ref().map(|itinerary| &itinerary.journey),
        "stops": it.itinerary.as_ref().map(|itinerary| &itinerary.stops),
    })
}

/// The name of the token that may do everything.
pub const MAIN: &str = "access_token";

fn magic() -> Vec<Magic> {
    let entry = |field: &str, value: String, name: &str, summary: &str| Magic {
        field: field.to_owned(),
        value,
        effect: format!("journey {name}: {summary}"),
    };
    let phones = journeys::magic()
        .map(|(number, plan)| entry("ship_to.phone", number, plan.name, plan.summary));
    let couriers = COURIERS.iter().filter_map(|courier| {
        let plan = journeys::plan(courier.journey)?;
        Some(entry("courier_id", courier.id.to_string(), plan.name, plan.summary))
    });
    phones.chain(couriers).collect()
}

impl Inspect for Salla {
    const ENTITIES: &'static [Entity<Self>] = ENTITIES;

    /// What a promise is about: the shipment that gets the next input of its journey.
    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let Timer::Journey(id) = timer;
        let stop = state.book.get(id)?.itinerary.as_ref()?.stops.front()?;
        Some((stop.kind.clone(), id.to_string(), stop.on.clone()))
    }

    fn presets(state: &State) -> Presets {
        let mut presets = Presets::default();
        let mut put = |name: &str, value: &str| {
            presets.credentials.insert(name.to_owned(), json!(value));
        };
        for grant in state.grants.values() {
            put(&grant.name, &grant.access);
        }
        if !state.stores.is_empty() {
            put("client_id", &state.app.client_id);
            put("client_secret", &state.app.client_secret);
            put("webhook_secret", &state.app.webhook_secret);
        }
        let first = state.grants.values().find(|it| it.name == MAIN);
        if let Some(refresh) = first.and_then(|it| it.refresh.as_ref()) {
            put("refresh_token", refresh);
        }
        let main = first.map(|it| it.store).or_else(|| state.stores.keys().next().copied());
        if let Some(store) = main.and_then(|id| state.stores.get(&id)) {
            let own = || state.book.of_store(store.id);
            let in_state = |word| own().find(|it| it.life.state() == word).map(|it| json!(it.id));
            let branch = store.branches.first().and_then(|it| it.branch_id);
            presets.ids = [
                ("store", Some(json!(store.id))),
                ("shipment", own().next().map(|it| json!(it.id))),
                ("delivered_shipment", in_state(ShipmentState::Delivered)),
                ("pending_shipment", in_state(ShipmentState::Pending)),
                ("order", own().next().and_then(|it| it.order_id).map(|it| json!(it))),
                ("courier", COURIERS.first().map(|it| json!(it.id))),
                ("branch", branch.map(|it| json!(it))),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        }
        presets.magic = magic();
        presets
    }
}
