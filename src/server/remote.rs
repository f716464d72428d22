//! A remote server, called over HTTP one call after the other: `test --against` holds its answers against ours.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONNECTION, HOST, HeaderName, HeaderValue};
use hyper::{Method, Request as Sent};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use tokio::runtime::Runtime;

use crate::message::{Body, Reply, Request};
use crate::providers::Name;
use crate::scenario;
use crate::server::tls::Trust;
use crate::server::webhook_sender::{HttpAnswer, connect, exchange};
use crate::sim::webhook::egress::Url;

/// How long an answer may take.
const TIME: Duration = Duration::from_secs(30);
/// The longest answer that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// Other servers, by the provider they play.
#[derive(Debug)]
pub struct RemoteServer {
    runtime: Runtime,
    trust: Trust,
    places: BTreeMap<Name, Url>,
    credentials: BTreeMap<(Name, String), String>,
    /// The last date that was seen of each.
    dates: BTreeMap<Name, Timestamp>,
}

impl RemoteServer {
    /// Servers by provider, each address the one before the provider's own paths; and what the credentials of the
    /// presets are called there, where they are others.
    ///
    /// # Errors
    /// A sentence when no sockets can be had.
    pub fn new(
        places: BTreeMap<Name, Url>,
        credentials: BTreeMap<(Name, String), String>,
    ) -> Result<RemoteServer, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no sockets can be had: {error}"))?;
        let dates = BTreeMap::new();
        Ok(RemoteServer { runtime, trust: Trust::default(), places, credentials, dates })
    }
}

impl scenario::OtherServer for RemoteServer {
    fn plays(&self, provider: Name) -> bool {
        self.places.contains_key(&provider)
    }

    fn credential(&self, provider: Name, name: &str) -> Option<&str> {
        self.credentials.get(&(provider, name.to_owned())).map(String::as_str)
    }

    fn now(&mut self, provider: Name) -> Option<Timestamp> {
        if !self.dates.contains_key(&provider) {
            // Any answer has a date.
            let _ = self.call(provider, &Request::new(crate::message::Method::Get, "/"));
        }
        self.dates.get(&provider).copied()
    }

    fn call(&mut self, provider: Name, request: &Request) -> Result<Reply, String> {
        let address = self.places.get(&provider).ok_or("nobody plays it there")?;
        let sent = sent(address, request)?;
        let exchange = async {
            let stream = connect(address).await?;
            if address.secure {
                let stream = self.trust.wrap(address, stream).await?;
                exchange(stream, sent, address, LONGEST).await
            } else {
                exchange(stream, sent, address, LONGEST).await
            }
        };
        let answer =
            self.runtime.block_on(async { tokio::time::timeout(TIME, exchange).await }).map_err(
                |_| format!("none from {} within {} s", address.authority(), TIME.as_secs()),
            )?;
        let reply = read(answer?);
        let date = reply.headers.get("date").and_then(|date| rfc2822::parse(date).ok());
        if let Some(date) = date {
            self.dates.insert(provider, date.timestamp());
        }
        Ok(reply)
    }
}

/// A request as it goes out, its path behind the address's own.
fn sent(address: &Url, request: &Request) -> Result<Sent<Full<Bytes>>, String> {
    let query =
        if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let target = format!("{}{}{query}", address.target.trim_end_matches('/'), request.path);
    let mut sent = Sent::new(Full::new(request.body.0.clone()));
    let method = request.verb().as_bytes();
    *sent.method_mut() = Method::from_bytes(method).map_err(|error| error.to_string())?;
    *sent.uri_mut() = target.parse().map_err(|_| format!("`{target}` cannot be asked for"))?;
    let value = |name: &str, text: &str| {
        HeaderValue::from_str(text).map_err(|_| format!("the header `{name}` cannot be sent"))
    };
    sent.headers_mut().insert(HOST, value("host", &address.authority())?);
    for (name, text) in request.headers.iter() {
        let known = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not the name of a header"))?;
        sent.headers_mut().append(known, value(name, text)?);
    }
    sent.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(sent)
}

fn read(answer: HttpAnswer) -> Reply {
    let mut reply = Reply::empty(answer.head.status.as_u16());
    for (name, value) in &answer.head.headers {
        reply
            .headers
            .add(name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    reply.body = Body(answer.body);
    reply
}
