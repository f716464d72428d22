//! Rails: how Ruby names and prints values (`inspect`, `to_s`), its integers of any size, and how its JSON is escaped.

pub mod inspect;
pub mod to_json;
pub mod wide_integer;
