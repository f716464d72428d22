//! Shipper's routes, each called once as it should be, and then in every way it should not be.

use serde_json::{Value, json};
use shipmock::internals::message::Method::{self, Delete, Get, Post};
use shipmock::internals::message::{Reply, Request};
use shipmock::internals::providers::Name;

use super::{Valid, try_out};
use crate::harness::{Read as _, VERBS, with_json};
use crate::shipper::shop::Shop;

const ORDER: &str = r#"{
    "address": {
        "name": "Omar Ben Ali", "phone1": "28177188", "phone2": null, "address1": "Rue de la Liberte",
        "address2": "Apt 3", "division_1": "Tunis", "division_2": "Bab Souika", "country": "TN"
    },
    "items": [{ "id": "a1b2c3d4-5678-9012-abcd-ef0123456789", "quantity": 2, "total_price": 190.5 }],
    "shipping_total": 9, "is_cod": true, "auto_fulfill": true, "with_confirmation": true,
    "store_name": "My Store", "external_order_id": "ORD-1", "external_order_url": "https://mystore.com/orders/1"
}"#;

const WEBHOOK: &str = r#"{
    "url": "https://mystore.com/hooks", "events": ["order.status_changed"], "secret": "my-webhook-secret-key"
}"#;

#[rustfmt::skip]
pub const CALLS: &[Valid] = &[
    Valid { method: Get,    row: "/api/v1/countries",                             target: "/api/v1/countries",                                             body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/countries/{code}/divisions",            target: "/api/v1/countries/TN/divisions?level=2&parent_id=1",            body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/products",                              target: "/api/v1/products?per_page=2&search=shirt",                      body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/products/{uuid}",                       target: "/api/v1/products/2e97b37a-3118-4905-842c-19706bcf1455",         body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/orders",                                target: "/api/v1/orders?status=delivered&start_date=2026-05-01%2009:00", body: None,          status: 200 },
    Valid { method: Post,   row: "/api/v1/orders",                                target: "/api/v1/orders",                                                body: Some(ORDER),   status: 201 },
    Valid { method: Get,    row: "/api/v1/orders/{id}",                           target: "/api/v1/orders/555",                                            body: None,          status: 200 },
    Valid { method: Post,   row: "/api/v1/orders/{id}/cancel",                    target: "/api/v1/orders/554/cancel",                                     body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/dashboard/overview",                    target: "/api/v1/dashboard/overview?start_date=2026-05-01",              body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/dashboard/delivery-stats",              target: "/api/v1/dashboard/delivery-stats",                              body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/dashboard/confirmation-stats",          target: "/api/v1/dashboard/confirmation-stats",                          body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/dashboard/internal-confirmation-stats", target: "/api/v1/dashboard/internal-confirmation-stats",                 body: None,          status: 200 },
    Valid { method: Get,    row: "/api/v1/dashboard/product-performance",         target: "/api/v1/dashboard/product-performance?per_page=10",             body: None,          status: 200 },
    Valid { method: Post,   row: "/api/v1/webhooks",                              target: "/api/v1/webhooks",                                              body: Some(WEBHOOK), status: 201 },
    Valid { method: Get,    row: "/api/v1/webhooks",                              target: "/api/v1/webhooks",                                              body: None,          status: 200 },
    Valid { method: Delete, row: "/api/v1/webhooks/{id}",                         target: "/api/v1/webhooks/1",                                            body: None,          status: 200 },
];

/// The small world with a webhook, so that there is one to delete.
fn shop() -> Shop {
    let mut shop = Shop::small();
    shop.webhook("https://mystore.com/webhooks/shipper", None);
    shop
}

/// A call as the holder of a key, in a world of its own.
fn call_by(key: &str, request: Request) -> (Reply, Shop) {
    let mut shop = shop();
    let token = shop.credential(Name::Shipper, key);
    let reply =
        try_out(&mut shop, Name::Shipper, request.with("authorization", format!("Bearer {token}")));
    (reply, shop)
}

/// A call as the first retailer, in a world of its own.
fn call(request: Request) -> Reply {
    call_by("api_key", request).0
}

