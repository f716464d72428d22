//! Dotted paths and wildcards: the places of an input that a field of a table stands for.

use std::fmt;

use crate::kit::json::Value;

use crate::kit::fields::PathStep;

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

/// A place of an input, from the inside out: it becomes text only where something is wrong with it.
#[derive(Debug, Clone, Copy)]
pub struct InputSpot<'a> {
    above: Option<&'a InputSpot<'a>>,
    name: InputName<'a>,
}

#[derive(Debug, Clone, Copy)]
enum InputName<'a> {
    Member(&'a str),
    Element(usize),
}

impl fmt::Display for InputSpot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            write!(f, "{above}.")?;
        }
        match self.name {
            InputName::Member(name) => f.write_str(name),
            InputName::Element(place) => write!(f, "{place}"),
        }
    }
}

/// Calls with every place that a path stands for.
///
/// A wildcard over something without elements stands for nothing. Members after one are expected in every
/// element, even where the element is null or a number. The depth is that of the path, a constant.
pub fn visit<'v>(
    value: Option<&'v Value>,
    steps: &[PathStep],
    above: Option<&InputSpot<'_>>,
    tell: &mut impl FnMut(&InputSpot<'_>, Option<&'v Value>),
) {
    let mut go = |value: Option<&'v Value>, name: InputName<'_>, rest: &[PathStep]| {
        let spot = InputSpot { above, name };
        if rest.is_empty() { tell(&spot, value) } else { visit(value, rest, Some(&spot), tell) }
    };
    match (steps.split_first(), value) {
        (Some((PathStep::Member(name), rest)), value) => {
            go(value.and_then(|value| child(value, name)), InputName::Member(name), rest);
        }
        (Some((PathStep::Every, rest)), Some(Value::Array(elements))) => {
            for (place, element) in elements.iter().enumerate() {
                go(Some(element), InputName::Element(place), rest);
            }
        }
        (Some((PathStep::Every, rest)), Some(Value::Object(members))) => {
            for (name, member) in members {
                go(Some(member), InputName::Member(name), rest);
            }
        }
        (Some((PathStep::Every, _)) | None, _) => {}
    }
}
