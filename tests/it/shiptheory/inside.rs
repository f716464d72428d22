//! Shiptheory from inside: life cycles, journeys, what an operator sets, setups that cannot be.

use serde_json::{Map, Value, json};
use shipmock::internals::providers::{Name, OperatorError, service};
use shipmock::internals::world::Setup;

use super::{Client, build, setup};
use crate::harness::Read as _;

/// A world whose next booking goes on a journey.
fn on(journey: &str) -> Client {
    let mut client = Client::open();
    client.patch("account", "you@youremail.com", json!({ "next_journeys": [journey] }));
    client
}

/// The states of a shipment, one after the other.
fn story(client: &Client, id: &str) -> Vec<String> {
    let history = client.detail("shipment", id).history;
    history.iter().map(|passage| passage.to.to_string()).collect()
}

#[test]
fn every_journey_is_lived_as_its_summary_says() {
    for (journey, at_once, tracked, story_told) in [
        ("booked", "Complete", true, &["PROCESSING", "Complete", "Archived"][..]),
        (
            "queued_then_booked",
            "Queued",
            false,
            &["Waiting", "Queued", "PROCESSING", "Complete", "Archived"],
        ),
        (
            "print_error_then_fixed",
            "Print Error",
            true,
            &["PROCESSING", "Print Error", "Complete", "Archived"],
        ),
        (
            "failed_then_rebooked",
            "Failed",
            false,
            &["PROCESSING", "Failed", "Ready", "PROCESSING", "Complete", "Archived"],
        ),
        ("never_ready", "Not Ready", false, &[]),
        ("slow_carrier", "PROCESSING", false, &["PROCESSING", "Complete", "Archived"]),
        ("refused", "Failed", false, &["PROCESSING", "Failed"]),
        ("waiting", "Waiting", false, &["Waiting"]),
        ("ignored", "Ignored", false, &["Ignored"]),
        (
            "release_then_booked",
            "Not Ready",
            false,
            &["Ready", "PROCESSING", "Complete", "Archived"],
        ),
    ] {
        let mut client = on(journey);
        let answer = client.book("J1", json!({}));
        assert_eq!(answer["status"], at_once, "{journey}");
        assert_eq!(
            answer["carrier_result"]["tracking"].is_string(),
            tracked,
            "{journey}: {answer}"
        );
        client.world.settle();
        assert_eq!(story(&client, "J1"), story_told, "{journey}");
    }
}

#[test]
fn a_telephone_number_of_nobody_chooses_a_journey() {
    let mut client = Client::open();
    for (place, magic) in
        service(Name::Shiptheory).presets(client.world.world.providers()).magic.iter().enumerate()
    {
        assert_eq!(magic.field, "recipient.telephone");
        let reference = format!("M{place}");
        client.book(&reference, json!({ "/recipient/telephone": magic.value }));
        let journey = magic.effect.strip_prefix("journey ").unwrap().split(':').next().unwrap();
        let data = client.detail("shipment", &reference).data;
        let by_now = ["booked", "never_ready", "refused", "waiting", "ignored"].contains(&journey);
        let expected = if by_now { Value::Null } else { json!(journey) };
        assert_eq!(data["journey"], expected, "{journey}");
    }
}

#[test]
fn a_completed_shipment_is_put_away_after_a_day_to_the_second() {
    let mut client = Client::open();
    client.book("DAY", json!({}));
    client.wait("23h59m59s");
    assert_eq!(client.status("DAY"), "Complete");
    client.wait("1s");
    let viewed = client.view("DAY");
    assert_eq!(viewed["shipment"]["status"], "Archived");
    assert!(viewed["shipment"].get("tracking_number").is_none(), "only present when Complete");
    assert!(viewed["label"].is_string());
    // The documentation's own shipments stay as they are printed.
    assert_eq!(client.status("S1234"), "Complete");
    let mut shown = Client::switched(json!({ "archived_shows_tracking": true }));
    shown.book("DAY", json!({}));
    shown.wait("1d");
    assert!(shown.view("DAY")["shipment"]["tracking_number"].is_string());
    let mut never =
        Client::switched(json!({ "auto_archive": false, "processing_in_small_letters": true }));
    never.book("DAY", json!({}));
    never.book("SLOW", json!({ "/recipient/telephone": "07700900106" }));
    assert_eq!(never.status("SLOW"), "Processing");
    never.wait("2d");
    assert_eq!(never.status("DAY"), "Complete");
}

