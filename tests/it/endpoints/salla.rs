//! Salla's routes, each called once as it should be, and then in every way it should not be.

use serde_json::{Value, json};
use shipmock::internals::message::Method::{self, Delete, Get, Post, Put};
use shipmock::internals::message::Request;
use shipmock::internals::providers::{Name, service};

use super::{Valid, try_out};
use crate::harness::{Read as _, TestWorld, VERBS};
use crate::salla::{STORE, build, saying};

const SHIPMENT: &str = r#"{
    "overwrite_exists_pending": true, "courier_id": 1723506348, "order_id": 54534523, "shipment_type": "shipment",
    "payment_method": "cod", "cash_on_delivery": { "amount": 10.7, "currency": "SAR" },
    "description": "Fashion Apparel - 3 T-Shirts", "remarks": "after 5 PM", "external_id": "34567898",
    "external_additional_id": "OM656545543", "external_company_name": "Salla Express",
    "service_types": ["international", "normal", "fulfillment"], "policy_options": { "boxes": 1 },
    "ship_to": {
        "name": "Mohammed Khalid", "email": "test@gmail.com", "phone": "966501636784", "country": 1473353380,
        "city": 1473353380, "postal_code": "95128", "street_number": "2345", "block": "B", "address_line": "A",
        "geo_coordinates": { "lat": 21.3825905096851, "lng": 39.77319103068542 }
    },
    "ship_from": {
        "type": "address", "name": "Main", "email": "", "phone": "966501636784", "country": 1473353380,
        "city": 1939592358, "address_line": "Mecca", "street_number": "1234", "block": "block", "postal_code": "1234",
        "geo_coordinates": { "latitude": 21.3825905096851, "longitude": 39.77319103068542 }
    },
    "packages": [{
        "external_id": null, "name": "A", "sku": "52743-145", "quantity": 1,
        "price": { "amount": 25.5, "currency": "SAR" }, "weight": { "value": 5 }
    }]
}"#;

const REPORT: &str = r#"{
    "shipment_number": "846984645", "order_id": 76587644, "tracking_number": "54563653",
    "tracking_link": "https://api.shipengine.com/v1/labels/498498496/track", "status": "delivered",
    "status_note": "The shipment has been delivered",
    "pdf_label": "https://api.shipengine.com/v1/downloads/label-63563751.pdf", "cost": 40,
    "external_company_name": "Salla Express", "policy_options": { "boxes": 3, "number_of_delivery_attempts": 2 }
}"#;

const WEBHOOK: &str = r#"{
    "name": "Salla Update Customer Event", "event": "customer.updated", "url": "https://webhook.site/07254470",
    "version": 2, "rule": "payment_method = mada OR price < 50", "headers": [{ "key": "X-Key", "value": "value" }],
    "security_strategy": "signature", "secret": "s"
}"#;

const LIST: &str = "/admin/v2/shipments?order_id=560695738&courier_id=814202285&courier_slug=dhl-express&status=creating&\
    shipment_type=return&payment_method=cod&from_date=2023-01-18&to_date=2023-01-18&ship_to[country_id]=1939592358&\
    ship_to%5Bcountry_code%5D=KW&ship_to[city_id]=1313869267&ship_from[country_id]=1939592358&\
    ship_from[country_code]=KW&ship_from[city_id]=1313869267&source=api&per_page=5&page=1";

const GRANT: &str =
    "grant_type=refresh_token&refresh_token=refresh.me&client_id=client&client_secret=secret";
const AUTHORIZE: &str = "/oauth2/auth?client_id=client&response_type=code&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&\
    scope=shipping.read&state=x";

