//! Shiptheory's refusals in its own words.
//!
//! Three shapes: what the framework says, `{"message", "url", "code"}`, with its status; what validation says,
//! `{"error": {field: {rule: text}}}`; and a sentence, `{"error": text}`. The last two come with the status that the
//! scenario's switch says, 200 as real clients expect.

use serde_json::Value;

use crate::frameworks::cakephp::validation::Problems;
use crate::frameworks::cakephp::xml;
use crate::kit::text::escape_html;
use crate::message::{Evidence, Method, Reply, Request};
use crate::policy::{Notes, Refusal};
use crate::providers::shiptheory::data::body;
use crate::providers::shiptheory::data::groups::Group;
use crate::providers::shiptheory::{Shiptheory, State, views};
use crate::providers::{RouteMiss, Wording};
use crate::sim::token::Flaw;
use crate::words;

words! {
    /// What the framework refuses, by the name a rule of a scenario calls it. Documentation, "Errors".
    pub enum Code {
        /// 400.
        BadRequest = "bad_request",
        /// 401.
        Unauthorized = "unauthorized",
        /// 403.
        Forbidden = "forbidden",
        /// 404.
        NotFound = "not_found",
        /// 405.
        MethodNotAllowed = "method_not_allowed",
        /// 406.
        NotAcceptable = "not_acceptable",
        /// 413, of our own limit.
        TooLarge = "too_large",
        /// 429.
        TooManyRequests = "too_many_requests",
        /// 500.
        ServerError = "server_error",
        /// 503.
        Unavailable = "unavailable",
    }
}

/// Status and text of each. Of the texts only that of 403 is documented; the others are the framework's.
#[rustfmt::skip]
const TEXTS: &[(Code, u16, &str)] = &[
    (Code::BadRequest,       400, "Bad Request"),
    (Code::Unauthorized,     401, "You are not authorized to access that location."),
    (Code::Forbidden,        403, "You do not have access to the requested resource"),
    (Code::NotFound,         404, "Not Found"),
    (Code::MethodNotAllowed, 405, "Method Not Allowed"),
    (Code::NotAcceptable,    406, "Not Acceptable"),
    (Code::TooLarge,         413, "Request Entity Too Large"),
    (Code::TooManyRequests,  429, "Too many requests"),
    (Code::ServerError,      500, "An Internal Error Has Occurred."),
    (Code::Unavailable,      503, "Service Unavailable"),
];

fn row(code: Code) -> (u16, &'static str) {
    TEXTS.iter().find(|row| row.0 == code).map_or((500, ""), |row| (row.1, row.2))
}

