//! Endpoints, one file a resource, and what they share in reading a request.

pub mod formats;
pub mod input;
pub mod listing;
pub mod packages;
pub mod pages;
pub mod papers;
pub mod picking;
pub mod printing;
pub mod products;
pub mod reading;
pub mod returns;
pub mod services;
pub mod shipments;
pub mod tags;
