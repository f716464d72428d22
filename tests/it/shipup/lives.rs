//! Trackers on their journeys, their ends, and what customers hear of them.

use serde_json::json;

use super::Merchant;

fn ship(merchant: &mut Merchant, number: &str) {
    merchant.send(&json!({
        "merchant_id": "O", "ordered_at": 1,
        "fulfillments": [{ "merchant_id": "F", "trackers": [{ "tracking_number": number, "line_items": [{ "merchant_id": "a" }] }] }],
    }));
}

#[test]
fn every_magic_number_leads_to_the_end_of_its_journey() {
    for (number, state) in [
        ("JOURNEY01", "delivered"),
        ("JOURNEY02", "delivered"),
        ("JOURNEY03", "delivered"),
        ("JOURNEY04", "delivered"),
        ("JOURNEY05", "return"),
        ("JOURNEY06", "expired"),
        ("JOURNEY07", "expired"),
        ("JOURNEY08", "expired"),
    ] {
        let mut merchant = Merchant::open();
        ship(&mut merchant, number);
        merchant.world.settle();
        assert_eq!(merchant.state("tracker", number), state, "{number}");
        let days = merchant
            .world
            .world
            .now()
            .duration_since(crate::harness::at(crate::harness::START))
            .as_hours()
            / 24;
        match state {
            "expired" => assert_eq!(days, 45, "{number}"),
            _ => assert!(days < 16, "{number}: {days}"),
        }
        assert!(merchant.world.world.agenda().is_empty(), "{number}");
        merchant.sent();
    }
}

#[test]
fn an_order_goes_from_unfulfilled_to_delivered() {
    let mut merchant = Merchant::open();
    merchant.send(&json!({ "merchant_id": "O", "line_items": [{ "merchant_id": "a" }] }));
    assert_eq!(merchant.state("order", "O"), "unfulfilled");
    merchant.send(&json!({
        "merchant_id": "O", "fulfillments": [{ "merchant_id": "F", "status_code": "preparing_shipment", "line_items": [{ "merchant_id": "a" }] }],
    }));
    assert_eq!(merchant.state("order", "O"), "preparing_shipment");
    ship(&mut merchant, "JOURNEY01");
    assert_eq!(merchant.state("order", "O"), "shipped");
    merchant.advance("6d");
    assert_eq!(merchant.state("order", "O"), "delivered");
    assert_eq!(
        merchant.told(),
        [
            "tracker.new JOURNEY01",
            "notification.new fulfillment_shipped",
            "tracker.events.new JOURNEY01",
            "tracker.events.new JOURNEY01",
            "notification.new package_in_transit",
            "tracker.events.new JOURNEY01",
            "tracker.events.new JOURNEY01",
            "tracker.events.new JOURNEY01",
            "notification.new package_out_for_delivery",
            "tracker.events.new JOURNEY01",
            "notification.new package_delivered",
        ]
    );
}

#[test]
fn a_return_is_followed_for_five_days_and_then_left_alone() {
    let mut merchant = Merchant::open();
    ship(&mut merchant, "JOURNEY08");
    merchant.advance("30d");
    merchant.apply("tracker", "JOURNEY08", "return").unwrap();
    merchant.advance("4d");
    merchant.apply("tracker", "JOURNEY08", "transit").unwrap();
    merchant.advance("1d");
    let before = merchant.world.holdings();
    let refused = merchant.apply("tracker", "JOURNEY08", "transit").unwrap_err().to_string();
    assert!(refused.contains("five days"), "{refused}");
    assert!(before == merchant.world.holdings());
    merchant.advance("30d");
    assert_eq!(merchant.state("tracker", "JOURNEY08"), "return");
    merchant.sent();
}

#[test]
fn a_parcel_that_is_moved_by_hand_stops_its_journey_where_the_table_ends() {
    let mut merchant = Merchant::open();
    ship(&mut merchant, "JOURNEY01");
    merchant.apply("tracker", "JOURNEY01", "delivered").unwrap();
    assert_eq!(merchant.world.world.agenda().len(), 0);
    let moved = merchant.apply("tracker", "JOURNEY01", "transit").unwrap_err().to_string();
    assert!(moved.contains("not possible in state `delivered`"), "{moved}");
    let wrong =
        merchant.patch("tracker", "JOURNEY01", json!({ "journey": "nowhere" })).unwrap_err();
    assert!(wrong.to_string().contains("failed_attempt_then_delivered"), "{wrong}");
    let late = merchant.patch("tracker", "JOURNEY01", json!({ "journey": "pickup_point" }));
    assert_eq!(
        late.unwrap_err().to_string(),
        "the journey `pickup_point` cannot start with tracker delivered; those that can: nothing"
    );
    assert_eq!(merchant.world.world.agenda().len(), 0);
    merchant.sent();
}

