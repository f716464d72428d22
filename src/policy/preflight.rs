//! CORS preflight: what a browser asks before a page may call, and the answer that allows what it asked for.

use crate::message::{Evidence, Method, Reply, Request};

/// Whether a browser asks if a page may call.
pub fn is_preflight(request: &Request) -> bool {
    request.method == Method::Options
        && request.headers.get("access-control-request-method").is_some()
}

/// Allows the method and the header fields that were asked for, by name: a `*` would not cover `Authorization` (Fetch
/// standard, CORS-safelisted and wildcard names). That is what Laravel's CORS library does where everything is allowed
/// (fruitcake/php-cors, `CorsService::configureAllowedMethods` and `configureAllowedHeaders`).
pub fn allowing_what_was_asked(request: &Request) -> Reply {
    let asked = |name: &str| request.headers.get(name).unwrap_or_default().to_owned();
    Reply::empty(204)
        .with("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
        .with("Access-Control-Allow-Origin", "*")
        .with(
            "Access-Control-Allow-Methods",
            asked("access-control-request-method").to_ascii_uppercase(),
        )
        .with("Access-Control-Allow-Headers", asked("access-control-request-headers"))
        .with("Access-Control-Max-Age", "0")
        .evidence(Evidence::Inferred)
        .because("A browser asks whether a page may make this call; it may, from any origin.")
}
