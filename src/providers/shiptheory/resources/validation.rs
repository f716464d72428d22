//! Validation as data: fields with their rules in, problems out, nested as the input is.
//!
//! Documented is the form, `{"error": {field: {rule: text}}}`, and the text of three rules. The names and texts of the
//! others are those of the framework behind the service.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::kit::{country, numeric};
use crate::providers::shiptheory::resources::input::{self, Fields};

/// Whether a field has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// There, and not empty.
    Must,
    /// As it likes.
    May,
}

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text of at most so many characters.
    Text(usize),
    /// A number from 0 to a bound, with so many places that matter.
    Number(i64, u32),
    /// A whole number between bounds.
    Whole(i64, i64),
    /// `YYYY-MM-DD`.
    Day,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Two letters.
    Country,
    /// Three letters.
    Currency,
    /// Three or six hexadecimal digits, with `#` or without.
    Colour,
    /// Three words behind three slashes.
    Words,
    /// An address of a picture, of at most so many characters.
    Picture(usize),
    /// Up to four digits, zeros in front allowed: UN 0004.
    UnNumber,
    /// An object.
    Object,
    /// A list.
    List,
}

/// A field and its rules.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be there.
    pub need: Need,
    /// What it may hold.
    pub form: Form,
}

/// A rule, short enough to align.
pub const fn rule(name: &'static str, need: Need, form: Form) -> Rule {
    Rule { name, need, form }
}

/// A text without a documented bound.
pub const LONG: Form = Form::Text(usize::MAX);
/// What a price or a measure may be: documentation, "Add Product".
pub const AMOUNT: Form = Form::Number(9_999_999, 2);

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
            match is_list {
                true => Value::Array(map.values().map(value).collect()),
                false => {
                    Value::Object(map.iter().map(|(key, it)| (key.clone(), value(it))).collect())
                }
            }
        }
        printed(&self.0, 8)
    }
}

/// Holds an object against its rules. `at` stands before the names of its fields: `recipient.`.
pub fn check(fields: &Fields, at: &str, rules: &[Rule], problems: &mut Problems) {
    for rule in rules {
        let path = format!("{at}{}", rule.name);
        let must = rule.need == Need::Must;
        let Some(value) = fields.get(rule.name) else {
            if must {
                problems.missing(&path);
            }
            continue;
        };
        if input::is_empty(value) {
            if must {
                problems.add(&path, "_empty", EMPTY);
            }
        } else if let Some(name) = broken(rule.form, value) {
            problems.invalid(&path, name);
        }
    }
}

/// The object of a name, checked with its rules; nothing when it is not there or none.
pub fn inner<'a>(
    fields: &'a Fields,
    name: &str,
    at: &str,
    rules: &[Rule],
    problems: &mut Problems,
) -> Option<&'a Fields> {
    let object = fields.get(name)?.as_object()?;
    check(object, &format!("{at}{name}."), rules, problems);
    Some(object)
}

/// The name of the rule that a value breaks.
fn broken(form: Form, value: &Value) -> Option<&'static str> {
    let text = numeric::text_of(value);
    let scalar = |name, fits: &dyn Fn(&str) -> bool| match &text {
        None => Some("scalar"),
        Some(text) => (!fits(text)).then_some(name),
    };
    match form {
        Form::Text(most) => scalar("maxLength", &|text| text.chars().count() <= most),
        Form::Number(most, places) => match input::decimal(value, places) {
            None => Some("numeric"),
            Some(number) if number < Decimal::ZERO => Some("range"),
            Some(number) if number.trunc() > Decimal::from(most) => Some("range"),
            Some(_) => None,
        },
        Form::Whole(least, most) => match numeric::integer_of(value) {
            None => Some("integer"),
            Some(number) if !(least..=most).contains(&number) => Some("range"),
            Some(_) => None,
        },
        Form::Day => scalar("date", &|text| input::day(text).is_some()),
        Form::OneOf(words) => scalar("inList", &|text| words.contains(&text)),
        Form::Country => scalar("country", &|text| country::by_two(text).is_some()),
        Form::Currency => scalar("lengthBetween", &|text| {
            text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
        }),
        Form::Colour => scalar("hexColor", &is_colour),
        Form::Words => scalar("custom", &is_three_words),
        Form::Picture(most) => match &text {
            None => Some("scalar"),
            Some(text) if text.chars().count() > most => Some("maxLength"),
            Some(text) => (!is_picture(text)).then_some("extension"),
        },
        Form::UnNumber => scalar("range", &|text| {
            (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        }),
        Form::Object => (!value.is_object()).then_some("array"),
        Form::List => (!value.is_array()).then_some("array"),
    }
}

