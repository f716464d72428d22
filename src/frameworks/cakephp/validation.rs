//! Validation the way CakePHP does it: field tables in, problems out, nested as the input is.
//!
//! Shiptheory documents the form, `{field: {rule: text}}`, and the text of three rules. The names and texts of the
//! others are the framework's.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value};

use crate::kit::fields::{Field, FieldRule, Shape};
use crate::kit::json;
use crate::kit::numeric;

const REQUIRED: &str = "This field is required";
const EMPTY: &str = "This field cannot be left empty";
const INVALID: &str = "The provided value is invalid";

/// What is wrong with an input, nested as the input is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problems(Map<String, Value>);

impl Problems {
    /// One problem.
    pub fn one(path: &str, rule: &str, text: &str) -> Problems {
        let mut problems = Problems::default();
        problems.add(path, rule, text);
        problems
    }

    /// Adds a problem at a dotted path: `products.0.name`.
    pub fn add(&mut self, path: &str, rule: &str, text: &str) {
        let mut at = &mut self.0;
        for name in path.split('.') {
            let below = at.entry(name).or_insert_with(|| Value::Object(Map::new()));
            match below {
                Value::Object(inner) => at = inner,
                _ => return,
            }
        }
        at.insert(rule.to_owned(), Value::from(text));
    }

    /// Adds that a field is missing.
    pub fn missing(&mut self, path: &str) {
        self.add(path, "_required", REQUIRED);
    }

    /// Adds that a field does not fit, by a rule's name.
    pub fn invalid(&mut self, path: &str, rule: &str) {
        self.add(path, rule, INVALID);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problems, or none.
    ///
    /// # Errors
    /// The problems.
    pub fn settle(self) -> Result<(), Problems> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The paths of the fields that have a problem, and the names of the rules.
    pub fn paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut open: Vec<(String, &Map<String, Value>)> = vec![(String::new(), &self.0)];
        while let Some((path, map)) = open.pop() {
            for (name, value) in map {
                match value {
                    Value::Object(inner) => open.push((format!("{path}{name}."), inner)),
                    _ => found.push(format!("{} ({name})", path.trim_end_matches('.'))),
                }
            }
        }
        found.sort();
        found
    }

    /// As it is printed: keys 0, 1, 2 are a list, as PHP has it.
    pub fn printed(&self) -> Value {
        fn printed(map: &Map<String, Value>, depth: usize) -> Value {
            let value = |value: &Value| match value {
                Value::Object(inner) if depth > 0 => printed(inner, depth - 1),
                other => other.clone(),
            };
            let is_list = map.keys().enumerate().all(|(place, key)| *key == place.to_string());
            if is_list {
                Value::Array(map.values().map(value).collect())
            } else {
                Value::Object(map.iter().map(|(key, it)| (key.clone(), value(it))).collect())
            }
        }
        printed(&self.0, 8)
    }
}

/// Holds an object against its table, then each field that holds fields of its own, and so on. `at` stands before the
/// names of its fields: `recipient.`. How deep it goes is up to the table.
pub fn check(fields: &json::Map, at: &str, table: &'static [Field], problems: &mut Problems) {
    let checked = || table.iter().filter_map(|field| Some((field, field.rules?)));
    for (field, rules) in checked() {
        let path = format!("{at}{}", field.path);
        match fields.get(field.path) {
            None if field.is_needed() => problems.missing(&path),
            None => {}
            Some(value) if is_empty(field.shape, value) => {
                let filled = rules.iter().any(|rule| matches!(rule, FieldRule::Filled));
                if field.is_needed() || filled {
                    problems.add(&path, "_empty", EMPTY);
                }
            }
            Some(value) => {
                if let Some(rule) = broken(field.shape, rules, value) {
                    problems.invalid(&path, rule);
                }
            }
        }
    }
    for (field, rules) in checked() {
        if let Some(value) = fields.get(field.path) {
            within(field, rules, &format!("{at}{}", field.path), value, problems);
        }
    }
}

/// Holds what a field holds against its table, or its elements against theirs.
fn within(
    field: &Field,
    rules: &'static [FieldRule],
    path: &str,
    value: &json::Value,
    problems: &mut Problems,
) {
    for rule in rules {
        let FieldRule::Each(shape, rules) = rule else { continue };
        for (place, element) in value.as_array().into_iter().flatten().enumerate() {
            if let Some(rule) = broken(*shape, rules, element) {
                problems.invalid(&format!("{path}.{place}"), rule);
            }
        }
    }
    if field.below.iter().all(|field| field.rules.is_none()) {
        return;
    }
    match (field.shape, lone(rules, value)) {
        // An empty object that may be left out is left out.
        (Shape::Object, json::Value::Object(inner)) if field.is_needed() || !inner.is_empty() => {
            check(inner, &format!("{path}."), field.below, problems);
        }
        (Shape::List, json::Value::Array(elements)) => {
            let skip = rules.iter().any(|rule| matches!(rule, FieldRule::SkipBlank));
            for (place, element) in elements.iter().enumerate() {
                match element {
                    json::Value::Object(inner) if skip && says_nothing(inner, field.below) => {}
                    json::Value::Object(inner) => {
                        check(inner, &format!("{path}.{place}."), field.below, problems);
                    }
                    _ => problems.invalid(&format!("{path}.{place}"), "array"),
                }
            }
        }
        _ => {}
    }
}

