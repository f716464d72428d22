//! Compressed answers, `Accept-Encoding: gzip`: as a provider's front does it, behind the journal.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::header::ACCEPT_ENCODING;
use hyper::{HeaderMap, Method};

use crate::message::Reply;

/// A shorter answer fits into a packet as it is.
const SHORTEST: usize = 1024;

/// Whether a client takes gzip: it, or `*`, is listed with a quality other than 0 (RFC 9110 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let quality = |name: &str| {
        let listed = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|it| it.to_str().ok());
        listed.flat_map(|text| text.split(',')).find_map(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let is_it = parts.next().is_some_and(|word| word.eq_ignore_ascii_case(name));
            let mut weight = || parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
            is_it.then(|| weight().unwrap_or(1.0))
        })
    };
    quality("gzip").or_else(|| quality("*")).is_some_and(|weight| weight > 0.0)
}

/// Whether a type is text, which is what fronts compress.
fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml")
}

/// Compresses the body of an answer whose client asked for that.
pub(crate) fn compress(reply: &mut Reply, method: &Method, headers: &HeaderMap) {
    if reply.body.len() < SHORTEST || method == Method::HEAD {
        return;
    }
    let text = reply.headers.get("content-type").is_some_and(is_text);
    if !text || reply.headers.get("content-encoding").is_some() || !takes_gzip(headers) {
        return;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(reply.body.len() / 4), Compression::fast());
    let Ok(body) = encoder.write_all(&reply.body).and_then(|()| encoder.finish()) else { return };
    reply.body = body.into();
    reply.headers.set("Content-Encoding", "gzip");
    let vary = match reply.headers.get("vary") {
        Some(known) => format!("{known}, Accept-Encoding"),
        None => "Accept-Encoding".to_owned(),
    };
    reply.headers.set("Vary", vary);
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use hyper::header::{ACCEPT_ENCODING, HeaderValue};
    use hyper::{HeaderMap, Method};

    use super::{compress, takes_gzip};
    use crate::message::Reply;

    fn asking(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(text))])
    }

    #[test]
    #[rustfmt::skip]
    fn gzip_is_taken_where_it_is_named_and_not_refused() {
        for (text, taken) in [
            ("gzip", true), ("GZIP", true), ("deflate, gzip;q=0.5", true), ("br, *;q=0.1", true),
            ("", false), ("br", false), ("gzip;q=0", false), ("gzip; q=0.0, *", false), ("identity", false),
        ] {
            assert_eq!(takes_gzip(&asking(text)), taken, "{text}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn a_long_text_is_compressed_for_who_asks() {
        let long = "{\"a\":1}".repeat(200);
        let answer = |kind: &'static str, text: &str, method: Method, encoding| {
            let mut reply = Reply::new(200, kind, text.to_owned()).with("Vary", "Origin");
            compress(&mut reply, &method, &asking(encoding));
            reply
        };
        let reply = answer("application/json", &long, Method::GET, "gzip");
        assert_eq!(reply.headers.get("content-encoding"), Some("gzip"));
        assert_eq!(reply.headers.get("vary"), Some("Origin, Accept-Encoding"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(&reply.body[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, long);
        for (kind, text, method, encoding) in [
            ("application/json", "{}", Method::GET, "gzip"),
            ("application/json", &long, Method::HEAD, "gzip"),
            ("application/json", &long, Method::GET, "br"),
            ("application/pdf", &long, Method::GET, "gzip"),
        ] {
            let reply = answer(kind, text, method, encoding);
            assert_eq!(
                (reply.headers.get("content-encoding"), reply.body.text()),
                (None, text.into())
            );
        }
    }
}
