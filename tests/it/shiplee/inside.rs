//! Life cycles, and what an operator sees and sets.

use serde_json::{Map, Value, json};
use shipmock::internals::providers::{Name, OperatorError, service};

use super::{Client, changed, sample_booking};
use crate::harness::at;

const WEEK: i64 = 14 * 86_400;

/// The codes of a parcel's scans, in order.
fn codes(client: &Client, awb: &str) -> Vec<String> {
    let scans = client.detail("shipment", awb).data["scans"].clone();
    let code = |scan: &Value| scan["StatusCode"].as_str().unwrap().to_owned();
    scans.as_array().unwrap().iter().map(code).collect()
}

#[test]
fn a_delivered_parcel_has_the_carriers_scans_in_its_order() {
    let mut client = Client::open();
    let awb = client.booked(484_900);
    assert_eq!(client.state("shipment", &awb), "Manifested");
    client.advance(WEEK);
    assert_eq!(client.state("shipment", &awb), "Delivered");
    let expected = [
        "X-UCI",
        "FMPUR-101",
        "X-PPOM",
        "X-PIOM",
        "X-DBL1F",
        "X-DLL2F",
        "X-ILL2F",
        "X-ILL1F",
        "X-DWS",
        "X-IBD3F",
        "X-DDD3FD",
        "EOD-38",
    ];
    assert_eq!(codes(&client, &awb), expected);
    let data = client.detail("shipment", &awb).data;
    assert_eq!((&data["status_type"], &data["status"]), (&json!("DL"), &json!("Delivered")));
    // The carrier's clock is India's, and does not say so.
    assert_eq!(data["scans"][0]["ScanDateTime"], "2026-05-14T14:30:00");
    assert_eq!(data["journey"], json!(null));
    assert_eq!(client.world.due_for(Name::Shiplee, "shipment", &awb), []);
}

#[test]
#[rustfmt::skip]
fn a_parcel_travels_as_its_customers_number_says() {
    let mut client = Client::open();
    for (mobile, state, kind, last) in [
        ("9100000001", "Delivered",  "DL", "EOD-38"),
        ("9100000002", "Delivered",  "DL", "EOD-38"),
        ("9100000003", "RTO",        "DL", "RD-AC"),
        ("9100000004", "Not Picked", "UD", "X-PNP"),
        ("9100000005", "Cancelled",  "UD", "DTUP-210"),
        ("9100000006", "In Transit", "UD", "X-DLL2F"),
        ("9100000007", "Manifested", "UD", "X-UCI"),
    ] {
        let order = client.order(json!({ "mobileNumber": mobile }));
        let awb = client.booked(order);
        client.advance(WEEK);
        assert_eq!(client.state("shipment", &awb), state, "{mobile}");
        assert_eq!(client.detail("shipment", &awb).data["status_type"], kind, "{mobile}");
        assert_eq!(codes(&client, &awb).last().unwrap(), last, "{mobile}");
        client = client.entered();
    }
    let awb = client.booked(484_900);
    for (mobile, state, kind, last) in [
        ("9200000001", "DTO",      "DL", "RD-AC"),
        ("9200000002", "DTO",      "DL", "RD-AC"),
        ("9200000003", "Canceled", "CN", "EOD-21"),
        ("9200000004", "Closed",   "CN", "EOD-106"),
        ("9200000005", "Open",     "PP", "X-UCO"),
    ] {
        let mut customer = super::sample_return()["customer"].clone();
        customer["mobile"] = json!(mobile);
        let id = client.send_back(484_900, &awb, json!({ "customer": customer }));
        let booked = client.book_back(id).json()["awb_number"].as_str().unwrap().to_owned();
        assert_eq!(client.state("shipment", &booked), "Open");
        client.advance(WEEK);
        assert_eq!(client.state("shipment", &booked), state, "{mobile}");
        assert_eq!(client.detail("shipment", &booked).data["status_type"], kind, "{mobile}");
        assert_eq!(codes(&client, &booked).last().unwrap(), last, "{mobile}");
        client = client.entered();
    }
}

