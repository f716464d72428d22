//! Examples give way to their first creation only, and everything of an account is compared by one collation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;

use super::{Client, json_request, sample};
use crate::harness::Read as _;

fn goods(sku: &str) -> Value {
    json!([{ "name": "Mine", "sku": sku, "value": 1, "weight": 1 }])
}

fn return_of(client: &mut Client, reference: &str) {
    let day = client.world.world.now().to_string()[..10].to_owned();
    let body = json!({
        "outgoing_reference": reference, "delivery_postcode": "bs2 3ap", "return_service": 1, "expiry": day,
    });
    let reply = client.post("/v1/returns", &body);
    assert!(reply.json().get("label").is_some(), "{}", reply.text());
}

fn is_example(client: &Client, kind: &str, id: &str) -> bool {
    client.detail(kind, id).data["example"] == true
}

#[test]
fn an_example_gives_way_to_its_creation_and_to_nothing_else() {
    let mut client = Client::open();
    for (method, path, body, told) in [
        (Method::Put, "/v1/tags/2", json!({ "name": "Tag A" }), "/error/sku/unique"),
        (Method::Patch, "/v1/tags/2", json!({ "name": "TAG A" }), "/error/sku/unique"),
        (
            Method::Put,
            "/v1/products/update/basecap1",
            json!({ "sku": "hat1" }),
            "/error/sku/unique",
        ),
        (
            Method::Put,
            "/v1/products/update/basecap1",
            json!({ "sku": "HAT1" }),
            "/error/sku/unique",
        ),
    ] {
        let before = client.world.holdings();
        let request = client.bearing(json_request(method, path, &body));
        let reply = client.send(request);
        assert!(reply.json().pointer(told).is_some(), "{method} {path}: {}", reply.text());
        assert!(before == client.world.holdings(), "{method} {path}");
    }
    for (path, body) in [
        ("/v1/tags", json!({ "name": "tag a" })),
        ("/v1/products", json!({ "sku": "Hat1", "name": "Mine" })),
        ("/v1/shipments", sample("s1234", json!({}))),
    ] {
        let first = client.post(path, &body).json();
        assert!(first.get("error").is_none(), "{path}: {first}");
        let before = client.world.holdings();
        let second = client.post(path, &body);
        let is_refused =
            second.json().get("error").is_some() || second.json()["carrier_result"].is_null();
        assert!(is_refused && before == client.world.holdings(), "{path}: {}", second.text());
    }
    assert_eq!(client.get("/v1/tags/1").json()["name"], "tag a");
    assert_eq!(client.get("/v1/products/view/hat1").json()["product"]["sku"], "Hat1");
    let tags = client.get("/v1/tags").json()["tags"].as_array().unwrap().len();
    assert_eq!(tags, 2, "the example's place is taken, not another one");
}

#[test]
fn what_an_account_has_used_is_its_own() {
    type Use = fn(&mut Client);
    let uses: [(&str, Use, &str, &str); 6] = [
        (
            "a booking names the SKU",
            |client| drop(client.book("A", json!({ "/products": goods("hat1") }))),
            "product",
            "hat1",
        ),
        (
            "a booking names it in capitals",
            |client| drop(client.book("A", json!({ "/products": goods("HAT1") }))),
            "product",
            "hat1",
        ),
        (
            "a booking has the tag",
            |client| drop(client.book("A", json!({ "/tags": [1] }))),
            "tag",
            "1",
        ),
        (
            "a return goes back on the shipment",
            |client| return_of(client, "S1234"),
            "shipment",
            "S1234",
        ),
        ("its tag goes with the shipment", |client| return_of(client, "S1234"), "tag", "1"),
        (
            "an operator moves it",
            |client| {
                drop(
                    client
                        .world
                        .world
                        .apply(Name::Shiptheory, "shipment", "S1234", "archive")
                        .unwrap(),
                )
            },
            "shipment",
            "S1234",
        ),
    ];
    for (what, act, kind, id) in uses {
        let mut client = Client::open();
        assert!(is_example(&client, kind, id), "{what}");
        act(&mut client);
        assert!(!is_example(&client, kind, id), "{what}");
        let before = client.world.holdings();
        let (path, body) = match kind {
            "tag" => ("/v1/tags", json!({ "name": "Tag A" })),
            "product" => ("/v1/products", json!({ "sku": "hat1" })),
            _ => ("/v1/shipments", sample("S1234", json!({}))),
        };
        let reply = client.post(path, &body).json();
        let refused = reply.get("error").is_some() || reply["status"].is_null();
        assert!(refused && before == client.world.holdings(), "{what}: {reply}");
    }
    // Reading uses nothing up.
    let mut client = Client::open();
    for target in
        ["/v1/shipments/S1234", "/v1/products/view/hat1", "/v1/tags/1", "/v1/shipments/list"]
    {
        client.get(target);
    }
    let kinds = [("shipment", "S1234"), ("product", "hat1"), ("tag", "1")];
    assert!(kinds.iter().all(|(kind, id)| is_example(&client, kind, id)));
}

