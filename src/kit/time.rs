//! Time in text: how instants are formatted, how durations are parsed, and how business days are counted.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// An instant as it is written, in no memory of its own: an answer has many.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    text: [u8; Stamp::LONGEST],
    length: usize,
}

impl Stamp {
    /// What the longest form of the furthest year takes, and some more.
    const LONGEST: usize = 32;

    /// `2026-05-10T10:00:00.000000Z`: six digits always.
    pub fn iso_micros(at: Timestamp) -> Stamp {
        let (civil, mut out) = (utc(at), Stamp::empty());
        out.date(civil);
        out.push(b"T");
        out.clock(civil);
        out.push(b".");
        let micros = civil.subsec_nanosecond().unsigned_abs() / 1000;
        out.pair(micros / 10_000);
        out.pair(micros / 100);
        out.pair(micros);
        out.push(b"Z");
        out
    }

    /// `2026-05-10T10:00:00Z`.
    pub fn iso_seconds(at: Timestamp) -> Stamp {
        let (civil, mut out) = (utc(at), Stamp::empty());
        out.date(civil);
        out.push(b"T");
        out.clock(civil);
        out.push(b"Z");
        out
    }

    /// `2025-01-14 22:48:00`, in UTC and without saying so.
    pub fn plain(at: Timestamp) -> Stamp {
        let (civil, mut out) = (utc(at), Stamp::empty());
        out.date(civil);
        out.push(b" ");
        out.clock(civil);
        out
    }

    /// `Sun, 10 May 2026 10:00:00 GMT`, as the `Date` header is written.
    pub fn http_date(at: Timestamp) -> Stamp {
        let (civil, mut out) = (utc(at), Stamp::empty());
        let name = |names: &[&'static str], at: i8| {
            names.get(usize::from(at.unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default()
        };
        out.push(name(&WEEKDAYS, civil.weekday().to_monday_one_offset()).as_bytes());
        out.push(b", ");
        out.pair(u32::from(civil.day().unsigned_abs()));
        out.push(b" ");
        out.push(name(&MONTHS, civil.month()).as_bytes());
        out.push(b" ");
        out.year(civil);
        out.push(b" ");
        out.clock(civil);
        out.push(b" GMT");
        out
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..self.length]).unwrap_or_default()
    }

