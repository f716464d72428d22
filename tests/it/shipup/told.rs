//! What customers hear of, in which language and for how long, and what a payload says for nothing.

use serde_json::{Value, json};
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;

use super::Merchant;
use crate::harness::Read as _;

/// An order whose fulfillment has these items, each shipped or not, and whose parcel, if it has one, these.
fn order(packed: &[bool], shipped: Option<&[bool]>) -> Value {
    let items = |prefix: &str, ships: &[bool]| -> Value {
        let item = |(place, ships): (usize, &bool)| json!({ "merchant_id": format!("{prefix}{place}"), "requires_shipping": ships });
        ships.iter().enumerate().map(item).collect()
    };
    let mut fulfillment = json!({ "merchant_id": "F", "status_code": "preparing_shipment", "line_items": items("p", packed) });
    if let Some(ships) = shipped {
        fulfillment["trackers"] =
            json!([{ "tracking_number": "JOURNEY01", "line_items": items("s", ships) }]);
    }
    json!({ "merchant_id": "O", "ordered_at": 1, "fulfillments": [fulfillment] })
}

#[test]
fn nobody_hears_of_what_is_not_shipped() {
    for (packed, shipped, status, parcel) in [
        (&[false][..], None, false, false),
        (&[false, false], None, false, false),
        (&[true], None, true, false),
        (&[false, true], None, true, false),
        (&[], None, true, false),
        (&[], Some(&[false][..]), false, false),
        (&[], Some(&[false, true]), true, true),
        (&[false], Some(&[]), false, false),
        (&[true], Some(&[]), true, true),
        (&[false], Some(&[true]), true, true),
    ] {
        let mut merchant = Merchant::open();
        merchant.send(&order(packed, shipped));
        merchant.advance("1d");
        let told = merchant.told();
        let of = |word: &str| {
            told.iter().any(|it| it.starts_with("notification.new") && it.contains(word))
        };
        assert_eq!(of("fulfillment"), status, "{packed:?} {shipped:?}: {told:?}");
        assert_eq!(of("package"), parcel, "{packed:?} {shipped:?}: {told:?}");
        let notes = merchant.detail("order", "O").data["notifications"].as_array().unwrap().len();
        assert_eq!(notes > 0, status || parcel, "{packed:?} {shipped:?}");
        // What happens to a parcel is no notification.
        let events = told.iter().any(|it| it.starts_with("tracker.events.new"));
        assert_eq!(events, shipped.is_some(), "{packed:?} {shipped:?}: {told:?}");
    }
}

#[test]
fn a_language_that_is_none_is_the_accounts() {
    for (code, spoken, is_told) in [
        (json!("fr"), "fr", false),
        (json!("it"), "it", false),
        (json!("xx"), "de", true),
        (json!("FR"), "de", true),
        (json!("fr-FR"), "de", true),
        (json!("french"), "de", true),
        (json!(""), "de", false),
        (json!(null), "de", false),
    ] {
        let mut merchant = Merchant::open();
        merchant.patch("account", "1", json!({ "language_code": "de" })).unwrap();
        let mut payload = order(&[true], None);
        payload["language_code"] = code.clone();
        let reply = merchant.post("/v2/orders", &payload);
        assert_eq!(
            reply.passed_over.iter().any(|it| it.starts_with("body.language_code: ")),
            is_told,
            "{code}"
        );
        assert_eq!(merchant.order("O")["language_code"], spoken, "{code}");
        let heard: Vec<Value> = merchant
            .sent()
            .iter()
            .map(|it| it.json()["data"]["object"]["language_code"].clone())
            .collect();
        assert!(heard.contains(&json!(spoken)), "{code}: {heard:?}");
    }
    let mut merchant = Merchant::open();
    assert!(merchant.patch("account", "1", json!({ "language_code": "xx" })).is_err());
}

#[test]
fn a_parcel_expires_45_days_after_its_last_news_or_as_a_scenario_says() {
    for (switches, first, second) in [
        (json!({}), "in_transit", "expired"),
        (json!({ "expires_from_creation": true }), "expired", "expired"),
    ] {
        let mut merchant = Merchant::with(json!({ "switches": switches }));
        merchant.send(&order(&[], Some(&[true])));
        merchant.patch("tracker", "JOURNEY01", json!({ "journey": "waiting" })).unwrap();
        merchant.advance("40d");
        merchant.apply("tracker", "JOURNEY01", "transit").unwrap();
        merchant.advance("44d");
        assert_eq!(merchant.state("tracker", "JOURNEY01"), first);
        merchant.advance("25h");
        assert_eq!(merchant.state("tracker", "JOURNEY01"), second);
        merchant.sent();
    }
}

