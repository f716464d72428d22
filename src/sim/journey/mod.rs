//! Journeys: which inputs of a life cycle fall due after what world time, built in or written in a scenario.

pub mod plan;
pub mod script;
