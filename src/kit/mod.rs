//! Values with meaning and no wording; no state, no clock, no chance.
//!
//! What may enter: something two providers need, or a law of arithmetic. Wording stays with its provider.

pub mod authority;
pub mod check_digit;
pub mod country;
pub mod fields;
pub mod mistake;
pub mod numeric;
pub mod page;
pub mod papers;
pub mod phone;
mod schema;
pub mod span;
pub mod template;
pub mod text;
pub mod time;
pub mod words;
