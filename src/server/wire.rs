//! HTTP conversion between hyper and the core: what came as a plain `Request`, what goes from a plain `Reply`.

use std::borrow::Cow;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::channel::Channel;
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Body as _, Incoming};
use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, DATE, HOST, HeaderName,
    HeaderValue,
};
use hyper::{HeaderMap, Response, StatusCode, Uri, Version};

use crate::message::{Body, Headers, Reply};

/// The connection ends without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection was cut: the body did not come")]
pub(crate) struct Cut;

/// A body, as far as it was kept.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) body: Body,
    /// It was longer than the limit: nothing of it was kept, and not all of it was read.
    pub(crate) oversize: bool,
}

/// Reads a body up to its limit, within its time. What is over the limit is left to the lingering read behind the
/// answer.
pub(crate) async fn body(incoming: Incoming, most: usize, time: Duration) -> Result<Kept, Cut> {
    if incoming.is_end_stream() {
        return Ok(Kept::default());
    }
    tokio::time::timeout(time, collect(incoming, most)).await.map_err(|_| Cut)?
}

async fn collect(mut incoming: Incoming, most: usize) -> Result<Kept, Cut> {
    let announced = incoming.size_hint().lower();
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let oversize = Kept { oversize: true, ..Kept::default() };
    if announced > most as u64 {
        return Ok(oversize);
    }
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|_| Cut)?.into_data() else { continue };
        if first.len() + rest.len() + data.len() > most {
            return Ok(oversize);
        }
        if first.is_empty() && rest.is_empty() {
            // Almost every body is one frame, which is kept as it is.
            first = data;
        } else {
            if rest.is_empty() {
                rest.reserve(usize::try_from(announced).unwrap_or(0).min(most));
                rest.extend_from_slice(&first);
                first = Bytes::new();
            }
            rest.extend_from_slice(&data);
        }
    }
    let whole = if rest.is_empty() { first } else { rest.freeze() };
    Ok(Kept { body: Body(whole), oversize: false })
}

/// Names that come with almost every request, so that they need no memory of their own.
#[rustfmt::skip]
const USUAL: &[&str] = &[
    "host", "user-agent", "accept", "accept-encoding", "accept-language", "connection", "authorization",
    "content-type", "content-length", "origin", "x-requested-with", "cache-control", "idempotency-key",
];

/// The header fields, names in lower case; bytes that are not text are replaced.
pub(crate) fn headers(map: &HeaderMap) -> Headers {
    let name = |name: &HeaderName| match USUAL.iter().find(|usual| **usual == name.as_str()) {
        Some(usual) => Cow::Borrowed(*usual),
        None => Cow::Owned(name.as_str().to_owned()),
    };
    Headers::received(map.iter().map(|(field, value)| (name(field), value.as_bytes())))
}

/// Whom a request is addressed to: the host of an absolute target, else `Host`. An old client that names nobody
/// speaks to the address it called.
///
/// # Errors
/// A sentence when it is missing, doubled or unreadable.
pub(crate) fn host<'a>(
    uri: &'a Uri,
    map: &'a HeaderMap,
    version: Version,
    called: &'a str,
) -> Result<Cow<'a, str>, &'static str> {
    if let Some(authority) = uri.authority() {
        // Credentials in an address are nobody's host.
        let text = authority.as_str();
        return Ok(Cow::Borrowed(text.rsplit_once('@').map_or(text, |(_, host)| host)));
    }
    let mut fields = map.get_all(HOST).iter();
    match (fields.next(), fields.next()) {
        (None, _) if version == Version::HTTP_11 => Err("the request has no Host header"),
        (None, _) => Ok(Cow::Borrowed(called)),
        (Some(_), Some(_)) => Err("the request has more than one Host header"),
        (Some(value), None) => match value.to_str() {
            Ok(text) if is_authority(text) && !has_port(text) => {
                Err("the port of the Host header is no port: that is a number up to 65535")
            }
            Ok(text) if is_authority(text) => Ok(Cow::Borrowed(text)),
            _ => Err("the Host header is not a host name"),
        },
    }
}

