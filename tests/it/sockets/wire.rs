//! A client that writes the bytes it is given and reads an answer, for everything a real client would not send.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use shipmock::internals::server::{Limits, Options, Running, Server};

/// Nothing in these tests takes this long unless it is broken.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

/// A connection.
#[derive(Debug)]
pub struct Wire(BufReader<TcpStream>);

impl Wire {
    pub fn to(address: SocketAddr) -> Wire {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Wire(BufReader::new(stream))
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Wire {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
        self
    }

    /// A request with `Host`, and a body with its length when there is one.
    pub fn call(&mut self, line: &str, headers: &[&str], body: &str) -> Answer {
        let mut text = format!("{line} HTTP/1.1\r\n");
        if !headers.iter().any(|header| header.to_ascii_lowercase().starts_with("host:")) {
            text.push_str(&format!("Host: {}\r\n", self.0.get_ref().peer_addr().unwrap()));
        }
        for header in headers {
            text.push_str(&format!("{header}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.send(format!("{text}\r\n{body}"));
        self.read(!line.starts_with("HEAD "))
    }

    /// Reads one answer; `None` when the connection ended instead.
    pub fn try_read(&mut self, with_body: bool) -> Option<Answer> {
        let mut line = String::new();
        if self.0.read_line(&mut line).unwrap_or(0) == 0 {
            return None;
        }
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
                None if line.trim_end().is_empty() => break,
                None => headers.push((line.trim_end().to_owned(), String::new())),
            }
        }
        let mut answer = Answer { status, headers, body: String::new() };
        let length = answer.header("content-length").map_or(0, |text| text.parse().unwrap());
        if with_body {
            let mut body = vec![0; length];
            self.0.read_exact(&mut body).unwrap();
            answer.body = String::from_utf8(body).unwrap();
        }
        Some(answer)
    }

    pub fn read(&mut self, with_body: bool) -> Answer {
        self.try_read(with_body).expect("the connection ended without an answer")
    }

    /// Everything up to the end, as the bytes that it is.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// Whether the other side closes, without saying anything more.
    pub fn is_closed(&mut self) -> bool {
        matches!(self.0.read(&mut [0; 64]), Ok(0) | Err(_))
    }
}

/// A server in this process, on a free port, with a runtime of its own.
#[derive(Debug)]
pub struct Local {
    runtime: tokio::runtime::Runtime,
    running: Option<Running>,
    pub address: SocketAddr,
}

impl Local {
    pub fn with(change: impl FnOnce(&mut Options)) -> Local {
        let mut options = Options { port: 0, ..Options::default() };
        options.orders.at = Some("2026-05-14T09:00:00Z".parse().unwrap());
        change(&mut options);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let running = runtime.block_on(Server::start(options)).unwrap();
        let address = running.address;
        Local { runtime, running: Some(running), address }
    }

    pub fn start() -> Local {
        Local::with(|_| {})
    }

    pub fn limited(change: impl FnOnce(&mut Limits)) -> Local {
        Local::with(|options| change(&mut options.limits))
    }

    pub fn wire(&self) -> Wire {
        Wire::to(self.address)
    }

    /// One call on a connection of its own.
    pub fn call(&self, line: &str, headers: &[&str], body: &str) -> Answer {
        self.wire().call(line, headers, body)
    }

    pub fn stop(mut self) {
        let running = self.running.take().unwrap();
        self.runtime.block_on(running.stop());
    }
}

/// Waits until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