/// A list of one object is that object, where a rule says so.
fn lone<'a>(rules: &[FieldRule], value: &'a json::Value) -> &'a json::Value {
    match value.as_array().map(Vec::as_slice) {
        Some([one]) if rules.iter().any(|rule| matches!(rule, FieldRule::Lone)) => one,
        _ => value,
    }
}

/// Whether a value says nothing: null, a text of nothing but blanks, an empty list where there may be one; of a text
/// also `false`, which PHP writes as nothing.
fn is_empty(shape: Shape, value: &json::Value) -> bool {
    match value {
        json::Value::Null => true,
        json::Value::Bool(truth) => !truth && shape == Shape::Text,
        json::Value::String(text) => text.trim().is_empty(),
        json::Value::Array(list) => list.is_empty() && matches!(shape, Shape::List | Shape::Object),
        _ => false,
    }
}

/// Whether all the fields of a table are blank.
fn says_nothing(fields: &json::Map, table: &[Field]) -> bool {
    table.iter().all(|field| match fields.get(field.path) {
        None | Some(json::Value::Null) => true,
        Some(value) => numeric::text_of(value).is_some_and(|text| text.trim().is_empty()),
    })
}

/// The number in a value, to so many places.
pub fn decimal(value: &json::Value, places: u32) -> Option<Decimal> {
    let exact = numeric::amount_of(value)?.decimal()?;
    Some(exact.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize())
}

/// The name of the first rule that a value breaks.
fn broken(shape: Shape, rules: &[FieldRule], value: &json::Value) -> Option<&'static str> {
    let typed = !rules.iter().any(|rule| matches!(rule, FieldRule::AnyType));
    match shape {
        Shape::Object if typed => return (!lone(rules, value).is_object()).then_some("array"),
        Shape::List if typed => return (!value.is_array()).then_some("array"),
        Shape::Boolean if typed && !numeric::is_boolean(value) => return Some("boolean"),
        Shape::Number if typed => {
            let places = rules.iter().find_map(|rule| match rule {
                FieldRule::Places(places) => Some(*places),
                _ => None,
            });
            let Some(number) = decimal(value, places.unwrap_or(Decimal::MAX_SCALE)) else {
                return Some("numeric");
            };
            return rules.iter().any(|rule| is_beyond(number, *rule)).then_some("range");
        }
        Shape::Integer if typed => {
            let Some(number) = numeric::integer_of(value) else { return Some("integer") };
            if rules.iter().any(|rule| is_beyond(Decimal::from(number), *rule)) {
                return Some("range");
            }
        }
        _ => {}
    }
    let Some(text) = numeric::text_of(value) else { return Some("scalar") };
    let measured = typed && matches!(shape, Shape::Integer | Shape::Boolean);
    rules.iter().find_map(|rule| unfit(&text, *rule, !measured))
}

/// How a text breaks a rule; its length is looked at where it is no number.
fn unfit(text: &str, rule: FieldRule, is_text: bool) -> Option<&'static str> {
    let length = || i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let (fits, name) = match rule {
        FieldRule::Min(least) if is_text => (length() >= least, "minLength"),
        FieldRule::Max(most) if is_text => (length() <= most, "maxLength"),
        FieldRule::Size(exact) if is_text => (length() == exact, "lengthBetween"),
        FieldRule::OneOf(words) => (words.contains(&text), "inList"),
        FieldRule::StartsWith(beginnings) => {
            (beginnings.iter().any(|beginning| text.starts_with(beginning)), "custom")
        }
        FieldRule::Format(name, fits) => (fits(text), name),
        // Of the number, of the list, of the place, or another framework's.
        _ => return None,
    };
    (!fits).then_some(name)
}

