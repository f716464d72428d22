//! Request line: what old front servers let pass in a target and hyper does not, percent-encoded before hyper sees it.
//!
//! The documentation of one provider sends raw blanks itself, and its recorded front server, nginx 1.14, takes them, as
//! it takes `<`, `>` and `"`: a target is what stands between the first blank of the line and the last before `HTTP/`.
//! To find the line of each request on a connection, the reader follows where heads and bodies end, and changes
//! nothing else. What it does not understand it passes on as it is, from there on for good: hyper refuses it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, ReadBuf};

/// A request line that is longer is hyper's affair.
const LONGEST_LINE: usize = 64 * 1024;
/// As much of another line is looked at: names and lengths are short.
const LOOKED_AT: usize = 128;
/// What is read at once.
const CHUNK: usize = 8 * 1024;

/// What a client sends, with request lines that hyper can read.
#[derive(Debug, Default)]
pub(crate) struct TolerantReader {
    requests: Requests,
    /// What was read and is still to be handed on.
    ready: BytesMut,
}

impl TolerantReader {
    /// Reads on from the stream itself, which is always the same.
    pub(crate) fn poll_read<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if !self.ready.is_empty() {
                let length = self.ready.len().min(buf.remaining());
                buf.put_slice(&self.ready[..length]);
                self.ready.advance(length);
                return Poll::Ready(Ok(()));
            }
            // Bodies, most of what is read, are not copied.
            if let Some(most) = self.requests.plain() {
                let before = buf.filled().len();
                match usize::try_from(most).ok().filter(|most| *most < buf.remaining()) {
                    None => ready!(Pin::new(&mut *stream).poll_read(cx, buf))?,
                    Some(most) => {
                        let mut part = ReadBuf::new(buf.initialize_unfilled_to(most));
                        ready!(Pin::new(&mut *stream).poll_read(cx, &mut part))?;
                        let length = part.filled().len();
                        buf.advance(length);
                    }
                }
                self.requests.passed((buf.filled().len() - before) as u64);
                return Poll::Ready(Ok(()));
            }
            if self.requests.is_at_the_beginning() {
                let before = buf.filled().len();
                ready!(Pin::new(&mut *stream).poll_read(cx, buf))?;
                let came = &buf.filled()[before..];
                if came.is_empty() || self.requests.whole(came) {
                    return Poll::Ready(Ok(()));
                }
                let came = came.to_vec();
                buf.set_filled(before);
                self.requests.feed(&came, &mut self.ready);
                continue;
            }
            let mut chunk = [0_u8; CHUNK];
            let mut part = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut *stream).poll_read(cx, &mut part))?;
            if part.filled().is_empty() {
                self.requests.end(&mut self.ready);
                if self.ready.is_empty() {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            self.requests.feed(part.filled(), &mut self.ready);
        }
    }
}

/// Where a connection stands within its requests.
#[derive(Debug, Default)]
enum At {
    /// In a request line.
    #[default]
    Line,
    /// In the lines behind it.
    Head,
    /// So many bytes before the next request.
    Body(u64),
    /// In the line that tells how long a chunk is.
    ChunkSize,
    /// So many bytes before the next chunk.
    Chunk(u64),
    /// Behind the last chunk.
    Trailer,
    /// Nothing is looked at any more.
    Through,
}

/// The requests of a connection, line by line.
#[derive(Debug, Default)]
struct Requests {
    at: At,
    /// The line so far; of others than a request line its beginning.
    line: Vec<u8>,
    length: u64,
    chunked: bool,
}

impl Requests {
    /// How many bytes can be passed on without a look.
    fn plain(&self) -> Option<u64> {
        match self.at {
            At::Body(left) | At::Chunk(left) => Some(left),
            At::Through => Some(u64::MAX),
            At::Line | At::Head | At::ChunkSize | At::Trailer => None,
        }
    }

    /// So many were passed on.
    fn passed(&mut self, length: u64) {
        self.at = match self.at {
            At::Body(left) if left == length => At::Line,
            At::Body(left) => At::Body(left - length),
            At::Chunk(left) if left == length => At::ChunkSize,
            At::Chunk(left) => At::Chunk(left - length),
            _ => return,
        };
    }

    /// Whether nothing of the next request has come.
    fn is_at_the_beginning(&self) -> bool {
        matches!(self.at, At::Line) && self.line.is_empty()
    }

