//! The kinds of entity of a provider as a table: how each is looked at, and how it is touched.

use serde_json::{Map, Value};

use crate::providers::{Cx, Detail, Inspect, OperatorError, Registered, Summary};

/// Id and state of each entity of a kind, in order.
pub type Rows<'a> = Box<dyn Iterator<Item = (String, Option<&'static str>)> + 'a>;

/// One kind of entity. Whoever touches an id that is not there says `OperatorError::Absent`; the door names it.
#[derive(Debug)]
pub struct Entity<P: Registered> {
    /// Its word in addresses; singular.
    pub kind: &'static str,
    /// How many there are.
    pub count: fn(&P::State) -> usize,
    /// All of them.
    pub rows: fn(&P::State) -> Rows<'_>,
    /// One of them, whole.
    pub detail: fn(&P::State, &str) -> Option<Detail>,
    /// The fields that an operator could set.
    pub settable: &'static [&'static str],
    /// Sets some of these fields, all or none.
    pub patch: Patch<P>,
    /// Gives one an input; `OperatorError::Illegal` when its table has no such row.
    pub apply: Apply<P>,
    /// The inputs it takes now, for a kind without a table of its own.
    pub inputs: Option<InputsOf<P>>,
}

/// Sets fields of the entity of an id. No field comes that is not settable.
pub type Patch<P> = fn(&mut Cx<'_, P>, &str, &Map<String, Value>) -> Result<(), OperatorError>;

/// Gives the entity of an id an input.
pub type Apply<P> = fn(&mut Cx<'_, P>, &str, &str) -> Result<(), OperatorError>;

/// What the entity of an id takes now.
pub type InputsOf<P> = fn(&<P as Registered>::State, &str) -> Vec<&'static str>;

/// For kinds of which nothing can be set.
pub(super) fn nothing_to_set<P: Registered>(
    _: &mut Cx<'_, P>,
    _: &str,
    _: &Map<String, Value>,
) -> Result<(), OperatorError> {
    Ok(())
}

/// The row of a kind.
///
/// # Errors
/// `OperatorError::Kind` for a word that is none.
pub(super) fn entity<P: Inspect>(kind: &str) -> Result<&'static Entity<P>, OperatorError> {
    let known = || P::ENTITIES.iter().map(|entity| entity.kind.to_owned()).collect();
    P::ENTITIES
        .iter()
        .find(|entity| entity.kind == kind)
        .ok_or_else(|| OperatorError::Kind { given: kind.to_owned(), known: known() })
}

impl<P: Registered> Entity<P> {
    /// The entities after an id.
    ///
    /// # Errors
    /// `OperatorError::Entity` for an `after` that is not there.
    pub(super) fn list(
        &self,
        state: &P::State,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Summary>, OperatorError> {
        let mut rows = (self.rows)(state);
        if let Some(after) = after {
            rows.find(|(id, _)| id == after)
                .ok_or_else(|| OperatorError::entity(self.kind, after))?;
        }
        let summary = |(id, state): (String, Option<&str>)| Summary {
            kind: self.kind.to_owned(),
            id,
            state: state.map(str::to_owned),
        };
        Ok(rows.take(limit).map(summary).collect())
    }

    /// One entity.
    ///
    /// # Errors
    /// `OperatorError::Entity` when it is not there.
    pub(super) fn look(&self, state: &P::State, id: &str) -> Result<Detail, OperatorError> {
        (self.detail)(state, id).ok_or_else(|| OperatorError::entity(self.kind, id))
    }

    /// Sets fields, all or none.
    ///
    /// # Errors
    /// `OperatorError` naming what is unknown or wrong; nothing has changed then.
    pub(super) fn set(
        &self,
        cx: &mut Cx<'_, P>,
        id: &str,
        fields: &Map<String, Value>,
    ) -> Result<(), OperatorError> {
        if let Some(field) = fields.keys().find(|field| !self.settable.contains(&field.as_str())) {
            let known = self.settable.iter().map(|field| (*field).to_owned()).collect();
            return Err(OperatorError::Field { field: field.clone(), known });
        }
        self.look(cx.state, id)?;
        (self.patch)(cx, id, fields).map_err(|trouble| self.named(trouble, id))
    }

    /// Gives an input.
    ///
    /// # Errors
    /// `OperatorError::Illegal` when its table has no such row.
    pub(super) fn push(&self, cx: &mut Cx<'_, P>, id: &str, on: &str) -> Result<(), OperatorError> {
        self.look(cx.state, id)?;
        (self.apply)(cx, id, on).map_err(|trouble| self.named(trouble, id))
    }

    fn named(&self, trouble: OperatorError, id: &str) -> OperatorError {
        match trouble {
            OperatorError::Absent => OperatorError::entity(self.kind, id),
            other => other,
        }
    }
}
