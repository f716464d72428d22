//! Creating and updating: orders, fulfillments and line items by the merchant's ids, trackers by their numbers.
//!
//! What a payload leaves out stays as it is. A payload that says nothing new changes nothing, not even a date.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;

use crate::providers::Cx;
use crate::providers::shipup::data::carriers;
use crate::providers::shipup::machines::{FULFILLMENT, TRACKER};
use crate::providers::shipup::rules::drafts::{
    FulfillmentDraft, ItemDraft, OrderDraft, TrackerDraft,
};
use crate::providers::shipup::rules::{lifecycle, statuses};
use crate::providers::shipup::state::book::{Book, next};
use crate::providers::shipup::state::order::{
    Address, Fields, Fulfillment, LineItem, Order, Place, Share, Tracker, number, overlay, text,
};
use crate::providers::shipup::{Shipup, webhooks};

/// Where a payload lists a line item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    Order,
    Fulfillment(u64),
    Tracker(u64),
}

/// Where it lists one of them, and how much of it there.
type Spots = Vec<(Spot, Option<i64>)>;

/// What comes of a payload, put together while it is read.
#[derive(Debug, Default)]
struct Work {
    /// Every line item it lists, with its places.
    listed: Vec<(Spot, ItemDraft)>,
    /// The trackers that are new.
    trackers: Vec<u64>,
    /// Where its trackers belong; one that is listed twice, where it is listed last.
    homes: BTreeMap<u64, u64>,
}

/// Creates or updates an order by the merchant's id. Its number inside.
pub fn order(cx: &mut Cx<'_, Shipup>, account: u32, draft: OrderDraft) -> u64 {
    let known = cx.state.book.order_of(account, &draft.merchant_id);
    let merchant_id = Some(draft.merchant_id.clone());
    upsert(cx, account, known, merchant_id, draft)
}

/// The same for a tracker of `/v1/trackers`: its order is found by the order number, and only among those that came
/// the same way.
pub fn flat(cx: &mut Cx<'_, Shipup>, account: u32, draft: OrderDraft) -> u64 {
    let number = text(&draft.fields, "order_number").unwrap_or_default();
    let known = cx.state.book.flat_order_of(account, number);
    upsert(cx, account, known, None, draft)
}

fn upsert(
    cx: &mut Cx<'_, Shipup>,
    account: u32,
    known: Option<u64>,
    merchant_id: Option<String>,
    draft: OrderDraft,
) -> u64 {
    let before = known.and_then(|id| Before::of(&cx.state.book, id));
    let id = match known {
        Some(id) => {
            update_order(cx, id, &draft);
            id
        }
        None => add_order(cx, account, merchant_id, &draft),
    };
    let mut work = Work::default();
    work.listed.extend(draft.items.into_iter().map(|item| (Spot::Order, item)));
    for fulfillment in draft.fulfillments {
        put_fulfillment(cx, id, account, fulfillment, &mut work);
    }
    let homes = std::mem::take(&mut work.homes);
    let robbed: Vec<u64> = homes
        .into_iter()
        .filter_map(|(tracker, fulfillment)| move_tracker(cx, tracker, fulfillment))
        .collect();
    put_items(cx, id, work.listed);
    if let Some(before) = before {
        before.date(&mut cx.state.book, id, cx.now);
    }
    // What is in a parcel can choose its journey, so that it sets out when everything is where it belongs.
    for tracker in &work.trackers {
        lifecycle::watch(cx, *tracker);
    }
    for tracker in work.trackers {
        webhooks::tracker_new(cx, tracker);
    }
    for order in robbed {
        statuses::settle(cx, order);
    }
    statuses::settle(cx, id);
    id
}

/// An order as it was, to see what a payload changed: one may say a thing and its contrary.
struct Before {
    order: Order,
    fulfillments: Vec<Fulfillment>,
    trackers: Vec<Tracker>,
}

impl Before {
    fn of(book: &Book, id: u64) -> Option<Before> {
        let order = book.orders.get(&id)?.clone();
        let own = order.fulfillments.iter().filter_map(|id| book.fulfillments.get(id));
        let fulfillments: Vec<Fulfillment> = own.cloned().collect();
        let ids = fulfillments.iter().flat_map(|it| &it.trackers);
        let trackers = ids.filter_map(|id| book.trackers.get(id)).cloned().collect();
        Some(Before { order, fulfillments, trackers })
    }

