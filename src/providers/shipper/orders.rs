//! Placeholder.

use crate::http::Reply;
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};

/// Placeholder.
pub fn create(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn show(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}

/// Placeholder.
pub fn cancel(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(Reply::empty(200))
}
