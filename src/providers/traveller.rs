//! Whoever travels on a journey: its itinerary, the promise of its next stop and its end, the same for every provider.

use serde::{Deserialize, Deserializer};

use crate::providers::{Cx, JourneyBook, NewValue, OperatorError, Timers};
use crate::sim::journey::map::{JourneyMap, JourneyRoute};
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::journey::script::Journey;

/// A provider some of whose entities travel by themselves.
pub trait Traveller: Timers {
    /// What tells one of them from another.
    type EntityKey: Copy;

    /// What its journeys lead over.
    const MAP: &'static JourneyMap;
    /// The stream from which delays are drawn.
    const DELAYS: &'static str;
    /// A stop without a wait happens within the call that leads to it, and is not promised.
    const AT_ONCE: bool = false;
    /// Whoever has no stop left still shows the journey it was on, until its life is over.
    const REMEMBERS: bool = false;

    /// The promise of the next stop.
    fn timer(key: Self::EntityKey) -> Self::Timer;
    /// The journeys of the scenario.
    fn journeys(state: &Self::State) -> &JourneyBook;
    /// What it still has before it.
    fn itinerary(state: &Self::State, key: Self::EntityKey) -> Option<&Itinerary>;
    /// Where that is kept; none when there is no such entity.
    fn itinerary_mut(
        state: &mut Self::State,
        key: Self::EntityKey,
    ) -> Option<&mut Option<Itinerary>>;
    /// The route it goes.
    fn route(_state: &Self::State, _key: Self::EntityKey) -> &'static JourneyRoute {
        &Self::MAP.routes[0]
    }
    /// Where each of its life cycles stands; nowhere when nothing can happen to it.
    fn states(state: &Self::State, key: Self::EntityKey) -> Vec<(&'static str, &'static str)>;
    /// Whether its life is over.
    fn ended(state: &Self::State, key: Self::EntityKey) -> bool;
    /// Gives it the inputs of stops, in one breath. One without a row does nothing: somebody moved it by hand, and it
    /// goes its own way.
    fn arrive(cx: &mut Cx<'_, Self>, key: Self::EntityKey, stops: &[Stop]);
    /// What the control API calls the entity that a stop of it is about.
    fn id(state: &Self::State, key: Self::EntityKey, stop: &Stop) -> Option<String>;
}

/// Reads an itinerary from a document, those on the provider's own journeys in their small form.
///
/// # Errors
/// What is wrong with the document.
pub fn read_itinerary<'de, P: Traveller, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Itinerary>, D::Error> {
    let plans = P::MAP.routes.iter().flat_map(|route| route.plans);
    let written = Option::<Itinerary>::deserialize(deserializer)?;
    Ok(written.map(|itinerary| itinerary.among(plans)))
}

/// Puts somebody new on a journey, from its first leg.
pub fn set_out<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey, journey: &Journey) {
    let states = P::states(cx.state, key);
    let itinerary = journey.begin(P::MAP, &states, &mut cx.chance.draw(P::DELAYS));
    take_up(cx, key, itinerary);
}

/// Puts somebody on another journey, as far as it is possible from here; the one it was on ends.
pub fn change<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey, journey: &Journey) {
    forget(cx, key);
    let states = P::states(cx.state, key);
    let itinerary = journey.resume(P::MAP, &states, &mut cx.chance.draw(P::DELAYS));
    take_up(cx, key, itinerary);
}

fn take_up<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey, itinerary: Itinerary) {
    let wait = itinerary.wait();
    let Some(kept) = P::itinerary_mut(cx.state, key) else { return };
    *kept = Some(itinerary);
    if P::AT_ONCE {
        go_on(cx, key);
    } else if let Some(wait) = wait {
        cx.out.after(wait, P::timer(key));
    }
}

/// Ends a journey.
pub fn stop<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey) {
    if P::itinerary_mut(cx.state, key).is_some_and(|kept| kept.take().is_some()) {
        forget(cx, key);
    }
}

/// Whoever was moved by hand goes on from where it stands now: its journey ends with its life, and what of the journey
/// is not possible any more is left out, so that nothing is promised that will not happen. What comes next then is
/// counted from now on, as it is when the journey itself makes the move.
pub fn moved<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey) {
    if P::ended(cx.state, key) {
        return stop(cx, key);
    }
    let states = P::states(cx.state, key);
    let Some(Some(itinerary)) = P::itinerary_mut(cx.state, key) else { return };
    if itinerary.reroute(P::MAP, &states) {
        forget(cx, key);
        go_on(cx, key);
    }
}

/// Takes back the promise of the next stop.
fn forget<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey) {
    let promise = P::timer(key).into();
    cx.out.keep(|due| *due != promise);
}

/// The next stop falls due.
pub fn travel<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey) {
    let Some(Some(itinerary)) = P::itinerary_mut(cx.state, key) else { return };
    let stops = itinerary.arrive();
    if stops.is_empty() {
        return;
    }
    P::arrive(cx, key, &stops);
    go_on(cx, key);
}

/// Promises the next stop, if there is one.
fn go_on<P: Traveller>(cx: &mut Cx<'_, P>, key: P::EntityKey) {
    loop {
        let ended = P::ended(cx.state, key);
        let Some(kept) = P::itinerary_mut(cx.state, key) else { return };
        let Some(itinerary) = kept else { return };
        match itinerary.wait().filter(|_| !ended) {
            None => {
                if ended || !P::REMEMBERS {
                    *kept = None;
                }
                return;
            }
            Some(wait) if P::AT_ONCE && wait.is_zero() => {
                let stops = itinerary.arrive();
                P::arrive(cx, key, &stops);
            }
            Some(wait) => return cx.out.after(wait, P::timer(key)),
        }
    }
}

/// The journey that an operator names for somebody.
///
/// # Errors
/// `OperatorError::Value` for a name that is none on its route, `OperatorError::Journey` when nothing of that journey is
/// possible from where it stands.
pub fn named<P: Traveller>(
    state: &P::State,
    key: P::EntityKey,
    given: &NewValue<'_>,
) -> Result<Journey, OperatorError> {
    let name = given.text()?;
    let (book, route) = (P::journeys(state), P::route(state, key));
    let journey = book.find(P::MAP, route, &name);
    let journey = journey.ok_or_else(|| given.wrong(&book.expected(P::MAP, route)))?;
    let states = P::states(state, key);
    let is_over = P::ended(state, key);
    if !is_over && journey.can_start(P::MAP, &states) {
        return Ok(journey);
    }
    let stands: Vec<String> = states.iter().map(|(kind, at)| format!("{kind} {at}")).collect();
    // Not even a journey on which nothing happens begins when a life is over.
    let possible = if is_over { Vec::new() } else { book.possible(P::MAP, route, &states) };
    Err(OperatorError::Journey { journey: name, stands: stands.join(", "), possible })
}

/// What the promise of a stop is about: kind, id and input.
pub fn subject<P: Traveller>(
    state: &P::State,
    key: P::EntityKey,
) -> Option<(String, String, String)> {
    let stop = P::itinerary(state, key)?.next()?;
    let id = P::id(state, key, &stop)?;
    Some((stop.kind.into_owned(), id, stop.on.into_owned()))
}
