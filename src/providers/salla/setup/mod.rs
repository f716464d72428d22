//! Salla's part of a scenario's `world:`.

pub mod opening;
mod soundness;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::providers::salla::machines::ShipmentState;
use crate::providers::salla::state::accounts::{Plan, Strategy, User};
use crate::providers::salla::state::shipment::{
    Billing, End, Kind, Money, Package, Payment, Source,
};
use crate::providers::setup::{merged, setup};
use crate::providers::{Choice, Layer, Setting, WrittenJourneys, merged_journeys};
use crate::words;

setup! {
    /// What a scenario says about Salla.
    #[schemars(rename = "Salla")]
    pub struct Setup {
        /// Where documentation and evidence are silent: which way to go.
        may switches: Switches,
        /// How often a store may be asked.
        may limits: Limits,
        /// The journey of shipments whose recipient chooses none; over the courier's.
        may journey: String,
        /// Journeys of the scenario's own.
        may journeys: WrittenJourneys => merged_journeys,
        /// Which shipments go on which journey; the first choice whose conditions hold decides.
        may choose: Vec<Choice>,
        /// The app that calls.
        may app: AppSetup,
        /// The stores it may call for; the first is the one that lets it in at the authorization page.
        may stores: Vec<StoreSetup> => merged,
    }
}

impl Setting for Setup {}

/// Behaviours that are inferred, and can be met the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "SallaSwitches")]
pub struct Switches {
    /// Amounts and weights are numbers, and a weight has `units`: as a connector met them in live data.
    pub live_types: bool,
    /// Shipments have the keys of the example alone, without the two that only the schema has.
    pub example_fields_only: bool,
    /// The most rows on a page: 65 by the schema, 60 by the guide.
    pub most_per_page: u64,
    /// `PUT /shipments/{id}` answers with courier and status as objects, as its example has it.
    pub nested_update_answer: bool,
    /// The courier agrees to call off what it carries already.
    pub cancel_after_shipping: bool,
    /// Webhooks may go to `localhost` and to `.test`.
    pub local_webhook_urls: bool,
    /// Companies that a merchant linked have no short name, as one copy of the documentation says.
    pub manual_without_slug: bool,
    /// A refreshed access token holds until its two weeks are over.
    pub refresh_keeps_old_token: bool,
    /// Who asks for no scope, or for `offline_access` alone, gets that, and not what the app's settings say.
    pub scopes_as_asked: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            live_types: false,
            example_fields_only: false,
            most_per_page: 65,
            nested_update_answer: false,
            cancel_after_shipping: false,
            local_webhook_urls: false,
            manual_without_slug: false,
            refresh_keeps_old_token: false,
            scopes_as_asked: false,
        }
    }
}

/// Calls a minute by the store's plan. Once they are spent, one a second passes until the minute is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "SallaLimits")]
pub struct Limits {
    /// Of the smallest plan.
    pub plus: u32,
    /// Of the middle one.
    pub pro: u32,
    /// Of the largest.
    pub special: u32,
    /// None at all.
    pub lifted: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { plus: 120, pro: 360, special: 720, lifted: false }
    }
}

/// The app of a scenario; what is missing is drawn from the seed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "SallaApp")]
pub struct AppSetup {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its public name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Its secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// What webhooks are signed with that bring no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_secret: Option<String>,
    /// What its settings at Salla say it may do; everything that is played here when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

setup! {
    /// A store of a scenario.
    #[schemars(rename = "SallaStore")]
    pub struct StoreSetup {
        /// The merchant's id.
        must id: u64,
        /// Its name.
        may name: String,
        /// Whose it is.
        may owner: String,
        /// The owner's mail address.
        may email: String,
        /// The owner's telephone number.
        may mobile: String,
        /// `plus` unless said otherwise.
        may plan: Plan,
        /// `active` unless said otherwise.
        may user: User,
        /// Whether the app is installed; it is.
        may installed: bool,
        /// Whether it is shut out; it is not.
        may barred: bool,
        /// When it was opened.
        may created_at: Timestamp,
        /// Where its customers find it.
        may domain: String,
        /// What the tax office knows it by.
        may tax_number: String,
        /// What the commercial register knows it by.
        may commercial_number: String,
        /// Its branches, the main one first; one in Riyadh when missing.
        may branches: Vec<End>,
        /// What the app may do in it.
        may tokens: Vec<TokenSetup> => merged,
        /// Shipments that are there.
        may shipments: Vec<ShipmentSetup>,
        /// Shipments to be made up, which nothing happens to any more.
        may history: PastSetup,
        /// How many shipments are made up of the days before the start, one in each status in turn; what their journeys
        /// still have before them happens.
        may lately: u32,
        /// Registered webhooks.
        may webhooks: Vec<WebhookSetup>,
    }
}

words! {
    /// How a token of a scenario stands.
    pub enum TokenState {
        /// Fresh.
        Active = "active",
        /// Its two weeks are over.
        Expired = "expired",
        /// Taken back.
        Revoked = "revoked",
    }
}

/// A pair of tokens of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SallaToken")]
pub struct TokenSetup {
    /// Its name in `presets`.
    pub name: String,
    /// The access token; drawn from the seed when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The refresh token; drawn from the seed when missing, and there only with the scope `offline_access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Texts that open the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What it may do; everything when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// `active` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TokenState>,
}

/// Tokens are told apart by their names; one counts as a whole.
impl Layer for TokenSetup {
    fn or(self, _: TokenSetup) -> TokenSetup {
        self
    }

    fn is_same(&self, other: &TokenSetup) -> bool {
        self.name == other.name
    }
}

/// Shipments to be made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SallaPast")]
pub struct PastSetup {
    /// How many.
    pub shipments: u32,
    /// In how many days.
    pub days: u32,
    /// Before which instant; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A shipment of a scenario; what is missing is as a request would have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SallaShipment")]
pub struct ShipmentSetup {
    /// Its id.
    pub id: u64,
    /// Its order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<u64>,
    /// The merchant's number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_reference_id: Option<u64>,
    /// When it came; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Which way it goes.
    #[serde(rename = "type", default = "outward")]
    pub kind: Kind,
    /// Who carries it.
    pub courier_id: u64,
    /// What that one is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier_name: Option<String>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier_logo: Option<String>,
    /// The courier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_number: Option<String>,
    /// The number to follow it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// Where to follow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_link: Option<String>,
    /// The name of its label, below `/shipping-policy/`; none when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Who pays when.
    pub payment_method: Payment,
    /// Where it was asked for.
    #[serde(default = "by_api")]
    pub source: Source,
    /// Where it stands; `creating` when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ShipmentState>,
    /// What is to be collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_on_delivery: Option<Money>,
    /// The app that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<u64>,
    /// What the policy asks.
    #[serde(default)]
    pub policy_options: Map<String, Value>,
    /// Where it comes from; the main branch when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_from: Option<End>,
    /// Where it goes to; the main branch when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<End>,
    /// What is in it.
    #[serde(default)]
    pub packages: Vec<Package>,
    /// Who is billed.
    #[serde(default = "by_salla")]
    pub billing_account: Billing,
}

fn outward() -> Kind {
    Kind::Shipment
}

fn by_api() -> Source {
    Source::Api
}

fn by_salla() -> Billing {
    Billing::Salla
}

/// A registered webhook of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SallaWebhook")]
pub struct WebhookSetup {
    /// Its id; drawn from the seed when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// What it waits for.
    pub event: String,
    /// Where it goes.
    pub url: String,
    /// `signature` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_strategy: Option<Strategy>,
    /// Its secret; the app's when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Only what fulfils this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}
