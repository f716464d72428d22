//! Lists and searches: filters, order, pages.

use serde_json::{Value, json};
use shipmock::internals::message::Evidence;

use super::Client;
use crate::harness::Read as _;

fn references(answer: &Value) -> Vec<String> {
    let rows = answer["shipments"].as_array().unwrap();
    rows.iter().map(|it| it["channel_reference_id"].as_str().unwrap().to_owned()).collect()
}

/// A shipment that every filter can find.
fn full() -> Client {
    let mut client = Client::open();
    client.book(
        "FULL",
        json!({
            "/reference2": "SECOND",
            "/shipment_detail": {
                "weight": 1.25, "parcels": 3, "value": 77.5, "reference3": "THIRD", "ship_date": "2026-05-20T10:00:00",
                "duty_tax_number": "IM42", "duty_tax_number_type": "IOSS"
            },
            "/recipient": {
                "company": "Ten Forward", "firstname": "Guinan", "lastname": "El", "address_line_1": "Deck 10",
                "address_line_2": "Section 1", "address_line_3": "Bar", "city": "San Francisco", "county": "California",
                "postcode": "94129", "country": "US", "telephone": "0123", "email": "g@example.com", "tax_number": "EORI1",
                "what3words": "///filled.count.soap"
            }
        }),
    );
    client
}

#[test]
fn every_filter_of_both_tables_finds_what_it_names_and_nothing_else() {
    let mut client = full();
    for (filter, value, other) in [
        ("status", "Complete", "complete"),
        ("channel_name", "api", "Shopify"),
        ("channel_reference_id", "FULL", "FULLER"),
        ("channel_reference_id_2", "second", "third"),
        ("ShipmentDetails.parcels", "3", "2"),
        ("ShipmentDetails.weight", "1.250", "1.2"),
        ("ShipmentDetails.value", "77.50", "77"),
        ("ShipmentDetails.duty_tax_number", "IM42", "IM4"),
        ("ShipmentDetails.duty_tax_number_type", "IOSS", "OSS"),
        ("ShipmentDetails.channel_reference_id_3", "THIRD", "FOURTH"),
        ("ShipmentDetails.ship_date", "2026-05-20", "2026-05-21"),
        ("Couriers.couriername", "UPS", "ups"),
        ("Countries.code", "USA", "US"),
        ("DeliveryAddress.address_line_1", "deck+10", "deck"),
        ("DeliveryAddress.address_line_2", "Section%201", "2"),
        ("DeliveryAddress.address_line_3", "Bar", "x"),
        ("DeliveryAddress.city", "San Francisco", "Bristol City"),
        ("DeliveryAddress.county", "California", "x"),
        ("DeliveryAddress.postcode", "94129", "94128"),
        ("DeliveryAddress.telephone", "0123", "x"),
        ("DeliveryAddress.email", "G@EXAMPLE.COM", "x"),
        ("DeliveryAddress.company", "Ten Forward", "x"),
        ("DeliveryAddress.firstname", "guinan", "x"),
        ("DeliveryAddress.lastname", "El", "x"),
        ("DeliveryAddress.tax_number", "EORI1", "x"),
        ("DeliveryAddress.what_3_words", "///filled.count.soap", "x"),
    ] {
        for base in
            ["list?created=2026-05-14", "search?created_from=2026-05-14&created_to=2026-05-14"]
        {
            let find = |client: &mut Client, value: &str| {
                let reply = client.get(&format!("/v1/shipments/{base}&{filter}={value}"));
                assert_eq!(reply.status, 200, "{}", reply.text());
                references(&reply.json())
            };
            assert_eq!(find(&mut client, value), ["FULL"], "{base} {filter}={value}");
            assert_eq!(find(&mut client, other), [""; 0], "{base} {filter}={other}");
            // Empty filters ask for nothing, names that nobody knows neither.
            assert_eq!(find(&mut client, &format!("{value}&nobodys_{filter}=x")), ["FULL"]);
        }
    }
}

