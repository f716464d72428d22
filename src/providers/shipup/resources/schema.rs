//! A payload held against its field table, as Rails tells of wrong types: the tree of what is wrong.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::frameworks::rails::{inspect, wide_integer};
use crate::kit::fields::{Field, FieldRule, Shape};
use crate::message::Evidence;
use crate::providers::shipup::fields;
use crate::providers::shipup::resources::formats::{DATE_TIME, LANGUAGE_CODE, instant, whole};

/// How strictly a payload is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Strictness {
    /// A text that is no date is refused, not passed over.
    pub dates: bool,
    /// A text of digits will do for a whole number.
    pub whole_texts: bool,
    /// The order's own missing `merchant_id` is reported under that name.
    pub plain_root_key: bool,
}

/// What is wrong with a payload, mirroring it.
#[derive(Debug, Clone, PartialEq)]
pub struct Problems {
    /// The tree; texts at its leaves.
    pub tree: Map<String, Value>,
    /// The weakest of what is known about its texts.
    pub evidence: Evidence,
}

/// What is known of a payload that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitting {
    /// How it is known that it may be like this.
    pub evidence: Evidence,
    /// The fields whose values are none of the kind and count for nothing, with the reason.
    pub passed_over: BTreeSet<String>,
}

/// Holds an order, which stands there in the body, against its table.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn check_order(
    fields: &Map<String, Value>,
    at: &str,
    strict: Strictness,
) -> Result<Fitting, Problems> {
    let mut reader = Reader::new(strict);
    let mut tree = reader.table(fields, fields::ORDER, at);
    if !strict.plain_root_key && tree.contains_key("merchant_id") {
        // A public sample of a batch reports the order's own key in this form.
        reader.lean_on(Evidence::Observed);
        tree = tree
            .into_iter()
            .map(|(name, it)| (if name == "merchant_id" { "merchantId".into() } else { name }, it))
            .collect();
    }
    reader.verdict(tree)
}

/// Holds a body of one list, as the batches have it, against its table.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn check(
    fields: &Map<String, Value>,
    table: &'static [Field],
    strict: Strictness,
) -> Result<Fitting, Problems> {
    let mut reader = Reader::new(strict);
    let tree = reader.table(fields, table, BODY);
    if !tree.is_empty() {
        reader.lean_on(Evidence::Inferred);
    }
    reader.verdict(tree)
}

/// Where the fields of a body stand.
pub const BODY: &str = "body";

struct Reader {
    strict: Strictness,
    evidence: Evidence,
    /// What is let pass, which is inferred.
    passed_over: BTreeSet<String>,
}

impl Reader {
    fn new(strict: Strictness) -> Reader {
        Reader { strict, evidence: Evidence::Documented, passed_over: BTreeSet::new() }
    }

    fn lean_on(&mut self, evidence: Evidence) {
        self.evidence = self.evidence.max(evidence);
    }

    fn verdict(mut self, tree: Map<String, Value>) -> Result<Fitting, Problems> {
        if tree.is_empty() {
            if !self.passed_over.is_empty() {
                self.lean_on(Evidence::Inferred);
            }
            Ok(Fitting { evidence: self.evidence, passed_over: self.passed_over })
        } else {
            Err(Problems { tree, evidence: self.evidence })
        }
    }

    /// What is missing comes first, the rest in the order in which it was sent.
    fn table(
        &mut self,
        fields: &Map<String, Value>,
        table: &'static [Field],
        at: &str,
    ) -> Map<String, Value> {
        let mut tree = Map::new();
        for field in table.iter().filter(|field| field.is_needed()) {
            if fields.get(field.path).is_none_or(is_blank) {
                tree.insert(field.path.to_owned(), Value::from("Required"));
            }
        }
        for (name, value) in fields {
            let field = table.iter().find(|field| field.path == name);
            let is_missing = |field: &&Field| field.is_needed() && is_blank(value);
            let Some(field) = field.filter(|it| !value.is_null() && !is_missing(it)) else {
                continue;
            };
            match value {
                Value::Object(inner) if is_beside(field) => {
                    for (name, problem) in self.table(inner, field.below, &format!("{at}.{name}")) {
                        tree.entry(name).or_insert(problem);
                    }
                }
                _ => {
                    if let Some(problem) = self.value(field, value, &format!("{at}.{name}")) {
                        tree.insert(name.clone(), problem);
                    }
                }
            }
        }
        tree
    }

