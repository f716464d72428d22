//! The extractors: a call taken apart into arguments of its path, parameters of its query and fields of its body, each
//! with a type that reads it and describes it.

use schemars::JsonSchema;
#[cfg(test)]
use schemars::{Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::control::deserialize;
use crate::control::problem::{Problem, echo};
use crate::control::values::Unread;
use crate::message::form::pairs;
use crate::message::{Args, Body, Method, Request};
use crate::providers::Name;

/// What is extracted from every call: the arguments of its path, and the header fields that calls know.
#[derive(Debug)]
pub(super) struct Extracted<'a> {
    args: Args,
    request: &'a Request,
}

impl<'a> Extracted<'a> {
    /// Of a request, and what stood in the braces of its path.
    pub(super) fn of(request: &'a Request, args: Args) -> Self {
        Extracted { args, request }
    }

    /// What stood in a pair of braces of the path.
    pub(super) fn arg(&self, place: usize) -> &str {
        self.args.at(place)
    }

    /// The provider of the path.
    pub(super) fn provider(&self) -> Result<Name, Problem> {
        let given = self.arg(0);
        Name::of(given).ok_or_else(|| {
            let names = Name::ALL.iter().map(|name| name.word());
            let detail = format!("there is no provider `{}`", echo(given));
            Problem::new(404, "Unknown provider", detail).among("known", given, names)
        })
    }

    /// The last event a listener has, which a browser sends when its stream was cut.
    pub(super) fn last_event(&self) -> Option<&str> {
        self.request.headers.get("last-event-id").filter(|id| !id.is_empty())
    }

    /// The parameters of the query.
    pub(super) fn query<Q: DeserializeOwned>(&self) -> Result<Q, Problem> {
        let mut given = Map::new();
        for (name, value) in pairs(&self.request.query) {
            // A form sends what was left blank as an empty text: nothing is said then, but the name must be known.
            if value.is_empty() {
                given.entry(name).or_insert(Value::Null);
            } else {
                given.insert(name, value.into());
            }
        }
        deserialize::read(&given, "parameter")
    }

    /// The body as an object; an empty body is an empty one.
    fn object(&self) -> Result<Map<String, Value>, Problem> {
        let body = &self.request.body;
        if self.request.oversize {
            return Err(Problem::new(413, "Body too large", "the body is longer than is read"));
        }
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(Value::Null) => Ok(Map::new()),
            Ok(other) => {
                let given = echo(&other.to_string());
                let detail = format!("the body must be a JSON object, not `{given}`");
                Err(Problem::new(422, "Not an object", detail))
            }
            Err(error) => {
                let detail = format!("the body must be a JSON object; it is no JSON: {error}");
                Err(Problem::new(400, "Not JSON", detail).with("body", echo(&body.text())))
            }
        }
    }
}

/// What a call has of parameters or fields when it has none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoFields {}

/// How the body of a call is read, and how that is described.
pub(super) trait FromBody: Sized {
    /// Whether it brings a whole world, for which more of a body is read.
    const IS_DOCUMENT: bool = false;

    /// Reads it.
    fn take(extracted: &Extracted<'_>) -> Result<Self, Problem>;

    /// What it is like, and whether there must be one; none where nothing is taken.
    #[cfg(test)]
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)>;
}

impl FromBody for NoFields {
    fn take(extracted: &Extracted<'_>) -> Result<Self, Problem> {
        // A GET with a body means nothing by it.
        if matches!(extracted.request.method, Method::Get | Method::Head) {
            return Ok(NoFields {});
        }
        deserialize::read(&extracted.object()?, "field")
    }

    #[cfg(test)]
    fn describe(_: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        None
    }
}

/// An object, read by its type.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned + JsonSchema> FromBody for Json<T> {
    fn take(extracted: &Extracted<'_>) -> Result<Self, Problem> {
        deserialize::read(&extracted.object()?, "field").map(Json)
    }

    #[cfg(test)]
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        let schema = T::json_schema(generator);
        // A call with nothing but optional fields may be made without a body; one whose fields only a provider knows
        // is about them.
        let is_needed = schema.get("required").is_some() || schema.get("properties").is_none();
        Some((generator.subschema_for::<T>(), is_needed))
    }
}

impl<T: DeserializeOwned + JsonSchema> FromBody for Unread<T> {
    fn take(extracted: &Extracted<'_>) -> Result<Self, Problem> {
        Ok(Unread::of(Value::Object(extracted.object()?)))
    }

    #[cfg(test)]
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        Some((generator.subschema_for::<T>(), true))
    }
}

/// A whole world, which may be long and is not taken apart here; described as a type that is.
#[derive(Debug)]
pub(super) struct DocumentBody<T> {
    /// The bytes as they came.
    pub(super) body: Body,
    described: std::marker::PhantomData<T>,
}

impl<T: JsonSchema> FromBody for DocumentBody<T> {
    const IS_DOCUMENT: bool = true;

    fn take(extracted: &Extracted<'_>) -> Result<Self, Problem> {
        let body = extracted.request.body.clone();
        Ok(DocumentBody { body, described: std::marker::PhantomData })
    }

    #[cfg(test)]
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        Some((generator.subschema_for::<T>(), true))
    }
}
