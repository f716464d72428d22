//! The stream of a client below HTTP: what hyper is given to read, a head that it refuses by itself, and the lingering
//! read before a close.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

use crate::control::Problem;
use crate::message::Reply;
use crate::server::request_line::TolerantReader;

/// A stream that reads what old front servers let pass (`request_line`), and keeps back what hyper says of a head it cannot
/// read: a status line and nothing else. Whoever owns the connection says it in words.
#[derive(Debug)]
pub(crate) struct ClientStream<S> {
    stream: S,
    reader: TolerantReader,
    refused: Option<u16>,
}

impl<S> ClientStream<S> {
    /// Nothing was said yet.
    pub(crate) fn new(stream: S) -> Self {
        ClientStream { stream, reader: TolerantReader::default(), refused: None }
    }

    /// The stream, and the status of a head that could not be read, if there was one.
    pub(crate) fn into_parts(self) -> (S, Option<u16>) {
        (self.stream, self.refused)
    }

    /// Keeps back what hyper says by itself, and says that it was written.
    fn kept_back(&mut self, bytes: &[u8]) -> bool {
        let status = bare_refusal(bytes);
        self.refused = self.refused.or(status);
        status.is_some()
    }
}

/// The status of an answer that hyper made by itself, which is known by what it lacks: every answer to a request that
/// was read has a type, or the world's date.
fn bare_refusal(bytes: &[u8]) -> Option<u16> {
    let status: u16 = match bytes.strip_prefix(b"HTTP/1.")?.get(2..5)? {
        b"400" => 400,
        b"414" => 414,
        b"431" => 431,
        _ => return None,
    };
    let head = std::str::from_utf8(bytes).ok()?;
    let usual = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        name.eq_ignore_ascii_case("connection") || name.eq_ignore_ascii_case("content-length")
    };
    let fields = head.strip_suffix("\r\n\r\n")?.split("\r\n").skip(1);
    fields.into_iter().all(usual).then_some(status)
}

/// What is said of a head that could not be read.
pub(crate) fn unreadable_head(status: u16, most: usize) -> Reply {
    let (title, detail) = match status {
        414 => ("Target too long", format!("the request target is longer than {most} bytes")),
        431 => (
            "Header too large",
            format!("the header fields are more than a hundred, or longer than {most} bytes together"),
        ),
        _ => (
            "Not HTTP",
            "the request line or a header field is none of HTTP/1.1; what stands in a path or a query and is no letter, \
             digit or one of -._~!$&'()*+,;=:@/? must be percent-encoded"
                .to_owned(),
        ),
    };
    Problem::new(status, title, detail).reply()
}

impl<S: AsyncRead + Unpin> AsyncRead for ClientStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.reader.poll_read(&mut this.stream, cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ClientStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.kept_back(buf) {
            return Poll::Ready(Ok(buf.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = bufs
            && self.kept_back(only)
        {
            return Poll::Ready(Ok(only.len()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// How long a client may go on sending what nobody wants, and how long it may say nothing; nginx's usual times.
const LINGERING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(5));

/// Reads and drops what still comes behind an answer that has left: closed at once, the connection would be reset by
/// what lies unread, and the answer lost with it (RFC 9112 9.6).
pub(crate) async fn linger(stream: &mut (impl AsyncRead + Unpin)) {
    let (whole, pause) = LINGERING;
    let mut dropped = vec![0; 16 * 1024];
    let read = async {
        while let Ok(Ok(1..)) = tokio::time::timeout(pause, stream.read(&mut dropped)).await {}
    };
    let _ = tokio::time::timeout(whole, read).await;
}

#[cfg(test)]
mod tests {
    use super::bare_refusal;

    #[test]
    #[rustfmt::skip]
    fn only_what_hyper_says_by_itself_is_kept_back() {
        for (answer, kept) in [
            ("HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", Some(431)),
            ("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",                   Some(400)),
            ("HTTP/1.0 414 URI Too Long\r\nContent-Length: 0\r\n\r\n",                                       Some(414)),
            ("HTTP/1.1 400 Bad Request\r\nDate: Thu, 14 May 2026 09:00:00 GMT\r\nContent-Length: 0\r\n\r\n", None),
            ("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",    None),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",                                                 None),
            ("HTTP/1.1 100 Continue\r\n\r\n",                                                                None),
            ("{\"body\":1}",                                                                                 None),
        ] {
            assert_eq!(bare_refusal(answer.as_bytes()), kept, "{answer}");
        }
    }
}
