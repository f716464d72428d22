//! Line items on their way, and the statuses they force.

use serde_json::{Value, json};

use super::Merchant;

/// A payload of order `O` with fulfillment `F`.
fn packed(items: Value, trackers: Value) -> Value {
    json!({ "merchant_id": "O", "fulfillments": [{ "merchant_id": "F", "line_items": items, "trackers": trackers }] })
}

fn tracker(number: &str, items: Value) -> Value {
    json!({ "tracking_number": format!("JOURNEY08-{number}"), "line_items": items })
}

fn item(id: &str) -> Value {
    json!({ "merchant_id": id })
}

fn status(merchant: &Merchant) -> String {
    merchant.state("fulfillment", "F")
}

#[test]
fn statuses_follow_the_items_and_give_way_when_the_items_do() {
    let mut merchant = Merchant::open();
    merchant.send(&json!({
        "merchant_id": "O",
        "fulfillments": [{ "merchant_id": "F", "status_code": "in_production", "line_items": [item("a"), item("b")] }],
    }));
    assert_eq!(status(&merchant), "in_production");
    merchant.send(&packed(json!([]), json!([tracker("1", json!([item("a")]))])));
    assert_eq!(status(&merchant), "partially_shipped");
    // What is called off needs not be shipped.
    merchant.send(&packed(json!([{ "merchant_id": "b", "canceled": true }]), json!([])));
    assert_eq!(status(&merchant), "shipped");
    merchant.send(&packed(json!([{ "merchant_id": "b", "canceled": false }]), json!([])));
    assert_eq!(status(&merchant), "partially_shipped");
    merchant.send(&packed(json!([{ "merchant_id": "b", "requires_shipping": false }]), json!([])));
    assert_eq!(status(&merchant), "shipped");
    // A stale payload brings the first back; the merchant's own status holds again.
    merchant.send(&packed(json!([item("a")]), json!([])));
    assert_eq!(status(&merchant), "in_production");
    merchant.send(&json!({ "merchant_id": "O", "canceled": true }));
    assert_eq!(
        (status(&merchant).as_str(), merchant.state("order", "O").as_str()),
        ("canceled", "canceled")
    );
    merchant.send(&json!({ "merchant_id": "O", "canceled": false }));
    assert_eq!(status(&merchant), "in_production");
    let changes: Vec<String> =
        merchant.detail("fulfillment", "F").history.iter().map(|it| it.to.to_string()).collect();
    assert_eq!(
        changes,
        [
            "in_production",
            "partially_shipped",
            "shipped",
            "partially_shipped",
            "shipped",
            "in_production",
            "canceled",
            "in_production"
        ]
    );
    merchant.sent();
}

#[test]
fn a_forced_status_cannot_be_moved_away() {
    let mut merchant = Merchant::open();
    merchant.send(&packed(json!([]), json!([tracker("1", json!([item("a")]))])));
    let before = merchant.world.holdings();
    let refused = merchant.apply("fulfillment", "F", "delayed").unwrap_err().to_string();
    assert!(refused.contains("force it to be `shipped`"), "{refused}");
    assert!(before == merchant.world.holdings());
    merchant.send(&packed(json!([item("b")]), json!([])));
    assert_eq!(status(&merchant), "partially_shipped");
    merchant.send(&json!({ "merchant_id": "P", "fulfillments": [{ "merchant_id": "F", "line_items": [item("a")] }] }));
    // Two orders may call their fulfillments alike; the second is told apart by its order.
    merchant.apply("fulfillment", "P:F", "blocked").unwrap();
    assert_eq!(merchant.state("fulfillment", "P:F"), "blocked");
    assert_eq!(status(&merchant), "partially_shipped");
    merchant.sent();
}

