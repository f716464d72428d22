//! The matched call: what rules and matchers look at of a request and its answer.

use crate::message::{Args, Method, Request};

/// A call that rules look at.
#[derive(Debug, Clone, Copy)]
pub struct MatchedCall<'a> {
    /// The provider's name.
    pub provider: &'a str,
    /// The row that takes it: verb, path and what stood in the braces.
    pub route: Option<(Method, &'a str, &'a Args)>,
    /// The account, when its credential is known.
    pub account: Option<&'a str>,
    /// The call itself.
    pub request: &'a Request,
}
