//! A kind of entity: how one is found, what the control API shows of it, which fields it sets, which inputs it gives.

use std::borrow::Cow;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kit::numeric::{self, Amount};
use crate::providers::{Cx, OperatorError, Parts, Providers, Registered};
use crate::sim::machine::{Machine, Passage, Tracked, Word, moves};

/// What comes of setting or moving an entity.
pub type Operated = Result<(), OperatorError>;

/// Everything that can change of the provider of a kind.
type StateOf<K> = <<K as Kind>::Of as Registered>::State;

/// One kind of entity of a provider. From this come its counts, pages, details, settings and moves.
pub trait Kind: Sync {
    /// The provider.
    type Of: Registered;
    /// An entity as it is found: a reference to it, with what it stands in where that is needed.
    type Entity<'a>: Copy;

    /// Its word in addresses; singular.
    const WORD: &'static str;
    /// The fields that an operator could set. `patch` gets no other.
    const SETTABLE: &'static [&'static str] = &[];
    /// Why it takes no input, where `apply` stays as it is.
    const NO_MOVES: &'static str = "it has no moves";

    /// All of them by id, in the order of their pages.
    fn all(state: &StateOf<Self>) -> impl Iterator<Item = (String, Self::Entity<'_>)>;

    /// One of them, by its id or another name it has. By the index where there is one: `all` makes every id anew.
    fn find<'a>(state: &'a StateOf<Self>, id: &str) -> Option<Self::Entity<'a>>;

    /// Where it stands; nowhere, for a kind without states.
    fn standing<'a>(_state: &'a StateOf<Self>, _entity: Self::Entity<'a>) -> Standing<'a> {
        Standing::Computed(None)
    }

    /// Everything else of it.
    fn data(state: &StateOf<Self>, entity: Self::Entity<'_>) -> Value;

    /// Sets fields, all or none: on a copy, which takes the entity's place when the last one fitted.
    ///
    /// # Errors
    /// `OperatorError::Value` for what does not fit; nothing has changed then.
    fn patch(_cx: &mut Cx<'_, Self::Of>, _id: &str, _fields: &[NewValue<'_>]) -> Operated {
        Ok(())
    }

    /// Gives it an input.
    ///
    /// # Errors
    /// `OperatorError::Illegal` when its table has no such row; nothing has changed then.
    fn apply(_cx: &mut Cx<'_, Self::Of>, _id: &str, _on: &str) -> Operated {
        Err(OperatorError::Computed(Self::NO_MOVES.to_owned()))
    }

    /// What stands against an input that has a row: something else has to happen first.
    fn guard(_entity: Self::Entity<'_>, _on: &str) -> Option<String> {
        None
    }

    /// The inputs it takes now, for a kind that takes some and has no table of its own.
    fn inputs(_entity: Self::Entity<'_>) -> Vec<&'static str> {
        Vec::new()
    }

    /// The entity of an id.
    ///
    /// # Errors
    /// `OperatorError::Entity` when there is none.
    fn known<'a>(state: &'a StateOf<Self>, id: &str) -> Result<Self::Entity<'a>, OperatorError> {
        Self::find(state, id).ok_or_else(|| Self::absent(id))
    }

    /// What is said when there is no entity of an id.
    fn absent(id: &str) -> OperatorError {
        OperatorError::Entity { kind: Self::WORD.to_owned(), id: id.to_owned() }
    }
}

/// Where an entity stands.
#[derive(Debug, Clone, Copy)]
pub enum Standing<'a> {
    /// Where its table moved it.
    Tracked(&'a dyn Life),
    /// What follows from something else, if anything does.
    Computed(Option<&'static str>),
}

/// A state that a machine moves, in words.
pub trait Life: std::fmt::Debug {
    /// The state.
    fn word(&self) -> &'static str;
    /// How it came there.
    fn rows(&self) -> Vec<HistoryRow>;
}

impl<S: Word, I: Word> Life for Tracked<S, I> {
    fn word(&self) -> &'static str {
        self.state().text()
    }

    fn rows(&self) -> Vec<HistoryRow> {
        let words = |passage: &Passage<S, I>| HistoryRow {
            at: passage.at,
            on: passage.on.text().into(),
            from: passage.from.text().into(),
            to: passage.to.text().into(),
        };
        self.history().iter().map(words).collect()
    }
}

