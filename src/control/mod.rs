//! The REST API that drives a world, below `/_shipmock`: its calls as a table, and what they do to one world.
//!
//! `read` turns a request into a job or says what is wrong with it. A job of one world is done by `perform`;
//! what concerns the list of worlds, sockets or waiting is a `ShellJob`, which the shell does.

mod call;
mod calls;
mod clock;
mod deserialize;
mod entities;
mod events;
mod extract;
mod health;
mod job;
mod openapi;
mod pagination;
mod presets;
mod problem;
mod requests;
mod respond;
mod rules;
mod state;
#[cfg(test)]
mod tests;
mod values;
mod verify;
mod waiting;
mod webhooks;
mod worlds;

pub use call::{ControlCall, Says};
pub use calls::{calls, read, takes_document};
pub use clock::{AdvanceOrder, ClockOrder, advanced};
pub use entities::{MoveOrder, Subject};
pub use events::{Batch, Listen, opened};
pub use health::{healthy, metrics};
pub use job::{Job, ShellJob, WorldJob, perform};
pub use openapi::{described, openapi};
pub use pagination::Cursor;
pub use problem::Problem;
pub use requests::{Answerer, PathFilter, RequestFilter, StatusFilter};
pub use state::saved;
pub use verify::{Count, FoundCalls, Verify};
pub use waiting::{Around, Await, Awaited, pulse};
pub use webhooks::WebhookFilter;
pub use worlds::{WorldLine, WorldOrder, dropped, listed, made, rebuilt};