#[test]
fn a_failed_attempt_is_not_the_end() {
    let mut client = Client::open();
    let order = client.order(json!({ "mobileNumber": "9100000002" }));
    let awb = client.booked(order);
    client.advance(WEEK);
    let passed: Vec<String> = client
        .detail("shipment", &awb)
        .history
        .iter()
        .map(|passage| format!("{} {}", passage.on, passage.to))
        .collect();
    let end =
        ["call Dispatched", "fail_attempt Pending", "dispatch Dispatched", "deliver Delivered"];
    assert_eq!(passed[passed.len() - 4..], end);
}

#[test]
fn a_parcel_cancelled_before_pickup_is_paid_back_and_its_order_can_be_booked_again() {
    let mut client = Client::open();
    let awb = client.booked(484_900);
    client.world.apply(Name::Shiplee, "shipment", &awb, "cancel").unwrap();
    assert_eq!(
        (client.wallet(), client.state("order", "484900")),
        (5_000.0, "unbooked".to_owned())
    );
    let again = client.booked(484_900);
    assert_ne!(again, awb);
    assert_eq!(client.wallet(), 5_000.0 - 138.0);
    let late = client.world.apply(Name::Shiplee, "shipment", &awb, "cancel").unwrap_err();
    assert!(matches!(late, OperatorError::Illegal { .. }), "{late}");

    let mut strict = Client::with(json!({ "switches": { "refund_on_cancel": false } }));
    let awb = strict.booked(484_900);
    strict.world.apply(Name::Shiplee, "shipment", &awb, "cancel").unwrap();
    assert_eq!(strict.wallet(), 5_000.0 - 138.0);
    strict.book(484_900).refuses(409, "Order already booked with AWB: XB1234567890");
}

#[test]
fn a_parcel_that_comes_back_costs_its_freight_again_where_a_scenario_says_so() {
    for (charges, wallet) in [(false, 5_000.0 - 138.0), (true, 5_000.0 - 276.0)] {
        let mut client =
            Client::with(json!({ "switches": { "charge_returns": charges }, "journey": "rto" }));
        let awb = client.booked(484_900);
        client.advance(WEEK);
        assert_eq!(client.state("shipment", &awb), "RTO");
        assert_eq!(client.wallet(), wallet);
    }
}

#[test]
fn an_operator_walks_a_parcel_and_books_and_frees_an_order() {
    let mut client = Client::open();
    let world = &mut client.world;
    let booked = world.apply(Name::Shiplee, "order", "484900", "book").unwrap();
    assert_eq!((booked[0].kind.as_ref(), booked[0].to.as_ref()), ("order", "booked"));
    let moved = world.walk(Name::Shiplee, "shipment", "XB1234567890", "RTO").unwrap();
    let inputs: Vec<&str> = moved.iter().map(|change| change.on.as_ref()).collect();
    assert_eq!(inputs, ["pick_up", "cancel", "arrive", "dispatch", "return"]);
    assert!(world.walk(Name::Shiplee, "shipment", "XB1234567890", "DTO").is_err());
    let kept = world.apply(Name::Shiplee, "order", "484900", "release").unwrap_err();
    assert!(matches!(kept, OperatorError::Computed(_)), "{kept}");
    let order = client.order(json!({}));
    let awb = client.booked(order);
    client.world.apply(Name::Shiplee, "order", &order.to_string(), "release").unwrap();
    assert_eq!(client.state("shipment", &awb), "Cancelled");
    let awb = client.booked(order);
    let id = client.send_back(order, &awb, json!({}));
    client.world.apply(Name::Shiplee, "reverse_order", &id.to_string(), "book").unwrap();
    assert_eq!(client.state("reverse_order", &id.to_string()), "booked");
    client.patch("seller", "62", json!({ "wallet": 0 }));
    let order = client.order(json!({})).to_string();
    let poor = client.world.apply(Name::Shiplee, "order", &order, "book").unwrap_err();
    assert!(poor.to_string().contains("Insufficient balance"), "{poor}");
}

