//! Dotted paths and wildcards: the places of an input that a field of a table stands for.

use std::fmt;

use serde_json::Value;

use crate::kit::fields::Step;

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
pub struct Spot<'a> {
    above: Option<&'a Spot<'a>>,
    name: SpotName<'a>,
}

#[derive(Debug, Clone, Copy)]
enum SpotName<'a> {
    Member(&'a str),
    Element(usize),
}

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            write!(f, "{above}.")?;
        }
        match self.name {
            SpotName::Member(name) => f.write_str(name),
            SpotName::Element(place) => write!(f, "{place}"),
        }
    }
}

/// Calls with every place that a path stands for.
///
/// A wildcard over something without elements stands for nothing. Members after one are expected in every
/// element, even where the element is null or a number. The depth is that of the path, a constant.
pub fn visit<'v>(
    value: Option<&'v Value>,
    steps: &[Step],
    above: Option<&Spot<'_>>,
    tell: &mut impl FnMut(&Spot<'_>, Option<&'v Value>),
) {
    let mut go = |value: Option<&'v Value>, name: SpotName<'_>, rest: &[Step]| {
        let spot = Spot { above, name };
        if rest.is_empty() { tell(&spot, value) } else { visit(value, rest, Some(&spot), tell) }
    };
    match (steps.split_first(), value) {
        (Some((Step::Member(name), rest)), value) => {
            go(value.and_then(|value| child(value, name)), SpotName::Member(name), rest);
        }
        (Some((Step::Every, rest)), Some(Value::Array(elements))) => {
            for (place, element) in elements.iter().enumerate() {
                go(Some(element), SpotName::Element(place), rest);
            }
        }
        (Some((Step::Every, rest)), Some(Value::Object(members))) => {
            for (name, member) in members {
                go(Some(member), SpotName::Member(name), rest);
            }
        }
        (Some((Step::Every, _)) | None, _) => {}
    }
}
