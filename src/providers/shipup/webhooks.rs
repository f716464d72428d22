//! Outbound webhooks: public pages "Receiving webhooks", `tracker.new`, `tracker.events.new`.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::frameworks::rails::to_json::to_json;
use crate::message::{Body, Headers};
use crate::providers::shipup::data::{carriers, notification_types};
use crate::providers::shipup::machines::TRACKER_EVENT;
use crate::providers::shipup::state::accounts::{Pending, Subscription};
use crate::providers::shipup::state::book::next;
use crate::providers::shipup::state::order::{Fulfillment, Order, Source, Tracker};
use crate::providers::shipup::views::{self, View};
use crate::providers::shipup::{Shipup, State};
use crate::providers::{Cx, Signing, Webhooks};
use crate::sim::webhook::outbox::{Delivery, Outcome, Retry, SUCCESS, Webhook};

/// A tracker is new.
pub const TRACKER_NEW: &str = "tracker.new";
/// A customer is told something.
pub const NOTIFICATION_NEW: &str = "notification.new";
/// What is sent to an address that is to be saved; it has no type.
pub const TEST: &str = "test";
/// The topics one can subscribe to, and the test.
pub const TOPICS: &[&str] = &[TRACKER_NEW, TRACKER_EVENT, NOTIFICATION_NEW, TEST];

/// The key of a body that counts the tries before.
const COUNTER: &str = "retry_count";
/// A receiver has ten seconds.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(10);
/// The body of the test; the text, not the truth value.
const TEST_BODY: &str = "{\"livemode\":\"false\"}";

/// A tracker is new.
pub fn tracker_new(cx: &mut Cx<'_, Shipup>, tracker: u64) {
    announce_tracker(cx, TRACKER_NEW, tracker, None);
}

/// A carrier has news of a tracker; the event's number is the reason.
pub fn tracker_event(cx: &mut Cx<'_, Shipup>, tracker: u64, event: u64) {
    announce_tracker(cx, TRACKER_EVENT, tracker, Some(event));
}

fn announce_tracker(
    cx: &mut Cx<'_, Shipup>,
    topic: &'static str,
    tracker: u64,
    event: Option<u64>,
) {
    let Some(account) = cx.state.book.order_of_tracker(tracker).map(|order| order.account) else {
        return;
    };
    announce(cx, account, topic, |state| {
        let object = tracker_object(state, tracker)?;
        let reason = match event {
            Some(event) => json!({ "object": "event", "id": event }),
            None => json!({ "object": "tracker", "id": tracker }),
        };
        Some((object, reason))
    });
}

/// A customer is told something.
pub fn notification_new(cx: &mut Cx<'_, Shipup>, order: u64, id: u64) {
    let Some(account) = cx.state.book.orders.get(&order).map(|order| order.account) else {
        return;
    };
    announce(cx, account, NOTIFICATION_NEW, |state| {
        let order = state.book.orders.get(&order)?;
        let notification = order.notifications.iter().find(|it| it.id == id)?;
        let kind = notification_types::of_slug(&notification.slug)?;
        let at = notification.at.as_second();
        let source = match notification.source {
            Source::Tracker(tracker) => tracker_object(state, tracker)?,
            Source::Fulfillment(id) => {
                let known = state.book.fulfillments.get(&id)?;
                let mut shown = fulfillment_object(state, known, order);
                shown["status_code"] = json!(known.life.state());
                shown
            }
        };
        let object = json!({
            "object": "notification",
            "id": id,
            "category": kind.category,
            "language_code": notification.language_code,
            "name": kind.name,
            "slug": kind.slug,
            "created_at": at,
            "updated_at": at,
            "source": source,
        });
        Some((object, json!({ "object": "notification", "id": id })))
    });
}

/// The order of a fulfillment or tracker, as webhooks show it.
fn order_object(order: &Order) -> Value {
    let field = |name: &str| order.fields.get(name).cloned().unwrap_or_default();
    json!({
        "id": order.id,
        "object": "order",
        "order_number": field("order_number"),
        "merchant_id": order.merchant_id,
        "email": field("email"),
        "phone": field("phone"),
        "uuid": order.uuid,
        "ordered_at": field("ordered_at"),
        "custom_variables": views::variables(&order.fields),
    })
}

fn fulfillment_object(state: &State, fulfillment: &Fulfillment, order: &Order) -> Value {
    let address = fulfillment.address.as_ref().or(order.address.as_ref());
    let address = address.map(|address| View::plain(state).address(address));
    json!({
        "id": fulfillment.id,
        "object": "fulfillment",
        "merchant_id": fulfillment.merchant_id,
        "fulfillment_number": fulfillment.fields.get("fulfillment_number"),
        "custom_variables": views::variables(&fulfillment.fields),
        "order": order_object(order),
        "shipping_address": address,
    })
}

