//! The options of a server, the limits of its clients, and why there is none.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::world::Orders;

/// The port when nobody names one: SHIP on a telephone's keys.
pub const PORT: u16 = 7447;
/// How many worlds there may be when nobody says otherwise.
pub const MAX_WORLDS: usize = 10_000;

/// How long a world may be idle when nobody says otherwise.
pub const WORLD_IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many threads answer when nobody says otherwise: one, because what a call touches then stays in one core's
/// cache (docs/figures.md).
pub const THREADS: usize = 1;

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The addresses to listen on, all at one port. Those behind the first may be none of this machine: a name has
    /// addresses that not every machine has.
    pub listen: Vec<IpAddr>,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// A ready-made scenario's name, or a file.
    pub scenario: String,
    /// What is said over the scenario.
    pub orders: Orders,
    /// How many worlds there may be.
    pub max_worlds: usize,
    /// How many threads serve sockets and worlds; long work has others.
    pub threads: usize,
    /// A world that nobody has asked for since so long is dropped; none is when missing.
    pub world_idle: Option<Duration>,
    /// Opens the control API on another address than loopback.
    pub control_token: Option<String>,
    /// A scenario file that changes takes the place of what it was.
    pub watch: bool,
    /// Gets the base URL when requests are answered.
    pub ready_file: Option<PathBuf>,
    /// Whether what the worlds do is counted for a report.
    pub report: bool,
    /// Gets everything that goes into the worlds, to be played again.
    pub record: Option<PathBuf>,
    /// Whether a session that is there already may be written over.
    pub force: bool,
    /// Keeps the worlds while nobody serves them.
    pub state: Option<PathBuf>,
    /// How long and how much a client may keep the server busy.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            port: PORT,
            scenario: "default".to_owned(),
            orders: Orders::default(),
            max_worlds: MAX_WORLDS,
            threads: THREADS,
            world_idle: Some(WORLD_IDLE),
            control_token: None,
            watch: false,
            ready_file: None,
            report: false,
            record: None,
            force: false,
            state: None,
            limits: Limits::default(),
        }
    }
}

/// Bounds on what a client may do to the server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
    /// How long a request's head may take, and how long a kept connection may idle.
    pub header_time: Duration,
    /// How long a body may take.
    pub body_time: Duration,
    /// How much of a body is kept.
    pub body_bytes: usize,
    /// How much of a document is kept that brings a whole world.
    pub state_bytes: usize,
    /// Listeners to events at once.
    pub listeners: usize,
    /// How long a listener may take to take a piece of its events.
    pub listener_time: Duration,
    /// How often a watched file is looked at.
    pub watch_every: Duration,
    /// How long requests under way may take when the server stops.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 4_096,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            body_bytes: 1024 * 1024,
            state_bytes: 64 * 1024 * 1024,
            listeners: 256,
            listener_time: Duration::from_secs(10),
            watch_every: Duration::from_millis(500),
            farewell: Duration::from_secs(5),
        }
    }
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was asked for is wrong: a file, a scenario.
    #[error("{0}")]
    Wrong(String),
    /// It could not start.
    #[error("{0}")]
    Start(String),
    /// The command could not be run, with the exit code a shell would give.
    #[error("{1}")]
    Command(u8, String),
}
