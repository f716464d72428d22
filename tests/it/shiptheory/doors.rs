//! Who may call, in which form, under which address; and what the framework says when not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method, Reply, Request};

use super::{Client, json_request};
use crate::harness::Read as _;

fn listed(client: &mut Client, authorization: &str) -> Reply {
    client.send(Request::new(Method::Get, "/v1/tags").with("authorization", authorization))
}

#[test]
fn a_token_is_a_jwt_for_an_hour_to_the_second() {
    let mut client = Client::open();
    let token = client.token.clone();
    let claims = STANDARD_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let now = client.world.world.now().as_second();
    assert_eq!(
        serde_json::from_slice::<Value>(&claims).unwrap(),
        json!({ "sub": 1024, "exp": now + 3_600 })
    );
    client.world.advance("30m");
    let second = client.token_of("you@youremail.com", "password");
    client.world.advance("29m59s");
    assert_eq!(listed(&mut client, &format!("Bearer {token}")).status, 200);
    client.world.advance("1s");
    let expired = listed(&mut client, &format!("Bearer {token}"));
    assert_eq!(expired.text(), r#"{"message":"Expired token","url":"\/v1\/tags","code":401}"#);
    assert_eq!((expired.status, expired.evidence), (401, Evidence::Inferred));
    assert_eq!(listed(&mut client, &format!("bearer {second}")).status, 200);
}

#[test]
fn permanent_tokens_and_those_the_documentation_prints_never_expire() {
    let mut client = Client::stranger();
    let permanent = client
        .world
        .credential(shipmock::internals::providers::Name::Shiptheory, "permanent_token");
    assert!(permanent.len() == 64 && permanent.bytes().all(|byte| byte.is_ascii_hexdigit()));
    client.world.advance("400d");
    for token in
        [permanent.as_str(), "asd1AdiJKV1QiLCJhbGciOiJIUzI1NiJ9.dafMTasdsa..", "eyJ0eXAiOiJKV1Q..."]
    {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(
                listed(&mut client, &format!("{scheme} {token}")).status,
                200,
                "{scheme} {token}"
            );
        }
    }
}

#[test]
fn what_is_no_token_is_refused_and_a_scenario_may_say_one_sentence_for_all() {
    let mut client = Client::open();
    let forged = format!("Bearer {}x", client.token);
    for (header, message) in [
        ("", "You are not authorized to access that location."),
        ("Bearer ", "You are not authorized to access that location."),
        ("Basic eW91OnBhc3M=", "You are not authorized to access that location."),
        ("Bearer nonsense", "Wrong number of segments"),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOjEwMjR9.", "Algorithm not supported"),
        (forged.as_str(), "Signature verification failed"),
    ] {
        let reply = listed(&mut client, header);
        assert_eq!(
            (reply.status, reply.json()["message"].as_str().unwrap()),
            (401, message),
            "{header}"
        );
    }
    let mut uniform = Client::switched(json!({ "uniform_token_errors": true }));
    let reply = listed(&mut uniform, "Bearer nonsense");
    assert_eq!(reply.json()["message"], "You are not authorized to access that location.");
}

#[test]
fn the_token_endpoint_does_not_look_at_the_header_and_reads_every_form() {
    let mut client = Client::stranger();
    let body = json!({ "email": "YOU@youremail.com", "password": "password" });
    for header in ["", "Bearer ", "Bearer old.and.dead"] {
        let request = json_request(Method::Post, "/v1/token", &body).with("authorization", header);
        assert_eq!(client.send(request).status, 200, "{header}");
    }
    let form = Request::new(Method::Post, "/v1/token").carrying(
        "application/x-www-form-urlencoded",
        "email=you%40youremail.com&password=password",
    );
    assert_eq!(client.send(form).json()["success"], true);
    for body in [
        json!({}),
        json!({ "email": "you@youremail.com" }),
        json!({ "email": "you@youremail.com", "password": "PASSWORD" }),
        json!({ "email": ["x"], "password": {} }),
    ] {
        let reply = client.send(json_request(Method::Post, "/v1/token", &body));
        assert_eq!(
            reply.text(),
            r#"{"message":"Invalid username or password","url":"\/v1\/token","code":401}"#,
            "{body}"
        );
    }
    let broken = Request::new(Method::Post, "/v1/token").carrying("application/json", "{");
    assert_eq!(client.send(broken).status, 400);
    // JSON that is said to be a form is a form with a strange name; the explanation says so.
    let wrong = Request::new(Method::Post, "/v1/token")
        .carrying("application/x-www-form-urlencoded", body.to_string());
    let reply = client.send(wrong);
    assert_eq!(reply.status, 401);
    assert!(reply.explanation.unwrap().contains("Content-Type: application/json"));
}

