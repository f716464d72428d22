//! Parcels as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::input;
use crate::providers::parcelune::machines::PARCEL;
use crate::providers::parcelune::rules::lifecycle;
use crate::providers::parcelune::state::Parcel;
use crate::providers::parcelune::{Parcelune, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing, traveller};

/// Parcels, by their ids.
pub struct Parcels;

impl Kind for Parcels {
    type Of = Parcelune;
    type Entity<'a> = &'a Parcel;

    const WORD: &'static str = "parcel";
    const SETTABLE: &'static [&'static str] = &["journey"];

    fn all(state: &State) -> impl Iterator<Item = (String, &Parcel)> {
        state.parcels.values().map(|parcel| (parcel.id.to_string(), parcel))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Parcel> {
        state.parcels.get(&id.parse().ok()?)
    }

    fn standing<'a>(_: &'a State, parcel: &'a Parcel) -> Standing<'a> {
        (&parcel.life).into()
    }

    fn data(_: &State, parcel: &Parcel) -> Value {
        json!({
            "account": parcel.account,
            "reference": parcel.reference,
            "country": parcel.country,
            "journey": parcel.itinerary.as_ref().map(|it| it.journey()),
        })
    }

    fn patch(cx: &mut Cx<'_, Parcelune>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let number = Self::known(cx.state, id)?.id;
        for given in fields {
            let journey = traveller::named::<Parcelune>(cx.state, number, given)?;
            traveller::change(cx, number, &journey);
        }
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Parcelune>, id: &str, on: &str) -> Operated {
        let parcel = Self::known(cx.state, id)?;
        let (number, on) = (parcel.id, input(&PARCEL, &parcel.life, on)?);
        lifecycle::happen(cx, number, on).map_err(|_| Self::absent(id))?;
        traveller::moved(cx, number);
        Ok(())
    }
}
