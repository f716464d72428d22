//! PHP's `parse_str`: the nested arrays that it makes of the names in a query or a form. Measured with PHP 8.2, name by
//! name.

use std::collections::BTreeMap;

use crate::kit::json::{Map, Value};

/// PHP's `max_input_vars`: what comes after is dropped.
pub const MOST_FIELDS: usize = 1000;
/// PHP's `max_input_nesting_level`: a field deeper than this is dropped.
const DEEPEST: usize = 64;

/// The nested form of decoded fields, as `a[b][]=1` names them; the last of a repeated name wins.
pub fn parse_str(fields: impl Iterator<Item = (String, String)>) -> Map {
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

    fn into_map(self) -> Map {
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
