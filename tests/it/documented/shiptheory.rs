//! Every example of the documentation, in its order, with only the host changed.
//!
//! The printed answers are in the edition we have without their brackets; those are put back, and values of a sample
//! that say `...` stand for something.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shipmock::internals::message::{Evidence, Method, Reply, Request};

use super::{assert_printed, assert_shape};
use crate::harness::Read as _;
use crate::shiptheory::{Client, json_request};

/// The body of "Book", PHP.
const BOOKING: &str = r#"{
    "reference": "S1234", "reference2": "ORDER1001",
    "shipment_detail": {
        "weight": 2.5, "parcels": 1, "value": 135.18, "shipping_price": 3.99, "reference3": "ORDERREF3", "sales_source": "eBay",
        "ship_date": "2021-04-20", "rules_metadata": "custom string", "duty_tax_number": "IM123456789",
        "duty_tax_number_type": "IOSS"
    },
    "recipient": {
        "company": "Beard Supplies Co", "firstname": "William", "lastname": "Riker", "address_line_1": "123 Southpaw Lane",
        "city": "Bristol", "postcode": "bs2 3ap", "telephone": "01171231234", "country": "GB", "tax_number": "GB123456",
        "what3words": "///what.three.words"
    },
    "sender": {
        "company": "Hair Wholesaler Co.", "firstname": "Julian", "lastname": "Bashir", "address_line_1": "65 Horfield Retail Park",
        "city": "Bath", "postcode": "ba1 2jw", "telephone": "0117123111", "country": "GB"
    },
    "products": [
        { "name": "USS Beard Trimmer 500", "sku": "ussbeard500", "qty": 1, "value": 35.20, "weight": 0.5, "mid_code": "AUOZR92MEL",
          "dangerous_goods": { "un_number": 1234, "volume": 123 } },
        { "name": "Earl Grey Gift Set", "sku": "earlgrey", "qty": 2, "value": 49.99, "weight": 1, "mid_code": "AUOZR92MEL" }
    ],
    "packages": [{ "id": 100001, "weight": 10.50 }, { "id": 100001, "weight": 10 }],
    "tags": [1, 2, 3]
}"#;

/// The body of "Book", JavaScript: a form, as the client of the sample nests it.
const FORM: &str = "reference=S1234&reference2=ORDER1001&shipment_detail%5Bweight%5D=2.5&shipment_detail%5Bparcels%5D=1\
&shipment_detail%5Bvalue%5D=135.18&shipment_detail%5Bshipping_price%5D=3.99&shipment_detail%5Breference3%5D=ORDERREF3\
&shipment_detail%5Bsales_source%5D=eBay&shipment_detail%5Bship_date%5D=2021-04-20&shipment_detail%5Brules_metadata%5D=custom%20string\
&shipment_detail%5Bduty_tax_number%5D=IM123456789&shipment_detail%5Bduty_tax_number_type%5D=IOSS\
&recipient%5Bcompany%5D=Beard%20Supplies%20Co&recipient%5Bfirstname%5D=William&recipient%5Blastname%5D=Riker\
&recipient%5Baddress_line_1%5D=123%20Southpaw%20Lane&recipient%5Bcity%5D=Bristol&recipient%5Bpostcode%5D=BS2%203AP\
&recipient%5Btelephone%5D=01161231245&recipient%5Bcountry%5D=GB&recipient%5Btax_number%5D=GB123456\
&recipient%5Bwhat3words%5D=%2F%2F%2Fwhat.three.words&sender%5Bcompany%5D=Hair%20Wholersaler%20Co.&sender%5Bfirstname%5D=Julian\
&sender%5Blastname%5D=Bashir&sender%5Baddress_line_1%5D=65%20Horfield%20Retail%20Park&sender%5Bcity%5D=Bath\
&sender%5Bpostcode%5D=BA1%202JW&sender%5Btelephone%5D=01161231211&sender%5Bcountry%5D=GB\
&products%5B0%5D%5Bname%5D=USS%20Beard%20Trimmer%20500&products%5B0%5D%5Bsku%5D=ussbeard500&products%5B0%5D%5Bqty%5D=1\
&products%5B0%5D%5Bvalue%5D=32.5&products%5B0%5D%5Bweight%5D=0.5&products%5B0%5D%5Bmid_code%5D=AUOZR92MEL\
&products%5B0%5D%5Bdangerous_goods%5D%5Bun_number%5D=1234&products%5B0%5D%5Bdangerous_goods%5D%5Bvolume%5D=123\
&products%5B1%5D%5Bname%5D=Earl%20Grey%20Gift%20Set&products%5B1%5D%5Bsku%5D=earlgrey&products%5B1%5D%5Bqty%5D=2\
&products%5B1%5D%5Bvalue%5D=49.99&products%5B1%5D%5Bweight%5D=1&products%5B1%5D%5Bmid_code%5D=AUOZR92MEL\
&packages%5B0%5D%5Bid%5D=10001&packages%5B0%5D%5Bweight%5D=100&packages%5B1%5D%5Bid%5D=10002&packages%5B1%5D%5Bweight%5D=10.39\
&tags%5B0%5D=1&tags%5B1%5D=2&tags%5B2%5D=3";

