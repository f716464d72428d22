//! `strtotime` itself: the parts that PHP finds in a text, and the instant they come to.
//!
//! The order in which they count is PHP's: the date, then the day of the week, then what is added, then the first or last
//! day of the month, then days of work.

use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::frameworks::php::strtotime::names::Unit;
use crate::frameworks::php::strtotime::readers::{DatePart, DateParts};
use crate::frameworks::php::strtotime::{Parsed, Scan, instant};

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
        let part = scan.part(found.date.is_none())?;
        found.take(part)?;
        anything = true;
    }
    if !anything {
        return None;
    }
    found.settle(now)
}

/// Where a text says it is.
enum Zone {
    /// So many seconds east of UTC.
    Fixed(i64),
    Named(TimeZone),
}

/// Which day of the week, counted from where.
#[derive(Clone, Copy)]
struct Weekday {
    /// Sunday is 0.
    day: i64,
    counts: Counts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// The next one.
    After,
    /// The day itself, or the next one.
    From,
    /// The one of the same week.
    Week,
}

/// Which day of the month.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    FirstDay,
    LastDay,
    /// A day of the week, counted from the beginning.
    FromFirst,
    /// A day of the week, counted back from the end.
    FromLast,
}

/// What is added.
#[derive(Clone, Copy, Default)]
struct Added {
    months: i64,
    days: i64,
    seconds: i64,
    microseconds: i64,
    working_days: i64,
}

/// The parts PHP finds in a text; date, time and zone may be named once.
#[derive(Default)]
struct Found {
    date: Option<DateParts>,
    /// A year that stands alone leaves day and time as they are.
    year: Option<i64>,
    /// Seconds and nanoseconds since midnight.
    time: Option<(i64, i32)>,
    /// A word for a day, which begins at midnight.
    from_midnight: bool,
    zone: Option<Zone>,
    weekday: Option<Weekday>,
    of: Option<Of>,
    added: Added,
}

impl Found {
    /// Takes the part that stands next, or refuses the text.
    fn take(&mut self, part: DatePart<'_>) -> Option<()> {
        match part {
            DatePart::Date(date) => self.date = Some(date),
            DatePart::DateTime(date, time) => {
                self.date = Some(date);
                return self.take_time(time);
            }
            DatePart::Year(year) => self.year = Some(year),
            DatePart::Time(time) => return self.take_time(time),
            DatePart::Offset(seconds) => {
                return if self.zone.replace(Zone::Fixed(seconds)).is_none() {
                    Some(())
                } else {
                    None
                };
            }
            DatePart::ZoneName(name) => {
                let named = Zone::Named(TimeZone::get(name).ok()?);
                return if self.zone.replace(named).is_none() { Some(()) } else { None };
            }
            DatePart::Instant(seconds, microseconds) => {
                self.date = Some(DateParts { year: Some(1970), month: Some(1), day: Some(1) });
                (self.time, self.zone) = (Some((0, 0)), Some(Zone::Fixed(0)));
                self.added.seconds = self.added.seconds.checked_add(seconds)?;
                self.added.microseconds = self.added.microseconds.checked_add(microseconds)?;
            }
            DatePart::Now => {}
            DatePart::Day(days) => {
                self.midnight();
                self.added.days += days;
            }
            DatePart::Noon => {
                self.midnight();
                self.time = Some((43_200, 0));
            }
            DatePart::Weekday(day) => {
                self.midnight();
                let counts = match self.weekday {
                    Some(Weekday { counts: Counts::Week, .. }) => Counts::Week,
                    _ => Counts::From,
                };
                self.weekday = Some(Weekday { day, counts });
            }
            DatePart::Number(number, unit) => self.add(number, unit, Counts::From)?,
            DatePart::Ordinal((number, is_this), unit) => {
                if matches!(unit, Unit::Weekday(_) | Unit::WorkingDays) {
                    self.midnight();
                }
                self.add(number, unit, if is_this { Counts::From } else { Counts::After })?;
            }
            DatePart::Week(number) => {
                self.added.days = self.added.days.checked_add(number.checked_mul(7)?)?;
                let day = self.weekday.map_or(1, |weekday| weekday.day);
                self.weekday = Some(Weekday { day, counts: Counts::Week });
            }
            DatePart::EdgeOfMonth { is_last } => {
                self.of = Some(if is_last { Of::LastDay } else { Of::FirstDay });
            }
            DatePart::WeekdayOfMonth(number, day) => {
                self.midnight();
                self.of = Some(if number > 0 { Of::FromFirst } else { Of::FromLast });
                let counts = if number > 0 { Counts::From } else { Counts::After };
                self.add(number, Unit::Weekday(day), counts)?;
            }
            DatePart::Ago => self.turn_around(),
        }
        Some(())
    }

    fn take_time(&mut self, time: (i64, i32)) -> Option<()> {
        if self.time.replace(time).is_none() { Some(()) } else { None }
    }

    /// A word for a day takes back the time named before it.
    fn midnight(&mut self) {
        (self.from_midnight, self.time) = (true, None);
    }

