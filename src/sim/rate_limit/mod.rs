//! Rate limits in world time: fixed windows and leaky buckets.

pub mod leaky_bucket;
pub mod window;
