//! Authentication by key, the rate limit, and which key may do what: public pages "Authentication", "Rate limiting".

use jiff::{SignedDuration, Timestamp};

use crate::message::Request;
use crate::policy::{PolicyStep, Rate, Refusal};
use crate::providers::Access;
use crate::providers::shipup::state::accounts::{self, Standing};
use crate::providers::shipup::{Shipup, State};
use crate::sim::rate_limit::leaky_bucket::Bucket;
use crate::words;

words! {
    /// What a route asks of the caller.
    pub enum Group {
        /// The account's private key. All calls count against one bucket.
        Private = "private",
    }
}

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub account: u32,
    /// It came with the public key.
    pub public: bool,
}

impl Access for Shipup {
    type Caller = Caller;
    type Group = Group;

    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Credential, PolicyStep::Limit, PolicyStep::Role];

    fn caller(state: &State, _: Group, request: &Request, _: Timestamp) -> Result<Caller, Refusal> {
        let key = accounts::key(request).ok_or(Refusal::NoCredential)?;
        let known = accounts::owner(state.accounts.values(), key);
        let (account, public) = known.ok_or(Refusal::UnknownCredential)?;
        match account.standing {
            Standing::Active => Ok(Caller { account: account.id, public }),
            Standing::TrialEnded => Err(Refusal::Disabled),
        }
    }

    fn account(state: &State, caller: &Caller) -> String {
        let account = state.accounts.get(&caller.account);
        let name = account.map_or("", |account| account.name.as_str());
        if name.is_empty() { format!("account {}", caller.account) } else { name.to_owned() }
    }

    fn limit(state: &State, _: Group, caller: &Caller) -> Option<(String, Rate)> {
        let limits = state.limits;
        let bucket = Bucket {
            capacity: limits.capacity,
            leak: limits.per_second,
            every: SignedDuration::from_secs(1),
        };
        let key = || format!("shipup {}", caller.account);
        (!limits.lifted).then(|| (key(), Rate::Bucket(bucket)))
    }

    fn role(_: &State, _: Group, caller: &Caller) -> Result<(), Refusal> {
        if caller.public { Err(Refusal::WrongRole("public")) } else { Ok(()) }
    }
}
