//! Accounts as an entity of the control API.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::NO_MOVES;
use crate::kit::mistake::Mistake;
use crate::providers::shiptheory::setup::soundness::{check_carriers, check_rules};
use crate::providers::shiptheory::state::accounts::{Account, ShippingRule};
use crate::providers::shiptheory::{Shiptheory, State};
use crate::providers::{Cx, Kind, NewValue, Operated};

/// Accounts, by their ids or mail addresses.
pub struct Accounts;

impl Kind for Accounts {
    type Of = Shiptheory;
    type Entity<'a> = &'a Account;

    const WORD: &'static str = "account";
    const SETTABLE: &'static [&'static str] = &["password", "carriers", "rules", "next_journeys"];
    const NO_MOVES: &'static str = NO_MOVES;

    fn all(state: &State) -> impl Iterator<Item = (String, &Account)> {
        state.accounts.iter().map(|(id, account)| (id.to_string(), account))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Account> {
        let number = id.parse().ok();
        let fits = |it: &&Account| Some(it.id) == number || it.email.eq_ignore_ascii_case(id);
        state.accounts.values().find(fits)
    }

    fn data(_: &State, account: &Account) -> Value {
        json!({
            "id": account.id,
            "name": account.name,
            "email": account.email,
            "password": account.password,
            "permanent_token": account.tokens.first(),
            "sender": account.sender,
            "carriers": account.carriers,
            "rules": account.rules,
            "next_journeys": account.next_journeys,
        })
    }

    fn patch(cx: &mut Cx<'_, Shiptheory>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut account = Self::known(cx.state, id)?.clone();
        for given in fields {
            let mistaken = |it: Mistake| given.wrong(&format!("right: {}", it.problem));
            match given.field {
                "password" => account.password = given.filled()?,
                "carriers" => {
                    let read: BTreeMap<String, Vec<u64>> =
                        serde_json::from_value(given.value.clone()).map_err(|_| {
                            given.wrong("carriers with their instances, as {\"DPD\": [1, 2]}")
                        })?;
                    check_carriers(&read).map_err(mistaken)?;
                    account.carriers = read;
                }
                "rules" => {
                    let read: Vec<ShippingRule> = serde_json::from_value(given.value.clone())
                        .map_err(|error| {
                            given.wrong(&format!("a list of shipping rules: {error}"))
                        })?;
                    check_rules(&read).map_err(mistaken)?;
                    account.rules = read;
                }
                _ => {
                    let read: VecDeque<String> = serde_json::from_value(given.value.clone())
                        .map_err(|_| given.wrong("a list of journeys"))?;
                    for name in &read {
                        cx.state.journey_named(given.field, name).map_err(|it| {
                            given.wrong(&format!("a list of journeys: {}", it.problem))
                        })?;
                    }
                    account.next_journeys = read;
                }
            }
        }
        cx.state.accounts.insert(account.id, account);
        Ok(())
    }
}
