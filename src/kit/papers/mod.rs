//! Papers that go with a parcel, as PDF: labels of 100 by 150 mm with a barcode, and lists on office paper.
//!
//! The words on them are the caller's. The same values give the same bytes.
//!
//! ```
//! use shipmock::internals::kit::papers::{self, Block, Fact, Label};
//!
//! let pdf = papers::labels("S1234", &[Label {
//!     carrier: "Royal Mail".to_owned(),
//!     service: "Tracked 24".to_owned(),
//!     from: Block { caption: "FROM", lines: vec!["Hair Wholesaler Co.".to_owned()] },
//!     to: Block { caption: "DELIVER TO", lines: vec!["William Riker".to_owned()] },
//!     postcode: "BS2 3AP".to_owned(),
//!     facts: vec![Fact { caption: "PARCEL", value: "1 of 1".to_owned() }],
//!     number: "TT324201212GB".to_owned(),
//!     ..Label::default()
//! }]);
//! assert!(pdf.starts_with(b"%PDF-1.4"));
//! ```

pub mod barcode;
mod letters;
mod list;
mod sheet;

pub use list::{CellShape, Column, List, list};

use self::barcode::Bars;
use self::letters::Font;
use self::sheet::{Align, Format, Sheet, Type, document};
use crate::kit::text::excerpt;

/// More pages than this are not printed, however many parcels a client names.
pub const MOST_PAGES: usize = 100;

/// Small letters above lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// What the lines are.
    pub caption: &'static str,
    /// Empty ones leave no gap.
    pub lines: Vec<String>,
}

/// Small letters above a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// What the value is.
    pub caption: &'static str,
    /// The value; an empty one stays empty.
    pub value: String,
}

/// One label: what stands where, from the top to the bottom. Everything may be empty, and nothing leaves its box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// In large letters.
    pub carrier: String,
    /// White on black.
    pub service: String,
    /// The sender, in small letters.
    pub from: Block,
    /// Beside the sender, one below the other; four find room.
    pub facts: Vec<Fact>,
    /// The recipient; eight lines find room.
    pub to: Block,
    /// Below the recipient, in letters that are read from afar.
    pub postcode: String,
    /// Side by side; two find room.
    pub references: Vec<Fact>,
    /// What the driver should know.
    pub note: Block,
    /// The tracking number: as bars, and in letters below them.
    pub number: String,
    /// At the foot, very small.
    pub foot: String,
}

/// Labels, each on a page of its own; the title is what a reader shows in its window.
pub fn labels(title: &str, labels: &[Label]) -> Vec<u8> {
    document(&excerpt(title, 80), labels.iter().take(MOST_PAGES).map(drawn).collect())
}

/// The frame's distance from the edge: printers of labels cannot print nearer.
const EDGE: f32 = 3.0;

/// Text's distance from a line.
const GAP: f32 = 2.0;

/// The frame's right side.
const RIGHT: f32 = Format::PARCEL.width - EDGE;

/// Where text may stand, from left to right.
const ROOM: f32 = RIGHT - EDGE - 2.0 * GAP;

/// Where the facts begin, right of the sender.
const FACTS: f32 = 64.0;

/// The lines across: below carrier, sender, recipient, references, bars.
const ACROSS: [f32; 5] = [19.0, 45.0, 90.0, 110.0, 142.0];

const CAPTION: Type = Type::regular(6.0);

