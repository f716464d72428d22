//! Every example of the documentation, in its order, with only the host changed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use shipmock::internals::message::Evidence;

use super::curl;

use crate::shiplee::{
    Answer, Client, changed, sample_booking, sample_form, sample_order, sample_rates,
    sample_return, sample_warehouse,
};

/// Makes a printed call; only the host and the token are others.
fn run(client: &mut Client, command: &str) -> Answer {
    let (host, request) = curl(&command.replace("YOUR_JWT_TOKEN", &client.token));
    assert_eq!(host, "apiv1.shiplee.app");
    client.send(request)
}

fn exact(answer: &Answer, status: u16, body: &str) {
    assert_eq!((answer.status, answer.text.as_str()), (status, body));
    assert_eq!(answer.reply.evidence, Evidence::Documented, "{body}");
    assert_eq!(answer.reply.headers.get("content-type"), Some("application/json"));
}

const LOGIN: &str = r#"curl -X POST https://apiv1.shiplee.app/login \
  -H "Content-Type: application/json" \
  -H "Origin: http://localhost" \
  -d '{"username":"you@example.com","apikey":"your-api-key"}'"#;

const RETURN: &str = r#"curl -X POST https://apiv1.shiplee.app/reverse_order \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer YOUR_JWT_TOKEN" \
  -d '{
    "orderId": 484900, "awbNumber": "XB1234567890",
    "reason": "Customer return", "warehouseId": 2147483833,
    "customer": { "name":"John Doe","mobile":"9000000001","address1":"123 Sample St",
                  "pincode":"560098","city":"Bangalore","state":"Karnataka" },
    "products": [{"productName":"Sample Product","quantity":1,"productPrice":500}],
    "parcel": {"length":10,"breadth":10,"height":10,"physicalWeight":1.5}
  }'"#;

const BOOKING: &str = r#"curl -X POST https://apiv1.shiplee.app/create_shipment \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer YOUR_JWT_TOKEN" \
  -d '{
    "orderId": 484900,
    "warehouseId": 2147483833,
    "action": "book_shipment",
    "carrierId": "delhivery_e_prepaid",
    "carrierName": "Delhivery Express",
    "shipmentType": "forward"
  }'"#;

const REVERSE_BOOKING: &str = r#"curl -X POST https://apiv1.shiplee.app/reverse_create_shipment \
  -H "Authorization: Bearer YOUR_JWT_TOKEN" \
  --data-urlencode "order_id=1042" \
  --data-urlencode "warehouse_id=2147483833" \
  --data-urlencode "carrierId=delhivery_e_prepaid" \
  --data-urlencode "carrierName=Delhivery Express""#;

#[test]
fn the_samples_run_in_order_from_login_to_a_booked_reverse_shipment() {
    let mut client = Client::stranger();
    let answer = run(&mut client, LOGIN);
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["token", "user"]);
    assert_eq!(
        body["user"].to_string(),
        r#"{"id":62,"email":"you@example.com","shiplee_id":"d10701280b9798033c6917e9415b03c3"}"#
    );
    client.token = body["token"].as_str().unwrap().to_owned();

    let answer = client.post("/order", &sample_order());
    exact(
        &answer,
        201,
        r#"{"success":true,"message":"Order added successfully","order_id":484901}"#,
    );

    let answer = client.post("/rates", &sample_rates());
    exact(
        &answer,
        200,
        concat!(
            r#"{"success":true,"message":"Rates fetched successfully","data":{"carrier_info":["#,
            r#"{"carrier_id":"delhivery_e_prepaid","carrier_name":"Delhivery Express","cost":138,"#,
            r#""freight_charges":138,"cod_charges":0,"tat":"2-3 days"},"#,
            r#"{"carrier_id":"delhivery_s_prepaid","carrier_name":"Delhivery Surface","cost":104,"#,
            r#""freight_charges":104,"cod_charges":0,"tat":"4-6 days"}]}}"#
        ),
    );

    let answer = run(&mut client, BOOKING);
    exact(
        &answer,
        201,
        r#"{"success":true,"message":"Shipment booked","awb_number":"XB1234567890","shipment_id":"SHPL-54321"}"#,
    );
    assert_eq!(client.wallet(), 5_000.0 - 138.0);

    let answer = run(&mut client, RETURN);
    exact(
        &answer,
        201,
        r#"{"success":true,"message":"Reverse order created successfully","reverse_order_id":"RO-7A685"}"#,
    );

    let answer = run(&mut client, REVERSE_BOOKING);
    exact(
        &answer,
        200,
        r#"{"success":true,"message":"Reverse shipment booked","awb_number":"1234567890123","shipment_id":"UPLOAD_WBN_ABC"}"#,
    );
    assert_eq!(client.wallet(), 5_000.0 - 138.0 - 138.0);

    let answer = client.get("/get_warehouses");
    exact(
        &answer,
        200,
        concat!(
            r#"{"success":true,"message":"Warehouses retrieved successfully","data":[{"id":2147483833,"#,
            r#""nickname":"Main Warehouse","address1":"123 Logistics Road","pincode":"110076","#,
            r#""city":"New Delhi","state":"Delhi","addressType":"primary"}]}"#
        ),
    );
    let answer = client.post("/add_warehouse", &sample_warehouse());
    assert_eq!((answer.status, answer.json()["success"].clone()), (201, json!(true)));
    assert_eq!(answer.reply.evidence, Evidence::Inferred);
}

