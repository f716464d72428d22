//! Validation of a file's steps: whether they speak of providers, routes, credentials, entities and names that there
//! are.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::kit::text::did_you_mean;
use crate::message::matches;
use crate::policy::hole::Hole;
use crate::providers::{self, OperatorError, Service};
use crate::scenario::placeholders::{holes, is_of_a_rule};
use crate::scenario::steps::{
    BadWord, CallLine, CallTarget, EntityExpectation, Hooks, MOST_TIMES, Move, Receiver, Step,
    SubjectField, SubjectKind, target,
};
use crate::scenario::trail::Trail;
use crate::scenario::{Diagnostic, Scenario};
use crate::world::{World, machine_of};

struct StepCheck<'a> {
    scenario: &'a Scenario,
    world: Option<World>,
    found: &'a mut Vec<Diagnostic>,
}

/// Checks every step. `whole` says whether all steps are there, so that a name nobody kept is a mistake.
pub(super) fn check(
    scenario: &Scenario,
    world: Option<World>,
    whole: bool,
    found: &mut Vec<Diagnostic>,
) {
    let mut check = StepCheck { scenario, world, found };
    let mut kept = BTreeSet::new();
    for (place, raw) in scenario.steps.iter().enumerate() {
        let trail = Trail::step(place);
        // Its form was checked when the file was read.
        let Ok(step) = serde_json::from_value::<Step>(raw.clone()) else { continue };
        if whole {
            check.names(&trail, raw, &kept);
        }
        check.step(&trail, &step);
        keeps(&step, &mut kept);
    }
}

/// The names a step keeps.
fn keeps(step: &Step, kept: &mut BTreeSet<String>) {
    let calls: Vec<&CallLine> = match step {
        Step::Request(call) => vec![call],
        Step::Together(all) => all.requests.iter().collect(),
        _ => Vec::new(),
    };
    kept.extend(calls.iter().flat_map(|call| call.keep.keys().cloned()));
}

