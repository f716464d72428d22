//! Counters: things counted by what they are, within a bound of kinds.

use std::collections::BTreeMap;

/// How many kinds are told apart: whoever sends a name of its own each time must not fill the memory.
const KINDS: usize = 5_000;

/// How often, and where first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noted {
    pub(super) times: u64,
    /// World and id.
    pub(super) first: String,
}

/// Counts by kind.
#[derive(Debug, Clone)]
pub(super) struct Counted<K> {
    known: BTreeMap<K, Noted>,
    beyond: u64,
}

impl<K> Default for Counted<K> {
    fn default() -> Self {
        Counted { known: BTreeMap::new(), beyond: 0 }
    }
}

impl<K: Ord> Counted<K> {
    /// Counts one; says whether it is the first of its kind.
    pub(super) fn add(&mut self, kind: K, place: impl FnOnce() -> String) -> bool {
        if let Some(noted) = self.known.get_mut(&kind) {
            noted.times += 1;
            return false;
        }
        if self.known.len() >= KINDS {
            self.beyond += 1;
            return false;
        }
        self.known.insert(kind, Noted { times: 1, first: place() });
        true
    }

    /// The kinds in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &Noted)> {
        self.known.iter()
    }

    /// How many came of kinds that were not told apart any more.
    pub(super) fn beyond(&self) -> u64 {
        self.beyond
    }
}
