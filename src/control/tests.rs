//! The API in process: what requests are read as, what one world answers, and how refusals read.

use std::sync::Arc;

use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Advance, ClockOrder, Job, ShellJob, WorldOrder, calls, perform, read, word};
use crate::http::{Method, Reply, Request};
use crate::providers::Name;
use crate::sim::clock::Mode;
use crate::world::{ClockSetup, Orders, Recipe, World};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const START: &str = "2026-05-14T09:00:00Z";

fn world(scenario: &str) -> World {
    let read = crate::scenario::ready(scenario).unwrap().unwrap();
    let orders = Orders { at: Some(at(START)), ..Orders::default() };
    World::build(Arc::new(Recipe::new(read.name, read.world, orders, at(START)))).unwrap()
}

fn request(method: Method, target: &str, body: &Value) -> Request {
    let request = Request::new(method, target);
    match body {
        Value::Null => request,
        body => request.carrying("application/json", body.to_string()),
    }
}

fn shell(method: Method, target: &str, body: Value) -> ShellJob {
    match read(&request(method, target, &body)) {
        Ok(Job::Shell(job)) => job,
        other => panic!("{other:?}"),
    }
}

/// Reads a call and does it in a world.
fn ask(world: &mut World, method: Method, target: &str, body: Value) -> Reply {
    let mut request = request(method, target, &body);
    request.base = "http://127.0.0.1:7447/w/ci/_shipmock".to_owned();
    match read(&request) {
        Ok(Job::World(job)) => perform(world, &job, &request, "ci", at(START)),
        Ok(Job::Shell(job)) => panic!("{job:?} is the shell's"),
        Err(reply) => reply,
    }
}

/// A reply as one reads it.
fn shown(reply: &Reply) -> String {
    let content_type = reply.headers.get("content-type").unwrap_or("-");
    let head = format!("{} {content_type}", reply.status);
    match serde_json::from_slice::<Value>(&reply.body) {
        Ok(value) => format!("{head}\n{value:#}"),
        Err(_) => format!("{head}\n{}", reply.body.text()),
    }
}

/// What is said of a call that is refused: status, title, detail and the other members.
fn refusal(method: Method, target: &str, body: Value) -> String {
    let reply = read(&request(method, target, &body)).unwrap_err();
    assert_eq!(reply.headers.get("content-type"), Some("application/problem+json"));
    problem(&reply)
}

