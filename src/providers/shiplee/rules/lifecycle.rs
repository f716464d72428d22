//! What happens to a parcel: steps of its machine, the carrier's scans, and the money that moves with it.

use crate::providers::shiplee::machines::{OrderInput, SHIPMENT, ShipmentInput, ShipmentState};
use crate::providers::shiplee::rules::booking::{Booking, mark};
use crate::providers::shiplee::rules::carrier;
use crate::providers::shiplee::state::order::{Direction, Scan};
use crate::providers::shiplee::state::wallet::EntryKind;
use crate::providers::shiplee::{Shiplee, State, Timer, journeys};
use crate::providers::{Cx, JourneyBook, Traveller};
use crate::sim::journey::map::{JourneyMap, JourneyRoute};
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::machine::InputRefused;

/// Gives a parcel an input.
///
/// # Errors
/// `InputRefused` when there is no such parcel or its table has no such row; nothing has changed then.
pub fn shipment(
    cx: &mut Cx<'_, Shiplee>,
    number: u64,
    on: ShipmentInput,
) -> Result<(), InputRefused> {
    let state = &mut **cx.state;
    let parcel = state.book.shipment_mut(number).ok_or(InputRefused::Missing)?;
    let row = cx.out.step(&SHIPMENT, &mut parcel.life, &parcel.awb, on)?;
    let (kind, status, code, instructions) = carrier::scan(row.from, on, row.to, cx.chance);
    parcel.scans.push(Scan {
        at: cx.now,
        kind: kind.to_owned(),
        status: status.to_owned(),
        code: code.to_owned(),
        instructions: instructions.to_owned(),
    });
    match row.to {
        ShipmentState::Cancelled | ShipmentState::Canceled if state.switches.refund_on_cancel => {
            take_back(cx, number);
        }
        ShipmentState::ReturnedToOrigin if state.switches.charge_returns => {
            let (seller, freight, awb) = (parcel.seller, parcel.freight, parcel.awb.clone());
            if let Some(seller) = state.sellers.get_mut(&seller) {
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

impl Traveller for Shiplee {
    type EntityKey = u64;

    const MAP: &'static JourneyMap = &journeys::MAP;
    const DELAYS: &'static str = "shiplee/journey delays";

    fn timer(number: u64) -> Timer {
        Timer::Journey(number)
    }

    fn journeys(state: &State) -> &JourneyBook {
        &state.journeys
    }

    fn itinerary(state: &State, number: u64) -> Option<&Itinerary> {
        state.book.shipment(number)?.itinerary.as_ref()
    }

    fn itinerary_mut(state: &mut State, number: u64) -> Option<&mut Option<Itinerary>> {
        state.book.shipment_mut(number).map(|parcel| &mut parcel.itinerary)
    }

    fn route(state: &State, number: u64) -> &'static JourneyRoute {
        let parcel = state.book.shipment(number);
        journeys::route(parcel.map_or(Direction::Forward, |parcel| parcel.direction))
    }

    fn states(state: &State, number: u64) -> Vec<(&'static str, &'static str)> {
        let parcel = state.book.shipment(number);
        parcel.map(|it| (SHIPMENT.name, it.life.state().word())).into_iter().collect()
    }

    fn ended(state: &State, number: u64) -> bool {
        state.book.shipment(number).is_none_or(|it| SHIPMENT.ended(it.life.state()))
    }

    fn arrive(cx: &mut Cx<'_, Shiplee>, number: u64, stops: &[Stop]) {
        for on in stops.iter().filter_map(|stop| ShipmentInput::of(&stop.on)) {
            let _ = shipment(cx, number, on);
        }
    }

    fn id(state: &State, number: u64, _: &Stop) -> Option<String> {
        state.book.shipment(number).map(|parcel| parcel.awb.clone())
    }
}
