//! The API in process: what all of its tests need.

mod inside;
mod journal;
mod reading;
mod waiting;
mod worlds;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Job, ShellJob, perform};
use crate::message::{Method, Reply, Request};
use crate::providers::Name;
use crate::world::{Orders, Recipe, World};

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

/// What a request asks for, or the answer to one that asks wrongly.
fn read(request: &Request) -> Result<Job, Reply> {
    super::read(request).map_err(|problem| problem.reply())
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

/// The members of a problem, one a line.
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

/// A shipment of the default scenario that waits to be packed.
const SHIPMENT: &str = "/shipper/entities/shipment/22222222-3333-4444-5555-666666666666";
