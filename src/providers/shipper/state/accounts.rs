//! Organizations, their keys and webhooks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::providers::shipper::data::geography::{self, Country};
use crate::providers::shipper::machines::{KeyInput, KeyState, WebhookInput, WebhookState};
use crate::providers::shipper::state::book::Book;
use crate::providers::shipper::state::catalogue::Catalogue;
use crate::sim::machine::Tracked;
use crate::sim::secrets::{Fingerprint, fingerprint};
use crate::words;

words! {
    /// What an organization does at Shipper.
    pub enum Role {
        /// Sells: may see the dashboard.
        Retailer = "retailer",
        /// Supplies: may not.
        Supplier = "supplier",
    }
}

words! {
    /// What a webhook can subscribe to.
    pub enum Topic {
        /// An order's computed status changed.
        Order = "order.status_changed",
        /// A shipment's status changed.
        Shipment = "shipment.status_changed",
    }
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Unique in a world.
    pub id: u32,
    /// Its name in `presets`.
    pub name: String,
    /// The secret.
    pub token: String,
    pub organization: u32,
    /// Whether it opens anything.
    pub life: Tracked<KeyState, KeyInput>,
}

/// A registered webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Unique in a world.
    pub id: u64,
    /// The key that registered it.
    pub key: u32,
    pub url: String,
    pub events: Vec<Topic>,
    /// What it is signed with; never told.
    pub secret: Option<String>,
    /// Whether it is called.
    pub life: Tracked<WebhookState, WebhookInput>,
    /// When it was last tried.
    pub last_triggered_at: Option<Timestamp>,
    /// Failed tries since the last success.
    pub failure_count: u32,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// An organization and all it owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Unique in a world.
    pub id: u32,
    pub name: String,
    pub role: Role,
    /// The code of its country: its currency and its dialling prefix.
    pub country: String,
    pub catalogue: Catalogue,
    /// What was ordered from it.
    pub book: Book,
}

impl Organization {
    /// Its country; the setup lets none in that is not known.
    pub fn home(&self) -> &'static Country {
        geography::country(&self.country).unwrap_or(&geography::countries()[0])
    }
}

/// Every account of a world.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Accounts {
    /// By number.
    pub organizations: BTreeMap<u32, Organization>,
    /// By number.
    pub keys: BTreeMap<u32, Key>,
    /// By id.
    pub webhooks: BTreeMap<u64, Subscription>,
    /// The number of the next webhook.
    pub next_webhook: u64,
    #[serde(skip)]
    by_token: BTreeMap<Fingerprint, u32>,
}

/// Accounts as they are written down: the look-up of tokens follows from the keys.
#[derive(Deserialize)]
struct Written {
    organizations: BTreeMap<u32, Organization>,
    keys: BTreeMap<u32, Key>,
    webhooks: BTreeMap<u64, Subscription>,
    next_webhook: u64,
}

impl From<Written> for Accounts {
    fn from(written: Written) -> Self {
        let Written { organizations, keys, webhooks, next_webhook } = written;
        let by_token = keys.values().map(|key| (fingerprint(&key.token), key.id)).collect();
        Accounts { organizations, keys, webhooks, next_webhook, by_token }
    }
}

impl Accounts {
    /// Adds a key.
    pub fn add_key(&mut self, key: Key) {
        self.by_token.insert(fingerprint(&key.token), key.id);
        self.keys.insert(key.id, key);
    }

    /// The key of a token.
    pub fn key(&self, token: &str) -> Option<&Key> {
        self.keys.get(self.by_token.get(&fingerprint(token))?)
    }
}
