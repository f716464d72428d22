//! Laravel: validation rules, their messages, and the trimming of input that comes before them.

pub mod formats;
pub mod messages;
pub mod rules;
pub mod trimming;
mod wildcards;
