//! The journal: everything that was asked and answered, in order, within a bound of bytes.
//!
//! Calls are kept whole. `verify`, `explain`, a scenario made of calls and a report ask for different parts of them, and
//! a call cannot be made again to look at the rest. The bound is in bytes and not in entries because a label weighs
//! what ten thousand orders do; it drops the oldest, since people ask about what has just happened.
//!
//! Far more is written than read, so an entry is written as bytes into a ring (`ring`, `encoding`) and read when somebody
//! asks: a few of its parts in place, or the whole of it as a value of its own.

mod encoding;
mod ring;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::message::{Reply, Request};

pub use encoding::{EntryView, NewEntry};
use ring::Ring;

/// One step of one entity, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// World time.
    pub at: Timestamp,
    /// Whose entity.
    pub provider: Cow<'static, str>,
    /// What kind of entity.
    pub kind: Cow<'static, str>,
    /// The provider's own id.
    pub id: String,
    /// The input.
    pub on: Cow<'static, str>,
    /// The state it left.
    pub from: Cow<'static, str>,
    /// The state it reached.
    pub to: Cow<'static, str>,
}

/// Whose a call is that was for no provider: its path belongs to nobody.
pub const NOBODY: &str = "none";

/// One call and its answer, whole and on its own: as it is observed, recorded, and written into a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1 in each world.
    pub number: u64,
    /// World time.
    pub at: Timestamp,
    /// The provider that answered.
    pub provider: Cow<'static, str>,
    /// The row of the route table that answered, as `METHOD /path/{id}`.
    pub route: Option<String>,
    /// The account whose credential it was.
    pub account: Option<String>,
    /// The call.
    pub request: Request,
    /// The answer.
    pub reply: Reply,
    /// The rule that had a hand in it.
    pub rule: Option<String>,
    /// What moved.
    pub changes: Vec<Change>,
    /// The numbers of the webhooks it caused, as the ledger counts them.
    #[serde(default)]
    pub webhooks: Vec<u64>,
}

impl Entry {
    /// The id under which an entry is asked for.
    pub fn id(&self) -> String {
        format!("r{}", self.number)
    }

    /// Its parts, to be written.
    pub fn parts(&self) -> NewEntry<'_> {
        NewEntry {
            number: self.number,
            at: self.at,
            provider: &self.provider,
            route: self.route.as_deref().map(|route| [route, "", ""]),
            account: self.account.as_deref(),
            request: &self.request,
            reply: &self.reply,
            rule: self.rule.as_deref(),
            changes: &self.changes,
            webhooks: &self.webhooks,
        }
    }
}

/// The entries of a world, oldest first; the oldest go when the bound is reached.
///
/// Numbers rise by one and are never used twice, not even after `clear`: clients have them in their logs, from the
/// header of each answer. That they have no gaps makes looking one up a subtraction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Journal {
    entries: Ring,
    next: u64,
    bound: usize,
    evicted: u64,
}

/// What a journal holds unless a scenario says otherwise.
pub const BOUND: usize = 16 * 1024 * 1024;

impl Default for Journal {
    fn default() -> Self {
        Journal { entries: Ring::default(), next: 1, bound: BOUND, evicted: 0 }
    }
}

impl Journal {
    /// An empty journal with a bound in bytes.
    pub fn bounded(bound: usize) -> Self {
        Journal { bound, ..Journal::default() }
    }

    /// The number the next entry gets.
    pub fn next_number(&self) -> u64 {
        self.next
    }

    /// Adds an entry, which must carry `next_number`; drops the oldest until the bound holds again.
    pub fn write(&mut self, entry: &NewEntry<'_>) {
        self.next = entry.number.saturating_add(1);
        self.entries.push(entry, self.bound);
        self.evicted += self.entries.trim(self.bound);
    }

    /// How many entries are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is kept.
    #[cfg_attr(surface_only, expect(dead_code, reason = "a length without it is half an answer"))]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the oldest entry kept, or of the next if there is none.
    fn first(&self) -> u64 {
        self.next.saturating_sub(self.len() as u64)
    }

    /// The entries kept, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = EntryView<'_>> {
        self.entries.behind(0)
    }

    /// The newest entry, if it is kept.
    pub fn newest(&self) -> Option<EntryView<'_>> {
        self.entries().next_back()
    }

    /// The entries kept that come behind a number, oldest first.
    pub fn after(&self, number: u64) -> impl Iterator<Item = EntryView<'_>> + Clone {
        let skipped = number.saturating_add(1).saturating_sub(self.first());
        self.entries.behind(usize::try_from(skipped).unwrap_or(usize::MAX))
    }

    /// An entry by its id.
    pub fn find(&self, id: &str) -> Option<EntryView<'_>> {
        let number: u64 = id.strip_prefix('r')?.parse().ok()?;
        self.entries.get(usize::try_from(number.checked_sub(self.first())?).ok()?)
    }

    /// Forgets the entries; their numbers are not used again.
    pub fn clear(&mut self) {
        self.entries = Ring::default();
    }

    /// After it was read from a document: what looking up relies on is looked at.
    ///
    /// # Errors
    /// A sentence when it could not have been written like this.
    pub fn settle(&self) -> Result<(), String> {
        let kept = self.len() as u64;
        let first = self.next.checked_sub(kept).filter(|first| *first > 0);
        let first = first
            .ok_or_else(|| format!("{kept} entries cannot come before entry {}", self.next))?;
        for (expected, entry) in (first..).zip(self.entries()) {
            if entry.number != expected {
                return Err(format!("entry {} stands where {expected} should", entry.number));
            }
        }
        Ok(())
    }

    /// Bytes held, the bound, and how many entries had to go.
    pub fn measure(&self) -> (usize, usize, u64) {
        (self.entries.bytes(), self.bound, self.evicted)
    }
}
