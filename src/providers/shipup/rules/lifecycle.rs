//! What happens to a tracker: the carrier's news, and how long anybody asks for them.

use jiff::SignedDuration;

use crate::providers::shipup::machines::{DeliveryStatus, EventType, TRACKER};
use crate::providers::shipup::rules::notifications;
use crate::providers::shipup::state::book::next;
use crate::providers::shipup::state::order::{Event, text};
use crate::providers::shipup::{Shipup, State, Timer, journeys, webhooks};
use crate::providers::{Choosing, Cx, Due, JourneyBook, Traveller, traveller};
use crate::sim::journey::map::JourneyMap;
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::journey::script::Journey;
use crate::sim::machine::InputRefused;

/// A parcel that is not there after this is given up: public list of delivery statuses. From when it is counted is not
/// said; it is inferred that the last news count.
pub const EXPIRY: SignedDuration = SignedDuration::from_hours(45 * 24);
/// For so long the carrier is asked for a parcel that turned around: the same list.
pub const AFTER_RETURN: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Why a parcel did not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNews {
    /// Nobody asks the carrier any more.
    Unwatched,
    /// There is no such tracker, or the table has no row for it.
    Refused(InputRefused),
}

/// A tracker is new: it is asked for from now on, and goes on its journey if a carrier is known.
pub fn watch(cx: &mut Cx<'_, Shipup>, id: u64) {
    cx.out.after(EXPIRY, Timer::Expire(id));
    if let Some(journey) = chosen(cx, id) {
        traveller::set_out(cx, id, &journey);
    }
}

/// The journey of a tracker, by what is said of it and of its order; none for a carrier nobody knows.
fn chosen(cx: &mut Cx<'_, Shipup>, id: u64) -> Option<Journey> {
    let book = &cx.state.book;
    let tracker = book.trackers.get(&id)?;
    let carrier = tracker.carrier.as_ref()?;
    let order = book.order_of_tracker(id)?;
    let fulfillment = book.fulfillments.get(&tracker.fulfillment);
    let address = fulfillment.and_then(|it| it.address.as_ref()).or(order.address.as_ref());
    let mut selectors =
        vec![("number", tracker.number.as_str()), ("carrier", carrier.code.as_str())];
    let given = [
        ("country", address.and_then(|it| text(&it.fields, "country_code"))),
        ("email", text(&order.fields, "email")),
        ("reference", order.merchant_id.as_deref()),
        ("fulfillment", fulfillment.and_then(|it| it.merchant_id.as_deref())),
    ];
    selectors.extend(given.iter().filter_map(|(word, value)| Some((*word, (*value)?))));
    let items = order.items_shipped(id);
    selectors.extend(items.filter_map(|(item, _)| Some(("sku", text(&item.fields, "sku")?))));
    let who = Choosing {
        map: &journeys::MAP,
        route: journeys::route(),
        usual: &cx.state.journey,
        selectors: &selectors,
        magic: journeys::by_number(&tracker.number),
        label: "shipup/journey choice",
    };
    Some(cx.state.journeys.choose(&who, cx.chance))
}

impl Traveller for Shipup {
    type EntityKey = u64;

    const MAP: &'static JourneyMap = &journeys::MAP;
    const DELAYS: &'static str = "shipup/journey delays";

    fn timer(id: u64) -> Timer {
        Timer::Journey(id)
    }

    fn journeys(state: &State) -> &JourneyBook {
        &state.journeys
    }

    fn itinerary(state: &State, id: u64) -> Option<&Itinerary> {
        state.book.trackers.get(&id)?.itinerary.as_ref()
    }

    fn itinerary_mut(state: &mut State, id: u64) -> Option<&mut Option<Itinerary>> {
        state.book.trackers.get_mut(&id).map(|tracker| &mut tracker.itinerary)
    }

    fn states(state: &State, id: u64) -> Vec<(&'static str, &'static str)> {
        let tracker = state.book.trackers.get(&id).filter(|tracker| !tracker.unwatched);
        tracker.map(|it| (TRACKER.name, it.life.state().word())).into_iter().collect()
    }

    fn ended(state: &State, id: u64) -> bool {
        let tracker = state.book.trackers.get(&id).filter(|tracker| !tracker.unwatched);
        tracker.is_none_or(|it| TRACKER.ended(it.life.state()))
    }

    fn arrive(cx: &mut Cx<'_, Shipup>, id: u64, stops: &[Stop]) {
        for on in stops.iter().filter_map(|stop| EventType::of(&stop.on)) {
            let _ = happen(cx, id, on);
        }
    }

    fn id(state: &State, id: u64, _: &Stop) -> Option<String> {
        state.book.trackers.get(&id).map(|tracker| tracker.label.clone())
    }
}

/// The carrier has news.
///
/// # Errors
/// Why nothing happened; nothing has changed then.
pub fn happen(cx: &mut Cx<'_, Shipup>, id: u64, on: EventType) -> Result<(), NoNews> {
    let book = &mut cx.state.book;
    let tracker = book.trackers.get_mut(&id).ok_or(NoNews::Refused(InputRefused::Missing))?;
    if tracker.unwatched {
        return Err(NoNews::Unwatched);
    }
    let row = cx.out.step(&TRACKER, &mut tracker.life, &tracker.label, on);
    let row = row.map_err(|illegal| NoNews::Refused(illegal.into()))?;
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
    } else if row.to != DeliveryStatus::Return && !cx.state.switches.expires_from_creation {
        cx.out.keep(|due| *due != Due::from(Timer::Expire(id)));
        cx.out.after(EXPIRY, Timer::Expire(id));
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

/// Forty-five days have passed without news.
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
