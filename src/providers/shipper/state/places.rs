//! A set of places in a book, a bit each: entered and left in one step, however many there are.

/// Places of a book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    words: Vec<u64>,
    /// How many places the book has.
    all: usize,
    /// How many of them are in the set.
    count: usize,
}

impl Places {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// A new place before the one that is there now, in the set or not; those behind it move on by one.
    pub fn insert(&mut self, place: usize, is_in: bool) {
        if self.all.is_multiple_of(64) {
            self.words.push(0);
        }
        self.all += 1;
        let (first, bit) = (place / 64, place % 64);
        let before = (1_u64 << bit) - 1;
        let mut carry = 0;
        for (at, word) in self.words.iter_mut().enumerate().skip(first) {
            let kept = if at == first { *word & before } else { 0 };
            let moved = if at == first { *word & !before } else { *word };
            (*word, carry) = (kept | moved << 1 | carry, moved >> 63);
        }
        self.set(place, is_in);
    }

    /// Takes a place into the set or out of it.
    pub fn set(&mut self, place: usize, is_in: bool) {
        let (word, bit) = (&mut self.words[place / 64], 1_u64 << (place % 64));
        match (*word & bit != 0, is_in) {
            (false, true) => self.count += 1,
            (true, false) => self.count -= 1,
            _ => return,
        }
        *word ^= bit;
    }

    /// The places, largest first.
    pub fn descending(&self) -> impl Iterator<Item = usize> {
        let words = self.words.iter().enumerate().rev();
        words.flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.checked_ilog2()?;
                left ^= 1 << bit;
                Some(at * 64 + bit as usize)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::Places;

    proptest! {
        #[test]
        fn bits_are_a_list_of_truths(
            steps in prop::collection::vec((any::<Index>(), any::<bool>(), any::<bool>()), 0..300),
        ) {
            let (mut places, mut list) = (Places::default(), Vec::new());
            for (index, is_new, is_in) in steps {
                if is_new || list.is_empty() {
                    let place = index.index(list.len() + 1);
                    places.insert(place, is_in);
                    list.insert(place, is_in);
                } else {
                    let place = index.index(list.len());
                    places.set(place, is_in);
                    list[place] = is_in;
                }
            }
            let known: Vec<usize> = (0..list.len()).rev().filter(|place| list[*place]).collect();
            prop_assert_eq!(places.len(), known.len());
            prop_assert_eq!(places.descending().collect::<Vec<_>>(), known);
        }
    }
}