/// Whether a number is not within a bound; places behind the point do not make it too large.
fn is_beyond(number: Decimal, bound: FieldRule) -> bool {
    match bound {
        FieldRule::Min(least) => number < Decimal::from(least),
        FieldRule::Max(most) => number.trunc() > Decimal::from(most),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::kit::json::{Map, Value, json};

    use super::{Problems, broken, check};
    use crate::kit::fields::FieldRule::{
        AnyType, Each, Filled, Format, Lone, Max, Min, OneOf, Places, SkipBlank,
    };
    use crate::kit::fields::{FieldRule, Shape, fields};

    const DIGITS: FieldRule = Format("digits", is_digits);

    fn is_digits(text: &str) -> bool {
        text.bytes().all(|byte| byte.is_ascii_digit())
    }

    fields! {
        ORDER {
            body "a"      must Text    [Max(5)];
            body "b"      must Text    [Max(5)];
            body "c"      may  Text    [Max(5)];
            body "d"      may  Text    [Filled, Max(5)];
            body "goods"  may  Object  [Lone]      => GOODS;
            body "to"     may  Object  []          => GOODS;
            body "lines"  may  List    [SkipBlank] => LINE;
            body "marks"  may  List    [Each(Shape::Integer, &[DIGITS])];
            body "seen"   may  List                => SEEN;
        }
        GOODS {
            body "number" must Integer [AnyType, DIGITS];
        }
        LINE {
            body "sku"    must Text    [];
            body "kind"   must Text    [OneOf(&["x"])];
        }
        SEEN {
            body "x"      must Text    [];
        }
    }

    fn found(input: Value) -> Vec<String> {
        let mut problems = Problems::default();
        check(input.as_object().unwrap_or(&Map::new()), "", ORDER, &mut problems);
        problems.paths()
    }

    #[test]
    fn types_and_bounds_take_what_they_should_and_nothing_else() {
        const AMOUNT: &[FieldRule] = &[Min(0), Max(9_999_999), Places(2)];
        const WHOLE: &[FieldRule] = &[Min(1), Max(99_999)];
        for (shape, rules, value, expected) in [
            (Shape::Text, &[Max(3)][..], json!("äöü"), None),
            (Shape::Text, &[Max(3)], json!("abcd"), Some("maxLength")),
            (Shape::Text, &[Max(3)], json!(12), None),
            (Shape::Text, &[Max(3)], json!([1]), Some("scalar")),
            (Shape::Text, &[OneOf(&["x"])], json!("y"), Some("inList")),
            (Shape::Number, AMOUNT, json!("9999999.99"), None),
            (Shape::Number, AMOUNT, json!(10_000_000), Some("range")),
            (Shape::Number, AMOUNT, json!(-1), Some("range")),
            (Shape::Number, AMOUNT, json!("2[object Object]"), Some("numeric")),
            (Shape::Number, AMOUNT, json!({ "a": 1 }), Some("numeric")),
            (Shape::Integer, WHOLE, json!("5"), None),
            (Shape::Integer, WHOLE, json!(0), Some("range")),
            (Shape::Integer, WHOLE, json!(1.5), Some("integer")),
            (Shape::Integer, &[AnyType, DIGITS], json!("0004"), None),
            (Shape::Integer, &[AnyType, DIGITS], json!("UN1234"), Some("digits")),
            (Shape::Boolean, &[], json!("1"), None),
            (Shape::Boolean, &[], json!("yes"), Some("boolean")),
            (Shape::List, &[], json!({ "name": "x" }), Some("array")),
            (Shape::Object, &[], json!([{}]), Some("array")),
            (Shape::Object, &[Lone], json!([{}]), None),
        ] {
            assert_eq!(broken(shape, rules, &value), expected, "{shape} {rules:?} {value}");
        }
    }

    #[test]
    fn what_is_empty_is_missing_only_where_it_must_be_there() {
        assert_eq!(found(json!({ "a": "", "b": null, "c": "" })), ["a (_empty)", "b (_empty)"]);
        assert_eq!(found(json!({ "a": "1", "b": "2", "d": "" })), ["d (_empty)"]);
        assert_eq!(found(json!({ "b": "123456" })), ["a (_required)", "b (maxLength)"]);
    }

    #[test]
    fn what_a_field_holds_is_checked_where_it_stands() {
        let order = |more: Value| {
            let mut order = json!({ "a": "1", "b": "2" }).as_object().cloned().unwrap();
            order.extend(more.as_object().cloned().unwrap());
            found(Value::Object(order))
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(order(json!({ "goods": {}, "to": {}, "marks": [1], "seen": [{}, 5] })), none);
        assert_eq!(order(json!({ "goods": [{ "number": "x" }] })), ["goods.number (digits)"]);
        assert_eq!(order(json!({ "to": [{ "number": "x" }] })), ["to (array)"]);
        assert_eq!(order(json!({ "to": { "x": 1 } })), ["to.number (_required)"]);
        assert_eq!(
            order(json!({ "marks": [1, "x", -1] })),
            ["marks.1 (integer)", "marks.2 (digits)"]
        );
        assert_eq!(
            order(json!({ "lines": [{ "sku": " " }, { "sku": "s" }, 7] })),
            ["lines.1.kind (_required)", "lines.2 (array)"]
        );
    }

    #[test]
    fn problems_nest_as_the_input_does_and_a_list_from_zero_is_a_list() {
        let mut problems = Problems::default();
        problems.missing("recipient.postcode");
        problems.missing("products.0.name");
        assert_eq!(
            problems.printed(),
            serde_json::json!({
                "recipient": { "postcode": { "_required": "This field is required" } },
                "products": [{ "name": { "_required": "This field is required" } }],
            })
        );
        let second = Problems::one("products.1.sku", "_required", "x");
        assert_eq!(
            second.printed(),
            serde_json::json!({ "products": { "1": { "sku": { "_required": "x" } } } })
        );
        assert_eq!(second.paths(), ["products.1.sku (_required)"]);
    }
}
