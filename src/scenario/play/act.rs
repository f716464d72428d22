//! The step executor: what each kind of step does.

use serde_json::{Map, Value};

use crate::kit::time::{iso_seconds, write_span};
use crate::scenario::play::stage::PlayState;
use crate::scenario::play::{calls, inspect, ledger};
use crate::scenario::steps::{Advance, Move, Receiver, Step, SubjectField, SubjectKind, Until};
use crate::scenario::trail::Trail;

/// Does a step, and writes down what was not as expected.
pub(super) fn act(stage: &mut PlayState<'_>, trail: &Trail, step: &Step) {
    let last = stage.last_delivery();
    match step {
        Step::Request(call) => calls::request(stage, &trail.key("request"), call),
        Step::Together(all) => calls::together(stage, &trail.key("together"), all),
        Step::Set(fields) => set(stage, &trail.key("set"), fields),
        Step::Advance(advance) => pass(stage, &trail.key("advance"), advance),
        Step::Move(order) => walk(stage, &trail.key("move"), order),
        Step::Rule(rule) => {
            let named = rule.name.as_deref().unwrap_or(&rule.on);
            stage.transcript.line(&format!("rule `{named}`"));
            if let Err(mistake) = stage.world.install((**rule).clone()) {
                let place = trail.key("rule").join(&Trail::of(&mistake.place));
                stage.fail(&place, mistake.problem);
            }
        }
        Step::Reset(_) => {
            stage.transcript.line("reset");
            stage.reset();
            return;
        }
        Step::Webhooks(hooks) => ledger::webhooks(stage, &trail.key("webhooks"), hooks),
        Step::Requests(list) => ledger::requests(stage, &trail.key("requests"), list),
        Step::Receiver(receiver) => {
            stage.transcript.line(&format!("receivers {}", told(receiver)));
            stage.receive(receiver);
        }
        Step::Entity(look) => inspect::entity(stage, &trail.key("entity"), look),
    }
    stage.settle();
    stage.tell_captured(last);
}

fn told(receiver: &Receiver) -> String {
    let what = match (&receiver.fails, receiver.status) {
        (Some(reason), _) => format!("fail: {reason}"),
        (None, status) => format!("answer {}", status.unwrap_or(200)),
    };
    match receiver.times {
        Some(times) => format!("{what} for the next {times}"),
        None => what,
    }
}

/// Fields of one entity that follow each other are set together: all or none.
fn set(stage: &mut PlayState<'_>, trail: &Trail, fields: &Map<String, Value>) {
    let mut groups: Vec<(SubjectField<'_>, Trail, Map<String, Value>)> = Vec::new();
    for (key, value) in fields {
        stage.transcript.line(&format!("set {key} = {value}"));
        let at = trail.key(key);
        let field = match SubjectField::of(key) {
            Ok(field) => field,
            Err(wrong) => {
                stage.fail(&at, wrong.message);
                continue;
            }
        };
        let (name, value) = (field.name.to_owned(), value.clone());
        match groups.last_mut() {
            Some((known, _, group)) if (known.kind, known.id) == (field.kind, field.id) => {
                group.insert(name, value);
            }
            _ => groups.push((field, at, Map::from_iter([(name, value)]))),
        }
    }
    for (SubjectField { kind: SubjectKind { provider, kind }, id, .. }, at, group) in groups {
        let done = stage
            .id(provider, kind, id)
            .and_then(|id| stage.world.patch(provider, kind, &id, &group));
        if let Err(trouble) = done {
            stage.fail(&at, trouble.to_string());
        }
    }
}

fn pass(stage: &mut PlayState<'_>, trail: &Trail, advance: &Advance) {
    let now = stage.world.now();
    let (words, to) = match advance {
        Advance::By(span) => {
            (format!("advance {}", write_span(span.0)), now.checked_add(span.0).ok())
        }
        Advance::To(to) => (format!("advance to {}", iso_seconds(*to)), Some(*to)),
        Advance::Until(Until::Next) => {
            ("advance until next".to_owned(), Some(stage.world.next_due().unwrap_or(now).max(now)))
        }
        Advance::Until(Until::Idle) => ("advance until idle".to_owned(), None),
    };
    stage.transcript.line(&words);
    let done = match (advance, to) {
        (Advance::Until(Until::Idle), _) => stage.idle(),
        (_, None) => Err(format!("the clock shows {now} and cannot show an instant that far away")),
        (_, Some(to)) if to < now => {
            Err(format!("time does not run backwards: the clock shows {now}, not {to}"))
        }
        (_, Some(to)) => stage.pass(to),
    };
    stage.transcript.note(&format!("it is {}", iso_seconds(stage.world.now())));
    if let Err(message) = done {
        stage.fail(trail, message);
    }
}

fn walk(stage: &mut PlayState<'_>, trail: &Trail, order: &Move) {
    let (how, word) = match (&order.on, &order.to) {
        (Some(on), _) => ("on", on),
        (None, to) => ("to", to.as_ref().unwrap_or(&order.kind)),
    };
    stage.transcript.line(&format!("move {} {} {how} {word}", order.kind, order.id.0));
    let SubjectKind { provider, kind } = match SubjectKind::of(&order.kind) {
        Ok(kind) => kind,
        Err(wrong) => return stage.fail(&trail.key(&order.kind), wrong.message),
    };
    let id = match stage.id(provider, kind, &order.id.0) {
        Ok(id) => id,
        Err(trouble) => return stage.fail(&trail.key(&order.kind), trouble.to_string()),
    };
    let moved = match &order.on {
        Some(on) => stage.world.apply(provider, kind, &id, on),
        None => stage.world.walk(provider, kind, &id, word),
    };
    match moved {
        Ok(changes) => changes.iter().for_each(|change| stage.transcript.change(change)),
        Err(trouble) => stage.fail(&trail.key(how), trouble.to_string()),
    }
}
