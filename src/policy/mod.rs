//! Policies, the middleware of a provider: what stands between a request and its handler. A policy decides; a provider
//! words the decision.

pub mod allow_list;
pub mod call;
pub mod condition;
pub mod hole;
pub mod installed;
pub mod matcher;
pub mod preflight;
pub mod rule;
pub mod rule_answer;
pub mod webhook_fault;
pub mod webhook_rule;

use jiff::Timestamp;

use crate::sim::rate_limit::leaky_bucket::{self, Bucket, Buckets};
use crate::sim::rate_limit::window::{self, Limit, Windows};
use crate::sim::token::Flaw;

crate::words! {
    /// A check on the way to a handler. Each provider lists them in the order in which it is known to check.
    pub enum PolicyStep as "Step" {
        /// Is the caller known, and may its credential be used?
        Credential = "credential",
        /// Does the caller's rate admit the call?
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
    /// Another credential took its place; when it did.
    Replaced(Timestamp),
    /// The caller is not of the kind this route is for; which kind it is.
    WrongRole(&'static str),
    /// The credential does not reach as far as this route; the scope it would need.
    MissingScope(&'static str),
    /// Whose credential it was is no more.
    NoUser,
    /// The account is shut out for now.
    Barred,
    /// The token that was sent cannot be taken.
    BadToken(Flaw),
    /// The address is not on the account's list; how the caller is shown.
    AddressNotAllowed(String),
    /// The domain is not on the account's list; which domain, empty when none was named.
    DomainNotAllowed(String),
    /// The caller takes none of the forms that the provider has.
    NotAcceptable,
    /// The window or the bucket is full.
    TooMany {
        /// What it admits.
        limit: u32,
        /// Whole seconds until a call is admitted again.
        retry_after: i64,
        /// The instant from which one is: when the window closes, when enough has leaked.
        reset: Timestamp,
    },
}

/// What the checks leave for the headers of the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notes {
    /// The limit of the route's window or bucket, and what is left of it.
    pub window: Option<(u32, u32)>,
    /// When the bucket will be empty; none where windows count.
    pub empty_at: Option<Timestamp>,
    /// When the window closes; none where buckets count.
    pub closes_at: Option<Timestamp>,
}

/// How often a caller may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// So many calls in a window of time.
    Window(Limit),
    /// So many calls at once, and then as many as leak.
    Bucket(Bucket),
    /// So many calls in a window of time, and once they are spent as many as leak from a bucket, until it closes.
    Dripping(Limit, Bucket),
}

/// What has been counted so far.
#[derive(Debug)]
pub struct RateCounters<'a> {
    /// The windows.
    pub windows: &'a mut Windows,
    /// The buckets.
    pub buckets: &'a mut Buckets,
}

/// Asks a caller's window or bucket to admit a call and notes what is left.
///
/// # Errors
/// `Refusal::TooMany` when it is full; the call is not counted then.
pub fn within_rate(
    counts: RateCounters<'_>,
    key: &str,
    rate: Rate,
    now: Timestamp,
    notes: &mut Notes,
) -> Result<(), Refusal> {
    let (limit, verdict) = match rate {
        Rate::Window(window) | Rate::Dripping(window, _) => {
            let drip = match rate {
                Rate::Dripping(_, drip) => Some(drip),
                _ => None,
            };
            let verdict = match (counts.windows.ask(key, window, now), drip) {
                (window::Admission::Admitted { remaining, reset }, drip) => {
                    notes.closes_at = Some(reset);
                    // Who spends the last call waits for the first drop.
                    if let Some(drip) = drip.filter(|_| remaining == 0) {
                        counts.buckets.ask(key, drip, now);
                    }
                    Ok(remaining)
                }
                (window::Admission::Refused { retry_after, reset }, drip) => {
                    notes.closes_at = Some(reset);
                    match drip.map(|drip| counts.buckets.ask(key, drip, now)) {
                        None => Err((retry_after, reset)),
                        Some(leaky_bucket::Pour::Admitted { .. }) => Ok(0),
                        Some(leaky_bucket::Pour::Refused { retry_after, .. }) => {
                            Err((retry_after, reset))
                        }
                    }
                }
            };
            (window.calls, verdict)
        }
        Rate::Bucket(bucket) => {
            let answer = counts.buckets.ask(key, bucket, now);
            match answer {
                leaky_bucket::Pour::Admitted { remaining, empty_at, .. } => {
                    notes.empty_at = Some(empty_at);
                    (bucket.capacity, Ok(remaining))
                }
                leaky_bucket::Pour::Refused { retry_after, next, empty_at } => {
                    notes.empty_at = Some(empty_at);
                    (bucket.capacity, Err((retry_after, next)))
                }
            }
        }
    };
    notes.window = Some((limit, verdict.unwrap_or(0)));
    match verdict {
        Ok(_) => Ok(()),
        Err((retry_after, reset)) => Err(Refusal::TooMany { limit, retry_after, reset }),
    }
}

