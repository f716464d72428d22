//! Endpoints, one file a resource, and what they share in reading a request.

pub mod companies;
pub mod drafts;
pub mod input;
pub mod listing;
pub mod paging;
pub mod papers;
pub mod shipments;
pub mod webhooks;
