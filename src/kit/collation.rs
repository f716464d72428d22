//! Collation: texts that a database takes for the same, as MySQL's usual ones do: in any case, with or without accents,
//! whatever blanks end them.

use std::borrow::Cow;
use std::cmp::Ordering;

use deunicode::deunicode_char;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The form in which texts are compared.
pub fn key(text: &str) -> Cow<'_, str> {
    let text = text.trim_end_matches(' ');
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut key = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !is_mark(*letter)) {
        match deunicode_char(letter).filter(|_| is_latin(letter)) {
            Some(plain) => key.push_str(&plain.to_lowercase()),
            None => key.extend(letter.to_lowercase()),
        }
    }
    Cow::Owned(key)
}

/// Whether two texts are the same to the database.
pub fn same(one: &str, other: &str) -> bool {
    key(one) == key(other)
}

/// Letters that may have an accent; those of other scripts are no variants of Latin ones.
fn is_latin(letter: char) -> bool {
    matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') && letter.is_alphabetic()
}

/// An accent that stands behind its letter.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// A text as the key of an index: found again, and in order, as the database compares, and kept as it was written.
#[derive(Debug, Clone)]
pub struct Collated {
    text: String,
    key: String,
}

impl Collated {
    /// A text as it was written.
    pub fn new(text: &str) -> Collated {
        Collated { text: text.to_owned(), key: key(text).into_owned() }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Collated {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Collated {}

impl PartialOrd for Collated {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Collated {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Serialize for Collated {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Collated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Collated::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::{Collated, same};

    #[test]
    fn case_accents_and_blanks_at_the_end_make_no_difference() {
        for (one, other, expected) in [
            ("ABC", "abc", true),
            ("abc ", "ABC", true),
            (" abc", "abc", false),
            ("a-b", "a b", false),
            ("Café", "cafe", true),
            ("Cafe\u{301}", "CAFÉ", true),
            ("Straße", "strasse", true),
            ("œuvre", "OEUVRE", true),
            ("Łódź", "lodz", true),
            ("×", "x", false),
            ("Омар", "омар", true),
            ("عمر", "Omar", false),
            ("", "  ", true),
        ] {
            assert_eq!(same(one, other), expected, "{one} {other}");
            assert_eq!(Collated::new(one) == Collated::new(other), expected, "{one} {other}");
        }
        let kept: Collated = serde_json::from_str("\"Café \"").unwrap();
        assert_eq!(
            (kept.text(), serde_json::to_string(&kept).unwrap()),
            ("Café ", "\"Café \"".to_owned())
        );
    }
}
