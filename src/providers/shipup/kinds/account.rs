//! Accounts as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::shipup::data::languages;
use crate::providers::shipup::state::accounts::{self, Account};
use crate::providers::shipup::{Shipup, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing};

/// Accounts, by their numbers or names.
pub struct Accounts;

impl Kind for Accounts {
    type Of = Shipup;
    type Entity<'a> = &'a Account;

    const WORD: &'static str = "account";
    const SETTABLE: &'static [&'static str] = &["standing", "language_code", "carriers", "api_key"];
    const NO_MOVES: &'static str =
        "an account has no moves; set its standing, language, carriers or key with PATCH";

    fn all(state: &State) -> impl Iterator<Item = (String, &Account)> {
        state.accounts.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Account> {
        let by_number = id.parse().ok().and_then(|id: u32| state.accounts.get(&id));
        by_number.or_else(|| {
            state.accounts.values().find(|account| !account.name.is_empty() && account.name == id)
        })
    }

    fn standing<'a>(_: &State, account: &'a Account) -> Standing<'a> {
        account.standing.word().into()
    }

    fn data(_: &State, account: &Account) -> Value {
        json!({
            "id": account.id,
            "name": account.name,
            "api_key": account.private_key,
            "public_key": account.public_key,
            "language_code": account.language_code,
            "carriers": account.carriers,
            "standing": account.standing,
            "webhook_settings": account.webhooks.iter().map(|it| it.id).collect::<Vec<_>>(),
        })
    }

    fn patch(cx: &mut Cx<'_, Shipup>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut account = Self::known(cx.state, id)?.clone();
        for given in fields {
            match given.field {
                "standing" => {
                    account.standing = accounts::Standing::of(&given.text()?)
                        .ok_or_else(|| given.wrong("`active` or `trial_ended`"))?;
                }
                "language_code" => {
                    let code = given.text()?;
                    if !languages::is_known(&code) {
                        return Err(given.wrong("a language of two small letters, as `fr`"));
                    }
                    account.language_code = code;
                }
                "carriers" => account.carriers = given.texts()?,
                _ => {
                    let key = given.text()?;
                    let mut others = cx.state.accounts.values();
                    let taken = others.any(|it| {
                        it.public_key == key || (it.private_key == key && it.id != account.id)
                    });
                    if key.trim().is_empty() || taken {
                        return Err(given.wrong("a key that is not empty and nobody has"));
                    }
                    account.private_key = key;
                }
            }
        }
        cx.state.accounts.insert(account.id, account);
        Ok(())
    }
}
