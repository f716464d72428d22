//! Start and graceful shutdown of a server: the listener, the registry, the observers, the tasks beside them.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::watch::{Sender, channel};
use tokio::task::JoinHandle;

use crate::report::Tally;
use crate::scenario;
use crate::server::control_access::ControlAccess;
use crate::server::http_service::HttpService;
use crate::server::metrics::Metrics;
use crate::server::observer::Observer;
use crate::server::options::{Failure, Options};
use crate::server::persistence::StateFile;
use crate::server::registry::Registry;
use crate::server::server_context::ServerContext;
use crate::server::webhook_sender::WebhookSender;
use crate::server::{file_lock, listener, watch};
use crate::sim::clock::Mode;
use crate::world::{DEFAULT, Recipe, World};

/// The server, to be started in this process.
#[derive(Debug, Clone, Copy)]
pub struct Server;

/// A server that answers.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, first of all.
    pub address: SocketAddr,
    /// Where it listens, too.
    pub others: Vec<SocketAddr>,
    pub(crate) service: Arc<HttpService>,
    stop: Sender<bool>,
    listening: Vec<JoinHandle<()>>,
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
        let name = &options.scenario;
        if options.watch && scenario::ready_made().iter().any(|(known, _)| known == name) {
            return Err(Failure::Wrong(format!(
                "error: --watch looks at a scenario's file, and `{name}` is a ready-made one, which does not change; \
                 name a file with --scenario FILE"
            )));
        }
        let (address, listeners) = bind(&options.listen, options.port).await?;
        let said = said(&options);
        let (orders, wall) = (options.orders.clone(), Timestamp::now());
        let source = scenario.source;
        let recipe = Recipe::new(scenario.name, scenario.world, orders, wall);
        if options.orders.speed.is_some() && recipe.mode != Mode::Scaled {
            return Err(Failure::Wrong(format!(
                "error: --speed is how fast a scaled clock runs, and this one is {}; say --clock scaled, or leave \
                 --speed out",
                recipe.mode
            )));
        }
        let build = move || World::build(Arc::new(recipe));
        let built = tokio::task::spawn_blocking(build).await;
        let prototype = built.map_err(|error| Failure::Start(error.to_string()))?;
        let sender = Arc::new(WebhookSender::default());
        let prototype = Arc::new(prototype.map_err(|error| wrong(&error))?);
        let observer =
            observer(options.report, options.record.as_deref(), options.force, &prototype)?;
        let worlds = Registry::new(prototype, options.max_worlds, sender.clone());
        let worlds = worlds.observed_by(observer);
        let (stop, stopped) = channel(false);
        let context = Arc::new(ServerContext {
            worlds,
            sender,
            orders: options.orders,
            limits: options.limits,
            metrics: Metrics::new(),
            stopping: stopped.clone(),
            listeners: Arc::new(Semaphore::new(options.limits.listeners)),
        });
        let service = Arc::new(HttpService {
            context: context.clone(),
            access: ControlAccess::new(address, options.control_token.as_deref()),
            authority: address.to_string(),
        });
        let state = match &options.state {
            Some(file) => {
                let state = StateFile::open(file, &context).await?;
                if state.restored > 0 && !said.is_empty() {
                    let _ = writeln!(
                        io::stderr(),
                        "shipmock: the worlds of --state {} go on as they were saved; only worlds that are made from now on \
                         heed {}",
                        file.display(),
                        said.join(", ")
                    );
                }
                let state = Arc::new(tokio::sync::Mutex::new(state));
                Some((state.clone(), StateFile::watch(state, context.clone())))
            }
            None => None,
        };
        // Made here when no file had it.
        context.worlds.enter(DEFAULT).map_err(|full| wrong(&full))?;
        if let Some(idle) = options.world_idle {
            tokio::spawn(sweep(context.clone(), idle));
        }
        if options.watch {
            let file = watch::Watched::new(source);
            tokio::spawn(watch::watch(file, options.limits.watch_every, Arc::downgrade(&context)));
        }
        let others = listeners.iter().filter_map(|it| it.local_addr().ok());
        let others = others.filter(|it| *it != address).collect();
        let listen = |it| tokio::spawn(listener::listen(it, service.clone(), stopped.clone()));
        let listening = listeners.into_iter().map(listen).collect();
        Ok(Running { address, others, service, stop, listening, state })
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

    /// Everything that was counted, and what the worlds that are still there come to.
    pub(crate) fn tally(&self) -> impl Future<Output = Tally> + Send + use<> {
        let context = self.service.context.clone();
        async move {
            let worlds = context.worlds.all();
            let open: Vec<_> = worlds.iter().filter_map(|entry| entry.totals()).collect();
            drop(worlds);
            context.worlds.observer().tally(&open).await
        }
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
        for listening in self.listening {
            let _ = listening.await;
        }
        let saved = match &self.state {
            Some((state, watching)) => {
                watching.abort();
                StateFile::save_apart(state, &self.service.context).await
            }
            None => Ok(()),
        };
        self.service.context.worlds.observer().flush().await;
        saved
    }
}

