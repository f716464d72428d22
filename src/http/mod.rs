//! Requests and replies as plain, serialisable values; what a connection does with them is the shell's.

pub mod form;
pub mod multipart;
