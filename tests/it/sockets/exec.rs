//! `exec`, `--record`, `replay` and `--state`: what a run of a test suite leaves behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use shipmock::Simulator;
use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;
use shipmock::jiff::SignedDuration;

use super::wire::{Local, until};

fn shipmock(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipmock"));
    command.args(arguments).env_remove("SHIPMOCK_CONTROL_TOKEN").stdin(Stdio::null());
    command.output().unwrap()
}

fn fresh(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("shipmock-exec-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    let _ = std::fs::remove_file(&file);
    file
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}

#[test]
fn the_command_finds_its_environment_and_its_output_and_exit_code_come_through() {
    let script =
        "echo $SHIPPER_BASE_URL $SHIPPER_API_KEY $SHIPLEE_USERNAME; echo $SHIPMOCK_URL >&2; exit 7";
    let ran = shipmock(&["exec", "--", "sh", "-c", script]);
    let (out, err) = (text(&ran.stdout), text(&ran.stderr));
    assert_eq!(ran.status.code(), Some(7), "{err}");
    let words: Vec<&str> = out.split_whitespace().collect();
    let origin = err.lines().next().unwrap();
    assert_eq!(
        words,
        [&format!("{origin}/shipper/api/v1"), "YOUR_API_KEY", "you@example.com"],
        "{out}"
    );
    assert!(err.contains("0 requests in 1 world"), "{err}");
}

#[test]
fn a_command_that_is_not_there_is_a_sentence_and_127() {
    let ran = shipmock(&["exec", "--", "there-is-no-such-command"]);
    assert_eq!(ran.status.code(), Some(127));
    assert!(text(&ran.stderr).contains("`there-is-no-such-command` was not found"));
    let ran = shipmock(&["exec", "--report", "report.pdf", "--", "true"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(text(&ran.stderr).contains(".xml"));
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_the_command_runs() {
    let run = |report: &str| {
        let ran = fresh("ran");
        let touch = format!("touch {}", path(&ran));
        let exec = shipmock(&["exec", "--report", report, "--", "sh", "-c", &touch]);
        (exec.status.code(), text(&exec.stderr), ran.exists())
    };
    let (code, said, ran) = run("/nowhere/at/all.json");
    assert_eq!((code, ran), (Some(3), false), "{said}");
    assert!(said.contains("--report /nowhere/at/all.json cannot be written"), "{said}");
    let report = fresh("earlier.json");
    std::fs::write(&report, "an earlier one").unwrap();
    let (code, said, ran) = run(path(&report));
    assert_eq!((code, ran), (Some(0), true), "{said}");
    assert!(std::fs::read_to_string(&report).unwrap().contains("verdict"));
}

#[test]
fn a_rule_that_never_fired_fails_the_run_and_the_report_says_so_in_every_form() {
    let scenario = fresh("rule.yaml");
    let yaml = "name: rule\nextends: empty\nworld:\n  rules:\n    - { name: unmet, on: shipper, then: { status: 503 } }\n";
    std::fs::write(&scenario, yaml).unwrap();
    for (extension, expected) in
        [("txt", "`unmet`"), ("json", "\"title\": \"unmet\""), ("xml", "name=\"rule: unmet\"")]
    {
        let report = fresh(&format!("report.{extension}"));
        let arguments =
            ["exec", "--scenario", path(&scenario), "--report", path(&report), "--", "true"];
        let ran = shipmock(&arguments);
        assert_eq!(ran.status.code(), Some(1), "{}", text(&ran.stderr));
        assert!(text(&ran.stderr).contains("the rule `unmet` never fired"));
        let told = std::fs::read_to_string(&report).unwrap();
        assert!(told.contains(expected), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_is_passed_on_and_the_command_decides_how_to_end() {
    use std::io::{BufRead as _, BufReader, Read as _};
    let script = "trap 'echo heard; exit 9' TERM; echo ready; while :; do sleep 0.05; done";
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipmock"));
    command.args(["exec", "--", "sh", "-c", script]).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!((child.wait().unwrap().code(), rest.as_str()), (Some(9), "heard\n"));
}

/// A little of everything, in three worlds.
fn story(simulator: &Simulator) {
    let key = "YOUR_API_KEY";
    let post = |target: &str, body: Value| {
        Request::new(Method::Post, target)
            .with("authorization", format!("Bearer {key}"))
            .carrying("application/json", body.to_string())
    };
    let one = simulator.world("one").unwrap();
    let hook = json!({"url": "https://mystore.com/hooks", "secret": "a-secret-of-production",
        "events": ["order.status_changed", "shipment.status_changed"]});
    assert_eq!(one.call(Name::Shipper, post("/api/v1/webhooks", hook)).unwrap().status, 201);
    let order = json!({"address": {"name": "Omar", "phone1": "28177188", "address1": "Rue 1", "country": "TN"},
        "items": [{"id": "YOUR_PRODUCT_UUID"}], "auto_fulfill": true, "with_confirmation": true});
    assert_eq!(one.call(Name::Shipper, post("/api/v1/orders", order)).unwrap().status, 201);
    let stranger = Request::new(Method::Get, "/api/v1/orders")
        .with("authorization", "Bearer 12|a-key-of-production");
    assert_eq!(one.call(Name::Shipper, stranger).unwrap().status, 401);
    let passed = one.clock().advance(SignedDuration::from_hours(100)).unwrap();
    assert!(!passed.fired.is_empty() && !passed.deliveries.is_empty());
    one.entities(Name::Shiplee).set("seller", "62", [("wallet", 499.99)]).unwrap();
    let fork = json!({"from": "one"});
    one.control(Method::Put, "/worlds/two", &fork).unwrap();
    let two = simulator.world("two").unwrap();
    let cancel = || post("/api/v1/orders/554/cancel", json!({}));
    two.call(Name::Shipper, cancel()).unwrap();
    let state = two.control(Method::Get, "/state", &Value::Null).unwrap();
    let three = simulator.world("three").unwrap();
    three.control(Method::Put, "/state", &state).unwrap();
    three.call(Name::Shipper, cancel()).unwrap();
    one.reset().unwrap();
    let rule = json!({"on": "shipper", "first": 1, "then": {"status": 503}});
    one.rules().install(serde_json::from_value(rule).unwrap()).unwrap();
    assert_eq!(one.call(Name::Shipper, cancel()).unwrap().status, 503);
}

/// The story, recorded.
fn recorded(name: &str) -> PathBuf {
    let file = fresh(name);
    let builder = Simulator::builder().record(&file);
    let simulator =
        builder.webhooks("https://mystore.com", "http://127.0.0.1:1").unwrap().start().unwrap();
    story(&simulator);
    file
}

#[test]
fn a_session_comes_again_to_the_byte_and_holds_no_secret() {
    let file = recorded("session.jsonl");
    let lines = std::fs::read_to_string(&file).unwrap();
    assert!(!lines.contains("of-production"), "a secret is in the file");
    assert!(lines.contains("YOUR_API_KEY"));
    let played = shipmock(&["replay", path(&file)]);
    let said = text(&played.stdout);
    assert_eq!(played.status.code(), Some(0), "{said}");
    assert!(said.starts_with("the same: 6 requests, "), "{said}");
}

#[test]
fn the_first_difference_is_named() {
    let file = recorded("changed.jsonl");
    let lines = std::fs::read_to_string(&file).unwrap();
    let changed = lines.replacen("\\\"id\\\":556", "\\\"id\\\":557", 1);
    assert_ne!(lines, changed);
    std::fs::write(&file, changed).unwrap();
    let played = shipmock(&["replay", path(&file)]);
    let said = text(&played.stdout);
    assert_eq!(played.status.code(), Some(1), "{said}");
    assert!(said.contains("world one: r2 POST shipper/api/v1/orders: the body differs"), "{said}");
    assert!(said.contains("557") && said.contains("556"), "{said}");
}

#[test]
fn a_torn_last_line_is_where_the_file_ends_and_a_torn_middle_is_no_session() {
    let file = recorded("torn.jsonl");
    let bytes = std::fs::read(&file).unwrap();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let half = lines[..6].concat();
    let torn = [&half[..], &lines[6][..20]].concat();
    std::fs::write(&file, &torn).unwrap();
    let played = shipmock(&["replay", path(&file)]);
    let said = text(&played.stdout);
    assert_eq!(played.status.code(), Some(0), "{said}");
    assert!(said.contains("ends after line 6, within the next one (20 bytes"), "{said}");
    for (wrong, expected) in [
        ([&half[..], b"{\"gone\":{\n", lines[6]].concat(), "line 7 is none of a session"),
        (b"name: x\n".to_vec(), "no recorded session"),
        (Vec::new(), "no recorded session"),
        (b"{\"session\":{\"format\":99}}\n".to_vec(), "it is of format 99"),
    ] {
        std::fs::write(&file, wrong).unwrap();
        let played = shipmock(&["replay", path(&file)]);
        let said = text(&played.stdout);
        assert_eq!(played.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn worlds_come_back_from_their_file() {
    let file = fresh("worlds.json");
    let start = || Local::with(|options| options.state = Some(file.clone()));
    let bearer = "Authorization: Bearer YOUR_API_KEY";
    let first = start();
    let cancel = "POST /w/kept/shipper/api/v1/orders/554/cancel";
    assert_eq!(first.call(cancel, &[bearer], "").status, 200);
    let journal = first.call("GET /w/kept/_shipmock/requests", &[], "").body;
    first.stop();
    let second = start();
    assert_eq!(second.call("GET /w/kept/_shipmock/requests", &[], "").body, journal);
    assert_eq!(second.call(cancel, &[bearer], "").status, 422);
    // A reset builds it again from its scenario.
    assert_eq!(second.call("POST /w/kept/_shipmock/reset", &[], "").status, 200);
    assert_eq!(second.call(cancel, &[bearer], "").status, 200);
    second.stop();
}

#[test]
fn a_file_of_another_version_is_refused_and_left_alone() {
    for (written, said) in [
        (r#"{"shipmock_state":99,"version":"9.1.0","worlds":{}}"#, "written by Shipmock 9.1.0"),
        (r#"{"shipmock_state":1,"worlds":{"default":{"format":99}}}"#, "of format 99"),
        ("notes about parcels", "no file of worlds"),
        (r#"{"shipmock_state":1,"worlds""#, "no file of worlds"),
    ] {
        let file = fresh("strange.json");
        std::fs::write(&file, written).unwrap();
        let ran = shipmock(&["serve", "--port", "0", "--state", path(&file)]);
        assert_eq!(ran.status.code(), Some(2), "{}", text(&ran.stderr));
        assert!(text(&ran.stderr).contains(said), "{}", text(&ran.stderr));
        assert!(ran.stdout.is_empty());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    }
}

#[test]
fn a_file_that_somebody_else_puts_there_meanwhile_is_not_overwritten() {
    let file = fresh("meanwhile.json");
    let running = Local::with(|options| options.state = Some(file.clone()));
    std::fs::write(&file, r#"{"shipmock_state":99}"#).unwrap();
    running.stop();
    until("the file is as it was", || {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains("99"))
    });
}
