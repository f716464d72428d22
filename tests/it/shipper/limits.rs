//! Rate limits: how many calls, whose, since when, and which answers tell.

use serde_json::json;
use shipmock::internals::message::Method::{self, Delete, Get, Post};
use shipmock::internals::message::Reply;
use shipmock::internals::providers::Name;

use super::shop::{Shop, one_shirt, request};
use crate::harness::{Read as _, seconds};

/// A call of each group, and how many of them a minute has room for.
const GROUPS: &[(&str, Method, &str, u32)] = &[
    ("read", Get, "/orders/555", 120),
    ("dashboard", Get, "/dashboard/confirmation-stats", 30),
    ("reference", Get, "/countries/TN/divisions", 60),
    ("write", Post, "/webhooks", 30),
    ("destructive", Delete, "/webhooks/9", 20),
];

fn call(shop: &mut Shop, key: &str, (_, method, target, _): (&str, Method, &str, u32)) -> Reply {
    shop.by(key).send(request(method, target))
}

fn rate(reply: &Reply) -> (Option<&str>, Option<&str>) {
    (reply.header("X-RateLimit-Limit"), reply.header("X-RateLimit-Remaining"))
}

/// (20)
#[test]
fn each_group_has_its_own_number_of_calls_and_the_next_one_is_refused() {
    for group in GROUPS {
        let mut shop = Shop::small();
        let limit = group.3;
        for call_number in 1..=limit {
            let reply = call(&mut shop, "api_key", *group);
            assert!([200, 404, 422].contains(&reply.status), "{}", reply.wire());
            let expected = (limit.to_string(), (limit - call_number).to_string());
            assert_eq!(rate(&reply), (Some(&*expected.0), Some(&*expected.1)), "{group:?}");
            assert_eq!(reply.header("Retry-After"), None);
            assert_eq!(reply.header("X-RateLimit-Reset"), None);
        }
        shop.advance("18s");
        let reply = call(&mut shop, "api_key", *group);
        assert_eq!((reply.status, rate(&reply)), (429, (Some(&*limit.to_string()), Some("0"))));
        assert_eq!(reply.header("Retry-After"), Some("42"));
        let reset = (shop.world.now().as_second() + 42).to_string();
        assert_eq!(reply.header("X-RateLimit-Reset"), Some(&*reset));
        assert_eq!(reply.text(), "{\n    \"message\": \"Too Many Attempts.\"\n}");
        // The other groups have not been called.
        for other in GROUPS.iter().filter(|other| other.0 != group.0) {
            assert_ne!(call(&mut shop, "api_key", *other).status, 429, "{group:?} {other:?}");
        }
    }
}

#[test]
fn every_endpoint_counts_in_its_documented_group() {
    for (method, target, limit) in [
        (Get, "/countries", "60"),
        (Get, "/countries/TN/divisions", "60"),
        (Get, "/products", "120"),
        (Get, "/products/x", "120"),
        (Get, "/orders", "120"),
        (Get, "/orders/1", "120"),
        (Get, "/webhooks", "120"),
        (Post, "/orders", "30"),
        (Post, "/webhooks", "30"),
        (Post, "/orders/1/cancel", "20"),
        (Delete, "/webhooks/1", "20"),
        (Get, "/dashboard/overview", "30"),
        (Get, "/dashboard/delivery-stats", "30"),
        (Get, "/dashboard/confirmation-stats", "30"),
        (Get, "/dashboard/internal-confirmation-stats", "30"),
        (Get, "/dashboard/product-performance", "30"),
    ] {
        let reply = Shop::small().by("api_key").send(request(method, target));
        assert_eq!(reply.header("X-RateLimit-Limit"), Some(limit), "{method} {target}");
    }
}

/// (20)
#[test]
fn the_window_opens_with_the_first_call_and_refused_calls_do_not_prolong_it() {
    let mut shop = Shop::small();
    let opened = shop.world.now();
    let destructive = GROUPS[4];
    call(&mut shop, "api_key", destructive);
    shop.advance("30s");
    for _ in 0..19 {
        assert_eq!(call(&mut shop, "api_key", destructive).status, 404);
    }
    for wait in [30, 20, 10, 1] {
        shop.advance_to(opened + jiff::SignedDuration::from_secs(60 - wait));
        for _ in 0..5 {
            let reply = call(&mut shop, "api_key", destructive);
            assert_eq!(reply.header("Retry-After"), Some(&*wait.to_string()), "{}", reply.wire());
        }
    }
    shop.advance("999ms");
    assert_eq!(call(&mut shop, "api_key", destructive).status, 429);
    shop.advance("1ms");
    assert_eq!(seconds(opened, shop.world.now()), 60);
    let reply = call(&mut shop, "api_key", destructive);
    assert_eq!(rate(&reply), (Some("20"), Some("19")), "a window of its own, not a sliding one");
}

