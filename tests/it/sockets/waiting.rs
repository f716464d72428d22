//! Waiting and listening: what wakes a caller, what ends it, and that nobody is waited for in vain.

use std::io::Read as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::wire::{Local, PATIENCE, until};

const KEY: &str = "Authorization: Bearer YOUR_API_KEY";
const SHIPMENT: &str = "shipper/entities/shipment/22222222-3333-4444-5555-666666666666";

/// Calls in a thread of its own, and says afterwards what came; `begun` makes sure that it waits by then.
fn meanwhile(server: &Local, line: &str, body: &str, then: impl FnOnce()) -> super::wire::Answer {
    let (line, body) = (line.to_owned(), body.to_owned());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.call(&line, &[], &body));
        then();
        waiting.join().unwrap()
    })
}

#[test]
fn a_call_a_state_and_a_delivery_wake_whoever_waits_for_them() {
    let server = Local::start();
    let wait = "POST /_shipmock/await";
    let found = meanwhile(&server, wait, r#"{"request":{"on":"shiplee"},"within":"20s"}"#, || {
        server.call("POST /shiplee/login", &[], "{}");
    });
    assert_eq!((found.status, &found.json()["request"]["id"]), (200, &"r1".into()));
    let wanted = format!(
        r#"{{"state":{{"provider":"shipper","kind":"shipment","id":"{}","is":"delivered"}},"within":"20s"}}"#,
        SHIPMENT.rsplit('/').next().unwrap()
    );
    let found = meanwhile(&server, wait, &wanted, || {
        let line = format!("POST /_shipmock/{SHIPMENT}/move");
        assert_eq!(server.call(&line, &[], r#"{"to":"delivered"}"#).status, 200);
    });
    assert_eq!(found.json()["entity"]["state"], "delivered");
    let body = r#"{"url":"https://mystore.com/hooks","events":["order.status_changed"]}"#;
    let found =
        meanwhile(&server, wait, r#"{"delivery":{"state":"captured"},"within":"20s"}"#, || {
            let json = "Content-Type: application/json";
            let hook = server.call("POST /shipper/api/v1/webhooks", &[KEY, json], body);
            assert_eq!(hook.status, 201, "{}", hook.body);
            server.call("POST /_shipmock/clock/advance", &[], r#"{"by":"5d"}"#);
        });
    assert_eq!(found.json()["delivery"]["state"], "captured", "{}", found.body);
    let verify = r#"{"request":{"on":"shiplee"},"count":{"exactly":2},"within":"20s"}"#;
    let found = meanwhile(&server, "POST /_shipmock/verify", verify, || {
        server.call("POST /shiplee/login", &[], "{}");
    });
    assert_eq!(found.json()["count"], 2);
    // What can no longer become so is not waited for.
    let late = server.call(
        "POST /_shipmock/verify",
        &[],
        r#"{"request":{"on":"shiplee"},"count":{"at_most":1},"within":"10m"}"#,
    );
    assert_eq!(late.status, 409);
}

#[test]
fn quiet_is_when_nothing_has_happened_for_so_long() {
    let server = Local::start();
    let begun = Instant::now();
    let quiet = server.call("POST /_shipmock/await", &[], r#"{"quiet":{"for":"150ms"}}"#);
    assert_eq!(quiet.json()["quiet"], true, "{}", quiet.body);
    assert!(begun.elapsed() >= Duration::from_millis(150));
    // A clock that runs through a lively world is never quiet for an hour of it.
    assert_eq!(server.call("PATCH /_shipmock/clock", &[], r#"{"speed":100000}"#).status, 200);
    let busy =
        server.call("POST /_shipmock/await", &[], r#"{"quiet":{"for":"5s"},"within":"300ms"}"#);
    assert_eq!(busy.status, 409);
}

#[test]
fn whoever_waits_is_told_when_the_world_or_the_server_goes() {
    let server = Local::start();
    let wait = r#"{"request":{"on":"shiplee"},"within":"10m"}"#;
    server.call("PUT /_shipmock/worlds/ci", &[], "{}");
    let mut one = server.wire();
    one.send(format!(
        "POST /w/ci/_shipmock/await HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{wait}",
        wait.len()
    ));
    // The call may come before or after the drop; asked for again, it would make the world anew.
    until("a world that is waited in", || {
        server.call("GET /_shipmock/metrics", &[], "").body.contains("shipmock_waiting 1")
    });
    assert_eq!(server.call("DELETE /_shipmock/worlds/ci", &[], "").status, 204);
    let gone = one.read(true);
    assert_eq!((gone.status, &gone.json()["title"]), (409, &"The world is gone".into()));
    let mut two = server.wire();
    two.send(format!(
        "POST /_shipmock/await HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{wait}",
        wait.len()
    ));
    let mut three = TcpStream::connect(server.address).unwrap();
    three.set_read_timeout(Some(PATIENCE)).unwrap();
    std::io::Write::write_all(
        &mut three,
        b"GET /_shipmock/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
    )
    .unwrap();
    until("two that wait", || {
        let text = server.call("GET /_shipmock/metrics", &[], "").body;
        text.contains("shipmock_waiting 1") && text.contains("shipmock_listening 1")
    });
    server.stop();
    assert_eq!(two.read(true).status, 503);
    let mut rest = String::new();
    three.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
}

/// Reads a stream until it holds a text.
fn stream(server: &Local, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    std::io::Write::write_all(&mut stream, format!("{head}\r\nHost: localhost\r\n\r\n").as_bytes())
        .unwrap();
    stream
}

fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = String::new();
    let mut piece = [0; 4096];
    while !read.contains(text) {
        let length = stream.read(&mut piece).unwrap();
        assert!(length > 0, "it ended without `{text}`: {read}");
        read.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    read
}

#[test]
fn events_come_as_calls_do_and_go_on_where_they_were_cut() {
    let server = Local::start();
    let mut live = stream(&server, "GET /_shipmock/events?provider=shipper HTTP/1.1");
    assert!(read_until(&mut live, "retry: 1000").contains("Content-Type: text/event-stream"));
    for path in ["/shiplee/x", "/shipper/api/v1/products", "/shipper/api/v1/orders"] {
        server.call(&format!("GET {path}"), &[KEY], "");
    }
    let told = read_until(&mut live, "id: r3\nevent: request\ndata: {");
    assert!(told.contains("id: r2\n") && !told.contains("id: r1\n"), "{told}");
    drop(live);
    let mut again = stream(&server, "GET /_shipmock/events?after=r0 HTTP/1.1\r\nLast-Event-ID: r2");
    let told = read_until(&mut again, "id: r3\n");
    assert!(!told.contains("id: r2\n"), "{told}");
    server.call("POST /_shipmock/reset", &[], "");
    // The world is another; whoever comes back hears of it from its beginning.
    read_until(&mut again, "0\r\n\r\n");
}

#[test]
fn a_listener_that_does_not_listen_is_cut() {
    let server = Local::limited(|limits| {
        limits.listener_time = Duration::from_millis(200);
        limits.listeners = 1;
    });
    // Sixteen kilobytes an event, and a reader who takes nothing.
    let long = format!("GET /shipper/{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(16_000));
    let mut deaf = stream(&server, "GET /_shipmock/events?after=r0 HTTP/1.1");
    read_until(&mut deaf, "retry: 1000");
    let refused = server.call("GET /_shipmock/events", &[], "");
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.json()["detail"].to_string().contains("1 listeners"), "{}", refused.body);
    let mut wire = server.wire();
    let deadline = Instant::now() + PATIENCE;
    while server.call("GET /_shipmock/metrics", &[], "").body.contains("shipmock_listening 1") {
        assert!(Instant::now() < deadline, "it was not cut");
        for _ in 0..50 {
            wire.send(&long).read(true);
        }
    }
    let mut rest = Vec::new();
    let _ = deaf.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "it was ended in good order");
    assert_eq!(stream(&server, "HEAD /_shipmock/events HTTP/1.1").read(&mut [0; 12]).unwrap(), 12);
}
