//! The tables of the documentation as data, and a payload held against them: the tree of what is wrong.

use serde_json::{Map, Value};

use crate::frameworks::rails::inspect;
use crate::message::Evidence;
use crate::providers::shipup::machines::Status;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// A text that should be one of a list, and is passed over when it is not.
    Word(fn(&str) -> bool),
    /// A text or a number: tracking numbers.
    TextOrNumber,
    /// Yes or no; the text of either will not do.
    Flag,
    /// A whole number.
    Whole,
    /// Seconds since 1970 or ISO 8601.
    Date,
    /// Names and values of the merchant's own.
    Free,
    /// An object whose own problems lie under its name.
    Object(&'static [Column]),
    /// An object whose own problems lie beside it: addresses.
    Flat(&'static [Column]),
    /// A list of objects; problems lie under their places.
    List(&'static [Column]),
}

/// One row of a table of the documentation.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The field.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

const fn must(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: true }
}

const fn may(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: false }
}

/// Documentation, "Request payload".
pub const ORDER: &[Column] = &[
    must("merchant_id", Kind::Text),
    may("ordered_at", Kind::Date),
    may("language_code", Kind::Text),
    may("email", Kind::Text),
    may("phone", Kind::Text),
    may("order_number", Kind::Text),
    may("custom_variables", Kind::Free),
    may("first_name", Kind::Text),
    may("last_name", Kind::Text),
    may("mute_notifications", Kind::Flag),
    may("canceled", Kind::Flag),
    may("line_items", Kind::List(LINE_ITEM)),
    may("shipping_address", Kind::Flat(ADDRESS)),
    may("fulfillments", Kind::List(FULFILLMENT)),
];

/// Documentation, "Shipping Address payload".
pub const ADDRESS: &[Column] = &[
    may("address1", Kind::Text),
    may("address2", Kind::Text),
    may("city", Kind::Text),
    may("zip", Kind::Text),
    may("country", Kind::Text),
    may("country_code", Kind::Text),
    may("state", Kind::Text),
    may("state_code", Kind::Text),
    may("first_name", Kind::Text),
    may("last_name", Kind::Text),
    may("name", Kind::Text),
    may("company_title", Kind::Text),
];

macro_rules! line_item {
    ($($more:expr),*) => {
        &[
            must("merchant_id", Kind::Text),
            may("title", Kind::Text),
            may("variant_title", Kind::Text),
            may("name", Kind::Text),
            may("description", Kind::Text),
            may("quantity", Kind::Whole),
            may("requires_shipping", Kind::Flag),
            may("sku", Kind::Text),
            may("thumbnail", Kind::Object(THUMBNAIL)),
            may("canceled", Kind::Flag),
            may("canceled_quantity", Kind::Whole),
            $($more),*
        ]
    };
}

/// Documentation, "Line item payload", in an order or a fulfillment.
pub const LINE_ITEM: &[Column] = line_item![];

/// The same within a tracker, where it may be told how much of it is in the parcel.
pub const SHIPPED_ITEM: &[Column] = line_item![may("shipped_quantity", Kind::Whole)];

/// Documentation, "Line item payload", `thumbnail`: the sample has texts, a known client sends numbers.
const THUMBNAIL: &[Column] =
    &[may("src", Kind::Text), may("width", Kind::TextOrNumber), may("height", Kind::TextOrNumber)];

/// Documentation, "Fulfillment Payload".
pub const FULFILLMENT: &[Column] = &[
    must("merchant_id", Kind::Text),
    may("fulfillment_number", Kind::Text),
    may("estimated_delivery_range_start", Kind::Date),
    may("estimated_delivery_range_end", Kind::Date),
    may("custom_variables", Kind::Free),
    may("status_code", Kind::Word(is_status)),
    may("warehouse_merchant_id", Kind::Text),
    may("shipping_address", Kind::Flat(ADDRESS)),
    may("line_items", Kind::List(LINE_ITEM)),
    may("trackers", Kind::List(TRACKER)),
];

fn is_status(word: &str) -> bool {
    Status::of(word).is_some()
}

/// Documentation, "Tracker payload".
pub const TRACKER: &[Column] = &[
    may("carrier_code", Kind::Text),
    may("carrier_service_code", Kind::Text),
    may("custom_variables", Kind::Free),
    may("expected_delivery_at", Kind::Date),
    may("line_items", Kind::List(SHIPPED_ITEM)),
    may("mute_notifications", Kind::Flag),
    must("tracking_number", Kind::TextOrNumber),
    may("untracked_carrier_name", Kind::Text),
    may("untracked_carrier_url", Kind::Text),
];

