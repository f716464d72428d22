//! What the reading endpoints show: public pages of the API resources, their keys in their order.
//!
//! A relation is shown as `{object, id}`, a list of these, or whole where the request expands it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::kit::time::iso_seconds;
use crate::providers::shipup::State;
use crate::providers::shipup::data::{carriers, notification_types};
use crate::providers::shipup::resources::expand::Expand;
use crate::providers::shipup::state::order::{
    Address, Event, Fields, Fulfillment, LineItem, Notification, Order, Source, Tracker,
};

/// How a world shows its resources.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    state: &'a State,
    iso: bool,
}

/// Whether and how deep a relation is shown.
type Deep<'a> = Option<&'a Expand>;

/// The merchant's own variables, an empty object when there are none.
pub fn variables(fields: &Fields) -> Value {
    fields.get("custom_variables").cloned().unwrap_or_else(|| json!({}))
}

/// When a parcel is expected: date, instant, and who says so.
pub fn expected(tracker: &Tracker) -> (Option<String>, Option<i64>, Option<&'static str>) {
    let second = tracker.fields.get("expected_delivery_at").and_then(Value::as_i64);
    let at = second.and_then(|second| Timestamp::from_second(second).ok());
    let date = at.map(|at| iso_seconds(at).split('T').next().unwrap_or_default().to_owned());
    (date, second.filter(|_| at.is_some()), at.map(|_| "promise"))
}

/// A relation that is not expanded.
fn stub(object: &str, id: u64) -> Value {
    json!({ "object": object, "id": id })
}

fn list(data: Vec<Value>) -> Value {
    json!({ "object": "list", "data": data })
}

/// One related thing, short or whole.
fn related(object: &str, id: u64, deep: Deep<'_>, whole: impl FnOnce(&Expand) -> Value) -> Value {
    deep.map_or_else(|| stub(object, id), whole)
}

