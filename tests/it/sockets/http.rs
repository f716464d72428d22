//! The listener: connections, addresses, and what a client may not do.

use std::time::Duration;

use super::wire::Local;

const KEY: &str = "Authorization: Bearer YOUR_API_KEY";
const ORDERS: &str = "/api/v1/orders";

#[test]
fn a_connection_is_kept_and_carries_one_request_after_another() {
    let server = Local::start();
    let mut wire = server.wire();
    for number in 1..=3 {
        let answer = wire.call(&format!("POST /shipper{ORDERS}"), &[KEY], "{}");
        assert_eq!(answer.header("x-shipmock-request"), Some(format!("r{number}").as_str()));
        assert_eq!(answer.header("date"), Some("Thu, 14 May 2026 09:00:00 GMT"));
    }
    let answer = wire.call("GET /_shipmock/health", &["Connection: close"], "");
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert!(wire.is_closed());
}

#[test]
fn path_host_name_real_host_and_absolute_target_lead_to_the_same_world() {
    let server = Local::start();
    let mut wire = server.wire();
    let real = format!("GET http://server.shipper.network{ORDERS}");
    for (number, (line, host)) in [
        (format!("GET /shipper{ORDERS}"), "Host: localhost"),
        (format!("GET {ORDERS}"), "Host: shipper.localhost:7447"),
        (format!("GET {ORDERS}"), "Host: server.shipper.network"),
        (real, "Host: something.else"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = wire.call(&line, &[host, KEY], "");
        let id = format!("r{}", number + 1);
        assert_eq!(answer.header("x-shipmock-request"), Some(id.as_str()), "{line} {host}");
    }
    let other = wire.call(&format!("GET {ORDERS}"), &["Host: ci.shipper.localhost", KEY], "");
    assert_eq!(other.header("x-shipmock-request"), Some("r1"));
}

#[test]
fn head_is_answered_like_get_without_its_body() {
    let server = Local::start();
    let mut wire = server.wire();
    let line = format!("HEAD /shipper{ORDERS}");
    let head = wire.call(&line, &[], "");
    assert_eq!((head.status, head.header("content-length")), (401, Some("30")));
    let get = wire.call(&format!("GET /shipper{ORDERS}"), &[], "");
    assert_eq!((get.status, get.body.len()), (401, 30), "the body of HEAD was sent after all");
}

#[test]
fn a_body_over_the_limit_is_answered_and_ends_the_connection() {
    let server = Local::start();
    let long = "x".repeat(1024 * 1024 + 1);
    let mut wire = server.wire();
    let answer = wire.call(&format!("POST /shipper{ORDERS}"), &[KEY], &long);
    assert_eq!((answer.status, answer.header("connection")), (413, Some("close")));
    assert!(wire.is_closed());
    let mut wire = server.wire();
    let exact = &long[1..];
    let answer = wire.call(&format!("POST /shipper{ORDERS}"), &[KEY], exact);
    assert_ne!(answer.status, 413);
    let mut chunked = "POST /_shipmock/clock/advance HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".to_string();
    for _ in 0..17 {
        chunked.push_str(&format!("10000\r\n{}\r\n", "x".repeat(0x10000)));
    }
    let answer = server.wire().send(chunked + "0\r\n\r\n").read(true);
    assert_eq!(answer.status, 413, "{}", answer.body);
}

#[test]
fn a_body_in_pieces_arrives_whole_and_in_order() {
    let server = Local::start();
    let mut wire = server.wire();
    wire.send("POST /_shipmock/clock/advance HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    for piece in ["{\"b", "y\":", "\"3", "6h", "\"}"] {
        wire.send(format!("{:x}\r\n{piece}\r\n", piece.len()));
    }
    let answer = wire.send("0\r\n\r\n").read(true);
    assert_eq!(answer.json()["to"], "2026-05-15T21:00:00Z", "{}", answer.body);
}

#[test]
fn what_is_not_http_is_a_400_and_does_no_harm() {
    let server = Local::start();
    for nonsense in ["GET  /x\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
        let mut wire = server.wire();
        let answer = wire.send(nonsense).try_read(true);
        assert!(answer.is_none_or(|answer| answer.status == 400), "{nonsense:?}");
        assert!(wire.is_closed(), "{nonsense:?}");
    }
    for (request, status) in [
        ("GET /shipper HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\n\r\n", 200),
        ("BREW /shipper HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        ("CONNECT api.shipper:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
    ] {
        assert_eq!(server.wire().send(request).read(true).status, status, "{request:?}");
    }
    assert_eq!(server.call("GET /_shipmock/health", &[], "").status, 200);
}

#[test]
fn a_flood_of_headers_is_refused() {
    let server = Local::start();
    let many: String = (0..200).map(|number| format!("X-{number}: y\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "y".repeat(100_000));
    for flood in [many, long] {
        let mut wire = server.wire();
        let text = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{flood}\r\n");
        assert_eq!(wire.send(text).read(true).status, 431);
        assert!(wire.is_closed());
    }
}

#[test]
fn slow_heads_and_slow_bodies_are_cut() {
    let server = Local::limited(|limits| {
        limits.header_time = Duration::from_millis(150);
        limits.body_time = Duration::from_millis(150);
    });
    let mut head = server.wire();
    assert!(head.send("GET / HTTP/1.1\r\nHost: loc").is_closed());
    let mut body = server.wire();
    let text =
        "POST /shipper/api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{";
    assert!(body.send(text).is_closed());
}

#[test]
fn more_connections_than_allowed_wait_for_a_place() {
    let server = Local::limited(|limits| limits.connections = 1);
    let mut first = server.wire();
    assert_eq!(first.call("GET /_shipmock/health", &[], "").status, 200);
    let mut second = server.wire();
    second.send("GET /_shipmock/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(first.call("GET /_shipmock/health", &["Connection: close"], "").status, 200);
    assert_eq!(second.read(true).status, 200);
}

#[test]
fn json_nested_beyond_reason_is_answered() {
    let server = Local::start();
    let deep = "[".repeat(500_000);
    let json = "Content-Type: application/json";
    for line in ["POST /shipper/api/v1/orders", "PUT /_shipmock/worlds/deep"] {
        let answer = server.call(line, &[KEY, json], &deep);
        assert!(answer.status < 500, "{line}: {}", answer.status);
    }
}

#[test]
fn paths_of_nobody_say_where_to_go() {
    let server = Local::start();
    let answer = server.call("GET /shiper/api/v1/orders", &[], "");
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let detail = answer.json()["detail"].to_string();
    assert!(detail.contains("/_shipmock") && detail.contains("Did you mean /shipper?"), "{detail}");
    let front = server.call("GET /", &["Accept: text/html"], "");
    assert!(front.body.starts_with("<!doctype html>"));
    assert_eq!(server.call("POST /", &[], "{}").status, 405);
}

#[test]
fn a_server_that_stops_answers_what_it_has_begun() {
    let server = Local::start();
    let mut idle = server.wire();
    assert_eq!(idle.call("GET /_shipmock/health", &[], "").status, 200);
    let address = server.address;
    server.stop();
    assert!(idle.is_closed());
    assert!(std::net::TcpStream::connect(address).is_err());
}

/// Blanks stand in the documentation's own samples; the recorded front server takes them and the other three.
#[test]
fn a_target_with_raw_blanks_and_brackets_is_read_as_if_they_were_encoded() {
    let server = Local::start();
    let mut wire = server.wire();
    let token =
        "Authorization: Bearer 7c0f8d2be5a94f16b3d27e90a1c4586f3e9b0d7142a6c85fd01e3b7a92c64d5f";
    let list = "GET /shiptheory/v1/shipments/list?created=2020-11-14&Couriers.couriername=Royal Mail&channel_name=Bigcommerce";
    let raw = wire.call(list, &[token], "");
    let encoded = wire.call(&list.replace("Royal Mail", "Royal%20Mail"), &[token], "");
    assert_eq!((raw.status, raw.body.as_str()), (200, encoded.body.as_str()));
    assert_eq!(raw.json()["pagination"]["results"], 1);
    for (target, path) in [
        ("/shiptheory/v1/products/view/a b", "/v1/products/view/a%20b"),
        ("/shiptheory/v1/products/view/<a>\"b\"", "/v1/products/view/%3Ca%3E%22b%22"),
    ] {
        let answer = wire.call(&format!("GET {target}"), &[token], "");
        assert_eq!(answer.json()["url"], path, "{target}");
        let id = answer.header("x-shipmock-request").unwrap().to_owned();
        let entry = wire.call(&format!("GET /_shipmock/requests/{id}"), &[], "").json();
        assert_eq!(entry["request"]["path"], path, "{target}");
    }
    // A body with what looks like a request line in it, and the next request behind it on the same connection.
    let body = "{\"sku\":\"GET /a b HTTP/1.1\"}";
    let made =
        wire.call("POST /shiptheory/v1/products", &[token, "Content-Type: application/json"], body);
    assert_eq!(made.json()["product"]["sku"], "GET /a b HTTP/1.1");
    let seen = wire.call("GET /shiptheory/v1/products/view/a b", &[token], "");
    assert_eq!(seen.json()["url"], "/v1/products/view/a%20b");
}
