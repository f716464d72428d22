//! Creating orders: what becomes of names, telephones, divisions, amounts and flags.

use serde_json::{Value, json};
use shipmock::internals::providers::Name;

use super::shop::{SHIRT, SIZE_L, SIZE_M, Shop, one_shirt, order_of};
use crate::harness::Read as _;

/// The address as Shipper keeps it.
fn kept(place: &str, value: Value) -> Value {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["address"][place] = value;
    let id = shop.order(&body);
    shop.get(&format!("/orders/{id}")).json()["address"].clone()
}

/// (8)
#[test]
fn the_answer_is_an_id_and_everything_else_must_be_fetched() {
    let mut shop = Shop::small();
    let reply = shop.post("/orders", &one_shirt());
    assert_eq!((reply.status, reply.text().as_str()), (201, r#"{"id":556}"#));
    assert_eq!(shop.post("/orders", &one_shirt()).text(), r#"{"id":557}"#);
    let keys: Vec<String> =
        shop.get("/orders/556").json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["id", "status", "contact_task_status", "shipments", "address"]);
}

/// (9)
#[test]
fn telephones_take_their_countrys_prefix() {
    for (country, sent, expected) in [
        ("TN", "28177188", "+21628177188"),
        ("TN", "28 177 188", "+21628177188"),
        ("TN", "+21628177188", "+21628177188"),
        ("TN", "0021628177188", "+21628177188"),
        ("TN", "+33123456789", "+33123456789"),
        ("DZ", "0551234567", "+213551234567"),
        ("MA", "0612345678", "+212612345678"),
    ] {
        let mut shop = Shop::small();
        let mut body = one_shirt();
        body["address"]["country"] = json!(country);
        body["address"]["phone1"] = json!(sent);
        body["address"]["phone2"] = json!(sent);
        let id = shop.order(&body);
        let address = shop.get(&format!("/orders/{id}")).json()["address"].clone();
        assert_eq!(
            (&address["phone1"], &address["phone2"]),
            (&json!(expected), &json!(expected)),
            "{sent}"
        );
    }
    assert_eq!(kept("phone2", json!(null))["phone2"], "");
}

/// (10)
#[test]
fn a_name_is_split_after_its_first_word() {
    for (name, first, last) in [
        ("Omar Ben Ali", "Omar", "Ben Ali"),
        ("Omar", "Omar", ""),
        ("Mohamed  El Hédi   Ben Salah", "Mohamed", "El Hédi Ben Salah"),
        ("عمر بن علي", "عمر", "بن علي"),
    ] {
        let address = kept("name", json!(name));
        assert_eq!((&address["first_name"], &address["last_name"]), (&json!(first), &json!(last)));
    }
}

/// (13)
#[test]
fn divisions_are_kept_by_their_exact_name_and_else_dropped() {
    for (country, first, second, kept_first, kept_second) in [
        ("TN", json!("Béja"), json!("Beja Nord"), json!("Béja"), json!("Beja Nord")),
        ("TN", json!("Kébili"), json!(null), json!("Kébili"), json!(null)),
        ("TN", json!("Beja"), json!(null), json!(null), json!(null)),
        ("TN", json!("tunis"), json!("Bab Souika"), json!(null), json!("Bab Souika")),
        ("TN", json!("Tunis"), json!("باب سويقة"), json!("Tunis"), json!(null)),
        ("TN", json!("Tunis"), json!("Beja Nord"), json!("Tunis"), json!(null)),
        ("TN", json!("تونس"), json!(null), json!(null), json!(null)),
        ("DZ", json!("Tunis"), json!(null), json!(null), json!(null)),
        ("DZ", json!("Alger"), json!(null), json!("Alger"), json!(null)),
    ] {
        let mut shop = Shop::small();
        let mut body = one_shirt();
        body["address"]["country"] = json!(country);
        body["address"]["division_1"] = first.clone();
        body["address"]["division_2"] = second.clone();
        let id = shop.order(&body);
        let address = shop.get(&format!("/orders/{id}")).json()["address"].clone();
        assert_eq!(
            (&address["division_1"], &address["division_2"]),
            (&kept_first, &kept_second),
            "{country} {first} {second}"
        );
    }
}

/// (14)
#[test]
fn the_structure_calls_divisions_required_but_an_order_needs_none() {
    let mut shop = Shop::small();
    for country in shop.get("/countries").json().as_array().unwrap() {
        for field in country["geo_structure"]["fields"].as_array().unwrap() {
            assert_eq!(field["required"], true);
        }
    }
    let mut body = one_shirt();
    body["address"].as_object_mut().unwrap().remove("division_1");
    let id = shop.order(&body);
    let address = shop.get(&format!("/orders/{id}")).json()["address"].clone();
    assert_eq!((&address["division_1"], &address["division_2"]), (&json!(null), &json!(null)));
}

#[test]
fn divisions_are_filtered_by_level_and_parent_together() {
    let mut shop = Shop::small();
    let mut count = |query: &str| {
        let reply = shop.get(&format!("/countries/{query}"));
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        reply.json()["divisions"].as_array().unwrap().len()
    };
    assert_eq!(count("TN/divisions"), 24);
    assert_eq!(count("tn/divisions?level=1"), 24);
    assert_eq!(count("TN/divisions?level=2"), 264);
    assert_eq!(count("TN/divisions?level=2&parent_id=1"), 21);
    assert_eq!(count("TN/divisions?parent_id=1"), 0);
    assert_eq!(count("TN/divisions?level=3"), 0);
    assert_eq!(count("TN/divisions?level=2&parent_id=1001"), 0);
    assert_eq!(count("TN/divisions?level=&parent_id="), 24);
    let reply = shop.get("/countries/TN/divisions?level=one&parent_id=x");
    assert_eq!(
        reply.json(),
        json!({
            "message": "The level field must be an integer. (and 1 more error)",
            "errors": {
                "level": ["The level field must be an integer."],
                "parent_id": ["The parent id field must be an integer."]
            }
        })
    );
    for unknown in ["/countries/FR/divisions", "/countries/TUN/divisions"] {
        let reply = shop.get(unknown);
        assert_eq!(reply.status, 404);
        assert_eq!(reply.json()["message"], "No query results for model [App\\Models\\Country].");
    }
}

#[test]
fn a_line_costs_its_total_or_price_times_quantity() {
    for (item, revenue) in [
        (json!({ "id": SIZE_L }), "190"),
        (json!({ "id": SIZE_L, "quantity": 3 }), "570"),
        (json!({ "id": SIZE_L, "quantity": 3, "total_price": 500 }), "500"),
        (json!({ "id": SIZE_L, "quantity": "2", "total_price": "123.450" }), "123.45"),
        (json!({ "id": SHIRT, "total_price": 0 }), "0"),
        (json!({ "id": SIZE_L, "total_price": "1e2" }), "100"),
        (json!({ "id": SIZE_L, "total_price": 99.9 }), "99.9"),
        (json!({ "id": SIZE_L, "total_price": "+5" }), "5"),
        (json!({ "id": SIZE_L, "total_price": "5." }), "5"),
        (json!({ "id": SIZE_L, "total_price": ".5" }), "0.5"),
        (json!({ "id": SIZE_L, "total_price": 1e11 }), "100000000000"),
    ] {
        let mut shop = Shop::small();
        let id = shop.order(&order_of(json!([item])));
        let shipment = shop.shipment_of(id, 0);
        shop.walk("shipment", &shipment, "delivered");
        let row = shop.get("/orders").json()["data"][0].clone();
        assert_eq!(row["revenue"], revenue, "{item}");
    }
}

#[test]
fn stock_goes_down_with_an_order_and_below_zero_without_saying_so() {
    let mut shop = Shop::small();
    let stock = |shop: &mut Shop| {
        let product = shop.get(&format!("/products/{SHIRT}")).json();
        let variants = product["variants"].as_array().unwrap();
        let [l, m] = [&variants[0]["available_qte"], &variants[1]["available_qte"]];
        (product["available_qte"].as_i64().unwrap(), l.as_i64().unwrap(), m.as_i64().unwrap())
    };
    assert_eq!(stock(&mut shop), (42, 15, 27));
    shop.order(&order_of(json!([{ "id": SIZE_M, "quantity": 7 }])));
    assert_eq!(stock(&mut shop), (35, 15, 20));
    let id = shop.order(&order_of(json!([{ "id": SIZE_L, "quantity": 100 }])));
    assert_eq!(stock(&mut shop), (20, 0, 20));
    // What was missing is filled up before anything is to be had again.
    shop.post(&format!("/orders/{id}/cancel"), &json!({}));
    assert_eq!(stock(&mut shop), (35, 15, 20));
    // A draft takes nothing yet.
    let mut body = one_shirt();
    body["auto_fulfill"] = json!(false);
    let id = shop.order(&body);
    assert_eq!(stock(&mut shop), (35, 15, 20));
    shop.apply("order", &id.to_string(), "fulfill");
    assert_eq!(stock(&mut shop), (34, 14, 20));
}

#[test]
fn cash_on_delivery_is_the_rule_unless_the_scenario_says_otherwise() {
    let is_cod = |shop: &mut Shop, value: Value| {
        let mut body = one_shirt();
        body["is_cod"] = value;
        shop.order(&body);
        shop.get("/orders").json()["data"][0]["is_cod"].clone()
    };
    let mut shop = Shop::small();
    assert_eq!(is_cod(&mut shop, json!(null)), true);
    assert_eq!(is_cod(&mut shop, json!("0")), false);
    let mut shop = Shop::switched(|switches| switches.cod_by_default = false);
    assert_eq!(is_cod(&mut shop, json!(null)), false);
    assert_eq!(is_cod(&mut shop, json!(1)), true);
}

#[test]
fn what_is_paid_before_has_no_revenue_to_collect_and_is_paid_when_delivered() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["is_cod"] = json!(false);
    let id = shop.order(&body);
    let shipment = shop.shipment_of(id, 0);
    shop.walk("shipment", &shipment, "delivered");
    assert_eq!(shop.status_of(id), "Paid");
    let row = shop.get("/orders").json()["data"][0].clone();
    assert_eq!((&row["is_paid"], &row["revenue"]), (&json!(true), &json!("0")));
}

#[test]
fn a_confirmation_makes_a_task_and_the_shipment_waits_for_it() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["with_confirmation"] = json!(true);
    let id = shop.order(&body);
    let show = |shop: &mut Shop| {
        let order = shop.get(&format!("/orders/{id}")).json();
        let task = order["contact_task_status"].as_str().unwrap().to_owned();
        (task, order["shipments"][0]["status"].as_str().unwrap().to_owned())
    };
    let pair = |task: &str, shipment: &str| (task.to_owned(), shipment.to_owned());
    assert_eq!(show(&mut shop), pair("pending", "awaitingconfirmation"));
    let refused = shop.shipment_of(id, 0);
    assert!(shop.world.apply(Name::Shipper, "shipment", &refused, "pack").is_err());
    shop.apply("contact_task", &id.to_string(), "call");
    assert_eq!(show(&mut shop), pair("in_progress", "awaitingconfirmation"));
    shop.apply("contact_task", &id.to_string(), "confirm");
    assert_eq!(show(&mut shop), pair("called", "awaitingpackaging"));
}

