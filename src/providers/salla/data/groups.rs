//! Rate and scope groups of the routes: what each asks of the caller.

use crate::words;

words! {
    /// What a route asks of the caller.
    pub enum Group {
        /// The scope to see shipments.
        Read = "shipping.read",
        /// The scope to change them.
        Write = "shipping.read_write",
        /// The scope to see webhooks.
        Webhooks = "webhooks.read",
        /// The scope to change them.
        WebhooksWrite = "webhooks.read_write",
        /// Any token.
        User = "user",
        /// Client id and secret.
        Token = "token",
        /// A browser.
        Authorize = "authorize",
        /// Nothing: the name of the file is secret enough.
        File = "file",
    }
}