/// What a handler can refuse.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// JSON that cannot be read.
    Malformed,
    /// There is no such thing; why.
    Absent(&'static str),
    /// Another account's: documentation, "View Tag".
    Foreign(&'static str),
    /// Fields that do not fit.
    Invalid(Problems),
    /// A field that does not fit, in documented words; why.
    Documented(Problems, &'static str),
    /// A sentence in documented words: documentation, "Creating a Return Label"; why.
    Said(String, &'static str),
    /// A sentence that is inferred; why.
    Guessed(String, &'static str),
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Error::Invalid(problems)
    }
}

/// A refusal of the framework.
fn framework(request: &Request, code: Code, text: &str, why: impl Into<String>) -> Reply {
    let (status, _) = row(code);
    let target = match request.query.as_str() {
        "" => request.path.clone(),
        query => format!("{}?{query}", request.path),
    };
    let body = views::Framework { message: text, url: &escape_html(&target), code: status };
    views::reply(status, &body).evidence(Evidence::Inferred).because(why.into())
}

/// The same with its usual text.
fn usual(request: &Request, code: Code, why: impl Into<String>) -> Reply {
    framework(request, code, row(code).1, why)
}

/// Documentation, "Add Product".
pub fn sku_taken() -> Error {
    Error::Documented(
        Problems::one("sku", "unique", "A product with this SKU already exists"),
        "The account has a product of this SKU. Change it with PUT /v1/products/update/{sku}.",
    )
}

/// Documentation, "Add Tags": it prints `sku`, though the field is `name`.
pub fn tag_taken(state: &State) -> Error {
    let field = state.switches.tag_error_field.word();
    Error::Documented(
        Problems::one(field, "unique", "A tag with this name already exists"),
        "The account has a tag of this name.",
    )
}

/// Documentation, "Creating a Return Label".
pub fn expiry() -> Error {
    Error::Documented(
        Problems::one(
            "expiry",
            "expiry_length",
            "Your returns label expiry is not allowed. The label must expire within 30 days",
        ),
        "`expiry` lies more than 30 days after today, on the world's clock.",
    )
}

/// Documentation, "Creating a Return Label"; both as they were sent.
pub fn no_shipment(reference: &str, postcode: &str) -> Error {
    Error::Said(
        format!(
            "Unable to find a shipment with the reference '{reference}' and postcode '{postcode}'"
        ),
        "The caller has no shipment of this reference that went to this postcode.",
    )
}

impl Wording for Shiptheory {
    type Error = Error;

    #[rustfmt::skip]
    const REFUSALS: &'static [&'static str] = &[
        "bad_request", "unauthorized", "forbidden", "not_found", "method_not_allowed", "not_acceptable", "too_many_requests",
        "server_error", "unavailable", "login", "expired_token", "validation", "sku_taken", "tag_taken", "expiry", "no_shipment",
    ];

    /// A call that did not reach its handler.
    fn refuse(state: &State, group: Group, request: &Request, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoCredential | Refusal::UnknownCredential if group == Group::Token => {
                if body::fields(request).is_none() {
                    return Self::word(state, request, Error::Malformed);
                }
                let unread = body::unread(request).map(|why| format!(" {why}")).unwrap_or_default();
                framework(
                    request,
                    Code::Unauthorized,
                    "Invalid username or password",
                    format!(
                        "`email` and `password` are not those of an account of this world; \
                         GET /_shipmock/presets lists them.{unread}"
                    ),
                )
            }
            Refusal::NoCredential => usual(
                request,
                Code::Unauthorized,
                "There is no `Authorization: Bearer TOKEN`. POST /v1/token gives a token for an hour.",
            ),
            Refusal::BadToken(flaw) => {
                let why = match flaw {
                    Flaw::Expired => "The token's hour is over; POST /v1/token gives a new one.",
                    _ => {
                        "This is neither a permanent token of an account nor one that POST /v1/token of this world gave."
                    }
                };
                let text = if state.switches.uniform_token_errors { row(Code::Unauthorized).1 } else { flaw.php_message() };
                framework(request, Code::Unauthorized, text, why)
            }
            Refusal::NotAcceptable => usual(
                request,
                Code::NotAcceptable,
                "`Accept` asks for neither JSON nor XML; `application/json` is what every client should send.",
            ),
            Refusal::TooMany { .. } => usual(
                request,
                Code::TooManyRequests,
                "The scenario switches `one_booking_a_second` on, and this second has had its booking; nothing was booked.",
            )
            .evidence(Evidence::Observed),
            other => usual(request, Code::Unauthorized, format!("The call was refused: {other:?}.")),
        }
    }

    fn unrouted(_: &State, request: &Request, miss: &RouteMiss) -> Reply {
        match miss {
            RouteMiss::Oversize => {
                usual(request, Code::TooLarge, "The body is over 1 MiB. Send less.")
            }
            RouteMiss::Path => usual(
                request,
                Code::NotFound,
                "No endpoint has this path. `shipmock routes shiptheory` lists them all.",
            ),
            RouteMiss::Method(allowed) => {
                let names: Vec<&str> = allowed.iter().map(|method| method.word()).collect();
                usual(
                    request,
                    Code::MethodNotAllowed,
                    "The path exists, but not with this method; `Allow` lists the ones it has.",
                )
                .with("Allow", names.join(", "))
            }
        }
    }

    fn word(state: &State, request: &Request, error: Error) -> Reply {
        let status = state.switches.validation_status;
        let said = |text: &str| views::reply(status, &views::Said { error: text.into() });
        match error {
            Error::Malformed => usual(
                request,
                Code::BadRequest,
                "The body says it is JSON and is none: an object is expected.",
            ),
            Error::Absent(why) => usual(request, Code::NotFound, why),
            Error::Foreign(why) => {
                usual(request, Code::Forbidden, why).evidence(Evidence::Documented)
            }
            Error::Invalid(problems) => {
                let unread = body::unread(request).map(|why| format!(" {why}")).unwrap_or_default();
                let paths = problems.paths().join(", ");
                views::reply(status, &views::Said { error: problems.printed() })
                    .evidence(Evidence::Inferred)
                    .because(format!(
                        "These fields do not fit: {paths}. The form of the answer is documented, names and texts of the \
                         rules are the framework's.{unread}"
                    ))
            }
            Error::Documented(problems, why) => {
                views::reply(status, &views::Said { error: problems.printed() }).because(why)
            }
            Error::Said(text, why) => said(&text).because(why),
            Error::Guessed(text, why) => said(&text).evidence(Evidence::Inferred).because(why),
        }
    }

    /// One of `REFUSALS`, worded as if it had happened; what it speaks of is the documentation's examples.
    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        let by_rule = "A rule of the scenario asked for this answer.";
        let error = match name {
            "login" => {
                return Some(Self::refuse(
                    state,
                    Group::Token,
                    request,
                    &Refusal::UnknownCredential,
                ));
            }
            "expired_token" => {
                return Some(Self::refuse(
                    state,
                    Group::Read,
                    request,
                    &Refusal::BadToken(Flaw::Expired),
                ));
            }
            "validation" => Error::Invalid(Problems::one(
                "recipient.postcode",
                "_empty",
                "This field cannot be left empty",
            )),
            "sku_taken" => sku_taken(),
            "tag_taken" => tag_taken(state),
            "expiry" => expiry(),
            "no_shipment" => no_shipment("ST0000040", "bs1 x2w"),
            "too_large" => return None,
            name => {
                let reply = usual(request, Code::of(name)?, by_rule);
                return Some(if name == "forbidden" {
                    reply.evidence(Evidence::Documented)
                } else {
                    reply
                });
            }
        };
        Some(Self::word(state, request, error))
    }

    /// Last touch on an answer: the recorded header, and XML for who asks for it. Of XML the documentation says only that
    /// there is some; its form is the usual one of the framework.
    fn dress(_: &State, request: &Request, reply: &mut Reply, _: &Notes, _: bool) {
        reply.headers.set("X-XSS-Protection", "1; mode=block");
        let may_carry = matches!(request.method, Method::Post | Method::Put | Method::Patch);
        if let Some(why) = body::unread(request).filter(|_| may_carry) {
            reply.passed_over.push(format!("body: {why}"));
        }
        if reply.body.is_empty() || body::accepts(request) != Some(body::Format::Xml) {
            return;
        }
        if let Ok(value) = serde_json::from_slice::<Value>(&reply.body) {
            reply.body = xml::cake("response", &value).into();
            reply.headers.set("Content-Type", "application/xml; charset=UTF-8");
            reply.evidence = Evidence::Inferred;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, TEXTS};
    use crate::message::{Method, Request};
    use crate::providers::Wording as _;
    use crate::providers::shiptheory::{Shiptheory, State};

    #[test]
    fn every_refusal_of_the_list_can_be_asked_for() {
        let request = Request::new(Method::Post, "/v1/shipments");
        for name in Shiptheory::REFUSALS {
            assert!(Shiptheory::refusal(&State::default(), &request, name).is_some(), "{name}");
        }
        assert_eq!(Shiptheory::refusal(&State::default(), &request, "too_large"), None);
        for code in Code::ALL {
            assert_eq!(TEXTS.iter().filter(|row| row.0 == *code).count(), 1, "{code}");
        }
    }
}
