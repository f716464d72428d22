//! The ring of bytes that entries are kept in: written at one end, forgotten at the other, its memory used again.
//!
//! An entry kept as the values it was made of is some twenty small objects; a journal of them is megabytes of memory
//! that went cold long ago and are freed and taken again with every call. Here a call costs one copy into a chunk that
//! is warm, and what is forgotten is a whole chunk, which becomes the next one to be written.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sim::journal::encoding::{EntryView, NewEntry};
use crate::sim::journal::{BOUND, Entry};

/// The bytes of entries, in chunks, oldest first.
#[derive(Clone, Default)]
pub(super) struct Ring {
    /// Shared with the copies of a world; only the last is written to, and by one that shares it to a copy.
    chunks: VecDeque<Arc<Vec<u8>>>,
    /// The number of the first chunk; they count on as long as the world lives.
    first: usize,
    slots: VecDeque<Slot>,
    bytes: usize,
    /// A chunk that was forgotten, empty, to be written next.
    spare: Vec<u8>,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy)]
struct Slot {
    chunk: usize,
    start: usize,
    length: usize,
}

impl Slot {
    /// What the entry takes, its place in the index included.
    fn weight(self) -> usize {
        self.length + size_of::<Slot>()
    }
}

/// A chunk is this large in a journal of the usual bound. Memory comes back by the chunk, so it is the share of a bound
/// by which a ring may hold more than counts.
const CHUNK: usize = BOUND / SHARE;
const SHARE: usize = 64;
/// A bound may be tiny; a ring of chunks for an entry or two each would be none.
const LEAST: usize = 16 * 1024;
/// What the small parts of an entry are taken to need. One that needs more makes its chunk grow, which is slower and no
/// harm; adding them up would cost every call.
const HEAD: usize = 1024;

/// How large a chunk is in a journal of this bound.
fn chunk_size(bound: usize) -> usize {
    (bound / SHARE).clamp(LEAST, CHUNK)
}

impl Ring {
    /// Writes an entry behind the others.
    pub(super) fn push(&mut self, entry: &NewEntry<'_>, bound: usize) {
        let chunk = self.open(entry.bulk() + HEAD, chunk_size(bound));
        let start = chunk.len();
        entry.encode(chunk);
        let length = chunk.len() - start;
        let slot = Slot { chunk: self.first + self.chunks.len() - 1, start, length };
        self.bytes += slot.weight();
        self.slots.push_back(slot);
    }

    /// A chunk with room, nobody else's.
    fn open(&mut self, needed: usize, size: usize) -> &mut Vec<u8> {
        if self.chunks.back().is_none_or(|last| last.len() + needed > size) {
            let mut chunk = std::mem::take(&mut self.spare);
            // The first grows with what comes into it: most worlds are called a few times.
            let room = if self.chunks.is_empty() { needed } else { needed.max(size) };
            chunk.reserve_exact(room);
            self.chunks.push_back(Arc::new(chunk));
        }
        let last = self.chunks.back_mut().expect("one was added if there was none");
        Arc::make_mut(last)
    }

    /// Forgets the oldest until the rest is within the bound; how many went.
    pub(super) fn trim(&mut self, bound: usize) -> u64 {
        let mut gone = 0;
        while self.bytes > bound
            && let Some(oldest) = self.slots.pop_front()
        {
            self.bytes -= oldest.weight();
            gone += 1;
        }
        let used = self.slots.front().map_or(self.first + self.chunks.len(), |oldest| oldest.chunk);
        while self.first < used
            && let Some(chunk) = self.chunks.pop_front()
        {
            self.first += 1;
            // One that a single huge entry was given is not kept for others.
            if let Some(mut free) = Arc::into_inner(chunk)
                && free.capacity() <= 2 * chunk_size(bound)
                && free.capacity() > self.spare.capacity()
            {
                free.clear();
                self.spare = free;
            }
        }
        gone
    }

    /// The entries, oldest first, behind the first so many.
    pub(super) fn behind(
        &self,
        skipped: usize,
    ) -> impl DoubleEndedIterator<Item = EntryView<'_>> + Clone {
        self.slots.range(skipped.min(self.slots.len())..).map(|slot| self.view(*slot))
    }

    /// The entry behind so many others.
    pub(super) fn get(&self, place: usize) -> Option<EntryView<'_>> {
        self.slots.get(place).map(|slot| self.view(*slot))
    }

    fn view(&self, slot: Slot) -> EntryView<'_> {
        let chunk = &self.chunks[slot.chunk - self.first];
        EntryView::of(&chunk[slot.start..slot.start + slot.length])
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// What they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.behind(0)).finish()
    }
}

