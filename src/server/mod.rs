//! The shell: sockets, tasks and real seconds around the worlds.
#![allow(
    clippy::disallowed_methods,
    reason = "the shell: the only room with real time, tasks and waiting"
)]

mod advance;
mod announce;
#[cfg(test)]
mod cancellation;
mod client_stream;
mod clock_driver;
mod compression;
mod control_access;
mod control_jobs;
mod event_channel;
mod event_stream;
mod exec;
mod file_lock;
pub(crate) mod http_service;
mod landing_page;
mod listener;
mod lock_depth;
mod long_poll;
mod metrics;
mod observer;
mod options;
mod panicked;
mod persistence;
mod recorded_world;
mod recording;
pub(crate) mod registry;
mod remote;
mod request_line;
mod run;
mod running;
mod server_context;
mod signals;
mod tls;
mod turn;
mod watch;
mod webhook_sender;
mod wire;
mod wire_faults;
pub(crate) mod world_entry;
mod world_event;
mod world_feed;

pub use exec::{Execution, exec};
pub use options::{Failure, Limits, MAX_WORLDS, Options, PORT, THREADS, WORLD_IDLE};
pub use remote::RemoteServer;
pub use run::serve;
pub use running::{Running, Server};
pub use webhook_sender::WebhookSender;
