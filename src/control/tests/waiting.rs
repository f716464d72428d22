//! What is verified and waited for: what is said when it is not so, and when it is asked for wrongly.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{SHIPMENT, START, ask, at, called, json_of, problem, refusal, shell, world};
use crate::control::{Around, FoundCalls, Listen, ShellJob, openapi};
use crate::message::{Method, Reply};
use crate::policy::matcher::Matcher;
use crate::policy::rule::{Rule, Then, When};
use crate::scenario::steps::WebhookExpectation;
use crate::world::World;

const AROUND: fn() -> Around = || Around { wall: at(START), advancing: false };

/// The answer to a `verify` whose time is up at once.
fn verified(world: &World, body: Value) -> Reply {
    let ShellJob::Verify(order) = shell(Method::Post, "/verify", body) else { panic!() };
    let mut tally = FoundCalls::default();
    let answer = order.look(world, &mut tally);
    answer.unwrap_or_else(|| Err(order.unmet(world, &tally))).unwrap_or_else(|it| it.reply())
}

/// The answer to an `await` whose time is up at once.
fn awaited(world: &World, body: Value) -> Reply {
    let ShellJob::Await(order) = shell(Method::Post, "/await", body) else { panic!() };
    let mut tally = order.what.tally();
    let found = order.what.look(world, &mut tally, AROUND());
    found.unwrap_or_else(|| order.what.late(world, AROUND()).reply())
}

