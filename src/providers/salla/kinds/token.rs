//! Tokens and what they grant as an entity of the control API.

use serde_json::{Value, json};

use super::NO_MOVES;
use crate::providers::salla::access::{SCOPES, is_scope};
use crate::providers::salla::state::accounts::Grant;
use crate::providers::salla::{Salla, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing};

/// Grants, by their numbers, or the names of their access tokens in the presets.
pub struct Tokens;

impl Kind for Tokens {
    type Of = Salla;
    type Entity<'a> = &'a Grant;

    const WORD: &'static str = "token";
    const SETTABLE: &'static [&'static str] = &["scopes", "expires", "revoked"];
    const NO_MOVES: &'static str = NO_MOVES;

    fn all(state: &State) -> impl Iterator<Item = (String, &Grant)> {
        state.grants.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Grant> {
        match id.parse() {
            Ok(number) => state.grants.get(&number),
            Err(_) => state.grants.values().find(|grant| grant.name == id),
        }
    }

    /// Its expiry is a matter of the clock, which is not asked here.
    fn standing<'a>(_: &State, grant: &'a Grant) -> Standing<'a> {
        if grant.revoked { "revoked" } else { "granted" }.into()
    }

    fn data(_: &State, grant: &Grant) -> Value {
        json!(grant)
    }

    fn patch(cx: &mut Cx<'_, Salla>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut grant = Self::known(cx.state, id)?.clone();
        for given in fields {
            match given.field {
                "scopes" => {
                    let expected = format!("a list of some of {}", SCOPES.join(", "));
                    let known = |it: &str| is_scope(it).then(|| it.to_owned());
                    grant.scopes = given.list(&expected, known)?;
                }
                "expires" => {
                    let expected = "an instant, as 2026-05-14T09:00:00Z";
                    grant.expires = given.read(expected, |at| at.parse().ok())?;
                }
                _ => grant.revoked = given.flag()?,
            }
        }
        cx.state.grants.insert(grant.id, grant);
        Ok(())
    }
}