impl<'a, S: Word, I: Word> From<&'a Tracked<S, I>> for Standing<'a> {
    fn from(life: &'a Tracked<S, I>) -> Self {
        Standing::Tracked(life)
    }
}

impl From<&'static str> for Standing<'_> {
    fn from(word: &'static str) -> Self {
        Standing::Computed(Some(word))
    }
}

impl Standing<'_> {
    fn word(self) -> Option<String> {
        match self {
            Standing::Tracked(life) => Some(life.word()),
            Standing::Computed(word) => word,
        }
        .map(str::to_owned)
    }

    fn history(self) -> Vec<HistoryRow> {
        match self {
            Standing::Tracked(life) => life.rows(),
            Standing::Computed(_) => Vec::new(),
        }
    }
}

/// One line of a list of entities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Summary {
    /// What it is.
    pub kind: String,
    /// The provider's own id.
    pub id: String,
    /// Where it stands, in the provider's words.
    pub state: Option<String>,
}

/// One step, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "Passage")]
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

/// A field that an operator sets, and to what.
#[derive(Debug, Clone, Copy)]
pub struct NewValue<'a> {
    /// Its name.
    pub field: &'a str,
    /// The value.
    pub value: &'a Value,
}

impl NewValue<'_> {
    /// The value does not fit.
    pub fn wrong(&self, expected: &str) -> OperatorError {
        OperatorError::Value { field: self.field.to_owned(), expected: expected.to_owned() }
    }

    /// A text.
    pub fn text(&self) -> Result<String, OperatorError> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.wrong("a text"))
    }

    /// A text with something in it.
    pub fn filled(&self) -> Result<String, OperatorError> {
        let text = self.text()?;
        if text.trim().is_empty() { Err(self.wrong("a text that is not empty")) } else { Ok(text) }
    }

    /// A text or null.
    pub fn optional(&self) -> Result<Option<String>, OperatorError> {
        if self.value.is_null() { Ok(None) } else { self.text().map(Some) }
    }

    /// Yes or no.
    pub fn flag(&self) -> Result<bool, OperatorError> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    /// A number of things.
    pub fn count(&self) -> Result<u32, OperatorError> {
        let count = self.value.as_u64().and_then(|count| u32::try_from(count).ok());
        count.ok_or_else(|| self.wrong("a whole number from 0"))
    }

    /// An amount from 0 to a bound, as a number or its text, to ten digits after the point.
    pub fn amount(&self, most: i64) -> Result<Decimal, OperatorError> {
        let written = match self.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let parsed = match numeric::amount(&written) {
            Some(Amount::Exact(decimal)) => Some(decimal),
            _ => None,
        };
        parsed
            .filter(|it| (Decimal::ZERO..=Decimal::from(most)).contains(it))
            .map(|it| it.round_dp(10))
            .ok_or_else(|| self.wrong("an amount, as 12.5 or \"12.500\""))
    }

    /// A text that is read as something, such as a word of a vocabulary.
    pub fn read<T>(
        &self,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, OperatorError> {
        self.value.as_str().and_then(read).ok_or_else(|| self.wrong(expected))
    }

    /// A list of texts.
    pub fn texts(&self) -> Result<Vec<String>, OperatorError> {
        self.list("a list of texts", |it| Some(it.to_owned()))
    }

    /// A list of texts that are read as something.
    pub fn list<T>(
        &self,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, OperatorError> {
        let entries = self.value.as_array().ok_or_else(|| self.wrong(expected))?;
        let read = |entry: &Value| entry.as_str().and_then(&read);
        entries.iter().map(|it| read(it).ok_or_else(|| self.wrong(expected))).collect()
    }
}

/// The input of a word, if the entity's table has a row for it now.
pub(super) fn input<S: Word + Sync, I: Word + Sync>(
    machine: &Machine<S, I>,
    life: &Tracked<S, I>,
    on: &str,
) -> Result<I, OperatorError> {
    I::of_text(on)
        .filter(|input| machine.allows(life.state(), *input))
        .ok_or_else(|| OperatorError::illegal(machine, life.state().text(), on))
}

/// The same for a kind with a guard, which may stand against an input that has a row.
pub(super) fn guarded<K: Kind, S: Word + Sync, I: Word + Sync>(
    entity: K::Entity<'_>,
    machine: &Machine<S, I>,
    life: &Tracked<S, I>,
    on: &str,
) -> Result<I, OperatorError> {
    let input = input(machine, life, on)?;
    let Some(because) = K::guard(entity, on) else { return Ok(input) };
    let open = moves(machine, life.state().text()).into_iter().map(|(on, _)| on);
    let legal = open.filter(|on| K::guard(entity, on).is_none()).map(str::to_owned).collect();
    Err(OperatorError::Guarded { on: on.to_owned(), because, legal })
}

/// A kind without its types: what the control API calls.
pub trait Entities: Sync {
    /// Its word in addresses.
    fn word(&self) -> &'static str;
    /// How many there are.
    fn count(&self, all: &Providers) -> usize;
    /// The entities after an id.
    ///
    /// # Errors
    /// `OperatorError::Entity` for an `after` that is not there.
    fn list(
        &self,
        all: &Providers,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Summary>, OperatorError>;
    /// One entity.
    ///
    /// # Errors
    /// `OperatorError::Entity` when it is not there.
    fn detail(&self, all: &Providers, id: &str) -> Result<Detail, OperatorError>;
    /// Sets fields, all or none.
    ///
    /// # Errors
    /// `OperatorError` naming what is unknown or wrong; nothing has changed then.
    fn patch(&self, parts: &mut Parts<'_>, id: &str, fields: &Map<String, Value>) -> Operated;
    /// Gives an input.
    ///
    /// # Errors
    /// `OperatorError::Illegal` when its table has no such row.
    fn apply(&self, parts: &mut Parts<'_>, id: &str, on: &str) -> Operated;
    /// Whether something stands against an input of one, though its table has a row for it.
    fn is_guarded(&self, all: &Providers, id: &str, on: &str) -> bool;
    /// The inputs that one takes now which has no table of its own.
    fn inputs(&self, all: &Providers, id: &str) -> Vec<&'static str>;
}

impl<K: Kind> Entities for K {
    fn word(&self) -> &'static str {
        K::WORD
    }

    fn count(&self, all: &Providers) -> usize {
        K::all(K::Of::state(all)).count()
    }

    fn list(
        &self,
        all: &Providers,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Summary>, OperatorError> {
        let state = K::Of::state(all);
        let mut entities = K::all(state);
        if let Some(after) = after {
            entities.find(|(id, _)| id == after).ok_or_else(|| K::absent(after))?;
        }
        let summary = |(id, entity)| {
            let state = K::standing(state, entity).word();
            Summary { kind: K::WORD.to_owned(), id, state }
        };
        Ok(entities.take(limit).map(summary).collect())
    }

    fn detail(&self, all: &Providers, id: &str) -> Result<Detail, OperatorError> {
        let state = K::Of::state(all);
        let entity = K::known(state, id)?;
        let standing = K::standing(state, entity);
        let data = K::data(state, entity);
        Ok(Detail { state: standing.word(), history: standing.history(), data })
    }

    fn patch(&self, parts: &mut Parts<'_>, id: &str, fields: &Map<String, Value>) -> Operated {
        if let Some(field) = fields.keys().find(|field| !K::SETTABLE.contains(&field.as_str())) {
            let known = K::SETTABLE.iter().map(|field| (*field).to_owned()).collect();
            return Err(OperatorError::Field { field: field.clone(), known });
        }
        K::known(K::Of::state(parts.providers), id)?;
        let given = fields.iter().map(|(field, value)| NewValue { field, value });
        <K as Kind>::patch(&mut parts.cx(), id, &given.collect::<Vec<_>>())
    }

    fn apply(&self, parts: &mut Parts<'_>, id: &str, on: &str) -> Operated {
        K::known(K::Of::state(parts.providers), id)?;
        <K as Kind>::apply(&mut parts.cx(), id, on)
    }

    fn is_guarded(&self, all: &Providers, id: &str, on: &str) -> bool {
        K::find(K::Of::state(all), id).is_some_and(|entity| K::guard(entity, on).is_some())
    }

    fn inputs(&self, all: &Providers, id: &str) -> Vec<&'static str> {
        K::find(K::Of::state(all), id).map(<K as Kind>::inputs).unwrap_or_default()
    }
}
