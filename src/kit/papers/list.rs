//! A table on office paper, over as many pages as it takes.

use super::sheet::{Align, Format, Sheet, Type, document};
use super::{Fact, MOST_PAGES};
use crate::kit::text::excerpt;

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CellShape {
    /// Words, on the left.
    #[default]
    Text,
    /// A number, on the right and bold.
    Number,
    /// An empty box for a pencil; what the rows say is not printed.
    Box,
}

/// A column of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Above it, on every page.
    pub caption: &'static str,
    /// How much of the page's width it takes, in proportion to the others.
    pub share: u16,
    /// What its cells hold.
    pub shape: CellShape,
}

/// A table with a heading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct List {
    /// In large letters on the first page.
    pub title: String,
    /// Below the title, side by side; four find room.
    pub facts: Vec<Fact>,
    /// From left to right.
    pub columns: Vec<Column>,
    /// Cells in the order of the columns; missing ones stay empty.
    pub rows: Vec<Vec<String>>,
    /// What stands instead of rows when there are none.
    pub nothing: &'static str,
    /// At the left of each page's foot.
    pub foot: String,
}

const MARGIN: f32 = 15.0;
const ROOM: f32 = Format::A4.width - 2.0 * MARGIN;
/// Rows end here; the foot is below.
const BOTTOM: f32 = Format::A4.height - 18.0;
const PADDING: f32 = 1.5;
const CELL: Type = Type::regular(9.0);
const HEAD: Type = Type::bold(8.0);
const SMALL: Type = Type::regular(7.0);
/// Lines of one cell; longer texts are cut.
const LINES: usize = 3;

/// The list as a PDF. Rows beyond a hundred pages are not printed; the foot counts pages, so that it shows.
pub fn list(list: &List) -> Vec<u8> {
    let edges = edges(&list.columns);
    let mut sheets = Vec::new();
    let mut rows = list.rows.iter().peekable();
    loop {
        let mut sheet = Sheet::new(Format::A4);
        let top = if sheets.is_empty() { draw_title(&mut sheet, list) } else { MARGIN };
        let mut y = draw_captions(&mut sheet, &list.columns, &edges, top);
        if list.rows.is_empty() {
            let base = y + PADDING + CELL.cap_height() + 1.0;
            sheet.letters(MARGIN + PADDING, base, Align::Left, CELL, &CELL.cut(list.nothing, ROOM));
        }
        while let Some(row) = rows.peek() {
            let cells = cells(row, &list.columns, &edges);
            let height = height(&cells);
            if y + height > BOTTOM {
                break;
            }
            draw_row(&mut sheet, &cells, &list.columns, &edges, y);
            y += height;
            sheet.line((MARGIN, y), (MARGIN + ROOM, y), 0.1);
            rows.next();
        }
        sheets.push(sheet);
        if rows.peek().is_none() || sheets.len() == MOST_PAGES {
            break;
        }
    }
    let left = rows.count();
    let pages = sheets.len();
    for (place, sheet) in sheets.iter_mut().enumerate() {
        let base = Format::A4.height - 11.0;
        sheet.letters(MARGIN, base, Align::Left, SMALL, &SMALL.cut(&list.foot, ROOM - 40.0));
        let more = if left > 0 { format!(" (+{left})") } else { String::new() };
        let page = SMALL.cut(&format!("{} / {pages}{more}", place + 1), 40.0);
        sheet.letters(MARGIN + ROOM, base, Align::Right, SMALL, &page);
    }
    document(&excerpt(&list.title, 80), sheets)
}

/// Where each column begins, and where the last one ends.
fn edges(columns: &[Column]) -> Vec<f32> {
    let all: u32 = columns.iter().map(|column| u32::from(column.share)).sum();
    let mut taken = 0;
    let mut edges = vec![MARGIN];
    for column in columns {
        taken += u32::from(column.share);
        edges.push(MARGIN + ROOM * taken as f32 / all.max(1) as f32);
    }
    edges
}

