//! Webhooks as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::input;
use crate::providers::shipper::machines::WEBHOOK;
use crate::providers::shipper::state::accounts::Subscription;
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Kind, NewValue, Operated, OperatorError, Standing};

/// Webhooks, by their ids.
pub struct Webhooks;

impl Kind for Webhooks {
    type Of = Shipper;
    type Entity<'a> = &'a Subscription;

    const WORD: &'static str = "webhook";
    const SETTABLE: &'static [&'static str] = &["failure_count"];

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state.accounts.webhooks.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        state.accounts.webhooks.get(&id.parse().ok()?)
    }

    fn standing<'a>(_: &'a State, webhook: Self::Entity<'a>) -> Standing<'a> {
        (&webhook.life).into()
    }

    fn data(state: &State, webhook: Self::Entity<'_>) -> Value {
        let key = state.accounts.keys.get(&webhook.key);
        json!({
            "key": key.map(|key| &key.name),
            "url": webhook.url,
            "events": webhook.events,
            "signed": webhook.secret.is_some(),
            "last_triggered_at": webhook.last_triggered_at,
            "failure_count": webhook.failure_count,
            "created_at": webhook.created_at,
        })
    }

    fn patch(cx: &mut Cx<'_, Shipper>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        for given in fields {
            webhook_mut(cx.state, id)?.failure_count = given.count()?;
        }
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Operated {
        let webhook = webhook_mut(cx.state, id)?;
        let on = input(&WEBHOOK, &webhook.life, on)?;
        let step = cx.out.step(&WEBHOOK, &mut webhook.life, id, on);
        step.map(drop).map_err(|_| Webhooks::absent(id))
    }
}

fn webhook_mut<'a>(state: &'a mut State, id: &str) -> Result<&'a mut Subscription, OperatorError> {
    let webhook = id.parse().ok().and_then(|id: u64| state.accounts.webhooks.get_mut(&id));
    webhook.ok_or_else(|| Webhooks::absent(id))
}
