//! Formats of single values that the documentation asks for, by the names of the framework's validation rules.

use crate::kit::country;
use crate::kit::fields::FieldRule;
use crate::providers::shiptheory::resources::input;

/// `YYYY-MM-DD`.
pub const DAY: FieldRule = FieldRule::Format("date", is_day);
/// Two letters.
pub const COUNTRY: FieldRule = FieldRule::Format("country", is_country);
/// Three letters.
pub const CURRENCY: FieldRule = FieldRule::Format("lengthBetween", is_currency);
/// Three or six hexadecimal digits, with `#` or without.
pub const COLOUR: FieldRule = FieldRule::Format("hexColor", is_colour);
/// Three words behind three slashes.
pub const THREE_WORDS: FieldRule = FieldRule::Format("custom", is_three_words);
/// An address of a picture.
pub const PICTURE: FieldRule = FieldRule::Format("extension", is_picture);
/// Up to four digits, zeros in front allowed: UN 0004.
pub const UN_NUMBER: FieldRule = FieldRule::Format("range", is_un_number);
/// Yes or no, in the words that forms have for them.
pub const YES_OR_NO: FieldRule = FieldRule::Format("boolean", is_yes_or_no);
/// The id of a tag.
pub const ID: FieldRule = FieldRule::Format("integer", is_id);

fn is_day(text: &str) -> bool {
    input::day(text).is_some()
}

fn is_country(text: &str) -> bool {
    country::by_two(text).is_some()
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The rule stood in an earlier edition of the documentation.
fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or(text);
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_three_words(text: &str) -> bool {
    let words = text.strip_prefix("///").map(|words| words.split('.').collect::<Vec<_>>());
    words.is_some_and(|words| {
        words.len() == 3
            && words.iter().all(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
    })
}

/// Documentation, "Add Product", `thumbnail_url`.
fn is_picture(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".webp"].iter().any(|ending| path.ends_with(ending))
}

fn is_un_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_yes_or_no(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    matches!(text.as_str(), "" | "0" | "1" | "false" | "true" | "no" | "yes")
}

fn is_id(text: &str) -> bool {
    !text.trim_start().starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::{COLOUR, COUNTRY, CURRENCY, DAY, FieldRule, PICTURE, THREE_WORDS, UN_NUMBER};

    #[test]
    fn formats_take_what_they_should_and_nothing_else() {
        for (rule, text, expected) in [
            (DAY, "2021-04-20", None),
            (DAY, "20/04/2021", Some("date")),
            (COLOUR, "#000", None),
            (COLOUR, "fa8072", None),
            (COLOUR, "#0000", Some("hexColor")),
            (COLOUR, "red", Some("hexColor")),
            (COUNTRY, "gb", None),
            (COUNTRY, "GBR", Some("country")),
            (CURRENCY, "GBP", None),
            (CURRENCY, "£", Some("lengthBetween")),
            (THREE_WORDS, "///what.three.words", None),
            (THREE_WORDS, "what.three.words", Some("custom")),
            (PICTURE, "https://a.b/c.PNG?x=1", None),
            (PICTURE, "https://a.b/c.gif", Some("extension")),
            (UN_NUMBER, "0004", None),
            (UN_NUMBER, "9999", None),
            (UN_NUMBER, "UN1234", Some("range")),
            (UN_NUMBER, "-1", Some("range")),
        ] {
            let FieldRule::Format(name, fits) = rule else { panic!("{rule:?}") };
            assert_eq!((!fits(text)).then_some(name), expected, "{text}");
        }
    }
}
