//! A condition on one value: equal to it, or an object of comparisons.

use std::fmt;

use regex::{Regex, RegexBuilder};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

crate::words! {
    /// How a value is compared.
    pub enum Comparison {
        /// The same value; a number and its text are the same. Null is not the same as missing.
        Equals = "equals",
        /// Anything but that value.
        Not = "not",
        /// One of a list.
        OneOf = "one_of",
        /// A text with this in it, or a list with this in it.
        Contains = "contains",
        /// A text that a pattern fits somewhere.
        Matches = "matches",
        /// A number less than this.
        LessThan = "less_than",
        /// A number of at most this.
        AtMost = "at_most",
        /// A number greater than this.
        GreaterThan = "greater_than",
        /// A number of at least this.
        AtLeast = "at_least",
        /// There, and not null; or not there.
        Present = "present",
    }
}

/// A condition; every comparison of it must hold.
#[derive(Debug, Clone)]
pub struct Condition(Vec<(Comparison, Value, Option<Regex>)>);

/// The longest pattern a rule may bring, and the most memory its automaton may take.
const PATTERN: (usize, usize) = (1_000, 1 << 20);

impl Condition {
    /// Equal to a value.
    pub fn equals(value: Value) -> Condition {
        Condition(vec![(Comparison::Equals, value, None)])
    }

    fn of(object: Map<String, Value>) -> Result<Condition, String> {
        let mut comparisons = Vec::with_capacity(object.len());
        for (word, value) in object {
            let comparison = Comparison::of(&word).ok_or_else(|| {
                let known: Vec<&str> = Comparison::ALL.iter().map(|it| it.word()).collect();
                let meant = crate::kit::text::did_you_mean(&word, known.iter().copied());
                let meant = meant.map_or_else(
                    || "an object to be equal to stands under `equals`".to_owned(),
                    |meant| format!("did you mean `{meant}`?"),
                );
                format!("`{word}` is no comparison; there are {}; {meant}", known.join(", "))
            })?;
            let fits = match comparison {
                Comparison::LessThan
                | Comparison::AtMost
                | Comparison::GreaterThan
                | Comparison::AtLeast => value.is_number(),
                Comparison::Matches => value.is_string(),
                Comparison::Present => value.is_boolean(),
                Comparison::OneOf => value.is_array(),
                _ => true,
            };
            if !fits {
                return Err(format!("`{comparison}` does not take {value}"));
            }
            let pattern = match (comparison, value.as_str()) {
                // With holes it is no pattern yet: who fills them reads the condition again.
                (Comparison::Matches, Some(text)) if !text.contains("${") => Some(pattern(text)?),
                _ => None,
            };
            comparisons.push((comparison, value, pattern));
        }
        if comparisons.is_empty() {
            return Err(
                "an empty object compares nothing; say `present: true` for anything".to_owned()
            );
        }
        Ok(Condition(comparisons))
    }

    /// Whether what was found passes. `None` stands for nothing found.
    pub fn passes(&self, found: Option<&Value>) -> bool {
        self.0.iter().all(|(comparison, wanted, pattern)| match (comparison, found) {
            (Comparison::Present, found) => {
                found.is_some_and(|it| !it.is_null()) == (wanted == &Value::Bool(true))
            }
            (Comparison::Not, found) => found.is_none_or(|it| !same(it, wanted)),
            (_, None) => false,
            (Comparison::Equals, Some(it)) => same(it, wanted),
            (Comparison::OneOf, Some(it)) => {
                wanted.as_array().is_some_and(|list| list.iter().any(|wanted| same(it, wanted)))
            }
            (Comparison::Contains, Some(Value::Array(list))) => {
                list.iter().any(|it| same(it, wanted))
            }
            (Comparison::Contains, Some(it)) => text(it).contains(&text(wanted)),
            (Comparison::Matches, Some(it)) => {
                pattern.as_ref().is_some_and(|it_fits| it_fits.is_match(&text(it)))
            }
            (Comparison::LessThan, Some(it)) => order(it, wanted).is_some_and(|it| it.is_lt()),
            (Comparison::AtMost, Some(it)) => order(it, wanted).is_some_and(|it| it.is_le()),
            (Comparison::GreaterThan, Some(it)) => order(it, wanted).is_some_and(|it| it.is_gt()),
            (Comparison::AtLeast, Some(it)) => order(it, wanted).is_some_and(|it| it.is_ge()),
        })
    }

    /// The same for a text that may be missing: a header, a field of a form.
    pub fn passes_text(&self, found: Option<&str>) -> bool {
        self.passes(found.map(Value::from).as_ref())
    }
}

