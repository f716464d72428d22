//! What PHP's reader of dates finds at a place of a text. Of all that fit there the longest counts, as in PHP.

use jiff::civil::date;

use crate::frameworks::php::strtotime::Scan;
use crate::frameworks::php::strtotime::names::{self, Unit};

/// One thing that a text says.
#[derive(Debug, Clone, Copy)]
pub(super) enum DatePart<'a> {
    Date(DateParts),
    DateTime(DateParts, (i64, i32)),
    /// A year by itself.
    Year(i64),
    /// Seconds and nanoseconds since midnight.
    Time((i64, i32)),
    /// Seconds east of UTC.
    Offset(i64),
    ZoneName(&'a str),
    /// Seconds and microseconds since 1970.
    Instant(i64, i64),
    Now,
    /// So many days from today, at midnight.
    Day(i64),
    Noon,
    /// Sunday is 0.
    Weekday(i64),
    Number(i64, Unit),
    /// A word for a number, and whether it is `this`.
    Ordinal((i64, bool), Unit),
    /// So many weeks on, in that week.
    Week(i64),
    EdgeOfMonth {
        is_last: bool,
    },
    /// The so many-th of a day of the week; -1 is the last.
    WeekdayOfMonth(i64, i64),
    Ago,
}

/// What a date names; what it does not is today's.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DateParts {
    pub(super) year: Option<i64>,
    /// From 0 to 12.
    pub(super) month: Option<i64>,
    /// From 0 on; what is beyond the month rolls over.
    pub(super) day: Option<i64>,
}

impl DateParts {
    fn whole(year: i64, month: i64, day: i64) -> Self {
        DateParts { year: Some(year), month: Some(month), day: Some(day) }
    }
}

type DateReader<'a> = fn(&mut Scan<'a>) -> Option<DatePart<'a>>;

