//! Journeys: which inputs of a life cycle fall due after what world time, built in or written in a scenario.

pub mod map;
pub mod plan;
pub mod script;
