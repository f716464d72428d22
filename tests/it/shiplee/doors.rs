//! What no route takes, and what a scenario may say.

use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method, Request};
use shipmock::internals::providers::{Name, service};

use super::{Client, build, changed, sample_booking, sample_order, sample_rates, sample_warehouse};

#[test]
fn an_unknown_path_is_a_page_for_get_and_a_refusal_for_the_rest() {
    let mut client = Client::stranger();
    for path in ["/", "/status", "/sitemap.xml", "/orders/484900", "/tracking?awb=1"] {
        let answer = client.get(path);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.reply.headers.get("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(answer.reply.evidence, Evidence::Observed);
        assert!(answer.text.starts_with("<!DOCTYPE html>"), "{path}");
    }
    client.post("/status", &json!({})).refuses(404, "Endpoint not found");
    let delete = client.send(Request::new(Method::Delete, "/status"));
    delete.refuses(404, "Endpoint not found");
}

#[test]
fn a_browser_may_ask_first_unless_a_scenario_says_no() {
    let ask = || {
        Request::new(Method::Options, "/rates")
            .with("origin", "http://localhost:3000")
            .with("access-control-request-method", "POST")
    };
    let mut client = Client::stranger();
    let answer = client.send(ask());
    assert_eq!(answer.status, 204);
    assert_eq!(answer.reply.headers.get("access-control-allow-origin"), Some("*"));
    let mut closed = Client::with(json!({ "switches": { "cors": false } }));
    let answer = closed.send(ask());
    answer.refuses(405, "Method not allowed");
    assert_eq!(answer.reply.headers.get("access-control-allow-origin"), None);
}

#[test]
fn every_status_is_the_scenarios() {
    let mut client = Client::with(json!({ "statuses": {
        "already_booked": 400, "balance": 402, "token": 403, "path": 200, "booking": 502,
    } }));
    client.booked(484_900);
    let again = client.post("/create_shipment", &sample_booking());
    again.refuses(400, "Order already booked with AWB: XB1234567890");
    let order = client.order(json!({ "pincode": "999999" }));
    assert_eq!(client.book(order).status, 502);
    client.patch("seller", "62", json!({ "wallet": 0 }));
    assert_eq!(client.post("/create_shipment", &sample_booking()).status, 402);
    assert_eq!(client.post("/nowhere", &json!({})).status, 200);
    client.token.clear();
    assert_eq!(client.get("/get_warehouses").status, 403);
}

#[test]
fn a_setup_that_contradicts_itself_is_refused_with_its_place() {
    let wrong = |shiplee: Value| {
        let setup = serde_json::from_value(json!({ "shiplee": shiplee })).unwrap();
        let wrong = build(setup).unwrap_err();
        (wrong.place, wrong.problem)
    };
    let seller =
        |more: Value| json!({ "sellers": [changed(json!({ "username": "a@b.example" }), more)] });
    let warehouse = json!({
        "nickname": "W", "address1": "S", "pincode": "110076", "city": "C", "state": "D",
    });
    for (setup, place) in [
        (json!({ "statuses": { "balance": 99 } }), "statuses.balance"),
        (json!({ "journey": "nowhere" }), "journey"),
        (json!({ "reverse_journey": "delivered" }), "reverse_journey"),
        (json!({ "rates": { "slab_grams": 0 } }), "rates.slab_grams"),
        (json!({ "pincodes": [{ "pincode": "0" }] }), "pincodes[0].pincode"),
        (seller(json!({ "username": "" })), "sellers[0].username"),
        (json!({ "sellers": [{ "username": "a" }, { "username": "A" }] }), "sellers[1].username"),
        (
            json!({ "sellers": [{ "username": "a" }, { "username": "b", "id": 62 }] }),
            "sellers[1].id",
        ),
        (seller(json!({ "plan": "gold" })), "sellers[0].plan"),
        (seller(json!({ "history": { "orders": 1, "days": 1 } })), "sellers[0].history"),
        (
            seller(
                json!({ "warehouses": [changed(warehouse.clone(), json!({ "pincode": "1" }))] }),
            ),
            "sellers[0].warehouses[0].pincode",
        ),
        (
            seller(json!({ "warehouses": [changed(warehouse, json!({ "mobile": "1" }))] })),
            "sellers[0].warehouses[0].mobile",
        ),
        (
            seller(json!({ "orders": [{ "id": 0, "request": sample_order() }] })),
            "sellers[0].orders[0].id",
        ),
        (
            seller(
                json!({ "orders": [{ "request": changed(sample_order(), json!({ "city": null })) }] }),
            ),
            "sellers[0].orders[0].request",
        ),
    ] {
        assert_eq!(wrong(setup).0, format!("shiplee.{place}"));
    }
    let (_, problem) = wrong(seller(json!({ "plan": "gold" })));
    assert_eq!(problem, "there is no plan `gold`; the plans are enterprise, growth, starter");
}

#[test]
fn a_world_with_nothing_but_a_seller_gives_the_documented_numbers() {
    let setup = json!({ "shiplee": { "sellers": [
        { "username": "you@example.com", "api_key": "your-api-key", "wallet": 499.99 },
    ] } });
    let world = build(serde_json::from_value(setup).unwrap()).unwrap();
    let mut client = Client { world, token: String::new() }.entered();
    assert_eq!(client.login("you@example.com", "your-api-key").json()["user"]["id"], 62);
    assert_eq!(client.wallet(), 499.99);
    let warehouse = client.post("/add_warehouse", &sample_warehouse()).json();
    assert_eq!(warehouse["warehouse_id"], 2_147_483_833_u64);
    assert_eq!(client.post("/order", &sample_order()).json()["order_id"], 484_900);
    client.book(484_900).refuses(400, "Insufficient balance (< ₹500)");
    client.patch("seller", "62", json!({ "wallet": 5000 }));
    let booked = client.book(484_900).json();
    assert_eq!(booked["shipment_id"], "SHPL-54321");
    let awb = booked["awb_number"].as_str().unwrap().to_owned();
    assert_eq!(client.send_back(484_900, &awb, json!({})), 1_042);
}

#[test]
fn a_scenario_changes_one_seller_and_keeps_the_rest() {
    let mut client = Client::with(json!({ "sellers": [
        { "username": "you@example.com", "plan": "enterprise" },
        { "username": "new@example.com", "api_key": "new" },
    ] }));
    let rates = client.post("/rates", &sample_rates()).json();
    assert_eq!(rates["data"]["carrier_info"][0]["cost"], 127);
    assert_eq!(client.login("new@example.com", "new").status, 200);
    assert_eq!(client.login("other@example.com", "other-api-key").status, 200);
    let presets = service(Name::Shiplee).presets(client.world.providers());
    let names: Vec<&str> = presets.credentials.keys().map(String::as_str).collect();
    for name in [
        "username",
        "api_key",
        "shiplee_id",
        "other_username",
        "other_api_key",
        "locked_username",
        "locked_api_key",
    ] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
}
