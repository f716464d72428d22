//! Validation the way Laravel does it, as data: fields with their rules in, problems out; no wording.
//!
//! Two laws of the framework that surprise: rules with a wildcard run after all others, whatever their place
//! in the table, because expanding them appends them; and what a limit measures depends on the value, while
//! what the message says depends on the field's rules.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::kit::json::Value;

use crate::frameworks::laravel::formats;
pub use crate::frameworks::laravel::trimming::{input, tidy};
use crate::frameworks::laravel::wildcards::{InputSpot, visit};
use crate::kit::fields::{self, Field, FieldRule, PathStep, Shape};
use crate::kit::numeric;

/// The `url` rule: a page address.
pub const URL: FieldRule = FieldRule::Format("url", formats::url);
/// The `uuid` rule: 8-4-4-4-12 hexadecimal digits.
#[cfg_attr(
    surface_only,
    expect(dead_code, reason = "a rule of the framework that no field of today has")
)]
pub const UUID: FieldRule = FieldRule::Format("uuid", formats::uuid);
/// The `email` rule: a mail address.
#[cfg_attr(
    surface_only,
    expect(dead_code, reason = "a rule of the framework that no field of today has")
)]
pub const EMAIL: FieldRule = FieldRule::Format("email", formats::email);

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The concrete path: `items.0.id`.
    pub path: String,
    /// Whether the rule had a wildcard: its attribute is then shown as the path is.
    pub raw: bool,
    /// The rule that failed.
    pub kind: Violated,
}

impl Violation {
    /// A problem a provider found by itself.
    pub fn new(path: impl Into<String>, kind: Violated) -> Self {
        Self { path: path.into(), raw: false, kind }
    }
}

/// The rule that failed, with what its message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violated {
    /// Missing or empty.
    Required,
    /// Not a text.
    Text,
    /// Not an integer.
    Integer,
    /// Not a number.
    Numeric,
    /// Not a boolean.
    Boolean,
    /// Not a list.
    List,
    /// Not of the form of this name.
    Format(&'static str),
    /// There, and empty.
    Filled,
    /// Not of this size.
    Size {
        /// The size.
        limit: i64,
        /// What it counts.
        measure: Measure,
    },
    /// Too small.
    Min {
        /// The least.
        limit: i64,
        /// What it counts.
        measure: Measure,
    },
    /// Too large.
    Max {
        /// The most.
        limit: i64,
        /// What it counts.
        measure: Measure,
    },
    /// Not one of the words, or not known.
    Invalid,
    /// Begins with none of these.
    StartsWith(&'static [&'static str]),
    /// There twice.
    Distinct,
}

/// What a limit speaks of, by the field's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Characters.
    Text,
    /// The number itself.
    Number,
    /// Elements.
    List,
}

/// Every problem of an input, in the framework's order.
pub fn problems(input: &Value, table: &'static [Field]) -> Vec<Violation> {
    problems_knowing(input, table, |_, _| true)
}

