//! Rate limits as fixed windows: opened by the first call, closed a span later, in world time.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How many calls a window admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Calls per window.
    pub calls: u32,
    /// How long a window lasts.
    pub span: SignedDuration,
}

impl Limit {
    /// The second at which a window closes that was opened then.
    fn after(self, opened: Timestamp) -> Timestamp {
        whole(opened).saturating_add(self.span).unwrap_or(Timestamp::MAX)
    }
}

/// What a window said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// The call counts; so many more are admitted.
    Admitted {
        /// Calls left in this window.
        remaining: u32,
        /// The second at which it closes.
        reset: Timestamp,
    },
    /// The call is refused and does not count.
    Refused {
        /// Whole seconds until the window closes; 0 at the very edge.
        retry_after: i64,
        /// The second at which it closes.
        reset: Timestamp,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Window {
    opened: Timestamp,
    closes: Timestamp,
    calls: u32,
}

/// The open windows of a world, by whose they are and what they count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    open: BTreeMap<String, Window>,
}

/// Past so many windows the closed ones are swept out.
const SWEEP: usize = 4_096;

impl Windows {
    /// How many calls a window still admits; nothing is counted.
    pub fn left(&self, key: &str, limit: Limit, now: Timestamp) -> u32 {
        let alive = self.open.get(key).filter(|window| now < window.closes);
        limit.calls.saturating_sub(alive.map_or(0, |window| window.calls))
    }

    /// Asks a window to admit a call, opening it if there is none.
    pub fn ask(&mut self, key: &str, limit: Limit, now: Timestamp) -> Admission {
        let alive = self.open.get_mut(key).filter(|window| now < window.closes);
        match alive {
            Some(window) if window.calls >= limit.calls => {
                let reset = limit.after(window.opened);
                let retry_after = reset.duration_since(whole(now)).as_secs().max(0);
                Admission::Refused { retry_after, reset }
            }
            Some(window) => {
                window.calls += 1;
                let reset = limit.after(window.opened);
                Admission::Admitted { remaining: limit.calls - window.calls, reset }
            }
            None if limit.calls == 0 => {
                Admission::Refused { retry_after: limit.span.as_secs(), reset: limit.after(now) }
            }
            None => {
                if self.open.len() >= SWEEP {
                    self.open.retain(|_, window| now < window.closes);
                }
                let closes = now.saturating_add(limit.span).unwrap_or(Timestamp::MAX);
                self.open.insert(key.to_owned(), Window { opened: now, closes, calls: 1 });
                Admission::Admitted { remaining: limit.calls - 1, reset: limit.after(now) }
            }
        }
    }
}

/// The whole second an instant lies in: frameworks count windows in those.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_millisecond().div_euclid(1_000)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Admission, Limit, Windows};

    #[test]
    fn refused_calls_do_not_count_and_the_window_closes_a_span_after_its_first_call() {
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).unwrap();
        let limit = Limit { calls: 2, span: SignedDuration::from_secs(60) };
        let mut windows = Windows::default();
        let admitted =
            |remaining, reset: i64| Admission::Admitted { remaining, reset: at(reset * 1_000) };
        assert_eq!(windows.ask("k", limit, at(10_500)), admitted(1, 70));
        assert_eq!(windows.ask("k", limit, at(40_000)), admitted(0, 70));
        for (now, retry_after) in [(41_000, 29), (69_999, 1), (70_400, 0)] {
            let refused = Admission::Refused { retry_after, reset: at(70_000) };
            assert_eq!(windows.ask("k", limit, at(now)), refused, "at {now}");
        }
        assert_eq!(windows.ask("other", limit, at(70_400)), admitted(1, 130));
        assert_eq!(windows.ask("k", limit, at(70_500)), admitted(1, 130));
    }
}
