//! The journal: everything that was asked and answered, in order, within a bound of bytes.
//!
//! Calls are kept whole. `verify`, `explain`, a scenario made of calls and a report ask for different parts of them, and
//! a call cannot be made again to look at the rest. The bound is in bytes and not in entries because a label weighs
//! what ten thousand orders do; it drops the oldest, since people ask about what has just happened.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::message::{Reply, Request};

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

/// One call and its answer.
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

    fn weight(&self) -> usize {
        let words = self.route.as_ref().map_or(0, String::len)
            + self.account.as_ref().map_or(0, String::len);
        self.request.weight() + self.reply.weight() + words + self.changes.len() * 160 + 160
    }
}

/// The entries of a world, oldest first; the oldest go when the bound is reached.
///
/// Numbers rise by one and are never used twice, not even after `clear`: clients have them in their logs, from the
/// header of each answer. That they have no gaps makes looking one up a subtraction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// Shared and never changed: a copy of a world, made while it is locked, copies no call.
    entries: VecDeque<Arc<Entry>>,
    next: u64,
    /// Follows from the entries. Kept all the same: it is asked for with every call.
    #[serde(skip)]
    bytes: usize,
    bound: usize,
    evicted: u64,
}

/// What a journal holds unless a scenario says otherwise.
pub const BOUND: usize = 16 * 1024 * 1024;

impl Default for Journal {
    fn default() -> Self {
        Journal { entries: VecDeque::new(), next: 1, bytes: 0, bound: BOUND, evicted: 0 }
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
    pub fn write(&mut self, entry: Arc<Entry>) {
        self.next = entry.number + 1;
        self.bytes += entry.weight();
        self.entries.push_back(entry);
        while self.bytes > self.bound {
            match self.entries.pop_front() {
                None => break,
                Some(oldest) => {
                    self.bytes -= oldest.weight().min(self.bytes);
                    self.evicted += 1;
                }
            }
        }
    }

    /// The entries kept, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().map(AsRef::as_ref)
    }

    /// The entries kept that come behind a number, oldest first.
    pub fn after(&self, number: u64) -> impl Iterator<Item = &Entry> + Clone {
        let first = self.entries.front().map_or(self.next, |entry| entry.number);
        let skipped = number.saturating_add(1).saturating_sub(first);
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX).min(self.entries.len());
        self.entries.range(skipped..).map(AsRef::as_ref)
    }

    /// An entry by its id.
    pub fn find(&self, id: &str) -> Option<&Entry> {
        let number: u64 = id.strip_prefix('r')?.parse().ok()?;
        let first = self.entries.front()?.number;
        self.entries.get(usize::try_from(number.checked_sub(first)?).ok()?).map(AsRef::as_ref)
    }

    /// Forgets the entries; their numbers are not used again.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    /// After it was read from a document: what follows from the entries is reckoned, what they rely on looked at.
    ///
    /// # Errors
    /// A sentence when it could not have been written like this.
    pub fn settle(&mut self) -> Result<(), String> {
        let kept = self.entries.len() as u64;
        let first = self.next.checked_sub(kept).filter(|first| *first > 0);
        let first = first
            .ok_or_else(|| format!("{kept} entries cannot come before entry {}", self.next))?;
        for (expected, entry) in (first..).zip(&self.entries) {
            if entry.number != expected {
                return Err(format!("entry {} stands where {expected} should", entry.number));
            }
        }
        self.bytes = self.entries().map(Entry::weight).sum();
        Ok(())
    }

    /// Bytes held, the bound, and how many entries had to go.
    pub fn measure(&self) -> (usize, usize, u64) {
        (self.bytes, self.bound, self.evicted)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::{Entry, Journal};
    use crate::message::{Method, Reply, Request};

    fn entry(number: u64, body: usize) -> Arc<Entry> {
        Arc::new(Entry {
            number,
            at: Timestamp::UNIX_EPOCH,
            provider: "any".into(),
            route: None,
            account: None,
            request: Request::new(Method::Get, "/"),
            reply: Reply::new(200, "text/plain", vec![b'x'; body]),
            rule: None,
            changes: Vec::new(),
            webhooks: Vec::new(),
        })
    }

    #[test]
    fn the_oldest_entries_go_and_are_counted() {
        let mut journal = Journal::bounded(10_000);
        for number in 1..=20 {
            journal.write(entry(number, 1_000));
        }
        let (bytes, bound, evicted) = journal.measure();
        assert!(bytes <= bound && evicted > 0);
        assert_eq!(journal.entries().count() as u64, 20 - evicted);
        assert_eq!(journal.find("r20").unwrap().number, 20);
        assert!(
            journal.find("r1").is_none()
                && journal.find("r21").is_none()
                && journal.find("x").is_none()
        );
    }

    #[test]
    fn an_entry_larger_than_the_bound_leaves_an_empty_journal() {
        let mut journal = Journal::bounded(100);
        journal.write(entry(1, 1_000));
        assert_eq!((journal.entries().count(), journal.measure().0), (0, 0));
        assert_eq!(journal.next_number(), 2);
    }
}
