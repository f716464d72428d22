//! Endpoints, one file a resource, and what they share in reading a request.

pub mod countries;
pub mod dashboard;
pub mod input;
pub mod listing;
pub mod orders;
pub mod products;
pub mod webhooks;