#[test]
fn calls_are_counted_and_the_nearest_told() {
    let world = called();
    let count = |request: Value, count: Value| {
        let reply = verified(&world, json!({"request": request, "count": count}));
        (reply.status, json_of(&reply)["count"].as_u64().unwrap())
    };
    for (wanted, status) in [
        (json!({"exactly": 4}), 200),
        (json!({"exactly": 3}), 409),
        (json!({"exactly": 5}), 409),
        (json!({"at_least": 4}), 200),
        (json!({"at_least": 5}), 409),
        (json!({"at_most": 4}), 200),
        (json!({"at_most": 3}), 409),
        (Value::Null, 200),
    ] {
        assert_eq!(count(json!({}), wanted.clone()), (status, 4), "{wanted}");
    }
    assert_eq!(
        count(json!({"answer": {"status": {"at_least": 400}}}), json!({"exactly": 2})).0,
        200
    );
    assert_eq!(count(json!({"on": "GET /shipper/api/v1/orders"}), json!({"exactly": 1})).0, 200);
    let request = json!({"on": "POST /shipper/api/v1/orders", "when": {"json": {"$.external_order_id": "A-1"}}, "answer": {"status": 201}});
    assert_snapshot!(problem(&verified(&world, json!({"request": request}))), @r#"
    409 Not met: 0 calls are like this, expected at least 1
      count: 0
      wanted: {"at_least":1}
      requests: []
      nearest: [{"id":"r3","at":"2026-05-14T09:00:00Z","provider":"shipper","account":null,"method":"POST","path":"/api/v1/orders","query":"","route":"POST /api/v1/orders","status":401,"evidence":"documented","explanation":"The bearer token is no key of this world. GET /_shipmock/presets lists the keys; YOUR_API_KEY works in the default scenario.","rule":null,"unlike":[{"what":"when.json.$.external_order_id","wanted":"\"A-1\"","got":"nothing"},{"what":"answer.status","wanted":"201","got":"401"}]},{"id":"r4","at":"2026-05-14T09:00:00Z","provider":"shipper","account":"My Store / api_key","method":"GET","path":"/api/v1/orders","query":"","route":"GET /api/v1/orders","status":200,"evidence":"documented","explanation":null,"rule":null,"unlike":[{"what":"on","wanted":"POST /shipper/api/v1/orders","got":"GET /shipper/api/v1/orders"},{"what":"when.json.$.external_order_id","wanted":"\"A-1\"","got":"nothing"},{"what":"answer.status","wanted":"201","got":"200"}]},{"id":"r2","at":"2026-05-14T09:00:00Z","provider":"shipper","account":null,"method":"GET","path":"/api/v1/nowhere","query":"","route":null,"status":404,"evidence":"inferred","explanation":"No endpoint of Shipper has this path. `shipmock routes shipper` lists them all.","rule":null,"unlike":[{"what":"on","wanted":"POST /shipper/api/v1/orders","got":"no route of shipper: /api/v1/nowhere"},{"what":"when.json.$.external_order_id","wanted":"\"A-1\"","got":"nothing"},{"what":"answer.status","wanted":"201","got":"404"}]}]
    "#);
}

#[test]
fn a_sequence_allows_gaps_and_says_what_came_too_early() {
    // GET products, GET nowhere, POST orders, GET orders.
    let world = called();
    let on = |list: &[&str]| -> Value {
        let step = |on: &&str| json!({"on": format!("{on}")});
        json!({"sequence": list.iter().map(step).collect::<Vec<_>>()})
    };
    let [products, made, orders] = [
        "GET /shipper/api/v1/products",
        "POST /shipper/api/v1/orders",
        "GET /shipper/api/v1/orders",
    ];
    for (list, status, ids, early) in [
        (&[products, made, orders][..], 200, &["r1", "r3", "r4"][..], &[][..]),
        (&[products, orders], 200, &["r1", "r4"], &[]),
        (&["shipper", "shipper", orders], 200, &["r1", "r2", "r4"], &[]),
        (&[orders, made], 409, &["r4"], &["r3"]),
        (&[products, products], 409, &["r1"], &[]),
        (&[made, orders, products], 409, &["r3", "r4"], &["r1"]),
        (&["shiplee", products], 409, &[], &[]),
    ] {
        let reply = verified(&world, on(list));
        let said = json_of(&reply);
        assert_eq!((reply.status, &said["requests"]), (status, &json!(ids)), "{list:?}: {said}");
        assert_eq!(said["count"], ids.len(), "{said}");
        if status == 409 {
            assert_eq!(said["too_early"], json!(early), "{list:?}");
            assert_eq!(said["field"], format!("sequence[{}]", ids.len()));
        }
    }
    let refused = |body: Value| refusal(Method::Post, "/verify", body);
    for (body, field) in [
        (json!({"sequence": []}), "sequence"),
        (json!({"sequence": [{}], "request": {}}), "sequence"),
        (json!({"sequence": [{}], "count": {"exactly": 1}}), "count"),
        (json!({"sequence": [{}, {"on": "shiper"}]}), "sequence[1].on"),
    ] {
        let said = refused(body.clone());
        assert!(said.contains(&format!("field: \"{field}\"")), "{body}: {said}");
    }
}

#[test]
fn whatever_is_refused_names_its_field() {
    for (method, target, body, field) in [
        (Method::Post, "/clock/advance", json!({"by": null}), "by"),
        (Method::Post, "/clock/advance", json!({"by": "1h", "to": START}), "to"),
        (Method::Patch, "/clock", json!({}), "mode"),
        (Method::Patch, "/clock", json!({"mode": "frozen", "speed": 10}), "speed"),
        (Method::Put, "/worlds/a", json!({"clock": {}}), "clock"),
        (Method::Put, "/worlds/a", json!({"clock": {"mode": "real", "speed": 2}}), "clock.speed"),
        (Method::Put, "/worlds/a", json!({"from": "a b"}), "from"),
        (Method::Put, "/worlds/a", json!({"if_absent": "yes"}), "if_absent"),
        (Method::Post, "/verify", json!({"request": {}, "count": {}}), "count"),
        (Method::Post, "/verify", json!({"request": {}, "count": 2}), "count"),
        (Method::Post, "/await", json!({}), "request"),
        (Method::Post, "/await", json!({"quiet": true, "after": "r1"}), "after"),
        (Method::Post, SHIPMENT_MOVE, json!({}), "on"),
        (Method::Post, SHIPMENT_MOVE, json!({"on": "pack", "to": "packed"}), "to"),
    ] {
        let said = refusal(method, target, body.clone());
        assert!(said.contains(&format!("field: \"{field}\"")), "{target} {body}: {said}");
    }
    let mut world = world("default");
    for (target, body, field) in [
        (
            "/shipper/entities/shipment/22222222-3333-4444-5555-666666666666/move",
            json!({"on": "lose"}),
            "on",
        ),
        (
            "/shipper/entities/shipment/22222222-3333-4444-5555-666666666666/move",
            json!({"to": "x"}),
            "to",
        ),
    ] {
        let reply = ask(&mut world, Method::Post, target, body.clone());
        assert_eq!((reply.status, json_of(&reply)["field"].as_str()), (409, Some(field)), "{body}");
    }
    let clock = ask(&mut world, Method::Patch, "/clock", json!({"now": "2000-01-01T00:00:00Z"}));
    assert_eq!((clock.status, json_of(&clock)["field"].as_str()), (409, Some("now")));
}

const SHIPMENT_MOVE: &str = "/shipper/entities/shipment/22222222-3333-4444-5555-666666666666/move";

#[test]
fn what_can_never_come_is_refused_and_not_waited_for() {
    let state = |is: Value| json!({"state": {"provider": "shipper", "kind": "shipment", "id": "x", "is": is}});
    for (body, field) in [
        (state(json!(5)), "state.is"),
        (state(json!(true)), "state.is"),
        (state(json!({"equals": 5})), "state.is"),
        (state(json!({"one_of": ["delivered", 7]})), "state.is"),
        (state(json!({"one_of": ["deliverd"]})), "state.is"),
        (json!({"delivery": {"url": 5}}), "delivery.url"),
        (json!({"delivery": {"weather": 5}}), "delivery.weather"),
        (json!({"delivery": {"event": 5}}), "delivery"),
        (json!({"delivery": {"state": 5}}), "delivery"),
        (json!({"request": {"on": 5}}), "request"),
        (json!({"request": 5}), "request"),
    ] {
        let said = refusal(Method::Post, "/await", body.clone());
        assert!(said.starts_with("422 "), "{body}: {said}");
        assert!(said.contains(&format!("field: \"{field}\"")), "{body}: {said}");
    }
    // What a comparison asks for may come.
    shell(Method::Post, "/await", state(json!({"matches": "^deliver"})));
    shell(Method::Post, "/await", state(json!({"one_of": ["delivered", "lost"]})));
}

#[test]
fn what_did_not_come_in_time_is_explained() {
    let mut world = world("default");
    let late = |world: &World, body: Value| problem(&awaited(world, body));
    assert_snapshot!(late(&world, json!({"request": {"on": "shiplee"}})), @r#"
    409 Not in time: no call like this has come; 0 others have
      nearest: []
      clock: {"now":"2026-05-14T09:00:00Z","mode":"frozen","next_due":"2026-05-14T09:00:05Z"}
    "#);
    let id = SHIPMENT.rsplit('/').next().unwrap();
    let shipment =
        json!({"state": {"provider": "shipper", "kind": "shipment", "id": id, "is": "delivered"}});
    assert_snapshot!(late(&world, shipment.clone()).lines().next().unwrap(), @r#"409 Not in time: shipment `22222222-3333-4444-5555-666666666666` is `awaitingpackaging`, expected "delivered"; nothing is due for it"#);
    let nobody =
        json!({"state": {"provider": "shipper", "kind": "order", "id": 9999999, "is": "Paid"}});
    assert_snapshot!(late(&world, nobody), @r#"
    409 Not in time: there is no order `9999999` of shipper in this world
      clock: {"now":"2026-05-14T09:00:00Z","mode":"frozen","next_due":"2026-05-14T09:00:05Z"}
    "#);
    let due = world.agenda().iter().find_map(|(_, due)| {
        crate::providers::service(crate::providers::Name::Shipper).subject(world.providers(), *due)
    });
    let (kind, due, _) = due.unwrap();
    let waiting =
        json!({"state": {"provider": "shipper", "kind": kind, "id": due, "is": {"one_of": []}}});
    assert_snapshot!(late(&world, waiting).lines().next().unwrap(), @"409 Not in time: payment `4e5101c9-aef2-4905-a373-a085daac340c` is `successful`, expected one of []; `transfer` is due at 2026-05-14T09:41:22Z, and it is 2026-05-14T09:00:00Z (frozen clock)");
    assert_snapshot!(late(&world, json!({"delivery": {"event": "shipment.status_changed"}, "after": "d3"})), @r#"
    409 Not in time: no delivery like this is in the ledger; 0 others are
      nearest: []
      clock: {"now":"2026-05-14T09:00:00Z","mode":"frozen","next_due":"2026-05-14T09:00:05Z"}
    "#);
    assert_eq!(awaited(&world, json!({"quiet": true})).status, 200);
    let busy = Around { advancing: true, ..AROUND() };
    let ShellJob::Await(quiet) = shell(Method::Post, "/await", json!({"quiet": true})) else {
        panic!()
    };
    assert!(quiet.what.look(&world, &mut FoundCalls::default(), busy).is_none());
    assert_snapshot!(problem(&quiet.what.late(&world, busy).reply()), @r#"
    409 Not in time: time is advancing
      under_way: ["time is advancing"]
      clock: {"now":"2026-05-14T09:00:00Z","mode":"frozen","next_due":"2026-05-14T09:00:05Z"}
    "#);
    ask(&mut world, Method::Post, &format!("{SHIPMENT}/move"), json!({"to": "delivered"}));
    let found = json_of(&awaited(&world, shipment));
    assert_eq!(found["entity"]["state"], "delivered");
}

#[test]
fn what_is_waited_for_wrongly_is_refused() {
    let verify = |body: Value| refusal(Method::Post, "/verify", body);
    let wait = |body: Value| refusal(Method::Post, "/await", body);
    assert_snapshot!(verify(json!({})), @r#"
    422 Which calls: say which calls: `request` with `on`, `when` and `answer` (an empty object is every call) and, if need be, `count`; or a `sequence` of such requests, a hundred at most
      field: "request"
    "#);
    assert_snapshot!(verify(json!({"request": {"on": "GET /shipper/api/v1/order"}})), @r#"
    422 Wrong matcher: there is no route `GET /shipper/api/v1/order`; did you mean `GET /shipper/api/v1/orders`?
      field: "request.on"
    "#);
    assert_snapshot!(verify(json!({"request": {"when": {"hedaers": {}}}})), @r#"
    422 Wrong matcher: unknown field `hedaers`, expected one of `headers`, `query`, `form`, `json`, `account`, `entity`, `client`, `subscription`, `url`
      field: "request"
    "#);
    assert_snapshot!(verify(json!({"request": {}, "count": {"exactly": 1, "at_most": 2}})), @r#"
    422 Wrong value: `count` must be an object with one of `exactly`, `at_least` and `at_most` and a whole number, not `{"exactly":1,"at_most":2}`
      field: "count"
      expected: "an object with one of `exactly`, `at_least` and `at_most` and a whole number"
    "#);
    assert_snapshot!(verify(json!({"request": {}, "count": {"exatly": 1}})), @r#"
    422 Unknown field: `count` has no field `exatly`
      field: "exatly"
      did_you_mean: "exactly"
      known: ["exactly","at_least","at_most"]
    "#);
    assert_snapshot!(verify(json!({"request": {}, "within": "11m"})), @r#"
    422 Wrong value: `within` must be up to ten minutes of real time, not `11m`
      field: "within"
      expected: "up to ten minutes of real time"
    "#);
    assert_snapshot!(wait(json!({})), @r#"
    422 Wait for what: say exactly one of `request`, `state`, `delivery` and `quiet`
      field: "request"
    "#);
    assert_snapshot!(wait(json!({"quiet": true, "request": {}})), @r#"
    422 Wait for what: say exactly one of `request`, `state`, `delivery` and `quiet`
      field: "request"
    "#);
    assert_snapshot!(wait(json!({"quiet": true, "after": "r1"})), @r#"
    422 Contradiction: `after` is the id of a request or a delivery, for `request` and `delivery`
      field: "after"
    "#);
    assert_snapshot!(wait(json!({"request": {}, "after": "d1"})), @r#"
    422 Wrong value: `after` must be an id such as `r17`, not `d1`
      field: "after"
      expected: "an id such as `r17`"
    "#);
    assert_snapshot!(wait(json!({"state": {"provider": "shipper", "kind": "ordr", "id": 1, "is": "Paid"}})), @r#"
    422 Wrong value: `state.kind` must be one of order, shipment, contact_task, product, webhook, payment, key, not `ordr`
      field: "state.kind"
      expected: "one of order, shipment, contact_task, product, webhook, payment, key"
      did_you_mean: "order"
      known: ["order","shipment","contact_task","product","webhook","payment","key"]
    "#);
    assert_snapshot!(wait(json!({"state": {"provider": "shipper", "kind": "shipment", "id": 1, "is": "deliverd"}})), @r#"
    422 Wrong value: `state.is` must be one of awaitingconfirmation, awaitingpackaging, awaitingpickup, onitsway, delivered, partiallydelivered, returning, returnedtosender, partiallyreturned, lost, canceled, not `deliverd`
      field: "state.is"
      expected: "one of awaitingconfirmation, awaitingpackaging, awaitingpickup, onitsway, delivered, partiallydelivered, returning, returnedtosender, partiallyreturned, lost, canceled"
      did_you_mean: "delivered"
      known: ["awaitingconfirmation","awaitingpackaging","awaitingpickup","onitsway","delivered","partiallydelivered","returning","returnedtosender","partiallyreturned","lost","canceled"]
    "#);
    assert_snapshot!(wait(json!({"state": {"provider": "shiper"}})), @r#"
    422 Wrong value: `state.provider` must be one of shipper, shiplee, salla, shiptheory, shipup, not `shiper`
      field: "state.provider"
      expected: "one of shipper, shiplee, salla, shiptheory, shipup"
      did_you_mean: "shipper"
      known: ["shipper","shiplee","salla","shiptheory","shipup"]
    "#);
    assert_snapshot!(wait(json!({"state": {"provider": "SHIPPER", "kind": "order"}})), @r#"
    422 Missing field: `state` needs a field `id`
      field: "state.id"
    "#);
    assert_snapshot!(wait(json!({"state": {"provider": "shipper", "kind": "order", "id": true}})), @r#"
    422 Wrong value: `state.id` must be a text or a number, not `true`
      field: "state.id"
      expected: "a text or a number"
    "#);
    assert_snapshot!(wait(json!({"state": "order"})), @r#"
    422 Wrong value: `state` must be an object, not `order`
      field: "state"
      expected: "an object"
    "#);
    assert_snapshot!(wait(json!({"quiet": {"for": "2h"}})), @r#"
    422 Wrong value: `quiet.for` must be up to ten minutes of real time, not `2h`
      field: "quiet.for"
      expected: "up to ten minutes of real time"
    "#);
    assert_snapshot!(wait(json!({"delivery": {"evnt": "x"}})), @r#"
    422 Wrong delivery: unknown field `evnt`, expected one of `event`, `json`, `headers`, `signed`, `state`, `url`, `attempts`, `weather`
      field: "delivery"
    "#);
    assert_snapshot!(wait(json!({"quiet": {"fro": "1s"}})), @r#"
    422 Unknown field: `quiet` has no field `fro`
      field: "fro"
      did_you_mean: "for"
      known: ["for"]
    "#);
    assert_snapshot!(refusal(Method::Get, "/events?after=17", Value::Null), @r#"
    422 Wrong value: `after` must be an id such as `r17`, not `17`
      field: "after"
      expected: "an id such as `r17`"
    "#);
}

/// The fields that a type takes, as it says when it is given another.
fn known<'de, T: serde::Deserialize<'de>>() -> BTreeSet<String> {
    let unknown = serde::de::value::MapDeserializer::new([("no such field", "")].into_iter());
    let error: Result<T, serde::de::value::Error> = T::deserialize(unknown);
    let error = error.err().unwrap().to_string();
    let list = error.split_once("expected").unwrap().1;
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_description_knows_the_fields_of_the_types_behind_it() {
    let description = openapi();
    let described = |name: &str| {
        let schema = &description["components"]["schemas"][name];
        assert_eq!(schema["additionalProperties"], false, "{name}");
        schema["properties"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>()
    };
    assert_eq!(described("Rule"), known::<Rule>());
    assert_eq!(described("When"), known::<When>());
    assert_eq!(described("Then"), known::<Then>());
    assert_eq!(described("Matcher"), known::<Matcher>());
    let mut webhook = known::<WebhookExpectation>();
    webhook.insert("provider".to_owned());
    assert_eq!(described("WebhookMatcher"), webhook);
}

#[test]
fn events_begin_where_the_listener_is_and_tell_of_gaps() {
    let mut world = called();
    let listen = |target: &str| match shell(Method::Get, target, Value::Null) {
        ShellJob::Listen(listen) => *listen,
        other => panic!("{other:?}"),
    };
    let ids = |listen: &Listen, world: &World| -> Vec<String> {
        let batch = listen.batch(world, listen.begin(world));
        assert!(!batch.more && batch.last + 1 == world.journal().next_number());
        let lines = batch.text.lines().filter(|line| !line.starts_with("data: {\"id\""));
        lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(ids(&listen("/events"), &world), Vec::<String>::new());
    let one = ["id: r4", "event: request"];
    assert_eq!(ids(&listen("/events?after=r3"), &world), one);
    assert_eq!(ids(&listen("/events?after=r0&method=POST"), &world), ["id: r3", "event: request"]);
    // Of another world of this name: its numbers mean nothing here.
    assert_eq!(ids(&listen("/events?after=r77"), &world).len(), 8);
    world.journal_mut().clear();
    let request = crate::message::Request::new(Method::Get, "/api/v1/nowhere");
    world.request(crate::providers::Name::Shipper, request);
    assert_eq!(
        ids(&listen("/events?after=r2"), &world),
        ["event: gap", r#"data: {"after":"r2","missed":2}"#, "id: r5", "event: request"]
    );
}