#[rustfmt::skip]
pub const CALLS: &[Valid] = &[
    Valid { method: Get,    row: "/admin/v2/shipments",               target: LIST,                                      body: None,           status: 200 },
    Valid { method: Post,   row: "/admin/v2/shipments",               target: "/admin/v2/shipments",                     body: Some(SHIPMENT), status: 200 },
    Valid { method: Get,    row: "/admin/v2/shipments/{id}",          target: "/admin/v2/shipments/362985662",           body: None,           status: 200 },
    Valid { method: Put,    row: "/admin/v2/shipments/{id}",          target: "/admin/v2/shipments/362985662",           body: Some(REPORT),   status: 200 },
    Valid { method: Get,    row: "/admin/v2/shipments/{id}/tracking", target: "/admin/v2/shipments/362985662/tracking",  body: None,           status: 200 },
    Valid { method: Post,   row: "/admin/v2/shipments/{id}/cancel",   target: "/admin/v2/shipments/362985663/cancel",    body: None,           status: 200 },
    Valid { method: Post,   row: "/admin/v2/shipments/{id}/return",   target: "/admin/v2/shipments/5/return",            body: None,           status: 200 },
    Valid { method: Get,    row: "/admin/v2/shipping/companies",      target: "/admin/v2/shipping/companies/",           body: None,           status: 200 },
    Valid { method: Get,    row: "/admin/v2/shipping/companies/{id}", target: "/admin/v2/shipping/companies/1723506348", body: None,           status: 200 },
    Valid { method: Post,   row: "/admin/v2/webhooks/subscribe",      target: "/admin/v2/webhooks/subscribe",            body: Some(WEBHOOK),  status: 200 },
    Valid { method: Get,    row: "/admin/v2/webhooks",                target: "/admin/v2/webhooks",                      body: None,           status: 200 },
    Valid { method: Get,    row: "/admin/v2/webhooks/events",         target: "/admin/v2/webhooks/events",               body: None,           status: 200 },
    Valid { method: Put,    row: "/admin/v2/webhooks/{id}",           target: "/admin/v2/webhooks/773200552",            body: Some(WEBHOOK),  status: 200 },
    Valid { method: Delete, row: "/admin/v2/webhooks/unsubscribe",    target: "/admin/v2/webhooks/unsubscribe?id=773200552", body: None,       status: 202 },
    Valid { method: Get,    row: "/oauth2/auth",                      target: AUTHORIZE,                                 body: None,           status: 302 },
    Valid { method: Get,    row: "/oauth2/user/info",                 target: "/oauth2/user/info",                       body: None,           status: 200 },
    Valid { method: Get,    row: "/shipping-policy/{file}",           target: "/shipping-policy/5-label.pdf",            body: None,           status: 200 },
    // It replaces the token that the calls before it carry.
    Valid { method: Post,   row: "/oauth2/token",                     target: "/oauth2/token",                           body: Some(GRANT),    status: 200 },
];

/// The default world with what the calls name: a webhook, a delivered shipment with a label, and known credentials.
pub(super) fn world() -> TestWorld {
    let delivered = json!({
        "id": 5, "courier_id": 1_723_506_348, "payment_method": "cod", "status": "delivered", "label": "5-label.pdf",
        "created_at": "2022-01-01T00:00:00Z",
    });
    let mut setup = saying(json!({
        "app": { "client_id": "client", "client_secret": "secret" },
        "limits": { "lifted": true },
        "stores": [{
            "id": STORE,
            "tokens": [{ "name": "access_token", "token": "open.sesame", "refresh_token": "refresh.me" }],
            "webhooks": [{ "id": 773_200_552, "event": "shipment.created", "url": "https://shop.example/a" }],
        }],
    }));
    let store = setup.salla.as_mut().unwrap().stores.as_mut().unwrap();
    let delivered = serde_json::from_value(delivered).unwrap();
    store[0].shipments.as_mut().unwrap().push(delivered);
    TestWorld::of(build(setup).unwrap())
}

fn bearing(request: Request) -> Request {
    request.with("authorization", "Bearer open.sesame")
}

/// Routes that ask for no token.
fn is_open(valid: &Valid) -> bool {
    valid.row.starts_with("/shipping-policy")
        || ["/oauth2/token", "/oauth2/auth"].contains(&valid.row)
}

#[test]
fn every_route_answers_its_valid_call_with_the_evidence_of_its_row() {
    let mut world = world();
    let lines = service(Name::Salla).routes();
    for valid in CALLS {
        let reply = world.call(Name::Salla, bearing(valid.request()));
        assert_eq!(reply.status, valid.status, "{}: {}", valid.row, reply.wire());
        let line = lines
            .iter()
            .find(|line| (line.method, line.path) == (valid.method.word(), valid.row))
            .unwrap();
        assert_eq!(reply.evidence, line.evidence, "{}", valid.row);
        let entry = world.world.journal().newest().unwrap().to_entry();
        assert_eq!(entry.route, Some(format!("{} {}", valid.method, valid.row)));
        let account = if is_open(valid) { "" } else { "dev-wofftr4xsra5xtlv" };
        assert_eq!(entry.account.as_deref(), Some(account));
    }
    // The courier's first report was told, and kept back: its host is not allowed.
    assert_eq!(world.world.outbox().deliveries().count(), 1);
}

#[test]
fn head_answers_wherever_get_does() {
    let world = world();
    for valid in CALLS.iter().filter(|valid| valid.method == Get) {
        let mut request = bearing(valid.request());
        let get = world.clone().call(Name::Salla, request.clone());
        request.method = Method::Head;
        assert_eq!(world.clone().call(Name::Salla, request), get, "{}", valid.row);
    }
}

