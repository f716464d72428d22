//! Salla's refusals in its own words: one envelope for the API, and OAuth's own at the token endpoint.

use serde_json::{Map, Value, json};

use crate::frameworks::laravel::rules::{Violated, Violation};
use crate::message::{Evidence, Method, Reply, Request};
use crate::policy::{Notes, Refusal, spent_minute};
use crate::providers::salla::data::groups::Group;
use crate::providers::salla::data::wording::{self, Language, Sentence, message, say};
use crate::providers::salla::{Salla, State, views};
use crate::providers::{RouteMiss, Wording};

/// What a handler can refuse.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// Fields that do not fit.
    Invalid(Vec<Violation>),
    /// A rule that no single field breaks: a return of what was not delivered, a way back, a late cancellation.
    Against(Rule),
    /// No such thing in the caller's store.
    NotFound(&'static str),
    /// What the token endpoint says.
    OAuth(OAuth),
}

/// Rules that are about a shipment as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Only what was delivered can be sent back.
    Delivered,
    /// What was shipped never becomes created or in progress again.
    NoWayBack,
    /// Only what was not shipped can be called off.
    NotShipped,
}

/// The errors of the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuth {
    /// Client id or secret is wrong.
    Client,
    /// The code or refresh token is wrong, over, or was used; both tokens are taken back in the last case.
    Grant(&'static str),
    /// Something is missing.
    Request,
    /// Another kind of grant.
    GrantType,
}

fn failure(status: u16, code: Value, message: &str) -> Reply {
    let error = json!({ "code": code, "message": message });
    views::reply(status, &json!({ "status": status, "success": false, "error": error }))
}

/// The 401 of every API call; its messages come in one language each.
fn unauthorized(message: &str) -> Reply {
    failure(401, json!("Unauthorized"), message)
}

/// The 404, which has a text as its code in Arabic and a number in English.
fn not_found(language: Language) -> Reply {
    let code = match language {
        Language::Arabic => json!("error"),
        Language::English => json!(404),
    };
    failure(404, code, say(language, wording::NOT_FOUND))
}

/// The 422 that names fields.
fn invalid(language: Language, problems: &[Violation]) -> Reply {
    let mut fields: Map<String, Value> = Map::new();
    for problem in problems {
        let said = fields.entry(problem.path.as_str()).or_insert_with(|| json!([]));
        if let Value::Array(said) = said {
            said.push(message(language, problem).into());
        }
    }
    // The key is not translated: every public example has it so.
    let error = json!({ "code": "error", "message": "alert.invalid_fields", "fields": fields });
    views::reply(422, &json!({ "status": 422, "success": false, "error": error }))
}

/// The fields whose 422 an example shows, with the kind it shows.
#[rustfmt::skip]
const SHOWN: &[(&str, Violated)] = &[
    ("courier_slug",        Violated::Invalid),
    ("courier_id",          Violated::Required),
    ("ship_to.name",        Violated::Required),
    ("ship_from.branch_id", Violated::Required),
    ("url",                 Violated::Format("url")),
    ("event",               Violated::Invalid),
    ("id",                  Violated::Integer),
];

fn against(language: Language, rule: Rule) -> Reply {
    let refused = |sentence: Sentence| failure(422, json!("error"), say(language, sentence));
    match rule {
        Rule::Delivered => {
            let known = match language {
                Language::Arabic => Evidence::Documented,
                Language::English => Evidence::Inferred,
            };
            refused(wording::NOT_DELIVERED).evidence(known).because(
                "Only a delivered shipment can be sent back. Let time pass, or move it: \
                 POST /_shipmock/salla/entities/shipment/{id}/move {\"to\":\"delivered\"}.",
            )
        }
        Rule::NoWayBack => refused(wording::NO_WAY_BACK).evidence(Evidence::Inferred).because(
            "What was shipped, is being delivered or was delivered cannot become created or in progress again, and what \
             was cancelled or is back stays so.",
        ),
        Rule::NotShipped => refused(wording::NOT_CANCELLABLE).evidence(Evidence::Inferred).because(
            "A shipment that left its origin cannot be cancelled. The switch `cancel_after_shipping` lets the courier \
             agree.",
        ),
    }
}

