//! Rates and bookings: prices, the wallet, the order of the checks, and what the carrier says.

use serde_json::{Value, json};
use shipmock::internals::message::Evidence;
use shipmock::internals::providers::Name;

use super::{Client, changed, sample_booking, sample_form, sample_rates};

fn costs(client: &mut Client, order: u64) -> Vec<(String, i64, i64)> {
    let body = changed(sample_rates(), json!({ "orderId": order }));
    let rates = client.post("/rates", &body).json();
    let rate = |rate: &Value| {
        let (cost, freight, cod) =
            (rate["cost"].as_i64(), rate["freight_charges"].as_i64(), rate["cod_charges"].as_i64());
        assert_eq!(cost, Some(freight.unwrap() + cod.unwrap()));
        (rate["carrier_id"].as_str().unwrap().to_owned(), cost.unwrap(), cod.unwrap())
    };
    rates["data"]["carrier_info"].as_array().unwrap().iter().map(rate).collect()
}

fn row(id: &str, cost: i64, cod: i64) -> (String, i64, i64) {
    (id.to_owned(), cost, cod)
}

#[test]
fn money_taken_at_the_door_has_carriers_and_a_fee_of_its_own() {
    let mut client = Client::open();
    let order = client.order(json!({ "paymentType": "cod" }));
    let expected = [row("delhivery_e_cod", 195, 57), row("delhivery_s_cod", 161, 57)];
    assert_eq!(costs(&mut client, order), expected);
    let prepaid = json!({ "orderId": order });
    let refused = client.post("/create_shipment", &changed(sample_booking(), prepaid));
    refused.refuses(400, "Unsupported courier for carrierName: Delhivery Express");
    assert_eq!(refused.reply.evidence, Evidence::Documented);
    let cod = json!({ "orderId": order, "carrierId": "delhivery_e_cod" });
    assert_eq!(client.post("/create_shipment", &changed(sample_booking(), cod)).status, 201);
    assert_eq!(client.wallet(), 5_000.0 - 195.0);
}

#[test]
fn weight_is_the_larger_of_two_and_paid_in_steps_of_500_grams() {
    let mut client = Client::open();
    let mut price = |parcels: Value| {
        let order = client.order(json!({ "parcels": parcels }));
        costs(&mut client, order)[0].1
    };
    let box_of = |side: u32, weight: f64| json!({ "length": side, "breadth": side, "height": side, "physicalWeight": weight });
    assert_eq!(price(json!([box_of(10, 0.5)])), 59);
    assert_eq!(price(json!([box_of(10, 0.501)])), 98);
    assert_eq!(price(json!([box_of(10, 1.0)])), 98);
    assert_eq!(price(json!([box_of(50, 0.3)])), price(json!([box_of(1, 25.0)])));
    assert_eq!(price(json!([box_of(10, 0.75), box_of(10, 0.75)])), 138);
}

#[test]
fn the_rate_card_is_the_scenarios() {
    let mut client = Client::with(json!({
        "rates": { "gst_percent": 0, "express": { "tat": "1 day", "zones": { "C2": { "first": 100, "more": 10 } } },
                   "surface": { "divisor": 100 } },
        "plans": { "starter": 50 },
    }));
    let rates = client.post("/rates", &sample_rates()).json()["data"]["carrier_info"].clone();
    assert_eq!((&rates[0]["cost"], &rates[0]["tat"]), (&json!(180), &json!("1 day")));
    // 10 kg by volume: twenty steps of 20 after the first of 33.50.
    assert_eq!(rates[1]["cost"], json!(((33.5 + 19.0 * 20.0) * 1.5_f64).round() as i64));
}

#[test]
fn rates_of_a_reverse_order_go_by_its_numeric_id() {
    let mut client = Client::open();
    client.booked(484_900);
    client.send_back(484_900, "XB1234567890", json!({ "paymentType": "cod" }));
    let mut ask = |changes: Value| client.post("/rates", &changed(sample_rates(), changes));
    let reverse = ask(json!({ "shipmentType": "reverse", "orderId": 1042 }));
    let rates = reverse.json()["data"]["carrier_info"].clone();
    assert_eq!(
        (&rates[0]["carrier_id"], &rates[0]["cost"]),
        (&json!("delhivery_e_prepaid"), &json!(138))
    );
    assert_eq!(reverse.reply.evidence, Evidence::Inferred);
    ask(json!({ "shipmentType": "reverse" })).refuses(404, "Order or warehouse not found");
    ask(json!({ "shipmentType": "sideways" })).refuses(400, "Missing required parameters");
    ask(json!({ "shipmentType": null })).refuses(400, "Missing required parameters");
    ask(json!({ "orderId": "ORD-123456" })).refuses(404, "Order or warehouse not found");
    ask(json!({ "warehouseId": 2_147_483_834_u64 })).refuses(404, "Order or warehouse not found");
    assert_eq!(ask(json!({ "orderId": "484900" })).status, 200);
}

