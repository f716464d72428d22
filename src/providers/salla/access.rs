//! Who calls, and the tokens by which they are known: `accounts.salla.sa`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::utf8_percent_encode;
use serde_json::json;

use crate::kit::json::Value;
use crate::message::{Evidence, Reply, Request};
use crate::policy::{PolicyStep, Rate, Refusal};
use crate::providers::salla::data::groups::Group;
use crate::providers::salla::errors::OAuth;
use crate::providers::salla::resources::{input, paging::PLAIN};
use crate::providers::salla::state::accounts::{Code, Grant, Plan, User, same};
use crate::providers::salla::views::{self, riyadh};
use crate::providers::salla::{Error, Salla, State};
use crate::providers::{Access, Call, Cx};
use crate::sim::chance::Chance;
use crate::sim::rate_limit::leaky_bucket::Bucket;
use crate::sim::rate_limit::window::Limit;
use crate::sim::token::Flaw;

impl Group {
    /// The scope that a token needs; writing includes reading.
    pub fn scope(self) -> Option<&'static str> {
        match self {
            Group::Read | Group::Write | Group::Webhooks | Group::WebhooksWrite => {
                Some(self.word())
            }
            _ => None,
        }
    }

    /// Whether no token is asked for.
    fn is_open(self) -> bool {
        matches!(self, Group::Token | Group::Authorize | Group::File)
    }
}

/// Whose call it is; nobody's where no token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub store: u64,
    pub grant: Option<u32>,
}

/// How long an access token lasts: two weeks.
pub const ACCESS: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long a refresh token lasts: about a month.
pub const REFRESH: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a code lasts: what the server behind it usually gives.
const CODE: SignedDuration = SignedDuration::from_mins(10);

/// The scope without which there is no refresh token.
pub const OFFLINE: &str = "offline_access";

/// Every scope that opens something here.
pub const SCOPES: &[&str] =
    &["shipping.read", "shipping.read_write", "webhooks.read", "webhooks.read_write", OFFLINE];

/// What public clients ask to read or write; all but two areas are not played here, and their scopes open nothing.
const AREAS: &[&str] = &[
    "shipping",
    "webhooks",
    "branches",
    "brands",
    "carts",
    "categories",
    "customers",
    "exports",
    "marketing",
    "metadata",
    "orders",
    "payments",
    "products",
    "reviews",
    "settings",
    "specialoffers",
    "taxes",
    "transactions",
];

/// Whether there is such a scope.
pub fn is_scope(text: &str) -> bool {
    let area = text.strip_suffix(".read").or_else(|| text.strip_suffix(".read_write"));
    text == OFFLINE || area.is_some_and(|area| AREAS.contains(&area))
}

/// Two url-safe parts with a dot between them, as the printed tokens have.
pub fn fresh(chance: &mut Chance, label: &str) -> String {
    let mut draw = chance.draw(label);
    format!("{}.{}", draw.alphanumeric(43), draw.alphanumeric(43))
}

impl Access for Salla {
    type Caller = Caller;
    type Group = Group;

    const ORDER: &'static [PolicyStep] =
        &[PolicyStep::Credential, PolicyStep::Limit, PolicyStep::Role];

    fn is_open(group: Group) -> bool {
        group.is_open()
    }

    fn caller(
        state: &State,
        group: Group,
        request: &Request,
        now: Timestamp,
    ) -> Result<Caller, Refusal> {
        if group.is_open() {
            return Ok(Caller { store: 0, grant: None });
        }
        let token = request.bearer().ok_or(Refusal::NoCredential)?;
        let Some((grant, until)) = opened(state, token) else {
            let retired = state.grants.values().find_map(|it| it.retired_at(token));
            return Err(retired.map_or(Refusal::UnknownCredential, Refusal::Replaced));
        };
        let store = state.stores.get(&grant.store).ok_or(Refusal::UnknownCredential)?;
        if grant.revoked || !store.installed {
            return Err(Refusal::Revoked);
        }
        if now >= until {
            return Err(Refusal::BadToken(Flaw::Expired));
        }
        match store.user {
            User::Active => {}
            User::Inactive => return Err(Refusal::Disabled),
            User::Deleted => return Err(Refusal::NoUser),
        }
        if store.barred {
            return Err(Refusal::Barred);
        }
        Ok(Caller { store: store.id, grant: Some(grant.id) })
    }

