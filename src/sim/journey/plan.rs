//! Journeys: which inputs fall due after what world time.

use std::borrow::Cow;
use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sim::chance::Draw;

/// One leg of a built-in journey, in a table.
#[derive(Debug, Clone, Copy)]
pub struct Leg {
    /// Minutes after the leg before, on average.
    pub minutes: u32,
    /// The kind of entity that gets the input.
    pub kind: &'static str,
    /// The input.
    pub on: &'static str,
}

/// A leg, short enough to align.
pub const fn leg(minutes: u32, kind: &'static str, on: &'static str) -> Leg {
    Leg { minutes, kind, on }
}

/// A built-in journey: a row of a provider's table.
#[derive(Debug)]
pub struct Plan {
    /// Its name in scenarios.
    pub name: &'static str,
    /// What happens, in a sentence.
    pub summary: &'static str,
    /// How often it is chosen, in proportion to the others.
    pub weight: u64,
    /// Its legs.
    pub legs: &'static [Leg],
}

/// A leg on its way, its delay drawn. Its words are those of a table, but for what a document brings that none has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// World time after the stop before.
    pub after: SignedDuration,
    /// The kind of entity that gets the input.
    pub kind: Cow<'static, str>,
    /// The input.
    pub on: Cow<'static, str>,
    /// In the same breath as the stop before it: what becomes of both is told once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_once: bool,
}

/// What will still happen to an entity by itself. Large books have one for each entity, nearly all of them on built-in
/// journeys: of these only the delays are kept.
#[derive(Debug, Clone)]
pub struct Itinerary(Way);

#[derive(Debug, Clone)]
enum Way {
    /// On a built-in journey.
    Built {
        plan: &'static Plan,
        /// Seconds before each leg that is still to come; `LEFT_OUT` for one that does not fit the entity.
        waits: Box<[u32]>,
        /// How many of them are behind it.
        passed: u16,
    },
    /// On one that a scenario wrote, or that no table has any more.
    Other(Box<WrittenItinerary>),
}

/// A leg that an entity does not go.
const LEFT_OUT: u32 = u32::MAX;

/// An itinerary as it is written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct WrittenItinerary {
    /// The journey it is on.
    journey: Cow<'static, str>,
    /// The stops still to come.
    stops: VecDeque<Stop>,
}

impl Itinerary {
    /// A journey with its delays drawn, without the legs that do not fit the entity.
    pub fn draw(
        plan: &'static Plan,
        mut fits: impl FnMut(&Leg) -> bool,
        draw: &mut Draw,
    ) -> Itinerary {
        let mut wait = |leg: &Leg| {
            if !fits(leg) {
                return LEFT_OUT;
            }
            let average = SignedDuration::from_mins(i64::from(leg.minutes));
            // No table has a leg of 136 years.
            whole_seconds(jitter(average, draw)).unwrap_or(LEFT_OUT - 1)
        };
        Itinerary::built(plan, plan.legs.iter().map(&mut wait).collect())
    }

    fn built(plan: &'static Plan, waits: Box<[u32]>) -> Itinerary {
        Itinerary(Way::Built { plan, waits, passed: 0 }).settled()
    }

    /// A journey that no table has.
    pub fn other(journey: impl Into<Cow<'static, str>>, stops: VecDeque<Stop>) -> Itinerary {
        Itinerary(Way::Other(Box::new(WrittenItinerary { journey: journey.into(), stops })))
    }

    /// The same in the small form if it is on one of these journeys.
    pub fn among(self, mut plans: impl Iterator<Item = &'static Plan>) -> Itinerary {
        let Way::Other(document) = &self.0 else { return self };
        let plan = plans.find(|plan| plan.name == document.journey);
        let fitted = plan.and_then(|plan| Some((plan, fitted(plan, &document.stops)?)));
        fitted.map_or(self, |(plan, waits)| Itinerary::built(plan, waits))
    }

    /// The journey it is on.
    pub fn journey(&self) -> &str {
        match &self.0 {
            Way::Built { plan, .. } => plan.name,
            Way::Other(document) => &document.journey,
        }
    }

