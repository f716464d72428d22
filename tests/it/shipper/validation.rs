//! Validation of bodies: which rule, in which order, in which words; and in which encodings a body may come.

use serde_json::{Value, json};
use shipmock::internals::message::Method::Post;
use shipmock::internals::message::Reply;

use super::shop::{SHIRT, SIZE_L, Shop, one_shirt, request};
use crate::harness::{Read as _, with_json};

/// The answer to one order with a place changed.
fn with(place: &str, value: Value) -> Reply {
    let mut body = one_shirt();
    let (parent, name) = place.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    Shop::small().post("/orders", &body)
}

/// A 422 of the framework: the first sentence, the count of the others, and the sentences by field, in order.
fn assert_invalid(reply: &Reply, errors: &[(&str, &[&str])]) {
    let all: Vec<&str> = errors.iter().flat_map(|(_, texts)| texts.iter().copied()).collect();
    let more = match all.len() - 1 {
        0 => String::new(),
        1 => " (and 1 more error)".to_owned(),
        more => format!(" (and {more} more errors)"),
    };
    let mut list = serde_json::Map::new();
    for (field, texts) in errors {
        list.insert((*field).to_owned(), json!(texts));
    }
    let body = json!({ "message": format!("{}{more}", all[0]), "errors": list });
    // As texts, for the order of the fields.
    assert_eq!(
        (reply.status, serde_json::from_slice::<Value>(&reply.body).unwrap().to_string()),
        (422, body.to_string())
    );
}

/// What an empty order lacks.
const NOTHING: &[(&str, &[&str])] = &[
    ("address", &["The address field is required."]),
    ("address.name", &["The address.name field is required."]),
    ("address.phone1", &["The address.phone1 field is required."]),
    ("address.address1", &["The address.address1 field is required."]),
    ("address.country", &["The address.country field is required."]),
    ("items", &["The items field is required."]),
];

/// (17)
#[test]
fn an_empty_or_malformed_body_lacks_everything_at_once() {
    let mut shop = Shop::small();
    assert_invalid(&shop.post("/orders", &json!({})), NOTHING);
    assert!(shop.post("/orders", &json!({})).text().starts_with(
        r#"{"message":"The address field is required. (and 5 more errors)","errors":{"address":["#
    ));
    let malformed = request(Post, "/orders").carrying("application/json", "{ \"address\": ");
    assert_invalid(&shop.by("api_key").send(malformed), NOTHING);
    assert_invalid(
        &shop.post("/webhooks", &json!({})),
        &[("url", &["The url field is required."]), ("events", &["The events field is required."])],
    );
}

#[test]
#[rustfmt::skip]
fn each_rule_has_its_words() {
    let long = "x".repeat(256);
    for (place, value, field, text) in [
        ("/address",             json!("x"),        "address",          "The address field must be an array."),
        ("/address/name",        json!(5),          "address.name",     "The address.name field must be a string."),
        ("/address/name",        json!(" "),        "address.name",     "The address.name field is required."),
        ("/address/name",        json!(long),       "address.name",     "The address.name field must not be greater than 255 characters."),
        ("/address/phone1",      json!(28177188),   "address.phone1",   "The address.phone1 field must be a string."),
        ("/address/phone2",      json!(false),      "address.phone2",   "The address.phone2 field must be a string."),
        ("/address/division_1",  json!([]),         "address.division_1", "The address.division 1 field must be a string."),
        ("/address/country",     json!("TUN"),      "address.country",  "The address.country field must be 2 characters."),
        ("/address/country",     json!("XX"),       "address.country",  "The selected address.country is invalid."),
        ("/address/country",     json!(null),       "address.country",  "The address.country field is required."),
        ("/items",               json!([]),         "items",            "The items field is required."),
        ("/items",               json!("x"),        "items",            "The items field must be an array."),
        ("/items",               json!(null),       "items",            "The items field is required."),
        ("/items/0/id",          json!(7),          "items.0.id",       "The items.0.id field must be a string."),
        ("/items/0/id",          json!(null),       "items.0.id",       "The items.0.id field is required."),
        ("/items/0/id",          json!("nope"),     "items.0.id",       "The selected items.0.id is invalid."),
        ("/items/0/quantity",    json!(0),          "items.0.quantity", "The items.0.quantity field must be at least 1."),
        ("/items/0/quantity",    json!(-1),         "items.0.quantity", "The items.0.quantity field must be at least 1."),
        ("/items/0/quantity",    json!(1.5),        "items.0.quantity", "The items.0.quantity field must be an integer."),
        ("/items/0/quantity",    json!("1.0"),      "items.0.quantity", "The items.0.quantity field must be an integer."),
        ("/items/0/quantity",    json!("05"),       "items.0.quantity", "The items.0.quantity field must be an integer."),
        ("/items/0/quantity",    json!("two"),      "items.0.quantity", "The items.0.quantity field must be an integer."),
        ("/items/0/total_price", json!("12,5"),     "items.0.total_price", "The items.0.total_price field must be a number."),
        ("/items/0/total_price", json!(true),       "items.0.total_price", "The items.0.total_price field must be a number."),
        ("/items/0/total_price", json!(-0.001),     "items.0.total_price", "The items.0.total_price field must be at least 0."),
        ("/shipping_total",      json!("x"),        "shipping_total",   "The shipping total field must be a number."),
        ("/shipping_total",      json!(-1),         "shipping_total",   "The shipping total field must be at least 0."),
        ("/is_cod",              json!("true"),     "is_cod",           "The is cod field must be true or false."),
        ("/is_cod",              json!("false"),    "is_cod",           "The is cod field must be true or false."),
        ("/is_cod",              json!(2),          "is_cod",           "The is cod field must be true or false."),
        ("/auto_fulfill",        json!("yes"),      "auto_fulfill",     "The auto fulfill field must be true or false."),
        ("/with_confirmation",   json!("on"),       "with_confirmation", "The with confirmation field must be true or false."),
        ("/store_name",          json!({}),         "store_name",       "The store name field must be a string."),
        ("/external_order_id",   json!(12345),      "external_order_id", "The external order id field must be a string."),
        ("/external_order_url",  json!(["x"]),      "external_order_url", "The external order url field must be a string."),
    ] {
        let reply = with(place, value.clone());
        if place == "/address" {
            // What is no array has no fields either.
            assert_eq!(reply.json()["errors"][field], json!([text]));
            continue;
        }
        assert_invalid(&reply, &[(field, &[text])]);
    }
}

