//! Texts in the fonts that every reader of PDF has: which letters they can show, and how wide those are.
//!
//! Helvetica with the Windows Latin code page covers Western Europe. Other scripts are written in Latin letters, so
//! that a parcel's label still says something: Arabic by the table below (`الرياض` becomes `Alryad`), everything else
//! by `deunicode` (`Łódź` becomes `Lódz`). What nothing is known about becomes `?`. Nothing is lost without a trace.

/// A weight of Helvetica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Font {
    /// Helvetica.
    Regular,
    /// Helvetica-Bold.
    Bold,
}

/// Longer texts are cut before anything else is done with them: no box of a label shows more.
const LONGEST: usize = 600;

/// The end of a text that was cut, in the code page.
const ELLIPSIS: u8 = 0x85;

/// The letters of the code page from 0x80 to 0x9f; the five places without a letter are blank.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Arabic (and Persian) letters as they are usually written in Latin ones; vowel signs too.
#[rustfmt::skip]
const ARABIC: &[(char, &str)] = &[
    ('،', ","), ('؛', ";"), ('؟', "?"), ('ء', "'"), ('آ', "a"), ('أ', "a"), ('ؤ', "w"), ('إ', "i"),
    ('ئ', "y"), ('ا', "a"), ('ب', "b"), ('ة', "a"), ('ت', "t"), ('ث', "th"), ('ج', "j"), ('ح', "h"),
    ('خ', "kh"), ('د', "d"), ('ذ', "dh"), ('ر', "r"), ('ز', "z"), ('س', "s"), ('ش', "sh"), ('ص', "s"),
    ('ض', "d"), ('ط', "t"), ('ظ', "z"), ('ع', "'"), ('غ', "gh"), ('ـ', ""), ('ف', "f"), ('ق', "q"),
    ('ك', "k"), ('ل', "l"), ('م', "m"), ('ن', "n"), ('ه', "h"), ('و', "w"), ('ى', "a"), ('ي', "y"),
    ('\u{64b}', "an"), ('\u{64c}', "un"), ('\u{64d}', "in"), ('\u{64e}', "a"), ('\u{64f}', "u"), ('\u{650}', "i"),
    ('\u{651}', ""), ('\u{652}', ""), ('پ', "p"), ('چ', "ch"), ('ڤ', "v"), ('ک', "k"), ('گ', "g"), ('ی', "y"),
];

#[rustfmt::skip]
/// Widths of Helvetica from the blank on, in thousandths of the size: Adobe's metrics of the standard fonts.
const REGULAR: [u16; 224] = [
     278,  278,  355,  556,  556,  889,  667,  191,  333,  333,  389,  584,  278,  333,  278,  278,
     556,  556,  556,  556,  556,  556,  556,  556,  556,  556,  278,  278,  584,  584,  584,  556,
    1015,  667,  667,  722,  722,  667,  611,  778,  722,  278,  500,  667,  556,  833,  722,  778,
     667,  778,  722,  667,  611,  722,  667,  944,  667,  667,  611,  278,  278,  278,  469,  556,
     333,  556,  556,  500,  556,  556,  278,  556,  556,  222,  222,  500,  222,  833,  556,  556,
     556,  556,  333,  500,  278,  556,  500,  722,  500,  500,  500,  334,  260,  334,  584,  350,
     556,  350,  222,  556,  333, 1000,  556,  556,  333, 1000,  667,  333, 1000,  350,  611,  350,
     350,  222,  222,  333,  333,  350,  556, 1000,  333, 1000,  500,  333,  944,  350,  500,  667,
     278,  333,  556,  556,  556,  556,  260,  556,  333,  737,  370,  556,  584,  333,  737,  333,
     400,  584,  333,  333,  333,  556,  537,  278,  333,  333,  365,  556,  834,  834,  834,  611,
     667,  667,  667,  667,  667,  667, 1000,  722,  667,  667,  667,  667,  278,  278,  278,  278,
     722,  722,  778,  778,  778,  778,  778,  584,  778,  722,  722,  722,  722,  667,  667,  611,
     556,  556,  556,  556,  556,  556,  889,  500,  556,  556,  556,  556,  278,  278,  278,  278,
     556,  556,  556,  556,  556,  556,  556,  584,  611,  556,  556,  556,  556,  500,  556,  500,
];

