//! A world for one test: built from a scenario, called through its doors, with a receiver for its webhooks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use shipmock::internals::kit::time::span;
use shipmock::internals::message::{Headers, Method, Reply, Request};
use shipmock::internals::providers::{Name, service};
use shipmock::internals::scenario;
use shipmock::internals::sim::clock::Mode;
use shipmock::internals::sim::journal::Change;
use shipmock::internals::sim::webhook::egress::Reach;
use shipmock::internals::sim::webhook::outbox::{Outcome, OutgoingAttempt};
use shipmock::internals::world::{Orders, Recipe, Setup, World};

/// Where every test's clock begins, and stands until it is advanced.
pub const START: &str = "2026-05-14T09:00:00Z";

/// The seed of every test's world.
pub const SEED: u64 = 7;

/// Prints a value into `snapshots/<kind>/<name>.snap`, or compares it with what is there. Nothing is redacted: a
/// value that would need hiding means that the core leaked time or chance.
macro_rules! snapshot {
    ($kind:literal, $name:expr, $printed:expr) => {{
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/", $kind));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!($name, $printed));
    }};
}

/// A path below the top of the project.
pub fn project(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// An instant, as a test writes it.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a ready-made scenario says about its world.
pub fn setup(scenario: &str) -> Setup {
    let read = scenario::ready(scenario).unwrap_or_else(|| panic!("no scenario `{scenario}`"));
    read.unwrap_or_else(|wrong| panic!("{wrong}")).world
}

/// The default scenario without its invented past: the documented orders, keys and products, and quick to build.
pub fn small() -> Setup {
    let mut setup = setup("default");
    for organization in setup.shipper.iter_mut().flat_map(|it| &mut it.organizations).flatten() {
        organization.history = None;
        organization.catalogue = None;
    }
    for account in setup.shiptheory.iter_mut().flat_map(|it| &mut it.accounts).flatten() {
        account.history = None;
    }
    for seller in setup.shiplee.iter_mut().flat_map(|it| &mut it.sellers).flatten() {
        seller.history = None;
    }
    for account in setup.shipup.iter_mut().flat_map(|it| &mut it.accounts).flatten() {
        account.history = None;
    }
    for store in setup.salla.iter_mut().flat_map(|it| &mut it.stores).flatten() {
        store.lately = None;
    }
    setup
}

/// What an operator would say to freeze a world where every test begins.
pub fn orders() -> Orders {
    Orders {
        seed: Some(SEED),
        mode: Some(Mode::Frozen),
        at: Some(at(START)),
        reach: Reach::default(),
        ..Orders::default()
    }
}

/// A world of a setup.
pub fn build(scenario: &str, setup: Setup, orders: Orders) -> World {
    let recipe = Recipe::new(scenario, setup, orders, at(START));
    World::build(Arc::new(recipe)).unwrap_or_else(|wrong| panic!("{scenario}: {wrong}"))
}

/// A world of a scenario that is built once for all tests.
fn prototype(scenario: &'static str) -> World {
    static BUILT: LazyLock<Mutex<BTreeMap<&'static str, World>>> = LazyLock::new(Mutex::default);
    let mut built = BUILT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let fresh = || match scenario {
        "small" => build(scenario, small(), orders()),
        ready_made => build(scenario, setup(ready_made), orders()),
    };
    built.entry(scenario).or_insert_with(fresh).clone()
}

/// A webhook that was sent, and what its receiver did.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// World time.
    pub at: Timestamp,
    /// Where to.
    pub url: String,
    /// Its header fields.
    pub headers: Headers,
    /// The bytes that were signed.
    pub body: String,
    /// What the receiver did.
    pub outcome: Outcome,
}

impl Sent {
    /// The body, read.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A world with a receiver for its webhooks. A test that lets some go out must look at them.
#[derive(Debug, Clone)]
pub struct TestWorld {
    /// The world itself.
    pub world: World,
    /// What the receiver of every webhook does; says 200 unless a test puts another here.
    pub receiver: fn(&OutgoingAttempt) -> Outcome,
    sent: Vec<Sent>,
}

impl TestWorld {
    /// A ready-made scenario's world, or `small`.
    pub fn open(scenario: &'static str) -> Self {
        Self::of(prototype(scenario))
    }

