//! Presets: the base URLs, credentials, ids and magic values with which a newcomer calls the providers of a world.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::providers::{self, Magic, Name};
use crate::world::World;

/// What the addresses of our own surface end in, before the path of a call.
const OWN: &str = "/_shipmock";

/// What a newcomer needs.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Presets")]
pub(super) struct WorldPresets<'a> {
    /// Its name.
    world: &'a str,
    /// What it was built from.
    scenario: &'a str,
    /// Of everything that is made up.
    seed: u64,
    /// By name.
    #[schemars(with = "BTreeMap<String, ProviderPresets>")]
    providers: BTreeMap<Name, ProviderPresets>,
}

/// What a newcomer needs to call a provider.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct ProviderPresets {
    /// What its documentation calls the base.
    base_url: String,
    /// Names and values.
    credentials: Map<String, Value>,
    /// Names and values of what exists.
    ids: Map<String, Value>,
    /// Values that choose what happens.
    magic: Vec<Magic>,
}

/// Addresses, credentials, ids and magic values, with addresses as the caller reached us.
pub(super) fn show<'a>(world: &'a World, base: &str, name: &'a str) -> WorldPresets<'a> {
    let base = base.trim_end_matches('/');
    let origin = base.strip_suffix(OWN).unwrap_or(base);
    let of = |provider: &Name| {
        let service = providers::service(*provider);
        let presets = service.presets(world.providers());
        let line = ProviderPresets {
            base_url: format!("{origin}/{provider}{}", service.base()),
            credentials: presets.credentials,
            ids: presets.ids,
            magic: presets.magic,
        };
        (*provider, line)
    };
    let recipe = world.recipe();
    WorldPresets {
        world: name,
        scenario: &recipe.scenario,
        seed: recipe.seed,
        providers: Name::ALL.iter().map(of).collect(),
    }
}
