//! The one integration binary.

#![allow(clippy::unwrap_used, reason = "the whole binary is a test")]

mod bad;
mod scenarios;
