//! What happens to a parcel: steps of its machine, the carrier's scans, and the money that moves with it.

use crate::providers::Cx;
use crate::providers::shiplee::machines::{OrderInput, SHIPMENT, ShipmentInput, ShipmentState};
use crate::providers::shiplee::rules::booking::{Booking, mark};
use crate::providers::shiplee::rules::carrier;
use crate::providers::shiplee::state::order::Scan;
use crate::providers::shiplee::state::wallet::EntryKind;
use crate::providers::shiplee::{Shiplee, Timer, journeys};
use crate::sim::journey::script::Journey;
use crate::sim::machine::Illegal;

/// Gives a parcel an input.
///
/// # Errors
/// `Illegal` when its table has no such row, `None` when there is no such parcel; nothing has changed then.
pub fn shipment(
    cx: &mut Cx<'_, Shiplee>,
    number: u64,
    on: ShipmentInput,
) -> Result<(), Option<Illegal<ShipmentState, ShipmentInput>>> {
    let parcel = cx.state.book.shipment_mut(number).ok_or(None)?;
    let row = cx.out.step(&SHIPMENT, &mut parcel.life, &parcel.awb, on).map_err(Some)?;
    let (kind, status, code, instructions) = carrier::scan(row.from, on, row.to, cx.chance);
    parcel.scans.push(Scan {
        at: cx.now,
        kind: kind.to_owned(),
        status: status.to_owned(),
        code: code.to_owned(),
        instructions: instructions.to_owned(),
    });
    match row.to {
        ShipmentState::Cancelled | ShipmentState::Canceled
            if cx.state.switches.refund_on_cancel =>
        {
            take_back(cx, number);
        }
        ShipmentState::ReturnedToOrigin if cx.state.switches.charge_returns => {
            let (seller, freight, awb) = (parcel.seller, parcel.freight, parcel.awb.clone());
            if let Some(seller) = cx.state.sellers.get_mut(&seller) {
                seller.wallet.enter(cx.now, EntryKind::ReturnCharge, -freight, Some(&awb));
            }
        }
        _ => {}
    }
    Ok(())
}

/// A parcel that was never picked up is paid back, and its order can be booked again.
fn take_back(cx: &mut Cx<'_, Shiplee>, number: u64) {
    let Some(parcel) = cx.state.book.shipment(number) else { return };
    let booking =
        Booking { direction: parcel.direction, order: parcel.order, warehouse: parcel.warehouse };
    let (seller, cost, awb) = (parcel.seller, parcel.cost(), parcel.awb.clone());
    if let Some(seller) = cx.state.sellers.get_mut(&seller) {
        seller.wallet.enter(cx.now, EntryKind::Refund, cost, Some(&awb));
    }
    mark(cx, booking, OrderInput::Release, None);
}

/// Puts a parcel on a journey, from its first leg; the journey it was on ends.
pub fn travel_by(cx: &mut Cx<'_, Shiplee>, number: u64, journey: &Journey) {
    cx.out.keep(|due| *due != Timer::Journey(number).into());
    let Some(parcel) = cx.state.book.shipment_mut(number) else { return };
    let states = [("shipment", parcel.life.state().word())];
    let mut draw = cx.chance.draw("shiplee/journey delays");
    let itinerary = journey.begin(&journeys::GROUND, &states, |_| true, &mut draw);
    let wait = itinerary.wait();
    parcel.itinerary = Some(itinerary);
    if let Some(wait) = wait {
        cx.out.after(wait, Timer::Journey(number));
    }
}

/// Ends the journey of a parcel that was brought to its end by hand.
pub fn stop_at_the_end(cx: &mut Cx<'_, Shiplee>, number: u64) {
    let Some(parcel) = cx.state.book.shipment_mut(number) else { return };
    if SHIPMENT.ended(parcel.life.state()) && parcel.itinerary.take().is_some() {
        cx.out.keep(|due| *due != Timer::Journey(number).into());
    }
}

/// The next stop of a parcel's journey. An input without a row does nothing: somebody moved the parcel by hand.
pub fn travel(cx: &mut Cx<'_, Shiplee>, number: u64) {
    let Some(parcel) = cx.state.book.shipment_mut(number) else { return };
    let Some(itinerary) = &mut parcel.itinerary else { return };
    let stops = itinerary.arrive();
    if stops.is_empty() {
        return;
    }
    let wait = itinerary.wait();
    for on in stops.iter().filter_map(|stop| ShipmentInput::of(&stop.on)) {
        let _ = shipment(cx, number, on);
    }
    let ended = cx.state.book.shipment(number).is_none_or(|it| SHIPMENT.ended(it.life.state()));
    match wait.filter(|_| !ended) {
        Some(wait) => cx.out.after(wait, Timer::Journey(number)),
        None => {
            if let Some(parcel) = cx.state.book.shipment_mut(number) {
                parcel.itinerary = None;
            }
        }
    }
}
