//! Dates in queries: the forms a provider documents, and `strtotime`, what PHP's lenient reader makes of the others.
//!
//! The lenient reader was measured with PHP 8.2. It knows numeric dates, clock times, offsets and a few words; month
//! names, relative terms (`+1 day`) and named zones other than UTC are refused, though PHP takes them.

use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

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

/// Reads what PHP reads: days that do not exist roll over, 24:00 is the next day, words count from `now`.
pub fn lenient(text: &str, now: Timestamp) -> Option<Parsed> {
    let mut scan = Scan { rest: text.as_bytes() };
    let mut found = Found::default();
    let mut anything = false;
    loop {
        while matches!(scan.rest.first(), Some(b' ' | b'\t' | b'\n' | b'.' | b',')) {
            scan.rest = scan.rest.get(1..).unwrap_or_default();
        }
        if scan.rest.is_empty() {
            break;
        }
        found.take_one(&mut scan)?;
        anything = true;
    }
    if !anything {
        return None;
    }
    found.settle(now)
}

/// The parts PHP finds in a text; each may be named once.
#[derive(Default)]
struct Found {
    /// Year, month from 0 to 12, day from 0 to 31.
    date: Option<(i16, i64, i64)>,
    /// Seconds and nanoseconds since midnight.
    time: Option<(i64, i32)>,
    /// Seconds east of UTC.
    offset: Option<i64>,
    /// Days from today, where a word says so.
    day: Option<i64>,
    now: bool,
}

impl Found {
    /// Takes the part that stands next, or refuses the text.
    fn take_one(&mut self, scan: &mut Scan<'_>) -> Option<()> {
        if let Some(word) = scan.word() {
            return self.take_word(&word.to_ascii_lowercase());
        }
        if self.date.is_none()
            && let Some(found) = scan.attempt(Scan::lenient_date)
        {
            self.date = Some(found);
            return Some(());
        }
        if let Some(found) = scan.attempt(Scan::lenient_time) {
            return if self.time.replace(found).is_none() { Some(()) } else { None };
        }
        let offset = scan.lenient_offset()?;
        if self.offset.replace(offset).is_none() { Some(()) } else { None }
    }

    /// A word for a day takes back the time named before it; `now` does not.
    fn take_word(&mut self, word: &str) -> Option<()> {
        match word {
            "now" => self.now = true,
            "today" | "midnight" => (self.day, self.time) = (Some(0), None),
            "tomorrow" => (self.day, self.time) = (Some(1), None),
            "yesterday" => (self.day, self.time) = (Some(-1), None),
            "noon" => self.time = Some((43_200, 0)),
            "z" | "utc" | "gmt" if self.offset.is_none() => self.offset = Some(0),
            _ => return None,
        }
        Some(())
    }

    fn settle(self, now: Timestamp) -> Option<Parsed> {
        let bare_now = self.now && self.date.is_none() && self.time.is_none() && self.day.is_none();
        if bare_now {
            return Some(Parsed { at: now, whole_day: false });
        }
        let first = match self.date {
            Some((year, month, day)) => {
                let month_start = if month == 0 {
                    date(year.checked_sub(1)?, 12, 1)
                } else {
                    date_of(year.into(), month, 1)?
                };
                month_start.checked_add(SignedDuration::from_hours((day - 1) * 24)).ok()?
            }
            // Without date, time or a word for a day, an offset alone names nothing we could place.
            None if self.day.is_none() && self.time.is_none() => return None,
            None => Offset::UTC.to_datetime(now).date(),
        };
        let day = first.checked_add(SignedDuration::from_hours(self.day.unwrap_or(0) * 24)).ok()?;
        let (seconds, nanoseconds) = self.time.unwrap_or((0, 0));
        let since_midnight = SignedDuration::new(seconds, nanoseconds);
        let civil =
            day.to_datetime(Time::midnight()).checked_add(since_midnight).unwrap_or(DateTime::MAX);
        let whole_day = self.time.is_none() && self.offset.is_none();
        Some(Parsed { at: instant(civil, self.offset.unwrap_or(0)), whole_day })
    }
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

