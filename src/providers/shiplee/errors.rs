//! Shiplee's refusals in its own words: `{"success":false,"message":"..."}`, whatever the status.
//!
//! The documentation gives the texts of most and the status codes of few. Every code is a row of a table that a
//! scenario can overrule; a client should look at `success`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kit::mistake::Mistake;
use crate::message::{Evidence, Method, Reply, Request};
use crate::policy::preflight::{allowing_what_was_asked, is_preflight};
use crate::policy::{Notes, Refusal};
use crate::providers::shiplee::data::groups::Group;
use crate::providers::shiplee::data::{body, front};
use crate::providers::shiplee::state::switches::TokenMessages;
use crate::providers::shiplee::state::wallet::LEAST_BALANCE;
use crate::providers::shiplee::{Shiplee, State, fields, views};
use crate::providers::{RouteMiss, Wording};
use crate::sim::token::Flaw;
use crate::words;

words! {
    /// What can be refused, by the name a scenario's `statuses` calls it.
    pub enum Code {
        /// A required field is missing.
        MissingField = "missing_field",
        /// A field does not fit.
        InvalidField = "invalid_field",
        /// An order's id that is no number.
        InvalidOrderId = "invalid_order_id",
        /// The warehouse is not the caller's.
        Warehouse = "warehouse",
        /// The token cannot be taken.
        Token = "token",
        /// The address is not on the list.
        Address = "address",
        /// The domain is not on the list.
        Domain = "domain",
        /// User name and key do not fit.
        Credentials = "credentials",
        /// The wallet holds too little.
        Balance = "balance",
        /// A booking lacks a parameter.
        MissingParameters = "missing_parameters",
        /// The order has its parcel.
        AlreadyBooked = "already_booked",
        /// No carrier of that name.
        Courier = "courier",
        /// No such order or warehouse of the caller's.
        NotFound = "not_found",
        /// The carrier does not register the warehouse.
        Registration = "registration",
        /// The carrier refuses the booking.
        Booking = "booking",
        /// The carrier names no waybill.
        Waybill = "waybill",
        /// The carrier does not register the warehouse that a pickup goes to.
        ReverseRegistration = "reverse_registration",
        /// The carrier refuses a pickup.
        ReverseBooking = "reverse_booking",
        /// The carrier names no waybill of a pickup.
        ReverseWaybill = "reverse_waybill",
        /// The carrier's id is not among the rates.
        CarrierId = "carrier_id",
        /// The path has other methods.
        Method = "method",
        /// Nothing is at the path; a GET finds the front page instead.
        Path = "path",
        /// The body is over our limit.
        Oversize = "oversize",
    }
}

/// The usual status of each refusal.
#[rustfmt::skip]
const STATUSES: &[(Code, u16)] = &[
    (Code::MissingField,      400),
    (Code::InvalidField,      400),
    (Code::InvalidOrderId,    400), // documentation, "Reverse Order"
    (Code::Warehouse,         403),
    (Code::Token,             401),
    (Code::Address,           403), // documentation, "Authentication"
    (Code::Domain,            403), // documentation, "Authentication"
    (Code::Credentials,       401),
    (Code::Balance,           400),
    (Code::MissingParameters, 400),
    (Code::AlreadyBooked,     409),
    (Code::Courier,           400),
    (Code::NotFound,          404),
    (Code::Registration,      400), // documentation, "Create Shipment": 4xx
    (Code::Booking,           400),
    (Code::Waybill,           400),
    (Code::ReverseRegistration, 200), // documentation, "Reverse Shipment": 4xx or 200
    (Code::ReverseBooking,    200),
    (Code::ReverseWaybill,    200),
    (Code::CarrierId,         400),
    (Code::Method,            405),
    (Code::Path,              404),
    (Code::Oversize,          413),
];

/// The endpoint whose refusals may be a 200: documentation, "Reverse Shipment".
const PICKUP: &str = "reverse_create_shipment";

