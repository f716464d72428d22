//! Values with meaning and no wording; no state, no clock, no chance.
//!
//! What may enter: something two providers need, or a law of arithmetic. Wording stays with its provider.

pub mod accept;
pub mod check;
pub mod date;
pub mod json;
pub mod laravel;
pub mod numeric;
pub mod page;
pub mod phone;
mod schema;
pub mod template;
pub mod text;
pub mod tidy;
pub mod time;
pub mod words;
