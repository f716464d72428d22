//! What happens to a shipment: steps of its machine, what the courier adds, and who is told.

use crate::providers::Cx;
use crate::providers::salla::data::couriers::courier;
use crate::providers::salla::machines::{
    CREATED, CREATING, SHIPMENT, ShipmentInput, ShipmentState, UPDATED,
};
use crate::providers::salla::state::shipment::{Label, Mark, NO_NUMBER};
use crate::providers::salla::{Salla, Timer, webhooks};
use crate::sim::journey::plan::{Itinerary, Plan};
use crate::sim::machine::{Illegal, route};

/// A step that was refused: there is no such shipment, or its table has no such row.
pub type Refused = Option<Illegal<ShipmentState, ShipmentInput>>;

/// Gives a shipment an input, as its courier would.
///
/// # Errors
/// `Refused`; nothing has changed then.
pub fn step(cx: &mut Cx<'_, Salla>, id: u64, on: ShipmentInput) -> Result<(), Refused> {
    let topic = quietly(cx, id, on)?;
    mark(cx, id, None);
    if on == ShipmentInput::Accept {
        number(cx, id);
    }
    if on == ShipmentInput::Process {
        let drawn = cx.chance.draw("salla/pickup").between(10_000_000, 99_999_999);
        if let Some(shipment) = cx.state.book.get_mut(id) {
            shipment.pickup_id.get_or_insert(drawn);
        }
    }
    if let Some(topic) = topic {
        webhooks::announce(cx, id, topic);
    }
    Ok(())
}

/// Moves a shipment without telling anybody; the topic that its row names.
fn quietly(
    cx: &mut Cx<'_, Salla>,
    id: u64,
    on: ShipmentInput,
) -> Result<Option<&'static str>, Refused> {
    let shipment = cx.state.book.get_mut(id).ok_or(None)?;
    let row = cx.out.step(&SHIPMENT, &mut shipment.life, &id.to_string(), on).map_err(Some)?;
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
pub fn number(cx: &mut Cx<'_, Salla>, id: u64) {
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

/// Takes a courier's word for where a shipment stands: what must have happened in between is taken along.
///
/// # Errors
/// `Refused` when no way leads there; nothing has changed then.
pub fn report(
    cx: &mut Cx<'_, Salla>,
    id: u64,
    status: ShipmentState,
    note: Option<String>,
) -> Result<(), Refused> {
    let from = cx.state.book.get(id).ok_or(None)?.life.state();
    let way = route(&SHIPMENT, from.word(), status.word()).ok_or(None)?;
    stop(cx, id);
    let mut topics = Vec::new();
    for on in way.into_iter().filter_map(ShipmentInput::of) {
        topics.extend(quietly(cx, id, on)?);
    }
    mark(cx, id, note);
    // The first word of the courier is its own event, whatever it says; what stays where it is was still updated.
    let topic = match topics.contains(&CREATED) {
        true => topics.iter().find(|it| **it != CREATING && **it != UPDATED).copied(),
        false => topics.last().copied(),
    };
    webhooks::announce(cx, id, topic.unwrap_or(UPDATED));
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

/// Ends the journey of a shipment.
pub fn stop(cx: &mut Cx<'_, Salla>, id: u64) {
    let Some(shipment) = cx.state.book.get_mut(id) else { return };
    if shipment.itinerary.take().is_some() {
        cx.out.keep(|due| *due != Timer::Journey(id).into());
    }
}

/// Ends the journey of a shipment that was brought to its end by hand.
pub fn stop_at_the_end(cx: &mut Cx<'_, Salla>, id: u64) {
    if cx.state.book.get(id).is_some_and(|it| SHIPMENT.ended(it.life.state())) {
        stop(cx, id);
    }
}

/// Puts a shipment on a journey, from its first leg; the journey it was on ends.
pub fn travel_by(cx: &mut Cx<'_, Salla>, id: u64, plan: &Plan) {
    stop(cx, id);
    let Some(shipment) = cx.state.book.get_mut(id) else { return };
    let itinerary = Itinerary::draw(plan, |_| true, &mut cx.chance.draw("salla/journey delays"));
    let wait = itinerary.wait();
    shipment.itinerary = Some(itinerary);
    if let Some(wait) = wait {
        cx.out.after(wait, Timer::Journey(id));
    }
}

/// The next stop of a shipment's journey. An input without a row does nothing: somebody moved it by hand.
pub fn travel(cx: &mut Cx<'_, Salla>, id: u64) {
    let Some(shipment) = cx.state.book.get_mut(id) else { return };
    let Some(itinerary) = &mut shipment.itinerary else { return };
    let Some(stop) = itinerary.stops.pop_front() else { return };
    let wait = itinerary.wait();
    if let Some(on) = ShipmentInput::of(&stop.on) {
        let _ = step(cx, id, on);
    }
    let ended = cx.state.book.get(id).is_none_or(|it| SHIPMENT.ended(it.life.state()));
    match wait.filter(|_| !ended) {
        Some(wait) => cx.out.after(wait, Timer::Journey(id)),
        None => {
            if let Some(shipment) = cx.state.book.get_mut(id) {
                shipment.itinerary = None;
            }
        }
    }
}
