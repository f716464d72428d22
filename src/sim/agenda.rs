//! The agenda: the timers of a world, what is due and when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::kit::shared::Shared;

/// What is promised, by when it falls due and the order of promise.
type Promises<T> = Shared<BTreeMap<(Timestamp, u64), T>>;

/// Things promised for later. Ties at one instant fall due in the order of promise, which the number keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct Agenda<T> {
    #[serde(with = "entries")]
    due: Promises<T>,
    next: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Agenda { due: Shared::default(), next: 0 }
    }
}

impl<T: Clone> Agenda<T> {
    /// Promises a thing for an instant.
    pub fn promise(&mut self, at: Timestamp, thing: T) {
        self.due.insert((at, self.next), thing);
        self.next += 1;
    }

    /// When the next thing falls due.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next thing that is due at or before an instant.
    pub fn take(&mut self, until: Timestamp) -> Option<(Timestamp, T)> {
        if self.next_at()? > until {
            return None;
        }
        self.due.pop_first().map(|((at, _), thing)| (at, thing))
    }

    /// Drops every promise that the test does not keep.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.due.retain(|_, thing| keep(thing));
    }

    /// The promises in the order in which they fall due.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, &T)> {
        self.due.iter().map(|((at, _), thing)| (*at, thing))
    }

    /// After it was read from a document: whether the next promise comes behind all others.
    ///
    /// # Errors
    /// A sentence when it does not.
    pub fn settle(&self) -> Result<(), String> {
        match self.due.keys().map(|(_, order)| *order).max() {
            Some(last) if last >= self.next => {
                Err(format!("promise {last} was made, but the next is {}", self.next))
            }
            _ => Ok(()),
        }
    }

    /// Whether what it owns of this is shared with another.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        self.due.is_shared_with(&other.due)
    }

    /// How many promises are open.
    #[cfg_attr(surface_only, expect(dead_code, reason = "tests look at it"))]
    pub fn len(&self) -> usize {
        self.due.len()
    }

    /// Whether nothing is promised.
    #[cfg_attr(surface_only, expect(dead_code, reason = "`len` asks for it"))]
    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}

/// JSON has no pairs as keys, so the agenda is written as a list.
mod entries {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Promises;

    pub(super) fn serialize<S: Serializer, T: Serialize>(
        due: &Promises<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(due.iter().map(|((at, order), thing)| (at, order, thing)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Promises<T>, D::Error> {
        let list = Vec::<(Timestamp, u64, T)>::deserialize(deserializer)?;
        let due: BTreeMap<_, _> =
            list.into_iter().map(|(at, order, thing)| ((at, order), thing)).collect();
        Ok(due.into())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Agenda;

    #[test]
    fn ties_fall_due_in_the_order_of_promise_and_nothing_early() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut agenda = Agenda::default();
        agenda.promise(at(5), "later");
        agenda.promise(at(1), "first");
        agenda.promise(at(1), "second");
        assert_eq!(agenda.take(at(0)), None);
        assert_eq!(agenda.take(at(9)).unwrap().1, "first");
        assert_eq!(agenda.take(at(9)).unwrap().1, "second");
        assert_eq!(agenda.take(at(4)), None);
    }
}
