//! What an order and a reverse order must say, field by field.

use serde_json::{Value, json};
use shipmock::internals::message::Evidence;

use super::{Client, changed, sample_order, sample_return};

fn missing(field: &str) -> String {
    format!("Missing required field: {field}")
}

#[test]
fn the_fields_of_an_order_are_missed_in_the_order_of_the_sample() {
    let mut client = Client::open();
    let required = [
        "pincode",
        "city",
        "state",
        "name",
        "mobileNumber",
        "addressLine1",
        "orderID",
        "products",
        "parcels",
    ];
    let mut body = json!({});
    for field in required {
        client.post("/order", &body).refuses(400, &missing(field));
        body[field] = sample_order()[field].clone();
    }
    assert_eq!(client.post("/order", &body).status, 201);
    for field in required {
        for nothing in [json!(null), json!(""), json!("  "), json!([]), json!({})] {
            let answer = client.post("/order", &changed(sample_order(), json!({ field: nothing })));
            answer.refuses(400, &missing(field));
        }
    }
    let not_json = client.form("/order", "pincode=560098");
    not_json.refuses(400, &missing("pincode"));
}

#[test]
fn a_strict_scenario_wants_every_field_of_the_sample() {
    let mut client = Client::with(json!({ "switches": { "strict_order": true } }));
    for field in ["email", "sameAddressCheckbox", "paymentType"] {
        let answer = client.post("/order", &changed(sample_order(), json!({ field: null })));
        answer.refuses(400, &missing(field));
    }
    assert_eq!(client.post("/order", &sample_order()).status, 201);
}

/// The sample with one value at a path replaced.
fn with(mut body: Value, path: &str, value: Value) -> Value {
    *body.pointer_mut(path).unwrap() = value;
    body
}

#[test]
#[rustfmt::skip]
fn a_field_of_an_order_that_does_not_fit_is_named() {
    let mut client = Client::open();
    let number = "a number above 0";
    for (path, value, message) in [
        ("/pincode",                  json!("012345"),     "Invalid pincode: must be 6-digit starting 1-9".to_owned()),
        ("/pincode",                  json!(56_009),       "Invalid pincode: must be 6-digit starting 1-9".to_owned()),
        ("/mobileNumber",             json!("5000000000"), "Invalid mobileNumber: must be 10-digit starting 6-9".to_owned()),
        ("/mobileNumber",             json!("+919000000001"), "Invalid mobileNumber: must be 10-digit starting 6-9".to_owned()),
        ("/paymentType",              json!("later"),      "Invalid paymentType: must be prepaid or cod".to_owned()),
        ("/products",                 json!("Sample"),     "Invalid products: must be a list of products".to_owned()),
        ("/products",                 json!([1]),          "Invalid products: must be a list of products".to_owned()),
        ("/products/0/productName",   json!(""),           missing("products[0].productName")),
        ("/products/0/quantity",      json!(0),            "Invalid products[0].quantity: must be a whole number of at least 1".to_owned()),
        ("/products/0/quantity",      json!(1.5),          "Invalid products[0].quantity: must be a whole number of at least 1".to_owned()),
        ("/products/0/productPrice",  json!(-0.01),        "Invalid products[0].productPrice: must be a number of at least 0".to_owned()),
        ("/products/0/productPrice",  json!("1e40"),       "Invalid products[0].productPrice: must be at most 1000000000000".to_owned()),
        ("/products/0/quantity",      json!(1_000_001),    "Invalid products[0].quantity: must be at most 1000000".to_owned()),
        ("/products/0/quantity",      json!(1e30),         "Invalid products[0].quantity: must be at most 1000000".to_owned()),
        ("/products/0/quantity",      json!(true),         "Invalid products[0].quantity: must be a whole number of at least 1".to_owned()),
        ("/parcels/0/length",         json!(0),            format!("Invalid parcels[0].length: must be {number}")),
        ("/parcels/0/height",         json!("tall"),       format!("Invalid parcels[0].height: must be {number}")),
        ("/parcels/0/physicalWeight", json!(-1),           format!("Invalid parcels[0].physicalWeight: must be {number}")),
        ("/parcels/0/physicalWeight", json!(1e30),         "Invalid parcels[0].physicalWeight: must be at most 10000".to_owned()),
        ("/parcels/0/length",         json!(10_001),       "Invalid parcels[0].length: must be at most 10000".to_owned()),
        ("/city",                     json!({ "a": 1 }),   "Invalid city: must be a string".to_owned()),
        ("/orderID",                  json!(["ORD"]),      "Invalid orderID: must be a string".to_owned()),
        ("/name",                     json!(true),         "Invalid name: must be a string".to_owned()),
        ("/email",                    json!([]),           "Invalid email: must be a string".to_owned()),
        ("/products/0/sku",           json!({}),           "Invalid products[0].sku: must be a string".to_owned()),
        ("/sameAddressCheckbox",      json!(2),            "Invalid sameAddressCheckbox: must be 1 or 0".to_owned()),
        ("/parcels/0/breadth",        json!(null),         missing("parcels[0].breadth")),
        ("/parcels/0",                json!([]),           "Invalid parcels: must be a list of parcels".to_owned()),
    ] {
        let answer = client.post("/order", &with(sample_order(), path, value.clone()));
        assert_eq!(answer.refusal(), (400, message), "{path} {value}");
    }
}