    /// The stops still to come.
    pub fn stops(&self) -> Vec<Stop> {
        match &self.0 {
            Way::Built { plan, waits, passed } => {
                let left = plan.legs.iter().zip(waits).skip(usize::from(*passed));
                left.filter(|(_, wait)| **wait != LEFT_OUT).map(Stop::of).collect()
            }
            Way::Other(document) => document.stops.iter().cloned().collect(),
        }
    }

    /// The next of them.
    pub fn next(&self) -> Option<Stop> {
        match &self.0 {
            Way::Built { plan, waits, passed } => {
                plan.legs.iter().zip(waits).nth(usize::from(*passed)).map(Stop::of)
            }
            Way::Other(document) => document.stops.front().cloned(),
        }
    }

    /// The stop that comes now, and those that happen in the same breath.
    pub fn arrive(&mut self) -> Vec<Stop> {
        let mut now: Vec<Stop> = self.next().into_iter().collect();
        match &mut self.0 {
            Way::Built { passed, .. } => *passed += now.len() as u16,
            Way::Other(document) => {
                document.stops.pop_front();
                while let Some(stop) = document.stops.pop_front_if(|stop| stop.at_once) {
                    now.push(stop);
                }
            }
        }
        self.settle();
        now
    }

    /// Passes the legs that are left out: the next one is a stop, if there is any.
    fn settle(&mut self) {
        if let Way::Built { waits, passed, .. } = &mut self.0 {
            let left = waits.iter().skip(usize::from(*passed));
            *passed += left.take_while(|wait| **wait == LEFT_OUT).count() as u16;
        }
    }

    fn settled(mut self) -> Itinerary {
        self.settle();
        self
    }

    /// How long until the next stop.
    pub fn wait(&self) -> Option<SignedDuration> {
        match &self.0 {
            Way::Built { waits, passed, .. } => waits
                .get(usize::from(*passed))
                .map(|wait| SignedDuration::from_secs((*wait).into())),
            Way::Other(document) => document.stops.front().map(|stop| stop.after),
        }
    }
}

impl Stop {
    fn of((leg, wait): (&Leg, &u32)) -> Stop {
        let after = SignedDuration::from_secs((*wait).into());
        Stop { after, kind: leg.kind.into(), on: leg.on.into(), at_once: false }
    }
}

/// A delay in whole seconds, if it is one that the small form has.
fn whole_seconds(delay: SignedDuration) -> Option<u32> {
    let seconds = u32::try_from(delay.as_secs()).ok()?;
    (delay.subsec_nanos() == 0 && seconds != LEFT_OUT).then_some(seconds)
}

/// The delays of the legs of a plan that these stops are, if all of them are its last, in its order.
fn fitted(plan: &Plan, stops: &VecDeque<Stop>) -> Option<Box<[u32]>> {
    let mut left = stops.iter().rev().peekable();
    let mut waits = vec![LEFT_OUT; plan.legs.len()].into_boxed_slice();
    for (leg, wait) in plan.legs.iter().zip(&mut waits).rev() {
        if let Some(stop) = left.next_if(|stop| stop.kind == leg.kind && stop.on == leg.on) {
            *wait = whole_seconds(stop.after).filter(|_| !stop.at_once)?;
        }
    }
    left.next().is_none().then_some(waits)
}

/// Two that lead over the same stops are the same, in whichever form.
impl PartialEq for Itinerary {
    fn eq(&self, other: &Itinerary) -> bool {
        self.journey() == other.journey() && self.stops() == other.stops()
    }
}

impl Eq for Itinerary {}

impl Serialize for Itinerary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename = "Itinerary")]
        struct Written<'a> {
            journey: &'a str,
            stops: &'a [Stop],
        }
        Written { journey: self.journey(), stops: &self.stops() }.serialize(serializer)
    }
}

/// In the form that needs no table; `among` makes it small.
impl<'de> Deserialize<'de> for Itinerary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Itinerary, D::Error> {
        WrittenItinerary::deserialize(deserializer)
            .map(|document| Itinerary(Way::Other(document.into())))
    }
}

