//! One isolated world and its four doors: `request`, `advance`, `take_attempts`, `delivered`.
//!
//! Same recipe and same calls through these doors give the same replies, webhooks and journal, to the byte.

mod address;
mod apply_rule;
mod recipe;
mod save;
mod webhook_faults;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kit::mistake::Mistake;
use crate::kit::time::http_date;
use crate::message::{Args, Headers, Reply, Request};
use crate::policy::call::MatchedCall;
use crate::policy::installed::{Chosen, Installed, MOST, Rules};
use crate::policy::rule::Rule;
use crate::providers::{
    self, Answered, Detail, Due, Name, OperatorError, Parts, Preview, Providers, Service,
};
use crate::sim::agenda::Agenda;
use crate::sim::chance::Chance;
use crate::sim::clock::Clock;
use crate::sim::journal::{Change, Entry, Journal};
use crate::sim::machine;
use crate::sim::rate_limit::leaky_bucket::Buckets;
use crate::sim::rate_limit::window::Windows;
use crate::sim::webhook::outbox::{Delivery, Next, Outbox, Outcome, OutgoingAttempt};

pub use address::{Addressed, DEFAULT, Entrance, resolve, valid_name};
pub use recipe::{ClockSetup, JournalSetup, Orders, Recipe, SEED, Setup, check_place};
pub use save::{FORMAT, Unreadable};

/// Everything that can change, of every provider, under one clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct World {
    recipe: Arc<Recipe>,
    clock: Clock,
    now: Timestamp,
    chance: Chance,
    agenda: Agenda<Due>,
    outbox: Outbox,
    journal: Journal,
    windows: Windows,
    buckets: Buckets,
    rules: Rules,
    providers: Providers,
}

/// The header that names the journal entry of an answer.
pub const REQUEST_HEADER: &str = "X-Shipmock-Request";
/// The header that says how we know that the provider answers like this.
pub const EVIDENCE_HEADER: &str = "X-Shipmock-Evidence";

impl World {
    /// Builds a world from its recipe: its history is lived through, up to the recipe's start.
    ///
    /// # Errors
    /// The place in the setup, as `shipper.organizations[0].orders[2]`, and the mistake, when it contradicts itself.
    pub fn build(recipe: Arc<Recipe>) -> Result<World, Mistake> {
        let bound = recipe.setup.journal.as_ref().and_then(|journal| journal.bytes);
        let mut world = World {
            clock: Clock::new(recipe.mode, recipe.speed, recipe.start, recipe.wall),
            now: recipe.start,
            chance: Chance::new(recipe.seed),
            agenda: Agenda::default(),
            outbox: Outbox::reaching(recipe.reach.clone()),
            journal: bound.map_or_else(Journal::default, Journal::bounded),
            windows: Windows::default(),
            buckets: Buckets::default(),
            rules: Rules::default(),
            providers: Providers::default(),
            recipe,
        };
        recipe::open(&mut world)?;
        Ok(world)
    }

    /// What it was built from.
    pub fn recipe(&self) -> &Arc<Recipe> {
        &self.recipe
    }

    /// Draws from another seed from here on; what was drawn stays.
    pub fn reseed(&mut self, seed: u64) {
        self.chance.reseed(seed);
        self.recipe = Arc::new(Recipe { seed, ..Recipe::clone(&self.recipe) });
    }

    /// World time: the instant up to which everything due has happened.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How its time runs.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Sets how its time runs. The shell passes wall time to the clock; the world itself never asks.
    pub fn clock_mut(&mut self) -> &mut Clock {
        &mut self.clock
    }

