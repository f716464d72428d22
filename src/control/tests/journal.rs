//! The journal and the ledger of webhooks.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{SHIPMENT, START, ask, at, called, json_of, problem, request, world};
use crate::control::{Job, perform, read};
use crate::message::{Method, Reply};
use crate::providers::Name;
use crate::world::World;

fn ids(reply: &Reply) -> Vec<String> {
    let list = json_of(reply)["requests"].clone();
    list.as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_journal_is_filtered_and_paged() {
    let mut world = called();
    let mut list =
        |query: &str| ask(&mut world, Method::Get, &format!("/requests{query}"), Value::Null);
    for (query, expected) in [
        ("", vec!["r1", "r2", "r3", "r4"]),
        ("?method=post", vec!["r3"]),
        ("?path=orders", vec!["r3", "r4"]),
        ("?path=*/orders", vec!["r3", "r4"]),
        ("?path=orders*", vec![]),
        ("?path=%2Fnowhere", vec!["r2"]),
        ("?status=401", vec!["r3"]),
        ("?status=4xx&path=nowhere", vec!["r2"]),
        ("?provider=shipper&after=r2", vec!["r3", "r4"]),
        ("?after=r99", vec![]),
        ("?limit=2", vec!["r1", "r2"]),
        ("?limit=2&after=r2", vec!["r3", "r4"]),
    ] {
        assert_eq!(ids(&list(query)), expected, "{query}");
    }
    assert_eq!(json_of(&list("?limit=2"))["next"], "r2");
    assert_eq!(json_of(&list("?limit=2&after=r2"))["next"], Value::Null);
    let journal = json_of(&list("?limit=1"))["journal"].clone();
    assert_eq!((&journal["entries"], &journal["evicted"]), (&json!(4), &json!(0)));
    assert!(
        journal["bytes"].as_u64() > Some(0)
            && journal["bytes"].as_u64() < journal["bound"].as_u64()
    );
}

#[test]
fn an_entry_hides_its_credential_in_lists_only() {
    let mut world = called();
    let list = ask(&mut world, Method::Get, "/requests?method=POST", Value::Null);
    assert_snapshot!(format!("{:#}", json_of(&list)["requests"]), @r#"
    [
      {
        "id": "r3",
        "at": "2026-05-14T09:00:00Z",
        "provider": "shipper",
        "account": null,
        "method": "POST",
        "path": "/api/v1/orders",
        "query": "",
        "route": "POST /api/v1/orders",
        "status": 401,
        "evidence": "documented",
        "explanation": "The bearer token is no key of this world. GET /_shipmock/presets lists the keys; YOUR_API_KEY works in the default scenario.",
        "rule": null,
        "authorization": "Bearer my-sec…"
      }
    ]
    "#);
    assert!(!list.body.text().contains("my-secret-key"));
    let entry = json_of(&ask(&mut world, Method::Get, "/requests/r3", Value::Null));
    let keys: Vec<&String> = entry.as_object().unwrap().keys().collect();
    assert_eq!(keys[12..], ["request", "response", "changes", "webhooks", "unread", "left_out"]);
    assert_eq!(entry["request"]["headers"]["authorization"], "Bearer my-secret-key");
    assert_eq!(entry["response"]["status"], entry["status"]);
    assert_eq!(entry["response"]["headers"]["X-Shipmock-Request"], "r3");
}

#[test]
fn an_entry_that_is_not_there_is_explained() {
    let mut world = called();
    let mut show =
        |id: &str| problem(&ask(&mut world, Method::Get, &format!("/requests/{id}"), Value::Null));
    assert_snapshot!(show("r5"), @"404 Unknown request: there is no request `r5` yet; the next will be `r5`");
    assert_snapshot!(show("5"), @"404 Unknown request: `5` is no id of a request; they are `r1`, `r2`, ...");
    let reply = ask(&mut world, Method::Delete, "/requests", Value::Null);
    assert_eq!((reply.status, reply.body.len(), reply.headers.get("content-type")), (204, 0, None));
    assert_eq!(ids(&ask(&mut world, Method::Get, "/requests", Value::Null)), Vec::<String>::new());
    let gone = ask(&mut world, Method::Get, "/requests/r1", Value::Null);
    assert_snapshot!(problem(&gone), @"404 Unknown request: `r1` is no longer in the journal, which keeps 16777216 bytes");
}

#[test]
fn the_ledger_is_filtered_and_sends_again() {
    let mut world = world("default");
    let body = json!({"url": "https://hooks.localhost/x", "events": ["shipment.status_changed", "order.status_changed"]});
    let call = request(Method::Post, "/api/v1/webhooks", &body)
        .with("authorization", "Bearer YOUR_API_KEY")
        .with("accept", "application/json");
    assert_eq!(world.request(Name::Shipper, call).status, 201);
    let ask = |world: &mut World, method, target: &str| ask(world, method, target, Value::Null);
    assert_eq!(json_of(&ask(&mut world, Method::Get, "/webhooks"))["webhooks"], json!([]));
    let walk = request(Method::Post, &format!("{SHIPMENT}/move"), &json!({"to": "onitsway"}));
    let Ok(Job::World(job)) = read(&walk) else { panic!() };
    assert_eq!(perform(&mut world, &job, &walk, "ci", at(START)).status, 200);
    let all = json_of(&ask(&mut world, Method::Get, "/webhooks"));
    let first = all["webhooks"][0].as_object().unwrap();
    let keys: Vec<&String> = first.keys().collect();
    assert_eq!(
        keys,
        [
            "id",
            "at",
            "provider",
            "subscription",
            "event",
            "url",
            "state",
            "body",
            "headers",
            "tries",
            "attempts",
            "weather"
        ]
    );
    assert_eq!((&first["id"], &first["state"]), (&json!("d1"), &json!("pending")));
    assert!(first["body"].is_string() && first["headers"].is_object());
    let count = |world: &mut World, query: &str| {
        let page = json_of(&ask(world, Method::Get, &format!("/webhooks{query}")));
        page["webhooks"].as_array().unwrap().len()
    };
    let total = count(&mut world, "");
    assert!(total >= 3);
    assert_eq!(
        count(&mut world, "?event=shipment.status_changed")
            + count(&mut world, "?event=order.status_changed"),
        total
    );
    assert_eq!(
        (count(&mut world, "?state=delivered"), count(&mut world, "?after=d1")),
        (0, total - 1)
    );
    let post = world.take_attempts().remove(0);
    world.delivered(post.delivery, &crate::sim::webhook::outbox::Outcome::Answered(200));
    assert_eq!(count(&mut world, "?state=delivered&provider=shipper"), 1);
    let again = ask(&mut world, Method::Post, "/webhooks/d1/redeliver");
    assert_eq!((again.status, &json_of(&again)["state"]), (202, &json!("pending")));
    assert_eq!(ask(&mut world, Method::Get, "/webhooks/d1").body, again.body);
    assert_snapshot!(format!("{:#}", json_of(&again)["attempts"]), @r#"
    [
      {
        "at": "2026-05-14T09:00:00Z",
        "number": 1,
        "url": "https://hooks.localhost/x",
        "status": 200,
        "error": null
      }
    ]
    "#);
    assert_snapshot!(problem(&ask(&mut world, Method::Post, "/webhooks/99/redeliver")), @"404 Unknown delivery: there is no delivery `99` in the ledger; they are `d1`, `d2`, ...");
}