/// The title and the facts below it; where the table may begin.
fn draw_title(sheet: &mut Sheet, list: &List) -> f32 {
    const MOST: usize = 4;
    let of = Type::bold(20.0).shrunk(&list.title, ROOM, 10.0);
    let mut y = MARGIN + of.cap_height();
    sheet.letters(MARGIN, y, Align::Left, of, &of.cut(&list.title, ROOM));
    y += 5.0;
    let width = ROOM / MOST as f32;
    for (place, fact) in list.facts.iter().take(MOST).enumerate() {
        let x = MARGIN + width * place as f32;
        let room = width - PADDING;
        sheet.letters(
            x,
            y + SMALL.cap_height(),
            Align::Left,
            SMALL,
            &SMALL.cut(fact.caption, room),
        );
        let value = Type::bold(10.0);
        let base = y + SMALL.cap_height() + 1.5 + value.cap_height();
        sheet.letters(x, base, Align::Left, value, &value.cut(&fact.value, room));
    }
    if list.facts.is_empty() { y } else { y + 11.0 }
}

/// The captions of the columns on grey; where the rows begin.
fn draw_captions(sheet: &mut Sheet, columns: &[Column], edges: &[f32], top: f32) -> f32 {
    let height = HEAD.cap_height() + 2.0 * PADDING;
    sheet.fill(MARGIN, top, ROOM, height, 0.88);
    for (column, edge) in columns.iter().zip(edges.windows(2)) {
        let &[left, right] = edge else { continue };
        let letters = HEAD.cut(column.caption, right - left - 2.0 * PADDING);
        let (x, align) = place(column.shape, left, right);
        sheet.letters(x, top + PADDING + HEAD.cap_height(), align, HEAD, &letters);
    }
    top + height
}

/// Where the text of a cell stands.
fn place(shape: CellShape, left: f32, right: f32) -> (f32, Align) {
    match shape {
        CellShape::Text => (left + PADDING, Align::Left),
        CellShape::Number => (right - PADDING, Align::Right),
        CellShape::Box => ((left + right) / 2.0, Align::Centre),
    }
}

fn looks(shape: CellShape) -> Type {
    if shape == CellShape::Number { Type::bold(CELL.size) } else { CELL }
}

/// The lines of each cell of a row.
fn cells(row: &[String], columns: &[Column], edges: &[f32]) -> Vec<Vec<Vec<u8>>> {
    let texts = row.iter().map(String::as_str).chain(std::iter::repeat(""));
    let lines = |((column, edge), text): ((&Column, &[f32]), &str)| match (column.shape, edge) {
        (CellShape::Box, _) => Vec::new(),
        (shape, &[left, right]) => looks(shape).wrapped(text, right - left - 2.0 * PADDING, LINES),
        _ => Vec::new(),
    };
    columns.iter().zip(edges.windows(2)).zip(texts).map(lines).collect()
}

fn height(cells: &[Vec<Vec<u8>>]) -> f32 {
    let lines = cells.iter().map(Vec::len).max().unwrap_or_default().max(1);
    CELL.leading() * lines as f32 + 2.0 * PADDING
}

fn draw_row(
    sheet: &mut Sheet,
    cells: &[Vec<Vec<u8>>],
    columns: &[Column],
    edges: &[f32],
    top: f32,
) {
    for ((column, edge), lines) in columns.iter().zip(edges.windows(2)).zip(cells) {
        let &[left, right] = edge else { continue };
        let (x, align) = place(column.shape, left, right);
        if column.shape == CellShape::Box {
            const SIDE: f32 = 4.0;
            sheet.frame(x - SIDE / 2.0, top + (height(cells) - SIDE) / 2.0, SIDE, SIDE, 0.25);
        }
        let of = looks(column.shape);
        let mut base = top + PADDING + (of.leading() + of.cap_height()) / 2.0;
        for line in lines {
            sheet.letters(x, base, align, of, line);
            base += of.leading();
        }
    }
}
