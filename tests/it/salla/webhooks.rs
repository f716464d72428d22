//! Webhooks: registered, sent, signed, tried again.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use shipmock::internals::message::Method;
use shipmock::internals::providers::{Name, service};
use shipmock::internals::sim::webhook::outbox::Outcome;

use super::{Client, STORE, refusal};
use crate::harness::{Read as _, Sent};

const URL: &str = "https://shop.localhost/salla";

/// A client whose store waits for every event of shipments with a secret.
fn listening(more: Value) -> Client {
    let mut client = Client::with(json!({ "switches": { "local_webhook_urls": true } }));
    for event in ["creating", "created", "updated", "cancelled"] {
        let body =
            json!({ "event": format!("shipment.{event}"), "url": URL, "secret": "my-secret" });
        let reply = client.post("/webhooks/subscribe", &super::changed(body, more.clone()));
        assert_eq!(reply.status, 200, "{}", reply.wire());
    }
    client
}

fn hexadecimal(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn told(sent: &[Sent]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    sent.iter().map(|it| (text(&it.json()["event"]), text(&it.json()["data"]["status"]))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(event, status)| ((*event).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn each_step_of_a_life_is_told_once_and_signed_over_its_very_bytes() {
    let mut client = listening(json!({}));
    let id = client.make(json!({}));
    client.deliver();
    for status in ["created", "delivered"] {
        let body = json!({ "shipment_number": "1", "status": status });
        assert_eq!(client.put_to(Method::Put, &format!("/shipments/{id}"), &body).status, 200);
        client.deliver();
    }
    let off = client.make(json!({}));
    client.post(&format!("/shipments/{off}/cancel"), &json!({}));
    client.deliver();
    let sent = client.sent();
    assert_eq!(
        told(&sent),
        pairs(&[
            ("shipment.creating", "creating"),
            ("shipment.created", "created"),
            ("shipment.updated", "delivered"),
            ("shipment.creating", "creating"),
            ("shipment.cancelled", "cancelled"),
        ])
    );
    for it in &sent {
        assert_eq!(it.headers.get("X-Salla-Security-Strategy"), Some("Signature"));
        let signature = hexadecimal("my-secret", &it.body);
        assert_eq!(it.headers.get("X-Salla-Signature"), Some(signature.as_str()));
        // The documented receiver signs what its own printer makes of the body.
        assert_eq!(it.json().to_string(), it.body);
    }
    let first = sent[0].json();
    assert_eq!(
        first.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["event", "merchant", "created_at", "data"]
    );
    assert_eq!(
        (&first["merchant"], &first["created_at"]),
        (&json!(STORE), &json!("Thu May 14 2026 12:00:00 GMT+0300"))
    );
    let all = client.world.world.providers();
    for delivery in client.world.world.outbox().deliveries() {
        assert_eq!(service(Name::Salla).signature_holds(all, delivery), Some(true));
    }
}

#[test]
fn an_order_is_told_of_beside_its_shipment_and_its_return() {
    let mut client = Client::with(json!({ "switches": { "local_webhook_urls": true } }));
    let topics = [
        "shipment.creating",
        "order.shipment.creating",
        "order.shipment.created",
        "order.shipment.cancelled",
        "order.shipment.return.creating",
        "order.shipment.return.created",
        "order.shipment.return.cancelled",
    ];
    for event in topics {
        let body = json!({ "event": event, "url": URL });
        assert_eq!(client.post("/webhooks/subscribe", &body).status, 200, "{event}");
    }
    let report = |client: &mut Client, id: u64, status: &str| {
        let body = json!({ "shipment_number": "1", "status": status });
        let reply = client.put_to(Method::Put, &format!("/shipments/{id}"), &body);
        assert_eq!(reply.status, 200);
    };
    let out = client.make(json!({}));
    report(&mut client, out, "delivered");
    let back = client.post(&format!("/shipments/{out}/return"), &json!({}));
    let back = back.json()["data"]["id"].as_u64().unwrap();
    report(&mut client, back, "created");
    client.post(&format!("/shipments/{back}/cancel"), &json!({}));
    let off = client.make(json!({}));
    client.post(&format!("/shipments/{off}/cancel"), &json!({}));
    // A shipment of no order is told of alone.
    client.make(json!({ "order_id": null }));
    client.deliver();
    assert_eq!(
        told(&client.sent()),
        pairs(&[
            ("shipment.creating", "creating"),
            ("order.shipment.creating", "creating"),
            ("order.shipment.created", "delivered"),
            ("shipment.creating", "creating"),
            ("order.shipment.return.creating", "creating"),
            ("order.shipment.return.created", "created"),
            ("order.shipment.return.cancelled", "cancelled"),
            ("shipment.creating", "creating"),
            ("order.shipment.creating", "creating"),
            ("order.shipment.cancelled", "cancelled"),
            ("shipment.creating", "creating"),
        ])
    );
}

#[test]
fn registered_webhooks_come_in_pages_as_every_list() {
    let mut client = Client::open();
    for place in 0..5 {
        let url = format!("https://shop.example/{place}");
        client.post("/webhooks/subscribe", &json!({ "event": "shipment.created", "url": url }));
    }
    let page = client.get("/webhooks?per_page=2&page=2").json();
    assert_eq!(page["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        page["pagination"],
        json!({
            "count": 2, "total": 5, "perPage": 2, "currentPage": 2, "totalPages": 3,
            "links": {
                "previous": "/admin/v2/webhooks?per_page=2&page=1",
                "next": "/admin/v2/webhooks?per_page=2&page=3",
            },
        })
    );
    let whole = client.get("/webhooks").json();
    assert_eq!(
        (&whole["pagination"]["perPage"], &whole["pagination"]["links"]),
        (&json!(15), &json!([]))
    );
    assert_eq!(client.get("/webhooks?page=9").json()["data"], json!([]));
}

#[test]
fn header_fields_that_are_none_are_refused_by_their_place() {
    let mut client = Client::open();
    for (headers, field) in [
        (json!([{ "value": "x" }]), "headers.0.key"),
        (json!([{ "key": "A", "value": "x" }, { "key": ["B"], "value": "x" }]), "headers.1.key"),
        (json!([{ "key": "A", "value": { "a": 1 } }]), "headers.0.value"),
        (json!({ "A": ["x"] }), "headers.A"),
        (json!(["A: x"]), "headers.0.key"),
    ] {
        let body =
            json!({ "event": "shipment.created", "url": "https://a.example/", "headers": headers });
        let reply = client.post("/webhooks/subscribe", &body);
        assert_eq!(refusal(&reply).0, 422, "{headers}");
        let fields = reply.json()["error"]["fields"].clone();
        assert_eq!(fields.as_object().unwrap().keys().collect::<Vec<_>>(), [field], "{headers}");
    }
}

#[test]
fn the_first_word_of_a_courier_is_created_whatever_it_says() {
    let mut client = listening(json!({}));
    let id = client.make(json!({}));
    let body = json!({ "shipment_number": "1", "status": "shipped" });
    client.put_to(Method::Put, &format!("/shipments/{id}"), &body);
    client.put_to(Method::Put, &format!("/shipments/{id}"), &body);
    client.deliver();
    let expected = pairs(&[
        ("shipment.creating", "creating"),
        ("shipment.created", "shipped"),
        ("shipment.updated", "shipped"),
    ]);
    assert_eq!(told(&client.sent()), expected);
}

#[test]
fn a_token_is_the_secret_itself_and_none_is_nothing() {
    for (strategy, shown, authorization) in
        [("token", Some("Token"), Some("my-secret")), ("none", None, None)]
    {
        let headers = json!([{ "key": "X-Mine", "value": 7 }, { "key": "bad name", "value": "x" }, { "key": "X-Bad", "value": "a\nb" }]);
        let mut client = listening(json!({ "security_strategy": strategy, "headers": headers }));
        client.make(json!({}));
        client.deliver();
        let sent = client.sent();
        let headers = &sent[0].headers;
        assert_eq!(headers.get("X-Salla-Security-Strategy"), shown, "{strategy}");
        assert_eq!(headers.get("Authorization"), authorization, "{strategy}");
        assert_eq!((headers.get("X-Salla-Signature"), headers.get("X-Mine")), (None, Some("7")));
        assert_eq!((headers.get("bad name"), headers.get("X-Bad")), (None, None));
    }
}

#[test]
fn three_tries_five_minutes_apart_and_only_200_and_201_settle_one() {
    for (status, tries) in [(200, 1), (201, 1), (202, 3), (204, 3), (404, 3), (500, 3)] {
        let mut client = listening(json!({}));
        client.receiver = match status {
            200 => |_| Outcome::Answered(200),
            201 => |_| Outcome::Answered(201),
            202 => |_| Outcome::Answered(202),
            204 => |_| Outcome::Answered(204),
            404 => |_| Outcome::Answered(404),
            _ => |_| Outcome::Failed("refused".to_owned()),
        };
        client.make(json!({}));
        client.advance("1h");
        let start = client.sent();
        let minutes: Vec<i64> =
            start.iter().map(|it| crate::harness::seconds(start[0].at, it.at) / 60).collect();
        assert_eq!(minutes, [0, 5, 10][..tries], "{status}");
    }
}

#[test]
fn a_rule_narrows_what_is_told() {
    let mut client =
        listening(json!({ "rule": "payment_method = pre_paid OR total.amount > 100" }));
    client.make(json!({}));
    client.make(json!({ "payment_method": "pre_paid" }));
    client.make(json!({ "packages": [{ "name": "A", "quantity": 3, "price": { "amount": 50 } }] }));
    client.deliver();
    assert_eq!(client.sent().len(), 2);
}

#[test]
fn without_a_secret_of_its_own_a_webhook_has_the_apps() {
    let mut client = listening(json!({ "secret": null }));
    let secret = client.credential(Name::Salla, "webhook_secret");
    client.make(json!({}));
    client.deliver();
    let sent = client.sent();
    let signature = hexadecimal(&secret, &sent[0].body);
    assert_eq!(sent[0].headers.get("X-Salla-Signature"), Some(signature.as_str()));
}

#[test]
fn other_stores_hear_nothing() {
    let mut client = listening(json!({}));
    let mut other = client.clone().calling_as("other_store_token");
    other.make(json!({}));
    other.deliver();
    assert!(other.sent().is_empty());
    assert_eq!(other.get("/webhooks").json()["data"], json!([]));
    client.deliver();
}

#[test]
fn a_registration_is_answered_as_the_examples_print_it() {
    let mut client = Client::open();
    let body = json!({
        "name": "Salla Update Customer Event", "event": "customer.updated", "url": "https://webhook.site/07254470",
        "version": 2, "rule": "payment_method = mada OR price < 50",
        "headers": [{ "key": "Authorization", "value": "abcd1234" }, { "key": "Accept-Language", "value": "AR" }],
    });
    let reply = client.post("/webhooks/subscribe", &body);
    let id = reply.json()["data"]["id"].as_u64().unwrap();
    let printed = format!(
        r#"{{"id":{id},"name":"Salla Update Customer Event","event":"customer.updated","type":"manual","url":"https://webhook.site/07254470","version":2,"rule":"payment_method = mada OR price < 50","headers":{{"Authorization":"abcd1234","Accept-Language":"AR"}}}}"#
    );
    assert_eq!(reply.json()["data"].to_string(), printed);
    let listed = client.get("/webhooks").json();
    assert_eq!(listed["data"][0].to_string(), printed);
    assert_eq!(listed["pagination"]["total"], 1);
    // The same address and event again is the same webhook; the first version has fewer keys.
    let again =
        client.post("/webhooks/subscribe", &super::changed(body.clone(), json!({ "version": 1 })));
    assert_eq!(
        again.json()["data"].to_string(),
        format!(
            r#"{{"id":{id},"name":"Salla Update Customer Event","event":"customer.updated","url":"https://webhook.site/07254470","headers":{{"Authorization":"abcd1234","Accept-Language":"AR"}}}}"#
        )
    );
    let path = format!("/webhooks/{id}");
    let update = json!({ "version": 2, "rule": "a = b", "headers": [], "security_strategy": "token", "secret": "s" });
    let updated = client.put_to(Method::Put, &path, &update);
    assert_eq!(
        updated.json()["data"].to_string(),
        format!(
            r#"{{"id":{id},"name":"Salla Update Customer Event","event":"customer.updated","version":2,"rule":"a = b","url":"https://webhook.site/07254470","headers":[],"type":"manual","security":{{"strategy":"token","secret":"s"}}}}"#
        )
    );
    assert_eq!(client.put_to(Method::Put, "/webhooks/1", &update).status, 404);
}

#[test]
fn a_registration_that_does_not_fit_is_refused_in_the_examples_words() {
    let mut client = Client::open();
    for url in ["https://localhost/x", "http://shop.test/", "no address", "ftp://a.b", ""] {
        let reply = client
            .post("/webhooks/subscribe", &json!({ "event": "shipment.delivered", "url": url }));
        assert_eq!(refusal(&reply).0, 422, "{url}");
        let fields = reply.json()["error"]["fields"].clone();
        assert_eq!(fields["event"], json!(["حقل event غير صالحٍ"]));
        let expected = match url {
            "" => "حقل url مطلوب.",
            _ => "لابد أن يكون الرابط صالح وفعّال (لا يحتوي على localhost أو test.)",
        };
        assert_eq!(fields["url"], json!([expected]), "{url}");
    }
}

#[test]
fn webhooks_are_removed_by_id_or_all_of_an_address() {
    let mut client = listening(json!({}));
    let listed = client.get("/webhooks").json();
    let id = listed["data"][0]["id"].as_u64().unwrap();
    let remove = |client: &mut Client, query: &str| {
        client.put_to(Method::Delete, &format!("/webhooks/unsubscribe?{query}"), &json!({}))
    };
    let reply = remove(&mut client, &format!("id={id}"));
    assert_eq!(reply.status, 202);
    assert_eq!(
        reply.text(),
        r#"{"status":202,"success":true,"data":{"message":"The Object has been removed successfully","code":202}}"#
    );
    assert_eq!(remove(&mut client, &format!("id={id}")).status, 404);
    let reply = remove(&mut client, "id=abc");
    assert_eq!(reply.json()["error"]["fields"], json!({ "id": ["يجب أن يكون حقل id عددًا صحيحًا"] }));
    assert_eq!(remove(&mut client, "").status, 422);
    // What waits for another try is not sent any more.
    client.receiver = |_| Outcome::Answered(500);
    client.make(json!({}));
    client.deliver();
    assert_eq!(remove(&mut client, "url=https%3A%2F%2Fshop.localhost%2Fsalla").status, 202);
    client.advance("1h");
    assert!(client.sent().len() <= 1);
    assert_eq!(client.get("/webhooks").json()["data"], json!([]));
}
