//! Who attends the worlds: counts what they do, where a report was asked for.

use parking_lot::Mutex;

use crate::report::Tally;
use crate::sim::journal::Entry;
use crate::world::World;

/// Sees everything that goes through the doors of the worlds. By default it looks away.
#[derive(Debug, Default)]
pub(super) struct Witness {
    tally: Option<Mutex<Tally>>,
}

impl Witness {
    /// One that counts.
    pub(super) fn counting() -> Witness {
        Witness { tally: Some(Mutex::default()) }
    }

    /// Whether it looks at all.
    pub(super) fn is_looking(&self) -> bool {
        self.tally.is_some()
    }

    fn count(&self, change: impl FnOnce(&mut Tally)) {
        if let Some(tally) = &self.tally {
            change(&mut tally.lock());
        }
    }

    /// A world begins.
    pub(super) fn made(&self, world: &World) {
        self.count(|tally| tally.opened(world));
    }

    /// A call was answered.
    pub(super) fn answered(&self, name: &str, world: &World, entry: &Entry) {
        self.count(|tally| tally.answered(name, world, entry));
    }

    /// A call of the control API was answered.
    pub(super) fn driven(&self, world: &World) {
        self.count(|tally| tally.rules(world));
    }

    /// A world is gone, or looked at for the last time.
    pub(super) fn gone(&self, name: &str, world: &World, since: u64) {
        self.count(|tally| tally.closed(name, world, since));
    }

    /// What was counted.
    pub(super) fn tally(&self) -> Tally {
        self.tally.as_ref().map(|tally| tally.lock().clone()).unwrap_or_default()
    }
}
