//! Pages of the list, and the links between them.

use serde_json::{Value, json};

use super::Client;

fn pagination(client: &mut Client, query: &str) -> Value {
    client.list(query)["pagination"].clone()
}

fn numbers(pagination: &Value) -> [u64; 5] {
    ["count", "total", "perPage", "currentPage", "totalPages"]
        .map(|name| pagination[name].as_u64().unwrap_or_else(|| panic!("{name} in {pagination}")))
}

#[test]
fn fifteen_a_page_unless_asked_otherwise_and_at_most_sixty_five() {
    let mut client = Client::open();
    for (query, expected) in [
        ("", [15, 32, 15, 1, 3]),
        ("page=2", [15, 32, 15, 2, 3]),
        ("page=3", [2, 32, 15, 3, 3]),
        ("per_page=1", [1, 32, 1, 1, 32]),
        ("per_page=60", [32, 32, 60, 1, 1]),
        ("per_page=65", [32, 32, 65, 1, 1]),
        ("per_page=66", [32, 32, 65, 1, 1]),
        ("per_page=0", [15, 32, 15, 1, 3]),
        ("per_page=-3", [15, 32, 15, 1, 3]),
        ("per_page=abc", [15, 32, 15, 1, 3]),
        ("per_page=", [15, 32, 15, 1, 3]),
        ("per_page[]=5", [15, 32, 15, 1, 3]),
        ("per_page=99999999999999999999", [15, 32, 15, 1, 3]),
        ("page=0", [15, 32, 15, 1, 3]),
        ("page=-1", [15, 32, 15, 1, 3]),
        ("page=x", [15, 32, 15, 1, 3]),
        // Past the end: nothing, and no error.
        ("page=4", [0, 32, 15, 4, 3]),
        ("page=9223372036854775807", [0, 32, 15, i64::MAX as u64, 3]),
        ("status=lost&from_date=2026-01-01", [0, 0, 15, 1, 1]),
    ] {
        assert_eq!(numbers(&pagination(&mut client, query)), expected, "{query}");
    }
    let mut client = Client::with(json!({ "switches": { "most_per_page": 60 } }));
    assert_eq!(numbers(&pagination(&mut client, "per_page=65")), [32, 32, 60, 1, 1]);
}

#[test]
fn links_are_there_as_far_as_pages_are_and_else_an_empty_list() {
    let mut client = Client::open();
    let page = |number: u64| format!("/admin/v2/shipments?per_page=10&page={number}");
    for (query, expected) in [
        ("per_page=40", json!([])),
        ("per_page=10", json!({ "next": page(2) })),
        ("per_page=10&page=2", json!({ "previous": page(1), "next": page(3) })),
        ("per_page=10&page=4", json!({ "previous": page(3) })),
        ("per_page=10&page=6", json!({ "previous": page(5) })),
    ] {
        let links = pagination(&mut client, query)["links"].clone();
        assert_eq!(links.to_string(), expected.to_string(), "{query}");
    }
}

#[test]
fn a_link_keeps_every_filter_encoded_and_puts_the_page_last() {
    let mut client = Client::open();
    let query = "ship_to[country_code]=SA&page=1&payment_method=cod&per_page=2&x=a%20b";
    let links = pagination(&mut client, query)["links"].clone();
    assert_eq!(
        links["next"],
        "/admin/v2/shipments?ship_to%5Bcountry_code%5D=SA&payment_method=cod&per_page=2&x=a%20b&page=2"
    );
    // Following the links gives every row once.
    let (mut seen, mut next) = (Vec::new(), Some("/shipments?per_page=7".to_owned()));
    while let Some(path) = next {
        let list = client.get(&path);
        let list: Value = serde_json::from_slice(&list.body).unwrap();
        seen.extend(list["data"].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()));
        let link = list["pagination"]["links"]["next"].as_str();
        next = link.map(|link| link.strip_prefix("/admin/v2").unwrap().to_owned());
    }
    assert_eq!(seen, client.ids(""));
}

#[test]
fn a_store_without_shipments_has_one_empty_page() {
    let mut client = Client::open().calling_as("other_store_token");
    let list = client.list("");
    assert_eq!(
        list.to_string(),
        r#"{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":0,"perPage":15,"currentPage":1,"totalPages":1,"links":[]}}"#
    );
}
