//! The bytes of answers: JSON as the provider's own language prints it, types without a charset, and our own headers.

use serde_json::{Value, json};
use shipmock::internals::frameworks::php::json_encode::{php, php_pretty};
use shipmock::internals::message::Reply;
use shipmock::internals::providers::Name;
use shipmock::internals::world::Orders;

use crate::endpoints::calls;
use crate::harness::{Read as _, TestWorld, build, orders, small};
use crate::shipper::shop::{Shop, one_shirt};

/// Every valid call, and one refusal of each kind.
fn answers() -> Vec<(String, Reply)> {
    let mut shop = Shop::lively();
    shop.webhook("https://mystore.com/été?a=/", None);
    let mut body = one_shirt();
    body["address"]["name"] = json!("Zoé \u{1f9be} \"/\" مرحبا <b>&'");
    body["store_name"] = json!("L/Été\u{10}\u{7f}\u{2028}");
    body["external_order_url"] = json!("https://mystore.com/é");
    let id = shop.order(&body);
    let mut answers: Vec<(String, Reply)> = calls(Name::Shipper)
        .iter()
        .map(|valid| {
            let request = valid.request().with("authorization", "Bearer YOUR_API_KEY");
            (valid.row.to_owned(), shop.call(Name::Shipper, request))
        })
        .collect();
    answers.push(("order".to_owned(), shop.get(&format!("/orders/{id}"))));
    answers.push(("row".to_owned(), shop.get("/orders?per_page=100")));
    answers.extend(refusals());
    answers
}

/// A refusal of each kind, by name.
fn refusals() -> Vec<(String, Reply)> {
    let mut shop = Shop::with(|setup| setup.limits.get_or_insert_default().reference = 1);
    let mut refusals = vec![
        (
            "no key",
            shop.world.request(
                Name::Shipper,
                crate::shipper::shop::request(shipmock::internals::message::Method::Get, "/orders"),
            ),
        ),
        ("unknown key", {
            let request =
                crate::shipper::shop::request(shipmock::internals::message::Method::Get, "/orders");
            shop.call(Name::Shipper, request.with("authorization", "Bearer nobody"))
        }),
        ("disabled key", shop.by("disabled_api_key").get("/orders")),
        ("revoked key", shop.by("revoked_api_key").get("/orders")),
        ("supplier on the dashboard", shop.by("supplier_api_key").get("/dashboard/overview")),
        ("unknown route", shop.get("/nowhere")),
        ("wrong method", shop.delete("/orders/555")),
        ("unknown order", shop.get("/orders/9")),
        ("unknown product", shop.get("/products/00000000-0000-4000-8000-000000000000")),
        ("unknown country", shop.get("/countries/FR/divisions")),
        ("too many calls", shop.get("/countries")),
        ("empty order", shop.post("/orders", &json!({}))),
        (
            "unknown item",
            shop.post("/orders", &crate::shipper::shop::order_of(json!([{ "id": "nope" }]))),
        ),
        ("bad date", shop.get("/orders?start_date=2026-03-29%1009:00")),
        ("bad column", shop.get("/dashboard/product-performance?sort_by=name")),
        ("nothing to cancel", shop.post("/orders/555/cancel", &json!({}))),
        (
            "http webhook",
            shop.post(
                "/webhooks",
                &json!({ "url": "http://x.y/", "events": ["order.status_changed"] }),
            ),
        ),
        ("unknown webhook", shop.delete("/webhooks/9")),
    ];
    for _ in 0..5 {
        shop.webhook("https://mystore.com/", None);
    }
    let sixth = json!({ "url": "https://mystore.com/", "events": ["order.status_changed"] });
    refusals.push(("sixth webhook", shop.post("/webhooks", &sixth)));
    let mut large =
        crate::shipper::shop::request(shipmock::internals::message::Method::Post, "/orders");
    large.oversize = true;
    refusals.push(("large body", shop.by("api_key").send(large)));
    refusals.into_iter().map(|(name, reply)| (name.to_owned(), reply)).collect()
}

#[test]
fn every_refusal_is_written_down_with_its_explanation() {
    let shown = refusals().into_iter().map(|(name, reply)| {
        let explanation =
            reply.explanation.clone().unwrap_or_else(|| panic!("{name} is not explained"));
        format!("# {name}\n{}\n\n> {explanation}\n\n", reply.wire())
    });
    snapshot!("refusals", "shipper", shown.collect::<String>());
}

