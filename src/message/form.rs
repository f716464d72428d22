//! Query strings and form bodies: as plain pairs, and as the nested arrays PHP makes of them.
//!
//! The nested form follows `parse_str` of PHP 8.2, measured name by name.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;
use serde_json::{Map, Value};

/// PHP's `max_input_vars`: what comes after is dropped.
pub(crate) const MOST_FIELDS: usize = 1000;
/// PHP's `max_input_nesting_level`: a field deeper than this is dropped.
const DEEPEST: usize = 64;

/// Every pair in order, repeated names included.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    split(query).map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// The nested form: `a[b][]=1`; the last of a repeated name wins.
pub fn php(query: &str) -> Map<String, Value> {
    nested(split(query).map(|(name, value)| (decoded(name), decoded(value))))
}

fn split(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8_lossy().into_owned()
}

/// The nested form of decoded fields.
pub(crate) fn nested(fields: impl Iterator<Item = (String, String)>) -> Map<String, Value> {
    let mut root = Table::default();
    for (name, value) in fields.take(MOST_FIELDS) {
        if let Some((top, keys)) = path_of(&name) {
            root.put(top, &keys, value);
        }
    }
    root.into_map()
}

/// A field's name taken apart: the first name and what follows in brackets, an empty pair of brackets as `None`.
fn path_of(name: &str) -> Option<(String, Vec<Option<&str>>)> {
    // Names end at a NUL and lose the spaces before them.
    let name = name.split('\0').next().unwrap_or_default().trim_start_matches(' ');
    let open = name.find('[').unwrap_or(name.len());
    let (top, mut rest) = name.split_at(open);
    if top.is_empty() {
        return None;
    }
    let mut keys = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        if keys.len() == DEEPEST {
            return None;
        }
        let unspaced = inner.strip_prefix([' ', '\t', '\n', '\x0b', '\x0c', '\r']).unwrap_or(inner);
        if let Some(after) = unspaced.strip_prefix(']') {
            keys.push(None);
            rest = after;
        } else if let Some((key, after)) = inner.split_once(']') {
            keys.push(Some(key));
            rest = after;
        } else if keys.is_empty() {
            // A first bracket that is never closed is part of the name.
            return Some((plain_name(name), keys));
        } else {
            break;
        }
    }
    Some((plain_name(top), keys))
}

fn plain_name(name: &str) -> String {
    name.replace([' ', '.', '['], "_")
}

/// A PHP array while it is being filled.
#[derive(Default)]
struct Table {
    entries: Vec<(String, Node)>,
    places: BTreeMap<String, usize>,
    /// The key that `[]` takes next; none once the keys are used up.
    next: Option<u64>,
    full: bool,
}

enum Node {
    Text(String),
    Table(Table),
}

impl Table {
    fn put(&mut self, key: String, rest: &[Option<&str>], value: String) {
        let place = self.place(key);
        let Some((_, node)) = self.entries.get_mut(place) else { return };
        let Some((next, rest)) = rest.split_first() else {
            *node = Node::Text(value);
            return;
        };
        if let Node::Text(_) = node {
            *node = Node::Table(Table::default());
        }
        if let Node::Table(table) = node {
            let key = match next {
                Some(key) => (*key).to_owned(),
                None if table.full => return,
                None => table.next.unwrap_or(0).to_string(),
            };
            table.put(key, rest, value);
        }
    }

    /// Where a key's entry is, made if need be.
    fn place(&mut self, key: String) -> usize {
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        if let Some(index) = index_of(&key)
            && self.next.is_none_or(|next| index >= next)
        {
            self.full = index >= i64::MAX as u64;
            self.next = Some(index.saturating_add(1));
        }
        let place = self.entries.len();
        self.places.insert(key.clone(), place);
        self.entries.push((key, Node::Text(String::new())));
        place
    }

    fn into_map(self) -> Map<String, Value> {
        self.entries.into_iter().map(|(key, node)| (key, node.into_value())).collect()
    }
}

impl Node {
    /// Keys 0 to n-1 in order are a list; the depth is bounded by what [`path_of`] lets through.
    fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text),
            Self::Table(table) => {
                let sequential =
                    |(at, (key, _)): (usize, &(String, Node))| index_of(key) == Some(at as u64);
                if table.entries.iter().enumerate().all(sequential) {
                    Value::Array(
                        table.entries.into_iter().map(|(_, node)| node.into_value()).collect(),
                    )
                } else {
                    Value::Object(table.into_map())
                }
            }
        }
    }
}

