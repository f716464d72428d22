//! Type names: in the shared rooms a name means one thing, so that a search for it finds what it is.

use std::collections::BTreeMap;

use crate::rooms::{bare, files};

/// Names that a library gives: the associated types of its traits.
const GIVEN: &[&str] = &["Value", "Target", "Err", "Error", "Item", "Output"];

/// The types that a file defines, those of its unit tests left out.
fn types(text: &str) -> Vec<String> {
    let code = bare(text);
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        text[..end].to_owned()
    };
    let mut found = Vec::new();
    for line in code.lines().map(str::trim_start) {
        let line = line.strip_prefix("pub").map_or(line, |rest| match rest.strip_prefix('(') {
            Some(inner) => inner.split_once(')').map_or(rest, |(_, rest)| rest),
            None => rest,
        });
        for kind in ["struct ", "enum ", "trait ", "type "] {
            // A trait that asks for a type of a name defines none: `type Setup: Setting;`.
            let asked = kind == "type " && !line.contains('=');
            if let Some(rest) = line.trim_start().strip_prefix(kind).filter(|_| !asked) {
                found.push(word(rest));
            }
        }
    }
    // A macro's `$name` is no name yet.
    found.retain(|name| !name.is_empty());
    found
}

/// Whether a file stands in a room that all providers share.
fn is_shared(path: &str) -> bool {
    let inside = path.strip_prefix("src/providers/").is_some_and(|inner| inner.contains('/'));
    !inside && !path.contains("/tests")
}

/// The names that several places define, each with its places.
fn ambiguous(all: &[(String, String)]) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, text) in all.iter().filter(|(path, _)| is_shared(path)) {
        let mut types = types(text);
        types.sort();
        // What a feature replaces is defined twice in one file and means the same.
        types.dedup();
        for name in types {
            places.entry(name).or_default().push(path);
        }
    }
    let several =
        places.iter().filter(|(name, places)| places.len() > 1 && !GIVEN.contains(&name.as_str()));
    several.map(|(name, places)| format!("{name}: {}", places.join(", "))).collect()
}

#[test]
fn a_type_name_means_one_thing_in_the_shared_rooms() {
    let found = ambiguous(&files("src"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_planted_second_meaning_is_found() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let first = file("src/sim/a.rs", "pub struct Seal;\n");
    for text in ["enum Seal {", "    pub(crate) trait Seal<T> {", "pub type Seal = u8;"] {
        assert_eq!(ambiguous(&[first.clone(), file("src/policy/b.rs", text)]).len(), 1, "{text}");
    }
    for (path, text) in [
        ("src/providers/shipper/a.rs", "struct Seal;"),
        ("src/policy/b.rs", "// struct Seal;\nstruct Sealed;"),
        ("src/policy/b.rs", "trait Sealed {\n    type Seal: Copy;\n}"),
        ("src/policy/b.rs", "#[cfg(test)]\nmod tests {\n    struct Seal;\n}"),
    ] {
        assert!(ambiguous(&[first.clone(), file(path, text)]).is_empty(), "{path}: {text}");
    }
}
