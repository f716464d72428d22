//! The shell: sockets, tasks and real seconds around the worlds.
#![allow(
    clippy::disallowed_methods,
    reason = "the shell: the only room with real time, tasks and waiting"
)]

mod advance;
mod announce;
mod clock_driver;
mod control_access;
mod control_jobs;
mod event_channel;
mod event_stream;
mod exec;
pub(crate) mod http_service;
mod landing_page;
mod listener;
mod lock_depth;
mod long_poll;
mod metrics;
mod observer;
mod panicked;
mod persistence;
mod recorded_world;
mod recording;
pub(crate) mod registry;
mod remote;
mod run;
mod settle;
mod signals;
mod tls;
mod watch;
mod webhook_sender;
mod wire;
mod wire_faults;
pub(crate) mod world_entry;
mod world_event;
mod world_feed;

use std::fs::File;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::watch::{Sender, channel};
use tokio::task::JoinHandle;

use crate::scenario;
use crate::server::control_access::ControlAccess;
use crate::server::http_service::HttpService;
use crate::server::metrics::Metrics;
use crate::server::observer::Observer;
use crate::server::persistence::StateFile;
use crate::server::registry::Registry;
use crate::world::{DEFAULT, Orders, Recipe, World};

pub use exec::{Execution, exec};
pub use remote::RemoteServer;
pub use run::serve;
pub use webhook_sender::WebhookSender;

/// The port when nobody names one: SHIP on a telephone's keys.
pub const PORT: u16 = 7447;
/// How many worlds there may be when nobody says otherwise.
pub const MAX_WORLDS: usize = 10_000;

/// How long a world may be idle when nobody says otherwise.
pub const WORLD_IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on.
    pub listen: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// A ready-made scenario's name, or a file.
    pub scenario: String,
    /// What is said over the scenario.
    pub orders: Orders,
    /// How many worlds there may be.
    pub max_worlds: usize,
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
    /// Keeps the worlds while nobody serves them.
    pub state: Option<PathBuf>,
    /// How long and how much a client may keep the server busy.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: PORT,
            scenario: "default".to_owned(),
            orders: Orders::default(),
            max_worlds: MAX_WORLDS,
            world_idle: Some(WORLD_IDLE),
            control_token: None,
            watch: false,
            ready_file: None,
            report: false,
            record: None,
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

/// The server, to be started in this process.
#[derive(Debug, Clone, Copy)]
pub struct Server;

/// A server that answers.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    pub(crate) service: Arc<HttpService>,
    stop: Sender<bool>,
    listening: JoinHandle<()>,
    /// The file of the worlds, and the task that writes it at intervals. A `tokio` mutex: it is held while writing.
    state: Option<(Arc<tokio::sync::Mutex<StateFile>>, JoinHandle<()>)>,
}

