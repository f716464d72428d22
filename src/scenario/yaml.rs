//! Reading YAML into types, and its errors in our words: with `yaml_tree`, the only place that knows the package.

use serde::de::DeserializeOwned;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, MessageFormatter as _, UserMessageFormatter};

use crate::scenario::diagnostic::{Diagnostic, Spot};
use crate::scenario::source_map;
use crate::scenario::trail::Trail;
use crate::scenario::yaml_tree::{ALIASES, ANCHORS, DEEPEST, LONGEST, VALUES, options, spot};

/// Reads a document into a type.
pub(super) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Diagnostic> {
    if text.len() > LONGEST {
        let message =
            format!("the file has {} bytes; a scenario has {LONGEST} at most", text.len());
        return Err(Diagnostic::new(file, message));
    }
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| worded(file, text, &error))
}

/// Refuses text that was not text before it was read.
pub(super) fn readable(file: &str, text: &str) -> Result<(), Diagnostic> {
    let Some(at) = text.find(char::REPLACEMENT_CHARACTER) else { return Ok(()) };
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let spot = Some(Spot::of(text, line, column, 1));
    let wrong = Diagnostic::new(file, "here the file is not UTF-8 text");
    Err(Diagnostic { spot, ..wrong }
        .help("save it as UTF-8; if U+FFFD is meant, write \"\\uFFFD\""))
}

/// An error of the package in our words, with its place.
fn worded(file: &str, text: &str, error: &Error) -> Diagnostic {
    let mut found = plain(file, error);
    let Some(at) = error.location().filter(|at| at.line() > 0) else { return found };
    let mut at = spot(text, &at);
    let bounded =
        matches!(bare(error), Error::Budget { .. } | Error::AliasReplayLimitExceeded { .. });
    // A file over its bounds is not read a second time.
    if !bounded && let Some(path) = source_map::path(text, at.line, at.column) {
        found.path = Some(match bare(error) {
            Error::SerdeMissingField { .. } => source_map::parent(&path).to_owned(),
            _ => path.clone(),
        });
        // The package points at the key when a type refuses a value it has already taken.
        let relocated = match bare(error) {
            // A variant may be a key itself, as a step is.
            Error::SerdeUnknownVariant { variant, .. } => !path.ends_with(&format!(".{variant}")),
            Error::SerdeInvalidValue { .. } => true,
            _ => false,
        };
        if relocated && let Some(value) = source_map::spot(text, &Trail::of(&path)) {
            at = value;
        }
    }
    found.spot = Some(at);
    let example = found.path.as_deref().and_then(form_of);
    match (bare(error), example) {
        (Error::Unexpected { .. }, Some(example)) => found.help(format!("write it as {example}")),
        _ => found,
    }
}

/// How the parts of a step look that are keys with values, by what a path ends with.
const FORMS: &[(&str, &str)] = &[
    ("request", "{ call: GET /shipper/api/v1/orders, as: api_key, expect: { status: 200 } }"),
    ("expect", "{ status: 200, json: { $.id: 1 } }"),
    ("json", "{ $.id: 1, \"$.items[0].sku\": LAMP-1 }"),
    ("headers", "{ Retry-After: 40 }"),
    ("keep", "{ order: $.id }"),
    ("receiver", "{ status: 500, for: 1 }"),
    ("rule", "{ on: POST /shipper/api/v1/orders, first: 1, then: { fault: reset } }"),
    ("then", "{ fault: reset } or { status: 503 }"),
];

fn form_of(path: &str) -> Option<&'static str> {
    let last = path.rsplit('.').next().unwrap_or(path);
    FORMS.iter().find(|(key, _)| *key == last).map(|(_, form)| *form)
}

/// The error itself, without what the package wraps around it.
fn bare(error: &Error) -> &Error {
    match error {
        Error::WithSnippet { error, .. } | Error::AliasError { error, .. } => bare(error),
        other => other,
    }
}

