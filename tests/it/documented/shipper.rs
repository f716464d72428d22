//! The examples of Shipper's documentation, in its order, in the default world.

use serde_json::{Value, json};
use shipmock::internals::message::Reply;
use shipmock::internals::providers::Name;
use shipmock::internals::sim::webhook::egress::Reach;
use shipmock::internals::world::Orders;

use super::{assert_printed, assert_shape, curl, misfit, printed};
use crate::harness::{Read as _, TestWorld, at, build, orders, setup, small};
use crate::shipper::shop::{Shop, WAITING};

/// Makes a printed call; only the host is another.
fn run(world: &mut TestWorld, command: &str) -> Reply {
    let (host, request) = curl(command);
    assert_eq!(host, "server.shipper.network");
    world.call(Name::Shipper, request)
}

/// Makes a printed call in a world of its own.
fn alone(command: &str) -> Reply {
    run(&mut TestWorld::open("default"), command)
}

/// The default scenario without its past, at an instant at which the documentation has printed something.
fn back_then(instant: &str) -> TestWorld {
    let reach = Reach {
        redirects: vec![Reach::redirect("https://mystore.com=http://127.0.0.1:3000").unwrap()],
        ..Reach::default()
    };
    TestWorld::of(build("default", small(), Orders { at: Some(at(instant)), reach, ..orders() }))
}

const COUNTRIES: &str = r#"curl https://server.shipper.network/api/v1/countries \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

const TUNISIA: &str = r#"{
    "code": "TN",
    "name": "Tunisia",
    "geo_structure": {
        "fields": [
            { "id": "division_1_id", "label": "Governorate", "level": 1, "required": true, "depends_on": null },
            { "id": "division_2_id", "label": "Delegation", "level": 2, "required": true, "depends_on": "division_1_id" }
        ]
    }
}"#;

#[test]
fn countries_begin_with_tunisia_as_printed() {
    let reply = alone(COUNTRIES);
    let list = reply.json();
    assert_eq!(list[0].to_string(), printed(TUNISIA).to_string());
    let codes: Vec<&str> =
        list.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["TN", "DZ", "MA"]);
    snapshot!("documented", "shipper-countries", reply.wire());
}

const DIVISIONS: &str = r#"curl https://server.shipper.network/api/v1/countries/TN/divisions \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

const DELEGATIONS: &str = r#"curl "https://server.shipper.network/api/v1/countries/TN/divisions?level=2&parent_id=1" \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

/// The divisions of an answer, of which the documentation prints the first three.
fn divisions_begin(reply: &Reply, first: &str) {
    assert_eq!(reply.status, 200);
    let body = reply.json();
    let printed_shape = json!({ "country": "TN", "geo_structure": printed(TUNISIA)["geo_structure"], "divisions": "..." });
    assert_eq!(misfit(&printed_shape, &body, "$"), None);
    assert_eq!(body["geo_structure"], printed(TUNISIA)["geo_structure"]);
    let three: Vec<Value> = body["divisions"].as_array().unwrap().iter().take(3).cloned().collect();
    assert_eq!(Value::Array(three).to_string(), printed(first).to_string());
}

#[test]
fn divisions_begin_as_printed() {
    let reply = alone(DIVISIONS);
    divisions_begin(
        &reply,
        r#"[
            { "id": 1, "name": "Tunis", "level": 1, "parent_id": null },
            { "id": 2, "name": "Sfax", "level": 1, "parent_id": null },
            { "id": 3, "name": "Sousse", "level": 1, "parent_id": null }
        ]"#,
    );
    snapshot!("documented", "shipper-divisions", reply.wire());
    let reply = alone(DELEGATIONS);
    divisions_begin(
        &reply,
        r#"[
            { "id": 10, "name": "Bab El Bhar", "level": 2, "parent_id": 1 },
            { "id": 11, "name": "Bab Souika", "level": 2, "parent_id": 1 },
            { "id": 12, "name": "Carthage", "level": 2, "parent_id": 1 }
        ]"#,
    );
    snapshot!("documented", "shipper-divisions-of-tunis", reply.wire());
}

