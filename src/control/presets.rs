//! What a newcomer needs to call the providers of a world.

use serde_json::{Map, Value, json};

use crate::control::respond;
use crate::message::Reply;
use crate::providers::{self, Name};
use crate::world::World;

/// What the addresses of our own surface end in, before the path of a call.
const OWN: &str = "/_shipmock";

/// Addresses, credentials, ids and magic values, with addresses as the caller reached us.
pub(super) fn show(world: &World, base: &str, name: &str) -> Reply {
    let base = base.trim_end_matches('/');
    let origin = base.strip_suffix(OWN).unwrap_or(base);
    let mut all = Map::new();
    for provider in Name::ALL {
        let service = providers::service(*provider);
        let presets = service.presets(world.providers());
        let line = json!({
            "base_url": format!("{origin}/{provider}{}", service.base()),
            "credentials": presets.credentials,
            "ids": presets.ids,
            "magic": presets.magic,
        });
        all.insert(provider.word().to_owned(), line);
    }
    let recipe = world.recipe();
    respond::said(&json!({
        "world": name,
        "scenario": recipe.scenario,
        "seed": recipe.seed,
        "providers": Value::Object(all),
    }))
}
