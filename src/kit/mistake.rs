//! A mistake in what somebody wrote: a setup, a rule, a state document; where it stands, and what is wrong.

/// What is wrong, and where in what was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Mistake {
    /// The path to it, as `organizations[0].orders[2].id`; empty when it is the whole that is wrong.
    pub place: String,
    /// What is wrong and what would be right: half a sentence.
    pub problem: String,
}

impl Mistake {
    /// A mistake at a place.
    pub fn new(place: impl Into<String>, problem: impl Into<String>) -> Mistake {
        Mistake { place: place.into(), problem: problem.into() }
    }

    /// The mistake as whoever reads the whole of which this was a part tells it.
    #[must_use]
    pub fn below(mut self, parent: &str) -> Mistake {
        let joint = if self.place.is_empty() || self.place.starts_with('[') { "" } else { "." };
        self.place = format!("{parent}{joint}{}", self.place);
        self
    }

    /// The same for a part that is one of a list.
    #[must_use]
    pub fn within(self, list: &str, index: usize) -> Mistake {
        self.below(&format!("{list}[{index}]"))
    }
}

#[cfg(test)]
mod tests {
    use super::Mistake;

    #[test]
    fn a_place_grows_from_the_inside() {
        for (inner, whole) in [
            ("id", "a.b[2].id"),
            ("", "a.b[2]"),
            ("[1].on", "a.b[2][1].on"),
            ("c[0]", "a.b[2].c[0]"),
        ] {
            let mistake = Mistake::new(inner, "wrong").within("b", 2).below("a");
            assert_eq!(mistake.to_string(), format!("{whole}: wrong"));
        }
    }
}
