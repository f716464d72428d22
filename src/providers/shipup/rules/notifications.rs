//! Messages to customers: which status or event has one, and in which language.

use crate::providers::Cx;
use crate::providers::shipup::data::notification_types::{OF_EVENT, OF_STATUS, Type};
use crate::providers::shipup::machines::{DeliveryStatus, EventType, Status};
use crate::providers::shipup::state::book::next;
use crate::providers::shipup::state::order::{LineItem, Notification, Source, is_true};
use crate::providers::shipup::{Shipup, webhooks};

/// A fulfillment has another status. Whether anybody may hear of it was asked before.
pub fn of_status(cx: &mut Cx<'_, Shipup>, order: u64, fulfillment: u64, status: Status) {
    if let Some((_, kind)) = OF_STATUS.iter().find(|(known, _)| *known == status) {
        notify(cx, order, Source::Fulfillment(fulfillment), *kind);
    }
}

/// A tracker has news. A customer hears of it unless order or tracker are muted, or nothing in it is to be shipped.
pub fn of_event(cx: &mut Cx<'_, Shipup>, id: u64, on: EventType, moved: bool) {
    let Some((_, kind)) = OF_EVENT.iter().find(|(known, _)| *known == on) else { return };
    let book = &cx.state.book;
    let Some((tracker, order)) = book.trackers.get(&id).zip(book.order_of_tracker(id)) else {
        return;
    };
    let muted = is_true(&order.fields, "mute_notifications")
        || is_true(&tracker.fields, "mute_notifications");
    let own = order.items_shipped(id).map(|(item, _)| item).collect::<Vec<_>>();
    // Of a parcel of which nothing is known, what it was packed for is known.
    let packed = book.fulfillments.get(&tracker.fulfillment).filter(|_| own.is_empty());
    let packed = packed.into_iter().flat_map(|it| order.items_of(it));
    let of_interest = is_of_interest(own.into_iter().chain(packed));
    let goes_back = tracker.life.state() == DeliveryStatus::Return && on != EventType::Return;
    let news = moved || on == EventType::OutForDelivery;
    if news && !muted && of_interest && !goes_back {
        let order = order.id;
        notify(cx, order, Source::Tracker(id), *kind);
    }
}

/// Whether anybody wants to hear of these items: one of them has to be shipped, or none is known.
pub fn is_of_interest<'a>(items: impl Iterator<Item = &'a LineItem>) -> bool {
    let mut items = items.peekable();
    items.peek().is_none() || items.any(LineItem::requires_shipping)
}

fn notify(cx: &mut Cx<'_, Shipup>, order: u64, source: Source, kind: Type) {
    let language_code = cx.state.language_of(order);
    let book = &mut cx.state.book;
    let id = next(&mut book.numbers.notification);
    let Some(order) = book.orders.get_mut(&order) else { return };
    let slug = kind.slug.to_owned();
    order.notifications.push(Notification { id, source, slug, language_code, at: cx.now });
    let order = order.id;
    webhooks::notification_new(cx, order, id);
}
