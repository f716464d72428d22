//! Products as an entity of the control API.

use serde_json::{Value, json};

use super::{NO_MOVES, unscoped};
use crate::providers::Kind;
use crate::providers::shiptheory::state::accounts::{Account, Product};
use crate::providers::shiptheory::{Shiptheory, State};

/// Products, by their SKUs.
pub struct Products;

impl Kind for Products {
    type Of = Shiptheory;
    type Entity<'a> = (&'a Account, &'a Product);

    const WORD: &'static str = "product";
    const NO_MOVES: &'static str = NO_MOVES;

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state.accounts.values().flat_map(move |account| {
            let own = account.products.values();
            own.map(move |product| {
                (state.scoped(account.id, &product.sheet.sku), (account, product))
            })
        })
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let mut named = unscoped(state, id);
        named.find_map(|(account, sku)| Some((account, account.product(sku)?)))
    }

    fn data(_: &State, (account, product): Self::Entity<'_>) -> Value {
        json!({
            "account": account.email,
            "sheet": product.sheet,
            "created": product.created,
            "modified": product.modified,
            "example": product.example,
        })
    }
}
