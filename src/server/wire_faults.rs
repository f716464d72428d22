//! Wire faults, answers that a rule spoils: written below HTTP, on the socket itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::StatusCode;
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::message::{Dribble, Fault, Reply, Wire};

/// What a request leaves for its connection: an answer that cannot be sent in good order, or that it be cut.
#[derive(Debug, Default)]
pub(crate) struct Spoiled {
    reply: Mutex<Option<Reply>>,
    cut: Notify,
    /// A body was answered before it was read to its end.
    unread: AtomicBool,
}

impl Spoiled {
    /// Leaves an answer behind.
    pub(crate) fn leave(&self, reply: Reply) {
        *self.reply.lock() = Some(reply);
    }

    /// Says that a body was answered before it was read to its end.
    pub(crate) fn leave_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Whether one was.
    pub(crate) fn is_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    /// Takes it.
    pub(crate) fn take(&self) -> Option<Reply> {
        self.reply.lock().take()
    }

    /// Ends the connection, whatever it is doing.
    pub(crate) fn cut(&self) {
        self.cut.notify_one();
    }

    /// Waits until it shall be cut.
    pub(crate) async fn is_cut(&self) {
        self.cut.notified().await;
    }
}

/// Whether an answer has to be written by hand.
pub(crate) fn needs_hand(wire: &Wire) -> bool {
    wire.fault.is_some() || wire.dribble.is_some()
}

/// A hung connection is let go after this long, whoever has not given up by then.
const PATIENCE: Duration = Duration::from_secs(600);

/// What no HTTP client can read.
const GARBAGE: &[u8] = b"\x00\xff\x16\x03SHIP\x7f\r\n\xde\xad\xbe\xef no http here \r\n\r\n";

/// Writes an answer the way its rule says, and ends the connection.
pub(crate) async fn write(mut stream: TcpStream, reply: Reply) {
    let wire = reply.wire.as_deref().copied().unwrap_or_default();
    let body = &reply.body[..];
    let half = body.len() / 2;
    // A client that has gone meanwhile is no news.
    let _ = match (wire.fault, wire.dribble) {
        (None, None) => stream.write_all(&[&head(&reply, length(body.len())), body].concat()).await,
        (None, Some(dribble)) => trickle(&mut stream, &reply, dribble).await,
        (Some(Fault::Reset), _) => return reset(stream),
        (Some(Fault::ResetAfterHeaders), _) => {
            let written = stream.write_all(&head(&reply, length(body.len()))).await;
            let _ = stream.flush().await;
            if written.is_ok() {
                // The headers must have left before the reset overtakes them.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            return reset(stream);
        }
        (Some(Fault::Empty), _) => Ok(()),
        (Some(Fault::Truncate), _) => {
            stream.write_all(&[&head(&reply, length(body.len())), &body[..half]].concat()).await
        }
        (Some(Fault::WrongLength), _) => {
            stream.write_all(&[&head(&reply, length(body.len() + 16)), body].concat()).await
        }
        (Some(Fault::MalformedChunk), _) => {
            let chunked = head(&reply, "Transfer-Encoding: chunked".to_owned());
            let first = [format!("{half:x}\r\n").as_bytes(), &body[..half], b"\r\n"].concat();
            stream.write_all(&[&chunked, &first, &b"no-size\r\n"[..], &body[half..]].concat()).await
        }
        (Some(Fault::Garbage), _) => stream.write_all(GARBAGE).await,
        (Some(Fault::Hang), _) => {
            let gone =
                async { while stream.read(&mut [0; 1_024]).await.is_ok_and(|read| read > 0) {} };
            let _ = tokio::time::timeout(PATIENCE, gone).await;
            Ok(())
        }
    };
    let _ = stream.shutdown().await;
}

/// Writes an answer in good order, as the last of its connection. A client that has gone meanwhile is no news.
pub(crate) async fn say(stream: &mut TcpStream, reply: &Reply) {
    let body = &reply.body[..];
    let _ = stream.write_all(&[&head(reply, length(body.len())), body].concat()).await;
}

fn length(bytes: usize) -> String {
    format!("Content-Length: {bytes}")
}

/// The status line and the header fields, with how the body is measured.
fn head(reply: &Reply, measure: String) -> Vec<u8> {
    let reason =
        StatusCode::from_u16(reply.status).ok().and_then(|status| status.canonical_reason());
    let mut head = format!("HTTP/1.1 {} {}\r\n", reply.status, reason.unwrap_or("Unknown"));
    for (name, value) in reply.headers.iter() {
        let clean =
            |text: &str| text.chars().filter(|letter| !letter.is_control()).collect::<String>();
        head.push_str(&format!("{}: {}\r\n", clean(name), clean(value)));
    }
    head.push_str(&format!("Connection: close\r\n{measure}\r\n\r\n"));
    head.into_bytes()
}

async fn trickle(stream: &mut TcpStream, reply: &Reply, dribble: Dribble) -> std::io::Result<()> {
    stream.write_all(&head(reply, length(reply.body.len()))).await?;
    let pause = Duration::try_from(dribble.every).unwrap_or_default();
    for piece in reply.body.chunks(dribble.bytes.max(1)) {
        stream.write_all(piece).await?;
        stream.flush().await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

/// Closes so that the other side sees a reset, not an end.
fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}
