//! Authentication by API key, rate limits and roles: documentation, "Authentication", "Rate limits".

use jiff::{SignedDuration, Timestamp};

use crate::message::Request;
use crate::policy::{PolicyStep, Rate, Refusal};
use crate::providers::Access;
use crate::providers::shipper::machines::KeyState;
use crate::providers::shipper::state::accounts::Role;
use crate::providers::shipper::{Shipper, State};
use crate::sim::rate_limit::window::Limit;
use crate::words;

words! {
    /// The rate groups: documentation, "Rate limits".
    pub enum Group {
        /// Products, orders, webhooks.
        Read = "read",
        /// The dashboard; for retailers only.
        Dashboard = "dashboard",
        /// Countries and divisions.
        Reference = "reference",
        /// Creating orders and webhooks.
        Write = "write",
        /// Cancelling and deleting.
        Destructive = "destructive",
    }
}

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub key: u32,
    pub organization: u32,
}

/// What follows the last `Bearer ` of the header, in any case, up to a comma: as the framework reads it.
fn bearer(request: &Request) -> Option<&str> {
    const WORD: &str = "bearer ";
    let header = request.headers.get("authorization")?;
    let begins = |it: &[u8]| it.eq_ignore_ascii_case(WORD.as_bytes());
    let place = header.as_bytes().windows(WORD.len()).rposition(begins)?;
    let token = header.get(place + WORD.len()..)?.split(',').next()?.trim();
    (!token.is_empty()).then_some(token)
}

impl Access for Shipper {
    type Caller = Caller;
    type Group = Group;

    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Credential, PolicyStep::Limit, PolicyStep::Role];

    fn caller(state: &State, _: Group, request: &Request, _: Timestamp) -> Result<Caller, Refusal> {
        let token = bearer(request).ok_or(Refusal::NoCredential)?;
        let key = state.accounts.key(token).ok_or(Refusal::UnknownCredential)?;
        match key.life.state() {
            KeyState::Active => Ok(Caller { key: key.id, organization: key.organization }),
            KeyState::Disabled => Err(Refusal::Disabled),
            KeyState::Revoked => Err(Refusal::Revoked),
        }
    }

    fn account(state: &State, caller: &Caller) -> String {
        let key = state.accounts.keys.get(&caller.key);
        let organization = state.accounts.organizations.get(&caller.organization);
        let organization = organization.map_or("", |organization| organization.name.as_str());
        // Not `format!`: it is made with every call.
        [organization, " / ", key.map_or("", |key| key.name.as_str())].concat()
    }

    fn limit(state: &State, group: Group, caller: &Caller) -> Option<(String, Rate)> {
        let limits = &state.limits;
        if limits.lifted {
            return None;
        }
        let calls = match group {
            Group::Read => limits.read,
            Group::Dashboard => limits.dashboard,
            Group::Reference => limits.reference,
            Group::Write => limits.write,
            Group::Destructive => limits.destructive,
        };
        let whose = if state.switches.rate_per_organization {
            format!("shipper o{}", caller.organization)
        } else {
            format!("shipper k{}", caller.key)
        };
        let bucket = if state.switches.shared_rate_bucket { "all" } else { group.word() };
        let window = Limit { calls, span: SignedDuration::from_secs(60) };
        Some((format!("{whose} {bucket}"), Rate::Window(window)))
    }

    fn role(state: &State, group: Group, caller: &Caller) -> Result<(), Refusal> {
        let organization = state.accounts.organizations.get(&caller.organization);
        match (group, organization.map(|organization| organization.role)) {
            (Group::Dashboard, Some(Role::Supplier)) => {
                Err(Refusal::WrongRole(Role::Supplier.word()))
            }
            _ => Ok(()),
        }
    }
}
