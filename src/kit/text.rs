//! Text: did-you-mean by edit distance, globs, excerpts, escapes, where a name is split.

use std::borrow::Cow;

/// Longer words than this are not compared; nothing of ours is that long.
const LONGEST: usize = 64;

/// The candidate nearest to a misspelt word, if one is near: a third of its letters wrong, three at most.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let (word, length) = comparable(word)?;
    let allowed = (length / 3).clamp(1, 3);
    let near = candidates.into_iter().filter_map(|candidate| {
        let (letters, other) = comparable(candidate)?;
        if length.abs_diff(other) > allowed {
            return None;
        }
        // Swaps of neighbours count once: they are what fingers do.
        let distance = strsim::osa_distance(&word, &letters);
        (distance <= allowed && distance < length).then_some((distance, candidate))
    });
    // The first of equals, so that the answer follows the order of the candidates.
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// A word in lower case, and how many letters it has.
fn comparable(word: &str) -> Option<(String, usize)> {
    let letters: String = word.chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    let length = letters.chars().count();
    (1..=LONGEST).contains(&length).then_some((letters, length))
}

/// How a sentence about an unknown word goes on: with the word that was meant, else with those that there are.
pub fn among(given: &str, known: &[&str]) -> String {
    match did_you_mean(given, known.iter().copied()) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None => format!("; there are {}", known.join(", ")),
    }
}

/// Whether a text fits a pattern as a whole, in which `*` stands for any number of any characters.
pub fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| text.strip_prefix(start)) else {
        return false;
    };
    let Some(end) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(end)
}

/// First word and the rest; blanks of any kind separate, and one word leaves the rest empty.
pub fn split_name(full: &str) -> (String, String) {
    let mut words = full.split_whitespace();
    let first = words.next().unwrap_or_default().to_owned();
    (first, words.collect::<Vec<_>>().join(" "))
}

/// How many of a thing there are: `1 file`, `2 files`.
pub fn counted(count: impl TryInto<u64>, thing: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// At most so many characters, the last of them `…` when something was cut.
pub fn excerpt(text: &str, max_chars: usize) -> Cow<'_, str> {
    if text.len() <= max_chars || text.chars().nth(max_chars).is_none() {
        return Cow::Borrowed(text);
    }
    let Some(kept) = max_chars.checked_sub(1) else { return Cow::Borrowed("") };
    Cow::Owned(text.chars().take(kept).chain(['…']).collect())
}

/// Text as it may stand in a page.
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text as it may stand in XML 1.0, which has no way to write most control characters.
pub fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        let words = ["delivered", "canceled", "onitsway", "url"];
        assert_eq!(did_you_mean("deliverd", words), Some("delivered"));
        assert_eq!(did_you_mean("Cancelled", words), Some("canceled"));
        assert_eq!(did_you_mean("onitswya", words), Some("onitsway"));
        assert_eq!(did_you_mean("ulr", words), Some("url"));
        assert_eq!(did_you_mean("warehouse", words), None);
        assert_eq!(did_you_mean("", words), None);
        assert_eq!(did_you_mean("x", ["y"]), None, "one letter of one is nothing in common");
        assert_eq!(did_you_mean(&"a".repeat(1_000_000), words), None);
        assert_eq!(did_you_mean("ab", ["ac", "ad"]), Some("ac"));
    }

    #[test]
    fn a_name_is_split_after_its_first_word() {
        let split = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(split_name("Omar Ben Ali"), split("Omar", "Ben Ali"));
        assert_eq!(split_name("\u{a0}Omar\t Ben\u{3000}Ali "), split("Omar", "Ben Ali"));
        assert_eq!(split_name("عمر"), split("عمر", ""));
        assert_eq!(split_name("  "), split("", ""));
    }

    #[test]
    #[rustfmt::skip]
    fn a_star_stands_for_anything() {
        for (pattern, text, fits) in [
            ("", "", true), ("*", "", true), ("*", "é/x", true), ("a", "ab", false),
            ("/orders/*", "/orders/5/cancel", true), ("/orders/*", "/orders", false),
            ("*/cancel", "/orders/5/cancel", true), ("/o*/c*l", "/orders/5/cancel", true),
            ("a*a", "a", false), ("a*b*a", "aba", true), ("a*b*a", "aa", false), ("**a", "ba", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn an_excerpt_counts_characters() {
        assert_eq!(excerpt("détail", 6), "détail");
        assert_eq!(excerpt("détails", 6), "détai…");
        assert_eq!(excerpt("détails", 1), "…");
        assert_eq!(excerpt("détails", 0), "");
    }
}
