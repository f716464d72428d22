//! Salla's kinds of entity: what the control API shows of each, sets and moves.

mod shipment;
mod store;
mod token;
mod webhook;

use serde_json::json;

use crate::providers::salla::data::couriers::COURIERS;
use crate::providers::salla::machines::ShipmentState;
use crate::providers::salla::{Salla, State, Timer, journeys};
use crate::providers::{Entities, Inspect, Magic, Presets, numbers, traveller};

/// Of the kinds without a table.
const NO_MOVES: &str = "only shipments move; the rest is set with PATCH";

impl Inspect for Salla {
    const ENTITIES: &'static [&'static dyn Entities] =
        &[&shipment::Shipments, &store::Stores, &token::Tokens, &webhook::Webhooks];

    /// What a promise is about: the shipment that gets the next input of its journey.
    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let Timer::Journey(id) = timer;
        traveller::subject::<Salla>(state, id)
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
        presets.magic = magic().chain(state.journeys.magic(&journeys::MAP)).collect();
        presets
    }
}

/// The name of the token that may do everything.
const MAIN: &str = "access_token";

fn magic() -> impl Iterator<Item = Magic> {
    let couriers = COURIERS.iter().filter_map(|courier| {
        let plan = journeys::route().plan(courier.journey)?;
        Some(Magic::journey("courier_id", courier.id.to_string(), plan))
    });
    numbers(&journeys::MAP).chain(couriers)
}
