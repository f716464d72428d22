//! The description of the control API, as OpenAPI 3.1 writes it: from the table of calls and nothing else.

use serde_json::{Map, Value, json};

use crate::control::calls::{ControlCall, Says, Takes, calls};
use crate::control::records;
use crate::control::shape::{Components, Parameter, ValueShape, object};
use crate::message::{braces, operation_id};
use crate::providers::Name;

/// What stands in the braces of paths.
#[rustfmt::skip]
const ARGUMENTS: &[(&str, ValueShape, &str)] = &[
    ("provider", ValueShape::Word(Name::WORDS), "a provider"),
    ("kind",     ValueShape::Text,              "a kind of entity"),
    ("id",       ValueShape::Text,              "an id, as a list gives it"),
    ("name",     ValueShape::Text,              "the name of a world: up to 64 letters, digits, dots, dashes and underscores"),
];

/// What the statuses of refusals mean.
#[rustfmt::skip]
const REFUSALS: &[(u16, &str)] = &[
    (400, "The body is no JSON"),
    (404, "What is asked for is not there"),
    (409, "Not as things stand"),
    (413, "The body is longer than is read"),
    (422, "Something in it is unknown or does not fit"),
    (503, "No more of this at once, or the server stops"),
    (507, "There are as many worlds as there may be"),
];

/// The description.
pub fn openapi() -> Value {
    let mut components = Components::new();
    let mut paths: Map<String, Value> = Map::new();
    for call in calls() {
        let entry = paths.entry(call.path).or_insert_with(|| json!({}));
        if let Value::Object(entry) = entry {
            let operation = operation(call, &mut components);
            entry.insert(call.method.word().to_lowercase(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Shipmock: the control API",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Drives the worlds in which shipping providers are played",
            "description": "Below `/w/{world}` each call speaks of that world, which is made on first use. \
                            Answers may get more fields, never fewer.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [
            {"url": "/_shipmock", "description": "The first world"},
            {
                "url": "/w/{world}/_shipmock",
                "description": "A world by its name",
                "variables": {"world": {"default": "default"}},
            },
        ],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`--control-token`; asked for beyond loopback only",
                },
            },
        },
    })
}

fn operation(call: &ControlCall, components: &mut Components) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), operation_id(call.method.word(), call.path).into());
    operation.insert("summary".to_owned(), call.summary.into());
    let fields = arguments(call.path).map(|field| ("path", field));
    let fields = fields.chain(call.query.iter().map(|field| ("query", *field)));
    let parameters: Vec<Value> =
        fields.map(|(place, field)| parameter(place, &field, components)).collect();
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(body) = body(call, components) {
        operation.insert("requestBody".to_owned(), body);
    }
    operation.insert("responses".to_owned(), responses(call, components));
    operation.into()
}

/// What stands in the braces of a path.
fn arguments(path: &'static str) -> impl Iterator<Item = Parameter> {
    braces(path).map(|name| {
        let known = ARGUMENTS.iter().find(|(known, ..)| *known == name);
        let (shape, takes) =
            known.map_or((ValueShape::Text, ""), |(_, shape, takes)| (*shape, *takes));
        Parameter { name, shape, always: true, takes }
    })
}

fn parameter(place: &str, field: &Parameter, components: &mut Components) -> Value {
    json!({
        "name": field.name,
        "in": place,
        "required": field.always,
        "description": field.takes,
        "schema": field.shape.schema(true, components),
    })
}

fn body(call: &ControlCall, components: &mut Components) -> Option<Value> {
    let (required, schema) = match call.body {
        Takes::Nothing => return None,
        Takes::Fields(fields) => {
            let needed = fields.iter().any(|field| field.always);
            (needed, object(fields, true, components).into())
        }
        Takes::Record(record) => (true, ValueShape::Record(record).schema(true, components)),
        Takes::Anything => (true, json!({"type": "object"})),
        Takes::Document => (true, ValueShape::Record(&records::STATE).schema(false, components)),
    };
    Some(json!({"required": required, "content": {"application/json": {"schema": schema}}}))
}

fn responses(call: &ControlCall, components: &mut Components) -> Value {
    let content = match call.says {
        Says::Nothing => None,
        Says::Json(record) => {
            Some(("application/json", ValueShape::Record(record).schema(false, components)))
        }
        Says::Openapi => Some(("application/json", json!({"type": "object"}))),
        Says::Events => Some(("text/event-stream", json!({"type": "string"}))),
        Says::Metrics => Some(("text/plain", json!({"type": "string"}))),
    };
    let mut responses = Map::new();
    for status in call.statuses {
        let mut response = Map::new();
        response.insert("description".to_owned(), done(*status).into());
        if let Some((media, schema)) = &content {
            response.insert("content".to_owned(), json!({*media: {"schema": schema}}));
        }
        responses.insert(status.to_string(), response.into());
    }
    let problem = ValueShape::Record(&records::PROBLEM).schema(false, components);
    let refusal = |description: &str| {
        json!({
            "description": description,
            "content": {"application/problem+json": {"schema": problem}},
        })
    };
    for (status, meaning) in REFUSALS.iter().filter(|(status, _)| call.refuses.contains(status)) {
        responses.insert(status.to_string(), refusal(meaning));
    }
    responses.insert("default".to_owned(), refusal("Refused"));
    responses.into()
}

fn done(status: u16) -> &'static str {
    match status {
        201 => "Made",
        202 => "Taken; it happens by itself",
        204 => "Done, and nothing to say",
        _ => "As asked",
    }
}
