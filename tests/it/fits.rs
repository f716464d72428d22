//! Holds a value against a JSON Schema, as far as the schemas we print go; a keyword it does not know is a failure.

use serde_json::{Map, Value};

/// Where and how a value does not fit a schema.
pub fn misfits(schema: &Value, value: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    Fit { root: schema }.holds(schema, value, "$", &mut wrong);
    wrong
}

struct Fit<'a> {
    root: &'a Value,
}

impl Fit<'_> {
    fn holds(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let keywords = match schema {
            Value::Bool(true) => return,
            Value::Bool(false) => return wrong.push(format!("{at} is not allowed")),
            schema => schema.as_object().expect("a schema is an object, or true or false"),
        };
        for (keyword, says) in keywords {
            self.keyword(keywords, keyword, says, value, at, wrong);
        }
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut wrong = Vec::new();
        self.holds(schema, value, "$", &mut wrong);
        wrong.is_empty()
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        says: &Value,
        value: &Value,
        at: &str,
        wrong: &mut Vec<String>,
    ) {
        let list = || says.as_array().unwrap();
        let mut unless = |fits: bool| {
            if !fits {
                wrong.push(format!("{at} is {value}, against {keyword} {says}"));
            }
        };
        match (keyword, value) {
            (
                "$schema" | "$defs" | "title" | "description" | "default" | "examples" | "format",
                _,
            ) => {}
            ("$ref", _) => {
                let name = says.as_str().unwrap().strip_prefix('#').unwrap();
                let other = self.root.pointer(name).expect("a reference leads somewhere");
                self.holds(other, value, at, wrong);
            }
            ("type", _) => unless(match says {
                Value::String(name) => is(value, name),
                _ => list().iter().any(|name| is(value, name.as_str().unwrap())),
            }),
            ("enum", _) => unless(list().contains(value)),
            ("const", _) => unless(value == says),
            ("anyOf", _) => unless(list().iter().any(|schema| self.fits(schema, value))),
            ("oneOf", _) => unless(list().iter().filter(|it| self.fits(it, value)).count() == 1),
            ("allOf", _) => list().iter().for_each(|it| self.holds(it, value, at, wrong)),
            ("minimum", Value::Number(_)) => unless(value.as_f64() >= says.as_f64()),
            ("maximum", Value::Number(_)) => unless(value.as_f64() <= says.as_f64()),
            ("pattern", Value::String(text)) => {
                unless(regex::Regex::new(says.as_str().unwrap()).unwrap().is_match(text));
            }
            ("items", Value::Array(items)) => {
                for (place, item) in items.iter().enumerate() {
                    self.holds(says, item, &format!("{at}[{place}]"), wrong);
                }
            }
            ("minItems", Value::Array(items)) => {
                unless(items.len() as u64 >= says.as_u64().unwrap())
            }
            ("maxItems", Value::Array(items)) => {
                unless(items.len() as u64 <= says.as_u64().unwrap())
            }
            ("prefixItems", Value::Array(items)) => {
                for (place, (schema, item)) in list().iter().zip(items).enumerate() {
                    self.holds(schema, item, &format!("{at}[{place}]"), wrong);
                }
            }
            ("minProperties", Value::Object(map)) => {
                unless(map.len() as u64 >= says.as_u64().unwrap())
            }
            ("maxProperties", Value::Object(map)) => {
                unless(map.len() as u64 <= says.as_u64().unwrap())
            }
            ("required", Value::Object(map)) => {
                unless(list().iter().all(|name| map.contains_key(name.as_str().unwrap())));
            }
            ("properties", Value::Object(map)) => {
                for (name, schema) in says.as_object().unwrap() {
                    if let Some(value) = map.get(name) {
                        self.holds(schema, value, &format!("{at}.{name}"), wrong);
                    }
                }
            }
            ("patternProperties" | "additionalProperties", Value::Object(map)) => {
                for (name, value) in map {
                    let schema = elsewhere(schema, keyword, name);
                    self.holds(&schema, value, &format!("{at}.{name}"), wrong);
                }
            }
            (
                "minimum"
                | "maximum"
                | "pattern"
                | "items"
                | "minItems"
                | "maxItems"
                | "prefixItems"
                | "minProperties"
                | "maxProperties"
                | "required"
                | "properties"
                | "patternProperties"
                | "additionalProperties",
                _,
            ) => {}
            (unknown, _) => panic!("the keyword {unknown} is not known here"),
        }
    }
}

/// What a keyword about names that are not listed says of a name; true where another keyword speaks of it.
fn elsewhere(schema: &Map<String, Value>, keyword: &str, name: &str) -> Value {
    let fitting = || {
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        patterns.into_iter().flatten().find_map(|(pattern, schema)| {
            regex::Regex::new(pattern).unwrap().is_match(name).then(|| schema.clone())
        })
    };
    let listed = schema.get("properties").is_some_and(|listed| listed.get(name).is_some());
    match keyword {
        "patternProperties" => fitting().unwrap_or(Value::Bool(true)),
        _ if listed || fitting().is_some() => Value::Bool(true),
        _ => schema["additionalProperties"].clone(),
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => panic!("{name} is no type of JSON"),
    }
}
