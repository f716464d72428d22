//! What happens to a shipment: steps of its machine, and the lines they leave in its history.

use jiff::SignedDuration;

use crate::providers::shiptheory::data::carriers;
use crate::providers::shiptheory::machines::{Input, SHIPMENT, Status};
use crate::providers::shiptheory::rules::booking;
use crate::providers::shiptheory::state::shipment::{Inlay, Shipment, Tone};
use crate::providers::shiptheory::{Shiptheory, State, Timer, journeys};
use crate::providers::{Cx, Due, JourneyBook, Traveller};
use crate::sim::chance::Chance;
use crate::sim::journey::map::JourneyMap;
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::machine::InputRefused;

/// When a completed shipment is put away by itself: help centre, "Shipping statuses".
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Where somebody reads on whose shipment was refused.
const HELP: &str = "https://support.shiptheory.com/support/home";

impl State {
    /// What a shipment is called from inside: its reference, behind the name of its account if that is not the first.
    pub fn shipment_id(&self, shipment: &Shipment) -> String {
        self.scoped(shipment.account, &shipment.draft.reference)
    }
}

/// Gives a shipment an input.
///
/// # Errors
/// `InputRefused` when there is no such shipment or its table has no such row; nothing has changed then.
pub fn shipment(cx: &mut Cx<'_, Shiptheory>, number: u64, on: Input) -> Result<(), InputRefused> {
    let known = cx.state.shelf.get(number).ok_or(InputRefused::Missing)?;
    let id = cx.state.shipment_id(known);
    let shipment = cx.state.shelf.get_mut(number).ok_or(InputRefused::Missing)?;
    let row = cx.out.step(&SHIPMENT, &mut shipment.life, &id, on)?;
    shipment.modified = cx.now;
    if on == Input::Process {
        find_way(cx, number);
    }
    if let Some(shipment) = cx.state.shelf.get_mut(number) {
        tell(shipment, on, cx.now, cx.chance);
    }
    if row.to == Status::Complete && cx.state.switches.auto_archive {
        cx.out.after(DAY, Timer::Archive(number));
    }
    if row.from == Status::Complete {
        cx.out.keep(|due| *due != Due::from(Timer::Archive(number)));
    }
    Ok(())
}

/// A shipment that is processed without a carrier, because no rule took it before, gets one: the rules' as they are
/// now, else the first of the account, as somebody would choose by hand.
fn find_way(cx: &mut Cx<'_, Shiptheory>, number: u64) {
    let Some(shipment) = cx.state.shelf.get(number).filter(|it| it.service.is_none()) else {
        return;
    };
    let Some(account) = cx.state.accounts.get(&shipment.account) else { return };
    let way = booking::by_rules(account, &shipment.draft);
    let by_hand =
        || carriers::SERVICES.iter().find(|it| account.carriers.contains_key(it.carrier.word()));
    let increment = way.as_ref().map_or(1, |way| way.increment);
    let Some(service) = way.map(|way| way.service).or_else(by_hand) else { return };
    let Some(shipment) = cx.state.shelf.get_mut(number) else { return };
    shipment.carrier = Some(service.carrier.word().to_owned());
    shipment.service = Some(service.id);
    shipment.increment = increment;
}