/// Which refusals the documentation lists for which endpoint; elsewhere the same words are a guess.
#[rustfmt::skip]
const DOCUMENTED: &[(&str, &[Code])] = &[
    ("reverse_order",           &[Code::MissingField, Code::InvalidField, Code::Warehouse]),
    ("create_shipment",         &[Code::Balance, Code::MissingParameters, Code::AlreadyBooked, Code::Courier, Code::NotFound]),
    (PICKUP,                    &[Code::Balance, Code::MissingParameters, Code::NotFound, Code::ReverseRegistration,
                                  Code::ReverseBooking, Code::ReverseWaybill, Code::CarrierId]),
];

/// What a scenario says about status codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Statuses(pub BTreeMap<Code, u16>);

impl Statuses {
    /// Refuses what is no status.
    ///
    /// # Errors
    /// The place and the mistake.
    pub fn check(&self) -> Result<(), Mistake> {
        match self.0.iter().find(|(_, status)| !(200..600).contains(*status)) {
            None => Ok(()),
            Some((code, _)) => Err(Mistake::new(
                format!("statuses.{code}"),
                "a status is a number from 200 to 599",
            )),
        }
    }

    fn of(&self, code: Code) -> u16 {
        let usual = || STATUSES.iter().find(|(known, _)| *known == code).map_or(400, |row| row.1);
        self.0.get(&code).copied().unwrap_or_else(usual)
    }
}

