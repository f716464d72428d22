//! The cases an integrator stumbles over, numbered as in our notes on the provider; what a whole file of its own
//! tests is only pointed at here.

use serde_json::{Value, json};
use shipmock::internals::message::{Method, Request};

use super::{
    Client, changed, sample_booking, sample_form, sample_order, sample_rates, sample_return,
    sample_warehouse,
};

// 1: `login::a_token_is_valid_for_an_hour_and_not_a_second_longer`; the long job that logs in again midway:
#[test]
fn a_long_job_logs_in_again_midway() {
    let mut client = Client::open();
    for parcel in 0..5 {
        client.advance(1_500);
        let order = client.post("/order", &sample_order());
        if order.status == 401 {
            client = client.entered();
        }
        assert_eq!(order.status == 401, parcel == 2, "parcel {parcel}: {}", order.text);
    }
}

// 2: `login::every_tampering_is_refused`, `login::the_scheme_has_to_be_there`; a token of another seller:
#[test]
fn a_token_of_another_seller_sees_only_that_sellers_things() {
    let mut client = Client::open();
    client.token = client.token_of("other@example.com", "other-api-key");
    client.post("/rates", &sample_rates()).refuses(404, "Order or warehouse not found");
    client.book(484_900).refuses(404, "Order or warehouse not found");
    let listed = client.get("/get_warehouses").json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert_eq!(listed["data"][0]["nickname"], "Other Warehouse");
}

// 3: `login::an_address_that_is_not_on_the_list_is_quoted`.
// 4: `login::a_domain_is_the_host_of_the_origin`, `login::a_scenario_wants_the_origin_to_be_there`.
// 5: `login::an_entry_taken_away_while_a_token_lives_refuses_the_next_call`.
// 6: `login::both_names_of_a_seller_log_in`.
// 7: `bookings::five_hundred_rupees_are_enough_and_a_paisa_less_is_not`,
//    `bookings::a_wallet_may_fall_below_zero_but_not_start_there`.

// 8
#[test]
fn the_first_of_two_bookings_drains_the_wallet() {
    let mut client = Client::open();
    client.patch("seller", "62", json!({ "wallet": 600 }));
    let order = client.order(json!({}));
    assert_eq!(client.book(484_900).status, 201);
    client.book(order).refuses(400, "Insufficient balance (< ₹500)");
    client.patch("seller", "62", json!({ "wallet": 600 }));
    assert_eq!(client.book(order).status, 201);
}

// 9: `bookings::two_bookings_of_one_order_give_one_waybill_and_one_debit`.

// 10
#[test]
fn a_retry_after_a_time_out_tells_the_waybill() {
    let mut client = Client::open();
    let awb = client.booked(484_900);
    let retry = client.book(484_900).message();
    let recovered = retry.strip_prefix("Order already booked with AWB: ").unwrap();
    assert_eq!(recovered, awb);
    assert_eq!(client.state("shipment", recovered), "Manifested");
}

// 11
#[test]
fn the_merchants_reference_is_no_order_id_but_a_number_in_quotes_is() {
    let mut client = Client::open();
    client.booked(484_900);
    let mut ask = |id: Value| {
        client.post("/reverse_order", &changed(sample_return(), json!({ "orderId": id })))
    };
    ask(json!("ORD-123456")).refuses(400, "Invalid orderId: must be numeric");
    assert_eq!(ask(json!("484900")).status, 201);
}

