//! What is simulated of a provider, as OpenAPI 3.1 writes it: from its route table, what its endpoints read, and its
//! refusals. What an endpoint answers when all is well is not data; its documentation says it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::message::{Method, Request, braces, operation_id};
use crate::providers::{
    self, FieldRow, Name, Need, Place, Providers, RouteLine, Scheme, Service, Shape, field_rows,
};

/// The description of a provider that is played on a port of this machine, printed.
pub fn openapi(name: Name, port: u16) -> String {
    let service = providers::service(name);
    let rows = service.routes();
    let mut paths: Map<String, Value> = Map::new();
    for row in &rows {
        let entry = paths.entry(row.path).or_insert_with(|| json!({}));
        if let Value::Object(entry) = entry {
            entry.insert(row.method.to_lowercase(), operation(row));
        }
    }
    let real = service.hosts().iter().map(|host| json!({"url": format!("https://{host}")}));
    let own = format!("http://127.0.0.1:{port}/{name}");
    let servers: Vec<Value> = std::iter::once(json!({"url": own})).chain(real).collect();
    let webhooks: Map<String, Value> = service
        .topics()
        .iter()
        .map(|topic| ((*topic).to_owned(), json!({"post": {"summary": *topic}})))
        .collect();
    let mut description = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{}, as Shipmock plays it", service.title()),
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What each endpoint reads, where it is documented, and how we know what it answers \
                            (`x-shipmock-evidence`). Bodies are described as JSON; the provider may take others.",
        },
        "servers": servers,
        "security": [{"credential": []}],
        "paths": paths,
    });
    if !webhooks.is_empty() {
        description["webhooks"] = webhooks.into();
    }
    description["components"] = json!({
        "securitySchemes": {"credential": scheme(service.scheme())},
        "responses": refusals(service),
    });
    let mut text = format!("{description:#}");
    text.push('\n');
    text
}

fn scheme(scheme: Scheme) -> Value {
    match scheme {
        Scheme::Bearer => json!({"type": "http", "scheme": "bearer"}),
        Scheme::Header(name) => json!({"type": "apiKey", "in": "header", "name": name}),
    }
}

/// The provider's own errors by the names under which a rule can ask for them, as they are worded.
fn refusals(service: &dyn Service) -> Map<String, Value> {
    let all = Providers::default();
    let asked = Request::new(Method::Post, "/").with("accept", "application/json");
    let worded = service.refusals().iter().filter_map(|name| {
        let reply = service.refusal(&all, &asked, name)?;
        let media = reply.headers.get("content-type").unwrap_or("application/json").to_owned();
        let example: Value = serde_json::from_slice(&reply.body)
            .unwrap_or_else(|_| reply.body.text().into_owned().into());
        let response = json!({
            "description": format!("{name}: status {}", reply.status),
            "content": {media: {"example": example}},
            "x-shipmock-status": reply.status,
            "x-shipmock-evidence": reply.evidence,
        });
        Some(((*name).to_owned(), response))
    });
    worded.collect()
}

fn operation(row: &RouteLine) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), operation_id(row.method, row.path).into());
    operation.insert("summary".to_owned(), row.section.into());
    operation.insert("tags".to_owned(), json!([row.group]));
    let named = |place: &str, name: &str, shape: Shape, need: Need, doc: &str| {
        let mut parameter = json!({
            "name": name, "in": place, "required": need == Need::Must, "schema": {"type": shape.word()},
        });
        mark(&mut parameter, need, doc);
        parameter
    };
    let arguments = braces(row.path).map(|name| named("path", name, Shape::Text, Need::Must, ""));
    let (in_body, read): (Vec<FieldRow>, Vec<FieldRow>) =
        field_rows(row.takes).into_iter().partition(|it| it.field.place == Place::Body);
    let read = read.iter().map(|FieldRow { path, field }| {
        named(field.place.word(), path, field.shape, field.need, field.doc)
    });
    let parameters: Vec<Value> = arguments.chain(read).collect();
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    let body = Tree::of(&in_body);
    if !body.below.is_empty() {
        let required = body.below.values().any(|field| field.need == Need::Must);
        let content = json!({"application/json": {"schema": body.schema()}});
        let body = json!({"required": required, "content": content});
        operation.insert("requestBody".to_owned(), body);
    }
    let documented = format!("As the documentation has it under \"{}\"", row.section);
    operation.insert("responses".to_owned(), json!({"default": {"description": documented}}));
    if row.is_open {
        operation.insert("security".to_owned(), json!([]));
    }
    operation.insert("x-shipmock-evidence".to_owned(), row.evidence.word().into());
    operation.into()
}