#[rustfmt::skip]
/// Widths of Helvetica-Bold.
const BOLD: [u16; 224] = [
     278,  333,  474,  556,  556,  889,  722,  238,  333,  333,  389,  584,  278,  333,  278,  278,
     556,  556,  556,  556,  556,  556,  556,  556,  556,  556,  333,  333,  584,  584,  584,  611,
     975,  722,  722,  722,  722,  667,  611,  778,  722,  278,  556,  722,  611,  833,  722,  778,
     667,  778,  722,  667,  611,  722,  667,  944,  667,  667,  611,  333,  278,  333,  584,  556,
     333,  556,  611,  556,  611,  556,  333,  611,  611,  278,  278,  556,  278,  889,  611,  611,
     611,  611,  389,  556,  333,  611,  556,  778,  556,  556,  500,  389,  280,  389,  584,  350,
     556,  350,  278,  556,  500, 1000,  556,  556,  333, 1000,  667,  333, 1000,  350,  611,  350,
     350,  278,  278,  500,  500,  350,  556, 1000,  333, 1000,  556,  333,  944,  350,  500,  667,
     278,  333,  556,  556,  556,  556,  280,  556,  333,  737,  370,  556,  584,  333,  737,  333,
     400,  584,  333,  333,  333,  611,  556,  278,  333,  333,  365,  556,  834,  834,  834,  611,
     722,  722,  722,  722,  722,  722, 1000,  722,  667,  667,  667,  667,  278,  278,  278,  278,
     722,  722,  778,  778,  778,  778,  778,  584,  778,  722,  722,  722,  722,  667,  667,  611,
     556,  556,  556,  556,  556,  556,  889,  556,  556,  556,  556,  556,  278,  278,  278,  278,
     611,  611,  611,  611,  611,  611,  611,  584,  611,  611,  611,  611,  611,  556,  611,  556,
];

/// A text as bytes of the code page, on one line.
pub fn encoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len().min(LONGEST));
    for (place, c) in text.trim().chars().enumerate() {
        if place == LONGEST {
            out.push(ELLIPSIS);
            break;
        }
        write(c, &mut out);
    }
    out
}

fn write(c: char, out: &mut Vec<u8>) {
    let windows = WINDOWS.iter().position(|known| *known == c && c != '\0');
    match (c, windows) {
        (' '..='~' | '\u{a1}'..='\u{ff}', _) => out.push(c as u32 as u8),
        (_, Some(place)) => out.push(0x80 + place as u8),
        _ if c.is_whitespace() || c.is_control() => out.push(b' '),
        _ => match ARABIC.binary_search_by_key(&c, |(letter, _)| *letter) {
            Ok(place) => write_arabic(ARABIC[place].1, out),
            // The answers are ASCII; none means that nobody knows the character.
            Err(_) => out.extend(deunicode::deunicode_char(c).unwrap_or("?").bytes()),
        },
    }
}

/// Names begin with a capital, which Arabic does not have.
fn write_arabic(latin: &str, out: &mut Vec<u8>) {
    let within = out.last().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'\'');
    match latin.split_at_checked(1) {
        Some((first, rest)) if !within => {
            out.extend(first.to_ascii_uppercase().bytes());
            out.extend(rest.bytes());
        }
        _ => out.extend(latin.bytes()),
    }
}

/// How wide letters are, in points.
pub fn width(letters: &[u8], font: Font, size: f32) -> f32 {
    let table = match font {
        Font::Regular => &REGULAR,
        Font::Bold => &BOLD,
    };
    let one = |byte: &u8| {
        let place = usize::from(*byte).checked_sub(32);
        u32::from(place.and_then(|place| table.get(place)).copied().unwrap_or_default())
    };
    letters.iter().map(one).sum::<u32>() as f32 * size / 1000.0
}