/// OAuth's errors as the server behind it words them. 401 for a bad grant is documented; the standard would have 400.
fn oauth(_: &State, error: OAuth) -> Reply {
    let (status, name, description, evidence) = match error {
        OAuth::Client => (
            401,
            "invalid_client",
            "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported \
             authentication method).",
            Evidence::Inferred,
        ),
        OAuth::Grant(_) => (
            401,
            "invalid_grant",
            "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token \
             is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was \
             issued to another client.",
            Evidence::Documented,
        ),
        OAuth::Request => (
            400,
            "invalid_request",
            "The request is missing a required parameter, includes an invalid parameter value, includes a parameter \
             more than once, or is otherwise malformed.",
            Evidence::Inferred,
        ),
        OAuth::GrantType => (
            400,
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server.",
            Evidence::Inferred,
        ),
    };
    let why = match error {
        OAuth::Client => {
            "`client_id` and `client_secret`, in the body or as basic credentials, are not those of `presets`."
        }
        OAuth::Grant(why) => why,
        OAuth::Request => {
            "A parameter of the grant is missing: see the token endpoint in `shipmock routes salla`."
        }
        OAuth::GrantType => "Only `authorization_code` and `refresh_token` are known.",
    };
    let body = json!({ "error": name, "error_description": description });
    views::reply(status, &body).evidence(evidence).because(why)
}

/// What is said of a token that cannot be used, whatever the reason.
const BAD_TOKEN: &str = "The access token is invalid";

fn barred(request: &Request) -> Reply {
    let message: Sentence = ("تم حظر الوصول مؤقتا", "Access is temporarily blocked");
    failure(403, json!("forbidden"), say(Language::asked(request), message))
        .evidence(Evidence::Inferred)
        .because(
            "The store is shut out for a while, as after too many errors: \
             PATCH /_shipmock/salla/entities/store/{id} {\"barred\":false}.",
        )
}

/// The slug is documented, the sentence the framework's.
fn too_many() -> Reply {
    failure(429, json!("too_many_requests"), "Too Many Attempts.").evidence(Evidence::Inferred)
}

impl Wording for Salla {
    type Error = Error;

