//! Groups of the routes: what each asks of the caller.

use crate::words;

words! {
    /// What a route asks of the caller, and what it counts against.
    pub enum Group {
        /// Mail address and password.
        Token = "token",
        /// A token; one call a second, where a scenario says so.
        Book = "book",
        /// A token.
        Read = "read",
        /// A token.
        Write = "write",
    }
}
