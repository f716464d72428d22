//! JSON web tokens signed with HMAC-SHA256, checked on the world's clock to the second.
//!
//! Written by hand, because the library puts `typ` first in the header, judges expiry by the wall's clock, and
//! allows a minute of grace. The order of the checks is that of the common PHP library.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::sim::secrets::{hmac_sha256, is_signed};

crate::words! {
    /// What is wrong with a token, in the order in which it is looked for.
    pub enum Flaw {
        /// Not three parts with dots between them.
        Segments = "segments",
        /// The header is not JSON.
        Header = "header",
        /// The claims are not JSON, or not those a token of this service has.
        Claims = "claims",
        /// The header names no algorithm.
        NoAlgorithm = "no_algorithm",
        /// The header names another algorithm, `none` among them.
        Algorithm = "algorithm",
        /// Signed with another secret, or changed afterwards.
        Signature = "signature",
        /// Issued in the future.
        Early = "early",
        /// Its time is over.
        Expired = "expired",
    }
}

impl Flaw {
    /// What the common PHP library says of it.
    #[rustfmt::skip]
    pub fn php_message(self) -> &'static str {
        match self {
            Flaw::Segments    => "Wrong number of segments",
            Flaw::Header      => "Invalid header encoding",
            Flaw::Claims      => "Invalid claims encoding",
            Flaw::NoAlgorithm => "Empty algorithm",
            Flaw::Algorithm   => "Algorithm not supported",
            Flaw::Signature   => "Signature verification failed",
            Flaw::Early       => "Cannot handle token with iat prior to now",
            Flaw::Expired     => "Expired token",
        }
    }
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// A signed token, its header `alg` first.
pub fn sign<T: Serialize>(claims: &T, secret: &[u8]) -> String {
    sign_under(HEADER, claims, secret)
}

/// A signed token under a header of the provider's own; it has to say `HS256`.
pub fn sign_under<T: Serialize>(header: &str, claims: &T, secret: &[u8]) -> String {
    let claims = serde_json::to_vec(claims).expect("claims are plain values with text as keys");
    let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
    let signature = hmac_sha256(secret, signed.as_bytes());
    format!("{signed}.{}", BASE64.encode(signature))
}

/// A token taken apart; nothing it says has been proved yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Unproved<'a> {
    /// What it claims.
    pub claims: Map<String, Value>,
    algorithm: Option<String>,
    signed: &'a str,
    signature: &'a str,
}

/// Takes a token apart.
///
/// # Errors
/// A `Flaw` of its form.
pub fn read(token: &str) -> Result<Unproved<'_>, Flaw> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Flaw::Segments)?;
    let (header, claims) = signed.split_once('.').ok_or(Flaw::Segments)?;
    if claims.contains('.') {
        return Err(Flaw::Segments);
    }
    let header = object(header).ok_or(Flaw::Header)?;
    let claims = object(claims).ok_or(Flaw::Claims)?;
    let algorithm = header.get("alg").and_then(Value::as_str).map(str::to_owned);
    Ok(Unproved { claims, algorithm, signed, signature })
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&BASE64.decode(part).ok()?).ok()
}

impl Unproved<'_> {
    /// Proves a token and gives its claims. It is valid up to, not including, the second of `exp`.
    ///
    /// # Errors
    /// The first `Flaw`: the algorithm, then the signature, then the time.
    pub fn prove(self, secret: &[u8], now: Timestamp) -> Result<Map<String, Value>, Flaw> {
        match self.algorithm.as_deref() {
            None | Some("") => return Err(Flaw::NoAlgorithm),
            Some("HS256") => {}
            Some(_) => return Err(Flaw::Algorithm),
        }
        let signature = BASE64.decode(self.signature).map_err(|_| Flaw::Signature)?;
        if !is_signed(secret, self.signed.as_bytes(), &signature) {
            return Err(Flaw::Signature);
        }
        let second = |claim: &str| self.claims.get(claim).and_then(Value::as_i64);
        let now = now.as_second();
        match (second("iat"), second("exp")) {
            (Some(issued), _) if issued > now => Err(Flaw::Early),
            (_, None) => Err(Flaw::Claims),
            (_, Some(expires)) if now >= expires => Err(Flaw::Expired),
            _ => Ok(self.claims),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::{BASE64, Flaw, read, sign};
    use base64::Engine as _;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn proved(token: &str, now: i64) -> Result<(), Flaw> {
        read(token)?.prove(b"secret", at(now)).map(drop)
    }

    #[test]
    fn a_token_begins_with_alg_and_lasts_to_the_second() {
        let token = sign(&json!({"id": 62, "iat": 1_000, "exp": 4_600}), b"secret");
        assert!(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
        assert_eq!(proved(&token, 1_000), Ok(()));
        assert_eq!(proved(&token, 4_599), Ok(()));
        assert_eq!(proved(&token, 4_600), Err(Flaw::Expired));
        assert_eq!(proved(&token, 999), Err(Flaw::Early));
    }

    #[test]
    fn every_tampering_is_noticed() {
        let claims = json!({"id": 62, "iat": 0, "exp": 9_999});
        let token = sign(&claims, b"secret");
        let parts: Vec<&str> = token.split('.').collect();
        let forged = |header: &str, signature: &str| {
            format!("{}.{}.{signature}", BASE64.encode(header), parts[1])
        };
        for (token, flaw) in [
            (sign(&claims, b"another"), Flaw::Signature),
            (sign(&json!({"id": 62}), b"secret"), Flaw::Claims),
            (forged(r#"{"alg":"none"}"#, ""), Flaw::Algorithm),
            (forged(r#"{"alg":"HS512"}"#, parts[2]), Flaw::Algorithm),
            (forged("{}", parts[2]), Flaw::NoAlgorithm),
            (forged("[1]", parts[2]), Flaw::Header),
            (format!("{}.{}", parts[0], parts[1]), Flaw::Segments),
            (format!("{token}.x"), Flaw::Segments),
            (format!("{}.{}.", parts[0], parts[1]), Flaw::Signature),
            (format!("{}.!.{}", parts[0], parts[2]), Flaw::Claims),
            (format!("{}.{}.{}", parts[0], BASE64.encode("{}"), parts[2]), Flaw::Signature),
            ("YOUR_JWT_TOKEN".to_owned(), Flaw::Segments),
        ] {
            assert_eq!(proved(&token, 1), Err(flaw), "{token}");
        }
        for place in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert!(proved(&String::from_utf8(changed).unwrap(), 1).is_err(), "byte {place}");
        }
    }
}
