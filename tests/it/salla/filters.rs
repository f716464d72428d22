//! What a list is narrowed to, and what is no filter.

use serde_json::{Value, json};

use super::{Client, refusal};
use crate::harness::Read as _;

/// All shipments of the default store, as they are listed.
fn all(client: &mut Client) -> Vec<Value> {
    client.list("per_page=65")["data"].as_array().unwrap().clone()
}

#[test]
fn each_filter_keeps_what_fits_and_nothing_else() {
    let mut client = Client::with(json!({ "limits": { "lifted": true } }));
    let rows = all(&mut client);
    assert_eq!(rows.len(), 32);
    for (name, pointer) in [
        ("order_id", "/order_id"),
        ("courier_id", "/courier_id"),
        ("status", "/status"),
        ("shipment_type", "/type"),
        ("payment_method", "/payment_method"),
        ("source", "/source"),
        ("ship_to[country_id]", "/ship_to/country_id"),
        ("ship_to[country_code]", "/ship_to/country_code"),
        ("ship_to[city_id]", "/ship_to/city_id"),
        ("ship_from[country_id]", "/ship_from/country_id"),
        ("ship_from[country_code]", "/ship_from/country_code"),
        ("ship_from[city_id]", "/ship_from/city_id"),
    ] {
        let mut values: Vec<String> = rows
            .iter()
            .map(|row| row.pointer(pointer).unwrap().to_string().trim_matches('"').to_owned())
            .collect();
        values.sort();
        values.dedup();
        assert!(values.len() > 1, "{name} tells nothing apart");
        for value in values {
            let expected: Vec<u64> = rows
                .iter()
                .filter(|row| row.pointer(pointer).unwrap().to_string().trim_matches('"') == value)
                .map(|row| row["id"].as_u64().unwrap())
                .collect();
            assert_eq!(client.ids(&format!("{name}={value}")), expected, "{name}={value}");
            // Brackets come raw or encoded, and spaces around a value do not count.
            let encoded = name.replace('[', "%5B").replace(']', "%5D");
            assert_eq!(client.ids(&format!("{encoded}={value}+")), expected, "{encoded}={value}");
        }
    }
}

#[test]
fn a_short_name_is_its_courier_and_all_filters_hold_together() {
    let mut client = Client::open();
    assert_eq!(client.ids("courier_slug=dhl-express"), client.ids("courier_id=814202285"));
    assert_eq!(client.ids("courier_slug=dhl-express&courier_id=1723506348"), Vec::<u64>::new());
    let both = client.ids("status=creating&courier_slug=dhl-express&ship_to[country_code]=kw");
    assert_eq!(both, [362_985_662, 362_985_663, 362_985_660]);
    assert_eq!(
        client.ids("status=creating&ship_to[country_code]=kw&order_id=560695739"),
        [362_985_663]
    );
}

#[test]
fn days_are_those_of_riyadh_and_both_ends_count() {
    let mut client = Client::open();
    // 23:37:59 in Riyadh is 20:37:59 in Greenwich; the 18th at 09:35 is the 18th in both.
    for (query, expected) in [
        ("from_date=2023-01-16&to_date=2023-01-16&status=creating", vec![362_985_663, 362_985_660]),
        ("from_date=2023-01-17", vec![362_985_662]),
        ("from_date=2023-01-18", vec![362_985_662]),
        ("from_date=2023-01-19", vec![]),
        (
            "from_date=2023-01-16&to_date=2023-01-18&status=creating",
            vec![362_985_662, 362_985_663, 362_985_660],
        ),
        ("from_date=2023-01-18&to_date=2023-01-16", vec![]),
        ("to_date=2022-01-01", vec![]),
    ] {
        assert_eq!(client.ids(query), expected, "{query}");
    }
    // A shipment of 22:30 in Greenwich is of the next day in Riyadh.
    client.advance("13h30m");
    let late = client.make(json!({}));
    assert_eq!(client.ids("from_date=2026-05-15"), [late]);
    assert_eq!(client.ids("from_date=2026-05-14&to_date=2026-05-14"), Vec::<u64>::new());
}

#[test]
fn the_newest_come_first() {
    let mut client = Client::open();
    let dates = |rows: &[Value]| -> Vec<String> {
        rows.iter().map(|row| row["created_at"]["date"].as_str().unwrap().to_owned()).collect()
    };
    let rows = all(&mut client);
    assert!(dates(&rows).is_sorted_by(|one, next| one >= next));
    // Two of one instant: the later one first.
    let (one, two) = (client.make(json!({})), client.make(json!({})));
    assert_eq!(client.ids("per_page=2&from_date=2026-05-14"), [two, one]);
}