// 12
#[test]
fn the_printed_number_books_nothing_and_the_other_one_is_not_told() {
    let mut client = Client::open();
    client.booked(484_900);
    let answer = client.post("/reverse_order", &sample_return()).json();
    assert_eq!(answer.get("id"), None);
    let printed = answer["reverse_order_id"].as_str().unwrap();
    client
        .form("/reverse_create_shipment", &sample_form(printed))
        .refuses(404, "Order or warehouse not found");
    let id = client.detail("reverse_order", printed).data["id"].clone();
    assert_eq!(id, json!(1_042));
    assert_eq!(client.form("/reverse_create_shipment", &sample_form("1042")).status, 200);

    let mut telling = Client::with(json!({ "switches": { "reverse_order_tells_id": true } }));
    telling.booked(484_900);
    let answer = telling.post("/reverse_order", &sample_return());
    assert!(
        answer.text.ends_with(r#""reverse_order_id":"RO-7A685","id":1042}"#),
        "{}",
        answer.text
    );
}

// 13
#[test]
fn the_form_endpoint_takes_forms_and_the_others_take_json() {
    let mut client = Client::open();
    client.booked(484_900);
    client.send_back(484_900, "XB1234567890", json!({}));
    let fields = json!({
        "order_id": 1042, "warehouse_id": 2_147_483_833_u64, "carrierId": "delhivery_e_prepaid",
        "carrierName": "Delhivery Express",
    });
    let missing = "Missing required parameters";
    client.post("/reverse_create_shipment", &fields).refuses(400, missing);
    let untyped = Request::new(Method::Post, "/reverse_create_shipment");
    let mut untyped = client.bearing(untyped);
    untyped.body = sample_form("1042").into();
    client.send(untyped).refuses(400, missing);
    client.form("/create_shipment", "orderId=484900").refuses(400, missing);
    client.form("/rates", "orderId=484900").refuses(400, missing);
    client.form("/reverse_order", "orderId=484900").refuses(400, "Missing required field: orderId");
    let body = "--x\r\nContent-Disposition: form-data; name=\"order_id\"\r\n\r\n1042\r\n\
        --x\r\nContent-Disposition: form-data; name=\"warehouse_id\"\r\n\r\n2147483833\r\n\
        --x\r\nContent-Disposition: form-data; name=\"carrierId\"\r\n\r\ndelhivery_s_prepaid\r\n\
        --x\r\nContent-Disposition: form-data; name=\"carrierName\"\r\n\r\nDelhivery Surface\r\n--x--\r\n";
    let parts = Request::new(Method::Post, "/reverse_create_shipment")
        .carrying("multipart/form-data; boundary=x", body);
    let parts = client.bearing(parts);
    assert_eq!(client.send(parts).status, 200);
}

// 14
#[test]
fn a_warehouse_id_does_not_fit_into_32_bits() {
    let mut client = Client::open();
    let id = client.get("/get_warehouses").json()["data"][0]["id"].as_i64().unwrap();
    assert!(id > i64::from(i32::MAX), "{id}");
    let wrapped = i64::from(id as i32);
    let body = changed(sample_booking(), json!({ "warehouseId": wrapped }));
    client.post("/create_shipment", &body).refuses(404, "Order or warehouse not found");
    let foreign = changed(sample_booking(), json!({ "warehouseId": id + 1 }));
    client.post("/create_shipment", &foreign).refuses(404, "Order or warehouse not found");
}

// 15
#[test]
fn a_carriers_name_is_compared_letter_for_letter_and_rates_may_change_after_the_quote() {
    let mut client = Client::open();
    let mut ask =
        |changes: Value| client.post("/create_shipment", &changed(sample_booking(), changes));
    for name in [
        "delhivery express",
        "Delhivery  Express",
        "Delhivery Express ",
        "DelhiveryExpress",
        "Delhivery",
    ] {
        let answer = ask(json!({ "carrierName": name }));
        answer.refuses(400, &format!("Unsupported courier for carrierName: {name}"));
    }
    let unknown = ask(json!({ "carrierId": "delhivery_x_prepaid" }));
    unknown.refuses(400, "Unsupported courier for carrierName: Delhivery Express");
    let quoted =
        client.post("/rates", &sample_rates()).json()["data"]["carrier_info"][0]["cost"].clone();
    client.patch("seller", "62", json!({ "plan": "enterprise" }));
    let awb = client.booked(484_900);
    let charged = client.detail("shipment", &awb).data["cost"].clone();
    assert_eq!((quoted, charged), (json!(138), json!(127)));
}

// 16: 201 for three creations, 200 for the fourth, and a failure that is a 200.
#[test]
fn the_status_says_little_and_success_says_all() {
    let mut client = Client::open();
    assert_eq!(client.post("/order", &sample_order()).status, 201);
    assert_eq!(client.book(484_900).status, 201);
    assert_eq!(client.post("/reverse_order", &sample_return()).status, 201);
    client.patch("seller", "62", json!({ "next_answers": ["capacity_exceeded"] }));
    let failed = client.book_back(1_042);
    assert_eq!((failed.status, failed.json()["success"].clone()), (200, json!(false)));
    let booked = client.book_back(1_042);
    assert_eq!((booked.status, booked.json()["success"].clone()), (200, json!(true)));
}

// 17, 18: `bookings::every_remark_of_the_carrier_can_be_had_and_costs_nothing`,
//         `bookings::a_pincode_may_be_served_but_not_for_this`.
// 19: `bookings::a_warehouse_is_registered_with_its_first_booking`; a pincode without pickups fails for good:
#[test]
fn a_warehouse_where_nothing_is_picked_up_is_never_registered() {
    let mut client =
        Client::with(json!({ "pincodes": [{ "pincode": "110076", "prepaid": true }] }));
    let warehouse =
        client.post("/add_warehouse", &sample_warehouse()).json()["warehouse_id"].clone();
    let body = changed(sample_booking(), json!({ "warehouseId": warehouse }));
    for _ in 0..2 {
        let refused = client.post("/create_shipment", &body);
        refused.refuses(400, "Failed to register warehouse with Delhivery");
    }
}

// 20, 21, 24: `orders::a_field_of_an_order_that_does_not_fit_is_named`,
//             `orders::a_field_of_a_reverse_order_that_does_not_fit_is_named`,
//             `orders::a_billing_address_of_its_own_needs_its_fields`.
#[test]
fn a_pincode_that_looks_right_may_not_be_served() {
    let mut client = Client::open();
    for (pincode, fits) in [
        (json!("012345"), false),
        (json!("56009"), false),
        (json!("560 098"), false),
        (json!(560_098), true),
        (json!("999999"), true),
    ] {
        let answer = client.post("/order", &changed(sample_order(), json!({ "pincode": pincode })));
        assert_eq!(answer.status == 201, fits, "{pincode}");
    }
    let order = client.order(json!({ "pincode": "999999" }));
    let rates = changed(sample_rates(), json!({ "orderId": order }));
    assert_eq!(client.post("/rates", &rates).status, 200);
    assert!(client.book(order).message().contains("999999 is non serviceable pincode"));
}

// 22: `bookings::weight_is_the_larger_of_two_and_paid_in_steps_of_500_grams`.
// 23: `bookings::money_taken_at_the_door_has_carriers_and_a_fee_of_its_own`.

// 25
#[test]
fn one_parcel_there_and_a_list_of_parcels_here_do_not_mix() {
    let mut client = Client::open();
    let parcels = changed(sample_order(), json!({ "parcels": sample_return()["parcel"] }));
    client.post("/order", &parcels).refuses(400, "Invalid parcels: must be a list of parcels");
    client.booked(484_900);
    let parcel = changed(sample_return(), json!({ "parcel": sample_order()["parcels"] }));
    client.post("/reverse_order", &parcel).refuses(400, "Invalid parcel: must be an object");
    let plural =
        changed(sample_return(), json!({ "parcel": null, "parcels": sample_order()["parcels"] }));
    client.post("/reverse_order", &plural).refuses(400, "Missing required field: parcel");
}

// 26
#[test]
fn a_stock_keeping_unit_left_out_is_made_up() {
    let mut client = Client::open();
    client.booked(484_900);
    let product = json!([{ "productName": "Sample Product", "quantity": 1, "productPrice": 500 }]);
    let id = client.send_back(484_900, "XB1234567890", json!({ "products": product }));
    let sku = client.detail("reverse_order", &id.to_string()).data["products"][0]["sku"].clone();
    let sku = sku.as_str().unwrap();
    assert!(sku.starts_with("SKU-") && sku.len() == 12, "{sku}");
    let kept = client.detail("order", "484900").data["products"][0]["sku"].clone();
    assert_eq!(kept, "SKU123");
}

// 27
#[test]
fn a_return_may_be_asked_for_before_delivery_and_twice() {
    let mut client = Client::open();
    client.post("/reverse_order", &sample_return()).refuses(404, "Order or warehouse not found");
    client.booked(484_900);
    assert_eq!(client.send_back(484_900, "XB1234567890", json!({})), 1_042);
    assert_eq!(client.send_back(484_900, "XB1234567890", json!({})), 1_043);
    assert_eq!(client.book_back(1_043).status, 200);
    assert_eq!(client.book_back(1_042).json()["awb_number"], "1234567890123");
}

// 28, 29: `inside::a_parcel_travels_as_its_customers_number_says`.

// 30
#[test]
fn an_unknown_path_is_a_page_and_no_error() {
    let mut client = Client::stranger();
    let answer = client.get("/track/XB1234567890");
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<Value>(&answer.text).is_err());
}

