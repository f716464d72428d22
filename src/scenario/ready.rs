//! The ready-made scenarios, embedded: the files of `scenarios/`, each under its path without extension.

use crate::kit::text::did_you_mean;
use crate::scenario::Diagnostic;

/// Name and YAML, worlds first, then by name; `build.rs` finds them.
pub(super) const READY_MADE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/ready_made.rs"));

/// What a diagnostic says of a name that is none of these. The worlds are listed, and whatever is near.
pub(super) fn among(wrong: Diagnostic, given: &str) -> Diagnostic {
    let names = || READY_MADE.iter().map(|(name, _)| *name);
    let mut wrong = wrong.among(given, names().filter(|name| !name.contains('/')));
    let short = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let near = did_you_mean(given, names())
        .or_else(|| names().find(|name| short(name) == given))
        .or_else(|| {
            let near = did_you_mean(given, names().map(short))?;
            names().find(|name| short(name) == near)
        });
    wrong.hint.did_you_mean = near.map(str::to_owned);
    wrong
}
