//! Shipup's routes, each called once as it should be, and then in every way it should not be.

use shipmock::internals::message::Method::{self, Get, Post};
use shipmock::internals::message::Request;
use shipmock::internals::providers::{Name, service};

use super::{Valid, try_out};
use crate::harness::{Read as _, TestWorld, VERBS};

const ORDER: &str = r#"{
    "merchant_id": "O_MER_TEST5", "order_number": "O_N_TEST5",
    "fulfillments": [{
        "merchant_id": "MY_FULFILLMENT_ID",
        "shipping_address": { "address1": "123 road street", "city": "City", "zip": "12345", "country": "Country" },
        "trackers": [{ "tracking_number": "1231121212", "line_items": [{ "merchant_id": "MY_SHIPPED_PRODUCT_ID_1" }] }],
        "line_items": [{ "merchant_id": "MY_UNSHIPPED_PRODUCT_ID" }]
    }]
}"#;

const BATCH: &str = r#"{ "orders": [{ "merchant_id": "ORDER_MERCHANT_ID_SUCCESS" }] }"#;

const FLAT: &str =
    r#"{ "trackers": [{ "order_number": "N1", "tracking_number": "AZ123456789BE" }] }"#;

#[rustfmt::skip]
pub const CALLS: &[Valid] = &[
    Valid { method: Post, row: "/v2/orders",              target: "/v2/orders",                           body: Some(ORDER), status: 201 },
    Valid { method: Get,  row: "/v2/orders",              target: "/v2/orders?expand[]=fulfillments",     body: None,        status: 200 },
    Valid { method: Post, row: "/v2/orders/batch_create", target: "/v2/orders/batch_create",              body: Some(BATCH), status: 202 },
    Valid { method: Get,  row: "/v2/orders/{id}",         target: "/v2/orders/O_MER_TEST5",               body: None,        status: 200 },
    Valid { method: Get,  row: "/v2/jobs/{id}",           target: "/v2/jobs/12456",                       body: None,        status: 200 },
    Valid { method: Get,  row: "/v2/trackers",            target: "/v2/trackers?tracking_number=1231121212", body: None,     status: 200 },
    Valid { method: Post, row: "/v1/trackers",            target: "/v1/trackers",                         body: Some(FLAT),  status: 201 },
];

fn bearing(request: Request, key: &str) -> Request {
    request.with("authorization", format!("Bearer {key}"))
}

fn mine(request: Request) -> Request {
    bearing(request, "YOUR_PRIVATE_KEY")
}

#[test]
fn every_route_answers_its_valid_call_with_the_evidence_of_its_row() {
    let mut world = TestWorld::open("small");
    let lines = service(Name::Shipup).routes();
    for valid in CALLS {
        let reply = world.call(Name::Shipup, mine(valid.request()));
        assert_eq!(reply.status, valid.status, "{}: {}", valid.row, reply.wire());
        let line = lines
            .iter()
            .find(|line| line.path == valid.row && line.method == valid.method.word())
            .unwrap();
        assert_eq!(reply.evidence, line.evidence, "{}", valid.row);
        assert!(reply.header("X-Shipup-Api-Call-Limit").is_some(), "{}", valid.row);
        let entry = world.world.journal().newest().unwrap().to_entry();
        assert_eq!(entry.route, Some(format!("{} {}", valid.method, valid.row)));
        assert_eq!(entry.account.as_deref(), Some("account 1"));
    }
}

#[test]
fn every_route_wants_the_private_key_of_an_account_that_is_paid_for() {
    let mut world = TestWorld::open("small");
    for valid in CALLS {
        let mut refused = |request: Request, status: u16| {
            let reply = try_out(&mut world, Name::Shipup, request);
            assert_eq!(reply.status, status, "{}", valid.row);
            assert!(reply.json()["errors"]["details"].is_string(), "{}", reply.text());
        };
        refused(valid.request(), 401);
        refused(bearing(valid.request(), "nobody"), 401);
        refused(valid.request().with("authorization", "Bearer "), 401);
        refused(bearing(valid.request(), "YOUR_PUBLIC_KEY"), 403);
    }
    let ended = serde_json::json!({ "standing": "trial_ended" });
    let fields = ended.as_object().unwrap();
    world.world.patch(Name::Shipup, "account", "1", fields).unwrap();
    for valid in CALLS {
        let reply = try_out(&mut world, Name::Shipup, mine(valid.request()));
        assert_eq!(reply.status, 402, "{}", valid.row);
    }
}

#[test]
fn every_route_refuses_other_methods_and_bodies_over_the_limit() {
    let mut world = TestWorld::open("small");
    for valid in CALLS {
        let mut large = mine(valid.request());
        large.oversize = true;
        assert_eq!(try_out(&mut world, Name::Shipup, large).status, 413, "{}", valid.row);
        for method in VERBS.iter().filter(|method| **method != valid.method) {
            let path = valid.target.split('?').next().unwrap();
            // What answers GET answers HEAD; two rows share a path.
            let taken = CALLS.iter().any(|other| {
                other.target.split('?').next() == Some(path)
                    && (other.method == *method || (other.method, *method) == (Get, Method::Head))
            });
            if taken || (path.ends_with("batch_create") && [Get, Method::Head].contains(method)) {
                continue;
            }
            let mut request = valid.request();
            request.method = *method;
            let reply = try_out(&mut world, Name::Shipup, mine(request));
            assert_eq!(reply.status, 404, "{method} {}", valid.row);
            assert_eq!(reply.text(), r#"{"status":404,"error":"Not Found"}"#);
        }
    }
}

#[test]
fn every_route_refuses_what_is_not_of_its_kind_and_stays_as_it_was() {
    let deep = "[".repeat(5_000) + &"]".repeat(5_000);
    for valid in CALLS.iter().filter(|valid| valid.body.is_some()) {
        for body in
            [deep.as_str(), "{\"merchant_id\":", "null", "\u{feff}{}", "", " ", "{}", "[]", "a=b"]
        {
            for kind in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
                let request = Request::new(Post, valid.target).carrying(kind, body.to_owned());
                // A world of its own for each call, so that none meets the limit.
                let mut world = TestWorld::open("small");
                let reply = try_out(&mut world, Name::Shipup, mine(request));
                assert_eq!(reply.status, 400, "{} {kind} {body:.20}", valid.row);
            }
        }
        let mut bytes = mine(valid.request());
        bytes.body = vec![0xff, 0xfe, 0x00].into();
        let mut world = TestWorld::open("small");
        assert_eq!(try_out(&mut world, Name::Shipup, bytes).status, 400, "{}", valid.row);
    }
}

/// A refusal of each kind, by name.
#[test]
fn every_refusal_is_written_down_with_its_explanation() {
    let world = TestWorld::open("small");
    let shipup = service(Name::Shipup);
    let shown: String = shipup
        .refusals()
        .iter()
        .map(|name| {
            let request = Request::new(Post, "/v2/orders");
            let reply = shipup.refusal(world.world.providers(), &request, name).unwrap();
            let why =
                reply.explanation.clone().unwrap_or_else(|| panic!("{name} is not explained"));
            format!("# {name}\n{}\n\n> {why}\n\n", reply.wire())
        })
        .collect();
    snapshot!("refusals", "shipup", shown);
}