    /// Dates what is another than it was.
    fn date(self, book: &mut Book, id: u64, now: Timestamp) {
        for was in self.fulfillments {
            let known = book.fulfillments.get_mut(&was.id);
            if let Some(is) = known.filter(|is| {
                (&is.fields, &is.address, &is.trackers)
                    != (&was.fields, &was.address, &was.trackers)
            }) {
                is.updated_at = now;
            }
        }
        for was in self.trackers {
            let known = book.trackers.get_mut(&was.id);
            if let Some(is) =
                known.filter(|is| (&is.fields, is.fulfillment) != (&was.fields, was.fulfillment))
            {
                is.updated_at = now;
            }
        }
        let Some(order) = book.orders.get_mut(&id) else { return };
        if (&order.fields, &order.address) != (&self.order.fields, &self.order.address) {
            order.updated_at = now;
        }
        for was in self.order.items {
            let known = order.items.iter_mut().find(|is| is.id == was.id);
            if let Some(is) =
                known.filter(|is| (&is.fields, &is.place) != (&was.fields, &was.place))
            {
                is.updated_at = now;
            }
        }
    }
}

fn uuid(cx: &mut Cx<'_, Shipup>) -> Uuid {
    cx.chance.draw("shipup/uuid").uuid()
}

fn add_order(
    cx: &mut Cx<'_, Shipup>,
    account: u32,
    merchant_id: Option<String>,
    draft: &OrderDraft,
) -> u64 {
    let uuid = uuid(cx);
    let book = &mut cx.state.book;
    let id = next(&mut book.numbers.order);
    let address = draft.address.as_ref().map(|fields| new_address(book, fields));
    book.add_order(Order {
        id,
        account,
        label: String::new(),
        merchant_id,
        uuid,
        created_at: cx.now,
        updated_at: cx.now,
        fields: draft.fields.clone(),
        address,
        fulfillments: Vec::new(),
        items: Vec::new(),
        notifications: Vec::new(),
    });
    id
}

fn update_order(cx: &mut Cx<'_, Shipup>, id: u64, draft: &OrderDraft) {
    let book = &mut cx.state.book;
    let Some(mut order) = book.orders.remove(&id) else { return };
    overlay(&mut order.fields, &draft.fields);
    put_address(book, &mut order.address, draft.address.as_ref());
    book.orders.insert(id, order);
}

fn new_address(book: &mut Book, fields: &Fields) -> Address {
    Address { id: next(&mut book.numbers.address), fields: fields.clone() }
}

fn put_address(book: &mut Book, known: &mut Option<Address>, told: Option<&Fields>) {
    match (known, told) {
        (_, None) => {}
        (Some(known), Some(told)) => overlay(&mut known.fields, told),
        (known, Some(told)) => *known = Some(new_address(book, told)),
    }
}

fn put_fulfillment(
    cx: &mut Cx<'_, Shipup>,
    order: u64,
    account: u32,
    draft: FulfillmentDraft,
    work: &mut Work,
) {
    let known = match &draft.merchant_id {
        Some(merchant_id) => cx.state.book.fulfillment_of(order, merchant_id),
        // A flat tracker has its fulfillment to itself.
        None => draft.trackers.first().and_then(|tracker| {
            let book = &cx.state.book;
            let tracker = book.tracker_of(&within_order(order), &tracker.number)?;
            book.trackers.get(&tracker).map(|tracker| tracker.fulfillment)
        }),
    };
    let id = match known {
        Some(id) => {
            update_fulfillment(cx, id, &draft);
            id
        }
        None => add_fulfillment(cx, order, &draft),
    };
    work.listed.extend(draft.items.into_iter().map(|item| (Spot::Fulfillment(id), item)));
    let owner = match draft.merchant_id {
        Some(_) if !cx.state.switches.trackers_per_order => account.to_string(),
        _ => within_order(order),
    };
    for tracker in draft.trackers {
        put_tracker(cx, id, &owner, tracker, work);
    }
}

/// The owner of tracking numbers that are only known within an order.
fn within_order(order: u64) -> String {
    format!("order {order}")
}

fn add_fulfillment(cx: &mut Cx<'_, Shipup>, order: u64, draft: &FulfillmentDraft) -> u64 {
    let uuid = uuid(cx);
    let book = &mut cx.state.book;
    let id = next(&mut book.numbers.fulfillment);
    let address = draft.address.as_ref().map(|fields| new_address(book, fields));
    book.add_fulfillment(Fulfillment {
        id,
        order,
        label: String::new(),
        merchant_id: draft.merchant_id.clone(),
        uuid,
        created_at: cx.now,
        updated_at: cx.now,
        fields: draft.fields.clone(),
        address,
        trackers: Vec::new(),
        given: draft.status,
        life: FULFILLMENT.start(),
    });
    id
}

