//! What can be wrong with a control call about an entity: the kind, the id, a field, its value, or the move.

use crate::sim::machine::{Diagram, moves};

/// Why an entity was not shown, set or moved.
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
    /// The table has a row, but something else has to happen first.
    #[error("`{on}` is not possible now: {because}; what is possible: {}", list(legal))]
    Guarded {
        /// What was asked.
        on: String,
        /// What stands against it.
        because: String,
        /// What its table allows and nothing stands against.
        legal: Vec<String>,
    },
    /// Nothing of the journey is possible from here.
    #[error(
        "the journey `{journey}` cannot start {}; those that can: {}",
        place(stands),
        list(possible)
    )]
    Journey {
        /// What was asked for.
        journey: String,
        /// Where the entity stands, kind by kind; nothing when it has nothing that moves.
        stands: String,
        /// The journeys that it can start.
        possible: Vec<String>,
    },
    /// The entity has no table of its own.
    #[error("{0}")]
    Computed(String),
}

impl OperatorError {
    /// An input without a row, with those that have one.
    pub(super) fn illegal(machine: &dyn Diagram, from: &str, on: &str) -> OperatorError {
        OperatorError::Illegal {
            from: from.to_owned(),
            on: on.to_owned(),
            legal: moves(machine, from).into_iter().map(|(on, _)| on.to_owned()).collect(),
        }
    }
}

fn place(stands: &str) -> String {
    if stands.is_empty() {
        return "where nothing moves".to_owned();
    }
    format!("with {stands}")
}

fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        words => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
    }
}
