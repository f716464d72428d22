//! A serde deserializer over JSON values whose errors are problem details: which field, what was expected there, and
//! which word was probably meant.
//!
//! serde_json's own deserializer says the same in one sentence, from which a caller's code could not take the field or
//! the known words; serde hands both to whoever implements its error type.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess,
    Unexpected, Visitor,
};
use serde_json::{Map, Value};

use crate::control::problem::Problem;

/// Reads an object of which each name is a `what`, a field or a parameter.
pub(super) fn read<T: DeserializeOwned>(
    object: &Map<String, Value>,
    what: &str,
) -> Result<T, Problem> {
    let entries = MapAccessDeserializer::new(ObjectEntries::of(object, String::new()));
    T::deserialize(entries).map_err(|misfit| match misfit {
        Misfit::Problem(problem) => *problem,
        Misfit::Unknown(name, known) => Problem::unknown("the call", what, &name, known),
        Misfit::Missing(name) => missing("the call", what, name, name),
        // An object was given, so only something inside it can be amiss, and that has its place.
        misfit => Problem::new(422, "Wrong value", misfit.to_string()),
    })
}

/// What serde complains of; a problem as soon as it is known where.
#[derive(Debug)]
enum Misfit {
    Problem(Box<Problem>),
    Unknown(String, &'static [&'static str]),
    Missing(&'static str),
    Word(String, &'static [&'static str]),
    Expected(String),
    Said(String),
}

impl Misfit {
    /// The problem, once it has come up to the value it is about.
    fn at(self, path: &str, value: &Value) -> Misfit {
        let owner = || format!("`{path}`");
        Misfit::Problem(match self {
            Misfit::Problem(problem) => problem,
            Misfit::Unknown(name, known) => {
                Problem::unknown(&owner(), "field", &name, known).into()
            }
            Misfit::Missing(name) => {
                missing(&owner(), "field", name, &format!("{path}.{name}")).into()
            }
            Misfit::Word(given, words) => Problem::word(path, &given, words).into(),
            Misfit::Expected(expected) => Problem::value(path, in_words(&expected), value).into(),
            Misfit::Said(sentence) => {
                Problem::new(422, "Wrong value", sentence).with("field", path).into()
            }
        })
    }
}

fn missing(owner: &str, what: &str, name: &str, path: &str) -> Problem {
    let detail = format!("{owner} needs a {what} `{name}`");
    Problem::new(422, format!("Missing {what}"), detail).with(what, path)
}

/// What serde's own types expect, for readers who do not write Rust.
fn in_words(expected: &str) -> &str {
    match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "u64" => "a whole number from 0 to 18446744073709551615",
        "a JSON number" => "a number",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::Problem(_) => f.write_str("a problem"),
            Misfit::Unknown(name, _) => write!(f, "there is no `{name}`"),
            Misfit::Missing(name) => write!(f, "`{name}` is missing"),
            Misfit::Word(given, words) => write!(f, "`{given}` is none of {}", words.join(", ")),
            Misfit::Expected(expected) => write!(f, "expected {}", in_words(expected)),
            Misfit::Said(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(sentence: T) -> Self {
        Misfit::Said(sentence.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Misfit::Expected(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Misfit::Expected(expected.to_string())
    }

    fn unknown_variant(given: &str, words: &'static [&'static str]) -> Self {
        Misfit::Word(given.to_owned(), words)
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Misfit::Unknown(name.to_owned(), known)
    }

    fn missing_field(name: &'static str) -> Self {
        Misfit::Missing(name)
    }
}

/// A value and where it stands: names joined by dots.
struct Given<'a> {
    value: &'a Value,
    path: String,
}

/// The entries of an object. Whatever goes wrong with the value of one, inside it or in the type it is read as, comes
/// through here.
struct ObjectEntries<'a> {
    rest: serde_json::map::Iter<'a>,
    value: Option<(&'a String, &'a Value)>,
    path: String,
}

impl<'a> ObjectEntries<'a> {
    fn of(object: &'a Map<String, Value>, path: String) -> Self {
        ObjectEntries { rest: object.iter(), value: None, path }
    }
}

impl<'de> MapAccess<'de> for ObjectEntries<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        self.value = self.rest.next();
        let name = self.value.map(|(name, _)| name.as_str().into_deserializer());
        name.map(|name: StrDeserializer<'_, _>| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (name, value) = self.value.take().expect("serde asks for a value after its key");
        let path = match self.path.as_str() {
            "" => name.clone(),
            outer => format!("{outer}.{name}"),
        };
        let given = Given { value, path: path.clone() };
        seed.deserialize(given).map_err(|misfit| misfit.at(&path, value))
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Given<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => visitor.visit_u64(whole),
                (None, Some(whole)) => visitor.visit_i64(whole),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(list) => {
                let item = |value| Given { value, path: self.path.clone() };
                visitor.visit_seq(SeqDeserializer::new(list.iter().map(item)))
            }
            Value::Object(object) => visitor.visit_map(ObjectEntries::of(object, self.path)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}
