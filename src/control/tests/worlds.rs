//! Worlds, clocks and presets, and the answers of the shell.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{START, ask, at, json_of, problem, read, refusal, request, shell, shown, world};
use crate::control::{self, ClockOrder, Job, Problem, ShellJob, WorldJob, WorldLine, WorldOrder};
use crate::kit::mistake::Mistake;
use crate::message::Method;
use crate::sim::clock::Mode;
use crate::world::ClockSetup;

#[test]
fn an_order_for_a_world_is_read_whole() {
    let put = |body: Value| match shell(Method::Put, "/worlds/ci-42", body) {
        ShellJob::Put { name, order } if name == "ci-42" => order,
        other => panic!("{other:?}"),
    };
    assert_eq!(*put(Value::Null), WorldOrder::default());
    let order = put(json!({"scenario": "empty", "seed": u64::MAX, "clock": "frozen"}));
    assert_eq!(order.scenario.unwrap().name, "empty");
    assert_eq!(order.seed, Some(u64::MAX));
    let frozen = ClockSetup { mode: Some(Mode::Frozen), ..ClockSetup::default() };
    assert_eq!(order.clock, Some(frozen.clone()));
    let order = put(json!({"clock": {"at": START, "speed": 60}, "scenario": {"name": "x"}}));
    let scaled = ClockSetup { mode: Some(Mode::Scaled), at: Some(at(START)), speed: Some(60.0) };
    assert_eq!((order.clock, order.scenario.unwrap().name.as_str()), (Some(scaled), "x"));
    assert_eq!(put(json!({"from": "default"})).from.as_deref(), Some("default"));
    let order = put(json!({"from": "default", "seed": 3, "clock": "frozen"}));
    assert_eq!((order.seed, order.clock), (Some(3), Some(frozen)));
    let drop = shell(Method::Delete, "/worlds/a%2Db", Value::Null);
    assert_eq!(drop, ShellJob::Drop { name: "a-b".into() });
}

