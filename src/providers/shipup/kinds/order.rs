//! Orders as an entity of the control API.

use serde_json::{Value, json};

use crate::frameworks::rails::wide_integer::as_texts;
use crate::providers::shipup::machines::{DeliveryStatus, Status};
use crate::providers::shipup::resources::expand::Expand;
use crate::providers::shipup::state::book::Book;
use crate::providers::shipup::state::order::{LineItem, Order, Place};
use crate::providers::shipup::views::View;
use crate::providers::shipup::{Shipup, State};
use crate::providers::{Kind, Standing};

/// Orders, by the merchant's ids, or Shipup's numbers.
pub struct Orders;

impl Kind for Orders {
    type Of = Shipup;
    type Entity<'a> = &'a Order;

    const WORD: &'static str = "order";
    const NO_MOVES: &'static str = "an order's state follows from what is in it; move its fulfillments and trackers, or send it again";

    fn all(state: &State) -> impl Iterator<Item = (String, &Order)> {
        state.book.orders.values().map(|it| (it.label.clone(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Order> {
        state.book.labelled_order(id)
    }

    fn standing<'a>(state: &State, order: &'a Order) -> Standing<'a> {
        state_of(&state.book, order).into()
    }

    fn data(state: &State, order: &Order) -> Value {
        let mut data = View::of(state).order(order, &Expand::default());
        data["account"] = json!(order.account);
        data["line_items"] =
            order.items.iter().map(|item| item_data(&state.book, order, item)).collect();
        data["fulfillments"] = labels(&order.fulfillments, |id| {
            state.book.fulfillments.get(&id).map(|it| it.label.clone())
        });
        data["notifications"] = json!(order.notifications);
        data["shipping_address"] = json!(order.address.as_ref().map(|it| &it.fields));
        as_texts(data)
    }
}

/// Where an order stands, put together from what is in it: the word of all its fulfillments, or what they have in
/// common.
pub fn state_of(book: &Book, order: &Order) -> &'static str {
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

pub fn labels(ids: &[u64], label: impl Fn(u64) -> Option<String>) -> Value {
    ids.iter().filter_map(|id| label(*id)).map(Value::from).collect()
}

/// A line item and the one place it is in.
pub fn item_data(book: &Book, order: &Order, item: &LineItem) -> Value {
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
