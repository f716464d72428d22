//! Reads our papers back as an eye and a scanner would: which texts stand where, and what the bars say.
//!
//! It knows just what `kit::label` writes: plain content streams, two fonts in the Windows code page, bars as
//! rectangles one unit high. The table of Code 128 is its own, so that it proves the one we draw with.

use std::collections::BTreeMap;

/// A text on a page, in points from the lower left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Where it begins.
    pub x: f32,
    /// The line it stands on.
    pub y: f32,
    /// In points.
    pub size: f32,
    /// What it says.
    pub text: String,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Its texts in the order of drawing.
    pub texts: Vec<Text>,
    /// What its barcodes say.
    pub codes: Vec<String>,
    /// The lower left and the upper right corner of each barcode, and the width of a module.
    pub symbols: Vec<([f32; 4], f32)>,
}

impl Page {
    /// Its texts, one a line.
    pub fn text(&self) -> String {
        self.texts.iter().map(|it| format!("{}\n", it.text)).collect()
    }
}

/// The pages of a document, after a look at its skeleton.
pub fn pages(pdf: &[u8]) -> Vec<Page> {
    assert!(pdf.starts_with(b"%PDF-1.4\n"), "clients look for this start");
    assert!(pdf.ends_with(b"%%EOF"), "{:?}", String::from_utf8_lossy(&pdf[pdf.len() - 20..]));
    objects_are_where_the_table_says(pdf);
    let mut streams = Vec::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, b"stream\n") {
        let end = find(rest, b"endstream").unwrap();
        streams.push(&rest[at + 7..end]);
        rest = &rest[end + 9..];
    }
    streams.into_iter().map(page).collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Every line of the cross-reference table points at the object of its number.
fn objects_are_where_the_table_says(pdf: &[u8]) {
    let table = find(pdf, b"xref\n").unwrap();
    let text = String::from_utf8(pdf[table..].to_vec()).unwrap();
    let mut lines = text.lines().skip(1);
    let count: usize = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    for number in 1..count {
        let line = lines.nth(usize::from(number == 1)).unwrap();
        let at: usize = line[..10].parse().unwrap();
        assert!(pdf[at..].starts_with(format!("{number} 0 obj").as_bytes()), "object {number}");
    }
    let start = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap();
    assert_eq!(start.parse::<usize>().unwrap(), table);
}

/// One word of a content stream.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    Number(f32),
    Text(String),
    Name(String),
    Operator(String),
}

fn words(stream: &[u8]) -> Vec<Word> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < stream.len() {
        let byte = stream[at];
        at += 1;
        if byte.is_ascii_whitespace() {
            continue;
        }
        if byte == b'(' || byte == b'<' {
            let (text, after) =
                if byte == b'(' { literal(stream, at) } else { hexadecimal(stream, at) };
            out.push(Word::Text(text.into_iter().map(shown).collect()));
            at = after;
            continue;
        }
        let start = if byte == b'/' { at } else { at - 1 };
        while stream.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !b"/(<[".contains(b)) {
            at += 1;
        }
        let word = String::from_utf8(stream[start..at].to_vec()).unwrap();
        out.push(match word.parse() {
            _ if byte == b'/' => Word::Name(word),
            Ok(number) => Word::Number(number),
            Err(_) => Word::Operator(word),
        });
    }
    out
}

/// A text in parentheses, which may nest, and where it ends.
fn literal(stream: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut text = Vec::new();
    let mut depth = 1;
    loop {
        let byte = stream[at];
        at += 1;
        match byte {
            b'\\' => {
                let escaped = stream[at];
                at += 1;
                match escaped {
                    b'n' => text.push(b'\n'),
                    b'r' => text.push(b'\r'),
                    b't' => text.push(b'\t'),
                    b'(' | b')' | b'\\' => text.push(escaped),
                    other => panic!("an escape that was not expected: {other}"),
                }
                continue;
            }
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (text, at);
        }
        text.push(byte);
    }
}

