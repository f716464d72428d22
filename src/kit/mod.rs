//! Values with meaning and no wording; no state, no clock, no chance.
//!
//! What may enter: something two providers need, or a law of arithmetic. Wording stays with its provider.

pub mod words;
