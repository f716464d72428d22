//! Many worlds in one process: at once, each on its own, saved, put back, and gone when nobody asks for them.

use std::time::Duration;

use super::wire::{Local, until};

const KEY: &str = "Authorization: Bearer YOUR_API_KEY";
const JSON: &str = "Content-Type: application/json";

#[test]
fn fifty_clients_in_fifty_worlds_see_nothing_of_each_other() {
    let server = Local::start();
    std::thread::scope(|scope| {
        for number in 0..50_u32 {
            let server = &server;
            scope.spawn(move || client(server, number));
        }
    });
    assert_eq!(server.call("GET /_shipmock/health", &[], "").json()["worlds"], 51);
    let first = server.call("GET /_shipmock/requests", &[], "").json();
    assert_eq!(first["requests"], serde_json::json!([]));
}

/// One client: its own time, fault, limit, orders and webhooks.
fn client(server: &Local, number: u32) {
    let world = format!("/w/ci-{number}");
    let mut wire = server.wire();
    let mut own = |verb: &str, path: &str, body: &str| {
        let answer = wire.call(&format!("{verb} {world}/_shipmock{path}"), &[], body);
        assert!(answer.status < 300, "{verb} {path}: {}", answer.body);
        answer
    };
    let minutes = 60 + number;
    own("POST", "/clock/advance", &format!(r#"{{"by":"{minutes}m"}}"#));
    // Some worlds have a fault on their second call, each with another status.
    let fault = 500 + number;
    own(
        "POST",
        "/rules",
        &format!(
            r#"{{"on":"GET /shipper/api/v1/products","calls":[2],"then":{{"status":{fault}}}}}"#
        ),
    );
    let mut statuses = Vec::new();
    let mut wire = server.wire();
    for _ in 0..3 {
        let answer = wire.call(&format!("GET {world}/shipper/api/v1/products"), &[KEY], "");
        statuses.push(u32::from(answer.status));
        let minute = format!("{:02}:{:02}:00", 9 + minutes / 60, minutes % 60);
        assert!(answer.header("date").unwrap().contains(&minute), "{number}: {answer:?}");
    }
    assert_eq!(statuses, [200, fault, 200]);
    let order = r#"{"address":{"name":"Omar Ben Ali","phone1":"28177188","address1":"Rue 1","country":"TN"},
        "items":[{"id":"YOUR_PRODUCT_UUID"}]}"#;
    let line = format!("POST {world}/shipper/api/v1/orders");
    for place in 0..=number % 4 {
        let made = wire.call(&line, &[KEY, JSON], order);
        assert_eq!(made.json()["id"], 556 + place, "{}", made.body);
    }
    let count = format!(
        r#"{{"request":{{"on":"POST /shipper/api/v1/orders"}},"count":{{"exactly":{}}}}}"#,
        number % 4 + 1
    );
    let mut wire = server.wire();
    let verified = wire.call(&format!("POST {world}/_shipmock/verify"), &[], &count);
    assert_eq!(verified.status, 200, "{}", verified.body);
    let rules = wire.call(&format!("GET {world}/_shipmock/rules"), &[], "").json();
    assert_eq!(rules["rules"].as_array().unwrap().len(), 1);
    assert_eq!(rules["rules"][0]["used"], 1);
}

#[test]
fn a_world_that_nobody_asks_for_is_dropped() {
    let server = Local::with(|options| options.world_idle = Some(Duration::from_millis(50)));
    assert_eq!(server.call("GET /w/ci/shipper/api/v1/orders", &[KEY], "").status, 200);
    until("an idle world that is dropped", || {
        server.call("GET /_shipmock/health", &[], "").json()["worlds"] == 1
    });
    // It is made anew when it is asked for again.
    let answer = server.call("GET /w/ci/shipper/api/v1/orders", &[KEY], "");
    assert_eq!(answer.header("x-shipmock-request"), Some("r1"));
}

#[test]
fn a_world_is_saved_put_back_and_copied() {
    let server = Local::start();
    let orders = |world: &str| {
        let answer =
            server.call(&format!("GET {world}/shipper/api/v1/orders?per_page=1"), &[KEY], "");
        (answer.header("x-shipmock-request").unwrap().to_owned(), answer.body)
    };
    let body = r#"{"address":{"name":"A","phone1":"28177188","address1":"R","country":"TN"},"items":[{"id":"YOUR_PRODUCT_UUID"}]}"#;
    let make = |world: &str| {
        let made = server.call(&format!("POST {world}/shipper/api/v1/orders"), &[KEY, JSON], body);
        (made.status, made.body)
    };
    let saved = server.call("GET /_shipmock/state", &[], "").body;
    // More than what is read of any other call.
    assert!(saved.len() > 1024 * 1024 && saved.starts_with(r#"{"format":2,"#));
    let first = (make(""), orders(""));
    server.call("POST /_shipmock/clock/advance", &[], r#"{"by":"2d"}"#);
    let put = server.call("PUT /_shipmock/state", &[], &saved);
    assert_eq!(
        (put.status, &put.json()["now"]),
        (200, &"2026-05-14T09:00:00Z".into()),
        "{}",
        put.body
    );
    assert_eq!((make(""), orders("")), first);
    assert_eq!(server.call("PUT /w/copy/_shipmock/state", &[], &saved).status, 201);
    let told = server.call("GET /w/copy/shipper/api/v1/orders?per_page=1", &[KEY], "");
    assert_eq!(told.header("x-shipmock-request"), Some("r1"));
    // A reset builds the world again that it was, not the one that was put back.
    server.call("POST /_shipmock/clock/advance", &[], r#"{"by":"2d"}"#);
    let later = server.call("GET /_shipmock/state", &[], "").body;
    assert_eq!(server.call("PUT /_shipmock/state", &[], &later).status, 200);
    let reset = server.call("POST /_shipmock/reset", &[], "");
    assert_eq!(reset.json()["now"], "2026-05-14T09:00:00Z");
    assert!(server.call("GET /_shipmock/state", &[], "").body == saved, "not the same world");
}

#[test]
fn a_document_that_is_not_taken_leaves_the_world_as_it_is() {
    let server = Local::limited(|limits| limits.state_bytes = 2 * 1024 * 1024);
    let saved = server.call("GET /_shipmock/state", &[], "").body;
    for (document, status, word) in [
        (saved.replacen("\"format\":2", "\"format\":3", 1), 422, "format 3"),
        (saved.replacen("\"now\"", "\"nwo\"", 1), 422, "missing field `now`"),
        (saved[..saved.len() / 2].to_owned(), 400, "no JSON"),
        (" ".repeat(2 * 1024 * 1024) + &saved, 413, "longer than 2097152 bytes"),
    ] {
        let refused = server.call("PUT /_shipmock/state", &[], &document);
        assert_eq!(refused.status, status, "{}", refused.body);
        assert!(refused.json()["detail"].as_str().unwrap().contains(word), "{}", refused.body);
        let foreign =
            server.call("PUT /_shipmock/state", &["Origin: http://evil.example"], &document);
        assert!([403, 413].contains(&foreign.status), "{}", foreign.body);
    }
    assert!(server.call("GET /_shipmock/state", &[], "").body == saved, "the world has changed");
    // Other calls keep their bound.
    let long = server.call("POST /_shipmock/rules", &[], &" ".repeat(1024 * 1024 + 1));
    assert_eq!(long.status, 413);
}