#[test]
fn keys_are_counted_apart_unless_the_scenario_counts_organizations() {
    let exhaust = |shop: &mut Shop| {
        for _ in 0..20 {
            call(shop, "api_key", GROUPS[4]);
        }
        assert_eq!(call(shop, "api_key", GROUPS[4]).status, 429);
    };
    let mut shop = Shop::small();
    exhaust(&mut shop);
    assert_eq!(call(&mut shop, "second_api_key", GROUPS[4]).status, 404);
    assert_eq!(call(&mut shop, "other_organization_api_key", GROUPS[4]).status, 404);
    let mut shop = Shop::switched(|switches| switches.rate_per_organization = true);
    exhaust(&mut shop);
    assert_eq!(call(&mut shop, "second_api_key", GROUPS[4]).status, 429);
    assert_eq!(call(&mut shop, "other_organization_api_key", GROUPS[4]).status, 404);
}

/// (21)
#[test]
fn one_bucket_for_all_groups_lets_reads_exhaust_writes() {
    let mut shop = Shop::switched(|switches| switches.shared_rate_bucket = true);
    for _ in 0..30 {
        assert_eq!(shop.get("/orders/555").status, 200);
    }
    assert_eq!(shop.post("/orders", &one_shirt()).status, 429);
    assert_eq!(shop.get("/countries").status, 200);
    let reply = shop.get("/orders/555");
    assert_eq!((reply.status, rate(&reply)), (200, (Some("120"), Some("88"))));
}

/// (22)
#[test]
fn the_twenty_first_cancellation_of_a_minute_waits() {
    let mut shop = Shop::small();
    let ids: Vec<u64> = (0..21).map(|_| shop.order(&one_shirt())).collect();
    for id in &ids[..20] {
        assert_eq!(shop.post(&format!("/orders/{id}/cancel"), &json!({})).status, 200);
    }
    let last = format!("/orders/{}/cancel", ids[20]);
    assert_eq!(shop.post(&last, &json!({})).status, 429);
    assert_eq!(shop.status_of(ids[20]), "Pending");
    shop.advance("1m");
    assert_eq!(shop.post(&last, &json!({})).status, 200);
}

/// (23)
#[test]
fn answers_that_no_route_gave_tell_nothing_unless_the_scenario_says_everything_does() {
    let answers = |shop: &mut Shop| {
        vec![
            (401, shop.world.request(Name::Shipper, request(Get, "/orders"))),
            (404, shop.get("/nowhere")),
            (405, shop.by("api_key").send(request(Method::Put, "/orders"))),
            (403, shop.by("disabled_api_key").get("/orders")),
        ]
    };
    for (status, reply) in answers(&mut Shop::small()) {
        assert_eq!((reply.status, rate(&reply)), (status, (None, None)));
    }
    let mut shop = Shop::switched(|switches| switches.rate_headers_everywhere = true);
    for (status, reply) in answers(&mut shop) {
        assert_eq!((reply.status, rate(&reply)), (status, (Some("120"), Some("120"))));
    }
    // Whose calls are counted sees what is left of them, of the group that the path has.
    for _ in 0..3 {
        shop.get("/orders");
    }
    shop.get("/countries");
    shop.post("/orders/554/cancel", &json!({}));
    for (method, path, expected) in [
        (Method::Put, "/orders", ("120", "117")),
        (Method::Patch, "/countries", ("60", "59")),
        (Method::Get, "/orders/554/cancel", ("20", "19")),
        (Method::Post, "/dashboard/overview", ("30", "30")),
        (Method::Get, "/nowhere", ("120", "117")),
    ] {
        let reply = shop.by("api_key").send(request(method, path));
        let (limit, left) = expected;
        assert_eq!(rate(&reply), (Some(limit), Some(left)), "{method} {path}");
        let other = shop.by("second_api_key").send(request(method, path));
        assert_eq!(rate(&other), (Some(limit), Some(limit)), "{method} {path}");
    }
    shop.sent();
    // What a route refuses is counted, and says so.
    let mut shop = Shop::small();
    assert_eq!(rate(&shop.get("/orders/999")), (Some("120"), Some("119")));
    assert_eq!(rate(&shop.get("/orders?start_date=x")), (Some("120"), Some("118")));
    assert_eq!(rate(&shop.post("/orders", &json!({}))), (Some("30"), Some("29")));
    assert_eq!(
        rate(&shop.by("supplier_api_key").get("/dashboard/overview")),
        (Some("30"), Some("29"))
    );
}

#[test]
fn limits_can_be_others_or_none() {
    let mut shop = Shop::with(|setup| setup.limits.get_or_insert_default().write = 2);
    for status in [422, 422, 429] {
        assert_eq!(shop.post("/orders", &json!({})).status, status);
    }
    let mut shop = Shop::with(|setup| setup.limits.get_or_insert_default().read = 0);
    let reply = shop.get("/orders");
    assert_eq!((reply.status, reply.header("Retry-After")), (429, Some("60")));
    let mut shop = Shop::with(|setup| setup.limits.get_or_insert_default().lifted = true);
    for _ in 0..200 {
        let reply = shop.get("/countries");
        assert_eq!((reply.status, rate(&reply)), (200, (None, None)));
    }
}
