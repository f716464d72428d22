//! Groups of the routes: what each asks of the caller.

use crate::words;

words! {
    /// What a route asks of the caller.
    pub enum Group {
        /// User name and key.
        Login = "login",
        /// A token.
        Account = "account",
    }
}
