//! Chance from the world's seed: one stream per label, so that a new endpoint renumbers nothing.

use std::collections::BTreeMap;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kit::shared::Shared;

/// The world's only source of chance. A stream is a seed, a label and a count: a value, so a world can be cloned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chance {
    seed: u64,
    drawn: Shared<BTreeMap<String, u64>>,
}

/// One draw from a stream; what is taken from it does not disturb the next draw.
#[derive(Debug)]
pub struct Draw(ChaCha8Rng);

/// FNV-1a, written out because the standard library promises no stable hash.
fn fingerprint(label: &str) -> u64 {
    label.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl Chance {
    /// The streams of a seed.
    pub fn new(seed: u64) -> Self {
        Chance { seed, drawn: Shared::default() }
    }

    /// The streams of another seed from here on. Counts are kept: they tell labels apart, not seeds.
    pub fn reseed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// Whether what it owns of this is shared with another.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        self.drawn.is_shared_with(&other.drawn)
    }

    /// The next draw of a stream.
    pub fn draw(&mut self, label: &str) -> Draw {
        let drawn = &mut *self.drawn;
        let count = match drawn.get_mut(label) {
            Some(count) => count,
            None => drawn.entry(label.to_owned()).or_default(),
        };
        *count += 1;
        let mut seed = [0_u8; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        seed[8..16].copy_from_slice(&fingerprint(label).to_le_bytes());
        seed[16..24].copy_from_slice(&count.to_le_bytes());
        Draw(ChaCha8Rng::from_seed(seed))
    }
}

impl Draw {
    /// A number from 0 up to, not including, `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        // A multiply-shift sampler of our own: the library's may change between releases, the story may not.
        ((u128::from(self.0.random::<u64>()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, hundredths: u64) -> bool {
        self.below(100) < hundredths
    }

    /// One of a list, if it has any.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len() as u64) as usize)
    }

    /// The place of a weight among weights, in proportion to them.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u64> + Clone) -> Option<usize> {
        let mut left = self.below(weights.clone().sum());
        weights.enumerate().find_map(|(place, weight)| {
            let hit = left < weight;
            left = left.saturating_sub(weight);
            (hit && weight > 0).then_some(place)
        })
    }

    /// A random (version 4) identifier.
    pub fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }

    /// Decimal digits, the first not zero.
    pub fn digits(&mut self, length: usize) -> String {
        (0..length).map(|place| self.digit(u64::from(place == 0))).collect()
    }

    /// A decimal digit, not under `least`.
    pub fn digit(&mut self, least: u64) -> char {
        char::from(b'0' + self.between(least, 9) as u8)
    }

    /// Letters and digits.
    pub fn alphanumeric(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 62] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..length).map(|_| char::from(ALPHABET[self.below(62) as usize])).collect()
    }

    /// A stream of its own for one number of this one: what takes as many numbers as it likes takes them there, and what
    /// is drawn here afterwards stays as it is.
    pub fn apart(&mut self) -> Draw {
        let mut seed = [0_u8; 32];
        seed[..8].copy_from_slice(&self.0.random::<u64>().to_le_bytes());
        Draw(ChaCha8Rng::from_seed(seed))
    }

    /// The generator itself, for invented names and addresses.
    pub fn generator(&mut self) -> &mut ChaCha8Rng {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn streams_do_not_disturb_each_other() {
        let mut one = Chance::new(7);
        let mut two = Chance::new(7);
        two.draw("other").uuid();
        assert_eq!(one.draw("a").uuid(), two.draw("a").uuid());
        assert_ne!(one.draw("a").uuid(), Chance::new(7).draw("a").uuid());
        assert_ne!(Chance::new(8).draw("a").uuid(), Chance::new(7).draw("a").uuid());
    }

    #[test]
    fn weights_of_zero_are_never_picked() {
        let mut chance = Chance::new(1);
        for _ in 0..200 {
            assert_eq!(chance.draw("w").weighted([0, 3, 0].into_iter()), Some(1));
        }
        assert_eq!(chance.draw("w").weighted([0, 0].into_iter()), None);
        assert_eq!(chance.draw("w").pick::<u8>(&[]), None);
    }
}
