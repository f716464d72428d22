//! Cancelling: in which phases it works, how much of an order it takes, and what it leaves.

use serde_json::{Value, json};
use shipmock::internals::message::Reply;

use super::shop::{SIZE_L, Shop, one_shirt, order_of};
use crate::harness::Read as _;

fn cancel(shop: &mut Shop, id: u64) -> Reply {
    shop.post(&format!("/orders/{id}/cancel"), &json!({}))
}

fn assert_canceled(reply: &Reply, shipments: u64) {
    let body = json!({ "success": true, "canceled_shipments": shipments });
    assert_eq!((reply.status, reply.json()), (200, body));
}

fn assert_too_late(reply: &Reply) {
    let body = json!({ "error": "No shipments available to cancel" });
    assert_eq!((reply.status, reply.json()), (422, body));
}

/// An order of a shirt and a toilet lid, which two suppliers send.
fn of_two_suppliers(shop: &mut Shop, with_confirmation: bool) -> u64 {
    let toilet_lid = shop.get("/products?search=SKU-002").json()["data"][0]["uuid"].clone();
    let mut body = order_of(json!([{ "id": SIZE_L }, { "id": toilet_lid }]));
    body["with_confirmation"] = json!(with_confirmation);
    shop.order(&body)
}

fn stock(shop: &mut Shop) -> Value {
    shop.get(&format!("/products/{}", super::shop::SHIRT)).json()["available_qte"].clone()
}

/// (25)
#[test]
fn an_order_can_be_cancelled_while_it_waits_for_confirmation_or_packaging() {
    for with_confirmation in [true, false] {
        let mut shop = Shop::small();
        let mut body = one_shirt();
        body["with_confirmation"] = json!(with_confirmation);
        let id = shop.order(&body);
        assert_eq!(stock(&mut shop), 41);
        assert_canceled(&cancel(&mut shop, id), 1);
        let order = shop.get(&format!("/orders/{id}")).json();
        assert_eq!(
            (&order["status"], &order["shipments"][0]["status"]),
            (&json!("Canceled"), &json!("canceled"))
        );
        let task = if with_confirmation { json!("canceled") } else { json!(null) };
        assert_eq!(order["contact_task_status"], task);
        assert_eq!(stock(&mut shop), 42, "what was ordered is back in stock");
        assert_too_late(&cancel(&mut shop, id));
        // Nothing moves any more.
        assert_eq!(shop.settle(), []);
        assert_eq!(shop.status_of(id), "Canceled");
    }
}

/// (25)
#[test]
fn a_task_that_was_called_stays_called() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["with_confirmation"] = json!(true);
    let id = shop.order(&body);
    shop.apply("contact_task", &id.to_string(), "call");
    shop.apply("contact_task", &id.to_string(), "confirm");
    assert_canceled(&cancel(&mut shop, id), 1);
    assert_eq!(shop.get(&format!("/orders/{id}")).json()["contact_task_status"], "called");
}

/// (25, 26)
#[test]
fn an_order_that_is_packed_or_further_is_too_late() {
    for state in [
        "awaitingpickup",
        "onitsway",
        "delivered",
        "partiallydelivered",
        "returning",
        "returnedtosender",
        "partiallyreturned",
        "lost",
        "canceled",
    ] {
        let mut shop = Shop::small();
        // Two, so that there is a part to take.
        let id = shop.order(&order_of(json!([{ "id": SIZE_L, "quantity": 2 }])));
        let shipment = shop.shipment_of(id, 0);
        shop.walk("shipment", &shipment, state);
        let before = shop.holdings();
        assert_too_late(&cancel(&mut shop, id));
        assert_eq!(shop.holdings(), before, "{state}");
    }
}

/// (25)
#[test]
fn a_draft_has_nothing_to_cancel() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["auto_fulfill"] = json!(false);
    let id = shop.order(&body);
    assert_too_late(&cancel(&mut shop, id));
    shop.apply("order", &id.to_string(), "fulfill");
    assert_canceled(&cancel(&mut shop, id), 1);
}

/// (26)
#[test]
fn what_the_warehouse_packed_first_is_not_cancelled_and_the_rest_is_counted() {
    let mut shop = Shop::small();
    let id = of_two_suppliers(&mut shop, false);
    let packed = shop.shipment_of(id, 0);
    shop.apply("shipment", &packed, "pack");
    assert_canceled(&cancel(&mut shop, id), 1);
    let order = shop.get(&format!("/orders/{id}")).json();
    let states: Vec<&Value> =
        order["shipments"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(states, ["awaitingpickup", "canceled"]);
    assert_eq!(order["status"], "Fulfilled");
    assert_too_late(&cancel(&mut shop, id));
}

#[test]
fn all_shipments_of_an_order_are_cancelled_at_once() {
    for with_confirmation in [true, false] {
        let mut shop = Shop::small();
        let id = of_two_suppliers(&mut shop, with_confirmation);
        assert_canceled(&cancel(&mut shop, id), 2);
        assert_eq!(shop.status_of(id), "Canceled");
    }
}

#[test]
fn cancelling_reads_no_body() {
    for body in [json!(null), json!([]), json!({ "id": 1 }), json!("x")] {
        assert_canceled(&Shop::small().post("/orders/554/cancel", &body), 1);
    }
}

#[test]
fn an_order_that_is_not_there_is_not_found() {
    let reply = cancel(&mut Shop::small(), 9);
    assert_eq!(
        (reply.status, reply.json()),
        (404, json!({ "message": "No query results for model [App\\Models\\Order]." }))
    );
    let mut naming = Shop::switched(|switches| switches.not_found_names_id = true);
    let message = "No query results for model [App\\Models\\Order] 9";
    assert_eq!(cancel(&mut naming, 9).json(), json!({ "message": message }));
}
