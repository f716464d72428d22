//! Salla's kinds of entity: what the control API shows of each, sets and moves.

mod shipment;
mod store;
mod token;
mod webhook;

use serde_json::json;

use crate::providers::salla::data::couriers::COURIERS;
use crate::providers::salla::machines::ShipmentState;
use crate::providers::salla::{Salla, State, Timer, journeys};
use crate::providers::{Entities, Inspect, Magic, Presets};

/// Of the kinds without a table.
const NO_MOVES: &str = "only shipments move; the rest is set with PATCH";

impl Inspect for Salla {
    const ENTITIES: &'static [&'static dyn Entities] =
        &[&shipment::Shipments, &store::Stores, &token::Tokens, &webhook::Webhooks];

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

/// The name of the token that may do everything.
const MAIN: &str = "access_token";

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
