//! Shipup's refusals in its own words.
//!
//! The documentation prints one 400; its tree is put together in `schema`. Public pages name the other statuses and
//! no body; `{"errors":{"details":"..."}}` is the only other form of an error they show.

use serde_json::{Map, Value, json};

use crate::kit::text::excerpt;
use crate::message::{Evidence, Method, Reply, Request};
use crate::policy::{Notes, Refusal};
use crate::providers::shipup::access::Group;
use crate::providers::shipup::fields::{MOST_ON_A_PAGE, MOST_ORDERS};
use crate::providers::shipup::resources::schema::{self, Problems};
use crate::providers::shipup::resources::{body, wire};
use crate::providers::shipup::{Shipup, State};
use crate::providers::{RouteMiss, Wording};

/// What a handler can refuse.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The payload does not fit its table.
    Invalid(Problems),
    /// The body is no JSON.
    NotJson,
    /// A parameter of the query does not fit: which, and what it is told.
    Query(&'static str, String),
    /// A list of a batch is longer than it may be: which, and how long it may be.
    TooLong(&'static str, usize),
    /// There is none of that number; what there is none of.
    NotFound(&'static str),
}

fn details(status: u16, text: &str, why: impl Into<String>) -> Reply {
    wire::reply(status, &json!({ "errors": { "details": text } }))
        .evidence(Evidence::Inferred)
        .because(why.into())
}

/// The first leaf of a tree of problems, with its path.
fn first(tree: &Value, path: String) -> String {
    match tree {
        Value::Object(fields) => match fields.iter().next() {
            Some((name, inner)) if path.is_empty() => first(inner, name.clone()),
            Some((name, inner)) => first(inner, format!("{path}.{name}")),
            None => path,
        },
        Value::String(text) => format!("`{path}`: {text}"),
        _ => path,
    }
}

/// For whoever sent JSON and did not say so.
const READS_JSON: &str =
    " The body was not read as JSON: send it with `Content-Type: application/json`.";

fn leaves(tree: &Value) -> usize {
    match tree {
        Value::Object(fields) => fields.values().map(leaves).sum(),
        _ => 1,
    }
}

fn invalid(problems: Problems, unread: Option<String>) -> Reply {
    let tree = Value::Object(problems.tree);
    let (count, first) = (leaves(&tree), first(&tree, String::new()));
    let all = if count == 1 { "One field is".to_owned() } else { format!("{count} fields are") };
    let why = format!(
        "{all} wrong, and nothing was taken over. The first is {}. Addresses report into what they belong to, \
         elements of lists under the text of their place.{}",
        excerpt(&first, 200),
        unread.as_ref().map(|_| READS_JSON).unwrap_or_default()
    );
    let reply = wire::reply(400, &json!({ "errors": tree })).evidence(problems.evidence);
    reply.because(why).passing_over(unread)
}

impl Error {
    /// The length of a page is none.
    pub fn limit() -> Error {
        Error::Query("limit", format!("must be an integer between 1 and {MOST_ON_A_PAGE}"))
    }
}

impl Wording for Shipup {
    type Error = Error;

    const REFUSALS: &'static [&'static str] = &[
        "invalid",
        "not_json",
        "query",
        "too_long",
        "not_found",
        "unauthorized",
        "payment_required",
        "forbidden",
        "too_many_requests",
        "internal_error",
        "maintenance",
    ];

    fn refuse(_: &State, _: Group, _: &Request, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::Disabled => details(
                402,
                "Your trial period is over",
                "The account's trial is over; `PATCH .../account/{id} {\"standing\":\"active\"}` pays for it.",
            ),
            Refusal::WrongRole(_) => details(
                403,
                "You are not allowed to access this resource",
                "This is the account's public key, which is for tracking pages; send the private one.",
            ),
            Refusal::TooMany { limit, retry_after, .. } => details(
                429,
                "Too many requests",
                format!(
                    "The account's bucket of {limit} calls is full; the next one fits in {retry_after} s. Batches count \
                     as one call."
                ),
            )
            .with("Retry-After", retry_after.to_string()),
            Refusal::NoCredential => details(
                401,
                "Unauthorized",
                "No key was sent; send `Authorization: Bearer <private key>`, or the key alone.",
            ),
            _ => details(
                401,
                "Unauthorized",
                "No account of this world has that key; `GET /_shipmock/presets` lists those there are.",
            ),
        }
    }

    /// What no route took: Rails answers a path that it does not know in this form, and a known path with another method
    /// like one that it does not know. It has a 405 for what is no method at all (`ActionController::UnknownHttpMethod`).
    fn unrouted(_: &State, request: &Request, miss: &RouteMiss) -> Reply {
        let (status, error, why) = match miss {
            RouteMiss::Path | RouteMiss::Method(_) if request.method == Method::Unknown => (
                405,
                "Method Not Allowed",
                format!("`{}` is no method that the framework knows.", request.verb()),
            ),
            RouteMiss::Oversize => {
                (413, "Payload Too Large", "The body is over the limit.".to_owned())
            }
            RouteMiss::Path => (
                404,
                "Not Found",
                "There is no such path; `shipmock routes shipup` lists them.".to_owned(),
            ),
            RouteMiss::Method(methods) => {
                let words: Vec<&str> = methods.iter().map(|method| method.word()).collect();
                (404, "Not Found", format!("The path takes {} only.", words.join(", ")))
            }
        };
        wire::reply(status, &json!({ "status": status, "error": error }))
            .evidence(Evidence::Inferred)
            .because(why)
    }

    fn word(_: &State, request: &Request, error: Error) -> Reply {
        match error {
            Error::Invalid(problems) => invalid(problems, body::unread(request)),
            Error::NotJson => details(
                400,
                "The request body is not valid JSON",
                "The body cannot be read as JSON; send one object, with `Content-Type: application/json`.",
            ),
            Error::Query(field, text) => {
                let why = format!("The parameter `{field}` does not fit: {text}.");
                wire::reply(400, &json!({ "errors": { field: text } }))
                    .evidence(Evidence::Inferred)
                    .because(why)
            }
            Error::TooLong(field, most) => {
                let text = format!("The maximum allowed count is {most}");
                let why =
                    format!("`{field}` has more than {most} elements; send them in several calls.");
                wire::reply(400, &json!({ "errors": { field: text } }))
                    .evidence(Evidence::Inferred)
                    .because(why)
            }
            Error::NotFound(what) => details(
                404,
                &format!("{what} not found"),
                format!("The account has no such {}.", what.to_lowercase()),
            ),
        }
    }

    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        let strictness = state.switches.strictness();
        Some(match name {
            "invalid" => {
                let problems = schema::check_order(&Map::new(), schema::BODY, strictness).err()?;
                Self::word(state, request, Error::Invalid(problems))
            }
            "not_json" => Self::word(state, request, Error::NotJson),
            "query" => Self::word(state, request, Error::limit()),
            "too_long" => Self::word(state, request, Error::TooLong("orders", MOST_ORDERS)),
            "not_found" => Self::word(state, request, Error::NotFound("Order")),
            "unauthorized" => {
                Self::refuse(state, Group::Private, request, &Refusal::UnknownCredential)
            }
            "payment_required" => Self::refuse(state, Group::Private, request, &Refusal::Disabled),
            "forbidden" => {
                Self::refuse(state, Group::Private, request, &Refusal::WrongRole("public"))
            }
            "too_many_requests" => {
                let limit = state.limits.capacity;
                let reset = jiff::Timestamp::UNIX_EPOCH;
                Self::refuse(
                    state,
                    Group::Private,
                    request,
                    &Refusal::TooMany { limit, retry_after: 1, reset },
                )
            }
            "internal_error" => {
                wire::reply(500, &json!({ "status": 500, "error": "Internal Server Error" }))
                    .evidence(Evidence::Inferred)
                    .because("An unexpected error of the service; a client may try again.")
            }
            "maintenance" => details(
                503,
                "The server is under maintenance",
                "The service is under maintenance; only tracking pages are served.",
            ),
            _ => return None,
        })
    }

    fn dress(_: &State, _: &Request, reply: &mut Reply, notes: &Notes, _: bool) {
        if let Some((limit, left)) = notes.window {
            let used = limit.saturating_sub(left);
            reply.headers.set("X-Shipup-Api-Call-Limit", format!("{used}/{limit}"));
        }
    }
}