    /// What is wrong with one value.
    fn value(&mut self, field: &Field, value: &Value, at: &str) -> Option<Value> {
        let (fits, expected, evidence) = match field.shape {
            Shape::Text => self.text(field, value, at),
            Shape::Boolean => (value.is_boolean(), "TrueClass or FalseClass", Evidence::Documented),
            Shape::Integer => {
                let text = || self.strict.whole_texts && whole(value).is_some();
                (is_whole(value) || text(), "Integer", Evidence::Inferred)
            }
            Shape::Number => (value.is_number() || is_whole(value), "Numeric", Evidence::Inferred),
            Shape::Object => match value {
                Value::Object(fields) => {
                    let tree = self.table(fields, field.below, at);
                    if !tree.is_empty() {
                        self.lean_on(Evidence::Inferred);
                    }
                    return (!tree.is_empty()).then_some(Value::Object(tree));
                }
                _ => (false, "Hash", Evidence::Inferred),
            },
            Shape::List => match value {
                Value::Array(list) => return self.list(list, field.below, at),
                _ => (false, "Array", Evidence::Inferred),
            },
        };
        if fits {
            return None;
        }
        self.lean_on(evidence);
        Some(wrong_type(value, expected))
    }

    /// Whether a value is a text, or a number that will do for one; a text that has not its format is passed over,
    /// unless dates are read strictly.
    fn text(&mut self, field: &Field, value: &Value, at: &str) -> (bool, &'static str, Evidence) {
        let format = field.rules.into_iter().flatten().find_map(|rule| match rule {
            FieldRule::Format(name, fits) => Some((*name, *fits)),
            _ => None,
        });
        let is_date = format.is_some_and(|(name, _)| name == DATE_TIME);
        let is_text = value.is_string() && wide_integer::digits(value).is_none();
        if let (Some((name, fits)), Some(text)) = (format, value.as_str().filter(|_| is_text)) {
            if is_date && self.strict.dates {
                return (fits(text), DATE_TIME, Evidence::Inferred);
            }
            if !text.trim().is_empty() && !fits(text) {
                self.passed_over.insert(format!("{at}: {}", beside(name)));
            }
        } else if is_date && !value.is_boolean() && !is_compound(value) && instant(value).is_none()
        {
            self.passed_over.insert(format!("{at}: {}", beside(DATE_TIME)));
        }
        let evidence = if is_date { Evidence::Inferred } else { Evidence::Documented };
        if field.has(|rule| matches!(rule, FieldRule::OrNumber)) {
            (value.is_string() || value.is_number(), "String or Numeric", evidence)
        } else {
            (is_text, "String", evidence)
        }
    }

    /// Only places with a problem are there, under the text of their number.
    fn list(&mut self, list: &[Value], inner: &'static [Field], at: &str) -> Option<Value> {
        let at = format!("{at}[]");
        let mut tree = Map::new();
        for (place, element) in list.iter().enumerate() {
            let problem = match element {
                Value::Object(fields) => {
                    let tree = self.table(fields, inner, &at);
                    (!tree.is_empty()).then_some(Value::Object(tree))
                }
                other => {
                    self.lean_on(Evidence::Inferred);
                    Some(wrong_type(other, "Hash"))
                }
            };
            if let Some(problem) = problem {
                tree.insert(place.to_string(), problem);
            }
        }
        (!tree.is_empty()).then_some(Value::Object(tree))
    }
}

/// The documented text of a wrong type.
fn wrong_type(value: &Value, expected: &str) -> Value {
    let (class, shown) = (inspect::class_of(value), inspect::to_s(value));
    Value::from(format!("Wrong data type: given, {class} ({shown}) expected: {expected}"))
}

/// Whether problems of its fields lie beside it: addresses.
pub fn is_beside(field: &Field) -> bool {
    field.has(|rule| matches!(rule, FieldRule::Beside))
}

/// What a value counts for that has not the format it should have.
fn beside(format: &str) -> &'static str {
    match format {
        DATE_TIME => "no date, and none was taken over",
        LANGUAGE_CODE => "no language; the account's is spoken",
        _ => "no status, and none was taken over",
    }
}

/// A whole number of any size.
fn is_whole(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || wide_integer::digits(value).is_some()
}