#[test]
fn the_long_reverse_sample_is_taken_too() {
    let mut client = Client::open();
    client.booked(484_900);
    let answer = client.post("/reverse_order", &sample_return());
    assert_eq!(
        (answer.status, answer.json()["reverse_order_id"].clone()),
        (201, json!("RO-7A685"))
    );
}

#[test]
fn numbers_after_the_pinned_ones_have_their_real_form() {
    let mut client = Client::open();
    let order = client.order(json!({}));
    let first = client.book(order).json();
    let awb = first["awb_number"].as_str().unwrap();
    assert!(awb.len() == 14 && awb.bytes().all(|byte| byte.is_ascii_digit()), "{awb}");
    let serial: u32 = awb[7..13].parse().unwrap();
    assert_eq!(awb[13..], (serial % 7).to_string());
    assert_eq!(first["shipment_id"], "SHPL-54322");
    // The pinned numbers wait for their order.
    assert_eq!(client.booked(484_900), "XB1234567890");
    let id = client.send_back(order, awb, json!({}));
    assert_eq!(id, 1_043);
    let number = client.detail("reverse_order", "1043").data["reverse_order_id"].clone();
    let digits = number.as_str().unwrap().strip_prefix("RO-").unwrap().to_owned();
    let fits = |digit: char| digit.is_ascii_digit() || ('A'..='F').contains(&digit);
    assert!(digits.len() == 5 && digits.chars().all(fits), "{number}");
    let booked = client.book_back(id).json();
    let upload = booked["shipment_id"].as_str().unwrap();
    let digits = upload.strip_prefix("UPL").unwrap();
    assert!((18..=20).contains(&digits.len()), "{upload}");
    assert_eq!(booked["awb_number"].as_str().unwrap().len(), 14);
}

