//! Tokens: who may call, for how long, and what happens to a refresh token that comes twice.

use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method, Reply, Request};
use shipmock::internals::providers::Name;

use super::{Client, STORE, refusal};
use crate::harness::Read as _;

const BAD: &str = "The access token is invalid";

fn form(client: &mut Client, body: String) -> Reply {
    let request = Request::new(Method::Post, "/oauth2/token")
        .carrying("application/x-www-form-urlencoded", body);
    client.send(request)
}

/// The form of a refresh, with the app's own credentials.
fn refresh(client: &mut Client, token: &str) -> Reply {
    let (id, secret) = app(client);
    form(
        client,
        format!(
            "grant_type=refresh_token&refresh_token={token}&client_id={id}&client_secret={secret}"
        ),
    )
}

fn app(client: &Client) -> (String, String) {
    (client.credential(Name::Salla, "client_id"), client.credential(Name::Salla, "client_secret"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn each_reason_for_a_401_has_its_documented_message() {
    let mut client = Client::open();
    let at = |client: &mut Client| refusal(&client.get("/shipments"));
    let unauthorized = |message: &str| (401, json!("Unauthorized"), message.to_owned());
    for token in ["expired_token", "unscoped_token", "read_only_token"] {
        let mut other = client.clone().calling_as(token);
        let expected = match token {
            "expired_token" => unauthorized(BAD),
            "unscoped_token" => unauthorized(
                "The access token should have access to one of those scopes: shipping.read",
            ),
            _ => {
                let reply = other.post("/shipments", &json!({}));
                let write = "The access token should have access to one of those scopes: shipping.read_write";
                assert_eq!(refusal(&reply), unauthorized(write));
                assert_eq!(other.get("/shipments").status, 200);
                continue;
            }
        };
        assert_eq!(at(&mut other), expected, "{token}");
    }
    for header in
        [None, Some(""), Some("Bearer"), Some("Bearer nobody"), Some("Basic eDp5"), Some("nobody")]
    {
        let request = Request::new(Method::Get, "/admin/v2/shipments");
        let request = match header {
            Some(header) => request.with("authorization", header),
            None => request,
        };
        assert_eq!(refusal(&client.send(request)), unauthorized(BAD), "{header:?}");
    }
    for (fields, expected) in [
        (json!({ "user": "deleted" }), unauthorized("The User is not exists.")),
        (json!({ "user": "inactive" }), unauthorized("عفوا لا يمكنك تسجيل الدخول, حسابك غير مفعل")),
        (json!({ "user": "active", "installed": false }), unauthorized(BAD)),
        (
            json!({ "installed": true, "barred": true }),
            (403, json!("forbidden"), "تم حظر الوصول مؤقتا".to_owned()),
        ),
    ] {
        client.patch("store", STORE, fields.clone());
        assert_eq!(at(&mut client), expected, "{fields}");
    }
    client.patch("store", STORE, json!({ "barred": false }));
    assert_eq!(client.get("/shipments").status, 200);
}

#[test]
fn writing_includes_reading_and_each_call_has_its_scope() {
    let mut client = Client::open();
    let webhook = json!({ "event": "shipment.created", "url": "https://shop.example/a" });
    for (scopes, allowed) in [
        (json!(["shipping.read"]), [200, 401, 401, 401]),
        (json!(["shipping.read_write"]), [200, 422, 401, 401]),
        (json!(["webhooks.read"]), [401, 401, 200, 401]),
        (json!(["webhooks.read_write"]), [401, 401, 200, 200]),
        (json!([]), [401, 401, 401, 401]),
    ] {
        client.patch("token", "access_token", json!({ "scopes": scopes }));
        let statuses = [
            client.get("/shipments").status,
            client.post("/shipments", &json!({})).status,
            client.get("/webhooks").status,
            client.post("/webhooks/subscribe", &webhook).status,
        ];
        assert_eq!(statuses, allowed, "{scopes}");
    }
}

#[test]
fn an_access_token_lasts_two_weeks_and_a_refresh_token_opens_once() {
    let mut client = Client::open();
    let refresh_token = client.credential(Name::Salla, "refresh_token");
    client.advance("335h59m59s");
    assert_eq!(client.get("/shipments").status, 200);
    client.advance("1s");
    assert_eq!(client.get("/shipments").status, 401);
    let reply = refresh(&mut client, &refresh_token);
    let body = reply.json();
    assert_eq!((reply.status, reply.evidence), (200, Evidence::Observed));
    assert_eq!(
        body.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["access_token", "expires_in", "refresh_token", "scope", "token_type"]
    );
    assert_eq!((&body["expires_in"], &body["token_type"]), (&json!(1_209_600), &json!("bearer")));
    client.token = text(&body["access_token"]);
    assert_eq!(client.get("/shipments").status, 200);
    assert_eq!(client.credential(Name::Salla, "access_token"), client.token);
    // Used twice, it takes both tokens with it.
    let second = text(&body["refresh_token"]);
    let reply = refresh(&mut client, &refresh_token);
    assert_eq!((reply.status, reply.json()["error"].clone()), (401, json!("invalid_grant")));
    assert!(
        text(&reply.json()["error_description"]).starts_with("The provided authorization grant")
    );
    assert_eq!(refusal(&client.get("/shipments")).2, BAD);
    assert_eq!(refresh(&mut client, &second).json()["error"], "invalid_grant");
}

#[test]
fn a_refresh_replaces_the_access_token_unless_a_scenario_lets_it_live() {
    for keeps in [false, true] {
        let mut client = Client::with(json!({ "switches": { "refresh_keeps_old_token": keeps } }));
        let refresh_token = client.credential(Name::Salla, "refresh_token");
        assert_eq!(refresh(&mut client, &refresh_token).status, 200);
        assert_eq!(client.get("/shipments").status, if keeps { 200 } else { 401 });
        client.advance("14d");
        assert_eq!(client.get("/shipments").status, 401);
    }
}

#[test]
fn a_refresh_token_is_over_after_a_month() {
    let mut client = Client::open();
    let refresh_token = client.credential(Name::Salla, "refresh_token");
    client.advance("30d");
    assert_eq!(refresh(&mut client, &refresh_token).json()["error"], "invalid_grant");
}

#[test]
fn a_code_is_changed_for_tokens_once() {
    let mut client = Client::open();
    let (id, secret) = app(&client);
    let ask = |client: &mut Client, scope: &str| {
        let target = format!(
            "/oauth2/auth?client_id={id}&response_type=code&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&scope={scope}&state=a%20b"
        );
        client.send(Request::new(Method::Get, &target))
    };
    let code = |reply: &Reply| {
        let to = reply.header("location").unwrap().to_owned();
        assert_eq!(reply.status, 302);
        let rest = to.strip_prefix("https://shop.example/cb?code=").unwrap().to_owned();
        assert!(rest.ends_with("&state=a%20b"), "{to}");
        rest.split('&').next().unwrap().to_owned()
    };
    let change = |client: &mut Client, code: &str| {
        let uri = "https%3A%2F%2Fshop.example%2Fcb";
        form(
            client,
            format!(
                "grant_type=authorization_code&code={code}&redirect_uri={uri}&client_id={id}&client_secret={secret}"
            ),
        )
    };
    let reply = ask(&mut client, "shipping.read+offline_access");
    let first = code(&reply);
    let body = change(&mut client, &first).json();
    assert_eq!(body["scope"], "shipping.read offline_access");
    client.token = text(&body["access_token"]);
    assert_eq!(client.get("/shipments").status, 200);
    assert_eq!(client.post("/shipments", &json!({})).status, 401);
    // The same code again: what it was changed for is taken back.
    assert_eq!(change(&mut client, &first).json()["error"], "invalid_grant");
    assert_eq!(client.get("/shipments").status, 401);
    // Without offline access there is no refresh token; after ten minutes no tokens at all.
    let reply = ask(&mut client, "shipping.read");
    let body = change(&mut client, &code(&reply)).json();
    assert!(body.get("refresh_token").is_none());
    let reply = ask(&mut client, "shipping.read");
    client.advance("10m");
    assert_eq!(change(&mut client, &code(&reply)).json()["error"], "invalid_grant");
}

#[test]
fn the_token_endpoint_refuses_in_oauths_own_words() {
    let mut client = Client::open();
    let (id, secret) = app(&client);
    let own = format!("client_id={id}&client_secret={secret}");
    for (body, status, error) in [
        (String::new(), 401, "invalid_client"),
        ("grant_type=refresh_token&client_id=x&client_secret=y".to_owned(), 401, "invalid_client"),
        (own.clone(), 400, "invalid_request"),
        (format!("{own}&grant_type=password"), 400, "unsupported_grant_type"),
        (format!("{own}&grant_type=refresh_token"), 400, "invalid_request"),
        (format!("{own}&grant_type=refresh_token&refresh_token=nope"), 401, "invalid_grant"),
        (format!("{own}&grant_type=authorization_code"), 400, "invalid_request"),
        (format!("{own}&grant_type=authorization_code&code=nope"), 401, "invalid_grant"),
    ] {
        let reply = form(&mut client, body.clone());
        assert_eq!((reply.status, reply.json()["error"].as_str()), (status, Some(error)), "{body}");
        assert_eq!(reply.json().as_object().unwrap().len(), 2);
    }
    for query in [
        "",
        "?client_id=x",
        &format!("?client_id={id}&response_type=code"),
        &format!("?client_id={id}&response_type=code&redirect_uri=file%3A%2F%2Fx"),
    ] {
        let reply = client.send(Request::new(Method::Get, &format!("/oauth2/auth{query}")));
        assert!([400, 401].contains(&reply.status), "{query}: {}", reply.wire());
    }
}

#[test]
fn user_info_tells_whose_token_it_is_whatever_its_scopes() {
    let mut client = Client::open().calling_as("unscoped_token");
    let request = client.bearing(Request::new(Method::Get, "/oauth2/user/info"));
    let data = client.send(request).json()["data"].clone();
    assert_eq!(
        (&data["merchant"]["id"], &data["merchant"]["plan"]),
        (&json!(STORE), &json!("plus"))
    );
    assert_eq!(client.send(Request::new(Method::Get, "/oauth2/user/info")).status, 401);
}

/// What the official guard of Laravel reads: scopes and the end of the token's time; and the keys of its user.
#[test]
fn user_info_tells_how_far_a_token_reaches_on_either_host() {
    let mut client = Client::open().calling_as("read_only_token");
    let expires = client.world.world.now().as_second() + 14 * 86_400;
    let mut said = Vec::new();
    for path in ["/oauth2/user/info", "/admin/v2/oauth2/user/info"] {
        let request = client.bearing(Request::new(Method::Get, path));
        said.push(client.send(request).json()["data"].clone());
    }
    assert_eq!(said[0], said[1]);
    let context = &said[0]["context"];
    assert_eq!(context["scope"], "shipping.read webhooks.read offline_access");
    assert_eq!(context["exp"], expires);
    assert!(context["app"].as_str().is_some_and(|app| app.parse::<u64>().is_ok()), "{context}");
    let merchant = &said[0]["merchant"];
    assert_eq!(
        (&merchant["domain"], &merchant["tax_number"], &merchant["commercial_number"]),
        (
            &json!("https://salla.sa/dev-wofftr4xsra5xtlv"),
            &json!("300000000000003"),
            &json!("1010000000")
        )
    );
}

#[test]
fn the_accounts_paths_are_answered_below_the_apis_base_too() {
    let mut client = Client::open();
    let refresh = client.credential(Name::Salla, "refresh_token");
    let (id, secret) = app(&client);
    let request = Request::new(Method::Post, "/admin/v2/oauth2/token").carrying(
        "application/x-www-form-urlencoded",
        format!(
            "grant_type=refresh_token&refresh_token={refresh}&client_id={id}&client_secret={secret}"
        ),
    );
    assert_eq!(client.send(request).status, 200);
}

#[test]
fn a_token_that_a_refresh_revoked_is_told_when() {
    let mut client = Client::open();
    let token = client.credential(Name::Salla, "refresh_token");
    client.advance("1h");
    assert_eq!(refresh(&mut client, &token).status, 200);
    let reply = client.get("/shipments");
    assert_eq!(refusal(&reply).2, BAD);
    let why = reply.explanation.unwrap();
    assert!(why.contains("revoked by a refresh at 2026-05-14T10:00:00Z"), "{why}");
}

/// Where the authorization page sends the browser for a scope.
fn sent(client: &mut Client, query: &str) -> String {
    let (id, _) = app(client);
    let target = format!(
        "/oauth2/auth?client_id={id}&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&state=a%20b&{query}"
    );
    let reply = client.send(Request::new(Method::Get, &target));
    assert_eq!(reply.status, 302, "{}", reply.wire());
    reply.header("location").unwrap().to_owned()
}

#[test]
fn what_is_wrong_with_an_authorization_is_told_to_the_app() {
    let mut client = Client::open();
    for (query, error) in [
        ("response_type=code&scope=shipping.read%20nonsense", "invalid_scope"),
        ("response_type=code&scope=shipping.write", "invalid_scope"),
        ("response_type=token&scope=shipping.read", "unsupported_response_type"),
        ("scope=shipping.read", "unsupported_response_type"),
    ] {
        let to = sent(&mut client, query);
        let start = format!("https://shop.example/cb?error={error}&error_description=");
        assert!(to.starts_with(&start) && to.ends_with("&state=a%20b"), "{query}: {to}");
    }
    // A scope that opens nothing here is one all the same.
    let to = sent(&mut client, "response_type=code&scope=orders.read%20offline_access");
    assert!(to.contains("?code=") && to.contains("&scope=orders.read%20offline_access&"), "{to}");
}

#[test]
fn who_asks_for_no_scope_gets_those_of_the_apps_settings() {
    let all = "shipping.read shipping.read_write webhooks.read webhooks.read_write offline_access";
    let asked = "response_type=code";
    let offline = "response_type=code&scope=offline_access";
    let switched = json!({ "switches": { "scopes_as_asked": true } });
    let set = json!({ "app": { "scopes": ["shipping.read"] } });
    for (salla, query, granted) in [
        (json!({}), asked, all),
        (
            json!({}),
            offline,
            "offline_access shipping.read shipping.read_write webhooks.read webhooks.read_write",
        ),
        (set.clone(), asked, "shipping.read"),
        (set, offline, "offline_access shipping.read"),
        (switched.clone(), asked, ""),
        (switched, offline, "offline_access"),
    ] {
        let mut client = Client::with(salla.clone());
        let to = sent(&mut client, query);
        let scope = to.split("&scope=").nth(1).unwrap().split('&').next().unwrap();
        assert_eq!(scope.replace("%20", " "), granted, "{salla} {query}");
    }
}