#[test]
fn trackers_share_an_item_as_far_as_each_holds_a_part_of_it() {
    let mut merchant = Merchant::open();
    let part =
        |count: i64| json!([{ "merchant_id": "a", "quantity": 5, "shipped_quantity": count }]);
    merchant.send(&packed(json!([]), json!([tracker("1", part(3))])));
    assert_eq!(status(&merchant), "partially_shipped");
    merchant.send(&packed(json!([]), json!([tracker("2", part(2))])));
    assert_eq!(status(&merchant), "shipped");
    let held = |merchant: &mut Merchant| -> Vec<Value> {
        let order = merchant.order("O");
        let trackers =
            order["fulfillments"]["data"][0]["trackers"]["data"].as_array().unwrap().clone();
        trackers.iter().map(|it| it["line_items"]["data"][0]["shipped_quantity"].clone()).collect()
    };
    assert_eq!(held(&mut merchant), [json!(3), json!(2)]);
    // A part may not be more than the whole, and less than nothing is nothing.
    merchant.send(&packed(json!([]), json!([tracker("1", part(9)), tracker("2", part(-1))])));
    assert_eq!(held(&mut merchant), [json!(5), json!(0)]);
    // Without a word about parts it is all in one.
    merchant.send(&packed(json!([]), json!([tracker("2", json!([item("a")]))])));
    assert_eq!(held(&mut merchant), [Value::Null, json!(5)]);
    merchant.sent();
}

#[test]
fn an_item_goes_back_only_where_the_scenario_lets_it() {
    for (forward_only, expected) in [(false, "pending"), (true, "shipped")] {
        let mut merchant =
            Merchant::with(json!({ "switches": { "items_never_go_back": forward_only } }));
        merchant.send(&packed(json!([item("a")]), json!([])));
        merchant.send(&packed(json!([]), json!([tracker("1", json!([item("a")]))])));
        merchant.send(&packed(json!([item("a")]), json!([])));
        assert_eq!(status(&merchant), expected);
        merchant.sent();
    }
}

#[test]
fn a_tracker_moves_with_its_number_within_the_order_and_from_order_to_order() {
    let mut merchant = Merchant::open();
    merchant.send(&packed(json!([item("b")]), json!([tracker("1", json!([item("a")]))])));
    merchant.send(&json!({
        "merchant_id": "O", "fulfillments": [{ "merchant_id": "G", "trackers": [{ "tracking_number": "JOURNEY08-1" }] }],
    }));
    // What was in it goes with it.
    assert_eq!(
        (status(&merchant).as_str(), merchant.state("fulfillment", "G").as_str()),
        ("pending", "shipped")
    );
    merchant.send(&json!({
        "merchant_id": "P", "fulfillments": [{ "merchant_id": "H", "trackers": [{ "tracking_number": "JOURNEY08-1" }] }],
    }));
    let items = merchant.detail("order", "O").data["line_items"].clone();
    let places: Vec<&Value> = items.as_array().unwrap().iter().map(|item| &item["place"]).collect();
    assert_eq!(places, [&json!({ "fulfillment": "F" }), &json!({ "fulfillment": "F" })]);
    assert_eq!(merchant.detail("tracker", "JOURNEY08-1").data["order"], "P");
    let mut apart = Merchant::with(json!({ "switches": { "trackers_per_order": true } }));
    for order in ["O", "P"] {
        apart.send(&json!({
            "merchant_id": order,
            "fulfillments": [{ "merchant_id": "F", "trackers": [{ "tracking_number": "JOURNEY08-1" }] }],
        }));
    }
    assert_eq!(apart.detail("tracker", "JOURNEY08-1").data["order"], "O");
    assert_eq!(apart.detail("tracker", "P:JOURNEY08-1").data["order"], "P");
    merchant.sent();
    apart.sent();
}

#[test]
fn orders_can_list_all_their_items_as_newer_samples_do() {
    let mut merchant = Merchant::with(json!({ "switches": { "all_items_in_orders": true } }));
    merchant.send(&json!({
        "merchant_id": "O", "line_items": [item("c")],
        "fulfillments": [{ "merchant_id": "F", "line_items": [item("b")], "trackers": [tracker("1", json!([item("a")]))] }],
    }));
    let order = merchant.order("O");
    let count = |list: &Value| list["line_items"]["data"].as_array().unwrap().len();
    let fulfillment = &order["fulfillments"]["data"][0];
    assert_eq!(
        (count(&order), count(fulfillment), count(&fulfillment["trackers"]["data"][0])),
        (3, 2, 1)
    );
    merchant.sent();
}