/// A tracker of `POST /v1/trackers`: the order, the address and the parcel in one row.
pub const FLAT_TRACKER: &[Column] = &[
    may("address_city", Kind::Text),
    may("address_country", Kind::Text),
    may("address_name", Kind::Text),
    may("address_state", Kind::Text),
    may("address_street", Kind::Text),
    may("address_zip", Kind::Text),
    may("carrier_code", Kind::Text),
    may("carrier_service_code", Kind::Text),
    may("custom_variables", Kind::Free),
    may("email", Kind::Text),
    may("expected_delivery_at", Kind::Date),
    may("first_name", Kind::Text),
    may("language_code", Kind::Text),
    may("last_name", Kind::Text),
    may("mute_notifications", Kind::Flag),
    may("order_date", Kind::Date),
    must("order_number", Kind::Text),
    may("phone", Kind::Text),
    must("tracking_number", Kind::TextOrNumber),
    may("untracked_carrier_name", Kind::Text),
    may("untracked_carrier_url", Kind::Text),
];

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

/// Holds an order against its table; how it is known that it may be like this.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn check_order(fields: &Map<String, Value>, strict: Strictness) -> Result<Evidence, Problems> {
    let mut reader = Reader::new(strict);
    let mut tree = reader.table(fields, ORDER);
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
    table: &'static [Column],
    strict: Strictness,
) -> Result<Evidence, Problems> {
    let mut reader = Reader::new(strict);
    let tree = reader.table(fields, table);
    if !tree.is_empty() {
        reader.lean_on(Evidence::Inferred);
    }
    reader.verdict(tree)
}

struct Reader {
    strict: Strictness,
    evidence: Evidence,
    /// How it is known that what was let pass is let pass.
    leniency: Evidence,
}

impl Reader {
    fn new(strict: Strictness) -> Reader {
        Reader { strict, evidence: Evidence::Documented, leniency: Evidence::Documented }
    }

    fn lean_on(&mut self, evidence: Evidence) {
        self.evidence = self.evidence.max(evidence);
    }

    fn verdict(self, tree: Map<String, Value>) -> Result<Evidence, Problems> {
        match tree.is_empty() {
            true => Ok(self.evidence.max(self.leniency)),
            false => Err(Problems { tree, evidence: self.evidence }),
        }
    }

    /// What is missing comes first, the rest in the order in which it was sent.
    fn table(
        &mut self,
        fields: &Map<String, Value>,
        table: &'static [Column],
    ) -> Map<String, Value> {
        let mut tree = Map::new();
        for column in table.iter().filter(|column| column.required) {
            if fields.get(column.name).is_none_or(is_blank) {
                tree.insert(column.name.to_owned(), Value::from("Required"));
            }
        }
        for (name, value) in fields {
            let column = table.iter().find(|column| column.name == name);
            let Some(column) = column.filter(|_| !value.is_null() && !tree.contains_key(name))
            else {
                continue;
            };
            match (column.kind, value) {
                (Kind::Flat(inner), Value::Object(fields)) => {
                    for (name, problem) in self.table(fields, inner) {
                        tree.entry(name).or_insert(problem);
                    }
                }
                _ => {
                    if let Some(problem) = self.value(column.kind, value) {
                        tree.insert(name.clone(), problem);
                    }
                }
            }
        }
        tree
    }

    /// What is wrong with one value.
    fn value(&mut self, kind: Kind, value: &Value) -> Option<Value> {
        let (fits, expected, evidence) = match kind {
            Kind::Text => (value.is_string(), "String", Evidence::Documented),
            Kind::Word(known) => {
                if value.as_str().is_some_and(|text| !text.is_empty() && !known(text)) {
                    self.leniency = Evidence::Inferred;
                }
                (value.is_string(), "String", Evidence::Documented)
            }
            Kind::TextOrNumber => {
                let fits = value.is_string() || value.is_number();
                (fits, "String or Numeric", Evidence::Documented)
            }
            Kind::Flag => (value.is_boolean(), "TrueClass or FalseClass", Evidence::Documented),
            Kind::Whole => {
                let text = || self.strict.whole_texts && whole(value).is_some();
                (value.is_i64() || value.is_u64() || text(), "Integer", Evidence::Inferred)
            }
            Kind::Date if self.strict.dates && value.is_string() => {
                (instant(value).is_some(), "DateTime", Evidence::Inferred)
            }
            Kind::Date => {
                if value.as_str().is_some_and(|text| !text.is_empty()) && instant(value).is_none() {
                    self.leniency = Evidence::Inferred;
                }
                let fits = value.is_string() || value.is_number();
                (fits, "String or Numeric", Evidence::Inferred)
            }
            Kind::Free | Kind::Flat(_) => (value.is_object(), "Hash", Evidence::Inferred),
            Kind::Object(inner) => match value {
                Value::Object(fields) => {
                    let tree = self.table(fields, inner);
                    if !tree.is_empty() {
                        self.lean_on(Evidence::Inferred);
                    }
                    return (!tree.is_empty()).then_some(Value::Object(tree));
                }
                _ => (false, "Hash", Evidence::Inferred),
            },
            Kind::List(inner) => match value {
                Value::Array(list) => return self.list(list, inner),
                _ => (false, "Array", Evidence::Inferred),
            },
        };
        if fits {
            return None;
        }
        self.lean_on(evidence);
        Some(wrong_type(value, expected))
    }