#[test]
fn a_search_wants_a_range_of_a_year_at_most() {
    let mut client = full();
    for (query, path) in [
        ("", "/created_from/_required"),
        ("created_from=2026-01-01", "/created_to/_required"),
        ("created_from=&created_to=2026-01-01", "/created_from/_empty"),
        ("created_from=yesterday&created_to=2026-01-01", "/created_from/date"),
        ("created_from=2025-05-13&created_to=2026-05-14", "/created_to/date_range"),
        ("created_from=2026-05-01&created_to=2026-05-14&limit=0", "/limit/range"),
        ("created_from=2026-05-01&created_to=2026-05-14&limit=101", "/limit/range"),
        ("created_from=2026-05-01&created_to=2026-05-14&limit=many", "/limit/integer"),
    ] {
        let reply = client.get(&format!("/v1/shipments/search?{query}"));
        assert_eq!((reply.status, reply.evidence), (200, Evidence::Inferred), "{query}");
        assert!(reply.json()["error"].pointer(path).is_some(), "{query}: {}", reply.text());
    }
    let year =
        client.get("/v1/shipments/search?created_from=2025-05-14&created_to=2026-05-14").json();
    assert_eq!(references(&year), ["FULL"]);
    assert_eq!(year.as_object().unwrap().keys().collect::<Vec<_>>(), ["shipments"]);
    let backwards =
        client.get("/v1/shipments/search?created_from=2026-05-14&created_to=2025-05-14");
    assert_eq!(references(&backwards.json()), [""; 0]);
    for number in 0..30 {
        client.book(&format!("N{number}"), json!({}));
    }
    let query = "/v1/shipments/search?created_from=2026-05-14&created_to=2026-05-14";
    assert_eq!(references(&client.get(query).json()).len(), 25);
    assert_eq!(references(&client.get(&format!("{query}&limit=100")).json()).len(), 31);
}

#[test]
fn products_come_only_when_they_are_asked_for_and_their_numbers_are_texts() {
    let mut client = Client::open();
    let product = json!({ "name": "Tea", "sku": "tea", "qty": "2", "value": 8.9, "weight": 0.125 });
    client.book("TEA", json!({ "/products": [product] }));
    let query = "/v1/shipments/search?created_from=2026-05-14&created_to=2026-05-14";
    for (suffix, with) in
        [("", false), ("&include_products=0", false), ("&include_products=1", true)]
    {
        let row = client.get(&format!("{query}{suffix}")).json()["shipments"][0].clone();
        assert_eq!(row.get("products").is_some(), with, "{suffix}");
    }
    let row = client.get(&format!("{query}&include_products=1")).json()["shipments"][0]["products"]
        [0]
    .clone();
    assert_eq!(
        row.to_string(),
        r#"{"qty":2,"sku":"tea","name":"Tea","value":"8.90","catalog_price":"8.90","barcode":null,"weight":"0.125","grams":"125","length":"0","width":"0","height":"0","commodity_description":null,"commodity_code":null,"commodity_manucountry":null,"commodity_composition":null}"#
    );
}

#[test]
fn a_list_is_newest_first_and_can_be_sorted_both_ways() {
    let mut client = Client::open();
    for reference in ["ONE", "TWO"] {
        client.world.advance("1m");
        client.book(reference, json!({}));
    }
    let first = |client: &mut Client, query: &str| {
        references(&client.get(&format!("/v1/shipments/list?{query}")).json())[..2].to_vec()
    };
    assert_eq!(first(&mut client, ""), ["TWO", "ONE"]);
    assert_eq!(first(&mut client, "sort=created&direction=desc"), ["TWO", "ONE"]);
    assert_eq!(first(&mut client, "sort=created&direction=asc"), ["S1234", "ST0000063"]);
    assert_eq!(first(&mut client, "sort=modified"), ["S1234", "ST0000063"]);
    assert_eq!(first(&mut client, "sort=weight&direction=asc"), ["TWO", "ONE"]);
    assert_eq!(
        client.get("/v1/shipments/list?created=14%2F05%2F2026").json()["error"]["created"]["date"],
        "The provided value is invalid"
    );
    assert_eq!(references(&client.get("/v1/shipments/list?modified=2016-04-27").json()), ["S1234"]);
}