const BOOKED: &str = r#"{
    "success": true, "status": "Complete",
    "carrier_result": { "status": "success", "tracking": "2887123123", "carrier": "DHL", "no_tracking": null },
    "message": "DHL tracking reference received: 2887123123"
}"#;

/// Takes the base64 of a PDF out of an answer, so that the rest can be compared with what is printed.
fn without_pdf(reply: &Reply, key: &str) -> String {
    let mut body = reply.json();
    let pdf = STANDARD.decode(body[key].as_str().unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.4") && pdf.ends_with(b"%%EOF"), "{key}");
    assert!(body[key].as_str().unwrap().starts_with("JVBERi0xLjQ"));
    body[key] = json!("...");
    body.to_string()
}

fn documented(reply: &Reply) -> &Reply {
    assert_eq!((reply.status, reply.evidence), (200, Evidence::Documented), "{}", reply.text());
    reply
}

#[test]
fn authentication() {
    let mut client = Client::stranger();
    let body = json!({ "email": "you@youremail.com", "password": "password" });
    let reply = client.send(json_request(Method::Post, "/v1/token", &body));
    assert_shape(
        documented(&reply),
        200,
        r#"{ "success": true, "data": { "token": "asd1AdiJKV1QiLCJhbGciOiJIUzI1NiJ9.dafMTasdsa..." } }"#,
    );
    assert_eq!(reply.json()["success"], true);
    let form = Request::new(Method::Post, "/v1/token").carrying(
        "application/x-www-form-urlencoded",
        "email=you%40youremail.com&password=password",
    );
    assert_eq!(client.send(form).text(), reply.text());
}

#[test]
fn a_booking_and_the_shipment_that_comes_of_it() {
    let mut client = Client::open();
    let reply = client.post("/v1/shipments", &super::printed(BOOKING));
    assert_printed(documented(&reply), 200, BOOKED);
    let viewed = client.get("/v1/shipments/S1234");
    snapshot!(
        "documented",
        "shiptheory-booked-shipment",
        without_pdf(documented(&viewed), "label")
    );
    let mut client = Client::open();
    let reply = client.form("/v1/shipments", FORM);
    assert_printed(documented(&reply), 200, BOOKED);
}

#[test]
fn the_shipment_that_is_printed() {
    let mut client = Client::open();
    for reference in ["12345", "S1234"] {
        assert_eq!(client.get(&format!("/v1/shipments/{reference}")).status, 200);
    }
    let reply = client.get("/v1/shipments/S1234");
    let email = "you@youremail.com";
    let printed = json!({
        "shipment": {
            "channel_reference_id": "S1234", "channel_reference_id_2": "ORDER1001", "created": "2016-04-27T20:42:57+0000",
            "modified": "2016-04-27T20:44:03+0000", "status": "Complete", "tracking_number": "TT324201212GB",
            "carrier": "Royal Mail", "channel_reference_id_3": "ORDERREF3", "duty_tax_number": "IM123456789",
            "duty_tax_number_type": "IOSS", "shipping_price": 26.99, "shipment_cost": 9.95
        },
        "tags": [{ "id": 1, "name": "Tag A" }, { "id": 2, "name": "Tag B" }],
        "messages": [
            { "message": format!("Shipment added over API by {email} (82.45.13.184)"), "created": "2016-04-27T20:42:57+0000", "type": "info" },
            { "message": "To be dispatched with DHL's Domestic Economy", "created": "2016-04-27T20:42:57+0000", "type": "info" },
            { "message": "DHL tracking reference received: 2887435806", "created": "2016-04-27T14:43:06+0000", "type": "success" },
            { "message": format!("Printed & Archived by {email} (API)"), "created": "2016-04-27T20:47:59+0000", "type": "success" }
        ],
        "label": "..."
    });
    assert_eq!(without_pdf(documented(&reply), "label"), printed.to_string());
}

/// One of the printed rows; `changes` are what differs from row to row.
fn row(changes: &Value) -> Value {
    let mut row = json!({
        "created": "", "modified": "", "channel_reference_id": "", "channel_reference_id_2": "ST0000064", "channel_name": "",
        "status": "Failed", "courier": null, "courierservice": null,
        "shipment_detail": {
            "tracking_number": null, "weight": 0.5, "grams": 500, "gift_message": "Happy birthday!",
            "instructions": "Please leave behind the gate", "shipping_price": null, "value": 1, "parcels": 1, "width": null,
            "height": null, "depth": null, "channel_reference_id_3": "", "ship_date": "2021-04-25T00:00:00+0000"
        },
        "delivery_address": {
            "company": "Shiptheory", "address_line_1": "20, Berkeley House", "address_line_2": "Charlotte Street",
            "address_line_3": null, "city": "Bristol", "county": "Somerset", "postcode": "BA1 2WA", "telephone": "0776666666",
            "mobile": "", "email": "test@test1.com", "firstname": "Peter", "lastname": "Pan", "tax_number": null,
            "country": { "country": "United Kingdom", "code": "GBR" }
        },
        "latest_public_reference": null
    });
    for (pointer, value) in changes.as_object().unwrap() {
        *row.pointer_mut(pointer).unwrap() = value.clone();
    }
    row
}

fn rows() -> Value {
    let mut first = row(&json!({
        "/created": "2019-09-20T13:39:54+0000", "/modified": "2019-09-20T13:39:54+0000", "/channel_reference_id": "ST0000069",
        "/channel_name": "Manual", "/courier": { "couriername": "Parcelforce" },
        "/courierservice": { "id": 24, "serviceName": "express48" },
        "/shipment_detail/shipping_price": 3.99, "/shipment_detail/channel_reference_id_3": "ORDERREF3"
    }));
    first["delivery_address"]["what_3_words"] = json!("///what.three.words");
    let second = row(&json!({
        "/created": "2019-09-20T13:39:51+0000", "/modified": "2019-09-20T13:39:51+0000", "/channel_reference_id": "ST0000068",
        "/channel_name": "Magento", "/courier": { "couriername": "FedEx" }, "/shipment_detail/channel_reference_id_3": "ORDERREF6"
    }));
    let third = row(&json!({
        "/created": "2019-09-20T13:38:23+0000", "/modified": "2019-09-20T13:38:23+0000", "/channel_reference_id": "ST0000063",
        "/channel_reference_id_2": "ST0000063", "/channel_name": "TradeGecko", "/shipment_detail/weight": 0,
        "/shipment_detail/channel_reference_id_3": "ORDERREF8"
    }));
    json!([first, second, third])
}

#[test]
fn the_lists_that_are_printed() {
    let mut client = Client::open();
    // The query of the sample, its blank raw.
    let query = "created=2020-11-14&Couriers.couriername=Royal Mail&channel_name=Bigcommerce";
    let reply = client.get(&format!("/v1/shipments/list?{query}"));
    let found = documented(&reply).json()["shipments"].clone();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["courier"]["couriername"], "Royal Mail");
    // The rows of the sample's answer, under another query than that of the sample: they do not fulfil it.
    let reply = client.get("/v1/shipments/list?created=2019-09-20&limit=100");
    let printed = json!({
        "shipments": rows(),
        "pagination": { "page": 1, "pages": 1, "results": 3, "results_per_page": 100, "limit": 100 }
    });
    assert_eq!(documented(&reply).json(), printed);
    snapshot!("documented", "shiptheory-list", reply.text());
}