#[test]
fn every_valid_call_is_accepted() {
    for valid in CALLS {
        let reply = call(valid.request());
        assert_eq!(reply.status, valid.status, "{valid:?}: {}", reply.text());
        assert_eq!(reply.header("Content-Type").unwrap_or("application/json"), "application/json");
        assert!(reply.explanation.is_none(), "{valid:?}");
    }
}

#[test]
fn head_answers_wherever_get_does() {
    for valid in CALLS.iter().filter(|valid| valid.method == Get) {
        let mut request = valid.request();
        let get = call(request.clone());
        request.method = Method::Head;
        assert_eq!(call(request), get, "{valid:?}");
    }
}

#[test]
fn no_route_answers_without_a_key_that_works() {
    let message = json!({ "message": "Unauthenticated." });
    for valid in CALLS {
        let without = |header: Option<&'static str>| {
            let request = valid.request();
            let request = match header {
                Some(value) => request.with("authorization", value),
                None => request,
            };
            try_out(&mut shop(), Name::Shipper, request)
        };
        for header in [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer "),
            Some("Bearer nobody"),
            Some("Basic WU9VUl9BUElfS0VZ"),
            Some("BearerYOUR_API_KEY"),
            Some("YOUR_API_KEY"),
            Some("Bearer YOUR_API_KEY2"),
        ] {
            let reply = without(header);
            assert_eq!(
                (reply.status, reply.json()),
                (401, message.clone()),
                "{valid:?} {header:?}"
            );
        }
        // What follows the last `Bearer `, in any case, up to a comma.
        for header in [
            "Bearer YOUR_API_KEY",
            "bearer YOUR_API_KEY",
            "x Bearer YOUR_API_KEY, y",
            "Bearer a Bearer YOUR_API_KEY",
        ] {
            assert_eq!(without(Some(header)).status, valid.status, "{valid:?} {header}");
        }
    }
}

#[test]
fn a_disabled_or_revoked_key_is_forbidden_everywhere() {
    for valid in CALLS {
        for (key, error) in [
            ("disabled_api_key", "API key is disabled."),
            ("revoked_api_key", "API key has been revoked."),
        ] {
            let (reply, _) = call_by(key, valid.request());
            assert_eq!((reply.status, reply.json()), (403, json!({ "error": error })), "{valid:?}");
        }
    }
}

#[test]
fn a_supplier_sees_no_dashboard_but_everything_else() {
    for valid in CALLS {
        let (reply, _) = call_by("supplier_api_key", valid.request());
        if valid.row.contains("/dashboard/") {
            let error = "This endpoint is only available to retailer organizations.";
            assert_eq!((reply.status, reply.json()), (403, json!({ "error": error })), "{valid:?}");
        } else {
            // Its catalogue and book are empty, so that ids and products are not found.
            assert_ne!(reply.status, 403, "{valid:?}");
        }
    }
}

#[test]
fn another_verb_is_a_405_that_lists_the_ones_there_are() {
    for valid in CALLS {
        let mut allowed: Vec<Method> =
            CALLS.iter().filter(|other| other.row == valid.row).map(|it| it.method).collect();
        if allowed.contains(&Get) {
            allowed.push(Method::Head);
        }
        allowed.sort();
        let words: Vec<&str> = allowed.iter().map(|method| method.word()).collect();
        let listed = words.join(", ");
        let path = valid.target.split('?').next().unwrap();
        for verb in VERBS.iter().filter(|verb| !allowed.contains(verb)) {
            let mut request = valid.request();
            request.method = *verb;
            let reply = call(request);
            assert_eq!(reply.header("Allow"), Some(&*listed), "{verb} {}", valid.target);
            if *verb == Method::Options {
                assert_eq!((reply.status, reply.body.len()), (200, 0));
                continue;
            }
            let message = format!(
                "The {verb} method is not supported for route {}. Supported methods: {listed}.",
                path.trim_start_matches('/')
            );
            assert_eq!((reply.status, reply.json()), (405, json!({ "message": message })));
        }
    }
}

