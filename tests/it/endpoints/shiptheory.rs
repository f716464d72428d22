//! Shiptheory's routes, each called once as it should be, and then in every way it should not be.

use shipmock::internals::message::Method::{self, Delete, Get, Patch, Post, Put};
use shipmock::internals::message::Request;
use shipmock::internals::providers::{Name, service};

use super::{Valid, try_out};
use crate::harness::{Read as _, TestWorld, VERBS};

const LOGIN: &str = r#"{ "email": "you@youremail.com", "password": "password" }"#;

const BOOKING: &str = r#"{
    "reference": "E1", "reference2": "ORDER1001", "delivery_service": 39, "increment": 1, "mark_for_approval": false,
    "shipment_detail": {
        "weight": 2.5, "parcels": 1, "value": 135.18, "shipping_price": 3.99, "reference3": "ORDERREF3", "sales_source": "eBay",
        "ship_date": "2021-04-20", "rules_metadata": "custom string", "duty_tax_number": "IM123456789", "duty_tax_number_type": "IOSS"
    },
    "recipient": {
        "company": "Beard Supplies Co", "firstname": "William", "lastname": "Riker", "address_line_1": "123 Southpaw Lane",
        "city": "Bristol", "postcode": "bs2 3ap", "telephone": "01171231234", "country": "GB", "tax_number": "GB123456",
        "what3words": "///what.three.words", "tax_numbers": [{ "tax_number": "GB1", "tax_number_type": "VAT" }]
    },
    "sender": {
        "company": "Hair Wholesaler Co.", "firstname": "Julian", "lastname": "Bashir", "address_line_1": "65 Horfield Retail Park",
        "city": "Bath", "postcode": "ba1 2jw", "country": "GB"
    },
    "products": [{ "name": "USS Beard Trimmer 500", "sku": "ussbeard500", "qty": 1, "value": 35.20, "weight": 0.5,
        "mid_code": "AUOZR92MEL", "dangerous_goods": { "un_number": 1234, "volume": 123 } }],
    "packages": [{ "id": 11110, "weight": 10.50 }],
    "tags": [1, 2]
}"#;

const RETURN: &str = r#"{ "outgoing_reference": "S0001001", "delivery_postcode": "BS1 4TW", "return_service": 200, "expiry": "2019-10-23" }"#;
const PICKING: &str =
    r#"{ "shipments": [{ "reference_1": "S123456" }, { "reference_2": "ORDER-5678" }] }"#;
const PRODUCT: &str = r#"{ "sku": "cup1", "name": "Cup", "price": 4.5, "weight": 0.3 }"#;
const UPDATE: &str = r#"{ "sku": "hat1", "price": 5.99 }"#;
const TAG: &str = r##"{ "name": "Tag C", "background_colour": "#000", "text_colour": "#FFF" }"##;

const SEARCH: &str = "/v1/shipments/search?created_from=2019-09-01&created_to=2019-09-30&DeliveryAddress.postcode=ba1+2wa\
    &status=Failed&include_products=1&limit=10";
const LIST: &str = "/v1/shipments/list?created=2020-11-14&Couriers.couriername=Royal%20Mail&channel_name=Bigcommerce&sort=created\
    &direction=desc&page=1&limit=10";

/// One call for each row, in an order in which all of them work.
#[rustfmt::skip]
pub const CALLS: &[Valid] = &[
    Valid { method: Post,   row: "/v1/token",                  target: "/v1/token",                      body: Some(LOGIN),   status: 200 },
    Valid { method: Post,   row: "/v1/shipments",              target: "/v1/shipments",                  body: Some(BOOKING), status: 200 },
    Valid { method: Get,    row: "/v1/shipments/list",         target: LIST,                             body: None,          status: 200 },
    Valid { method: Get,    row: "/v1/shipments/search",       target: SEARCH,                           body: None,          status: 200 },
    Valid { method: Get,    row: "/v1/shipments/{reference}",  target: "/v1/shipments/S1234",            body: None,          status: 200 },
    Valid { method: Post,   row: "/v1/picking_lists/download", target: "/v1/picking_lists/download",     body: Some(PICKING), status: 200 },
    Valid { method: Post,   row: "/v1/returns",                target: "/v1/returns",                    body: Some(RETURN),  status: 200 },
    Valid { method: Get,    row: "/v1/services",               target: "/v1/services",                   body: None,          status: 200 },
    Valid { method: Get,    row: "/v1/services/incoming",      target: "/v1/services/incoming",          body: None,          status: 200 },
    Valid { method: Get,    row: "/v1/packages/sizes",         target: "/v1/packages/sizes?sort=id&direction=desc&page=1&limit=10", body: None, status: 200 },
    Valid { method: Post,   row: "/v1/products",               target: "/v1/products",                   body: Some(PRODUCT), status: 200 },
    Valid { method: Get,    row: "/v1/products/view/{sku}",    target: "/v1/products/view/hat1",         body: None,          status: 200 },
    Valid { method: Get,    row: "/v1/products",               target: "/v1/products?sort=sku",          body: None,          status: 200 },
    Valid { method: Put,    row: "/v1/products/update/{sku}",  target: "/v1/products/update/hat1",       body: Some(UPDATE),  status: 200 },
    Valid { method: Post,   row: "/v1/tags",                   target: "/v1/tags",                       body: Some(TAG),     status: 200 },
    Valid { method: Get,    row: "/v1/tags/{id}",              target: "/v1/tags/1",                     body: None,          status: 200 },
    Valid { method: Get,    row: "/v1/tags",                   target: "/v1/tags?sort=name",             body: None,          status: 200 },
    Valid { method: Put,    row: "/v1/tags/{id}",              target: "/v1/tags/2",                     body: Some(TAG2),    status: 200 },
    Valid { method: Patch,  row: "/v1/tags/{id}",              target: "/v1/tags/2",                     body: Some(RETAG),   status: 200 },
    Valid { method: Delete, row: "/v1/tags/{id}",              target: "/v1/tags/2",                     body: None,          status: 200 },
];
const TAG2: &str = r##"{ "name": "Tag D", "background_colour": "#FA8072" }"##;
const RETAG: &str = r##"{ "text_colour": "#708090" }"##;

