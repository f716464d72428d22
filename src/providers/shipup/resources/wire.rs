//! How an answer of Shipup's goes out: JSON, printed as Rails does.

use serde::Serialize;

use crate::frameworks::rails::to_json::to_json;
use crate::message::Reply;

/// An answer of JSON.
pub fn reply<T: Serialize>(status: u16, body: &T) -> Reply {
    Reply::new(status, "application/json; charset=utf-8", to_json(body))
}