#[test]
fn one_collation_holds_for_the_whole_account() {
    let mut client = Client::open();
    client.book("Café-1", json!({ "/products": goods("ABC") }));
    let before = client.world.holdings();
    for (path, body) in [
        ("/v1/products", json!({ "sku": "abc" })),
        ("/v1/products", json!({ "sku": "Ábc " })),
        ("/v1/tags", json!({ "name": "TÁG B" })),
        ("/v1/shipments", sample("cafe-1", json!({}))),
    ] {
        let reply = client.post(path, &body).json();
        let refused = reply.get("error").is_some() || reply["status"].is_null();
        assert!(refused && before == client.world.holdings(), "{path} {body}: {reply}");
    }
    for target in ["/v1/products/view/aBc", "/v1/shipments/CAFE-1"] {
        assert_eq!(client.get(target).status, 200, "{target}");
    }
    for (query, count) in [
        ("channel_reference_id=CAFÉ-1", 1),
        ("DeliveryAddress.city=bristol&channel_reference_id=cafe-1", 1),
        ("DeliveryAddress.firstname=WILLIÂM&channel_reference_id=cafe-1", 1),
        ("status=complete&channel_reference_id=cafe-1", 0),
    ] {
        let listed = client.get(&format!("/v1/shipments/list?{query}")).json();
        assert_eq!(listed["pagination"]["results"], count, "{query}");
    }
    let picked = client
        .post("/v1/picking_lists/download", &json!({ "shipments": [{ "reference_1": "CAFE-1" }] }));
    assert!(picked.json()["pdf"].is_string(), "{}", picked.text());
    // A rename may change the case of its own name.
    let request = client.bearing(json_request(
        Method::Put,
        "/v1/products/update/abc",
        &json!({ "sku": "abc" }),
    ));
    assert_eq!(client.send(request).json()["product"]["sku"], "abc");
}

#[test]
fn the_example_is_picked_with_the_two_products_of_its_call() {
    let mut client = Client::open();
    let body = json!({ "shipments": [{ "reference_1": "S1234" }] });
    let reply = client.post("/v1/picking_lists/download", &body).json();
    let pdf = STANDARD.decode(reply["pdf"].as_str().unwrap()).unwrap();
    let printed: String = crate::pdf::pages(&pdf).iter().map(|page| page.text()).collect();
    for part in ["ussbeard500", "earlgrey"] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
}

/// The reasons that an answer carries.
fn passed_over(client: &mut Client, request: Request) -> Vec<String> {
    let request = client.bearing(request);
    client.send(request).passed_over
}

#[test]
fn what_counts_for_nothing_is_told_with_its_reason() {
    let mut client = Client::open();
    let booked = sample(
        "P1",
        json!({
            "/delivery_service": 4_711, "/increment": 2, "/mark_for_approval": true, "/tags": [1, 99],
            "/packages": [{ "id": 100_001, "weight": 1 }],
        }),
    );
    let told = passed_over(&mut client, json_request(Method::Post, "/v1/shipments", &booked));
    let named: Vec<&str> = told.iter().filter_map(|it| it.split(": ").next()).collect();
    assert_eq!(
        named,
        [
            "body.delivery_service",
            "body.increment",
            "body.mark_for_approval",
            "body.tags[]",
            "body.packages[].id"
        ]
    );
    let entry = client.world.world.journal().entries().next_back().unwrap().to_entry();
    let reading = shipmock::internals::providers::service(Name::Shiptheory)
        .reading(&entry.request, &entry.reply);
    assert_eq!(reading.unwrap().unread, told);
    for (target, named) in [
        (
            "/v1/tags?sort=colour&direction=up&limit=500&page=x",
            &["query.page", "query.limit", "query.sort", "query.direction"][..],
        ),
        ("/v1/products?sort=sku&direction=DESC&limit=2&page=1", &[]),
        ("/v1/packages/sizes?limit=0", &["query.limit"]),
        (
            "/v1/shipments/search?created_from=2026-01-01&created_to=2026-02-01&include_products=yes",
            &["query.include_products"],
        ),
    ] {
        let told = passed_over(&mut client, Request::new(Method::Get, target));
        let found: Vec<&str> = told.iter().filter_map(|it| it.split(": ").next()).collect();
        assert_eq!(found, named, "{target}");
    }
    let plain = Request::new(Method::Put, "/v1/products/update/hat1")
        .carrying("text/plain", r#"{"price":1}"#);
    let told = passed_over(&mut client, plain);
    assert!(
        told.iter().any(|it| it.starts_with("body: ") && it.contains("text/plain")),
        "{told:?}"
    );
}
