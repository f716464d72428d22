//! The ledger of a world's webhooks: every delivery, what was sent, what came back.

use serde_json::{Value, json};

use crate::control::extract::Extracted;
use crate::control::pagination::{Cursor, LIMIT};
use crate::control::problem::echo;
use crate::control::shape::{Parameter, ValueShape, may};
use crate::control::{Job, WorldJob, respond};
use crate::message::Reply;
use crate::providers::Name;
use crate::sim::webhook::outbox::{Delivery, DeliveryState};
use crate::world::World;

/// The parameters of the list.
#[rustfmt::skip]
pub(super) const PARAMETERS: &[Parameter] = &[
    may("provider", ValueShape::Word(Name::WORDS),     "the provider that sends it"),
    may("event",    ValueShape::Text,                  "the event"),
    may("state",    ValueShape::Word(DeliveryState::WORDS), "where it stands"),
    may("after",    ValueShape::Text,                  "the id after which the list begins, as `d3`"),
    LIMIT,
];

/// Which deliveries of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookFilter {
    /// Of which provider.
    pub provider: Option<Name>,
    /// Of which event.
    pub event: Option<String>,
    /// That stand where.
    pub state: Option<DeliveryState>,
    /// After the delivery of this number.
    pub after: u64,
    /// Which part of the list.
    pub page: Cursor,
}

impl WebhookFilter {
    fn takes(&self, delivery: &Delivery) -> bool {
        self.provider.is_none_or(|provider| delivery.provider == provider.word())
            && self.event.as_ref().is_none_or(|event| delivery.event == *event)
            && self.state.is_none_or(|state| delivery.state() == state)
    }
}

/// `GET /webhooks`.
pub(super) fn read_list(asked: &Extracted) -> Result<Job, Reply> {
    let (page, after) = Cursor::numbered(asked, 'd')?;
    Ok(Job::World(WorldJob::Webhooks(WebhookFilter {
        provider: asked.choice("provider", Name::ALL, Name::word)?,
        event: asked.query("event").map(str::to_owned),
        state: asked.choice("state", DeliveryState::ALL, DeliveryState::word)?,
        after,
        page,
    })))
}

/// `GET /webhooks/{id}`.
pub(super) fn read_show(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Webhook(asked.arg(0).to_owned())))
}

/// `POST /webhooks/{id}/redeliver`.
pub(super) fn read_redeliver(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Redeliver(asked.arg(0).to_owned())))
}

/// A delivery as the ledger shows it.
pub(super) fn entry(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id(),
        "at": delivery.at,
        "provider": delivery.provider,
        "subscription": delivery.subscription,
        "event": delivery.event,
        "url": delivery.url,
        "state": delivery.state(),
        "body": delivery.body,
        "headers": delivery.headers,
        "attempts": delivery.attempts,
        "weather": delivery.weather,
    })
}

/// The deliveries that pass a filter, oldest first.
pub(super) fn list(world: &World, filter: &WebhookFilter) -> Reply {
    let outbox = world.outbox();
    let passing = outbox.after(filter.after).filter(|delivery| filter.takes(delivery));
    let (deliveries, next) = filter.page.cut(passing, |delivery| delivery.id());
    let (bytes, bound, evicted) = outbox.measure();
    respond::said(&json!({
        "webhooks": deliveries.into_iter().map(entry).collect::<Vec<_>>(),
        "next": next,
        "ledger": {"entries": outbox.deliveries().len(), "bytes": bytes, "bound": bound, "evicted": evicted},
    }))
}

fn unknown(id: &str) -> Reply {
    let detail =
        format!("there is no delivery `{}` in the ledger; they are `d1`, `d2`, ...", echo(id));
    respond::problem(404, "Unknown delivery", detail)
}

/// One delivery.
pub(super) fn show(world: &World, id: &str) -> Reply {
    world.outbox().find(id).map_or_else(|| unknown(id), |delivery| respond::said(&entry(delivery)))
}

/// Puts a delivery out once more. It is sent when the shell takes what is ready.
pub(super) fn redeliver(world: &mut World, id: &str) -> Reply {
    match world.redeliver(id) {
        Some(delivery) => respond::written(202, "application/json", &entry(delivery)),
        None => unknown(id),
    }
}