#[test]
fn an_operator_sends_a_parcel_on_another_journey() {
    let mut client = Client::open();
    let awb = client.booked(484_900);
    client.patch("shipment", &awb, json!({ "journey": "not_picked" }));
    let due = client.world.due_for(Name::Shiplee, "shipment", &awb);
    assert_eq!(due.iter().map(|(_, on)| on.as_str()).collect::<Vec<_>>(), ["schedule"]);
    client.advance(WEEK);
    assert_eq!(client.state("shipment", &awb), "Not Picked");
    client.patch("shipment", &awb, json!({ "journey": "waiting" }));
    assert_eq!(client.world.due_for(Name::Shiplee, "shipment", &awb), []);
}

#[test]
fn what_an_operator_cannot_set_is_refused_and_nothing_is_set() {
    let mut client = Client::open();
    let mut refused = |kind: &str, id: &str, fields: Value| {
        let fields: Map<String, Value> = fields.as_object().unwrap().clone();
        client.world.patch(Name::Shiplee, kind, id, &fields).unwrap_err().to_string()
    };
    let unknown = refused("seller", "62", json!({ "wallet": 1, "state": "closed" }));
    assert!(
        unknown.starts_with("`state` cannot be set; what can be set is `wallet`, `allowed_ips`"),
        "{unknown}"
    );
    for (kind, id, fields, text) in [
        ("seller", "62", json!({ "wallet": -1 }), "`wallet` must be an amount"),
        ("seller", "62", json!({ "wallet": 1, "plan": "gold" }), "`plan` must be a plan"),
        (
            "seller",
            "62",
            json!({ "allowed_ips": ["localhost"] }),
            "`allowed_ips` must be a list of addresses",
        ),
        (
            "seller",
            "62",
            json!({ "allowed_ips": "127.0.0.1" }),
            "`allowed_ips` must be a list of addresses",
        ),
        (
            "seller",
            "62",
            json!({ "allowed_domains": ["http://a"] }),
            "`allowed_domains` must be a list of hosts",
        ),
        ("seller", "62", json!({ "api_key": "" }), "`api_key` must be"),
        (
            "seller",
            "62",
            json!({ "next_answers": ["no"] }),
            "`next_answers` must be a list of some of booked",
        ),
        ("seller", "1", json!({ "wallet": 1 }), "there is no seller `1`"),
        (
            "warehouse",
            "2147483833",
            json!({ "registration_failures": -1 }),
            "`registration_failures` must be",
        ),
        ("warehouse", "1", json!({}), "there is no warehouse `1`"),
        ("shipment", "XB0", json!({ "journey": "rto" }), "there is no shipment `XB0`"),
        (
            "order",
            "484900",
            json!({ "awb": "1" }),
            "`awb` cannot be set; what can be set is nothing",
        ),
        ("order", "1", json!({}), "there is no order `1`"),
        ("label", "1", json!({}), "there is no kind `label`"),
    ] {
        let said = refused(kind, id, fields);
        assert!(said.starts_with(text), "{said}");
    }
    assert_eq!(client.wallet(), 5_000.0);
}

#[test]
fn entities_are_listed_page_by_page() {
    let client = Client::open();
    let shiplee = service(Name::Shiplee);
    let all = client.world.providers();
    for kind in shiplee.kinds() {
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = shiplee.kind(kind).unwrap().list(all, after.as_deref(), 5).unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            seen.extend(page.iter().map(|row| row.id.clone()));
        }
        assert_eq!(seen.len(), shiplee.kind(kind).unwrap().count(all), "{kind}");
        for id in &seen {
            let detail = shiplee.kind(kind).unwrap().detail(all, id).unwrap();
            let listed = shiplee.kind(kind).unwrap().list(all, None, usize::MAX).unwrap();
            let row = listed.iter().find(|row| row.id == *id).unwrap();
            assert_eq!(detail.state, row.state, "{kind} {id}");
        }
    }
    assert!(shiplee.kind("order").unwrap().list(all, Some("1"), 5).is_err());
    assert!(
        shiplee.kind("seller").unwrap().detail(all, "d10701280b9798033c6917e9415b03c3").is_ok()
    );
}