fn hexadecimal(stream: &[u8], at: usize) -> (Vec<u8>, usize) {
    let end = at + find(&stream[at..], b">").unwrap();
    let digits = std::str::from_utf8(&stream[at..end]).unwrap();
    let byte = |place: usize| u8::from_str_radix(&digits[place..place + 2], 16).unwrap();
    ((0..digits.len()).step_by(2).map(byte).collect(), end + 1)
}

/// A letter of the Windows code page.
fn shown(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x81..=0x9f => panic!("a letter the tests do not know: {byte}"),
        _ => char::from(byte),
    }
}

fn page(stream: &[u8]) -> Page {
    let mut page = Page::default();
    let mut operands: Vec<Word> = Vec::new();
    let (mut x, mut y, mut size) = (0.0, 0.0, 0.0);
    let mut scale: Option<[f32; 4]> = None;
    let mut bars: Vec<(f32, f32)> = Vec::new();
    for word in words(stream) {
        let Word::Operator(operator) = word else {
            operands.push(word);
            continue;
        };
        let number = |place: usize| match operands[place] {
            Word::Number(number) => number,
            ref other => panic!("{operator} has {other:?}"),
        };
        match (operator.as_str(), scale) {
            ("Td", _) => (x, y) = (number(0), number(1)),
            ("Tf", _) => size = number(1),
            ("Tj", _) => {
                let Word::Text(text) = operands[0].clone() else { panic!("no text to show") };
                page.texts.push(Text { x, y, size, text });
            }
            ("cm", _) => scale = Some([number(0), number(3), number(4), number(5)]),
            ("re", Some(_)) => bars.push((number(0), number(2))),
            ("Q", Some([module, height, x, y])) => {
                let drawn = std::mem::take(&mut bars);
                let modules = drawn.last().map_or(0.0, |(start, width)| start + width);
                page.symbols.push(([x, y, x + modules * module, y + height], module));
                page.codes.push(scanned(&drawn));
                scale = None;
            }
            _ => {}
        }
        operands.clear();
    }
    page
}

/// What a scanner makes of bars: their places and widths in modules.
fn scanned(bars: &[(f32, f32)]) -> String {
    let mut widths = String::new();
    let mut end = None;
    for (start, width) in bars {
        widths.extend(end.map(|end| format!("{}", start - end)));
        widths.push_str(&width.to_string());
        end = Some(start + width);
    }
    decoded(&widths)
}

/// The widths of Code 128's symbols, by value: ISO/IEC 15417, table 1.
const SYMBOLS: &str = "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 \
    122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 \
    212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 \
    113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 \
    431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 \
    241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 \
    131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232";

/// The text of a symbol given by its widths; panics at everything a scanner would refuse.
pub fn decoded(widths: &str) -> String {
    let table: BTreeMap<&str, usize> = SYMBOLS.split_whitespace().zip(0..).collect();
    assert_eq!(table.len(), 106);
    let body = widths.strip_suffix("2331112").expect("it ends with the stop symbol");
    assert_eq!(body.len() % 6, 0, "{widths}");
    let values: Vec<usize> =
        (0..body.len()).step_by(6).map(|at| table[&body[at..at + 6]]).collect();
    let (check, values) = values.split_last().unwrap();
    let sum: usize = values.iter().zip(0..).map(|(value, place)| value * place.max(1_usize)).sum();
    assert_eq!(sum % 103, *check, "the check symbol");

    let (start, values) = values.split_first().unwrap();
    let mut pairs = *start == 105;
    assert!(pairs || *start == 104, "set B or C");
    let mut text = String::new();
    for value in values {
        match value {
            99 if !pairs => pairs = true,
            100 if pairs => pairs = false,
            0..=99 if pairs => text.push_str(&format!("{value:02}")),
            0..=94 if !pairs => text.push(char::from(*value as u8 + 32)),
            other => panic!("value {other} was not expected"),
        }
    }
    text
}
