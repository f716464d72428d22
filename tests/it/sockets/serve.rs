//! The program itself: what it prints, how it ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use super::wire::{Wire, until};

fn shipmock(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipmock"));
    command.args(arguments).env_remove("SHIPMOCK_CONTROL_TOKEN").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn output(arguments: &[&str]) -> Output {
    shipmock(arguments).output().unwrap()
}

/// A process that is ended with its test.
struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Serving {
        let mut child = shipmock(&[&["serve", "--port", "0"], arguments].concat()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
        Serving { child, out, address }
    }

    fn wire(&self) -> Wire {
        Wire::to(self.address.parse().unwrap())
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn fresh_file(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("shipmock-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

#[test]
fn it_says_where_it_is_and_gives_a_call_that_works() {
    let mut serving = Serving::start(&[]);
    serving.signal("-TERM");
    let mut rest = String::new();
    serving.out.read_to_string(&mut rest).unwrap();
    let blocks: Vec<&str> = rest.trim().split("\n\n").collect();
    let [table, presets, curl] = blocks[..] else { panic!("{rest}") };
    assert!(table.starts_with("Shipper ") && table.lines().all(|line| line.len() <= 100), "{rest}");
    assert!(presets.ends_with("/_shipmock/presets"), "{rest}");
    assert!(table.contains(&format!("http://{}/shipper/api/v1", serving.address)), "{rest}");
    assert!(curl.starts_with("curl ") && curl.lines().count() == 1, "{rest}");
    assert!(serving.child.wait().unwrap().success());
}

#[test]
fn the_ready_file_has_the_base_url_once_requests_are_answered() {
    let file = fresh_file("ready");
    std::fs::write(&file, "http://old").unwrap();
    let serving = Serving::start(&["--ready-file", file.to_str().unwrap()]);
    let expected = format!("http://{}", serving.address);
    until("the ready file is written", || {
        let text = std::fs::read_to_string(&file);
        assert_ne!(text.as_deref().unwrap_or_default(), "http://old");
        text.is_ok_and(|text| text == expected)
    });
    assert_eq!(serving.wire().call("GET /_shipmock/health", &[], "").status, 200);
}

#[test]
fn the_signals_end_it_well_even_with_an_idle_connection() {
    for name in ["-TERM", "-INT", "-HUP"] {
        let mut serving = Serving::start(&[]);
        let mut wire = serving.wire();
        assert_eq!(wire.call("GET /_shipmock/health", &[], "").status, 200);
        serving.signal(name);
        assert_eq!(serving.child.wait().unwrap().code(), Some(0), "{name}");
        assert!(wire.is_closed());
    }
}

#[test]
fn a_second_signal_does_not_wait_for_a_request_under_way() {
    let mut serving = Serving::start(&[]);
    let mut wire = serving.wire();
    let head = "POST /shipper/api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n";
    wire.send(format!("{head}Expect: 100-continue\r\n\r\n"));
    assert_eq!(wire.read(false).status, 100, "the body is waited for");
    serving.signal("-TERM");
    until("a closed port", || std::net::TcpStream::connect(&serving.address).is_err());
    assert!(serving.child.try_wait().unwrap().is_none(), "it did not wait for the request");
    serving.signal("-TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_taken_port_is_exit_code_3_and_a_sentence_with_the_port() {
    let serving = Serving::start(&[]);
    let port = serving.address.rsplit_once(':').unwrap().1;
    let second = output(&["serve", "--port", port]);
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(3));
    assert!(said.contains(port) && said.contains("--port"), "{said}");
    assert!(second.stdout.is_empty());
}

#[test]
fn wrong_flags_and_files_are_exit_code_2_and_a_sentence() {
    let empty = fresh_file("empty");
    std::fs::create_dir_all(&empty).unwrap();
    let broken = fresh_file("broken.yaml");
    std::fs::write(&broken, "name: x\nworld:\n  sed: 7\n").unwrap();
    for (arguments, words) in [
        (&["serve", "--clock", "frozn"][..], "did you mean `frozen`"),
        (&["serve", "--prot", "1"], "--port"),
        (&["serve", "--scenario", "/nowhere/at-all.yaml"], "at-all.yaml"),
        (&["serve", "--scenario", broken.to_str().unwrap()], "sed"),
        (&["serve", "--port", "0", "--clock", "frozen", "--speed", "10"], "--clock scaled"),
        (
            &[
                "serve",
                "--port",
                "0",
                "--at",
                "2026-05-14T09:00:00Z",
                "--clock",
                "real",
                "--speed",
                "2",
            ],
            "--speed",
        ),
        (&["serve", "--port", "0", "--watch"], "--watch looks at a scenario's file"),
        (&["serve", "--scenario", "nope"], "shipmock scenarios"),
        (&["serve", "--scenario", "shipper/percent10"], "did you mean `shipper/percent-10-date`"),
        (&["scenarios", "shipper/percent10"], "did you mean `shipper/percent-10-date`"),
        (
            &["test", "scenarios", "--filter", "nosuch"],
            "nothing to play: there is no scenario with `nosuch`",
        ),
        (&["test", empty.to_str().unwrap()], "nothing to play"),
        (&["check", empty.to_str().unwrap()], "nothing to check"),
        (&["routes", "shiper"], "did you mean `shipper`"),
        (&["sevre"], "serve"),
    ] {
        let output = output(arguments);
        // What a command finds wrong with files is its output.
        let said = [output.stderr, output.stdout].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn files_that_cannot_be_written_are_told_before_it_listens() {
    for flag in ["--state", "--record"] {
        let output = output(&["serve", "--port", "0", flag, "/nowhere/at/all.json"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{flag}: {said}");
        assert!(said.contains(&format!("{flag} /nowhere/at/all.json cannot be written")), "{said}");
        assert!(output.stdout.is_empty(), "{flag}");
    }
    // What is tried leaves nothing behind.
    let file = fresh_file("tried.json");
    let mut serving = Serving::start(&["--state", file.to_str().unwrap()]);
    let beside = format!("tried.json.{}", serving.child.id());
    assert!(!file.exists() && !file.with_file_name(beside).exists());
    serving.signal("-TERM");
    assert!(serving.child.wait().unwrap().success());
    assert!(file.exists());
}

#[test]
fn a_hangup_writes_the_worlds_and_one_that_is_ignored_does_nothing() {
    let file = fresh_file("hangup.json");
    let mut serving = Serving::start(&["--state", file.to_str().unwrap()]);
    assert_eq!(serving.wire().call("GET /w/kept/_shipmock/clock", &[], "").status, 200);
    serving.signal("-HUP");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    assert!(std::fs::read_to_string(&file).unwrap().contains("\"kept\""));
    let beside = file.with_file_name("hangup.json.lock");
    assert!(!beside.exists(), "the lock is left behind");
    if cfg!(target_os = "linux") {
        let program = env!("CARGO_BIN_EXE_shipmock");
        let line = format!("trap '' HUP; exec {program} serve --port 0");
        let mut child =
            Command::new("sh").args(["-c", &line]).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        let mut serving = Serving { child, out, address: String::new() };
        serving.signal("-HUP");
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(serving.child.try_wait().unwrap().is_none(), "it ended though it was told not to");
    }
}

#[test]
fn files_of_another_server_or_session_are_left_alone() {
    let (state, record) = (fresh_file("shared.json"), fresh_file("shared.jsonl"));
    let (state, record) = (state.to_str().unwrap(), record.to_str().unwrap());
    let mut first = Serving::start(&["--state", state, "--record", record]);
    let begun = std::fs::read_to_string(record).unwrap();
    assert!(begun.starts_with("{\"session\""), "{begun}");
    for (arguments, code, words) in [
        (&["--state", state][..], 3, "is kept by another server"),
        (&["--record", record], 3, "is being written by another server"),
        (&["--record", record, "--force"], 3, "is being written by another server"),
        (&["--force"], 2, "--record"),
    ] {
        let output = output(&[&["serve", "--port", "0"], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    first.signal("-TERM");
    assert!(first.child.wait().unwrap().success());
    // Nobody writes them any more: worlds go on, a session stays as it is unless it is given up.
    let refused = output(&["serve", "--port", "0", "--record", record]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("--force"), "{said}");
    assert!(std::fs::read_to_string(record).unwrap().starts_with(&begun));
    let again = Serving::start(&["--state", state, "--record", record, "--force"]);
    assert_eq!(again.wire().call("GET /_shipmock/health", &[], "").status, 200);
}

#[test]
fn the_command_line_does_not_win_over_saved_worlds_in_silence() {
    let file = fresh_file("wins.json");
    let state = file.to_str().unwrap();
    for (arguments, told) in [
        (&["--clock", "real"][..], None),
        (&[], None),
        (&["--clock", "frozen", "--seed", "4"], Some("heed --seed, --clock")),
    ] {
        let mut serving = Serving::start(&[&["--state", state], arguments].concat());
        let mode = serving.wire().call("GET /_shipmock/clock", &[], "").json()["mode"].clone();
        assert_eq!(mode, "real");
        serving.signal("-TERM");
        let mut said = String::new();
        serving.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        match told {
            None => assert_eq!(said, "", "{arguments:?}"),
            Some(words) => assert!(said.contains(words) && said.contains(state), "{said}"),
        }
    }
}

#[test]
fn what_was_answered_before_a_kill_is_in_the_recorded_session() {
    let file = fresh_file("killed.jsonl");
    let mut serving = Serving::start(&["--clock", "frozen", "--record", file.to_str().unwrap()]);
    let address = serving.address.clone();
    let calls = |world: usize| {
        let address = address.clone();
        std::thread::spawn(move || {
            let head = format!("GET /w/world{world}/shipper/api/v1/orders/554 HTTP/1.1");
            let numbers = std::iter::from_fn(|| {
                let mut stream = std::net::TcpStream::connect(&address).ok()?;
                write!(stream, "{head}\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
                let mut answer = Vec::new();
                // What came before the end has come.
                let _ = stream.read_to_end(&mut answer);
                let answer = String::from_utf8_lossy(&answer).to_ascii_lowercase();
                let (_, rest) = answer.split_once("x-shipmock-request: ")?;
                Some(rest.split_once("\r\n")?.0.to_owned())
            });
            numbers.collect::<Vec<String>>()
        })
    };
    let clients: Vec<_> = (0..4).map(calls).collect();
    std::thread::sleep(std::time::Duration::from_millis(300));
    serving.signal("-KILL");
    serving.child.wait().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let lines: Vec<serde_json::Value> =
        whole.map(|line| serde_json::from_str(line).unwrap()).collect();
    for (world, client) in clients.into_iter().enumerate() {
        let answered = client.join().unwrap();
        assert!(!answered.is_empty());
        let label = format!("world{world}");
        let written = lines.iter().map(|line| &line["answered"]);
        let written: Vec<String> = written
            .filter(|line| line["world"] == label.as_str())
            .map(|line| format!("r{}", line["entry"]["number"]))
            .collect();
        assert_eq!(written[..answered.len()], answered, "{label}");
        assert!(written.len() <= answered.len() + 1, "{label}: let in before it was answered");
    }
    let played = output(&["replay", file.to_str().unwrap()]);
    assert_eq!(played.status.code(), Some(0), "{}", String::from_utf8_lossy(&played.stdout));
}

#[test]
fn listings_print_and_a_reader_that_goes_away_is_no_panic() {
    let routes = String::from_utf8(output(&["routes"]).stdout).unwrap();
    assert!(routes.contains("/shipper/api/v1/orders/{id}/cancel"), "{routes}");
    let json: serde_json::Value =
        serde_json::from_slice(&output(&["routes", "shipper", "--json"]).stdout).unwrap();
    assert_eq!(json[0]["provider"], "shipper");
    assert!(output(&["machines", "shipper"]).stdout.starts_with(b"## shipper "));
    let mut child = shipmock(&["machines"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(said, "");
}