#[test]
fn the_search_that_is_printed() {
    let mut client = Client::open();
    let query = "created_from=2019-09-01&created_to=2019-09-30&DeliveryAddress.postcode=ba1 2wa&status=Failed&include_products=1";
    let reply = client.get(&format!("/v1/shipments/search?{query}"));
    let mut rows = rows();
    let none = json!({ "commodity_description": null, "commodity_code": null, "commodity_manucountry": null, "commodity_composition": null });
    let product = |fields: Value| {
        let mut fields = fields;
        fields.as_object_mut().unwrap().extend(none.as_object().unwrap().clone());
        fields
    };
    let products = json!([
        product(json!({
            "qty": 2, "sku": "20grammer", "name": "20 gram product", "value": "1.00", "catalog_price": "1.00", "barcode": null,
            "weight": "0.02", "grams": "200", "length": "25", "width": "25", "height": "25"
        })),
        product(json!({
            "qty": 20, "sku": "cap1", "name": "Baseball Cap", "value": "4.00", "weight": "11.00", "length": "0", "width": "0", "height": "0"
        }))
    ]);
    rows[0]["products"] = products.clone();
    rows[1]["products"] = products;
    rows[2]["products"] = json!([]);
    assert_eq!(documented(&reply).json(), json!({ "shipments": rows }));
    snapshot!("documented", "shiptheory-search", reply.text());
}