impl Serialize for Ring {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.behind(0).map(|entry| entry.to_entry()))
    }
}

impl<'de> Deserialize<'de> for Ring {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeptEntries;
        impl<'de> Visitor<'de> for KeptEntries {
            type Value = Ring;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Ring, A::Error> {
                let mut ring = Ring::default();
                while let Some(entry) = list.next_element::<Entry>()? {
                    ring.push(&entry.parts(), BOUND);
                }
                Ok(ring)
            }
        }
        deserializer.deserialize_seq(KeptEntries)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::{BOUND, CHUNK, LEAST, Ring, chunk_size};
    use crate::message::{Method, Reply, Request};
    use crate::sim::journal::NewEntry;

    /// Writes an entry whose answer is so long.
    fn push(ring: &mut Ring, body: usize, bound: usize) {
        let (request, reply) =
            (Request::new(Method::Get, "/"), Reply::new(200, "a", vec![b'x'; body]));
        let entry = NewEntry {
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            provider: "any",
            route: None,
            account: None,
            request: &request,
            reply: &reply,
            rule: None,
            changes: &[],
            webhooks: &[],
        };
        ring.push(&entry, bound);
        ring.trim(bound);
    }

    /// What the chunks take, the spare one among them.
    fn held(ring: &Ring) -> usize {
        ring.chunks.iter().map(|chunk| chunk.capacity()).sum::<usize>() + ring.spare.capacity()
    }

    #[test]
    fn a_ring_that_is_full_writes_into_the_memory_it_has() {
        let mut ring = Ring::default();
        for _ in 0..40_000 {
            push(&mut ring, 1_000, BOUND);
        }
        let mut opened = 0;
        for _ in 0..40_000 {
            let (last, spare) = (ring.chunks.len() + ring.first, ring.spare.as_ptr());
            let ready = ring.spare.capacity();
            push(&mut ring, 1_000, BOUND);
            if ring.chunks.len() + ring.first > last {
                opened += 1;
                let chunk = ring.chunks.back().unwrap();
                assert_eq!((chunk.as_ptr(), chunk.capacity()), (spare, ready));
            }
        }
        assert!(opened > 100, "{opened}");
        assert!(held(&ring) <= BOUND + 4 * CHUNK, "{}", held(&ring));
    }

    #[test]
    fn a_world_that_was_not_called_holds_nothing_and_one_that_was_called_once_little() {
        let mut ring = Ring::default();
        assert_eq!((held(&ring), ring.slots.capacity(), ring.chunks.capacity()), (0, 0, 0));
        push(&mut ring, 1_000, BOUND);
        assert!(held(&ring) < 4_000, "{}", held(&ring));
    }

    #[test]
    fn a_small_bound_is_kept_by_small_chunks() {
        assert_eq!(
            (chunk_size(0), chunk_size(BOUND), chunk_size(usize::MAX)),
            (LEAST, CHUNK, CHUNK)
        );
        let mut ring = Ring::default();
        for _ in 0..1_000 {
            push(&mut ring, 500, 64 * 1024);
        }
        assert!(held(&ring) <= 2 * 64 * 1024, "{}", held(&ring));
    }

    #[test]
    fn what_a_huge_entry_took_goes_with_it() {
        let mut ring = Ring::default();
        push(&mut ring, 5_000_000, BOUND);
        push(&mut ring, 500, BOUND);
        assert_eq!(ring.chunks.len(), 2);
        push(&mut ring, BOUND, BOUND);
        assert_eq!((ring.len(), ring.chunks.len(), ring.bytes()), (0, 0, 0));
        assert!(held(&ring) <= 2 * CHUNK, "{}", held(&ring));
    }

    #[test]
    fn a_copy_shares_every_chunk_until_one_of_the_two_is_written_to() {
        let mut ring = Ring::default();
        for _ in 0..2_000 {
            push(&mut ring, 1_000, BOUND);
        }
        let copy = ring.clone();
        let shared = |ring: &Ring| {
            ring.chunks.iter().zip(&copy.chunks).filter(|(one, two)| Arc::ptr_eq(one, two)).count()
        };
        assert_eq!(shared(&ring), copy.chunks.len());
        push(&mut ring, 1_000, BOUND);
        assert_eq!(shared(&ring), copy.chunks.len() - 1);
    }
}