const PRODUCTS: &str = r#"curl "https://server.shipper.network/api/v1/products?per_page=10&search=shirt" \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

/// The printed row has one of the product's two variants.
#[test]
fn products_begin_with_the_printed_one() {
    let reply = alone(PRODUCTS);
    assert_shape(
        &reply,
        200,
        r#"{
            "data": [
                {
                    "uuid": "2e97b37a-3118-4905-842c-19706bcf1455", "name": "Blue T-Shirt", "sku": "SKU-001", "price": 190,
                    "cost": 75, "status": "active",
                    "link": "https://app.shipper.market/products/2e97b37a-3118-4905-842c-19706bcf1455",
                    "supplier_identifier": "RU836", "available_qte": 42,
                    "variants": [
                        {
                            "uuid": "a1b2c3d4-5678-9012-abcd-ef0123456789", "name": "Size L", "sku": "SKU-001-L", "price": 190,
                            "cost": 75, "available_qte": 15
                        }
                    ]
                }
            ],
            "pagination": { "total": 50, "current_page": 1, "per_page": 10, "last_page": 5 }
        }"#,
    );
    let body = reply.json();
    assert_eq!(body["data"].as_array().unwrap().len(), 10);
    let pagination = json!({ "total": 50, "current_page": 1, "per_page": 10, "last_page": 5 });
    assert_eq!(body["pagination"], pagination);
    let mut first = body["data"][0].clone();
    first["variants"].as_array_mut().unwrap().truncate(1);
    let row = r#"{
        "uuid": "2e97b37a-3118-4905-842c-19706bcf1455", "name": "Blue T-Shirt", "sku": "SKU-001", "price": 190, "cost": 75,
        "status": "active", "link": "https://app.shipper.market/products/2e97b37a-3118-4905-842c-19706bcf1455",
        "supplier_identifier": "RU836", "available_qte": 42,
        "variants": [
            { "uuid": "a1b2c3d4-5678-9012-abcd-ef0123456789", "name": "Size L", "sku": "SKU-001-L", "price": 190, "cost": 75, "available_qte": 15 }
        ]
    }"#;
    assert_eq!(first.to_string(), printed(row).to_string());
    snapshot!("documented", "shipper-products", reply.wire());
}

const PRODUCT: &str = r#"curl https://server.shipper.network/api/v1/products/2e97b37a-3118-4905-842c-19706bcf1455 \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

/// The variants' ids are printed with dots; their beginnings are the documented ones.
#[test]
fn the_product_is_the_printed_one() {
    let reply = alone(PRODUCT);
    assert_printed(
        &reply,
        200,
        r#"{
            "uuid": "2e97b37a-3118-4905-842c-19706bcf1455",
            "name": "Blue T-Shirt",
            "sku": "SKU-001",
            "price": 190,
            "cost": 75,
            "status": "active",
            "link": "https://app.shipper.market/products/2e97b37a-3118-4905-842c-19706bcf1455",
            "supplier_identifier": "RU836",
            "available_qte": 42,
            "variants": [
                { "uuid": "a1b2c3d4-5678-9012-abcd-ef0123456789", "name": "Size L", "sku": "SKU-001-L", "price": 190, "cost": 75, "available_qte": 15 },
                { "uuid": "e5f6a7b8-9012-4345-8678-9abcdef01234", "name": "Size M", "sku": "SKU-001-M", "price": 190, "cost": 75, "available_qte": 27 }
            ]
        }"#,
    );
    snapshot!("documented", "shipper-product", reply.wire());
}

