//! Soundness: what a state relies on, held against one that was read from a document.

use std::collections::BTreeSet;

use crate::kit::mistake::Mistake;
use crate::providers::shipup::data::{languages, notification_types};
use crate::providers::shipup::machines::{EventType, FULFILLMENT, JOB, TRACKER};
use crate::providers::shipup::state::accounts::Account;
use crate::providers::shipup::state::book::{Book, Numbers};
use crate::providers::shipup::state::order::{
    Fulfillment, LineItem, Notification, Order, Place, Source, Tracker,
};
use crate::providers::shipup::{State, journeys};
use crate::providers::soundness::{fresh, own_key, refers, stops};

/// Whether a state is one that setups and calls could have made.
///
/// # Errors
/// The place in the state, and the mistake.
pub fn check(state: &State) -> Result<(), Mistake> {
    state.journeys.settle(&journeys::MAP).map_err(|it| it.below("journeys"))?;
    state.journeys.usual(&journeys::MAP, journeys::route(), "journey", &state.journey)?;
    if let Some(place) = state.waits.iter().position(|wait| wait.is_negative()) {
        return Err(Mistake::new(format!("waits[{place}]"), "nobody waits for less than nothing"));
    }
    let mut known = Known::default();
    for (id, account) in &state.accounts {
        let place = format!("accounts.{id}");
        own_key(account.id == *id, "id")
            .and_then(|()| check_account(account, &mut known))
            .map_err(|it| it.below(&place))?;
    }
    let has_account = |id: u32, place: &str| {
        refers(state.accounts.contains_key(&id), place, format_args!("account {id}"))
    };
    for (place, entry) in state.entries.iter().enumerate() {
        has_account(entry.account(), &format!("entries[{place}].account"))?;
    }
    let book = &state.book;
    let mut used = Used::default();
    for (id, order) in &book.orders {
        has_account(order.account, "account")
            .and_then(|()| own_key(order.id == *id, "id"))
            .and_then(|()| check_order(book, order, &mut used))
            .map_err(|it| it.below(&format!("book.orders.{id}")))?;
    }
    for (id, fulfillment) in &book.fulfillments {
        own_key(fulfillment.id == *id, "id")
            .and_then(|()| check_fulfillment(book, fulfillment))
            .map_err(|it| it.below(&format!("book.fulfillments.{id}")))?;
        used.address(fulfillment.address.as_ref().map(|it| it.id));
    }
    for (id, tracker) in &book.trackers {
        own_key(tracker.id == *id, "id")
            .and_then(|()| check_tracker(book, tracker, &mut used))
            .map_err(|it| it.below(&format!("book.trackers.{id}")))?;
    }
    for (id, job) in &book.jobs {
        has_account(job.account, "account")
            .and_then(|()| own_key(job.id == *id, "id"))
            .and_then(|()| JOB.settle(&job.life).map_err(|it| Mistake::new("life", it)))
            .map_err(|it| it.below(&format!("book.jobs.{id}")))?;
    }
    used.check(book, &book.numbers).map_err(|it| it.below("book.numbers"))?;
    book.settle().map_err(|it| it.below("book"))
}

/// What may be there once in a world.
#[derive(Debug, Default)]
struct Known {
    names: BTreeSet<String>,
    keys: BTreeSet<String>,
    webhooks: BTreeSet<u64>,
}

fn check_account(account: &Account, known: &mut Known) -> Result<(), Mistake> {
    fresh(known.names.insert(account.name.clone()), "name", &account.name)?;
    for (field, key) in [("private_key", &account.private_key), ("public_key", &account.public_key)]
    {
        if key.trim().is_empty() {
            return Err(Mistake::new(field, "a key is a text that is not empty"));
        }
        fresh(known.keys.insert(key.clone()), field, key)?;
    }
    if !languages::is_known(&account.language_code) {
        return Err(Mistake::new("language_code", "a language of two small letters, as `fr`"));
    }
    for (place, webhook) in account.webhooks.iter().enumerate() {
        let at = format!("webhooks[{place}].id");
        fresh(known.webhooks.insert(webhook.id), &at, webhook.id)?;
    }
    Ok(())
}

fn check_order(book: &Book, order: &Order, used: &mut Used) -> Result<(), Mistake> {
    used.address(order.address.as_ref().map(|it| it.id));
    let mut own = BTreeSet::new();
    for (place, id) in order.fulfillments.iter().enumerate() {
        let at = format!("fulfillments[{place}]");
        fresh(own.insert(*id), &at, id)?;
        let is_own = book.fulfillments.get(id).is_some_and(|it| it.order == order.id);
        refers(is_own, &at, format_args!("fulfillment {id} of it"))?;
    }
    let mut items = BTreeSet::new();
    for (place, item) in order.items.iter().enumerate() {
        fresh(items.insert(&item.merchant_id), "merchant_id", &item.merchant_id)
            .and_then(|()| check_item(book, order, item))
            .map_err(|it| it.within("items", place))?;
        used.line_item = used.line_item.max(item.id);
    }
    for (place, note) in order.notifications.iter().enumerate() {
        check_notification(book, order, note).map_err(|it| it.within("notifications", place))?;
        used.notification = used.notification.max(note.id);
    }
    Ok(())
}

