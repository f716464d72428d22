//! Shipup's part of a scenario's `world:`, and how it is opened.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kit::mistake::Mistake;
use crate::policy::rule::Span;
use crate::providers::setup::{days, each, merged, promise, setup, unless_there};
use crate::providers::shipup::data::languages;
use crate::providers::shipup::resources::payload;
use crate::providers::shipup::resources::schema::{self, Strictness};
use crate::providers::shipup::rules::upsert;
use crate::providers::shipup::state::accounts::{Account, Standing, Subscription};
use crate::providers::shipup::state::soundness;
use crate::providers::shipup::{Shipup, State, Timer, journeys, webhooks};
use crate::providers::{
    Choice, Cx, JourneyBook, Opening, Setting, WrittenJourneys, merged_journeys,
};
use crate::sim::journey::plan::History;

setup! {
    /// What a scenario says about Shipup.
    #[schemars(rename = "Shipup")]
    pub struct Setup {
        /// Where documentation and evidence are silent: which way to go.
        may switches: Switches,
        /// How many calls an account's bucket holds and loses.
        may limits: Limits,
        /// The journey of trackers whose number chooses none.
        may journey: String,
        /// Journeys of the scenario's own.
        may journeys: WrittenJourneys => merged_journeys,
        /// Which trackers go on which journey; the first choice whose conditions hold decides.
        may choose: Vec<Choice>,
        /// The waits between the tries of a webhook; one try more than waits.
        may webhook_waits: Vec<Span>,
        /// Accounts; the first is the one `presets` speaks of.
        may accounts: Vec<AccountSetup> => merged,
    }
}

impl Setting for Setup {
    /// How many days of history have to be lived through.
    fn days(&self) -> u32 {
        let accounts = self.accounts.iter().flatten();
        days(accounts.filter_map(|account| account.history.as_ref()))
    }
}

/// How many calls an account's bucket holds and loses: public page "Rate limiting", which says 60 here and 120 there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShipupLimits")]
pub struct Limits {
    /// Calls it holds.
    pub capacity: u32,
    /// Calls that leak out in a second.
    pub per_second: u32,
    /// Nothing is counted.
    pub lifted: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { capacity: 60, per_second: 2, lifted: false }
    }
}

/// The waits between the tries of a webhook: five more after the first, each wait twice the one before.
pub const WAITS: [SignedDuration; 5] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(4),
    SignedDuration::from_mins(8),
    SignedDuration::from_mins(16),
];

/// Behaviours that are inferred, and can be met the other way.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShipupSwitches")]
pub struct Switches {
    /// A created order is answered with its `merchant_id`, as the results of a batch are, not with nothing.
    pub created_tells_merchant_id: bool,
    /// The order's own missing `merchant_id` is reported as `merchant_id`, not `merchantId`.
    pub plain_root_key: bool,
    /// A text that is no date is a 400, not passed over.
    pub strict_dates: bool,
    /// The text of a whole number will do for a number.
    pub whole_texts: bool,
    /// A tracking number is found within its order only, not in the whole account.
    pub trackers_per_order: bool,
    /// A line item never goes back from a tracker to a fulfillment, or from there to the order.
    pub items_never_go_back: bool,
    /// Orders and fulfillments list all their items, not only those that have not gone further.
    pub all_items_in_orders: bool,
    /// A parcel is given up 45 days after it came, whatever was heard of it since.
    pub expires_from_creation: bool,
    /// A body is read as JSON whatever its type, not only where the framework does.
    pub any_content_type: bool,
    /// Dates are shown in ISO 8601, as the newest public samples have them, not as seconds.
    pub iso_dates: bool,
}

impl Switches {
    /// How strictly payloads are read.
    pub fn strictness(self) -> Strictness {
        Strictness {
            dates: self.strict_dates,
            whole_texts: self.whole_texts,
            plain_root_key: self.plain_root_key,
        }
    }
}

setup! {
    /// An account of a scenario.
    #[schemars(rename = "ShipupAccount")]
    pub struct AccountSetup {
        /// What stands before its credentials in `presets`; nothing for the first.
        #[serde(skip_serializing_if = "Option::is_none")]
        must name: Option<String>,
        /// Its private key; drawn from the seed when missing.
        may api_key: String,
        /// Its public key; drawn from the seed when missing.
        may public_key: String,
        /// The language of customers of whom none is known; `en` when missing.
        may language_code: String,
        /// The carriers it works with; the first takes the numbers that look like no other's. `colissimo` when missing.
        may carriers: Vec<String>,
        /// Whether it may use the API; it may when missing.
        may standing: Standing,
        /// Where its webhooks go.
        may webhooks: Vec<WebhookSetup>,
        /// Orders that are there.
        may orders: Vec<OrderSetup>,
        /// Orders to be made up.
        may history: History,
    }
}

/// An endpoint of a scenario that hears of news; it was saved before the scenario began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShipupWebhook")]
pub struct WebhookSetup {
    /// Its number; the next free one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Where to.
    pub url: String,
    /// Of what; of everything when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// The name for Basic authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Whether it is switched on.
    #[serde(default = "crate::providers::setup::yes")]
    pub active: bool,
}

/// An order of a scenario: a payload, and when it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShipupOrder")]
pub struct OrderSetup {
    /// When it came; the world's start when missing, and not before its history begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// What `POST /v2/orders` was sent.
    pub request: Map<String, Value>,
}

/// A payload of the scenario that waits for its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    account: u32,
    request: Map<String, Value>,
}

/// The number of the first webhook setting: the public sample's.
const FIRST_WEBHOOK: u64 = 335_777;

impl Entry {
    /// Whose it is.
    pub fn account(&self) -> u32 {
        self.account
    }
}

impl Opening for Shipup {
    type Setup = Setup;