#[test]
fn every_route_wants_a_token_and_its_scope() {
    let mut world = world();
    let unscoped = world.credential(Name::Salla, "unscoped_token");
    for valid in CALLS.iter().filter(|valid| !is_open(valid)) {
        for header in [None, Some("Bearer nobody")] {
            let request = match header {
                None => valid.request(),
                Some(header) => valid.request().with("authorization", header),
            };
            let reply = try_out(&mut world, Name::Salla, request);
            let expected = json!({
                "status": 401, "success": false,
                "error": { "code": "Unauthorized", "message": "The access token is invalid" },
            });
            assert_eq!((reply.status, reply.json()), (401, expected), "{}", valid.row);
        }
        if valid.row != "/oauth2/user/info" {
            let request = valid.request().with("authorization", format!("Bearer {unscoped}"));
            let reply = try_out(&mut world, Name::Salla, request);
            let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
            let scope = message
                .strip_prefix("The access token should have access to one of those scopes: ");
            let area = if valid.row.contains("/webhooks") { "webhooks" } else { "shipping" };
            let kind = if valid.method == Get { "read" } else { "read_write" };
            assert_eq!(scope, Some(format!("{area}.{kind}").as_str()), "{}", valid.row);
        }
    }
}

#[test]
fn every_route_refuses_other_methods_and_bodies_over_the_limit() {
    let mut world = world();
    for valid in CALLS {
        let mut large = bearing(valid.request());
        large.oversize = true;
        assert_eq!(try_out(&mut world, Name::Salla, large).status, 413, "{}", valid.row);
        let path = valid.target.split('?').next().unwrap();
        let known: Vec<Method> = CALLS
            .iter()
            .filter(|other| shipmock::internals::message::matches(other.row, path).is_some())
            .map(|other| other.method)
            .collect();
        for method in VERBS.iter().filter(|method| !known.contains(method)) {
            if *method == Method::Head && known.contains(&Get) {
                continue;
            }
            let mut request = bearing(valid.request());
            request.method = *method;
            let reply = try_out(&mut world, Name::Salla, request);
            if *method == Method::Options {
                assert_eq!((reply.status, reply.body.len()), (200, 0));
            } else {
                assert_eq!(
                    (reply.status, reply.json()["error"]["code"].clone()),
                    (405, json!("method_not_allowed"))
                );
            }
            let allowed = reply.header("allow").unwrap();
            assert!(known.iter().all(|method| allowed.contains(method.word())), "{allowed}");
        }
    }
    let reply = try_out(&mut world, Name::Salla, bearing(Request::new(Get, "/admin/v2/orders")));
    assert_eq!(reply.status, 404);
}

/// Values that do not belong anywhere, or not everywhere.
fn strange() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("\u{0}\u{202e}مرحبا"),
        json!("x".repeat(70_000)),
        json!([]),
        json!({}),
        json!([null, 1, "x", []]),
        json!({ "0": "x", "name": ["y"] }),
        json!("79228162514264337593543950335"),
    ]
}

/// Every place within a value, as a pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, member)| places(member, &format!("{at}/{name}"), found));
        }
        Value::Array(elements) => {
            let numbered = elements.iter().enumerate();
            numbered.for_each(|(place, element)| places(element, &format!("{at}/{place}"), found));
        }
        _ => {}
    }
}

#[test]
fn no_strange_value_in_any_field_does_harm() {
    let world = world();
    for valid in CALLS {
        let Some(body) = valid.body.filter(|body| body.starts_with('{')) else { continue };
        let body: Value = serde_json::from_str(body).unwrap();
        let mut found = Vec::new();
        places(&body, "", &mut found);
        for place in &found {
            for value in strange() {
                let mut changed = body.clone();
                *changed.pointer_mut(place).unwrap() = value;
                let request = crate::harness::with_json(bearing(valid.request()), &changed);
                let reply = try_out(&mut world.clone(), Name::Salla, request);
                assert!([200, 422].contains(&reply.status), "{place}: {}", reply.wire());
            }
        }
    }
}

/// A refusal of each kind, by name, in both languages.
#[test]
fn every_refusal_is_written_down_with_its_explanation() {
    let world = world();
    let mut shown = String::new();
    for name in service(Name::Salla).refusals() {
        let all = world.world.providers();
        let ask = |request: Request| service(Name::Salla).refusal(all, &request, name).unwrap();
        let arabic = ask(Request::new(Get, "/admin/v2/shipments"));
        let english = ask(Request::new(Get, "/admin/v2/shipments").with("accept-language", "en"));
        let why = arabic.explanation.clone().unwrap_or_else(|| panic!("{name} is not explained"));
        // Read and printed again, so that Arabic can be read.
        shown.push_str(&format!("# {name}\n{} {}\n", arabic.status, arabic.json()));
        if english.body != arabic.body {
            shown.push_str(&format!("{} {}\n", english.status, english.json()));
        }
        shown.push_str(&format!("> {why}\n\n"));
    }
    snapshot!("refusals", "salla", shown);
}
