//! The simulator as a library: a server in this process on a free port, and handles for what a test drives.

mod handles;

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use jiff::Timestamp;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::scenario::START;
use crate::server::http_service::HttpService;
use crate::server::{Options, Running, Server};
use crate::sim::webhook::egress::Reach;
use crate::world::{DEFAULT, WORLD_NAMES, valid_name};

pub use crate::message::{Body, Evidence, Headers, Method, Reply, Request};
pub use crate::policy::installed::Installed;
pub use crate::policy::rule::Rule;
pub use crate::providers::{HistoryRow, Name, Reading, Summary};
pub use crate::report::Report;
pub use crate::server::Failure;
pub use crate::sim::clock::Mode;
pub use crate::sim::journal::{Change, Entry};
pub use crate::sim::webhook::outbox::{Attempt, Delivery, DeliveryState};
pub use handles::{
    ClockHandle, EntitiesHandle, Inside, JournalHandle, Passed, RulesHandle, SimulatedWorld,
};

/// A server in this process. Every test gets a world of its own from it; nothing waits for real time.
///
/// ```
/// use shipmock::Simulator;
/// use shipmock::jiff::SignedDuration;
/// use shipmock::simulator::{Method, Name, Request};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let simulator = Simulator::start()?;
/// let world = simulator.world("cancelled-too-late")?;
///
/// // The client under test is pointed at `world.base_url(Name::Shipper)`; here a call goes through the door itself.
/// let key = world.credential(Name::Shipper, "api_key").ok_or("there is no such preset")?;
/// let cancel = || {
///     Request::new(Method::Post, "/api/v1/orders/554/cancel")
///         .with("authorization", format!("Bearer {key}"))
/// };
/// assert_eq!(world.call(Name::Shipper, cancel())?.status, 200);
/// assert_eq!(world.call(Name::Shipper, cancel())?.status, 422);
///
/// // Why? The journal says it, and what to do about it.
/// let refused = world.journal().entries()?.pop().ok_or("nothing was asked")?;
/// assert!(refused.reply.explanation.is_some());
///
/// // Time passes at once, and only here.
/// let passed = world.clock().advance(SignedDuration::from_hours(48))?;
/// assert_eq!(passed.to.duration_since(passed.from), SignedDuration::from_hours(48));
///
/// // Data an operator could set, and what becomes of an entity.
/// let entities = world.entities(Name::Shiplee);
/// entities.set("seller", "62", [("wallet", 499.99)])?;
/// assert_eq!(world.entities(Name::Shipper).get("order", "554")?.id, "554");
///
/// // The next booking is lost on its way back.
/// let rule = serde_json::json!({
///     "on": "POST /shiplee/create_shipment", "first": 1, "then": { "fault": "reset" }
/// });
/// world.rules().install(serde_json::from_value(rule)?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Simulator {
    service: Arc<HttpService>,
    origin: String,
    running: Option<Running>,
    runtime: Option<Runtime>,
}

/// Why something could not be done, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Refused {
    /// The status the control API would give.
    pub status: u16,
    /// What is wrong, and usually what would be right.
    pub sentence: String,
}

impl Refused {
    fn new(sentence: impl Into<String>) -> Refused {
        Refused { status: 500, sentence: sentence.into() }
    }

    fn of(reply: &Reply) -> Refused {
        let said: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let detail = said.get("detail").and_then(Value::as_str);
        let sentence = detail.map_or_else(|| reply.body.text().into_owned(), str::to_owned);
        Refused { status: reply.status, sentence }
    }
}

/// How a simulator is started.
#[derive(Debug, Clone)]
pub struct Builder(Options);

impl Builder {
    /// The name of a ready-made scenario, or a YAML file.
    pub fn scenario(mut self, name_or_file: impl Into<String>) -> Builder {
        self.0.scenario = name_or_file.into();
        self
    }

