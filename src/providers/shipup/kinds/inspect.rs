//! Shipup seen from inside: its entities, what they are doing, what they can do next.

use serde_json::{Value, json};

use crate::providers::shipup::kinds::ENTITIES;
use crate::providers::shipup::machines::{DeliveryStatus, Status};
use crate::providers::shipup::resources::expand::Expand;
use crate::providers::shipup::resources::jobs;
use crate::providers::shipup::rules::statuses;
use crate::providers::shipup::state::accounts::{Account, Subscription};
use crate::providers::shipup::state::book::Book;
use crate::providers::shipup::state::order::{LineItem, Order, Place};
use crate::providers::shipup::views::View;
use crate::providers::shipup::{Shipup, State, Timer, journeys};
use crate::providers::{Detail, Entity, Inspect, Magic, Presets, Rows};

/// Where an order stands, put together from what is in it: the word of all its fulfillments, or what they have in
/// common.
pub fn order_state(book: &Book, order: &Order) -> &'static str {
    if order.is_canceled() {
        return Status::Canceled.word();
    }
    let own = || order.fulfillments.iter().filter_map(|id| book.fulfillments.get(id));
    let states: Vec<Status> = own().map(|it| it.life.state()).collect();
    let wanted = || states.iter().filter(|state| **state != Status::Canceled);
    let Some(first) = wanted().next() else {
        return if states.is_empty() { "unfulfilled" } else { Status::Canceled.word() };
    };
    let left =
        order.items_unfulfilled().any(|item| !item.is_canceled() && item.requires_shipping());
    let begun = |state: &Status| matches!(state, Status::Shipped | Status::PartiallyShipped);
    if wanted().all(|state| *state == Status::Shipped) && !left {
        let mut trackers = own().flat_map(|it| &it.trackers).filter_map(|id| book.trackers.get(id));
        let delivered = trackers.all(|it| it.life.state() == DeliveryStatus::Delivered);
        return if delivered { DeliveryStatus::Delivered.word() } else { Status::Shipped.word() };
    }
    if wanted().any(begun) {
        return Status::PartiallyShipped.word();
    }
    if wanted().all(|state| state == first) { first.word() } else { Status::Pending.word() }
}

/// Orders by the merchant's ids.
pub fn orders(state: &State) -> Rows<'_> {
    let book = &state.book;
    Box::new(book.orders.values().map(|it| (it.label.clone(), Some(order_state(book, it)))))
}

/// How many orders there are.
pub fn count_orders(state: &State) -> usize {
    state.book.orders.len()
}

/// An order by the merchant's id, or by Shipup's number.
pub fn order(state: &State, id: &str) -> Option<Detail> {
    let order = state.book.labelled_order(id)?;
    let mut data = View::of(state).order(order, &Expand::default());
    data["account"] = json!(order.account);
    data["line_items"] =
        order.items.iter().map(|item| item_data(&state.book, order, item)).collect();
    data["fulfillments"] = labels(&order.fulfillments, |id| {
        state.book.fulfillments.get(&id).map(|it| it.label.clone())
    });
    data["notifications"] = json!(order.notifications);
    data["shipping_address"] = json!(order.address.as_ref().map(|it| &it.fields));
    Some(Detail::computed(Some(order_state(&state.book, order)), data))
}

fn labels(ids: &[u64], label: impl Fn(u64) -> Option<String>) -> Value {
    ids.iter().filter_map(|id| label(*id)).map(Value::from).collect()
}

/// A line item and the one place it is in.
fn item_data(book: &Book, order: &Order, item: &LineItem) -> Value {
    let place = match &item.place {
        Place::Order => json!({ "order": order.label }),
        Place::Fulfillment(id) => {
            json!({ "fulfillment": book.fulfillments.get(id).map(|it| &it.label) })
        }
        Place::Trackers(shares) => {
            let share = |tracker: &u64| book.trackers.get(tracker).map(|it| it.label.clone());
            let shares: Vec<Value> = shares
                .iter()
                .map(|it| json!({ "tracker": share(&it.tracker), "shipped_quantity": it.quantity }))
                .collect();
            json!({ "trackers": shares })
        }
    };
    json!({
        "id": item.id,
        "merchant_id": item.merchant_id,
        "place": place,
        "canceled": item.is_canceled() || order.is_canceled(),
        "fields": item.fields,
    })
}

/// Fulfillments by the merchant's ids.
pub fn fulfillments(state: &State) -> Rows<'_> {
    let all = state.book.fulfillments.values();
    Box::new(all.map(|it| (it.label.clone(), Some(it.life.state().word()))))
}

/// How many fulfillments there are.
pub fn count_fulfillments(state: &State) -> usize {
    state.book.fulfillments.len()
}

/// A fulfillment by the merchant's id, or by Shipup's number.
pub fn fulfillment(state: &State, id: &str) -> Option<Detail> {
    let known = state.book.labelled_fulfillment(id)?;
    let order = state.book.orders.get(&known.order)?;
    let mut data = View::of(state).fulfillment(known, order, &Expand::default());
    data["order"] = json!(order.label);
    data["given_status_code"] = json!(known.given);
    data["forced_status_code"] = json!(statuses::forced(&state.book, known));
    data["trackers"] =
        labels(&known.trackers, |id| state.book.trackers.get(&id).map(|it| it.label.clone()));
    data["line_items"] =
        order.items_in(known.id).map(|item| item_data(&state.book, order, item)).collect();
    Some(Detail::of(&known.life, data))
}

