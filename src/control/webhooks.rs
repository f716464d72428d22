//! The webhook ledger of a world: every delivery, what was sent, what came back; and sending one once more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::control::pagination::{Cursor, PageLimit, StorageUse};
use crate::control::problem::{Problem, echo};
use crate::control::values::{AnyCase, ProviderWord};
use crate::kit::mistake::Mistake;
use crate::message::{Body, Headers};
use crate::providers::Name;
use crate::sim::webhook::egress::Url;
use crate::sim::webhook::outbox::{AppliedFault, Attempt, Delivery, DeliveryState};
use crate::world::World;

/// Where webhooks go instead: an origin, as `https://mystore.com`, and the address at which it is reached, as
/// `http://127.0.0.1:3000`.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "WebhookTargets")]
pub(super) struct Targets(pub(super) BTreeMap<String, String>);

/// Where the webhooks of a world go instead.
pub(super) fn targets(world: &World) -> Targets {
    let print = |url: &Url| url.to_string().trim_end_matches('/').to_owned();
    let redirects = world.outbox().reach.redirects.iter();
    Targets(redirects.map(|(from, to)| (print(from), print(to))).collect())
}

/// Says where they go; all targets or none.
pub(super) fn retarget(
    world: &mut World,
    wanted: &BTreeMap<String, String>,
) -> Result<Targets, Problem> {
    world.retarget(wanted).map_err(|Mistake { place, problem }| {
        let place = echo(&place);
        Problem::new(422, "Wrong target", format!("`{place}` {problem}")).with("field", place)
    })?;
    Ok(targets(world))
}

/// The parameters of the list.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LedgerQuery {
    /// The provider that sends it.
    provider: Option<AnyCase<Name>>,
    /// The event.
    event: Option<String>,
    /// Where it stands.
    state: Option<AnyCase<DeliveryState>>,
    /// The id after which the list begins, as `d3`.
    after: Option<String>,
    /// How many at most, 1 to 1000; 100 unless said otherwise.
    limit: Option<PageLimit>,
}

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

impl LedgerQuery {
    /// The deliveries that are asked for.
    pub(super) fn filter(self) -> Result<WebhookFilter, Problem> {
        let page = Cursor::new(self.after, self.limit);
        Ok(WebhookFilter {
            provider: self.provider.map(|word| word.0),
            event: self.event,
            state: self.state.map(|word| word.0),
            after: page.number('d')?,
            page,
        })
    }
}

/// A webhook in the ledger.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Delivery")]
pub(super) struct LedgerEntry<'a> {
    /// `d1`, `d2`, ...
    id: String,
    /// When it was promised.
    at: Timestamp,
    /// Who sends it.
    provider: ProviderWord<'a>,
    /// Whom it is for, in the provider's words.
    subscription: &'a str,
    /// Its topic.
    event: &'a str,
    /// Where the subscriber wants it.
    url: &'a str,
    /// Where it stands.
    state: DeliveryState,
    /// The bytes that were signed.
    body: &'a Body,
    /// As they go out.
    headers: &'a Headers,
    /// How often it was tried.
    tries: u32,
    /// What was tried; the last hundred times.
    attempts: &'a [Attempt],
    /// What a rule did to it.
    weather: Option<&'a AppliedFault>,
}

impl<'a> LedgerEntry<'a> {
    /// A delivery as the ledger shows it.
    pub(super) fn of(delivery: &'a Delivery) -> Self {
        LedgerEntry {
            id: delivery.id(),
            at: delivery.at,
            provider: ProviderWord(&delivery.provider),
            subscription: &delivery.subscription,
            event: &delivery.event,
            url: &delivery.url,
            state: delivery.state(),
            body: &delivery.body,
            headers: &delivery.headers,
            tries: delivery.tried(),
            attempts: &delivery.attempts,
            weather: delivery.weather.as_deref(),
        }
    }
}

/// A page of the ledger.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Webhooks")]
pub(super) struct LedgerPage<'a> {
    /// Oldest first.
    webhooks: Vec<LedgerEntry<'a>>,
    /// The id after which the next page begins.
    next: Option<String>,
    /// What it holds.
    ledger: StorageUse,
}

/// The deliveries that pass a filter, oldest first.
pub(super) fn list<'a>(world: &'a World, filter: &WebhookFilter) -> LedgerPage<'a> {
    let outbox = world.outbox();
    let passing = outbox.after(filter.after).filter(|delivery| filter.takes(delivery));
    let (deliveries, next) = filter.page.cut(passing, |delivery| delivery.id());
    let (bytes, bound, evicted) = outbox.measure();
    let entries = outbox.deliveries().len();
    LedgerPage {
        webhooks: deliveries.into_iter().map(LedgerEntry::of).collect(),
        next,
        ledger: StorageUse { entries, bytes, bound, evicted },
    }
}

fn unknown(id: &str) -> Problem {
    let detail =
        format!("there is no delivery `{}` in the ledger; they are `d1`, `d2`, ...", echo(id));
    Problem::new(404, "Unknown delivery", detail)
}

/// One delivery.
pub(super) fn show<'a>(world: &'a World, id: &str) -> Result<LedgerEntry<'a>, Problem> {
    world.outbox().find(id).map(LedgerEntry::of).ok_or_else(|| unknown(id))
}

/// Puts a delivery out once more. It is sent when the shell takes what is ready.
pub(super) fn redeliver<'a>(world: &'a mut World, id: &str) -> Result<LedgerEntry<'a>, Problem> {
    world.redeliver(id).map(LedgerEntry::of).ok_or_else(|| unknown(id))
}
