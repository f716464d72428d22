//! Query strings and form bodies, decoded: as plain pairs, and nested as PHP does.

use crate::kit::json::Map;
use percent_encoding::percent_decode;

use crate::frameworks::php::parse_str::parse_str;

/// Every pair in order, repeated names included.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    split(query).map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// The nested form: `a[b][]=1`; the last of a repeated name wins.
pub fn php(query: &str) -> Map {
    parse_str(split(query).map(|(name, value)| (decoded(name), decoded(value))))
}

fn split(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::json::{Value, json};

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
