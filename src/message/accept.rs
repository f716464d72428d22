//! `Accept`: the media types a client takes, by their quality: RFC 9110, 12.5.1.

/// The media types of an `Accept` header, the most wanted first, equals in the order in which they stand. What is
/// weighed with nothing is not wanted, and a weight that cannot be read is none.
pub fn by_quality(header: &str) -> Vec<&str> {
    let mut ranges: Vec<(u32, &str)> = header.split(',').filter_map(weighed).collect();
    ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    ranges.into_iter().map(|(_, kind)| kind).collect()
}

/// A media type and its weight in thousandths.
fn weighed(range: &str) -> Option<(u32, &str)> {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().filter(|kind| !kind.is_empty())?;
    let quality = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let weight = quality.and_then(thousandths).unwrap_or(1_000);
    (weight > 0).then_some((weight, kind))
}

/// A number from 0 to 1 with three places at most.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let whole = whole.parse::<u32>().ok().filter(|whole| is_number && *whole <= 1)?;
    let fraction = format!("{fraction:0<3}").parse::<u32>().ok()?;
    Some((whole * 1_000 + fraction).min(1_000))
}

#[cfg(test)]
mod tests {
    use super::by_quality;

    #[test]
    fn the_most_wanted_comes_first() {
        for (header, expected) in [
            ("application/json", &["application/json"][..]),
            ("application/json;q=0.5, text/html", &["text/html", "application/json"]),
            ("text/html;q=0.1,application/json;q=0.11", &["application/json", "text/html"]),
            ("text/html, application/json", &["text/html", "application/json"]),
            ("text/html;level=1;q=0.4, */*;q=0.8", &["*/*", "text/html"]),
            ("application/json; Q = 0, */*", &["*/*"]),
            ("a/b;q=0.000, c/d;q=1.000, e/f;q=x", &["c/d", "e/f"]),
            ("a/b;q=0.1234, c/d;q=0.9", &["a/b", "c/d"]),
            (" , ", &[]),
        ] {
            assert_eq!(by_quality(header), expected, "{header}");
        }
    }
}
