//! Endpoints, one file a resource, and what they share in reading a request.

pub mod body;
pub mod expand;
pub mod formats;
pub mod jobs;
pub mod listing;
pub mod orders;
pub mod payload;
pub mod schema;
pub mod trackers;
pub mod wire;
