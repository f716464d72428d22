//! Stores, the merchants', as an entity of the control API.

use serde_json::{Value, json};

use super::NO_MOVES;
use crate::providers::salla::state::accounts::{Plan, Store, User};
use crate::providers::salla::{Salla, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing};

/// Stores, by their merchants' ids.
pub struct Stores;

impl Kind for Stores {
    type Of = Salla;
    type Entity<'a> = &'a Store;

    const WORD: &'static str = "store";
    const SETTABLE: &'static [&'static str] = &["plan", "user", "installed", "barred"];
    const NO_MOVES: &'static str = NO_MOVES;

    fn all(state: &State) -> impl Iterator<Item = (String, &Store)> {
        state.stores.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Store> {
        state.stores.get(&id.parse().ok()?)
    }

    fn standing<'a>(_: &State, store: &'a Store) -> Standing<'a> {
        store.user.word().into()
    }

    fn data(_: &State, store: &Store) -> Value {
        json!(store)
    }

    fn patch(cx: &mut Cx<'_, Salla>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut store = Self::known(cx.state, id)?.clone();
        for given in fields {
            match given.field {
                "plan" => store.plan = given.read("one of plus, pro, special", Plan::of)?,
                "user" => store.user = given.read("one of active, inactive, deleted", User::of)?,
                "installed" => store.installed = given.flag()?,
                _ => store.barred = given.flag()?,
            }
        }
        cx.state.stores.insert(store.id, store);
        Ok(())
    }
}
