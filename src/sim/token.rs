//! JSON web tokens (JWT) signed with HMAC-SHA256, checked on the world's clock to the second.
//!
//! `jsonwebtoken` signs, decodes the claims and verifies the signature. What stays here is what its `decode` and
//! `Header` would decide otherwise: the order of complaints is that of the common PHP library, a header that names no
//! algorithm or an unknown one is complained of after the claims (`every_tampering_is_noticed`), fields of the header
//! that nobody reads may say anything (`a_header_may_say_more`), and time is the world's, without a minute of grace
//! (`a_token_begins_with_alg_and_lasts_to_the_second`).

use std::sync::Once;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use jsonwebtoken::crypto::{self, CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::errors::{ErrorKind, Result as Outcome};
use jsonwebtoken::signature::{Error as BadSignature, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
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

/// HS256 as `sim/secrets` has it, for `jsonwebtoken`, whose own backends bring a second `hmac` and `sha2`, and `rsa`
/// with an advisory that has no fix.
static HS256: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.as_bytes().to_vec()))),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.try_get_as_bytes()?.to_vec()))),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// `jsonwebtoken` has one backend a process. A process that has chosen one keeps it: each of them knows HS256.
fn with_backend<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let _ = HS256.install_default();
    });
    work()
}

/// A secret that signs and verifies.
struct Hs256(Vec<u8>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, BadSignature> {
        Ok(hmac_sha256(&self.0, message).to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), BadSignature> {
        if is_signed(&self.0, message, signature) { Ok(()) } else { Err(BadSignature::new()) }
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

const SIGNS: &str = "claims are plain values with text as keys, and every backend knows HS256";

/// A signed token, its header `typ` first: the order of `jsonwebtoken`.
pub fn sign<T: Serialize>(claims: &T, secret: &[u8]) -> String {
    let key = EncodingKey::from_secret(secret);
    let signed =
        with_backend(|| jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key));
    signed.expect(SIGNS)
}

/// A signed token, its header `alg` first: the order of PHP's and JavaScript's usual libraries.
pub fn sign_alg_first<T: Serialize>(claims: &T, secret: &[u8]) -> String {
    let header = BASE64.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = BASE64.encode(serde_json::to_vec(claims).expect(SIGNS));
    let message = format!("{header}.{claims}");
    let key = EncodingKey::from_secret(secret);
    let signature = with_backend(|| crypto::sign(message.as_bytes(), &key, Algorithm::HS256));
    format!("{message}.{}", signature.expect(SIGNS))
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
    let (header, _) = signed.split_once('.').ok_or(Flaw::Segments)?;
    if token.split('.').count() != 3 {
        return Err(Flaw::Segments);
    }
    let header = object(header).ok_or(Flaw::Header)?;
    // The account that a token claims to be of is looked up by them, so they are read before anything is proved.
    let claims: Map<String, Value> = insecure_decode_claims(token).map_err(|_| Flaw::Claims)?;
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
        let key = DecodingKey::from_secret(secret);
        let message = self.signed.as_bytes();
        let verified =
            with_backend(|| crypto::verify(self.signature, message, &key, Algorithm::HS256));
        // A signature that is no base64 is an error of the crate's, and a wrong signature here as there.
        if !verified.unwrap_or(false) {
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

    use super::{BASE64, Flaw, hmac_sha256, read, sign, sign_alg_first};
    use base64::Engine as _;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn proved(token: &str, now: i64) -> Result<(), Flaw> {
        read(token)?.prove(b"secret", at(now)).map(drop)
    }

    #[test]
    fn a_token_begins_with_alg_and_lasts_to_the_second() {
        let token = sign_alg_first(&json!({"id": 62, "iat": 1_000, "exp": 4_600}), b"secret");
        assert!(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
        assert_eq!(proved(&token, 1_000), Ok(()));
        assert_eq!(proved(&token, 4_599), Ok(()));
        assert_eq!(proved(&token, 4_600), Err(Flaw::Expired));
        assert_eq!(proved(&token, 999), Err(Flaw::Early));
    }

    #[test]
    fn both_orders_of_the_header_are_signed_and_verified() {
        let claims = json!({"exp": 9_999});
        let typ_first = sign(&claims, b"secret");
        assert!(typ_first.starts_with("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."));
        assert_eq!(proved(&typ_first, 1), Ok(()));
        assert_eq!(proved(&sign_alg_first(&claims, b"secret"), 1), Ok(()));
    }

    #[test]
    fn a_header_may_say_more() {
        let claims = BASE64.encode(r#"{"exp":9999}"#);
        for header in [r#"{"alg":"HS256"}"#, r#"{"alg":"HS256","typ":7,"kid":["a"],"more":null}"#] {
            let message = format!("{}.{claims}", BASE64.encode(header));
            let signature = BASE64.encode(hmac_sha256(b"secret", message.as_bytes()));
            assert_eq!(proved(&format!("{message}.{signature}"), 1), Ok(()), "{header}");
        }
        // This is why the header is not read by the crate: it has none of these.
        for header in ["{}", r#"{"alg":"none"}"#, r#"{"alg":"HS256","typ":7}"#] {
            let token = format!("{}.{claims}.", BASE64.encode(header));
            assert!(jsonwebtoken::decode_header(token).is_err(), "{header}");
        }
    }

    #[test]
    fn every_tampering_is_noticed() {
        let claims = json!({"id": 62, "iat": 0, "exp": 9_999});
        let token = sign_alg_first(&claims, b"secret");
        let parts: Vec<&str> = token.split('.').collect();
        let forged = |header: &str, signature: &str| {
            format!("{}.{}.{signature}", BASE64.encode(header), parts[1])
        };
        for (token, flaw) in [
            (sign_alg_first(&claims, b"another"), Flaw::Signature),
            (sign_alg_first(&json!({"id": 62}), b"secret"), Flaw::Claims),
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
