//! Trackers as an entity of the control API.

use serde_json::{Value, json};

use crate::frameworks::rails::wide_integer::as_texts;
use crate::providers::kind::input;
use crate::providers::shipup::kinds::order::item_data;
use crate::providers::shipup::machines::TRACKER;
use crate::providers::shipup::resources::expand::Expand;
use crate::providers::shipup::rules::lifecycle::{self, NoNews};
use crate::providers::shipup::state::order::{Order, Tracker};
use crate::providers::shipup::views::View;
use crate::providers::shipup::{Shipup, State};
use crate::providers::{Cx, Kind, NewValue, Operated, OperatorError, Standing, traveller};
use crate::sim::journey::plan::Itinerary;

/// Trackers, by their tracking numbers, or Shipup's.
pub struct Trackers;

impl Kind for Trackers {
    type Of = Shipup;
    type Entity<'a> = (&'a Tracker, &'a Order);

    const WORD: &'static str = "tracker";
    const SETTABLE: &'static [&'static str] = &["journey"];

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        let book = &state.book;
        book.trackers
            .values()
            .filter_map(|it| Some((it.label.clone(), (it, book.order_of_tracker(it.id)?))))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let known = state.book.labelled_tracker(id)?;
        Some((known, state.book.order_of_tracker(known.id)?))
    }

    fn standing<'a>(_: &'a State, (known, _): Self::Entity<'a>) -> Standing<'a> {
        (&known.life).into()
    }

    fn data(state: &State, (known, order): Self::Entity<'_>) -> Value {
        let (book, view) = (&state.book, View::of(state));
        let mut data = view.tracker(known, order, &Expand::default());
        let fulfillment = book.fulfillments.get(&known.fulfillment);
        data["fulfillment"] = json!(fulfillment.map(|it| &it.label));
        data["order"] = json!(order.label);
        data["events"] = known.events.iter().map(|event| view.event(event)).collect();
        data["line_items"] =
            order.items_shipped(known.id).map(|(it, _)| item_data(book, order, it)).collect();
        data["unwatched"] = json!(known.unwatched);
        data["journey"] = json!(known.itinerary.as_ref().map(Itinerary::journey));
        data["stops"] = json!(known.itinerary.as_ref().map(Itinerary::stops));
        as_texts(data)
    }

    fn patch(cx: &mut Cx<'_, Shipup>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let number = Self::known(cx.state, id)?.0.id;
        for given in fields {
            let journey = traveller::named::<Shipup>(cx.state, number, given)?;
            traveller::change(cx, number, &journey);
        }
        Ok(())
    }

    /// Lets the carrier have news.
    fn apply(cx: &mut Cx<'_, Shipup>, id: &str, on: &str) -> Operated {
        let (known, _) = Self::known(cx.state, id)?;
        let (number, on) = (known.id, input(&TRACKER, &known.life, on)?);
        lifecycle::happen(cx, number, on).map_err(|why| match why {
            NoNews::Unwatched => OperatorError::Computed(
                "it turned around more than five days ago, and nobody asks the carrier for it any more"
                    .to_owned(),
            ),
            NoNews::Refused(_) => Self::absent(id),
        })?;
        traveller::moved(cx, number);
        Ok(())
    }
}