#[test]
fn the_token_has_the_documented_header_and_claims() {
    let mut client = Client::open();
    let login = client.login("you@example.com", "your-api-key").json();
    let token = login["token"].as_str().unwrap();
    assert!(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."), "{token}");
    let claims: Vec<u8> = BASE64.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let iat = crate::shiplee::start().as_second();
    assert_eq!(
        claims,
        json!({
            "id": 62, "email": "you@example.com", "shiplee_id": "d10701280b9798033c6917e9415b03c3",
            "iat": iat, "exp": iat + 3_600,
        })
    );
}

#[test]
fn the_documented_refusals_of_a_reverse_order() {
    let mut client = Client::open();
    client.booked(484_900);
    let mut refused =
        |changes: Value| client.post("/reverse_order", &changed(sample_return(), changes));
    let missing = refused(json!({ "reason": null }));
    exact(&missing, 400, r#"{"success":false,"message":"Missing required field: reason"}"#);
    let customer = |pincode: &str| {
        let mut customer = sample_return()["customer"].clone();
        customer["pincode"] = json!(pincode);
        json!({ "customer": customer })
    };
    let pincode = refused(customer("012345"));
    exact(
        &pincode,
        400,
        r#"{"success":false,"message":"Invalid pincode: must be 6-digit starting 1-9"}"#,
    );
    let warehouse = refused(json!({ "warehouseId": 1 }));
    exact(&warehouse, 403, r#"{"success":false,"message":"Invalid or unauthorized warehouse"}"#);
    client.token = "YOUR_JWT_TOKEN".to_owned();
    let token = client.post("/reverse_order", &sample_return());
    exact(&token, 401, r#"{"success":false,"message":"Invalid JWT token"}"#);
    let mut request = crate::shiplee::json_request("/reverse_order", &sample_return());
    request.peer = "1.2.3.4".parse().unwrap();
    let address = client.send(request);
    exact(&address, 403, r#"{"success":false,"message":"The IP '1.2.3.4' is not whitelisted"}"#);
}

#[test]
fn the_documented_refusals_of_a_booking() {
    let mut client = Client::open();
    let mut refused =
        |changes: Value| client.post("/create_shipment", &changed(sample_booking(), changes));
    let missing = refused(json!({ "carrierId": null }));
    exact(&missing, 400, r#"{"success":false,"message":"Missing required parameters"}"#);
    let courier = refused(json!({ "carrierName": "XYZ" }));
    exact(
        &courier,
        400,
        r#"{"success":false,"message":"Unsupported courier for carrierName: XYZ"}"#,
    );
    let order = refused(json!({ "orderId": 1 }));
    exact(&order, 404, r#"{"success":false,"message":"Order or warehouse not found"}"#);
    let first = refused(json!({}));
    assert_eq!(first.status, 201);
    let again = refused(json!({}));
    exact(
        &again,
        409,
        r#"{"success":false,"message":"Order already booked with AWB: XB1234567890"}"#,
    );
    client.patch("seller", "62", json!({ "wallet": 499.99 }));
    let poor = client.post("/create_shipment", &sample_booking());
    exact(&poor, 400, "{\"success\":false,\"message\":\"Insufficient balance (< \\u20b9500)\"}");
    assert_eq!(poor.message(), "Insufficient balance (< ₹500)");
}

#[test]
fn the_documented_refusals_of_a_reverse_booking() {
    let mut client = Client::with(json!({
        "pincodes": [{ "pincode": "560001", "prepaid": true, "cod": true }],
        "sellers": [{ "username": "you@example.com", "next_answers": ["booked", "no_waybill"] }],
    }));
    client.booked(484_900);
    let id = client.send_back(484_900, "XB1234567890", json!({}));
    assert_eq!(id, 1_042);
    let mut refused = |body: &str| client.form("/reverse_create_shipment", body);
    let missing = refused("order_id=1042");
    exact(&missing, 400, r#"{"success":false,"message":"Missing required parameters"}"#);
    let order = refused(&sample_form("1"));
    exact(&order, 404, r#"{"success":false,"message":"Order or warehouse not found"}"#);
    let carrier = refused(
        "order_id=1042&warehouse_id=2147483833&carrierId=xyz&carrierName=Delhivery+Express",
    );
    exact(
        &carrier,
        400,
        r#"{"success":false,"message":"Selected carrier ID 'xyz' not found in rates"}"#,
    );
    let waybill = refused(&sample_form("1042"));
    exact(
        &waybill,
        200,
        r#"{"success":false,"message":"Booking failed: Missing or invalid AWB number"}"#,
    );
    client.patch("warehouse", "2147483833", json!({ "registration_failures": 1 }));
    let register = client.book_back(id);
    exact(
        &register,
        200,
        r#"{"success":false,"message":"Failed to register warehouse with Delhivery"}"#,
    );
    client.patch("seller", "62", json!({ "next_answers": ["capacity_exceeded"], "wallet": 500 }));
    let remark = client.book_back(id);
    assert_eq!(remark.status, 200);
    assert_eq!(remark.reply.evidence, Evidence::Documented);
    assert!(
        remark.message().starts_with("Booking failed: Crashing while saving package"),
        "{}",
        remark.text
    );
    client.patch("seller", "62", json!({ "wallet": "499.99" }));
    let poor = client.book_back(id);
    assert_eq!(poor.refusal(), (400, "Insufficient balance (< ₹500)".to_owned()));
    client.patch("seller", "62", json!({ "wallet": 500 }));
    assert_eq!(client.book_back(id).json()["awb_number"], "1234567890123");
}
