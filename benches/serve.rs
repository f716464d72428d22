//! What a call costs over a socket, against a bare hyper server in the same run; and what the process weighs.
//!
//! Run with `cargo bench --bench serve`. Both servers and the client share the machine and the runtime, and take
//! turns round by round, so the ratios hold while the absolute figures drift. `SHIPMOCK_BENCH_SECONDS` sets the
//! length of a round, `SHIPMOCK_BENCH_CALLS` the number of calls before the last look at the memory.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads real time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use shipmock::internals::server::{Options, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;

const ORDER: &str = r#"{"address":{"name":"Omar Ben Ali","division_1":"Tunis","phone1":"28177188","address1":"Rue de la Liberte","country":"TN"},"items":[{"quantity":1,"id":"YOUR_PRODUCT_UUID","total_price":190}],"is_cod":true,"auto_fulfill":true}"#;

fn get(host: SocketAddr) -> Vec<u8> {
    format!(
        "GET /shipper/api/v1/orders/555 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer YOUR_API_KEY\r\nAccept: application/json\r\n\r\n"
    )
    .into_bytes()
}

fn post(host: SocketAddr) -> Vec<u8> {
    format!(
        "POST /shipper/api/v1/orders HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer YOUR_API_KEY\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{ORDER}",
        ORDER.len()
    )
    .into_bytes()
}

/// Reads one answer with a `Content-Length`; returns its body.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Vec<u8> {
    buffer.clear();
    loop {
        if let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |digits| digits.trim().parse().expect("a length"));
            while buffer.len() < head + 4 + length {
                assert!(
                    stream.read_buf(buffer).await.expect("an answer") > 0,
                    "the server hung up"
                );
            }
            return buffer[head + 4..].to_vec();
        }
        assert!(stream.read_buf(buffer).await.expect("an answer") > 0, "the server hung up");
    }
}

/// Calls for so long over every connection; calls a second, and every latency.
async fn load(address: SocketAddr, request: &[u8], length: Duration) -> (f64, Vec<Duration>) {
    let end = Instant::now() + length;
    let clients = (0..CONNECTIONS).map(|_| {
        let request = request.to_vec();
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("an option");
            let mut buffer = Vec::with_capacity(4_096);
            let mut latencies = Vec::with_capacity(100_000);
            while Instant::now() < end {
                let begun = Instant::now();
                stream.write_all(&request).await.expect("a request");
                answer(&mut stream, &mut buffer).await;
                latencies.push(begun.elapsed());
            }
            latencies
        })
    });
    let clients: Vec<_> = clients.collect();
    let mut all = Vec::new();
    for client in clients {
        all.extend(client.await.expect("a client"));
    }
    (all.len() as f64 / length.as_secs_f64(), all)
}

/// The least a hyper server can do: read the body, answer with bytes of the same length.
async fn bare(body: Bytes, status: u16) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { return };
            let body = body.clone();
            tokio::spawn(async move {
                let _ = stream.set_nodelay(true);
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let body = body.clone();
                    async move {
                        request.into_body().collect().await?;
                        let mut response = hyper::Response::new(Full::new(body));
                        *response.status_mut() =
                            hyper::StatusCode::from_u16(status).expect("a status");
                        Ok::<_, hyper::Error>(response)
                    }
                });
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    address
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn percentile(latencies: &mut [Duration], hundredths: usize) -> Duration {
    latencies.sort_unstable();
    latencies[(latencies.len() - 1) * hundredths / 100]
}

fn row(what: &str, figure: String) {
    println!("{what:<58} {figure}");
}

async fn against_bare_hyper() {
    let length = seconds();
    for (what, request, status) in
        [("GET /orders/{id}", get as fn(SocketAddr) -> Vec<u8>, 200), ("POST /orders", post, 201)]
    {
        let mut rates = (Vec::new(), Vec::new(), Vec::new());
        let mut latencies = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            // A fresh world each round: a book that grows all the time is another benchmark.
            let options = Options { port: 0, scenario: "load".to_owned(), ..Options::default() };
            let running = Server::start(options).await.expect("a server");
            let address = running.address;
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            stream.write_all(&request(address)).await.expect("a request");
            let body = answer(&mut stream, &mut Vec::new()).await;
            let plain = bare(Bytes::from(body), status).await;
            let (bare_rate, bare_latencies) = load(plain, &request(plain), length).await;
            let (rate, own_latencies) = load(address, &request(address), length).await;
            rates.0.push(rate);
            rates.1.push(bare_rate);
            rates.2.push(rate / bare_rate);
            latencies.0.extend(own_latencies);
            latencies.1.extend(bare_latencies);
            running.stop().await;
        }
        row(
            &format!("{what}, share of bare hyper's requests a second"),
            format!("{:.2} ({:.0} of {:.0})", median(rates.2), median(rates.0), median(rates.1)),
        );
        for hundredths in [50, 99] {
            let own = percentile(&mut latencies.0, hundredths);
            let plain = percentile(&mut latencies.1, hundredths);
            row(
                &format!("{what}, latency at {hundredths} %, of bare hyper's"),
                format!(
                    "{:.2} ({own:.0?} of {plain:.0?})",
                    own.as_secs_f64() / plain.as_secs_f64()
                ),
            );
        }
    }
}

fn seconds() -> Duration {
    let given = std::env::var("SHIPMOCK_BENCH_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs_f64(given.unwrap_or(2.0))
}

/// A server of its own, and the address it prints.
fn spawn(scenario: &str) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shipmock"))
        .args(["serve", "--port", "0", "--scenario", scenario])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output is a pipe");
    BufReader::new(out).read_line(&mut line).expect("it prints a line");
    let address =
        line.trim().trim_start_matches("listening on http://").parse().expect("an address");
    (child, address)
}

fn first_answer(address: SocketAddr) {
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    stream.write_all(&get(address)).expect("a request");
    let mut some = [0; 64];
    assert!(stream.read(&mut some).expect("an answer") > 0 && some.starts_with(b"HTTP/1.1 200"));
}

/// Resident memory of a process in mebibytes, where the system tells.
fn resident(child: &Child) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok().map(|kibibytes: f64| kibibytes / 1_024.0)
}

fn end(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn main() {
    let starts = (0..9).map(|_| {
        let begun = Instant::now();
        let (child, address) = spawn("default");
        first_answer(address);
        let taken = begun.elapsed();
        end(child);
        taken.as_secs_f64() * 1_000.0
    });
    row("from start to first answer", format!("{:.1} ms", median(starts.collect())));

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (child, address) = spawn("load");
    first_answer(address);
    let mebibytes =
        |child| resident(child).map_or("not told here".to_owned(), |it| format!("{it:.1} MiB"));
    row("resident, idle", mebibytes(&child));
    let wanted = std::env::var("SHIPMOCK_BENCH_CALLS").ok().and_then(|text| text.parse().ok());
    let wanted: f64 = wanted.unwrap_or(1_000_000.0);
    let mut calls = 0.0;
    while calls < wanted {
        let length = Duration::from_secs(5);
        let (rate, _) = runtime.block_on(load(address, &get(address), length));
        calls += rate * length.as_secs_f64();
    }
    row(&format!("resident, after {calls:.0} calls (journal of 16 MiB full)"), mebibytes(&child));
    end(child);

    runtime.block_on(against_bare_hyper());
}