#[test]
fn the_wrong_and_the_right_date_are_answered_as_printed() {
    let ask = |target: &str| {
        let command = format!(
            "curl {target} -H \"Authorization: Bearer YOUR_API_KEY\" -H \"Accept: application/json\""
        );
        alone(&command)
    };
    let reply = ask("https://server.shipper.network/api/v1/orders?start_date=2026-03-29%1009:00");
    assert_printed(
        &reply,
        422,
        r#"{
            "error": "Invalid start_date format.",
            "value": "2026-03-29\u001009:00",
            "expected_formats": [
                "YYYY-MM-DD",
                "YYYY-MM-DD HH:MM",
                "YYYY-MM-DD HH:MM:SS",
                "ISO 8601 (e.g. 2026-05-14T10:30:00Z)"
            ],
            "hint": "A space in the URL must be encoded as %20, not %10 or +."
        }"#,
    );
    snapshot!("documented", "shipper-wrong-date", reply.wire());
    let right = ask("https://server.shipper.network/api/v1/orders?start_date=2026-03-29%2009:00");
    assert_eq!(right.status, 200);
}

const ORDERS: &str = r#"curl "https://server.shipper.network/api/v1/orders?status=delivered&start_date=2026-05-01%2009:00&per_page=10" \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

#[test]
fn orders_begin_with_the_printed_one() {
    let reply = alone(ORDERS);
    let list = r#"{
        "data": [
            {
                "id": 555,
                "status": "Paid",
                "store_name": "My Store",
                "is_cod": true,
                "is_paid": true,
                "created_at": "2026-05-10T10:00:00.000000Z",
                "address": { "first_name": "Omar", "last_name": "Ben Ali", "phone1": "+21628177188" },
                "items_count": 3,
                "shipments_count": 1,
                "products": [
                    { "id": 442, "name": "Smart Sensor Light Toilet Lid" }
                ],
                "revenue": "59",
                "external_order_id": "ORD-123",
                "external_order_url": "https://mystore.com/orders/123"
            }
        ],
        "pagination": { "total": 150, "current_page": 1, "per_page": 10, "last_page": 15 }
    }"#;
    assert_shape(&reply, 200, list);
    assert_eq!(reply.json()["data"][0].to_string(), printed(list)["data"][0].to_string());
    assert_eq!(reply.json()["data"].as_array().unwrap().len(), 10);
    snapshot!("documented", "shipper-orders", reply.wire());
}

const CREATE: &str = r#"curl -X POST https://server.shipper.network/api/v1/orders \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json" \
-H "Content-Type: application/json" \
-d '{
"address": {
"name": "Omar Ben Ali",
"division_1": "Tunis",
"division_2": null,
"phone1": "28177188",
"address1": "Rue de la Liberte",
"country": "TN"
},
"items": [
{ "quantity": 1, "id": "YOUR_PRODUCT_UUID", "total_price": 190 }
],
"shipping_total": 9,
"is_cod": true,
"auto_fulfill": true,
"with_confirmation": true,
"store_name": "My Store",
"external_order_id": "ORD-12345",
"external_order_url": "https://mystore.com/orders/12345"
}'"#;

const SHOW: &str = r#"curl https://server.shipper.network/api/v1/orders/555 \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

/// Order 555 is there already, so the next one is 556: the reading example wins.
#[test]
fn creating_gives_the_next_id_and_nothing_else() {
    let mut world = TestWorld::open("default");
    let reply = run(&mut world, CREATE);
    assert_printed(&reply, 201, r#"{ "id": 556 }"#);
    snapshot!("documented", "shipper-create", reply.wire());
    let created = run(&mut world, &SHOW.replace("555", "556"));
    assert_shape(
        &created,
        200,
        r#"{ "id": 556, "status": "Pending", "contact_task_status": "pending", "shipments": "...", "address": "..." }"#,
    );
    let printed_address = printed(ADDRESS);
    assert_eq!(created.json()["address"].to_string(), printed_address.to_string());
    let row = run(&mut world, &ORDERS.replace("status=delivered&", "")).json()["data"][0].clone();
    assert_eq!(
        (&row["id"], &row["revenue"], &row["is_paid"]),
        (&json!(556), &json!("0"), &json!(false))
    );
    assert_eq!(row["external_order_url"], "https://mystore.com/orders/12345");
}

const ADDRESS: &str = r#"{
    "first_name": "Omar", "last_name": "Ben Ali",
    "phone1": "+21628177188", "phone2": "",
    "address1": "Rue de la Liberte", "address2": "",
    "division_1": "Tunis", "division_2": null, "country": "TN"
}"#;