    fn open(cx: &mut Cx<'_, Shipup>, setup: &Setup, start: Timestamp) -> Result<(), Mistake> {
        let state = &mut *cx.state;
        state.opening = true;
        state.history_ends = Some(start);
        state.switches = setup.switches.unwrap_or_default();
        state.limits = setup.limits.unwrap_or_default();
        if let Some(waits) = &setup.webhook_waits {
            state.waits = waits.iter().map(|wait| wait.0).collect();
        }
        let map = &journeys::MAP;
        state.journeys = JourneyBook::read(map, setup.journeys.as_ref(), setup.choose.as_deref())?;
        if let Some(name) = &setup.journey {
            state.journey = state.journeys.usual(map, journeys::route(), "journey", name)?;
        }
        each("accounts", setup.accounts.iter().flatten(), |place, it| {
            open_account(cx, place, it, start)
        })
    }

    /// After the history was lived through: from now on, whoever listens is told.
    fn opened(state: &mut State, _: Timestamp) {
        state.opening = false;
    }

    fn check(state: &State) -> Result<(), Mistake> {
        soundness::check(state)
    }
}

fn open_account(
    cx: &mut Cx<'_, Shipup>,
    place: usize,
    setup: &AccountSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let id = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
    let usual = || if place == 0 { String::new() } else { format!("account_{id}") };
    let name = setup.name.clone().unwrap_or_else(usual);
    let mut draw = cx.chance.draw("shipup/account");
    let (private, public) = (draw.alphanumeric(22), draw.alphanumeric(22));
    let account = Account {
        id,
        name,
        private_key: setup.api_key.clone().unwrap_or(private),
        public_key: setup.public_key.clone().unwrap_or(public),
        language_code: setup.language_code.clone().unwrap_or_else(|| "en".to_owned()),
        carriers: setup.carriers.clone().unwrap_or_else(|| vec!["colissimo".to_owned()]),
        standing: setup.standing.unwrap_or(Standing::Active),
        webhooks: Vec::new(),
    };
    let others = || cx.state.accounts.values();
    if !languages::is_known(&account.language_code) {
        let problem = format!("`{}` is no language of two small letters", account.language_code);
        return Err(Mistake::new("language_code", problem));
    }
    let is_there = others().any(|other| other.name == account.name);
    unless_there(is_there, "name", format_args!("an account `{}`", account.name))?;
    for (field, key) in [("api_key", &account.private_key), ("public_key", &account.public_key)] {
        if key.trim().is_empty() {
            return Err(Mistake::new(field, "a key is a text that is not empty"));
        }
        let is_there = account.private_key == account.public_key
            || others().any(|other| [&other.private_key, &other.public_key].contains(&key));
        unless_there(is_there, field, format_args!("a key `{key}`"))?;
    }
    cx.state.accounts.insert(id, account);
    each("webhooks", setup.webhooks.iter().flatten(), |_, it| open_webhook(cx.state, id, it))?;
    each("orders", setup.orders.iter().flatten(), |_, it| open_order(cx, id, it, start))?;
    if let Some(history) = &setup.history {
        promise(cx, history, start, Timer::Invent(id))?;
    }
    Ok(())
}

fn open_webhook(state: &mut State, account: u32, setup: &WebhookSetup) -> Result<(), Mistake> {
    let known = state.accounts.values().flat_map(|account| &account.webhooks);
    let ids: Vec<u64> = known.map(|webhook| webhook.id).collect();
    let next = ids.iter().max().map_or(FIRST_WEBHOOK, |last| last.saturating_add(1));
    let id = setup.id.unwrap_or(next);
    unless_there(ids.contains(&id), "id", format_args!("a webhook {id}"))?;
    let topics = setup.events.clone().unwrap_or_else(all_topics);
    check_topics(&topics).map_err(|problem| Mistake::new("events", problem))?;
    let credentials = match (&setup.username, &setup.password) {
        (None, None) => None,
        (Some(name), Some(password)) => Some((name.clone(), password.clone())),
        _ => return Err(Mistake::new("username", "name and password go together")),
    };
    let Some(account) = state.accounts.get_mut(&account) else { return Ok(()) };
    account.webhooks.push(Subscription {
        id,
        url: setup.url.clone(),
        topics,
        credentials,
        active: setup.active,
        pending: None,
    });
    Ok(())
}

fn all_topics() -> Vec<String> {
    let topics = webhooks::TOPICS.iter().filter(|topic| **topic != webhooks::TEST);
    topics.map(|topic| (*topic).to_owned()).collect()
}

/// What is wrong with a list of topics.
pub fn check_topics(topics: &[String]) -> Result<(), String> {
    let known = all_topics();
    match topics.iter().find(|topic| !known.contains(topic)) {
        None => Ok(()),
        Some(topic) => {
            Err(format!("there is no topic `{topic}`; the topics are {}", known.join(", ")))
        }
    }
}

fn open_order(
    cx: &mut Cx<'_, Shipup>,
    account: u32,
    setup: &OrderSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    if let Err(problems) = schema::check_order(&setup.request, "", cx.state.switches.strictness()) {
        return Err(Mistake::new("request", Value::Object(problems.tree).to_string()));
    }
    let place = u32::try_from(cx.state.entries.len()).unwrap_or(u32::MAX);
    cx.state.entries.push(Entry { account, request: setup.request.clone() });
    let at = setup.created_at.unwrap_or(start);
    cx.out.at(at, Timer::Enter(place));
    Ok(())
}

/// An order of the scenario comes in.
pub fn enter(cx: &mut Cx<'_, Shipup>, place: u32) {
    let Some(entry) = cx.state.entries.get(place as usize).cloned() else { return };
    upsert::order(cx, entry.account, payload::order(&entry.request));
}
