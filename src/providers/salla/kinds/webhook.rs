//! Webhooks as an entity of the control API.

use serde_json::{Value, json};

use super::NO_MOVES;
use crate::providers::salla::state::accounts::{Strategy, Subscription};
use crate::providers::salla::{Salla, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing};

/// Webhooks, by their ids.
pub struct Webhooks;

impl Kind for Webhooks {
    type Of = Salla;
    type Entity<'a> = &'a Subscription;

    const WORD: &'static str = "webhook";
    const SETTABLE: &'static [&'static str] = &["url", "secret", "strategy"];
    const NO_MOVES: &'static str = NO_MOVES;

    fn all(state: &State) -> impl Iterator<Item = (String, &Subscription)> {
        state.subscriptions.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Subscription> {
        state.subscriptions.get(&id.parse().ok()?)
    }

    fn standing<'a>(_: &State, _: &'a Subscription) -> Standing<'a> {
        "active".into()
    }

    fn data(state: &State, webhook: &Subscription) -> Value {
        let mut data = json!(webhook);
        if webhook.secret.is_none() && webhook.strategy != Strategy::None {
            data["secret"] = json!(state.app.webhook_secret);
        }
        data
    }

    fn patch(cx: &mut Cx<'_, Salla>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut webhook = Self::known(cx.state, id)?.clone();
        for given in fields {
            match given.field {
                "url" => webhook.url = given.text()?,
                "secret" => webhook.secret = given.optional()?,
                _ => {
                    webhook.strategy = given.read("one of signature, token, none", Strategy::of)?;
                }
            }
        }
        cx.state.subscriptions.insert(webhook.id, webhook);
        Ok(())
    }
}
