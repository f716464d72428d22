//! A YAML document as a tree with the place of everything in it, and the bounds within which documents are read.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Options;

use crate::scenario::diagnostic::Spot;

pub(super) use serde_saphyr::{Location, Spanned};

/// The longest file that is read, in bytes.
pub(super) const LONGEST: usize = 4 * 1024 * 1024;
/// The deepest nesting; our own types need twelve levels.
pub(super) const DEEPEST: usize = 48;
/// The most values of a file, aliases unfolded.
pub(super) const VALUES: usize = 100_000;
/// The most uses of an anchor, and the most anchors.
pub(super) const ALIASES: usize = 10_000;
pub(super) const ANCHORS: usize = 1_000;

/// Strict where YAML guesses, and bounded: a file may come from anywhere.
pub(super) fn options() -> Options {
    serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: VALUES, max_replay_stack_depth: 16 },
        budget: serde_saphyr::budget! {
            max_events: 3 * VALUES,
            max_nodes: VALUES,
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_documents: 1,
            max_aliases: ALIASES,
            max_anchors: ANCHORS,
            max_merge_keys: ALIASES,
            // One address used by a hundred orders is no attack; what aliases unfold to is bounded.
            enforce_alias_anchor_ratio: false,
            max_recorded_anchor_events: VALUES,
            max_recorded_anchor_bytes: LONGEST,
            max_total_scalar_bytes: LONGEST,
        },
    }
}

/// A place of the package as ours.
pub(super) fn spot(text: &str, place: &Location) -> Box<Spot> {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Spot::of(text, number(place.line()), number(place.column()), number(place.span().len()))
}

/// A document with the place of everything in it.
#[derive(Debug)]
pub(super) enum YamlNode {
    /// Keys and values, in order.
    Map(Vec<(Spanned<String>, Spanned<YamlNode>)>),
    /// Elements.
    List(Vec<Spanned<YamlNode>>),
    /// Anything else.
    Leaf,
}

impl<'de> Deserialize<'de> for YamlNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        macro_rules! leaves {
            ($($visit:ident: $type:ty),+) => {$(
                fn $visit<E>(self, _: $type) -> Result<YamlNode, E> {
                    Ok(YamlNode::Leaf)
                }
            )+};
        }
        impl<'de> Visitor<'de> for Any {
            type Value = YamlNode;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            leaves!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128,
                    visit_f64: f64, visit_str: &str);

            fn visit_unit<E>(self) -> Result<YamlNode, E> {
                Ok(YamlNode::Leaf)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<YamlNode, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(YamlNode::Map(entries))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<YamlNode, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = list.next_element()? {
                    elements.push(element);
                }
                Ok(YamlNode::List(elements))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The same document with places; none when it cannot be read at all.
pub(super) fn tree(text: &str) -> Option<Spanned<YamlNode>> {
    serde_saphyr::from_str_with_options(text, options()).ok()
}
