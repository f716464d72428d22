//! Outbound webhooks, signed with HMAC-SHA256 over the raw body.

use std::borrow::Cow;

use jiff::SignedDuration;
use serde_json::json;

use crate::message::Headers;
use crate::providers::parcelune::machines::MOVED;
use crate::providers::parcelune::{Parcelune, State, views};
use crate::providers::{Cx, Signing, Webhooks};
use crate::sim::secrets::{hexadecimal, hmac_sha256};
use crate::sim::webhook::outbox::{Delivery, Retry, SUCCESS, Webhook};

/// The header that carries the signature.
const SIGNATURE: &str = "X-Parcelune-Signature";

/// Two attempts of five seconds, a minute apart.
const RETRY: Retry = Retry {
    timeout: SignedDuration::from_secs(5),
    waits: Cow::Borrowed(&[SignedDuration::from_mins(1)]),
    accepted: SUCCESS,
};

fn signature(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hexadecimal(&hmac_sha256(secret.as_bytes(), body)))
}

/// The subscription of a delivery is the name of the account.
fn sign(state: &State, delivery: &Delivery) -> Option<(&'static str, String)> {
    let webhook = state.accounts.get(&delivery.subscription)?.webhook.as_ref()?;
    Some((SIGNATURE, signature(&webhook.secret, &delivery.body)))
}

impl Webhooks for Parcelune {
    const TOPICS: &'static [&'static str] = &[MOVED];
    const SIGNING: Signing<Self> = Signing { sign: Some(sign), date: None };
}

/// Tells the account of a parcel where it stands now.
pub fn announce(cx: &mut Cx<'_, Parcelune>, id: u64, topic: &'static str) {
    let Some(parcel) = cx.state.parcels.get(&id) else { return };
    let account = cx.state.accounts.get(&parcel.account);
    let Some(webhook) = account.and_then(|account| account.webhook.as_ref()) else { return };
    let body = views::bytes(&json!({ "event": topic, "parcel": views::parcel(parcel) }));
    let mut headers = Headers::with_capacity(2);
    headers.add("Content-Type", "application/json");
    headers.add(SIGNATURE, signature(&webhook.secret, &body));
    cx.out.emit(Webhook {
        subscription: parcel.account.clone(),
        event: topic.into(),
        url: webhook.url.clone(),
        headers,
        body: body.into(),
        retry: RETRY,
    });
}
