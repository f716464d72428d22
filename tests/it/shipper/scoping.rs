//! Who sees what: organizations, keys, and keys that stop working.

use serde_json::{Value, json};
use shipmock::internals::providers::Name;

use super::shop::{SHIRT, SIZE_L, Shop, one_shirt};
use crate::harness::Read as _;

/// (39)
#[test]
fn two_organizations_both_own_order_61() {
    let mut shop = Shop::lively();
    let first = shop.get("/orders/61").json();
    let second = shop.by("other_organization_api_key").get("/orders/61").json();
    assert_eq!((&first["id"], &second["id"]), (&json!(61), &json!(61)));
    assert_ne!(first, second);
    // Cancelling the one leaves the other alone.
    for key in ["api_key", "other_organization_api_key"] {
        let other = if key == "api_key" { "other_organization_api_key" } else { "api_key" };
        let before = shop.by(other).get("/orders/61").text();
        shop.by(key).post("/orders/61/cancel", &json!({}));
        assert_eq!(shop.by(other).get("/orders/61").text(), before);
    }
}

/// (39)
#[test]
fn ids_go_on_in_each_organization_by_itself() {
    let mut shop = Shop::lively();
    assert_eq!(shop.order(&one_shirt()), 556);
    let lamp =
        shop.by("other_organization_api_key").get("/products").json()["data"][0]["uuid"].clone();
    let mut body = one_shirt();
    body["items"] = json!([{ "id": lamp }]);
    let reply = shop.by("other_organization_api_key").post("/orders", &body);
    assert_eq!((reply.status, reply.json()), (201, json!({ "id": 62 })));
    assert_eq!(shop.order(&one_shirt()), 557);
}

#[test]
fn another_organizations_orders_and_products_are_not_there() {
    let mut shop = Shop::lively();
    let not_found = |model: &str| json!({ "message": format!("No query results for model [App\\Models\\{model}].") });
    let product = format!("/products/{SHIRT}");
    let mut other = shop.by("other_organization_api_key");
    for target in ["/orders/555", "/orders/554", product.as_str()] {
        let model = if target.starts_with("/orders") { "Order" } else { "Product" };
        let reply = other.get(target);
        assert_eq!((reply.status, reply.json()), (404, not_found(model)), "{target}");
    }
    assert_eq!(other.post("/orders/554/cancel", &json!({})).json(), not_found("Order"));
    let reply = other.post("/orders", &one_shirt());
    assert_eq!(
        reply.json()["errors"],
        json!({ "items.0.id": ["The selected items.0.id is invalid."] })
    );
    let all = other.get("/orders?per_page=100").json();
    assert_eq!(all["pagination"]["total"], 61);
    assert_eq!(other.get("/orders?search=omar").json()["pagination"]["total"], 0);
    assert_eq!(other.get("/products").json()["pagination"]["total"], 2);
}

#[test]
fn two_keys_of_an_organization_see_the_same_orders() {
    let mut shop = Shop::small();
    let id = shop.order(&one_shirt());
    let target = format!("/orders/{id}");
    let first = shop.get(&target).text();
    assert_eq!(shop.by("second_api_key").get(&target).text(), first);
    let reply = shop.by("second_api_key").post(&format!("{target}/cancel"), &json!({}));
    assert_eq!(reply.status, 200);
}

#[test]
fn a_product_is_found_by_its_uuid_in_capitals_too_but_not_by_a_variants() {
    let mut shop = Shop::small();
    assert_eq!(shop.get(&format!("/products/{}", SHIRT.to_uppercase())).status, 200);
    assert_eq!(shop.get(&format!("/products/{SIZE_L}")).status, 404);
}

/// (24)
#[test]
fn a_key_can_be_switched_off_and_on_between_two_calls_but_not_brought_back() {
    let mut shop = Shop::small();
    for (on, status, body) in [
        ("disable", 403, json!({ "error": "API key is disabled." })),
        ("enable", 200, Value::Null),
        ("revoke", 403, json!({ "error": "API key has been revoked." })),
    ] {
        shop.apply("key", "api_key", on);
        let reply = shop.get("/countries");
        assert_eq!(reply.status, status, "{on}");
        if status != 200 {
            assert_eq!(reply.json(), body);
        }
        assert_eq!(shop.by("second_api_key").get("/countries").status, 200);
    }
    assert!(shop.world.apply(Name::Shipper, "key", "api_key", "enable").is_err());
    // 401 is for what was never a key.
    let mut nobody = super::shop::request(shipmock::internals::message::Method::Get, "/countries");
    nobody.headers.set("authorization", "Bearer 123456|nobody");
    assert_eq!(shop.call(Name::Shipper, nobody).status, 401);
}

#[test]
fn the_journal_names_the_account_and_not_the_key() {
    let mut shop = Shop::small();
    shop.get("/countries");
    shop.by("second_api_key").get("/nowhere");
    shop.by("disabled_api_key").get("/countries");
    let entries: Vec<_> =
        shop.world.journal().entries().map(|entry| entry.account.map(str::to_owned)).collect();
    assert_eq!(entries, [Some("My Store / api_key".to_owned()), None, None]);
    let answers: String = shop
        .world
        .journal()
        .entries()
        .map(|entry| serde_json::to_string(&entry.to_entry().reply).unwrap())
        .collect();
    let secret = shop.credential(Name::Shipper, "second_api_key");
    assert!(!answers.contains(&secret) && !answers.contains("YOUR_API_KEY\""), "{answers}");
}