    fn add(&mut self, number: i64, unit: Unit, counts: Counts) -> Option<()> {
        let add = |sum: &mut i64, by: i64| {
            *sum = sum.checked_add(number.checked_mul(by)?)?;
            Some(())
        };
        match unit {
            Unit::Microseconds(by) => add(&mut self.added.microseconds, by),
            Unit::Seconds(by) => add(&mut self.added.seconds, by),
            Unit::Days(by) => add(&mut self.added.days, by),
            Unit::Months(by) => add(&mut self.added.months, by),
            Unit::WorkingDays => add(&mut self.added.working_days, 1),
            Unit::Weekday(day) => {
                let weeks = if number > 0 { number - 1 } else { number };
                self.added.days = self.added.days.checked_add(weeks.checked_mul(7)?)?;
                self.weekday = Some(Weekday { day, counts });
                Some(())
            }
        }
    }

    fn turn_around(&mut self) {
        let Added { months, days, seconds, microseconds, working_days } = self.added;
        self.added = Added {
            months: -months,
            days: -days,
            seconds: -seconds,
            microseconds: -microseconds,
            working_days: -working_days,
        };
    }

    fn settle(self, now: Timestamp) -> Option<Parsed> {
        let civil = Offset::UTC.to_datetime(now);
        let date = self.date.unwrap_or_default();
        let year = date.year.or(self.year).unwrap_or(civil.year().into());
        let month = date.month.unwrap_or(civil.month().into());
        let day = date.day.unwrap_or(civil.day().into());
        let mut added = self.added;
        let (month, day) = match self.of {
            Some(Of::FromFirst) => (month + std::mem::take(&mut added.months), 1),
            Some(Of::FromLast) => (month + std::mem::take(&mut added.months) + 1, 1),
            _ => (month, day),
        };
        let mut first = rolled(year, month, day)?;
        if let Some(weekday) = self.weekday {
            first = moved(first, weekday, added.days)?;
        }
        let (year, month) = (i64::from(first.year()), i64::from(first.month()) + added.months);
        let day = match self.of {
            Some(Of::FirstDay) => rolled(year, month, 1)?,
            Some(Of::LastDay) => rolled(year, month + 1, 0)?,
            _ => rolled(year, month, i64::from(first.day()).checked_add(added.days)?)?,
        };
        let day = worked(day, added.working_days)?;
        let is_day = self.date.is_some() || self.from_midnight;
        let since_midnight = match self.time {
            Some((seconds, nanoseconds)) => SignedDuration::new(seconds, nanoseconds),
            None if is_day => SignedDuration::ZERO,
            None => civil.duration_since(civil.date().to_datetime(Time::midnight())),
        };
        let more = SignedDuration::from_secs(added.seconds)
            .checked_add(SignedDuration::from_micros(added.microseconds))?;
        let civil = day
            .to_datetime(Time::midnight())
            .checked_add(since_midnight.checked_add(more)?)
            .unwrap_or(DateTime::MAX);
        let whole_day = self.time.is_none() && is_day && self.zone.is_none() && more.is_zero();
        let at = match self.zone {
            Some(Zone::Named(zone)) => zone.to_ambiguous_timestamp(civil).compatible().ok()?,
            Some(Zone::Fixed(offset)) => instant(civil, offset),
            None => instant(civil, 0),
        };
        Some(Parsed { at, whole_day })
    }
}

/// A day, whatever month and day of the month say: 0 is the last one before.
fn rolled(year: i64, month: i64, day: i64) -> Option<Date> {
    let months = year.checked_mul(12)?.checked_add(month.checked_sub(1)?)?;
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    if !(-9_999..=9_999).contains(&year) {
        return None;
    }
    let hours = day.checked_sub(1)?.checked_mul(24)?;
    let span = SignedDuration::try_from_hours(hours)?;
    date(year, month, 1).checked_add(span).ok()
}

fn later(day: Date, days: i64) -> Option<Date> {
    day.checked_add(SignedDuration::try_from_hours(days.checked_mul(24)?)?).ok()
}

/// The day of the week that is meant, seen from a day; `added` days will come to it.
fn moved(from: Date, weekday: Weekday, added: i64) -> Option<Date> {
    let today = i64::from(from.weekday().to_sunday_zero_offset());
    if weekday.counts == Counts::Week {
        // Weeks begin on Monday here.
        let day = match (weekday.day, today) {
            (0, 0) => 0,
            (0, _) => 7,
            (day, 0) => day - 7,
            (day, _) => day,
        };
        return later(from, day - today);
    }
    let difference = weekday.day - today;
    let least = if weekday.counts == Counts::From { -1 } else { 0 };
    let is_past = if added < 0 { difference < 0 } else { difference <= least };
    later(from, difference + if is_past { 7 } else { 0 })
}

/// So many days of work later, or earlier.
fn worked(day: Date, count: i64) -> Option<Date> {
    /// Nobody looks further, and each is a step.
    const MOST: i64 = 100_000;
    if count.abs() > MOST {
        return None;
    }
    let (mut day, mut left) = (day, count.abs());
    while left > 0 {
        day = later(day, count.signum())?;
        let is_weekend = matches!(day.weekday().to_monday_zero_offset(), 5 | 6);
        left -= i64::from(!is_weekend);
    }
    Some(day)
}
