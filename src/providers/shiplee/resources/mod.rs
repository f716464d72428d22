//! Endpoints, one file a resource, and what they share in reading a request.

pub mod input;
pub mod orders;
pub mod rates;
pub mod reverse_orders;
pub mod reverse_shipments;
pub mod shipments;
pub mod warehouses;