/// Letters that fit into a width, the last of them an ellipsis when something was cut.
pub fn cut(letters: &[u8], font: Font, size: f32, room: f32) -> Vec<u8> {
    if width(letters, font, size) <= room {
        return letters.to_vec();
    }
    let room = room - width(&[ELLIPSIS], font, size);
    let mut kept = letters[..fitting(letters, font, size, room)].to_vec();
    while kept.last() == Some(&b' ') {
        kept.pop();
    }
    kept.push(ELLIPSIS);
    kept
}

/// How many letters from the start fit into a width.
fn fitting(letters: &[u8], font: Font, size: f32, room: f32) -> usize {
    let mut used = 0.0;
    let fits = |letter: &&u8| {
        used += width(&[**letter], font, size);
        used <= room
    };
    letters.iter().take_while(fits).count()
}

/// Lines that fit into a width, broken between words; what does not fit into the last of them is cut.
pub fn wrapped(text: &str, font: Font, size: f32, room: f32, most: usize) -> Vec<Vec<u8>> {
    let letters = encoded(text);
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut rest = letters.trim_ascii();
    while !rest.is_empty() && lines.len() < most {
        if lines.len() + 1 == most {
            lines.push(cut(rest, font, size, room));
            break;
        }
        let end = match fitting(rest, font, size, room) {
            all if all == rest.len() => all,
            // The blank that ends a line needs no room; a word longer than the line is broken, by a letter at least.
            some => match rest[..=some].iter().rposition(|byte| *byte == b' ') {
                Some(blank) if blank > 0 => blank,
                _ => some.max(1),
            },
        };
        let (line, after) = rest.split_at(end);
        lines.push(line.trim_ascii_end().to_vec());
        rest = after.trim_ascii_start();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        encoded(text).iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn western_letters_keep_their_accents() {
        assert_eq!(encoded("Müller & Søn, 5 €"), b"M\xfcller & S\xf8n, 5 \x80");
        assert_eq!(shown(" a\tb\u{a0}c\r\n"), "a b c");
    }

    #[test]
    fn other_scripts_are_written_in_latin_letters() {
        assert!(ARABIC.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(shown("الرياض"), "Alryad");
        assert_eq!(shown("شارع الملك فهد، ٢١"), "Shar' Almlk Fhd, 21");
        assert_eq!(shown("Łódź, Київ, Αθήνα"), "Lódz, Kiyiv, Athena");
        assert_eq!(shown("北京").trim(), "Bei Jing");
        assert_eq!(shown("a\u{10ffff}b\u{301}"), "a?b");
    }

    #[test]
    fn every_letter_has_a_width() {
        for c in (' '..='~').chain('\u{a1}'..='\u{ff}') {
            for font in [Font::Regular, Font::Bold] {
                assert!(width(&encoded(&format!("x{c}x")), font, 1.0) > 1.0, "{c}");
            }
        }
        assert_eq!(width(b"Shiptheory", Font::Regular, 1000.0), 4780.0);
    }

    #[test]
    fn lines_are_broken_between_words_and_cut_at_the_end() {
        let lines = |text: &str, most| -> Vec<String> {
            let lines = wrapped(text, Font::Regular, 10.0, 50.0, most);
            lines.iter().map(|line| line.iter().map(|byte| char::from(*byte)).collect()).collect()
        };
        assert_eq!(lines("", 3), [""; 0]);
        assert_eq!(lines("Flat 3", 3), ["Flat 3"]);
        assert_eq!(lines("123 Southpaw Lane", 3), ["123", "Southpaw", "Lane"]);
        assert_eq!(lines("123 Southpaw Lane", 2), ["123", "Southpa\u{85}"]);
        assert_eq!(lines("Llanfairpwllgwyngyll", 9), ["Llanfairpwl", "lgwyngyll"]);
        for (text, room) in [("WWWW", 0.0), ("a b", -5.0), (" ", 9.0)] {
            assert!(wrapped(text, Font::Bold, 10.0, room, 50).len() <= text.len(), "{text}");
        }
    }
}