/// (15)
#[test]
#[rustfmt::skip]
fn what_looks_like_the_right_type_passes() {
    for (place, value) in [
        ("/items/0/quantity",    json!("2")),
        ("/items/0/quantity",    json!(2.0)),
        ("/items/0/quantity",    json!("+2")),
        ("/items/0/quantity",    json!(" 2 ")),
        ("/items/0/quantity",    json!(true)),
        ("/items/0/quantity",    json!(null)),
        ("/items/0/total_price", json!("190.500")),
        ("/items/0/total_price", json!("1e3")),
        ("/items/0/total_price", json!("05")),
        ("/items/0/total_price", json!("")),
        ("/shipping_total",      json!("9")),
        ("/is_cod",              json!(1)),
        ("/is_cod",              json!("0")),
        ("/auto_fulfill",        json!("1")),
        ("/address/phone2",      json!(null)),
        ("/address/phone2",      json!("")),
        ("/address/division_2",  json!(null)),
        ("/address/country",     json!("tn")),
        ("/external_order_url",  json!("not a url")),
        ("/items",               json!({ "a": { "id": SIZE_L } })),
    ] {
        let reply = with(place, value.clone());
        assert_eq!(reply.status, 201, "{place} {value}: {}", reply.text());
    }
}

/// (16)
#[test]
fn nested_problems_have_dotted_keys_and_come_after_the_others() {
    let mut body = one_shirt();
    body["items"] =
        json!([{ "id": "nope", "quantity": 0 }, { "quantity": "x", "total_price": "y" }, 5]);
    body["is_cod"] = json!("true");
    let reply = Shop::small().post("/orders", &body);
    assert_invalid(
        &reply,
        &[
            ("is_cod", &["The is cod field must be true or false."]),
            ("items.0.id", &["The selected items.0.id is invalid."]),
            ("items.1.id", &["The items.1.id field is required."]),
            ("items.2.id", &["The items.2.id field is required."]),
            ("items.0.quantity", &["The items.0.quantity field must be at least 1."]),
            ("items.1.quantity", &["The items.1.quantity field must be an integer."]),
            ("items.1.total_price", &["The items.1.total_price field must be a number."]),
        ],
    );
}

/// (42)
#[test]
fn a_client_of_another_shape_is_told_what_is_missing() {
    let body = json!({
        "external_id": "A-1",
        "recipient": { "name": "Omar", "phone": "28177188" },
        "address": { "line1": "Rue de la Liberte", "city": "Tunis" },
        "cod_amount": 199, "currency": "TND", "weight_kg": 1.2
    });
    assert_invalid(&Shop::small().post("/orders", &body), &NOTHING[1..]);
}

/// (19)
#[test]
fn refusals_come_in_four_shapes() {
    let mut shop = Shop::small();
    let keys = |reply: Reply| -> Vec<String> {
        reply.json().as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys(shop.post("/orders", &json!({}))), ["message", "errors"]);
    assert_eq!(keys(shop.get("/orders/9")), ["message"]);
    assert_eq!(keys(shop.post("/orders/555/cancel", &json!({}))), ["error"]);
    assert_eq!(
        keys(shop.get("/orders?start_date=x")),
        ["error", "value", "expected_formats", "hint"]
    );
}

