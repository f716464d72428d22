//! Addresses: the recipient of an order, its texts packed into one block.

use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A recipient as Shipper keeps it: name split, telephone in international form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Address")]
pub struct Recipient<'a> {
    /// The first word of the name.
    pub first_name: Cow<'a, str>,
    /// The rest of the name.
    pub last_name: Cow<'a, str>,
    /// International form.
    pub phone1: Cow<'a, str>,
    /// International form, or empty.
    pub phone2: Cow<'a, str>,
    /// The street.
    pub address1: Cow<'a, str>,
    /// More of the street, or empty.
    pub address2: Cow<'a, str>,
    /// The exact name of a level-1 division, if it was one.
    pub division_1: Option<Cow<'a, str>>,
    /// The exact name of a level-2 division, if it was one.
    pub division_2: Option<Cow<'a, str>>,
    /// The code of the country, in capitals.
    pub country: Cow<'a, str>,
}

/// A recipient in one block: nine texts of their own would take four times as much, in every order of a book.
///
/// First the length of each text and one, none being 0, in digits of six bits, the least first; the seventh says that
/// another follows. So all of it is text. Then the texts.
///
/// Shared and never changed, so that one can see whether an order has another.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Arc<str>);

impl Address {
    /// What the texts are.
    pub fn recipient(&self) -> Recipient<'_> {
        let mut lengths = [None; 9];
        let mut bytes = self.0.bytes();
        let mut start = 0;
        for length in &mut lengths {
            let (mut number, mut shift) = (0, 0);
            for byte in bytes.by_ref() {
                start += 1;
                number |= usize::from(byte & 63) << shift;
                shift += 6;
                if byte & 64 == 0 {
                    break;
                }
            }
            *length = number.checked_sub(1);
        }
        let texts = lengths.map(|length| {
            let text = length.and_then(|length| self.0.get(start..start + length));
            start += length.unwrap_or(0);
            text.map(Cow::Borrowed)
        });
        let [first, last, phone1, phone2, address1, address2, division_1, division_2, country] =
            texts;
        Recipient {
            first_name: first.unwrap_or_default(),
            last_name: last.unwrap_or_default(),
            phone1: phone1.unwrap_or_default(),
            phone2: phone2.unwrap_or_default(),
            address1: address1.unwrap_or_default(),
            address2: address2.unwrap_or_default(),
            division_1,
            division_2,
            country: country.unwrap_or_default(),
        }
    }

    /// Whether it is not only the same but the very one.
    pub fn is(&self, other: &Address) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl From<&Recipient<'_>> for Address {
    fn from(recipient: &Recipient<'_>) -> Self {
        let Recipient { first_name, last_name, phone1, phone2, .. } = recipient;
        let Recipient { address1, address2, division_1, division_2, country, .. } = recipient;
        let texts = [
            Some(first_name),
            Some(last_name),
            Some(phone1),
            Some(phone2),
            Some(address1),
            Some(address2),
            division_1.as_ref(),
            division_2.as_ref(),
            Some(country),
        ];
        let length = texts.iter().flatten().map(|text| text.len()).sum::<usize>();
        let mut block = String::with_capacity(length + 2 * texts.len());
        for text in texts {
            let mut number = text.map_or(0, |text| text.len() + 1);
            loop {
                let more = if number > 63 { 64 } else { 0 };
                block.push(char::from((number & 63) as u8 | more));
                number >>= 6;
                if number == 0 {
                    break;
                }
            }
        }
        block.extend(texts.into_iter().flatten().map(|text| &**text));
        Address(block.into())
    }
}

impl Default for Address {
    fn default() -> Self {
        Address::from(&Recipient::default())
    }
}

impl Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.recipient().fmt(f)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.recipient().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Recipient::deserialize(deserializer).map(|recipient| Address::from(&recipient))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Address, Recipient};

    proptest! {
        #[test]
        fn what_is_packed_is_what_is_read(
            texts in prop::array::uniform9("\\PC{0,3}|[a-é]{60,70}|x{4000,4200}"),
            divisions in any::<[bool; 2]>(),
        ) {
            let [first, last, phone1, phone2, address1, address2, one, two, country] = &texts;
            let recipient = Recipient {
                first_name: first.into(),
                last_name: last.into(),
                phone1: phone1.into(),
                phone2: phone2.into(),
                address1: address1.into(),
                address2: address2.into(),
                division_1: divisions[0].then(|| one.into()),
                division_2: divisions[1].then(|| two.into()),
                country: country.into(),
            };
            let packed = Address::from(&recipient);
            prop_assert_eq!(packed.recipient(), recipient);
        }
    }
}
