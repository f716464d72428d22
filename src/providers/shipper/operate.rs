//! Placeholder.
use crate::providers::shipper::Shipper;
use crate::providers::{Cx, Trouble};
use serde_json::{Map, Value};
pub fn patch(
    _c: &mut Cx<'_, Shipper>,
    kind: &str,
    id: &str,
    _f: &Map<String, Value>,
) -> Result<(), Trouble> {
    Err(Trouble::Entity { kind: kind.into(), id: id.into() })
}
pub fn apply(_c: &mut Cx<'_, Shipper>, kind: &str, id: &str, _on: &str) -> Result<(), Trouble> {
    Err(Trouble::Entity { kind: kind.into(), id: id.into() })
}