/// A world and a token in it.
fn entered() -> (TestWorld, String) {
    let mut world = TestWorld::open("small");
    let login = world.call(Name::Shiptheory, CALLS[0].request());
    let token = login.json()["data"]["token"].as_str().unwrap().to_owned();
    (world, token)
}

fn bearing(request: Request, token: &str) -> Request {
    request.with("authorization", format!("Bearer {token}"))
}

fn refused(world: &mut TestWorld, request: Request, status: u16, message: &str) {
    let told = format!("{} {}", request.method, request.path);
    let path = request.path.clone();
    let reply = try_out(world, Name::Shiptheory, request);
    let body = reply.json();
    assert_eq!((reply.status, body["message"].as_str()), (status, Some(message)), "{told}");
    assert_eq!(body["code"], status, "{told}");
    assert!(body["url"].as_str().unwrap().starts_with(&path), "{told}: {body}");
}

#[test]
fn every_route_answers_its_valid_call_with_the_evidence_of_its_row() {
    let (mut world, token) = entered();
    let lines = service(Name::Shiptheory).routes();
    for valid in CALLS {
        let reply = world.call(Name::Shiptheory, bearing(valid.request(), &token));
        assert_eq!(reply.status, valid.status, "{}: {}", valid.row, reply.wire());
        assert!(!reply.text().contains("\"error\""), "{}: {}", valid.row, reply.text());
        let line =
            lines.iter().find(|line| (line.method, line.path) == (valid.method.word(), valid.row));
        assert_eq!(reply.evidence, line.unwrap().evidence, "{}", valid.row);
        let entry = world.world.journal().newest().unwrap().to_entry();
        assert_eq!(entry.route, Some(format!("{} {}", valid.method, valid.row)));
        assert_eq!(entry.account.as_deref(), Some("you@youremail.com"));
    }
}

#[test]
fn every_route_wants_a_token_and_a_form_that_there_is() {
    let (mut world, token) = entered();
    for valid in CALLS {
        if valid.row != "/v1/token" {
            let none = "You are not authorized to access that location.";
            refused(&mut world, valid.request(), 401, none);
            refused(&mut world, bearing(valid.request(), "x.y"), 401, "Wrong number of segments");
        }
        let mut page = bearing(valid.request(), &token);
        page.headers.set("accept", "text/html");
        refused(&mut world, page, 406, "Not Acceptable");
    }
}

#[test]
fn every_route_refuses_other_methods_and_bodies_over_the_limit() {
    let (mut world, token) = entered();
    for valid in CALLS {
        let mut large = bearing(valid.request(), &token);
        large.oversize = true;
        refused(&mut world, large, 413, "Request Entity Too Large");
        let has = |method: Method| {
            let wanted = if method == Method::Head { Get } else { method };
            CALLS.iter().any(|call| call.row == valid.row && call.method == wanted)
                // What stands for a reference may be a word, and a word a reference.
                || (valid.row.starts_with("/v1/shipments/") && wanted == Get)
        };
        for method in VERBS.iter().filter(|method| !has(**method)) {
            let mut request = valid.request();
            request.method = *method;
            refused(&mut world, request, 405, "Method Not Allowed");
        }
    }
}

#[test]
fn every_route_refuses_what_cannot_be_read_and_stays_as_it_was() {
    let (mut world, token) = entered();
    let deep = "[".repeat(5_000) + &"]".repeat(5_000);
    for valid in CALLS.iter().filter(|valid| valid.body.is_some() && valid.row != "/v1/token") {
        for body in [deep.as_str(), "{\"reference\":", "\"x\"", "1", "\u{feff}{}"] {
            let mut request = bearing(valid.request(), &token);
            request.body = body.to_owned().into();
            refused(&mut world, request, 400, "Bad Request");
        }
        for (kind, body) in [
            ("application/json", "null"),
            ("application/json", ""),
            ("application/json", "[1]"),
            ("text/plain", "{\"reference\":\"x\"}"),
            ("application/x-www-form-urlencoded", "%%%=&&&"),
            ("multipart/form-data", "x"),
        ] {
            let partial =
                ["/v1/products/update/{sku}"].contains(&valid.row) || valid.method == Patch;
            if partial {
                continue;
            }
            let request = Request::new(valid.method, valid.target).carrying(kind, body.to_owned());
            let before = world.holdings();
            let reply = try_out(&mut world, Name::Shiptheory, bearing(request, &token));
            assert!(
                reply.json()["error"].is_object(),
                "{} {kind} {body}: {}",
                valid.row,
                reply.text()
            );
            assert!(before == world.holdings(), "{} {kind} {body}", valid.row);
        }
    }
}

/// A refusal of each kind, by name.
#[test]
fn every_refusal_is_written_down_with_its_explanation() {
    let world = TestWorld::open("small");
    let shown: String = service(Name::Shiptheory)
        .refusals()
        .iter()
        .map(|name| {
            let request = Request::new(Post, "/v1/shipments");
            let all = world.world.providers();
            let reply = service(Name::Shiptheory).refusal(all, &request, name).unwrap();
            let why =
                reply.explanation.clone().unwrap_or_else(|| panic!("{name} is not explained"));
            format!("# {name}\n{}\n\n> {why}\n\n", reply.wire())
        })
        .collect();
    snapshot!("refusals", "shiptheory", shown);
}
