//! What is said when a scenario is played and something is not as expected.

use insta::assert_snapshot;

use crate::message::{Headers, Method, Request};
use crate::providers::{Name, service};
use crate::scenario::{PlayOptions, Played, from_yaml, play};
use crate::sim::webhook::outbox::Delivery;

/// A shop with a lamp, in which nothing happens by itself.
const SHOP: &str = "\
world:
  shipper:
    journey: waiting
    organizations:
      - name: My Store
        keys: [{ name: api_key, token: YOUR_API_KEY }]
        products: [{ name: Lamp, sku: L, price: 10, cost: 4, stock: 3, aliases: [LAMP] }]
";

const ORDER: &str = "json: { address: { name: Omar, phone1: \"28177188\", address1: Rue 1, country: TN }, items: [{ id: LAMP }], auto_fulfill: true }";

fn played_with(options: PlayOptions, steps: &str) -> Played {
    let steps = steps.replace("$ORDER", ORDER);
    play(&from_yaml("a.yaml", &format!("{SHOP}{steps}")).unwrap(), options)
}

fn played(steps: &str) -> Played {
    played_with(PlayOptions::default(), steps)
}

fn told(played: &Played) -> String {
    played.failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn the_usual_beginning_is_the_documented_one() {
    assert_eq!(crate::scenario::START.to_string(), "2026-05-14T09:00:00Z");
}

#[test]
fn a_failure_points_at_the_expectation_and_shows_what_came() {
    let steps = "\
steps:
  - request: { call: POST /shipper/api/v1/orders, as: api_key, json: {}, expect: { status: 201 }, keep: { order: $.id } }
  - request:
      call: GET /shipper/api/v1/orders
      as: api_key
      expect:
        status: 200
        json: { '$.pagination.total': 4, '$.data': { contains: x } }
  - request: { call: \"GET /shipper/api/v1/orders/${order}\", as: api_key }
  - move: { shipper.shipment: first, to: delivered }
";
    assert_snapshot!(told(&played(steps)), @r#"
    error: the status is 422, expected 201
     --> a.yaml:9:92
      |
    9 | …ders, as: api_key, json: {}, expect: { status: 201 }, keep: { order: $.id } }
      |                                                 ^^^
      = the answer: 422 {"message":"The address field is required. (and 5 more errors)","errors":{"address":["The address field is required."],"address.name":["The address.name field is required."],"address.phone1":["The address.phone1 field is required."],"address.address1":["The address.address1 field is required."],"address.country":["The address.country field is required."],"items":["The items field is required."]}}
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 422

    error: `$.pagination.total` is 0, expected 4
      --> a.yaml:15:39
       |
    15 |         json: { '$.pagination.total': 4, '$.data': { contains: x } }
       |                                       ^
      = the answer: 200 {"data":[],"pagination":{"total":0,"current_page":1,"per_page":20,"last_page":1}}
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 422
        r2 GET /shipper/api/v1/orders -> 200

    error: `$.data` is [], expected something with "x"
      --> a.yaml:15:42
       |
    15 |         json: { '$.pagination.total': 4, '$.data': { contains: x } }
       |                                          ^^^^^^^^
      = the answer: 200 {"data":[],"pagination":{"total":0,"current_page":1,"per_page":20,"last_page":1}}
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 422
        r2 GET /shipper/api/v1/orders -> 200

    error: nothing was kept under the name `order`
      --> a.yaml:16:22
       |
    16 |   - request: { call: "GET /shipper/api/v1/orders/${order}", as: api_key }
       |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 422
        r2 GET /shipper/api/v1/orders -> 200

    error: there is no shipment `first` in this world
      --> a.yaml:17:31
       |
    17 |   - move: { shipper.shipment: first, to: delivered }
       |                               ^^^^^
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 422
        r2 GET /shipper/api/v1/orders -> 200
    "#);
    let first = played_with(PlayOptions { stop_at_first: true, ..PlayOptions::default() }, steps);
    assert_eq!(first.failures.iter().map(|failure| failure.step).collect::<Vec<_>>(), [1]);
}

#[test]
fn webhooks_that_differ_are_told_with_the_nearest_that_was_sent() {
    let steps = "\
steps:
  - request: { call: POST /shipper/api/v1/orders, as: api_key, $ORDER }
  - request:
      call: POST /shipper/api/v1/webhooks
      as: api_key
      json: { url: \"https://mystore.com/\", events: [shipment.status_changed] }
  - move: { shipper.shipment: first, to: delivered }
  - webhooks:
      - { event: shipment.status_changed, json: { $.data.status: delivered }, signed: true }
      - { event: shipment.status_changed, json: { $.data.status: onitsway } }
  - webhooks: [{ event: shipment.status_changed }]
  - requests:
      - { path: /shipper/api/v1/*, method: POST, count: 3 }
      - { status: { at_least: 400 } }
";
    assert_snapshot!(told(&played(steps)), @r#"
    error: no such webhook was sent; of d3, it is not signed: its subscription has no secret, or is gone
      --> a.yaml:16:87
       |
    16 | …d, json: { $.data.status: delivered }, signed: true }
       |                                                 ^^^^
      = 2026-05-14T09:00:00Z webhook d3 shipment.status_changed to https://mystore.com/: 200, delivered after try 1: {"event":"shipment.status_changed","timestamp":"2026-05-14T09:00:00.000000Z","data":{"order_id":1,"shipment_uuid":"54939769-daf3-4cb9-a19a-0a568baba149","status":"delivered","previous_status":"onitsway"}}
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 201
        r2 POST /shipper/api/v1/webhooks -> 201

    error: no webhook was sent
      --> a.yaml:18:16
       |
    18 |   - webhooks: [{ event: shipment.status_changed }]
       |                ^
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 201
        r2 POST /shipper/api/v1/webhooks -> 201

    error: 2 calls are like this, expected 3
      --> a.yaml:20:57
       |
    20 | … path: /shipper/api/v1/*, method: POST, count: 3 }
       |                                                 ^
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 201
        r2 POST /shipper/api/v1/webhooks -> 201

    error: 0 calls are like this, expected at least 1
      --> a.yaml:21:9
       |
    21 |       - { status: { at_least: 400 } }
       |         ^
      = the last calls:
        r1 POST /shipper/api/v1/orders -> 201
        r2 POST /shipper/api/v1/webhooks -> 201
    "#);
}

#[test]
fn calls_at_the_same_time_may_share_their_answers_out() {
    let steps = "\
steps:
  - request: { call: POST /shipper/api/v1/orders, as: api_key, $ORDER, keep: { order: $.id } }
  - together:
      requests:
        - { call: \"POST /shipper/api/v1/orders/${order}/cancel\", as: api_key }
        - { call: \"POST /shipper/api/v1/orders/${order}/cancel\", as: api_key }
      expect_any_order: [{ status: 422 }, { status: 200 }]
  - together:
      - { call: \"GET /shipper/api/v1/orders/${order}\", as: api_key }
      - { call: GET /shipper/api/v1/nothing, expect: { status: 404 } }
";
    assert_eq!(told(&played(steps)), "");
}

#[test]
fn a_rule_is_played_and_one_that_never_did_anything_is_told() {
    let steps = "
  rules:
    - { name: unused, on: POST /shipper/api/v1/webhooks, then: { status: 503 } }
steps:
  - request: { call: POST /shipper/api/v1/orders, as: api_key, $ORDER, keep: { order: $.id } }
  - rule:
      name: lost
      on: POST /shipper/api/v1/orders/{id}/cancel
      when: { entity: \"${order}\" }
      then: { fault: reset }
  - request: { call: \"POST /shipper/api/v1/orders/${order}/cancel\", as: api_key, expect: { fault: reset } }
  - request: { call: \"GET /shipper/api/v1/orders/${order}\", as: api_key, expect: { json: { $.status: Canceled } } }
  - set:
      shipper.product[first].stock: 9
      shipper.product[first].price: 12
  - advance: { to: 2026-05-14T10:00:00Z }
  - advance: { until: idle }
  - reset: true
  - request: { call: \"GET /shipper/api/v1/orders/${order}\", as: api_key, expect: { status: 404 } }
";
    let played = played(steps);
    assert_eq!(told(&played), "");
    assert_eq!(played.never_fired, ["unused"]);
    assert_eq!(played.evidence.get("injected"), Some(&1));
    assert_snapshot!(played.transcript, @r#"
    a
    2026-05-14T09:00:00Z, seed 7
      1. POST /shipper/api/v1/orders as api_key -> 201
      2. rule `lost`
      3. POST /shipper/api/v1/orders/1/cancel as api_key -> 200, lost to reset, by the rule `lost`
           2026-05-14T09:00:00Z shipment 54939769-daf3-4cb9-a19a-0a568baba149 cancel: awaitingpackaging -> canceled
           2026-05-14T09:00:00Z payment 54939769-daf3-4cb9-a19a-0a568baba149 void: expected -> void
      4. GET /shipper/api/v1/orders/1 as api_key -> 200
      5. set shipper.product[first].stock = 9
         set shipper.product[first].price = 12
      6. advance to 2026-05-14T10:00:00Z
           it is 2026-05-14T10:00:00Z
      7. advance until idle
           it is 2026-05-14T10:00:00Z
      8. reset
      9. GET /shipper/api/v1/orders/1 as api_key -> 404
           { "message": "No query results for model [App\\Models\\Order]." }
    the rule `unused` never did anything
    "#);
}

#[test]
fn an_inline_scenario_is_told_by_its_path() {
    let read = crate::scenario::from_json(serde_json::json!({
        "steps": [{ "advance": "1h" }, { "webhooks": [{ "event": "order.status_changed" }] }],
    }));
    assert_snapshot!(told(&play(&read.unwrap(), PlayOptions::default())), @r"
    error: no webhook was sent
     --> the inline scenario, at steps[1].webhooks[0]
    ");
}

#[test]
fn a_signature_holds_for_the_bytes_that_were_signed_and_for_no_others() {
    let read = from_yaml("a.yaml", SHOP).unwrap();
    let mut world = super::build(read).unwrap();
    let call = |path: &str, body: &'static str| {
        Request::new(Method::Post, path)
            .with("authorization", "Bearer YOUR_API_KEY")
            .carrying("application/json", body)
    };
    let order = r#"{"address":{"name":"Omar","phone1":"28177188","address1":"Rue 1","country":"TN"},"items":[{"id":"LAMP"}],"auto_fulfill":true}"#;
    let webhook = r#"{"url":"https://mystore.com/","events":["shipment.status_changed"],"secret":"my-webhook-secret-key"}"#;
    assert_eq!(world.request(Name::Shipper, call("/api/v1/orders", order)).status, 201);
    assert_eq!(world.request(Name::Shipper, call("/api/v1/webhooks", webhook)).status, 201);
    let list =
        service(Name::Shipper).kind("shipment").unwrap().list(world.providers(), None, 1).unwrap();
    world.apply(Name::Shipper, "shipment", &list[0].id, "pack").unwrap();
    let sent = world.outbox().deliveries().next_back().unwrap().clone();
    let holds =
        |delivery: &Delivery| service(Name::Shipper).signature_holds(world.providers(), delivery);
    assert_eq!(holds(&sent), Some(true));
    // Parsed and printed again, the same JSON has other bytes.
    let again = sent.body.text().replace(':', ": ");
    let changed = |change: &dyn Fn(&mut Delivery)| {
        let mut changed = sent.clone();
        change(&mut changed);
        holds(&changed)
    };
    assert_eq!(changed(&|it| it.body = again.clone().into()), Some(false));
    assert_eq!(changed(&|it| it.headers = Headers::default()), Some(false));
    assert_eq!(changed(&|it| it.subscription = "9".into()), None);
}
