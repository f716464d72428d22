//! Server-sent events: the journal behind an entry, as a stream that goes on where it was cut.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::json;

use crate::control::pagination::{Cursor, numbered};
use crate::control::problem::Problem;
use crate::control::requests::{
    Answerer, ListedCall, PathFilter, RequestFilter, StatusFilter, of_entries,
};
use crate::control::values::AnyCase;
use crate::message::{Evidence, Method, Reply};

use crate::world::World;

of_entries! {
    /// The parameters of the stream.
    struct EventsQuery {
        /// The id after which the events begin, as `r17`; `r0` for all; from now on when missing.
        after: Option<String>,
    }
}

/// Which events, and where they begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// Which calls.
    pub filter: RequestFilter,
    /// The last event the listener has; none for what comes from now on.
    pub after: Option<u64>,
}

impl EventsQuery {
    /// What is listened to. A stream that was cut goes on where it was, whatever its address said at first.
    pub(super) fn listen(self, last_event: Option<&str>) -> Result<Listen, Problem> {
        let after = last_event.or(self.after.as_deref());
        let after = after.map(|given| numbered("after", given, 'r')).transpose()?;
        Ok(Listen { filter: self.entries(0, Cursor::new(None, None)), after })
    }
}

/// Some events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// As they go over the wire.
    pub text: String,
    /// The last entry that was looked at.
    pub last: u64,
    /// Whether there are more.
    pub more: bool,
}

/// A batch looks at so many entries, and is not much longer than so many bytes.
const BATCH: (usize, usize) = (256, 64 * 1024);

impl Listen {
    /// Where a stream begins. Who has heard of more than there is has heard of another world of that name.
    pub fn begin(&self, world: &World) -> u64 {
        let next = world.journal().next_number();
        match self.after {
            Some(after) if after >= next => 0,
            Some(after) => after,
            None => next.saturating_sub(1),
        }
    }

    /// What has come behind an entry. What is no longer in the journal is told as a gap.
    pub fn batch(&self, world: &World, after: u64) -> Batch {
        let journal = world.journal();
        let mut batch = Batch { text: String::new(), last: after, more: false };
        let mut entries = journal.after(after);
        let next = entries.clone().next().map_or(journal.next_number(), |entry| entry.number);
        if next > after.saturating_add(1) {
            let gap = json!({"after": format!("r{after}"), "missed": next - after - 1});
            let _ = write!(batch.text, "event: gap\ndata: {gap}\n\n");
            batch.last = next - 1;
        }
        for entry in entries.by_ref().take(BATCH.0) {
            batch.last = entry.number;
            if self.filter.takes(&entry) {
                let line = json!(ListedCall::of(&entry));
                let _ = write!(batch.text, "id: {}\nevent: request\ndata: {line}\n\n", entry.id());
            }
            if batch.text.len() > BATCH.1 {
                break;
            }
        }
        batch.more = entries.next().is_some();
        batch
    }
}

/// The answer of which the events are the body.
pub fn opened() -> Reply {
    let mut reply = Reply::empty(200);
    reply.headers = crate::world::own_headers("text/event-stream");
    reply
}
