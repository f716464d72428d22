//! A row of the routing table: what a call takes and answers, as types that read it, write it and describe it.
//!
//! Only the tests describe (`openapi`): the generator of schemas is no part of the program.

use std::fmt;

use schemars::JsonSchema;
#[cfg(test)]
use schemars::{Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::control::extract::{Extracted, FromBody};
use crate::control::job::Job;
use crate::control::problem::Problem;
use crate::message::Method;

/// One row of the table.
#[derive(Debug)]
pub struct ControlCall {
    /// The verb.
    pub method: Method,
    /// The path behind `/_shipmock`, arguments in braces.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// The statuses with which it answers when nothing is wrong.
    #[cfg_attr(surface_only, expect(dead_code, reason = "the tests describe by it"))]
    pub statuses: &'static [u16],
    /// What it answers then.
    #[cfg_attr(surface_only, expect(dead_code, reason = "the tests describe by it"))]
    pub says: Says,
    /// The statuses of its own refusals.
    #[cfg_attr(surface_only, expect(dead_code, reason = "the tests describe by it"))]
    pub refuses: &'static [u16],
    /// What it takes, and how that becomes a job.
    pub(super) takes: &'static dyn Takes,
}

/// What a call answers when nothing is wrong.
#[derive(Debug, Clone, Copy)]
pub enum Says {
    /// Nothing.
    Nothing,
    /// An object, described by the type that is written.
    Json {
        /// Its description.
        #[cfg(test)]
        schema: fn(&mut SchemaGenerator) -> Schema,
    },
    /// A description of this API.
    Openapi,
    /// Server-sent events that go on.
    Events,
    /// Text for Prometheus.
    Metrics,
}

/// An answer of a type.
#[cfg_attr(
    not(test),
    expect(clippy::extra_unused_type_parameters, reason = "the tests describe by it")
)]
pub(super) const fn json<T: JsonSchema>() -> Says {
    Says::Json {
        #[cfg(test)]
        schema: SchemaGenerator::subschema_for::<T>,
    }
}

/// What a call takes.
pub(super) trait Takes: fmt::Debug + Sync {
    /// The job that is asked for.
    fn job(&self, extracted: &Extracted<'_>) -> Result<Job, Problem>;

    /// The parameters of its query, as the properties of an object.
    #[cfg(test)]
    fn query(&self, generator: &mut SchemaGenerator) -> Schema;

    /// Its body, and whether there must be one.
    #[cfg(test)]
    fn body(&self, generator: &mut SchemaGenerator) -> Option<(Schema, bool)>;

    /// Whether its body is a whole world.
    fn is_document(&self) -> bool;
}

/// A function from the query and the body, each of the type that reads and describes it, to a job: what a call is said
/// to take is what its function is given.
pub(super) struct Reader<Q, B>(pub(super) fn(&Extracted<'_>, Q, B) -> Result<Job, Problem>);

impl<Q, B> fmt::Debug for Reader<Q, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

impl<Q: DeserializeOwned + JsonSchema, B: FromBody> Takes for Reader<Q, B> {
    fn job(&self, extracted: &Extracted<'_>) -> Result<Job, Problem> {
        (self.0)(extracted, extracted.query()?, B::take(extracted)?)
    }

    #[cfg(test)]
    fn query(&self, generator: &mut SchemaGenerator) -> Schema {
        Q::json_schema(generator)
    }

    #[cfg(test)]
    fn body(&self, generator: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        B::describe(generator)
    }

    fn is_document(&self) -> bool {
        B::IS_DOCUMENT
    }
}
