//! Shipper's behaviour, one file a subject. A number in brackets is that of an edge case a scenario was asked for.

mod cancel;
mod creating;
mod dates;
mod goods;
mod journeys;
mod laws;
mod limits;
mod lists;
mod oracle;
mod scoping;
pub mod shop;
mod validation;
mod weather;
mod webhooks;
