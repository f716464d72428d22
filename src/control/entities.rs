//! What is inside the providers of a world: looked at, set as an operator could, moved along its tables.

use serde_json::{Map, Value, json};

use crate::control::extract::{self, Extracted};
use crate::control::pagination::Cursor;
use crate::control::problem::{Problem, echo};
use crate::control::shape::{Parameter, ValueShape, may};
use crate::control::{Job, Subject, WorldJob, respond};
use crate::message::Reply;
use crate::providers::{self, Detail, Entities, Name, OperatorError, Service};
use crate::sim::journal::Change;
use crate::sim::machine;
use crate::world::{World, machine_of};

/// How an entity shall move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveOrder {
    /// By one input.
    On(String),
    /// To a state, by the shortest chain of inputs.
    To(String),
}

/// The fields of a move; exactly one of them.
#[rustfmt::skip]
pub(super) const MOVE: &[Parameter] = &[
    may("on", ValueShape::Text, "an input of its table"),
    may("to", ValueShape::Text, "a state, reached by the shortest chain of inputs"),
];

fn subject(asked: &Extracted) -> Result<Subject, Reply> {
    let (kind, id) = (asked.arg(1).to_owned(), asked.arg(2).to_owned());
    Ok(Subject { provider: asked.provider()?, kind, id })
}

/// `GET /{provider}/entities`.
pub(super) fn read_kinds(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Kinds(asked.provider()?)))
}

/// `GET /{provider}/entities/{kind}`.
pub(super) fn read_list(asked: &Extracted) -> Result<Job, Reply> {
    let (provider, kind) = (asked.provider()?, asked.arg(1).to_owned());
    Ok(Job::World(WorldJob::Entities { provider, kind, page: Cursor::read(asked)? }))
}

/// `GET /{provider}/entities/{kind}/{id}`.
pub(super) fn read_show(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Entity(subject(asked)?)))
}

/// `PATCH /{provider}/entities/{kind}/{id}`.
pub(super) fn read_patch(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Patch(subject(asked)?, asked.body.clone())))
}

/// `POST /{provider}/entities/{kind}/{id}/move`.
pub(super) fn read_move(asked: &Extracted) -> Result<Job, Reply> {
    let text = |name: &str, value: &Value| extract::text(name, value).map(str::to_owned);
    let step = match (asked.field("on"), asked.field("to")) {
        (Some(on), None) => MoveOrder::On(text("on", on)?),
        (None, Some(to)) => MoveOrder::To(text("to", to)?),
        _ => {
            let detail = "say exactly one of `on` (an input) and `to` (a state)";
            return Err(respond::problem(422, "Which move", detail));
        }
    };
    Ok(Job::World(WorldJob::Move(subject(asked)?, step)))
}

/// The kinds of a provider, and how many there are of each.
pub(super) fn kinds(world: &World, provider: Name) -> Reply {
    let service = providers::service(provider);
    let kinds = service.entities().iter();
    let kinds = kinds.map(|it| json!({"kind": it.word(), "count": it.count(world.providers())}));
    respond::said(&json!({"kinds": kinds.collect::<Vec<_>>()}))
}

/// The kind of a word; a long one is not repeated whole.
fn known_kind(service: &dyn Service, kind: &str) -> Result<&'static dyn Entities, OperatorError> {
    service.kind(kind).map_err(|trouble| match trouble {
        OperatorError::Kind { given, known } => OperatorError::Kind { given: echo(&given), known },
        other => other,
    })
}

/// The entities of a kind.
pub(super) fn list(world: &World, provider: Name, kind: &str, page: &Cursor) -> Reply {
    let service = providers::service(provider);
    let after = page.after.as_deref();
    let found = known_kind(service, kind)
        .and_then(|kind| kind.list(world.providers(), after, page.limit + 1));
    match (found, after) {
        (Ok(list), _) => {
            let (list, next) = page.cut(list.into_iter(), |line| line.id.clone());
            respond::said(&json!({"entities": list, "next": next}))
        }
        (Err(OperatorError::Entity { .. }), Some(after)) => {
            let expected = format!("the id of an entity of this world, of the kind `{kind}`");
            Problem::value("after", &expected, &after.into()).reply()
        }
        (Err(trouble), _) => refused(&trouble).reply(),
    }
}

/// One entity.
pub(super) fn show(world: &World, subject: &Subject) -> Reply {
    match look(world, subject) {
        Ok(detail) => respond::said(&Value::Object(whole(world, subject, detail))),
        Err(trouble) => refused(&trouble).reply(),
    }
}

/// One entity as it stands.
pub(super) fn look(world: &World, subject: &Subject) -> Result<Detail, OperatorError> {
    let service = providers::service(subject.provider);
    known_kind(service, &subject.kind)?.detail(world.providers(), &subject.id)
}