    /// When something falls due next.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.agenda.next_at()
    }

    /// What is due, in order.
    pub fn agenda(&self) -> &Agenda<Due> {
        &self.agenda
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The journal, to be cleared.
    pub fn journal_mut(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// The ledger of webhooks.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The ledger, for tests of what carries it.
    #[cfg(test)]
    pub(crate) fn outbox_mut(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Every provider's state.
    pub fn providers(&self) -> &Providers {
        &self.providers
    }

    fn parts<'a>(&'a mut self, changes: &'a mut Vec<Change>) -> Parts<'a> {
        Parts {
            providers: &mut self.providers,
            now: self.now,
            chance: &mut self.chance,
            agenda: &mut self.agenda,
            outbox: &mut self.outbox,
            windows: &mut self.windows,
            buckets: &mut self.buckets,
            changes,
        }
    }

    /// First door: a call to a provider. Everything due up to `now` must have been advanced to before.
    pub fn request(&mut self, name: Name, request: Request) -> Reply {
        self.request_journaled(name, request).0
    }

    /// The same, with its entry of the journal, which may be too full to keep it.
    pub fn request_journaled(&mut self, name: Name, request: Request) -> (Reply, Arc<Entry>) {
        let service = providers::service(name);
        let mut changes = Vec::new();
        let mut rule = None;
        let answered = match self.chosen(service, &request) {
            None => service.answer(&mut self.parts(&mut changes), &request),
            Some((chosen, look)) => {
                let answered = self.ruled(service, &request, &chosen, look, &mut changes);
                rule = Some(chosen.title);
                answered
            }
        };
        let webhooks = self.apply_webhook_rules(true);
        let number = self.journal.next_number();
        let mut reply = answered.reply;
        reply.headers.set("Date", http_date(self.now));
        if !self.recipe.bare {
            reply.headers.set(REQUEST_HEADER, format!("r{number}"));
            reply.headers.set(EVIDENCE_HEADER, reply.evidence.word());
        }
        let entry = Arc::new(Entry {
            number,
            at: self.now,
            provider: name.word().into(),
            route: answered.route.map(|(method, path)| format!("{method} {path}")),
            account: answered.account,
            request,
            reply: reply.clone(),
            rule,
            changes,
            webhooks,
        });
        self.journal.write(entry.clone());
        (reply, entry)
    }

    /// The rule that takes a call. Without rules nothing is looked at.
    fn chosen(&mut self, service: &dyn Service, request: &Request) -> Option<(Chosen, Preview)> {
        if self.rules.is_empty() {
            return None;
        }
        let look = service.look(&self.providers, request, self.now);
        let asked = MatchedCall {
            provider: service.name().word(),
            route: look.route.as_ref().map(|(method, path, args)| (*method, *path, args)),
            account: look.account.as_deref(),
            request,
        };
        let chosen = self.rules.decide(&asked, &mut self.chance, self.now)?;
        Some((chosen, look))
    }

    /// A call a rule has a hand in: the provider does its work or not, and the answer is the rule's or not.
    fn ruled(
        &mut self,
        service: &'static dyn Service,
        request: &Request,
        chosen: &Chosen,
        look: Preview,
        changes: &mut Vec<Change>,
    ) -> Answered {
        let then = &chosen.then;
        let now = self.now.to_string();
        let (route, args) = match look.route {
            Some((method, path, args)) => (Some((method, path)), args),
            None => (None, Args::default()),
        };
        let mut answered = match then.is_handled() {
            true => service.answer(&mut self.parts(changes), request),
            false => Answered { reply: Reply::empty(200), route, account: look.account },
        };
        if let Some(own) =
            apply_rule::own_answer(then, service, &self.providers, request, &args, &now)
        {
            answered.reply = own;
        }
        apply_rule::mark(&mut answered.reply, then, &chosen.title, request, &args, &now);
        answered.reply.wire = (!chosen.wire.is_plain()).then(|| Box::new(chosen.wire));
        answered
    }

    /// The rules of this world.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Installs a rule behind all others.
    ///
    /// # Errors
    /// The field that is wrong and a sentence, when the rule speaks of what is not there.
    pub fn install(&mut self, rule: Rule) -> Result<&Installed, Mistake> {
        providers::check_rule(&rule)?;
        let full =
            || Mistake::new("", format!("a world has at most {MOST} rules; remove one first"));
        self.rules.install(rule, self.now).ok_or_else(full)
    }

    /// Takes a rule away.
    pub fn uninstall(&mut self, id: &str) -> Option<Installed> {
        self.rules.remove(id)
    }

    /// Second door: time passes. Runs what falls due, in order, up to an instant, but stops as soon as a
    /// webhook is ready to be sent, so that what its receiver says comes at its right place.
    ///
    /// Returns what moved. `now()` tells how far it came; going back does nothing.
    pub fn advance(&mut self, to: Timestamp) -> Vec<Change> {
        self.pass(to, true)
    }

    /// The same without stopping for webhooks: they stay ready.
    pub fn catch_up(&mut self, to: Timestamp) -> Vec<Change> {
        self.pass(to, false)
    }

    /// Time passes without anything falling due: for whoever plays a recording, where what fell due stands by itself.
    pub fn skip(&mut self, to: Timestamp) {
        self.now = self.now.max(to);
    }

    fn pass(&mut self, to: Timestamp, stop_for_webhooks: bool) -> Vec<Change> {
        let mut changes = Vec::new();
        loop {
            if stop_for_webhooks && self.outbox.has_ready_attempts() {
                break;
            }
            match self.agenda.take(to) {
                None => {
                    self.now = self.now.max(to);
                    break;
                }
                Some((at, due)) => {
                    self.now = self.now.max(at);
                    match (due, providers::owner(due)) {
                        (Due::Attempt(number), _) => self.outbox.retry(number, self.now),
                        (Due::Release(number), _) => self.outbox.release(number, self.now),
                        (_, Some(service)) => {
                            service.due(&mut self.parts(&mut changes), due);
                            self.apply_webhook_rules(false);
                        }
                        (_, None) => {}
                    }
                }
            }
        }
        changes
    }

    /// Third door: the webhooks that are ready to be sent.
    pub fn take_attempts(&mut self) -> Vec<OutgoingAttempt> {
        self.outbox.take(self.now)
    }

    /// The same for those that have to be sent before the answer of the call that caused them goes out.
    pub fn take_attempts_before_reply(&mut self) -> Vec<OutgoingAttempt> {
        self.outbox.take_before_reply(self.now)
    }

    /// Fourth door: what a receiver did with one of them.
    pub fn delivered(&mut self, delivery: u64, outcome: &Outcome) {
        let Some((known, next)) = self.outbox.report(delivery, outcome, self.now) else { return };
        let (provider, subscription) = (known.provider.clone(), known.subscription.clone());
        if let Next::Again(at) = next {
            self.agenda.promise(at, Due::Attempt(delivery));
        }
        if let Some(name) = Name::of(&provider) {
            let mut changes = Vec::new();
            providers::service(name).told(&mut self.parts(&mut changes), &subscription, outcome);
            self.apply_webhook_rules(false);
        }
    }

    /// Sends a delivery of the ledger once more.
    pub fn redeliver(&mut self, id: &str) -> Option<&Delivery> {
        self.outbox.redeliver(id, self.now)
    }

    /// Sets data an operator of a provider could set.
    ///
    /// # Errors
    /// `OperatorError` naming what is unknown or wrong; nothing has changed then.
    pub fn patch(
        &mut self,
        name: Name,
        kind: &str,
        id: &str,
        fields: &Map<String, Value>,
    ) -> Result<Detail, OperatorError> {
        let kind = providers::service(name).kind(kind)?;
        let mut changes = Vec::new();
        let done = kind.patch(&mut self.parts(&mut changes), id, fields);
        self.apply_webhook_rules(false);
        done?;
        kind.detail(&self.providers, id)
    }

    /// Gives an entity one input.
    ///
    /// # Errors
    /// `OperatorError` when it is not there or its table has no such row; nothing has changed then.
    pub fn apply(
        &mut self,
        name: Name,
        kind: &str,
        id: &str,
        on: &str,
    ) -> Result<Vec<Change>, OperatorError> {
        let kind = providers::service(name).kind(kind)?;
        let mut changes = Vec::new();
        let done = kind.apply(&mut self.parts(&mut changes), id, on);
        self.apply_webhook_rules(false);
        done?;
        Ok(changes)
    }

    /// Walks an entity to a state along the shortest chain of legal moves.
    ///
    /// # Errors
    /// `OperatorError` when it is not there or no chain leads there; nothing has changed then.
    pub fn walk(
        &mut self,
        name: Name,
        kind: &str,
        id: &str,
        to: &str,
    ) -> Result<Vec<Change>, OperatorError> {
        let service = providers::service(name);
        let entities = service.kind(kind)?;
        let detail = entities.detail(&self.providers, id)?;
        let table = machine_of(service, kind)?;
        let from = detail.state.unwrap_or_default();
        let inputs = machine::route(table, &from, to).ok_or_else(|| OperatorError::Illegal {
            from: from.clone(),
            on: to.to_owned(),
            legal: machine::moves(table, &from).into_iter().map(|(_, to)| to.to_owned()).collect(),
        })?;
        let mut changes = Vec::new();
        for on in inputs {
            let done = entities.apply(&mut self.parts(&mut changes), id, on);
            self.apply_webhook_rules(false);
            done?;
        }
        Ok(changes)
    }

    /// The promises about one entity: when, and which input.
    pub fn due_for(&self, name: Name, kind: &str, id: &str) -> Vec<(Timestamp, String)> {
        let service = providers::service(name);
        let subject = |due: Due| service.subject(&self.providers, due);
        self.agenda
            .iter()
            .filter(|(_, due)| providers::owner(**due).is_some_and(|owner| owner.name() == name))
            .filter_map(|(at, due)| subject(*due).map(|about| (at, about)))
            .filter(|(_, about)| about.0 == kind && about.1 == id)
            .map(|(at, about)| (at, about.2))
            .collect()
    }

    /// Forgets what was counted against rate limits, as when a limit is changed.
    pub fn clear_windows(&mut self) {
        self.windows.clear();
        self.buckets.clear();
    }
}

/// The life cycle of a kind.
///
/// # Errors
/// `OperatorError::Computed` for a kind whose state follows from others.
pub fn machine_of(
    service: &'static dyn Service,
    kind: &str,
) -> Result<&'static dyn machine::Diagram, OperatorError> {
    service.machines().iter().copied().find(|table| table.name() == kind).ok_or_else(|| {
        let movable: Vec<&str> = service.machines().iter().map(|table| table.name()).collect();
        OperatorError::Computed(format!(
            "the state of `{kind}` follows from other entities; what moves by itself: {}",
            movable.join(", ")
        ))
    })
}

/// The header fields of a reply that our own surface gives: no provider, no evidence.
pub fn own_headers(content_type: &'static str) -> Headers {
    let mut headers = Headers::with_capacity(4);
    headers.add("Content-Type", content_type);
    headers.add("Cache-Control", "no-store");
    headers
}
