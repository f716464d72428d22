//! Lists: pages, search, filters, and the rows of orders.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shop::{SHIRT, SIZE_L, SIZE_M, Shop, WAITING, one_shirt, order_of};
use shipmock::internals::sim::journey::plan::History;
use shipmock::internals::world::World;

use crate::harness::{Read as _, build, orders, setup};

/// The ids on a page of orders.
fn ids(shop: &mut Shop, query: &str) -> Vec<u64> {
    let reply = shop.get(&format!("/orders?{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    let list = reply.json();
    list["data"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

fn pagination(shop: &mut Shop, target: &str) -> Value {
    let reply = shop.get(target);
    assert_eq!(reply.status, 200, "{target}: {}", reply.text());
    reply.json()["pagination"].clone()
}

/// The row of an order in the list.
fn row(shop: &mut Shop, id: u64) -> Value {
    let list = shop.get("/orders?per_page=100").json();
    list["data"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone()
}

#[test]
fn the_newest_order_comes_first_and_pages_do_not_overlap() {
    let mut shop = Shop::lively();
    let first = ids(&mut shop, "per_page=5");
    let second = ids(&mut shop, "per_page=5&page=2");
    assert_eq!(ids(&mut shop, "per_page=10"), [first, second].concat());
    let mut all = Vec::new();
    for page in 1..=4 {
        all.extend(ids(&mut shop, &format!("per_page=100&page={page}")));
    }
    assert_eq!(all.len(), 322);
    assert_eq!(all[0], 555, "what was made up came before what is documented");
    let created = |shop: &Shop, id: u64| {
        let at = shop.data("order", &id.to_string())["created_at"].as_str().unwrap().to_owned();
        (at, id)
    };
    let dated: Vec<(String, u64)> = all.iter().map(|id| created(&shop, *id)).collect();
    assert!(dated.is_sorted_by(|a, b| a > b), "{dated:?}");
    // The same through every filter.
    for filter in ["status=delivered", "start_date=2026-04-01", "search=a"] {
        let some = ids(&mut shop, &format!("per_page=100&{filter}"));
        let places: Vec<usize> =
            some.iter().map(|id| all.iter().position(|it| it == id).unwrap()).collect();
        assert!(places.len() > 10 && places.is_sorted(), "{filter}");
    }
    let newest = shop.order(&one_shirt());
    assert_eq!(ids(&mut shop, "per_page=1"), [newest]);
    // By when it was created, not by its id: here the larger came first.
    let mut turned = Shop::with(|setup| {
        let orders = &mut setup.organizations.as_mut().unwrap()[0].orders;
        orders[1].created_at = Some(crate::harness::at("2026-01-10T10:00:00Z"));
    });
    for filter in ["", "&search=omar", "&start_date=2026-01-01"] {
        assert_eq!(ids(&mut turned, &format!("per_page=5{filter}")), [554, 555], "{filter}");
    }
    assert_eq!(ids(&mut turned, "per_page=1&page=2"), [555]);
    assert_eq!(ids(&mut turned, "status=delivered"), [555]);
}

/// (27)
#[test]
fn pages_and_sizes_that_are_none_fall_back_as_the_framework_does() {
    for (target, total) in [("/orders", 322), ("/products", 60)] {
        let mut shop = Shop::lively();
        for (query, page, size) in [
            ("", 1, 20),
            ("page=2", 2, 20),
            ("page=0", 1, 20),
            ("page=-1", 1, 20),
            ("page=abc", 1, 20),
            ("page=1.5", 1, 20),
            ("page=999", 999, 20),
            ("per_page=1000", 1, 100),
            ("per_page=100", 1, 100),
            ("per_page=1", 1, 1),
            ("per_page=", 1, 20),
            ("per_page=%20", 1, 20),
            ("page=", 1, 20),
            ("per_page=0", 1, 15),
            ("per_page=-5", 1, 15),
            ("per_page=abc", 1, 15),
        ] {
            let expected = json!({
                "total": total, "current_page": page, "per_page": size, "last_page": (total as u64).div_ceil(size)
            });
            assert_eq!(pagination(&mut shop, &format!("{target}?{query}")), expected, "{query}");
        }
        let past = shop.get(&format!("{target}?page=999"));
        assert_eq!((past.status, &past.json()["data"]), (200, &json!([])));
    }
}

#[test]
fn too_large_a_page_is_a_422_where_the_scenario_is_strict() {
    let mut shop = Shop::switched(|switches| switches.strict_per_page = true);
    let text = "The per page field must not be greater than 100.";
    for target in ["/orders?per_page=101", "/products?per_page=1000"] {
        let reply = shop.get(target);
        let body = json!({ "message": text, "errors": { "per_page": [text] } });
        assert_eq!((reply.status, reply.json()), (422, body));
    }
    assert_eq!(shop.get("/orders?per_page=100").status, 200);
}

/// (6)
#[test]
fn the_status_filter_is_the_shipments_and_not_the_one_the_rows_carry() {
    let mut shop = Shop::small();
    assert_eq!(ids(&mut shop, "status=delivered"), [555]);
    assert_eq!(row(&mut shop, 555)["status"], "Paid");
    for none in ["Paid", "paid", "Delivered", "nonsense", "Pending", "onitsway"] {
        assert_eq!(ids(&mut shop, &format!("status={none}")), [0; 0], "{none}");
    }
    assert_eq!(ids(&mut shop, "status="), [555, 554]);
    assert_eq!(ids(&mut shop, "status=awaitingpackaging"), [554]);
    shop.apply("shipment", WAITING, "cancel");
    assert_eq!(ids(&mut shop, "status=awaitingpackaging"), [0; 0]);
    assert_eq!(ids(&mut shop, "status=canceled"), [554]);
}

/// The states of a shipment.
const STATES: &[&str] = &[
    "awaitingconfirmation",
    "awaitingpackaging",
    "awaitingpickup",
    "onitsway",
    "delivered",
    "partiallydelivered",
    "returning",
    "returnedtosender",
    "partiallyreturned",
    "lost",
    "canceled",
];

#[test]
fn every_shipment_state_can_be_filtered_by_and_finds_what_is_in_it() {
    // What is over needs a past of weeks, and what has just begun a busy day.
    let mut found = BTreeSet::new();
    for history in [History { orders: 300, days: 2 }, History { orders: 2_000, days: 40 }] {
        let mut busy = setup("default");
        for organization in busy.shipper.iter_mut().flat_map(|it| &mut it.organizations).flatten() {
            organization.history = Some(history);
        }
        found.extend(states_found(&build("default", busy, orders())));
    }
    assert_eq!(found.len(), STATES.len(), "{found:?}");
}

/// The states in which a world has shipments. Each is filtered by, and all that is found is in it.
fn states_found(world: &World) -> BTreeSet<&'static str> {
    let mut shop = Shop::of(world.clone());
    let all = shop.get("/orders?per_page=100").json()["pagination"]["total"].as_u64().unwrap();
    let (mut seen, mut found) = (0, BTreeSet::new());
    for state in STATES.iter().copied() {
        // A shop of its own for each state, so that none meets the limit of a minute.
        let mut shop = Shop::of(world.clone());
        let mut count = 0;
        loop {
            let page =
                ids(&mut shop, &format!("status={state}&per_page=100&page={}", count / 100 + 1));
            for id in &page {
                let order = shop.data("order", &id.to_string());
                let states: Vec<&str> = order["shipments"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|it| it["state"].as_str().unwrap())
                    .collect();
                assert!(states.contains(&state), "{id}: {states:?}");
            }
            count += page.len();
            if page.len() < 100 {
                break;
            }
        }
        assert_eq!(pagination(&mut shop, &format!("/orders?status={state}"))["total"], count);
        found.extend((count > 0).then_some(state));
        seen += count;
    }
    assert!(seen as u64 >= all * 9 / 10, "most orders have a shipment: {seen} of {all}");
    found
}

/// (9)
#[test]
fn orders_are_found_by_id_name_or_phone() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["address"]["name"] = json!("Béchir Ben-Salah");
    body["address"]["phone1"] = json!("55 123 456");
    body["address"]["phone2"] = json!("98765432");
    let id = shop.order(&body);
    for (query, expected) in [
        ("search=555", vec![555]),
        ("search=55", vec![id]),
        ("search=omar", vec![555, 554]),
        ("search=BEN%20ALI", vec![555, 554]),
        ("search=Omar%20Ben%20Ali", vec![555, 554]),
        ("search=b%C3%A9chir", vec![id]),
        ("search=B%C3%89CHIR", vec![id]),
        // As the database compares: no accents, composed or not.
        ("search=bechir", vec![id]),
        ("search=be%CC%81chir", vec![id]),
        ("search=%2B21628177188", vec![555, 554]),
        ("search=28177188", vec![555, 554]),
        ("search=55123456", vec![id]),
        ("search=55%20123%20456", vec![]),
        ("search=98765432", vec![id]),
        ("search=+omar+", vec![555, 554]),
        ("search=ORD-122", vec![]),
        ("search=", vec![id, 555, 554]),
        ("search=omar&status=delivered", vec![555]),
    ] {
        assert_eq!(ids(&mut shop, query), expected, "{query}");
    }
}

#[test]
fn products_are_found_by_name_or_unit() {
    let mut shop = Shop::small();
    let skus = |shop: &mut Shop, query: &str| -> Vec<String> {
        let list = shop.get(&format!("/products?search={query}")).json();
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["sku"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(skus(&mut shop, "t-shirt"), ["SKU-001"]);
    assert_eq!(skus(&mut shop, "sku-00"), ["SKU-001", "SKU-002", "SKU-003"]);
    assert_eq!(skus(&mut shop, "SKU-001-m"), ["SKU-001"]);
    assert_eq!(skus(&mut shop, SHIRT), [""; 0]);
}

/// (7, 41)
#[test]
fn a_draft_has_no_status_no_products_and_no_revenue() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["auto_fulfill"] = json!(false);
    let id = shop.order(&body);
    let row = row(&mut shop, id);
    assert_eq!(
        (&row["status"], &row["products"], &row["revenue"]),
        (&json!(null), &json!([]), &json!("0"))
    );
    assert_eq!((&row["items_count"], &row["shipments_count"]), (&json!(1), &json!(0)));
    assert_eq!((&row["store_name"], &row["external_order_id"]), (&json!(null), &json!(null)));
    let order = shop.get(&format!("/orders/{id}")).json();
    assert_eq!(
        (&order["status"], &order["contact_task_status"], &order["shipments"]),
        (&json!(null), &json!(null), &json!([]))
    );
}

#[test]
fn a_row_counts_units_and_names_each_product_once() {
    let mut shop = Shop::small();
    let toilet_lid = shop.get("/products?search=SKU-002").json()["data"][0]["uuid"].clone();
    let id = shop.order(&order_of(json!([
        { "id": SIZE_L, "quantity": 2 },
        { "id": toilet_lid, "quantity": 3 },
        { "id": SIZE_M },
    ])));
    let row = row(&mut shop, id);
    assert_eq!(row["items_count"], 6);
    assert_eq!(
        row["products"],
        json!([{ "id": 1, "name": "Blue T-Shirt" }, { "id": 442, "name": "Smart Sensor Light Toilet Lid" }])
    );
    // One shipment for each supplier.
    assert_eq!(row["shipments_count"], 2);
}

/// (41)
#[test]
fn revenue_is_zero_until_a_shipment_is_delivered_and_goes_with_a_return() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["items"][0]["total_price"] = json!(189.5);
    body["shipping_total"] = json!("9.250");
    let id = shop.order(&body);
    let shipment = shop.shipment_of(id, 0);
    for (on, revenue, status, paid) in [
        ("pack", "0", "Fulfilled", false),
        ("ship", "0", "In Transit", false),
        ("travel", "0", "In Transit", false),
        ("deliver", "198.75", "Delivered", false),
        ("send_back", "198.75", "In Transit", false),
        ("return", "0", "Returned", false),
    ] {
        shop.apply("shipment", &shipment, on);
        let row = row(&mut shop, id);
        assert_eq!(
            (&row["revenue"], &row["status"], &row["is_paid"]),
            (&json!(revenue), &json!(status), &json!(paid)),
            "{on}"
        );
    }
}

#[test]
fn an_order_is_paid_when_its_money_has_been_checked() {
    let mut shop = Shop::small();
    let id = shop.order(&one_shirt());
    let shipment = shop.shipment_of(id, 0);
    shop.walk("shipment", &shipment, "delivered");
    for (on, status, paid) in [("settle", "Paid", true), ("transfer", "Paid", true)] {
        assert_eq!(row(&mut shop, id)["is_paid"], json!(on != "settle"));
        shop.apply("payment", &shipment, on);
        let row = row(&mut shop, id);
        assert_eq!(
            (&row["status"], &row["is_paid"], &row["revenue"]),
            (&json!(status), &json!(paid), &json!("190"))
        );
    }
}

/// (40)
#[test]
fn several_shipments_make_partial_deliveries_and_returns() {
    let mut shop = Shop::small();
    let toilet_lid = shop.get("/products?search=SKU-002").json()["data"][0]["uuid"].clone();
    let id = shop.order(&order_of(json!([{ "id": SIZE_L }, { "id": toilet_lid }])));
    let [one, two] = [shop.shipment_of(id, 0), shop.shipment_of(id, 1)];
    for (shipment, to, status) in [
        (&one, "awaitingpickup", "Pending"),
        (&two, "awaitingpickup", "Fulfilled"),
        (&one, "onitsway", "In Transit"),
        (&one, "delivered", "Partial Delivery"),
        (&two, "onitsway", "Partial Delivery"),
        (&two, "returning", "Partial Delivery"),
        (&two, "returnedtosender", "Partial Return"),
        (&one, "returning", "In Transit"),
        (&one, "returnedtosender", "Returned"),
    ] {
        shop.walk("shipment", shipment, to);
        assert_eq!(shop.status_of(id), status, "{to}");
    }
}
