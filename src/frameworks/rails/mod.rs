//! Rails: how Ruby names and prints values (`inspect`, `to_s`), and how its JSON is escaped.

pub mod inspect;
pub mod to_json;
