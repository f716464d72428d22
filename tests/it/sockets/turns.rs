//! Turns: two advances of one world, a receiver that drives the world which waits for it, targets set at run time.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shipmock::internals::sim::webhook::egress::Reach;

use super::wire::{Answer, Local, PATIENCE, Wire};

const KEY: &str = "Authorization: Bearer YOUR_API_KEY";
const JSON: &str = "Content-Type: application/json";

/// A frozen world of the default scenario whose shipments' webhooks go to a listener.
fn world(server: &Local, name: &str, to: SocketAddr) {
    let made = r#"{"clock":{"mode":"frozen","at":"2026-05-14T09:00:00Z"}}"#;
    assert_eq!(server.call(&format!("PUT /_shipmock/worlds/{name}"), &[], made).status, 201);
    let body = r#"{"url":"https://mystore.com/hooks","events":["shipment.status_changed"]}"#;
    let path = format!("POST /w/{name}/shipper/api/v1/webhooks");
    assert_eq!(server.call(&path, &[KEY, JSON], body).status, 201);
    let targets = json!({"https://mystore.com": format!("http://{to}")}).to_string();
    let path = format!("PUT /w/{name}/_shipmock/webhooks/targets");
    assert_eq!(server.call(&path, &[], &targets).status, 200);
}

/// Takes a webhook, without answering it.
fn take(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = [0; 8192];
    assert!(stream.read(&mut head).unwrap() > 0);
    stream
}

fn answer(mut stream: TcpStream) {
    stream.write_all(b"HTTP/1.1 204 Yes\r\n\r\n").unwrap();
}

/// A call in a thread of its own.
fn beside(server: &Local, line: &str, body: &'static str) -> mpsc::Receiver<Answer> {
    let (tell, told) = mpsc::channel();
    let (mut wire, line) = (server.wire(), line.to_owned());
    std::thread::spawn(move || tell.send(wire.call(&line, &[], body)));
    told
}

const SHIPMENT: &str = "/shipper/entities/shipment/22222222-3333-4444-5555-666666666666";

