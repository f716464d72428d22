//! What values the calls take and answer with, as data: the description is written from it, and tests hold real
//! answers against that.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What a value is like.
#[derive(Debug, Clone, Copy)]
pub enum ValueShape {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A text of a vocabulary.
    Word(&'static [&'static str]),
    /// An instant, as RFC 3339 writes it.
    Instant,
    /// A length of time, as `36h` or `PT36H`.
    Length,
    /// A whole number from 0.
    Count,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// Several of a kind.
    List(&'static ValueShape),
    /// Names that are not known beforehand, each with a value of a kind.
    Map(&'static ValueShape),
    /// An object with known fields.
    Record(&'static Record),
    /// Such a value or null.
    Maybe(&'static ValueShape),
    /// A value of one of several kinds.
    Either(&'static [ValueShape]),
}

/// An object with known fields; a component of the description.
#[derive(Debug)]
pub struct Record {
    /// Its name in the description.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// Its fields.
    pub fields: &'static [Parameter],
}

/// A parameter of a query, or a field of an object.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is like.
    pub shape: ValueShape,
    /// Whether it is always there, or must be said.
    pub always: bool,
    /// What it is or takes, in words.
    pub takes: &'static str,
}

/// A field that may be left out.
pub(super) const fn may(name: &'static str, shape: ValueShape, takes: &'static str) -> Parameter {
    Parameter { name, shape, always: false, takes }
}

/// A field that is always there, or must be said.
pub(super) const fn must(name: &'static str, shape: ValueShape, takes: &'static str) -> Parameter {
    Parameter { name, shape, always: true, takes }
}

/// The components that a description refers to, by name.
pub(super) type Components = BTreeMap<&'static str, Value>;

impl ValueShape {
    /// Its JSON Schema. `closed` says whether an object may have no other fields than the known ones: what is taken
    /// may not, what is answered may get more.
    pub(super) fn schema(&self, closed: bool, components: &mut Components) -> Value {
        let mut of = |shape: &ValueShape| shape.schema(closed, components);
        match self {
            ValueShape::Any => json!({}),
            ValueShape::Text => json!({"type": "string"}),
            ValueShape::Word(words) => json!({"type": "string", "enum": words}),
            ValueShape::Instant => json!({"type": "string", "format": "date-time"}),
            ValueShape::Length => json!({"type": "string", "examples": ["90s", "36h", "PT36H"]}),
            ValueShape::Count => json!({"type": "integer", "minimum": 0}),
            ValueShape::Number => json!({"type": "number"}),
            ValueShape::Flag => json!({"type": "boolean"}),
            ValueShape::List(item) => json!({"type": "array", "items": of(item)}),
            ValueShape::Map(value) => json!({"type": "object", "additionalProperties": of(value)}),
            ValueShape::Maybe(shape) => json!({"anyOf": [of(shape), {"type": "null"}]}),
            ValueShape::Either(shapes) => {
                json!({"anyOf": shapes.iter().map(of).collect::<Vec<_>>()})
            }
            ValueShape::Record(record) => {
                if !components.contains_key(record.name) {
                    // Entered before its fields are looked at, so that none is written twice.
                    components.insert(record.name, Value::Null);
                    let mut schema = object(record.fields, closed, components);
                    schema.insert("description".to_owned(), record.summary.into());
                    components.insert(record.name, schema.into());
                }
                json!({"$ref": format!("#/components/schemas/{}", record.name)})
            }
        }
    }
}

/// The schema of an object with these fields.
pub(super) fn object(
    fields: &[Parameter],
    closed: bool,
    components: &mut Components,
) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in fields {
        let mut schema = field.shape.schema(closed, components);
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), field.takes.into());
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let always: Vec<&str> =
        fields.iter().filter(|field| field.always).map(|field| field.name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    if !always.is_empty() {
        schema.insert("required".to_owned(), always.into());
    }
    if closed {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
    schema
}