fn drawn(label: &Label) -> Sheet {
    let mut sheet = Sheet::new(Format::PARCEL);
    let [head, sender, recipient, references, bars] = ACROSS;
    sheet.frame(EDGE, EDGE, RIGHT - EDGE, bars - EDGE, 0.5);
    for y in [sender, recipient, references] {
        sheet.line((EDGE, y), (RIGHT, y), 0.35);
    }
    sheet.line((FACTS, head), (FACTS, sender), 0.35);

    draw_head(&mut sheet, label);
    let x = EDGE + GAP;
    let from = LineColumn { x, top: head, room: FACTS - EDGE - 2.0 * GAP, bottom: sender - 1.0 };
    draw_block(&mut sheet, &label.from, from, &[8.0, 7.5, 7.0, 6.5]);
    draw_facts(&mut sheet, &label.facts, head, sender);
    let postcode = Type::bold(20.0).shrunk(&label.postcode, ROOM, 9.0);
    let letters = postcode.cut(&label.postcode, ROOM);
    let base = recipient - GAP - 0.5;
    sheet.letters(x, base, Align::Left, postcode, &letters);
    let to = LineColumn { x, top: sender, room: ROOM, bottom: base - postcode.cap_height() - 3.0 };
    draw_block(&mut sheet, &label.to, to, &[13.0, 12.0, 11.0, 10.0, 9.0]);
    draw_references(&mut sheet, label, recipient, references);
    draw_number(&mut sheet, &label.number, references, bars);

    let foot = Type::regular(5.5);
    let middle = Format::PARCEL.width / 2.0;
    sheet.letters(middle, bars + 3.2, Align::Centre, foot, &foot.cut(&label.foot, ROOM));
    sheet
}

/// The carrier, and the service white on black.
fn draw_head(sheet: &mut Sheet, label: &Label) {
    let middle = EDGE + (RIGHT - EDGE) * 0.56;
    let [bottom, ..] = ACROSS;
    let room = middle - EDGE - 2.0 * GAP;
    let carrier = Type::bold(22.0).shrunk(&label.carrier, room, 11.0);
    let letters = carrier.cut(&label.carrier, room);
    let base = (EDGE + bottom + carrier.cap_height()) / 2.0;
    sheet.letters(EDGE + GAP, base, Align::Left, carrier, &letters);

    sheet.fill(middle, EDGE, RIGHT - middle, bottom - EDGE, 0.0);
    let room = RIGHT - middle - 2.0 * GAP;
    let sizes = [12.0, 11.0, 10.0, 9.0, 8.0];
    // Two lines in large letters or three in small ones; beyond that the last line is cut.
    let fits = |size: &f32| {
        let all = Type::bold(*size).wrapped(&label.service, room, 9).len();
        all <= if *size > 10.0 { 2 } else { 3 }
    };
    let size = sizes.into_iter().find(fits).unwrap_or(8.0);
    let service = Type { font: Font::Bold, size, white: true };
    let lines = service.wrapped(&label.service, room, 3);
    let further = service.leading() * lines.len().saturating_sub(1) as f32;
    let mut base = (EDGE + bottom + service.cap_height() - further) / 2.0;
    for line in lines {
        sheet.letters((middle + RIGHT) / 2.0, base, Align::Centre, service, &line);
        base += service.leading();
    }
    sheet.line((EDGE, bottom), (RIGHT, bottom), 0.35);
}

/// A caption and lines below it, in the largest of some sizes in which all of them find room.
fn draw_block(sheet: &mut Sheet, block: &Block, place: LineColumn, sizes: &[f32]) {
    let LineColumn { x, top, room, bottom } = place;
    let base = top + GAP + CAPTION.cap_height();
    sheet.letters(x, base, Align::Left, CAPTION, &CAPTION.cut(block.caption, room));
    let top = base + 1.3;
    // Two lines for one that is too long; when even the smallest letters need more room than there is, one for each.
    let smallest = sizes.last().map(|size| (*size, 1));
    let mut chosen = (Type::regular(0.0), Vec::new());
    for (size, most) in sizes.iter().map(|size| (*size, 2)).chain(smallest) {
        let of = Type::regular(size);
        let lines: Vec<_> =
            block.lines.iter().flat_map(|text| of.wrapped(text, room, most)).collect();
        let height = of.leading() * lines.len() as f32 - of.leading() + of.cap_height();
        chosen = (of, lines);
        if top + height <= bottom {
            break;
        }
    }
    let (of, lines) = chosen;
    let mut base = top + of.cap_height();
    for line in lines {
        if base > bottom {
            break;
        }
        sheet.letters(x, base, Align::Left, of, &line);
        base += of.leading();
    }
}

/// A column of lines: where it begins, how wide it is, and where the last line may stand.
#[derive(Debug, Clone, Copy)]
struct LineColumn {
    x: f32,
    top: f32,
    room: f32,
    bottom: f32,
}