fn problem(reply: &Reply) -> String {
    let Ok(Value::Object(mut members)) = serde_json::from_slice(&reply.body) else { panic!() };
    assert_eq!(members.shift_remove("status"), Some(json!(reply.status)));
    assert!(members.shift_remove("type").unwrap().as_str().unwrap().starts_with("urn:shipmock:"));
    let mut text = |name: &str| members.shift_remove(name).unwrap().as_str().unwrap().to_owned();
    let head = format!("{} {}: {}", reply.status, text("title"), text("detail"));
    members.iter().fold(head, |text, (name, value)| format!("{text}\n  {name}: {value}"))
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn every_row_is_found_by_its_own_path() {
    for call in calls() {
        let path = call.path.replace("{provider}", "shipper").replace(['{', '}'], "");
        let body = match call.path {
            "/clock" => json!({"mode": "frozen"}),
            "/clock/advance" => json!({"by": "1h"}),
            path if path.ends_with("/move") => json!({"on": "ship"}),
            _ => Value::Null,
        };
        let read = read(&request(call.method, &path, &body));
        assert!(read.is_ok(), "{} {}: {read:?}", call.method, call.path);
        assert!(!call.summary.is_empty() && !call.summary.ends_with('.'));
    }
}

#[test]
fn an_unknown_call_is_answered_with_what_was_meant() {
    let reply = read(&Request::new(Method::Get, "/clok")).unwrap_err();
    assert_snapshot!(shown(&reply), @r#"
    404 application/problem+json
    {
      "type": "urn:shipmock:problem:unknown-call",
      "title": "Unknown call",
      "status": 404,
      "detail": "there is no call `/clok`",
      "did_you_mean": "/clock",
      "known": [
        "GET /health",
        "GET /presets",
        "GET /worlds",
        "PUT /worlds/{name}",
        "DELETE /worlds/{name}",
        "POST /reset",
        "GET /clock",
        "PATCH /clock",
        "POST /clock/advance",
        "GET /{provider}/entities",
        "GET /{provider}/entities/{kind}",
        "GET /{provider}/entities/{kind}/{id}",
        "PATCH /{provider}/entities/{kind}/{id}",
        "POST /{provider}/entities/{kind}/{id}/move",
        "GET /requests",
        "GET /requests/{id}",
        "DELETE /requests",
        "GET /webhooks",
        "GET /webhooks/{id}",
        "POST /webhooks/{id}/redeliver",
        "GET /metrics"
      ]
    }
    "#);
    let meant = |path: &str| {
        let reply = read(&Request::new(Method::Post, path)).unwrap_err();
        json_of(&reply)["did_you_mean"].as_str().map(str::to_owned)
    };
    assert_eq!(meant("/clock/advanec").as_deref(), Some("/clock/advance"));
    assert_eq!(meant("/webhooks/d3/redelivr").as_deref(), Some("/webhooks/d3/redeliver"));
    assert_eq!(meant("/shipper/entitys/order/5/").as_deref(), Some("/shipper/entities/order/5"));
    assert_eq!(meant("/"), None);
    assert_eq!(meant(&"/x".repeat(5_000)), None);
}

#[test]
fn a_wrong_method_is_answered_with_the_right_ones() {
    let reply = read(&Request::new(Method::Delete, "/clock")).unwrap_err();
    assert_eq!(reply.headers.get("allow"), Some("GET, HEAD, PATCH"));
    assert_snapshot!(problem(&reply), @r#"
    405 Wrong method: `/clock` takes GET, HEAD, PATCH, not DELETE
      allow: ["GET","HEAD","PATCH"]
    "#);
    assert!(read(&Request::new(Method::Head, "/clock")).is_ok());
    for method in [Method::Options, Method::Trace, Method::Connect] {
        assert_eq!(read(&Request::new(method, "/health")).unwrap_err().status, 405);
    }
}

#[test]
fn advance_takes_exactly_one_of_three() {
    let advance = |body: Value| match shell(Method::Post, "/clock/advance", body) {
        ShellJob::Advance(advance) => advance,
        other => panic!("{other:?}"),
    };
    assert_eq!(advance(json!({"by": "1h30m"})), Advance::By(SignedDuration::from_mins(90)));
    assert_eq!(
        advance(json!({"by": "PT36H", "to": null})),
        Advance::By(SignedDuration::from_hours(36))
    );
    assert_eq!(advance(json!({"to": START})), Advance::To(at(START)));
    assert_eq!(advance(json!({"until": "next"})), Advance::UntilNext);
    assert_eq!(advance(json!({"until": "idle"})), Advance::UntilIdle);
    let refused = |body: Value| refusal(Method::Post, "/clock/advance", body);
    assert_snapshot!(refused(json!({})), @"422 How far: say exactly one of `by` (as `36h`), `to` (as `2026-05-14T09:00:00Z`) and `until` (`next` or `idle`)");
    assert_snapshot!(refused(json!({"by": "1h", "until": "idle"})), @"422 How far: say exactly one of `by` (as `36h`), `to` (as `2026-05-14T09:00:00Z`) and `until` (`next` or `idle`)");
    assert_snapshot!(refused(json!({"by": "36 hours"})), @r#"
    422 Wrong value: `by` must be a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most, not `36 hours`
      field: "by"
      expected: "a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most"
    "#);
    assert_snapshot!(refused(json!({"by": 90})), @r#"
    422 Wrong value: `by` must be a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most, not `90`
      field: "by"
      expected: "a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most"
    "#);
    assert_snapshot!(refused(json!({"by": "999999w"})), @r#"
    422 Wrong value: `by` must be a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most, not `999999w`
      field: "by"
      expected: "a duration such as `90s`, `45m`, `36h`, `2d`, `1h30m` or `PT36H` (ISO 8601), a century at most"
    "#);
    assert_snapshot!(refused(json!({"to": "tomorrow"})), @r#"
    422 Wrong value: `to` must be an instant such as `2026-05-14T09:00:00Z` (RFC 3339), not `tomorrow`
      field: "to"
      expected: "an instant such as `2026-05-14T09:00:00Z` (RFC 3339)"
    "#);
    assert_snapshot!(refused(json!({"until": "idel"})), @r#"
    422 Wrong value: `until` must be one of next, idle, not `idel`
      field: "until"
      expected: "one of next, idle"
      did_you_mean: "idle"
      known: ["next","idle"]
    "#);
    assert_snapshot!(refused(json!({"untl": "idle"})), @r#"
    422 Unknown field: the call has no field `untl`
      field: "untl"
      did_you_mean: "until"
      known: ["by","to","until"]
    "#);
}

#[test]
fn a_body_is_a_json_object_or_nothing() {
    let with = |method, path: &str, body: &'static str| {
        read(&Request::new(method, path).carrying("application/x-www-form-urlencoded", body))
    };
    assert_snapshot!(problem(&with(Method::Post, "/clock/advance", "by=36h").unwrap_err()), @r#"
    400 Not JSON: the body must be a JSON object; it is no JSON: expected value at line 1 column 1
      body: "by=36h"
    "#);
    assert_snapshot!(problem(&with(Method::Post, "/clock/advance", "[1]").unwrap_err()), @"422 Not an object: the body must be a JSON object, not `[1]`");
    assert_snapshot!(problem(&with(Method::Post, "/reset", r#"{"seed": 3}"#).unwrap_err()), @r#"
    422 Unknown field: the call takes no field, but there is `seed`
      field: "seed"
      known: []
    "#);
    for nothing in ["", " \n", "{}", "null"] {
        assert_eq!(with(Method::Post, "/reset", nothing), Ok(Job::Shell(ShellJob::Reset)));
    }
    assert!(with(Method::Get, "/clock", "whatever").is_ok());
    let mut long = Request::new(Method::Post, "/clock/advance");
    long.oversize = true;
    assert_snapshot!(problem(&read(&long).unwrap_err()), @"413 Body too large: the body is longer than is read");
}

#[test]
fn an_order_for_a_world_is_read_whole() {
    let put = |body: Value| match shell(Method::Put, "/worlds/ci-42", body) {
        ShellJob::Put { name, order } if name == "ci-42" => order,
        other => panic!("{other:?}"),
    };
    assert_eq!(put(Value::Null), WorldOrder::default());
    let order = put(json!({"scenario": "empty", "seed": u64::MAX, "clock": "frozen"}));
    assert_eq!(order.scenario.unwrap().name, "empty");
    assert_eq!(order.seed, Some(u64::MAX));
    let frozen = ClockSetup { mode: Some(Mode::Frozen), ..ClockSetup::default() };
    assert_eq!(order.clock, Some(frozen.clone()));
    let order = put(json!({"clock": {"at": START, "speed": 60}, "scenario": {"name": "x"}}));
    let scaled = ClockSetup { mode: Some(Mode::Scaled), at: Some(at(START)), speed: Some(60.0) };
    assert_eq!((order.clock, order.scenario.unwrap().name.as_str()), (Some(scaled), "x"));
    assert_eq!(put(json!({"from": "default"})).from.as_deref(), Some("default"));
    let drop = shell(Method::Delete, "/worlds/a%2Db", Value::Null);
    assert_eq!(drop, ShellJob::Drop { name: "a-b".into() });
}

#[test]
fn a_wrong_order_for_a_world_says_what_would_be_right() {
    let refused = |body: Value| refusal(Method::Put, "/worlds/ci", body);
    assert_snapshot!(refusal(Method::Put, "/worlds/.hidden", Value::Null), @r#"
    422 Wrong value: `name` must be up to 64 letters, digits, dots, dashes and underscores, not beginning with a dot, not `.hidden`
      field: "name"
      expected: "up to 64 letters, digits, dots, dashes and underscores, not beginning with a dot"
    "#);
    assert_snapshot!(refused(json!({"sed": 7})), @r#"
    422 Unknown field: the call has no field `sed`
      field: "sed"
      did_you_mean: "seed"
      known: ["scenario","seed","clock","from"]
    "#);
    assert_snapshot!(refused(json!({"seed": -7})), @r#"
    422 Wrong value: `seed` must be a whole number from 0 to 18446744073709551615, not `-7`
      field: "seed"
      expected: "a whole number from 0 to 18446744073709551615"
    "#);
    assert_snapshot!(refused(json!({"scenario": "defualt"})), @r#"
    422 Wrong scenario: there is no ready-made scenario `defualt`
      did_you_mean: "default"
      known: ["default","load","empty"]
      report: "error: there is no ready-made scenario `defualt`\n --> defualt\n  = did you mean `default`?\n  = what can stand here: default, load, empty"
    "#);
    assert_snapshot!(refused(json!({"scenario": "/etc/passwd"})), @r#"
    422 Wrong scenario: there is no ready-made scenario `/etc/passwd`
      known: ["default","load","empty"]
      report: "error: there is no ready-made scenario `/etc/passwd`\n --> /etc/passwd\n  = what can stand here: default, load, empty"
    "#);
    assert_snapshot!(refused(json!({"scenario": {"world": {"shipper": {"limit": 5}}}})), @r#"
    422 Wrong scenario: unknown key `limit`
      path: "world.shipper.limit"
      did_you_mean: "limits"
      known: ["switches","limits","journey","organizations"]
      report: "error: unknown key `limit`\n --> the inline scenario, at world.shipper.limit\n  = did you mean `limits`?\n  = what can stand here: switches, limits, journey, organizations"
    "#);
    assert_snapshot!(refused(json!({"clock": {"mod": "frozen"}})), @r#"
    422 Unknown field: the call has no field `mod`
      field: "mod"
      did_you_mean: "mode"
      known: ["mode","at","speed"]
    "#);
    assert_snapshot!(refused(json!({"clock": {"mode": "frozn"}})), @r#"
    422 Wrong value: `mode` must be one of real, frozen, scaled, not `frozn`
      field: "mode"
      expected: "one of real, frozen, scaled"
      did_you_mean: "frozen"
      known: ["real","frozen","scaled"]
    "#);
    assert_snapshot!(refused(json!({"clock": {"speed": 0}})), @r#"
    422 Wrong value: `speed` must be a number from 0.001 to 1000000, not `0`
      field: "speed"
      expected: "a number from 0.001 to 1000000"
    "#);
    assert_snapshot!(refused(json!({"clock": {}})), @"422 Nothing to do: an empty `clock` says nothing: leave it out");
    assert_snapshot!(refused(json!({"from": "default", "seed": 3})), @r#"
    422 Contradiction: a fork of `default` has its scenario, seed and clock as they are: leave out `seed`
      field: "seed"
    "#);
}

#[test]
fn a_query_is_known_or_refused() {
    let refused = |target: &str| refusal(Method::Get, target, Value::Null);
    assert_snapshot!(refused("/requests?metod=GET"), @r#"
    422 Unknown parameter: the call has no parameter `metod`
      parameter: "metod"
      did_you_mean: "method"
      known: ["provider","method","path","status","evidence","after","limit"]
    "#);
    assert_snapshot!(refused("/requests?limit=0"), @r#"
    422 Wrong value: `limit` must be a number from 1 to 1000, not `0`
      field: "limit"
      expected: "a number from 1 to 1000"
    "#);
    assert_snapshot!(refused("/requests?limit=1001"), @r#"
    422 Wrong value: `limit` must be a number from 1 to 1000, not `1001`
      field: "limit"
      expected: "a number from 1 to 1000"
    "#);
    assert_snapshot!(refused("/requests?after=17"), @r#"
    422 Wrong value: `after` must be an id such as `r17`, not `17`
      field: "after"
      expected: "an id such as `r17`"
    "#);
    assert_snapshot!(refused("/requests?status=6xx"), @r#"
    422 Wrong value: `status` must be a status such as `422` or a class such as `4xx`, not `6xx`
      field: "status"
      expected: "a status such as `422` or a class such as `4xx`"
    "#);
    assert_snapshot!(refused("/requests?evidence=guessed"), @r#"
    422 Wrong value: `evidence` must be one of documented, observed, inferred, injected, not `guessed`
      field: "evidence"
      expected: "one of documented, observed, inferred, injected"
      known: ["documented","observed","inferred","injected"]
    "#);
    assert_snapshot!(refused("/webhooks?state=deliverd"), @r#"
    422 Wrong value: `state` must be one of pending, delivered, failed, captured, cancelled, not `deliverd`
      field: "state"
      expected: "one of pending, delivered, failed, captured, cancelled"
      did_you_mean: "delivered"
      known: ["pending","delivered","failed","captured","cancelled"]
    "#);
    assert_snapshot!(refused("/webhooks?provider=shiper"), @r#"
    422 Wrong value: `provider` must be one of shipper, not `shiper`
      field: "provider"
      expected: "one of shipper"
      did_you_mean: "shipper"
      known: ["shipper"]
    "#);
    assert_snapshot!(refused("/health?x=1"), @r#"
    422 Unknown parameter: the call takes no parameter, but there is `x`
      parameter: "x"
      known: []
    "#);
    assert_snapshot!(refused("/shiper/entities"), @r#"
    404 Unknown provider: there is no provider `shiper`
      did_you_mean: "shipper"
      known: ["shipper"]
    "#);
    assert!(
        read(&Request::new(Method::Get, "/requests?provider=&method=get&path=&status=")).is_ok()
    );
}

#[test]
fn presets_have_the_callers_own_address() {
    let mut world = world("empty");
    let reply = ask(&mut world, Method::Get, "/presets", Value::Null);
    let presets = json_of(&reply);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&presets), ["world", "scenario", "seed", "providers"]);
    assert_eq!(
        (&presets["world"], &presets["scenario"], &presets["seed"]),
        (&json!("ci"), &json!("empty"), &json!(7))
    );
    let shipper = &presets["providers"]["shipper"];
    assert_eq!(keys(shipper), ["base_url", "credentials", "ids", "magic"]);
    assert_eq!(shipper["base_url"], "http://127.0.0.1:7447/w/ci/shipper/api/v1");
}

#[test]
fn a_clock_is_shown_and_set_but_not_back() {
    let mut world = world("empty");
    let mut clock = |body: Value| match body {
        Value::Null => ask(&mut world, Method::Get, "/clock", body),
        body => ask(&mut world, Method::Patch, "/clock", body),
    };
    assert_snapshot!(clock(Value::Null).body.text(), @r#"{"now":"2026-05-14T09:00:00Z","mode":"frozen","speed":0.0,"next_due":null}"#);
    assert_snapshot!(clock(json!({"now": "2026-05-15T00:00:00Z"})).body.text(), @r#"{"now":"2026-05-15T00:00:00Z","mode":"frozen","speed":0.0,"next_due":null}"#);
    assert_snapshot!(problem(&clock(json!({"now": START}))), @r#"
    409 Time does not go back: it is 2026-05-15T00:00:00Z in this world, which 2026-05-14T09:00:00Z is before; time does not go back, but a reset begins again
      now: "2026-05-15T00:00:00Z"
    "#);
    assert_snapshot!(clock(json!({"speed": 60})).body.text(), @r#"{"now":"2026-05-15T00:00:00Z","mode":"scaled","speed":60.0,"next_due":null}"#);
    assert_snapshot!(clock(json!({"mode": "real", "now": "2026-05-15T00:00:01Z"})).body.text(), @r#"{"now":"2026-05-15T00:00:01Z","mode":"real","speed":1.0,"next_due":null}"#);
    // What is shown can be sent back.
    assert_snapshot!(clock(json!({"mode": "frozen", "speed": 0})).body.text(), @r#"{"now":"2026-05-15T00:00:01Z","mode":"frozen","speed":0.0,"next_due":null}"#);
    assert_snapshot!(problem(&clock(json!({}))), @"422 Nothing to do: say what shall change: `mode`, `speed` or `now`");
    assert_snapshot!(problem(&clock(json!({"speed": 1e9}))), @r#"
    422 Wrong value: `speed` must be a number from 0.001 to 1000000, not `1000000000.0`
      field: "speed"
      expected: "a number from 0.001 to 1000000"
    "#);
    let order = read(&request(Method::Patch, "/clock", &json!({"mode": "scaled"})));
    let scaled = ClockOrder { mode: Some(Mode::Scaled), ..ClockOrder::default() };
    assert_eq!(order, Ok(Job::World(super::WorldJob::SetClock(scaled))));
}

#[test]
fn setting_a_later_instant_lets_happen_what_is_due() {
    let mut world = world("default");
    let due = world.next_due();
    let reply = ask(&mut world, Method::Patch, "/clock", json!({"now": "2030-01-01T00:00:00Z"}));
    assert_eq!(reply.status, 200);
    assert_eq!(world.now(), at("2030-01-01T00:00:00Z"));
    assert!(due.is_none_or(|due| world.next_due().is_none_or(|next| next > due)));
}

/// Four calls to a provider, one of which is refused.
fn called() -> World {
    let mut world = world("empty");
    for (method, target, key) in [
        (Method::Get, "/api/v1/products?page=1", "YOUR_API_KEY"),
        (Method::Get, "/api/v1/nowhere", "YOUR_API_KEY"),
        (Method::Post, "/api/v1/orders", "my-secret-key"),
        (Method::Get, "/api/v1/orders", "YOUR_API_KEY"),
    ] {
        let request = Request::new(method, target).with("authorization", format!("Bearer {key}"));
        world.request(Name::Shipper, request);
    }
    world
}

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
    assert_eq!(keys[12..], ["request", "response", "changes"]);
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
fn the_shells_answers_have_their_fixed_shapes() {
    let line = super::WorldLine {
        name: "ci".into(),
        scenario: "default".into(),
        seed: 7,
        now: at(START),
        mode: Mode::Real,
        requests: 2,
        webhooks: 0,
    };
    let change = crate::sim::journal::Change {
        at: at(START),
        provider: "shipper".into(),
        kind: "shipment".into(),
        id: "1".into(),
        on: "ship".into(),
        from: "packed".into(),
        to: "shipped".into(),
    };
    assert_snapshot!(word::health("0.1.0", 2).body.text(), @r#"{"status":"ok","version":"0.1.0","worlds":2}"#);
    assert_snapshot!(word::worlds(std::slice::from_ref(&line)).body.text(), @r#"{"worlds":[{"name":"ci","scenario":"default","seed":7,"now":"2026-05-14T09:00:00Z","mode":"real","requests":2,"webhooks":0}]}"#);
    assert_snapshot!(word::advanced(at(START), at(START), &[change], &[]).body.text(), @r#"{"from":"2026-05-14T09:00:00Z","to":"2026-05-14T09:00:00Z","fired":[{"at":"2026-05-14T09:00:00Z","provider":"shipper","kind":"shipment","id":"1","on":"ship","from":"packed","to":"shipped"}],"deliveries":[]}"#);
    assert_snapshot!(shown(&word::problem(409, "Not this one", "the default world stays")), @r#"
    409 application/problem+json
    {
      "type": "urn:shipmock:problem:not-this-one",
      "title": "Not this one",
      "status": 409,
      "detail": "the default world stays"
    }
    "#);
    assert_snapshot!(problem(&word::no_world("cii", ["default", "ci"])), @r#"
    404 Unknown world: there is no world `cii`
      did_you_mean: "ci"
      known: ["default","ci"]
    "#);
    assert_eq!((word::made(&line, true).status, word::made(&line, false).status), (201, 200));
    assert_eq!(word::made(&line, true).body.text(), json!(line).to_string());
    assert_eq!((word::dropped().status, word::dropped().body.len()), (204, 0));
    assert_eq!(word::metrics("up 1\n".into()).body.text(), "up 1\n");
}

proptest::proptest! {
    #[test]
    fn no_call_makes_it_panic(
        method in 0usize..9,
        path in "(/(clock|advance|worlds|requests|webhooks|shipper|entities|order|r1|d1|move|redeliver|[a-z%.é]{0,4})){0,6}",
        query in "([a-z]{0,8}=?[a-z0-9*%é]{0,6}&?){0,4}",
        body in "(\\{(\"(by|to|on|now|mode|seed|from|clock|scenario)\":(\"[a-z0-9]{0,5}\"|-?[0-9.e]{1,5}|null|\\{\\}))?\\}|.{0,20})",
    ) {
        let mut world = called();
        let method = Method::ALL[method];
        let request = Request::new(method, &format!("{path}?{query}")).carrying("application/json", body);
        let reply = match read(&request) {
            Ok(Job::World(job)) => perform(&mut world, &job, &request, "x", at(START)),
            Ok(Job::Shell(_)) => return Ok(()),
            Err(reply) => reply,
        };
        proptest::prop_assert!((200..500).contains(&reply.status));
    }
}