#[test]
fn pages_end_with_404_and_the_first_of_nothing_is_there() {
    let mut client = Client::open();
    for number in 0..30 {
        client.book(&format!("N{number:02}"), json!({}));
    }
    let pagination = |client: &mut Client, query: &str| {
        client.get(&format!("/v1/shipments/list?created=2026-05-14&{query}")).json()["pagination"]
            .to_string()
    };
    assert_eq!(
        pagination(&mut client, ""),
        r#"{"page":1,"pages":2,"results":30,"results_per_page":25,"limit":false}"#
    );
    assert_eq!(
        pagination(&mut client, "limit=10&page=3"),
        r#"{"page":3,"pages":3,"results":30,"results_per_page":10,"limit":10}"#
    );
    assert_eq!(
        pagination(&mut client, "status=Failed"),
        r#"{"page":1,"pages":1,"results":0,"results_per_page":25,"limit":false}"#
    );
    let past = client.get("/v1/shipments/list?page=3&created=2026-05-14");
    assert_eq!(
        past.text(),
        r#"{"message":"Not Found","url":"\/v1\/shipments\/list?page=3&amp;created=2026-05-14","code":404}"#
    );
    assert_eq!(past.status, 404);
}

#[test]
fn package_sizes_products_and_tags_are_sorted_by_what_their_tables_name() {
    let mut client = Client::open();
    for (target, list, key, ascending) in [
        ("/v1/packages/sizes?sort=id", "package_sizes", "id", json!([11_110, 11_120])),
        ("/v1/packages/sizes?sort=name", "package_sizes", "id", json!([11_110, 11_120])),
        ("/v1/packages/sizes?sort=length", "package_sizes", "id", json!([11_110, 11_120])),
        ("/v1/products?sort=sku", "products", "sku", json!(["20grammer", "basecap1", "hat1"])),
        ("/v1/products?sort=name", "products", "sku", json!(["20grammer", "basecap1", "hat1"])),
        ("/v1/products?sort=price", "products", "sku", json!(["20grammer", "basecap1", "hat1"])),
        ("/v1/products?sort=weight", "products", "sku", json!(["20grammer", "basecap1", "hat1"])),
        ("/v1/tags?sort=name", "tags", "id", json!([1, 2])),
        ("/v1/tags?sort=background_colour", "tags", "id", json!([1, 2])),
        ("/v1/tags?sort=text_colour", "tags", "id", json!([2, 1])),
    ] {
        let keys = |client: &mut Client, target: &str| {
            let answer = client.get(target).json();
            let rows = answer[list].as_array().unwrap();
            rows.iter().map(|row| row[key].clone()).collect::<Vec<_>>()
        };
        let mut expected = ascending.as_array().unwrap().clone();
        assert_eq!(keys(&mut client, &format!("{target}&direction=asc")), expected, "{target}");
        expected.reverse();
        assert_eq!(keys(&mut client, &format!("{target}&direction=desc")), expected, "{target}");
    }
}

#[test]
fn services_are_those_of_the_accounts_carriers() {
    let mut client = Client::open();
    let services = client.get("/v1/services").json()["delivery_services"].clone();
    assert_eq!(
        services["DPD"]["Parcel - Next Day"],
        json!({ "id": "39", "courier_increment_ids": ["1", "2"] })
    );
    let mut other = client.other();
    let services = other.get("/v1/services").json()["delivery_services"].clone();
    assert_eq!(services.as_object().unwrap().keys().collect::<Vec<_>>(), ["DPD", "Royal Mail"]);
    assert_eq!(services["DPD"]["Parcel - Next Day"]["courier_increment_ids"], json!(["2"]));
    let incoming = other.get("/v1/services/incoming").json()["return_services"].clone();
    assert_eq!(incoming.as_object().unwrap().keys().collect::<Vec<_>>(), ["DPD", "Royal Mail"]);
}
