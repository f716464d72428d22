//! Journeys: each from the creation of an order to the day nothing happens any more.

use std::fmt::Write as _;

use serde_json::json;
use shipmock::providers::{Name, service};

use super::shop::{DELIVERED, Shop, one_shirt};
use crate::harness::{Read as _, seconds};

/// The journeys and the telephone numbers that choose them.
fn journeys(shop: &Shop) -> Vec<(String, String)> {
    let magic = service(Name::Shipper).presets(shop.world.providers()).magic;
    let name = |effect: &str| {
        effect.strip_prefix("journey ").unwrap().split(':').next().unwrap().to_owned()
    };
    magic
        .into_iter()
        .map(|magic| {
            assert_eq!(magic.field, "address.phone1");
            (name(&magic.effect), magic.value)
        })
        .collect()
}

/// The story of an order: what moved, who was told, and what is seen at the end.
fn story(phone: &str) -> String {
    let mut shop = Shop::small();
    shop.webhook("https://shop.localhost/hooks", Some("my-webhook-secret-key"));
    let mut body = one_shirt();
    body["items"][0]["quantity"] = json!(3);
    body["with_confirmation"] = json!(true);
    body["address"]["phone1"] = json!(phone);
    let id = shop.order(&body);
    let begin = shop.world.now();
    let mut told = String::new();
    while let Some(next) = shop.world.next_due() {
        for change in shop.advance_to(next) {
            let hours = seconds(begin, change.at) as f64 / 3_600.0;
            let _ = writeln!(
                told,
                "{hours:>8.2} h  {:12} {:12} {} > {}",
                change.kind, change.on, change.from, change.to
            );
        }
        for sent in shop.sent() {
            let _ = writeln!(told, "            {}", sent.body);
        }
    }
    let order = shop.get(&format!("/orders/{id}"));
    let row = shop.get(&format!("/orders?search={id}")).json()["data"][0].clone();
    let payment = shop.shipment_of(id, 0);
    let money = shop.data("payment", &payment)["transactions"].clone();
    let money: Vec<String> = money
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let [kind, amount, state] =
                ["kind", "amount", "state"].map(|key| it[key].as_str().unwrap().to_owned());
            format!("{kind:20} {amount:>8} {state}")
        })
        .collect();
    format!(
        "{told}\n{}\n\nrevenue {}, paid: {}\n{}\n",
        serde_json::to_string_pretty(&order.json()).unwrap(),
        row["revenue"],
        row["is_paid"],
        money.join("\n")
    )
}

#[test]
fn every_journey_is_told_to_its_end() {
    let names = journeys(&Shop::small());
    assert_eq!(names.len(), 16);
    for (name, phone) in names {
        snapshot!("journeys", format!("shipper-{name}"), story(&phone));
    }
}

#[test]
fn a_journey_is_chosen_by_telephone_by_scenario_or_by_hand() {
    let journey = |shop: &Shop, id: u64| shop.data("order", &id.to_string())["journey"].clone();
    let mut shop = Shop::small();
    let id = shop.order(&one_shirt());
    assert_eq!(journey(&shop, id), "delivered_and_paid");
    for phone in ["20000008", "+216 20 000 008", "0021620000008"] {
        let mut body = one_shirt();
        body["address"]["phone1"] = json!(phone);
        let id = shop.order(&body);
        assert_eq!(journey(&shop, id), "lost", "{phone}");
    }
    let fields = json!({ "journey": "canceled" });
    shop.world.patch(Name::Shipper, "order", &id.to_string(), fields.as_object().unwrap()).unwrap();
    assert_eq!(journey(&shop, id), "canceled");
    shop.settle();
    assert_eq!(shop.status_of(id), "Canceled");
    let mut shop = Shop::with(|setup| setup.journey = Some("waiting".to_owned()));
    let id = shop.order(&one_shirt());
    assert_eq!(shop.settle(), []);
    assert_eq!(shop.status_of(id), "Pending");
}

#[test]
fn an_order_moved_by_hand_goes_its_own_way() {
    let mut shop = Shop::small();
    let id = shop.order(&one_shirt());
    let shipment = shop.shipment_of(id, 0);
    shop.walk("shipment", &shipment, "lost");
    let moved = shop.settle();
    assert!(moved.iter().all(|change| change.kind == "payment"), "{moved:?}");
    assert_eq!(shop.status_of(id), "Returned");
}

#[test]
fn what_will_happen_can_be_seen_before() {
    let mut shop = Shop::small();
    let mut body = one_shirt();
    body["with_confirmation"] = json!(true);
    let id = shop.order(&body);
    let due = shop.world.due_for(Name::Shipper, "contact_task", &id.to_string());
    assert_eq!(due.iter().map(|(_, on)| on.as_str()).collect::<Vec<_>>(), ["call"]);
    assert_eq!(shop.world.next_due(), Some(due[0].0));
    let moved = shop.advance_to(due[0].0);
    assert_eq!(moved.iter().map(|change| &*change.on).collect::<Vec<_>>(), ["call"]);
}

/// (32)
#[test]
fn scans_come_in_bundles_and_happened_earlier_by_a_clock_without_zone() {
    let mut shop = Shop::small();
    let id = shop.order(&one_shirt());
    let shipment = shop.shipment_of(id, 0);
    let tracking = |shop: &mut Shop| {
        shop.get(&format!("/orders/{id}")).json()["shipments"][0]["tracking_numbers"].clone()
    };
    assert_eq!(tracking(&mut shop), json!([]), "nothing is tracked before it is packed");
    shop.apply("shipment", &shipment, "pack");
    let packed = tracking(&mut shop);
    assert_eq!(packed[0]["logs"], json!([]));
    let number = packed[0]["number"].as_str().unwrap();
    assert!(number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
    shop.settle();
    let logs = tracking(&mut shop)[0]["logs"].clone();
    let logs = logs.as_array().unwrap();
    let column =
        |name: &str| -> Vec<&str> { logs.iter().map(|log| log[name].as_str().unwrap()).collect() };
    assert_eq!(column("status"), ["at_carrier_origin_facility", "in_transit", "delivered"]);
    let created = column("created_at");
    assert_eq!(created[0], created[1], "one bundle");
    assert!(created[1] < created[2]);
    let external = column("external_timestamp");
    for (created, external) in created.iter().zip(&external) {
        assert_eq!((external.len(), &external[10..11]), (19, " "), "{external}");
        assert!(
            external.replace(' ', "T").as_str() < &created[..19],
            "{external} is before {created}"
        );
    }
    assert!(external.is_sorted());
    // The documented parcel has scans older than its order, as printed.
    assert_eq!(shop.data("shipment", DELIVERED)["tracking"][0]["number"], "99999999999");
}