fn draw_facts(sheet: &mut Sheet, facts: &[Fact], top: f32, bottom: f32) {
    const MOST: usize = 4;
    let height = (bottom - top) / facts.len().clamp(3, MOST) as f32;
    for (place, fact) in facts.iter().take(MOST).enumerate() {
        let top = top + height * place as f32;
        draw_fact(
            sheet,
            fact,
            Cell { x: FACTS, top, width: RIGHT - FACTS, height },
            Type::bold(8.5),
        );
    }
}

/// A box of a caption and a value.
#[derive(Debug, Clone, Copy)]
struct Cell {
    x: f32,
    top: f32,
    width: f32,
    height: f32,
}

/// A caption and a value below it, on one line each.
fn draw_fact(sheet: &mut Sheet, fact: &Fact, cell: Cell, of: Type) {
    const BETWEEN: f32 = 1.0;
    let room = cell.width - 2.0 * GAP;
    let content = CAPTION.cap_height() + BETWEEN + of.cap_height();
    let base = cell.top + ((cell.height - content) / 2.0).min(GAP) + CAPTION.cap_height();
    sheet.letters(cell.x + GAP, base, Align::Left, CAPTION, &CAPTION.cut(fact.caption, room));
    let base = base + BETWEEN + of.cap_height();
    let of = of.shrunk(&fact.value, room, of.size - 4.0);
    sheet.letters(cell.x + GAP, base, Align::Left, of, &of.cut(&fact.value, room));
}

fn draw_references(sheet: &mut Sheet, label: &Label, top: f32, bottom: f32) {
    const MOST: usize = 2;
    let width = (RIGHT - EDGE) / MOST as f32;
    for (place, fact) in label.references.iter().take(MOST).enumerate() {
        let cell = Cell { x: EDGE + width * place as f32, top, width, height: 7.5 };
        draw_fact(sheet, fact, cell, Type::bold(10.0));
    }
    if label.note.lines.iter().any(|line| !line.trim().is_empty()) {
        let note = LineColumn { x: EDGE + GAP, top: top + 7.0, room: ROOM, bottom: bottom - 1.0 };
        draw_block(sheet, &label.note, note, &[8.0, 7.0]);
    }
}

/// The number as bars, and in letters as wide as they may be.
fn draw_number(sheet: &mut Sheet, number: &str, top: f32, bottom: f32) {
    let number = number.trim();
    let middle = Format::PARCEL.width / 2.0;
    let room = RIGHT - EDGE;
    let of = Type::bold(14.0).shrunk(number, room - 2.0 * GAP, 7.0);
    let base = bottom - GAP - 0.3;
    if let Some((bars, module)) = scaled(number, room) {
        let width = bars.modules() as f32 * module;
        // On a whole dot of the printer, as every edge of a bar then is.
        let x = ((middle - width / 2.0) / DOT).round() * DOT;
        let height = base - of.cap_height() - 1.8 - (top + 2.5);
        sheet.bars(x, top + 2.5, module, height, &bars);
        sheet.letters(middle, base, Align::Centre, of, &of.cut(number, room - 2.0 * GAP));
    } else {
        // No scanner would read it: the number alone, so that it can be typed.
        let base = (top + bottom + of.cap_height()) / 2.0;
        sheet.letters(middle, base, Align::Centre, of, &of.cut(number, room - 2.0 * GAP));
    }
}

/// The dot of a label printer with 203 dots to the inch, eight to the millimetre.
const DOT: f32 = 0.125;

/// The width of a module that scanners read without effort, and the least that they read.
const MODULES: [f32; 4] = [4.0 * DOT, 3.0 * DOT, 2.0 * DOT, 1.5 * DOT];

/// The bars of a number and the widest module with which they and their quiet zones fit.
fn scaled(number: &str, room: f32) -> Option<(Bars, f32)> {
    let bars = barcode::code128(number)?;
    let modules = (bars.modules() + 2 * barcode::QUIET) as f32;
    MODULES.into_iter().find(|module| modules * module <= room).map(|module| (bars, module))
}
