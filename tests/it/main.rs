//! The one integration binary.

mod shiplee;
