//! Parcelune's errors in its own words: `{"error": ..., "message": ...}`, and `fields` where validation failed.

use serde_json::{Value, json};

use crate::frameworks::laravel::messages;
use crate::frameworks::laravel::rules::{Violated, Violation};
use crate::message::{Reply, Request};
use crate::policy::Refusal;
use crate::providers::parcelune::access::Group;
use crate::providers::parcelune::{Parcelune, State, views};
use crate::providers::{RouteMiss, Wording};

/// What a handler can refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The body is no JSON.
    NotJson,
    /// The body does not fit its table.
    Invalid(Vec<Violation>),
    /// The account has no such parcel.
    NotFound,
}

fn refused(status: u16, error: &str, message: &str) -> Reply {
    views::reply(status, &json!({ "error": error, "message": message }))
}

impl Wording for Parcelune {
    type Error = Error;

    const REFUSALS: &'static [&'static str] = &["not_json", "invalid", "not_found", "unauthorized"];

    fn refuse(_: &State, _: Group, _: &Request, refusal: &Refusal) -> Reply {
        let why = match refusal {
            Refusal::NoCredential => "No key was sent; send `Authorization: Bearer <key>`.",
            _ => {
                "No account of this world has that key; `GET /_shipmock/presets` lists those there are."
            }
        };
        refused(401, "unauthorized", "A valid key is required.").because(why)
    }

    fn unrouted(_: &State, _: &Request, miss: &RouteMiss) -> Reply {
        match miss {
            RouteMiss::Path => refused(404, "no_route", "There is no such path."),
            RouteMiss::Method(_) => refused(405, "no_method", "The path has other methods."),
            RouteMiss::Oversize => refused(413, "too_large", "The body is too large."),
        }
        .because("`shipmock routes parcelune` lists what there is.")
    }

    fn word(_: &State, _: &Request, error: Error) -> Reply {
        match error {
            Error::NotJson => refused(400, "not_json", "The body is not valid JSON.")
                .because("The body cannot be read as JSON; send one object."),
            Error::Invalid(problems) => {
                let fields = Value::Object(messages::errors(&problems));
                let why = format!("Nothing was booked: {}", messages::summary(&problems));
                let body = json!({
                    "error": "invalid",
                    "message": "The parcel cannot be booked.",
                    "fields": fields,
                });
                views::reply(422, &body).because(why)
            }
            Error::NotFound => refused(404, "not_found", "There is no such parcel.")
                .because("The account of this key has no parcel with that id."),
        }
    }

    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        let problem = || Violation::new("reference", Violated::Required);
        Some(match name {
            "not_json" => Self::word(state, request, Error::NotJson),
            "invalid" => Self::word(state, request, Error::Invalid(vec![problem()])),
            "not_found" => Self::word(state, request, Error::NotFound),
            "unauthorized" => {
                Self::refuse(state, Group::Parcels, request, &Refusal::UnknownCredential)
            }
            _ => return None,
        })
    }
}
