//! The control API's shell half: the guard, worlds, time and metrics, over real sockets.

use std::net::{IpAddr, Ipv4Addr};

use super::wire::{Local, until};

#[test]
fn a_web_page_from_elsewhere_cannot_steer() {
    let server = Local::start();
    let own = format!("Origin: http://{}", server.address);
    let port = server.address.port();
    let local = format!("Origin: http://localhost:{port}");
    for (header, status) in [
        (own.as_str(), 200),
        (local.as_str(), 200),
        ("Origin: https://evil.example", 403),
        ("Origin: null", 403),
        ("Host: rebound.example", 403),
        ("Host: tests.localhost", 200),
    ] {
        let answer = server.call("POST /_shipmock/reset", &[header], "");
        assert_eq!(answer.status, status, "{header}: {}", answer.body);
    }
    // The providers themselves are for every page, as the real ones are.
    let page = server.call("GET /shipper/api/v1/orders", &["Origin: https://evil.example"], "");
    assert_eq!(page.status, 401);
}

#[test]
fn beyond_loopback_the_control_api_takes_the_token_or_is_off() {
    let everywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let off = Local::with(|options| options.listen = everywhere);
    let mut wire = off.wire();
    assert_eq!(wire.call("GET /_shipmock/health", &["Host: 127.0.0.1"], "").status, 403);
    assert_eq!(wire.call("GET /shipper/x", &["Host: 127.0.0.1"], "").status, 404);
    let on = Local::with(|options| {
        options.listen = everywhere;
        options.control_token = Some("sesame".to_owned());
    });
    let mut wire = on.wire();
    for (header, status) in [
        ("Accept: */*", 401),
        ("Authorization: Bearer sesam", 401),
        ("Authorization: Bearer sesame", 200),
    ] {
        let answer = wire.call("GET /_shipmock/health", &["Host: 127.0.0.1", header], "");
        assert_eq!(answer.status, status, "{header}");
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
    }
}

#[test]
fn a_world_is_made_on_first_use_and_worlds_are_bounded() {
    let server = Local::with(|options| options.max_worlds = 2);
    assert_eq!(server.call("GET /w/ci-1/shipper/api/v1/orders", &[], "").status, 401);
    let full = server.call("GET /w/ci-2/shipper/api/v1/orders", &[], "");
    assert_eq!(full.status, 507);
    assert!(full.json()["detail"].to_string().contains("--max-worlds"), "{}", full.body);
    assert_eq!(server.call("PUT /_shipmock/worlds/ci-3", &[], "{}").status, 507);
    assert_eq!(server.call("GET /_shipmock/health", &[], "").json()["worlds"], 2);
    assert_eq!(server.call("DELETE /_shipmock/worlds/ci-1", &[], "").status / 100, 2);
    assert_eq!(server.call("GET /w/ci-2/shipper/api/v1/orders", &[], "").status, 401);
    assert_eq!(server.call("DELETE /_shipmock/worlds/ci-1", &[], "").status, 404);
}

#[test]
fn worlds_are_replaced_forked_and_reset() {
    let server = Local::start();
    let put = |name: &str, body: &str| {
        server.call(&format!("PUT /_shipmock/worlds/{name}"), &[], body).status
    };
    let now = |name: &str| {
        let clock = server.call(&format!("GET /w/{name}/_shipmock/clock"), &[], "");
        clock.json()["now"].as_str().unwrap().to_owned()
    };
    let advance = |name: &str, by: &str| {
        let line = format!("POST /w/{name}/_shipmock/clock/advance");
        server.call(&line, &[], &format!("{{\"by\":\"{by}\"}}")).status
    };
    assert_eq!(put("a", r#"{"clock":{"mode":"frozen","at":"2026-06-01T00:00:00Z"}}"#), 201);
    assert_eq!(advance("a", "2h"), 200);
    assert_eq!(put("b", r#"{"from":"a"}"#), 201);
    assert_eq!(advance("a", "1h"), 200);
    assert_eq!(
        (now("a").as_str(), now("b").as_str()),
        ("2026-06-01T03:00:00Z", "2026-06-01T02:00:00Z")
    );
    for name in ["a", "b"] {
        let reset = server.call(&format!("POST /w/{name}/_shipmock/reset"), &[], "");
        assert_eq!(reset.status, 200);
    }
    // A fork is built again from what it was copied from.
    assert_eq!(
        (now("a").as_str(), now("b").as_str()),
        ("2026-06-01T00:00:00Z", "2026-06-01T02:00:00Z")
    );
    assert_eq!(put("a", r#"{"seed":8}"#), 200);
    assert_eq!(now("a"), "2026-05-14T09:00:00Z");
    assert_eq!(put("c", r#"{"from":"nowhere"}"#), 404);
    assert_eq!(put(".c", "{}"), 422);
}

#[test]
fn metrics_count_answers_by_provider_and_class() {
    let server = Local::start();
    for _ in 0..3 {
        server.call("GET /shipper/api/v1/orders", &[], "");
    }
    let text = server.call("GET /_shipmock/metrics", &[], "").body;
    assert!(text.contains("shipmock_requests_total{provider=\"shipper\",status=\"4xx\"} 3\n"));
    assert!(text.contains("\nshipmock_worlds 1\n"), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.rsplit_once(' ').unwrap().1.parse::<f64>().is_ok(), "{line}");
    }
}

#[test]
fn a_watched_file_takes_the_place_of_what_it_was() {
    let file = super::serve::fresh_file("watched.yaml");
    let store = |name: &str| {
        format!(
            "world:\n  shipper:\n    organizations: [{{ name: {name}, keys: [{{ name: api_key, token: {name} }}] }}]\n"
        )
    };
    std::fs::write(&file, store("first")).unwrap();
    let local = Local::with(|options| {
        options.scenario = file.to_str().unwrap().to_owned();
        options.watch = true;
        options.limits.watch_every = std::time::Duration::from_millis(5);
    });
    let key = |local: &Local, world: &str| {
        let presets = local.call(&format!("GET {world}/_shipmock/presets"), &[], "").json();
        presets["providers"]["shipper"]["credentials"]["api_key"].as_str().unwrap().to_owned()
    };
    assert_eq!((key(&local, ""), key(&local, "/w/other")), ("first".into(), "first".into()));
    std::fs::write(&file, store("second")).unwrap();
    until("the new file is served", || key(&local, "") == "second");
    assert_eq!(key(&local, "/w/other"), "second");
}