/// The same, where `known` answers the [`FieldRule::Known`] rules by their name and the value.
pub fn problems_knowing(
    input: &Value,
    table: &'static [Field],
    mut known: impl FnMut(&'static str, &Value) -> bool,
) -> Vec<Violation> {
    let mut out = Vec::new();
    // Rows with a wildcard, for when all others are done; the steps of all of them in one list.
    let (mut later, mut far) = (Vec::new(), Vec::new());
    let mut defer = |steps: &[PathStep], last: Option<PathStep>, checks| {
        let start = far.len();
        far.extend_from_slice(steps);
        far.extend(last);
        later.push((start..far.len(), checks));
    };
    fields::each(table, &mut |steps, field| {
        let Some(checks) = Checks::of(field) else { return };
        if steps.contains(&PathStep::Every) {
            defer(steps, None, checks);
        } else {
            everywhere(input, steps, checks, &mut known, &mut out);
        }
        for rule in checks.rules {
            if let FieldRule::Each(shape, rules) = rule {
                let checks = Checks { required: false, nullable: false, shape: *shape, rules };
                defer(steps, Some(PathStep::Every), checks);
            }
        }
    });
    for (steps, checks) in later {
        everywhere(input, &far[steps], checks, &mut known, &mut out);
    }
    out
}

/// What a field is checked by. One that is not required may be null.
#[derive(Clone, Copy)]
struct Checks {
    required: bool,
    nullable: bool,
    shape: Shape,
    rules: &'static [FieldRule],
}

impl Checks {
    fn of(field: &Field) -> Option<Checks> {
        let rules = field.rules?;
        let required = field.is_needed();
        Some(Checks { required, nullable: !required, shape: field.shape, rules })
    }

    fn is_typed(self) -> bool {
        !self.rules.iter().any(|rule| matches!(rule, FieldRule::AnyType))
    }

    /// What a limit speaks of.
    fn measure(self) -> Measure {
        match self.shape {
            Shape::Integer | Shape::Number if self.is_typed() => Measure::Number,
            Shape::List | Shape::Object if self.is_typed() => Measure::List,
            _ => Measure::Text,
        }
    }
}

/// Holds every place that a path stands for against its checks.
fn everywhere(
    input: &Value,
    steps: &[PathStep],
    checks: Checks,
    known: &mut impl FnMut(&'static str, &Value) -> bool,
    out: &mut Vec<Violation>,
) {
    let raw = steps.contains(&PathStep::Every);
    let distinct = raw && checks.rules.iter().any(|rule| matches!(rule, FieldRule::Distinct));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    if distinct {
        visit(Some(input), steps, None, &mut |_, value| {
            if let Some(key) = value.and_then(likeness) {
                *seen.entry(key).or_insert(0) += 1;
            }
        });
    }
    visit(Some(input), steps, None, &mut |spot, value| {
        let is_twice = |key| seen.get(&key).is_some_and(|times| *times > 1);
        let twice = distinct && value.and_then(likeness).is_some_and(is_twice);
        examine(checks, RulePlace { spot, raw, value, twice }, known, out);
    });
}

/// Where a rule looks.
struct RulePlace<'a, 's> {
    spot: &'a InputSpot<'s>,
    raw: bool,
    value: Option<&'a Value>,
    twice: bool,
}

impl RulePlace<'_, '_> {
    fn violation(&self, kind: Violated) -> Violation {
        Violation { path: self.spot.to_string(), raw: self.raw, kind }
    }
}

/// A key that equal values share: numbers and numeric texts by their number, other scalars by themselves.
/// Lists are never compared.
fn likeness(value: &Value) -> Option<String> {
    match numeric::amount_of(value) {
        Some(amount) => Some(format!("number {:?}", amount.float() + 0.0)),
        None => match value {
            Value::String(text) => Some(format!("text {text}")),
            Value::Array(_) | Value::Object(_) => None,
            other => Some(other.to_string()),
        },
    }
}

fn examine(
    checks: Checks,
    place: RulePlace<'_, '_>,
    known: &mut impl FnMut(&'static str, &Value) -> bool,
    out: &mut Vec<Violation>,
) {
    let before = out.len();
    let blank = matches!(place.value, Some(Value::String(text)) if is_blank(text));
    let mut tell = |kind| out.push(place.violation(kind));
    let empty = place.value.is_none_or(|value| blank || is_empty(value));
    if checks.required && empty {
        return tell(Violated::Required);
    }
    let Some(value) = place.value else { return };
    if empty && checks.rules.iter().any(|rule| matches!(rule, FieldRule::Filled)) {
        tell(Violated::Filled);
    }
    if blank || (checks.nullable && value.is_null()) {
        return;
    }
    let or_number = checks.rules.iter().any(|rule| matches!(rule, FieldRule::OrNumber));
    if checks.is_typed() && !(or_number && value.is_number()) {
        mistyped(checks.shape, value).into_iter().for_each(&mut tell);
    }
    let measure = checks.measure();
    for rule in checks.rules {
        let kind = match rule {
            FieldRule::Known(name) => {
                (out.len() == before && !known(name, value)).then_some(Violated::Invalid)
            }
            FieldRule::Distinct => place.twice.then_some(Violated::Distinct),
            rule => failure(*rule, value, measure),
        };
        if let Some(kind) = kind {
            out.push(place.violation(kind));
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x0b | 0))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// How a value is of another type. PHP tells lists and objects not apart.
fn mistyped(shape: Shape, value: &Value) -> Option<Violated> {
    let (fits, kind) = match shape {
        Shape::Text => (value.is_string(), Violated::Text),
        Shape::Integer => (numeric::integer_of(value).is_some(), Violated::Integer),
        Shape::Number => (numeric::amount_of(value).is_some(), Violated::Numeric),
        Shape::Boolean => (numeric::is_boolean(value), Violated::Boolean),
        Shape::List | Shape::Object => (value.is_array() || value.is_object(), Violated::List),
    };
    (!fits).then_some(kind)
}

/// How one rule that looks at nothing but the value fails. Rules that only other frameworks have are none here.
fn failure(rule: FieldRule, value: &Value, measure: Measure) -> Option<Violated> {
    let (passes, kind) = match rule {
        FieldRule::Size(limit) => {
            (size(value, measure, limit) == Ordering::Equal, Violated::Size { limit, measure })
        }
        FieldRule::Min(limit) => {
            (size(value, measure, limit) != Ordering::Less, Violated::Min { limit, measure })
        }
        FieldRule::Max(limit) => {
            (size(value, measure, limit) != Ordering::Greater, Violated::Max { limit, measure })
        }
        FieldRule::OneOf(words) => (is_one_of(value, words, measure), Violated::Invalid),
        FieldRule::StartsWith(beginnings) => {
            let text = numeric::text_of(value);
            let begins = text
                .is_some_and(|text| beginnings.iter().any(|beginning| text.starts_with(beginning)));
            (begins, Violated::StartsWith(beginnings))
        }
        FieldRule::Format(name, fits) => (value.as_str().is_some_and(fits), Violated::Format(name)),
        FieldRule::AnyType
        | FieldRule::OrNumber
        | FieldRule::Filled
        | FieldRule::Places(_)
        | FieldRule::Known(_)
        | FieldRule::Each(..)
        | FieldRule::Distinct
        | FieldRule::SkipBlank
        | FieldRule::Lone
        | FieldRule::Beside => return None,
    };
    (!passes).then_some(kind)
}

/// How large a value is beside a limit: a number of a numeric field by itself, a list by its elements,
/// everything else by the characters of its text.
fn size(value: &Value, measure: Measure, limit: i64) -> Ordering {
    if measure == Measure::Number
        && let Some(amount) = numeric::amount_of(value)
    {
        return amount.compare(limit);
    }
    let count = match value {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        scalar => numeric::text_of(scalar).map_or(0, |text| text.chars().count()),
    };
    i64::try_from(count).unwrap_or(i64::MAX).cmp(&limit)
}

/// A scalar is compared as text; a list, where one is asked for, must consist of the words.
fn is_one_of(value: &Value, words: &[&str], measure: Measure) -> bool {
    let among = |value: &Value| numeric::text_of(value).is_some_and(|text| words.contains(&&*text));
    match value {
        Value::Array(elements) => measure == Measure::List && elements.iter().all(among),
        Value::Object(members) => measure == Measure::List && members.values().all(among),
        scalar => among(scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::fields::FieldRule::*;
    use crate::kit::fields::fields;
    use crate::kit::json::json;
    use proptest::prelude::*;

    fields! {
        ORDER {
            body "address"             must Object  [];
            body "address.name"        must Text    [];
            body "address.country"     must Text    [Size(2)];
            body "items"               must List    [Min(1)];
            body "items[].id"          must Text    [UUID, Known("product")];
            body "items[].quantity"    may  Integer [Min(1)];
            body "items[].total_price" may  Number  [Min(0)];
            body "is_cod"              may  Boolean [];
        }
        HOOK {
            body "url"    must Text [AnyType, URL, StartsWith(&["https://"])];
            body "events" must List [Min(1), Each(Shape::Text, &[OneOf(&["a", "b"]), Distinct])];
            body "secret" may  Text [Min(16)];
        }
        AMOUNT {
            body "n" usual Integer [Min(1), Max(10)];
        }
        FLAG {
            body "f" may List [Each(Shape::Boolean, &[])];
        }
        STRICT {
            body "names" may List [Each(Shape::Text, &[Min(2)])];
        }
        LINES {
            body "lines" must List [] => LINE;
        }
        LINE {
            body "sku"  must Text [Max(3)];
            body "name" may  Text [Filled];
        }
    }

    fn found(input: Value, fields: &'static [Field]) -> Vec<String> {
        let known = |_: &str, value: &Value| value != "00000000-0000-0000-0000-000000000000";
        problems_knowing(&input, fields, known)
            .iter()
            .map(|p| format!("{} {:?}", p.path, p.kind))
            .collect()
    }

    fn order(items: Value) -> Value {
        json!({"address": {"name": "A", "country": "TN"}, "items": items})
    }

    #[test]
    fn an_empty_body_misses_the_required_fields_in_order_and_no_element() {
        assert_eq!(
            found(json!({}), ORDER),
            [
                "address Required",
                "address.name Required",
                "address.country Required",
                "items Required"
            ]
        );
        assert_eq!(found(json!([]), ORDER), found(json!({}), ORDER));
        assert_eq!(found(json!(null), ORDER), found(json!({}), ORDER));
    }

    #[test]
    fn elements_without_members_miss_them() {
        for element in [json!(null), json!(5), json!("x"), json!([]), json!({})] {
            assert_eq!(found(order(json!([element])), ORDER), ["items.0.id Required"]);
        }
        assert_eq!(found(order(json!({"first": {}})), ORDER), ["items.first.id Required"]);
        assert_eq!(found(order(json!("x")), ORDER), ["items List"]);
        assert_eq!(found(order(json!([])), ORDER), ["items Required"]);
    }

    #[test]
    fn wildcard_rules_run_last_and_rule_by_rule() {
        let input = json!({
            "address": {"name": "A", "country": "TN"},
            "items": [{"id": "x", "quantity": 0}, {"id": 7, "quantity": "1.5", "total_price": "abc"}],
            "is_cod": "true",
        });
        assert_eq!(
            found(input, ORDER),
            [
                "is_cod Boolean",
                "items.0.id Format(\"uuid\")",
                "items.1.id Text",
                "items.1.id Format(\"uuid\")",
                "items.0.quantity Min { limit: 1, measure: Number }",
                "items.1.quantity Integer",
                "items.1.total_price Numeric",
            ]
        );
    }

    #[test]
    fn a_provider_is_asked_only_about_values_in_form() {
        let id = "00000000-0000-0000-0000-000000000000";
        assert_eq!(found(order(json!([{"id": id}])), ORDER), ["items.0.id Invalid"]);
        assert_eq!(problems(&order(json!([{"id": id}])), ORDER), []);
    }

    #[test]
    fn null_and_blank_pass_only_where_the_framework_lets_them() {
        let id = "2e97b37a-3118-4905-842c-19706bcf1455";
        assert!(
            found(order(json!([{"id": id, "quantity": null, "total_price": "  "}])), ORDER)
                .is_empty()
        );
        assert_eq!(
            found(json!({"names": [null]}), STRICT),
            ["names.0 Text", "names.0 Min { limit: 2, measure: Text }"]
        );
        assert!(found(json!({"names": [""]}), STRICT).is_empty());
        assert!(found(json!({}), STRICT).is_empty());
    }

    #[test]
    fn limits_measure_by_value_and_speak_by_rule() {
        let hook =
            |secret: Value| json!({"url": "https://x.com", "events": ["a"], "secret": secret});
        assert!(
            found(hook(json!("ابجدهوزحطيكلمنسع")), HOOK).is_empty(),
            "sixteen characters, not bytes"
        );
        assert_eq!(
            found(hook(json!(123456789)), HOOK),
            ["secret Text", "secret Min { limit: 16, measure: Text }"]
        );
        assert_eq!(
            found(json!({"n": []}), AMOUNT),
            ["n Integer", "n Min { limit: 1, measure: Number }"]
        );
        assert_eq!(found(json!({"n": "abc"}), AMOUNT), ["n Integer"]);
        assert_eq!(found(json!({"n": true}), AMOUNT), [""; 0]);
        for huge in
            [json!(u64::MAX), json!(1e300), json!("99999999999999999999999999999999999999999999")]
        {
            assert_eq!(
                found(json!({"n": huge}), AMOUNT),
                ["n Integer", "n Max { limit: 10, measure: Number }"]
            );
        }
    }

    #[test]
    fn a_webhook_names_its_wrong_events_and_address() {
        let input = json!({"url": "http://x.com", "events": ["a", "c", "a"], "secret": "short"});
        assert_eq!(
            found(input, HOOK),
            [
                "url StartsWith([\"https://\"])",
                "secret Min { limit: 16, measure: Text }",
                "events.0 Distinct",
                "events.1 Invalid",
                "events.2 Distinct",
            ]
        );
        assert_eq!(found(json!({"url": "x", "events": "a"}), HOOK).len(), 3);
    }

    #[test]
    fn booleans_are_six_values() {
        for value in [json!(true), json!(false), json!(1), json!(0), json!("1"), json!("0")] {
            assert!(found(json!({"f": [value]}), FLAG).is_empty());
        }
        for value in [json!("true"), json!(2), json!(1.0), json!(null), json!([]), json!(-1)] {
            assert_eq!(found(json!({"f": [value]}), FLAG), ["f.0 Boolean"]);
        }
    }

    #[test]
    fn what_a_list_holds_is_checked_as_if_its_paths_were_written_out() {
        assert_eq!(
            found(json!({"lines": [{"sku": "abcd", "name": ""}, {}]}), LINES),
            [
                "lines.0.sku Max { limit: 3, measure: Text }",
                "lines.1.sku Required",
                "lines.0.name Filled"
            ]
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[ -~\u{a0}é]{0,20}".prop_map(Value::from),
            "[+-]?[0-9]{0,40}[.e]?[0-9]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            let name = prop::sample::select(vec![
                "address", "items", "id", "quantity", "events", "url", "0",
            ]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((name.prop_map(str::to_owned), inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_input_makes_it_panic(input in any_json()) {
            let tidied = tidy(input);
            prop_assert_eq!(&tidy(tidied.clone()), &tidied);
            for fields in [ORDER, HOOK] {
                for problem in problems(&tidied, fields) {
                    prop_assert_eq!(problem.raw, !fields.iter().any(|field| field.path == problem.path));
                }
            }
        }
    }
}
