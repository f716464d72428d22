//! Journeys: which inputs fall due after what world time.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

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

/// A leg on its way: drawn delays, owned words (a scenario may bring its own).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// World time after the stop before.
    pub after: SignedDuration,
    /// The kind of entity that gets the input.
    pub kind: String,
    /// The input.
    pub on: String,
    /// In the same breath as the stop before it: what becomes of both is told once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_once: bool,
}

/// What will still happen to an entity by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Itinerary {
    /// The journey it is on.
    pub journey: String,
    /// The stops still to come.
    pub stops: VecDeque<Stop>,
}

impl Itinerary {
    /// A journey with its delays drawn, without the legs that do not fit the entity.
    pub fn draw(plan: &Plan, mut fits: impl FnMut(&Leg) -> bool, draw: &mut Draw) -> Itinerary {
        let stop = |leg: &Leg| Stop {
            after: jitter(SignedDuration::from_mins(i64::from(leg.minutes)), draw),
            kind: leg.kind.to_owned(),
            on: leg.on.to_owned(),
            at_once: false,
        };
        let stops = plan.legs.iter().filter(|leg| fits(leg)).map(stop).collect();
        Itinerary { journey: plan.name.to_owned(), stops }
    }

    /// The stop that comes now, and those that happen in the same breath.
    pub fn arrive(&mut self) -> Vec<Stop> {
        let mut now: Vec<Stop> = self.stops.pop_front().into_iter().collect();
        while let Some(stop) = self.stops.pop_front_if(|stop| stop.at_once) {
            now.push(stop);
        }
        now
    }

    /// How long until the next stop.
    pub fn wait(&self) -> Option<SignedDuration> {
        self.stops.front().map(|stop| stop.after)
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

    use super::jitter;
    use crate::sim::chance::Chance;

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