    fn empty() -> Stamp {
        Stamp { text: [0; Stamp::LONGEST], length: 0 }
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        self.text[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    /// The last two decimal digits of a number.
    fn pair(&mut self, number: u32) {
        let place = 2 * (number % 100) as usize;
        self.push(&PAIRS[place..place + 2]);
    }

    fn year(&mut self, civil: DateTime) {
        let year = u32::from(civil.year().unsigned_abs());
        self.pair(year / 100);
        self.pair(year);
    }

    fn date(&mut self, civil: DateTime) {
        if civil.year() < 0 {
            self.push(b"-");
        }
        self.year(civil);
        self.push(b"-");
        self.pair(u32::from(civil.month().unsigned_abs()));
        self.push(b"-");
        self.pair(u32::from(civil.day().unsigned_abs()));
    }

    fn clock(&mut self, civil: DateTime) {
        self.pair(u32::from(civil.hour().unsigned_abs()));
        self.push(b":");
        self.pair(u32::from(civil.minute().unsigned_abs()));
        self.push(b":");
        self.pair(u32::from(civil.second().unsigned_abs()));
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// [`Stamp::iso_micros`] as a text of its own.
pub fn iso_micros(at: Timestamp) -> String {
    Stamp::iso_micros(at).as_str().to_owned()
}

/// [`Stamp::iso_seconds`] as a text of its own.
pub fn iso_seconds(at: Timestamp) -> String {
    Stamp::iso_seconds(at).as_str().to_owned()
}

/// [`Stamp::http_date`] as a text of its own.
pub fn http_date(at: Timestamp) -> String {
    Stamp::http_date(at).as_str().to_owned()
}

fn utc(at: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(at)
}

/// Two digits each: a division a pair, and no formatting on the way of every answer.
const PAIRS: &[u8; 200] = b"\
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
    5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Units in falling order: how a short span writes them, how ISO 8601 does, and their milliseconds.
#[rustfmt::skip]
const UNITS: [(&str, Option<char>, i64); 6] = [
    ("w",  Some('W'), 604_800_000),
    ("d",  Some('D'), 86_400_000),
    ("h",  Some('H'), 3_600_000),
    ("m",  Some('M'), 60_000),
    ("s",  Some('S'), 1_000),
    ("ms", None,      1),
];
/// In ISO 8601 the units from here on stand behind the `T`.
const FIRST_CLOCK_UNIT: usize = 2;

/// Reads `90s`, `45m`, `36h`, `2d`, `1h30m`, `500ms` or ISO 8601 (`PT36H`, `P2D`).
///
/// Units come in falling order, each once, with whole numbers; months and years have no fixed length and are refused.
pub fn span(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let milliseconds = match text.strip_prefix(['P', 'p']) {
        None => sum(text, |unit| UNITS.iter().position(|(short, ..)| *short == unit), 0)?,
        Some(iso) => {
            let iso = iso.to_ascii_uppercase();
            let (days, clock) = match iso.split_once('T') {
                Some((days, clock)) if !clock.is_empty() => (days, clock),
                Some(_) => return None,
                None if iso.is_empty() => return None,
                None => (iso.as_str(), ""),
            };
            let unit = |letter: &str| {
                UNITS.iter().position(|(_, iso, _)| iso.is_some_and(|c| letter == c.to_string()))
            };
            let days = if days.is_empty() {
                0
            } else {
                sum(days, |letter| unit(letter).filter(|place| *place < FIRST_CLOCK_UNIT), 0)?
            };
            let clock = if clock.is_empty() { 0 } else { sum(clock, unit, FIRST_CLOCK_UNIT)? };
            days.checked_add(clock)?
        }
    };
    Some(SignedDuration::from_millis(milliseconds))
}

/// The milliseconds of at least one number-and-unit, the units in falling order from a place in the table.
fn sum(text: &str, unit: impl Fn(&str) -> Option<usize>, mut from: usize) -> Option<i64> {
    let (mut rest, mut total) = (text, 0i64);
    loop {
        let (number, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (name, behind) =
            behind.split_at(behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len()));
        let place = unit(name).filter(|place| *place >= from)?;
        let (_, _, milliseconds) = UNITS.get(place)?;
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(*milliseconds)?)?;
        if behind.is_empty() {
            return Some(total);
        }
        (rest, from) = (behind, place + 1);
    }
}

/// Writes a span the way [`span`] reads it: whole days in days, else from hours down (`36h`, `1h30m`, `500ms`).
///
/// What is shorter than a millisecond is dropped; a negative span has a minus sign, which `span` does not read.
pub fn write_span(span: SignedDuration) -> String {
    let mut rest = span.as_millis().unsigned_abs();
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut out = String::from(if span.is_negative() { "-" } else { "" });
    let whole_days = rest.is_multiple_of(86_400_000);
    let units = UNITS.iter().filter(|(short, ..)| *short != "w" && (whole_days || *short != "d"));
    for (short, _, milliseconds) in units {
        let milliseconds = u128::from(milliseconds.unsigned_abs());
        let count = rest / milliseconds;
        if count > 0 {
            out.push_str(&count.to_string());
            out.push_str(short);
            rest %= milliseconds;
        }
    }
    out
}

/// Working days from one instant to another: how many Mondays to Fridays (UTC) there are after the first day, up to
/// and including the last.
///
/// The same day counts 0, the next working day 1, Friday to Monday 1; backwards is 0.
pub fn business_days(from: Timestamp, to: Timestamp) -> u32 {
    let days = working_days_before(utc(to).date()) - working_days_before(utc(from).date());
    u32::try_from(days).unwrap_or(0)
}

/// Working days up to and including a day, counted from a fixed Monday.
fn working_days_before(day: Date) -> i64 {
    const MONDAY: Date = jiff::civil::date(2001, 1, 1);
    let days = day.duration_since(MONDAY).as_hours() / 24;
    let (weeks, weekday) = (days.div_euclid(7), days.rem_euclid(7));
    weeks * 5 + (weekday + 1).min(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn instants_are_written_in_four_ways() {
        let instant = at("2026-05-10T09:07:03.000123999Z");
        assert_eq!(iso_micros(instant), "2026-05-10T09:07:03.000123Z");
        assert_eq!(iso_seconds(instant), "2026-05-10T09:07:03Z");
        assert_eq!(Stamp::plain(instant).as_str(), "2026-05-10 09:07:03");
        assert_eq!(http_date(instant), "Sun, 10 May 2026 09:07:03 GMT");
        assert_eq!(iso_micros(at("1969-12-31T23:59:59.5Z")), "1969-12-31T23:59:59.500000Z");
        assert_eq!(http_date(Timestamp::UNIX_EPOCH), "Thu, 01 Jan 1970 00:00:00 GMT");
        for extreme in [Timestamp::MIN, Timestamp::MAX] {
            assert!(http_date(extreme).ends_with("GMT") && iso_micros(extreme).ends_with('Z'));
        }
    }

    #[test]
    fn spans_are_read_in_both_forms() {
        for (text, milliseconds) in [
            ("90s", 90_000),
            ("45m", 2_700_000),
            ("36h", 129_600_000),
            ("2d", 172_800_000),
            ("1h30m", 5_400_000),
            ("500ms", 500),
            ("1w1s1ms", 604_801_001),
            ("0s", 0),
            ("PT36H", 129_600_000),
            ("P2D", 172_800_000),
            ("P1DT2H3M4S", 93_784_000),
            ("p1w", 604_800_000),
        ] {
            assert_eq!(span(text), Some(SignedDuration::from_millis(milliseconds)), "{text}");
        }
        for text in [
            "",
            "s",
            "90",
            "-90s",
            "1.5h",
            "30m1h",
            "1h1h",
            "1y",
            "P",
            "PT",
            "P1M",
            "P2H",
            "PT2D",
            "P1DT",
            "PT5MS",
            "1 h",
            "99999999999999999999s",
            "9223372036854775807w",
            "PTT1S",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
    }

    #[test]
    fn spans_are_written_as_they_are_read() {
        for text in ["90s", "1m30s"] {
            assert_eq!(write_span(span(text).unwrap()), "1m30s");
        }
        for text in ["2d", "36h", "1h30m", "500ms", "1s1ms", "0s"] {
            assert_eq!(write_span(span(text).unwrap()), text);
        }
        assert_eq!(write_span(SignedDuration::from_secs(-60)), "-1m");
        assert!(write_span(SignedDuration::MIN).starts_with('-'));
    }

    #[test]
    fn working_days_skip_the_weekend() {
        // 2026-05-15 is a Friday.
        for (from, to, expected) in [
            ("2026-05-14T00:00:00Z", "2026-05-14T23:59:59Z", 0),
            ("2026-05-14T23:59:59Z", "2026-05-15T00:00:00Z", 1),
            ("2026-05-15T10:00:00Z", "2026-05-16T10:00:00Z", 0),
            ("2026-05-15T10:00:00Z", "2026-05-18T10:00:00Z", 1),
            ("2026-05-16T10:00:00Z", "2026-05-18T10:00:00Z", 1),
            ("2026-05-11T10:00:00Z", "2026-05-25T10:00:00Z", 10),
            ("1999-12-31T10:00:00Z", "2000-01-10T10:00:00Z", 6),
            ("2026-05-18T10:00:00Z", "2026-05-15T10:00:00Z", 0),
        ] {
            assert_eq!(business_days(at(from), at(to)), expected, "{from} {to}");
        }
        assert!(business_days(Timestamp::MIN, Timestamp::MAX) > 5_000_000);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_span_or_none(text in ".*", close in "P?T?([0-9]{0,12}[wdhmsWDHMSé]{0,2}){0,4}") {
            for text in [text, close] {
                if let Some(read) = span(&text) {
                    proptest::prop_assert_eq!(span(&write_span(read)), Some(read));
                }
            }
        }

        #[test]
        fn working_days_agree_with_counting(start in 0i64..40_000, days in 0i64..30) {
            let day = |n: i64| Timestamp::from_second(n * 86_400).unwrap();
            // 1970-01-01 was a Thursday.
            let counted = (start + 1..=start + days).filter(|n| (n + 3) % 7 < 5).count();
            proptest::prop_assert_eq!(business_days(day(start), day(start + days)) as usize, counted);
        }
    }
}
