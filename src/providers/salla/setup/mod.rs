//! Salla's part of a scenario's `world:`.

pub mod opening;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::providers::Setting;
use crate::providers::salla::machines::ShipmentState;
use crate::providers::salla::state::accounts::{Plan, Strategy, User};
use crate::providers::salla::state::shipment::{
    Billing, End, Kind, Money, Package, Payment, Source,
};
use crate::words;

/// What a scenario says about Salla.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Salla")]
pub struct Setup {
    /// Where documentation and evidence are silent: which way to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switches: Option<Switches>,
    /// How often a store may be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// The journey of shipments whose recipient chooses none; over the courier's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journey: Option<String>,
    /// The app that calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<AppSetup>,
    /// The stores it may call for; the first is the one that lets it in at the authorization page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stores: Option<Vec<StoreSetup>>,
}

/// What one list says over another, told apart by a key.
fn merged<T, K: PartialEq>(
    own: Option<Vec<T>>,
    base: Option<Vec<T>>,
    key: fn(&T) -> K,
    or: fn(T, T) -> T,
) -> Option<Vec<T>> {
    match (own, base) {
        (Some(own), Some(mut base)) => {
            let mut all: Vec<T> = Vec::with_capacity(own.len() + base.len());
            for it in own {
                let place = base.iter().position(|other| key(other) == key(&it));
                all.push(match place {
                    Some(place) => or(it, base.remove(place)),
                    None => it,
                });
            }
            all.append(&mut base);
            Some(all)
        }
        (own, base) => own.or(base),
    }
}

impl Setting for Setup {
    /// The same setup, with what it does not say taken from another. Stores are told apart by their ids.
    fn or(self, base: Setup) -> Setup {
        Setup {
            switches: self.switches.or(base.switches),
            limits: self.limits.or(base.limits),
            journey: self.journey.or(base.journey),
            app: self.app.or(base.app),
            stores: merged(self.stores, base.stores, |it| it.id, StoreSetup::or),
        }
    }
}

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
}

/// A store of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "SallaStore")]
pub struct StoreSetup {
    /// The merchant's id.
    pub id: u64,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The owner's mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The owner's telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// `plus` unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// `active` unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Whether the app is installed; it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<bool>,
    /// Whether it is shut out; it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barred: Option<bool>,
    /// When it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Its branches, the main one first; one in Riyadh when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branches: Option<Vec<End>>,
    /// What the app may do in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Vec<TokenSetup>>,
    /// Shipments that are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipments: Option<Vec<ShipmentSetup>>,
    /// Shipments to be made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<PastSetup>,
    /// Registered webhooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Vec<WebhookSetup>>,
}

impl StoreSetup {
    fn or(self, base: StoreSetup) -> StoreSetup {
        StoreSetup {
            id: self.id,
            name: self.name.or(base.name),
            owner: self.owner.or(base.owner),
            email: self.email.or(base.email),
            mobile: self.mobile.or(base.mobile),
            plan: self.plan.or(base.plan),
            user: self.user.or(base.user),
            installed: self.installed.or(base.installed),
            barred: self.barred.or(base.barred),
            created_at: self.created_at.or(base.created_at),
            branches: self.branches.or(base.branches),
            tokens: merged(self.tokens, base.tokens, |it| it.name.clone(), |own, _| own),
            shipments: self.shipments.or(base.shipments),
            history: self.history.or(base.history),
            webhooks: self.webhooks.or(base.webhooks),
        }
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
