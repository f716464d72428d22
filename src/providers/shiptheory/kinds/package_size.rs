//! Package sizes as an entity of the control API.

use serde_json::{Value, json};

use super::NO_MOVES;
use crate::providers::shiptheory::state::accounts::{Account, PackageSize};
use crate::providers::shiptheory::{Shiptheory, State};
use crate::providers::{Cx, Kind, NewValue, Operated};

/// Package sizes, by their ids.
pub struct PackageSizes;

impl Kind for PackageSizes {
    type Of = Shiptheory;
    type Entity<'a> = (&'a Account, &'a PackageSize);

    const WORD: &'static str = "package_size";
    const SETTABLE: &'static [&'static str] = &["active"];
    const NO_MOVES: &'static str = NO_MOVES;

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state.accounts.values().flat_map(|account| {
            account.package_sizes.iter().map(move |(id, size)| (id.to_string(), (account, size)))
        })
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let id = id.parse().ok()?;
        state.accounts.values().find_map(|it| Some((it, it.package_sizes.get(&id)?)))
    }

    fn data(_: &State, (account, size): Self::Entity<'_>) -> Value {
        json!({ "account": account.email, "size": size })
    }

    fn patch(cx: &mut Cx<'_, Shiptheory>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let (account, size) = Self::known(cx.state, id)?;
        let (account, mut size) = (account.id, size.clone());
        for given in fields {
            let active = given.flag()?;
            if size.active != active {
                size.active = active;
                size.modified = cx.now;
            }
        }
        if let Some(account) = cx.state.accounts.get_mut(&account) {
            account.package_sizes.insert(size.id, size);
        }
        Ok(())
    }
}
