//! Shipup's kinds of entity: what the control API shows of each, sets and moves.

mod account;
mod fulfillment;
mod job;
mod order;
mod tracker;
mod webhook_setting;

use serde_json::json;

use crate::providers::shipup::kinds::order::state_of;
use crate::providers::shipup::{Shipup, State, Timer, journeys};
use crate::providers::{Entities, Inspect, Magic, Presets, numbers, traveller};

impl Inspect for Shipup {
    const ENTITIES: &'static [&'static dyn Entities] = &[
        &order::Orders,
        &fulfillment::Fulfillments,
        &tracker::Trackers,
        &job::Jobs,
        &account::Accounts,
        &webhook_setting::WebhookSettings,
    ];

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let tracker = |id: u64, on: &str| {
            let label = state.book.trackers.get(&id)?.label.clone();
            Some(("tracker".to_owned(), label, on.to_owned()))
        };
        match timer {
            Timer::Journey(id) => traveller::subject::<Shipup>(state, id),
            Timer::Expire(id) => tracker(id, "expired"),
            Timer::StopLooking(id) => tracker(id, "stop_looking"),
            Timer::Job(id) => {
                let on = match state.book.jobs.get(&id)?.processed_at {
                    None => "process",
                    Some(_) => "complete",
                };
                Some(("job".to_owned(), id.to_string(), on.to_owned()))
            }
            Timer::Enter(_) | Timer::Invent(_) | Timer::Pack(_) => None,
        }
    }

    fn presets(state: &State) -> Presets {
        let mut presets = Presets::default();
        for account in state.accounts.values() {
            let named = |what: &str| match account.name.as_str() {
                "" => what.to_owned(),
                name => format!("{name}_{what}"),
            };
            presets.credentials.insert(named("api_key"), json!(account.private_key));
            presets.credentials.insert(named("public_key"), json!(account.public_key));
        }
        if let Some(main) = state.accounts.values().next() {
            let own = || state.book.orders.values().rev().filter(|order| order.account == main.id);
            let unshipped = own().find(|order| {
                let state = state_of(&state.book, order);
                !matches!(state, "shipped" | "delivered" | "partially_shipped" | "canceled")
            });
            let shipped = own().find(|order| state_of(&state.book, order) == "shipped");
            let parcel = shipped.and_then(|order| {
                let fulfillment = state.book.fulfillments.get(order.fulfillments.first()?)?;
                state.book.trackers.get(fulfillment.trackers.first()?)
            });
            presets.ids = [
                ("order", unshipped.map(|it| json!(it.id))),
                ("order_merchant_id", unshipped.map(|it| json!(it.merchant_id))),
                ("shipped_order", shipped.map(|it| json!(it.id))),
                ("tracking_number", parcel.map(|it| json!(it.number))),
                ("webhook_setting", main.webhooks.first().map(|it| json!(it.id))),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        }
        let whatever_follows =
            |magic: Magic| Magic { value: format!("{}...", magic.value), ..magic };
        let numbers = numbers(&journeys::MAP).map(whatever_follows);
        presets.magic = numbers.chain(state.journeys.magic(&journeys::MAP)).collect();
        presets
    }
}