#[test]
fn what_php_takes_for_a_number_is_one() {
    let mut client = Client::open();
    for (path, value) in [
        ("/pincode", json!(560_098)),
        ("/mobileNumber", json!(9_000_000_001_u64)),
        ("/products/0/quantity", json!("2")),
        ("/products/0/productPrice", json!("499.50")),
        ("/products/0/productPrice", json!(0)),
        ("/parcels/0/physicalWeight", json!("1.5")),
        ("/parcels/0/length", json!(10.25)),
        ("/parcels/0/length", json!(1e-7)),
        ("/parcels/0/length", json!(10_000)),
        ("/paymentType", json!("COD")),
        ("/paymentType", json!(null)),
        ("/orderID", json!(123_456)),
    ] {
        let answer = client.post("/order", &with(sample_order(), path, value.clone()));
        assert_eq!(answer.status, 201, "{path} {value}: {}", answer.text);
    }
}

#[test]
fn a_billing_address_of_its_own_needs_its_fields() {
    let mut client = Client::open();
    let mut body = changed(sample_order(), json!({ "sameAddressCheckbox": 0 }));
    client.post("/order", &body).refuses(400, &missing("billingPincode"));
    body["billingPincode"] = json!("5600");
    client.post("/order", &body).refuses(400, &missing("billingName"));
    body["billingName"] = json!("Jane Doe");
    client.post("/order", &body).refuses(400, "Invalid pincode: must be 6-digit starting 1-9");
    body["billingPincode"] = json!("560001");
    body["billingCity"] = json!("Bangalore");
    let order = client.post("/order", &body).json()["order_id"].to_string();
    let billing = &client.detail("order", &order).data["billing"];
    assert_eq!((&billing["name"], &billing["city"]), (&json!("Jane Doe"), &json!("Bangalore")));
    assert_eq!((&billing["mobile"], &billing["address1"]), (&json!(null), &json!(null)));
    for (same, needs_billing) in [
        (json!(1), false),
        (json!(true), false),
        (json!("1"), false),
        (json!(null), false),
        (json!(false), true),
        (json!("0"), true),
    ] {
        let answer =
            client.post("/order", &changed(sample_order(), json!({ "sameAddressCheckbox": same })));
        assert_eq!(answer.status == 400, needs_billing, "{same}");
    }
}

#[test]
fn the_fields_of_a_reverse_order_are_missed_in_the_order_of_the_table() {
    let mut client = Client::open();
    client.booked(484_900);
    let mut body = json!({});
    for field in ["orderId", "awbNumber", "reason", "warehouseId", "customer", "products", "parcel"]
    {
        client.post("/reverse_order", &body).refuses(400, &missing(field));
        body[field] = sample_return()[field].clone();
    }
    body["customer"] = json!({ "altMobile": "1" });
    for field in ["name", "mobile", "address1", "pincode", "city", "state"] {
        client.post("/reverse_order", &body).refuses(400, &missing(&format!("customer.{field}")));
        body["customer"][field] = sample_return()["customer"][field].clone();
    }
    body["products"] = json!([{ "sku": "X" }]);
    for field in ["productName", "quantity", "productPrice"] {
        client
            .post("/reverse_order", &body)
            .refuses(400, &missing(&format!("products[0].{field}")));
        body["products"][0][field] = sample_return()["products"][0][field].clone();
    }
    body["parcel"] = json!({ "colour": "brown" });
    for field in ["length", "breadth", "height", "physicalWeight"] {
        client.post("/reverse_order", &body).refuses(400, &missing(&format!("parcel.{field}")));
        body["parcel"][field] = sample_return()["parcel"][field].clone();
    }
    assert_eq!(client.post("/reverse_order", &body).status, 201);
}

