//! Scenario files: one YAML file says what exists in a world, how it behaves, and what shall happen.
//!
//! A file has `name`, `summary`, `extends`, `world` and `steps`. The world gets exactly what the file says;
//! only a file that `extends` a ready-made scenario takes from it what it does not say itself.
//! The same as JSON is an inline scenario.

mod diagnostic;
mod file;
mod place;
#[cfg(test)]
mod tests;
mod yaml;

use serde_json::Value;

use crate::world::{Setup, Wrong};

pub use diagnostic::{Diagnostic, Hint, Spot};

/// A scenario, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scenario {
    /// Its name; a file's own, or the file's name.
    pub name: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// What exists.
    pub world: Setup,
    /// What happens, as plain data. Building a world leaves the steps alone.
    pub steps: Vec<Value>,
}

#[rustfmt::skip]
const READY_MADE: &[(&str, &str)] = &[
    ("default", include_str!("../../scenarios/default.yaml")),
    ("load",    include_str!("../../scenarios/load.yaml")),
    ("empty",   include_str!("../../scenarios/empty.yaml")),
];

/// The ready-made scenarios: name and YAML.
pub fn ready_made() -> &'static [(&'static str, &'static str)] {
    READY_MADE
}

/// Opens a scenario: a ready-made one by its name, else a file, which `read` fetches.
///
/// # Errors
/// A `Diagnostic` when there is no such scenario, when the file cannot be read, or when it is wrong.
pub fn open(
    name_or_file: &str,
    read: impl FnOnce(&str) -> std::io::Result<String>,
) -> Result<Scenario, Diagnostic> {
    if let Some(found) = ready(name_or_file) {
        return found;
    }
    match read(name_or_file) {
        Ok(text) => from_yaml(name_or_file, &text),
        Err(error) => {
            let looks_like_a_file = name_or_file.contains(['/', '\\', '.']);
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            if missing && !looks_like_a_file {
                return Err(unknown(name_or_file).help("or name a file"));
            }
            Err(Diagnostic::new(name_or_file, format!("the file cannot be read: {error}")))
        }
    }
}

/// A ready-made scenario by its name, if there is one of that name.
pub fn ready(name: &str) -> Option<Result<Scenario, Diagnostic>> {
    let (name, text) = READY_MADE.iter().find(|(known, _)| *known == name)?;
    Some(file::read(&format!("{name}.yaml"), name, text))
}

/// What to say of a name that is none of a ready-made scenario.
pub fn unknown(name: &str) -> Diagnostic {
    let shown = crate::kit::text::excerpt(name, 80);
    Diagnostic::new(shown.clone(), format!("there is no ready-made scenario `{shown}`"))
        .among(name, READY_MADE.iter().map(|(name, _)| *name))
}

/// Reads a scenario from YAML. `file` names it in diagnostics, and names the scenario if it does not itself.
///
/// A scenario that neither names a provider nor extends another gets none: its world knows no account.
///
/// # Errors
/// A `Diagnostic` naming the first mistake.
pub fn from_yaml(file: &str, text: &str) -> Result<Scenario, Diagnostic> {
    yaml::readable(file, text)?;
    file::read(file, stem(file), text)
}

/// The name of a file without its folder and its last extension.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// What an inline scenario is called that does not say its name.
const INLINE: &str = "inline";

/// Reads a scenario from its JSON form: the whole file, its keys as they are in YAML.
///
/// It gets exactly what it says, like a file: `{"world":{"seed":1}}` is a world without any account,
/// `{"extends":"default","world":{"seed":1}}` the default one with another seed.
///
/// # Errors
/// A `Diagnostic` naming the first mistake by its path, as there are no lines.
pub fn from_json(value: Value) -> Result<Scenario, Diagnostic> {
    // Printed and read as YAML, so that both forms have one reader, the same bounds and the same messages.
    let text = serde_json::to_string_pretty(&value).expect("a JSON value has text as its keys");
    file::read("the inline scenario", INLINE, &text)
        .map_err(|wrong| Diagnostic { spot: None, ..wrong })
}

/// Where in a file the setup contradicts itself, as `World::build` reported it.
pub fn locate(file: &str, text: &str, wrong: &Wrong) -> Diagnostic {
    let path = format!("world.{}", wrong.place);
    Diagnostic {
        spot: place::spot(text, &path),
        path: Some(path.clone()),
        ..Diagnostic::new(file, wrong.to_string())
    }
}
