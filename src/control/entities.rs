//! The entities inside the providers of a world: looked at, set as an operator could, moved along their state machines.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::control::extract::Extracted;
use crate::control::pagination::Cursor;
use crate::control::problem::{Problem, echo};
use crate::control::requests::ChangeLine;
use crate::providers::{self, Detail, Entities, HistoryRow, Name, OperatorError, Service, Summary};
use crate::sim::journal::Change;
use crate::sim::machine;
use crate::world::{World, machine_of};

/// One entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Whose.
    pub provider: Name,
    /// What kind.
    pub kind: String,
    /// The provider's own id.
    pub id: String,
}

impl Subject {
    /// The entity of a path.
    pub(super) fn of(extracted: &Extracted<'_>) -> Result<Subject, Problem> {
        let (kind, id) = (extracted.arg(1).to_owned(), extracted.arg(2).to_owned());
        Ok(Subject { provider: extracted.provider()?, kind, id })
    }
}

/// How an entity shall move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveOrder {
    /// By one input.
    On(String),
    /// To a state, by the shortest chain of inputs.
    To(String),
}

/// How an entity shall move; exactly one of the two.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MoveOrder")]
pub(super) struct MoveBody {
    /// An input of its table.
    on: Option<String>,
    /// A state, reached by the shortest chain of inputs.
    to: Option<String>,
}

impl MoveBody {
    /// The one of the two.
    pub(super) fn order(self) -> Result<MoveOrder, Problem> {
        match (self.on, self.to) {
            (Some(on), None) => Ok(MoveOrder::On(on)),
            (None, Some(to)) => Ok(MoveOrder::To(to)),
            (_, to) => {
                let detail = "say exactly one of `on` (an input) and `to` (a state)";
                let field = if to.is_some() { "to" } else { "on" };
                Err(Problem::new(422, "Which move", detail).with("field", field))
            }
        }
    }
}

/// The fields that an operator sets; which there are is the business of the provider and the kind.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "EntityPatch")]
pub(super) struct PatchBody(pub(super) Map<String, Value>);

/// A kind of entity.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Kind")]
struct KindCount {
    /// Its word.
    kind: &'static str,
    /// How many there are.
    count: usize,
}

/// The kinds of entity of a provider.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Kinds")]
pub(super) struct KindList {
    /// Counted.
    kinds: Vec<KindCount>,
}

/// A page of entities.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Entities")]
pub(super) struct EntityPage {
    /// In order.
    entities: Vec<Summary>,
    /// The id after which the next page begins.
    next: Option<String>,
}

/// What can happen to an entity now.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Move")]
struct PossibleMove {
    /// The input.
    on: &'static str,
    /// Where it leads; null when that follows from other entities.
    to: Option<&'static str>,
}

/// What will happen to an entity by itself.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Due")]
pub(super) struct DueInput {
    /// World time.
    pub(super) at: Timestamp,
    /// The input.
    pub(super) on: String,
}

/// An entity, whole.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Entity")]
pub(super) struct WholeEntity<'a> {
    /// What it is.
    kind: &'a str,
    /// The provider's own.
    id: &'a str,
    /// Where it stands.
    pub(super) state: Option<String>,
    /// How it got there.
    history: Vec<HistoryRow>,
    /// What can happen now.
    moves: Vec<PossibleMove>,
    /// What will happen by itself.
    pub(super) due: Vec<DueInput>,
    /// Everything else.
    data: Value,
}

/// An entity after a move.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "MovedEntity")]
pub(super) struct MovedEntity<'a> {
    #[serde(flatten)]
    entity: WholeEntity<'a>,
    /// Everything that moved with it.
    changes: Vec<ChangeLine<'a>>,
}

impl<'a> WholeEntity<'a> {
    /// An entity with what can happen to it next.
    pub(super) fn of(world: &World, subject: &'a Subject, detail: Detail) -> Self {
        let Subject { provider, kind, id } = subject;
        let service = providers::service(*provider);
        let state = detail.state.as_deref().unwrap_or_default();
        let moves = match machine_of(service, kind) {
            Ok(table) => {
                let open = |on: &str| {
                    let kind = service.kind(kind);
                    !kind.is_ok_and(|kind| kind.is_guarded(world.providers(), id, on))
                };
                let moves = machine::moves(table, state).into_iter().filter(|(on, _)| open(on));
                moves.map(|(on, to)| PossibleMove { on, to: Some(to) }).collect()
            }
            // Where these lead follows from other entities.
            Err(_) => {
                let inputs = inputs(world, subject).into_iter();
                inputs.map(|on| PossibleMove { on, to: None }).collect()
            }
        };
        let due = world.due_for(*provider, kind, id).into_iter();
        let due = due.map(|(at, on)| DueInput { at, on }).collect();
        let Detail { state, history, data } = detail;
        WholeEntity { kind, id, state, history, moves, due, data }
    }
}

/// The kinds of a provider, and how many there are of each.
pub(super) fn kinds(world: &World, provider: Name) -> KindList {
    let service = providers::service(provider);
    let line = |of: &&'static dyn Entities| KindCount {
        kind: of.word(),
        count: of.count(world.providers()),
    };
    KindList { kinds: service.entities().iter().map(line).collect() }
}

