//! Shiplee's routes, each called once as it should be, and then in every way it should not be.

use shipmock::internals::message::Method::{self, Get, Post};
use shipmock::internals::message::Request;
use shipmock::internals::providers::{Name, service};

use super::{Valid, try_out};
use crate::harness::{Read as _, TestWorld, VERBS};
use crate::shiplee::Client;

const LOGIN: &str = r#"{ "username": "you@example.com", "apikey": "your-api-key" }"#;

const ORDER: &str = r#"{
    "pincode": "560098", "city": "Bangalore", "state": "Karnataka", "name": "John Doe",
    "email": "customer@example.com", "mobileNumber": "9000000001", "addressLine1": "123 Sample Street, Apt 4B",
    "sameAddressCheckbox": 0, "billingPincode": "560001", "billingName": "Jane Doe", "orderID": "ORD-123456",
    "paymentType": "cod",
    "products": [{ "productName": "Sample Product", "quantity": 2, "productPrice": 500.00 }],
    "parcels": [{ "length": 10, "breadth": 10, "height": 10, "physicalWeight": 1.5 }]
}"#;

const RETURN: &str = r#"{
    "orderId": 484900, "awbNumber": "XB1234567890", "reason": "Customer return", "warehouseId": 2147483833,
    "customer": {
        "name": "John Doe", "mobile": "9000000001", "address1": "123 Sample St", "pincode": "560098",
        "city": "Bangalore", "state": "Karnataka"
    },
    "products": [{ "productName": "Sample Product", "quantity": 1, "productPrice": 500 }],
    "parcel": { "length": 10, "breadth": 10, "height": 10, "physicalWeight": 1.5 }
}"#;

const RATES: &str =
    r#"{ "orderId": 484900, "warehouseId": 2147483833, "shipmentType": "forward" }"#;

const BOOKING: &str = r#"{
    "orderId": 484900, "warehouseId": 2147483833, "action": "book_shipment", "carrierId": "delhivery_s_prepaid",
    "carrierName": "Delhivery Surface", "shipmentType": "forward"
}"#;

const FORM: &str = "order_id=1042&warehouse_id=2147483833&carrierId=delhivery_s_prepaid&carrierName=Delhivery+Surface";

const WAREHOUSE: &str = r#"{
    "nickname": "Main Warehouse", "mobileNumber": "9000000001", "address1": "123 Logistics Road", "pincode": "110076",
    "city": "New Delhi", "state": "Delhi", "addressType": "primary"
}"#;

#[rustfmt::skip]
pub const CALLS: &[Valid] = &[
    Valid { method: Post, row: "/login",                   target: "/login",                   body: Some(LOGIN),     status: 200 },
    Valid { method: Post, row: "/order",                   target: "/order",                   body: Some(ORDER),     status: 201 },
    Valid { method: Post, row: "/rates",                   target: "/rates",                   body: Some(RATES),     status: 200 },
    Valid { method: Post, row: "/create_shipment",         target: "/create_shipment",         body: Some(BOOKING),   status: 201 },
    Valid { method: Post, row: "/reverse_order",           target: "/reverse_order",           body: Some(RETURN),    status: 201 },
    Valid { method: Post, row: "/reverse_create_shipment", target: "/reverse_create_shipment", body: Some(FORM),      status: 200 },
    Valid { method: Post, row: "/add_warehouse",           target: "/add_warehouse",           body: Some(WAREHOUSE), status: 201 },
    Valid { method: Get,  row: "/get_warehouses",          target: "/get_warehouses/",         body: None,            status: 200 },
];

/// A world and a token in it.
fn entered() -> (TestWorld, String) {
    let mut world = TestWorld::open("small");
    let login = world.call(Name::Shiplee, CALLS[0].request());
    let token = login.json()["token"].as_str().unwrap().to_owned();
    (world, token)
}

fn bearing(request: Request, token: &str) -> Request {
    request.with("authorization", format!("Bearer {token}"))
}

