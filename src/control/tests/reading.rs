//! What requests are read as, and what is said of those that cannot be.

use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{START, at, called, json_of, problem, read, refusal, request, shell, shown};
use crate::control::{AdvanceOrder, Job, ShellJob, calls, perform};
use crate::message::{Method, Request};

#[test]
fn every_row_is_found_by_its_own_path() {
    for call in calls() {
        let path = call.path.replace("{provider}", "shipper").replace(['{', '}'], "");
        let body = match call.path {
            "/clock" => json!({"mode": "frozen"}),
            "/clock/advance" => json!({"by": "1h"}),
            "/verify" => json!({"request": {}}),
            "/await" => json!({"quiet": true}),
            "/rules" => json!({"on": "shipper", "then": {"status": 503}}),
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
        "GET /openapi.json",
        "GET /presets",
        "GET /worlds",
        "PUT /worlds/{name}",
        "DELETE /worlds/{name}",
        "POST /reset",
        "GET /clock",
        "PATCH /clock",
        "POST /clock/advance",
        "GET /state",
        "PUT /state",
        "GET /{provider}/entities",
        "GET /{provider}/entities/{kind}",
        "GET /{provider}/entities/{kind}/{id}",
        "PATCH /{provider}/entities/{kind}/{id}",
        "POST /{provider}/entities/{kind}/{id}/move",
        "GET /requests",
        "GET /requests/{id}",
        "DELETE /requests",
        "GET /events",
        "POST /verify",
        "POST /await",
        "GET /rules",
        "POST /rules",
        "DELETE /rules/{id}",
        "GET /webhooks",
        "GET /webhooks/targets",
        "PUT /webhooks/targets",
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
    assert_eq!(advance(json!({"by": "1h30m"})), AdvanceOrder::By(SignedDuration::from_mins(90)));
    assert_eq!(
        advance(json!({"by": "PT36H", "to": null})),
        AdvanceOrder::By(SignedDuration::from_hours(36))
    );
    assert_eq!(advance(json!({"to": START})), AdvanceOrder::To(at(START)));
    assert_eq!(advance(json!({"until": "next"})), AdvanceOrder::UntilNext);
    assert_eq!(advance(json!({"until": "idle"})), AdvanceOrder::UntilIdle);
    let refused = |body: Value| refusal(Method::Post, "/clock/advance", body);
    assert_snapshot!(refused(json!({})), @r#"
    422 How far: say exactly one of `by` (as `36h`), `to` (as `2026-05-14T09:00:00Z`) and `until` (`next` or `idle`)
      field: "by"
    "#);
    assert_snapshot!(refused(json!({"by": "1h", "until": "idle"})), @r#"
    422 How far: say exactly one of `by` (as `36h`), `to` (as `2026-05-14T09:00:00Z`) and `until` (`next` or `idle`)
      field: "until"
    "#);
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
    422 Wrong value: `state` must be one of pending, delivered, failed, captured, cancelled, dropped, not `deliverd`
      field: "state"
      expected: "one of pending, delivered, failed, captured, cancelled, dropped"
      did_you_mean: "delivered"
      known: ["pending","delivered","failed","captured","cancelled","dropped"]
    "#);
    assert_snapshot!(refused("/webhooks?provider=shiper"), @r#"
    422 Wrong value: `provider` must be one of shipper, shiplee, salla, shiptheory, shipup, not `shiper`
      field: "provider"
      expected: "one of shipper, shiplee, salla, shiptheory, shipup"
      did_you_mean: "shipper"
      known: ["shipper","shiplee","salla","shiptheory","shipup"]
    "#);
    assert_snapshot!(refused("/health?x=1"), @r#"
    422 Unknown parameter: the call takes no parameter, but there is `x`
      parameter: "x"
    "#);
    assert_snapshot!(refused("/shiper/entities"), @r#"
    404 Unknown provider: there is no provider `shiper`
      did_you_mean: "shipper"
      known: ["shipper","shiplee","salla","shiptheory","shipup"]
    "#);
    assert!(
        read(&Request::new(Method::Get, "/requests?provider=&method=get&path=&status=")).is_ok()
    );
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
