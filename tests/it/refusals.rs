//! Refusals that a rule asks for: the same words as those of the real one, of every provider.

use serde_json::{Value, json};
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::{Name, service};

use crate::harness::{TestWorld, with_json};

/// A call that is refused: its name in a rule, and what is called.
type Case = (Name, &'static str, Method, &'static str, Value);

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    use Method::{Get, Post};
    use Name::{Salla, Shipper, Shiplee, Shiptheory, Shipup};
    let nothing = || Value::Null;
    vec![
        (Shipup, "invalid", Post, "/v2/orders", json!({})),
        (Shipup, "not_json", Post, "/v2/orders", json!("no json")),
        (Shipup, "query", Get, "/v2/orders?limit=0", nothing()),
        (Shipup, "too_long", Post, "/v2/orders/batch_create", json!({ "orders": vec![json!({}); 101] })),
        (Shipup, "not_found", Get, "/v2/orders/NOBODY", nothing()),
        (Shipup, "unauthorized", Get, "/v2/orders?key=wrong", nothing()),
        (Shipup, "forbidden", Get, "/v2/orders?key=public_key", nothing()),
        (Shiptheory, "bad_request", Post, "/v1/tags", json!("no json")),
        (Shiptheory, "unauthorized", Get, "/v1/tags?key=", nothing()),
        (Shiptheory, "forbidden", Get, "/v1/tags/5", nothing()),
        (Shiptheory, "not_found", Get, "/v1/shipments/NOBODY", nothing()),
        (Shiptheory, "method_not_allowed", Post, "/v1/products/update/hat1", json!({})),
        (Shiptheory, "not_acceptable", Get, "/v1/tags?accept=text/csv", nothing()),
        (Shiptheory, "login", Post, "/v1/token", json!({ "email": "a", "password": "b" })),
        (Shiptheory, "sku_taken", Post, "/v1/products", json!({ "sku": "basecap1" })),
        (Shiptheory, "tag_taken", Post, "/v1/tags", json!({ "name": "Tag B" })),
        (Shiptheory, "expiry", Post, "/v1/returns", json!({ "outgoing_reference": "S1234", "delivery_postcode": "BS2 3AP", "return_service": 1, "expiry": "2030-01-01" })),
        (Shiptheory, "no_shipment", Post, "/v1/returns", json!({ "outgoing_reference": "ST0000040", "delivery_postcode": "bs1 x2w", "return_service": 1, "expiry": "2026-05-20" })),
        (Shipper, "unauthenticated", Get, "/api/v1/orders?key=wrong", nothing()),
        (Shipper, "order_not_found", Get, "/api/v1/orders/999999999", nothing()),
        (Salla, "invalid_token", Get, "/admin/v2/shipments?key=wrong", nothing()),
        (Shiplee, "missing_parameters", Post, "/create_shipment", json!({})),
        (Shiplee, "token", Post, "/create_shipment?key=wrong", json!({})),
    ]
}

#[test]
fn a_rules_refusal_has_the_words_of_the_real_one() {
    for (name, refusal, method, target, body) in cases() {
        let mut world = TestWorld::open("small");
        let mut request = Request::new(method, target).with("origin", "http://localhost");
        let asked = |key: &str| request.query.split('&').find_map(|pair| pair.strip_prefix(key));
        let (key, accept) = (
            asked("key=").map(str::to_owned),
            asked("accept=").unwrap_or("application/json").to_owned(),
        );
        if key.is_some() || accept != "application/json" {
            request.query = String::new();
        }
        let usual = match name {
            Name::Shiptheory => "email",
            Name::Shiplee => "username",
            _ => "api_key",
        };
        let credential = match key.as_deref() {
            None => service(name).authorization(world.world.providers(), usual, world.world.now()),
            Some("wrong") => Some(("authorization", "Bearer wrong".to_owned())),
            Some("") => None,
            Some(known) => {
                service(name).authorization(world.world.providers(), known, world.world.now())
            }
        };
        if let Some((field, value)) = credential {
            request = request.with(field, value);
        }
        request = request.with("accept", accept);
        request = match body {
            Value::Null => request,
            Value::String(text) => request.carrying("application/json", text),
            body => with_json(request, &body),
        };
        let worded = service(name).refusal(world.world.providers(), &request, refusal).unwrap();
        let real = world.call(name, request);
        let told = |reply: &shipmock::internals::message::Reply| {
            (reply.status, reply.body.text().into_owned())
        };
        assert_eq!(told(&worded), told(&real), "{name} {refusal}");
    }
}