fn check_item(book: &Book, order: &Order, item: &LineItem) -> Result<(), Mistake> {
    if item.merchant_id.trim().is_empty() {
        return Err(Mistake::new("merchant_id", "a line item needs an id"));
    }
    let is_own = |id: &u64| order.fulfillments.contains(id);
    if let Some(id) = item.fulfillment {
        refers(is_own(&id), "fulfillment", format_args!("fulfillment {id} of its order"))?;
    }
    match &item.place {
        Place::Order => Ok(()),
        Place::Fulfillment(id) => {
            refers(is_own(id), "place", format_args!("fulfillment {id} of its order"))
        }
        Place::Trackers(shares) if shares.is_empty() => {
            Err(Mistake::new("place", "an item in trackers is in one at least"))
        }
        Place::Trackers(shares) => {
            let mut holders = BTreeSet::new();
            for share in shares {
                let id = share.tracker;
                fresh(holders.insert(id), "place", id)?;
                let of_order = book.order_of_tracker(id).is_some_and(|it| it.id == order.id);
                refers(of_order, "place", format_args!("tracker {id} of its order"))?;
                if share.quantity.is_some_and(i64::is_negative) {
                    return Err(Mistake::new("place", "a tracker holds no less than nothing"));
                }
            }
            Ok(())
        }
    }
}

fn check_notification(book: &Book, order: &Order, note: &Notification) -> Result<(), Mistake> {
    let is_there = match note.source {
        Source::Fulfillment(id) => order.fulfillments.contains(&id),
        // A tracker may have gone to another order since.
        Source::Tracker(id) => book.trackers.contains_key(&id),
    };
    refers(is_there, "source", format_args!("{:?}", note.source))?;
    let known = notification_types::of_slug(&note.slug).is_some();
    refers(known, "slug", format_args!("notification type `{}`", note.slug))
}

fn check_fulfillment(book: &Book, it: &Fulfillment) -> Result<(), Mistake> {
    let is_listed =
        book.orders.get(&it.order).is_some_and(|order| order.fulfillments.contains(&it.id));
    refers(is_listed, "order", format_args!("order {} that has it", it.order))?;
    let mut own = BTreeSet::new();
    for (place, id) in it.trackers.iter().enumerate() {
        let at = format!("trackers[{place}]");
        fresh(own.insert(*id), &at, id)?;
        let is_own = book.trackers.get(id).is_some_and(|tracker| tracker.fulfillment == it.id);
        refers(is_own, &at, format_args!("tracker {id} of it"))?;
    }
    FULFILLMENT.settle(&it.life).map_err(|problem| Mistake::new("life", problem))
}

fn check_tracker(book: &Book, it: &Tracker, used: &mut Used) -> Result<(), Mistake> {
    let holder = book.fulfillments.get(&it.fulfillment);
    let is_listed = holder.is_some_and(|holder| holder.trackers.contains(&it.id));
    let what = format_args!("fulfillment {} that has it", it.fulfillment);
    refers(is_listed, "fulfillment", what)?;
    if it.number.trim().is_empty() {
        return Err(Mistake::new("number", "a tracker needs a tracking number"));
    }
    if !it.events.is_sorted_by_key(|event| event.at) {
        return Err(Mistake::new("events", "the oldest comes first"));
    }
    stops(it.itinerary.as_ref(), |stop| {
        stop.kind == TRACKER.name && EventType::of(&stop.on).is_some()
    })?;
    used.event = it.events.iter().map(|event| event.id).max().unwrap_or_default().max(used.event);
    TRACKER.settle(&it.life).map_err(|problem| Mistake::new("life", problem))
}

/// The largest numbers that are given.
#[derive(Debug, Default)]
struct Used {
    line_item: u64,
    address: u64,
    event: u64,
    notification: u64,
}

impl Used {
    fn address(&mut self, id: Option<u64>) {
        self.address = self.address.max(id.unwrap_or_default());
    }

    /// Whether the next of each is none of them.
    fn check(&self, book: &Book, next: &Numbers) -> Result<(), Mistake> {
        let last = |ids: Option<&u64>| ids.copied().unwrap_or_default();
        let all = [
            ("order", last(book.orders.keys().next_back()), next.order),
            ("fulfillment", last(book.fulfillments.keys().next_back()), next.fulfillment),
            ("line_item", self.line_item, next.line_item),
            ("tracker", last(book.trackers.keys().next_back()), next.tracker),
            ("address", self.address, next.address),
            ("event", self.event, next.event),
            ("notification", self.notification, next.notification),
            ("job", last(book.jobs.keys().next_back()), next.job),
        ];
        match all.iter().find(|(_, last, next)| last >= next) {
            None => Ok(()),
            Some((name, last, _)) => Err(Mistake::new(*name, format!("{last} is given already"))),
        }
    }
}