impl StepCheck<'_> {
    fn wrong(&mut self, trail: &Trail, message: impl AsRef<str>) {
        let wrong = self.scenario.source.point(trail, message);
        self.found.push(wrong);
    }

    fn key_among(&mut self, trail: &Trail, wrong: BadWord) {
        let point = self.scenario.source.point_at_key(trail, wrong.message);
        self.found.push(point.among(&wrong.given, wrong.known));
    }

    fn among(&mut self, trail: &Trail, wrong: BadWord) {
        let point = self.scenario.source.point(trail, wrong.message);
        self.found.push(point.among(&wrong.given, wrong.known));
    }

    /// Holes that nothing was kept for before.
    fn names(&mut self, trail: &Trail, raw: &Value, kept: &BTreeSet<String>) {
        let mut open = Vec::new();
        holes(raw, trail, &mut open);
        let of_a_rule = is_of_a_rule(raw);
        for (at, name) in open {
            if kept.contains(&name) {
                continue;
            }
            let mut message = format!("no request before this step keeps anything as `{name}`");
            if of_a_rule {
                match Hole::of(&name) {
                    Ok(_) => continue,
                    Err(wrong) => message = format!("{message}, and {wrong}"),
                }
            }
            let point = self.scenario.source.point(&at, message);
            self.found.push(point.among(&name, kept.iter().map(String::as_str)));
        }
    }

    fn step(&mut self, trail: &Trail, step: &Step) {
        match step {
            Step::Request(call) => self.call(&trail.key("request"), call),
            Step::Together(all) => {
                let trail = trail.key("together");
                let list = if all.is_long { trail.key("requests") } else { trail.clone() };
                for (place, call) in all.requests.iter().enumerate() {
                    self.call(&list.index(place), call);
                }
                if all.requests.is_empty() {
                    self.wrong(&trail, "there is no call in it");
                } else if all.expect_any_order.len() > all.requests.len() {
                    self.wrong(&trail.key("expect_any_order"), "there are more answers than calls");
                }
            }
            Step::Set(fields) => self.set(&trail.key("set"), fields),
            Step::Move(order) => self.walk(&trail.key("move"), order),
            Step::Rule(rule) => {
                if let Err(mistake) = providers::check_rule(rule) {
                    let place = trail.key("rule").join(&Trail::of(&mistake.place));
                    self.wrong(&place, mistake.problem);
                }
            }
            Step::Webhooks(hooks) => self.hooks(&trail.key("webhooks"), hooks),
            Step::Requests(list) if list.is_empty() => {
                self.wrong(&trail.key("requests"), "there is no call in it");
            }
            Step::Receiver(receiver) => self.receiver(&trail.key("receiver"), receiver),
            Step::Entity(look) => self.look(&trail.key("entity"), look),
            Step::Advance(_) | Step::Reset(_) | Step::Requests(_) => {}
        }
    }

    fn call(&mut self, trail: &Trail, call: &CallLine) {
        let bodies = [call.json.is_some(), call.form.is_some(), call.text.is_some()];
        if bodies.into_iter().filter(|given| *given).count() > 1 {
            self.wrong(trail, "a call has one body: `json`, `form` or `text`");
        }
        if call.times.is_some_and(|times| !(1..=MOST_TIMES).contains(&times)) {
            self.wrong(&trail.key("times"), format!("`times` is from 1 to {MOST_TIMES}"));
        }
        for name in call.keep.keys().filter(|name| name.contains(['}', ':']) || name.is_empty()) {
            let message = format!("`{name}` cannot stand in a hole: leave out `:` and `}}`");
            self.wrong(&trail.key("keep").key(name), message);
        }
        self.status(trail, call);
        let CallTarget { method, provider, path } = match target(&call.call) {
            Ok(target) => target,
            Err(wrong) => return self.among(&trail.key("call"), wrong),
        };
        let service = providers::service(provider);
        let path = path.split('?').next().unwrap_or(path);
        let routes = service.routes();
        let usual = service.usual_path(path);
        let of_path: Vec<&'static str> = routes
            .iter()
            .filter(|row| matches(row.path, &usual).is_some())
            .map(|row| row.method)
            .collect();
        let is_routed = of_path.contains(&method.word());
        if call.unrouted && is_routed {
            self.wrong(&trail.key("unrouted"), "there is a route of this path and verb");
        } else if !is_routed && !call.unrouted && !self.refusal_is_expected(call) {
            self.no_route(&trail.key("call"), service, &call.call, &of_path);
        }
        let Some(name) = call.credential.as_deref().filter(|name| !name.contains("${")) else {
            return;
        };
        let Some(world) = &self.world else { return };
        if service.authorization(world.providers(), name, world.now()).is_none() {
            let presets = service.presets(world.providers());
            let message = format!("{provider} has no credential `{name}` in this world");
            let point = self.scenario.source.point(&trail.key("as"), message);
            self.found.push(point.among(name, presets.credentials.keys().map(String::as_str)));
        }
    }

    /// A status that none can be: `2xx`.
    fn status(&mut self, trail: &Trail, call: &CallLine) {
        let status = call.expect.as_ref().and_then(|expect| expect.status.as_ref());
        let Some(Value::String(given)) = status.and_then(|test| serde_json::to_value(test).ok())
        else {
            return;
        };
        let is_number = given.parse::<u16>().is_ok_and(|status| (100..=599).contains(&status));
        if !is_number && !given.contains("${") {
            let message = format!(
                "`{given}` is no status; write 200, or {{ at_least: 200, less_than: 300 }}"
            );
            self.wrong(&trail.key("expect").key("status"), message);
        }
    }

    /// Whether an unknown route or a wrong verb is what the call is about.
    fn refusal_is_expected(&self, call: &CallLine) -> bool {
        let status = call.expect.as_ref().and_then(|expect| expect.status.as_ref());
        status.is_some_and(|test| {
            [404, 405].into_iter().any(|it| test.passes(Some(&Value::from(it))))
        })
    }

    fn no_route(&mut self, trail: &Trail, service: &dyn Service, call: &str, verbs: &[&str]) {
        let name = service.name();
        let call = call.split('?').next().unwrap_or(call);
        let message = format!("there is no route `{call}`");
        let mut wrong = self.scenario.source.point(trail, message);
        if verbs.is_empty() {
            let rows = service.routes();
            let rows: Vec<String> =
                rows.iter().map(|row| format!("{} /{name}{}", row.method, row.path)).collect();
            let near = did_you_mean(call, rows.iter().map(String::as_str));
            wrong.hint.did_you_mean = near.map(str::to_owned);
            wrong = wrong.help(format!("`shipmock routes {name}` lists them; one that is meant to be missing is expected to be 404, or says `unrouted: true`"));
        } else {
            wrong = wrong.help(format!("this path takes {}", verbs.join(", ")));
        }
        self.found.push(wrong);
    }

    fn set(&mut self, trail: &Trail, fields: &Map<String, Value>) {
        if fields.is_empty() {
            self.wrong(trail, "there is nothing to set");
        }
        for (key, value) in fields {
            let at = trail.key(key);
            let SubjectField { kind: SubjectKind { provider, kind }, id, name } =
                match SubjectField::of(key) {
                    Ok(field) => field,
                    Err(wrong) => {
                        self.key_among(&at, wrong);
                        continue;
                    }
                };
            let Some(world) = &mut self.world else { continue };
            let service = providers::service(provider);
            // Tried out on the world as it begins. What a later state refuses is told when it is played.
            let id = match id {
                "first" | "last" => {
                    match service.kind(kind).and_then(|it| it.list(world.providers(), None, 1)) {
                        Ok(list) => list.into_iter().next().map_or(id.to_owned(), |first| first.id),
                        Err(_) => continue,
                    }
                }
                id => id.to_owned(),
            };
            let one = Map::from_iter([(name.to_owned(), value.clone())]);
            match world.patch(provider, kind, &id, &one) {
                Err(trouble @ OperatorError::Field { .. }) => {
                    let message = trouble.to_string();
                    let point = self.scenario.source.point_at_key(&at, message);
                    self.found.push(match trouble {
                        OperatorError::Field { field, known } => point.among(&field, known),
                        _ => point,
                    });
                }
                Err(trouble @ OperatorError::Value { .. }) if !value.to_string().contains("${") => {
                    self.wrong(&at, trouble.to_string());
                }
                _ => {}
            }
        }
    }

    fn walk(&mut self, trail: &Trail, order: &Move) {
        let SubjectKind { provider, kind } = match SubjectKind::of(&order.kind) {
            Ok(kind) => kind,
            Err(wrong) => return self.key_among(&trail.key(&order.kind), wrong),
        };
        let table = match (machine_of(providers::service(provider), kind), &order.on) {
            (Ok(table), _) => table,
            // Which inputs there are depends on the entity.
            (Err(_), Some(_)) => return,
            (Err(trouble), None) => return self.wrong(&trail.key("to"), trouble.to_string()),
        };
        let (key, given, known) = match (&order.on, &order.to) {
            (Some(on), _) => ("on", on, table.lines().into_iter().map(|row| row.1).collect()),
            (None, Some(to)) => ("to", to, table.states()),
            (None, None) => return,
        };
        let mut known: Vec<&'static str> = known;
        known.sort_unstable();
        known.dedup();
        if !given.contains("${") && !known.contains(&given.as_str()) {
            let what = if key == "on" { "input" } else { "state" };
            let message = format!("a {kind} has no {what} `{given}`");
            self.among(&trail.key(key), BadWord { message, given: given.clone(), known });
        }
    }

    fn look(&mut self, trail: &Trail, look: &EntityExpectation) {
        let SubjectKind { provider, kind } = match SubjectKind::of(&look.kind) {
            Ok(kind) => kind,
            Err(wrong) => return self.key_among(&trail.key(&look.kind), wrong),
        };
        // What has no table has states that are computed, or none.
        let Ok(table) = machine_of(providers::service(provider), kind) else { return };
        let known = table.states();
        let named = look.state.as_ref().and_then(|test| serde_json::to_value(test).ok());
        let Some(Value::String(given)) = named else { return };
        if !given.contains("${") && !known.contains(&given.as_str()) {
            let message = format!("a {kind} has no state `{given}`");
            self.among(&trail.key("state"), BadWord { message, given, known });
        }
    }

    fn hooks(&mut self, trail: &Trail, hooks: &Hooks) {
        let mut topics: Vec<&'static str> = providers::Name::ALL
            .iter()
            .flat_map(|name| providers::service(*name).topics())
            .copied()
            .collect();
        topics.sort_unstable();
        topics.dedup();
        for (place, wanted) in hooks.are.iter().enumerate() {
            let Some(event) = wanted.event.as_ref().filter(|event| !event.contains("${")) else {
                continue;
            };
            if !topics.contains(&event.as_str()) {
                let list = if hooks.is_long { trail.key("are") } else { trail.clone() };
                let message = format!("no provider has a webhook `{event}`");
                let wrong = BadWord { message, given: event.clone(), known: topics.clone() };
                self.among(&list.index(place).key("event"), wrong);
            }
        }
    }

    fn receiver(&mut self, trail: &Trail, receiver: &Receiver) {
        match (receiver.status, &receiver.fails) {
            (Some(_), Some(_)) => self.wrong(trail, "say `status` or `fails`, not both"),
            (None, None) => self.wrong(trail, "say `status: 500` or `fails: connection refused`"),
            (Some(status), None) if !(100..=599).contains(&status) => {
                self.wrong(&trail.key("status"), "a status is from 100 to 599");
            }
            _ => {}
        }
    }
}
