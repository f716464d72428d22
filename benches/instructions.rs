//! Instructions a call, counted by callgrind and held against the figures of `benches/instructions.json`: a regression
//! guard that does not care how busy the machine is.
//!
//! `cargo bench --bench instructions` counts, prints and compares: a call that costs a tenth more than its figure
//! fails. `-- --write` takes today's counts as the figures of this compiler. The client is in the count, but as
//! small as one can be; SHA-256 is counted as its portable form, which valgrind makes every machine use.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod calls;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use calls::{CALLS, Measured};
use shipmock::internals::server::{Options, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

/// Calls before the count, until memory and tables are warm; and calls that are counted.
const WARM: u64 = 300;
const COUNTED: u64 = 200;
/// How much more than its figure a call may cost.
const LEEWAY: f64 = 1.10;

type Figures = BTreeMap<String, BTreeMap<String, u64>>;

fn main() -> ExitCode {
    let mut words = env::args().skip_while(|word| word != "--measured").skip(1);
    if let Some(row) = words.next().and_then(|place| CALLS.get(place.parse::<usize>().ok()?)) {
        measured(row);
        return ExitCode::SUCCESS;
    }
    let has = |program: &str| {
        let mut asked = Command::new(program);
        asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    };
    if !has("valgrind") {
        println!("skipped: instructions a call; valgrind is not installed");
        return ExitCode::SUCCESS;
    }
    let counts = counted();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.json");
    let mut figures: Figures = fs::read_to_string(&file)
        .ok()
        .map(|text| serde_json::from_str(&text).expect("figures are JSON"))
        .unwrap_or_default();
    let compiler = compiler();
    if env::args().any(|word| word == "--write") {
        figures.insert(
            compiler,
            counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
        );
        let text = serde_json::to_string_pretty(&figures).expect("figures print");
        fs::write(&file, text + "\n").expect("the figures are written");
        return ExitCode::SUCCESS;
    }
    let Some(known) = figures.get(&compiler) else {
        println!("skipped: no figures for rustc {compiler}; `-- --write` takes today's");
        return ExitCode::SUCCESS;
    };
    let mut worse = 0;
    for (name, count) in counts {
        let figure = known.get(name).copied().unwrap_or_default();
        let share = count as f64 / figure as f64;
        let verdict = if share <= LEEWAY { "" } else { "  <- more than a tenth over its figure" };
        worse += usize::from(share > LEEWAY);
        println!("{name:<20} {count:>9} instructions, {share:.2} of its figure{verdict}");
    }
    ExitCode::from(u8::from(worse > 0))
}

/// The version of the compiler that built this.
fn compiler() -> String {
    let asked =
        Command::new(env::var("RUSTC").unwrap_or("rustc".to_owned())).arg("--version").output();
    let text = String::from_utf8(asked.expect("the compiler answers").stdout).expect("text");
    text.split(' ').nth(1).expect("a version").to_owned()
}

/// Runs this program again under callgrind for each row, which counts what `counted_calls` does.
fn counted() -> Vec<(&'static str, u64)> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    fs::create_dir_all(&folder).expect("a folder for the counts");
    let file = folder.join("counts");
    let count = |(place, call): (usize, &Measured)| {
        let status = Command::new("valgrind")
            .args(["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*counted_calls*"])
            .args(["--quiet", &format!("--callgrind-out-file={}", file.display())])
            .arg(env::current_exe().expect("this program has a path"))
            .args(["--measured", &place.to_string()])
            .status()
            .expect("valgrind starts");
        assert!(status.success(), "the measured program failed");
        let text = fs::read_to_string(&file).expect("callgrind wrote its counts");
        let line = text.lines().find_map(|line| line.strip_prefix("summary: "));
        let total: u64 = line.and_then(|total| total.trim().parse().ok()).expect("a sum");
        (call.name, total / COUNTED)
    };
    CALLS.iter().enumerate().map(count).collect()
}

/// Server and client on one thread of one process: a call of the table, first warm, then counted.
fn measured(call: &Measured) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().expect("a runtime");
    let mut options = Options { port: 0, scenario: "load".to_owned(), ..Options::default() };
    // What is made up depends on the day.
    options.orders.at = Some("2026-05-14T09:00:00Z".parse().expect("an instant"));
    let running = runtime.block_on(Server::start(options)).expect("a server");
    let address = running.address;
    let token = runtime.block_on(call.token(address));
    let requests = |numbers: Range<u64>| -> Vec<Vec<u8>> {
        numbers.map(|number| call.request(address, &token, 1_000_000 + number)).collect()
    };
    let (warm, counted) = (requests(0..WARM), requests(WARM..WARM + COUNTED));
    let mut stream = runtime.block_on(TcpStream::connect(address)).expect("a connection");
    runtime.block_on(play(&mut stream, call, &warm));
    counted_calls(&runtime, &mut stream, call, &counted);
    runtime.block_on(running.stop());
}

/// What callgrind counts. Its name stands in the arguments above.
#[inline(never)]
fn counted_calls(runtime: &Runtime, stream: &mut TcpStream, call: &Measured, requests: &[Vec<u8>]) {
    runtime.block_on(play(stream, call, requests));
}

/// One call after the other; what comes back is looked at no further than needed to see that it is right.
async fn play(stream: &mut TcpStream, call: &Measured, requests: &[Vec<u8>]) {
    let mut buffer = vec![0; 256 * 1024];
    for request in requests {
        stream.write_all(request).await.expect("a request");
        let mut length = 0;
        let whole = loop {
            let some = stream.read(&mut buffer[length..]).await.expect("an answer");
            assert!(some > 0, "the server hung up");
            length += some;
            if let Some(whole) = calls::answer_length(&buffer[..length]) {
                break whole;
            }
        };
        while length < whole {
            length += stream.read(&mut buffer[length..]).await.expect("the rest of an answer");
        }
        let is_done = buffer[9] == b'2';
        assert!(is_done, "{}: {}", call.name, String::from_utf8_lossy(&buffer[..length]));
    }
}