/// A past to be made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// How many orders came.
    pub orders: u32,
    /// In how many days before the start.
    pub days: u32,
}

impl History {
    /// The most orders a history may have: a world must fit into memory.
    pub const MOST: u32 = 1_000_000;

    /// When they came, in order.
    pub fn moments(self, start: Timestamp, draw: &mut Draw) -> Vec<Timestamp> {
        let span = u64::from(self.days) * 86_400;
        let mut moments: Vec<Timestamp> = (0..self.orders)
            .map(|_| {
                let ago = draw.below(span.max(1)) as i64;
                start.saturating_sub(SignedDuration::from_secs(ago + 1)).unwrap_or(start)
            })
            .collect();
        moments.sort_unstable();
        moments
    }
}

/// A delay drawn around its average: a quarter less to a quarter more, in whole seconds.
pub fn jitter(average: SignedDuration, draw: &mut Draw) -> SignedDuration {
    let seconds = average.as_secs().max(0) as u64;
    SignedDuration::from_secs((seconds - seconds / 4 + draw.below(seconds / 2 + 1)) as i64)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Itinerary, Leg, Plan, jitter, leg};
    use crate::sim::chance::Chance;

    static PLAN: Plan = Plan {
        name: "there",
        summary: "",
        weight: 1,
        legs: &[
            leg(12, "call", "ring"),
            leg(0, "box", "travel"),
            leg(5, "box", "travel"),
            leg(9, "box", "arrive"),
        ],
    };

    proptest! {
        #[test]
        fn a_journey_is_the_same_before_and_after_it_was_written_down(
            seed in any::<u64>(),
            fits in any::<[bool; 4]>(),
            passed in 0_usize..4,
        ) {
            let mut places = 0..;
            let fits = |_: &Leg| fits[places.next().unwrap()];
            let mut built = Itinerary::draw(&PLAN, fits, &mut Chance::new(seed).draw("a"));
            for _ in 0..passed {
                built.arrive();
            }
            let written = serde_json::to_string(&built).unwrap();
            let mut read: Itinerary = serde_json::from_str(&written).unwrap();
            let mut small = read.clone().among([&PLAN].into_iter());
            let is_small = matches!(small.0, super::Way::Built { .. });
            prop_assert!(is_small);
            prop_assert_eq!(serde_json::to_string(&small).unwrap(), written);
            loop {
                let wait = built.wait();
                prop_assert_eq!((small.wait(), read.wait()), (wait, wait));
                let now = built.arrive();
                prop_assert_eq!((&small.arrive(), &read.arrive()), (&now, &now));
                if now.is_empty() {
                    break;
                }
                prop_assert!(small == built && read == built);
            }
        }
    }

    #[test]
    fn what_is_not_on_the_plan_stays_as_it_was_written() {
        let stop = |after: &str, on: &str| json!({ "after": after, "kind": "box", "on": on });
        let mut breath = stop("PT0S", "arrive");
        breath["at_once"] = json!(true);
        for (journey, stops) in [
            ("elsewhere", json!([stop("PT1S", "arrive")])),
            ("there", json!([stop("PT1S", "arrive"), stop("PT1S", "travel")])),
            ("there", json!([stop("PT1S", "burn")])),
            ("there", json!([stop("PT0.5S", "arrive")])),
            ("there", json!([stop("-PT1S", "arrive")])),
            ("there", json!([stop("PT2000000H", "arrive")])),
            ("there", json!([stop("PT1S", "travel"), breath])),
        ] {
            let written = json!({ "journey": journey, "stops": stops });
            let read: Itinerary = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(read.among([&PLAN].into_iter())).unwrap(), written);
        }
    }

    #[test]
    fn delays_stay_within_a_quarter_of_their_average() {
        let mut chance = Chance::new(3);
        for _ in 0..500 {
            let drawn =
                jitter(SignedDuration::from_secs(1_000), &mut chance.draw("delay")).as_secs();
            assert!((750..=1_250).contains(&drawn), "{drawn}");
        }
        assert!(jitter(SignedDuration::ZERO, &mut chance.draw("delay")).is_zero());
    }
}
