//! Fulfillments as an entity of the control API.

use serde_json::{Value, json};

use crate::frameworks::rails::wide_integer::as_texts;
use crate::providers::kind::input;
use crate::providers::shipup::kinds::order::{item_data, labels};
use crate::providers::shipup::machines::{FULFILLMENT, Status};
use crate::providers::shipup::resources::expand::Expand;
use crate::providers::shipup::rules::statuses;
use crate::providers::shipup::state::order::{Fulfillment, Order};
use crate::providers::shipup::views::View;
use crate::providers::shipup::{Shipup, State};
use crate::providers::{Cx, Kind, Operated, OperatorError, Standing};

/// Fulfillments, by the merchant's ids, or Shipup's numbers.
pub struct Fulfillments;

impl Kind for Fulfillments {
    type Of = Shipup;
    type Entity<'a> = (&'a Fulfillment, &'a Order);

    const WORD: &'static str = "fulfillment";

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state
            .book
            .fulfillments
            .values()
            .filter_map(|it| Some((it.label.clone(), (it, state.book.orders.get(&it.order)?))))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let known = state.book.labelled_fulfillment(id)?;
        Some((known, state.book.orders.get(&known.order)?))
    }

    fn standing<'a>(_: &'a State, (known, _): Self::Entity<'a>) -> Standing<'a> {
        (&known.life).into()
    }

    fn data(state: &State, (known, order): Self::Entity<'_>) -> Value {
        let book = &state.book;
        let mut data = View::of(state).fulfillment(known, order, &Expand::default());
        data["order"] = json!(order.label);
        data["given_status_code"] = json!(known.given);
        data["forced_status_code"] = json!(statuses::forced(book, known));
        data["trackers"] =
            labels(&known.trackers, |id| book.trackers.get(&id).map(|it| it.label.clone()));
        data["line_items"] =
            order.items_in(known.id).map(|item| item_data(book, order, item)).collect();
        as_texts(data)
    }

    /// As its merchant would by sending a status. One that its items force upon it stays.
    fn apply(cx: &mut Cx<'_, Shipup>, id: &str, on: &str) -> Operated {
        let (known, _) = Self::known(cx.state, id)?;
        let status: Status = input(&FULFILLMENT, &known.life, on)?;
        let forced = statuses::forced(&cx.state.book, known);
        if let Some(forced) = forced.filter(|forced| *forced != status) {
            return Err(OperatorError::Computed(format!(
                "its order or its line items force it to be `{forced}`; send them where they belong instead"
            )));
        }
        let (number, order) = (known.id, known.order);
        if let Some(known) = cx.state.book.fulfillments.get_mut(&number) {
            known.given = Some(status);
        }
        statuses::settle(cx, order);
        Ok(())
    }
}
