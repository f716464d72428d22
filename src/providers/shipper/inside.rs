//! Placeholder.
use crate::providers::shipper::{State, Timer};
use crate::providers::{Detail, Presets, Summary, Trouble};
pub const KINDS: &[&str] =
    &["order", "shipment", "contact_task", "product", "webhook", "payment", "key"];
pub fn list(_s: &State, _k: &str, _a: Option<&str>, _l: usize) -> Result<Vec<Summary>, Trouble> {
    Ok(Vec::new())
}
pub fn count(_s: &State, _k: &str) -> usize {
    0
}
pub fn detail(_s: &State, kind: &str, id: &str) -> Result<Detail, Trouble> {
    Err(Trouble::Entity { kind: kind.into(), id: id.into() })
}
pub fn subject(_s: &State, _t: Timer) -> Option<(String, String, String)> {
    None
}
pub fn presets(_s: &State) -> Presets {
    Presets::default()
}