    /// The seed of everything that is made up.
    pub fn seed(mut self, seed: u64) -> Builder {
        self.0.orders.seed = Some(seed);
        self
    }

    /// Where the clocks of the worlds begin.
    pub fn at(mut self, at: Timestamp) -> Builder {
        self.0.orders.at = Some(at);
        self
    }

    /// How their time runs; it stands unless this says otherwise.
    pub fn clock(mut self, mode: Mode) -> Builder {
        self.0.orders.mode = Some(mode);
        if mode == Mode::Real {
            self.0.orders.at = None;
        }
        self
    }

    /// Sends webhooks for the first origin to the second.
    ///
    /// # Errors
    /// `Refused` when these are no origins.
    pub fn webhooks(mut self, from: &str, to: &str) -> Result<Builder, Refused> {
        let redirect = Reach::redirect(&format!("{from}={to}"))
            .map_err(|wrong| Refused::new(wrong.to_string()))?;
        self.0.orders.reach.redirects.push(redirect);
        Ok(self)
    }

    /// Writes everything that goes into the worlds to a file, for `shipmock replay`.
    pub fn record(mut self, file: impl Into<PathBuf>) -> Builder {
        self.0.record = Some(file.into());
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// `Failure` in a sentence.
    pub fn start(self) -> Result<Simulator, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("shipmock")
            .enable_all()
            .build()
            .map_err(|error| Failure::Start(format!("no threads to run on: {error}")))?;
        let lost = || Failure::Start("the simulator's threads are gone".to_owned());
        let running = wait(&runtime, Server::start(self.0)).ok_or_else(lost)??;
        Ok(Simulator {
            service: running.service.clone(),
            origin: running.base_url(),
            running: Some(running),
            runtime: Some(runtime),
        })
    }
}

/// Waits for something without entering the runtime, so that a caller may stand in one of its own.
fn wait<T: Send + 'static>(
    runtime: &Runtime,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (done, waiting) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        let _ = done.send(work.await);
    });
    waiting.recv().ok()
}

impl Simulator {
    /// The default scenario on a free port, its clocks standing at a fixed instant.
    ///
    /// # Errors
    /// `Failure` in a sentence.
    pub fn start() -> Result<Simulator, Failure> {
        Simulator::builder().start()
    }

    /// The same, to be told more.
    pub fn builder() -> Builder {
        let mut options = Options { port: 0, report: true, ..Options::default() };
        options.orders.at = Some(START);
        Builder(options)
    }

    /// Where it is reached: what a client finds in `SHIPMOCK_URL`.
    pub fn url(&self) -> &str {
        &self.origin
    }

    /// A world of this name, made on first use: up to 64 letters, digits, dots, dashes and underscores.
    ///
    /// # Errors
    /// `Refused` when that is no name, or when there are too many worlds.
    pub fn world(&self, name: &str) -> Result<SimulatedWorld<'_>, Refused> {
        if !valid_name(name) {
            return Err(Refused::new(format!(
                "`{name}` cannot be the name of a world: that is {WORLD_NAMES}"
            )));
        }
        let world = SimulatedWorld { simulator: self, name: name.to_owned() };
        world.entry()?;
        Ok(world)
    }

    /// The world that is called without `/w/<name>`.
    ///
    /// # Errors
    /// `Refused` when there are too many worlds.
    pub fn default_world(&self) -> Result<SimulatedWorld<'_>, Refused> {
        self.world(DEFAULT)
    }

    /// What was done so far in all worlds.
    pub fn report(&self) -> Report {
        let tally = self.running.as_ref().and_then(|running| self.wait(running.tally()).ok());
        tally.unwrap_or_default().report()
    }

    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Refused> {
        let gone = || Refused::new("the simulator's threads are gone");
        self.runtime.as_ref().and_then(|runtime| wait(runtime, work)).ok_or_else(gone)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // Not waited for: a test that is over has nothing more to learn.
        self.running = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
