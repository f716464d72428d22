//! Tokens and allow-lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method, Request};
use shipmock::internals::sim::token;

use super::{Client, json_request, sample_rates, start};

const INVALID: &str = "Invalid JWT token";

fn claims(seconds: i64) -> Value {
    let iat = start().as_second();
    json!({
        "id": 62, "email": "you@example.com", "shiplee_id": "d10701280b9798033c6917e9415b03c3",
        "iat": iat, "exp": iat + seconds,
    })
}

fn with_secrets(extra: Value) -> Client {
    let mut shiplee = json!({ "sellers": [
        { "username": "you@example.com", "secret": "first secret" },
        { "username": "other@example.com", "secret": "second secret" },
    ] });
    shiplee.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    Client::with(shiplee)
}

#[test]
fn a_token_is_valid_for_an_hour_and_not_a_second_longer() {
    let mut client = Client::open();
    for (wait, status) in [(0, 200), (3_599, 200), (1, 401), (1, 401)] {
        client.advance(wait);
        let answer = client.get("/get_warehouses");
        assert_eq!(answer.status, status, "after {wait} s more: {}", answer.text);
        if status == 401 {
            answer.refuses(401, INVALID);
            assert_eq!(answer.reply.evidence, Evidence::Inferred);
        }
    }
    let mut client = client.entered();
    assert_eq!(client.get("/get_warehouses").status, 200);
}

#[test]
fn a_second_login_leaves_the_first_token_valid() {
    let mut client = Client::open();
    let first = client.token.clone();
    client.advance(1_800);
    let second = client.token_of("you@example.com", "your-api-key");
    assert_ne!(first, second);
    assert_eq!(client.get("/get_warehouses").status, 200);
    client.advance(1_800);
    client.get("/get_warehouses").refuses(401, INVALID);
    client.token = second;
    assert_eq!(client.get("/get_warehouses").status, 200);
}

