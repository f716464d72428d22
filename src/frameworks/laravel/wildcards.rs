//! Dotted paths and wildcards: the places of an input that a field of a table stands for.

use serde_json::Value;

/// One element or member; a list is asked with a plain index.
pub fn child<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
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
pub fn expand<'a>(
    value: Option<&'a Value>,
    rest: &str,
    path: String,
    out: &mut Vec<(String, Option<&'a Value>)>,
) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if let Some(rest) = rest.strip_prefix("[]") {
        let rest = rest.trim_start_matches('.');
        match value {
            Some(Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    expand(Some(element), rest, below(&index.to_string()), out);
                }
            }
            Some(Value::Object(members)) => {
                for (name, member) in members {
                    expand(Some(member), rest, below(name), out);
                }
            }
            _ => {}
        }
    } else if rest.is_empty() {
        out.push((path, value));
    } else {
        let (name, rest) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
        let value = value.and_then(|value| child(value, name));
        expand(value, rest.trim_start_matches('.'), below(name), out);
    }
}
