//! Journeys that a scenario writes for parcels, out and back.

use serde_json::json;

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