    const REFUSALS: &'static [&'static str] = &[
        "invalid_token",
        "missing_scope",
        "user_deleted",
        "user_inactive",
        "forbidden",
        "not_found",
        "invalid_fields",
        "not_delivered",
        "no_way_back",
        "not_cancellable",
        "too_many_requests",
        "invalid_grant",
        "invalid_client",
        "server_error",
        "service_unavailable",
    ];

    fn refuse(_: &State, _: Group, request: &Request, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoCredential => unauthorized(BAD_TOKEN).evidence(Evidence::Inferred).because(
                "There is no `Authorization: Bearer ...` header. GET /_shipmock/presets lists this world's tokens.",
            ),
            Refusal::BadToken(_) => unauthorized(BAD_TOKEN).because(
                "The access token is over: they last 14 days. Get another one with the refresh token: \
                 POST /oauth2/token grant_type=refresh_token.",
            ),
            Refusal::Revoked => unauthorized(BAD_TOKEN).because(
                "The token was taken back: its refresh token or its code was used twice, an operator says so, or the app is \
                 not installed any more.",
            ),
            Refusal::Replaced(at) => unauthorized(BAD_TOKEN).because(format!(
                "The token was revoked by a refresh at {at}; the one that the refresh answered took its place. The switch \
                 `refresh_keeps_old_token` lets both hold.",
            )),
            Refusal::MissingScope(scope) => {
                let message =
                    format!("The access token should have access to one of those scopes: {scope}");
                unauthorized(&message).because(format!(
                    "The token was not granted `{scope}`. `access_token` of GET /_shipmock/presets has every scope."
                ))
            }
            Refusal::NoUser => unauthorized("The User is not exists.").because(
                "The user who let the app in is deleted: PATCH /_shipmock/salla/entities/store/{id} {\"user\":\"active\"}.",
            ),
            Refusal::Disabled => unauthorized("عفوا لا يمكنك تسجيل الدخول, حسابك غير مفعل").because(
                "The user who let the app in is inactive: PATCH /_shipmock/salla/entities/store/{id} {\"user\":\"active\"}.",
            ),
            Refusal::Barred => barred(request),
            Refusal::TooMany { limit, retry_after, .. } => too_many()
                .with("Retry-After", retry_after.to_string())
                .because(format!(
                    "{}; one a second still passes. Wait {retry_after} s, or advance \
                     the clock: POST /_shipmock/clock/advance {{\"by\":\"1m\"}}. The scenario `load` lifts the limits.",
                    spent_minute(*limit)
                )),
            _ => unauthorized(BAD_TOKEN).because(
                "The bearer token is no token of this world. GET /_shipmock/presets lists the tokens.",
            ),
        }
    }

    fn unrouted(_: &State, request: &Request, miss: &RouteMiss) -> Reply {
        match miss {
            RouteMiss::Path => {
                not_found(Language::asked(request)).evidence(Evidence::Inferred).because(
                    "No endpoint that is played has this path. `shipmock routes salla` lists them all.",
                )
            }
            RouteMiss::Method(allowed) => {
                let names: Vec<&str> = allowed.iter().map(|method| method.word()).collect();
                let names = names.join(", ");
                // The framework answers for a route that takes other methods; without a CORS library it says no more.
                if request.method == Method::Options {
                    return Reply::empty(200).with("Allow", names).evidence(Evidence::Inferred);
                }
                let message = format!(
                    "The {} method is not supported for this route. Supported methods: {names}.",
                    request.verb()
                );
                failure(405, json!("method_not_allowed"), &message)
                    .with("Allow", names)
                    .evidence(Evidence::Inferred)
                    .because(
                        "The path exists, but not with this method; `Allow` lists the ones it has.",
                    )
            }
            RouteMiss::Oversize => failure(413, json!("error"), "The POST data is too large.")
                .evidence(Evidence::Inferred)
                .because("The body is over 1 MiB. Send less."),
        }
    }

    fn word(state: &State, request: &Request, error: Error) -> Reply {
        let language = Language::asked(request);
        match error {
            Error::Invalid(problems) => {
                let shown = |it: &Violation| SHOWN.contains(&(it.path.as_str(), it.kind.clone()));
                let known = language == Language::Arabic && problems.iter().all(shown);
                let names: Vec<&str> = problems.iter().map(|it| it.path.as_str()).collect();
                let reason = format!(
                    "Fields do not fit: {}. `error.fields` says what is wrong with each; its texts are Arabic unless \
                     `Accept-Language` prefers English.",
                    names.join(", ")
                );
                let evidence = if known { Evidence::Documented } else { Evidence::Inferred };
                invalid(language, &problems).evidence(evidence).because(reason)
            }
            Error::Against(rule) => against(language, rule),
            Error::NotFound(what) => not_found(language).because(format!(
                "The token's store has no such {what}. `GET /_shipmock/salla/entities` shows what there is; ids of other \
                 stores are not found either."
            )),
            Error::OAuth(error) => oauth(state, error),
        }
    }

    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        let refused = |refusal| Self::refuse(state, Group::Read, request, &refusal);
        Some(match name {
            "invalid_token" => refused(Refusal::UnknownCredential),
            "missing_scope" => {
                refused(Refusal::MissingScope(Group::Read.scope().unwrap_or_default()))
            }
            "user_deleted" => refused(Refusal::NoUser),
            "user_inactive" => refused(Refusal::Disabled),
            "forbidden" => refused(Refusal::Barred),
            "not_found" => Self::word(state, request, Error::NotFound("shipment")),
            "invalid_fields" => {
                let problem = Violation::new("courier_slug", Violated::Invalid);
                Self::word(state, request, Error::Invalid(vec![problem]))
            }
            "not_delivered" => Self::word(state, request, Error::Against(Rule::Delivered)),
            "no_way_back" => Self::word(state, request, Error::Against(Rule::NoWayBack)),
            "not_cancellable" => Self::word(state, request, Error::Against(Rule::NotShipped)),
            "too_many_requests" => too_many()
                .with("Retry-After", "60")
                .because("A rule of the scenario refuses the call."),
            "invalid_grant" => {
                oauth(state, OAuth::Grant("A rule of the scenario refuses the grant."))
            }
            "invalid_client" => oauth(state, OAuth::Client),
            "server_error" => failure(500, json!("server_error"), "Server Error")
                .evidence(Evidence::Inferred)
                .because("A rule of the scenario breaks the service."),
            "service_unavailable" => {
                failure(503, json!("service_unavailable"), "Service Unavailable")
                    .evidence(Evidence::Inferred)
                    .because("A rule of the scenario takes the service down.")
            }
            _ => return None,
        })
    }

    fn dress(_: &State, _: &Request, reply: &mut Reply, notes: &Notes, _: bool) {
        if let Some((limit, remaining)) = notes.window {
            reply.headers.set("X-RateLimit-Limit", limit.to_string());
            reply.headers.set("X-RateLimit-Remaining", remaining.to_string());
        }
        if let Some(closes) = notes.closes_at {
            reply.headers.set("X-RateLimit-Reset", closes.as_second().to_string());
        }
    }
}