#[test]
fn a_picking_list() {
    let mut client = Client::open();
    let body =
        json!({ "shipments": [{ "reference_1": "S123456" }, { "reference_2": "ORDER-5678" }] });
    let reply = client.post("/v1/picking_lists/download", &body);
    assert_eq!(without_pdf(documented(&reply), "pdf"), r#"{"pdf":"..."}"#);
}

#[test]
fn return_labels() {
    let mut client = Client::open();
    let body = json!({ "outgoing_reference": "S0001001", "delivery_postcode": "BS1 4TW", "return_service": 200, "expiry": "2019-10-23" });
    let reply = client.post("/v1/returns", &body);
    assert_eq!(
        without_pdf(documented(&reply), "label"),
        r#"{"tracking":"ST123456789X","label":"..."}"#
    );
    let form = "outgoing_reference=S0001001&delivery_postcode=BS1%204TW&return_service=200&expiry=2019-10-23";
    assert_eq!(documented(&client.form("/v1/returns", form)).status, 200);
    let late = json!({ "outgoing_reference": "S0001001", "delivery_postcode": "BS1 4TW", "return_service": 200, "expiry": "2026-10-23" });
    let reply = client.post("/v1/returns", &late);
    assert_printed(
        documented(&reply),
        200,
        r#"{ "error": { "expiry": { "expiry_length": "Your returns label expiry is not allowed. The label must expire within 30 days" } } }"#,
    );
    let other = json!({ "outgoing_reference": "ST0000040", "delivery_postcode": "bs1 x2w", "return_service": 200, "expiry": "2019-10-23" });
    let reply = client.post("/v1/returns", &other);
    assert_printed(
        documented(&reply),
        200,
        r#"{ "error": "Unable to find a shipment with the reference 'ST0000040' and postcode 'bs1 x2w'" }"#,
    );
}

#[test]
fn delivery_services() {
    let mut client = Client::open();
    let reply = client.get("/v1/services");
    let dpd = documented(&reply).json()["delivery_services"]["DPD"].clone();
    for (name, id) in
        [("Parcel - Homecall", "37"), ("Parcel - Two Day", "38"), ("Parcel - Next Day", "39")]
    {
        assert_eq!(dpd[name], json!({ "id": id, "courier_increment_ids": ["1", "2"] }));
    }
    snapshot!("documented", "shiptheory-services", reply.text());
    let reply = client.get("/v1/services/incoming");
    let returns = documented(&reply).json()["return_services"].clone();
    let named = |carrier: &str, id: u64| {
        returns[carrier]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["id"] == id)
            .cloned()
            .unwrap_or_default()
    };
    for (carrier, id, name) in
        [("DPD", 7, "Return to Shop"), ("Royal Mail", 1, "Tracked 24 Returns")]
    {
        let found = named(carrier, id);
        assert_eq!(
            (found["name"].as_str(), found["collection_or_dropoff"].as_str()),
            (Some(name), Some("collection"))
        );
        assert_eq!(found["upper_limit_weight"], 0);
    }
    let keys: Vec<String> = named("DPD", 7).as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "id",
            "name",
            "collection_or_dropoff",
            "upper_limit_weight",
            "upper_length_limit",
            "upper_width_limit",
            "upper_height_limit",
            "incoming_countries",
            "outgoing_countries"
        ]
    );
    snapshot!("documented", "shiptheory-incoming-services", reply.text());
}

