//! What happens to a shipment: steps of its machine, what the courier adds, and who is told.

use crate::providers::salla::data::couriers::courier;
use crate::providers::salla::machines::{
    CREATED, CREATING, SHIPMENT, ShipmentInput, ShipmentState, UPDATED,
};
use crate::providers::salla::state::shipment::{Label, Mark, NO_NUMBER};
use crate::providers::salla::{Salla, State, Timer, journeys, webhooks};
use crate::providers::{Cx, JourneyBook, Traveller, traveller};
use crate::sim::journey::map::JourneyMap;
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::machine::{InputRefused, route};

/// Gives a shipment an input, as its courier would.
///
/// # Errors
/// `InputRefused`; nothing has changed then.
pub fn step(cx: &mut Cx<'_, Salla>, id: u64, on: ShipmentInput) -> Result<(), InputRefused> {
    let topic = carry_on(cx, id, on)?;
    tell(cx, id, topic.as_slice());
    Ok(())
}

/// The same without telling anybody; the topic that its row names.
fn carry_on(
    cx: &mut Cx<'_, Salla>,
    id: u64,
    on: ShipmentInput,
) -> Result<Option<&'static str>, InputRefused> {
    let topic = quietly(cx, id, on)?;
    mark(cx, id, None);
    adorn(cx, id, on);
    Ok(topic)
}

/// What the courier adds of its own in a step: its numbers and label, or the number of a pickup.
pub fn adorn(cx: &mut Cx<'_, Salla>, id: u64, on: ShipmentInput) {
    if on == ShipmentInput::Accept {
        number(cx, id);
    }
    if on == ShipmentInput::Process {
        let drawn = cx.chance.draw("salla/pickup").between(10_000_000, 99_999_999);
        if let Some(shipment) = cx.state.book.get_mut(id) {
            shipment.pickup_id.get_or_insert(drawn);
        }
    }
}

/// Tells what became of several steps at once. The first word of a courier is its own event, whatever it says.
fn tell(cx: &mut Cx<'_, Salla>, id: u64, topics: &[&'static str]) {
    let topic = if topics.contains(&CREATED) {
        topics.iter().find(|it| **it != CREATING && **it != UPDATED)
    } else {
        topics.last()
    };
    if let Some(topic) = topic {
        webhooks::announce(cx, id, topic);
    }
}

/// Moves a shipment without telling anybody; the topic that its row names.
fn quietly(
    cx: &mut Cx<'_, Salla>,
    id: u64,
    on: ShipmentInput,
) -> Result<Option<&'static str>, InputRefused> {
    let shipment = cx.state.book.get_mut(id).ok_or(InputRefused::Missing)?;
    let row = cx.out.step(&SHIPMENT, &mut shipment.life, id, on)?;
    Ok(row.topic)
}

/// Writes where a shipment stands into its tracking history.
fn mark(cx: &mut Cx<'_, Salla>, id: u64, note: Option<String>) {
    let at = cx.now;
    if let Some(shipment) = cx.state.book.get_mut(id) {
        shipment.marks.push(Mark { at, status: shipment.life.state(), note });
    }
}

/// The courier's numbers and its label, unless it has given them already.
fn number(cx: &mut Cx<'_, Salla>, id: u64) {
    let Some(known) = cx.state.book.get(id).map(|it| it.courier_id) else { return };
    let Some(courier) = courier(known) else { return };
    let digits = cx.chance.draw("salla/tracking number").digits(courier.digits);
    let file = cx.chance.draw("salla/label").alphanumeric(40);
    let Some(shipment) = cx.state.book.get_mut(id) else { return };
    let own = format!("{}{digits}", courier.prefix);
    if shipment.shipping_number == NO_NUMBER {
        shipment.shipping_number = own.clone();
    }
    if shipment.tracking_number == NO_NUMBER {
        shipment.tracking_number = own;
        shipment.tracking_link = courier.tracking_link(&shipment.tracking_number);
    }
    let reference = shipment.order_reference_id.unwrap_or(shipment.id);
    shipment.label.get_or_insert_with(|| Label::Own(format!("{reference}-{file}.pdf")));
}

/// Whether a courier may report a status now.
pub fn leads(state: &State, id: u64, status: ShipmentState) -> bool {
    let from = state.book.get(id).map(|it| it.life.state().word());
    from.is_some_and(|from| route(&SHIPMENT, from, status.word()).is_some())
}

/// Takes a courier's word for where a shipment stands: what must have happened in between is taken along.
///
/// # Errors
/// `Refused` when no way leads there; nothing has changed then.
pub fn report(
    cx: &mut Cx<'_, Salla>,
    id: u64,
    status: ShipmentState,
    note: Option<String>,
) -> Result<(), InputRefused> {
    let from = cx.state.book.get(id).ok_or(InputRefused::Missing)?.life.state().word();
    let way = route(&SHIPMENT, from, status.word());
    let way = way.ok_or(InputRefused::Illegal { from, on: status.word() })?;
    traveller::stop(cx, id);
    let mut topics = Vec::new();
    for on in way.into_iter().filter_map(ShipmentInput::of) {
        topics.extend(quietly(cx, id, on)?);
    }
    mark(cx, id, note);
    if topics.is_empty() {
        // What stays where it is was still updated.
        topics.push(UPDATED);
    }
    tell(cx, id, &topics);
    Ok(())
}

/// A shipment that waited is asked for: it becomes `creating`. Who does this announces it.
pub fn issue(cx: &mut Cx<'_, Salla>, id: u64) {
    if quietly(cx, id, ShipmentInput::Issue).is_ok() {
        mark(cx, id, None);
    }
}

/// Tells that a courier is asked for a shipment.
pub fn announce_new(cx: &mut Cx<'_, Salla>, id: u64) {
    webhooks::announce(cx, id, CREATING);
}

impl Traveller for Salla {
    type EntityKey = u64;

    const MAP: &'static JourneyMap = &journeys::MAP;
    const DELAYS: &'static str = "salla/journey delays";

    fn timer(id: u64) -> Timer {
        Timer::Journey(id)
    }

    fn journeys(state: &State) -> &JourneyBook {
        &state.journeys
    }

    fn itinerary(state: &State, id: u64) -> Option<&Itinerary> {
        state.book.get(id)?.itinerary.as_ref()
    }

    fn itinerary_mut(state: &mut State, id: u64) -> Option<&mut Option<Itinerary>> {
        state.book.get_mut(id).map(|shipment| &mut shipment.itinerary)
    }

    fn states(state: &State, id: u64) -> Vec<(&'static str, &'static str)> {
        let shipment = state.book.get(id);
        shipment.map(|it| (SHIPMENT.name, it.life.state().word())).into_iter().collect()
    }

    fn ended(state: &State, id: u64) -> bool {
        state.book.get(id).is_none_or(|it| SHIPMENT.ended(it.life.state()))
    }

    fn arrive(cx: &mut Cx<'_, Salla>, id: u64, stops: &[Stop]) {
        let mut topics = Vec::new();
        for on in stops.iter().filter_map(|stop| ShipmentInput::of(&stop.on)) {
            topics.extend(carry_on(cx, id, on).ok().flatten());
        }
        tell(cx, id, &topics);
    }

    fn id(_: &State, id: u64, _: &Stop) -> Option<String> {
        Some(id.to_string())
    }
}
