//! Every outcome of a booking, every limit of its tables, and what real clients send.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method, Request};

use super::{Client, json_request, sample};
use crate::harness::Read as _;

fn outcome(answer: &Value) -> (Value, Value, bool, Value) {
    let carrier = answer["carrier_result"].is_null();
    (answer["success"].clone(), answer["status"].clone(), carrier, answer["message"].clone())
}

#[test]
fn a_reference_is_booked_once_and_then_answered_blank() {
    let mut client = Client::open();
    let first = client.book("A1", json!({}));
    let number = first["carrier_result"]["tracking"].as_str().unwrap().to_owned();
    assert_eq!(number.len(), 10, "{number}");
    assert_eq!(first["message"], format!("DHL tracking reference received: {number}"));
    let before = client.world.holdings();
    let reply = client.post("/v1/shipments", &sample("A1", json!({ "/reference2": "OTHER" })));
    assert_eq!(
        reply.text(),
        r#"{"success":true,"status":null,"carrier_result":null,"message":null}"#
    );
    assert_eq!(reply.evidence, Evidence::Observed);
    assert!(before == client.world.holdings());
    assert_eq!(client.view("A1")["shipment"]["channel_reference_id_2"], "ORDER1001");
    // Another account may use the same reference.
    let other = client.other().book("A1", json!({}));
    assert_eq!(other["carrier_result"]["carrier"], "DPD");
}

#[test]
fn the_tracking_number_is_there_on_the_view_right_after_a_booking_and_only_when_complete() {
    let mut client = Client::open();
    client.book("DONE", json!({ "/shipment_detail/shipping_price": 3.99 }));
    let shipment = client.view("DONE")["shipment"].clone();
    for key in ["tracking_number", "carrier", "shipping_price", "shipment_cost"] {
        assert!(!shipment[key].is_null(), "{key} in {shipment}");
    }
    client.book("FAR", json!({ "/recipient/country": "FR" }));
    let viewed = client.view("FAR");
    for key in ["tracking_number", "carrier", "shipping_price", "shipment_cost"] {
        assert!(viewed["shipment"].get(key).is_none(), "{key} in {viewed}");
    }
    assert!(viewed.get("label").is_none());
    assert_eq!(
        (viewed["tags"].clone(), viewed["messages"][1]["type"].clone()),
        (json!([]), json!("info"))
    );
}

#[test]
fn rules_decide_by_country_weight_value_and_metadata() {
    let mut client = Client::open();
    for (reference, changes, carrier, service) in [
        ("R1", json!({}), "DHL", 10),
        ("R2", json!({ "/shipment_detail/weight": 0.75 }), "Royal Mail", 2),
        ("R3", json!({ "/shipment_detail/weight": 0.751 }), "DHL", 10),
        ("R4", json!({ "/shipment_detail/weight": "20" }), "Parcelforce", 24),
        ("R5", json!({ "/shipment_detail/value": 500 }), "Royal Mail", 3),
        ("R6", json!({ "/shipment_detail/rules_metadata": "Express" }), "DPD", 39),
        ("R7", json!({ "/recipient/country": "us" }), "UPS", 81),
        // A service that is none of the account's is no service.
        ("R8", json!({ "/delivery_service": 999_999 }), "DHL", 10),
        ("R9", json!({ "/delivery_service": "N/A" }), "DHL", 10),
        ("R10", json!({ "/delivery_service": "24", "/increment": "1" }), "Parcelforce", 24),
    ] {
        let answer = client.book(reference, changes.clone());
        assert_eq!(answer["carrier_result"]["carrier"], carrier, "{changes} {answer}");
        let data = client.detail("shipment", reference).data;
        assert_eq!(data["service"], service, "{changes}");
    }
}

