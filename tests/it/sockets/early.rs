//! Webhooks that reach their receiver before the answer of the call that caused them leaves.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use shipmock::internals::sim::webhook::egress::Reach;

use super::wire::{Answer, Local, until};

const KEY: &str = "Authorization: Bearer YOUR_API_KEY";
const JSON: &str = "Content-Type: application/json";
const EARLY: &str = r#"{"name":"early","on":"webhook shipper shipment.status_changed","then":{"before_answer":true}}"#;

/// A server whose webhooks to mystore.com come here.
fn listening() -> (Local, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("https://mystore.com=http://{}", listener.local_addr().unwrap());
    let redirects = vec![Reach::redirect(&to).unwrap()];
    let server = Local::with(|options| {
        options.orders.reach = Reach { redirects: redirects.clone(), allowed: Vec::new() };
    });
    let body = r#"{"url":"https://mystore.com/hooks","events":["shipment.status_changed"]}"#;
    let registered = server.call("POST /shipper/api/v1/webhooks", &[KEY, JSON], body);
    assert_eq!(registered.status, 201, "{}", registered.body);
    assert_eq!(server.call("POST /_shipmock/rules", &[], EARLY).status, 201);
    (server, listener)
}

/// Takes one webhook: its body, and the connection that waits for an answer.
fn take(listener: &TcpListener) -> (String, TcpStream) {
    let mut reader = BufReader::new(listener.accept().unwrap().0);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (String::from_utf8(body).unwrap(), reader.into_inner())
}

fn cancel(server: &Local) -> mpsc::Receiver<Answer> {
    let (tell, told) = mpsc::channel();
    let mut wire = server.wire();
    std::thread::spawn(move || {
        let _ = tell.send(wire.call("POST /shipper/api/v1/orders/554/cancel", &[KEY], ""));
    });
    told
}

#[test]
fn the_receiver_has_it_before_the_caller_has_an_answer() {
    let (server, listener) = listening();
    let told = cancel(&server);
    let (body, mut stream) = take(&listener);
    assert!(body.contains("\"status\":\"canceled\""), "{body}");
    // The receiver has not answered, so there is no answer; the world itself is not locked.
    assert!(told.recv_timeout(Duration::from_millis(200)).is_err());
    let order = server.call("GET /shipper/api/v1/orders/554", &[KEY], "");
    assert_eq!(order.json()["status"], "Canceled");
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    let answer = told.recv_timeout(super::wire::PATIENCE).unwrap();
    assert_eq!((answer.status, answer.json()["canceled_shipments"].clone()), (200, 1.into()));
    let ledger = server.call("GET /_shipmock/webhooks/d1", &[], "").json();
    assert_eq!(ledger["state"], "delivered");
    assert_eq!(ledger["weather"]["rule"], "early");
    assert_eq!(ledger["weather"]["did"][0], "sent before the answer");
    let id = answer.header("x-shipmock-request").unwrap().to_owned();
    let entry = server.call(&format!("GET /_shipmock/requests/{id}"), &[], "").json();
    assert_eq!(entry["webhooks"][0]["id"], "d1");
    assert_eq!(entry["webhooks"][0]["weather"]["rule"], "early");
    server.stop();
}

#[test]
fn a_receiver_that_says_nothing_holds_the_answer_up_for_its_time_and_no_longer() {
    let (server, listener) = listening();
    let began = Instant::now();
    let told = cancel(&server);
    let (_, silent) = take(&listener);
    let answer = told.recv_timeout(super::wire::PATIENCE).unwrap();
    assert_eq!(answer.status, 200);
    // Shipper's three seconds.
    assert!(began.elapsed() >= Duration::from_millis(2_900), "{:?}", began.elapsed());
    until("the failure is written down, and another try waits in world time", || {
        let ledger = server.call("GET /_shipmock/webhooks/d1", &[], "").json();
        ledger["attempts"].as_array().is_some_and(|tries| tries.len() == 1)
    });
    // What else is due in this world comes before it.
    let again =
        server.call("POST /_shipmock/clock/advance", &[], r#"{"to":"2026-05-14T09:00:09Z"}"#);
    assert_eq!(again.status, 200, "{}", again.body);
    let due = server.call("GET /_shipmock/clock", &[], "").json()["next_due"].clone();
    assert_eq!(due, "2026-05-14T09:00:10Z");
    drop(silent);
    server.stop();
}