/// A call with everything wrong, righted one thing at a time.
fn righted(client: &mut Client, form: bool, fixes: &[(&str, Value)]) -> Vec<String> {
    let mut body = json!({});
    let mut said = Vec::new();
    for step in 0..=fixes.len() {
        let answer = if form {
            let pair = |(name, value): (&String, &Value)| {
                format!(
                    "{name}={}",
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
                )
            };
            let pairs: Vec<String> = body.as_object().unwrap().iter().map(pair).collect();
            client.form("/reverse_create_shipment", &pairs.join("&"))
        } else {
            client.post("/create_shipment", &body)
        };
        said.push(answer.message());
        match fixes.get(step) {
            Some(("wallet", value)) => client.patch("seller", "62", json!({ "wallet": value })),
            Some(("registration", value)) => {
                client.patch("warehouse", "2147483833", json!({ "registration_failures": value }));
            }
            Some(("all", value)) => body = value.clone(),
            Some((field, value)) => body[*field] = value.clone(),
            None => {}
        }
    }
    said.dedup();
    said
}

#[test]
fn a_forward_booking_is_checked_in_the_documented_order() {
    let mut client = Client::open();
    let other = client.order(json!({}));
    let awb = client.booked(other);
    client.patch("seller", "62", json!({ "wallet": 499.99 }));
    let wrong = json!({
        "orderId": other, "warehouseId": 1, "carrierId": "xyz", "carrierName": "XYZ",
        "action": "book", "shipmentType": "forward",
    });
    let said = righted(
        &mut client,
        false,
        &[
            ("wallet", json!(500)),
            ("all", wrong),
            ("action", json!("book_shipment")),
            ("orderId", json!(7)),
            ("carrierName", json!("Delhivery Express")),
            ("orderId", json!(484_900)),
            ("warehouseId", json!(2_147_483_833_u64)),
            ("carrierId", json!("delhivery_s_prepaid")),
            ("carrierId", json!("delhivery_e_prepaid")),
        ],
    );
    assert_eq!(
        said,
        [
            "Insufficient balance (< ₹500)",
            "Missing required parameters",
            &format!("Order already booked with AWB: {awb}"),
            "Unsupported courier for carrierName: XYZ",
            "Order or warehouse not found",
            "Unsupported courier for carrierName: Delhivery Express",
            "Shipment booked",
        ]
    );
}

#[test]
fn a_reverse_booking_is_checked_in_the_documented_order() {
    let mut client = Client::open();
    client.booked(484_900);
    client.send_back(484_900, "XB1234567890", json!({}));
    client.patch("seller", "62", json!({ "wallet": 499, "next_answers": ["no_waybill"] }));
    client.patch("warehouse", "2147483833", json!({ "registration_failures": 100 }));
    let wrong = json!({ "order_id": "RO-7A685", "warehouse_id": 1, "carrierId": "xyz", "carrierName": "x" });
    let said = righted(
        &mut client,
        true,
        &[
            ("wallet", json!(1_000)),
            ("all", wrong),
            ("order_id", json!(1_042)),
            ("warehouse_id", json!(2_147_483_833_u64)),
            ("registration", json!(0)),
            ("carrierId", json!("delhivery_e_prepaid")),
            ("carrierName", json!("Delhivery+Express")),
            ("carrierName", json!("Delhivery%20Express")),
        ],
    );
    assert_eq!(
        said,
        [
            "Insufficient balance (< ₹500)",
            "Missing required parameters",
            "Order or warehouse not found",
            "Failed to register warehouse with Delhivery",
            "Selected carrier ID 'xyz' not found in rates",
            "Booking failed: Missing or invalid AWB number",
            "Reverse shipment booked",
            "Order already booked with AWB: 1234567890123",
        ]
    );
    assert_eq!(client.book_back(1_042).reply.evidence, Evidence::Inferred);
}

#[test]
fn a_scenario_looks_for_parameters_before_it_looks_into_the_wallet() {
    let mut client = Client::with(json!({
        "switches": { "parameters_before_balance": true },
        "sellers": [{ "username": "you@example.com", "wallet": 0 }],
    }));
    client.post("/create_shipment", &json!({})).refuses(400, "Missing required parameters");
    client.form("/reverse_create_shipment", "").refuses(400, "Missing required parameters");
    client.book(484_900).refuses(400, "Insufficient balance (< ₹500)");
}

