//! Dates in queries: the forms a provider documents, and `strtotime`, what PHP's lenient reader makes of the others.
//!
//! The lenient reader was measured with PHP 8.2: dates in numbers and with names of months, weeks of ISO 8601, clock
//! times, offsets and zones, relative terms and days of the week. What PHP reads and it refuses is rare: abbreviations of
//! zones beyond the usual ones, and military zones.

mod lenient;
mod names;
mod readers;

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};

pub use lenient::lenient;

/// A date that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    /// The instant, or the beginning of the day.
    pub at: Timestamp,
    /// Whether only a day was named; it is a day in UTC.
    pub whole_day: bool,
}

/// Which end of a range a date stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// From here on; a day from its beginning.
    Start,
    /// Up to and including here; a day to its last microsecond.
    End,
}

impl Parsed {
    /// The first instant meant.
    pub fn start(self) -> Timestamp {
        self.at
    }

    /// The last instant meant. A time to the minute means its first second.
    pub fn end(self) -> Timestamp {
        if !self.whole_day {
            return self.at;
        }
        let day = SignedDuration::from_secs(86_400) - SignedDuration::from_micros(1);
        self.at.checked_add(day).unwrap_or(Timestamp::MAX)
    }

    /// The instant at one end of a range.
    pub fn bound(self, bound: Bound) -> Timestamp {
        match bound {
            Bound::Start => self.start(),
            Bound::End => self.end(),
        }
    }
}

/// Reads exactly `YYYY-MM-DD`, `YYYY-MM-DD HH:MM[:SS]` and ISO 8601: `T`, optional seconds and fraction, optional
/// `Z`, `+01:00`, `+0100` or `+01`. No zone means UTC. Days and times that do not exist are refused.
pub fn documented(text: &str) -> Option<Parsed> {
    let mut scan = Scan { rest: text.as_bytes() };
    let year = scan.exactly(4)?;
    scan.byte(b'-')?;
    let month = scan.exactly(2)?;
    scan.byte(b'-')?;
    let day = date_of(year, month, scan.exactly(2)?)?;
    if scan.rest.is_empty() {
        return Some(Parsed { at: instant(day.to_datetime(Time::midnight()), 0), whole_day: true });
    }
    let iso = scan.byte(b'T').is_some();
    if !iso {
        scan.byte(b' ')?;
    }
    let hour = scan.exactly(2)?;
    scan.byte(b':')?;
    let minute = scan.exactly(2)?;
    let mut second = 0;
    let mut nanosecond = 0;
    if scan.byte(b':').is_some() {
        second = scan.exactly(2)?;
        if iso && scan.byte(b'.').is_some() {
            nanosecond = scan.fraction()?;
        }
    }
    let offset = if iso { scan.iso_offset()? } else { 0 };
    let time = Time::new(
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
        nanosecond,
    )
    .ok()?;
    scan.rest
        .is_empty()
        .then(|| Parsed { at: instant(day.to_datetime(time), offset), whole_day: false })
}

/// A real day, or none.
fn date_of(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// The instant of a civil time so many seconds east of UTC; times no instant can hold become the nearest one, so
/// that `9999-12-31` stays a usable end of time.
fn instant(civil: DateTime, offset: i64) -> Timestamp {
    let seconds = civil.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0))
        - SignedDuration::from_secs(offset);
    let nearest = if seconds.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_duration(seconds).unwrap_or(nearest)
}

/// A position in a text.
#[derive(Clone, Copy)]
struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    fn byte(&mut self, wanted: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[wanted])?;
        Some(())
    }

    /// Runs a reader and stays in place when it finds nothing.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = read(&mut ahead)?;
        *self = ahead;
        Some(found)
    }

    fn digits_ahead(&self) -> usize {
        self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// A number of exactly so many digits; more may follow.
    fn exactly(&mut self, count: usize) -> Option<i64> {
        if count == 0 || self.digits_ahead() < count {
            return None;
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        Some(
            digits.iter().fold(0i64, |sum, byte| {
                sum.saturating_mul(10).saturating_add(i64::from(byte - b'0'))
            }),
        )
    }

    /// A number of two digits if it is at most `largest`, else of one, as PHP's patterns match.
    fn up_to(&mut self, largest: i64) -> Option<i64> {
        let two = self.attempt(|scan| scan.exactly(2).filter(|number| *number <= largest));
        two.or_else(|| self.exactly(1))
    }

    fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        if !wanted.contains(first) {
            return None;
        }
        self.rest = rest;
        Some(*first)
    }

    /// Digits behind a point, as nanoseconds; the tenth and later are dropped.
    fn fraction(&mut self) -> Option<i32> {
        let count = self.digits_ahead();
        let number = self.exactly(count.min(9))?;
        self.rest = self.rest.get(count.saturating_sub(9)..).unwrap_or_default();
        let missing = 9 - u32::try_from(count.min(9)).ok()?;
        i32::try_from(number * 10i64.pow(missing)).ok()
    }

    /// `Z`, `+01:00`, `+0100`, `+01` or nothing, in seconds.
    fn iso_offset(&mut self) -> Option<i64> {
        if self.rest.is_empty() || self.byte(b'Z').is_some() {
            return Some(0);
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.exactly(2).filter(|hours| *hours <= 23)?;
        let minutes = match self.byte(b':') {
            None if self.rest.is_empty() => 0,
            _ => self.exactly(2).filter(|minutes| *minutes <= 59)?,
        };
        Some(sign * (hours * 3600 + minutes * 60))
    }
}

#[cfg(test)]
mod tests;
