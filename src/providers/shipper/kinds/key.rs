//! API keys as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::input;
use crate::providers::shipper::machines::{KEY, KeyState};
use crate::providers::shipper::state::accounts::Key;
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Kind, NewValue, Operated, OperatorError, Standing};
use crate::sim::machine::route;

/// API keys, by their numbers or names.
pub struct Keys;

impl Kind for Keys {
    type Of = Shipper;
    type Entity<'a> = &'a Key;

    const WORD: &'static str = "key";
    const SETTABLE: &'static [&'static str] = &["state"];

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state.accounts.keys.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let number = id.parse().ok();
        state.accounts.keys.values().find(|key| Some(key.id) == number || key.name == id)
    }

    fn standing<'a>(_: &'a State, key: Self::Entity<'a>) -> Standing<'a> {
        (&key.life).into()
    }

    fn data(state: &State, key: Self::Entity<'_>) -> Value {
        let owner = state.accounts.organizations.get(&key.organization);
        json!({
            "name": key.name,
            "organization": owner.map(|owner| &owner.name),
            "role": owner.map(|owner| owner.role),
        })
    }

    /// By walking its table: from revoked nothing leads back.
    fn patch(cx: &mut Cx<'_, Shipper>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let from = Self::known(cx.state, id)?.life.state().word();
        for given in fields {
            let to = given.read("active, disabled or revoked", KeyState::of)?.word();
            let inputs = route(&KEY, from, to);
            for on in inputs.ok_or_else(|| OperatorError::illegal(&KEY, from, to))? {
                Self::apply(cx, id, on)?;
            }
        }
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Operated {
        let key = Self::known(cx.state, id)?;
        let (number, on) = (key.id, input(&KEY, &key.life, on)?);
        let key = cx.state.accounts.keys.get_mut(&number).ok_or_else(|| Self::absent(id))?;
        let step = cx.out.step(&KEY, &mut key.life, number, on);
        step.map(drop).map_err(|_| Self::absent(id))
    }
}
