//! Scenario files: one YAML file says what exists in a world, how it behaves, and what shall happen.
//!
//! A file has `name`, `summary`, `section`, `proves`, `extends`, `world` and `steps`. The world gets exactly what the file says;
//! only a file that `extends` a ready-made scenario takes from it what it does not say itself.
//! The same as JSON is an inline scenario.
//!
//! `check` says everything that is wrong with a file; `play` plays its steps on a world of its own.

mod check;
mod diagnostic;
mod file;
mod junit;
mod matching;
mod placeholders;
mod play;
mod ready;
mod source_map;
pub mod steps;
#[cfg(test)]
mod tests;
mod trail;
mod transcript;
mod yaml;
mod yaml_tree;

use serde_json::Value;

use crate::kit::mistake::Mistake;
use crate::world::Setup;

use ready::READY_MADE;
use trail::Trail;

pub use check::check;
pub use diagnostic::{Diagnostic, Hint, Spot};
pub use junit::junit;
pub use play::{
    Compared, OtherServer, PlayOptions, Played, START, StepFailure, against, play, webhook_unlike,
};

/// A scenario, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scenario {
    /// Its name; a file's own, or the file's name.
    pub name: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// The section of the provider's documentation that it is about.
    pub section: String,
    /// The edge cases it proves, by their numbers in its provider's list.
    pub proves: Vec<u32>,
    /// What exists.
    pub world: Setup,
    /// What happens, each a `steps::Step` whose holes are not filled yet. Building a world leaves them alone.
    pub steps: Vec<Value>,
    /// Where it was read from.
    pub source: Source,
}

/// A file as it was read, for pointing into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub file: String,
    /// Its text; empty when there are no lines to point at.
    pub text: String,
}

impl Source {
    /// A diagnostic at a key of the file.
    fn point_at_key(&self, trail: &Trail, message: impl AsRef<str>) -> Diagnostic {
        let spot = source_map::spot_of_key(&self.text, trail);
        Diagnostic { spot, ..self.point(trail, message) }
    }

    /// A diagnostic at a place of the file.
    fn point(&self, trail: &Trail, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic {
            spot: source_map::spot(&self.text, trail),
            path: Some(trail.to_string()),
            ..Diagnostic::new(self.file.clone(), message)
        }
    }
}

/// The JSON Schema of a scenario file, of draft 2020-12: for editors, which complete and complain by it. A snapshot of what
/// the types that read it give, since the generator of schemas is no part of the program.
pub fn schema() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/schema.json"))
}

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
                return Err(unknown(name_or_file)
                    .help("`shipmock scenarios` lists all that there are; or name a file"));
            }
            let problem = format!("the file cannot be read: {error}");
            let mut wrong = Diagnostic::new(name_or_file, problem);
            // What has an extension was meant as a file.
            let is_name = missing && !name_or_file.contains('.');
            wrong.hint.did_you_mean = near(name_or_file).filter(|_| is_name).map(str::to_owned);
            Err(wrong)
        }
    }
}

/// A ready-made scenario by its name, if there is one of that name.
pub fn ready(name: &str) -> Option<Result<Scenario, Diagnostic>> {
    let (name, text) = READY_MADE.iter().find(|(known, _)| *known == name)?;
    Some(file::read_ready(name, text))
}

/// The ready-made scenario that was probably meant by a name that is none.
pub fn near(name: &str) -> Option<&'static str> {
    ready::near(name)
}

/// What to say of a name that is none of a ready-made scenario.
pub fn unknown(name: &str) -> Diagnostic {
    let shown = crate::kit::text::excerpt(name, 80);
    let message = format!("there is no ready-made scenario `{shown}`");
    ready::among(Diagnostic::new(shown.clone(), message), name)
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
    let mut read = file::read("the inline scenario", INLINE, &text)
        .map_err(|wrong| Diagnostic { spot: None, ..wrong })?;
    read.source.text.clear();
    Ok(read)
}

/// Where in a file the setup contradicts itself, as `World::build` reported it.
pub fn locate(file: &str, text: &str, wrong: &Mistake) -> Diagnostic {
    let source = Source { file: file.to_owned(), text: text.to_owned() };
    source.point(&Trail::of(&format!("world.{}", wrong.place)), wrong.to_string())
}
