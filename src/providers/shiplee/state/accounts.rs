//! Sellers and their warehouses.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::policy::allow_list::{self, Network};
use crate::providers::shiplee::machines::{WarehouseInput, WarehouseState};
use crate::providers::shiplee::rules::carrier::Answer;
use crate::providers::shiplee::state::wallet::Wallet;
use crate::sim::machine::Tracked;
use crate::sim::secrets::fingerprint;

/// A seller's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// Unique in a world.
    pub id: u64,
    /// What its credentials are called in `presets`: nothing, `other`, `locked`.
    pub name: String,
    /// The mail address it logs in with.
    pub email: String,
    /// The other name it logs in with: 32 hexadecimal digits.
    pub shiplee_id: String,
    /// What it logs in with.
    pub api_key: String,
    /// What its tokens are signed with.
    pub secret: String,
    /// The plan that says how much is put on the carrier's prices.
    pub plan: String,
    /// From where it may call.
    pub allowed_ips: Vec<Network>,
    /// For which domains it may call: bare hosts.
    pub allowed_domains: Vec<String>,
    pub wallet: Wallet,
    /// How the carrier answers its next bookings; past them, as usual.
    pub next_answers: VecDeque<Answer>,
}

impl Seller {
    /// Whether a text names this account: the mail address in any case, or the Shiplee id.
    pub fn is_called(&self, username: &str) -> bool {
        self.email.eq_ignore_ascii_case(username) || self.shiplee_id == username
    }

    /// Whether a text is its key; takes the same time wherever it differs.
    pub fn opens_with(&self, api_key: &str) -> bool {
        fingerprint(&self.api_key) == fingerprint(api_key)
    }

    /// Whether a host, as `allow_list::host` gives it, is on its list; an entry is read the same way.
    pub fn allows_domain(&self, host: &str) -> bool {
        self.allowed_domains.iter().any(|domain| allow_list::host(domain) == host)
    }
}

/// Where parcels are picked up and come back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warehouse {
    /// Unique in a world; above what a signed 32-bit number holds.
    pub id: u64,
    pub seller: u64,
    pub nickname: String,
    /// Ten digits.
    pub mobile: String,
    /// The street.
    pub address1: String,
    /// Six digits.
    pub pincode: String,
    pub city: String,
    pub state: String,
    /// `primary`, or as it was given.
    pub address_type: String,
    /// What it is called at Delhivery, once it is registered there.
    pub delhivery_name: Option<String>,
    /// How often its registration still fails.
    pub registration_failures: u32,
    /// Whether it is listed.
    pub life: Tracked<WarehouseState, WarehouseInput>,
}

impl Warehouse {
    /// Gives it its name at the carrier, unless it has one there.
    pub fn introduce(&mut self) {
        let usual = || format!("{}-{}", self.nickname, self.id);
        self.delhivery_name = self.delhivery_name.take().or_else(|| Some(usual()));
    }
}
