//! Validation messages as Laravel says them in English.
//!
//! Wording in the kit is an exception: two providers, Shipper and Salla, run on the framework and speak its words.

use serde_json::{Map, Value, json};

use crate::frameworks::laravel::rules::{Measure, Violated, Violation};

/// The sentence for one problem.
pub fn message(problem: &Violation) -> String {
    let field = attribute(problem);
    match &problem.kind {
        Violated::Required => format!("The {field} field is required."),
        Violated::Text => format!("The {field} field must be a string."),
        Violated::Integer => format!("The {field} field must be an integer."),
        Violated::Numeric => format!("The {field} field must be a number."),
        Violated::Boolean => format!("The {field} field must be true or false."),
        Violated::List => format!("The {field} field must be an array."),
        Violated::Format("uuid") => format!("The {field} field must be a valid UUID."),
        Violated::Format("url") => format!("The {field} field must be a valid URL."),
        Violated::Format("email") => format!("The {field} field must be a valid email address."),
        Violated::Format(_) => format!("The {field} field format is invalid."),
        Violated::Filled => format!("The {field} field must have a value."),
        Violated::Invalid => format!("The selected {field} is invalid."),
        Violated::Distinct => format!("The {field} field has a duplicate value."),
        Violated::StartsWith(beginnings) => {
            format!(
                "The {field} field must start with one of the following: {}.",
                beginnings.join(", ")
            )
        }
        Violated::Size { limit, measure } => match measure {
            Measure::Text => format!("The {field} field must be {limit} characters."),
            Measure::Number => format!("The {field} field must be {limit}."),
            Measure::List => format!("The {field} field must contain {limit} items."),
        },
        Violated::Min { limit, measure } => match measure {
            Measure::Text => format!("The {field} field must be at least {limit} characters."),
            Measure::Number => format!("The {field} field must be at least {limit}."),
            Measure::List => format!("The {field} field must have at least {limit} items."),
        },
        Violated::Max { limit, measure } => match measure {
            Measure::Text => {
                format!("The {field} field must not be greater than {limit} characters.")
            }
            Measure::Number => format!("The {field} field must not be greater than {limit}."),
            Measure::List => format!("The {field} field must not have more than {limit} items."),
        },
    }
}

/// How a field is named: as it is when it came from a wildcard, else in lower-case words, the dots kept.
fn attribute(problem: &Violation) -> String {
    if problem.raw {
        return problem.path.clone();
    }
    let mut words = String::with_capacity(problem.path.len() + 4);
    for character in problem.path.chars() {
        match character {
            '_' => words.push(' '),
            'A'..='Z' => {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push(character.to_ascii_lowercase());
            }
            other => words.push(other),
        }
    }
    words
}

/// The first sentence, and how many more there are.
pub fn summary(problems: &[Violation]) -> String {
    match problems {
        [] => "The given data was invalid.".to_owned(),
        [only] => message(only),
        [first, _] => format!("{} (and 1 more error)", message(first)),
        [first, rest @ ..] => format!("{} (and {} more errors)", message(first), rest.len()),
    }
}

/// The sentences by field, in the order of the problems.
pub fn errors(problems: &[Violation]) -> Map<String, Value> {
    let mut errors = Map::new();
    for problem in problems {
        let sentences =
            errors.entry(problem.path.as_str()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(sentences) = sentences {
            sentences.push(message(problem).into());
        }
    }
    errors
}

/// The body of a 422.
pub fn body(problems: &[Violation]) -> Value {
    json!({ "message": summary(problems), "errors": errors(problems) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::laravel::rules::problems;
    use crate::kit::fields::FieldRule::{Max, Min};
    use crate::kit::fields::fields;

    fields! {
        FIELDS {
            body "is_cod"              may Boolean [];
            body "address.division_1"  may Text    [Min(3)];
            body "items[].total_price" may Number  [];
            body "items"               may List    [Max(0)];
        }
    }

    #[test]
    fn the_body_has_the_first_sentence_the_count_and_the_fields_in_order() {
        let input =
            json!({"is_cod": "yes", "address": {"division_1": 5}, "items": [{"total_price": "x"}]});
        let body = body(&problems(&input.into(), FIELDS));
        assert_eq!(
            body.to_string(),
            json!({
                "message": "The is cod field must be true or false. (and 4 more errors)",
                "errors": {
                    "is_cod": ["The is cod field must be true or false."],
                    "address.division_1": [
                        "The address.division 1 field must be a string.",
                        "The address.division 1 field must be at least 3 characters.",
                    ],
                    "items": ["The items field must not have more than 0 items."],
                    "items.0.total_price": ["The items.0.total_price field must be a number."],
                },
            })
            .to_string()
        );
    }

    #[test]
    fn the_summary_counts_the_other_sentences() {
        let problem = |path: &str| Violation::new(path, Violated::Required);
        assert_eq!(summary(&[]), "The given data was invalid.");
        assert_eq!(summary(&[problem("storeName")]), "The store name field is required.");
        assert_eq!(
            summary(&[problem("a"), problem("b")]),
            "The a field is required. (and 1 more error)"
        );
        assert_eq!(
            summary(&[problem("a"), problem("b"), problem("c")]),
            "The a field is required. (and 2 more errors)"
        );
    }

    #[test]
    fn every_kind_has_its_sentence() {
        let kinds = [
            Violated::Integer,
            Violated::Format("uuid"),
            Violated::Format("url"),
            Violated::Format("email"),
            Violated::Format("regex"),
            Violated::Filled,
            Violated::Invalid,
            Violated::Distinct,
            Violated::StartsWith(&["https://", "x"]),
            Violated::Size { limit: 2, measure: Measure::Text },
            Violated::Size { limit: 2, measure: Measure::Number },
            Violated::Size { limit: 2, measure: Measure::List },
            Violated::Min { limit: 1, measure: Measure::Number },
            Violated::Min { limit: 1, measure: Measure::List },
            Violated::Max { limit: 9, measure: Measure::Text },
            Violated::Max { limit: 9, measure: Measure::Number },
        ];
        let sentences = kinds.map(|kind| message(&Violation::new("x", kind)));
        assert_eq!(
            sentences,
            [
                "The x field must be an integer.",
                "The x field must be a valid UUID.",
                "The x field must be a valid URL.",
                "The x field must be a valid email address.",
                "The x field format is invalid.",
                "The x field must have a value.",
                "The selected x is invalid.",
                "The x field has a duplicate value.",
                "The x field must start with one of the following: https://, x.",
                "The x field must be 2 characters.",
                "The x field must be 2.",
                "The x field must contain 2 items.",
                "The x field must be at least 1.",
                "The x field must have at least 1 items.",
                "The x field must not be greater than 9 characters.",
                "The x field must not be greater than 9.",
            ]
        );
    }
}
