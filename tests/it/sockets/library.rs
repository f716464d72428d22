//! The simulator as a library: what a test written in Rust does with it.

use serde_json::json;
use shipmock::Simulator;
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;
use shipmock::jiff::SignedDuration;

use super::wire::Wire;

fn get(target: &str) -> Request {
    Request::new(Method::Get, target).with("authorization", "Bearer YOUR_API_KEY")
}

#[test]
fn worlds_are_driven_by_handles_and_answer_sockets_too() {
    let simulator = Simulator::start().unwrap();
    let world = simulator.world("one").unwrap();
    let other = simulator.world("two").unwrap();
    let orders = world.entities(Name::Shipper);
    let shipment = "22222222-3333-4444-5555-666666666666";
    let from = world.clock().now().unwrap();
    let passed = world.clock().until_next().unwrap();
    assert!(passed.from == from && passed.to > from && !passed.fired.is_empty());
    orders.move_to("shipment", shipment, "delivered").unwrap();
    let moved = orders.get("shipment", shipment).unwrap();
    assert_eq!(moved.state.as_deref(), Some("delivered"));
    assert!(moved.history.len() > 1);
    let untouched = other.entities(Name::Shipper).get("shipment", shipment).unwrap();
    assert_eq!(untouched.state.as_deref(), Some("awaitingpackaging"));
    // What is not possible says what is.
    let refused = orders.move_to("shipment", shipment, "awaitingpackaging").unwrap_err();
    assert_eq!(refused.status, 409, "{refused}");
    assert!(orders.get("shipment", "none").is_err() && orders.list("parcel", 1).is_err());

    let rule = json!({"on": "shipper", "first": 1, "then": {"status": 503}});
    let id = world.rules().install(serde_json::from_value(rule).unwrap()).unwrap();
    assert_eq!(world.call(Name::Shipper, get("/api/v1/orders?pag=2")).unwrap().status, 503);
    assert_eq!(world.call(Name::Shipper, get("/api/v1/orders?pag=2")).unwrap().status, 200);
    assert_eq!(world.rules().list().unwrap()[0].used, 1);
    world.rules().remove(&id).unwrap();
    let last = world.journal().entries().unwrap().pop().unwrap();
    assert_eq!(world.journal().reading(&last).unread, ["query.pag"]);

    let address = simulator.url().strip_prefix("http://").unwrap().parse().unwrap();
    let target = world.base_url(Name::Shipper);
    let path = target.strip_prefix(simulator.url()).unwrap();
    let bearer = ["Authorization: Bearer YOUR_API_KEY"];
    let answer = Wire::to(address).call(&format!("GET {path}/orders/554"), &bearer, "");
    assert_eq!(answer.status, 200);
    world.reset().unwrap();
    assert!(world.journal().entries().unwrap().is_empty());
    let report = simulator.report();
    assert_eq!((report.requests, report.worlds), (3, 4));
    assert!(simulator.world("a/b").is_err());
}

#[tokio::test]
async fn it_can_be_used_from_within_a_runtime() {
    let simulator = Simulator::builder().scenario("empty").seed(3).start().unwrap();
    let world = simulator.default_world().unwrap();
    let passed = world.clock().advance(SignedDuration::from_hours(1)).unwrap();
    assert_eq!(passed.to.duration_since(passed.from), SignedDuration::from_hours(1));
    assert_eq!(world.call(Name::Shipper, get("/api/v1/orders")).unwrap().status, 200);
}