#[test]
fn a_reference_may_come_twice_and_makes_two_orders() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["external_order_id"] = json!("ORD-1");
    let [one, two] = [shop.order(&body), shop.order(&body)];
    assert_ne!(one, two);
    let list = shop.get("/orders").json();
    assert_eq!(list["data"][0]["external_order_id"], list["data"][1]["external_order_id"]);
}

#[test]
fn the_largest_amounts_fit_the_books_and_larger_ones_are_refused() {
    let mut shop = Shop::small();
    let mut price = |value: Value| {
        let fields = json!({ "price": value, "cost": value });
        shop.world.patch(Name::Shipper, "product", SHIRT, fields.as_object().unwrap()).is_ok()
    };
    assert!(
        !price(json!("1000000000000.01"))
            && !price(json!(-1))
            && !price(json!("79228162514264337593543950335"))
    );
    assert!(price(json!(1_000_000_000_000_u64)));
    let items: Vec<Value> =
        (0..50).map(|_| json!({ "id": SIZE_L, "quantity": 1_000_000 })).collect();
    for with_confirmation in [true, false] {
        let mut body = order_of(json!(items));
        body["with_confirmation"] = json!(with_confirmation);
        body["address"]["phone1"] = json!("20000006");
        shop.order(&body);
    }
    shop.settle();
    for target in [
        "/orders",
        "/dashboard/overview",
        "/dashboard/product-performance",
        "/dashboard/confirmation-stats",
    ] {
        assert_eq!(shop.get(target).status, 200, "{target}");
    }
}