#[test]
fn five_hundred_rupees_are_enough_and_a_paisa_less_is_not() {
    for (wallet, status) in
        [(json!(499), 400), (json!(499.99), 400), (json!(500), 201), (json!("500.01"), 201)]
    {
        let mut client = Client::open();
        client.patch("seller", "62", json!({ "wallet": wallet }));
        assert_eq!(client.book(484_900).status, status, "{wallet}");
    }
}

#[test]
fn a_wallet_may_fall_below_zero_but_not_start_there() {
    let mut client = Client::open();
    let heavy =
        json!({ "parcels": [{ "length": 50, "breadth": 50, "height": 50, "physicalWeight": 9 }] });
    let (one, two) = (client.order(heavy.clone()), client.order(heavy));
    client.patch("seller", "62", json!({ "wallet": 550 }));
    let awb = client.booked(one);
    let cost = client.detail("shipment", &awb).data["cost"].as_f64().unwrap();
    assert!(cost > 550.0);
    assert_eq!(client.wallet(), 550.0 - cost);
    client.book(two).refuses(400, "Insufficient balance (< ₹500)");
}

#[test]
fn two_bookings_of_one_order_give_one_waybill_and_one_debit() {
    let mut client = Client::open();
    let first = client.book(484_900).json();
    for _ in 0..3 {
        let again = client.book(484_900);
        again.refuses(409, "Order already booked with AWB: XB1234567890");
    }
    assert_eq!(first["awb_number"], "XB1234567890");
    assert_eq!(client.wallet(), 5_000.0 - 138.0);
    let ledger = client.detail("seller", "62").data["ledger"].clone();
    let debits = ledger.as_array().unwrap().iter().filter(|entry| entry["awb"] == "XB1234567890");
    assert_eq!(debits.count(), 1);
}

#[test]
fn every_remark_of_the_carrier_can_be_had_and_costs_nothing() {
    let mut client = Client::open();
    let crash = |cause: &str| {
        format!(
            "Crashing while saving package due to exception '{cause}'. Package might have been partially saved."
        )
    };
    for (pincode, remark) in [
        ("999999", crash("999999 is non serviceable pincode")),
        ("999001", crash("999001 is non serviceable pincode")),
        ("999002", crash("Prepaid client manifest charge API failed due to insufficient balance")),
        ("999003", crash("suspicious order/consignee")),
        ("999004", crash("Package type Prepaid not serviceable for this account")),
        ("999007", "ClientWarehouse matching query does not exist.".to_owned()),
        ("999009", "Duplicate Order Id".to_owned()),
        ("999012", "Missing or invalid AWB number".to_owned()),
    ] {
        let order = client.order(json!({ "pincode": pincode }));
        let answer = client.book(order);
        answer.refuses(400, &format!("Booking failed: {remark}"));
        assert_eq!(client.state("order", &order.to_string()), "unbooked");
    }
    let fake = client.order(json!({ "mobileNumber": "9999999999" }));
    assert!(client.book(fake).message().contains("suspicious order/consignee"));
    assert_eq!(client.wallet(), 5_000.0);
    // The carrier's next answers are the scenario's; then it answers as usual.
    client.patch("seller", "62", json!({ "next_answers": ["incorrect_phone", "internal_error"] }));
    let phone = client.book(484_900).message();
    assert_eq!(phone, "Booking failed: Incorrect phone number(s) for order 484900");
    assert!(client.book(484_900).message().contains("internal Error"));
    assert_eq!(client.book(484_900).status, 201);
}

#[test]
fn a_pincode_may_be_served_but_not_for_this() {
    let mut client = Client::with(json!({ "pincodes": [
        { "pincode": "560098", "prepaid": true },
        { "pincode": "560001", "prepaid": true, "cod": true },
    ] }));
    assert_eq!(client.book(484_900).status, 201);
    let order = client.order(json!({ "paymentType": "cod" }));
    let cod = json!({ "orderId": order, "carrierId": "delhivery_e_cod" });
    let refused = client.post("/create_shipment", &changed(sample_booking(), cod));
    assert!(refused.message().contains("Package type COD not serviceable"), "{}", refused.text);
    let id = client.send_back(484_900, "XB1234567890", json!({}));
    let refused = client.book_back(id);
    assert!(refused.message().contains("Package type Pickup not serviceable"), "{}", refused.text);
}

#[test]
fn a_warehouse_is_registered_with_its_first_booking() {
    let mut client = Client::open();
    let name = |client: &Client| {
        client.detail("warehouse", "2147483833").data["delhivery_warehouse_name"].clone()
    };
    client.patch("warehouse", "2147483833", json!({ "registration_failures": 1 }));
    assert_eq!(name(&client), json!(null));
    client.book(484_900).refuses(400, "Failed to register warehouse with Delhivery");
    assert_eq!((client.wallet(), name(&client)), (5_000.0, json!(null)));
    assert_eq!(client.book(484_900).status, 201);
    assert_eq!(name(&client), json!("Main Warehouse-2147483833"));
}