impl<'a> View<'a> {
    /// As the world is set up to show them.
    pub fn of(state: &'a State) -> View<'a> {
        View { state, iso: state.switches.iso_dates }
    }

    /// With dates as seconds, as webhooks have them.
    pub fn plain(state: &'a State) -> View<'a> {
        View { state, iso: false }
    }

    fn date(&self, at: Timestamp) -> Value {
        if self.iso { Value::from(iso_seconds(at)) } else { Value::from(at.as_second()) }
    }

    fn when(&self, at: Option<Timestamp>) -> Value {
        at.map_or(Value::Null, |at| self.date(at))
    }

    /// A date that was told in a payload.
    fn told(&self, fields: &Fields, name: &str) -> Value {
        let second = fields.get(name).and_then(Value::as_i64);
        self.when(second.and_then(|second| Timestamp::from_second(second).ok()))
    }

    /// An order.
    pub fn order(&self, order: &Order, deep: &Expand) -> Value {
        let field = |name: &str| order.fields.get(name).cloned().unwrap_or_default();
        let book = &self.state.book;
        let fulfillments = order.fulfillments.iter().filter_map(|id| book.fulfillments.get(id));
        let items: Vec<&LineItem> = if self.state.switches.all_items_in_orders {
            order.items.iter().collect()
        } else {
            order.items_unfulfilled().collect()
        };
        let address = order.address.as_ref();
        json!({
            "object": "order",
            "id": order.id,
            "canceled": order.is_canceled(),
            "created_at": self.date(order.created_at),
            "custom_variables": field("custom_variables"),
            "email": field("email"),
            "first_name": field("first_name"),
            "language_code": self.state.language_of(order.id),
            "last_name": field("last_name"),
            "merchant_id": order.merchant_id,
            "mute_notifications": field("mute_notifications").as_bool().unwrap_or(false),
            "order_number": field("order_number"),
            "ordered_at": self.told(&order.fields, "ordered_at"),
            "phone": field("phone"),
            "updated_at": self.date(order.updated_at),
            "uuid": order.uuid,
            "fulfillments": list(fulfillments
                .map(|it| related("fulfillment", it.id, deep.within("fulfillments"), |deep| {
                    self.fulfillment(it, order, deep)
                }))
                .collect()),
            "line_items": self.line_items(order, items.into_iter().map(|it| (it, None)), deep),
            "notifications": self.notifications(order.notifications.iter(), deep),
            "shipping_address": self.shipping_address(address, deep),
        })
    }

    fn shipping_address(&self, address: Option<&Address>, deep: &Expand) -> Value {
        address.map_or(Value::Null, |address| {
            related("address", address.id, deep.within("shipping_address"), |_| {
                self.address(address)
            })
        })
    }

    fn line_items<'b>(
        &self,
        order: &Order,
        items: impl Iterator<Item = (&'b LineItem, Option<i64>)>,
        deep: &Expand,
    ) -> Value {
        let deep = deep.within("line_items");
        let item = |(item, held): (&LineItem, Option<i64>)| {
            related("line_item", item.id, deep, |_| self.line_item(order, item, held))
        };
        list(items.map(item).collect())
    }

    fn notifications<'b>(
        &self,
        all: impl Iterator<Item = &'b Notification>,
        deep: &Expand,
    ) -> Value {
        let deep = deep.within("notifications");
        let one = |it: &Notification| {
            related("notification", it.id, deep, |deep| self.notification(it, deep))
        };
        list(all.map(one).collect())
    }

    /// A fulfillment.
    pub fn fulfillment(&self, it: &Fulfillment, order: &Order, deep: &Expand) -> Value {
        let field = |name: &str| it.fields.get(name).cloned().unwrap_or_default();
        let book = &self.state.book;
        let trackers = it.trackers.iter().filter_map(|id| book.trackers.get(id));
        let all = self.state.switches.all_items_in_orders;
        let in_it = |item: &&LineItem| {
            item.place.shares().iter().any(|share| it.trackers.contains(&share.tracker))
        };
        let mut items: Vec<&LineItem> = order.items_in(it.id).collect();
        if all {
            items.extend(order.items.iter().filter(in_it));
        }
        let address = it.address.as_ref().or(order.address.as_ref());
        let own = |note: &&Notification| note.source == Source::Fulfillment(it.id);
        json!({
            "object": "fulfillment",
            "id": it.id,
            "canceled": it.life.state().word() == "canceled",
            "custom_variables": field("custom_variables"),
            "estimated_delivery_range_end": self.told(&it.fields, "estimated_delivery_range_end"),
            "estimated_delivery_range_start": self.told(&it.fields, "estimated_delivery_range_start"),
            "fulfillment_number": field("fulfillment_number"),
            "merchant_id": it.merchant_id,
            "return_journey": false,
            "status_code": it.life.state(),
            "warehouse_merchant_id": field("warehouse_merchant_id"),
            "created_at": self.date(it.created_at),
            "updated_at": self.date(it.updated_at),
            "uuid": it.uuid,
            "order": related("order", order.id, deep.within("order"), |deep| {
                self.order(order, deep)
            }),
            "shipping_address": self.shipping_address(address, deep),
            "trackers": list(trackers
                .map(|tracker| related("tracker", tracker.id, deep.within("trackers"), |deep| {
                    self.tracker(tracker, order, deep)
                }))
                .collect()),
            "line_items": self.line_items(order, items.into_iter().map(|it| (it, None)), deep),
            "notifications": self.notifications(order.notifications.iter().filter(own), deep),
        })
    }

    /// A tracker.
    pub fn tracker(&self, it: &Tracker, order: &Order, deep: &Expand) -> Value {
        let field = |name: &str| it.fields.get(name).cloned().unwrap_or_default();
        let book = &self.state.book;
        let page = it.carrier.as_ref().and_then(|carrier| carriers::page(carrier, &it.number));
        let (date, second, kind) = expected(it);
        let datetime =
            second.map_or(Value::Null, |_| self.told(&it.fields, "expected_delivery_at"));
        let own = |note: &&Notification| note.source == Source::Tracker(it.id);
        let fulfillment = book.fulfillments.get(&it.fulfillment).map(|known| {
            related("fulfillment", known.id, deep.within("fulfillment"), |deep| {
                self.fulfillment(known, order, deep)
            })
        });
        json!({
            "object": "tracker",
            "id": it.id,
            "created_at": self.date(it.created_at),
            "custom_variables": field("custom_variables"),
            "delivered_at": self.when(it.delivered_at),
            "delivery_status_code": it.life.state(),
            "displayable_expected_delivery_date": date,
            "displayable_expected_delivery_datetime": datetime,
            "displayable_expected_delivery_kind": kind,
            "first_delivery_attempted_at": self.when(it.first_attempt_at),
            "mute_notifications": field("mute_notifications").as_bool().unwrap_or(false),
            "shipped_at": self.when(it.shipped_at),
            "tracking_link": page.map_or_else(|| field("untracked_carrier_url"), Value::from),
            "tracking_number": it.number,
            "untracked_carrier_name": field("untracked_carrier_name"),
            "untracked_carrier_url": field("untracked_carrier_url"),
            "updated_at": self.date(it.updated_at),
            "uuid": it.uuid,
            "carrier": it.carrier.as_ref().map(|carrier| match deep.within("carrier") {
                None => json!({ "object": "carrier", "code": carrier.code }),
                Some(_) => {
                    json!({ "object": "carrier", "code": carrier.code, "name": carrier.name })
                }
            }),
            "carrier_service": field("carrier_service_code").as_str().map(|code| {
                let name = carriers::titled(code);
                json!({ "object": "carrier_service", "code": code, "name": name })
            }),
            "events": list(it.events.iter().rev()
                .map(|event| related("event", event.id, deep.within("events"), |_| {
                    self.event(event)
                }))
                .collect()),
            "fulfillment": fulfillment,
            "line_items": self.line_items(order, order.items_shipped(it.id), deep),
            "notifications": self.notifications(order.notifications.iter().filter(own), deep),
        })
    }

    /// A line item; within a tracker with what that tracker holds of it.
    pub fn line_item(&self, order: &Order, it: &LineItem, held: Option<i64>) -> Value {
        let field = |name: &str| it.fields.get(name).cloned().unwrap_or_default();
        let shipped = held.map(Value::from).or_else(|| {
            let whole = it.is_shipped() && !it.place.shares().is_empty();
            it.fields.get("quantity").cloned().filter(|_| whole)
        });
        json!({
            "object": "line_item",
            "id": it.id,
            "canceled": it.is_canceled() || order.is_canceled(),
            "canceled_quantity": it.fields.get("canceled_quantity").cloned().unwrap_or_else(|| 0.into()),
            "custom_variables": field("custom_variables"),
            "description": field("description"),
            "name": field("name"),
            "merchant_id": it.merchant_id,
            "quantity": field("quantity"),
            "requires_shipping": it.requires_shipping(),
            "sku": field("sku"),
            "shipped_quantity": shipped,
            "thumbnail": field("thumbnail"),
            "title": field("title"),
            "variant_title": field("variant_title"),
            "created_at": self.date(it.created_at),
            "updated_at": self.date(it.updated_at),
        })
    }

    /// An address.
    pub fn address(&self, address: &Address) -> Value {
        let mut shown = Map::new();
        shown.insert("object".to_owned(), Value::from("address"));
        shown.insert("id".to_owned(), Value::from(address.id));
        for name in ADDRESS {
            let value = address.fields.get(*name).cloned().unwrap_or_default();
            shown.insert((*name).to_owned(), value);
        }
        Value::Object(shown)
    }

    /// What a carrier said.
    pub fn event(&self, event: &Event) -> Value {
        json!({
            "object": "event",
            "id": event.id,
            "event_type_code": event.event_type,
            "happened_at": self.date(event.at),
            "message": message(event.event_type.word()),
            "raw": null,
            "address": null,
            "created_at": self.date(event.at),
            "updated_at": self.date(event.at),
        })
    }

    fn notification(&self, it: &Notification, deep: &Expand) -> Value {
        let kind = notification_types::of_slug(&it.slug);
        json!({
            "object": "notification",
            "id": it.id,
            "category": kind.map(|kind| kind.category),
            "language_code": it.language_code,
            "name": kind.map(|kind| kind.name),
            "slug": it.slug,
            "created_at": self.date(it.at),
            "updated_at": self.date(it.at),
            "notification_payloads": list(Vec::new()),
            "notification_type": kind.map(|kind| {
                related("notification_type", kind.id, deep.within("notification_type"), |_| {
                    json!({
                        "object": "notification_type", "id": kind.id, "category": kind.category,
                        "name": kind.name, "slug": kind.slug,
                    })
                })
            }),
        })
    }
}

/// The fields of an address, as webhooks show them.
const ADDRESS: &[&str] = &[
    "comment",
    "city",
    "country",
    "country_code",
    "state",
    "state_code",
    "address1",
    "address2",
    "zip",
    "company_title",
    "first_name",
    "last_name",
    "name",
];

/// What an event says to people; not to be relied on.
#[rustfmt::skip]
const MESSAGES: &[(&str, &str)] = &[
    ("label_created",    "The label is printed; the carrier waits for the parcel."),
    ("origin_scan",      "The carrier has taken the parcel."),
    ("transit",          "The parcel is on its way."),
    ("incident",         "Something happened to the parcel on its way."),
    ("out_for_delivery", "The parcel is in the van and comes today."),
    ("failed_attempt",   "Nobody was there to take the parcel."),
    ("pickup_point",     "The parcel can be fetched at the pickup point."),
    ("delivered",        "The parcel was handed over."),
    ("return",           "The parcel goes back to its sender."),
    ("drop_off",         "The parcel was brought to a pickup point."),
    ("expired",          "The parcel is not looked for any more."),
];

fn message(event_type: &str) -> Option<&'static str> {
    MESSAGES.iter().find(|(known, _)| *known == event_type).map(|(_, message)| *message)
}
