//! The OpenAPI 3.1 description of the control API: embedded, and by a test what the table of calls and the types they read
//! and write make of it.

use serde_json::Value;

use crate::control::respond;
use crate::message::Reply;

/// A snapshot of what `made` makes.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// The description.
pub fn openapi() -> Value {
    serde_json::from_str(EMBEDDED).expect("a test compares it with what the types give")
}

/// The answer to `GET /openapi.json`.
pub fn described() -> Reply {
    respond::json(200, &openapi())
}

#[cfg(test)]
mod made;