fn is_compound(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

/// Null, or a text of nothing but spaces: an id that names nothing.
fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Field, FieldRule, Shape, Strictness, check_order, is_beside};
    use crate::message::Evidence;
    use crate::providers::shipup::fields::ORDER;

    fn told(payload: Value, strict: Strictness) -> Option<(String, Evidence)> {
        let fields = payload.as_object().cloned().unwrap();
        let problems = check_order(&fields, super::BODY, strict).err()?;
        Some((Value::Object(problems.tree).to_string(), problems.evidence))
    }

    /// A value of a wrong type for each field, and the text it gets.
    fn planted(field: &Field) -> (Value, &'static str) {
        let is_date = field.has(|rule| matches!(rule, FieldRule::Format("DateTime", _)));
        match field.shape {
            Shape::Text if is_date => {
                (json!([1]), "Wrong data type: given, Array ([1]) expected: String or Numeric")
            }
            Shape::Text if field.has(|rule| matches!(rule, FieldRule::OrNumber)) => (
                json!(true),
                "Wrong data type: given, TrueClass (true) expected: String or Numeric",
            ),
            Shape::Text => (json!({}), "Wrong data type: given, Hash ({}) expected: String"),
            Shape::Boolean => (
                json!("true"),
                "Wrong data type: given, String (true) expected: TrueClass or FalseClass",
            ),
            Shape::Integer => (json!("2"), "Wrong data type: given, String (2) expected: Integer"),
            Shape::Number => (json!("2"), "Wrong data type: given, String (2) expected: Numeric"),
            Shape::Object => (json!("x"), "Wrong data type: given, String (x) expected: Hash"),
            Shape::List => {
                (json!({ "0": 1 }), "Wrong data type: given, Hash ({\"0\"=>1}) expected: Array")
            }
        }
    }

    /// Puts a wrong value in every field of a table and below, and looks for its text at its place.
    fn walk(table: &'static [Field], wrap: &dyn Fn(Value) -> Value, at: &str, seen: &mut u32) {
        for field in table {
            let (value, text) = planted(field);
            let name = field.path;
            let payload = wrap(json!({ name: value }));
            let (tree, _) =
                told(payload, Strictness { plain_root_key: true, ..Strictness::default() })
                    .unwrap();
            let tree: Value = serde_json::from_str(&tree).unwrap();
            let place = format!("{at}/{name}");
            assert_eq!(tree.pointer(&place), Some(&json!(text)), "{place} in {tree}");
            *seen += 1;
            let below = if is_beside(field) { at } else { &place };
            match field.shape {
                Shape::Object => walk(field.below, &|it| wrap(json!({ name: it })), below, seen),
                Shape::List => {
                    // The second of two, the first being no object.
                    let deeper = format!("{place}/1");
                    walk(field.below, &|it| wrap(json!({ name: [7, it] })), &deeper, seen);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn every_field_of_every_table_at_every_depth_reports_a_wrong_type_at_its_place() {
        let mut seen = 0;
        walk(ORDER, &|it| it, "", &mut seen);
        assert_eq!(seen, 100);
    }

    #[test]
    #[rustfmt::skip]
    fn missing_null_and_blank_ids_are_required_and_other_nulls_are_not_there() {
        let order = |more: Value| {
            let mut order = json!({ "merchant_id": "o" });
            order.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            order
        };
        let usual = Strictness::default();
        for (payload, expected, evidence) in [
            (json!({}),                      r#"{"merchantId":"Required"}"#, Evidence::Observed),
            (json!({ "merchant_id": null }), r#"{"merchantId":"Required"}"#, Evidence::Observed),
            (json!({ "merchant_id": " " }),  r#"{"merchantId":"Required"}"#, Evidence::Observed),
            (json!({ "merchant_id": 5 }),    r#"{"merchantId":"Wrong data type: given, Integer (5) expected: String"}"#, Evidence::Observed),
            (order(json!({ "fulfillments": [{}] })), r#"{"fulfillments":{"0":{"merchant_id":"Required"}}}"#, Evidence::Documented),
            (order(json!({ "line_items": [null, { "merchant_id": "" }] })),
             r#"{"line_items":{"0":"Wrong data type: given, NilClass () expected: Hash","1":{"merchant_id":"Required"}}}"#, Evidence::Inferred),
        ] {
            assert_eq!(told(payload, usual), Some((expected.to_owned(), evidence)));
        }
        for fine in [
            order(json!({ "email": null, "language_code": "", "fulfillments": null, "shipping_address": null })),
            order(json!({ "unknown": { "a": [] }, "ordered_at": "no date", "line_items": [] })),
            order(json!({ "line_items": [{ "merchant_id": "a", "variant_title": null, "shipped_quantity": "x" }] })),
            order(json!({ "fulfillments": [{ "merchant_id": "f", "trackers": [{ "tracking_number": 12.5 }] }] })),
        ] {
            assert_eq!(told(fine, usual), None);
        }
    }

    #[test]
    fn strictness_is_a_choice() {
        let payload = json!({ "merchant_id": "o", "ordered_at": "no date", "line_items": [{ "merchant_id": "a", "quantity": "2" }] });
        let strict = Strictness { dates: true, ..Strictness::default() };
        let (tree, evidence) = told(payload.clone(), strict).unwrap();
        assert_eq!(
            tree,
            concat!(
                r#"{"ordered_at":"Wrong data type: given, String (no date) expected: DateTime","#,
                r#""line_items":{"0":{"quantity":"Wrong data type: given, String (2) expected: Integer"}}}"#
            )
        );
        assert_eq!(evidence, Evidence::Inferred);
        let lenient = Strictness { whole_texts: true, ..Strictness::default() };
        assert_eq!(told(payload, lenient), None);
        let plain = Strictness { plain_root_key: true, ..Strictness::default() };
        assert_eq!(told(json!({}), plain).unwrap().0, r#"{"merchant_id":"Required"}"#);
    }
}
