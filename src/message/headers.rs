//! HTTP headers: the fields in the order in which they came or shall go.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ordered list of header fields; names compare without case. Prints as an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Cow<'static, str>, FieldValue)>);

/// The value of a field. A request's are parts of one text: a call costs one copy of them, not one each.
#[derive(Clone)]
enum FieldValue {
    Own(Cow<'static, str>),
    Part(Arc<str>, Range<usize>),
}

impl Deref for FieldValue {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            FieldValue::Own(text) => text,
            FieldValue::Part(whole, part) => &whole[part.clone()],
        }
    }
}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl PartialEq for FieldValue {
    fn eq(&self, other: &FieldValue) -> bool {
        **self == **other
    }
}

impl Eq for FieldValue {}

impl Headers {
    /// No fields, with room for some.
    pub fn with_capacity(fields: usize) -> Self {
        Headers(Vec::with_capacity(fields))
    }

    /// The fields that came with a message; bytes that are not text are replaced.
    pub fn received<'a>(fields: impl Iterator<Item = (Cow<'static, str>, &'a [u8])>) -> Headers {
        let mut whole = String::with_capacity(256);
        let parts = fields.map(|(name, value)| {
            let start = whole.len();
            match std::str::from_utf8(value) {
                Ok(text) => whole.push_str(text),
                Err(_) => whole.push_str(&String::from_utf8_lossy(value)),
            }
            (name, start..whole.len())
        });
        let parts: Vec<_> = parts.collect();
        let whole: Arc<str> = whole.into();
        let part = |(name, part)| (name, FieldValue::Part(whole.clone(), part));
        Headers(parts.into_iter().map(part).collect())
    }

    /// The first field of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// Adds a field, whether or not one of that name is there.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) {
        self.0.push((name.into(), FieldValue::Own(value.into())));
    }

    /// Replaces the fields of that name by one, in the place of the first.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) {
        let name = name.into();
        match self.0.iter().position(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            None => self.0.push((name, FieldValue::Own(value.into()))),
            Some(place) => {
                self.0[place].1 = FieldValue::Own(value.into());
                let mut seen = 0;
                self.0.retain(|(known, _)| {
                    seen += usize::from(known.eq_ignore_ascii_case(&name));
                    !known.eq_ignore_ascii_case(&name) || seen == 1
                });
            }
        }
    }

    /// Drops every field of that name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The fields in order, given away: what is static stays so.
    pub fn into_fields(self) -> impl Iterator<Item = (Cow<'static, str>, Cow<'static, str>)> {
        self.0.into_iter().map(|(name, value)| match value {
            FieldValue::Own(text) => (name, text),
            part @ FieldValue::Part(..) => (name, Cow::Owned(String::from(&*part))),
        })
    }

    /// What the fields take in memory, roughly, in bytes.
    pub fn weight(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.len() + 48).sum()
    }
}

crate::written_as!(Headers, { "type": "object", "additionalProperties": { "type": "string" } });

impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (place, (name, _)) in self.0.iter().enumerate() {
            if self.0[..place].iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(name)) {
                continue;
            }
            let values: Vec<&str> = self
                .0
                .iter()
                .filter(|(other, _)| other.eq_ignore_ascii_case(name))
                .map(|(_, value)| &**value)
                .collect();
            map.serialize_entry(name, &values.join(", "))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of header fields")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut headers = Headers::default();
                while let Some((name, value)) = map.next_entry::<String, String>()? {
                    headers.add(name, value);
                }
                Ok(headers)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// Fields one by one, as pairs: for what must come back exactly, repeated names among it. An object cannot.
pub mod one_by_one {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Headers;

    /// Writes a list of pairs.
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<S: Serializer>(headers: &Headers, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(headers.iter())
    }

    /// Reads a list of pairs.
    ///
    /// # Errors
    /// The deserializer's own.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Headers, D::Error> {
        let fields = Vec::<(String, String)>::deserialize(deserializer)?;
        let mut headers = Headers::with_capacity(fields.len());
        fields.into_iter().for_each(|(name, value)| headers.add(name, value));
        Ok(headers)
    }
}

#[cfg(test)]
mod tests {
    use super::Headers;

    #[test]
    fn set_leaves_one_field_in_the_place_of_the_first() {
        let mut headers = Headers::default();
        headers.add("A", "1");
        headers.add("B", "2");
        headers.add("a", "3");
        headers.set("a", "4");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("A", "4"), ("B", "2")]);
    }
}