/// Every place within a value, as a pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                places(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                places(element, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// Values that do not belong anywhere, or not everywhere.
fn strange() -> Vec<Value> {
    let deep = (0..100).fold(json!("x"), |inner, _| json!([inner]));
    let huge: Value = serde_json::from_str("123456789012345678901234567890").unwrap();
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1),
        json!(1.5),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e308),
        json!(-1e-308),
        huge,
        json!(""),
        json!(" \u{a0} "),
        json!("\u{0}"),
        json!("\u{10}\u{1f9be}\u{202e}مرحبا"),
        json!("1e999999999"),
        json!("99999999999999999999999999999999"),
        json!("x".repeat(70_000)),
        json!([]),
        json!({}),
        json!([null, 1, "x", []]),
        json!({ "0": "x", "name": ["y"] }),
        deep,
    ]
}

#[test]
fn no_strange_value_in_any_field_does_harm() {
    for valid in CALLS {
        let Some(body) = valid.body else { continue };
        let body: Value = serde_json::from_str(body).unwrap();
        let mut found = Vec::new();
        places(&body, "", &mut found);
        for place in &found {
            for value in strange() {
                let mut changed = body.clone();
                *changed.pointer_mut(place).unwrap() = value;
                let reply = call(with_json(valid.request(), &changed));
                assert!([201, 422].contains(&reply.status), "{place}: {}", reply.wire());
            }
        }
    }
}

#[test]
fn unknown_fields_are_passed_over() {
    for valid in CALLS {
        let body: Value = serde_json::from_str(valid.body.unwrap_or("{}")).unwrap();
        let mut more = body.clone();
        more["unknown"] = json!({ "deeply": [1, "x", null] });
        more["__proto__"] = json!([]);
        assert_eq!(call(with_json(valid.request(), &more)).status, valid.status, "{valid:?}");
    }
}

#[test]
fn a_body_that_is_none_says_what_is_missing_and_only_where_a_body_is_read() {
    let deep = "[".repeat(100_000);
    let long = format!("{{\"address\":\"{}", "x".repeat(200_000));
    for valid in CALLS {
        for body in [
            "",
            "{",
            "{]",
            "null",
            "5",
            "\"x\"",
            "[]",
            "{}",
            "{\"a\":1}}",
            "\u{feff}{}",
            "nul",
            &deep,
            &long,
        ] {
            for kind in [
                "application/json",
                "application/json; charset=utf-8",
                "application/vnd.api+json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "text/plain",
                "",
            ] {
                let mut request = valid.request();
                request.headers.set("content-type", kind);
                request.body = body.to_owned().into();
                let reply = call(request);
                let expected = if valid.body.is_some() { 422 } else { valid.status };
                assert_eq!(reply.status, expected, "{valid:?} {kind} {}", reply.text());
            }
        }
    }
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    for valid in CALLS {
        for kind in [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ] {
            let mut request = valid.request();
            request.headers.set("content-type", kind);
            request.body = (0..=255).cycle().take(4_000).collect::<Vec<u8>>().into();
            call(request);
        }
    }
}

#[test]
fn a_body_over_the_limit_is_a_413_wherever_one_is_sent() {
    for valid in CALLS {
        let mut request = valid.request();
        request.oversize = true;
        let reply = call(request);
        assert_eq!(
            (reply.status, reply.json()),
            (413, json!({ "message": "The POST data is too large." }))
        );
    }
}

/// The parameters that a route reads, and one that none does.
fn parameters(row: &str) -> Vec<&'static str> {
    let mut names = vec!["unknown"];
    if row.contains("/dashboard/") || row.ends_with("/orders") {
        names.extend(["start_date", "end_date"]);
    }
    names.extend(match row.rsplit('/').next().unwrap() {
        "divisions" => &["level", "parent_id"][..],
        "products" => &["page", "per_page", "search"],
        "orders" => &["page", "per_page", "search", "status"],
        "product-performance" => &["page", "per_page", "sort_by", "retailer_product_id"],
        _ if row.contains("/dashboard/") => &["retailer_product_id"],
        _ => &[],
    });
    names
}

