//! Webhook signing: the signature and the time by which a receiver trusts a webhook, and how they are spoiled.

use jiff::SignedDuration;

use crate::policy::webhook_fault::SignatureFault;
use crate::providers::{Registered, Webhooks};
use crate::sim::webhook::outbox::Delivery;

/// Signs a delivery's bytes: the header field and its right value; none when its subscriber asked for none.
pub type Sign<P> = fn(&<P as Registered>::State, &Delivery) -> Option<(&'static str, String)>;

/// How a provider's webhooks are signed and dated.
#[derive(Debug)]
pub struct Signing<P: Registered> {
    /// Signs a delivery; none for a provider that does not sign.
    pub sign: Option<Sign<P>>,
    /// Sets the time that a delivery carries, in its body or a header, back by so much, and says whether it could.
    /// It is signed again afterwards. None for a provider that sends no time.
    pub date: Option<fn(&mut Delivery, SignedDuration) -> bool>,
}

impl<P: Registered> Clone for Signing<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Registered> Copy for Signing<P> {}

/// What is to be spoiled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SigningFault {
    /// What becomes of the signature.
    pub signature: Option<SignatureFault>,
    /// How old the time is that it carries.
    pub stale: Option<SignedDuration>,
}

/// What of it could be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forged {
    /// There was a signature.
    pub signature: bool,
    /// There was a time.
    pub stale: bool,
}

/// Spoils a delivery. A time that is set back is signed rightly unless the signature is to be spoiled too.
pub(super) fn forge<P: Webhooks>(
    state: &P::State,
    delivery: &mut Delivery,
    forgery: SigningFault,
) -> Forged {
    let Signing { sign, date } = P::SIGNING;
    let mut forged = Forged::default();
    if let (Some(back), Some(date)) = (forgery.stale, date) {
        forged.stale = date(delivery, back);
    }
    let Some((header, right)) = sign.and_then(|sign| sign(state, delivery)) else { return forged };
    forged.signature = true;
    match forgery.signature {
        None => delivery.headers.set(header, right),
        Some(SignatureFault::Wrong) => delivery.headers.set(header, twisted(&right)),
        Some(SignatureFault::Missing) => delivery.headers.remove(header),
    }
    forged
}

/// How many letters of a signature are changed; what may stand before it is left alone.
const TWISTED: usize = 8;

/// A signature of the same form and length that is certainly wrong: its last letters and digits are other ones.
fn twisted(right: &str) -> String {
    let mut left = TWISTED;
    let twist = |letter: char| match letter {
        '0'..='8' | 'a'..='e' | 'A'..='E' => {
            char::from_u32(u32::from(letter) + 1).unwrap_or(letter)
        }
        '9' => '0',
        'f' => 'a',
        'F' => 'A',
        'g'..='z' => letter.to_ascii_uppercase(),
        'G'..='Z' => letter.to_ascii_lowercase(),
        other => other,
    };
    let twisted: Vec<char> = right
        .chars()
        .rev()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() && left > 0 {
                left -= 1;
                twist(letter)
            } else {
                letter
            }
        })
        .collect();
    twisted.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::twisted;

    #[test]
    fn a_twisted_signature_has_the_form_of_a_right_one() {
        for (right, kept) in [
            ("fa1f888a78082d4fa82f5feb26667df75d5f96737e1d5428635f1fcfea3d70e8", 56),
            ("t=1,v1=0123456789abcdef", 15),
            ("aGVsbG8gd29ybGQ=", 7),
        ] {
            let made = twisted(right);
            assert_eq!((made.len(), made.get(..kept)), (right.len(), right.get(..kept)));
            let same =
                made.bytes().zip(right.bytes()).skip(kept).filter(|(one, other)| one == other);
            assert_eq!(same.count(), usize::from(right.ends_with('=')), "{made}");
        }
    }
}