/// The kind of a word; a long one is not repeated whole.
fn known_kind(service: &dyn Service, kind: &str) -> Result<&'static dyn Entities, OperatorError> {
    service.kind(kind).map_err(|trouble| match trouble {
        OperatorError::Kind { given, known } => OperatorError::Kind { given: echo(&given), known },
        other => other,
    })
}

/// What an entity takes now, where no table says it.
fn inputs(world: &World, subject: &Subject) -> Vec<&'static str> {
    let kind = providers::service(subject.provider).kind(&subject.kind);
    kind.map_or_else(|_| Vec::new(), |kind| kind.inputs(world.providers(), &subject.id))
}

/// The entities of a kind.
pub(super) fn list(
    world: &World,
    provider: Name,
    kind: &str,
    page: &Cursor,
) -> Result<EntityPage, Problem> {
    let service = providers::service(provider);
    let after = page.after.as_deref();
    let entities = known_kind(service, kind)?;
    let found = entities.list(world.providers(), after, page.limit + 1);
    let list = found.map_err(|trouble| match (trouble, after) {
        (OperatorError::Entity { .. }, Some(after)) => {
            let expected = format!("the id of an entity of this world, of the kind `{kind}`");
            Problem::value("after", &expected, &after.into())
        }
        (trouble, _) => trouble.into(),
    })?;
    let (entities, next) = page.cut(list.into_iter(), |line| line.id.clone());
    Ok(EntityPage { entities, next })
}

/// One entity.
pub(super) fn show<'a>(
    world: &World,
    subject: &'a Subject,
) -> Result<WholeEntity<'a>, OperatorError> {
    let Subject { provider, kind, id } = subject;
    let entities = known_kind(providers::service(*provider), kind)?;
    let detail = entities.detail(world.providers(), id)?;
    Ok(WholeEntity::of(world, subject, detail))
}

/// Sets data; all fields or none.
pub(super) fn patch<'a>(
    world: &mut World,
    subject: &'a Subject,
    fields: &Map<String, Value>,
) -> Result<WholeEntity<'a>, Problem> {
    let Subject { provider, kind, id } = subject;
    known_kind(providers::service(*provider), kind)?;
    let detail = world.patch(*provider, kind, id, fields)?;
    Ok(WholeEntity::of(world, subject, detail))
}

/// Moves an entity; everything that moved with it.
pub(super) fn step(
    world: &mut World,
    subject: &Subject,
    order: &MoveOrder,
) -> Result<Vec<Change>, Problem> {
    let Subject { provider, kind, id } = subject;
    let service = providers::service(*provider);
    known_kind(service, kind)?;
    let moved = match order {
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
    };
    moved.map_err(|trouble| {
        let (is_computed, is_illegal) = (
            matches!(trouble, OperatorError::Computed(_)),
            matches!(trouble, OperatorError::Illegal { .. }),
        );
        let mut problem = Problem::from(trouble);
        if is_computed {
            problem = problem.with("legal", inputs(world, subject));
        }
        if is_computed || is_illegal {
            let field = if matches!(order, MoveOrder::On(_)) { "on" } else { "to" };
            problem = problem.with("field", field);
        }
        problem
    })
}

impl<'a> MovedEntity<'a> {
    /// The entity afterwards, which a move may have taken away, and what moved with it.
    pub(super) fn of(world: &World, subject: &'a Subject, changes: &'a [Change]) -> Self {
        let gone = |_| {
            let nothing = Detail { state: None, history: Vec::new(), data: Value::Null };
            WholeEntity::of(world, subject, nothing)
        };
        let entity = show(world, subject).unwrap_or_else(gone);
        MovedEntity { entity, changes: changes.iter().map(ChangeLine::of).collect() }
    }
}

/// Why a look or a touch was refused, with what would have done.
impl From<OperatorError> for Problem {
    fn from(trouble: OperatorError) -> Problem {
        let new = |status: u16, title: &str| Problem::new(status, title, trouble.to_string());
        let among = |problem: Problem, name: &str, given: &str, known: &[String]| {
            problem.among(name, given, known.iter().map(String::as_str))
        };
        match &trouble {
            OperatorError::Kind { given, known } => {
                among(new(404, "Unknown kind"), "known", given, known)
            }
            OperatorError::Entity { .. } => new(404, "Unknown entity"),
            OperatorError::Field { field, known } => {
                among(new(422, "Unknown field").with("field", echo(field)), "known", field, known)
            }
            OperatorError::Value { field, expected } => new(422, "Wrong value")
                .with("field", echo(field))
                .with("expected", expected.clone()),
            OperatorError::Illegal { from, on, legal } => {
                among(new(409, "Illegal move").with("state", from.clone()), "legal", on, legal)
            }
            OperatorError::Guarded { on, legal, .. } => {
                among(new(409, "Illegal move"), "legal", on, legal)
            }
            OperatorError::Journey { stands, possible, .. } => new(409, "Journey cannot start")
                .with("field", "journey")
                .with("state", stands.clone())
                .with("legal", possible.clone()),
            OperatorError::Computed(_) => new(409, "Computed state"),
        }
    }
}
