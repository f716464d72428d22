//! Outbound webhooks: documentation, "Webhook events" and "Verifying signatures".

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use crate::frameworks::php::json_encode;
use crate::kit::time::iso_micros;
use crate::message::Headers;
use crate::providers::shipper::machines::{
    KeyState, ShipmentState, WEBHOOK, WebhookInput, WebhookState,
};
use crate::providers::shipper::state::accounts::{Subscription, Topic};
use crate::providers::shipper::state::order::OrderKey;
use crate::providers::shipper::state::status::OrderStatus;
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Signing, Webhooks};
use crate::sim::secrets::{hexadecimal, hmac_sha256};
use crate::sim::webhook::outbox::{Delivery, Outcome, Retry, SUCCESS, Webhook};

/// The header that carries the signature: hexadecimal HMAC-SHA256 over the raw body, nothing before it.
pub const SIGNATURE: &str = "X-Shipper-Signature";

/// The topics one can subscribe to.
pub const TOPICS: &[&str] = &[Topic::Order.word(), Topic::Shipment.word()];

/// Three tries of three seconds, 10 and 100 seconds apart: what the usual package of Shipper's framework does.
const WAITS: &[SignedDuration] = &[SignedDuration::from_secs(10), SignedDuration::from_secs(100)];
const RETRY: Retry =
    Retry { timeout: SignedDuration::from_secs(3), waits: Cow::Borrowed(WAITS), accepted: SUCCESS };

/// A webhook's body.
#[derive(Debug, Serialize)]
pub struct Event<'a> {
    pub event: Topic,
    pub timestamp: String,
    /// What happened.
    pub data: Data<'a>,
}

/// What happened; keys in the documentation's order.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Data<'a> {
    /// To an order.
    Order {
        order_id: u64,
        status: Option<&'a str>,
        /// Its status before; none for a draft that was sent to fulfilment.
        previous_status: Option<&'a str>,
    },
    /// To a shipment.
    Shipment { order_id: u64, shipment_uuid: Uuid, status: &'a str, previous_status: &'a str },
}

impl Event<'_> {
    /// The bytes that are signed and sent: PHP's JSON, escaped slashes and all.
    pub fn bytes(&self) -> Vec<u8> {
        json_encode::php(self)
    }
}

/// The signature of a body.
pub fn signature(secret: &str, body: &[u8]) -> String {
    hexadecimal(&hmac_sha256(secret.as_bytes(), body))
}

/// The signature of a delivery's bytes; none without a secret, or when its webhook is gone.
fn sign(state: &State, delivery: &Delivery) -> Option<(&'static str, String)> {
    let webhook = state.accounts.webhooks.get(&delivery.subscription.parse().ok()?)?;
    Some((SIGNATURE, signature(webhook.secret.as_ref()?, &delivery.body)))
}

/// Sets `timestamp` back by so much.
fn set_back(delivery: &mut Delivery, back: SignedDuration) -> bool {
    let dated = || -> Option<Vec<u8>> {
        let mut body: serde_json::Value = serde_json::from_slice(&delivery.body).ok()?;
        let timestamp = body.get_mut("timestamp")?;
        let at: Timestamp = timestamp.as_str()?.parse().ok()?;
        *timestamp = iso_micros(at.checked_sub(back).ok()?).into();
        Some(json_encode::php(&body))
    };
    let Some(bytes) = dated() else { return false };
    delivery.body = bytes.into();
    true
}

impl Webhooks for Shipper {
    const TOPICS: &'static [&'static str] = TOPICS;
    /// Every webhook carries its time; it is signed when its subscriber named a secret.
    const SIGNING: Signing<Self> = Signing { sign: Some(sign), date: Some(set_back) };

    /// Counts failures, and switches the webhook off where a scenario says so.
    fn attempted(cx: &mut Cx<'_, Self>, subscription: &str, outcome: &Outcome) {
        let threshold = cx.state.switches.disable_webhook_after;
        let webhook =
            subscription.parse().ok().and_then(|id: u64| cx.state.accounts.webhooks.get_mut(&id));
        let Some(webhook) = webhook else { return };
        webhook.last_triggered_at = Some(cx.now);
        if RETRY.accepts(outcome) {
            webhook.failure_count = 0;
            return;
        }
        webhook.failure_count = webhook.failure_count.saturating_add(1);
        let spent = threshold > 0 && webhook.failure_count >= threshold;
        if spent
            && cx.out.step(&WEBHOOK, &mut webhook.life, subscription, WebhookInput::Disable).is_ok()
        {
            cx.out.silence(subscription);
        }
    }
}