    fn account(state: &State, caller: &Caller) -> String {
        state.stores.get(&caller.store).map_or_else(String::new, |store| store.name.clone())
    }

    fn limit(state: &State, _: Group, caller: &Caller) -> Option<(String, Rate)> {
        let plan = state.stores.get(&caller.store).map(|store| store.plan)?;
        let limits = &state.limits;
        if limits.lifted {
            return None;
        }
        let calls = match plan {
            Plan::Plus => limits.plus,
            Plan::Pro => limits.pro,
            Plan::Special => limits.special,
        };
        let window = Limit { calls, span: SignedDuration::from_secs(60) };
        let drip = Bucket { capacity: 1, leak: 1, every: SignedDuration::from_secs(1) };
        Some((format!("salla s{}", caller.store), Rate::Dripping(window, drip)))
    }

    /// Whether the caller's grant reaches as far as a route: writing includes reading.
    fn role(state: &State, group: Group, caller: &Caller) -> Result<(), Refusal> {
        let Some(scope) = group.scope() else { return Ok(()) };
        let grant = caller.grant.and_then(|id| state.grants.get(&id));
        let has =
            |wanted: &str| grant.is_some_and(|it| it.scopes.iter().any(|scope| scope == wanted));
        let more = format!("{scope}_write");
        if has(scope) || has(&more) { Ok(()) } else { Err(Refusal::MissingScope(scope)) }
    }
}

/// What a token opens, and until when.
fn opened<'a>(state: &'a State, token: &str) -> Option<(&'a Grant, Timestamp)> {
    state.grants.values().find_map(|it| Some((it, it.opens_until(token)?)))
}

/// Client id and secret, from basic credentials or from the body, fit the app's.
fn client(state: &State, request: &Request, fields: &Value) -> Result<(), Error> {
    let basic = request.headers.get("authorization").and_then(|it| it.strip_prefix("Basic "));
    let basic = basic.and_then(|it| BASE64.decode(it.trim()).ok());
    let basic = basic.and_then(|it| String::from_utf8(it).ok());
    let pair = match basic.as_deref().and_then(|it| it.split_once(':')) {
        Some((id, secret)) => Some((id.to_owned(), secret.to_owned())),
        None => input::owned(fields, "client_id").zip(input::owned(fields, "client_secret")),
    };
    let fits = |(id, secret): (String, String)| {
        same(&state.app.client_id, &id) && same(&state.app.client_secret, &secret)
    };
    if pair.is_some_and(fits) { Ok(()) } else { Err(Error::OAuth(OAuth::Client)) }
}

/// `POST /oauth2/token`: a code or a refresh token for a new pair.
pub fn token(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let fields = input::all(call.request);
    client(cx.state, call.request, &fields)?;
    let id = match input::text(&fields, "grant_type").as_deref() {
        Some("authorization_code") => by_code(cx, &fields)?,
        Some("refresh_token") => by_refresh(cx, &fields)?,
        Some(_) => return Err(Error::OAuth(OAuth::GrantType)),
        None => return Err(Error::OAuth(OAuth::Request)),
    };
    let bad = Error::OAuth(OAuth::Grant("The grant is gone."));
    let grant = cx.state.grants.get(&id).ok_or(bad)?;
    let mut body = json!({
        "access_token": grant.access,
        "expires_in": ACCESS.as_secs(),
        "refresh_token": grant.refresh,
        "scope": grant.scopes.join(" "),
        "token_type": "bearer",
    });
    if let (None, Some(fields)) = (&grant.refresh, body.as_object_mut()) {
        fields.shift_remove("refresh_token");
    }
    Ok(views::reply(200, &body)
        .evidence(Evidence::Observed)
        .with("Cache-Control", "no-store")
        .with("Pragma", "no-cache"))
}

fn after(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_add(span).unwrap_or(Timestamp::MAX)
}

