//! Entities: looked at, set, moved.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{SHIPMENT, ask, json_of, problem, world};
use crate::message::{Method, Reply};
use crate::providers::Name;

/// An entity without its data, which is its provider's business.
fn outline(reply: &Reply) -> String {
    let mut entity = json_of(reply);
    assert!(entity["data"].is_object(), "{entity}");
    entity.as_object_mut().unwrap().shift_remove("data");
    format!("{} {entity:#}", reply.status)
}

#[test]
fn an_entity_shows_what_can_happen_to_it_and_moves() {
    let mut world = world("default");
    let shown = ask(&mut world, Method::Get, SHIPMENT, Value::Null);
    assert_snapshot!(outline(&shown), @r#"
    200 {
      "kind": "shipment",
      "id": "22222222-3333-4444-5555-666666666666",
      "state": "awaitingpackaging",
      "history": [],
      "moves": [
        {
          "on": "pack",
          "to": "awaitingpickup"
        },
        {
          "on": "cancel",
          "to": "canceled"
        }
      ],
      "due": []
    }
    "#);
    let moved = ask(&mut world, Method::Post, &format!("{SHIPMENT}/move"), json!({"on": "pack"}));
    assert_snapshot!(outline(&moved), @r#"
    200 {
      "kind": "shipment",
      "id": "22222222-3333-4444-5555-666666666666",
      "state": "awaitingpickup",
      "history": [
        {
          "at": "2026-05-14T09:00:00Z",
          "on": "pack",
          "from": "awaitingpackaging",
          "to": "awaitingpickup"
        }
      ],
      "moves": [
        {
          "on": "ship",
          "to": "onitsway"
        }
      ],
      "due": [],
      "changes": [
        {
          "at": "2026-05-14T09:00:00Z",
          "provider": "shipper",
          "kind": "shipment",
          "id": "22222222-3333-4444-5555-666666666666",
          "on": "pack",
          "from": "awaitingpackaging",
          "to": "awaitingpickup"
        }
      ]
    }
    "#);
    let walked =
        ask(&mut world, Method::Post, &format!("{SHIPMENT}/move"), json!({"to": "delivered"}));
    assert_eq!(json_of(&walked)["state"], "delivered");
    let mut moves = |order: &str| {
        let target = format!("/shipper/entities/order/{order}");
        json_of(&ask(&mut world, Method::Get, &target, Value::Null))["moves"].clone()
    };
    // Where an order's input leads follows from its shipments.
    assert_eq!(moves("554"), json!([]), "delivered by now");
    assert_eq!(moves("555"), json!([]));
    world = super::world("default");
    let order = ask(&mut world, Method::Get, "/shipper/entities/order/554", Value::Null);
    assert_eq!(json_of(&order)["moves"], json!([{"on": "cancel", "to": null}]));
}

#[test]
fn an_illegal_move_names_the_legal_ones() {
    let mut world = world("default");
    let mut refused = |target: &str, body: Value| {
        let reply = ask(&mut world, Method::Post, &format!("{target}/move"), body);
        problem(&reply)
    };
    assert_snapshot!(refused(SHIPMENT, json!({"on": "deliver"})), @r#"
    409 Illegal move: `deliver` is not possible in state `awaitingpackaging`; what is possible: `pack`, `cancel`
      state: "awaitingpackaging"
      legal: ["pack","cancel"]
      field: "on"
    "#);
    assert_snapshot!(refused(SHIPMENT, json!({"on": "pakc"})), @r#"
    409 Illegal move: `pakc` is not possible in state `awaitingpackaging`; what is possible: `pack`, `cancel`
      state: "awaitingpackaging"
      did_you_mean: "pack"
      legal: ["pack","cancel"]
      field: "on"
    "#);
    assert_snapshot!(refused(SHIPMENT, json!({"to": "deliverd"})), @r#"
    409 Illegal move: `deliverd` is not possible in state `awaitingpackaging`; what is possible: `awaitingpickup`, `onitsway`, `delivered`, `partiallydelivered`, `returning`, `returnedtosender`, `partiallyreturned`, `lost`, `canceled`
      state: "awaitingpackaging"
      did_you_mean: "delivered"
      legal: ["awaitingpickup","onitsway","delivered","partiallydelivered","returning","returnedtosender","partiallyreturned","lost","canceled"]
      field: "to"
    "#);
    assert_snapshot!(refused("/shipper/entities/order/555", json!({"on": "cancel"})), @r#"
    409 Illegal move: `cancel` is not possible in state `Paid`; what is possible: nothing
      state: "Paid"
      legal: []
      field: "on"
    "#);
    assert_snapshot!(refused("/shipper/entities/order/554", json!({"to": "Paid"})), @r#"
    409 Computed state: the state of `order` follows from other entities; what moves by itself: shipment, contact_task, payment, key, webhook
      legal: ["cancel"]
      field: "to"
    "#);
    assert_snapshot!(refused(SHIPMENT, json!({})), @r#"
    422 Which move: say exactly one of `on` (an input) and `to` (a state)
      field: "on"
    "#);
    assert_snapshot!(refused(SHIPMENT, json!({"on": 5})), @r#"
    422 Wrong value: `on` must be a text, not `5`
      field: "on"
      expected: "a text"
    "#);
}

#[test]
fn a_walk_ends_where_it_was_to_end_or_changes_nothing() {
    let world = world("default");
    for kind in ["shipment", "contact_task", "payment", "key"] {
        let service = crate::providers::service(Name::Shipper);
        let table = crate::world::machine_of(service, kind).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for line in service.kind(kind).unwrap().list(world.providers(), None, usize::MAX).unwrap() {
            if !seen.insert(line.state.clone()) {
                continue;
            }
            for to in table.states() {
                let mut world = world.clone();
                let target = format!("/shipper/entities/{kind}/{}", line.id);
                let before = ask(&mut world, Method::Get, &target, Value::Null);
                let reply =
                    ask(&mut world, Method::Post, &format!("{target}/move"), json!({"to": to}));
                let after = ask(&mut world, Method::Get, &target, Value::Null);
                match reply.status {
                    200 => assert_eq!(json_of(&after)["state"], to, "{kind} {line:?}"),
                    _ => assert_eq!(before, after, "{kind} {line:?} {to}"),
                }
            }
        }
        assert!(!seen.is_empty(), "{kind}");
    }
}

#[test]
fn entities_are_counted_listed_and_set() {
    let mut world = world("default");
    let kinds = json_of(&ask(&mut world, Method::Get, "/shipper/entities", Value::Null));
    let kinds = kinds["kinds"].as_array().unwrap();
    assert_eq!(kinds[0]["kind"], "order");
    let orders = kinds[0]["count"].as_u64().unwrap();
    let (mut after, mut counted) = (String::new(), 0);
    loop {
        let target = format!("/shipper/entities/order?limit=90&after={after}");
        let page = json_of(&ask(&mut world, Method::Get, &target, Value::Null));
        counted += page["entities"].as_array().unwrap().len() as u64;
        let Some(next) = page["next"].as_str() else { break };
        after = next.to_owned();
    }
    assert_eq!(counted, orders);
    let mut ask = |method, target: &str, body| ask(&mut world, method, target, body);
    let get = Method::Get;
    assert_snapshot!(problem(&ask(get, "/shipper/entities/ordre", Value::Null)), @r#"
    404 Unknown kind: there is no kind `ordre`; the kinds are `order`, `shipment`, `contact_task`, `product`, `webhook`, `payment`, `key`
      did_you_mean: "order"
      known: ["order","shipment","contact_task","product","webhook","payment","key"]
    "#);
    assert_snapshot!(problem(&ask(get, "/shipper/entities/order/99999", Value::Null)), @"404 Unknown entity: there is no order `99999` in this world");
    assert_snapshot!(problem(&ask(get, "/shipper/entities/order?after=99999", Value::Null)), @r#"
    422 Wrong value: `after` must be the id of an entity of this world, of the kind `order`, not `99999`
      field: "after"
      expected: "the id of an entity of this world, of the kind `order`"
    "#);
    let product = "/shipper/entities/product/YOUR_PRODUCT_UUID";
    let renamed = ask(Method::Patch, product, json!({"name": "Red T-Shirt", "price": 12.5}));
    assert_eq!(json_of(&renamed)["data"]["name"], "Red T-Shirt");
    assert_snapshot!(problem(&ask(Method::Patch, product, json!({"nmae": "x"}))), @r#"
    422 Unknown field: `nmae` cannot be set; what can be set is `name`, `price`, `cost`, `status`, `stock`, `variants`
      field: "nmae"
      did_you_mean: "name"
      known: ["name","price","cost","status","stock","variants"]
    "#);
    assert_snapshot!(problem(&ask(Method::Patch, product, json!({"name": "x", "price": -1}))), @r#"
    422 Wrong value: `price` must be an amount, as 12.5 or "12.500"
      field: "price"
      expected: "an amount, as 12.5 or \"12.500\""
    "#);
    assert_eq!(json_of(&ask(get, product, Value::Null))["data"]["name"], "Red T-Shirt");
}

#[test]
fn a_journey_that_cannot_start_names_those_that_can() {
    let mut world = world("default");
    let mut set = |target: &str, journey: &str| {
        ask(&mut world, Method::Patch, target, json!({"journey": journey}))
    };
    assert_snapshot!(problem(&set("/shipper/entities/order/555", "unreachable")), @r#"
    409 Journey cannot start: the journey `unreachable` cannot start with contact_task called, shipment delivered, payment successful; those that can: `delivered_and_paid`, `delivered_unpaid`, `unavailable_then_delivered`, `returned_to_sender`, `delivered_then_returned`, `partial_delivery`, `partial_return`, `delivered_late`, `waiting`
      field: "journey"
      state: "contact_task called, shipment delivered, payment successful"
      legal: ["delivered_and_paid","delivered_unpaid","unavailable_then_delivered","returned_to_sender","delivered_then_returned","partial_delivery","partial_return","delivered_late","waiting"]
    "#);
    assert_snapshot!(problem(&set("/shiptheory/entities/shipment/S1234", "booked")), @r#"
    409 Journey cannot start: the journey `booked` cannot start with shipment Complete; those that can: `never_ready`
      field: "journey"
      state: "shipment Complete"
      legal: ["never_ready"]
    "#);
    let changed = set("/shipper/entities/order/555", "delivered_then_returned");
    assert_eq!(json_of(&changed)["due"], json!([]), "what is due is about its shipment");
    assert_eq!(json_of(&changed)["data"]["stops"][0]["on"], "send_back");
}