fn plain(file: &str, error: &Error) -> Diagnostic {
    let new = |message: String| Diagnostic::new(file, message);
    match bare(error) {
        Error::SerdeUnknownField { field, expected, .. } => {
            new(format!("unknown key `{field}`")).among(field, expected.iter().copied())
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            new(format!("`{variant}` is not one of the words that can stand here"))
                .among(variant, expected.iter().copied())
        }
        Error::SerdeMissingField { field, .. } => new(format!("the key `{field}` is missing")),
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            new(format!("this must be {}, not {unexpected}", wanted(expected)))
        }
        Error::Unexpected { expected, .. } => new(format!("this must be {}", wanted(expected))),
        Error::InvalidScalar { ty, .. } => new(format!("this must be {}", wanted(ty))),
        Error::InvalidBooleanStrict { .. } => new("this must be `true` or `false`".to_owned()),
        Error::NullIntoString { .. } => new("a value is missing here".to_owned()),
        Error::DuplicateMappingKey { key, .. } => match key {
            Some(key) => new(format!("the key `{key}` is there twice")),
            None => new("a key is there twice".to_owned()),
        },
        Error::Eof { .. } => new("the file is empty".to_owned()),
        Error::MultipleDocuments { .. } => several(file),
        Error::UnknownAnchor { .. } => new("this alias has no anchor before it".to_owned()),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => aliases(file),
        Error::Budget { breach, .. } => exceeded(file, breach),
        // Our own sentences stand for themselves.
        Error::Message { msg, .. } if msg.starts_with(['`', '\'']) || msg.starts_with("say ") => {
            new(msg.clone())
        }
        Error::Message { msg, .. } => new(format!("this cannot be read: {msg}")),
        other => {
            let message = UserMessageFormatter.format_message(other);
            match &*message {
                text if text.contains("recursion limit") => nested(file),
                text if text.contains("enum variant") => {
                    new("this has one key, and here is a second one".to_owned())
                        .help("begin another step with `- `")
                }
                text if text.contains("flow mapping") => new(text.to_owned())
                    .help("within braces, put quotes around what has brackets, braces, a comma or `: ` in it"),
                text if text.contains("tabs") => new(text.to_owned()).help("indent with spaces"),
                text => new(text.to_owned()),
            }
        }
    }
}

fn nested(file: &str) -> Diagnostic {
    Diagnostic::new(file, format!("this is nested deeper than {DEEPEST} levels"))
}

fn several(file: &str) -> Diagnostic {
    Diagnostic::new(file, "a scenario is one document; a second one begins here")
}

fn aliases(file: &str) -> Diagnostic {
    Diagnostic::new(file, "the aliases of the file unfold to more than a scenario may hold")
        .help(format!("a scenario holds {VALUES} values at most"))
}

fn exceeded(file: &str, breach: &BudgetBreach) -> Diagnostic {
    let new = |message: String| Diagnostic::new(file, message);
    match breach {
        BudgetBreach::Depth { .. } => nested(file),
        BudgetBreach::Documents { .. } => several(file),
        BudgetBreach::Events { .. } | BudgetBreach::Nodes { .. } => {
            new(format!("the file holds more than {VALUES} values"))
        }
        BudgetBreach::Aliases { .. }
        | BudgetBreach::Anchors { .. }
        | BudgetBreach::MergeKeys { .. } => {
            new(format!("a scenario has {ALIASES} aliases and {ANCHORS} anchors at most"))
        }
        BudgetBreach::RecordedAnchorEvents { .. } | BudgetBreach::RecordedAnchorBytes { .. } => {
            aliases(file)
        }
        _ => new("the file is larger than a scenario may be".to_owned()),
    }
}

/// What a type expects, for a reader who does not know the type.
fn wanted(expected: &str) -> &str {
    match expected {
        "bool" | "a boolean" => "`true` or `false`",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" | "floating point" => "a number",
        "a string" | "string" | "string scalar" => "a single value",
        "a Decimal type representing a fixed-point number" => "an amount such as 190 or \"190.5\"",
        "a sequence" | "sequence" | "sequence start" => "a list",
        other if other.starts_with("struct ") || other.contains("mapping") => "keys with values",
        other => other,
    }
}