#[test]
fn the_default_world_is_alive_and_its_wallet_holds_five_thousand() {
    let client = Client::open();
    let shiplee = service(Name::Shiplee);
    let all = client.world.providers();
    assert_eq!(shiplee.kind("order").unwrap().count(all), 37);
    assert!(shiplee.kind("shipment").unwrap().count(all) > 25);
    assert!(shiplee.kind("reverse_order").unwrap().count(all) > 0);
    let states: std::collections::BTreeSet<Option<String>> = shiplee
        .kind("shipment")
        .unwrap()
        .list(all, None, usize::MAX)
        .unwrap()
        .into_iter()
        .map(|row| row.state)
        .collect();
    assert!(states.len() > 4, "{states:?}");
    let data = client.detail("seller", "62").data;
    assert_eq!(data["wallet"], 5_000);
    assert!(data["ledger"].as_array().unwrap().len() > 30);
    let presets = shiplee.presets(all);
    assert_eq!(presets.ids["order"], 484_900);
    assert_eq!(presets.ids["warehouse"], 2_147_483_833_u64);
    assert_eq!(presets.credentials["username"], "you@example.com");
    assert!(presets.magic.len() > 20);
    // Nothing of the history lies in the future, nothing of the documentation was used up.
    let newest = shiplee.kind("order").unwrap().list(all, None, usize::MAX).unwrap();
    assert_eq!(newest.last().unwrap().id, "484900");
    for row in newest.iter().rev().skip(1) {
        let created: jiff::Timestamp =
            client.detail("order", &row.id).data["created_at"].as_str().unwrap().parse().unwrap();
        assert!(created < at("2026-05-14T09:00:00Z"), "{}", row.id);
    }
}

#[test]
fn what_a_booking_moved_is_in_the_journal() {
    let mut client = Client::open();
    client.post("/create_shipment", &changed(sample_booking(), json!({})));
    let entry = client.world.journal().newest().unwrap().to_entry();
    let moved: Vec<String> = entry
        .changes
        .iter()
        .map(|change| format!("{} {} {} {}", change.kind, change.id, change.on, change.to))
        .collect();
    assert_eq!(moved, ["order 484900 book booked"]);
    let refused = client.book(484_900);
    let entry = client.world.journal().newest().unwrap().to_entry();
    assert!(entry.changes.is_empty() && refused.reply.explanation.is_some());
}

#[test]
fn a_history_moves_no_wallet_once_the_world_has_begun() {
    for seed in 1..6 {
        let mut setup = super::default_setup();
        setup.seed = Some(seed);
        let mut client = Client { world: super::build(setup).unwrap(), token: String::new() };
        client.advance(4 * WEEK);
        assert_eq!(client.wallet(), 5_000.0, "seed {seed}");
    }
}

#[test]
fn a_parcel_brought_to_its_end_by_hand_has_nothing_left_to_do() {
    let mut client = Client::open();
    let awb = client.booked(484_900);
    client.world.walk(Name::Shiplee, "shipment", &awb, "In Transit").unwrap();
    assert_eq!(client.world.due_for(Name::Shiplee, "shipment", &awb).len(), 1);
    client.world.walk(Name::Shiplee, "shipment", &awb, "Delivered").unwrap();
    assert_eq!(client.world.due_for(Name::Shiplee, "shipment", &awb), []);
    assert_eq!(client.detail("shipment", &awb).data["stops"], json!(null));
}