#[test]
fn whole_numbers_are_read_to_the_digit() {
    const ONE: &str = "94001118992231234567890";
    const OTHER: &str = "94001118992231234567891";
    let mut merchant = Merchant::open();
    let mut send = |body: String| {
        let request = Request::new(Method::Post, "/v2/orders").carrying("application/json", body);
        merchant.call(request)
    };
    let tracker = |number: &str| format!(r#"{{"tracking_number":{number},"line_items":[]}}"#);
    let fulfillment =
        format!(r#"{{"merchant_id":"F","trackers":[{},{}]}}"#, tracker(ONE), tracker(OTHER));
    let order = format!(
        r#"{{"merchant_id":"O","custom_variables":{{"n":{ONE}}},"line_items":[{{"merchant_id":"a","quantity":{ONE},"thumbnail":{{"width":{OTHER}}}}}],"fulfillments":[{fulfillment}]}}"#
    );
    assert_eq!(send(order).status, 201);
    for (body, place) in [
        (format!(r#"{{"merchant_id":{ONE}}}"#), "merchantId"),
        (format!(r#"{{"merchant_id":"P","email":{ONE}}}"#), "email"),
        (format!(r#"{{"merchant_id":"P","email":[{ONE},{{"a":{ONE}}}]}}"#), "email"),
    ] {
        let given = if body.contains('[') {
            format!("Array ([{ONE}, {{\"a\"=>{ONE}}}])")
        } else {
            format!("Integer ({ONE})")
        };
        let told = send(body).json()["errors"][place].as_str().unwrap().to_owned();
        assert_eq!(told, format!("Wrong data type: given, {given} expected: String"));
    }
    for number in [ONE, OTHER] {
        assert_eq!(merchant.detail("tracker", number).data["tracking_number"], number);
        let found = merchant.get(&format!("/v2/trackers?tracking_number={number}")).json();
        assert_eq!(found["data"][0]["tracking_number"], number);
    }
    let shown = merchant.get("/v2/orders/O?expand[]=line_items").text();
    for part in
        [format!(r#""n":{ONE}"#), format!(r#""quantity":{ONE}"#), format!(r#""width":{OTHER}"#)]
    {
        assert!(shown.contains(&part), "{part} in {shown}");
    }
    let inside = merchant.detail("order", "O").data.to_string();
    assert!(inside.contains(ONE) && !inside.contains('\u{fdd0}'), "{inside}");
    merchant.sent();
}

#[test]
fn a_body_is_read_by_its_type_and_otherwise_it_is_told() {
    let body = r#"{"merchant_id":"O"}"#;
    for kind in ["application/x-www-form-urlencoded", "text/plain", ""] {
        let mut merchant = Merchant::open();
        let request = || Request::new(Method::Post, "/v2/orders").carrying(kind, body);
        let reply = merchant.call(request());
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (400, r#"{"errors":{"merchantId":"Required"}}"#),
            "{kind}"
        );
        let why = reply.explanation.unwrap();
        assert!(why.contains("Content-Type: application/json"), "{kind}: {why}");
        assert!(
            reply.passed_over.iter().any(|it| it.starts_with("header.content-type: ")),
            "{kind}"
        );
        let mut merchant = Merchant::with(json!({ "switches": { "any_content_type": true } }));
        let reply = merchant.call(request());
        assert_eq!((reply.status, reply.passed_over.len()), (201, 1), "{kind}");
    }
    let mut merchant = Merchant::open();
    let form = Request::new(Method::Post, "/v2/orders")
        .carrying("application/x-www-form-urlencoded", "merchant_id=O&line_items[][merchant_id]=a");
    assert_eq!(merchant.call(form).status, 201);
}

#[test]
fn what_a_query_says_for_nothing_is_told_with_its_reason() {
    let mut merchant = Merchant::open();
    for (target, told) in [
        ("/v2/orders?expand[]=fulfillments.trackers.events&created_at[gt]=1", &[][..]),
        ("/v2/orders?expand[]=bogus", &["query.expand[]: there is no relation `bogus`"]),
        (
            "/v2/orders?expand[]=fulfillments.bogus.x",
            &["query.expand[]: there is no relation `fulfillments.bogus`"],
        ),
        (
            "/v2/orders?created_at[foo]=1",
            &["query.created_at[foo]: no condition; there are gt, gte, lt, lte"],
        ),
        ("/v2/orders?email[]=a", &["query.email[]: only one value is read"]),
        (
            "/v2/orders/ODR1234?expand[]=carrier",
            &["query.expand[]: there is no relation `carrier`"],
        ),
        (
            "/v2/trackers?expand[]=carrier&expand[]=line_items.x",
            &["query.expand[]: there is no relation `line_items.x`"],
        ),
    ] {
        let reply = merchant.get(target);
        assert_eq!(
            (reply.status, reply.passed_over.as_slice()),
            (200, told.map_owned().as_slice()),
            "{target}"
        );
    }
    merchant.send(
        &json!({ "merchant_id": "O", "line_items": [{ "merchant_id": "a", "quantity": 2 }] }),
    );
    let again =
        json!({ "merchant_id": "O", "line_items": [{ "merchant_id": "a", "quantity": 3 }] });
    let told = merchant.post("/v2/orders", &again).passed_over;
    assert_eq!(told, ["body.line_items[].quantity: it must not change, and did not"]);
    let batch = json!({ "orders": [{ "merchant_id": "P", "ordered_at": "soon" }] });
    let told = merchant.post("/v2/orders/batch_create", &batch).passed_over;
    assert_eq!(told, ["body.orders[].ordered_at: no date, and none was taken over"]);
    let job = merchant.get("/v2/jobs/12456").json();
    assert!(job.get("object").is_none() && job["id"] == 12_456, "{job}");
    merchant.advance("5s");
    let lines = merchant.world.world.journal().entries();
    let read = lines.filter(|entry| {
        let entry = entry.to_entry();
        let reading = shipmock::internals::providers::service(Name::Shipup)
            .reading(&entry.request, &entry.reply);
        reading.is_some_and(|it| it.unread.iter().any(|line| line.contains(": ")))
    });
    assert_eq!(read.count(), 8);
}

/// Texts as an answer carries them.
trait Owned {
    fn map_owned(&self) -> Vec<String>;
}

impl Owned for [&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|it| (*it).to_owned()).collect()
    }
}