fn update_fulfillment(cx: &mut Cx<'_, Shipup>, id: u64, draft: &FulfillmentDraft) {
    let book = &mut cx.state.book;
    let Some(mut known) = book.fulfillments.remove(&id) else { return };
    overlay(&mut known.fields, &draft.fields);
    put_address(book, &mut known.address, draft.address.as_ref());
    known.given = draft.status.or(known.given);
    book.fulfillments.insert(id, known);
}

fn put_tracker(
    cx: &mut Cx<'_, Shipup>,
    fulfillment: u64,
    owner: &str,
    draft: TrackerDraft,
    work: &mut Work,
) {
    let id = match cx.state.book.tracker_of(owner, &draft.number) {
        Some(id) => {
            update_tracker(cx, id, &draft.fields);
            id
        }
        None => {
            let id = add_tracker(cx, fulfillment, owner, &draft);
            work.trackers.push(id);
            id
        }
    };
    work.homes.insert(id, fulfillment);
    work.listed.extend(draft.items.into_iter().map(|item| (Spot::Tracker(id), item)));
}

fn add_tracker(
    cx: &mut Cx<'_, Shipup>,
    fulfillment: u64,
    owner: &str,
    draft: &TrackerDraft,
) -> u64 {
    let uuid = uuid(cx);
    let carrier = match text(&draft.fields, "carrier_code") {
        Some(code) => Some(carriers::of_code(code)),
        // Whoever names a carrier that Shipup does not know has none of those it does.
        None if draft.fields.contains_key("untracked_carrier_name") => {
            carriers::detect(&draft.number, &[])
        }
        None => carriers::detect(&draft.number, cx.state.carriers_of(fulfillment)),
    };
    let book = &mut cx.state.book;
    let id = next(&mut book.numbers.tracker);
    let tracker = Tracker {
        id,
        fulfillment,
        label: String::new(),
        number: draft.number.clone(),
        uuid,
        created_at: cx.now,
        updated_at: cx.now,
        fields: draft.fields.clone(),
        carrier,
        events: Vec::new(),
        shipped_at: None,
        first_attempt_at: None,
        delivered_at: None,
        unwatched: false,
        life: TRACKER.start(),
        itinerary: None,
    };
    book.add_tracker(tracker, owner);
    id
}

fn update_tracker(cx: &mut Cx<'_, Shipup>, id: u64, told: &Fields) {
    let Some(tracker) = cx.state.book.trackers.get_mut(&id) else { return };
    overlay(&mut tracker.fields, told);
    if let Some(code) = text(&tracker.fields, "carrier_code")
        && tracker.carrier.as_ref().is_none_or(|carrier| carrier.code != code)
    {
        tracker.carrier = Some(carriers::of_code(code));
    }
}

/// Puts a tracker into the fulfillment that named it last. The order that loses it by this, if another does.
fn move_tracker(cx: &mut Cx<'_, Shipup>, id: u64, fulfillment: u64) -> Option<u64> {
    let book = &mut cx.state.book;
    let tracker = book.trackers.get_mut(&id)?;
    let was = std::mem::replace(&mut tracker.fulfillment, fulfillment);
    if was == fulfillment {
        return None;
    }
    tracker.updated_at = cx.now;
    let order = book.fulfillments.get_mut(&fulfillment).map(|new| {
        new.trackers.push(id);
        new.order
    });
    let old = book.fulfillments.get_mut(&was)?;
    old.trackers.retain(|tracker| *tracker != id);
    let robbed = Some(old.order).filter(|old| Some(*old) != order)?;
    fall_back(book, robbed, id);
    Some(robbed)
}

/// What an order had in a tracker that is another order's now is back where it was packed.
fn fall_back(book: &mut Book, order: u64, tracker: u64) {
    let Some(order) = book.orders.get_mut(&order) else { return };
    for item in &mut order.items {
        if let Place::Trackers(shares) = &mut item.place {
            shares.retain(|share| share.tracker != tracker);
            if shares.is_empty() {
                item.place = item.fulfillment.map_or(Place::Order, Place::Fulfillment);
            }
        }
    }
}

