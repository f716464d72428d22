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

impl Summary {
    /// So many rows of id and state, from behind an id on.
    ///
    /// # Errors
    /// `Trouble::Entity` when no row has that id.
    pub(super) fn page(
        kind: &'static str,
        mut rows: impl Iterator<Item = (String, Option<&'static str>)>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Summary>, Trouble> {
        if let Some(after) = after {
            rows.find(|(id, _)| id == after).ok_or_else(|| Trouble::entity(kind, after))?;
        }
        let summary = |(id, state): (String, Option<&str>)| Summary {
            kind: kind.to_owned(),
            id,
            state: state.map(str::to_owned),
        };
        Ok(rows.take(limit).map(summary).collect())
    }
}

/// One step, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// World time.
    pub at: Timestamp,
    /// The input.
    pub on: Cow<'static, str>,
    /// The state it left.
    pub from: Cow<'static, str>,
    /// The state it reached.
    pub to: Cow<'static, str>,
}

impl Passage {
    /// The history of a tracked state, in words.
    pub fn history<S: Word, I: Word>(tracked: &Tracked<S, I>) -> Vec<Passage> {
        let words = |passage: &crate::sim::machine::Passage<S, I>| Passage {
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
    pub history: Vec<Passage>,
    /// Everything else.
    pub data: Value,
}

/// Why a look or a touch was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
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
    /// The entity has no table of its own.
    #[error("{0}")]
    Computed(String),
}

impl Trouble {
    /// A kind that is none of the known ones.
    pub(super) fn kind(given: &str, known: &[&str]) -> Trouble {
        let known = known.iter().map(|kind| (*kind).to_owned()).collect();
        Trouble::Kind { given: given.to_owned(), known }
    }

    /// An entity that is not there.
    pub(super) fn entity(kind: &str, id: &str) -> Trouble {
        Trouble::Entity { kind: kind.to_owned(), id: id.to_owned() }
    }
}

fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        words => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
    }
}
