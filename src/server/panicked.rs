//! `catch_unwind` around the simulation: a panic becomes a sentence, the server goes on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::control::Problem;

/// The world's code panicked; the world stays as it was left, the server goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the simulation panicked: {0}")]
pub(crate) struct Panicked(String);

impl Panicked {
    /// Nobody was left to do it: the server stops.
    pub(crate) fn stopped() -> Panicked {
        Panicked("the server stops".to_owned())
    }

    /// What it said.
    pub(crate) fn sentence(self) -> String {
        self.0
    }
}

/// Calls something that must not take the server down with it.
pub(crate) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Panicked> {
    let sentence = |cause: Box<dyn Any + Send>| {
        let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Panicked(text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default())
    };
    catch_unwind(AssertUnwindSafe(call)).map_err(sentence)
}

/// A mistake of ours, said as one.
impl From<Panicked> for Problem {
    fn from(panicked: Panicked) -> Problem {
        let detail = format!(
            "{panicked}. This is a mistake of Shipmock, not of your request; the world may be half changed, \
             POST /_shipmock/reset builds it again"
        );
        Problem::new(500, "The simulation panicked", detail)
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_a_sentence() {
        let panicked = guarded(|| -> u8 { panic!("the {} fell over", "lamp") });
        assert_eq!(
            panicked.unwrap_err().to_string(),
            "the simulation panicked: the lamp fell over"
        );
    }
}