/// Puts every listed item where it is listed; one that is listed more than once, where it is furthest.
fn put_items(cx: &mut Cx<'_, Shipup>, order: u64, listed: Vec<(Spot, ItemDraft)>) {
    let forward_only = cx.state.switches.items_never_go_back;
    let now = cx.now;
    let book = &mut cx.state.book;
    let Some(mut order) = book.orders.remove(&order) else { return };
    let mut by_item: BTreeMap<String, Spots> = BTreeMap::new();
    for (spot, draft) in listed {
        by_item.entry(draft.merchant_id.clone()).or_default().push((spot, draft.shipped));
        put_item_fields(book, &mut order, draft, now);
    }
    for (merchant_id, spots) in by_item {
        let Some(item) = order.items.iter_mut().find(|it| it.merchant_id == merchant_id) else {
            continue;
        };
        let place = placed(item, &spots);
        if forward_only && place.rank() < item.place.rank() {
            continue;
        }
        let home = match spots.iter().rev().find_map(|(spot, _)| home(book, *spot)) {
            Some(home) => Some(home),
            None if place == Place::Order => None,
            None => item.fulfillment,
        };
        item.place = place;
        item.fulfillment = home;
    }
    book.orders.insert(order.id, order);
}

/// The fulfillment of a spot.
fn home(book: &Book, spot: Spot) -> Option<u64> {
    match spot {
        Spot::Order => None,
        Spot::Fulfillment(id) => Some(id),
        Spot::Tracker(id) => book.trackers.get(&id).map(|tracker| tracker.fulfillment),
    }
}

/// The quantities of a payload that differ from what they were said to be first, with the reason why they count for
/// nothing: documentation, "Line item payload".
pub fn kept_quantities(book: &Book, account: u32, draft: &OrderDraft) -> BTreeSet<String> {
    let order = book.order_of(account, &draft.merchant_id).and_then(|id| book.orders.get(&id));
    let known = order.map_or(&[][..], |order| &order.items);
    let differs = |item: &ItemDraft| {
        let before = known.iter().find(|it| it.merchant_id == item.merchant_id);
        let before = before.and_then(|it| it.fields.get("quantity"));
        before.zip(item.fields.get("quantity")).is_some_and(|(before, now)| before != now)
    };
    let fulfillments = || draft.fulfillments.iter();
    let trackers = || fulfillments().flat_map(|it| &it.trackers);
    [
        ("", draft.items.iter().any(differs)),
        ("fulfillments[].", fulfillments().flat_map(|it| &it.items).any(differs)),
        ("fulfillments[].trackers[].", trackers().flat_map(|it| &it.items).any(differs)),
    ]
    .into_iter()
    .filter(|(_, is_other)| *is_other)
    .map(|(place, _)| format!("body.{place}line_items[].quantity: it must not change, and did not"))
    .collect()
}

/// Creates or updates an item; its quantity stays what it was said to be first.
fn put_item_fields(book: &mut Book, order: &mut Order, mut draft: ItemDraft, now: Timestamp) {
    match order.items.iter_mut().find(|item| item.merchant_id == draft.merchant_id) {
        Some(item) => {
            if item.fields.contains_key("quantity") {
                draft.fields.remove("quantity");
            }
            overlay(&mut item.fields, &draft.fields);
        }
        None => order.items.push(LineItem {
            id: next(&mut book.numbers.line_item),
            merchant_id: draft.merchant_id,
            created_at: now,
            updated_at: now,
            fields: draft.fields,
            place: Place::Order,
            fulfillment: None,
        }),
    }
}

/// Where an item is after a payload listed it: in a tracker before a fulfillment before the order, the last of equals.
/// Trackers share it only as far as each was said to hold a part of it.
fn placed(item: &LineItem, spots: &[(Spot, Option<i64>)]) -> Place {
    let most = number(&item.fields, "quantity");
    let mut shares: Vec<Share> = Vec::new();
    let is_part = |share: &Share| share.quantity.is_some();
    for (spot, shipped) in spots {
        let Spot::Tracker(tracker) = *spot else { continue };
        let quantity = shipped.map(|it| most.map_or(it, |most| it.min(most)).max(0));
        let share = Share { tracker, quantity };
        if shares.is_empty() && share.quantity.is_some() && item.place.shares().iter().all(is_part)
        {
            shares = item.place.shares().to_vec();
        }
        if share.quantity.is_none() || !shares.iter().all(is_part) {
            shares.clear();
        }
        match shares.iter_mut().find(|known| known.tracker == tracker) {
            Some(known) => *known = share,
            None => shares.push(share),
        }
    }
    if !shares.is_empty() {
        return Place::Trackers(shares);
    }
    let fulfillment = spots.iter().rev().find_map(|(spot, _)| match spot {
        Spot::Fulfillment(id) => Some(*id),
        Spot::Order | Spot::Tracker(_) => None,
    });
    fulfillment.map_or(Place::Order, Place::Fulfillment)
}
