//! The webhook sender: makes an HTTP request of each attempt, to where the core says and nowhere else.
//!
//! A connection of its own for each, and none kept. The providers send from queue workers, which do the same; and a
//! receiver that a test restarts between two webhooks must not find the second on a connection that died with it,
//! which the ledger would show as an attempt that the receiver never saw.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONNECTION, HOST, HeaderName, HeaderValue};
use hyper::http::response::Parts;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::server::tls::Trust;
use crate::server::turn::Flights;
use crate::sim::webhook::egress::Url;
use crate::sim::webhook::outbox::{Outcome, OutgoingAttempt};

/// How much of a receiver's answer is read; what it says beyond its status is not looked at.
const ANSWER: usize = 64 * 1024;
/// Attempts in flight at once, of all worlds: each is a socket, and file descriptors are the server's to answer with.
const AT_ONCE: usize = 256;

const CUT: &str = "the connection was closed before the answer was complete";

/// Sends webhooks to their receivers.
#[derive(Debug)]
pub struct WebhookSender {
    trust: Trust,
    places: Arc<Semaphore>,
}

impl Default for WebhookSender {
    fn default() -> Self {
        WebhookSender { trust: Trust::default(), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl WebhookSender {
    /// Sends all of them and returns what became of each, in the same order.
    ///
    /// One receiver gets its webhooks one after the other, so that it sees events in the order in which they happened
    /// unless a webhook rule wants it otherwise. Several receivers get theirs at the same time, so that one which lets
    /// every attempt run into its timeout does not keep back the others.
    pub(crate) async fn deliver(
        self: &Arc<Self>,
        attempts: Vec<OutgoingAttempt>,
        flights: &Arc<Flights>,
    ) -> Vec<(u64, Outcome)> {
        let order: Vec<u64> = attempts.iter().map(|attempt| attempt.delivery).collect();
        let mut queues: BTreeMap<(String, u16), Vec<OutgoingAttempt>> = BTreeMap::new();
        for attempt in attempts {
            let receiver = (attempt.address.host.clone(), attempt.address.port);
            queues.entry(receiver).or_default().push(attempt);
        }
        let mut tasks = JoinSet::new();
        for queue in queues.into_values() {
            let (sender, flights) = (self.clone(), flights.clone());
            tasks.spawn(async move {
                let mut outcomes = Vec::with_capacity(queue.len());
                for attempt in queue {
                    flights.begin();
                    outcomes.push((attempt.delivery, sender.send(&attempt).await));
                    flights.end();
                }
                outcomes
            });
        }
        let mut outcomes: BTreeMap<u64, Outcome> = BTreeMap::new();
        while let Some(finished) = tasks.join_next().await {
            outcomes.extend(finished.unwrap_or_default());
        }
        let lost = || Outcome::Failed("sending it was broken off".to_owned());
        let reported = |delivery| (delivery, outcomes.remove(&delivery).unwrap_or_else(lost));
        order.into_iter().map(reported).collect()
    }

    /// Sends one webhook, within its time.
    pub async fn send(&self, attempt: &OutgoingAttempt) -> Outcome {
        let _place = self.places.acquire().await;
        let timeout = Duration::try_from(attempt.timeout).unwrap_or_default();
        match tokio::time::timeout(timeout, self.exchange(attempt)).await {
            Ok(Ok(status)) => Outcome::Answered(status),
            Ok(Err(sentence)) => Outcome::Failed(sentence),
            Err(_) => Outcome::Failed(format!(
                "no complete answer from {} within {} s",
                attempt.address.authority(),
                timeout.as_secs_f64()
            )),
        }
    }

    async fn exchange(&self, attempt: &OutgoingAttempt) -> Result<u16, String> {
        let request = to_request(attempt)?;
        let stream = connect(&attempt.address).await?;
        let answer = if attempt.address.secure {
            let stream = self.trust.wrap(&attempt.address, stream).await?;
            exchange(stream, request, &attempt.address, ANSWER).await?
        } else {
            exchange(stream, request, &attempt.address, ANSWER).await?
        };
        Ok(answer.head.status.as_u16())
    }
}

/// The request as it goes out.
fn to_request(attempt: &OutgoingAttempt) -> Result<Request<Full<Bytes>>, String> {
    let value = |name: &str, text: &str| {
        HeaderValue::from_str(text)
            .map_err(|_| format!("the header `{name}` holds a value that cannot be sent"))
    };
    let mut request = Request::new(Full::new(attempt.body.0.clone()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = attempt
        .address
        .target
        .parse()
        .map_err(|_| format!("`{}` cannot be asked for", attempt.address.target))?;
    request.headers_mut().insert(HOST, value("Host", &attempt.host)?);
    for (name, text) in attempt.headers.iter() {
        let known = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not the name of a header"))?;
        request.headers_mut().append(known, value(name, text)?);
    }
    // A header of the webhook's own goes before what its address says.
    if let Some(basic) = attempt.address.basic()
        && !request.headers().contains_key(AUTHORIZATION)
    {
        request.headers_mut().insert(AUTHORIZATION, value("Authorization", &basic)?);
    }
    request.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(request)
}

/// A connection to an address.
///
/// # Errors
/// A sentence saying why there is none.
pub(crate) async fn connect(address: &Url) -> Result<TcpStream, String> {
    let (host, port) = (address.host.as_str(), address.port);
    let candidates: Vec<SocketAddr> = match host.parse() {
        Ok(ip) => vec![SocketAddr::new(ip, port)],
        // Names of this machine are never asked for elsewhere.
        Err(_) if address.is_loopback() => {
            vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
        }
        Err(_) => tokio::net::lookup_host((host, port))
            .await
            .map_err(|error| format!("the name {host} was not found: {error}"))?
            .collect(),
    };
    let mut failure = format!("the name {host} has no address");
    for candidate in candidates {
        match TcpStream::connect(candidate).await {
            Ok(stream) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                failure = format!("connection refused: nothing listens at {}", address.authority());
            }
            Err(error) => {
                failure = format!("no connection to {}: {error}", address.authority());
            }
        }
    }
    Err(failure)
}

/// What came back.
#[derive(Debug)]
pub(crate) struct HttpAnswer {
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
}

/// Sends a request over a connection and reads the answer, so much of its body and no more.
///
/// # Errors
/// A sentence saying where it broke.
pub(crate) async fn exchange<S>(
    stream: S,
    request: Request<Full<Bytes>>,
    address: &Url,
    most: usize,
) -> Result<HttpAnswer, String>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let broken = |error: hyper::Error| {
        let sentence = match (error.is_parse(), error.is_incomplete_message()) {
            (true, _) => "what came back is not HTTP".to_owned(),
            (_, true) => CUT.to_owned(),
            _ => format!("the connection broke: {error}"),
        };
        format!("{}: {sentence}", address.authority())
    };
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    // Dropped, and the connection with it, when this call ends or runs out of time.
    let mut tasks = JoinSet::new();
    tasks.spawn(connection);
    let response = sender.send_request(request).await.map_err(broken)?;
    let (head, body) = response.into_parts();
    match drain(body, most).await {
        Ok(body) => Ok(HttpAnswer { head, body }),
        Err(_) => Err(format!("{}: {CUT}", address.authority())),
    }
}

/// Reads an answer's body, so that its sender is not cut off; only so much of it.
async fn drain(mut body: Incoming, most: usize) -> Result<Bytes, hyper::Error> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if read.len().saturating_add(data.len()) > most {
            break;
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}