#[test]
fn a_shipment_is_pushed_along_its_table_and_nowhere_else() {
    let mut client = Client::open();
    client.book("FR", json!({ "/recipient/country": "FR" }));
    let world = &mut client.world.world;
    let refused = world.apply(Name::Shiptheory, "shipment", "FR", "book").unwrap_err();
    let OperatorError::Illegal { from, legal, .. } = refused else { panic!("{refused}") };
    assert_eq!(
        (from.as_str(), legal),
        ("Ignored", vec!["reprocess".to_owned(), "archive".to_owned()])
    );
    world.walk(Name::Shiptheory, "shipment", "FR", "Complete").unwrap();
    let viewed = client.view("FR");
    assert!(viewed["shipment"]["tracking_number"].is_string());
    assert!(viewed["label"].is_string());
    assert_eq!(client.world.world.due_for(Name::Shiptheory, "shipment", "FR").len(), 1);
    // Nothing of a journey to an approval is possible any more.
    let waiting = json!({ "journey": "waiting" });
    let waiting = waiting.as_object().unwrap();
    let refused = client.world.world.patch(Name::Shiptheory, "shipment", "FR", waiting);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the journey `waiting` cannot start with shipment Complete; those that can: `never_ready`"
    );
    assert_eq!(client.world.world.due_for(Name::Shiptheory, "shipment", "FR").len(), 1);
    let wrong = json!({ "journey": "nowhere" });
    let wrong: &Map<String, Value> = wrong.as_object().unwrap();
    assert!(client.world.world.patch(Name::Shiptheory, "shipment", "FR", wrong).is_err());
}

#[test]
fn an_operator_changes_rules_and_carriers_and_what_is_refused_changes_nothing() {
    let mut client = Client::open();
    client.patch(
        "account",
        "1024",
        json!({ "rules": [{ "countries": ["FR"], "service": 12 }], "carriers": { "DHL": [1] } }),
    );
    assert_eq!(client.book("FR", json!({ "/recipient/country": "FR" }))["status"], "Complete");
    assert_eq!(client.book("GB", json!({}))["status"], "Ignored");
    client.patch(
        "shipment",
        "GB",
        json!({ "refusal": "There was an error when communicating with DHL: (X)" }),
    );
    client.patch("package_size", "11110", json!({ "active": false }));
    assert_eq!(client.get("/v1/packages/sizes").json()["package_sizes"][0]["active"], false);
    let before = client.world.holdings();
    for (kind, id, fields) in [
        ("account", "1024", json!({ "rules": [{ "service": 1 }, { "service": 9_999 }] })),
        ("account", "1024", json!({ "rules": [{ "service": 1, "countries": ["XX"] }] })),
        ("account", "1024", json!({ "rules": [{ "service": 1, "returns": [9_999] }] })),
        ("account", "1024", json!({ "carriers": { "Pigeon": [1] } })),
        ("account", "1024", json!({ "carriers": { "DPD": [7] } })),
        ("account", "1024", json!({ "password": "new", "next_journeys": ["nowhere"] })),
        ("account", "1024", json!({ "email": "x" })),
        ("package_size", "11110", json!({ "active": "yes" })),
        ("shipment", "GB", json!({ "refusal": "x", "journey": 1 })),
        ("tag", "1", json!({ "name": "x" })),
        ("product", "nothing", json!({})),
    ] {
        let trouble =
            client.world.world.patch(Name::Shiptheory, kind, id, fields.as_object().unwrap());
        assert!(trouble.is_err(), "{kind} {id} {fields}");
        assert!(before == client.world.holdings(), "{kind} {id} {fields}");
    }
}

#[test]
fn things_of_other_accounts_stand_behind_their_names() {
    let mut client = Client::open();
    client.other();
    let mut other = client.other();
    other.book("A1", json!({ "/delivery_service": 38, "/increment": 2 }));
    assert_eq!(other.detail("shipment", "other:A1").data["account"], "other@youremail.com");
    assert!(
        service(Name::Shiptheory)
            .kind("shipment")
            .unwrap()
            .detail(other.world.world.providers(), "A1")
            .is_err()
    );
    assert_eq!(other.detail("product", "other:lamp-1").data["sheet"]["name"], "Desk Lamp");
    for kind in service(Name::Shiptheory).kinds() {
        let shiptheory = service(Name::Shiptheory);
        let all = other.world.world.providers();
        let rows = shiptheory.kind(kind).unwrap().list(all, None, usize::MAX).unwrap();
        assert_eq!(rows.len(), shiptheory.kind(kind).unwrap().count(all), "{kind}");
        assert!(!rows.is_empty(), "{kind}");
        for row in rows {
            assert_eq!(
                shiptheory.kind(kind).unwrap().detail(all, &row.id).unwrap().state,
                row.state,
                "{kind} {}",
                row.id
            );
        }
    }
}

