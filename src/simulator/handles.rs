//! Handles, what a test drives: a world, its time, its entities, its rules, its journal.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::message::{Method, Reply, Request};
use crate::policy::installed::Installed;
use crate::policy::rule::Rule;
use crate::providers::{HistoryRow, Name, Reading, Summary, environment, service};
use crate::server::world_entry::WorldEntry;
use crate::sim::journal::{Change, Entry};
use crate::sim::webhook::outbox::Delivery;
use crate::simulator::{Refused, Simulator};
use crate::world::{DEFAULT, World};

/// A world of a simulator.
#[derive(Debug, Clone)]
pub struct SimulatedWorld<'a> {
    pub(super) simulator: &'a Simulator,
    pub(super) name: String,
}

impl SimulatedWorld<'_> {
    pub(super) fn entry(&self) -> Result<Arc<WorldEntry>, Refused> {
        let worlds = &self.simulator.service.context.worlds;
        // The driver of a new world is a task.
        let _entered = self.simulator.runtime.as_ref().map(Runtime::enter);
        worlds.enter(&self.name).map_err(|full| Refused::new(full.to_string()))
    }

    fn look<T>(&self, look: impl FnOnce(&World) -> T) -> Result<T, Refused> {
        let seen = self.entry()?.read(look);
        seen.map_err(|panicked| Refused::new(panicked.to_string()))
    }

    /// Where it is reached, without a provider.
    pub fn url(&self) -> String {
        match self.name.as_str() {
            DEFAULT => self.simulator.origin.clone(),
            name => format!("{}/w/{name}", self.simulator.origin),
        }
    }

    /// Where a client finds a provider, up to and including what its documentation calls the base.
    pub fn base_url(&self, provider: Name) -> String {
        format!("{}/{provider}{}", self.url(), service(provider).base())
    }

    /// The variables that `shipmock exec` would set for it.
    ///
    /// # Errors
    /// `Refused` when the world broke.
    pub fn environment(&self) -> Result<Vec<(String, String)>, Refused> {
        self.look(|world| environment(&self.url(), world.providers()))
    }

    /// A credential of the presets that is a text.
    pub fn credential(&self, provider: Name, name: &str) -> Option<String> {
        let presets = self.look(|world| service(provider).presets(world.providers())).ok()?;
        presets.credentials.get(name)?.as_str().map(str::to_owned)
    }

    /// Calls a provider through its door, without a socket. What a rule does to the bytes stands in the reply.
    ///
    /// # Errors
    /// `Refused` when there is no such world any more and no room for it.
    pub fn call(&self, provider: Name, mut request: Request) -> Result<Reply, Refused> {
        if request.base.is_empty() {
            request.base = format!("{}/{provider}", self.url());
        }
        let (service, name) = (self.simulator.service.clone(), self.name.clone());
        self.simulator.wait(async move { service.call(&name, provider, request).await })
    }

    /// Asks the control API, without a socket: its path begins behind `/_shipmock`.
    ///
    /// # Errors
    /// `Refused` with what the API says.
    pub fn control(&self, method: Method, path: &str, body: &Value) -> Result<Value, Refused> {
        let mut request = Request::new(method, path);
        if !body.is_null() {
            request = request.carrying("application/json", body.to_string());
        }
        request.base = format!("{}/_shipmock", self.url());
        let (service, name) = (self.simulator.service.clone(), self.name.clone());
        let reply = self.simulator.wait(async move { service.drive(&name, &request).await })?;
        match reply.status {
            200..=299 => Ok(serde_json::from_slice(&reply.body).unwrap_or_default()),
            _ => Err(Refused::of(&reply)),
        }
    }

    fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T, Refused> {
        let said = self.control(method, path, body)?;
        serde_json::from_value(said).map_err(|wrong| Refused::new(wrong.to_string()))
    }

    /// Drops it and builds it again.
    ///
    /// # Errors
    /// `Refused` with what the API says.
    pub fn reset(&self) -> Result<(), Refused> {
        self.control(Method::Post, "/reset", &Value::Null).map(drop)
    }

    /// Its time.
    pub fn clock(&self) -> ClockHandle<'_> {
        ClockHandle(self)
    }

    /// The entities of a provider.
    pub fn entities(&self, provider: Name) -> EntitiesHandle<'_> {
        EntitiesHandle(self, provider)
    }

    /// Its faults and overrides.
    pub fn rules(&self) -> RulesHandle<'_> {
        RulesHandle(self)
    }

    /// What was asked and answered.
    pub fn journal(&self) -> JournalHandle<'_> {
        JournalHandle(self)
    }

    /// Its webhooks and what became of each, oldest first.
    ///
    /// # Errors
    /// `Refused` when the world broke.
    pub fn webhooks(&self) -> Result<Vec<Delivery>, Refused> {
        self.look(|world| world.outbox().deliveries().cloned().collect())
    }
}

/// The time of a world.
#[derive(Debug, Clone, Copy)]
pub struct ClockHandle<'a>(&'a SimulatedWorld<'a>);

/// What happened while time passed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Passed {
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// What moved.
    pub fired: Vec<Change>,
    /// The webhooks that were sent or settled, as the control API shows them.
    pub deliveries: Vec<Value>,
}

