//! The ready-made scenarios, embedded: the files of `scenarios/`, each under its path without extension.

use serde::Deserialize;

use crate::kit::text::did_you_mean;
use crate::scenario::Diagnostic;
use crate::world::Setup;

/// Name and YAML, worlds first, then by name; `build.rs` finds them.
pub(super) const READY_MADE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/ready_made.rs"));

/// Those with which most runs begin as they were read once: name and JSON. To read them from YAML was a fifth of a start.
const READ_BEFORE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/read_before.rs"));

/// A ready-made scenario as it was read before, what it extends not yet below it. It has no steps.
#[derive(Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(deny_unknown_fields)]
pub(super) struct ReadBefore {
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) extends: Option<String>,
    pub(super) world: Setup,
}

/// A ready-made scenario without reading YAML, if it was read before.
pub(super) fn read_before(name: &str) -> Option<ReadBefore> {
    let (_, json) = READ_BEFORE.iter().find(|(known, _)| *known == name)?;
    Some(serde_json::from_slice(json.as_bytes()).expect("a test reads each of them"))
}

/// What a diagnostic says of a name that is none of these. The worlds are listed, and whatever is near.
pub(super) fn among(wrong: Diagnostic, given: &str) -> Diagnostic {
    let names = || READY_MADE.iter().map(|(name, _)| *name);
    let mut wrong = wrong.among(given, names().filter(|name| !name.contains('/')));
    wrong.hint.did_you_mean = near(given).map(str::to_owned);
    wrong.help("`shipmock scenarios` lists all that there are")
}

/// The name that was probably meant, of all: by a slip of the fingers, without its folder, or by a part of it.
pub(super) fn near(given: &str) -> Option<&'static str> {
    let names = || READY_MADE.iter().map(|(name, _)| *name);
    let short = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let bare = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let wanted = bare(given.strip_suffix(".yaml").unwrap_or(given));
    let mut by_letters = names().filter(|_| wanted.len() >= SHORTEST);
    did_you_mean(given, names())
        .or_else(|| names().find(|name| short(name) == given))
        .or_else(|| {
            let near = did_you_mean(given, names().map(short))?;
            names().find(|name| short(name) == near)
        })
        .or_else(|| by_letters.find(|name| bare(name).contains(&wanted)))
}

/// The shortest part of a name that is no coincidence.
const SHORTEST: usize = 4;

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_name_is_found_among_all_by_what_is_left_of_it() {
        for (given, found) in [
            ("defualt", Some("default")),
            ("shipper/percent10", Some("shipper/percent-10-date")),
            ("percent-10-date", Some("shipper/percent-10-date")),
            ("Percent 10", Some("shipper/percent-10-date")),
            ("percent-10-dtae", Some("shipper/percent-10-date")),
            ("shipper/percent-10-date.yaml", Some("shipper/percent-10-date")),
            ("nope", None),
            ("x", None),
        ] {
            assert_eq!(near(given), found, "{given}");
        }
    }
}