#[test]
fn who_takes_neither_json_nor_xml_gets_406_whatever_else_is_wrong() {
    let mut client = Client::open();
    for accept in ["text/html", "text/csv, image/*", "application/pdf"] {
        let request = Request::new(Method::Get, "/v1/tags").with("accept", accept);
        let reply = client.send(request);
        assert_eq!(
            reply.text(),
            r#"{"message":"Not Acceptable","url":"\/v1\/tags","code":406}"#,
            "{accept}"
        );
    }
    for accept in ["*/*", "application/json, text/plain, */*", ""] {
        let request = client.bearing(Request::new(Method::Get, "/v1/tags")).with("accept", accept);
        assert_eq!(client.send(request).status, 200, "{accept}");
    }
}

#[test]
fn who_asks_for_xml_gets_the_frameworks() {
    let mut client = Client::open();
    let request =
        client.bearing(Request::new(Method::Get, "/v1/tags/2")).with("accept", "application/xml");
    let reply = client.send(request);
    assert_eq!(
        reply.text().lines().collect::<String>(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><id>2</id><name>Tag B</name><background_colour>#FA8072</background_colour>\
         <text_colour>#708090</text_colour></response>"
    );
    assert_eq!(reply.header("content-type"), Some("application/xml; charset=UTF-8"));
    assert_eq!(reply.evidence, Evidence::Inferred);
    let refused = client.send(Request::new(Method::Get, "/v1/tags").with("accept", "text/xml"));
    assert!(refused.text().contains("<code>401</code>"), "{}", refused.text());
}

#[test]
fn the_address_of_old_works_and_is_echoed_as_it_was_called() {
    let mut client = Client::open();
    assert_eq!(
        client.get("/api/shipments/S1234").json()["shipment"]["channel_reference_id"],
        "S1234"
    );
    assert_eq!(client.get("/api/services/incoming").status, 200);
    let missing = client.get("/api/shipments/NOBODY");
    assert_eq!(
        missing.text(),
        r#"{"message":"Not Found","url":"\/api\/shipments\/NOBODY","code":404}"#
    );
    assert_eq!(client.get("/apis/services").status, 404);
    assert_eq!(client.get("/services").status, 404);
}

#[test]
fn methods_that_a_path_does_not_have_are_405_with_a_body_that_is_json() {
    let mut client = Client::open();
    for (method, path, allow) in [
        (Method::Get, "/v1/shipments", "POST"),
        (Method::Delete, "/v1/shipments/S1234", "GET, HEAD"),
        (Method::Post, "/v1/tags/1", "GET, HEAD, PUT, PATCH, DELETE"),
        (Method::Post, "/v1/products/update/hat1", "PUT"),
        (Method::Patch, "/v1/products/update/hat1", "PUT"),
    ] {
        let request = client.bearing(json_request(method, path, &json!({})));
        let reply = client.send(request);
        assert_eq!(
            (reply.status, reply.json()["message"].as_str()),
            (405, Some("Method Not Allowed")),
            "{method} {path}"
        );
        assert_eq!(reply.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn every_answer_has_the_recorded_type_and_dates_without_a_colon() {
    let mut client = Client::open();
    let reply = client.get("/v1/packages/sizes");
    assert_eq!(reply.header("content-type"), Some("application/json; charset=UTF-8"));
    assert_eq!(reply.header("x-xss-protection"), Some("1; mode=block"));
    assert_eq!(reply.json()["package_sizes"][0]["created"], "2016-05-18T14:05:04+0000");
}

#[test]
fn a_partner_tag_is_not_asked_for() {
    let mut client = Client::open();
    let request = client
        .bearing(Request::new(Method::Get, "/v1/services"))
        .with("shiptheory-partner-tag", "ExamplePartner1");
    assert_eq!(client.send(request).status, 200);
}
