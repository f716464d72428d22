//! Telephone numbers as a carrier stores them.

/// Fewer digits than this after the country's are no national number.
const SHORTEST_NATIONAL: usize = 8;
/// Fewer digits than this in all are a national number that happens to begin with the country's digits.
const SHORTEST_INTERNATIONAL: usize = 11;

/// Whether anything of a text is left as a number: a digit that is no leading zero.
pub fn can_be_dialled(text: &str) -> bool {
    text.chars().any(|c| digit(c).is_some_and(|digit| digit != '0'))
}

/// A number in international form: `28177188` with `+216` is `+21628177188`.
///
/// `+...` is kept, `00...` becomes `+...`, and digits that already begin with the country's and are long enough only
/// get their `+`. Everything else is taken as national: one leading zero is dropped, the prefix put before it.
/// Whatever is no digit is left out; Arabic digits count as digits. Nothing in gives nothing out.
pub fn international(local: &str, prefix: &str) -> String {
    let digits = digits_of(local);
    let country = digits_of(prefix);
    let plus = local.chars().find(|c| *c == '+' || digit(*c).is_some()) == Some('+');
    let absolute = if plus { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    if let Some(rest) = absolute {
        return if rest.is_empty() { String::new() } else { format!("+{rest}") };
    }
    let carries_country = !country.is_empty()
        && digits.len() >= SHORTEST_INTERNATIONAL
        && digits
            .strip_prefix(country.as_str())
            .is_some_and(|rest| rest.len() >= SHORTEST_NATIONAL);
    if carries_country {
        return format!("+{digits}");
    }
    match digits.strip_prefix('0').unwrap_or(&digits) {
        "" => String::new(),
        national if country.is_empty() => national.to_owned(),
        national => format!("+{country}{national}"),
    }
}

fn digits_of(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        _ => return None,
    };
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn numbers_take_their_international_form() {
        for (local, prefix, expected) in [
            ("28177188",           "+216", "+21628177188"),
            ("28 177-188",         "216",  "+21628177188"),
            ("+216 28.177.188",    "+216", "+21628177188"),
            ("+33 (1) 23456789",   "+216", "+33123456789"),
            ("0021628177188",      "+216", "+21628177188"),
            ("21628177188",        "+216", "+21628177188"),
            ("21628177",           "+216", "+21621628177"),
            ("0551234567",         "+213", "+213551234567"),
            ("213551234567",       "+213", "+213551234567"),
            ("213551234",          "+213", "+213213551234"),
            ("0612345678",         "+212", "+212612345678"),
            ("9123456789",         "+91",  "+919123456789"),
            ("٢٨١٧٧١٨٨",           "+216", "+21628177188"),
            ("tel 28177188 ext",   "+216", "+21628177188"),
            ("28177188",           "",     "28177188"),
        ] {
            assert_eq!(international(local, prefix), expected, "{local} {prefix}");
        }
        for nothing in ["", "+", "0", "00", "abc", " ( ) "] {
            assert_eq!(international(nothing, "+216"), "", "{nothing}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_digits_or_nothing(local in ".*", prefix in ".*") {
            let number = international(&local, &prefix);
            let digits = number.strip_prefix('+').unwrap_or(&number);
            proptest::prop_assert!(digits.bytes().all(|b| b.is_ascii_digit()));
            proptest::prop_assert!(!digits.is_empty() || number.is_empty());
        }
    }
}
