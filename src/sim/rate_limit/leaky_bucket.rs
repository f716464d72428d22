//! Rate limits as leaky buckets: each call pours one in, the bucket loses some every second, in world time.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How much a bucket holds and how fast it leaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Calls it holds before it runs over.
    pub capacity: u32,
    /// Calls that leak out in each span.
    pub leak: u32,
    /// The span.
    pub every: SignedDuration,
}

/// What a bucket said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pour {
    /// The call counts.
    Admitted {
        /// Calls in the bucket now, this one among them; one that has begun to leak counts whole.
        used: u32,
        /// Calls that would still fit at once.
        remaining: u32,
        /// When all of it will have leaked out.
        empty_at: Timestamp,
    },
    /// The call is refused and does not count.
    Refused {
        /// Whole seconds until a call fits again, at least 1.
        retry_after: i64,
        /// The instant from which one fits.
        next: Timestamp,
        /// When all of it will have leaked out.
        empty_at: Timestamp,
    },
}

/// The buckets of a world that are not empty, by whose they are and what they count.
///
/// A bucket is one instant: when it will be empty. Its level is how far off that is, so that nothing has to drip.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buckets {
    empty_at: BTreeMap<String, Timestamp>,
}

/// Past so many buckets the empty ones are swept out.
const SWEEP: usize = 4_096;

impl Bucket {
    /// How long one call takes to leak out; a bucket without a leak keeps it for ever.
    fn drip(&self) -> i128 {
        match self.leak {
            0 => i128::from(i64::MAX),
            leak => (self.every.as_nanos() / i128::from(leak)).max(1),
        }
    }
}

impl Buckets {
    /// Asks a bucket to take a call.
    pub fn ask(&mut self, key: &str, bucket: Bucket, now: Timestamp) -> Pour {
        let drip = bucket.drip();
        let alive = self.empty_at.get(key).copied().filter(|empty_at| now < *empty_at);
        let level = alive.map_or(0, |empty_at| empty_at.duration_since(now).as_nanos());
        let room = drip * (i128::from(bucket.capacity) - 1);
        if level > room {
            let wait = level.saturating_sub(room.max(0));
            return Pour::Refused {
                retry_after: seconds_up(wait),
                next: later(now, wait),
                empty_at: alive.unwrap_or(now),
            };
        }
        if alive.is_none() && self.empty_at.len() >= SWEEP {
            self.empty_at.retain(|_, empty_at| now < *empty_at);
        }
        let empty_at = later(now, level + drip);
        self.empty_at.insert(key.to_owned(), empty_at);
        let used = u32::try_from((level + drip + drip - 1) / drip).unwrap_or(u32::MAX);
        Pour::Admitted { used, remaining: bucket.capacity.saturating_sub(used), empty_at }
    }
}

/// So many nanoseconds later, or the end of time.
fn later(now: Timestamp, nanoseconds: i128) -> Timestamp {
    let wait = i64::try_from(nanoseconds).unwrap_or(i64::MAX);
    now.saturating_add(SignedDuration::from_nanos(wait)).unwrap_or(Timestamp::MAX)
}

/// Whole seconds that cover so many nanoseconds, at least one.
fn seconds_up(nanoseconds: i128) -> i64 {
    i64::try_from((nanoseconds + 999_999_999) / 1_000_000_000).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Bucket, Buckets, Pour};

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    /// What is used and left, or how long to wait.
    fn said(answer: Pour) -> Result<(u32, u32), i64> {
        match answer {
            Pour::Admitted { used, remaining, .. } => Ok((used, remaining)),
            Pour::Refused { retry_after, .. } => Err(retry_after),
        }
    }

    #[test]
    fn a_burst_fills_it_and_afterwards_one_call_fits_for_each_that_leaked() {
        let bucket = Bucket { capacity: 4, leak: 2, every: SignedDuration::from_secs(1) };
        let mut buckets = Buckets::default();
        for (now, expected) in [
            (0, Ok((1, 3))),
            (0, Ok((2, 2))),
            (0, Ok((3, 1))),
            (0, Ok((4, 0))),
            (0, Err(1)),
            (499, Err(1)),
            (500, Ok((4, 0))),
            (999, Err(1)),
            (1_250, Ok((4, 0))),
            (9_000, Ok((1, 3))),
        ] {
            assert_eq!(said(buckets.ask("k", bucket, at(now))), expected, "at {now}");
        }
        assert_eq!(said(buckets.ask("other", bucket, at(9_000))), Ok((1, 3)));
    }

    #[test]
    fn a_refusal_names_the_instant_from_which_a_call_is_taken() {
        let bucket = Bucket { capacity: 120, leak: 1, every: SignedDuration::from_secs(20) };
        let mut buckets = Buckets::default();
        for _ in 0..120 {
            assert!(said(buckets.ask("k", bucket, at(500))).is_ok());
        }
        let refused = buckets.ask("k", bucket, at(600));
        let (next, empty_at) = (at(20_500), at(2_400_500));
        assert_eq!(refused, Pour::Refused { retry_after: 20, next, empty_at });
        assert!(said(buckets.ask("k", bucket, at(20_499))).is_err());
        assert!(said(buckets.ask("k", bucket, next)).is_ok());
    }

    #[test]
    fn the_edges_of_what_can_be_set_refuse_instead_of_failing() {
        let second = SignedDuration::from_secs(1);
        let mut buckets = Buckets::default();
        let closed = Bucket { capacity: 0, leak: 2, every: second };
        assert_eq!(said(buckets.ask("closed", closed, at(0))), Err(1));
        let tight = Bucket { capacity: 1, leak: 0, every: second };
        assert_eq!(said(buckets.ask("tight", tight, at(0))), Ok((1, 0)));
        assert!(said(buckets.ask("tight", tight, at(1_000_000))).is_err());
        let wide = Bucket { capacity: u32::MAX, leak: u32::MAX, every: second };
        assert_eq!(said(buckets.ask("wide", wide, Timestamp::MAX)), Ok((1, u32::MAX - 1)));
    }
}
