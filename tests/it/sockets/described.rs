//! The description of the control API, held against real answers of every call.

use std::collections::BTreeSet;

use serde_json::Value;
use shipmock::internals::control::{ControlCall, Says, calls, openapi};

use super::wire::{Answer, Local, Wire};
use crate::fits::misfits;

const SHIPMENT: &str = "22222222-3333-4444-5555-666666666666";

/// Calls in an order in which they work, each with its row of the table and its status.
#[rustfmt::skip]
const TRIED: &[(&str, &str, &str, u16)] = &[
    ("GET /health",                          "",                                    "", 200),
    ("GET /openapi.json",                    "",                                    "", 200),
    ("GET /presets",                         "",                                    "", 200),
    ("PUT /worlds/{name}",                   "PUT /worlds/ci",                      r#"{"scenario":"empty","clock":{"mode":"frozen"}}"#, 201),
    ("PUT /worlds/{name}",                   "PUT /worlds/ci",                      r#"{"from":"default","seed":9}"#, 200),
    ("PUT /worlds/{name}",                   "PUT /worlds/ci",                      r#"{"from":"nowhere"}"#, 404),
    ("PUT /worlds/{name}",                   "PUT /worlds/.ci",                     "{}", 422),
    ("GET /worlds",                          "",                                    "", 200),
    ("DELETE /worlds/{name}",                "DELETE /worlds/ci",                   "", 204),
    ("DELETE /worlds/{name}",                "DELETE /worlds/ci",                   "", 404),
    ("GET /clock",                           "",                                    "", 200),
    ("PATCH /clock",                         "",                                    r#"{"now":"2026-05-14T10:00:00Z"}"#, 200),
    ("PATCH /clock",                         "",                                    r#"{"now":"2026-05-14T09:00:00Z"}"#, 409),
    ("PATCH /clock",                         "",                                    "{}", 422),
    ("POST /rules",                          "",                                    r#"{"on":"GET /shipper/api/v1/products","when":{"query":{"a":"1"}},"first":1,"for":"2h","then":{"status":503,"delay":"1ms"}}"#, 201),
    ("POST /rules",                          "",                                    r#"{"on":"shiper","then":{"status":503}}"#, 422),
    ("GET /shipper/api/v1/products?a=1",     "provider",                            "", 503),
    ("GET /shipper/api/v1/nowhere",          "provider",                            "", 404),
    ("POST /shipper/api/v1/webhooks",        "provider",                            r#"{"url":"https://mystore.com/hooks","events":["shipment.status_changed"]}"#, 201),
    ("GET /rules",                           "",                                    "", 200),
    ("DELETE /rules/{id}",                   "DELETE /rules/rule1",                 "", 204),
    ("DELETE /rules/{id}",                   "DELETE /rules/rule1",                 "", 404),
    ("GET /{provider}/entities",             "GET /shipper/entities",               "", 200),
    ("GET /{provider}/entities",             "GET /shiplee/entities",               "", 200),
    ("GET /{provider}/entities",             "GET /shiper/entities",                "", 404),
    ("GET /{provider}/entities/{kind}",      "GET /shipper/entities/order?limit=3", "", 200),
    ("GET /{provider}/entities/{kind}",      "GET /shipper/entities/ordre",         "", 404),
    ("GET /{provider}/entities/{kind}",      "GET /shipper/entities/order?limit=0", "", 422),
    ("GET /{provider}/entities/{kind}/{id}", "GET /shipper/entities/order/555",     "", 200),
    ("GET /{provider}/entities/{kind}/{id}", "GET /shipper/entities/shipment/SHIPMENT", "", 200),
    ("GET /{provider}/entities/{kind}/{id}", "GET /shipper/entities/order/1000000", "", 404),
    ("PATCH /{provider}/entities/{kind}/{id}", "PATCH /shiplee/entities/seller/62", r#"{"wallet":7}"#, 200),
    ("PATCH /{provider}/entities/{kind}/{id}", "PATCH /shiplee/entities/seller/62", r#"{"walet":7}"#, 422),
    ("PATCH /{provider}/entities/{kind}/{id}", "PATCH /shiplee/entities/seller/63000", r#"{"wallet":7}"#, 404),
    ("POST /{provider}/entities/{kind}/{id}/move", "POST /shipper/entities/shipment/SHIPMENT/move", r#"{"on":"lose"}"#, 409),
    ("POST /{provider}/entities/{kind}/{id}/move", "POST /shipper/entities/shipment/SHIPMENT/move", r#"{"to":"delivered"}"#, 200),
    ("POST /{provider}/entities/{kind}/{id}/move", "POST /shipper/entities/shipment/SHIPMENT/move", "{}", 422),
    ("POST /{provider}/entities/{kind}/{id}/move", "POST /shipper/entities/shipment/1/move", r#"{"on":"pack"}"#, 404),
    ("POST /clock/advance",                  "",                                    r#"{"by":"2h"}"#, 200),
    ("POST /clock/advance",                  "",                                    r#"{"until":"never"}"#, 422),
    ("GET /webhooks",                        "",                                    "", 200),
    ("GET /webhooks",                        "GET /webhooks?state=lost",            "", 422),
    ("GET /webhooks/targets",                "",                                    "", 200),
    ("PUT /webhooks/targets",                "",                                    r#"{"https://elsewhere.example":"http://127.0.0.1:1"}"#, 200),
    ("PUT /webhooks/targets",                "",                                    r#"{"https://elsewhere.example":"https://nowhere.example"}"#, 422),
    ("PUT /worlds/{name}",                   "PUT /worlds/default",                 r#"{"if_absent":true}"#, 409),
    ("GET /webhooks/{id}",                   "GET /webhooks/d1",                    "", 200),
    ("GET /webhooks/{id}",                   "GET /webhooks/d999",                  "", 404),
    ("POST /webhooks/{id}/redeliver",        "POST /webhooks/d1/redeliver",         "", 202),
    ("POST /webhooks/{id}/redeliver",        "POST /webhooks/d999/redeliver",       "", 404),
    ("GET /requests",                        "GET /requests?status=4xx",            "", 200),
    ("GET /requests",                        "GET /requests?status=6xx",            "", 422),
    ("GET /requests/{id}",                   "GET /requests/r1",                    "", 200),
    ("GET /requests/{id}",                   "GET /requests/r99",                   "", 404),
    ("POST /verify",                         "",                                    r#"{"request":{"on":"shipper","answer":{"status":503}}}"#, 200),
    ("POST /verify",                         "",                                    r#"{"request":{"on":"shipper","answer":{"status":500}}}"#, 409),
    ("POST /verify",                         "",                                    r#"{"request":{"on":"shiper"}}"#, 422),
    ("POST /await",                          "",                                    r#"{"request":{"on":"shipper"}}"#, 200),
    ("POST /await",                          "",                                    r#"{"state":{"provider":"shipper","kind":"order","id":555,"is":"Paid"}}"#, 200),
    ("POST /await",                          "",                                    r#"{"delivery":{"state":"captured"}}"#, 200),
    ("POST /await",                          "",                                    r#"{"quiet":true}"#, 200),
    ("POST /await",                          "",                                    r#"{"request":{"on":"shiplee"},"within":"1ms"}"#, 409),
    ("POST /await",                          "",                                    r#"{"state":{"provider":"shipper","kind":"order","id":"555","is":"Lost"},"within":"1ms"}"#, 409),
    ("POST /await",                          "",                                    r#"{"delivery":{"event":"x"},"within":"1ms"}"#, 409),
    ("POST /await",                          "",                                    r#"{"quiet":{"for":"1m"},"within":"1ms"}"#, 409),
    ("POST /await",                          "",                                    r#"{}"#, 422),
    ("GET /events",                          "GET /events?after=r0",                "", 200),
    ("GET /events",                          "GET /events?after=0",                 "", 422),
    ("GET /state",                           "",                                    "", 200),
    ("PUT /state",                           "",                                    "STATE", 200),
    ("PUT /state",                           "PUT /w/new/state",                    "STATE", 201),
    ("PUT /state",                           "",                                    "{", 400),
    ("PUT /state",                           "",                                    r#"{"format":99}"#, 422),
    ("DELETE /requests",                     "",                                    "", 204),
    ("POST /reset",                          "",                                    "", 200),
    ("GET /metrics",                         "",                                    "", 200),
];

#[test]
fn real_answers_of_every_call_are_as_described() {
    let server = Local::start();
    let description = openapi();
    assert_eq!(server.call("GET /_shipmock/openapi.json", &[], "").json(), description);
    let mut untried: BTreeSet<String> = calls().iter().map(row).collect();
    let mut state = String::new();
    for (of, line, body, status) in TRIED {
        let line = if line.is_empty() { of } else { line }.replace("SHIPMENT", SHIPMENT);
        let answer = match line.as_str() {
            "provider" => {
                let headers =
                    ["Authorization: Bearer YOUR_API_KEY", "Content-Type: application/json"];
                server.call(of, &headers, body)
            }
            line => {
                let line = match line.split_once(" /w/new") {
                    Some((verb, path)) => format!("{verb} /w/new/_shipmock{path}"),
                    None => line.replacen(" /", " /_shipmock/", 1),
                };
                server.call(&line, &[], if *body == "STATE" { &state } else { body })
            }
        };
        assert_eq!(answer.status, *status, "{line} {body}: {}", answer.body);
        if *of == "GET /state" {
            state.clone_from(&answer.body);
        }
        if let Some(call) = calls().iter().find(|call| row(call) == *of) {
            untried.remove(*of);
            holds(&description, call, &line, &answer);
            if answer.status < 400 && body.starts_with('{') {
                taken(&description, call, &line, body);
            }
        }
    }
    assert_eq!(untried, BTreeSet::new(), "not tried");
}

fn row(call: &ControlCall) -> String {
    format!("{} {}", call.method, call.path)
}

fn holds(description: &Value, call: &ControlCall, line: &str, answer: &Answer) {
    let known = call.statuses.contains(&answer.status) || call.refuses.contains(&answer.status);
    assert!(known, "{line}: {} is not in its row", answer.status);
    let operation = &description["paths"][call.path][call.method.word().to_lowercase()];
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{line}: {} is not described", answer.status);
    let media = answer.header("content-type").map(|it| it.split(';').next().unwrap().trim());
    let described = response["content"].as_object();
    assert_eq!(described.and_then(|it| it.keys().next()).map(String::as_str), media, "{line}");
    let schema = match media {
        Some(media) if media.ends_with("json") => &response["content"][media]["schema"],
        _ => return,
    };
    let value = answer.json();
    if answer.status >= 400 {
        assert_eq!(value["status"], answer.status, "{line}");
    }
    assert_eq!(misfits(&alone(description, schema), &value), Vec::<String>::new(), "{line}");
}

/// A body that was taken is as the description says a body must be.
fn taken(description: &Value, call: &ControlCall, line: &str, body: &str) {
    let operation = &description["paths"][call.path][call.method.word().to_lowercase()];
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{line}: its body is not described");
    let body = serde_json::from_str(body).unwrap();
    assert_eq!(misfits(&alone(description, schema), &body), Vec::<String>::new(), "{line} {body}");
}

/// A schema with the components it refers to, and stricter than it is: a field that is not described does not fit.
fn alone(description: &Value, schema: &Value) -> Value {
    let mut alone = schema.clone();
    alone["$defs"] = description["components"]["schemas"].clone();
    strict(&mut alone);
    serde_json::from_str(&alone.to_string().replace("#/components/schemas/", "#/$defs/")).unwrap()
}

fn strict(schema: &mut Value) {
    if let Value::Object(object) = schema {
        if object.contains_key("properties") && object["properties"].is_object() {
            object.entry("additionalProperties").or_insert(Value::Bool(false));
        }
        object.values_mut().for_each(strict);
    } else if let Value::Array(list) = schema {
        list.iter_mut().for_each(strict);
    }
}

#[test]
fn the_description_is_whole() {
    let description = openapi();
    let mut names = BTreeSet::new();
    for call in calls() {
        let operation = &description["paths"][call.path][call.method.word().to_lowercase()];
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()));
        assert_eq!(operation["summary"], call.summary);
        assert!(!matches!(call.says, Says::Json { .. }) || !call.statuses.is_empty());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(!parameter["description"].as_str().unwrap().is_empty(), "{}", call.path);
        }
    }
    // Every reference leads somewhere, and every component is referred to.
    let text = description.to_string();
    for name in description["components"]["schemas"].as_object().unwrap().keys() {
        assert!(text.contains(&format!("#/components/schemas/{name}\"")), "{name}");
        assert!(description["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[test]
fn a_reader_that_hangs_up_leaves_a_stream_alone() {
    let server = Local::start();
    let mut wire: Wire = server.wire();
    let head = wire.call("GET /_shipmock/events", &[], "");
    assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
    drop(wire);
    assert_eq!(server.call("GET /shipper/api/v1/orders", &[], "").status, 401);
}
