//! Scenario files: one YAML file says what exists in a world and how it behaves.

use crate::world::Setup;

/// A scenario, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name; a file's own, or the file's name.
    pub name: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// What exists.
    pub world: Setup,
}
