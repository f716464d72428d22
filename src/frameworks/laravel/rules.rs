//! Validation the way Laravel does it, as data: fields with their rules in, problems out; no wording.
//!
//! Two laws of the framework that surprise: rules with a wildcard run after all others, whatever their place
//! in the table, because expanding them appends them; and what a limit measures depends on the value, while
//! what the message says depends on the field's rules.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::frameworks::laravel::formats;
pub use crate::frameworks::laravel::trimming::tidy;
use crate::kit::numeric;

/// A field and its rules, in order.
#[derive(Debug, Clone, Copy)]
pub struct RuledField {
    /// Dotted, with `*` for every element: `items.*.quantity`.
    pub path: &'static str,
    /// Its rules.
    pub checks: &'static [FieldRule],
}

impl RuledField {
    /// A field with its rules.
    pub const fn of(path: &'static str, checks: &'static [FieldRule]) -> Self {
        Self { path, checks }
    }
}

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRule {
    /// Present, and neither null, blank nor an empty list; when it fails, the field's other rules are skipped.
    Required,
    /// Null passes the other rules.
    Nullable,
    /// A text.
    Text,
    /// An integer, or its text.
    Integer,
    /// A number, or its text.
    Numeric,
    /// `true`, `false`, 1, 0, `"1"` or `"0"`.
    Boolean,
    /// A list or an object: PHP tells them not apart.
    List,
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// A page address.
    Url,
    /// A mail address.
    Email,
    /// Exactly this many characters, elements, or this number.
    Size(i64),
    /// At least this.
    Min(i64),
    /// At most this.
    Max(i64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Begins with one of these.
    StartsWith(&'static [&'static str]),
    /// Not twice among the elements the wildcard stands for.
    Distinct,
    /// Known to the provider under this name; asked only while the field has no other problem.
    Known(&'static str),
}

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
    /// Not a UUID.
    Uuid,
    /// Not a page address.
    Url,
    /// Not a mail address.
    Email,
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
pub fn problems(input: &Value, fields: &[RuledField]) -> Vec<Violation> {
    problems_knowing(input, fields, |_, _| true)
}

/// The same, where `known` answers the [`FieldRule::Known`] rules by their name and the value.
pub fn problems_knowing(
    input: &Value,
    fields: &[RuledField],
    mut known: impl FnMut(&'static str, &Value) -> bool,
) -> Vec<Violation> {
    let mut out = Vec::new();
    for field in fields.iter().filter(|field| !field.path.contains('*')) {
        let value = field.path.split('.').try_fold(input, child);
        examine(
            field,
            RulePlace { path: field.path, raw: false, value, twice: false },
            &mut known,
            &mut out,
        );
    }
    for field in fields.iter().filter(|field| field.path.contains('*')) {
        let segments: Vec<&str> = field.path.split('.').collect();
        let mut places = Vec::new();
        expand(Some(input), &segments, String::new(), &mut places);
        let seen = if field.checks.contains(&FieldRule::Distinct) {
            occurrences(&places)
        } else {
            BTreeMap::new()
        };
        for (path, value) in &places {
            let twice =
                value.and_then(likeness).is_some_and(|key| seen.get(&key).is_some_and(|n| *n > 1));
            examine(
                field,
                RulePlace { path, raw: true, value: *value, twice },
                &mut known,
                &mut out,
            );
        }
    }
    out
}

/// Where a rule looks.
struct RulePlace<'a> {
    path: &'a str,
    raw: bool,
    value: Option<&'a Value>,
    twice: bool,
}

/// One element or member; a list is asked with a plain index.
fn child<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(name),
        Value::Array(elements) => {
            let index: usize = name.parse().ok()?;
            if name.len() > 1 && name.starts_with(['0', '+']) { None } else { elements.get(index) }
        }
        _ => None,
    }
}

/// Every place a path with wildcards stands for.
///
/// A wildcard over something without elements stands for nothing. Members after one are expected in every
/// element, even where the element is null or a number. The depth is that of the path, a constant.
fn expand<'a>(
    value: Option<&'a Value>,
    segments: &[&str],
    path: String,
    out: &mut Vec<(String, Option<&'a Value>)>,
) {
    let Some((segment, rest)) = segments.split_first() else {
        out.push((path, value));
        return;
    };
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match (*segment, value) {
        ("*", Some(Value::Array(elements))) => {
            for (index, element) in elements.iter().enumerate() {
                expand(Some(element), rest, below(&index.to_string()), out);
            }
        }
        ("*", Some(Value::Object(members))) => {
            for (name, member) in members {
                expand(Some(member), rest, below(name), out);
            }
        }
        ("*", _) => {}
        (name, value) => expand(value.and_then(|value| child(value, name)), rest, below(name), out),
    }
}