    /// Only places with a problem are there, under the text of their number.
    fn list(&mut self, list: &[Value], inner: &'static [Column]) -> Option<Value> {
        let mut tree = Map::new();
        for (place, element) in list.iter().enumerate() {
            let problem = match element {
                Value::Object(fields) => {
                    let tree = self.table(fields, inner);
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

/// Null, or a text of nothing but spaces: an id that names nothing.
fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// A whole number, or its text.
pub fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    }
}

/// Seconds since 1970, or ISO 8601; without an offset it is UTC.
pub fn instant(value: &Value) -> Option<i64> {
    let seconds = match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().map(|it| it.floor() as i64))?
        }
        Value::String(text) => {
            let text = text.trim();
            match text.parse::<i64>() {
                Ok(seconds) => seconds,
                Err(_) => iso(text)?.as_second(),
            }
        }
        _ => return None,
    };
    jiff::Timestamp::from_second(seconds).ok().map(jiff::Timestamp::as_second)
}

fn iso(text: &str) -> Option<jiff::Timestamp> {
    let utc = |civil: jiff::civil::DateTime| jiff::tz::Offset::UTC.to_timestamp(civil).ok();
    text.parse::<jiff::Timestamp>()
        .ok()
        .or_else(|| text.parse::<jiff::civil::DateTime>().ok().and_then(utc))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Kind, ORDER, Strictness, check_order, instant};
    use crate::message::Evidence;

    fn told(payload: Value, strict: Strictness) -> Option<(String, Evidence)> {
        let fields = payload.as_object().cloned().unwrap();
        let problems = check_order(&fields, strict).err()?;
        Some((Value::Object(problems.tree).to_string(), problems.evidence))
    }

    /// A value of a wrong type for each kind, and the text it gets.
    fn planted(kind: Kind) -> (Value, &'static str) {
        let text = |it| ("Wrong data type: given, ", it);
        let (value, (_, text)) = match kind {
            Kind::Text | Kind::Word(_) => {
                (json!({}), text("Wrong data type: given, Hash ({}) expected: String"))
            }
            Kind::TextOrNumber => (
                json!(true),
                text("Wrong data type: given, TrueClass (true) expected: String or Numeric"),
            ),
            Kind::Flag => (
                json!("true"),
                text("Wrong data type: given, String (true) expected: TrueClass or FalseClass"),
            ),
            Kind::Whole => {
                (json!("2"), text("Wrong data type: given, String (2) expected: Integer"))
            }
            Kind::Date => (
                json!([1]),
                text("Wrong data type: given, Array ([1]) expected: String or Numeric"),
            ),
            Kind::Free | Kind::Object(_) | Kind::Flat(_) => {
                (json!("x"), text("Wrong data type: given, String (x) expected: Hash"))
            }
            Kind::List(_) => (
                json!({ "0": 1 }),
                text("Wrong data type: given, Hash ({\"0\"=>1}) expected: Array"),
            ),
        };
        (value, text)
    }

    /// Puts a wrong value in every field of a table and below, and looks for its text at its place.
    fn walk(
        table: &'static [super::Column],
        wrap: &dyn Fn(Value) -> Value,
        at: &str,
        seen: &mut u32,
    ) {
        for column in table {
            let (value, text) = planted(column.kind);
            let payload = wrap(json!({ column.name: value }));
            let (tree, _) =
                told(payload, Strictness { plain_root_key: true, ..Strictness::default() })
                    .unwrap();
            let tree: Value = serde_json::from_str(&tree).unwrap();
            let place = format!("{at}/{}", column.name);
            assert_eq!(tree.pointer(&place), Some(&json!(text)), "{place} in {tree}");
            *seen += 1;
            let name = column.name;
            match column.kind {
                Kind::Object(inner) => {
                    walk(inner, &|it| wrap(json!({ name: it })), &place, seen);
                }
                Kind::Flat(inner) => walk(inner, &|it| wrap(json!({ name: it })), at, seen),
                Kind::List(inner) => {
                    // The second of two, the first being no object.
                    let deeper = format!("{place}/1");
                    walk(inner, &|it| wrap(json!({ name: [7, it] })), &deeper, seen);
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

    #[test]
    fn dates_are_seconds_or_iso() {
        for (value, expected) in [
            (json!(1_565_601_449), Some(1_565_601_449)),
            (json!("1565601449"), Some(1_565_601_449)),
            (json!(1_565_601_449.9), Some(1_565_601_449)),
            (json!("2019-08-12T09:17:29Z"), Some(1_565_601_449)),
            (json!("2019-08-12T11:17:29.250+02:00"), Some(1_565_601_449)),
            (json!("2019-08-12 09:17:29"), Some(1_565_601_449)),
            (json!("2019-08-12"), Some(1_565_568_000)),
            (json!(i64::MAX), None),
            (json!(1e300), None),
            (json!("soon"), None),
            (json!(""), None),
            (json!(true), None),
        ] {
            assert_eq!(instant(&value), expected, "{value}");
        }
    }
}