/// The second an instant lies in: Shipper's database keeps no fractions.
pub fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Tells subscribers that an order's status changed.
pub fn order_changed(
    cx: &mut Cx<'_, Shipper>,
    key: OrderKey,
    was: Option<OrderStatus>,
    is: Option<OrderStatus>,
) {
    let data = Data::Order {
        order_id: key.order,
        status: is.map(OrderStatus::word),
        previous_status: was.map(OrderStatus::word),
    };
    announce(cx, key.organization, Topic::Order, data);
}

/// Tells subscribers that a shipment's status changed.
pub fn shipment_changed(
    cx: &mut Cx<'_, Shipper>,
    key: OrderKey,
    uuid: Uuid,
    was: ShipmentState,
    is: ShipmentState,
) {
    let data = Data::Shipment {
        order_id: key.order,
        shipment_uuid: uuid,
        status: is.word(),
        previous_status: was.word(),
    };
    announce(cx, key.organization, Topic::Shipment, data);
}

fn announce(cx: &mut Cx<'_, Shipper>, organization: u32, topic: Topic, data: Data<'_>) {
    let accounts = &cx.state.accounts;
    let listens = |webhook: &&Subscription| {
        let key = accounts.keys.get(&webhook.key);
        webhook.life.state() == WebhookState::Active
            && webhook.events.contains(&topic)
            && key.is_some_and(|key| {
                key.organization == organization && key.life.state() == KeyState::Active
            })
    };
    let mut listeners = accounts.webhooks.values().filter(listens).peekable();
    if listeners.peek().is_none() {
        return;
    }
    let event = Event { event: topic, timestamp: iso_micros(whole_second(cx.now)), data };
    let body = bytes::Bytes::from(event.bytes());
    for webhook in listeners {
        let mut headers = Headers::with_capacity(4);
        headers.add("Content-Type", "application/json");
        headers.add("User-Agent", "GuzzleHttp/7");
        if let Some(secret) = &webhook.secret {
            headers.add(SIGNATURE, signature(secret, &body));
        }
        cx.out.emit(Webhook {
            subscription: webhook.id.to_string(),
            event: topic.word().into(),
            url: webhook.url.clone(),
            headers,
            body: crate::message::Body(body.clone()),
            retry: RETRY,
        });
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Data, Event, signature};
    use crate::providers::shipper::state::accounts::Topic;

    const SECRET: &str = "my-webhook-secret-key";

    #[test]
    fn the_documented_bodies_have_the_signatures_computed_elsewhere() {
        let timestamp = || "2025-01-15T10:30:00.000000Z".to_owned();
        let order = Event {
            event: Topic::Order,
            timestamp: timestamp(),
            data: Data::Order {
                order_id: 555,
                status: Some("Paid"),
                previous_status: Some("Pending"),
            },
        };
        let shipment = Event {
            event: Topic::Shipment,
            timestamp: timestamp(),
            data: Data::Shipment {
                order_id: 555,
                shipment_uuid: Uuid::try_parse("11111111-2222-3333-4444-555555555555").unwrap(),
                status: "delivered",
                previous_status: "onitsway",
            },
        };
        assert_eq!(
            signature(SECRET, &order.bytes()),
            "fa1f888a78082d4fa82f5feb26667df75d5f96737e1d5428635f1fcfea3d70e8"
        );
        assert_eq!(
            signature(SECRET, &shipment.bytes()),
            "583ef5f2b98a7834a766cc711a2b6476a7488e4bf33de08a5ce54b719437df51"
        );
    }
}
