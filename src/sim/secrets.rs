//! Signatures, and look-ups by secret that take the same time whatever the guess.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// The fingerprint under which a secret is kept and looked up: comparing fingerprints tells a guesser nothing.
pub type Fingerprint = [u8; 32];

/// The fingerprint of a secret.
pub fn fingerprint(secret: &str) -> Fingerprint {
    Sha256::digest(secret.as_bytes()).into()
}

/// HMAC-SHA256 over bytes.
pub fn hmac_sha256(secret: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// Whether a signature is the one of these bytes; takes the same time wherever it differs.
pub fn is_signed(secret: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(bytes);
    mac.verify_slice(signature).is_ok()
}

/// Bytes in lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{hexadecimal, hmac_sha256};

    #[test]
    fn signs_like_the_second_test_case_of_rfc_4231() {
        let signature = hexadecimal(&hmac_sha256(b"Jefe", b"what do ya want for nothing?"));
        assert_eq!(signature, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
