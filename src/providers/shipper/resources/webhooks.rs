//! Registered webhooks: documentation, "Webhooks".

use serde::Serialize;

use crate::frameworks::laravel::rules::problems;
use crate::kit::json::Value;
use crate::kit::time::iso_micros;
use crate::message::Reply;
use crate::providers::shipper::machines::{WEBHOOK, WebhookState};
use crate::providers::shipper::resources::input;
use crate::providers::shipper::state::accounts::{Subscription, Topic};
use crate::providers::shipper::webhooks::whole_second;
use crate::providers::shipper::{Error, Shipper, errors, views};
use crate::providers::{Call, Cx};

#[derive(Serialize)]
struct Registered<'a> {
    id: u64,
    url: &'a str,
    events: &'a [Topic],
    status: WebhookState,
    created_at: String,
}

#[derive(Serialize)]
struct Row<'a> {
    id: u64,
    url: &'a str,
    events: &'a [Topic],
    status: WebhookState,
    last_triggered_at: Option<String>,
    failure_count: u32,
    created_at: String,
}

/// `POST /webhooks`: at most five a key; the secret is never told again.
pub fn register(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let body = input::all(call.request);
    let wrong = problems(&body, call.takes);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let accounts = &mut cx.state.accounts;
    let own = accounts.webhooks.values().filter(|webhook| webhook.key == call.caller.key);
    if own.count() >= errors::WEBHOOKS {
        return Err(Error::TooManyWebhooks);
    }
    let text = |field: &str| input::text(&body, field).map(|text| text.into_owned());
    let named = |value: &Value| value.as_str().and_then(Topic::of);
    let events: Vec<Topic> = match body.get("events") {
        Some(Value::Array(list)) => list.iter().filter_map(named).collect(),
        Some(Value::Object(map)) => map.values().filter_map(named).collect(),
        _ => Vec::new(),
    };
    let webhook = Subscription {
        id: accounts.next_webhook,
        key: call.caller.key,
        url: text("url").unwrap_or_default(),
        events,
        secret: text("secret"),
        life: WEBHOOK.start(),
        last_triggered_at: None,
        failure_count: 0,
        created_at: whole_second(cx.now),
    };
    accounts.next_webhook += 1;
    let reply = views::reply(
        201,
        &Registered {
            id: webhook.id,
            url: &webhook.url,
            events: &webhook.events,
            status: webhook.life.state(),
            created_at: iso_micros(webhook.created_at),
        },
    );
    accounts.webhooks.insert(webhook.id, webhook);
    Ok(reply)
}

/// `GET /webhooks`: those of the calling key.
pub fn list(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let own = cx.state.accounts.webhooks.values().filter(|webhook| webhook.key == call.caller.key);
    Ok(views::reply(200, &own.map(Row::from).collect::<Vec<_>>()))
}

impl<'a> From<&'a Subscription> for Row<'a> {
    fn from(webhook: &'a Subscription) -> Self {
        Row {
            id: webhook.id,
            url: &webhook.url,
            events: &webhook.events,
            status: webhook.life.state(),
            last_triggered_at: webhook.last_triggered_at.map(|at| iso_micros(whole_second(at))),
            failure_count: webhook.failure_count,
            created_at: iso_micros(webhook.created_at),
        }
    }
}

#[derive(Serialize)]
struct Deleted {
    success: bool,
}

/// `DELETE /webhooks/{id}`: nothing more is sent, not even what is waiting for another try.
pub fn delete(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let missing = || Error::NotFound("Webhook", call.args.at(0).to_owned());
    let id = call.args.number(0).ok_or_else(missing)?;
    let accounts = &mut cx.state.accounts;
    accounts.webhooks.get(&id).filter(|it| it.key == call.caller.key).ok_or_else(missing)?;
    accounts.webhooks.remove(&id);
    cx.out.silence(&id.to_string());
    Ok(views::reply(200, &Deleted { success: true }))
}