#[test]
fn a_field_of_a_reverse_order_that_does_not_fit_is_named() {
    let mut client = Client::open();
    client.booked(484_900);
    for (path, value, message) in [
        ("/orderId", json!("ORD-123456"), "Invalid orderId: must be numeric"),
        ("/orderId", json!(1.5), "Invalid orderId: must be an integer"),
        ("/orderId", json!(true), "Invalid orderId: must be numeric"),
        ("/orderId", json!([1]), "Invalid orderId: must be numeric"),
        ("/customer", json!("John"), "Invalid customer: must be an object"),
        ("/customer/pincode", json!("560 98"), "Invalid pincode: must be 6-digit starting 1-9"),
        ("/customer/mobile", json!("90000000011"), "Invalid mobile: must be 10-digit starting 6-9"),
        ("/parcel", json!([{ "length": 10 }]), "Invalid parcel: must be an object"),
        ("/paymentType", json!("cash"), "Invalid paymentType: must be prepaid or cod"),
        ("/insurance", json!("maybe"), "Invalid insurance: must be a boolean"),
        ("/customer/addressType", json!("castle"), "Invalid addressType: must be home or office"),
        ("/customer/altMobile", json!(["12"]), "Invalid altMobile: must be a string"),
        ("/reason", json!({ "a": 1 }), "Invalid reason: must be a string"),
    ] {
        let answer = client.post("/reverse_order", &with(sample_return(), path, value.clone()));
        answer.refuses(400, message);
    }
    for (path, value) in [
        ("/orderId", json!("484900")),
        ("/warehouseId", json!("2147483833")),
        ("/customer/altMobile", json!("12")),
        ("/customer/email", json!("not an address")),
        ("/customer/pincode", json!(560_098)),
        ("/insurance", json!(true)),
        ("/paymentType", json!("cod")),
    ] {
        let answer = client.post("/reverse_order", &with(sample_return(), path, value.clone()));
        assert_eq!(answer.status, 201, "{path} {value}: {}", answer.text);
    }
}

#[test]
fn a_reverse_order_needs_a_booked_order_of_ones_own_with_its_waybill() {
    let mut client = Client::open();
    let absent = "Order or warehouse not found";
    let before = client.post("/reverse_order", &sample_return());
    before.refuses(404, absent);
    assert_eq!(before.reply.evidence, Evidence::Inferred);
    client.booked(484_900);
    let mut refused =
        |changes: Value| client.post("/reverse_order", &changed(sample_return(), changes));
    refused(json!({ "awbNumber": "XB9999999" })).refuses(404, absent);
    for order in [json!(1), json!(-1), json!(1e30)] {
        refused(json!({ "orderId": order })).refuses(404, absent);
    }
    for warehouse in [json!(1), json!("main"), json!(true), json!([1]), json!(2_147_483_834_u64)] {
        // The last one is there, but another seller's.
        refused(json!({ "warehouseId": warehouse }))
            .refuses(403, "Invalid or unauthorized warehouse");
    }
    client.token = client.token_of("other@example.com", "other-api-key");
    let foreign = changed(sample_return(), json!({ "warehouseId": 2_147_483_834_u64 }));
    client.post("/reverse_order", &foreign).refuses(404, absent);
}

#[test]
fn a_warehouse_has_its_fields_and_is_listed_at_once() {
    let mut client = Client::open();
    let mut body = json!({});
    for field in ["nickname", "mobileNumber", "address1", "pincode", "city", "state"] {
        client.post("/add_warehouse", &body).refuses(400, &missing(field));
        body[field] = super::sample_warehouse()[field].clone();
    }
    let pincode = changed(body.clone(), json!({ "pincode": "99999" }));
    client
        .post("/add_warehouse", &pincode)
        .refuses(400, "Invalid pincode: must be 6-digit starting 1-9");
    let mobile = changed(body.clone(), json!({ "mobileNumber": "0900000001" }));
    client
        .post("/add_warehouse", &mobile)
        .refuses(400, "Invalid mobileNumber: must be 10-digit starting 6-9");
    let id = client.post("/add_warehouse", &body).json()["warehouse_id"].as_u64().unwrap();
    assert!(id > u64::from(u32::MAX) / 2, "{id}");
    let listed = client.get("/get_warehouses").json();
    let listed = listed["data"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[1]["id"], &listed[1]["addressType"]), (&json!(id), &json!("primary")));
}
