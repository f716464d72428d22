//! Resources: the handlers of the endpoints, one file a resource.

pub mod parcels;
