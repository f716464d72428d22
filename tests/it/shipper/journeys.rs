//! Journeys: each from the creation of an order to the day nothing happens any more.

use std::fmt::Write as _;

use serde_json::json;
use shipmock::internals::providers::{Name, service};

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
    assert_eq!(shop.status_of(id), "Canceled", "nothing of it is back");
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

/// A small shop whose scenario wrote journeys.
fn writing(change: serde_json::Value) -> Shop {
    Shop::with(|setup| {
        let mut whole = serde_json::to_value(&*setup).unwrap();
        whole.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        *setup = serde_json::from_value(whole).unwrap();
    })
}

#[test]
fn a_written_journey_is_chosen_by_what_the_request_says_before_the_built_in_numbers() {
    let mut shop = writing(json!({
        "journeys": {
            "mine": [{ "on": "pack", "after": "1h" }],
            "other": [{ "on": "shipment.cancel", "after": "1h" }],
        },
        "journey": "other",
        "choose": [
            { "when": { "phone": "20000008" }, "journey": "mine" },
            { "when": { "sku": { "present": true }, "reference": { "matches": "^A-" } }, "journey": "mine" },
            { "when": { "name": "Nobody" }, "journey": "usual" },
        ],
    }));
    let journey = |shop: &Shop, id: u64| shop.data("order", &id.to_string())["journey"].clone();
    for (field, value, expected) in [
        ("phone1", "28177188", "other"),
        ("phone1", "20000008", "mine"),
        ("phone1", "20000014", "canceled"),
        ("name", "Nobody", "other"),
    ] {
        let mut body = one_shirt();
        body["address"][field] = json!(value);
        let id = shop.order(&body);
        assert_eq!(journey(&shop, id), expected, "{field} {value}");
    }
    let mut body = one_shirt();
    body["external_order_id"] = json!("A-7");
    let id = shop.order(&body);
    assert_eq!(journey(&shop, id), "mine");
    // A draft that is sent later says the same.
    body["auto_fulfill"] = json!(false);
    let draft = shop.order(&body);
    shop.apply("order", &draft.to_string(), "fulfill");
    assert_eq!(journey(&shop, draft), "mine");
    assert_eq!(shop.data("order", &draft.to_string())["stops"][0]["after"], "PT1H");
    // By hand, from where it stands: what it has done already cannot be done again.
    shop.settle();
    let fields = json!({ "journey": "mine" });
    let again =
        shop.world.patch(Name::Shipper, "order", &id.to_string(), fields.as_object().unwrap());
    let told = again.unwrap_err().to_string();
    let (why, possible) = told.split_once("; those that can: ").unwrap();
    assert_eq!(
        why,
        "the journey `mine` cannot start with shipment awaitingpickup, payment expected"
    );
    assert!(possible.contains("`lost`") && !possible.contains("`mine`"), "{possible}");
    assert!(!possible.contains("`unreachable`"), "nobody calls: {possible}");
    assert_eq!(shop.data("order", &id.to_string())["stops"], json!([]));
    let fields = json!({ "journey": "lost" });
    shop.world.patch(Name::Shipper, "order", &id.to_string(), fields.as_object().unwrap()).unwrap();
    let stops = shop.data("order", &id.to_string())["stops"].clone();
    let on: Vec<&str> =
        stops.as_array().unwrap().iter().map(|stop| stop["on"].as_str().unwrap()).collect();
    assert_eq!(on, ["ship", "travel", "lose"], "what is possible from here");
    let wrong = json!({ "journey": "mien" });
    let wrong =
        shop.world.patch(Name::Shipper, "order", &id.to_string(), wrong.as_object().unwrap());
    let told = wrong.unwrap_err().to_string();
    assert!(told.ends_with("delivered_late, waiting, mine, other"), "{told}");
}

#[test]
fn presets_list_what_the_choices_look_for() {
    let shop = writing(json!({
        "journeys": { "mine": [{ "on": "pack", "after": "1h" }, { "on": ["ship", "lose"] }] },
        "choose": [
            { "when": { "phone": "07701234567" }, "journey": "mine" },
            { "when": { "sku": { "matches": "^L" }, "store": "Souk" }, "weights": { "usual": 9, "lost": 1 } },
            { "weights": { "usual": 1 } },
        ],
    }));
    let magic = service(Name::Shipper).presets(shop.world.providers()).magic;
    let own: Vec<(&str, &str, &str)> = magic
        .iter()
        .skip(16)
        .map(|magic| (magic.field.as_str(), magic.value.as_str(), magic.effect.as_str()))
        .collect();
    assert_eq!(
        own,
        [
            ("address.phone1", "07701234567", "journey mine: pack, ship+lose"),
            (
                "items[].id and store_name",
                "something like \"^L\" and Souk",
                "a journey by weight: lost 1, usual 9"
            ),
        ]
    );
}

#[test]
fn weights_are_drawn_from_the_seed_and_hold_for_whatever_is_left() {
    let setup = json!({
        "journeys": { "mine": [{ "on": "pack", "after": "1h" }] },
        "choose": [{ "weights": { "usual": 6, "mine": 3, "lost": 1 } }],
    });
    let drawn = || {
        let mut shop = writing(setup.clone());
        let journeys: Vec<String> = (0..30)
            .map(|place| {
                let mut body = one_shirt();
                if place == 0 {
                    body["address"]["phone1"] = json!("20000016");
                }
                let id = shop.order(&body);
                shop.advance("3s");
                shop.data("order", &id.to_string())["journey"].as_str().unwrap().to_owned()
            })
            .collect();
        let state = &shop.world.providers().shipper;
        let written = serde_json::to_string(state).unwrap();
        assert_eq!(
            &serde_json::from_str::<shipmock::internals::providers::shipper::State>(&written)
                .unwrap(),
            &**state
        );
        journeys
    };
    let one = drawn();
    assert_eq!(one, drawn());
    assert_eq!(one[0], "waiting", "a magic number is not left over");
    let count = |name: &str| one.iter().filter(|it| *it == name).count();
    let counts = [count("delivered_and_paid"), count("mine"), count("lost")];
    assert_eq!(counts.iter().sum::<usize>(), 29);
    assert!(counts[0] > counts[1] && counts[1] > 0, "{counts:?}");
}

/// (32)
#[test]
fn a_late_scan_stands_behind_the_one_that_followed_it_and_happened_before() {
    let mut shop = Shop::switched(|switches| switches.late_scans = true);
    let mut body = one_shirt();
    body["address"]["phone1"] = json!("20000016");
    let id = shop.order(&body);
    let shipment = shop.shipment_of(id, 0);
    shop.apply("shipment", &shipment, "pack");
    for on in ["ship", "travel", "deliver"] {
        shop.apply("shipment", &shipment, on);
        shop.advance("10h");
    }
    let order = shop.get(&format!("/orders/{id}")).json();
    let logs = order["shipments"][0]["tracking_numbers"][0]["logs"].as_array().unwrap().clone();
    let column = |name: &str| -> Vec<String> {
        logs.iter().map(|log| log[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(column("status"), ["at_carrier_origin_facility", "delivered", "in_transit"]);
    let (created, external) = (column("created_at"), column("external_timestamp"));
    assert_eq!(created[1], created[2], "it comes together with the next one");
    assert!(external[2] < external[1], "{external:?}");
}
