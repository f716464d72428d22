//! What one sees of an entity from inside, and what can be wrong with a look or a touch.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sim::machine::{Tracked, Word};

/// One line of a list of entities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// What it is.
    pub kind: String,
    /// The provider's own id.
    pub id: String,
    /// Where it stands, in the provider's words.
    pub state: Option<String>,
}

/// One step, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// World time.
    pub at: Timestamp,
    /// The input.
    pub on: Cow<'static, str>,
    /// The state it left.
    pub from: Cow<'static, str>,
    /// The state it reached.
    pub to: Cow<'static, str>,
}

impl HistoryRow {
    /// The history of a tracked state, in words.
    pub fn history<S: Word, I: Word>(tracked: &Tracked<S, I>) -> Vec<HistoryRow> {
        let words = |passage: &crate::sim::machine::Passage<S, I>| HistoryRow {
            at: passage.at,
            on: passage.on.text().into(),
            from: passage.from.text().into(),
            to: passage.to.text().into(),
        };
        tracked.history().iter().map(words).collect()
    }
}

/// An entity, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Where it stands; `None` when it has no state yet.
    pub state: Option<String>,
    /// How it got there; empty for a state that is computed.
    pub history: Vec<HistoryRow>,
    /// Everything else.
    pub data: Value,
}

impl Detail {
    /// An entity whose state its table moves.
    pub fn of<S: Word, I: Word>(life: &Tracked<S, I>, data: Value) -> Detail {
        let state = Some(life.state().text().to_owned());
        Detail { state, history: HistoryRow::history(life), data }
    }

    /// An entity whose state is computed, or that has none.
    pub fn computed(state: Option<&str>, data: Value) -> Detail {
        Detail { state: state.map(str::to_owned), history: Vec::new(), data }
    }
}

/// Why a look or a touch was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperatorError {
    /// There is no such kind.
    #[error("there is no kind `{given}`; the kinds are {}", list(known))]
    Kind {
        /// What was asked for.
        given: String,
        /// What there is.
        known: Vec<String>,
    },
    /// There is no such entity.
    #[error("there is no {kind} `{id}` in this world")]
    Entity {
        /// What was asked for.
        kind: String,
        /// Its id.
        id: String,
    },
    /// There is no entity of that id; the door that was asked knows the kind and says it.
    #[error("there is no such entity in this world")]
    Absent,
    /// The field does not exist or cannot be set.
    #[error("`{field}` cannot be set; what can be set is {}", list(known))]
    Field {
        /// What was asked for.
        field: String,
        /// What can be set.
        known: Vec<String>,
    },
    /// The value does not fit.
    #[error("`{field}` must be {expected}")]
    Value {
        /// The field.
        field: String,
        /// What fits.
        expected: String,
    },
    /// The table has no such row.
    #[error("`{on}` is not possible in state `{from}`; what is possible: {}", list(legal))]
    Illegal {
        /// Where the entity stands.
        from: String,
        /// What was asked.
        on: String,
        /// What its table allows.
        legal: Vec<String>,
    },
    /// The entity has no table of its own.
    #[error("{0}")]
    Computed(String),
}

impl OperatorError {
    /// An entity that is not there.
    pub(super) fn entity(kind: &str, id: &str) -> OperatorError {
        OperatorError::Entity { kind: kind.to_owned(), id: id.to_owned() }
    }
}

fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        words => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
    }
}