/// What a good client sends though it is not demanded, and what a field means.
fn mark(described: &mut Value, need: Need, doc: &str) {
    if need == Need::Usual {
        described["x-shipmock-need"] = need.word().into();
    }
    if !doc.is_empty() {
        described["description"] = doc.trim().into();
    }
}

/// The fields of a body, each below the one that holds it.
struct Tree {
    shape: Shape,
    need: Need,
    doc: &'static str,
    /// By name; `[]` is what stands in a list.
    below: BTreeMap<String, Tree>,
}

impl Tree {
    fn new() -> Tree {
        Tree { shape: Shape::Object, need: Need::May, doc: "", below: BTreeMap::new() }
    }

    fn of(rows: &[FieldRow]) -> Tree {
        let mut root = Tree::new();
        for FieldRow { path, field } in rows {
            let mut tree = &mut root;
            for part in path.split('.') {
                let name = part.trim_end_matches("[]");
                tree = tree.below.entry(name.to_owned()).or_insert_with(Tree::new);
                for _ in 0..part.matches("[]").count() {
                    tree.shape = Shape::List;
                    tree = tree.below.entry("[]".to_owned()).or_insert_with(Tree::new);
                }
            }
            (tree.shape, tree.need, tree.doc) = (field.shape, field.need, field.doc);
        }
        root
    }

    fn schema(&self) -> Value {
        let mut schema = json!({"type": self.shape.word()});
        if let Some(item) = self.below.get("[]") {
            schema["items"] = item.schema();
        } else if !self.below.is_empty() {
            let described = |(name, field): (&String, &Tree)| {
                let mut schema = field.schema();
                mark(&mut schema, field.need, field.doc);
                (name.clone(), schema)
            };
            schema["properties"] = Value::Object(self.below.iter().map(described).collect());
            let must = self.below.iter().filter(|(_, field)| field.need == Need::Must);
            let must: Vec<&str> = must.map(|(name, _)| name.as_str()).collect();
            if !must.is_empty() {
                schema["required"] = must.into();
            }
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::openapi;
    use crate::providers::{FieldRow, Name, Need, Place, field_rows, service};

    #[test]
    fn every_route_and_every_field_it_reads_is_described() {
        for name in Name::ALL {
            let description: Value = serde_json::from_str(&openapi(*name, 7447)).unwrap();
            for row in service(*name).routes() {
                let operation = &description["paths"][row.path][row.method.to_lowercase()];
                assert_eq!(operation["x-shipmock-evidence"], row.evidence.word(), "{}", row.path);
                for FieldRow { path, field } in field_rows(row.takes) {
                    let told = format!("{} {}: {path}", row.method, row.path);
                    if field.place != Place::Body {
                        let all = operation["parameters"].as_array().unwrap();
                        assert!(all.iter().any(|it| it["name"] == path), "{told}");
                        continue;
                    }
                    let mut schema =
                        &operation["requestBody"]["content"]["application/json"]["schema"];
                    for part in path.split('.') {
                        let name = part.trim_end_matches("[]");
                        let list = schema["required"].as_array();
                        let must = list.is_some_and(|list| list.iter().any(|it| it == name));
                        schema = &schema["properties"][name];
                        if path.ends_with(part) && !part.ends_with("[]") {
                            assert_eq!(must, field.need == Need::Must, "{told}");
                        }
                        for _ in 0..part.matches("[]").count() {
                            schema = &schema["items"];
                        }
                    }
                    assert_eq!(schema["type"], field.shape.word(), "{told}");
                }
            }
        }
    }
}
