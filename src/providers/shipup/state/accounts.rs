//! Accounts: their keys, their languages and carriers, and where their webhooks go.

use serde::{Deserialize, Serialize};

use crate::message::Request;
use crate::sim::secrets::fingerprint;
use crate::words;

words! {
    /// Whether an account may use the API.
    pub enum Standing as "Access" {
        /// It may.
        Active = "active",
        /// Its trial is over and nothing is paid: every call is a 402.
        TrialEnded = "trial_ended",
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: u32,
    /// What stands before its credentials in `presets`; nothing for the first.
    pub name: String,
    /// The key of servers.
    pub private_key: String,
    /// The key of tracking pages; it opens none of the endpoints here.
    pub public_key: String,
    /// The language of customers of whom none is known.
    pub language_code: String,
    /// The carriers it works with; the first takes the numbers that look like no other's.
    pub carriers: Vec<String>,
    /// Whether it may use the API.
    pub standing: Standing,
    pub webhooks: Vec<Subscription>,
}

/// An endpoint of a merchant that hears of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its number; every webhook tells it.
    pub id: u64,
    pub url: String,
    pub topics: Vec<String>,
    /// Name and password for Basic authentication.
    pub credentials: Option<(String, String)>,
    /// Whether it is switched on.
    pub active: bool,
    /// What is saved once the test was answered.
    pub pending: Option<Pending>,
}

/// An address that is tried before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub url: String,
    /// Name and password.
    pub credentials: Option<(String, String)>,
}

impl Subscription {
    /// Whether it hears of a topic.
    pub fn listens(&self, topic: &str) -> bool {
        self.active && self.topics.iter().any(|known| known == topic)
    }
}

/// The key of a call: behind `Bearer`, or the whole field; public samples have it both ways.
pub fn key(request: &Request) -> Option<&str> {
    let field = request.headers.get("authorization")?.trim();
    let key = match field.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
        _ => field,
    };
    (!key.is_empty() && !key.eq_ignore_ascii_case("bearer")).then_some(key)
}

/// Whose key it is, and whether it is the public one. Takes the same time for every wrong key.
pub fn owner<'a>(
    mut accounts: impl Iterator<Item = &'a Account>,
    key: &str,
) -> Option<(&'a Account, bool)> {
    let given = fingerprint(key);
    accounts.find_map(|account| {
        let private = fingerprint(&account.private_key) == given;
        let public = fingerprint(&account.public_key) == given;
        (private || public).then_some((account, !private))
    })
}

#[cfg(test)]
mod tests {
    use super::key;
    use crate::message::{Method, Request};

    #[test]
    fn a_key_comes_with_or_without_its_scheme() {
        for (field, expected) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("abc", Some("abc")),
            (" abc ", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("", None),
            ("Basic abc", Some("Basic abc")),
        ] {
            let request = Request::new(Method::Get, "/").with("authorization", field);
            assert_eq!(key(&request), expected, "{field:?}");
        }
        assert_eq!(key(&Request::new(Method::Get, "/")), None);
    }
}