    /// Whether what came is one head that hyper can read, and of its body no more than it has: almost always, and
    /// then it is passed on where it lies.
    fn whole(&mut self, came: &[u8]) -> bool {
        let Some(end) = memchr::memmem::find(came, b"\r\n\r\n") else { return false };
        let (head, body) = came.split_at(end + 4);
        let mut lines = head.split(|byte| *byte == b'\n');
        let first = lines.next().and_then(readable);
        if !matches!(first, Some(Cow::Borrowed(_))) {
            return false;
        }
        (self.length, self.chunked) = (0, false);
        for line in lines {
            if matches!(line.first(), Some(b'c' | b'C' | b't' | b'T')) {
                let at = std::str::from_utf8(line).map(|line| self.field(line.trim_end()));
                if !matches!(at, Ok(At::Head)) || self.chunked {
                    return false;
                }
            }
        }
        let Some(left) = self.length.checked_sub(body.len() as u64) else { return false };
        self.at = if left == 0 { At::Line } else { At::Body(left) };
        true
    }

    /// The connection ends; what was kept of a line goes on as it is.
    fn end(&mut self, out: &mut BytesMut) {
        if matches!(self.at, At::Line) {
            out.extend_from_slice(&self.line);
            self.line.clear();
        }
    }

    /// Takes what was read, and gives what hyper shall read.
    fn feed(&mut self, mut bytes: &[u8], out: &mut BytesMut) {
        while !bytes.is_empty() {
            if let Some(most) = self.plain() {
                let length = usize::try_from(most).unwrap_or(usize::MAX).min(bytes.len());
                out.extend_from_slice(&bytes[..length]);
                self.passed(length as u64);
                bytes = &bytes[length..];
                continue;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            bytes = rest;
            if matches!(self.at, At::Line) {
                self.line.extend_from_slice(part);
                if end.is_some() {
                    self.request_line(out);
                } else if self.line.len() > LONGEST_LINE {
                    self.end(out);
                    self.at = At::Through;
                }
                continue;
            }
            out.extend_from_slice(part);
            let room = LOOKED_AT.saturating_sub(self.line.len()).min(part.len());
            self.line.extend_from_slice(&part[..room]);
            if end.is_some() {
                let line = std::mem::take(&mut self.line);
                let line = String::from_utf8_lossy(&line);
                self.at = self.after(line.trim_end_matches(['\r', '\n']));
            }
        }
    }

    fn request_line(&mut self, out: &mut BytesMut) {
        let line = std::mem::take(&mut self.line);
        // Clients of old end a body with an empty line of their own.
        if line.iter().all(u8::is_ascii_whitespace) {
            out.extend_from_slice(&line);
            return;
        }
        (self.length, self.chunked) = (0, false);
        match readable(&line) {
            Some(line) => {
                out.extend_from_slice(&line);
                self.at = At::Head;
            }
            None => {
                out.extend_from_slice(&line);
                self.at = At::Through;
            }
        }
    }

    /// Where the connection stands behind a line.
    fn after(&mut self, line: &str) -> At {
        match (&self.at, line) {
            (At::Head, "") if self.chunked => At::ChunkSize,
            (At::Head, "") if self.length > 0 => At::Body(self.length),
            (At::Head | At::Trailer, "") => At::Line,
            (At::Head, line) => self.field(line),
            (At::ChunkSize, line) => {
                let size = line.split(';').next().unwrap_or_default().trim();
                match u64::from_str_radix(size, 16).ok().and_then(|size| size.checked_add(2)) {
                    Some(2) => At::Trailer,
                    Some(size) => At::Chunk(size),
                    None => At::Through,
                }
            }
            (At::Trailer, _) => At::Trailer,
            (At::Line | At::Body(_) | At::Chunk(_) | At::Through, _) => At::Through,
        }
    }

    fn field(&mut self, line: &str) -> At {
        let Some((name, value)) = line.split_once(':') else { return At::Head };
        if name.eq_ignore_ascii_case("content-length") {
            let Ok(length) = value.trim().parse() else { return At::Through };
            self.length = length;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            self.chunked = value.trim().eq_ignore_ascii_case("chunked");
            if !self.chunked {
                return At::Through;
            }
        }
        At::Head
    }
}

/// A request line as hyper reads it; none for one of another protocol.
fn readable(line: &[u8]) -> Option<Cow<'_, [u8]>> {
    let end = line.trim_ascii_end();
    let first = end.iter().position(|byte| *byte == b' ')?;
    let last = end.iter().rposition(|byte| *byte == b' ')?;
    if !end[last + 1..].starts_with(b"HTTP/1.") {
        return None;
    }
    let Some(target) = end.get(first + 1..last) else { return Some(Cow::Borrowed(line)) };
    let is_text = std::str::from_utf8(target).is_ok();
    let is_odd = |byte: u8| {
        matches!(byte, b' ' | b'\t' | b'"' | b'<' | b'>' | b'`') || (byte > 0x7f && !is_text)
    };
    if !target.iter().any(|byte| is_odd(*byte)) {
        return Some(Cow::Borrowed(line));
    }
    let mut out = line[..=first].to_vec();
    for byte in target {
        if is_odd(*byte) {
            let mut code = String::with_capacity(3);
            // Writing to a string cannot fail.
            let _ = write!(code, "%{byte:02X}");
            out.extend_from_slice(code.as_bytes());
        } else {
            out.push(*byte);
        }
    }
    out.extend_from_slice(&line[last..]);
    Some(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::Requests;

    /// What hyper reads when a connection sends this in parts of so many bytes.
    fn handed_on(sent: &[u8], part: usize) -> Vec<u8> {
        let (mut requests, mut out) = (Requests::default(), BytesMut::new());
        for bytes in sent.chunks(part) {
            if requests.is_at_the_beginning() && requests.whole(bytes) {
                out.extend_from_slice(bytes);
            } else {
                requests.feed(bytes, &mut out);
            }
        }
        requests.end(&mut out);
        out.to_vec()
    }

    #[test]
    fn only_targets_change_however_the_bytes_arrive() {
        for (sent, read) in [
            ("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"),
            ("GET /a b?c=d e<>\" HTTP/1.1\r\n\r\n", "GET /a%20b?c=d%20e%3C%3E%22 HTTP/1.1\r\n\r\n"),
            ("GET  /a HTTP/1.1\r\n\r\n", "GET %20/a HTTP/1.1\r\n\r\n"),
            ("GET /a  HTTP/1.0\n\n", "GET /a%20 HTTP/1.0\n\n"),
            ("GET /é HTTP/1.1\r\n\r\n", "GET /é HTTP/1.1\r\n\r\n"),
            (
                "POST /a b HTTP/1.1\r\nContent-Length: 20\r\n\r\nGET /c d HTTP/1.1\r\n\nGET /e f HTTP/1.1\r\n\r\n",
                "POST /a%20b HTTP/1.1\r\nContent-Length: 20\r\n\r\nGET /c d HTTP/1.1\r\n\nGET /e%20f HTTP/1.1\r\n\r\n",
            ),
            (
                "PUT /a HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n5;x\r\n/ / /\r\n0\r\nT: u\r\n\r\n\r\nGET /b c HTTP/1.1\r\n\r\n",
                "PUT /a HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n5;x\r\n/ / /\r\n0\r\nT: u\r\n\r\n\r\nGET /b%20c HTTP/1.1\r\n\r\n",
            ),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            ("GET /a b\r\nGET /c d HTTP/1.1\r\n", "GET /a b\r\nGET /c d HTTP/1.1\r\n"),
            ("GET /half a line", "GET /half a line"),
            (
                "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\nGET /a b HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\nGET /a b HTTP/1.1\r\n\r\n",
            ),
        ] {
            for part in [1, 2, 7, 4_096] {
                let found = handed_on(sent.as_bytes(), part);
                assert_eq!(String::from_utf8_lossy(&found), read, "in parts of {part}");
            }
        }
        assert_eq!(handed_on(b"GET /caf\xe9 HTTP/1.1\r\n\r\n", 3), b"GET /caf%E9 HTTP/1.1\r\n\r\n");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_whatever_comes(
            sent in r"((GET|POST) /[ab<]{0,4} ?(HTTP/1\.1)?\r?\n|Content-Length: [0-9x]{0,2}\r\n|Transfer-Encoding: chunked\r\n|[0-9a-f]{0,2}\r\n|\r\n|[a-z \r\n]{0,9}){0,9}",
            part in 1_usize..40,
        ) {
            let found = String::from_utf8(handed_on(sent.as_bytes(), part)).unwrap();
            let plain = found.replace("%20", " ").replace("%3C", "<");
            proptest::prop_assert_eq!(plain, sent);
        }
    }
}
