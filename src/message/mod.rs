//! Requests and replies as plain, serialisable values; what a connection does with them is the shell's.

pub mod accept;
mod body;
pub mod form;
mod headers;
mod json_fault;
mod method;
pub mod multipart;
mod path;
mod reply;
mod request;
mod wire;

pub use body::Body;
pub use headers::{Headers, one_by_one};
pub use json_fault::json_fault;
pub use method::Method;
pub use path::{Args, braces, decode, matches, matches_routed, operation_id};
pub use reply::{Evidence, Reply};
pub use request::Request;
pub use wire::{Dribble, Fault, Wire};