fn pattern(text: &str) -> Result<Regex, String> {
    if text.len() > PATTERN.0 {
        return Err(format!("a pattern has at most {} characters", PATTERN.0));
    }
    RegexBuilder::new(text).size_limit(PATTERN.1).build().map_err(|wrong| {
        // The lines before the last show the pattern once more.
        let wrong = wrong.to_string();
        let reason = wrong.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("`{text}` is no pattern: {reason}")
    })
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number and its text are the same: headers, queries and forms have nothing but texts.
fn same(one: &Value, other: &Value) -> bool {
    one == other
        || match (one, other) {
            (Value::Number(_), Value::Number(_)) => number(one) == number(other),
            (Value::String(_), Value::Number(_) | Value::Bool(_))
            | (Value::Number(_) | Value::Bool(_), Value::String(_)) => text(one) == text(other),
            _ => false,
        }
}

fn order(one: &Value, other: &Value) -> Option<std::cmp::Ordering> {
    number(one)?.partial_cmp(&number(other)?)
}

/// As a reader expects it: `at least 5`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [(Comparison::Equals, value, _)] => write!(f, "{value}"),
            list => {
                for (place, (how, what, _)) in list.iter().enumerate() {
                    let and = if place == 0 { "" } else { " and " };
                    match (how, what) {
                        (Comparison::Present, Value::Bool(true)) => write!(f, "{and}anything")?,
                        (Comparison::Present, _) => write!(f, "{and}nothing")?,
                        (Comparison::Contains, _) => write!(f, "{and}something with {what}")?,
                        (Comparison::Matches, _) => write!(f, "{and}something like {what}")?,
                        _ => write!(f, "{and}{} {what}", how.word().replace('_', " "))?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        let plain = |test: &Condition| {
            test.0.iter().map(|(how, what, _)| (*how, what.clone())).collect::<Vec<_>>()
        };
        plain(self) == plain(other)
    }
}

impl Eq for Condition {}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [(Comparison::Equals, value, _)] if !value.is_object() => value.serialize(serializer),
            list => serializer.collect_map(list.iter().map(|(how, what, _)| (how.word(), what))),
        }
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrComparison;
        impl<'de> Visitor<'de> for TextOrComparison {
            type Value = Condition;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value, or an object of comparisons such as { matches: \"^2\" }")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Condition, E> {
                Ok(Condition::equals(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Condition, E> {
                Ok(Condition::equals(value.into()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Condition, E> {
                Ok(Condition::equals(value.into()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Condition, E> {
                Ok(Condition::equals(value.into()))
            }

            fn visit_str<E>(self, value: &str) -> Result<Condition, E> {
                Ok(Condition::equals(value.into()))
            }

            fn visit_unit<E>(self) -> Result<Condition, E> {
                Ok(Condition::equals(Value::Null))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<Condition, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = seq.next_element::<Value>()? {
                    list.push(value);
                }
                Ok(Condition::equals(Value::Array(list)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
                let mut object = Map::new();
                while let Some((word, value)) = map.next_entry::<String, Value>()? {
                    object.insert(word, value);
                }
                Condition::of(object).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(TextOrComparison)
    }
}

crate::written_as!(Condition as "Test", {
    "description": "A value to be equal to, or comparisons that must all hold. A number and its text are the same.",
    "anyOf": [
        { "type": ["string", "number", "boolean", "null", "array"] },
        {
            "type": "object",
            "properties": {
                "equals": true,
                "not": true,
                "one_of": { "type": "array" },
                "contains": true,
                "matches": { "type": "string" },
                "less_than": { "type": "number" },
                "at_most": { "type": "number" },
                "greater_than": { "type": "number" },
                "at_least": { "type": "number" },
                "present": { "type": "boolean" },
            },
            "additionalProperties": false,
            "minProperties": 1,
        },
    ],
});

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Condition;

    fn passes(test: Value, found: Option<Value>) -> bool {
        serde_json::from_value::<Condition>(test).unwrap().passes(found.as_ref())
    }

    #[test]
    fn values_and_comparisons_say_what_they_mean() {
        for (test, found, expected) in [
            (json!("a"), Some(json!("a")), true),
            (json!(2), Some(json!("2")), true),
            (json!(2), Some(json!(2.0)), true),
            // A misspelt place must not pass for null.
            (json!(null), None, false),
            (json!(null), Some(json!(null)), true),
            (json!({"present": false}), Some(json!(null)), true),
            (json!({"present": true}), Some(json!("")), true),
            (json!({"less_than": 500}), Some(json!("499.99")), true),
            (json!({"less_than": 500}), Some(json!(500)), false),
            (json!({"at_least": 1, "at_most": 3}), Some(json!(3)), true),
            (json!({"matches": "^2[0-9]+$"}), Some(json!(28)), true),
            (json!({"contains": 3}), Some(json!([1, 3])), true),
            (json!({"contains": "Ali"}), Some(json!("Ben Ali")), true),
            (json!({"one_of": ["a", 1]}), Some(json!("1")), true),
            (json!({"not": "a"}), None, true),
            (json!({"greater_than": 1}), Some(json!("x")), false),
        ] {
            assert_eq!(passes(test.clone(), found.clone()), expected, "{test} on {found:?}");
        }
    }

    #[test]
    fn what_is_no_comparison_is_refused_with_what_was_meant() {
        for (test, message) in [
            (json!({"matchs": "x"}), "did you mean `matches`?"),
            (json!({"matches": "("}), "is no pattern"),
            (json!({"less_than": "x"}), "does not take"),
            (json!({}), "compares nothing"),
        ] {
            let error = serde_json::from_value::<Condition>(test).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
