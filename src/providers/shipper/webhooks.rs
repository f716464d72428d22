//! Placeholder.

use crate::http::Reply;
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};

/// Placeholder.
pub fn register(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn list(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn delete(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}
pub fn told(_cx: &mut Cx<'_, Shipper>, _s: &str, _o: &crate::sim::outbox::Outcome) {}
