//! Shipper's kinds of entity: what the control API shows of each, sets and moves.

mod contact_task;
mod key;
mod order;
mod payment;
mod product;
mod shipment;
mod webhook;

use serde_json::json;

use crate::providers::shipper::state::order::Shipment;
use crate::providers::shipper::{Shipper, State, Timer, journeys};
use crate::providers::{Entities, Inspect, Presets, numbers, traveller};

impl Inspect for Shipper {
    const ENTITIES: &'static [&'static dyn Entities] = &[
        &order::Orders,
        &shipment::Shipments,
        &contact_task::ContactTasks,
        &product::Products,
        &webhook::Webhooks,
        &payment::Payments,
        &key::Keys,
    ];

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let Timer::Journey(key) = timer else { return None };
        traveller::subject::<Shipper>(state, key)
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
        let own = state.journeys.magic(&journeys::MAP);
        presets.magic = numbers(&journeys::MAP).chain(own).collect();
        presets
    }
}
