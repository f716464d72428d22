//! Who calls, and the tokens by which they are known: documentation, "Authentication".
//!
//! A token is a JWT for sixty minutes whose claims are numbers only: a client of Shiptheory's own reads them with plain
//! base64, in which `-` and `_` mean nothing. A permanent token is 64 hexadecimal digits, made in the web interface.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::message::{Reply, Request};
use crate::policy::{PolicyStep, Rate, Refusal};
use crate::providers::shiptheory::data::body;
use crate::providers::shiptheory::data::groups::Group;
use crate::providers::shiptheory::state::accounts::Account;
use crate::providers::shiptheory::{Error, Shiptheory, State, views};
use crate::providers::{Access, Call, Cx};
use crate::sim::rate_limit::window::Limit;
use crate::sim::secrets::fingerprint;
use crate::sim::token::{self, Flaw};

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub account: u64,
}

impl Caller {
    fn of(account: &Account) -> Caller {
        Caller { account: account.id }
    }
}

/// How many orders may be sent in which time: help centre, "API request limit".
const BOOKINGS: Limit = Limit { calls: 1, span: SignedDuration::from_secs(1) };

/// How long a token lasts, in seconds.
const HOUR: i64 = 3_600;

#[derive(Debug, Serialize)]
struct Claims {
    sub: u64,
    exp: i64,
}

fn token_of(account: &Account, now: Timestamp) -> String {
    let claims = Claims { sub: account.id, exp: now.as_second().saturating_add(HOUR) };
    // As the documentation's sample begins: `typ` first.
    token::sign(&claims, account.secret.as_bytes())
}

impl Access for Shiptheory {
    type Caller = Caller;
    type Group = Group;

    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Format, PolicyStep::Credential, PolicyStep::Limit];

    /// Whose call it is: by mail address and password where tokens are given out, whatever the header says there;
    /// everywhere else by token.
    fn caller(
        state: &State,
        group: Group,
        request: &Request,
        now: Timestamp,
    ) -> Result<Caller, Refusal> {
        if group == Group::Token {
            let fields = body::fields(request).ok_or(Refusal::NoCredential)?;
            let text = |name: &str| body::some_text(&fields, name).ok_or(Refusal::NoCredential);
            let (email, password) = (text("email")?, text("password")?);
            let known = state.accounts.values().find(|it| it.opens_with(email.trim(), &password));
            return known.map(Caller::of).ok_or(Refusal::UnknownCredential);
        }
        let token = request.bearer().ok_or(Refusal::NoCredential)?;
        let print = fingerprint(token);
        if let Some(account) = state.accounts.values().find(|account| account.has_token(&print)) {
            return Ok(Caller::of(account));
        }
        let token = token::read(token).map_err(Refusal::BadToken)?;
        let claimed = token.claims.get("sub").and_then(Value::as_u64);
        let account = claimed.and_then(|id| state.accounts.get(&id));
        // A token that speaks of nobody is proved too, so that what is wrong with it is found in the usual order.
        let secret = account.map_or("", |account| &account.secret);
        token.prove(secret.as_bytes(), now).map_err(Refusal::BadToken)?;
        account.map(Caller::of).ok_or(Refusal::BadToken(Flaw::Claims))
    }

    fn account(state: &State, caller: &Caller) -> String {
        state.accounts.get(&caller.account).map_or_else(String::new, |it| it.email.clone())
    }

    fn format(_: &State, request: &Request) -> Result<(), Refusal> {
        body::accepts(request).map(drop).ok_or(Refusal::NotAcceptable)
    }

    fn limit(state: &State, group: Group, caller: &Caller) -> Option<(String, Rate)> {
        let limited = group == Group::Book && state.switches.one_booking_a_second;
        limited.then(|| (format!("shiptheory/bookings/{}", caller.account), Rate::Window(BOOKINGS)))
    }

    /// What a client sends that has just logged in with one of an account's credentials; a permanent token is sent as it is.
    fn authorization(state: &State, credential: &str, now: Timestamp) -> (&'static str, String) {
        let own = |account: &&Account| {
            account.email.eq_ignore_ascii_case(credential) || account.password == credential
        };
        let account = state.accounts.values().find(own);
        let token = account.map_or_else(|| credential.to_owned(), |account| token_of(account, now));
        ("authorization", format!("Bearer {token}"))
    }
}

/// `POST /v1/token`: the caller is known by now.
pub fn give(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = cx.state.account(&call.caller)?;
    Ok(views::reply(200, &views::Entered::with(token_of(account, cx.now))))
}

#[cfg(test)]
mod tests {
    use super::Claims;
    use crate::sim::token;

    #[test]
    fn a_token_reads_in_plain_base64_whoever_it_is_of() {
        for sub in [1, 62, 1_024, u64::MAX] {
            for exp in [0, 1_778_752_800, i64::MAX] {
                let token = token::sign(&Claims { sub, exp }, b"secret");
                let claims = token.split('.').nth(1).unwrap();
                assert!(claims.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{claims}");
                assert!(token.starts_with("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."));
            }
        }
    }
}