/// A key that PHP takes as a number: canonical digits within 63 bits.
fn index_of(key: &str) -> Option<u64> {
    let canonical =
        key == "0" || (key.starts_with(|c: char| ('1'..='9').contains(&c)) && key.len() <= 19);
    let index: u64 = if canonical { key.parse().ok()? } else { return None };
    (index <= i64::MAX as u64).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pairs_keep_order_and_repetitions() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            pairs("a=1+2&b=%00%ff&&a=%E2%82%AC&c&d==x&%zz=%4"),
            [
                pair("a", "1 2"),
                pair("b", "\0\u{fffd}"),
                pair("a", "€"),
                pair("c", ""),
                pair("d", "=x"),
                pair("%zz", "%4"),
            ]
        );
        assert_eq!(pairs(""), []);
    }

    #[test]
    #[rustfmt::skip]
    fn names_nest_as_php_nests_them() {
        for (query, expected) in [
            ("a=1&a=2",                  json!({"a": "2"})),
            ("a[b][]=1&a[b][]=2",        json!({"a": {"b": ["1", "2"]}})),
            ("a.b=1&c d=2&e+f=3",        json!({"a_b": "1", "c_d": "2", "e_f": "3"})),
            ("a[b=1",                    json!({"a_b": "1"})),
            ("a[b.c=1&a[x y=2",          json!({"a_b_c": "1", "a_x_y": "2"})),
            ("a[b][c=1",                 json!({"a": {"b": "1"}})),
            ("a.b[c.d]=1",               json!({"a_b": {"c.d": "1"}})),
            ("=5",                       json!({})),
            ("[a]=1&[=1&[]=1& [a]=1",    json!({})),
            ("a[b]c=1",                  json!({"a": {"b": "1"}})),
            ("a[b]c[d]=1",               json!({"a": {"b": "1"}})),
            ("a[ b]=1",                  json!({"a": {" b": "1"}})),
            ("a[ ]=1",                   json!({"a": ["1"]})),
            ("a=1&a[b]=2",               json!({"a": {"b": "2"}})),
            ("a[b]=2&a=1",               json!({"a": "1"})),
            ("a[1]=x&a[0]=y",            json!({"a": {"1": "x", "0": "y"}})),
            ("a[-1]=x&a[]=y",            json!({"a": {"-1": "x", "0": "y"}})),
            ("a[01]=x",                  json!({"a": {"01": "x"}})),
            ("a[9223372036854775807]=x&a[]=y", json!({"a": {"9223372036854775807": "x"}})),
            ("a[0]=x&a[1]=y&a[]=z",      json!({"a": ["x", "y", "z"]})),
            ("a%00b=1",                  json!({"a": "1"})),
            ("a[b%00c]=1",               json!({"a_b": "1"})),
            ("a=x%00y",                  json!({"a": "x\0y"})),
            ("+a=1",                     json!({"a": "1"})),
            ("a%5Bb%5D=1",               json!({"a": {"b": "1"}})),
            ("a[][b]=1&a[][c]=2",        json!({"a": [{"b": "1"}, {"c": "2"}]})),
            ("a[[b]=1",                  json!({"a": {"[b": "1"}})),
            ("a[b[c]]=1",                json!({"a": {"b[c": "1"}})),
            ("a]b=1",                    json!({"a]b": "1"})),
            ("a[0][x]=1&a[1][x]=2",      json!({"a": [{"x": "1"}, {"x": "2"}]})),
            ("a[5]=1&a[]=2",             json!({"a": {"5": "1", "6": "2"}})),
            ("a[b][c][d=1",              json!({"a": {"b": {"c": "1"}}})),
            ("a[=1",                     json!({"a_": "1"})),
            (".=1&%20=2",                json!({"_": "1"})),
            ("0=x&1=y",                  json!({"0": "x", "1": "y"})),
            ("address[name]=Omar&items[0][id]=x", json!({"address": {"name": "Omar"}, "items": [{"id": "x"}]})),
        ] {
            // As text, so that the order counts too.
            assert_eq!(Value::Object(php(query)).to_string(), expected.to_string(), "{query}");
        }
    }

    #[test]
    fn depth_and_count_have_phps_limits() {
        let deep =
            |levels: usize| php(&format!("a{}=1&b=2", "[x]".repeat(levels))).contains_key("a");
        assert!(deep(64) && !deep(65));
        let many: Vec<String> = (0..1005).map(|n| format!("k{n}=1")).collect();
        assert_eq!(php(&many.join("&")).len(), 1000);
    }

    proptest::proptest! {
        #[test]
        fn no_query_makes_it_panic(query in r"([a-c0-9\[\]=&+%. é\x00-]|%[0-9A-F]{2}|\[\]){0,60}", other in ".*") {
            for query in [query, other] {
                php(&query);
                proptest::prop_assert!(pairs(&query).len() <= query.len());
            }
        }
    }
}