/// What a step leaves in a shipment.
fn tell(shipment: &mut Shipment, on: Input, now: jiff::Timestamp, chance: &mut Chance) {
    let service = shipment.service.and_then(carriers::service_of);
    let carrier = shipment.carrier.clone().unwrap_or_default();
    match on {
        Input::Process => {
            let name = service.map_or("", |it| it.name);
            shipment.note(now, Tone::Info, format!("To be dispatched with {carrier}'s {name}"));
        }
        Input::Book | Input::FailToPrint => {
            take(shipment, chance);
            let number = shipment.tracking.clone().unwrap_or_default();
            let text = format!("{carrier} tracking reference received: {number}");
            shipment.note(now, Tone::Success, text);
            if on == Input::FailToPrint {
                shipment.note(now, Tone::Error, "The label could not be printed");
            }
        }
        Input::Refuse => {
            let why = shipment
                .refusal
                .clone()
                .unwrap_or_else(|| booking::carrier_error(&carrier, "SERVICE.UNAVAILABLE"));
            shipment.note(now, Tone::Error, why);
            if let Some(line) = shipment.messages.last_mut() {
                line.help_link = Some(HELP.to_owned());
            }
        }
        Input::Ignore => {
            let text = "This shipment did not match any automatic shipping rules";
            shipment.note(now, Tone::Info, text);
        }
        Input::Hold => shipment.note(now, Tone::Info, "This shipment is waiting for approval"),
        Input::Approve => shipment.note(now, Tone::Info, "Approved and queued"),
        Input::Release => shipment.note(now, Tone::Info, "Ready to be shipped"),
        Input::Reprocess => {
            shipment.refusal = None;
            shipment.note(now, Tone::Info, "Given to the shipping rules again");
        }
        Input::Print => shipment.note(now, Tone::Success, "Label printed"),
        Input::Archive => shipment.note(now, Tone::Info, "Archived"),
    }
}

/// The carrier takes a shipment: its number, its price, and the numbers of the return labels in it.
fn take(shipment: &mut Shipment, chance: &mut Chance) {
    let Some(service) = shipment.service.and_then(carriers::service_of) else {
        shipment.tracking.get_or_insert_default();
        return;
    };
    if shipment.tracking.is_none() {
        let pinned = shipment.pins.tracking.take();
        let drawn = pinned.unwrap_or_else(|| carriers::tracking_number(service.numbers, chance));
        shipment.tracking = Some(drawn);
    }
    shipment.cost.get_or_insert_with(|| booking::cost(service, &shipment.draft));
    if shipment.inlays.is_empty() {
        let services = shipment.returns.iter().filter_map(|id| carriers::return_service_of(*id));
        shipment.inlays = services
            .map(|it| Inlay {
                service: it.id,
                tracking: carriers::tracking_number(it.numbers, chance),
            })
            .collect();
    }
}

impl Traveller for Shiptheory {
    type EntityKey = u64;

    const MAP: &'static JourneyMap = &journeys::MAP;
    const DELAYS: &'static str = "shiptheory/journey delays";
    const AT_ONCE: bool = true;

    fn timer(number: u64) -> Timer {
        Timer::Journey(number)
    }

    fn journeys(state: &State) -> &JourneyBook {
        &state.journeys
    }

    fn itinerary(state: &State, number: u64) -> Option<&Itinerary> {
        state.shelf.get(number)?.itinerary.as_ref()
    }

    fn itinerary_mut(state: &mut State, number: u64) -> Option<&mut Option<Itinerary>> {
        state.shelf.get_mut(number).map(|shipment| &mut shipment.itinerary)
    }

    fn states(state: &State, number: u64) -> Vec<(&'static str, &'static str)> {
        let shipment = state.shelf.get(number);
        shipment.map(|it| (SHIPMENT.name, it.life.state().word())).into_iter().collect()
    }

    fn ended(state: &State, number: u64) -> bool {
        state.shelf.get(number).is_none_or(|it| SHIPMENT.ended(it.life.state()))
    }

    fn arrive(cx: &mut Cx<'_, Shiptheory>, number: u64, stops: &[Stop]) {
        for on in stops.iter().filter_map(|stop| Input::of(&stop.on)) {
            let _ = shipment(cx, number, on);
        }
    }

    fn id(state: &State, number: u64, _: &Stop) -> Option<String> {
        state.shelf.get(number).map(|shipment| state.shipment_id(shipment))
    }
}

/// Puts a completed shipment away that nobody has put away yet.
pub fn archive(cx: &mut Cx<'_, Shiptheory>, number: u64) {
    let complete = cx.state.shelf.get(number).is_some_and(|it| it.life.state() == Status::Complete);
    if complete {
        let _ = shipment(cx, number, Input::Archive);
    }
}