#[test]
fn every_tampering_is_refused() {
    let mut client = with_secrets(json!({}));
    let good = token::sign(&claims(60), b"first secret");
    client.token = good.clone();
    assert_eq!(client.get("/get_warehouses").status, 200);
    let parts: Vec<&str> = good.split('.').collect();
    let header = |text: &str| BASE64.encode(text);
    let mut of_other = claims(60);
    of_other["email"] = json!("other@example.com");
    for (why, token) in [
        ("another secret", token::sign(&claims(60), b"second secret")),
        ("alg none", format!("{}.{}.", header(r#"{"alg":"none","typ":"JWT"}"#), parts[1])),
        ("alg none, signed", format!("{}.{}.{}", header(r#"{"alg":"none"}"#), parts[1], parts[2])),
        ("no alg", format!("{}.{}.{}", header("{}"), parts[1], parts[2])),
        (
            "claims changed",
            format!("{}.{}.{}", parts[0], BASE64.encode(claims(9_999).to_string()), parts[2]),
        ),
        ("signature cut", good[..good.len() - 1].to_owned()),
        ("another's mail address", token::sign(&of_other, b"first secret")),
        ("nobody's id", token::sign(&json!({"id": 9, "iat": 0, "exp": i64::MAX}), b"")),
        ("no expiry", token::sign(&json!({"id": 62, "iat": 0}), b"first secret")),
        ("not a token", "YOUR_JWT_TOKEN".to_owned()),
        ("two tokens", format!("{good}.{good}")),
        ("nothing", String::new()),
    ] {
        client.token = token;
        let answer = client.get("/get_warehouses");
        assert_eq!(answer.refusal(), (401, INVALID.to_owned()), "{why}");
    }
}

#[test]
fn the_scheme_has_to_be_there() {
    let mut client = Client::open();
    let token = client.token.clone();
    let mut ask = |value: Option<String>| {
        let mut request = Request::new(Method::Get, "/get_warehouses");
        if let Some(value) = value {
            request = request.with("authorization", value);
        }
        client.send(request).status
    };
    assert_eq!(ask(Some(format!("Bearer {token}"))), 200);
    assert_eq!(ask(Some(format!("Bearer   {token}"))), 200);
    for value in [None, Some(token.clone()), Some(format!("bearer {token}")), Some("Bearer".into())]
    {
        assert_eq!(ask(value.clone()), 401, "{value:?}");
    }
    let mut lenient = Client::with(json!({ "switches": { "bearer_in_any_case": true } }));
    let request = Request::new(Method::Get, "/get_warehouses")
        .with("authorization", format!("bearer {}", lenient.token));
    assert_eq!(lenient.send(request).status, 200);
}

#[test]
fn a_scenario_lets_the_library_speak() {
    let said = |wording: &str, token: &str, wait: i64| {
        let mut client = with_secrets(json!({ "switches": { "token_messages": wording } }));
        client.advance(wait);
        if !token.is_empty() {
            client.token = token.to_owned();
        }
        client.get("/get_warehouses").message()
    };
    let forged = token::sign(&claims(60), b"x");
    assert_eq!(said("uniform", "", 3_600), INVALID);
    assert_eq!(said("expired", "", 3_600), "Expired token");
    assert_eq!(said("expired", &forged, 0), INVALID);
    assert_eq!(said("library", "", 3_600), "Expired token");
    assert_eq!(said("library", &forged, 0), "Signature verification failed");
    // The signature is looked at before the time.
    assert_eq!(said("library", &forged, 3_600), "Signature verification failed");
    assert_eq!(said("library", "a.b", 0), "Wrong number of segments");
}

#[test]
fn both_names_of_a_seller_log_in() {
    let mut client = Client::stranger();
    for name in ["you@example.com", "YOU@Example.com", "d10701280b9798033c6917e9415b03c3"] {
        let answer = client.login(name, "your-api-key");
        assert_eq!(
            (answer.status, answer.json()["user"]["id"].clone()),
            (200, json!(62)),
            "{name}"
        );
    }
    for (name, key) in [
        ("you@example.com", "YOUR-API-KEY"),
        ("you@example.com", "other-api-key"),
        ("nobody@example.com", "your-api-key"),
        ("62", "your-api-key"),
    ] {
        client.login(name, key).refuses(401, "Invalid credentials");
    }
}

#[test]
fn a_login_needs_both_fields_as_json() {
    let mut client = Client::stranger();
    let mut ask = |body: Value| client.send(json_request("/login", &body)).refusal();
    let missing = |field: &str| (400, format!("Missing required field: {field}"));
    assert_eq!(ask(json!({})), missing("username"));
    assert_eq!(ask(json!({ "username": "you@example.com" })), missing("apikey"));
    assert_eq!(ask(json!({ "username": " ", "apikey": "x" })), missing("username"));
    assert_eq!(ask(json!({ "username": "you@example.com", "apikey": null })), missing("apikey"));
    assert_eq!(ask(json!(["you@example.com", "your-api-key"])), missing("username"));
    let form = Request::new(Method::Post, "/login").carrying(
        "application/x-www-form-urlencoded",
        "username=you%40example.com&apikey=your-api-key",
    );
    client.send(form).refuses(400, "Missing required field: username");
    // The type of the body is not looked at: what is JSON is read as such.
    let plain = Request::new(Method::Post, "/login")
        .carrying("text/plain", r#"{"username":"you@example.com","apikey":"your-api-key"}"#);
    assert_eq!(client.send(plain).status, 200);
}

fn from(peer: &str, forwarded: Option<&str>, origin: Option<&str>) -> Request {
    let body = json!({ "username": "you@example.com", "apikey": "your-api-key" });
    let mut request = json_request("/login", &body);
    request.peer = peer.parse().unwrap();
    if let Some(forwarded) = forwarded {
        request = request.with("x-forwarded-for", forwarded.to_owned());
    }
    if let Some(origin) = origin {
        request = request.with("origin", origin.to_owned());
    }
    request
}

#[test]
#[rustfmt::skip]
fn an_address_that_is_not_on_the_list_is_quoted() {
    let mut client = Client::with(json!({
        "trusted_proxies": ["127.0.0.1", "10.0.0.0/8"],
        "sellers": [{ "username": "you@example.com", "allowed_ips": ["127.0.0.1", "203.0.113.0/24", "2001:db8::/32"] }],
    }));
    for (peer, forwarded, quoted) in [
        ("127.0.0.1",          None,                          None),
        ("::ffff:127.0.0.1",   None,                          None),
        ("203.0.113.255",      None,                          None),
        ("2001:db8::9",        None,                          None),
        ("127.0.0.2",          None,                          Some("127.0.0.2")),
        ("2001:db9::9",        None,                          Some("2001:db9::9")),
        ("127.0.0.1",          Some("203.0.113.7"),           None),
        ("10.1.2.3",           Some("203.0.113.7, 10.9.9.9"), None),
        ("127.0.0.1",          Some("1.2.3.4, 203.0.113.7"),  Some("1.2.3.4")),
        ("127.0.0.1",          Some("1.2.3.4:5678"),          Some("1.2.3.4")),
        ("127.0.0.1",          Some("somebody"),              Some("somebody")),
        ("127.0.0.1",          Some(""),                      None),
        // Who is not trusted says in vain that it forwards for somebody else.
        ("9.9.9.9",            Some("203.0.113.7"),           Some("9.9.9.9")),
        ("203.0.113.7",        Some("1.2.3.4"),               None),
    ] {
        let answer = client.send(from(peer, forwarded, None));
        match quoted {
            None => assert_eq!(answer.status, 200, "{peer} {forwarded:?}: {}", answer.text),
            Some(quoted) => answer.refuses(403, &format!("The IP '{quoted}' is not whitelisted")),
        }
    }
}

#[test]
fn of_several_forwarded_addresses_a_scenario_takes_the_last() {
    let mut client = Client::with(json!({ "switches": { "last_forwarded_address": true } }));
    assert_eq!(client.send(from("127.0.0.1", Some("1.2.3.4, 127.0.0.1"), None)).status, 200);
    let answer = client.send(from("127.0.0.1", Some("127.0.0.1, 1.2.3.4"), None));
    answer.refuses(403, "The IP '1.2.3.4' is not whitelisted");
}

#[test]
#[rustfmt::skip]
fn a_domain_is_the_host_of_the_origin() {
    let mut client = Client::stranger();
    for (origin, named) in [
        (None,                            None),
        (Some("http://localhost"),        None),
        (Some("https://LocalHost:8443"),  None),
        (Some("localhost"),               None),
        (Some(""),                        None),
        (Some("https://shop.example"),    Some("shop.example")),
        (Some("http://localhost.evil.example"), Some("localhost.evil.example")),
        (Some("null"),                    Some("null")),
    ] {
        let answer = client.send(from("127.0.0.1", None, origin));
        match named {
            None => assert_eq!(answer.status, 200, "{origin:?}: {}", answer.text),
            Some(named) => answer.refuses(403, &format!("The domain '{named}' is not whitelisted")),
        }
    }
}

#[test]
fn a_scenario_wants_the_origin_to_be_there() {
    for (rule, login, other) in [("optional", 200, 200), ("login", 403, 200), ("always", 403, 403)]
    {
        let own = json!({ "shiplee": { "switches": { "origin": rule } } });
        let setup: shipmock::internals::world::Setup = serde_json::from_value(own).unwrap();
        let world = super::build(setup.or(super::default_setup())).unwrap();
        let mut client = Client { world, token: String::new() };
        assert_eq!(client.send(from("127.0.0.1", None, None)).status, login, "{rule}");
        let answer = client.send(from("127.0.0.1", None, Some("http://localhost")));
        client.token = answer.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(client.get("/get_warehouses").status, other, "{rule}");
    }
}

#[test]
fn an_entry_taken_away_while_a_token_lives_refuses_the_next_call() {
    let mut client = Client::open();
    assert_eq!(client.post("/rates", &sample_rates()).status, 200);
    client.patch("seller", "you@example.com", json!({ "allowed_ips": ["203.0.113.7"] }));
    client.post("/rates", &sample_rates()).refuses(403, "The IP '127.0.0.1' is not whitelisted");
    client.patch("seller", "62", json!({ "allowed_ips": ["127.0.0.1"], "allowed_domains": [] }));
    assert_eq!(client.post("/rates", &sample_rates()).status, 200);
    let request = client.bearing(json_request("/rates", &sample_rates()));
    let answer = client.send(request.with("origin", "http://localhost"));
    answer.refuses(403, "The domain 'localhost' is not whitelisted");
}

#[test]
fn a_list_belongs_to_the_account_that_a_call_claims() {
    let mut client = Client::stranger();
    let refused = client.login("locked@example.com", "locked-api-key");
    refused.refuses(403, "The IP '127.0.0.1' is not whitelisted");
    let body = json!({ "username": "locked@example.com", "apikey": "locked-api-key" });
    let mut request = json_request("/login", &body).with("origin", "https://shop.example");
    request.peer = "203.0.113.9".parse().unwrap();
    let token = client.send(request).json()["token"].as_str().unwrap().to_owned();
    client.token = token;
    client.get("/get_warehouses").refuses(403, "The IP '127.0.0.1' is not whitelisted");
    // A call that claims nobody has to come from where somebody may come from.
    client.token = "nonsense".to_owned();
    client.get("/get_warehouses").refuses(401, INVALID);
    let mut request = client.bearing(Request::new(Method::Get, "/get_warehouses"));
    request.peer = "8.8.8.8".parse().unwrap();
    client.send(request).refuses(403, "The IP '8.8.8.8' is not whitelisted");
}

#[test]
fn the_order_of_checks_is_the_scenarios() {
    let ask = |checks: Value| {
        let mut client = Client::with(json!({ "checks": checks }));
        client.token = "nonsense".to_owned();
        let request = client.bearing(Request::new(Method::Get, "/get_warehouses"));
        let mut request = request.with("origin", "https://evil.example");
        request.peer = "8.8.8.8".parse().unwrap();
        client.send(request).message()
    };
    let address = "The IP '8.8.8.8' is not whitelisted";
    let domain = "The domain 'evil.example' is not whitelisted";
    assert_eq!(ask(json!(["allowed_address", "allowed_domain", "credential"])), address);
    assert_eq!(ask(json!(["allowed_domain", "allowed_address", "credential"])), domain);
    assert_eq!(ask(json!(["credential", "allowed_domain", "allowed_address"])), INVALID);
    let wrong = super::build(
        serde_json::from_value(json!({ "shiplee": { "checks": ["credential", "credential"] } }))
            .unwrap(),
    );
    assert_eq!(wrong.unwrap_err().place, "shiplee.checks");
}

#[test]
fn a_key_that_was_replaced_opens_nothing_but_its_token_lives_on() {
    let mut client = Client::open();
    client.patch("seller", "62", json!({ "api_key": "a-new-key" }));
    client.login("you@example.com", "your-api-key").refuses(401, "Invalid credentials");
    assert_eq!(client.login("you@example.com", "a-new-key").status, 200);
    assert_eq!(client.get("/get_warehouses").status, 200);
}