fn by_code(cx: &mut Cx<'_, Salla>, fields: &Value) -> Result<u32, Error> {
    let bad = |why| Error::OAuth(OAuth::Grant(why));
    let text = input::owned(fields, "code").ok_or(Error::OAuth(OAuth::Request))?;
    let code = cx.state.codes.get(&text).cloned().ok_or(bad("There is no such code."))?;
    if let Some(grant) = code.spent {
        // A code that comes twice may be stolen: what it was changed for is taken back.
        if let Some(grant) = cx.state.grants.get_mut(&grant) {
            grant.revoked = true;
        }
        return Err(bad("The code was used before; what it was changed for is taken back."));
    }
    if cx.now >= code.expires {
        return Err(bad("The code is over: codes last ten minutes."));
    }
    let redirect = input::owned(fields, "redirect_uri");
    if redirect.is_some_and(|it| it != code.redirect_uri) {
        return Err(bad("`redirect_uri` is not the one that the code was sent to."));
    }
    let id = cx.state.next_grant();
    let refresh = code.scopes.iter().any(|it| it == OFFLINE);
    let grant = Grant {
        id,
        name: format!("grant_{id}"),
        store: code.store,
        scopes: code.scopes.clone(),
        access: fresh(cx.chance, "salla/access token"),
        aliases: Vec::new(),
        expires: after(cx.now, ACCESS),
        refresh: refresh.then(|| fresh(cx.chance, "salla/refresh token")),
        refresh_expires: after(cx.now, REFRESH),
        spent: Vec::new(),
        replaced: Vec::new(),
        retired: Vec::new(),
        revoked: false,
    };
    cx.state.grants.insert(id, grant);
    if let Some(code) = cx.state.codes.get_mut(&text) {
        code.spent = Some(id);
    }
    Ok(id)
}

fn by_refresh(cx: &mut Cx<'_, Salla>, fields: &Value) -> Result<u32, Error> {
    let bad = |why| Error::OAuth(OAuth::Grant(why));
    let text = input::owned(fields, "refresh_token").ok_or(Error::OAuth(OAuth::Request))?;
    let keep = cx.state.switches.refresh_keeps_old_token;
    let spent = |it: &&mut Grant| it.spent.iter().any(|spent| same(spent, &text));
    if let Some(grant) = cx.state.grants.values_mut().find(spent) {
        grant.revoked = true;
        return Err(bad(
            "The refresh token was used before, so both tokens are taken back: the app must be let in anew.",
        ));
    }
    let known = |it: &&mut Grant| it.refresh.as_ref().is_some_and(|own| same(own, &text));
    let state = &mut **cx.state;
    let grant = state.grants.values_mut().find(known);
    let grant = grant.ok_or(bad("There is no such refresh token."))?;
    let installed = state.stores.get(&grant.store).is_some_and(|it| it.installed);
    if grant.revoked || !installed {
        return Err(bad("The tokens were taken back."));
    }
    if cx.now >= grant.refresh_expires {
        return Err(bad("The refresh token is over: they last a month."));
    }
    let old = std::mem::replace(&mut grant.access, fresh(cx.chance, "salla/access token"));
    if keep {
        let expires = grant.expires;
        grant.replaced.push((old, expires));
    } else {
        grant.retire(old, cx.now);
    }
    grant.expires = after(cx.now, ACCESS);
    grant.spent.push(text);
    grant.refresh = Some(fresh(cx.chance, "salla/refresh token"));
    grant.refresh_expires = after(cx.now, REFRESH);
    Ok(grant.id)
}

/// Sends the browser back to the app with some parameters.
fn back(redirect: &str, parameters: &[(&str, &str)]) -> Reply {
    let encoded = |text: &str| utf8_percent_encode(text, PLAIN).to_string();
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let between = if redirect.contains('?') { '&' } else { '?' };
    Reply::empty(302)
        .with("Location", format!("{redirect}{between}{}", pairs.join("&")))
        .evidence(Evidence::Inferred)
}

