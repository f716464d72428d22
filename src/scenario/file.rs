//! A scenario file as it is written, before what it extends is put below it.

use serde::Deserialize;
use serde_json::Value;

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::ready::{self, READY_MADE};
use crate::scenario::steps::Step;
use crate::scenario::yaml;
use crate::scenario::yaml_tree::{self, Spanned};
use crate::scenario::{Scenario, Source};
use crate::world::Setup;

/// The keys of a file, its steps as one reads them.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, bound(deserialize = "S: Deserialize<'de>"))]
#[schemars(rename = "Scenario")]
struct File<S> {
    /// Its name in listings; the file's own when missing.
    #[serde(default)]
    name: Option<String>,
    /// What it shows, in a sentence.
    #[serde(default)]
    summary: Option<String>,
    /// The section of the provider's documentation that it is about.
    #[serde(default)]
    section: Option<String>,
    /// The edge cases it proves, by their numbers in its provider's list.
    #[serde(default)]
    proves: Option<Vec<u32>>,
    /// The ready-made scenario from which the world takes what this file does not say.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    extends: Option<Spanned<String>>,
    /// What exists.
    #[serde(default)]
    world: Option<Setup>,
    /// What happens, and what must come back.
    #[serde(default)]
    steps: Option<Vec<S>>,
}

const KEYS: [&str; 7] = ["name", "summary", "section", "proves", "extends", "world", "steps"];

impl<S> File<S> {
    /// Whether it says nothing at all, which is more likely a mistake than a wish.
    fn is_silent(&self) -> bool {
        let File { name, summary, section, proves, extends, world, steps } = self;
        (name.is_none() && summary.is_none() && section.is_none() && proves.is_none())
            && (extends.is_none() && world.is_none() && steps.is_none())
    }
}

/// A ready-made scenario extends another at most so often: that they end is tested.
const CHAIN: usize = 8;

/// Reads a file and puts what it extends below it.
pub(super) fn read(file: &str, usual_name: &str, text: &str) -> Result<Scenario, Diagnostic> {
    chained(file, usual_name, text, CHAIN)
}

fn chained(file: &str, usual_name: &str, text: &str, left: usize) -> Result<Scenario, Diagnostic> {
    let read: File<Value> = yaml::read(file, text)?;
    if read.steps.as_ref().is_some_and(|steps| !steps.is_empty()) {
        // Once more, for the place of what is wrong in them; as plain values they wait for their holes to be filled.
        yaml::read::<File<Step>>(file, text)?;
    }
    if read.is_silent() {
        return Err(Diagnostic::new(file, "there is nothing in it").among("", KEYS));
    }
    let mut world = read.world.unwrap_or_default();
    if let Some(base) = read.extends {
        let wrong = |message: String| Diagnostic {
            spot: Some(yaml_tree::spot(text, &base.referenced)),
            path: Some("extends".to_owned()),
            ..Diagnostic::new(file, message)
        };
        let known = READY_MADE.iter().find(|(name, _)| *name == base.value);
        let (name, ready) = known.ok_or_else(|| {
            let message = format!("there is no ready-made scenario `{}` to extend", base.value);
            ready::among(wrong(message), &base.value)
        })?;
        let left = left.checked_sub(1).ok_or_else(|| wrong("this extends itself".to_owned()))?;
        world = world.or(chained(&format!("{name}.yaml"), name, ready, left)?.world);
    }
    Ok(Scenario {
        name: read.name.unwrap_or_else(|| usual_name.to_owned()),
        summary: read.summary.unwrap_or_default(),
        section: read.section.unwrap_or_default(),
        proves: read.proves.unwrap_or_default(),
        world,
        steps: read.steps.unwrap_or_default(),
        source: Source { file: file.to_owned(), text: text.to_owned() },
    })
}

/// The JSON Schema of a scenario file, of draft 2020-12.
pub(super) fn schema() -> Value {
    schemars::schema_for!(File<Step>).to_value()
}
