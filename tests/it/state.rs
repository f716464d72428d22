//! A world written down and read back: of every ready-made scenario, with a past, and going on.

use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;
use shipmock::internals::scenario;
use shipmock::internals::world::World;

use crate::harness::{Read as _, TestWorld, build, orders, setup, with_json};

fn copied(world: &World) -> World {
    let document = world.save();
    let copy = World::restore(document.as_bytes(), world.recipe()).unwrap();
    assert_eq!(copy.save(), document);
    copy
}

/// Calls to both providers, some refused, one of which books a parcel and one of which makes an order.
fn calls(world: &mut TestWorld) -> String {
    let mut told = String::new();
    let key = "Bearer YOUR_API_KEY";
    let order = serde_json::json!({
        "address": {"name": "Omar Ben Ali", "phone1": "28177188", "address1": "Rue 1", "country": "TN"},
        "items": [{"id": "YOUR_PRODUCT_UUID"}], "auto_fulfill": true, "with_confirmation": true,
    });
    for request in [
        with_json(Request::new(Method::Post, "/api/v1/orders"), &order),
        Request::new(Method::Get, "/api/v1/orders?per_page=5"),
        Request::new(Method::Get, "/api/v1/nowhere"),
    ] {
        told += &world.call(Name::Shipper, request.with("authorization", key)).wire();
    }
    let login = serde_json::json!({"username": "you@example.com", "apikey": "your-api-key"});
    let login = with_json(Request::new(Method::Post, "/login"), &login);
    let login = world.call(Name::Shiplee, login.with("origin", "http://localhost"));
    told += &login.wire();
    let token = login.json()["token"].as_str().unwrap_or_default().to_owned();
    let booking = serde_json::json!({
        "orderId": 484900, "warehouseId": 2147483833_u32, "action": "book_shipment",
        "carrierId": "delhivery_e_prepaid", "carrierName": "Delhivery Express", "shipmentType": "forward",
    });
    let booking = with_json(Request::new(Method::Post, "/create_shipment"), &booking)
        .with("authorization", format!("Bearer {token}"))
        .with("origin", "http://localhost");
    told + &world.call(Name::Shiplee, booking).wire()
}

#[test]
fn every_ready_made_world_goes_on_from_its_document() {
    for (name, _) in scenario::ready_made() {
        let mut one = TestWorld::of(build(name, setup(name), orders()));
        calls(&mut one);
        one.advance("3h");
        one.sent();
        let mut two = TestWorld::of(copied(&one.world));
        for world in [&mut one, &mut two] {
            calls(world);
        }
        assert_eq!(one.advance("9d"), two.advance("9d"), "{name}");
        assert_eq!(calls(&mut one), calls(&mut two), "{name}");
        assert_eq!(one.sent(), two.sent(), "{name}");
        assert!(one.world.save() == two.world.save(), "{name}: the two worlds differ");
    }
}

/// A list of checks without the credential would let everybody in; a setup cannot say it, so neither can a document.
#[test]
fn a_document_whose_checks_are_not_the_usual_ones_is_refused_with_its_place() {
    let world = build("default", setup("empty"), orders());
    for checks in [serde_json::json!([]), serde_json::json!(["credential", "credential", "format"])]
    {
        let mut document: serde_json::Value = serde_json::from_str(&world.save()).unwrap();
        document["world"]["providers"]["shiplee"]["checks"] = checks;
        let refused = World::restore(document.to_string().as_bytes(), world.recipe()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the document contradicts itself: providers.shiplee.checks: has to name each once: allowed_address, \
             allowed_domain, credential"
        );
    }
}

/// Keys of organizations that are gone and journeys that nobody knows would only be noticed by the next call.
#[test]
fn a_document_whose_parts_do_not_know_each_other_is_refused_with_its_place() {
    let world = build("default", setup("default"), orders());
    for (part, value, told) in [
        (
            ["accounts", "organizations"],
            serde_json::json!({}),
            "accounts.keys.1.organization: there is no organization",
        ),
        (["journey", ""], serde_json::json!("zz"), "journey: there is no journey `zz`"),
    ] {
        let mut document: serde_json::Value = serde_json::from_str(&world.save()).unwrap();
        let mut place = &mut document["world"]["providers"]["shipper"];
        for key in part.iter().filter(|key| !key.is_empty()) {
            place = &mut place[*key];
        }
        *place = value;
        let refused = World::restore(document.to_string().as_bytes(), world.recipe()).unwrap_err();
        assert!(refused.to_string().contains(&format!("providers.shipper.{told}")), "{refused}");
    }
}
