//! Parcelune's setup: its part of a scenario's `world:`, and how it is opened.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::kit::mistake::Mistake;
use crate::providers::parcelune::state::{Account, Subscription};
use crate::providers::parcelune::{Parcelune, journeys};
use crate::providers::setup::{each, merged, setup, unless_there};
use crate::providers::{
    Choice, Cx, JourneyBook, Opening, Setting, WrittenJourneys, merged_journeys,
};

setup! {
    /// What a scenario says about Parcelune.
    #[schemars(rename = "Parcelune")]
    pub struct Setup {
        /// The journey of parcels that choose none.
        may journey: String,
        /// Journeys of the scenario's own.
        may journeys: WrittenJourneys => merged_journeys,
        /// Which parcels go on which journey; the first choice whose conditions hold decides.
        may choose: Vec<Choice>,
        /// Accounts.
        may accounts: Vec<AccountSetup> => merged,
    }
}

impl Setting for Setup {}

setup! {
    /// An account of a scenario.
    #[schemars(rename = "ParceluneAccount")]
    pub struct AccountSetup {
        /// What its key is called in `presets`.
        must name: String,
        /// Its key; drawn from the seed when missing.
        may key: String,
        /// Where its webhooks go; nowhere when missing.
        may webhook: WebhookSetup,
    }
}

/// An endpoint that is told what becomes of parcels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ParceluneWebhook")]
pub struct WebhookSetup {
    /// Where to.
    pub url: String,
    /// What its webhooks are signed with.
    pub secret: String,
}

impl Opening for Parcelune {
    type Setup = Setup;

    fn open(cx: &mut Cx<'_, Parcelune>, setup: &Setup, _: Timestamp) -> Result<(), Mistake> {
        let (state, map) = (&mut *cx.state, &journeys::MAP);
        state.journeys = JourneyBook::read(map, setup.journeys.as_ref(), setup.choose.as_deref())?;
        if let Some(name) = &setup.journey {
            state.journey = state.journeys.usual(map, journeys::route(), "journey", name)?;
        }
        each("accounts", setup.accounts.iter().flatten(), |_, it| open_account(cx, it))
    }
}

fn open_account(cx: &mut Cx<'_, Parcelune>, setup: &AccountSetup) -> Result<(), Mistake> {
    let drawn = cx.chance.draw("parcelune/key").alphanumeric(24);
    let key = setup.key.clone().unwrap_or(drawn);
    for (field, text) in [("name", &setup.name), ("key", &key)] {
        if text.trim().is_empty() {
            return Err(Mistake::new(field, "a text that is not empty"));
        }
    }
    let accounts = &mut cx.state.accounts;
    let (name, is_there) = (&setup.name, accounts.contains_key(&setup.name));
    unless_there(is_there, "name", format_args!("an account `{name}`"))?;
    let is_there = accounts.values().any(|other| other.key == key);
    unless_there(is_there, "key", format_args!("a key `{key}`"))?;
    let webhook = setup.webhook.as_ref();
    let webhook = webhook.map(|it| Subscription { url: it.url.clone(), secret: it.secret.clone() });
    accounts.insert(name.clone(), Account { key, webhook });
    Ok(())
}