#[test]
fn no_rule_no_instance_no_approval_and_a_refusal_are_four_different_answers() {
    let mut client = Client::open();
    let ignored = client.book("FR1", json!({ "/recipient/country": "FR" }));
    let said = "This shipment did not match any automatic shipping rules";
    assert_eq!(outcome(&ignored), (json!(true), json!("Ignored"), true, json!(said)));

    let unknown = client.book("INC", json!({ "/delivery_service": 37, "/increment": 3 }));
    let said = "Unable to load your Dpd carrier settings";
    assert_eq!(outcome(&unknown), (json!(true), json!("Failed"), true, json!(said)));

    let held = client.book("HOLD", json!({ "/delivery_service": 37, "/mark_for_approval": true }));
    assert_eq!(outcome(&held).1, "Waiting");
    assert!(outcome(&held).2);
    let by_rule = client.book("RULE", json!({ "/shipment_detail/rules_metadata": "approve" }));
    assert_eq!(outcome(&by_rule).1, "Waiting");

    for (reference, changes, code) in [
        (
            "FR2",
            json!({ "/delivery_service": 37, "/recipient/country": "FR" }),
            "DESTINATION.COUNTRY.NOTSERVED",
        ),
        (
            "KG",
            json!({ "/delivery_service": 37, "/shipment_detail/weight": 30.001 }),
            "PACKAGE.WEIGHT.EXCEEDED",
        ),
        ("A-REFERENCE-OF-26-LETTERS!", json!({ "/delivery_service": 37 }), "REFERENCE.TOO.LONG"),
    ] {
        let refused = client.book(reference, changes);
        let said = format!("There was an error when communicating with DPD: ({code})");
        assert_eq!(refused["carrier_result"]["status"], "failed");
        assert_eq!(outcome(&refused), (json!(true), json!("Failed"), false, json!(said)));
        let message =
            client.view(reference)["messages"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (message["type"].clone(), message["message"].clone()),
            (json!("error"), json!(said))
        );
        assert!(message["help_link"].is_string());
    }
    // Heavier than one parcel may be, but not than two.
    let two = json!({ "/delivery_service": 37, "/shipment_detail/weight": 60, "/shipment_detail/parcels": 2 });
    assert_eq!(client.book("TWO", two)["status"], "Complete");
}

#[test]
fn an_account_without_the_first_instance_has_to_name_another() {
    let mut client = Client::open().other();
    let nameless = client.book("N1", json!({ "/delivery_service": 37 }));
    assert_eq!(nameless["message"], "Unable to load your Dpd carrier settings");
    let named = client.book("N2", json!({ "/delivery_service": 37, "/increment": "2" }));
    assert_eq!(named["status"], "Complete");
    // Its rule names it.
    assert_eq!(client.book("N3", json!({}))["carrier_result"]["carrier"], "DPD");
}