/// Who observes the worlds: a report, a recording, or nobody.
fn observer(
    report: bool,
    record: Option<&Path>,
    force: bool,
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
        let open = session_file(file, force)?;
        observer = observer.recording(open, prototype).map_err(unwritable)?;
    }
    Ok(observer)
}

/// The file of a session, empty: one that is there already is somebody's session.
fn session_file(file: &Path, force: bool) -> Result<File, Failure> {
    let name = file.display();
    let unwritable = |error: io::Error| {
        Failure::Start(match error.kind() {
            io::ErrorKind::WouldBlock => {
                format!("--record {name} is being written by another server; name another file")
            }
            _ => format!("--record {name} cannot be written: {error}"),
        })
    };
    let open = OpenOptions::new().write(true).create(true).truncate(false).open(file);
    let open = open.map_err(unwritable)?;
    let there = open.metadata().map_err(unwritable)?;
    // A pipe or a device has no session that could be lost.
    if there.is_file() {
        file_lock::lock(&open).map_err(unwritable)?;
        if there.len() > 0 && !force {
            return Err(Failure::Wrong(format!(
                "error: --record {name}: there is something in that file already, perhaps a session; name another \
                 file, or write over it with --force"
            )));
        }
        open.set_len(0).map_err(unwritable)?;
    }
    Ok(open)
}

/// What the command line says of how worlds begin, which one that was saved does not.
fn said(options: &Options) -> Vec<&'static str> {
    let Options { scenario, orders, .. } = options;
    let all = [
        (scenario != "default", "--scenario"),
        (orders.seed.is_some(), "--seed"),
        (orders.mode.is_some(), "--clock"),
        (orders.at.is_some(), "--at"),
        (orders.speed.is_some(), "--speed"),
    ];
    all.into_iter().filter(|(said, _)| *said).map(|(_, flag)| flag).collect()
}

/// Drops idle worlds, until the server stops.
async fn sweep(context: Arc<ServerContext>, idle: Duration) {
    let pause = (idle / 4).clamp(Duration::from_millis(10), Duration::from_secs(60));
    let mut stopping = context.stopping.clone();
    while tokio::time::timeout(pause, stopping.wait_for(|stopping| *stopping)).await.is_err() {
        context.worlds.sweep(idle);
    }
}

/// How often a free port is looked for that all addresses of a name have.
const DRAWS: usize = 16;

/// Listens on all addresses at one port, and says which is the first.
async fn bind(addresses: &[IpAddr], port: u16) -> Result<(SocketAddr, Vec<TcpListener>), Failure> {
    let mut draws = 1..=DRAWS;
    'draw: loop {
        let mut listeners: Vec<TcpListener> = Vec::with_capacity(addresses.len());
        let mut first = None;
        for ip in addresses {
            let taken = first.map_or(port, |first: SocketAddr| first.port());
            let wanted = SocketAddr::new(*ip, taken);
            match TcpListener::bind(wanted).await {
                Ok(listener) => {
                    let bound = listener.local_addr().map_err(|error| unbound(wanted, &error))?;
                    first = first.or(Some(bound));
                    listeners.push(listener);
                }
                Err(error) if first.is_some() && is_missing(&error) => {}
                // The port was free at the first address alone.
                Err(error) if first.is_some() && port == 0 && is_taken(&error) => {
                    if draws.next().is_some() {
                        continue 'draw;
                    }
                    return Err(unbound(wanted, &error));
                }
                Err(error) => return Err(unbound(wanted, &error)),
            }
        }
        return match first {
            Some(first) => Ok((first, listeners)),
            None => Err(Failure::Start("there is no address to listen on".to_owned())),
        };
    }
}

fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}

/// Whether the machine has no such address. Without IPv6 it does not even know the kind, for which `ErrorKind` has no
/// word.
fn is_missing(error: &io::Error) -> bool {
    !matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied)
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
