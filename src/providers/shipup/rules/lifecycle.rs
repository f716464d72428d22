//! What happens to a tracker: the carrier's news, and how long anybody asks for them.

use jiff::SignedDuration;

use crate::providers::shipup::machines::{DeliveryStatus, EventType, TRACKER};
use crate::providers::shipup::rules::notifications;
use crate::providers::shipup::state::book::next;
use crate::providers::shipup::state::order::Event;
use crate::providers::shipup::{Shipup, Timer, journeys, webhooks};
use crate::providers::{Cx, Due};
use crate::sim::journey::plan::{Itinerary, Plan};
use crate::sim::machine::Illegal;

/// A parcel that is not there after this is given up: public list of delivery statuses.
pub const EXPIRY: SignedDuration = SignedDuration::from_hours(45 * 24);
/// For so long the carrier is asked for a parcel that turned around: the same list.
pub const AFTER_RETURN: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Why a parcel did not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// There is no such tracker.
    Missing,
    /// Nobody asks the carrier any more.
    Unwatched,
    /// The table has no row for it.
    Illegal(Illegal<DeliveryStatus, EventType>),
}

/// A tracker is new: it is asked for from now on, and goes on its journey if a carrier is known.
pub fn watch(cx: &mut Cx<'_, Shipup>, id: u64) {
    cx.out.after(EXPIRY, Timer::Expire(id));
    let Some(tracker) = cx.state.book.trackers.get(&id) else { return };
    let plan = journeys::by_number(&tracker.number)
        .or_else(|| journeys::plan(&cx.state.journey))
        .filter(|_| tracker.carrier.is_some());
    if let Some(plan) = plan {
        travel_by(cx, id, plan);
    }
}

/// Puts a tracker on a journey, from its first leg; the journey it was on ends.
pub fn travel_by(cx: &mut Cx<'_, Shipup>, id: u64, plan: &Plan) {
    let Some(tracker) = cx.state.book.trackers.get_mut(&id) else { return };
    if tracker.itinerary.take().is_some() {
        cx.out.keep(|due| *due != Due::from(Timer::Journey(id)));
    }
    if TRACKER.ended(tracker.life.state()) || tracker.unwatched {
        return;
    }
    let itinerary = Itinerary::draw(plan, |_| true, &mut cx.chance.draw("shipup/journey delays"));
    let wait = itinerary.wait();
    tracker.itinerary = Some(itinerary);
    if let Some(wait) = wait {
        cx.out.after(wait, Timer::Journey(id));
    }
}

/// The next stop of a journey. An event without a row does nothing: somebody moved the parcel by hand.
pub fn travel(cx: &mut Cx<'_, Shipup>, id: u64) {
    let Some(tracker) = cx.state.book.trackers.get_mut(&id) else { return };
    let Some(itinerary) = &mut tracker.itinerary else { return };
    let Some(stop) = itinerary.stops.pop_front() else { return };
    let wait = itinerary.wait();
    if let Some(on) = EventType::of(&stop.on) {
        let _ = happen(cx, id, on);
    }
    let Some(tracker) = cx.state.book.trackers.get_mut(&id) else { return };
    if tracker.itinerary.is_none() {
        return;
    }
    match wait {
        Some(wait) => cx.out.after(wait, Timer::Journey(id)),
        None => tracker.itinerary = None,
    }
}

/// The carrier has news.
///
/// # Errors
/// Why nothing happened; nothing has changed then.
pub fn happen(cx: &mut Cx<'_, Shipup>, id: u64, on: EventType) -> Result<(), Idle> {
    let book = &mut cx.state.book;
    let tracker = book.trackers.get_mut(&id).ok_or(Idle::Missing)?;
    if tracker.unwatched {
        return Err(Idle::Unwatched);
    }
    let row =
        cx.out.step(&TRACKER, &mut tracker.life, &tracker.label, on).map_err(Idle::Illegal)?;
    let event = Event { id: next(&mut book.numbers.event), event_type: on, at: cx.now };
    let number = event.id;
    tracker.events.push(event);
    tracker.updated_at = cx.now;
    if row.to != DeliveryStatus::InfoReceived && on != EventType::Expired {
        tracker.shipped_at.get_or_insert(cx.now);
    }
    if matches!(on, EventType::FailedAttempt | EventType::PickupPoint | EventType::Delivered) {
        tracker.first_attempt_at.get_or_insert(cx.now);
    }
    if on == EventType::Delivered {
        tracker.delivered_at = Some(cx.now);
    }
    let turned = row.to == DeliveryStatus::Return && row.from != DeliveryStatus::Return;
    if TRACKER.ended(row.to) {
        tracker.itinerary = None;
        cx.out.keep(|due| !is_about(*due, id));
    } else if turned {
        // It does not expire any more; it is only looked for a little longer.
        cx.out.keep(|due| *due != Due::from(Timer::Expire(id)));
        cx.out.after(AFTER_RETURN, Timer::StopLooking(id));
    }
    webhooks::tracker_event(cx, id, number);
    notifications::of_event(cx, id, on, row.from != row.to);
    Ok(())
}

fn is_about(due: Due, tracker: u64) -> bool {
    [Timer::Journey(tracker), Timer::Expire(tracker), Timer::StopLooking(tracker)]
        .into_iter()
        .any(|timer| due == timer.into())
}

/// Forty-five days have passed.
pub fn expire(cx: &mut Cx<'_, Shipup>, id: u64) {
    let _ = happen(cx, id, EventType::Expired);
}

/// Five days have passed since the parcel turned around.
pub fn stop_looking(cx: &mut Cx<'_, Shipup>, id: u64) {
    let Some(tracker) = cx.state.book.trackers.get_mut(&id) else { return };
    tracker.unwatched = true;
    tracker.itinerary = None;
    cx.out.keep(|due| !is_about(*due, id));
}
