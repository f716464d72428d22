//! The methods of HTTP.

crate::words! {
    /// A request's method, in the order in which frameworks list them.
    pub enum Method {
        /// Read.
        Get = "GET",
        /// Read, headers only.
        Head = "HEAD",
        /// Create.
        Post = "POST",
        /// Replace.
        Put = "PUT",
        /// Change.
        Patch = "PATCH",
        /// Remove.
        Delete = "DELETE",
        /// Ask what is possible.
        Options = "OPTIONS",
        /// Echo; every provider refuses it.
        Trace = "TRACE",
        /// A tunnel; no provider's business.
        Connect = "CONNECT",
        /// None of HTTP's; `Request::verb` has it as it was sent.
        Unknown = "UNKNOWN",
    }
}