#[test]
fn the_order_is_the_printed_one() {
    let reply = alone(SHOW);
    let order = r#"{
        "id": 555,
        "status": "Paid",
        "contact_task_status": "called",
        "shipments": [
            {
                "uuid": "11111111-2222-3333-4444-555555555555",
                "status": "delivered",
                "tracking_numbers": [
                    {
                        "number": "99999999999",
                        "logs": [
                            { "status": "at_carrier_origin_facility", "created_at": "2025-01-15T02:02:59.000000Z", "external_timestamp": "2025-01-14 22:48:00" },
                            { "status": "in_transit", "created_at": "2025-01-15T02:02:59.000000Z", "external_timestamp": "2025-01-14 23:05:00" },
                            { "status": "delivered", "created_at": "2025-01-18T02:09:19.000000Z", "external_timestamp": "2025-01-17 14:16:00" }
                        ]
                    }
                ]
            }
        ],
        "address": ADDRESS
    }"#;
    assert_printed(&reply, 200, &order.replace("ADDRESS", ADDRESS));
    snapshot!("documented", "shipper-order", reply.wire());
}

const CANCEL: &str = r#"curl -X POST https://server.shipper.network/api/v1/orders/555/cancel \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

/// Order 555 is paid, so the printed call gives the printed refusal; order 554 waits for packaging.
#[test]
fn cancelling_is_answered_as_printed() {
    let reply = alone(&CANCEL.replace("555", "554"));
    assert_printed(&reply, 200, r#"{ "success": true, "canceled_shipments": 1 }"#);
    snapshot!("documented", "shipper-cancel", reply.wire());
    let reply = alone(CANCEL);
    assert_printed(&reply, 422, r#"{ "error": "No shipments available to cancel" }"#);
    snapshot!("documented", "shipper-cancel-too-late", reply.wire());
}

const REGISTER: &str = r#"curl -X POST https://server.shipper.network/api/v1/webhooks \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json" \
-H "Content-Type: application/json" \
-d '{
"url": "https://mystore.com/webhooks/shipper",
"events": ["order.status_changed", "shipment.status_changed"],
"secret": "my-webhook-secret-key"
}'"#;

const WEBHOOKS: &str = r#"curl https://server.shipper.network/api/v1/webhooks \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

const UNREGISTER: &str = r#"curl -X DELETE https://server.shipper.network/api/v1/webhooks/1 \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json""#;

/// At the printed instants even the dates are the printed ones.
#[test]
fn webhooks_are_registered_listed_and_deleted_as_printed() {
    let mut world = back_then("2025-03-29T10:00:00Z");
    let reply = run(&mut world, REGISTER);
    assert_printed(
        &reply,
        201,
        r#"{
            "id": 1,
            "url": "https://mystore.com/webhooks/shipper",
            "events": ["order.status_changed", "shipment.status_changed"],
            "status": "active",
            "created_at": "2025-03-29T10:00:00.000000Z"
        }"#,
    );
    snapshot!("documented", "shipper-webhook-register", reply.wire());
    world.advance_to(at("2025-03-29T15:30:00Z"));
    world.world.apply(Name::Shipper, "shipment", WAITING, "pack").unwrap();
    world.deliver();
    assert_eq!(world.sent().len(), 2);
    let reply = run(&mut world, WEBHOOKS);
    assert_printed(
        &reply,
        200,
        r#"[
            {
                "id": 1,
                "url": "https://mystore.com/webhooks/shipper",
                "events": ["order.status_changed", "shipment.status_changed"],
                "status": "active",
                "last_triggered_at": "2025-03-29T15:30:00.000000Z",
                "failure_count": 0,
                "created_at": "2025-03-29T10:00:00.000000Z"
            }
        ]"#,
    );
    snapshot!("documented", "shipper-webhooks", reply.wire());
    let reply = run(&mut world, UNREGISTER);
    assert_printed(&reply, 200, r#"{ "success": true }"#);
    snapshot!("documented", "shipper-webhook-delete", reply.wire());
}