/// An entity with what can happen to it next.
pub(super) fn whole(world: &World, subject: &Subject, detail: Detail) -> Map<String, Value> {
    let Subject { provider, kind, id } = subject;
    let service = providers::service(*provider);
    let state = detail.state.as_deref().unwrap_or_default();
    let moves: Vec<Value> = match machine_of(service, kind) {
        Ok(table) => {
            let moves = machine::moves(table, state).into_iter();
            moves.map(|(on, to)| json!({"on": on, "to": to})).collect()
        }
        // Where these lead follows from other entities.
        Err(_) => {
            let kind = service.kind(kind);
            let inputs = kind.map_or_else(|_| Vec::new(), |it| it.inputs(world.providers(), id));
            inputs.into_iter().map(|on| json!({"on": on, "to": null})).collect()
        }
    };
    let due: Vec<Value> = world
        .due_for(*provider, kind, id)
        .into_iter()
        .map(|(at, on)| json!({"at": at, "on": on}))
        .collect();
    let mut object = Map::new();
    for (name, value) in [
        ("kind", json!(kind)),
        ("id", json!(id)),
        ("state", json!(detail.state)),
        ("history", json!(detail.history)),
        ("moves", json!(moves)),
        ("due", json!(due)),
        ("data", detail.data),
    ] {
        object.insert(name.to_owned(), value);
    }
    object
}

/// Sets data; all fields or none.
pub(super) fn patch(world: &mut World, subject: &Subject, fields: &Map<String, Value>) -> Reply {
    let Subject { provider, kind, id } = subject;
    let patched = known_kind(providers::service(*provider), kind)
        .and_then(|_| world.patch(*provider, kind, id, fields));
    match patched {
        Ok(detail) => respond::said(&Value::Object(whole(world, subject, detail))),
        Err(trouble) => refused(&trouble).reply(),
    }
}

/// Moves an entity; the answer is the entity afterwards, and everything that moved with it.
pub(super) fn step(world: &mut World, subject: &Subject, step: &MoveOrder) -> Reply {
    match moved(world, subject, step) {
        Ok(changes) => {
            let gone = || Detail { state: None, history: Vec::new(), data: Value::Null };
            let detail = look(world, subject).unwrap_or_else(|_| gone());
            let mut object = whole(world, subject, detail);
            object.insert("changes".to_owned(), json!(changes));
            respond::said(&Value::Object(object))
        }
        Err(trouble @ OperatorError::Computed(_)) => {
            let service = providers::service(subject.provider);
            let legal = service
                .kind(&subject.kind)
                .map_or_else(|_| Vec::new(), |it| it.inputs(world.providers(), &subject.id));
            refused(&trouble).with("legal", legal).reply()
        }
        Err(trouble) => refused(&trouble).reply(),
    }
}

fn moved(
    world: &mut World,
    subject: &Subject,
    step: &MoveOrder,
) -> Result<Vec<Change>, OperatorError> {
    let Subject { provider, kind, id } = subject;
    let service = providers::service(*provider);
    known_kind(service, kind)?;
    match step {
        MoveOrder::On(on) => world.apply(*provider, kind, id, on),
        MoveOrder::To(to) => world.walk(*provider, kind, id, to).map_err(|trouble| match trouble {
            // Of a walk, every state that can be reached is legal, not only the next ones.
            OperatorError::Illegal { from, on, legal } => {
                let legal = machine_of(service, kind).map_or(legal, |table| {
                    let reached = |state: &&str| {
                        *state != from && machine::route(table, &from, state).is_some()
                    };
                    table.states().into_iter().filter(reached).map(str::to_owned).collect()
                });
                OperatorError::Illegal { from, on, legal }
            }
            other => other,
        }),
    }
}

/// Why a look or a touch was refused, with what would have done.
fn refused(trouble: &OperatorError) -> Problem {
    let new = |status: u16, title: &str| Problem::new(status, title, trouble.to_string());
    let among = |problem: Problem, name: &str, given: &str, known: &[String]| {
        problem.among(name, given, known.iter().map(String::as_str))
    };
    match trouble {
        OperatorError::Kind { given, known } => {
            among(new(404, "Unknown kind"), "known", given, known)
        }
        OperatorError::Entity { .. } => new(404, "Unknown entity"),
        OperatorError::Field { field, known } => {
            among(new(422, "Unknown field").with("field", echo(field)), "known", field, known)
        }
        OperatorError::Value { field, expected } => {
            new(422, "Wrong value").with("field", echo(field)).with("expected", expected.clone())
        }
        OperatorError::Illegal { from, on, legal } => {
            among(new(409, "Illegal move").with("state", from.clone()), "legal", on, legal)
        }
        OperatorError::Computed(_) => new(409, "Computed state"),
    }
}