/// Documentation, "What happens internally": step 3 stores the name, and step 5 may still fail.
#[test]
fn a_registration_stays_when_the_booking_behind_it_fails() {
    let answers = ["capacity_exceeded", "booked", "no_waybill", "internal_error"];
    let known = json!("Main Warehouse-2147483833");
    let forget = |client: &mut Client| {
        client.patch("warehouse", "2147483833", json!({ "registration_failures": 1 }));
        client.patch("warehouse", "2147483833", json!({ "registration_failures": 0 }));
    };
    let name = |client: &Client| {
        client.detail("warehouse", "2147483833").data["delhivery_warehouse_name"].clone()
    };
    let mut client = Client::open();
    client.patch("seller", "62", json!({ "next_answers": answers }));
    forget(&mut client);
    assert_eq!(name(&client), json!(null));
    assert_eq!((client.book(484_900).status, name(&client)), (400, known.clone()));
    assert_eq!(client.book(484_900).status, 201);
    let id = client.send_back(484_900, "XB1234567890", json!({}));
    forget(&mut client);
    assert_eq!((client.book_back(id).status, name(&client)), (200, known.clone()));
    // What an operator is refused leaves nothing behind, neither the name nor the used answer.
    forget(&mut client);
    let id = id.to_string();
    let refused = client.world.apply(Name::Shiplee, "reverse_order", &id, "book").unwrap_err();
    assert!(refused.to_string().contains("internal Error"), "{refused}");
    assert_eq!(name(&client), json!(null));
    let left = client.detail("seller", "62").data["next_answers"].clone();
    assert_eq!(left, json!(["internal_error"]));
}

/// The documentation's tables of errors: "4xx" on the one endpoint, "4xx / 200" on the other.
#[test]
fn the_carriers_refusals_have_a_status_for_each_of_the_two_endpoints() {
    let usual = json!({});
    let set = json!({
        "booking": 422, "waybill": 502, "registration": 424,
        "reverse_booking": 503, "reverse_waybill": 504, "reverse_registration": 409,
    });
    for (statuses, expected) in
        [(usual, [[400; 3], [200; 3]]), (set, [[422, 502, 424], [503, 504, 409]])]
    {
        let mut client = Client::with(json!({ "statuses": statuses }));
        let other = client.order(json!({}));
        client.booked(other);
        let awb = client.detail("order", &other.to_string()).data["awb"].clone();
        let id = client.send_back(other, awb.as_str().unwrap(), json!({}));
        for (reverse, expected) in [false, true].into_iter().zip(expected) {
            let answers = json!({ "next_answers": ["capacity_exceeded", "no_waybill"] });
            client.patch("seller", "62", answers);
            let ask = |client: &mut Client| {
                if reverse { client.book_back(id) } else { client.book(484_900) }
            };
            let mut said = vec![ask(&mut client), ask(&mut client)];
            let failing = json!({ "registration_failures": 1 });
            client.patch("warehouse", "2147483833", failing);
            said.push(ask(&mut client));
            let statuses: Vec<u16> = said.iter().map(|answer| answer.refusal().0).collect();
            assert_eq!(statuses, expected, "{statuses:?}");
            let documented = if reverse { Evidence::Documented } else { Evidence::Inferred };
            assert!(said.iter().all(|answer| answer.reply.evidence == documented));
        }
    }
}

#[test]
fn a_scenario_makes_every_refusal_of_a_reverse_booking_a_200() {
    let mut client = Client::with(json!({ "switches": { "reverse_refusals_are_200": true } }));
    let missing = client.form("/reverse_create_shipment", "");
    missing.refuses(200, "Missing required parameters");
    client
        .form("/reverse_create_shipment", &sample_form("1"))
        .refuses(200, "Order or warehouse not found");
    // Who is refused before the booking is refused as everywhere.
    client.token.clear();
    client.form("/reverse_create_shipment", "").refuses(401, "Invalid JWT token");
    assert_eq!(client.entered().book(1).status, 404);
}

#[test]
fn a_throttled_carrier_has_no_rates_for_a_minute() {
    let mut client = Client::with(json!({ "switches": { "throttle_rates": true } }));
    for _ in 0..40 {
        let rates = client.post("/rates", &sample_rates()).json();
        assert_eq!(rates["data"]["carrier_info"].as_array().unwrap().len(), 2);
    }
    let throttled = client.post("/rates", &sample_rates());
    assert_eq!(
        (throttled.status, throttled.json()["data"].clone()),
        (200, json!({ "carrier_info": [] }))
    );
    client.book(484_900).refuses(400, "Unsupported courier for carrierName: Delhivery Express");
    client.advance(60);
    assert_eq!(client.book(484_900).status, 201);
}