impl Server {
    /// Builds the default world and begins to answer. Dropping what comes back stops it, too.
    ///
    /// # Errors
    /// `Failure` in a sentence for the operator.
    pub async fn start(options: Options) -> Result<Running, Failure> {
        let wrong = |error: &dyn std::fmt::Display| Failure::Wrong(error.to_string());
        let read = |file: &str| std::fs::read_to_string(file);
        let scenario = scenario::open(&options.scenario, read).map_err(|error| wrong(&error))?;
        let wanted = SocketAddr::new(options.listen, options.port);
        let listener = TcpListener::bind(wanted).await.map_err(|error| unbound(wanted, &error))?;
        let address = listener.local_addr().map_err(|error| unbound(wanted, &error))?;
        let (orders, wall) = (options.orders.clone(), Timestamp::now());
        let source = scenario.source;
        let recipe = Recipe::new(scenario.name, scenario.world, orders, wall);
        let build = move || World::build(Arc::new(recipe));
        let built = tokio::task::spawn_blocking(build).await;
        let prototype = built.map_err(|error| Failure::Start(error.to_string()))?;
        let sender = Arc::new(WebhookSender::default());
        let prototype = Arc::new(prototype.map_err(|error| wrong(&error))?);
        let observer = observer(options.report, options.record.as_deref(), &prototype)?;
        let worlds = Registry::new(prototype, options.max_worlds, sender.clone());
        let worlds = worlds.observed_by(observer);
        let (stop, stopped) = channel(false);
        let service = Arc::new(HttpService {
            worlds,
            sender,
            orders: options.orders,
            access: ControlAccess::new(address, options.control_token.as_deref()),
            limits: options.limits,
            metrics: Metrics::new(),
            authority: address.to_string(),
            stopping: stopped.clone(),
            listeners: Arc::new(Semaphore::new(options.limits.listeners)),
        });
        let state = match &options.state {
            Some(file) => {
                let state = StateFile::open(file, &service).await?;
                let state = Arc::new(tokio::sync::Mutex::new(state));
                Some((state.clone(), StateFile::watch(state, service.clone())))
            }
            None => None,
        };
        // Made here when no file had it.
        service.worlds.enter(DEFAULT).map_err(|full| wrong(&full))?;
        if let Some(idle) = options.world_idle {
            tokio::spawn(sweep(service.clone(), idle));
        }
        // A ready-made scenario is part of the program and does not change.
        if options.watch && scenario::ready(&options.scenario).is_none() {
            let file = watch::Watched::new(source);
            tokio::spawn(watch::watch(file, options.limits.watch_every, Arc::downgrade(&service)));
        }
        let listening = tokio::spawn(listener::listen(listener, service.clone(), stopped));
        Ok(Running { address, service, stop, listening, state })
    }
}

impl Running {
    /// Where a client on this machine reaches it.
    pub fn base_url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Stops accepting, lets requests under way finish, and returns when the last connection is closed.
    pub async fn stop(self) {
        let _ = self.finish().await;
    }

    /// The same, and says when the worlds could not be kept.
    ///
    /// # Errors
    /// `Failure` in a sentence for the operator.
    pub async fn finish(self) -> Result<(), Failure> {
        let _ = self.stop.send(true);
        let _ = self.listening.await;
        let saved = match &self.state {
            Some((state, watching)) => {
                watching.abort();
                StateFile::save_apart(state, &self.service).await
            }
            None => Ok(()),
        };
        self.service.worlds.observer().flush().await;
        saved
    }
}

/// Who observes the worlds: a report, a recording, or nobody.
fn observer(
    report: bool,
    record: Option<&Path>,
    prototype: &Arc<World>,
) -> Result<Observer, Failure> {
    let mut observer = Observer::default();
    if report {
        let lost = |error| Failure::Start(format!("no thread for the report: {error}"));
        observer = observer.counting().map_err(lost)?;
    }
    if let Some(file) = record {
        let unwritable = |error: io::Error| {
            Failure::Start(format!("--record {} cannot be written: {error}", file.display()))
        };
        let open = File::create(file).map_err(unwritable)?;
        observer = observer.recording(open, prototype).map_err(unwritable)?;
    }
    Ok(observer)
}

/// Drops idle worlds, until the server stops.
async fn sweep(service: Arc<HttpService>, idle: Duration) {
    let pause = (idle / 4).clamp(Duration::from_millis(10), Duration::from_secs(60));
    let mut stopping = service.stopping.clone();
    while tokio::time::timeout(pause, stopping.wait_for(|stopping| *stopping)).await.is_err() {
        service.worlds.sweep(idle);
    }
}

/// Why an address could not be listened on, and what to do.
fn unbound(address: SocketAddr, error: &io::Error) -> Failure {
    let (ip, port) = (address.ip(), address.port());
    Failure::Start(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "port {port} on {ip} is taken by another program; stop that one, or choose another port with \
             --port N (--port 0 takes a free one)"
        ),
        io::ErrorKind::PermissionDenied => {
            format!(
                "port {port} is reserved for the administrator; choose one above 1023 with --port N"
            )
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("{ip} is not an address of this machine; --listen 127.0.0.1 always is one")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}
