//! Scenario validation: everything that is wrong with a file, at once: what its types cannot say as well.

mod partial;
mod setup;
mod steps;

use crate::scenario::Diagnostic;
use crate::scenario::yaml;

/// The most mistakes of one file that are told.
const MOST: usize = 100;

/// Checks a file: its form, its world, and each of its steps against the world it would be played in.
///
/// The form of a step is checked by itself, so that one wrong step does not hide the next.
pub fn check(file: &str, text: &str) -> Vec<Diagnostic> {
    if let Err(wrong) = yaml::readable(file, text) {
        return vec![wrong];
    }
    let (mut found, scenario) = partial::read(file, text, MOST);
    if let Some(mut scenario) = scenario {
        // Names kept by a step whose form is wrong are not known: their holes are not held against the others.
        let whole = found.is_empty();
        scenario.source.text = text.to_owned();
        let world = setup::check(&scenario, &mut found);
        steps::check(&scenario, world, whole, &mut found);
    }
    let place = |wrong: &Diagnostic| wrong.spot.as_ref().map(|spot| (spot.line, spot.column));
    found.sort_by_key(place);
    found.dedup();
    found.truncate(MOST);
    found
}