#[test]
#[rustfmt::skip]
fn a_webhook_has_rules_of_its_own() {
    let invalid = "The selected events.0 is invalid.";
    for (place, value, field, texts) in [
        ("url",    json!("http://mystore.com/hooks"),  "url",      &["The url field must start with one of the following: https://."][..]),
        ("url",    json!("mystore.com/hooks"),         "url",      &["The url field must be a valid URL.", "The url field must start with one of the following: https://."]),
        ("url",    json!("https://"),                  "url",      &["The url field must be a valid URL."]),
        ("url",    json!("https://my store.com"),      "url",      &["The url field must be a valid URL."]),
        ("url",    json!("ftp://mystore.com"),         "url",      &["The url field must start with one of the following: https://."]),
        ("url",    json!(null),                        "url",      &["The url field is required."]),
        ("events", json!([]),                          "events",   &["The events field is required."]),
        ("events", json!(null),                        "events",   &["The events field is required."]),
        ("events", json!("order.status_changed"),      "events",   &["The events field must be an array."]),
        ("events", json!(["order.created"]),           "events.0", &[invalid]),
        ("events", json!([""]),                        "events.0", &["The events.0 field must be a string.", invalid]),
        ("events", json!(["Order.Status_Changed"]),    "events.0", &[invalid]),
        ("secret", json!("fifteen letters"),           "secret",   &["The secret field must be at least 16 characters."]),
        ("secret", json!(1234567890123456789_i64),     "secret",   &["The secret field must be a string.", ]),
    ] {
        let mut body = json!({ "url": "https://mystore.com/hooks", "events": ["order.status_changed"] });
        body[place] = value.clone();
        let reply = Shop::small().post("/webhooks", &body);
        assert_invalid(&reply, &[(field, texts)]);
    }
}

#[test]
fn a_secret_of_sixteen_letters_or_none_will_do() {
    for secret in [json!("sixteen letters!"), json!("é".repeat(16)), json!(null), json!("")] {
        let body = json!({ "url": "https://mystore.com/h", "events": ["order.status_changed"], "secret": secret });
        assert_eq!(Shop::small().post("/webhooks", &body).status, 201, "{secret}");
    }
}

#[test]
fn texts_lose_the_blanks_around_them_and_empty_ones_are_null() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["address"]["name"] = json!("  Omar   Ben Ali \u{a0}\n");
    body["address"]["address2"] = json!("   ");
    body["address"]["country"] = json!(" TN ");
    body["store_name"] = json!("");
    body["items"][0]["id"] = json!(format!(" {SIZE_L} "));
    let id = shop.order(&body);
    let address = shop.get(&format!("/orders/{id}")).json()["address"].clone();
    assert_eq!(
        (&address["first_name"], &address["last_name"]),
        (&json!("Omar"), &json!("Ben Ali"))
    );
    assert_eq!((&address["address2"], &address["country"]), (&json!(""), &json!("TN")));
    assert_eq!(shop.data("order", &id.to_string())["store_name"], json!(null));
}