#[test]
fn every_word_of_the_three_vocabularies_is_a_filter() {
    let mut client = Client::open();
    for word in [
        "creating",
        "created",
        "pending",
        "delivered",
        "returned",
        "in_progress",
        "cancelled",
        "delivering",
        "in_transit",
        "received_at_final_hub",
        "to_be_reattempted",
        "reattempted",
        "unable_to_deliver",
        "partially_delivered",
        "shipped",
        "lost",
        "damaged",
        "return_to_origin",
        "return_in_progress",
    ] {
        client.list(&format!("status={word}"));
    }
}

#[test]
fn what_is_no_filter_is_refused_by_field_in_the_language_asked_for() {
    let mut client = Client::open();
    for (query, field, arabic, english) in [
        (
            "courier_slug=nope",
            "courier_slug",
            "حقل ترميز الشركة يحتوي على قيم غير صحيحة",
            "The selected courier slug is invalid.",
        ),
        (
            "courier_slug=SMSA",
            "courier_slug",
            "حقل ترميز الشركة يحتوي على قيم غير صحيحة",
            "The selected courier slug is invalid.",
        ),
        (
            "courier_slug[]=smsa",
            "courier_slug",
            "حقل ترميز الشركة يحتوي على قيم غير صحيحة",
            "The selected courier slug is invalid.",
        ),
        (
            "courier_id=smsa",
            "courier_id",
            "حقل رقم الشركة يحتوي على قيم غير صحيحة",
            "The courier id field must be an integer.",
        ),
        (
            "order_id=1.5",
            "order_id",
            "حقل رقم الطلب يحتوي على قيم غير صحيحة",
            "The order id field must be an integer.",
        ),
        (
            "status=Delivered",
            "status",
            "حقل الحالة يحتوي على قيم غير صحيحة",
            "The selected status is invalid.",
        ),
        (
            "shipment_type=returns",
            "shipment_type",
            "حقل نوع الشحنة يحتوي على قيم غير صحيحة",
            "The selected shipment type is invalid.",
        ),
        (
            "payment_method=prepaid",
            "payment_method",
            "حقل طريقة الدفع يحتوي على قيم غير صحيحة",
            "The selected payment method is invalid.",
        ),
        (
            "from_date=29-11-2024",
            "from_date",
            "حقل تاريخ البداية يحتوي على قيم غير صحيحة",
            "The selected from date is invalid.",
        ),
        (
            "to_date=2024-02-30",
            "to_date",
            "حقل تاريخ النهاية يحتوي على قيم غير صحيحة",
            "The selected to date is invalid.",
        ),
        (
            "source=app",
            "source",
            "حقل المصدر يحتوي على قيم غير صحيحة",
            "The selected source is invalid.",
        ),
        (
            "ship_to[city_id]=riyadh",
            "ship_to.city_id",
            "حقل رقم مدينة المستلم يحتوي على قيم غير صحيحة",
            "The ship to.city id field must be an integer.",
        ),
    ] {
        for (english_asked, expected) in [(false, arabic), (true, english)] {
            let path = format!("/shipments?{query}");
            let reply =
                if english_asked { client.get_in_english(&path) } else { client.get(&path) };
            let (status, code, message) = refusal(&reply);
            assert_eq!(
                (status, code, message.as_str()),
                (422, json!("error"), "alert.invalid_fields")
            );
            assert_eq!(reply.json()["error"]["fields"], json!({ field: [expected] }), "{query}");
        }
    }
    let reply = client.get("/shipments?status=x&courier_slug=y&to_date=z");
    let fields = reply.json()["error"]["fields"].clone();
    let names: Vec<&String> = fields.as_object().unwrap().keys().collect();
    assert_eq!(names, ["courier_slug", "status", "to_date"]);
}

#[test]
fn what_is_empty_or_unknown_narrows_nothing() {
    let mut client = Client::open();
    let whole = client.ids("");
    for query in [
        "status=",
        "courier_slug=&from_date=&order_id=",
        "colour=red",
        "ship_to=SA",
        "ship_to[zip]=1",
        "sort=asc",
    ] {
        assert_eq!(client.ids(query), whole, "{query}");
    }
    assert_eq!(client.ids("order_id=-1"), Vec::<u64>::new());
    assert_eq!(client.ids("ship_to[country_code]=FR"), Vec::<u64>::new());
    let reply = client.get("/shipments?status=delivered");
    assert_eq!(reply.header("content-type"), Some("application/json"));
}
