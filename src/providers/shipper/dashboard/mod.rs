//! Placeholder.

use crate::http::Reply;
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};

/// Placeholder.
pub fn overview(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn delivery(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn confirmation(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn internal_confirmation(
    _cx: &mut Cx<'_, Shipper>,
    _call: &Call<'_, Shipper>,
) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn performance(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}