/// Three or six hexadecimal digits: the rule stood in an earlier edition of the documentation.
fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or(text);
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_three_words(text: &str) -> bool {
    let words = text.strip_prefix("///").map(|words| words.split('.').collect::<Vec<_>>());
    words.is_some_and(|words| {
        words.len() == 3
            && words.iter().all(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
    })
}

/// Documentation, "Add Product", `thumbnail_url`.
fn is_picture(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".webp"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{AMOUNT, Form, Need, Problems, broken, check, rule};

    #[test]
    fn forms_take_what_they_should_and_nothing_else() {
        for (form, value, expected) in [
            (Form::Text(3), json!("äöü"), None),
            (Form::Text(3), json!("abcd"), Some("maxLength")),
            (Form::Text(3), json!(12), None),
            (Form::Text(3), json!([1]), Some("scalar")),
            (AMOUNT, json!("9999999.99"), None),
            (AMOUNT, json!(10_000_000), Some("range")),
            (AMOUNT, json!(-1), Some("range")),
            (AMOUNT, json!("2[object Object]"), Some("numeric")),
            (Form::Number(9_999_999, 3), json!({ "a": 1 }), Some("numeric")),
            (Form::Whole(1, 99_999), json!("5"), None),
            (Form::Whole(1, 99_999), json!(0), Some("range")),
            (Form::Whole(1, 99_999), json!(1.5), Some("integer")),
            (Form::Colour, json!("#000"), None),
            (Form::Colour, json!("fa8072"), None),
            (Form::Colour, json!("#0000"), Some("hexColor")),
            (Form::Colour, json!("red"), Some("hexColor")),
            (Form::Country, json!("gb"), None),
            (Form::Country, json!("GBR"), Some("country")),
            (Form::Currency, json!("GBP"), None),
            (Form::Currency, json!("£"), Some("lengthBetween")),
            (Form::Words, json!("///what.three.words"), None),
            (Form::Words, json!("what.three.words"), Some("custom")),
            (Form::Picture(200), json!("https://a.b/c.PNG?x=1"), None),
            (Form::Picture(200), json!("https://a.b/c.gif"), Some("extension")),
            (Form::UnNumber, json!("0004"), None),
            (Form::UnNumber, json!(9_999), None),
            (Form::UnNumber, json!("UN1234"), Some("range")),
            (Form::UnNumber, json!(-1), Some("range")),
            (Form::List, json!({ "name": "x" }), Some("array")),
        ] {
            assert_eq!(broken(form, &value), expected, "{form:?} {value}");
        }
    }

    #[test]
    fn problems_nest_as_the_input_does_and_a_list_from_zero_is_a_list() {
        let mut problems = Problems::default();
        problems.missing("recipient.postcode");
        problems.missing("products.0.name");
        assert_eq!(
            problems.printed(),
            json!({
                "recipient": { "postcode": { "_required": "This field is required" } },
                "products": [{ "name": { "_required": "This field is required" } }],
            })
        );
        let second = Problems::one("products.1.sku", "_required", "x");
        assert_eq!(
            second.printed(),
            json!({ "products": { "1": { "sku": { "_required": "x" } } } })
        );
        assert_eq!(second.paths(), ["products.1.sku (_required)"]);
    }

    #[test]
    fn what_is_empty_is_missing_only_where_it_must_be_there() {
        let fields = json!({ "a": "", "b": null, "c": "" });
        let rules = [
            rule("a", Need::Must, Form::Text(5)),
            rule("b", Need::Must, Form::Text(5)),
            rule("c", Need::May, Form::Text(5)),
            rule("d", Need::May, Form::Text(5)),
        ];
        let mut problems = Problems::default();
        check(fields.as_object().unwrap(), "", &rules, &mut problems);
        assert_eq!(problems.paths(), ["a (_empty)", "b (_empty)"]);
    }
}
