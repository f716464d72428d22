//! Which status a fulfillment has: the one the merchant sent, unless its items say otherwise.

use crate::providers::Cx;
use crate::providers::shipup::Shipup;
use crate::providers::shipup::machines::{FULFILLMENT, Status};
use crate::providers::shipup::rules::notifications;
use crate::providers::shipup::state::book::Book;
use crate::providers::shipup::state::order::{Fulfillment, LineItem, is_true};

/// The status that the state of items and order force upon a fulfillment: documentation and public list of
/// fulfillment statuses.
pub fn forced(book: &Book, fulfillment: &Fulfillment) -> Option<Status> {
    let order = book.orders.get(&fulfillment.order)?;
    if order.is_canceled() {
        return Some(Status::Canceled);
    }
    let items: Vec<&LineItem> = order.items_of(fulfillment).collect();
    if items.is_empty() {
        return None;
    }
    if items.iter().all(|item| item.is_canceled()) {
        return Some(Status::Canceled);
    }
    let wanted = || items.iter().filter(|item| !item.is_canceled() && item.requires_shipping());
    let some = wanted().any(|item| item.is_shipped_by(fulfillment));
    match wanted().all(|item| item.is_shipped()) {
        true if some => Some(Status::Shipped),
        false if some => Some(Status::PartiallyShipped),
        _ => None,
    }
}

/// The status a fulfillment has to have. One that has a parcel of which nothing more is known is shipped.
pub fn wanted(book: &Book, fulfillment: &Fulfillment) -> Status {
    let has_items = || {
        let order = book.orders.get(&fulfillment.order);
        order.is_some_and(|order| order.items_of(fulfillment).next().is_some())
    };
    let usual = if fulfillment.trackers.is_empty() || has_items() {
        Status::Pending
    } else {
        Status::Shipped
    };
    forced(book, fulfillment).or(fulfillment.given).unwrap_or(usual)
}

/// Gives every fulfillment of an order the status it has to have, and tells the customer where there is something
/// to tell: the merchant sends statuses, the order has its date, something is to be shipped, and nobody is muted.
pub fn settle(cx: &mut Cx<'_, Shipup>, order: u64) {
    let Some(known) = cx.state.book.orders.get(&order) else { return };
    let heard =
        known.fields.contains_key("ordered_at") && !is_true(&known.fields, "mute_notifications");
    for id in known.fulfillments.clone() {
        let book = &mut cx.state.book;
        let Some(known) = book.fulfillments.get(&id) else { continue };
        let status = wanted(book, known);
        let of_interest = book
            .orders
            .get(&order)
            .is_some_and(|order| notifications::is_of_interest(order.items_of(known)));
        let Some(known) = book.fulfillments.get_mut(&id) else { continue };
        let step = cx.out.step(&FULFILLMENT, &mut known.life, &known.label, status);
        // No row leads from a status to itself: nothing to do.
        if step.is_err() {
            continue;
        }
        known.updated_at = cx.now;
        if heard && of_interest && known.given.is_some() {
            notifications::of_status(cx, order, id, status);
        }
    }
}
