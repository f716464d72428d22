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
    let off = Local::with(|options| options.listen = vec![everywhere]);
    let mut wire = off.wire();
    assert_eq!(wire.call("GET /_shipmock/health", &["Host: 127.0.0.1"], "").status, 403);
    assert_eq!(wire.call("GET /shipper/x", &["Host: 127.0.0.1"], "").status, 404);
    let on = Local::with(|options| {
        options.listen = vec![everywhere];
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

#[test]
fn what_was_for_no_provider_is_counted_and_listed_with_what_was_meant() {
    let server = Local::start();
    let miss = server.call("GET /api/v1/orders/555?page=1", &[], "");
    assert_eq!((miss.status, miss.header("x-shipmock-request")), (404, Some("r1")));
    assert_eq!(miss.json()["did_you_mean"], "/shipper/api/v1/orders/555");
    assert_eq!(server.call("GET /w/a/shiper/api/v1/orders", &[], "").status, 404);
    assert_eq!(server.call("GET /favicon.ico", &[], "").status, 404);
    assert_eq!(server.call("GET /shipper/api/v1/orders", &[], "").status, 401);
    let list = |query: &str| {
        let page = server.call(&format!("GET /_shipmock/requests?{query}"), &[], "").json();
        page["requests"].as_array().unwrap().clone()
    };
    let unmatched = list("provider=none");
    let paths: Vec<&str> = unmatched.iter().map(|it| it["path"].as_str().unwrap()).collect();
    // A world is not made for a call that nobody answers.
    assert_eq!(paths, ["/api/v1/orders/555", "/w/a/shiper/api/v1/orders"]);
    assert_eq!(
        (&unmatched[0]["provider"], &unmatched[0]["query"]),
        (&"none".into(), &"page=1".into())
    );
    let explanation = unmatched[0]["explanation"].as_str().unwrap();
    assert!(explanation.contains("Did you mean /shipper/api/v1/orders/555?"), "{explanation}");
    assert_eq!((list("").len(), list("provider=shipper").len()), (3, 1));
    let entry = server.call("GET /_shipmock/requests/r1", &[], "").json();
    assert_eq!((&entry["provider"], &entry["response"]["status"]), (&"none".into(), &404.into()));
    let metrics = server.call("GET /_shipmock/metrics", &[], "").body;
    assert!(metrics.contains("\nshipmock_requests_unmatched_total 2\n"), "{metrics}");
    // Every call to a provider is one; what was for none is asked for by its word.
    for (request, count) in [("{}", 1), (r#"{"on":"none"}"#, 2), (r#"{"on":"shipper"}"#, 1)] {
        let body = format!(r#"{{"request":{request},"count":{{"exactly":{count}}}}}"#);
        let met = server.call("POST /_shipmock/verify", &[], &body);
        assert_eq!(met.status, 200, "{request}: {}", met.body);
    }
    let rule = r#"{"on":"none","then":{"status":503}}"#;
    assert_eq!(server.call("POST /_shipmock/rules", &[], rule).status, 422);
    let unknown = server.call("GET /_shipmock/requests?provider=shiper", &[], "");
    assert_eq!((unknown.status, &unknown.json()["did_you_mean"]), (422, &"shipper".into()));
    server.stop();
}

#[test]
fn a_port_that_is_none_is_said_to_be_none() {
    let server = Local::start();
    for (host, status) in [
        ("shipper.localhost:99999", 400),
        ("shipper.localhost:x", 400),
        ("[::1]:70000", 400),
        ("shipper.localhost:7447", 401),
        ("shipper.localhost:", 401),
        ("shipper.localhost", 401),
    ] {
        let mut wire = server.wire();
        wire.send(format!("GET /api/v1/orders HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        let answer = wire.read(true);
        assert_eq!(answer.status, status, "{host}: {}", answer.body);
        if status == 400 {
            assert!(answer.body.contains("port"), "{}", answer.body);
        }
    }
    server.stop();
}

#[test]
fn a_rule_stands_in_for_a_route_and_brings_what_answers_are_made_of() {
    let server = Local::start();
    let install = |rule: &str| server.call("POST /_shipmock/rules", &[], rule);
    for (rule, words) in [
        (r#"{"on":"GET /shipper/api/v1/coupons","then":{"status":200}}"#, "stub: true"),
        (
            r#"{"on":"GET /shipper/api/v1/orders/{id}","stub":true,"then":{"status":200}}"#,
            "leave out `stub`",
        ),
        (
            r#"{"on":"GET /shiper/coupons","stub":true,"then":{"status":200}}"#,
            "did you mean `shipper`",
        ),
        (r#"{"on":"shipper","stub":true,"then":{"status":200}}"#, "a verb and a path"),
        (
            r#"{"on":"GET /shipper/coupons","stub":true,"then":{"delay":"1s"}}"#,
            "an answer of its own",
        ),
        (
            r#"{"on":"GET /shipper/coupons","stub":true,"then":{"status":200,"handled":true}}"#,
            "nobody",
        ),
        (r#"{"on":"webhook shipper","stub":true,"then":{"drop":true}}"#, "webhooks are sent"),
        (r#"{"on":"shipper","then":{"text":"${jsn:$.a}"}}"#, "did you mean `json`?"),
        (r#"{"on":"shipper","then":{"base64":"?"}}"#, "base64"),
        (r#"{"on":"shipper","then":{"headers":{"Bad Name":"x"}}}"#, "cannot be the name"),
        (r#"{"on":"shipper","then":{"headers":{"X-A":[]}}}"#, "list of such values"),
        (r#"{"on":"shipper","then":{"text":"a","base64":"YQ=="}}"#, "at most one of"),
    ] {
        let refused = install(rule);
        assert_eq!(refused.status, 422, "{rule}");
        assert!(refused.body.contains(words), "{rule}: {}", refused.body);
    }
    let stub = r#"{"on":"GET /shipper/api/v1/coupons/{code}","stub":true,
        "then":{"json":{"code":"${arg:0}","until":"${now+1d}","id":"${uuid}","text":"$${arg:0}"}}}"#;
    assert_eq!(install(stub).status, 201);
    let coupon = server.call("GET /shipper/api/v1/coupons/WELCOME%2010", &[], "");
    let said = coupon.json();
    assert_eq!((coupon.status, &said["code"]), (200, &"WELCOME 10".into()));
    assert_eq!(
        (&said["until"], &said["text"]),
        (&"2026-05-15T09:00:00Z".into(), &"${arg:0}".into())
    );
    assert_eq!(coupon.header("x-shipmock-evidence"), Some("injected"));
    // Another verb, and another path, are still the provider's.
    assert_eq!(server.call("GET /shipper/api/v1/coupons", &[], "").status, 404);
    let wanted = r#"{"request":{"on":"GET /shipper/api/v1/coupons/{code}","stub":true,"when":{"entity":"WELCOME 10"}}}"#;
    assert_eq!(server.call("POST /_shipmock/verify", &[], wanted).status, 200);
    let bytes = r#"{"on":"GET /shipper/api/v1/products","then":{"base64":"AP9B","headers":{"Content-Type":"image/png","Set-Cookie":["a=1","b=2"]}}}"#;
    assert_eq!(install(bytes).status, 201);
    let mut wire = server.wire();
    wire.send(
        "GET /shipper/api/v1/products HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    let raw = wire.rest();
    assert!(raw.ends_with(b"\r\n\r\n\x00\xffA"), "{}", String::from_utf8_lossy(&raw));
    let head = String::from_utf8_lossy(&raw).to_ascii_lowercase();
    for line in ["content-type: image/png\r\n", "set-cookie: a=1\r\n", "set-cookie: b=2\r\n"] {
        assert!(head.contains(line), "{line}: {head}");
    }
    server.stop();
}