#[test]
fn a_form_works_as_well_as_json() {
    let mut shop = Shop::small();
    let form = "address[name]=Omar+Ben+Ali&address[phone1]=28177188&address[address1]=Rue+de+la+Libert%C3%A9&\
                address[division_1]=Tunis&address[country]=TN&items[0][id]=a1b2c3d4-5678-9012-abcd-ef0123456789&\
                items[0][quantity]=2&items[0][total_price]=150.5&is_cod=1&auto_fulfill=1&store_name=My+Store";
    let boundary = "multipart/form-data; boundary=\"xx xx\"";
    let multipart: String = form
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            let value = value.replace('+', " ").replace("%C3%A9", "é");
            format!("--xx xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .chain(["--xx xx--\r\n".to_owned()])
        .collect();
    let mut seen = Vec::new();
    for (kind, body) in
        [("application/x-www-form-urlencoded", form.to_owned()), (boundary, multipart)]
    {
        let reply = shop.by("api_key").send(request(Post, "/orders").carrying(kind, body));
        assert_eq!(reply.status, 201, "{kind}: {}", reply.text());
        let id = reply.json()["id"].as_u64().unwrap();
        let mut order = shop.get(&format!("/orders/{id}")).json();
        assert_eq!(order["address"]["address1"], "Rue de la Liberté");
        assert_eq!(order["status"], "Pending");
        assert_eq!(shop.data("order", &id.to_string())["items"][0]["quantity"], 2);
        order["id"] = json!(null);
        order["shipments"][0]["uuid"] = json!(null);
        seen.push(order);
    }
    assert_eq!(seen[0], seen[1]);
    // A query counts as far as the body is silent.
    let mut body = one_shirt();
    body["address"].as_object_mut().unwrap().remove("country");
    body.as_object_mut().unwrap().remove("address");
    let target = "/orders?address[name]=A&address[phone1]=1&address[address1]=B&address[country]=MA&auto_fulfill=0";
    let reply = shop.post(target, &body);
    assert_eq!(reply.status, 201, "{}", reply.text());
    let id = reply.json()["id"].as_u64().unwrap();
    let order = shop.get(&format!("/orders/{id}")).json();
    assert_eq!((&order["address"]["country"], &order["status"]), (&json!("MA"), &json!("Pending")));
}

/// (18)
#[test]
fn without_accept_a_browser_is_sent_back_where_the_scenario_says_so() {
    let bare = |path: &str| {
        let mut request = with_json(request(Post, path), &json!({}));
        request.headers.remove("accept");
        request
    };
    // Usually JSON comes whatever was asked for.
    let mut usual = Shop::small();
    assert_eq!(usual.by("api_key").send(bare("/orders")).status, 422);
    let mut shop = Shop::switched(|switches| switches.redirect_without_accept = true);
    for accept in [
        None,
        Some("*/*"),
        Some("text/html"),
        Some("text/html, application/json"),
        Some("application/json;q=0.5, text/html"),
        Some("application/json;q=0.8, text/html;q=0.9"),
    ] {
        let mut request = bare("/orders").with("referer", "https://mystore.com/checkout?a=1");
        request.headers.remove("accept");
        if let Some(accept) = accept {
            request.headers.set("accept", accept);
        }
        let reply = shop.by("api_key").send(request);
        assert_eq!(reply.status, 302, "{accept:?}");
        assert_eq!(reply.header("Location"), Some("https://mystore.com/checkout?a=1"));
        assert_eq!(reply.header("Content-Type"), Some("text/html; charset=utf-8"));
        assert!(reply.explanation.unwrap().contains("Accept: application/json"));
    }
    for (field, value) in [
        ("accept", "application/json"),
        ("accept", "application/vnd.api+json"),
        ("accept", "text/html;q=0.5, application/json"),
        ("x-requested-with", "XMLHttpRequest"),
    ] {
        let mut request = bare("/orders");
        request.headers.set(field, value);
        assert_eq!(shop.by("api_key").send(request).status, 422, "{field}: {value}");
    }
    let mut nobody = bare("/orders");
    nobody.headers.set("authorization", "Bearer nobody");
    let reply = shop.call(shipmock::internals::providers::Name::Shipper, nobody);
    assert_eq!(
        (reply.status, reply.json()),
        (500, json!({ "message": "Route [login] not defined." }))
    );
    // What is the service's own answer is JSON whatever was asked for.
    let mut request = request(shipmock::internals::message::Method::Get, "/orders?start_date=x");
    request.headers.remove("accept");
    assert_eq!(shop.by("api_key").send(request).status, 422);
}

/// (12)
#[test]
fn an_unknown_product_is_a_clean_422_or_a_500() {
    let text = "The selected items.0.id is invalid.";
    let unknown = json!("00000000-0000-4000-8000-000000000000");
    assert_invalid(&with("/items/0/id", unknown.clone()), &[("items.0.id", &[text])]);
    let mut shop = Shop::switched(|switches| switches.unknown_product_breaks = true);
    let mut body = one_shirt();
    body["items"][0]["id"] = unknown;
    let before = shop.holdings();
    let reply = shop.post("/orders", &body);
    assert_eq!(
        (reply.status, reply.text().as_str()),
        (500, "{\n    \"message\": \"Server Error\"\n}")
    );
    assert_eq!(reply.header("X-Shipmock-Evidence"), Some("observed"));
    assert_eq!(shop.holdings(), before);
    // A missing id is still a missing field.
    body["items"] = json!([{}]);
    assert_eq!(shop.post("/orders", &body).status, 422);
}

/// (11)
#[test]
fn a_product_with_variants_is_ordered_by_itself_or_only_by_one_of_them() {
    assert_eq!(with("/items/0/id", json!(SHIRT)).status, 201);
    let mut shop = Shop::switched(|switches| switches.variants_required = true);
    let mut body = one_shirt();
    assert_eq!(shop.post("/orders", &body).status, 201);
    for id in [SHIRT, "YOUR_PRODUCT_UUID"] {
        body["items"][0]["id"] = json!(id);
        let reply = shop.post("/orders", &body);
        assert_invalid(&reply, &[("items.0.id", &["The selected items.0.id is invalid."])]);
    }
    let toilet_lid = shop.get("/products?search=SKU-002").json()["data"][0]["uuid"].clone();
    body["items"][0]["id"] = toilet_lid;
    assert_eq!(shop.post("/orders", &body).status, 201);
}
