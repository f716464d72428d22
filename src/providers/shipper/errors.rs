//! Shipper's refusals in its own words.
//!
//! Two shapes live side by side, as in the documentation: the framework's `message` (with `errors` for
//! validation), and the service's own `error`.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::json;

use crate::frameworks::laravel::messages;
use crate::frameworks::laravel::rules::{Violated, Violation};
use crate::frameworks::php::json_encode;
use crate::kit::text::escape_html;
use crate::message::{Evidence, Method, Reply, Request, accept};
use crate::policy::preflight::{allowing_what_was_asked, is_preflight};
use crate::policy::{Notes, Refusal, spent_minute};
use crate::providers::shipper::access::Group;
use crate::providers::shipper::{Shipper, State};
use crate::providers::{RouteMiss, Wording};

/// What a handler can refuse.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// Fields that do not fit: documentation, "Error codes", 422.
    Invalid(Vec<Violation>),
    /// A date that cannot be read: documentation, "List orders", URL-encoding.
    Date {
        /// `start_date` or `end_date`.
        field: &'static str,
        /// What was sent, decoded.
        value: String,
    },
    /// No shipment can be cancelled: documentation, "Cancel order".
    NothingToCancel,
    /// The key has its five webhooks: documentation, "Register webhook"; the wording is inferred.
    TooManyWebhooks,
    /// No such entity of the caller's; the framework names the class of the model.
    NotFound(&'static str, String),
    /// What an integrator met where one would expect a 422; a scenario asks for it.
    Broken(&'static str),
}

/// The most webhooks a key may have.
pub const WEBHOOKS: usize = 5;

#[derive(Serialize)]
struct BadDate<'a> {
    error: String,
    value: &'a str,
    expected_formats: [&'static str; 4],
    hint: &'static str,
}

fn compact<T: Serialize>(status: u16, body: &T) -> Reply {
    Reply::new(status, "application/json", json_encode::php(body))
}

/// The framework prints errors that are raised as HTTP exceptions over several lines, slashes as they are.
fn raised(status: u16, message: impl Into<Cow<'static, str>>) -> Reply {
    let message: Cow<'static, str> = message.into();
    Reply::new(status, "application/json", json_encode::php_pretty(&json!({ "message": message })))
}

fn business(status: u16, error: &str) -> Reply {
    compact(status, &json!({ "error": error }))
}

/// Whether the client asks for JSON the way the framework understands it.
fn expects_json(request: &Request) -> bool {
    let accept = request.headers.get("accept").unwrap_or("*/*");
    let ajax = request.headers.get("x-requested-with") == Some("XMLHttpRequest");
    let first = accept::by_quality(accept).first().copied().unwrap_or("");
    let any = first.is_empty() || first == "*" || first.starts_with("*/*");
    (ajax && any) || first.contains("/json") || first.contains("+json")
}

fn not_found(state: &State, model: &str, id: &str) -> String {
    if state.switches.not_found_names_id {
        format!("No query results for model [App\\Models\\{model}] {id}")
    } else {
        format!("No query results for model [App\\Models\\{model}].")
    }
}

/// Why a model was not found, by whom it belongs to.
fn missing(model: &str) -> String {
    let whose = match model {
        "Country" => {
            return "Shipper has no country of this code; GET /countries lists the ones it has."
                .to_owned();
        }
        "Webhook" => {
            "The key has no such webhook. Webhooks belong to the key that registered them."
        }
        _ => {
            "The key's organization has none of this id. Ids belong to one organization: another key may see it."
        }
    };
    format!("{whose} GET /_shipmock/shipper/entities lists what exists.")
}

fn bad_date(field: &str, value: &str) -> String {
    let cause = if value.chars().any(char::is_control) {
        "it contains a control character, as `%10` or `%15` in a URL give; encode the space as `%20`"
    } else if value.contains('T') && value.contains(' ') {
        "a raw `+` in a URL is a space, so the offset was lost; encode it as `%2B`"
    } else {
        "it has none of the four documented forms"
    };
    format!("`{field}` cannot be read: {cause}.")
}

fn redirect(request: &Request) -> Reply {
    let back = request.headers.get("referer").filter(|referer| !referer.is_empty());
    let to = back.map_or_else(|| format!("{}/", request.base), str::to_owned);
    let shown = escape_html(&to);
    let body = format!(
        "<!DOCTYPE html>\n<html>\n<head><title>Redirecting to {shown}</title></head>\n</html>\n"
    );
    Reply::new(302, "text/html; charset=utf-8", body)
        .with("Location", to)
        .evidence(Evidence::Inferred)
}

impl Wording for Shipper {
    type Error = Error;

    const REFUSALS: &'static [&'static str] = &[
        "unauthenticated",
        "key_disabled",
        "key_revoked",
        "not_a_retailer",
        "too_many_requests",
        "order_not_found",
        "nothing_to_cancel",
        "too_many_webhooks",
        "server_error",
        "maintenance",
    ];

    fn refuse(state: &State, _: Group, request: &Request, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoCredential | Refusal::UnknownCredential | Refusal::BadToken(_) => {
                if state.switches.redirect_without_accept && !expects_json(request) {
                    return raised(500, "Route [login] not defined.").evidence(Evidence::Inferred).because(
                        "There is no valid key and the request did not say `Accept: application/json`, so the framework \
                         looks for a login page that an API does not have. Send the header, and a key.",
                    );
                }
                compact(401, &json!({ "message": "Unauthenticated." })).because(match refusal {
                    Refusal::NoCredential => {
                        "There is no `Authorization: Bearer ...` header. GET /_shipmock/presets lists this world's keys."
                    }
                    _ => {
                        "The bearer token is no key of this world. GET /_shipmock/presets lists the keys; \
                         YOUR_API_KEY works in the default scenario."
                    }
                })
            }
            Refusal::Disabled => business(403, "API key is disabled.").because(
                "The key is switched off. Enable it: POST /_shipmock/shipper/entities/key/{id}/move {\"on\":\"enable\"}.",
            ),
            Refusal::Revoked => business(403, "API key has been revoked.")
                .because("The key was taken back for good. Use another key of the organization."),
            Refusal::WrongRole(role) => {
                business(403, "This endpoint is only available to retailer organizations.").because(format!(
                    "The key belongs to a {role}; /dashboard/* is for retailers. Use a retailer's key."
                ))
            }
            Refusal::TooMany { limit, retry_after, reset } => raised(429, "Too Many Attempts.")
                .with("Retry-After", retry_after.to_string())
                .with("X-RateLimit-Reset", reset.as_second().to_string())
                .because(format!(
                    "{}. Wait {retry_after} s, or advance the clock: \
                     POST /_shipmock/clock/advance {{\"by\":\"1m\"}}. The scenario `load` lifts the limits.",
                    spent_minute(*limit)
                )),
            // Of a check that Shipper does not make.
            _ => business(403, "Forbidden.").evidence(Evidence::Inferred),
        }
    }

    fn unrouted(state: &State, request: &Request, miss: &RouteMiss) -> Reply {
        let path = request.path.trim_matches('/');
        // The framework's CORS library stands before its routes and asks for none.
        if state.switches.cors && is_preflight(request) {
            return allowing_what_was_asked(request);
        }
        match miss {
            RouteMiss::Oversize => raised(413, "The POST data is too large.")
                .evidence(Evidence::Inferred)
                .because("The body is over 1 MiB. Send less."),
            RouteMiss::Path => raised(404, format!("The route {path} could not be found."))
                .evidence(Evidence::Inferred)
                .because(
                    "No endpoint of Shipper has this path. `shipmock routes shipper` lists them all.",
                ),
            RouteMiss::Method(allowed) => {
                let names: Vec<&str> = allowed.iter().map(|method| method.word()).collect();
                let names = names.join(", ");
                if request.method == Method::Options {
                    let reply = Reply::empty(200).with("Allow", names).evidence(Evidence::Inferred);
                    return if state.switches.cors {
                        reply.with("Vary", "Access-Control-Request-Method")
                    } else {
                        reply
                    };
                }
                let method = request.verb();
                raised(
                    405,
                    format!("The {method} method is not supported for route {path}. Supported methods: {names}."),
                )
                .with("Allow", names)
                .evidence(Evidence::Inferred)
                .because("The path exists, but not with this method; `Allow` lists the ones it has.")
            }
        }
    }

    fn shown_group(state: &State, of_path: Option<Group>) -> Option<Group> {
        state.switches.rate_headers_everywhere.then(|| of_path.unwrap_or(Group::Read))
    }

    fn word(state: &State, request: &Request, error: Error) -> Reply {
        match error {
            Error::Invalid(problems) if state.switches.redirect_without_accept && !expects_json(request) => {
                let first = problems.first().map(messages::message).unwrap_or_default();
                redirect(request).because(format!(
                    "A field does not fit ({first}), and the request did not say `Accept: application/json`, so the \
                     framework sends a browser back to the form. Send `Accept: application/json`."
                ))
            }
            Error::Invalid(problems) => {
                let fields: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
                let reason = format!(
                    "The request does not fit its documented fields: {}. See `errors` in the answer and correct them.",
                    fields.join(", ")
                );
                let reply = compact(422, &messages::body(&problems)).because(reason);
                // The documentation says of no telephone number that it has to be one.
                let is_guess = |it: &Violation| {
                    it.kind == Violated::Invalid && it.path.starts_with("address.phone")
                };
                if problems.iter().any(is_guess) { reply.evidence(Evidence::Inferred) } else { reply }
            }
            Error::Date { field, value } => {
                let body = BadDate {
                    error: format!("Invalid {field} format."),
                    value: &value,
                    expected_formats: [
                        "YYYY-MM-DD",
                        "YYYY-MM-DD HH:MM",
                        "YYYY-MM-DD HH:MM:SS",
                        "ISO 8601 (e.g. 2026-05-14T10:30:00Z)",
                    ],
                    hint: "A space in the URL must be encoded as %20, not %10 or +.",
                };
                compact(422, &body).because(bad_date(field, &value))
            }
            Error::NothingToCancel => business(422, "No shipments available to cancel").because(
                "None of the order's shipments waits for confirmation or packaging any more (a draft has none). \
                 Cancel earlier, or look at the shipments' states with GET /_shipmock/shipper/entities/order/{id}.",
            ),
            Error::TooManyWebhooks => {
                business(422, &format!("You can register up to {WEBHOOKS} webhooks per API key.")).because(
                    "The key has its five webhooks already. Delete one with DELETE /webhooks/{id}, or use another key.",
                )
                .evidence(Evidence::Inferred)
            }
            Error::NotFound(model, id) => {
                raised(404, not_found(state, model, &id)).because(missing(model))
            }
            Error::Broken(cause) => raised(500, "Server Error").evidence(Evidence::Observed).because(cause),
        }
    }

    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        Some(match name {
            "unauthenticated" => {
                Self::refuse(state, Group::Read, request, &Refusal::UnknownCredential)
            }
            "key_disabled" => Self::refuse(state, Group::Read, request, &Refusal::Disabled),
            "key_revoked" => Self::refuse(state, Group::Read, request, &Refusal::Revoked),
            "not_a_retailer" => {
                Self::refuse(state, Group::Read, request, &Refusal::WrongRole("supplier"))
            }
            "too_many_requests" => {
                let limit = state.limits.read;
                raised(429, "Too Many Attempts.")
                    .with("X-RateLimit-Limit", limit.to_string())
                    .with("X-RateLimit-Remaining", "0")
                    .with("Retry-After", "60")
            }
            "order_not_found" => {
                Self::word(state, request, Error::NotFound("Order", String::new()))
            }
            "nothing_to_cancel" => Self::word(state, request, Error::NothingToCancel),
            "too_many_webhooks" => Self::word(state, request, Error::TooManyWebhooks),
            "server_error" => Self::word(state, request, Error::Broken("a rule of the scenario")),
            "maintenance" => raised(503, "Service Unavailable"),
            _ => return None,
        })
    }

    fn dress(state: &State, _: &Request, reply: &mut Reply, notes: &Notes, _routed: bool) {
        reply.headers.set("Cache-Control", "no-cache, private");
        if state.switches.cors {
            reply.headers.set("Access-Control-Allow-Origin", "*");
        }
        let window = match (notes.window, state.switches.rate_headers_everywhere) {
            (None, true) => Some((state.limits.read, state.limits.read)),
            (window, _) => window,
        };
        if let Some((limit, remaining)) = window {
            reply.headers.set("X-RateLimit-Limit", limit.to_string());
            reply.headers.set("X-RateLimit-Remaining", remaining.to_string());
        }
    }
}
