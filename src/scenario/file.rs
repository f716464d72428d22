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
        world = world.or(embedded(name, ready, left)?.world);
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

/// Reads a ready-made scenario and puts what it extends below it.
pub(super) fn read_ready(name: &str, text: &str) -> Result<Scenario, Diagnostic> {
    embedded(name, text, CHAIN)
}

fn embedded(name: &str, text: &str, left: usize) -> Result<Scenario, Diagnostic> {
    let file = format!("{name}.yaml");
    let Some(read) = ready::read_before(name) else { return chained(&file, name, text, left) };
    let mut world = read.world;
    let base = read.extends.and_then(|base| READY_MADE.iter().find(|(name, _)| *name == base));
    if let (Some((name, text)), Some(left)) = (base, left.checked_sub(1)) {
        world = world.or(embedded(name, text, left)?.world);
    }
    let source = Source { file, text: text.to_owned() };
    Ok(Scenario { name: read.name, summary: read.summary, world, source, ..Scenario::default() })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{CHAIN, File, chained, embedded, yaml};
    use crate::scenario::ready::{READY_MADE, ReadBefore, read_before};
    use crate::scenario::steps::Step;

    /// Prints into `snapshots/<kind>/<name>.snap`, from where the program takes it.
    fn compare(kind: &str, name: &str, printed: String) {
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(format!("{}/snapshots/{kind}", env!("CARGO_MANIFEST_DIR")));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, printed));
    }

    #[test]
    fn the_schema_that_is_embedded_is_what_the_types_give() {
        let made = schemars::schema_for!(File<Step>).to_value();
        compare("schema", "scenario", serde_json::to_string_pretty(&made).unwrap());
        let embedded: Value = serde_json::from_str(crate::scenario::schema()).unwrap();
        assert!(embedded == made, "the program prints another");
    }

    /// As in `build.rs`, which takes a snapshot only while it is of the file as it stands.
    fn fnv(text: &str) -> u64 {
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    }

    #[test]
    fn the_worlds_that_were_read_before_are_what_their_files_say() {
        for (name, text) in READY_MADE.iter().filter(|(name, _)| !name.contains('/')) {
            let read: File<Value> = yaml::read(name, text).unwrap();
            let File { name: own, summary, section, proves, extends, world, steps } = read;
            assert_eq!((section, proves, steps), (None, None, None), "{name}");
            let read = ReadBefore {
                name: own.unwrap(),
                summary: summary.unwrap(),
                extends: extends.map(|it| it.value),
                world: world.unwrap(),
            };
            let json = serde_json::to_string_pretty(&read).unwrap();
            compare("worlds", name, format!("{:016x}\n{json}", fnv(text)));
            // Without it the program would read YAML after all.
            assert!(read_before(name).is_some_and(|it| it == read), "{name}");
            let whole = chained(&format!("{name}.yaml"), name, text, CHAIN).unwrap();
            assert!(embedded(name, text, CHAIN).unwrap() == whole, "{name}");
        }
    }
}
