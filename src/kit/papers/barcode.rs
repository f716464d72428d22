//! Code 128: the bars of a text, as a scanner reads them.
//!
//! `code128("TT324201212GB")` gives the widths of bars and gaps in turn; a page draws them to its own scale and keeps
//! the quiet zone. Digits that come in long runs are packed in pairs (set C), everything else is set B.

use barcoders::sym::code128::Code128;

/// More letters than this no label has room for.
pub const LONGEST: usize = 48;

/// How wide the white on either side of a symbol has to be, in modules.
pub const QUIET: u32 = 10;

/// Pairing digits costs a change of set on either side, so shorter runs within a text stay as they are.
const RUN_WITHIN: usize = 6;

/// At an end of the text one of the changes is saved.
const RUN_AT_END: usize = 4;

/// What `barcoders` reads as a change to set B.
const SET_B: char = '\u{181}';

/// What `barcoders` reads as a change to set C, in which a symbol is two digits.
const SET_C: char = '\u{106}';

/// Bars and gaps in turn, from the first bar to the last, in modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars(Vec<u8>);

impl Bars {
    /// The widths: bar, gap, bar, ..., bar.
    pub fn widths(&self) -> &[u8] {
        &self.0
    }

    /// How wide it is as a whole, without the quiet zones.
    pub fn modules(&self) -> u32 {
        self.0.iter().map(|width| u32::from(*width)).sum()
    }
}

/// The bars of a text of 1 to 48 printable ASCII characters; nothing for any other text.
pub fn code128(text: &str) -> Option<Bars> {
    if !(1..=LONGEST).contains(&text.len()) || !text.bytes().all(|byte| matches!(byte, 32..=126)) {
        return None;
    }
    let modules = Code128::new(with_sets(text)).ok()?.encode();
    Some(Bars(modules.chunk_by(|a, b| a == b).map(|run| run.len() as u8).collect()))
}

/// The text with the changes of set that make it short.
fn with_sets(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut set = None;
    let mut enter = |wanted: char, out: &mut String| {
        if set.replace(wanted) != Some(wanted) {
            out.push(wanted);
        }
    };
    let bytes = text.as_bytes();
    let runs = bytes.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let mut start = 0;
    for run in runs {
        let end = start + run.len();
        let at_end = start == 0 || end == bytes.len();
        let enough = match run.len() {
            2 => bytes.len() == 2,
            length => length >= if at_end { RUN_AT_END } else { RUN_WITHIN },
        };
        let packed = if run[0].is_ascii_digit() && enough { run.len() / 2 * 2 } else { 0 };
        // The odd digit stands where set B is in force anyway: after a run that begins the text, else before it.
        let before = if start == 0 { 0 } else { run.len() - packed };
        let (first, rest) = run.split_at(before);
        let (pairs, last) = rest.split_at(packed);
        for (letters, wanted) in [(first, SET_B), (pairs, SET_C), (last, SET_B)] {
            if !letters.is_empty() {
                enter(wanted, &mut out);
                out.extend(letters.iter().map(|byte| char::from(*byte)));
            }
        }
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_of_digits_are_paired() {
        for (text, sets) in [
            ("A", "BA"),
            ("7", "B7"),
            ("77", "C77"),
            ("777", "B777"),
            ("12345", "C1234B5"),
            ("123456", "C123456"),
            ("TT324201212GB", "BTT3C24201212BGB"),
            ("AB1234", "BABC1234"),
            ("AB12345", "BAB1C2345"),
            ("A1234B", "BA1234B"),
            ("1Z999AA10123456784", "B1Z999AA1C0123456784"),
        ] {
            let written = with_sets(text).replace(SET_B, "B").replace(SET_C, "C");
            assert_eq!(written, sets, "{text}");
        }
    }

    #[test]
    fn a_symbol_has_the_widths_of_the_standard() {
        // The usual worked example: start B, its letters, the check symbol (879 modulo 103 is 55), stop.
        let expected = [
            "211214", "313121", "112133", "112133", "123221", "223211", "221132", "131321",
            "311321", "2331112",
        ];
        let bars = code128("PJJ123C").unwrap();
        let widths: String = bars.widths().iter().map(u8::to_string).collect();
        assert_eq!(widths, expected.concat());
        assert_eq!(bars.modules(), 9 * 11 + 13);
    }

    #[test]
    fn what_cannot_be_scanned_has_no_bars() {
        for text in ["", "é", "a\nb", "\u{7f}", &"1".repeat(LONGEST + 1)] {
            assert_eq!(code128(text), None, "{text:?}");
        }
        assert!(code128(&"a".repeat(LONGEST)).is_some());
    }
}
