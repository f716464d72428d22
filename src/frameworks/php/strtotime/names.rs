//! Names that PHP's reader of dates knows: months, days of the week, units, ordinals and zones.

/// Months, full and short.
const MONTHS: [(&str, &str); 12] = [
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may", "may"),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
];

const ROMAN: [&str; 12] =
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// Days of the week, Sunday first, full and short.
const DAYS: [(&str, &str); 7] = [
    ("sunday", "sun"),
    ("monday", "mon"),
    ("tuesday", "tue"),
    ("wednesday", "wed"),
    ("thursday", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
];

const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];

/// Zones by their abbreviations, in hours east of UTC.
const ZONES: &[(&str, i64)] = &[
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 1),
    ("bst", 1),
    ("cet", 1),
    ("cest", 2),
    ("eet", 2),
    ("eest", 3),
    ("msk", 3),
    ("jst", 9),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// What a number of can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Microseconds(i64),
    Seconds(i64),
    Days(i64),
    Months(i64),
    /// Days of work.
    WorkingDays,
    /// A day of the week, Sunday is 0.
    Weekday(i64),
}

/// Longest first where one begins another.
const UNITS: &[(&str, Unit)] = &[
    ("milliseconds", Unit::Microseconds(1_000)),
    ("millisecond", Unit::Microseconds(1_000)),
    ("microseconds", Unit::Microseconds(1)),
    ("microsecond", Unit::Microseconds(1)),
    ("msecs", Unit::Microseconds(1_000)),
    ("msec", Unit::Microseconds(1_000)),
    ("ms", Unit::Microseconds(1_000)),
    ("usecs", Unit::Microseconds(1)),
    ("usec", Unit::Microseconds(1)),
    ("seconds", Unit::Seconds(1)),
    ("second", Unit::Seconds(1)),
    ("secs", Unit::Seconds(1)),
    ("sec", Unit::Seconds(1)),
    ("minutes", Unit::Seconds(60)),
    ("minute", Unit::Seconds(60)),
    ("mins", Unit::Seconds(60)),
    ("min", Unit::Seconds(60)),
    ("hours", Unit::Seconds(3_600)),
    ("hour", Unit::Seconds(3_600)),
    ("days", Unit::Days(1)),
    ("day", Unit::Days(1)),
    ("weekdays", Unit::WorkingDays),
    ("weekday", Unit::WorkingDays),
    ("weeks", Unit::Days(7)),
    ("week", Unit::Days(7)),
    ("fortnights", Unit::Days(14)),
    ("fortnight", Unit::Days(14)),
    ("forthnights", Unit::Days(14)),
    ("forthnight", Unit::Days(14)),
    ("months", Unit::Months(1)),
    ("month", Unit::Months(1)),
    ("years", Unit::Months(12)),
    ("year", Unit::Months(12)),
];

/// The month of a name, from 1.
pub(super) fn month(word: &str) -> Option<i64> {
    let place = MONTHS.iter().position(|(full, short)| word == *full || word == *short);
    place.or_else(|| (word == "sept").then_some(8)).map(|place| place as i64 + 1)
}

/// The month of a Roman number, as some write it between day and year.
pub(super) fn roman(word: &str) -> Option<i64> {
    ROMAN.iter().position(|number| word == *number).map(|place| place as i64 + 1)
}

/// The day of the week of a name, Sunday is 0.
pub(super) fn weekday(word: &str) -> Option<i64> {
    let place = DAYS.iter().position(|(full, short)| word == *full || word == *short);
    place.map(|place| place as i64)
}

/// The number that a word stands for before a unit, and whether the day itself counts.
pub(super) fn ordinal(word: &str) -> Option<(i64, bool)> {
    match word {
        "next" => Some((1, false)),
        "last" | "previous" => Some((-1, false)),
        "this" => Some((0, true)),
        word => {
            let place = ORDINALS.iter().position(|ordinal| word == *ordinal)?;
            Some((place as i64 + 1, false))
        }
    }
}

/// The unit that a text begins with, in lower case, and how long its name is.
pub(super) fn unit(text: &str) -> Option<(Unit, usize)> {
    let known = UNITS.iter().filter(|(name, _)| text.starts_with(name));
    if let Some((name, unit)) = known.max_by_key(|(name, _)| name.len()) {
        return Some((*unit, name.len()));
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    weekday(text.get(..letters)?).map(|day| (Unit::Weekday(day), letters))
}

/// Seconds east of UTC of an abbreviation.
pub(super) fn zone(word: &str) -> Option<i64> {
    ZONES.iter().find(|(name, _)| word == *name).map(|(_, hours)| hours * 3_600)
}
