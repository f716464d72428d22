//! What stands between a request and its handler. A policy decides; a provider words the decision.

pub mod allow;
pub mod matcher;
pub mod rule;
pub mod rules;
pub mod test;

use jiff::Timestamp;

use crate::sim::bucket::{self, Bucket, Buckets};
use crate::sim::token::Flaw;
use crate::sim::windows::{self, Limit, Windows};

crate::words! {
    /// A check on the way to a handler. Each provider lists them in the order in which it is known to check.
    pub enum Step {
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
}

/// How often a caller may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// So many calls in a window of time.
    Window(Limit),
    /// So many calls at once, and then as many as leak.
    Bucket(Bucket),
}

/// What has been counted so far.
#[derive(Debug)]
pub struct Counts<'a> {
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
    counts: Counts<'_>,
    key: &str,
    rate: Rate,
    now: Timestamp,
    notes: &mut Notes,
) -> Result<(), Refusal> {
    let (limit, verdict) = match rate {
        Rate::Window(window) => match counts.windows.ask(key, window, now) {
            windows::Answer::Admitted { remaining } => (window.calls, Ok(remaining)),
            windows::Answer::Refused { retry_after, reset } => {
                (window.calls, Err((retry_after, reset)))
            }
        },
        Rate::Bucket(bucket) => {
            let answer = counts.buckets.ask(key, bucket, now);
            match answer {
                bucket::Answer::Admitted { remaining, empty_at, .. } => {
                    notes.empty_at = Some(empty_at);
                    (bucket.capacity, Ok(remaining))
                }
                bucket::Answer::Refused { retry_after, next, empty_at } => {
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

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Counts, Notes, Rate, Refusal, within_rate};
    use crate::sim::bucket::{Bucket, Buckets};
    use crate::sim::windows::{Limit, Windows};

    #[test]
    fn a_full_bucket_opens_again_sooner_than_a_full_window() {
        let span = SignedDuration::from_secs(60);
        let (mut windows, mut buckets) = (Windows::default(), Buckets::default());
        let mut ask = |rate, second| {
            let counts = Counts { windows: &mut windows, buckets: &mut buckets };
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
}