impl ClockHandle<'_> {
    /// The time it shows.
    ///
    /// # Errors
    /// `Refused` when the world broke.
    pub fn now(&self) -> Result<Timestamp, Refused> {
        self.0.look(World::now)
    }

    fn pass(&self, order: &Value) -> Result<Passed, Refused> {
        self.0.ask(Method::Post, "/clock/advance", order)
    }

    /// Lets time pass; webhooks are sent and answered before this returns.
    ///
    /// # Errors
    /// `Refused` when time cannot pass like this.
    pub fn advance(&self, by: SignedDuration) -> Result<Passed, Refused> {
        self.pass(&json!({ "by": by }))
    }

    /// Lets time pass up to an instant.
    ///
    /// # Errors
    /// The same.
    pub fn advance_to(&self, to: Timestamp) -> Result<Passed, Refused> {
        self.pass(&json!({ "to": to }))
    }

    /// Lets time pass up to the next thing that is due.
    ///
    /// # Errors
    /// The same.
    pub fn until_next(&self) -> Result<Passed, Refused> {
        self.pass(&json!({ "until": "next" }))
    }

    /// Lets time pass until nothing is due any more.
    ///
    /// # Errors
    /// The same.
    pub fn until_idle(&self) -> Result<Passed, Refused> {
        self.pass(&json!({ "until": "idle" }))
    }
}

/// The entities of a provider in a world.
#[derive(Debug, Clone, Copy)]
pub struct EntitiesHandle<'a>(&'a SimulatedWorld<'a>, Name);

/// An entity as it stands.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Inside {
    /// What it is.
    pub kind: String,
    /// The provider's own id.
    pub id: String,
    /// Where it stands, in the provider's words.
    pub state: Option<String>,
    /// How it got there.
    pub history: Vec<HistoryRow>,
    /// Everything else.
    pub data: Value,
}

impl EntitiesHandle<'_> {
    /// The entities of a kind, at most so many.
    ///
    /// # Errors
    /// `Refused` when there is no such kind.
    pub fn list(&self, kind: &str, limit: usize) -> Result<Vec<Summary>, Refused> {
        let listed = self
            .0
            .look(|world| service(self.1).kind(kind)?.list(world.providers(), None, limit))?;
        listed.map_err(|trouble| Refused { status: 404, sentence: trouble.to_string() })
    }

    fn path(&self, kind: &str, id: &str, call: &str) -> String {
        let id = utf8_percent_encode(id, NON_ALPHANUMERIC);
        format!("/{}/entities/{kind}/{id}{call}", self.1)
    }

    /// One entity.
    ///
    /// # Errors
    /// `Refused` when it is not there.
    pub fn get(&self, kind: &str, id: &str) -> Result<Inside, Refused> {
        self.0.ask(Method::Get, &self.path(kind, id, ""), &Value::Null)
    }

    /// Gives it an input of its life cycle.
    ///
    /// # Errors
    /// `Refused` naming the inputs that are possible.
    pub fn push(&self, kind: &str, id: &str, on: &str) -> Result<(), Refused> {
        let order = json!({ "on": on });
        self.0.control(Method::Post, &self.path(kind, id, "/move"), &order).map(drop)
    }

    /// Walks it to a state along its life cycle.
    ///
    /// # Errors
    /// `Refused` when no way leads there.
    pub fn move_to(&self, kind: &str, id: &str, state: &str) -> Result<(), Refused> {
        let order = json!({ "to": state });
        self.0.control(Method::Post, &self.path(kind, id, "/move"), &order).map(drop)
    }

    /// Sets data that an operator of the provider could set.
    ///
    /// # Errors
    /// `Refused` naming what can be set.
    pub fn set<V: Into<Value>>(
        &self,
        kind: &str,
        id: &str,
        fields: impl IntoIterator<Item = (&'static str, V)>,
    ) -> Result<(), Refused> {
        let fields: Map<String, Value> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        self.0.control(Method::Patch, &self.path(kind, id, ""), &Value::Object(fields)).map(drop)
    }
}

/// The rules of a world.
#[derive(Debug, Clone, Copy)]
pub struct RulesHandle<'a>(&'a SimulatedWorld<'a>);

impl RulesHandle<'_> {
    /// Installs a rule behind all others; returns its id.
    ///
    /// # Errors
    /// `Refused` when it speaks of what is not there.
    pub fn install(&self, rule: Rule) -> Result<String, Refused> {
        let rule = serde_json::to_value(rule).map_err(|wrong| Refused::new(wrong.to_string()))?;
        let made = self.0.control(Method::Post, "/rules", &rule)?;
        let id = made.get("id").and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| Refused::new("the rule got no id"))
    }

    /// Takes a rule away.
    ///
    /// # Errors
    /// `Refused` when there is none of that id.
    pub fn remove(&self, id: &str) -> Result<(), Refused> {
        self.0.control(Method::Delete, &format!("/rules/{id}"), &Value::Null).map(drop)
    }

    /// The rules in their order, with how often each was used.
    ///
    /// # Errors
    /// `Refused` when the world broke.
    pub fn list(&self) -> Result<Vec<Installed>, Refused> {
        self.0.look(|world| world.rules().iter().cloned().collect())
    }
}

/// The journal of a world.
#[derive(Debug, Clone, Copy)]
pub struct JournalHandle<'a>(&'a SimulatedWorld<'a>);

impl JournalHandle<'_> {
    /// The entries kept, oldest first.
    ///
    /// # Errors
    /// `Refused` when the world broke.
    pub fn entries(&self) -> Result<Vec<Entry>, Refused> {
        self.0.look(|world| world.journal().entries().map(|entry| entry.to_entry()).collect())
    }

    /// What an entry's call held that nothing read, and lacked that it usually has.
    pub fn reading(&self, entry: &Entry) -> Reading {
        let owner = Name::of(&entry.provider).map(service);
        owner.and_then(|service| service.reading(&entry.request, &entry.reply)).unwrap_or_default()
    }

    /// Forgets every entry.
    ///
    /// # Errors
    /// `Refused` with what the API says.
    pub fn clear(&self) -> Result<(), Refused> {
        self.0.control(Method::Delete, "/requests", &Value::Null).map(drop)
    }
}
