//! Stores, what apps may do in them, and where they want to be told of things.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::providers::salla::state::shipment::End;
use crate::sim::secrets::fingerprint;
use crate::words;

words! {
    /// What a store pays for; it decides how often it may be asked.
    pub enum Plan {
        /// 120 calls a minute.
        Plus = "plus",
        /// 360.
        Pro = "pro",
        /// 720.
        Special = "special",
    }
}

words! {
    /// How the user stands who let the app in.
    pub enum User {
        /// May log in.
        Active = "active",
        /// May not for now.
        Inactive = "inactive",
        /// Is no more.
        Deleted = "deleted",
    }
}

/// A merchant's store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// The merchant's id, as webhooks have it.
    pub id: u64,
    pub name: String,
    pub owner: String,
    /// The owner's mail address.
    pub email: String,
    /// The owner's telephone number.
    pub mobile: String,
    pub plan: Plan,
    /// How its owner stands.
    pub user: User,
    /// Whether the app is installed.
    pub installed: bool,
    /// Whether it is shut out for a while, for too many errors.
    pub barred: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Where its customers find it; below Salla's own address when it has none of its own.
    #[serde(default)]
    pub domain: Option<String>,
    /// What the tax office knows it by.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// What the commercial register knows it by.
    #[serde(default)]
    pub commercial_number: Option<String>,
    /// Its branches, the main one first.
    pub branches: Vec<End>,
}

/// The app whose client id and secret open the token endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its id, as `meta.app_id` shows it.
    pub id: u64,
    /// Its public name.
    pub client_id: String,
    pub client_secret: String,
    /// What webhooks are signed with that brought no secret of their own.
    pub webhook_secret: String,
    /// What its settings at Salla say it may do.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// What an app may do in a store, with the pair of tokens that prove it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Unique in a world.
    pub id: u32,
    /// What its access token is called in `presets`.
    pub name: String,
    pub store: u64,
    pub scopes: Vec<String>,
    pub access: String,
    /// Texts that open the same: what the documentation prints in a token's place.
    pub aliases: Vec<String>,
    /// When the access token is over.
    pub expires: Timestamp,
    /// The refresh token; none without `offline_access`.
    pub refresh: Option<String>,
    /// When the refresh token is over.
    pub refresh_expires: Timestamp,
    /// Refresh tokens that were used.
    pub spent: Vec<String>,
    /// Access tokens that were replaced but still hold, and until when.
    pub replaced: Vec<(String, Timestamp)>,
    /// Access tokens that a refresh revoked, and when: the last ones, for whoever still calls with one.
    #[serde(default)]
    pub retired: Vec<(String, Timestamp)>,
    /// Whether both tokens were taken back.
    pub revoked: bool,
}

/// Whether two secrets are the same; takes the same time wherever they differ.
pub fn same(one: &str, other: &str) -> bool {
    fingerprint(one) == fingerprint(other)
}

/// How many revoked access tokens of a grant are remembered.
const RETIRED: usize = 32;

impl Grant {
    /// Remembers that an access token was revoked by a refresh.
    pub fn retire(&mut self, token: String, at: Timestamp) {
        if self.retired.len() >= RETIRED {
            self.retired.remove(0);
        }
        self.retired.push((token, at));
    }

    /// When a refresh revoked a token of this, if one did.
    pub fn retired_at(&self, token: &str) -> Option<Timestamp> {
        self.retired.iter().find(|(old, _)| same(old, token)).map(|(_, at)| *at)
    }

    /// When a text stops opening this, if it opens it at all.
    pub fn opens_until(&self, token: &str) -> Option<Timestamp> {
        if same(&self.access, token) || self.aliases.iter().any(|alias| same(alias, token)) {
            return Some(self.expires);
        }
        self.replaced.iter().find(|(old, _)| same(old, token)).map(|(_, until)| *until)
    }
}

/// A code that the browser brought back, to be changed for tokens once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The store that let the app in.
    pub store: u64,
    pub scopes: Vec<String>,
    /// Where the browser was sent with it.
    pub redirect_uri: String,
    pub expires: Timestamp,
    /// The grant it was changed for.
    pub spent: Option<u32>,
}

words! {
    /// How a receiver can tell that a webhook is Salla's.
    pub enum Strategy {
        /// By a signature over the body.
        Signature = "signature",
        /// By the secret itself.
        Token = "token",
        /// Not at all.
        None = "none",
    }
}

/// A registered webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Unique in a world.
    pub id: u64,
    pub store: u64,
    pub name: Option<String>,
    /// What it waits for.
    pub event: String,
    pub url: String,
    /// 1 or 2.
    pub version: u8,
    /// Only what fulfils this is told.
    pub rule: Option<String>,
    /// Header fields to be sent along.
    pub headers: Map<String, Value>,
    /// How its receiver knows it.
    pub strategy: Strategy,
    /// The secret; the app's own when none was given.
    pub secret: Option<String>,
}
