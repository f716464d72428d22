//! Dates in the query of `GET /orders`: what is read, as what, and how a refusal reads.

use serde_json::{Value, json};
use shipmock::internals::message::Reply;

use super::shop::Shop;
use crate::harness::{Read as _, at};

/// A world with a few orders at known instants: 601 to 606.
fn shop() -> Shop {
    const CREATED: &[&str] = &[
        "2026-05-12T22:59:59Z",
        "2026-05-12T23:00:00Z",
        "2026-05-12T23:59:59Z",
        "2026-05-13T00:00:00Z",
        "2026-05-13T09:00:00Z",
        "2026-05-13T23:59:59Z",
    ];
    Shop::with(|setup| {
        let orders = &mut setup.organizations.as_mut().unwrap()[0].orders;
        let pattern = orders[0].clone();
        *orders = CREATED
            .iter()
            .zip(601..)
            .map(|(created, id)| {
                let mut order = pattern.clone();
                order.id = Some(id);
                order.created_at = Some(at(created));
                order.shipments.clear();
                order
            })
            .collect();
    })
}

/// The ids a query finds, oldest first.
fn found(shop: &mut Shop, query: &str) -> Vec<u64> {
    let reply = shop.get(&format!("/orders?per_page=100&{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    let list = reply.json();
    let mut ids: Vec<u64> =
        list["data"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect();
    ids.reverse();
    ids
}

/// What a refused date is answered with.
fn refusal(field: &str, value: &str) -> Value {
    json!({
        "error": format!("Invalid {field} format."),
        "value": value,
        "expected_formats": [
            "YYYY-MM-DD", "YYYY-MM-DD HH:MM", "YYYY-MM-DD HH:MM:SS", "ISO 8601 (e.g. 2026-05-14T10:30:00Z)"
        ],
        "hint": "A space in the URL must be encoded as %20, not %10 or +."
    })
}

/// A refusal of a date, with this value echoed.
fn assert_refused(reply: &Reply, field: &str, value: &str) {
    assert_eq!(reply.status, 422, "{value}: {}", reply.text());
    assert_eq!(reply.json().to_string(), refusal(field, value).to_string());
}

const YES: bool = true;
const NO: bool = false;

/// Raw value, what it is once decoded, and whether it is read: usually, with `strict_plus`, with `lenient_dates`.
#[rustfmt::skip]
const TABLE: &[(&str, &str, bool, bool, bool)] = &[
    // raw                            decoded                       usual strict lenient
    ("2026-03-29",                    "2026-03-29",                  YES, YES, YES),
    ("2026-03-29%2009:00",            "2026-03-29 09:00",            YES, YES, YES),
    ("2026-03-29%2009:00:30",         "2026-03-29 09:00:30",         YES, YES, YES),
    ("2026-03-29+09:00",              "2026-03-29 09:00",            YES, NO,  YES),
    ("%202026-03-29%20",              "2026-03-29",                  YES, YES, YES),
    ("2026-03-29T09:00",              "2026-03-29T09:00",            YES, YES, YES),
    ("2026-05-14T10:30:00Z",          "2026-05-14T10:30:00Z",        YES, YES, YES),
    ("2026-05-14T10:30:00.123Z",      "2026-05-14T10:30:00.123Z",    YES, YES, YES),
    ("2026-05-14T00:00:00%2B01:00",   "2026-05-14T00:00:00+01:00",   YES, YES, YES),
    ("2026-05-14T00:00:00-01:00",     "2026-05-14T00:00:00-01:00",   YES, YES, YES),
    ("2026-05-14T00:00:00%2B0100",    "2026-05-14T00:00:00+0100",    YES, YES, YES),
    ("2026-05-14T00:00:00%2B01",      "2026-05-14T00:00:00+01",      YES, YES, YES),
    ("2026-05-14T00:00:00+01:00",     "2026-05-14T00:00:00 01:00",   NO,  NO,  NO),
    ("2026-03-29%1009:00",            "2026-03-29\u{10}09:00",       NO,  NO,  NO),
    ("2026-03-29%1509:00",            "2026-03-29\u{15}09:00",       NO,  NO,  NO),
    ("2026-03-29%252009:00",          "2026-03-29%2009:00",          NO,  NO,  NO),
    ("2026-02-30",                    "2026-02-30",                  NO,  NO,  YES),
    ("2026-04-31",                    "2026-04-31",                  NO,  NO,  YES),
    ("2026-13-01",                    "2026-13-01",                  NO,  NO,  NO),
    ("29/03/2026",                    "29/03/2026",                  NO,  NO,  NO),
    ("2026-03-29%2025:00",            "2026-03-29 25:00",            NO,  NO,  NO),
    ("2026-03-29%2009",               "2026-03-29 09",               NO,  NO,  NO),
    ("abc",                           "abc",                         NO,  NO,  NO),
    ("2026-03-29%2024:00",            "2026-03-29 24:00",            NO,  NO,  YES),
    ("2026-3-9",                      "2026-3-9",                    NO,  NO,  YES),
    ("29-03-2026",                    "29-03-2026",                  NO,  NO,  YES),
    ("20260329",                      "20260329",                    NO,  NO,  YES),
    ("03/29/2026",                    "03/29/2026",                  NO,  NO,  YES),
    ("tomorrow",                      "tomorrow",                    NO,  NO,  YES),
    ("2026-03",                       "2026-03",                     NO,  NO,  YES),
    ("2026-03-29%0909:00",            "2026-03-29\t09:00",           NO,  NO,  YES),
    ("2026-03-29%0A09:00",            "2026-03-29\n09:00",           NO,  NO,  YES),
    ("2026-03-29%20%2009:00",         "2026-03-29  09:00",           NO,  NO,  YES),
    ("2026-03-2909:00",               "2026-03-2909:00",             NO,  NO,  YES),
    ("2026-03-29%2B09:00",            "2026-03-29+09:00",            NO,  NO,  YES),
    ("-7%20days",                     "-7 days",                     NO,  NO,  YES),
    ("@1775000000",                   "@1775000000",                 NO,  NO,  YES),
    ("last%20monday",                 "last monday",                 NO,  NO,  YES),
    ("1%20May%202026",                "1 May 2026",                  NO,  NO,  YES),
    ("2026-W14-1",                    "2026-W14-1",                  NO,  NO,  YES),
    ("first%20day%20of%20this%20month", "first day of this month",   NO,  NO,  YES),
    ("next%20foo",                    "next foo",                    NO,  NO,  NO),
];

#[test]
fn dates_are_read_or_refused_as_the_table_says() {
    let mut worlds = [
        Shop::with(|setup| setup.limits.get_or_insert_default().lifted = true),
        Shop::with(|setup| {
            setup.limits.get_or_insert_default().lifted = true;
            setup.switches.get_or_insert_default().strict_plus = true;
        }),
        Shop::with(|setup| {
            setup.limits.get_or_insert_default().lifted = true;
            setup.switches.get_or_insert_default().lenient_dates = true;
        }),
    ];
    for (raw, decoded, usual, strict, lenient) in TABLE {
        for (shop, read) in worlds.iter_mut().zip([usual, strict, lenient]) {
            for field in ["start_date", "end_date"] {
                let reply = shop.get(&format!("/orders?{field}={raw}"));
                if *read {
                    assert_eq!(reply.status, 200, "{raw}: {}", reply.text());
                } else {
                    assert_refused(&reply, field, decoded);
                }
            }
        }
    }
}

/// (1)
#[test]
fn a_control_character_is_echoed_as_php_escapes_it() {
    let reply = shop().get("/orders?start_date=2026-03-29%1009:00");
    assert!(reply.text().contains(r#""value":"2026-03-29\u001009:00","#), "{}", reply.text());
    let reply = shop().get("/orders?end_date=2026-03-29%1509:00");
    assert!(reply.text().contains(r#""value":"2026-03-29\u001509:00","#), "{}", reply.text());
}

/// (2)
#[test]
fn a_raw_plus_of_an_offset_is_refused_and_an_encoded_one_counts() {
    let mut shop = shop();
    let reply = shop.get("/orders?start_date=2026-05-13T00:00:00+01:00");
    assert_refused(&reply, "start_date", "2026-05-13T00:00:00 01:00");
    assert!(reply.explanation.unwrap().contains("%2B"));
    // One o'clock in Tunis is midnight in UTC.
    assert_eq!(
        found(&mut shop, "start_date=2026-05-13T00:00:00%2B01:00"),
        [602, 603, 604, 605, 606]
    );
}

/// (3)
#[test]
fn a_plus_between_date_and_time_is_a_space_unless_the_scenario_is_strict() {
    assert_eq!(found(&mut shop(), "start_date=2026-05-13+09:00"), [605, 606]);
    let mut strict = Shop::switched(|switches| switches.strict_plus = true);
    let reply = strict.get("/orders?start_date=2026-05-13+09:00");
    assert_refused(&reply, "start_date", "2026-05-13 09:00");
}

/// (4)
#[test]
fn a_day_is_one_in_utc_and_ends_with_its_last_second() {
    let mut shop = shop();
    assert_eq!(found(&mut shop, "end_date=2026-05-12"), [601, 602, 603]);
    assert_eq!(found(&mut shop, "start_date=2026-05-13"), [604, 605, 606]);
    assert_eq!(found(&mut shop, "start_date=2026-05-12&end_date=2026-05-12"), [601, 602, 603]);
    // Half past midnight in Tunis is still the day before.
    let local = "start_date=2026-05-13T00:00:00%2B01:00&end_date=2026-05-13T23:59:59%2B01:00";
    assert_eq!(found(&mut shop, local), [602, 603, 604, 605]);
}

#[test]
fn both_bounds_count_and_a_minute_means_its_first_second() {
    let mut shop = shop();
    assert_eq!(found(&mut shop, "end_date=2026-05-12%2023:00"), [601, 602]);
    assert_eq!(found(&mut shop, "end_date=2026-05-12%2022:59"), [0; 0]);
    assert_eq!(found(&mut shop, "end_date=2026-05-12%2022:59:59"), [601]);
    assert_eq!(found(&mut shop, "start_date=2026-05-13%2023:59:59"), [606]);
    assert_eq!(found(&mut shop, "start_date=2026-05-13T23:59:59.5Z"), [0; 0]);
}

/// (5)
#[test]
fn a_day_that_does_not_exist_is_refused_or_rolls_over() {
    assert_refused(&shop().get("/orders?start_date=2026-02-30"), "start_date", "2026-02-30");
    let mut lenient = Shop::switched(|switches| switches.lenient_dates = true);
    // Orders 554 and 555 came on 10 May: 40 April is that day, 41 April is no day at all.
    for (query, count) in [
        ("start_date=2026-05-10&end_date=2026-05-10", 2),
        ("start_date=2026-04-31&end_date=2026-05-10", 2),
        ("end_date=2026-04-31", 0),
        ("start_date=2026-02-30&end_date=2026-02-31", 0),
    ] {
        assert_eq!(found(&mut lenient, query).len(), count, "{query}");
    }
}

#[test]
fn the_first_of_two_bad_dates_is_named() {
    let mut shop = shop();
    assert_refused(&shop.get("/orders?end_date=x&start_date=y"), "start_date", "y");
    assert_refused(&shop.get("/orders?end_date=x&start_date=2026-05-12"), "end_date", "x");
}

#[test]
fn an_empty_date_is_none_and_the_last_of_two_counts() {
    let mut shop = shop();
    assert_eq!(found(&mut shop, "start_date=&end_date=%20").len(), 6);
    assert_eq!(found(&mut shop, "start_date=x&start_date=2026-05-13%2009:00"), [605, 606]);
    assert_refused(&shop.get("/orders?start_date[]=2026-05-13"), "start_date", "Array");
}

#[test]
fn an_end_before_the_start_finds_nothing() {
    let reply = shop().get("/orders?start_date=2026-05-14&end_date=2026-05-12");
    let empty = json!({ "data": [], "pagination": { "total": 0, "current_page": 1, "per_page": 20, "last_page": 1 } });
    assert_eq!((reply.status, reply.json()), (200, empty));
}
