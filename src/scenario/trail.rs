//! A trail: the path to a value of a scenario, such as `world.shipper.limits`, taken apart.

use std::fmt;

/// One step of a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Key(String),
    Index(usize),
}

/// The way to a value of a scenario. Its keys may hold anything, dots and brackets too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trail(pub(super) Vec<Part>);

impl Trail {
    /// Takes `a.b[2].c` apart.
    pub(super) fn of(path: &str) -> Trail {
        let separated = path.split(['.', '[']).filter(|part| !part.is_empty());
        let parts = separated.map(|part| match part.strip_suffix(']').map(str::parse) {
            Some(Ok(index)) => Part::Index(index),
            _ => Part::Key(part.to_owned()),
        });
        Trail(parts.collect())
    }

    /// The way to a step of the scenario.
    pub(super) fn step(place: usize) -> Trail {
        Trail(vec![Part::Key("steps".to_owned()), Part::Index(place)])
    }

    /// One key further.
    pub(super) fn key(&self, key: impl Into<String>) -> Trail {
        self.with(Part::Key(key.into()))
    }

    /// One element further.
    pub(super) fn index(&self, index: usize) -> Trail {
        self.with(Part::Index(index))
    }

    /// The same, and then another way on from there.
    pub(super) fn join(&self, further: &Trail) -> Trail {
        Trail(self.0.iter().chain(&further.0).cloned().collect())
    }

    fn with(&self, part: Part) -> Trail {
        Trail(self.0.iter().cloned().chain([part]).collect())
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.iter().enumerate() {
            match part {
                Part::Key(key) if place == 0 => f.write_str(key)?,
                Part::Key(key) => write!(f, ".{key}")?,
                Part::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
