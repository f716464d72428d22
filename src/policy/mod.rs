//! What stands between a request and its handler. A policy decides; a provider words the decision.

pub mod allow;
pub mod matcher;
pub mod rule;
pub mod rules;
pub mod test;
pub mod weather;

use jiff::Timestamp;

use crate::sim::token::Flaw;
use crate::sim::windows::{Answer, Limit, Windows};

crate::words! {
    /// A check on the way to a handler. Each provider lists them in the order in which it is known to check.
    pub enum Step {
        /// Is the caller known, and may its credential be used?
        Credential = "credential",
        /// Does the caller's window admit the call?
        Limit = "limit",
        /// Is the caller of the right kind for this route?
        Role = "role",
        /// Is the address it comes from on the account's list?
        AllowedAddress = "allowed_address",
        /// Is the domain it speaks for on the account's list?
        AllowedDomain = "allowed_domain",
        /// Does the caller take a form that the provider has?
        Format = "format",
    }
}

/// Why a call did not reach its handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No credential was sent, or none of the kind the provider reads.
    NoCredential,
    /// The credential is not known in this world.
    UnknownCredential,
    /// The credential is known but switched off for now.
    Disabled,
    /// The credential was taken back for good.
    Revoked,
    /// The caller is not of the kind this route is for; which kind it is.
    WrongRole(&'static str),
    /// The token that was sent cannot be taken.
    BadToken(Flaw),
    /// The address is not on the account's list; how the caller is shown.
    AddressNotAllowed(String),
    /// The domain is not on the account's list; which domain, empty when none was named.
    DomainNotAllowed(String),
    /// The caller takes none of the forms that the provider has.
    NotAcceptable,
    /// The window is full.
    TooMany {
        /// What the window admits.
        limit: u32,
        /// Whole seconds until it closes.
        retry_after: i64,
        /// The second at which it closes.
        reset: Timestamp,
    },
}

/// What the checks leave for the headers of the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notes {
    /// The limit of the route's window, and what is left of it.
    pub window: Option<(u32, u32)>,
}

/// Asks a caller's window to admit a call and notes what is left.
///
/// # Errors
/// `Refusal::TooMany` when the window is full; the call is not counted then.
pub fn within_limit(
    windows: &mut Windows,
    key: &str,
    limit: Limit,
    now: Timestamp,
    notes: &mut Notes,
) -> Result<(), Refusal> {
    match windows.ask(key, limit, now) {
        Answer::Admitted { remaining } => {
            notes.window = Some((limit.calls, remaining));
            Ok(())
        }
        Answer::Refused { retry_after, reset } => {
            notes.window = Some((limit.calls, 0));
            Err(Refusal::TooMany { limit: limit.calls, retry_after, reset })
        }
    }
}