#[test]
fn a_wrong_order_for_a_world_says_what_would_be_right() {
    let refused = |body: Value| refusal(Method::Put, "/worlds/ci", body);
    assert_snapshot!(refusal(Method::Put, "/worlds/.hidden", Value::Null), @r#"
    422 Wrong value: `name` must be up to 64 letters (a to z), digits, dots, dashes and underscores, not beginning with a dot, not `.hidden`
      field: "name"
      expected: "up to 64 letters (a to z), digits, dots, dashes and underscores, not beginning with a dot"
    "#);
    assert_snapshot!(refused(json!({"sed": 7})), @r#"
    422 Unknown field: the call has no field `sed`
      field: "sed"
      did_you_mean: "seed"
      known: ["scenario","seed","clock","from","if_absent"]
    "#);
    assert_snapshot!(refused(json!({"seed": -7})), @r#"
    422 Wrong value: `seed` must be a whole number from 0 to 18446744073709551615, not `-7`
      field: "seed"
      expected: "a whole number from 0 to 18446744073709551615"
    "#);
    assert_snapshot!(refused(json!({"scenario": "defualt"})), @r#"
    422 Wrong scenario: there is no ready-made scenario `defualt`
      did_you_mean: "default"
      help: "`shipmock scenarios` lists all that there are"
      known: ["default","empty","load"]
      report: "error: there is no ready-made scenario `defualt`\n --> defualt\n  = did you mean `default`?\n  = what can stand here: default, empty, load\n  = `shipmock scenarios` lists all that there are"
    "#);
    assert_snapshot!(refused(json!({"scenario": "/etc/passwd"})), @r#"
    422 Wrong scenario: there is no ready-made scenario `/etc/passwd`
      help: "`shipmock scenarios` lists all that there are"
      known: ["default","empty","load"]
      report: "error: there is no ready-made scenario `/etc/passwd`\n --> /etc/passwd\n  = what can stand here: default, empty, load\n  = `shipmock scenarios` lists all that there are"
    "#);
    assert_snapshot!(refused(json!({"scenario": {"world": {"shipper": {"limit": 5}}}})), @r#"
    422 Wrong scenario: unknown key `limit`
      path: "world.shipper.limit"
      did_you_mean: "limits"
      known: ["switches","limits","journey","journeys","choose","organizations"]
      report: "error: unknown key `limit`\n --> the inline scenario, at world.shipper.limit\n  = did you mean `limits`?\n  = what can stand here: switches, limits, journey, journeys, choose, organizations"
    "#);
    assert_snapshot!(refused(json!({"clock": {"mod": "frozen"}})), @r#"
    422 Unknown field: `clock` has no field `mod`
      field: "mod"
      did_you_mean: "mode"
      known: ["mode","at","speed"]
    "#);
    assert_snapshot!(refused(json!({"clock": {"mode": "frozn"}})), @r#"
    422 Wrong value: `clock.mode` must be one of real, frozen, scaled, not `frozn`
      field: "clock.mode"
      expected: "one of real, frozen, scaled"
      did_you_mean: "frozen"
      known: ["real","frozen","scaled"]
    "#);
    assert_snapshot!(refused(json!({"clock": {"speed": 0}})), @r#"
    422 Wrong value: `clock.speed` must be a number from 0.001 to 1000000, not `0`
      field: "clock.speed"
      expected: "a number from 0.001 to 1000000"
    "#);
    assert_snapshot!(refused(json!({"clock": {}})), @r#"
    422 Nothing to do: an empty `clock` says nothing: leave it out
      field: "clock"
    "#);
    assert_snapshot!(refused(json!({"from": "default", "scenario": "empty"})), @r#"
    422 Contradiction: a fork of `default` has its scenario already: leave out `scenario` or `from`
      field: "scenario"
    "#);
}

#[test]
fn presets_have_the_callers_own_address() {
    let mut world = world("empty");
    let reply = ask(&mut world, Method::Get, "/presets", Value::Null);
    let presets = json_of(&reply);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&presets), ["world", "scenario", "seed", "providers"]);
    assert_eq!(
        (&presets["world"], &presets["scenario"], &presets["seed"]),
        (&json!("ci"), &json!("empty"), &json!(7))
    );
    let shipper = &presets["providers"]["shipper"];
    assert_eq!(keys(shipper), ["base_url", "credentials", "ids", "magic"]);
    assert_eq!(shipper["base_url"], "http://127.0.0.1:7447/w/ci/shipper/api/v1");
}

#[test]
fn a_clock_is_shown_and_set_but_not_back() {
    let mut world = world("empty");
    let mut clock = |body: Value| match body {
        Value::Null => ask(&mut world, Method::Get, "/clock", body),
        body => ask(&mut world, Method::Patch, "/clock", body),
    };
    assert_snapshot!(clock(Value::Null).body.text(), @r#"{"now":"2026-05-14T09:00:00Z","mode":"frozen","speed":0.0,"next_due":null}"#);
    assert_snapshot!(clock(json!({"now": "2026-05-15T00:00:00Z"})).body.text(), @r#"{"now":"2026-05-15T00:00:00Z","mode":"frozen","speed":0.0,"next_due":null}"#);
    assert_snapshot!(problem(&clock(json!({"now": START}))), @r#"
    409 Time does not go back: it is 2026-05-15T00:00:00Z in this world, which 2026-05-14T09:00:00Z is before; time does not go back, but a reset begins again
      field: "now"
      now: "2026-05-15T00:00:00Z"
    "#);
    assert_snapshot!(clock(json!({"speed": 60})).body.text(), @r#"{"now":"2026-05-15T00:00:00Z","mode":"scaled","speed":60.0,"next_due":null}"#);
    assert_snapshot!(clock(json!({"mode": "real", "now": "2026-05-15T00:00:01Z"})).body.text(), @r#"{"now":"2026-05-15T00:00:01Z","mode":"real","speed":1.0,"next_due":null}"#);
    // What is shown can be sent back.
    assert_snapshot!(clock(json!({"mode": "frozen", "speed": 0})).body.text(), @r#"{"now":"2026-05-15T00:00:01Z","mode":"frozen","speed":0.0,"next_due":null}"#);
    assert_snapshot!(problem(&clock(json!({}))), @r#"
    422 Nothing to do: say what shall change: `mode`, `speed` or `now`
      field: "mode"
    "#);
    assert_snapshot!(problem(&clock(json!({"speed": 1e9}))), @r#"
    422 Wrong value: `speed` must be a number from 0.001 to 1000000, not `1000000000.0`
      field: "speed"
      expected: "a number from 0.001 to 1000000"
    "#);
    let order = read(&request(Method::Patch, "/clock", &json!({"mode": "scaled"})));
    let scaled = ClockOrder { mode: Some(Mode::Scaled), ..ClockOrder::default() };
    assert_eq!(order, Ok(Job::World(WorldJob::SetClock(scaled))));
}

#[test]
fn setting_a_later_instant_lets_happen_what_is_due() {
    let mut world = world("default");
    let due = world.next_due();
    let reply = ask(&mut world, Method::Patch, "/clock", json!({"now": "2030-01-01T00:00:00Z"}));
    assert_eq!(reply.status, 200);
    assert_eq!(world.now(), at("2030-01-01T00:00:00Z"));
    assert!(due.is_none_or(|due| world.next_due().is_none_or(|next| next > due)));
}

#[test]
fn the_shells_answers_have_their_fixed_shapes() {
    let line = WorldLine {
        name: "ci".into(),
        scenario: "default".into(),
        seed: 7,
        now: at(START),
        mode: Mode::Real,
        requests: 2,
        webhooks: 0,
    };
    let change = crate::sim::journal::Change {
        at: at(START),
        provider: "shipper".into(),
        kind: "shipment".into(),
        id: "1".into(),
        on: "ship".into(),
        from: "packed".into(),
        to: "shipped".into(),
    };
    assert_snapshot!(control::healthy("0.1.0", 2).body.text(), @r#"{"status":"ok","version":"0.1.0","worlds":2}"#);
    assert_snapshot!(control::listed(std::slice::from_ref(&line)).body.text(), @r#"{"worlds":[{"name":"ci","scenario":"default","seed":7,"now":"2026-05-14T09:00:00Z","mode":"real","requests":2,"webhooks":0}]}"#);
    assert_snapshot!(control::advanced(at(START), at(START), &[change], &[]).body.text(), @r#"{"from":"2026-05-14T09:00:00Z","to":"2026-05-14T09:00:00Z","fired":[{"at":"2026-05-14T09:00:00Z","provider":"shipper","kind":"shipment","id":"1","on":"ship","from":"packed","to":"shipped"}],"deliveries":[]}"#);
    assert_snapshot!(shown(&Problem::new(409, "Not this one", "the default world stays").reply()), @r#"
    409 application/problem+json
    {
      "type": "urn:shipmock:problem:not-this-one",
      "title": "Not this one",
      "status": 409,
      "detail": "the default world stays"
    }
    "#);
    assert_snapshot!(problem(&Problem::no_world("cii", ["default", "ci"]).reply()), @r#"
    404 No such world: there is no world `cii`
      did_you_mean: "ci"
      known: ["default","ci"]
    "#);
    let wrong = Mistake::new("shipper.journey", "there is no journey `x`");
    assert_snapshot!(problem(&Problem::contradiction(wrong).reply()), @r#"
    422 Wrong scenario: there is no journey `x`
      path: "world.shipper.journey"
    "#);
    assert_eq!((control::made(&line, true).status, control::made(&line, false).status), (201, 200));
    let plain = json!(line).to_string();
    assert_eq!(control::rebuilt(&line).body.text(), plain);
    for (new, replaced) in [(true, "false"), (false, "true")] {
        let whole =
            plain.replacen(r#""webhooks":0"#, &format!(r#""webhooks":0,"replaced":{replaced}"#), 1);
        assert_eq!(control::made(&line, new).body.text(), whole);
    }
    assert_eq!((control::dropped().status, control::dropped().body.len()), (204, 0));
    assert_eq!(control::metrics("up 1\n".into()).body.text(), "up 1\n");
}