/// A tracker with all around it, as webhooks show it: public samples, their keys in their order.
fn tracker_object(state: &State, id: u64) -> Option<Value> {
    let tracker: &Tracker = state.book.trackers.get(&id)?;
    let fulfillment = state.book.fulfillments.get(&tracker.fulfillment)?;
    let order = state.book.orders.get(&fulfillment.order)?;
    let view = View::plain(state);
    let page = tracker.carrier.as_ref().and_then(|it| carriers::page(it, &tracker.number));
    let carrier = tracker.carrier.as_ref();
    let service = tracker.fields.get("carrier_service_code").and_then(Value::as_str);
    let second = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_second);
    let (date, datetime, kind) = views::expected(tracker);
    Some(json!({
        "id": tracker.id,
        "object": "tracker",
        "carrier": carrier.map(|it| json!({ "name": it.name, "code": it.code })),
        "carrier_service": service.map(|it| json!({ "code": it, "name": carriers::titled(it) })),
        "carrier_code": carrier.map(|it| &it.code),
        "carrier_tracking_url": page,
        "created_at": tracker.created_at.as_second(),
        "custom_variables": views::variables(&tracker.fields),
        "delivered_at": second(tracker.delivered_at),
        "delivery_status_code": tracker.life.state(),
        "shipped_at": second(tracker.shipped_at),
        "first_delivery_attempted_at": second(tracker.first_attempt_at),
        "displayable_expected_delivery_date": date,
        "displayable_expected_delivery_datetime": datetime,
        "displayable_expected_delivery_kind": kind,
        "tracking_number": tracker.number,
        "uuid": tracker.uuid,
        "fulfillment": fulfillment_object(state, fulfillment, order),
        "events": tracker.events.iter().rev().map(|it| view.event(it)).collect::<Vec<_>>(),
        "line_items": order
            .items_shipped(tracker.id)
            .map(|(item, held)| view.line_item(order, item, held))
            .collect::<Vec<_>>(),
    }))
}

/// Sends a webhook to all who listen, unless the history is being lived through.
fn announce(
    cx: &mut Cx<'_, Shipup>,
    account: u32,
    topic: &'static str,
    data: impl FnOnce(&State) -> Option<(Value, Value)>,
) {
    if cx.state.opening {
        return;
    }
    let Some(known) = cx.state.accounts.get(&account) else { return };
    let listeners: Vec<Subscription> =
        known.webhooks.iter().filter(|it| it.listens(topic)).cloned().collect();
    if listeners.is_empty() {
        return;
    }
    let Some((object, reason)) = data(cx.state) else { return };
    let data = json!({ "object": object, "reason": reason });
    for listener in listeners {
        let body = json!({
            "id": next(&mut cx.state.book.numbers.webhook_event),
            "created_at": cx.now.as_second(),
            "livemode": true,
            "object": "webhook_event",
            "type": topic,
            COUNTER: 0,
            "webhook_setting_id": listener.id,
            "data": data,
        });
        let parcel = Webhook {
            subscription: listener.id.to_string(),
            event: topic.into(),
            url: listener.url.clone(),
            headers: headers(&listener.credentials),
            body: Body::from(to_json(&body)),
            retry: Retry {
                timeout: TIMEOUT,
                waits: Cow::Owned(cx.state.waits.clone()),
                accepted: SUCCESS,
            },
        };
        cx.out.emit_counting(parcel, COUNTER);
    }
}

/// What the saved address has to answer 200 to before it is saved.
pub fn test(cx: &mut Cx<'_, Shipup>, listener: &Subscription, pending: &Pending) {
    cx.out.emit(Webhook {
        subscription: format!("{}{TRIAL}", listener.id),
        event: TEST.into(),
        url: pending.url.clone(),
        headers: headers(&pending.credentials),
        body: Body::from(TEST_BODY),
        retry: TRIAL_RETRY,
    });
}

/// An address is tried once, and only 200 saves it.
const TRIAL_RETRY: Retry =
    Retry { timeout: TIMEOUT, waits: Cow::Borrowed(&[]), accepted: (200, 200) };

/// What stands behind a subscription's number while its address is tried.
const TRIAL: &str = " test";

fn headers(credentials: &Option<(String, String)>) -> Headers {
    let mut headers = Headers::with_capacity(3);
    headers.add("Content-Type", "application/json");
    headers.add("User-Agent", "Shipup");
    if let Some((name, password)) = credentials {
        headers.add("Authorization", basic(name, password));
    }
    headers
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{name}:{password}")))
}

fn sign(state: &State, delivery: &Delivery) -> Option<(&'static str, String)> {
    let id = delivery.subscription.trim_end_matches(TRIAL);
    let mut all = state.accounts.values().flat_map(|account| &account.webhooks);
    let listener = all.find(|it| it.id.to_string() == id)?;
    let (name, password) = listener.credentials.as_ref()?;
    Some(("Authorization", basic(name, password)))
}

impl Webhooks for Shipup {
    const TOPICS: &'static [&'static str] = TOPICS;
    /// The name and password that a receiver asked for stand where others have a signature. There is no time beside it.
    const SIGNING: Signing<Self> = Signing { sign: Some(sign), date: None };

    /// A receiver answered, or did not. An address that is tried is saved when it says 200, and nothing else.
    fn attempted(cx: &mut Cx<'_, Shipup>, subscription: &str, outcome: &Outcome) {
        let Some(id) = subscription.strip_suffix(TRIAL) else { return };
        let accounts = cx.state.accounts.values_mut();
        let mut all = accounts.flat_map(|account| &mut account.webhooks);
        let Some(listener) = all.find(|it| it.id.to_string() == id) else { return };
        let Some(pending) = listener.pending.take() else { return };
        if TRIAL_RETRY.accepts(outcome) {
            listener.url = pending.url;
            listener.credentials = pending.credentials;
        }
    }
}