/// Whether what stands behind the colon, if anything does, is a port.
fn has_port(text: &str) -> bool {
    let behind = text.rsplit_once(']').map_or(text, |(_, behind)| behind);
    let port = behind.rsplit_once(':').map_or("", |(_, port)| port);
    port.is_empty()
        || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

/// Letters, digits and what else stands in host, port and IPv6 literals.
fn is_authority(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]%~".contains(&byte))
}

/// A body on its way out: whole, or one that goes on.
pub(crate) type Outgoing = Either<Full<Bytes>, Channel<Bytes>>;

/// The answer as it goes out. `Content-Length` is hyper's, `Date` the world's.
pub(crate) fn response(
    reply: Reply,
    stream: Option<Channel<Bytes>>,
    close: bool,
) -> Response<Outgoing> {
    let mut response = Response::new(match stream {
        None => Either::Left(Full::new(reply.body.0)),
        Some(stream) => Either::Right(stream),
    });
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let map = response.headers_mut();
    map.reserve(10);
    for (name, value) in reply.headers.into_fields() {
        if let Some(name) = field_name(&name) {
            map.append(name, field(value));
        }
    }
    if close {
        map.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Names that go out with almost every answer, so that they are not read anew each time.
static FREQUENT: [HeaderName; 8] = [
    CONTENT_TYPE,
    DATE,
    CACHE_CONTROL,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    HeaderName::from_static("x-shipmock-request"),
    HeaderName::from_static("x-shipmock-evidence"),
    HeaderName::from_static("x-ratelimit-limit"),
    HeaderName::from_static("x-ratelimit-remaining"),
];

fn field_name(name: &str) -> Option<HeaderName> {
    let frequent = FREQUENT.iter().find(|known| known.as_str().eq_ignore_ascii_case(name));
    frequent.cloned().or_else(|| HeaderName::from_bytes(name.as_bytes()).ok())
}

/// The value without a copy. One that cannot be sent loses the bytes that forbid it: line breaks and other
/// controls.
fn field(text: Cow<'static, str>) -> HeaderValue {
    let bytes = match text {
        Cow::Borrowed(text) => Bytes::from_static(text.as_bytes()),
        Cow::Owned(text) => Bytes::from(text),
    };
    HeaderValue::from_maybe_shared(bytes.clone()).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(&bytes);
        let clean: String = text.chars().filter(|letter| !letter.is_control()).collect();
        HeaderValue::from_str(&clean).unwrap_or_else(|_| HeaderValue::from_static(""))
    })
}

#[cfg(test)]
mod tests {
    use hyper::header::{HOST, HeaderValue};
    use hyper::{HeaderMap, Uri, Version};

    use super::{field, headers, host};

    #[test]
    fn an_absolute_target_wins_over_host_and_one_host_is_needed() {
        let uri = |text: &'static str| Uri::from_static(text);
        let mut map = HeaderMap::new();
        let read =
            |uri: &Uri, map: &HeaderMap, v| host(uri, map, v, "here").map(|it| it.into_owned());
        assert!(read(&uri("/x"), &map, Version::HTTP_11).is_err());
        assert_eq!(read(&uri("/x"), &map, Version::HTTP_10).unwrap(), "here");
        map.append(HOST, HeaderValue::from_static("localhost:1"));
        assert_eq!(read(&uri("/x"), &map, Version::HTTP_11).unwrap(), "localhost:1");
        assert_eq!(read(&uri("http://u@real/x"), &map, Version::HTTP_11).unwrap(), "real");
        map.append(HOST, HeaderValue::from_static("localhost:2"));
        assert!(read(&uri("/x"), &map, Version::HTTP_11).is_err());
        map.clear();
        map.append(HOST, HeaderValue::from_static("a b/<c>"));
        assert!(read(&uri("/x"), &map, Version::HTTP_11).is_err());
    }

    #[test]
    fn values_are_lossy_on_the_way_in_and_clean_on_the_way_out() {
        let mut map = HeaderMap::new();
        map.append("x-one", HeaderValue::from_bytes(b"caf\xe9").unwrap());
        assert_eq!(headers(&map).get("X-One"), Some("caf\u{fffd}"));
        assert_eq!(field("a\r\nSet-Cookie: b".into()), "aSet-Cookie: b");
        assert_eq!(field("é".into()).as_bytes(), "é".as_bytes());
    }
}
