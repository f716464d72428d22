//! Contact tasks, the calls that confirm orders, as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::input;
use crate::providers::shipper::kinds::order::Orders;
use crate::providers::shipper::machines::{CONTACT, ContactInput, ContactState};
use crate::providers::shipper::rules::lifecycle;
use crate::providers::shipper::state::order::{Order, OrderKey};
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Kind, Operated, Standing};
use crate::sim::machine::Tracked;

/// Contact tasks, by their orders' ids.
pub struct ContactTasks;

impl Kind for ContactTasks {
    type Of = Shipper;
    type Entity<'a> = (OrderKey, &'a Order, &'a Tracked<ContactState, ContactInput>);

    const WORD: &'static str = "contact_task";

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state.orders().filter_map(|(key, order)| {
            Some((key.to_string(), (key, order, order.contact.as_ref()?)))
        })
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let (key, order) = Orders::find(state, id)?;
        Some((key, order, order.contact.as_ref()?))
    }

    fn standing<'a>(_: &'a State, (_, _, task): Self::Entity<'a>) -> Standing<'a> {
        task.into()
    }

    fn data(_: &State, (key, order, _): Self::Entity<'_>) -> Value {
        json!({ "order": key.to_string(), "confirmation": order.confirmation })
    }

    fn apply(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Operated {
        let (key, _, task) = Self::known(cx.state, id)?;
        let on = input(&CONTACT, task, on)?;
        lifecycle::contact(cx, key, on).map_err(|_| Self::absent(id))
    }
}