#[test]
fn no_strange_query_does_harm() {
    let values = [
        "",
        "0",
        "-1",
        "1.5",
        "1e3",
        "abc",
        "99999999999999999999999",
        "-9223372036854775808",
        "true",
        "%00",
        "%10",
        "%ff",
        "%F0%9F%A6%BE",
        "%25",
        "+",
        "%2B",
        "'%22%3C%3E",
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "99999-01-01",
        "-2026-01-01",
        "2026-05-14T00:00:00%2B99:99",
        "9999-12-31T23:59:59-23:59",
    ];
    for valid in CALLS.iter().filter(|valid| valid.method == Get) {
        let mut shop = Shop::with(|setup| setup.limits.get_or_insert_default().lifted = true);
        let mut ask = |query: String| {
            let mut request = valid.request().with("authorization", "Bearer YOUR_API_KEY");
            request.query = query;
            let reply = try_out(&mut shop, Name::Shipper, request);
            assert!([200, 422].contains(&reply.status), "{}", reply.wire());
        };
        for name in parameters(valid.row) {
            for value in values {
                ask(format!("{name}={value}"));
            }
            for value in ["", "1", "x%10"] {
                ask(format!("{name}[]={value}"));
                ask(format!("{name}[a][b]={value}"));
                ask(format!("{name}=2026-05-01&{name}={value}"));
            }
        }
    }
}

#[test]
fn what_is_no_id_is_not_found() {
    let strange = [
        "0",
        "00",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "0x1",
        "%31%30%30%30%30%30%30",
        "99999999999999999999",
        "abc",
        "null",
        "%00",
        "%ff%fe",
        "%20",
        "..",
        "%2e%2e",
        "5%2F5",
        "555%00",
        "٥٥٥",
        "%D9%A5",
        "{id}",
        "'",
        "x%F0%9F%A6%BE",
        "a1b2c3d4-5678-9012-abcd-ef0123456789",
        "2E97B37A3118490584 2C19706BCF1455",
        "{2e97b37a-3118-4905-842c-19706bcf1455}",
    ];
    for valid in CALLS.iter().filter(|valid| valid.row.contains('{')) {
        let (front, back) = valid.row.split_once('{').unwrap();
        let (_, back) = back.split_once('}').unwrap();
        for id in strange {
            let mut request = valid.request();
            request.path = format!("{front}{id}{back}");
            let request_path = request.path.clone();
            let reply = call(request);
            assert_eq!(reply.status, 404, "{} {}: {}", valid.method, valid.row, reply.wire());
            let message = reply.json()["message"].as_str().unwrap().to_owned();
            // What divides the path when it is decoded, or is no text, fits no pattern of the framework's.
            if id.contains("%ff") || id.contains("%2F") {
                assert_eq!(
                    message,
                    format!("The route {} could not be found.", &request_path[1..])
                );
                continue;
            }
            assert!(message.starts_with("No query results for model [App\\Models\\"), "{message}");
        }
    }
}

#[test]
fn what_is_no_route_is_not_found_with_or_without_a_key() {
    for path in [
        "/",
        "/api",
        "/api/v1",
        "/api/v2/orders",
        "/api/v1/orders/1/2",
        "/api/v1/order",
        "/api/v1/ORDERS",
        "/orders",
        "/api/v1/dashboard",
        "/api/v1/orders/555/cancel/now",
        "/api//v1/orders",
        "/api/v1/countries/TN",
        "/%",
        "/api/v1/or%64ers/%/x",
        "/../etc/passwd",
    ] {
        for verb in VERBS {
            let request = Request::new(*verb, path).with("accept", "application/json");
            for reply in
                [call(request.clone()), try_out(&mut shop(), Name::Shipper, request.clone())]
            {
                let message = format!("The route {} could not be found.", path.trim_matches('/'));
                assert_eq!(
                    (reply.status, reply.json()),
                    (404, json!({ "message": message })),
                    "{verb} {path}"
                );
            }
        }
    }
    // A slash at the end is no other route.
    assert_eq!(call(Request::new(Get, "/api/v1/orders/555/")).status, 200);
}
