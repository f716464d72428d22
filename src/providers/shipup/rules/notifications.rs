//! Messages to customers: which status or event has one, and in which language.

use crate::providers::Cx;
use crate::providers::shipup::data::notification_types::{OF_EVENT, OF_STATUS, Type};
use crate::providers::shipup::machines::{DeliveryStatus, EventType, Status};
use crate::providers::shipup::state::book::next;
use crate::providers::shipup::state::order::{Notification, Source, is_true};
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
    let ships: Vec<bool> = order.items_shipped(id).map(|(it, _)| it.requires_shipping()).collect();
    let of_no_interest = !ships.is_empty() && !ships.contains(&true);
    let goes_back = tracker.life.state() == DeliveryStatus::Return && on != EventType::Return;
    let news = moved || on == EventType::OutForDelivery;
    if news && !muted && !of_no_interest && !goes_back {
        let order = order.id;
        notify(cx, order, Source::Tracker(id), *kind);
    }
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