impl<'a> Scan<'a> {
    /// The part that stands here.
    pub(super) fn part(&mut self, wants_date: bool) -> Option<DatePart<'a>> {
        const fn readers<'a>() -> [DateReader<'a>; 21] {
            [
                Scan::numeric_date,
                Scan::clf,
                Scan::day_month,
                Scan::month_day,
                Scan::month_year,
                Scan::year_month,
                Scan::pg_month_day,
                Scan::pg_year_month,
                Scan::iso_week,
                Scan::year_day,
                Scan::slashed,
                Scan::exif,
                Scan::time_of_day,
                Scan::time_of_half,
                Scan::pointed,
                Scan::unix,
                Scan::number,
                Scan::phrase,
                Scan::zone,
                Scan::lone_year,
                Scan::simple,
            ]
        }
        let mut best: Option<(usize, Scan<'a>, DatePart<'a>)> = None;
        for read in readers() {
            let mut ahead = *self;
            let Some(part) = read(&mut ahead) else { continue };
            if !wants_date
                && matches!(part, DatePart::Date(_) | DatePart::DateTime(..) | DatePart::Year(_))
            {
                continue;
            }
            let left = ahead.rest.len();
            if best.as_ref().is_none_or(|(shortest, ..)| left < *shortest) {
                best = Some((left, ahead, part));
            }
        }
        let (_, ahead, part) = best?;
        *self = ahead;
        Some(part)
    }

    fn skip(&mut self, of: &[u8]) -> usize {
        let count = self.rest.iter().take_while(|byte| of.contains(byte)).count();
        self.rest = self.rest.get(count..).unwrap_or_default();
        count
    }

    /// A word, in lower case.
    fn lower(&mut self) -> Option<String> {
        self.word().map(str::to_ascii_lowercase)
    }

    fn month(&mut self) -> Option<i64> {
        names::month(&self.lower()?)
    }

    /// `4`, `04`, `4th`.
    fn day_number(&mut self) -> Option<i64> {
        let day = self.up_to(31)?;
        let is_suffix = matches!(self.rest.get(..2), Some(two) if
            [&b"st"[..], b"nd", b"rd", b"th"].iter().any(|suffix| two.eq_ignore_ascii_case(suffix)));
        if is_suffix {
            self.rest = self.rest.get(2..).unwrap_or_default();
        }
        (self.digits_ahead() == 0).then_some(day)
    }

    /// Four digits, or two that are no hour.
    fn year(&mut self) -> Option<i64> {
        match self.digits_ahead() {
            4 => self.exactly(4),
            2 => self.short_year().filter(|_| self.rest.first() != Some(&b':')),
            _ => None,
        }
    }

    fn short_year(&mut self) -> Option<i64> {
        let year = self.exactly(2)?;
        Some(if year < 70 { 2_000 + year } else { 1_900 + year })
    }

    fn numeric_date(&mut self) -> Option<DatePart<'a>> {
        let (year, month, day) = self.numbers()?;
        Some(DatePart::Date(DateParts::whole(year.into(), month, day)))
    }

    /// `10/Oct/2000:13:55:36`, as web servers write.
    fn clf(&mut self) -> Option<DatePart<'a>> {
        let day = self.up_to(31)?;
        self.byte(b'/')?;
        let month = self.month()?;
        self.byte(b'/')?;
        let year = self.exactly(4)?;
        self.byte(b':')?;
        Some(DatePart::DateTime(DateParts::whole(year, month, day), self.clock()?))
    }

    /// `1 May 2026`, `1st May`, `1-May-2026`, `1 IV 2026`.
    fn day_month(&mut self) -> Option<DatePart<'a>> {
        let day = self.day_number()?;
        self.skip(b" \t.-");
        let word = self.lower()?;
        let month = names::month(&word).or_else(|| names::roman(&word))?;
        let year = self.attempt(|scan| {
            scan.skip(b" \t.-");
            scan.year()
        });
        Some(DatePart::Date(DateParts { year, month: Some(month), day: Some(day) }))
    }

    /// `May 1, 2026`, `May 1`.
    fn month_day(&mut self) -> Option<DatePart<'a>> {
        let month = self.month()?;
        self.skip(b" \t.-");
        let day = self.day_number()?;
        let year = self.attempt(|scan| {
            let is_apart = scan.skip(b" \t.,") > 0;
            scan.year().filter(|_| is_apart)
        });
        Some(DatePart::Date(DateParts { year, month: Some(month), day: Some(day) }))
    }

    /// `May 2026`, whose first day it is; `May`, in which today's day is meant.
    fn month_year(&mut self) -> Option<DatePart<'a>> {
        let month = self.month()?;
        let year = self.attempt(|scan| {
            scan.skip(b" \t.-");
            scan.exactly(4).filter(|_| scan.digits_ahead() == 0)
        });
        Some(DatePart::Date(DateParts { year, month: Some(month), day: year.map(|_| 1) }))
    }

    /// `2008 June`.
    fn year_month(&mut self) -> Option<DatePart<'a>> {
        let year = self.exactly(4)?;
        self.skip(b" \t.-");
        Some(DatePart::Date(DateParts::whole(year, self.month()?, 1)))
    }

    /// `May-09-78`.
    fn pg_month_day(&mut self) -> Option<DatePart<'a>> {
        let month = self.month()?;
        self.byte(b'-')?;
        let day = self.up_to(31)?;
        self.byte(b'-')?;
        Some(DatePart::Date(DateParts::whole(self.year()?, month, day)))
    }

    /// `78-Dec-22`, `1814-MAY-17`.
    fn pg_year_month(&mut self) -> Option<DatePart<'a>> {
        let year = self.year()?;
        self.byte(b'-')?;
        let month = self.month()?;
        self.byte(b'-')?;
        Some(DatePart::Date(DateParts::whole(year, month, self.up_to(31)?)))
    }

    /// `2026-W14-1`, `2026W141`, `2026W14`: a week of ISO 8601.
    fn iso_week(&mut self) -> Option<DatePart<'a>> {
        let year = self.exactly(4)?;
        self.attempt(|scan| scan.byte(b'-'));
        self.one_of(b"W")?;
        let week = self.exactly(2).filter(|week| (1..=53).contains(week))?;
        let day = self.attempt(|scan| {
            scan.attempt(|scan| scan.byte(b'-'));
            scan.exactly(1).filter(|day| *day <= 7)
        });
        // The week of the fourth of January is the first one.
        let fourth = date(i16::try_from(year).ok()?, 1, 4).weekday();
        let monday = 4 - i64::from(fourth.to_monday_zero_offset());
        let day = monday + (week - 1) * 7 + day.unwrap_or(1) - 1;
        Some(DatePart::Date(DateParts::whole(year, 1, day)))
    }

    /// `2026.123`, `2026123`: a day of the year.
    fn year_day(&mut self) -> Option<DatePart<'a>> {
        let glued = self.digits_ahead() == 7;
        let year = self.exactly(4)?;
        let parted = self.attempt(|scan| scan.one_of(b".-")).is_some();
        if !(glued || parted && self.digits_ahead() == 3) {
            return None;
        }
        let day = self.exactly(3).filter(|day| (1..=366).contains(day))?;
        Some(DatePart::Date(DateParts::whole(year, 1, day)))
    }

    /// `5/17`.
    fn slashed(&mut self) -> Option<DatePart<'a>> {
        let month = self.up_to(12)?;
        self.byte(b'/')?;
        let day = self.up_to(31)?;
        Some(DatePart::Date(DateParts { year: None, month: Some(month), day: Some(day) }))
    }

    /// `2008:08:07`, as cameras write.
    fn exif(&mut self) -> Option<DatePart<'a>> {
        let year = self.exactly(4)?;
        self.byte(b':')?;
        let month = self.exactly(2).filter(|month| *month <= 12)?;
        self.byte(b':')?;
        let day = self.exactly(2).filter(|day| *day <= 31)?;
        Some(DatePart::Date(DateParts::whole(year, month, day)))
    }

    /// `30.6.08`.
    fn pointed(&mut self) -> Option<DatePart<'a>> {
        let day = self.up_to(31)?;
        self.one_of(b".\t")?;
        let month = self.up_to(12)?;
        self.byte(b'.')?;
        let year = self.short_year().filter(|_| self.digits_ahead() == 0)?;
        Some(DatePart::Date(DateParts::whole(year, month, day)))
    }

    fn lone_year(&mut self) -> Option<DatePart<'a>> {
        (self.digits_ahead() == 4).then(|| self.exactly(4)).flatten().map(DatePart::Year)
    }

    fn time_of_day(&mut self) -> Option<DatePart<'a>> {
        self.clock().map(DatePart::Time)
    }

    /// `9am`, `9:30 pm`, `12 a.m.`
    fn time_of_half(&mut self) -> Option<DatePart<'a>> {
        let hour = self.up_to(12).filter(|hour| *hour > 0)?;
        let mut below = || {
            self.attempt(|scan| {
                scan.one_of(b":.")?;
                scan.up_to(59)
            })
        };
        let (minute, second) = (below().unwrap_or(0), below().unwrap_or(0));
        self.skip(b" \t");
        let half = self.one_of(b"aApP")?;
        self.skip(b".");
        self.one_of(b"mM")?;
        self.skip(b".");
        let late = if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 };
        Some(DatePart::Time(((hour % 12 + late) * 3_600 + minute * 60 + second, 0)))
    }

    /// `@1775000000`, with a fraction if there is one.
    fn unix(&mut self) -> Option<DatePart<'a>> {
        self.byte(b'@')?;
        let sign = self.one_of(b"-").map_or(1, |_| -1);
        let count = self.digits_ahead();
        let seconds = self.exactly(count).filter(|_| count <= 12)?;
        let nanoseconds = self.attempt(|scan| {
            scan.byte(b'.')?;
            scan.fraction()
        });
        let microseconds = i64::from(nanoseconds.unwrap_or(0) / 1_000);
        Some(DatePart::Instant(sign * seconds, sign * microseconds))
    }

    /// `+1 day`, `-7 days`, `2 weeks`, `1day`.
    fn number(&mut self) -> Option<DatePart<'a>> {
        let signs = self.rest.iter().take_while(|byte| matches!(byte, b'+' | b'-')).count();
        let minus = self.rest.iter().take(signs).filter(|byte| **byte == b'-').count();
        self.rest = self.rest.get(signs..).unwrap_or_default();
        self.skip(b" \t");
        let count = self.digits_ahead();
        let number = self.exactly(count).filter(|_| count <= 13)?;
        self.skip(b" \t");
        let unit = self.unit()?;
        Some(DatePart::Number(if minus % 2 == 1 { -number } else { number }, unit))
    }

    fn unit(&mut self) -> Option<Unit> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let text = std::str::from_utf8(self.rest.get(..letters)?).ok()?.to_ascii_lowercase();
        let (unit, length) = names::unit(&text)?;
        self.rest = self.rest.get(length..).unwrap_or_default();
        Some(unit)
    }

    /// `next month`, `last monday`, `first day of`, `third friday of`, `this week`.
    fn phrase(&mut self) -> Option<DatePart<'a>> {
        let word = self.lower()?;
        let blanks = self.skip(b" \t");
        if matches!(word.as_str(), "back" | "front") {
            return self.beside(word == "back");
        }
        let number = names::ordinal(&word).filter(|_| blanks > 0)?;
        let mut ahead = *self;
        let next = ahead.lower()?;
        let is_followed = ahead.skip(b" \t") > 0 && ahead.lower().as_deref() == Some("of");
        if is_followed && next == "day" && matches!(word.as_str(), "first" | "last") {
            *self = ahead;
            return Some(DatePart::EdgeOfMonth { is_last: word == "last" });
        }
        if let Some(day) = names::weekday(&next).filter(|_| is_followed) {
            *self = ahead;
            return Some(DatePart::WeekdayOfMonth(number.0, day));
        }
        if next == "week" {
            self.word()?;
            return Some(DatePart::Week(number.0));
        }
        self.unit().map(|unit| DatePart::Ordinal(number, unit))
    }

    /// `back of 7pm` is a quarter past, `front of 5am` a quarter to.
    fn beside(&mut self, is_back: bool) -> Option<DatePart<'a>> {
        (self.lower()? == "of").then_some(())?;
        self.skip(b" \t");
        let half = self.attempt(Scan::time_of_half);
        let hour = match half {
            Some(DatePart::Time((seconds, _))) => seconds,
            _ => self.up_to(24)? * 3_600,
        };
        Some(DatePart::Time((hour + if is_back { 900 } else { -900 }, 0)))
    }

    /// `+01:00`, `UTC`, `GMT+2`, `(CET)`, `Europe/Paris`.
    fn zone(&mut self) -> Option<DatePart<'a>> {
        if let Some(offset) = self.attempt(Scan::lenient_offset) {
            return Some(DatePart::Offset(offset));
        }
        let is_enclosed = self.byte(b'(').is_some();
        let count = self
            .rest
            .iter()
            .take_while(|it| it.is_ascii_alphabetic() || b"/_".contains(it))
            .count();
        let (name, rest) = self.rest.split_at_checked(count)?;
        let name = std::str::from_utf8(name).ok()?;
        self.rest = rest;
        if is_enclosed {
            self.byte(b')')?;
        }
        if name.contains('/') {
            return Some(DatePart::ZoneName(name));
        }
        let lower = name.to_ascii_lowercase();
        let offset = names::zone(&lower)?;
        let more =
            matches!(lower.as_str(), "utc" | "gmt").then(|| self.attempt(Scan::lenient_offset));
        Some(DatePart::Offset(offset + more.flatten().unwrap_or(0)))
    }

    /// A word that says all by itself.
    fn simple(&mut self) -> Option<DatePart<'a>> {
        let word = self.lower()?;
        Some(match word.as_str() {
            "now" => DatePart::Now,
            "today" | "midnight" => DatePart::Day(0),
            "tomorrow" => DatePart::Day(1),
            "yesterday" => DatePart::Day(-1),
            "noon" => DatePart::Noon,
            "ago" => DatePart::Ago,
            "weekday" | "weekdays" => DatePart::Ordinal((1, false), Unit::WorkingDays),
            word => DatePart::Weekday(names::weekday(word)?),
        })
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
    fn numbers(&mut self) -> Option<(i16, i64, i64)> {
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
    fn clock(&mut self) -> Option<(i64, i32)> {
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
