//! Text columns of a book: what the orders are searched by, one behind the other, so that a search reads bytes and no orders.

use memchr::{memchr, memchr_iter, memmem, memrchr_iter};

use crate::kit::collation;
use crate::providers::shipper::state::address::Recipient;

/// Ends a row. No byte of UTF-8, so nothing that is looked for reaches from one row into the next.
const ROW: u8 = 0xff;

/// Parts the telephones of a row; as little a byte of UTF-8.
const PART: u8 = 0xfe;

/// The columns, a row for each order in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    telephones: Column,
    /// First and last name as one text, in the form in which texts are searched.
    names: Column,
}

impl Columns {
    /// Adds a row before the one at a place.
    pub fn insert(&mut self, place: usize, recipient: &Recipient<'_>) {
        self.telephones.insert(place, &telephones(recipient));
        self.names.insert(place, &names(recipient));
    }

    /// Writes the row at a place anew.
    pub fn set(&mut self, place: usize, recipient: &Recipient<'_>) {
        self.telephones.set(place, &telephones(recipient));
        self.names.set(place, &names(recipient));
    }

    /// The places of the orders that have a text, as the database compares it, in their customer's name, or, if it consists of digits, in
    /// one of the telephone numbers; smallest first.
    pub fn having(&self, text: &str) -> Vec<usize> {
        let mut places = self.names.having(text);
        if is_number(text) {
            places.extend(self.telephones.having(text));
            places.sort_unstable();
            places.dedup();
        }
        places
    }
}

/// Whether a text is looked for among telephone numbers and ids too.
pub fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+')
}

fn telephones(recipient: &Recipient<'_>) -> Vec<u8> {
    [recipient.phone1.as_bytes(), recipient.phone2.as_bytes()].join(&PART)
}

fn names(recipient: &Recipient<'_>) -> Vec<u8> {
    collation::key(&format!("{} {}", recipient.first_name, recipient.last_name))
        .into_owned()
        .into_bytes()
}

/// Texts, one behind the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Column {
    bytes: Vec<u8>,
    rows: usize,
}

impl Column {
    /// Where the row at a place begins, looked for from the nearer end.
    fn start(&self, place: usize) -> usize {
        let end = match (place, self.rows.saturating_sub(place)) {
            (0, _) => None,
            (_, 0) => self.bytes.len().checked_sub(1),
            (before, after) if before <= after => memchr_iter(ROW, &self.bytes).nth(before - 1),
            (_, after) => memrchr_iter(ROW, &self.bytes).nth(after),
        };
        end.map_or(0, |end| end + 1)
    }

    fn insert(&mut self, place: usize, text: &[u8]) {
        if place == self.rows {
            self.bytes.extend_from_slice(text);
            self.bytes.push(ROW);
        } else {
            let start = self.start(place);
            self.bytes.splice(start..start, text.iter().copied().chain([ROW]));
        }
        self.rows += 1;
    }

    fn set(&mut self, place: usize, text: &[u8]) {
        let start = self.start(place);
        let length = memchr(ROW, &self.bytes[start..]).unwrap_or(0);
        self.bytes.splice(start..start + length, text.iter().copied());
    }

    /// The places of the rows that have a text, smallest first.
    fn having(&self, text: &str) -> Vec<usize> {
        let finder = memmem::Finder::new(text);
        let (mut places, mut place, mut rest) = (Vec::new(), 0, self.bytes.as_slice());
        while !rest.is_empty() {
            let Some(hit) = finder.find(rest) else { break };
            place += memchr_iter(ROW, &rest[..hit]).count();
            places.push(place);
            // One hit is enough for a row: on with the next.
            let end = memchr(ROW, &rest[hit..]).map_or(rest.len(), |length| hit + length + 1);
            rest = &rest[end..];
            place += 1;
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Columns, Recipient};
    use crate::kit::collation;

    /// What a search means, one order at a time.
    fn has(recipient: &Recipient<'_>, text: &str) -> bool {
        if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+') {
            let fields =
                [&recipient.phone1, &recipient.phone2, &recipient.first_name, &recipient.last_name];
            return fields.iter().any(|field| field.contains(text));
        }
        collation::key(&format!("{} {}", recipient.first_name, recipient.last_name)).contains(text)
    }

    fn recipient() -> impl Strategy<Value = Recipient<'static>> {
        let (name, phone) = ("[abÉéΣİ 1]{0,3}", "[+12]{0,4}");
        (name, name, phone, phone).prop_map(|(first_name, last_name, phone1, phone2)| Recipient {
            first_name: first_name.into(),
            last_name: last_name.into(),
            phone1: phone1.into(),
            phone2: phone2.into(),
            ..Recipient::default()
        })
    }

    proptest! {
        #[test]
        fn a_search_finds_what_a_walk_over_the_orders_finds(
            rows in prop::collection::vec((any::<prop::sample::Index>(), recipient()), 0..24),
            changes in prop::collection::vec((any::<prop::sample::Index>(), recipient()), 0..6),
            texts in prop::collection::vec("[abÉéΣσςİ 1+2\u{0}\u{ff}]{0,3}", 1..12),
        ) {
            let (mut columns, mut book) = (Columns::default(), Vec::new());
            for (at, address) in rows {
                let place = at.index(book.len() + 1);
                columns.insert(place, &address);
                book.insert(place, address);
            }
            for (at, address) in changes {
                if !book.is_empty() {
                    let place = at.index(book.len());
                    columns.set(place, &address);
                    book[place] = address;
                }
            }
            for text in texts.iter().map(|text| collation::key(text)) {
                let walked = book.iter().enumerate().filter(|(_, address)| has(address, &text));
                let walked: Vec<usize> = walked.map(|(place, _)| place).collect();
                prop_assert_eq!(columns.having(&text), walked, "{:?}", text);
            }
        }
    }
}