#[test]
fn a_rule_puts_a_proxys_page_where_json_is_expected() {
    let rule = json!({ "on": "POST /shiplee/create_shipment", "first": 1, "then": { "refuse": "upstream_page" } });
    let own: shipmock::internals::world::Setup =
        serde_json::from_value(json!({ "rules": [rule] })).unwrap();
    let world = super::build(own.or(super::default_setup())).unwrap();
    let mut client = Client { world, token: String::new() }.entered();
    let answer = client.book(484_900);
    assert_eq!((answer.status, answer.reply.headers.get("content-type")), (502, Some("text/html")));
    assert_eq!(client.book(484_900).status, 201);
}

// 31: `bookings::a_throttled_carrier_has_no_rates_for_a_minute`.

// 32
#[test]
fn an_inactive_warehouse_is_not_listed_but_still_referred_to() {
    let mut client = Client::open();
    let awb = client.booked(484_900);
    client
        .world
        .apply(
            shipmock::internals::providers::Name::Shiplee,
            "warehouse",
            "2147483833",
            "deactivate",
        )
        .unwrap();
    assert_eq!(client.get("/get_warehouses").json()["data"], json!([]));
    assert_eq!(client.detail("shipment", &awb).data["warehouse"], 2_147_483_833_u64);
    assert_eq!(client.post("/rates", &sample_rates()).status, 200);
    let order = client.order(json!({}));
    client.book(order).refuses(400, "Booking failed: Client-Warehouse is not active.");
    client
        .world
        .walk(shipmock::internals::providers::Name::Shiplee, "warehouse", "2147483833", "active")
        .unwrap();
    assert_eq!(client.book(order).status, 201);
}