    /// A run of letters, unless it is the `T` before a time.
    fn word(&mut self) -> Option<&'a str> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let timed = matches!(self.rest, [b'T' | b't', b'0'..=b'9', ..]);
        // The `T` may also follow a word: tomorrowT09:00.
        let glued = letters > 1
            && matches!(self.rest.get(letters - 1..), Some([b'T' | b't', b'0'..=b'9', ..]));
        let count = if timed { 0 } else { letters - usize::from(glued) };
        if count == 0 {
            return None;
        }
        let (word, rest) = self.rest.split_at(count);
        self.rest = rest;
        std::str::from_utf8(word).ok()
    }

    /// `2026-3-9`, `2026/3/9`, `2026-03`, `20260329`, `29-03-2026`, `29.03.2026` or `03/29/2026`.
    fn lenient_date(&mut self) -> Option<(i16, i64, i64)> {
        let (year, month, day) = match self.digits_ahead() {
            4 => {
                let year = self.exactly(4)?;
                let separator = self.one_of(b"-/")?;
                let month = self.up_to(12)?;
                let day = self.attempt(|scan| {
                    scan.byte(separator)?;
                    scan.up_to(31)
                });
                // Year and month alone are joined by a hyphen only.
                (year, month, if separator == b'-' { day.unwrap_or(1) } else { day? })
            }
            1 | 2 => {
                let first = self.up_to(31)?;
                let separator = self.one_of(b"-./")?;
                let (day, month) = match separator {
                    b'/' if first > 12 => return None,
                    b'/' => (self.up_to(31)?, first),
                    _ => (first, self.up_to(12)?),
                };
                match separator {
                    b'/' => self.byte(b'/')?,
                    _ => {
                        self.one_of(b"-.")?;
                    }
                }
                (self.exactly(4)?, month, day)
            }
            8.. => {
                let year = self.exactly(4)?;
                let month = self.exactly(2).filter(|month| *month <= 12)?;
                (year, month, self.exactly(2).filter(|day| *day <= 31)?)
            }
            _ => return None,
        };
        Some((i16::try_from(year).ok()?, month, day))
    }

    /// `9:00`, `09:00:30.5`, `0900`, `090030`, each with or without a `T`; behind a `T` also the hour alone.
    fn lenient_time(&mut self) -> Option<(i64, i32)> {
        let marked = self.one_of(b"Tt").is_some();
        let compact = matches!(self.digits_ahead(), 4 | 6);
        let hour =
            if compact { self.exactly(2).filter(|hour| *hour <= 24)? } else { self.up_to(24)? };
        let colon = self.one_of(b":.").is_some();
        if !colon && !compact {
            return if marked { Some((hour * 3600, 0)) } else { None };
        }
        let minute =
            if compact { self.exactly(2).filter(|minute| *minute <= 59)? } else { self.up_to(59)? };
        let mut second = 0;
        let mut nanosecond = 0;
        let seconds = self.attempt(|scan| {
            if !compact {
                scan.one_of(b":.")?;
            }
            scan.up_to(60)
        });
        if let Some(seconds) = seconds {
            second = seconds;
            if matches!(self.rest, [b'.', b'0'..=b'9', ..]) {
                self.byte(b'.')?;
                // PHP keeps microseconds.
                nanosecond = self.fraction()? / 1000 * 1000;
            }
        }
        Some((hour * 3600 + minute * 60 + second, nanosecond))
    }

    /// `+09:00`, `+0900`, `+130`, `+09`, `-3`, in seconds.
    fn lenient_offset(&mut self) -> Option<i64> {
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = match self.digits_ahead() {
            1 | 3 => self.exactly(1)?,
            _ => self.exactly(2).filter(|hours| *hours <= 24)?,
        };
        let minutes = if self.byte(b':').is_some() || self.digits_ahead() == 2 {
            self.exactly(2).filter(|minutes| *minutes <= 59)?
        } else {
            0
        };
        Some(sign * (hours * 3600 + minutes * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T03:30:08.577668Z".parse().unwrap()
    }

    fn read(text: &str) -> Option<String> {
        lenient(text, now()).map(|parsed| crate::kit::time::iso_micros(parsed.at))
    }

    #[test]
    #[rustfmt::skip]
    fn the_documented_forms_are_read_and_no_other() {
        for (text, at, whole_day) in [
            ("2026-03-29",                        "2026-03-29T00:00:00Z", true),
            ("2026-03-29 09:00",                  "2026-03-29T09:00:00Z", false),
            ("2026-03-29 09:00:59",               "2026-03-29T09:00:59Z", false),
            ("2026-05-14T10:30:00Z",              "2026-05-14T10:30:00Z", false),
            ("2026-05-14T00:00:00+01:00",         "2026-05-13T23:00:00Z", false),
            ("2026-03-29T09:00",                  "2026-03-29T09:00:00Z", false),
            ("2026-03-29T09:00Z",                 "2026-03-29T09:00:00Z", false),
            ("2026-03-29T09:00:00.123Z",          "2026-03-29T09:00:00.123Z", false),
            ("2026-03-29T09:00:00.12345678987",   "2026-03-29T09:00:00.123456789Z", false),
            ("2026-03-29T09:00:00+0100",          "2026-03-29T08:00:00Z", false),
            ("2026-03-29T09:00:00-01",            "2026-03-29T10:00:00Z", false),
            ("2024-02-29",                        "2024-02-29T00:00:00Z", true),
        ] {
            let parsed = documented(text).unwrap_or_else(|| panic!("{text} is documented"));
            assert_eq!((parsed.at, parsed.whole_day), (at.parse().unwrap(), whole_day), "{text}");
        }
        for text in [
            "", "2026-03-29\u{10}09:00", "2026-03-29\u{15}09:00", "2026-05-14T00:00:00 01:00", "2026-03-29%2009:00",
            "2026-02-30", "2026-04-31", "2025-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "29/03/2026",
            "2026-03-29 25:00", "2026-03-29 24:00", "2026-03-29 09", "2026-03-29 09:60", "2026-03-29 09:00:60", "abc",
            "2026-3-9", "29-03-2026", "20260329", "03/29/2026", "tomorrow", "2026-03", "2026-03-29\t09:00",
            "2026-03-29\n09:00", "2026-03-29  09:00", "2026-03-2909:00", "2026-03-29+09:00", " 2026-03-29",
            "2026-03-29 ", "2026-03-29T", "2026-03-29T09", "2026-03-29 09:00Z", "2026-03-29 09:00:00.5",
            "2026-03-29T09:00:00.", "2026-03-29T09:00:00+24:00", "2026-03-29T09:00:00+01:", "2026-03-29T09:00:00+1",
            "2026-03-29T09:00:00+01:00Z", "2026-03-29t09:00z", "٢٠٢٦-03-29", "é026-03-29",
        ] {
            assert_eq!(documented(text), None, "{text:?}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn the_lenient_reader_takes_what_php_takes() {
        for (text, expected) in [
            // The table of the facts, in its order.
            ("2026-03-29 09:00",            "2026-03-29T09:00:00.000000Z"),
            ("2026-05-14T00:00:00+01:00",   "2026-05-13T23:00:00.000000Z"),
            ("2026-03-29T09:00",            "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29T09:00Z",           "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29T09:00:00.123Z",    "2026-03-29T09:00:00.123000Z"),
            ("2026-03-29T09:00:00+0100",    "2026-03-29T08:00:00.000000Z"),
            ("2026-03-29T09:00:00+01",      "2026-03-29T08:00:00.000000Z"),
            ("2026-02-30",                  "2026-03-02T00:00:00.000000Z"),
            ("2026-04-31",                  "2026-05-01T00:00:00.000000Z"),
            ("2026-03-29 24:00",            "2026-03-30T00:00:00.000000Z"),
            ("2026-3-9",                    "2026-03-09T00:00:00.000000Z"),
            ("29-03-2026",                  "2026-03-29T00:00:00.000000Z"),
            ("20260329",                    "2026-03-29T00:00:00.000000Z"),
            ("03/29/2026",                  "2026-03-29T00:00:00.000000Z"),
            ("tomorrow",                    "2026-11-23T00:00:00.000000Z"),
            ("2026-03",                     "2026-03-01T00:00:00.000000Z"),
            ("2026-03-29\t09:00",          "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29\n09:00",          "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29  09:00",           "2026-03-29T09:00:00.000000Z"),
            ("2026-03-2909:00",             "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29+09:00",            "2026-03-28T15:00:00.000000Z"),
            // Further, measured.
            ("today",                       "2026-11-22T00:00:00.000000Z"),
            ("Yesterday",                   "2026-11-21T00:00:00.000000Z"),
            ("now",                         "2026-11-22T03:30:08.577668Z"),
            ("now 10:00",                   "2026-11-22T10:00:00.000000Z"),
            ("tomorrow 09:00",              "2026-11-23T09:00:00.000000Z"),
            ("tomorrowT09:00",              "2026-11-23T09:00:00.000000Z"),
            ("09:00 tomorrow",              "2026-11-23T00:00:00.000000Z"),
            ("tomorrow noon",               "2026-11-23T12:00:00.000000Z"),
            ("24:00",                       "2026-11-23T00:00:00.000000Z"),
            ("2026-03-29 24:30",            "2026-03-30T00:30:00.000000Z"),
            ("2026-03-29 09:00:60",         "2026-03-29T09:01:00.000000Z"),
            ("2026-03-29 9:5:7",            "2026-03-29T09:05:07.000000Z"),
            ("2026-00-01",                  "2025-12-01T00:00:00.000000Z"),
            ("2026-01-00",                  "2025-12-31T00:00:00.000000Z"),
            ("2026-03-29 09:00:00.1234567891", "2026-03-29T09:00:00.123456Z"),
            ("2026-03-29 09:00:00.",        "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29 09:00.30",         "2026-03-29T09:00:30.000000Z"),
            ("2026-03-29 09.00",            "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29 09:00 +01:00",     "2026-03-29T08:00:00.000000Z"),
            ("2026-03-29 +01:00",           "2026-03-28T23:00:00.000000Z"),
            ("2026-03-29Z",                 "2026-03-29T00:00:00.000000Z"),
            ("2026-03-29 09:00 UTC",        "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29t09:00z",           "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29T09",               "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29 T09:00",           "2026-03-29T09:00:00.000000Z"),
            // Midnight nine hours west.
            ("2026-03-29-09:00",            "2026-03-29T09:00:00.000000Z"),
            ("2026-03-29.09:00",            "2026-03-29T09:00:00.000000Z"),
            ("2026/3/9",                    "2026-03-09T00:00:00.000000Z"),
            ("29.03.2026",                  "2026-03-29T00:00:00.000000Z"),
            ("10/00/2026",                  "2026-09-30T00:00:00.000000Z"),
            ("20260329T090000",             "2026-03-29T09:00:00.000000Z"),
            ("202603290900",                "2026-03-29T09:00:00.000000Z"),
            ("20260300",                    "2026-02-28T00:00:00.000000Z"),
            ("2026-03-299:00",              "2026-03-29T09:00:00.000000Z"),
            ("2026-3-909:00",               "2026-03-09T09:00:00.000000Z"),
            ("2026-03-2909:00Z",            "2026-03-29T09:00:00.000000Z"),
            ("  2026-03-31 ",               "2026-03-31T00:00:00.000000Z"),
            ("2026-03-29T09:00+23:59",      "2026-03-28T09:01:00.000000Z"),
            ("2026-03-29T09:00+1:30",       "2026-03-29T07:30:00.000000Z"),
            ("2026-03-29T09:00+130",        "2026-03-29T07:30:00.000000Z"),
            ("0000-01-01",                  "0000-01-01T00:00:00.000000Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn the_lenient_reader_refuses_what_php_refuses() {
        for text in [
            "2026-03-29\u{10}09:00",
            "2026-03-29\u{15}09:00",
            "2026-05-14T00:00:00 01:00",
            "2026-03-29%2009:00",
            "2026-13-01",
            "29/03/2026",
            "2026-03-29 25:00",
            "2026-03-29 09",
            "abc",
            "2026-03-29 09:60",
            "2026-02-32",
            "2026-03-29 09:00:00,5",
            "2026-03-29\r09:00",
            "2026-03-29_09:00",
            "(2026-03-29)",
            "2026-03-29;",
            "20261329",
            "13/01/2026",
            "2026-03-29 10:00 2026-03-29",
            "2026-03-29T09:00+99:00",
            "2026-03-29T09:00+01:60",
            "1/32/2026",
            "2026 03 29",
            "2026-13",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        // PHP would take an empty text as now; here it is an absent parameter, not a date.
        assert_eq!((read(""), read(" \t")), (None, None));
    }

    #[test]
    fn a_day_ends_with_its_last_microsecond_and_a_minute_with_its_first_second() {
        let day = documented("2026-05-14").unwrap();
        assert_eq!(day.bound(Bound::Start), "2026-05-14T00:00:00Z".parse().unwrap());
        assert_eq!(day.bound(Bound::End), "2026-05-14T23:59:59.999999Z".parse().unwrap());
        let minute = documented("2026-05-14 09:00").unwrap();
        assert_eq!(minute.end(), minute.start());
        let rolled = lenient("2026-02-30", now()).unwrap();
        assert_eq!(rolled.end(), "2026-03-02T23:59:59.999999Z".parse().unwrap());
        let midnight_elsewhere = lenient("2026-03-29+09:00", now()).unwrap();
        assert_eq!(midnight_elsewhere.end(), midnight_elsewhere.start());
        let end_of_time = documented("9999-12-31").unwrap();
        assert!(end_of_time.end() > now() && end_of_time.start() > now());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", close in r"[0-9]{0,9}([-/:.,+ TZtz0-9]|now|tomorrow|é|\t){0,24}", seconds in -9_000_000_000i64..253_402_200_000) {
            let now = Timestamp::from_second(seconds).unwrap();
            for text in [text, close] {
                if let Some(parsed) = documented(&text) {
                    // Whatever is documented, PHP reads alike, to its microsecond.
                    let php = lenient(&text, now).unwrap();
                    proptest::prop_assert_eq!(parsed.whole_day, php.whole_day);
                    proptest::prop_assert_eq!(parsed.at.as_microsecond(), php.at.as_microsecond());
                }
                if let Some(parsed) = lenient(&text, now) {
                    proptest::prop_assert!(parsed.end() >= parsed.start());
                }
            }
        }

        #[test]
        fn every_documented_form_reads_back(seconds in -9_000_000_000i64..253_402_200_000) {
            let at = Timestamp::from_second(seconds).unwrap();
            for text in [crate::kit::time::iso_seconds(at), crate::kit::time::plain(at), crate::kit::time::iso_micros(at)] {
                proptest::prop_assert_eq!(documented(&text).map(|parsed| parsed.at), Some(at));
                proptest::prop_assert_eq!(lenient(&text, at).map(|parsed| parsed.at), Some(at));
            }
        }
    }
}