    /// A world that is there already.
    pub fn of(world: World) -> Self {
        TestWorld { world, receiver: |_| Outcome::Answered(200), sent: Vec::new() }
    }

    /// A call to a provider.
    pub fn call(&mut self, name: Name, request: Request) -> Reply {
        self.world.request(name, request)
    }

    /// Hands every webhook that is ready to the receiver.
    pub fn deliver(&mut self) {
        for post in self.world.take_attempts() {
            let outcome = (self.receiver)(&post);
            self.sent.push(Sent {
                at: self.world.now(),
                url: post.address.to_string(),
                headers: post.headers,
                body: post.body.text().into_owned(),
                outcome: outcome.clone(),
            });
            self.world.delivered(post.delivery, &outcome);
        }
    }

    /// Lets time pass, as `90s` or `36h`, delivering on the way; what moved.
    pub fn advance(&mut self, by: &str) -> Vec<Change> {
        let by = span(by).unwrap_or_else(|| panic!("`{by}` is no span"));
        self.advance_to(self.world.now().saturating_add(by).unwrap())
    }

    /// Lets time pass up to an instant, delivering on the way; what moved.
    pub fn advance_to(&mut self, to: Timestamp) -> Vec<Change> {
        let mut changes = Vec::new();
        loop {
            self.deliver();
            changes.extend(self.world.advance(to));
            if !self.world.outbox().has_ready_attempts() {
                return changes;
            }
        }
    }

    /// Lets time pass until nothing is due any more; what moved.
    pub fn settle(&mut self) -> Vec<Change> {
        self.deliver();
        let mut changes = Vec::new();
        while let Some(next) = self.world.next_due() {
            changes.extend(self.advance_to(next));
        }
        changes
    }

    /// The webhooks that went out since the last look.
    pub fn sent(&mut self) -> Vec<Sent> {
        std::mem::take(&mut self.sent)
    }

    /// The value of a credential of `presets`.
    pub fn credential(&self, name: Name, credential: &str) -> String {
        let presets = service(name).presets(self.world.providers());
        let value = presets.credentials.get(credential).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("{name} has no credential `{credential}`")).to_owned()
    }

    /// Everything a refusal must leave alone, as text: entities, what is due, webhooks.
    pub fn holdings(&self) -> String {
        let world = &self.world;
        serde_json::to_string(&(world.providers(), world.agenda(), world.outbox())).unwrap()
    }
}

impl Drop for TestWorld {
    fn drop(&mut self) {
        let unseen = self.sent.len() + usize::from(self.world.outbox().has_ready_attempts());
        if unseen > 0 && !std::thread::panicking() {
            panic!("webhooks nobody looked at: {:#?}", self.sent);
        }
    }
}

/// Reading answers.
pub trait Read {
    /// The body as JSON.
    fn json(&self) -> Value;
    /// The body as text.
    fn text(&self) -> String;
    /// A header field, or nothing.
    fn header(&self, name: &str) -> Option<&str>;
    /// The whole answer as it goes over a wire.
    fn wire(&self) -> String;
}

impl Read for Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}: {}", self.status, self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    fn wire(&self) -> String {
        let fields: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{}\n{fields}\n{}", self.status, self.text())
    }
}

/// A request with a JSON body.
pub fn with_json(request: Request, body: &Value) -> Request {
    request.carrying("application/json", body.to_string())
}

/// Every verb a client may use on a provider's path.
pub const VERBS: &[Method] = &[
    Method::Get,
    Method::Head,
    Method::Post,
    Method::Put,
    Method::Patch,
    Method::Delete,
    Method::Options,
    Method::Trace,
];

/// The span between two instants, in seconds.
pub fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    let between: SignedDuration = to.duration_since(from);
    between.as_secs()
}