/// The printed shipment, once it is on its way: delivering it at the printed instant sends the printed bytes, with the
/// signature that was computed elsewhere.
#[test]
fn the_webhook_of_a_shipment_is_the_printed_one() {
    let mut setup = setup("default");
    let shipper = setup.shipper.as_mut().unwrap();
    let organization = &mut shipper.organizations.as_mut().unwrap()[0];
    organization.history = None;
    let order = organization.orders.iter_mut().find(|order| order.id == Some(555)).unwrap();
    order.shipments[0].life.retain(|step| step.on != "deliver");
    order.shipments[0].payment.clear();
    let reach = Reach {
        redirects: vec![Reach::redirect("https://mystore.com=http://127.0.0.1:3000").unwrap()],
        ..Reach::default()
    };
    let orders = Orders { at: Some(at("2025-01-15T10:30:00Z")), reach, ..orders() };
    let mut world = TestWorld::of(build("default", setup, orders));
    run(&mut world, REGISTER);
    let shipment = crate::shipper::shop::DELIVERED;
    world.world.apply(Name::Shipper, "shipment", shipment, "deliver").unwrap();
    world.deliver();
    let sent = world.sent();
    let event = r#"{
        "event": "shipment.status_changed",
        "timestamp": "2025-01-15T10:30:00.000000Z",
        "data": {
            "order_id": 555,
            "shipment_uuid": "11111111-2222-3333-4444-555555555555",
            "status": "delivered",
            "previous_status": "onitsway"
        }
    }"#;
    assert_eq!(sent[0].body, printed(event).to_string());
    let signature = "583ef5f2b98a7834a766cc711a2b6476a7488e4bf33de08a5ce54b719437df51";
    assert_eq!(sent[0].headers.get("x-shipper-signature"), Some(signature));
    // The printed order goes from Pending to Paid at once, which no order does: the shape is what can be kept.
    let event = r#"{
        "event": "order.status_changed",
        "timestamp": "2025-01-15T10:30:00.000000Z",
        "data": { "order_id": 555, "status": "Paid", "previous_status": "Pending" }
    }"#;
    assert_eq!(misfit(&printed(event), &sent[1].json(), "$"), None);
    assert_eq!(
        sent[1].json()["data"],
        json!({ "order_id": 555, "status": "Delivered", "previous_status": "In Transit" })
    );
    let shown: Vec<String> = sent
        .iter()
        .map(|sent| {
            let fields: String =
                sent.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
            format!("POST {}\n{fields}\n{}\n", sent.url, sent.body)
        })
        .collect();
    snapshot!("documented", "shipper-webhook-events", shown.join("\n"));
}

/// Documentation, "Error codes": each code once, with a body of JSON.
#[test]
fn every_code_of_the_table_is_met() {
    let mut shop = Shop::small();
    let mut met = vec![
        shop.get("/orders"),
        shop.post("/orders", &crate::shipper::shop::one_shirt()),
        shop.get("/orders/999"),
        shop.post("/orders", &json!({})),
        shop.by("disabled_api_key").get("/orders"),
        shop.by("revoked_api_key").get("/orders"),
        alone(&COUNTRIES.replace("YOUR_API_KEY", "nobody")),
    ];
    for _ in 0..61 {
        met.push(shop.get("/countries"));
    }
    let mut codes: Vec<u16> = met.iter().map(|reply| reply.status).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes, [200, 201, 401, 403, 404, 422, 429]);
    for reply in &met {
        assert!(reply.json().is_object() || reply.json().is_array());
    }
}
