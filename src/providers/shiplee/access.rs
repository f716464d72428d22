//! Who calls, and the tokens by which they are known: documentation, "Authentication", "Login".

use jiff::Timestamp;
use serde_json::Value;

use crate::message::{Reply, Request};
use crate::policy::allow_list::{self, Hop};
use crate::policy::{PolicyStep, Refusal};
use crate::providers::shiplee::data::body;
use crate::providers::shiplee::data::groups::Group;
use crate::providers::shiplee::state::accounts::Seller;
use crate::providers::shiplee::state::switches::OriginRule;
use crate::providers::shiplee::views::{Claims, LoggedIn, User};
use crate::providers::shiplee::{Error, Shiplee, State, fields, views};
use crate::providers::{Access, Call, Cx};
use crate::sim::token::{self, Flaw, Unproved};

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub seller: u64,
}

impl Caller {
    fn of(seller: &Seller) -> Caller {
        Caller { seller: seller.id }
    }
}

/// How long a token lasts, in seconds: documentation, "Overview".
const HOUR: i64 = 3_600;

/// What follows `Bearer `.
fn bearer<'a>(state: &State, request: &'a Request) -> Option<&'a str> {
    let token = request.bearer()?;
    let scheme = request.headers.get("authorization")?.trim();
    (state.switches.bearer_in_any_case || scheme.starts_with("Bearer ")).then_some(token)
}

/// The seller a token speaks of.
fn claimed<'a>(state: &'a State, token: &Unproved<'_>) -> Option<&'a Seller> {
    state.sellers.get(&token.claims.get("id").and_then(Value::as_u64)?)
}

/// Whose lists a call is held against: the caller's, or, before it has shown a credential, those of the account
/// it claims to be.
fn account<'a>(
    state: &'a State,
    group: Group,
    caller: Option<&Caller>,
    request: &Request,
) -> Option<&'a Seller> {
    if let Some(caller) = caller {
        return state.sellers.get(&caller.seller);
    }
    if group == Group::Login {
        let username = body::text(&body::json(request), "username");
        return state.sellers.values().find(|seller| seller.is_called(&username));
    }
    claimed(state, &token::read(bearer(state, request)?).ok()?)
}

/// Whether any of the sellers in question fulfils something: the one that is meant, else every one. A call that
/// claims no account has to come from where at least one may come from.
fn any(state: &State, account: Option<&Seller>, fulfils: impl Fn(&Seller) -> bool) -> bool {
    match account {
        Some(seller) => fulfils(seller),
        None => state.sellers.values().any(fulfils),
    }
}

fn token_of(seller: &Seller, now: Timestamp) -> String {
    let iat = now.as_second();
    let claims = Claims { user: User::from(seller), iat, exp: iat.saturating_add(HOUR) };
    token::sign_alg_first(&claims, seller.secret.as_bytes())
}

impl Access for Shiplee {
    type Caller = Caller;
    type Group = Group;

    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::AllowedAddress, PolicyStep::AllowedDomain, PolicyStep::Credential];

    fn order(state: &State) -> &[PolicyStep] {
        &state.checks
    }

    fn is_open(group: Group) -> bool {
        group == Group::Login
    }

    /// Whose call it is: at the login by name and key, everywhere else by token.
    fn caller(
        state: &State,
        group: Group,
        request: &Request,
        now: Timestamp,
    ) -> Result<Caller, Refusal> {
        if group == Group::Login {
            let fields = body::json(request);
            if body::first_missing(&fields, fields::LOGIN).is_some() {
                return Err(Refusal::NoCredential);
            }
            let (username, key) = (body::text(&fields, "username"), body::text(&fields, "apikey"));
            let seller = state.sellers.values().find(|seller| seller.is_called(&username));
            let seller = seller.filter(|seller| seller.opens_with(&key));
            return seller.map(Caller::of).ok_or(Refusal::UnknownCredential);
        }
        let token = bearer(state, request).ok_or(Refusal::NoCredential)?;
        let token = token::read(token).map_err(Refusal::BadToken)?;
        let seller = claimed(state, &token);
        // A token that speaks of nobody is proved too, so that what is wrong with it is found in the usual order.
        let secret = seller.map_or("", |seller| &seller.secret);
        let claims = token.prove(secret.as_bytes(), now).map_err(Refusal::BadToken)?;
        let fits = |seller: &&Seller| {
            let says =
                |claim: &str, text: &str| claims.get(claim).and_then(Value::as_str) == Some(text);
            says("email", &seller.email) && says("shiplee_id", &seller.shiplee_id)
        };
        let seller = seller.filter(fits).ok_or(Refusal::BadToken(Flaw::Claims))?;
        Ok(Caller::of(seller))
    }

    fn account(state: &State, caller: &Caller) -> String {
        state.sellers.get(&caller.seller).map_or_else(String::new, |seller| seller.email.clone())
    }

    fn address(
        state: &State,
        group: Group,
        caller: Option<&Caller>,
        request: &Request,
    ) -> Result<(), Refusal> {
        let hop = if state.switches.last_forwarded_address { Hop::Last } else { Hop::First };
        let client = allow_list::client(request, &state.trusted_proxies, hop);
        let account = account(state, group, caller, request);
        let allowed = client.address.is_some_and(|address| {
            any(state, account, |seller| allow_list::contains(&seller.allowed_ips, address))
        });
        if allowed { Ok(()) } else { Err(Refusal::AddressNotAllowed(client.text)) }
    }

    fn domain(
        state: &State,
        group: Group,
        caller: Option<&Caller>,
        request: &Request,
    ) -> Result<(), Refusal> {
        let Some(origin) = request.headers.get("origin").filter(|origin| !origin.trim().is_empty())
        else {
            let wanted = match state.switches.origin {
                OriginRule::Optional => false,
                OriginRule::Login => group == Group::Login,
                OriginRule::Always => true,
            };
            return if wanted { Err(Refusal::DomainNotAllowed(String::new())) } else { Ok(()) };
        };
        let host = allow_list::host(origin);
        let account = account(state, group, caller, request);
        if any(state, account, |seller| seller.allows_domain(&host)) {
            Ok(())
        } else {
            Err(Refusal::DomainNotAllowed(host))
        }
    }

    /// What a client sends that has just logged in with one of a seller's credentials.
    fn authorization(state: &State, credential: &str, now: Timestamp) -> (&'static str, String) {
        let seller =
            state.sellers.values().find(|it| it.is_called(credential) || it.opens_with(credential));
        let token = seller.map_or_else(|| credential.to_owned(), |seller| token_of(seller, now));
        ("authorization", format!("Bearer {token}"))
    }
}

/// `POST /login`: the caller is known by now, and gets a token for an hour.
pub fn login(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let absent = Error::Absent("The seller is gone from this world.");
    let seller = cx.state.sellers.get(&call.caller.seller).ok_or(absent)?;
    let token = token_of(seller, cx.now);
    Ok(views::reply(200, &LoggedIn { token, user: User::from(seller) }))
}
