//! The OpenAPI description as it is made: from the table of calls and the types they read and write, and nothing else.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::control::call::{ControlCall, Says};
use crate::control::calls::calls;
use crate::control::problem::Problem;
use crate::control::respond;
use crate::message::{braces, operation_id};
use crate::providers::Name;

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

/// Two generators, since a type is described otherwise where it is read than where it is written: what may be left out
/// of a body is always there in an answer.
struct Schemas {
    taken: SchemaGenerator,
    said: SchemaGenerator,
}

impl Schemas {
    fn new() -> Self {
        let settings = || {
            let mut settings = SchemaSettings::draft2020_12();
            settings.definitions_path = "/components/schemas".into();
            settings
        };
        Schemas {
            taken: settings().for_deserialize().into_generator(),
            said: settings().for_serialize().into_generator(),
        }
    }

    /// Everything that was referred to, by name.
    fn components(mut self) -> Value {
        let mut all: Vec<(String, Value)> = self.taken.take_definitions(true).into_iter().collect();
        all.extend(self.said.take_definitions(true));
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        all.into_iter().collect::<Map<_, _>>().into()
    }
}

/// The description.
fn made() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    for call in calls() {
        let entry = paths.entry(call.path).or_insert_with(|| json!({}));
        if let Value::Object(entry) = entry {
            let operation = operation(call, &mut schemas);
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
            "schemas": schemas.components(),
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

fn operation(call: &ControlCall, schemas: &mut Schemas) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), operation_id(call.method.word(), call.path).into());
    operation.insert("summary".to_owned(), call.summary.into());
    let mut parameters: Vec<Value> =
        braces(call.path).map(|name| argument(name, &mut schemas.taken)).collect();
    parameters.extend(query(call, &mut schemas.taken));
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some((schema, required)) = call.takes.body(&mut schemas.taken) {
        let body =
            json!({"required": required, "content": {"application/json": {"schema": schema}}});
        operation.insert("requestBody".to_owned(), body);
    }
    operation.insert("responses".to_owned(), responses(call, &mut schemas.said));
    operation.into()
}

/// What stands in a pair of braces of a path.
fn argument(name: &str, generator: &mut SchemaGenerator) -> Value {
    let text = generator.subschema_for::<String>();
    let (schema, takes) = match name {
        "provider" => (generator.subschema_for::<Name>(), "a provider"),
        "kind" => (text, "a kind of entity"),
        "id" => (text, "an id, as a list gives it"),
        _ => (text, "the name of a world: up to 64 letters, digits, dots, dashes and underscores"),
    };
    json!({"name": name, "in": "path", "required": true, "description": takes, "schema": schema})
}

/// The parameters of a query: the properties of the type that reads it.
fn query(call: &ControlCall, generator: &mut SchemaGenerator) -> Vec<Value> {
    let schema = call.takes.query(generator).to_value();
    let required = |name: &str| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|it| it == name))
    };
    let properties = schema["properties"].as_object().into_iter().flatten();
    let parameter = |(name, property): (&String, &Value)| {
        let mut schema = without_null(property);
        let description = schema.as_object_mut().and_then(|it| it.shift_remove("description"));
        json!({
            "name": name,
            "in": "query",
            "required": required(name),
            "description": description,
            "schema": schema,
        })
    };
    properties.map(parameter).collect()
}

/// The schema of what may be left out, when it is there: a query has no way to say null.
fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    let Some(object) = schema.as_object_mut() else { return schema };
    if let Some(Value::Array(types)) = object.get("type")
        && let [one, _null] = types.as_slice()
    {
        let one = one.clone();
        object.insert("type".to_owned(), one);
    }
    if let Some(Value::Array(mut either)) = object.shift_remove("anyOf") {
        either.retain(|schema| schema["type"] != "null");
        if let [Value::Object(only)] = either.as_slice() {
            object.extend(only.clone());
        } else {
            object.insert("anyOf".to_owned(), either.into());
        }
    }
    schema
}

fn responses(call: &ControlCall, generator: &mut SchemaGenerator) -> Value {
    let content = match call.says {
        Says::Nothing => None,
        Says::Json { schema } => Some((respond::JSON, schema(generator).to_value())),
        Says::Openapi => Some((respond::JSON, json!({"type": "object"}))),
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
    let problem = generator.subschema_for::<Problem>();
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

#[cfg(test)]
mod tests {
    use super::{Schemas, made, operation};
    use crate::control::calls::calls;
    use crate::control::openapi::openapi;

    #[test]
    fn what_is_embedded_is_what_the_calls_and_their_types_give() {
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/openapi"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("control", format!("{:#}", made())));
        assert!(openapi() == made(), "the program prints another");
    }

    #[test]
    fn a_component_is_the_same_where_it_is_read_and_where_it_is_written() {
        let mut schemas = Schemas::new();
        for call in calls() {
            operation(call, &mut schemas);
        }
        let (taken, said) = (schemas.taken.definitions(), schemas.said.definitions());
        for (name, schema) in taken {
            assert_eq!(schema, said.get(name).unwrap_or(schema), "{name}");
        }
        // schemars numbers the types that would be called alike.
        for name in taken.keys().chain(said.keys()) {
            assert!(!name.ends_with(|c: char| c.is_ascii_digit()), "{name} means two things");
        }
    }
}