#[test]
fn json_is_printed_as_php_prints_it() {
    for (name, reply) in answers() {
        let text = reply.text();
        let value = reply.json();
        assert!(text.is_ascii(), "{name}: {text}");
        assert!(!text.contains(['\t', '\r', '\u{10}']), "{name}: {text}");
        // The framework prints what it raises as an HTTP exception over several lines; 401 and 422 are none.
        let raised = [404, 405, 413, 429, 500].contains(&reply.status);
        let printed = if raised { php_pretty(&value) } else { php(&value) };
        assert_eq!(text.as_bytes(), printed, "{name}");
        if raised {
            assert!(
                text.starts_with("{\n    \"message\": \"") && text.ends_with("\"\n}"),
                "{name}: {text}"
            );
        } else {
            assert!(
                !text.contains('\n') && !text.replace("\\/", "").contains('/'),
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn what_is_not_ascii_is_escaped_in_pairs_and_numbers_are_short() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["address"]["name"] = json!("Zoé \u{1f9be}/");
    let id = shop.order(&body);
    let text = shop.get(&format!("/orders/{id}")).text();
    assert!(text.contains(r#""first_name":"Zo\u00e9","last_name":"\ud83e\uddbe\/""#), "{text}");
    let text = shop.get("/products").text();
    assert!(
        text.contains(r#""price":59,"cost":24.5,"#)
            && text.contains(r#""price":59.9,"cost":19.8,"#),
        "{text}"
    );
}

/// Every text within a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(elements) => elements.iter().for_each(|element| texts(element, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

#[test]
fn instants_have_six_digits_and_a_zone_or_are_plain_and_have_none() {
    let mut instants = 0;
    for (name, reply) in answers() {
        let mut found = Vec::new();
        texts(&reply.json(), &mut found);
        for text in found
            .iter()
            .filter(|text| text.starts_with("202") && text.len() > 10 && reply.status < 300)
        {
            let shape: String =
                text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            let known = ["0000-00-00T00:00:00.000000Z", "0000-00-00 00:00:00"];
            assert!(known.contains(&&*shape), "{name}: {text}");
            // The database keeps whole seconds.
            assert!(!shape.ends_with('Z') || text.ends_with(".000000Z"), "{name}: {text}");
            instants += 1;
        }
    }
    assert!(instants > 50, "{instants}");
}

#[test]
fn every_answer_has_its_headers_and_none_twice() {
    for (name, reply) in answers() {
        assert_eq!(reply.header("Content-Type"), Some("application/json"), "{name}");
        assert_eq!(reply.header("Cache-Control"), Some("no-cache, private"), "{name}");
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"), "{name}");
        assert_eq!(reply.header("Date"), Some("Thu, 14 May 2026 09:00:00 GMT"), "{name}");
        let mut names: Vec<String> =
            reply.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{name}: {:?}", reply.headers);
    }
}

#[test]
fn evidence_is_that_of_the_branch_that_answered() {
    for (name, reply) in answers() {
        let expected = match name.as_str() {
            "unknown route" | "wrong method" | "sixth webhook" | "large body" => "inferred",
            _ => "documented",
        };
        assert_eq!(reply.header("X-Shipmock-Evidence"), Some(expected), "{name}");
    }
}

#[test]
fn a_bare_world_leaves_our_own_headers_out_and_changes_nothing_else() {
    let mut bare = TestWorld::of(build("small", small(), Orders { bare: true, ..orders() }));
    let mut usual = TestWorld::of(build("small", small(), orders()));
    for valid in calls(Name::Shipper) {
        let request = || valid.request().with("authorization", "Bearer YOUR_API_KEY");
        let mut full = usual.call(Name::Shipper, request());
        let plain = bare.call(Name::Shipper, request());
        assert!(plain.headers.iter().all(|(name, _)| !name.starts_with("X-Shipmock")), "{valid:?}");
        full.headers.remove("X-Shipmock-Request");
        full.headers.remove("X-Shipmock-Evidence");
        assert_eq!(full, plain, "{valid:?}");
    }
}

#[test]
fn a_preflight_is_answered_for_a_browser_of_any_origin_unless_the_scenario_has_none() {
    let preflight = || {
        let request =
            crate::shipper::shop::request(shipmock::internals::message::Method::Options, "/orders");
        request
            .with("origin", "https://mystore.com")
            .with("access-control-request-method", "POST")
            .with("access-control-request-headers", "authorization")
    };
    let reply = Shop::small().call(Name::Shipper, preflight());
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    for (field, allowed) in [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "POST"),
        ("Access-Control-Allow-Headers", "authorization"),
        ("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers"),
    ] {
        assert_eq!(reply.header(field), Some(allowed), "{field}");
    }
    let mut closed = Shop::switched(|switches| switches.cors = false);
    let reply = closed.call(Name::Shipper, preflight());
    assert_eq!((reply.status, reply.header("Allow")), (200, Some("GET, HEAD, POST")));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
    assert_eq!(closed.get("/orders").header("Access-Control-Allow-Origin"), None);
}
