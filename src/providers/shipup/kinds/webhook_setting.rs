//! Webhook settings as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::shipup::setup::check_topics;
use crate::providers::shipup::state::accounts::{Pending, Subscription};
use crate::providers::shipup::{Shipup, State, webhooks};
use crate::providers::{Cx, Kind, NewValue, Operated, OperatorError, Standing};

/// Webhook settings, by their numbers.
pub struct WebhookSettings;

impl Kind for WebhookSettings {
    type Of = Shipup;
    type Entity<'a> = &'a Subscription;

    const WORD: &'static str = "webhook_setting";
    const SETTABLE: &'static [&'static str] = &["url", "events", "username", "password", "active"];
    const NO_MOVES: &'static str = "a webhook setting has no moves; set it with PATCH";

    fn all(state: &State) -> impl Iterator<Item = (String, &Subscription)> {
        let all = state.accounts.values().flat_map(|account| &account.webhooks);
        all.map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Subscription> {
        let id: u64 = id.parse().ok()?;
        state.accounts.values().flat_map(|account| &account.webhooks).find(|it| it.id == id)
    }

    fn standing<'a>(_: &State, webhook: &'a Subscription) -> Standing<'a> {
        if webhook.active { "active" } else { "inactive" }.into()
    }

    /// Its password is nobody's business.
    fn data(_: &State, webhook: &Subscription) -> Value {
        json!({
            "id": webhook.id,
            "url": webhook.url,
            "events": webhook.topics,
            "username": webhook.credentials.as_ref().map(|(name, _)| name),
            "active": webhook.active,
            "pending_url": webhook.pending.as_ref().map(|pending| &pending.url),
        })
    }

    /// Another address, name or password is tried first: a test goes there, and is saved when the answer is a 200.
    fn patch(cx: &mut Cx<'_, Shipup>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut webhook = Self::known(cx.state, id)?.clone();
        let (mut username, mut password) = webhook.credentials.clone().unzip();
        let (mut url, mut is_tried) = (webhook.url.clone(), false);
        for given in fields {
            is_tried |= matches!(given.field, "url" | "username" | "password");
            match given.field {
                "url" => {
                    url = given.text()?;
                    if !url.starts_with("http://") && !url.starts_with("https://") {
                        let expected = "an address, as https://shop.example/webhooks/shipup";
                        return Err(given.wrong(expected));
                    }
                }
                "events" => {
                    let topics = given.texts()?;
                    check_topics(&topics).map_err(|problem| given.wrong(&problem))?;
                    webhook.topics = topics;
                }
                "username" => username = given.optional()?,
                "password" => password = given.optional()?,
                _ => webhook.active = given.flag()?,
            }
        }
        let credentials = match (username, password) {
            (None, None) => None,
            (Some(name), Some(password)) => Some((name, password)),
            _ => {
                return Err(OperatorError::Value {
                    field: "username".to_owned(),
                    expected: "set together with `password`, or both null".to_owned(),
                });
            }
        };
        if is_tried {
            let pending = Pending { url, credentials };
            webhooks::test(cx, &webhook, &pending);
            webhook.pending = Some(pending);
        }
        let mut all = cx.state.accounts.values_mut().flat_map(|account| &mut account.webhooks);
        if let Some(known) = all.find(|it| it.id == webhook.id) {
            *known = webhook;
        }
        Ok(())
    }
}