#[test]
fn the_lively_account_has_shipments_in_every_state() {
    let world = crate::harness::TestWorld::open("default");
    let rows = service(Name::Shiptheory)
        .kind("shipment")
        .unwrap()
        .list(world.world.providers(), None, usize::MAX)
        .unwrap();
    let states: std::collections::BTreeSet<&str> =
        rows.iter().filter_map(|row| row.state.as_deref()).collect();
    for state in ["Archived", "Complete", "Failed", "Ignored", "Not Ready", "Waiting"] {
        assert!(states.contains(state), "{state} is not among {states:?}");
    }
    assert!(rows.len() >= 69, "{}", rows.len());
}

#[test]
#[rustfmt::skip]
fn a_setup_that_cannot_be_is_refused_with_its_place() {
    for (pointer, value, place) in [
        ("/switches",                        json!({ "validation_status": 99 }),              "switches.validation_status"),
        ("/journey",                         json!("nowhere"),                                "journey"),
        ("/accounts/0/email",                json!(" "),                                      "accounts[0].email"),
        ("/accounts/1/email",                json!("YOU@youremail.com"),                      "accounts[1].email"),
        ("/accounts/1/id",                   json!(1024),                                     "accounts[1].id"),
        ("/accounts/0/carriers",             json!({ "Pigeon": [1] }),                        "accounts[0].carriers.Pigeon"),
        ("/accounts/0/carriers",             json!({ "DPD": [9] }),                           "accounts[0].carriers.DPD"),
        ("/accounts/0/rules/0/service",      json!(5_000),                                    "accounts[0].rules[0].service"),
        ("/accounts/0/rules/1/countries/0",  json!("UK"),                                     "accounts[0].rules[1].countries"),
        ("/accounts/0/rules/1/returns",      json!([5_000]),                                  "accounts[0].rules[1].returns"),
        ("/accounts/0/next_journeys",        json!(["booked", "nowhere"]),                    "accounts[0].next_journeys[1]"),
        ("/accounts/0/package_sizes/1/id",   json!(11_110),                                   "accounts[0].package_sizes[1].id"),
        ("/accounts/0/products/1/sheet/sku", json!("basecap1"),                               "accounts[0].products[1].sheet.sku"),
        ("/accounts/0/tags/1/id",            json!(1),                                        "accounts[0].tags[1].id"),
        ("/accounts/0/shipments/1/reference", json!("S1234"),                                 "accounts[0].shipments[1].reference"),
        ("/accounts/0/shipments/1/service",  json!(5_000),                                    "accounts[0].shipments[1].service"),
        ("/accounts/0/history",              json!({ "orders": u32::MAX, "days": 1 }),        "accounts[0].history.orders"),
    ] {
        let mut written = serde_json::to_value(setup()).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match written["shiptheory"].pointer_mut(parent).unwrap() {
            Value::Array(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            other => other[name] = value.clone(),
        }
        let setup: Setup = serde_json::from_value(written).unwrap();
        let wrong = build(setup).unwrap_err();
        assert_eq!(wrong.place, format!("shiptheory.{place}"), "{wrong}");
    }
}

#[test]
fn the_seed_draws_what_a_scenario_leaves_out() {
    let named = |seed: u64| {
        let own = json!({ "seed": seed, "shiptheory": { "accounts": [{ "email": "a@b.c" }] } });
        let world = build(serde_json::from_value(own).unwrap()).unwrap();
        service(Name::Shiptheory).presets(world.providers()).credentials
    };
    assert_eq!(named(1), named(1));
    assert_ne!(named(1), named(2));
    assert_eq!(named(1)["permanent_token"].as_str().unwrap().len(), 64);
    let mut client = Client::open();
    assert!(client.get("/v1/tags").json()["tags"].is_array());
}
