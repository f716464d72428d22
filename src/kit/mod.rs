//! Values with meaning and no wording; no state, no clock, no chance.
//!
//! What may enter: something two rooms or two providers need, and what a standard says for everybody, though one provider
//! asks today: ISO 3166 (`country`), E.164 (`phone`), check digits, a database's collation. Wording stays with its provider.

pub mod authority;
pub mod check_digit;
pub mod collation;
pub mod country;
pub mod fields;
pub mod json;

pub mod junit;
pub mod mistake;
pub mod numeric;
pub mod page;
pub mod papers;
pub mod phone;
mod schema;
pub mod shared;
pub mod span;
pub mod template;
pub mod text;
pub mod time;
pub mod words;