/// Trackers by tracking number.
pub fn trackers(state: &State) -> Rows<'_> {
    let all = state.book.trackers.values();
    Box::new(all.map(|it| (it.label.clone(), Some(it.life.state().word()))))
}

/// How many trackers there are.
pub fn count_trackers(state: &State) -> usize {
    state.book.trackers.len()
}

/// A tracker by tracking number, or by Shipup's number.
pub fn tracker(state: &State, id: &str) -> Option<Detail> {
    let known = state.book.labelled_tracker(id)?;
    let order = state.book.order_of_tracker(known.id)?;
    let view = View::of(state);
    let mut data = view.tracker(known, order, &Expand::default());
    let fulfillment = state.book.fulfillments.get(&known.fulfillment);
    data["fulfillment"] = json!(fulfillment.map(|it| &it.label));
    data["order"] = json!(order.label);
    data["events"] = known.events.iter().map(|event| view.event(event)).collect();
    data["line_items"] =
        order.items_shipped(known.id).map(|(it, _)| item_data(&state.book, order, it)).collect();
    data["unwatched"] = json!(known.unwatched);
    data["journey"] = json!(known.itinerary.as_ref().map(|it| &it.journey));
    data["stops"] = json!(known.itinerary.as_ref().map(|it| &it.stops));
    Some(Detail::of(&known.life, data))
}

/// Jobs by number.
pub fn jobs(state: &State) -> Rows<'_> {
    let all = state.book.jobs.values();
    Box::new(all.map(|job| (job.id.to_string(), Some(job.life.state().word()))))
}

/// How many jobs there are.
pub fn count_jobs(state: &State) -> usize {
    state.book.jobs.len()
}

/// A job by its number.
pub fn job(state: &State, id: &str) -> Option<Detail> {
    let job = state.book.jobs.get(&id.parse().ok()?)?;
    Some(Detail::of(&job.life, jobs::data(job, state.switches.iso_dates)))
}

/// Accounts by number.
pub fn accounts(state: &State) -> Rows<'_> {
    let all = state.accounts.values();
    Box::new(all.map(|account| (account.id.to_string(), Some(account.standing.word()))))
}

/// How many accounts there are.
pub fn count_accounts(state: &State) -> usize {
    state.accounts.len()
}

impl State {
    /// An account by its number or its name.
    pub fn account(&self, id: &str) -> Option<&Account> {
        let by_number = id.parse().ok().and_then(|id: u32| self.accounts.get(&id));
        by_number.or_else(|| {
            self.accounts.values().find(|account| !account.name.is_empty() && account.name == id)
        })
    }

    /// A webhook setting by its number.
    pub fn webhook(&self, id: &str) -> Option<&Subscription> {
        let id: u64 = id.parse().ok()?;
        self.accounts.values().flat_map(|account| &account.webhooks).find(|it| it.id == id)
    }
}

/// An account.
pub fn account(state: &State, id: &str) -> Option<Detail> {
    let account = state.account(id)?;
    let data = json!({
        "id": account.id,
        "name": account.name,
        "api_key": account.private_key,
        "public_key": account.public_key,
        "language_code": account.language_code,
        "carriers": account.carriers,
        "standing": account.standing,
        "webhook_settings": account.webhooks.iter().map(|it| it.id).collect::<Vec<_>>(),
    });
    Some(Detail::computed(Some(account.standing.word()), data))
}

fn standing(webhook: &Subscription) -> &'static str {
    if webhook.active { "active" } else { "inactive" }
}

/// Webhook settings by number.
pub fn webhooks(state: &State) -> Rows<'_> {
    let all = state.accounts.values().flat_map(|account| &account.webhooks);
    Box::new(all.map(|it| (it.id.to_string(), Some(standing(it)))))
}

/// How many webhook settings there are.
pub fn count_webhooks(state: &State) -> usize {
    state.accounts.values().map(|account| account.webhooks.len()).sum()
}

/// A webhook setting by its number; its password is nobody's business.
pub fn webhook(state: &State, id: &str) -> Option<Detail> {
    let webhook = state.webhook(id)?;
    let data = json!({
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.topics,
        "username": webhook.credentials.as_ref().map(|(name, _)| name),
        "active": webhook.active,
        "pending_url": webhook.pending.as_ref().map(|pending| &pending.url),
    });
    Some(Detail::computed(Some(standing(webhook)), data))
}

impl Inspect for Shipup {
    const ENTITIES: &'static [Entity<Self>] = ENTITIES;

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let tracker = |id: u64, on: &str| {
            let label = state.book.trackers.get(&id)?.label.clone();
            Some(("tracker".to_owned(), label, on.to_owned()))
        };
        match timer {
            Timer::Journey(id) => {
                let stops = &state.book.trackers.get(&id)?.itinerary.as_ref()?.stops;
                tracker(id, &stops.front()?.on)
            }
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
                let state = order_state(&state.book, order);
                !matches!(state, "shipped" | "delivered" | "partially_shipped" | "canceled")
            });
            let shipped = own().find(|order| order_state(&state.book, order) == "shipped");
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
        presets.magic = journeys::magic()
            .map(|(beginning, plan)| Magic {
                field: "tracking_number".to_owned(),
                value: format!("{beginning}..."),
                effect: format!("journey {}: {}", plan.name, plan.summary),
            })
            .collect();
        presets
    }
}
