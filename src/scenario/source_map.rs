//! The source map: from a path such as `world.shipper.limits` to its line and column, and back.

use crate::scenario::diagnostic::Spot;
use crate::scenario::trail::{Part, Trail};
use crate::scenario::yaml_tree::{self, Location, Spanned, YamlNode};

/// Where the value of a trail stands, or what of the trail there is.
///
/// A place with lines below it is marked at its key: it has no end of its own.
pub(super) fn spot(text: &str, trail: &Trail) -> Option<Box<Spot>> {
    find(text, trail, false)
}

/// Where the key of a trail stands.
pub(super) fn spot_of_key(text: &str, trail: &Trail) -> Option<Box<Spot>> {
    find(text, trail, true)
}

fn find(text: &str, trail: &Trail, key_itself: bool) -> Option<Box<Spot>> {
    let root = yaml_tree::tree(text)?;
    let (mut at, mut found) = (&root, None);
    for part in &trail.0 {
        let next = match (&at.value, part) {
            (YamlNode::Map(entries), Part::Key(wanted)) => {
                entries.iter().find(|(key, _)| key.value == *wanted).map(|(key, value)| {
                    let leaf = matches!(value.value, YamlNode::Leaf) && !key_itself;
                    (value, if leaf { value.referenced } else { key.referenced })
                })
            }
            (YamlNode::List(elements), Part::Index(index)) => {
                elements.get(*index).map(|element| (element, element.referenced))
            }
            _ => None,
        };
        let Some((value, place)) = next else { break };
        (at, found) = (value, Some(place));
    }
    found.map(|place| yaml_tree::spot(text, &place))
}

/// The lines on which the elements of the list of steps begin.
pub(super) fn lines_of_steps(text: &str) -> Vec<(usize, usize)> {
    let Some(Spanned { value: YamlNode::Map(entries), .. }) = yaml_tree::tree(text) else {
        return Vec::new();
    };
    let steps = entries.iter().find(|(key, _)| key.value == "steps");
    let Some((_, Spanned { value: YamlNode::List(elements), .. })) = steps else {
        return Vec::new();
    };
    elements
        .iter()
        .map(|element| {
            let spot = yaml_tree::spot(text, &element.referenced);
            (spot.line, spot.column)
        })
        .collect()
}

/// The path of what stands at a line and column: the last key or element that begins there or before.
pub(super) fn path(text: &str, line: usize, column: usize) -> Option<String> {
    let root = yaml_tree::tree(text)?;
    let mut best = None;
    walk(&root, String::new(), (line as u64, column as u64), &mut best);
    best.map(|(_, path)| path).filter(|path| !path.is_empty())
}

/// The path of what a path stands in.
pub(super) fn parent(path: &str) -> &str {
    path.rfind(['.', '[']).map_or("", |end| &path[..end])
}

type Best = Option<((u64, u64), String)>;

/// The depth of a tree is bounded by what the reader lets through.
fn walk(node: &Spanned<YamlNode>, path: String, limit: (u64, u64), best: &mut Best) {
    match &node.value {
        YamlNode::Map(entries) => {
            for (key, value) in entries {
                let dot = if path.is_empty() { "" } else { "." };
                let inner = format!("{path}{dot}{}", key.value);
                offer(&key.referenced, &inner, limit, best);
                walk(value, inner, limit, best);
            }
        }
        YamlNode::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let inner = format!("{path}[{index}]");
                offer(&element.referenced, &inner, limit, best);
                walk(element, inner, limit, best);
            }
        }
        YamlNode::Leaf => {}
    }
}

/// Keeps the latest place that is not behind the limit; of two at one place the deeper.
fn offer(place: &Location, path: &str, limit: (u64, u64), best: &mut Best) {
    let place = (place.line(), place.column());
    if place <= limit && best.as_ref().is_none_or(|(known, _)| place >= *known) {
        *best = Some((place, path.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Trail, path};

    fn spot(text: &str, path: &str) -> Option<Box<super::Spot>> {
        super::spot(text, &Trail::of(path))
    }

    const TEXT: &str = "a:\n  b:\n    - c: 1\n    - { c: 2, d: [x] }\n";

    #[test]
    fn a_path_leads_to_its_place_and_back() {
        assert_eq!(
            Trail::of("a.b[1].c").0,
            [Part::Key("a".into()), Part::Key("b".into()), Part::Index(1), Part::Key("c".into())]
        );
        for (wanted, line, column) in
            [("a", 1, 1), ("a.b", 2, 3), ("a.b[1]", 4, 7), ("a.b[1].d[0]", 4, 19)]
        {
            let found = spot(TEXT, wanted).unwrap();
            assert_eq!((found.line, found.column), (line, column), "{wanted}");
            assert_eq!(path(TEXT, line, column).as_deref(), Some(wanted));
        }
        let value = spot(TEXT, "a.b[1].c").unwrap();
        assert_eq!(
            (value.line, value.column),
            (4, 12),
            "a value that stands in the line is marked itself"
        );
    }

    #[test]
    fn of_a_path_that_is_not_there_the_nearest_part_is_shown() {
        assert_eq!(spot(TEXT, "a.b[7].c"), spot(TEXT, "a.b"));
        assert_eq!(spot(TEXT, "x"), None);
        assert_eq!(spot("a: [", "a"), None);
    }
}
