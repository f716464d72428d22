//! Salla from inside: what an operator sees, sets and pushes.

use serde_json::json;
use shipmock::internals::providers::{Name, service};

use super::{Client, FIRST, STORE, build, saying};

#[test]
fn presets_name_what_a_newcomer_needs() {
    let client = Client::open();
    let presets = service(Name::Salla).presets(client.world.world.providers());
    let names: Vec<&String> = presets.credentials.keys().collect();
    assert_eq!(
        names,
        [
            "access_token",
            "read_only_token",
            "unscoped_token",
            "expired_token",
            "other_store_token",
            "client_id",
            "client_secret",
            "webhook_secret",
            "refresh_token",
        ]
    );
    let token = presets.credentials["access_token"].as_str().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    assert!(parts.len() == 2 && parts.iter().all(|part| part.len() == 43), "{token}");
    assert_eq!((&presets.ids["shipment"], &presets.ids["store"]), (&json!(FIRST), &json!(STORE)));
    assert_eq!(presets.magic.len(), 11 + 11);
}

#[test]
fn what_the_documentation_prints_in_a_tokens_place_opens_the_store() {
    let mut client = Client::open();
    client.token = "********************".to_owned();
    assert_eq!(client.list("")["pagination"]["total"], 32);
}

#[test]
fn every_kind_can_be_looked_at_and_unknown_fields_are_refused() {
    let mut client = Client::open();
    let webhook = json!({ "event": "shipment.created", "url": "https://shop.example/a" });
    client.post("/webhooks/subscribe", &webhook);
    let salla = service(Name::Salla);
    for kind in salla.kinds() {
        let all = client.world.world.providers();
        let rows = salla.kind(kind).unwrap().list(all, None, 99).unwrap();
        assert_eq!(rows.len(), salla.kind(kind).unwrap().count(all), "{kind}");
        for row in &rows {
            assert_eq!(
                salla.kind(kind).unwrap().detail(all, &row.id).unwrap().state,
                row.state,
                "{kind}"
            );
        }
        let id = rows[0].id.clone();
        let world = &mut client.world.world;
        let fields = json!({ "nope": 1 });
        assert!(
            world.patch(Name::Salla, kind, &id, fields.as_object().unwrap()).is_err(),
            "{kind}"
        );
        assert!(world.apply(Name::Salla, kind, &id, "dance").is_err(), "{kind}");
        assert!(salla.kind(kind).unwrap().detail(world.providers(), "nobody").is_err(), "{kind}");
    }
}

#[test]
fn what_can_be_set_is_set_whole_or_not_at_all() {
    let mut client = Client::open();
    for (kind, id, fields) in [
        ("shipment", FIRST.to_string(), json!({ "tracking_number": "1", "journey": "nowhere" })),
        ("shipment", FIRST.to_string(), json!({ "tracking_number": "1", "pickup_id": "x" })),
        ("store", STORE.to_string(), json!({ "plan": "pro", "user": "gone" })),
        ("token", "access_token".to_owned(), json!({ "revoked": true, "scopes": ["all"] })),
        ("token", "access_token".to_owned(), json!({ "revoked": true, "expires": "tomorrow" })),
    ] {
        let before = client.holdings();
        let fields = fields.as_object().unwrap().clone();
        assert!(
            client.world.world.patch(Name::Salla, kind, &id, &fields).is_err(),
            "{kind} {fields:?}"
        );
        assert_eq!(before, client.holdings(), "{kind} {fields:?}");
    }
    client.patch(
        "shipment",
        FIRST,
        json!({ "tracking_number": "7", "trackable": false, "pickup_id": 10_954_392 }),
    );
    let row = client.list("per_page=1")["data"][0].clone();
    assert_eq!(
        (&row["tracking_number"], &row["trackable"], &row["pickup_id"]),
        (&json!("7"), &json!(false), &json!(10_954_392))
    );
}

#[test]
fn a_setup_that_cannot_be_is_refused_with_its_place() {
    let shipment = |more| {
        super::changed(
            json!({ "id": 5, "courier_id": 1_723_506_348, "payment_method": "cod" }),
            more,
        )
    };
    let store = |more| json!({ "stores": [super::changed(json!({ "id": 9 }), more)] });
    for (salla, place) in [
        (json!({ "journey": "nowhere" }), "salla.journey"),
        (json!({ "stores": [{ "id": 0 }] }), "salla.stores[0].id"),
        (
            store(json!({ "tokens": [{ "name": "a", "scopes": ["all"] }] })),
            "salla.stores[0].tokens[0].scopes",
        ),
        (
            store(json!({ "tokens": [{ "name": "access_token" }] })),
            "salla.stores[1].tokens[0].name",
        ),
        (store(json!({ "branches": [{ "type": "address" }] })), "salla.stores[0].branches[0]"),
        (
            store(json!({ "shipments": [shipment(json!({ "courier_id": 1 }))] })),
            "salla.stores[0].shipments[0].courier_id",
        ),
        (
            store(json!({ "shipments": [shipment(json!({})), shipment(json!({}))] })),
            "salla.stores[0].shipments[0].id",
        ),
        (
            store(json!({ "history": { "shipments": u32::MAX, "days": 1 } })),
            "salla.stores[0].history.shipments",
        ),
        (
            store(json!({ "webhooks": [{ "event": "order.created", "url": "https://a.b" }] })),
            "salla.stores[0].webhooks[0].event",
        ),
    ] {
        let wrong = build(saying(salla.clone())).unwrap_err();
        assert_eq!(wrong.place, place, "{salla}: {}", wrong.problem);
    }
}

#[test]
fn a_state_survives_being_written_and_read() {
    let mut client = Client::open();
    let id = client.make(json!({ "courier_id": 1_723_506_348, "remarks": "r" }));
    client.advance("6h");
    client.post(&format!("/shipments/{id}/cancel"), &json!({}));
    let written = serde_json::to_string(&client.world.world.providers().salla).unwrap();
    let read: shipmock::internals::providers::salla::State =
        serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
}
