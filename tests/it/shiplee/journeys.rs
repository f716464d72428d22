//! Journeys that a scenario writes for parcels, out and back.

use serde_json::{Value, json};
use shipmock::internals::providers::Name;

use super::Client;

#[test]
fn a_chain_leads_over_the_way_it_can_be_walked_on() {
    let mut client = Client::with(json!({
        "journeys": {
            "there": [{ "on": "schedule", "after": "1h" }, { "on": "pick_up", "after": "1h" }],
            "back": [{ "on": "schedule", "after": "1h" }, { "on": "dispatch" }, { "on": "pick_up" }],
        },
        "choose": [
            { "when": { "state": { "present": true } }, "weights": { "back": 1 } },
            { "when": { "phone": { "matches": "^9" } }, "journey": "there" },
        ],
    }));
    let order = client.order(json!({}));
    let awb = client.booked(order);
    assert_eq!(client.detail("shipment", &awb).data["journey"], "there");
    let id = client.send_back(order, &awb, json!({}));
    assert_eq!(client.book_back(id).status, 200);
    let reverse = client.detail("reverse_order", &id.to_string()).data["awb"].clone();
    assert_eq!(client.detail("shipment", reverse.as_str().unwrap()).data["journey"], "back");
    client.patch("shipment", &awb, json!({ "journey": "rto" }));
    client.patch("shipment", &awb, json!({ "journey": "there" }));
    assert_eq!(client.detail("shipment", &awb).data["stops"][1]["on"], "pick_up");
    client.advance(3 * 3_600);
    assert_eq!(client.state("shipment", &awb), "In Transit");
}

#[test]
fn a_journey_that_cannot_start_is_refused_and_one_that_is_half_done_goes_on() {
    let mut client = Client::open();
    let order = client.order(json!({}));
    let awb = client.booked(order);
    client.world.walk(Name::Shiplee, "shipment", &awb, "Pending").unwrap();
    let stops = |client: &Client| client.detail("shipment", &awb).data["stops"].clone();
    client.patch("shipment", &awb, json!({ "journey": "delivered" }));
    let on: Vec<Value> =
        stops(&client).as_array().unwrap().iter().map(|it| it["on"].clone()).collect();
    assert_eq!(on, ["dispatch", "deliver"]);
    let before = client.detail("shipment", &awb);
    let not_picked = json!({ "journey": "not_picked" });
    let refused =
        client.world.patch(Name::Shiplee, "shipment", &awb, not_picked.as_object().unwrap());
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the journey `not_picked` cannot start with shipment Pending; those that can: `delivered`, \
         `failed_attempt_then_delivered`, `rto`, `cancelled`, `waiting`"
    );
    assert_eq!(client.detail("shipment", &awb), before);
}
