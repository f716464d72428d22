//! The operator's side of a world: rules, data that is set, entities that are moved, webhooks that are sent once more.
//!
//! What is refused here has changed nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::kit::mistake::Mistake;
use crate::policy::hole;
use crate::policy::installed::{Installed, MOST};
use crate::policy::rule::Rule;
use crate::providers::{self, Detail, Name, OperatorError, Service};
use crate::sim::journal::Change;
use crate::sim::machine;
use crate::sim::webhook::egress::Url;
use crate::sim::webhook::outbox::Delivery;
use crate::world::World;

impl World {
    /// Installs a rule behind all others.
    ///
    /// # Errors
    /// The field that is wrong and a sentence, when the rule speaks of what is not there.
    pub fn install(&mut self, rule: Rule) -> Result<&Installed, Mistake> {
        providers::check_rule(&rule)?;
        hole::check(&rule.then)?;
        let full =
            || Mistake::new("", format!("a world has at most {MOST} rules; remove one first"));
        self.rules.install(rule, self.now).ok_or_else(full)
    }

    /// Takes a rule away.
    pub fn uninstall(&mut self, id: &str) -> Option<Installed> {
        self.rules.remove(id)
    }

    /// Sends a delivery of the ledger once more.
    pub fn redeliver(&mut self, id: &str) -> Option<&Delivery> {
        self.outbox.redeliver(id, self.now)
    }

    /// Says where the webhooks of this world go instead: origins, and the addresses at which they are reached. They take
    /// the place of all targets that it had; what has not gone out yet goes there.
    ///
    /// # Errors
    /// The origin and a sentence, when an address cannot be read, or is one to which the operator of the server allows
    /// nothing to go. Nothing has changed then.
    pub fn retarget(&mut self, wanted: &BTreeMap<String, String>) -> Result<(), Mistake> {
        let operator = &self.recipe.reach;
        let mut redirects: Vec<(Url, Url)> = Vec::with_capacity(wanted.len());
        for (from, to) in wanted {
            let wrong = |problem: String| Mistake::new(from, problem);
            let own = Url::of(from).filter(|own| own.target == "/").ok_or_else(|| {
                wrong("is not an origin, as `https://mystore.com`: scheme, host and, if need be, port".to_owned())
            })?;
            let target = Url::of(to).ok_or_else(|| {
                wrong(format!("leads to `{to}`, which is no address as `http://127.0.0.1:3000`"))
            })?;
            if redirects.iter().any(|(other, _)| other.origin() == own.origin()) {
                return Err(wrong("stands there twice, written in two ways".to_owned()));
            }
            let granted = operator.redirects.iter().any(|(_, known)| *known == target);
            if !granted && !operator.permits(&target) {
                let host = &target.host;
                return Err(wrong(format!(
                    "leads to `{host}`, which is neither this machine nor allowed; start with --webhook-allow {host}"
                )));
            }
            redirects.push((own, target));
        }
        self.outbox.reach.redirects = redirects;
        Ok(())
    }

    /// A copy that goes its own way. What is in flight will be reported to this world and to no other, so the copy has
    /// it ready again: it would be in flight for ever.
    pub fn fork(&self) -> World {
        let mut copy = self.clone();
        copy.outbox.recall(copy.now);
        copy
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
        let detail = service.kind(kind)?.detail(&self.providers, id)?;
        let table = machine_of(service, kind)?;
        let from = detail.state.unwrap_or_default();
        let inputs = machine::route(table, &from, to).ok_or_else(|| OperatorError::Illegal {
            from: from.clone(),
            on: to.to_owned(),
            legal: machine::moves(table, &from).into_iter().map(|(_, to)| to.to_owned()).collect(),
        })?;
        self.apply_all(name, kind, id, &inputs)
    }

    /// Gives an entity several inputs, all of them or none.
    fn apply_all(
        &mut self,
        name: Name,
        kind: &str,
        id: &str,
        inputs: &[&str],
    ) -> Result<Vec<Change>, OperatorError> {
        // One input is taken or refused as a whole by itself.
        if let [on] = inputs {
            return self.apply(name, kind, id, on);
        }
        self.on_trial(|trial| {
            let mut changes = Vec::new();
            for on in inputs {
                changes.extend(trial.apply(name, kind, id, on)?);
            }
            Ok(changes)
        })
    }