/// That a window is spent, for its reader.
pub fn spent_minute(limit: u32) -> String {
    match limit {
        1 => "The one call of this minute is used".to_owned(),
        limit => format!("All {limit} calls of this minute are used"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Notes, Rate, RateCounters, Refusal, within_rate};
    use crate::sim::rate_limit::leaky_bucket::{Bucket, Buckets};
    use crate::sim::rate_limit::window::{Limit, Windows};

    #[test]
    fn a_full_bucket_opens_again_sooner_than_a_full_window() {
        let span = SignedDuration::from_secs(60);
        let (mut windows, mut buckets) = (Windows::default(), Buckets::default());
        let mut ask = |rate, second| {
            let counts = RateCounters { windows: &mut windows, buckets: &mut buckets };
            let mut notes = Notes::default();
            let now = Timestamp::from_second(second).unwrap();
            let verdict = within_rate(counts, "k", rate, now, &mut notes);
            let wait = verdict.err().map(|refusal| match refusal {
                Refusal::TooMany { retry_after, .. } => retry_after,
                other => panic!("{other:?}"),
            });
            (wait, notes.window, notes.empty_at.map(Timestamp::as_second))
        };
        let window = Rate::Window(Limit { calls: 2, span });
        let bucket = Rate::Bucket(Bucket { capacity: 2, leak: 6, every: span });
        for (rate, expected) in [
            (window, [(None, 1, None), (None, 0, None), (Some(60), 0, None)]),
            (bucket, [(None, 1, Some(10)), (None, 0, Some(20)), (Some(10), 0, Some(20))]),
        ] {
            for (wait, left, empty_at) in expected {
                assert_eq!(ask(rate, 0), (wait, Some((2, left)), empty_at), "{rate:?}");
            }
        }
        assert_eq!(ask(window, 10).0, Some(50));
        assert_eq!(ask(bucket, 10), (None, Some((2, 0)), Some(30)));
    }

    #[test]
    fn a_spent_window_drips_until_it_closes() {
        let window = Limit { calls: 2, span: SignedDuration::from_secs(60) };
        let drip = Bucket { capacity: 1, leak: 1, every: SignedDuration::from_secs(1) };
        let (mut windows, mut buckets) = (Windows::default(), Buckets::default());
        let mut notes = Notes::default();
        let mut ask = |second| {
            let counts = RateCounters { windows: &mut windows, buckets: &mut buckets };
            let now = Timestamp::from_second(second).unwrap();
            within_rate(counts, "k", Rate::Dripping(window, drip), now, &mut notes).is_ok()
        };
        let verdicts: Vec<bool> = [0, 0, 0, 1, 1, 59, 60, 60, 60].map(&mut ask).into();
        assert_eq!(verdicts, [true, true, false, true, false, true, true, true, false]);
        assert_eq!(notes.window, Some((2, 0)));
        assert_eq!(notes.closes_at.map(Timestamp::as_second), Some(120));
    }
}