#[test]
fn a_receiver_that_drives_the_world_which_waits_for_it_is_refused_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Local::start();
    world(&server, "a", listener.local_addr().unwrap());
    let base = "/w/a/_shipmock";
    let outer = beside(&server, &format!("POST {base}/clock/advance"), r#"{"until":"idle"}"#);
    // What is asked for from inside the handler of its first webhook.
    let stream = take(&listener);
    for (line, body) in [
        (format!("POST {base}/clock/advance"), r#"{"by":"1h"}"#),
        (format!("PATCH {base}/clock"), r#"{"mode":"real"}"#),
        (format!("POST {base}{SHIPMENT}/move"), r#"{"to":"delivered"}"#),
        (format!("PATCH {base}/shiplee/entities/seller/62"), r#"{"wallet":7}"#),
        (format!("GET {base}/state"), ""),
        ("PUT /_shipmock/worlds/b".to_owned(), r#"{"from":"a"}"#),
    ] {
        let asked = Instant::now();
        let refused = server.call(&line, &[], body);
        assert_eq!(refused.status, 409, "{line}: {}", refused.body);
        assert!(asked.elapsed() < Duration::from_secs(2), "{line}: {:?}", asked.elapsed());
        assert!(refused.body.contains("waits for a receiver"), "{}", refused.body);
    }
    // Looking, and calling the provider, waits for nobody.
    assert_eq!(server.call(&format!("GET {base}{SHIPMENT}"), &[], "").status, 200);
    assert_eq!(server.call("GET /w/a/shipper/api/v1/orders", &[KEY], "").status, 200);
    let now = server.call(&format!("GET {base}/clock"), &[], "").json()["now"].clone();
    answer(stream);
    let quick = std::thread::spawn(move || {
        let _ = listener.set_nonblocking(false);
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.read(&mut [0; 8192]);
            let _ = stream.write_all(b"HTTP/1.1 204 Yes\r\n\r\n");
        }
    });
    let settled = outer.recv_timeout(PATIENCE).unwrap();
    assert_eq!(settled.status, 200, "{}", settled.body);
    // Nothing was queued: time stands where the outer call left it, and nobody moved anything.
    let clock = server.call(&format!("GET {base}/clock"), &[], "").json();
    assert_eq!((&clock["now"], &clock["mode"]), (&settled.json()["to"], &"frozen".into()));
    assert!(now.as_str() < clock["now"].as_str());
    let wallet = server.call(&format!("GET {base}/shiplee/entities/seller/62"), &[], "").json();
    assert_eq!(wallet["data"]["wallet"], 5000);
    server.stop();
    drop(quick);
}

#[test]
fn advances_of_one_world_come_one_after_the_other_each_from_where_it_stands() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // A receiver that does its work and answers.
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.read(&mut [0; 8192]);
            std::thread::sleep(Duration::from_millis(10));
            let _ = stream.write_all(b"HTTP/1.1 204 Yes\r\n\r\n");
        }
    });
    let server = Local::start();
    world(&server, "a", address);
    let line = "POST /w/a/_shipmock/clock/advance";
    let calls: Vec<_> = (0..4).map(|_| beside(&server, line, r#"{"by":"6h"}"#)).collect();
    let mut told: Vec<Value> = calls
        .into_iter()
        .map(|call| {
            let answer = call.recv_timeout(PATIENCE).unwrap();
            assert_eq!(answer.status, 200, "{}", answer.body);
            answer.json()
        })
        .collect();
    told.sort_by_key(|it| it["from"].as_str().unwrap().to_owned());
    let way =
        |it: &Value| format!("{} {}", it["from"].as_str().unwrap(), it["to"].as_str().unwrap());
    let ways: Vec<String> = told.iter().map(way).collect();
    assert_eq!(
        ways,
        [
            "2026-05-14T09:00:00Z 2026-05-14T15:00:00Z",
            "2026-05-14T15:00:00Z 2026-05-14T21:00:00Z",
            "2026-05-14T21:00:00Z 2026-05-15T03:00:00Z",
            "2026-05-15T03:00:00Z 2026-05-15T09:00:00Z",
        ]
    );
    // What one call brought about is told by that one alone.
    let ids = |it: &Value| -> Vec<String> {
        let list = it["deliveries"].as_array().unwrap().iter();
        list.map(|delivery| delivery["id"].as_str().unwrap().to_owned()).collect()
    };
    let mut all: Vec<String> = told.iter().flat_map(ids).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert!(count > 0 && all.len() == count, "{all:?}");
    server.stop();
}

#[test]
fn targets_are_set_while_a_server_runs_within_what_its_operator_allows() {
    let server = Local::with(|options| {
        options.orders.reach = Reach {
            redirects: vec![Reach::redirect("https://old.example=http://10.0.0.9:81").unwrap()],
            allowed: vec!["hooks.example".to_owned()],
        };
    });
    let targets = |world: &str| {
        server.call(&format!("GET /w/{world}/_shipmock/webhooks/targets"), &[], "").json()
    };
    assert_eq!(targets("a"), json!({"https://old.example": "http://10.0.0.9:81"}));
    for (body, status, words) in [
        (
            json!({"https://mystore.com": "http://127.0.0.1:4000/base", "http://b.example:81": "http://localhost:1"}),
            200,
            "",
        ),
        (json!({"https://mystore.com": "https://hooks.example/x"}), 200, ""),
        (json!({"https://mystore.com": "http://10.0.0.9:81"}), 200, ""),
        (
            json!({"https://mystore.com": "https://elsewhere.example"}),
            422,
            "--webhook-allow elsewhere.example",
        ),
        (json!({"https://mystore.com": "http://10.0.0.9:82"}), 422, "--webhook-allow 10.0.0.9"),
        (json!({"https://mystore.com/hooks": "http://127.0.0.1:1"}), 422, "is not an origin"),
        (json!({"mystore.com": "http://127.0.0.1:1"}), 422, "is not an origin"),
        (json!({"https://mystore.com": "127.0.0.1:1"}), 422, "no address"),
        (json!({"https://mystore.com": 4000}), 422, "mystore.com"),
        (
            json!({"https://MyStore.com": "http://127.0.0.1:1", "https://mystore.com.:443": "http://127.0.0.1:2"}),
            422,
            "twice",
        ),
    ] {
        let before = targets("a");
        let answer = server.call("PUT /w/a/_shipmock/webhooks/targets", &[], &body.to_string());
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        if status == 200 {
            assert_eq!((answer.json(), targets("a")), (body.clone(), body));
        } else {
            let problem = answer.json();
            assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
            assert!(problem["field"].is_string(), "{problem}");
            assert_eq!(targets("a"), before, "a refusal changed something");
        }
    }
    // Worlds have their own, a fork those of its original, and a reset those of the operator.
    assert_eq!(server.call("PUT /w/a/_shipmock/webhooks/targets", &[], "{}").status, 200);
    assert_eq!(server.call("PUT /_shipmock/worlds/c", &[], r#"{"from":"a"}"#).status, 201);
    assert_eq!((targets("a"), targets("c")), (json!({}), json!({})));
    assert_eq!(targets("b"), json!({"https://old.example": "http://10.0.0.9:81"}));
    assert_eq!(server.call("POST /w/a/_shipmock/reset", &[], "").status, 200);
    assert_eq!(targets("a"), targets("b"));
    server.stop();
}

#[test]
fn what_was_captured_goes_out_when_a_receiver_is_there() {
    let server = Local::start();
    let body = r#"{"url":"https://mystore.com/hooks","events":["shipment.status_changed"]}"#;
    assert_eq!(server.call("POST /shipper/api/v1/webhooks", &[KEY, JSON], body).status, 201);
    let moved = server.call(&format!("POST /_shipmock{SHIPMENT}/move"), &[], r#"{"on":"pack"}"#);
    assert_eq!(moved.status, 200, "{}", moved.body);
    let delivery = server.call("GET /_shipmock/webhooks/d1", &[], "").json();
    assert_eq!(delivery["state"], "captured");
    assert!(delivery["attempts"][0]["error"].as_str().unwrap().contains("/webhooks/targets"));
    // The receiver binds a free port only now.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("http://{}", listener.local_addr().unwrap());
    let targets = json!({"https://mystore.com": to}).to_string();
    assert_eq!(server.call("PUT /_shipmock/webhooks/targets", &[], &targets).status, 200);
    assert_eq!(server.call("POST /_shipmock/webhooks/d1/redeliver", &[], "").status, 202);
    answer(take(&listener));
    let wanted = r#"{"delivery":{"state":"delivered"},"within":"10s"}"#;
    assert_eq!(server.call("POST /_shipmock/await", &[], wanted).status, 200);
    server.stop();
}

#[test]
fn a_world_that_is_there_is_replaced_openly_or_not_at_all() {
    let server = Local::start();
    let put = |body: &str| server.call("PUT /_shipmock/worlds/a", &[], body);
    let replaced = |answer: &Answer| (answer.status, answer.json()["replaced"].clone());
    assert_eq!(replaced(&put(r#"{"if_absent":true,"seed":1}"#)), (201, false.into()));
    let refused = put(r#"{"if_absent":true,"seed":2}"#);
    assert_eq!((refused.status, &refused.json()["field"]), (409, &"if_absent".into()));
    assert_eq!(server.call("GET /w/a/_shipmock/presets", &[], "").json()["seed"], 1);
    assert_eq!(replaced(&put(r#"{"seed":3}"#)), (200, true.into()));
    let state = server.call("GET /w/a/_shipmock/state", &[], "").body;
    for (world, expected) in [("a", (200, true)), ("fresh", (201, false))] {
        let answer = server.call(&format!("PUT /w/{world}/_shipmock/state"), &[], &state);
        assert_eq!(replaced(&answer), (expected.0, expected.1.into()), "{world}");
    }
    server.stop();
}

#[test]
fn a_delivery_that_is_sent_again_and_again_keeps_its_last_attempts_and_a_count() {
    let server = Local::start();
    let body = r#"{"url":"https://mystore.com/hooks","events":["shipment.status_changed"]}"#;
    assert_eq!(server.call("POST /shipper/api/v1/webhooks", &[KEY, JSON], body).status, 201);
    let moved = server.call(&format!("POST /_shipmock{SHIPMENT}/move"), &[], r#"{"on":"pack"}"#);
    assert_eq!(moved.status, 200, "{}", moved.body);
    let mut wire: Wire = server.wire();
    for _ in 0..150 {
        assert_eq!(wire.call("POST /_shipmock/webhooks/d1/redeliver", &[], "").status, 202);
    }
    let delivery = wire.call("GET /_shipmock/webhooks/d1", &[], "").json();
    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!((delivery["tries"].clone(), attempts.len()), (151.into(), 100));
    assert_eq!((&attempts[0]["number"], &attempts[99]["number"]), (&52.into(), &151.into()));
    server.stop();
}
