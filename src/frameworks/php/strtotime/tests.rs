//! Dates as PHP 8.2 read them when they were measured, and as the documentation has them.

use jiff::Timestamp;

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
        for text in [crate::kit::time::iso_seconds(at), crate::kit::time::Stamp::plain(at).as_str().to_owned(), crate::kit::time::iso_micros(at)] {
            proptest::prop_assert_eq!(documented(&text).map(|parsed| parsed.at), Some(at));
            proptest::prop_assert_eq!(lenient(&text, at).map(|parsed| parsed.at), Some(at));
        }
    }
}

/// `text => what PHP 8.2 made of it`, seen from an instant without a fraction.
const MEASURED: &str = include_str!("measured.txt");

#[test]
fn what_was_measured_is_read_alike() {
    let now = "2026-11-22T03:30:08Z".parse().unwrap();
    let mut wrong = Vec::new();
    for line in MEASURED.lines() {
        let (text, expected) = line.split_once(" => ").unwrap();
        let read = lenient(text, now).map_or_else(
            || "false".to_owned(),
            |parsed| {
                let civil = jiff::tz::Offset::UTC.to_datetime(parsed.at);
                civil.strftime("%Y-%m-%d %H:%M:%S %a").to_string()
            },
        );
        if read != expected {
            wrong.push(format!("{text}: {read}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(MEASURED.lines().count() > 100);
}