fn refused(world: &mut TestWorld, request: Request, status: u16, message: &str) {
    let told = format!("{} {}", request.method, request.path);
    let reply = try_out(world, Name::Shiplee, request);
    assert_eq!((reply.status, reply.json()["message"].as_str()), (status, Some(message)), "{told}");
    assert_eq!(reply.json()["success"], false, "{told}");
}

#[test]
fn every_route_answers_its_valid_call_with_the_evidence_of_its_row() {
    let (mut world, token) = entered();
    let lines = service(Name::Shiplee).routes();
    for valid in CALLS {
        let reply = world.call(Name::Shiplee, bearing(valid.request(), &token));
        assert_eq!(reply.status, valid.status, "{}: {}", valid.row, reply.wire());
        let line = lines.iter().find(|line| line.path == valid.row).unwrap();
        assert_eq!(reply.evidence, line.evidence, "{}", valid.row);
        let entry = world.world.journal().newest().unwrap().to_entry();
        assert_eq!(entry.route, Some(format!("{} {}", valid.method, valid.row)));
        assert_eq!(entry.account.as_deref(), Some("you@example.com"));
    }
}

#[test]
fn every_route_wants_a_token_and_a_place_and_a_domain_that_are_allowed() {
    let (mut world, token) = entered();
    for valid in CALLS {
        if valid.row != "/login" {
            refused(&mut world, valid.request(), 401, "Invalid JWT token");
            refused(&mut world, bearing(valid.request(), "x.y.z"), 401, "Invalid JWT token");
        }
        let mut far = bearing(valid.request(), &token);
        far.peer = "1.2.3.4".parse().unwrap();
        refused(&mut world, far, 403, "The IP '1.2.3.4' is not whitelisted");
        let foreign = bearing(valid.request(), &token).with("origin", "https://evil.example");
        refused(&mut world, foreign, 403, "The domain 'evil.example' is not whitelisted");
    }
}

#[test]
fn every_route_refuses_other_methods_and_bodies_over_the_limit() {
    let (mut world, token) = entered();
    for valid in CALLS {
        let mut large = bearing(valid.request(), &token);
        large.oversize = true;
        refused(&mut world, large, 413, "Request body too large");
        for method in VERBS.iter().filter(|method| **method != valid.method) {
            // What answers GET answers HEAD.
            if (valid.method, *method) == (Get, Method::Head) {
                continue;
            }
            let mut request = valid.request();
            request.method = *method;
            refused(&mut world, request, 405, "Method not allowed");
        }
    }
}

#[test]
fn every_route_refuses_what_is_not_of_its_kind_and_stays_as_it_was() {
    let (mut world, token) = entered();
    let deep = "[".repeat(5_000) + &"]".repeat(5_000);
    for valid in CALLS.iter().filter(|valid| valid.body.is_some() && valid.row != "/login") {
        for body in [deep.as_str(), "{\"pincode\":", "null", "\u{feff}{}", "", "{}", "[]", "a=b"] {
            for kind in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
                let request = Request::new(Post, valid.target).carrying(kind, body.to_owned());
                let reply = try_out(&mut world, Name::Shiplee, bearing(request, &token));
                assert_eq!(reply.status, 400, "{} {kind} {body:.20}", valid.row);
            }
        }
        let mut bytes = bearing(valid.request(), &token);
        bytes.body = vec![0xff, 0xfe, 0x00].into();
        assert_eq!(try_out(&mut world, Name::Shiplee, bytes).status, 400, "{}", valid.row);
    }
}

/// A refusal of each kind, by name.
#[test]
fn every_refusal_is_written_down_with_its_explanation() {
    let mut client = Client::open();
    let shown: String = service(Name::Shiplee)
        .refusals()
        .iter()
        .map(|name| {
            let request = Request::new(Post, "/create_shipment");
            let all = client.world.providers();
            let reply = service(Name::Shiplee).refusal(all, &request, name).unwrap();
            let why =
                reply.explanation.clone().unwrap_or_else(|| panic!("{name} is not explained"));
            format!("# {name}\n{}\n\n> {why}\n\n", reply.wire())
        })
        .collect();
    snapshot!("refusals", "shiplee", shown);
    let page = client.get("/status");
    snapshot!("refusals", "shiplee-unknown-path", page.reply.wire());
}
