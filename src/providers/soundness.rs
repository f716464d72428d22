//! Soundness of a state that was read from a document: what stands under its own key, refers to what is there, is there
//! once, and is not empty where nothing can be empty.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::kit::mistake::Mistake;
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::machine::{Machine, Tracked, Word};

/// Larger ids are no longer exact where JSON is read into floats, and behind an id there must be room for the next.
const LARGEST_ID: u64 = (1 << 53) - 1;

/// Whether somebody may give an id.
///
/// # Errors
/// A sentence saying what fits.
pub fn check_id(id: u64) -> Result<(), String> {
    match id {
        1..=LARGEST_ID => Ok(()),
        _ => Err(format!("{id} is not from 1 to {LARGEST_ID}")),
    }
}

/// Refuses what stands under another's id, and an id that nobody may give.
pub(super) fn keyed(place: &str, key: u64, own: u64) -> Result<(), Mistake> {
    check_id(key).map_err(|problem| Mistake::new(format!("{place}.{key}"), problem))?;
    if key == own {
        return Ok(());
    }
    Err(Mistake::new(format!("{place}.{key}.id"), format!("{own} stands under {key}")))
}

/// Refuses what stands under another key than its own, where keys are no ids that anybody may give.
pub(super) fn own_key(is_own: bool, place: &str) -> Result<(), Mistake> {
    if is_own { Ok(()) } else { Err(Mistake::new(place, "it stands under another one")) }
}

/// Refuses a word about something that is not there.
pub(super) fn refers(is_there: bool, place: &str, what: impl Display) -> Result<(), Mistake> {
    if is_there { Ok(()) } else { Err(Mistake::new(place, format!("there is no {what}"))) }
}

/// Refuses a list that is never empty.
pub(super) fn filled<T>(list: &[T], place: &str) -> Result<(), Mistake> {
    if list.is_empty() { Err(Mistake::new(place, "it is never empty")) } else { Ok(()) }
}

/// Refuses what is there already under what tells it apart.
pub(super) fn fresh(is_new: bool, place: &str, what: impl Display) -> Result<(), Mistake> {
    if is_new { Ok(()) } else { Err(Mistake::new(place, format!("`{what}` is there twice"))) }
}

/// Refuses the second of two that are told apart by the same.
pub(super) fn once<T: Ord + Display>(
    entries: impl IntoIterator<Item = (String, T)>,
) -> Result<(), Mistake> {
    let mut seen = BTreeSet::new();
    for (place, key) in entries {
        fresh(!seen.contains(&key), &place, &key)?;
        seen.insert(key);
    }
    Ok(())
}

/// Refuses stops of a journey that a life cycle does not know.
pub(super) fn stops(
    itinerary: Option<&Itinerary>,
    knows: impl Fn(&Stop) -> bool,
) -> Result<(), Mistake> {
    for (place, stop) in itinerary.into_iter().flat_map(Itinerary::stops).enumerate() {
        let what = format_args!("input `{}` of a {}", stop.on, stop.kind);
        refers(knows(&stop), &format!("itinerary.stops[{place}]"), what)?;
    }
    Ok(())
}

/// Refuses a life that does not lead along the table from a beginning to where it stands.
pub(super) fn lived<S: Word, I: Word>(
    machine: &Machine<S, I>,
    life: &Tracked<S, I>,
    place: &str,
) -> Result<(), Mistake> {
    machine.settle(life).map_err(|problem| Mistake::new(format!("{place}.life"), problem))
}

#[cfg(test)]
mod tests {
    use super::{check_id, filled, keyed, once, refers};

    #[test]
    fn each_fault_is_told_at_its_place() {
        let entry = |place: &str, key: &'static str| (place.to_owned(), key);
        for (fault, told) in [
            (keyed("sellers", 1, 1), None),
            (keyed("sellers", 1, 2), Some("sellers.1.id: 2 stands under 1")),
            (keyed("sellers", 0, 0), Some("sellers.0: 0 is not from 1 to 9007199254740991")),
            (refers(true, "a.b", "c"), None),
            (refers(false, "a.b", "seller 7"), Some("a.b: there is no seller 7")),
            (filled(&[1], "items"), None),
            (filled::<u8>(&[], "items"), Some("items: it is never empty")),
            (once([entry("a", "x"), entry("b", "y")]), None),
            (once([entry("a", "x"), entry("b", "x")]), Some("b: `x` is there twice")),
        ] {
            assert_eq!(fault.err().map(|it| it.to_string()).as_deref(), told);
        }
        assert!(check_id(u64::MAX).is_err() && check_id(1).is_ok());
    }
}