/// The scopes of a grant: those that were asked for, and where that is nothing but to stay, those of the app's settings.
///
/// # Errors
/// The first that there is not.
fn granted(state: &State, asked: &str) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = Vec::new();
    let asked: Vec<&str> = asked.split_whitespace().collect();
    if let Some(unknown) = asked.iter().find(|scope| !is_scope(scope)) {
        return Err((*unknown).to_owned());
    }
    let says_nothing = asked.iter().all(|scope| *scope == OFFLINE);
    let settings = state.app.scopes.iter().map(String::as_str);
    let settings = settings.filter(|_| says_nothing && !state.switches.scopes_as_asked);
    for scope in asked.iter().copied().chain(settings) {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

/// `GET /oauth2/auth`: the browser of a merchant who says yes at once comes back with a code. As the standard has it,
/// who asks and where the answer goes is refused here; whatever else is wrong is told to the app.
pub fn authorize(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let query = input::query(call.request);
    let id = input::owned(&query, "client_id").ok_or(Error::OAuth(OAuth::Request))?;
    if !same(&cx.state.app.client_id, &id) {
        return Err(Error::OAuth(OAuth::Client));
    }
    let redirect = input::owned(&query, "redirect_uri").ok_or(Error::OAuth(OAuth::Request))?;
    let goes = redirect.starts_with("https://") || redirect.starts_with("http://");
    let plain = redirect.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if !goes || !plain {
        return Err(Error::OAuth(OAuth::Request));
    }
    let state = input::owned(&query, "state");
    let refused = |error: &str, description: &str, why: String| {
        let mut parameters = vec![("error", error), ("error_description", description)];
        parameters.extend(state.as_deref().map(|state| ("state", state)));
        Ok(back(&redirect, &parameters).because(why))
    };
    if input::text(&query, "response_type").as_deref() != Some("code") {
        let said = "The authorization server does not support obtaining a token using this method.";
        let why = "`response_type` is not `code`.".to_owned();
        return refused("unsupported_response_type", said, why);
    }
    let asked = input::owned(&query, "scope").unwrap_or_default();
    let scopes = match granted(cx.state, &asked) {
        Ok(scopes) => scopes,
        Err(unknown) => {
            let said = "The requested scope is invalid, unknown, or malformed.";
            let why = format!(
                "There is no scope `{unknown}`. Here open something: {}.",
                SCOPES.join(", ")
            );
            return refused("invalid_scope", said, why);
        }
    };
    let store = cx.state.stores.keys().next().copied().ok_or(Error::NotFound("store"))?;
    let code = fresh(cx.chance, "salla/code");
    let expires = after(cx.now, CODE);
    let joined = scopes.join(" ");
    let kept = Code { store, scopes, redirect_uri: redirect.clone(), expires, spent: None };
    cx.state.codes.insert(code.clone(), kept);
    let mut parameters = vec![("code", code.as_str()), ("scope", joined.as_str())];
    parameters.extend(state.as_deref().map(|state| ("state", state)));
    Ok(back(&redirect, &parameters))
}

/// `GET /oauth2/user/info`: whose token it is and how far it reaches; any scope will do.
pub fn user_info(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let store = cx.state.stores.get(&call.caller.store).ok_or(Error::NotFound("store"))?;
    let token = call.request.bearer().unwrap_or_default();
    let (grant, until) = opened(cx.state, token).ok_or(Error::NotFound("token"))?;
    let created = riyadh(store.created_at).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let domain = store.domain.clone();
    Ok(views::success(
        200,
        json!({
            "id": store.id.saturating_add(1),
            "name": store.owner,
            "email": store.email,
            "mobile": store.mobile,
            "role": "user",
            "created_at": created,
            "merchant": {
                "id": store.id,
                "username": store.name,
                "name": store.name,
                "avatar": "https://cdn.salla.network/images/logo/logo-square.png",
                "store_location": "26.989000873354787,49.62477639657287",
                "plan": store.plan,
                "status": store.user,
                "domain": domain.unwrap_or_else(|| format!("https://salla.sa/{}", store.name)),
                "tax_number": store.tax_number,
                "commercial_number": store.commercial_number,
                "created_at": created,
            },
            "context": {
                "app": cx.state.app.id.to_string(),
                "scope": grant.scopes.join(" "),
                "exp": until.as_second(),
            },
        }),
    )
    .evidence(Evidence::Observed))
}