fn occurrences(places: &[(String, Option<&Value>)]) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    for key in places.iter().filter_map(|(_, value)| value.and_then(likeness)) {
        *seen.entry(key).or_insert(0) += 1;
    }
    seen
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
    field: &RuledField,
    place: RulePlace<'_>,
    known: &mut impl FnMut(&'static str, &Value) -> bool,
    out: &mut Vec<Violation>,
) {
    let before = out.len();
    let measure = measure_of(field.checks);
    let nullable = field.checks.contains(&FieldRule::Nullable);
    let blank = matches!(place.value, Some(Value::String(text)) if is_blank(text));
    for check in field.checks {
        let kind = match (check, place.value) {
            (FieldRule::Required, value) => {
                value.is_none_or(|value| blank || is_empty(value)).then_some(Violated::Required)
            }
            (_, None) => None,
            (_, Some(Value::Null)) if nullable => None,
            (_, Some(_)) if blank => None,
            (FieldRule::Known(name), Some(value)) => {
                (out.len() == before && !known(name, value)).then_some(Violated::Invalid)
            }
            (FieldRule::Distinct, Some(_)) => place.twice.then_some(Violated::Distinct),
            (check, Some(value)) => failure(*check, value, measure),
        };
        if let Some(kind) = kind {
            let required = kind == Violated::Required;
            out.push(Violation { path: place.path.to_owned(), raw: place.raw, kind });
            if required {
                return;
            }
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

/// A number if any rule says so, else a list, else a text.
fn measure_of(checks: &[FieldRule]) -> Measure {
    let has = |wanted: FieldRule| checks.contains(&wanted);
    if has(FieldRule::Integer) || has(FieldRule::Numeric) {
        Measure::Number
    } else if has(FieldRule::List) {
        Measure::List
    } else {
        Measure::Text
    }
}

/// How one rule that looks at nothing but the value fails.
fn failure(check: FieldRule, value: &Value, measure: Measure) -> Option<Violated> {
    let text = value.as_str();
    let (passes, kind) = match check {
        FieldRule::Required | FieldRule::Nullable | FieldRule::Distinct | FieldRule::Known(_) => {
            return None;
        }
        FieldRule::Text => (text.is_some(), Violated::Text),
        FieldRule::Integer => (numeric::integer_of(value).is_some(), Violated::Integer),
        FieldRule::Numeric => (numeric::amount_of(value).is_some(), Violated::Numeric),
        FieldRule::Boolean => (is_boolean(value), Violated::Boolean),
        FieldRule::List => (value.is_array() || value.is_object(), Violated::List),
        FieldRule::Uuid => (text.is_some_and(formats::uuid), Violated::Uuid),
        FieldRule::Url => (text.is_some_and(formats::url), Violated::Url),
        FieldRule::Email => (text.is_some_and(formats::email), Violated::Email),
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
    };
    (!passes).then_some(kind)
}

fn is_boolean(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => matches!(number.as_u64(), Some(0 | 1)),
        Value::String(text) => matches!(text.as_str(), "0" | "1"),
        _ => false,
    }
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
    use super::FieldRule::*;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const ORDER: &[RuledField] = &[
        RuledField::of("address", &[Required, List]),
        RuledField::of("address.name", &[Required, Text]),
        RuledField::of("address.country", &[Required, Text, Size(2)]),
        RuledField::of("items", &[Required, List, Min(1)]),
        RuledField::of("items.*.id", &[Required, Text, Uuid, Known("product")]),
        RuledField::of("items.*.quantity", &[Nullable, Integer, Min(1)]),
        RuledField::of("items.*.total_price", &[Nullable, Numeric, Min(0)]),
        RuledField::of("is_cod", &[Nullable, Boolean]),
    ];
    const HOOK: &[RuledField] = &[
        RuledField::of("url", &[Required, Url, StartsWith(&["https://"])]),
        RuledField::of("events", &[Required, List, Min(1)]),
        RuledField::of("events.*", &[Text, OneOf(&["a", "b"]), Distinct]),
        RuledField::of("secret", &[Nullable, Text, Min(16)]),
    ];

    fn found(input: Value, fields: &[RuledField]) -> Vec<String> {
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
        let mut input = order(
            json!([{"id": "x", "quantity": 0}, {"id": 7, "quantity": "1.5", "total_price": "abc"}]),
        );
        input["is_cod"] = json!("true");
        assert_eq!(
            found(input, ORDER),
            [
                "is_cod Boolean",
                "items.0.id Uuid",
                "items.1.id Text",
                "items.1.id Uuid",
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
        const STRICT: &[RuledField] = &[RuledField::of("name", &[Text, Min(2)])];
        assert_eq!(
            found(json!({"name": null}), STRICT),
            ["name Text", "name Min { limit: 2, measure: Text }"]
        );
        assert!(found(json!({"name": ""}), STRICT).is_empty());
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
        const AMOUNT: &[RuledField] = &[RuledField::of("n", &[Integer, Min(1), Max(10)])];
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
        const FLAG: &[RuledField] = &[RuledField::of("f", &[Boolean])];
        for value in [json!(true), json!(false), json!(1), json!(0), json!("1"), json!("0")] {
            assert!(found(json!({"f": value}), FLAG).is_empty());
        }
        for value in [json!("true"), json!(2), json!(1.0), json!(null), json!([]), json!(-1)] {
            assert_eq!(found(json!({"f": value}), FLAG), ["f Boolean"]);
        }
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