/// What a handler can refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A required field is missing: documentation, "Reverse Order".
    MissingField(String),
    /// No pincode: documentation, "Reverse Order". The sentence does not say in which field.
    Pincode(String),
    /// Another field that does not fit; the field and what it must be. The wording is inferred from the pincode's.
    Invalid(String, Cow<'static, str>),
    /// The order's id is not what it must be: documentation, "Reverse Order"; the wording is inferred.
    OrderId(&'static str),
    /// Not the caller's warehouse: documentation, "Reverse Order".
    Warehouse,
    /// Too little in the wallet: documentation, "Create Shipment".
    Balance,
    /// A parameter is missing: documentation, "Create Shipment".
    MissingParameters(&'static str),
    /// A parameter has a value that the endpoint does not take; answered like a missing one.
    WrongParameter(&'static str),
    /// Booked before, with this waybill: documentation, "Create Shipment".
    AlreadyBooked(String),
    /// No carrier of that name: documentation, "Create Shipment".
    Courier(String),
    /// No such order or warehouse: documentation, "Create Shipment".
    NotFound,
    /// The same, for a reason of its own.
    Absent(&'static str),
    /// The warehouse cannot be registered: documentation, "Reverse Shipment".
    Registration,
    /// The carrier's remark: documentation, "Reverse Shipment".
    Booking(String),
    /// No waybill: documentation, "Reverse Shipment".
    Waybill,
    /// An id that no rate has: documentation, "Reverse Shipment".
    CarrierId(String),
}

/// A refusal before it has its status.
struct Worded {
    code: Code,
    message: String,
    evidence: Evidence,
    why: String,
}

fn worded(code: Code, message: impl Into<String>, why: impl Into<String>) -> Worded {
    Worded { code, message: message.into(), evidence: Evidence::Documented, why: why.into() }
}

impl Worded {
    fn inferred(self) -> Worded {
        Worded { evidence: Evidence::Inferred, ..self }
    }

    /// The same of a pickup, whose refusals by the carrier have statuses of their own.
    fn reverse(self) -> Worded {
        let code = match self.code {
            Code::Registration => Code::ReverseRegistration,
            Code::Booking => Code::ReverseBooking,
            Code::Waybill => Code::ReverseWaybill,
            code => code,
        };
        Worded { code, ..self }
    }

    fn reply(self, state: &State) -> Reply {
        let status = state.statuses.of(self.code);
        views::failure(status, &self.message).evidence(self.evidence).because(self.why)
    }
}

fn describe(error: Error) -> Worded {
    match error {
        Error::MissingField(field) => worded(
            Code::MissingField,
            format!("Missing required field: {field}"),
            format!(
                "`{field}` is not in the request, or empty. A JSON endpoint that is sent a form, or JSON that cannot be \
                 read, misses its first required field."
            ),
        ),
        Error::Pincode(field) => worded(
            Code::InvalidField,
            "Invalid pincode: must be 6-digit starting 1-9",
            format!("`{field}` is no Indian pincode: six digits without blanks, the first not zero."),
        ),
        Error::Invalid(field, expected) => worded(
            Code::InvalidField,
            format!("Invalid {field}: must be {expected}"),
            format!("`{field}` is there, but is not {expected}."),
        )
        .inferred(),
        Error::OrderId(expected) => worded(
            Code::InvalidOrderId,
            format!("Invalid orderId: must be {expected}"),
            "`orderId` is the number that POST /order answered as `order_id`, not the merchant's own `orderID`.",
        )
        .inferred(),
        Error::Warehouse => worded(
            Code::Warehouse,
            "Invalid or unauthorized warehouse",
            "The warehouse is unknown, or another seller's. GET /get_warehouses lists the caller's.",
        ),
        Error::Balance => worded(
            Code::Balance,
            format!("Insufficient balance (< ₹{LEAST_BALANCE})"),
            "The wallet holds less than ₹500. Recharge it: \
             PATCH /_shipmock/shiplee/entities/seller/{id} {\"wallet\": 5000}.",
        ),
        Error::MissingParameters(parameter) => worded(
            Code::MissingParameters,
            "Missing required parameters",
            format!(
                "`{parameter}` is not in the request, or empty. /reverse_create_shipment takes a form, the other \
                 endpoints take JSON; sent the other way, every parameter is missing."
            ),
        ),
        Error::WrongParameter(parameter) => worded(
            Code::MissingParameters,
            "Missing required parameters",
            format!("`{parameter}` has a value that this endpoint does not take."),
        )
        .inferred(),
        Error::AlreadyBooked(awb) => worded(
            Code::AlreadyBooked,
            format!("Order already booked with AWB: {awb}"),
            "The order has its parcel; nothing was charged again. After a time-out this is the answer that carries \
             the waybill.",
        ),
        Error::Courier(name) => worded(
            Code::Courier,
            format!("Unsupported courier for carrierName: {name}"),
            "`carrierName` is compared letter for letter with the names of POST /rates, and must be the name of \
             `carrierId`, which must be among the ids that POST /rates gives for this order now: those of an order paid \
             at the door end in `_cod`, and a throttled carrier gives none.",
        ),
        Error::NotFound => worded(
            Code::NotFound,
            "Order or warehouse not found",
            "The caller has no order, or no warehouse, of this number. /reverse_create_shipment wants the numeric id of \
             the reverse order, which POST /reverse_order does not tell: \
             GET /_shipmock/shiplee/entities/reverse_order lists them.",
        ),
        Error::Absent(why) => worded(Code::NotFound, "Order or warehouse not found", why),
        Error::Registration => worded(
            Code::Registration,
            "Failed to register warehouse with Delhivery",
            "The carrier does not take the warehouse: the scenario says so, or its pincode has no pickups. Try again, \
             or PATCH its `registration_failures` to 0.",
        ),
        Error::Booking(remark) => worded(
            Code::Booking,
            format!("Booking failed: {remark}"),
            "The carrier refused the booking with this remark; nothing was charged. Magic pincodes and the seller's \
             `next_answers` choose it.",
        ),
        Error::Waybill => worded(
            Code::Waybill,
            "Booking failed: Missing or invalid AWB number",
            "The carrier answered the booking without a waybill; nothing was charged.",
        ),
        Error::CarrierId(id) => worded(
            Code::CarrierId,
            format!("Selected carrier ID '{id}' not found in rates"),
            "`carrierId` is none of those POST /rates gives for this order now. An order paid at the door has ids \
             ending in `_cod`; a throttled carrier gives no rates.",
        ),
    }
}

/// What a refusal says.
pub fn sentence(error: Error) -> String {
    describe(error).message
}

fn bad_token(state: &State, flaw: Flaw) -> Worded {
    let message = match (state.switches.token_messages, flaw) {
        (TokenMessages::Expired, Flaw::Expired) | (TokenMessages::Library, _) => flaw.php_message(),
        _ => "Invalid JWT token",
    };
    let (why, documented) = match flaw {
        Flaw::Expired => {
            ("The token's hour is over. POST /login gives another; no token is renewed.", false)
        }
        Flaw::Early => ("The token was issued after the world's present.", false),
        Flaw::Signature => {
            ("The signature is not this seller's: changed on the way, or of another world.", true)
        }
        Flaw::Algorithm | Flaw::NoAlgorithm => ("The header does not say `HS256`.", true),
        Flaw::Claims => ("The claims are not those of a token of this world.", true),
        Flaw::Segments | Flaw::Header => (
            "This is no token: three parts of base64url with dots between them. POST /login gives one.",
            true,
        ),
    };
    let worded = worded(Code::Token, message, why);
    if documented && message == "Invalid JWT token" { worded } else { worded.inferred() }
}

/// The page of a proxy before the service, where one expects JSON.
const UPSTREAM_PAGE: &str = "upstream_page";

impl Wording for Shiplee {
    type Error = Error;

    #[rustfmt::skip]
    const REFUSALS: &'static [&'static str] = &[
        "missing_field", "invalid_field", "invalid_order_id", "warehouse", "token", "address", "domain", "credentials",
        "balance", "missing_parameters", "already_booked", "courier", "not_found", "registration", "booking", "waybill",
        "carrier_id", UPSTREAM_PAGE,
    ];

    fn refuse(state: &State, group: Group, request: &Request, refusal: &Refusal) -> Reply {
        let worded = match refusal {
            Refusal::AddressNotAllowed(address) => worded(
                Code::Address,
                format!("The IP '{address}' is not whitelisted"),
                "The caller's address is not on the account's list. `X-Forwarded-For` is believed only from trusted peers. \
                 PATCH /_shipmock/shiplee/entities/seller/{id} {\"allowed_ips\": [...]} changes the list.",
            ),
            Refusal::DomainNotAllowed(domain) => worded(
                Code::Domain,
                format!("The domain '{domain}' is not whitelisted"),
                "The host of `Origin` is not on the account's list of domains; scheme and port do not count. \
                 PATCH /_shipmock/shiplee/entities/seller/{id} {\"allowed_domains\": [...]} changes the list.",
            )
            .inferred(),
            Refusal::NoCredential if group == Group::Login => {
                let missing = body::first_missing(&body::json(request), fields::LOGIN);
                describe(Error::MissingField(missing.unwrap_or("username").to_owned())).inferred()
            }
            Refusal::UnknownCredential => worded(
                Code::Credentials,
                "Invalid credentials",
                "No seller of this world has this user name with this key. The user name is the mail address or the Shiplee \
                 id; GET /_shipmock/presets lists them.",
            )
            .inferred(),
            Refusal::BadToken(flaw) => bad_token(state, *flaw),
            _ => worded(
                Code::Token,
                "Invalid JWT token",
                "There is no `Authorization: Bearer ...` header. POST /login gives a token.",
            ),
        };
        worded.reply(state)
    }

    fn unrouted(state: &State, request: &Request, miss: &RouteMiss) -> Reply {
        match miss {
            RouteMiss::Oversize => worded(
                Code::Oversize,
                "Request body too large",
                "The body is over 1 MiB. Send less.",
            )
            .inferred()
            .reply(state),
            RouteMiss::Path if matches!(request.method, Method::Get | Method::Head) => {
                front::page().because(
                    "No endpoint has this path; the service answers every unknown GET with its front page, and 200.",
                )
            }
            RouteMiss::Method(_) | RouteMiss::Path
                if state.switches.cors && is_preflight(request) =>
            {
                allowing_what_was_asked(request)
            }
            RouteMiss::Path => worded(
                Code::Path,
                "Endpoint not found",
                "No endpoint of Shiplee has this path. `shipmock routes shiplee` lists them all.",
            )
            .inferred()
            .reply(state),
            RouteMiss::Method(allowed) => {
                let names: Vec<&str> = allowed.iter().map(|method| method.word()).collect();
                worded(
                    Code::Method,
                    "Method not allowed",
                    "The path exists, but not with this method; `Allow` lists the ones it has.",
                )
                .inferred()
                .reply(state)
                .with("Allow", names.join(", "))
            }
        }
    }

    fn word(state: &State, request: &Request, error: Error) -> Reply {
        let path = request.path.trim_matches('/');
        let is_pickup = path == PICKUP;
        let worded = if is_pickup { describe(error).reverse() } else { describe(error) };
        let listed =
            DOCUMENTED.iter().any(|(known, codes)| *known == path && codes.contains(&worded.code));
        let reply = if listed { worded } else { worded.inferred() }.reply(state);
        if is_pickup && state.switches.reverse_refusals_are_200 {
            return Reply { status: 200, ..reply };
        }
        reply
    }

    /// One of `REFUSALS`, worded as if it had happened; what it speaks of is the documentation's examples.
    fn refusal(state: &State, request: &Request, name: &str) -> Option<Reply> {
        if name == UPSTREAM_PAGE {
            return Some(front::upstream());
        }
        let refused = |refusal: Refusal| Self::refuse(state, Group::Account, request, &refusal);
        let text = str::to_owned;
        let error = match Code::of(name)? {
            Code::Token => return Some(refused(Refusal::BadToken(Flaw::Signature))),
            Code::Address => return Some(refused(Refusal::AddressNotAllowed(text("1.2.3.4")))),
            Code::Domain => return Some(refused(Refusal::DomainNotAllowed(text("localhost")))),
            Code::Credentials => return Some(refused(Refusal::UnknownCredential)),
            Code::MissingField => Error::MissingField(text("reason")),
            Code::InvalidField => Error::Pincode(text("customer.pincode")),
            Code::InvalidOrderId => Error::OrderId("numeric"),
            Code::Warehouse => Error::Warehouse,
            Code::Balance => Error::Balance,
            Code::MissingParameters => Error::MissingParameters("orderId"),
            Code::AlreadyBooked => Error::AlreadyBooked(text("XB9999999")),
            Code::Courier => Error::Courier(text("XYZ")),
            Code::NotFound => Error::NotFound,
            Code::Registration => Error::Registration,
            Code::Booking => Error::Booking(text("An internal Error has occurred")),
            Code::Waybill => Error::Waybill,
            Code::CarrierId => Error::CarrierId(text("xyz")),
            Code::ReverseRegistration
            | Code::ReverseBooking
            | Code::ReverseWaybill
            | Code::Method
            | Code::Path
            | Code::Oversize => return None,
        };
        Some(Self::word(state, request, error))
    }

    fn dress(state: &State, _: &Request, reply: &mut Reply, _: &Notes, _: bool) {
        if state.switches.cors {
            reply.headers.set("Access-Control-Allow-Origin", "*");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, STATUSES};
    use crate::message::{Method, Request};
    use crate::providers::Wording as _;
    use crate::providers::shiplee::{Shiplee, State};

    #[test]
    fn every_refusal_of_the_list_can_be_asked_for() {
        let request = Request::new(Method::Post, "/create_shipment");
        for name in Shiplee::REFUSALS {
            assert!(Shiplee::refusal(&State::default(), &request, name).is_some(), "{name}");
        }
        assert_eq!(Shiplee::refusal(&State::default(), &request, "method"), None);
    }

    #[test]
    fn every_refusal_has_one_usual_status() {
        for code in Code::ALL {
            assert_eq!(STATUSES.iter().filter(|(known, _)| known == code).count(), 1, "{code}");
        }
    }
}
