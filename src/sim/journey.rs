//! Journeys: which inputs fall due after what world time.

use jiff::SignedDuration;
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