#[test]
fn package_sizes() {
    let mut client = Client::open();
    let reply = client.get("/v1/packages/sizes");
    assert_printed(
        documented(&reply),
        200,
        r#"{ "package_sizes": [
            { "id": 11110, "name": "Quarter Pallet", "length": 1, "width": 1, "height": 1, "active": true,
              "created": "2016-05-18T14:05:04+0000", "modified": "2016-05-18T14:05:04+0000" },
            { "id": 11120, "name": "Small Box", "length": 2, "width": 2, "height": 1, "active": true,
              "created": "2017-09-12T09:37:37+0000", "modified": "2017-09-12T09:37:37+0000" }
        ], "pagination": { "page": 1, "pages": 1, "results": 2, "results_per_page": 25, "limit": false } }"#,
    );
    // "Pagination": biggest id first.
    let sorted = client.get("/v1/packages/sizes?sort=id&direction=desc&page=1&limit=10").json();
    assert_eq!(sorted["package_sizes"][0]["id"], 11_120);
}

const PRODUCT: &str = r#"{
    "sku": "hat1", "name": "Ladies Wedding Hat", "price": 45, "weight": 3.50, "commodity_code": "123456",
    "commodity_description": "Ladies hat 90% cotton 20% mixed", "commodity_manucountry": "GBR", "commodity_composition": "Cotton",
    "barcode": "ABC123123", "mid_code": "AUOZR92MEL", "stock_location": "Location A",
    "dangerous_goods": { "un_number": 1234, "volume": 123 }
}"#;

