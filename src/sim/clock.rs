//! A world's clock: how its time follows, or does not follow, the wall's.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

crate::words! {
    /// How a world's time runs.
    pub enum Mode {
        /// As fast as the wall's, from wherever it was set.
        Real = "real",
        /// Only when told to.
        Frozen = "frozen",
        /// A multiple of the wall's.
        Scaled = "scaled",
    }
}

/// World time as a function of wall time, which the shell passes in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    mode: Mode,
    speed: f64,
    /// World time `base` was at wall time `wall`.
    base: Timestamp,
    wall: Timestamp,
}

/// Speeds outside of this range are clamped: slower never moves, faster overflows a day in a blink.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.001..=1_000_000.0;

impl Clock {
    /// A clock that shows `at` when the wall shows `wall`.
    pub fn new(mode: Mode, speed: f64, at: Timestamp, wall: Timestamp) -> Self {
        let speed =
            if speed.is_finite() { speed.clamp(*SPEEDS.start(), *SPEEDS.end()) } else { 1.0 };
        Clock { mode, speed, base: at, wall }
    }

    /// How it runs.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// World seconds a wall second: 0 when frozen.
    pub fn speed(&self) -> f64 {
        match self.mode {
            Mode::Frozen => 0.0,
            Mode::Real => 1.0,
            Mode::Scaled => self.speed,
        }
    }

    /// The multiple it was given, kept while frozen or real.
    #[cfg_attr(surface_only, expect(dead_code, reason = "tests look at it"))]
    pub fn scale(&self) -> f64 {
        self.speed
    }

    /// World time at a wall time.
    pub fn at(&self, wall: Timestamp) -> Timestamp {
        let passed = wall.duration_since(self.wall).max(SignedDuration::ZERO);
        let passed = match self.mode {
            Mode::Frozen => return self.base,
            Mode::Real => passed,
            Mode::Scaled => SignedDuration::try_from_secs_f64(passed.as_secs_f64() * self.speed)
                .unwrap_or(SignedDuration::MAX),
        };
        self.base.checked_add(passed).unwrap_or(Timestamp::MAX)
    }

    /// The wall time at which the world will show `at`; `None` if it never does by itself.
    pub fn wall_at(&self, at: Timestamp) -> Option<Timestamp> {
        let ahead = at.duration_since(self.base).max(SignedDuration::ZERO);
        let ahead = match self.mode {
            Mode::Frozen => return None,
            Mode::Real => ahead,
            Mode::Scaled => {
                SignedDuration::try_from_secs_f64(ahead.as_secs_f64() / self.speed).ok()?
            }
        };
        self.wall.checked_add(ahead).ok()
    }

    /// The same clock, showing `at` from wall time `wall` on.
    pub fn set(&mut self, at: Timestamp, wall: Timestamp) {
        self.base = at;
        // Of no meaning while it stands, and then left as it is: what is written down stays the same.
        if self.mode != Mode::Frozen {
            self.wall = wall;
        }
    }

    /// Runs otherwise from wall time `wall` on, without a jump.
    pub fn run(&mut self, mode: Mode, speed: Option<f64>, wall: Timestamp) {
        let at = self.at(wall);
        *self = Clock::new(mode, speed.unwrap_or(self.speed), at, wall);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Clock, Mode};

    #[test]
    fn changing_the_mode_does_not_jump() {
        let wall = |second| Timestamp::from_second(second).unwrap();
        let mut clock = Clock::new(Mode::Scaled, 60.0, wall(1_000), wall(0));
        assert_eq!(clock.at(wall(2)), wall(1_120));
        assert_eq!(clock.wall_at(wall(1_120)), Some(wall(2)));
        clock.run(Mode::Frozen, None, wall(2));
        assert_eq!(clock.at(wall(50)), wall(1_120));
        assert_eq!(clock.wall_at(wall(2_000)), None);
        clock.run(Mode::Real, None, wall(60));
        assert_eq!(clock.at(wall(61)), wall(1_121));
    }
}
