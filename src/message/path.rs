//! Path patterns such as `/orders/{id}/cancel`, and the arguments a path gives them.

use percent_encoding::percent_decode_str;

use crate::frameworks::routing::Routing;

/// The decoded arguments of a matched pattern, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args(Vec<String>);

impl Args {
    /// The argument at a place; empty if the pattern has fewer.
    pub fn at(&self, place: usize) -> &str {
        self.0.get(place).map_or("", String::as_str)
    }

    /// The argument at a place as a number, if it is one written plainly.
    pub fn number(&self, place: usize) -> Option<u64> {
        let text = self.at(place);
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        text.parse().ok()
    }
}

/// One path segment with its percent-encoding undone; what is not UTF-8 is replaced.
pub fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// The names that stand in the braces of a pattern, in order.
pub fn braces(pattern: &'static str) -> impl Iterator<Item = &'static str> {
    pattern.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// A name for an endpoint in a description: `getOrdersId` for `GET /orders/{id}`.
pub fn operation_id(method: &str, pattern: &str) -> String {
    let words = pattern.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).fold(method.to_lowercase(), |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
        name
    })
}

/// Whether a path fits a pattern, and what stood in the pattern's braces.
///
/// A literal must match after decoding; a brace takes one whole, non-empty segment. Slashes at either end
/// of the path do not count.
pub fn matches(pattern: &str, path: &str) -> Option<Args> {
    if path.contains('%') { matches_decoded(pattern, path) } else { matches_plainly(pattern, path) }
}

/// The same for a path as a framework reads it.
pub fn matches_routed(routing: Routing, pattern: &str, path: &str) -> Option<Args> {
    match routing {
        // It is decoded already, and a percent sign in it is one.
        Routing::Laravel | Routing::CakePhp => matches_plainly(pattern, path),
        Routing::Rails if path.contains('%') => {
            let Args(sent) = matches_plainly(pattern, path)?;
            Some(Args(sent.iter().map(|arg| decode(arg)).collect()))
        }
        Routing::Plain | Routing::Rails => matches(pattern, path),
    }
}

/// A path without a percent sign says what it means: byte by byte in one pass, because every request asks every row.
fn matches_plainly(pattern: &str, path: &str) -> Option<Args> {
    let (pattern, path) = (pattern.trim_matches('/'), path.trim_matches('/'));
    let (want, got) = (pattern.as_bytes(), path.as_bytes());
    let (mut at, mut here) = (0, 0);
    let mut args = Args::default();
    while let Some(byte) = want.get(at) {
        if *byte != b'{' {
            if got.get(here) != Some(byte) {
                return None;
            }
            (at, here) = (at + 1, here + 1);
            continue;
        }
        let length = got[here..].iter().position(|byte| *byte == b'/').unwrap_or(got.len() - here);
        if length == 0 {
            return None;
        }
        args.0.push(path.get(here..here + length)?.to_owned());
        here += length;
        at += want[at..].iter().position(|byte| *byte == b'}')? + 1;
    }
    (here == got.len()).then_some(args)
}

fn matches_decoded(pattern: &str, path: &str) -> Option<Args> {
    let mut args = Args::default();
    let mut wanted = pattern.trim_matches('/').split('/');
    let mut given = path.trim_matches('/').split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(args),
            (Some(want), Some(got)) if want.starts_with('{') => {
                if got.is_empty() {
                    return None;
                }
                args.0.push(decode(got));
            }
            (Some(want), Some(got)) if want == got => {}
            (Some(want), Some(got)) if got.contains('%') && decode(got) == want => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Args, braces, matches, matches_decoded, matches_plainly, operation_id};

    #[test]
    fn a_brace_takes_one_whole_decoded_segment() {
        let args = matches("/orders/{id}/cancel", "/orders/5%205/cancel/").unwrap();
        assert_eq!(args.at(0), "5 5");
        assert_eq!(matches("/orders/{id}", "/orders/"), None);
        assert_eq!(matches("/orders/{id}", "/orders/1/2"), None);
        assert_eq!(matches("/orders", "/orders"), Some(Args::default()));
    }

    proptest::proptest! {
        #[test]
        fn one_pass_finds_what_taking_apart_finds(path in "/?([ab{}é1]{0,2}/?){0,4}") {
            for pattern in ["/a", "/a/{id}", "/{x}/b", "/a/{id}/b/{other}", "/", "/{only}", "/aa/b"] {
                proptest::prop_assert_eq!(matches_plainly(pattern, &path), matches_decoded(pattern, &path));
            }
        }
    }

    #[test]
    fn an_endpoint_has_a_name_and_arguments() {
        let pattern = "/api/v1/orders/{id}/sub-items/{item_id}";
        assert_eq!(operation_id("GET", pattern), "getApiV1OrdersIdSubItemsItemId");
        assert_eq!(braces(pattern).collect::<Vec<_>>(), ["id", "item_id"]);
    }

    #[test]
    fn only_plain_digits_are_numbers() {
        for (path, number) in [("/12", Some(12)), ("/+1", None), ("/99999999999999999999", None)] {
            assert_eq!(matches("/{id}", path).unwrap().number(0), number);
        }
    }
}