#[test]
fn every_limit_of_the_tables_is_held() {
    let mut client = Client::open();
    let long = |length: usize| "x".repeat(length);
    let product = |field: &str, value: Value| {
        let mut product = json!({ "name": "n", "sku": "s", "value": 1, "weight": 1 });
        product[field] = value;
        json!({ "/products": [product] })
    };
    for (changes, path, rule) in [
        (json!({ "/reference2": null }), "/reference2", "_required"),
        (json!({ "/reference2": "" }), "/reference2", "_empty"),
        (json!({ "/shipment_detail": null }), "/shipment_detail", "_required"),
        (json!({ "/shipment_detail": "x" }), "/shipment_detail", "array"),
        (json!({ "/shipment_detail/weight": null }), "/shipment_detail/weight", "_required"),
        (json!({ "/shipment_detail/weight": { "kg": 2 } }), "/shipment_detail/weight", "numeric"),
        (
            json!({ "/shipment_detail/weight": "2[object Object]" }),
            "/shipment_detail/weight",
            "numeric",
        ),
        (json!({ "/shipment_detail/weight": -1 }), "/shipment_detail/weight", "range"),
        (json!({ "/shipment_detail/parcels": 0 }), "/shipment_detail/parcels", "range"),
        (json!({ "/shipment_detail/parcels": 1.5 }), "/shipment_detail/parcels", "integer"),
        (json!({ "/shipment_detail/value": "a lot" }), "/shipment_detail/value", "numeric"),
        (
            json!({ "/shipment_detail/currency_code": "POUND" }),
            "/shipment_detail/currency_code",
            "lengthBetween",
        ),
        (
            json!({ "/shipment_detail/ship_date": "20/04/2021" }),
            "/shipment_detail/ship_date",
            "date",
        ),
        (
            json!({ "/shipment_detail/rules_metadata": long(51) }),
            "/shipment_detail/rules_metadata",
            "maxLength",
        ),
        (
            json!({ "/shipment_detail/duty_tax_number_type": "VAT" }),
            "/shipment_detail/duty_tax_number_type",
            "inList",
        ),
        (json!({ "/recipient/firstname": "" }), "/recipient/firstname", "_empty"),
        (json!({ "/recipient/postcode": null }), "/recipient/postcode", "_required"),
        (json!({ "/recipient/country": "GBR" }), "/recipient/country", "country"),
        (json!({ "/recipient/what3words": "one.two" }), "/recipient/what3words", "custom"),
        (
            json!({ "/recipient/tax_numbers": [{ "tax_number": "1" }] }),
            "/recipient/tax_numbers/0/tax_number_type",
            "_required",
        ),
        (
            json!({ "/recipient/tax_numbers": [{ "tax_number_type": "VAT" }] }),
            "/recipient/tax_numbers/0/tax_number",
            "_required",
        ),
        (
            json!({ "/recipient/tax_numbers": [{ "tax_number": "1", "tax_number_type": "X" }] }),
            "/recipient/tax_numbers/0/tax_number_type",
            "inList",
        ),
        (
            json!({ "/recipient/tax_numbers": { "tax_number": "1", "tax_number_type": "VAT" } }),
            "/recipient/tax_numbers",
            "array",
        ),
        (json!({ "/sender": { "company": "Alone" } }), "/sender/address_line_1", "_required"),
        (json!({ "/sender": { "company": "Alone" } }), "/sender/postcode", "_required"),
        (product("name", json!("")), "/products/0/name", "_empty"),
        (product("sku", json!(long(101))), "/products/0/sku", "maxLength"),
        (product("qty", json!(0)), "/products/0/qty", "range"),
        (product("value", json!(null)), "/products/0/value", "_empty"),
        (product("mid_code", json!(long(26))), "/products/0/mid_code", "maxLength"),
        (product("stock_location", json!(long(101))), "/products/0/stock_location", "maxLength"),
        (
            product("dangerous_goods", json!({ "un_number": 10_000 })),
            "/products/0/dangerous_goods/un_number",
            "range",
        ),
        (
            product("dangerous_goods", json!({ "un_number": "UN1234" })),
            "/products/0/dangerous_goods/un_number",
            "range",
        ),
        (
            product("dangerous_goods", json!({ "volume": 0 })),
            "/products/0/dangerous_goods/volume",
            "range",
        ),
        (
            product("dangerous_goods", json!({ "volume": 100_000 })),
            "/products/0/dangerous_goods/volume",
            "range",
        ),
        (product("dangerous_goods", json!("petrol")), "/products/0/dangerous_goods", "array"),
        (json!({ "/products": ["x"] }), "/products/0", "array"),
        (json!({ "/packages": [{ "id": 11_110 }] }), "/packages/0/weight", "_required"),
        (json!({ "/packages": [{ "id": "big", "weight": 1 }] }), "/packages/0/id", "integer"),
        (json!({ "/tags": ["red"] }), "/tags/0", "integer"),
        (json!({ "/tags": 1 }), "/tags", "array"),
        (json!({ "/increment": "first" }), "/increment", "integer"),
    ] {
        let error = client.refused(changes.clone());
        let found = error.pointer(path).and_then(|it| it.get(rule));
        assert!(found.is_some_and(Value::is_string), "{changes}: {error}");
    }
    for (changes, why) in [
        (json!({ "/shipment_detail/rules_metadata": long(50) }), "fifty are allowed"),
        (
            product("dangerous_goods", json!({ "un_number": "0004", "volume": "99999" })),
            "zeros in front",
        ),
        (product("dangerous_goods", json!([{ "un_number": 1234 }])), "a list of one"),
        (product("dangerous_goods", json!(null)), "none"),
        (json!({ "/sender": {} }), "an empty sender is none"),
        (json!({ "/sender": null }), "no sender"),
    ] {
        let reference = format!("OK{}", why.len());
        let answer = client.book(&reference, changes);
        assert_eq!(answer["success"], true, "{why}: {answer}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once_under_the_documented_key_and_a_scenario_says_with_which_status()
 {
    let mut client = Client::open();
    let error = client.refused(
        json!({ "/reference2": null, "/recipient/city": "", "/products": [{}, { "sku": "x" }] }),
    );
    assert_eq!(error["reference2"]["_required"], "This field is required");
    assert_eq!(error["recipient"]["city"]["_empty"], "This field cannot be left empty");
    assert_eq!(error["products"].as_array().unwrap().len(), 2);
    let mut strict = Client::switched(json!({ "validation_status": 422 }));
    let reply = strict.post("/v1/shipments", &json!({}));
    assert_eq!((reply.status, reply.evidence), (422, Evidence::Inferred));
    assert_eq!(reply.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["error"]);
}

#[test]
fn what_real_clients_send_is_never_an_error_of_ours() {
    let mut client = Client::open();
    let answers = [
        (
            "numbers as texts",
            json!({ "/shipment_detail/weight": "1.5", "/shipment_detail/parcels": "2", "/increment": "1", "/delivery_service": "24" }),
        ),
        ("packages null", json!({ "/packages": Value::Null, "/products": [] })),
        (
            "a package that is none",
            json!({ "/packages": [{ "id": 0, "weight": 0 }], "/shipment_detail/enhancement_id": "N/A" }),
        ),
        (
            "keys nobody knows",
            json!({ "/products": [{ "name": "n", "sku": "s", "value": 1, "weight": 1, "height": 3, "width": 4 }] }),
        ),
        ("a number for a text", json!({ "/reference2": 1001 })),
        ("tags nobody has", json!({ "/tags": [1, "2", 3, 5] })),
        ("package sizes nobody has", json!({ "/packages": [{ "id": 100_001, "weight": 10.5 }] })),
    ];
    for (place, (what, changes)) in answers.into_iter().enumerate() {
        let answer = client.book(&format!("C{place}"), changes);
        assert_eq!(answer["success"], true, "{what}: {answer}");
    }
    // The tags that are the caller's own stay.
    assert_eq!(
        client.view("C5")["tags"],
        json!([{ "id": 1, "name": "Tag A" }, { "id": 2, "name": "Tag B" }])
    );
    let one = json!({ "name": "n", "sku": "s", "value": 1, "weight": 1 });
    assert_eq!(
        client.refused(json!({ "/products": one })),
        json!({ "products": { "array": "The provided value is invalid" } })
    );
}

#[test]
fn a_booking_is_taken_as_a_nested_form_and_as_multipart_too() {
    let mut client = Client::open();
    let form = "reference=F1&reference2=ORDER1&shipment_detail%5Bweight%5D=6&shipment_detail[parcels]=1&shipment_detail[value]=10\
        &recipient[firstname]=A&recipient[lastname]=B&recipient[address_line_1]=C&recipient[city]=D&recipient[postcode]=BS2+3AP\
        &recipient[country]=GB&products[0][name]=Tea&products[0][sku]=tea&products[0][value]=1.50&products[0][weight]=0.25&tags[]=2";
    let answer = client.form("/v1/shipments", form).json();
    assert_eq!(answer["status"], "Complete", "{answer}");
    let data = client.detail("shipment", "F1").data;
    assert_eq!(
        (data["draft"]["items"][0]["weight"].clone(), data["draft"]["tags"].clone()),
        (json!(0.25), json!([2]))
    );
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body =
        [part("email", "you@youremail.com"), part("password", "password"), "--x--\r\n".to_owned()]
            .concat();
    let login =
        Request::new(Method::Post, "/v1/token").carrying("multipart/form-data; boundary=x", body);
    assert_eq!(client.send(login).status, 200);
}

#[test]
fn products_of_a_booking_overwrite_the_catalogue_but_for_their_sku() {
    let mut client = Client::open();
    let product = json!({ "name": "Hat of another name", "sku": "hat1", "value": 12.5, "weight": 0.4, "commodity_code": "999" });
    let new = json!({ "name": "New", "sku": "new1", "qty": 3, "value": "1.5", "weight": "0.1" });
    client.book("P1", json!({ "/products": [product, new] }));
    let seen = client.get("/v1/products/view/hat1").json()["product"].clone();
    assert_eq!(
        (
            seen["name"].clone(),
            seen["price"].clone(),
            seen["weight"].clone(),
            seen["commodity_code"].clone()
        ),
        (json!("Hat of another name"), json!(12.5), json!(0.4), json!("999"))
    );
    // What was not sent stays.
    assert_eq!(
        (seen["length"].clone(), seen["commodity_composition"].clone()),
        (json!(10), json!("Cotton"))
    );
    assert_eq!(seen["modified"], "2026-05-14T09:00:00+0000");
    assert_eq!(client.get("/v1/products/view/new1").json()["product"]["price"], 1.5);
}

#[test]
fn a_label_is_a_pdf_with_a_page_for_each_parcel_and_for_each_return_and_fetching_it_is_written_down_once()
 {
    let mut client = Client::open();
    let changes =
        json!({ "/shipment_detail/rules_metadata": "express", "/shipment_detail/parcels": 2 });
    client.book("L1", changes);
    let viewed = client.view("L1");
    let label = STANDARD.decode(viewed["label"].as_str().unwrap()).unwrap();
    assert!(label.starts_with(b"%PDF-1.4"));
    let text = String::from_utf8_lossy(&label);
    assert!(text.contains("/Count 3"), "two parcels and one return");
    let printed = "Printed & Archived by you@youremail.com (API)";
    let count = |viewed: &Value| {
        viewed["messages"].as_array().unwrap().iter().filter(|it| it["message"] == printed).count()
    };
    assert_eq!((count(&viewed), count(&client.view("L1"))), (1, 1));
    assert_eq!(client.status("L1"), "Complete");
}

#[test]
fn messages_are_those_that_clients_split() {
    let mut client = Client::open();
    client.book("M1", json!({ "/shipment_detail/weight": 0.5 }));
    let viewed = client.view("M1");
    let number = viewed["shipment"]["tracking_number"].as_str().unwrap();
    let messages: Vec<&str> = viewed["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        [
            "Shipment added over API by you@youremail.com (127.0.0.1)",
            "To be dispatched with Royal Mail's Tracked 48",
            &format!("Royal Mail tracking reference received: {number}"),
            "Printed & Archived by you@youremail.com (API)",
        ]
    );
}

#[test]
fn a_sender_that_is_not_sent_is_the_accounts_own() {
    let mut client = Client::open();
    client.book("S1", json!({}));
    let sender = |client: &Client, id: &str| {
        client.detail("shipment", id).data["draft"]["sender"]["city"].clone()
    };
    assert_eq!(sender(&client, "S1"), "Bath");
    let own = json!({ "firstname": "A", "lastname": "B", "address_line_1": "C", "city": "Leeds", "postcode": "LS1", "country": "gb" });
    client.book("S2", json!({ "/sender": own }));
    assert_eq!(sender(&client, "S2"), "Leeds");
}

#[test]
fn one_booking_a_second_when_a_scenario_says_so() {
    let mut client = Client::switched(json!({ "one_booking_a_second": true }));
    client.book("Q1", json!({}));
    let before = client.world.holdings();
    let reply = client.post("/v1/shipments", &sample("Q2", json!({})));
    assert_eq!(
        reply.text(),
        r#"{"message":"Too many requests","url":"\/v1\/shipments","code":429}"#
    );
    assert_eq!((reply.status, reply.evidence), (429, Evidence::Observed));
    assert!(before == client.world.holdings());
    // Other calls and other accounts are not counted.
    assert_eq!(client.get("/v1/tags").status, 200);
    assert_eq!(client.other().post("/v1/shipments", &sample("Q3", json!({}))).status, 200);
    client.world.advance("1s");
    client.book("Q2", json!({}));
}

#[test]
fn switches_choose_among_what_is_not_known() {
    let refused = json!({ "/delivery_service": 37, "/recipient/country": "FR" });
    let mut client = Client::switched(
        json!({ "refused_is_failure": true, "long_carrier_result": true, "null_label": true }),
    );
    let answer = client.book("X1", refused);
    assert_eq!(answer["success"], false);
    assert_eq!(client.view("X1").get("label"), Some(&Value::Null));
    let long = client.book("X2", json!({}))["carrier_result"].clone();
    let keys: Vec<&String> = long.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "status",
            "tracking",
            "carrier",
            "no_tracking",
            "service_name",
            "service_code",
            "shipment_cost",
            "paperless"
        ]
    );
    let mut strict = Client::switched(json!({ "strict_decimals": true }));
    let error = strict.refused(json!({ "/shipment_detail/weight": 1.2345 }));
    assert_eq!(error["shipment_detail"]["weight"]["decimal"], "The provided value is invalid");
    let mut lenient = Client::open();
    lenient.book("W1", json!({ "/shipment_detail/weight": 1.2345 }));
    assert_eq!(lenient.detail("shipment", "W1").data["draft"]["particulars"]["weight"], 1.235);
}

#[test]
fn a_shipment_called_list_can_be_booked_and_not_viewed() {
    let mut client = Client::open();
    client.book("list", json!({}));
    assert!(client.get("/v1/shipments/list").json()["shipments"].is_array());
    client.book("SLASH/ED ", json!({}));
    // The framework decodes a path before it matches, so that a reference with a slash is nobody's; a plus is a blank.
    assert_eq!(client.get("/v1/shipments/SLASH%2FED%20").status, 404);
    client.book("ONE TWO", json!({}));
    assert_eq!(client.view("ONE+TWO")["shipment"]["channel_reference_id"], "ONE TWO");
}

#[test]
fn a_get_with_a_body_is_answered_all_the_same() {
    let mut client = Client::open();
    for body in ["{}", "[", "x=1"] {
        let request = json_request(Method::Get, "/v1/services", &json!({}));
        let mut request = client.bearing(request);
        request.body = body.into();
        assert_eq!(client.send(request).status, 200, "{body}");
    }
}
