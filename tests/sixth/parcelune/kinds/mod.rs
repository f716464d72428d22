//! Parcelune's kinds of entity: what the control API shows of each, sets and moves.

mod parcel;

use serde_json::json;

use crate::providers::parcelune::{Parcelune, State, Timer, journeys};
use crate::providers::{Entities, Inspect, Presets, numbers, traveller};

impl Inspect for Parcelune {
    const ENTITIES: &'static [&'static dyn Entities] = &[&parcel::Parcels];

    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let Timer::Journey(number) = timer;
        traveller::subject::<Parcelune>(state, number)
    }

    fn presets(state: &State) -> Presets {
        let mut presets = Presets::default();
        for (name, account) in &state.accounts {
            presets.credentials.insert(name.clone(), json!(account.key));
        }
        if let Some(number) = state.parcels.keys().next_back() {
            presets.ids.insert("parcel".to_owned(), json!(number));
        }
        presets.magic =
            numbers(&journeys::MAP).chain(state.journeys.magic(&journeys::MAP)).collect();
        presets
    }
}