    /// Does several things to a copy of the world, which takes its place only when none of them was refused: a guard
    /// may refuse the third step when two have already moved entities, promised timers and emitted webhooks.
    ///
    /// The journal stays out of it. It is the larger part of most worlds, and nothing an operator does writes to it.
    fn on_trial<T, E>(&mut self, act: impl FnOnce(&mut World) -> Result<T, E>) -> Result<T, E> {
        let journal = std::mem::take(&mut self.journal);
        let mut trial = self.clone();
        self.journal = journal;
        let done = act(&mut trial)?;
        trial.journal = std::mem::take(&mut self.journal);
        *self = trial;
        Ok(done)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use crate::message::{Method, Request};
    use crate::providers::{Name, service};
    use crate::world::{Orders, Recipe, Setup, World};

    /// A world with a shipment that a webhook tells of, and its id.
    fn shipment() -> (World, String) {
        let setup: Setup = serde_json::from_value(json!({
            "shipper": { "organizations": [{
                "name": "Shop",
                "keys": [{ "name": "api_key", "token": "KEY" }],
                "products": [{ "name": "Lamp", "sku": "L", "price": "10", "cost": "4", "aliases": ["LAMP"] }],
            }] },
        }))
        .unwrap();
        let at = "2026-05-14T09:00:00Z".parse().unwrap();
        let orders = Orders { at: Some(at), ..Orders::default() };
        let mut world = World::build(Arc::new(Recipe::new("moves", setup, orders, at))).unwrap();
        let webhook =
            json!({"url": "https://shop.localhost/", "events": ["shipment.status_changed"]});
        let order = json!({
            "address": {"name": "Omar", "phone1": "28177188", "address1": "Rue 1", "country": "TN"},
            "items": [{"id": "LAMP"}], "auto_fulfill": true,
        });
        for (path, body) in [("/api/v1/webhooks", webhook), ("/api/v1/orders", order)] {
            let request = Request::new(Method::Post, path).with("authorization", "Bearer KEY");
            let request = request.carrying("application/json", body.to_string());
            assert_eq!(world.request(Name::Shipper, request).status, 201);
        }
        let list = service(Name::Shipper)
            .kind("shipment")
            .unwrap()
            .list(world.providers(), None, 1)
            .unwrap();
        (world, list[0].id.clone())
    }

    #[test]
    fn a_refusal_in_the_third_step_has_changed_nothing() {
        let (mut world, id) = shipment();
        let before = world.save();
        let walk = ["pack", "ship", "pack"];
        let refusal = world.apply_all(Name::Shipper, "shipment", &id, &walk).unwrap_err();
        assert!(refusal.to_string().starts_with("`pack` is not possible"), "{refusal}");
        assert!(world.save() == before, "the world has changed");
        assert!(!world.outbox().has_ready_attempts());
    }

    #[test]
    fn a_fork_does_not_wait_for_the_reports_of_its_original() {
        let (mut world, id) = shipment();
        world.apply(Name::Shipper, "shipment", &id, "pack").unwrap();
        let sent = world.take_attempts();
        let mut fork = world.fork();
        assert!(world.outbox().has_attempts_in_flight() && !world.outbox().has_ready_attempts());
        assert!(!fork.outbox().has_attempts_in_flight());
        assert_eq!((sent.len(), fork.take_attempts()), (1, sent));
    }

    #[test]
    fn a_walk_is_its_steps_and_the_journal_stays() {
        let (mut walked, id) = shipment();
        let mut stepped = walked.clone();
        let entries = walked.journal().len();
        let changes = walked.walk(Name::Shipper, "shipment", &id, "delivered").unwrap();
        assert!(changes.len() > 2 && walked.outbox().has_ready_attempts());
        let own = changes.iter().filter(|change| change.kind == "shipment");
        for change in own {
            stepped.apply(Name::Shipper, "shipment", &id, &change.on).unwrap();
        }
        assert!(walked.save() == stepped.save(), "the two worlds differ");
        assert_eq!((walked.journal().len(), entries), (2, 2));
    }
}