#[test]
fn a_written_journey_is_chosen_by_what_is_in_a_parcel_and_where_it_goes() {
    let mut merchant = Merchant::with(json!({
        "journeys": {
            "mine": [{ "on": ["label_created", "transit"], "after": "1h" }, { "on": "delivered", "after": "1h" }],
        },
        "choose": [
            { "when": { "sku": "MUG" }, "journey": "mine" },
            { "when": { "country": "FR", "reference": "O2" }, "journey": "lost" },
            { "when": { "carrier": "dpd_fr" }, "weights": { "usual": 0, "returned": 1 } },
            { "when": { "number": { "matches": "^JOURNEY0" }, "fulfillment": "O3_1" }, "journey": "usual" },
        ],
        "journey": "waiting",
    }));
    let parcel = |order: &str, number: &str| {
        json!({
            "merchant_id": order, "email": "a@example.com",
            "shipping_address": { "country_code": "FR" },
            "line_items": [{ "merchant_id": "a", "sku": if order == "O1" { "MUG" } else { "CUP" } }],
            "fulfillments": [{ "merchant_id": format!("{order}_1"), "trackers": [
                { "tracking_number": number, "line_items": [{ "merchant_id": "a" }] },
            ] }],
        })
    };
    for (order, number, expected) in [
        ("O1", "JOURNEY06-1", "mine"),
        ("O2", "AZ000000002FR", "lost"),
        ("O3", "JOURNEY05-3", "waiting"),
        ("O4", "250059116919212260", "returned"),
        ("O5", "JOURNEY04-5", "incident_then_delivered"),
        ("O6", "AZ000000006FR", "waiting"),
    ] {
        merchant.send(&parcel(order, number));
        assert_eq!(merchant.detail("tracker", number).data["journey"], expected, "{order}");
    }
    // Each event of a breath is the carrier's own, and is told as such.
    merchant.advance("1h");
    let events = merchant.detail("tracker", "JOURNEY06-1").data["events"].clone();
    assert_eq!(events.as_array().unwrap().len(), 2);
    merchant.advance("1h");
    assert_eq!(merchant.state("tracker", "JOURNEY06-1"), "delivered");
    // What did not say anything chooses nothing; a parcel nobody follows has no journey.
    let unknown = json!({ "tracking_number": "BY-FRIENDS", "untracked_carrier_name": "Friends" });
    merchant.send(&json!({ "merchant_id": "O7", "fulfillments": [{ "merchant_id": "F", "trackers": [unknown] }] }));
    assert!(merchant.detail("tracker", "BY-FRIENDS").data["journey"].is_null());
    merchant.sent();
}

#[test]
fn a_journey_is_chosen_by_scenario_and_by_patch() {
    let mut merchant = Merchant::with(json!({ "journey": "waiting" }));
    ship(&mut merchant, "AZ123456789BE");
    merchant.advance("10d");
    assert_eq!(merchant.state("tracker", "AZ123456789BE"), "pending");
    merchant.patch("tracker", "AZ123456789BE", json!({ "journey": "pickup_point" })).unwrap();
    merchant.advance("10d");
    assert_eq!(merchant.state("tracker", "AZ123456789BE"), "delivered");
    merchant.sent();
}

#[test]
fn notifications_stand_at_what_they_are_about_in_the_customers_language() {
    let mut merchant = Merchant::open();
    merchant.send(&json!({
        "merchant_id": "O", "ordered_at": 1, "language_code": "fr",
        "fulfillments": [{ "merchant_id": "F", "status_code": "preparing_shipment", "line_items": [{ "merchant_id": "a" }] }],
    }));
    ship(&mut merchant, "JOURNEY08");
    merchant.apply("tracker", "JOURNEY08", "delivered").unwrap();
    let order = merchant.order("O");
    let slugs = |list: &serde_json::Value| -> Vec<String> {
        let all = list["notifications"]["data"].as_array().unwrap();
        all.iter().map(|it| it["slug"].as_str().unwrap_or("unexpanded").to_owned()).collect()
    };
    assert_eq!(
        slugs(&order),
        ["preparing_fulfillment_shipment", "fulfillment_shipped", "package_delivered"]
    );
    assert!(
        order["notifications"]["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["language_code"] == "fr")
    );
    let fulfillment = &order["fulfillments"]["data"][0];
    assert_eq!(slugs(fulfillment).len(), 2);
    assert_eq!(slugs(&fulfillment["trackers"]["data"][0]), ["unexpanded"]);
    merchant.sent();
}
