//! What happens to a parcel: an input of its life cycle, with its webhook; and its journey.

use crate::providers::parcelune::machines::{PARCEL, ParcelInput};
use crate::providers::parcelune::{Parcelune, State, Timer, journeys, webhooks};
use crate::providers::{Choosing, Cx, JourneyBook, Traveller, traveller};
use crate::sim::journey::map::JourneyMap;
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::machine::InputRefused;

/// A parcel gets its journey, by what was said when it was booked.
pub fn set_out(cx: &mut Cx<'_, Parcelune>, id: u64) {
    let Some(parcel) = cx.state.parcels.get(&id) else { return };
    let who = Choosing {
        map: &journeys::MAP,
        route: journeys::route(),
        usual: &cx.state.journey,
        selectors: &[("reference", &parcel.reference), ("country", &parcel.country)],
        magic: journeys::route().chosen_by(&parcel.reference),
        label: "parcelune/journey choice",
    };
    let journey = cx.state.journeys.choose(&who, cx.chance);
    traveller::set_out(cx, id, &journey);
}

/// Something happens to a parcel.
///
/// # Errors
/// Why nothing happened; nothing has changed then.
pub fn happen(cx: &mut Cx<'_, Parcelune>, id: u64, on: ParcelInput) -> Result<(), InputRefused> {
    let parcel = cx.state.parcels.get_mut(&id).ok_or(InputRefused::Missing)?;
    let row = cx.out.step(&PARCEL, &mut parcel.life, &id.to_string(), on)?;
    if let Some(topic) = row.topic {
        webhooks::announce(cx, id, topic);
    }
    Ok(())
}

impl Traveller for Parcelune {
    type EntityKey = u64;

    const MAP: &'static JourneyMap = &journeys::MAP;
    const DELAYS: &'static str = "parcelune/journey delays";

    fn timer(id: u64) -> Timer {
        Timer::Journey(id)
    }

    fn journeys(state: &State) -> &JourneyBook {
        &state.journeys
    }

    fn itinerary(state: &State, id: u64) -> Option<&Itinerary> {
        state.parcels.get(&id)?.itinerary.as_ref()
    }

    fn itinerary_mut(state: &mut State, id: u64) -> Option<&mut Option<Itinerary>> {
        state.parcels.get_mut(&id).map(|parcel| &mut parcel.itinerary)
    }

    fn states(state: &State, id: u64) -> Vec<(&'static str, &'static str)> {
        let parcel = state.parcels.get(&id);
        parcel.map(|it| (PARCEL.name, it.life.state().word())).into_iter().collect()
    }

    fn ended(state: &State, id: u64) -> bool {
        state.parcels.get(&id).is_none_or(|it| PARCEL.ended(it.life.state()))
    }

    fn arrive(cx: &mut Cx<'_, Parcelune>, id: u64, stops: &[Stop]) {
        for on in stops.iter().filter_map(|stop| ParcelInput::of(&stop.on)) {
            let _ = happen(cx, id, on);
        }
    }

    fn id(_: &State, id: u64, _: &Stop) -> Option<String> {
        Some(id.to_string())
    }
}