#[test]
fn products() {
    let mut client = Client::open();
    let reply = client.get("/v1/products/view/hat1");
    assert_printed(
        documented(&reply),
        200,
        r#"{ "product": {
            "sku": "hat1", "name": "Wedding Hat", "price": 41, "weight": 4, "barcode": "", "commodity_code": "123456",
            "commodity_description": "Ladies hat 90% cotton 20% mixed", "commodity_manucountry": "GBR",
            "commodity_composition": "Cotton", "length": 10, "width": 10, "height": 5, "thumbnail_url": "",
            "stock_location": "LOCATION_001", "dangerous_goods": { "un_number": 1234, "volume": 123 },
            "created": "2020-11-23T00:00:00+0000", "modified": "2020-11-23T00:00:00+0000"
        } }"#,
    );
    let reply = client.post("/v1/products", &super::printed(PRODUCT));
    let added = |at: &str| {
        format!(
            r#"{{ "success": true, "product": {{
            "sku": "hat1", "name": "Ladies Wedding Hat", "price": 45, "weight": 3.5, "barcode": "ABC123123",
            "commodity_code": "123456", "commodity_description": "Ladies hat 90% cotton 20% mixed",
            "commodity_manucountry": "GBR", "commodity_composition": "Cotton", "mid_code": "AUOZR92MEL",
            "stock_location": "Location A", "dangerous_goods": {{ "un_number": 1234, "volume": 123 }},
            "created": "{at}", "modified": "{at}" }} }}"#
        )
    };
    // The time is the world's.
    assert_printed(documented(&reply), 200, &added("2026-05-14T09:00:00+0000"));
    let again = client.post("/v1/products", &super::printed(PRODUCT));
    let taken = r#"{ "error": { "sku": { "unique": "A product with this SKU already exists" } } }"#;
    assert_printed(documented(&again), 200, taken);
    let mut update = super::printed(PRODUCT);
    update["thumbnail_url"] = json!("");
    let reply = client.put("/v1/products/update/hat1", &update);
    assert_shape(
        documented(&reply),
        200,
        r#"{ "success": true, "product": {
            "sku": "hat1", "name": "Ladies Wedding Hat", "price": 45, "weight": 3.50, "barcode": "ABC123123",
            "commodity_code": "123456", "commodity_description": "Ladies hat 90% cotton 20% mixed",
            "commodity_manucountry": "GBR", "commodity_composition": "Cotton", "mid_code": "AUOZR92MEL",
            "created": "2020-11-23T14:05:02+0000", "modified": "2020-11-23T14:05:02+0000", "length": 1, "width": 1, "height": 1,
            "volume": 0.5, "thumbnail_url": "", "stock_location": "Location A",
            "dangerous_goods": { "un_number": 1234, "volume": 123 }
        } }"#,
    );
    let renamed = client.put("/v1/products/update/hat1", &json!({ "sku": "basecap1" }));
    assert_printed(documented(&renamed), 200, taken);
    let reply = client.get("/v1/products?sort=sku");
    let products = documented(&reply).json()["products"].clone();
    let skus: Vec<&str> =
        products.as_array().unwrap().iter().map(|it| it["sku"].as_str().unwrap()).collect();
    assert_eq!(skus, ["20grammer", "basecap1", "hat1"]);
    snapshot!("documented", "shiptheory-products", reply.text());
}

#[test]
fn tags() {
    let mut client = Client::open();
    let listed = r##"{ "tags": [
        { "id": 1, "name": "Tag A", "background_colour": "#000", "text_colour": "#FFF" },
        { "id": 2, "name": "Tag B", "background_colour": "#FA8072", "text_colour": "#708090" }
    ], "pagination": { "page": 1, "pages": 1, "results": 2, "results_per_page": 25, "limit": false } }"##;
    assert_printed(documented(&client.get("/v1/tags")), 200, listed);
    let tag =
        r##"{ "id": 1, "name": "Tag A", "background_colour": "#000", "text_colour": "#FFF" }"##;
    assert_printed(documented(&client.get("/v1/tags/1")), 200, tag);
    let body = json!({ "name": "Tag A", "background_colour": "#000", "text_colour": "#FFF" });
    assert_printed(documented(&client.post("/v1/tags", &body)), 200, tag);
    // The sample of a taken name speaks of `sku`.
    let taken = r#"{ "error": { "sku": { "unique": "A tag with this name already exists" } } }"#;
    assert_printed(documented(&client.post("/v1/tags", &body)), 200, taken);
    let mut with_id = body.clone();
    with_id["id"] = json!(1);
    assert_printed(documented(&client.put("/v1/tags/1", &with_id)), 200, tag);
    let request = client.bearing(json_request(Method::Patch, "/v1/tags/1", &body));
    assert_printed(documented(&client.send(request)), 200, tag);
    let foreign = |path: &str| {
        format!(
            r#"{{ "message": "You do not have access to the requested resource", "url": "{path}", "code": 403 }}"#
        )
    };
    let reply = client.get("/v1/tags/5");
    assert_printed(&reply, 403, &foreign("/v1/tags/5"));
    assert_eq!(reply.evidence, Evidence::Documented);
    let request = client.bearing(Request::new(Method::Delete, "/v1/tags/1"));
    let reply = client.send(request);
    assert_eq!(documented(&reply).text(), "");
}
