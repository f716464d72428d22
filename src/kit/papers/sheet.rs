//! One page of paper, measured in millimetres from its upper left corner, and the document of several.

use pdf_writer::types::PageMode;
use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Settings, Str, TextStr};

use super::letters::{self, Font};
use crate::kit::papers::barcode::Bars;

/// Points in a millimetre.
const POINTS: f32 = 72.0 / 25.4;

/// Width and height, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Format {
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

impl Format {
    /// The usual label of a parcel, four by six inches in round numbers.
    pub const PARCEL: Format = Format { width: 100.0, height: 150.0 };

    /// Office paper.
    pub const A4: Format = Format { width: 210.0, height: 297.0 };
}

/// Where a text stands against its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Left,
    /// Its middle is there.
    Centre,
    /// It ends there.
    Right,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// The weight.
    pub font: Font,
    /// In points.
    pub size: f32,
    /// White, for a text on black.
    pub white: bool,
}

impl Type {
    /// Black and regular.
    pub const fn regular(size: f32) -> Self {
        Self { font: Font::Regular, size, white: false }
    }

    /// Black and bold.
    pub const fn bold(size: f32) -> Self {
        Self { font: Font::Bold, size, white: false }
    }

    /// How far the next line is, in millimetres.
    pub fn leading(self) -> f32 {
        self.size * 1.16 / POINTS
    }

    /// From the top of the capitals to the line they stand on, in millimetres.
    pub fn cap_height(self) -> f32 {
        self.size * 0.718 / POINTS
    }

    /// How wide letters are, in millimetres.
    pub fn width(self, letters: &[u8]) -> f32 {
        letters::width(letters, self.font, self.size) / POINTS
    }

    /// The lines of a text in a box of so many millimetres.
    pub fn wrapped(self, text: &str, room: f32, most: usize) -> Vec<Vec<u8>> {
        letters::wrapped(text, self.font, self.size, room * POINTS, most)
    }

    /// The letters of a text that fit on one line of so many millimetres.
    pub fn cut(self, text: &str, room: f32) -> Vec<u8> {
        letters::cut(&letters::encoded(text), self.font, self.size, room * POINTS)
    }

    /// The same, as large as it fits between this size and a smaller one.
    pub fn shrunk(mut self, text: &str, room: f32, smallest: f32) -> Self {
        let letters = letters::encoded(text);
        while self.size > smallest && self.width(&letters) > room {
            self.size -= 1.0;
        }
        self
    }
}

/// A page being drawn.
pub struct Sheet {
    format: Format,
    content: Content,
}

impl Sheet {
    /// An empty page.
    pub fn new(format: Format) -> Self {
        Self { format, content: Content::with_settings(Settings { pretty: false }) }
    }

    /// Letters of the code page; `y` is the line they stand on.
    pub fn letters(&mut self, x: f32, y: f32, align: Align, of: Type, letters: &[u8]) {
        if letters.is_empty() {
            return;
        }
        let x = match align {
            Align::Left => x,
            Align::Centre => x - of.width(letters) / 2.0,
            Align::Right => x - of.width(letters),
        };
        let font = match of.font {
            Font::Regular => Name(b"R"),
            Font::Bold => Name(b"B"),
        };
        let (x, y) = (points(x), points(self.format.height - y));
        self.content.set_fill_gray(if of.white { 1.0 } else { 0.0 });
        self.content.begin_text().set_font(font, of.size).next_line(x, y);
        self.content.show(Str(letters)).end_text();
    }

    /// A straight line.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), thick: f32) {
        let height = self.format.height;
        self.content.set_line_width(points(thick));
        self.content.move_to(points(from.0), points(height - from.1));
        self.content.line_to(points(to.0), points(height - to.1)).stroke();
    }

    /// The outline of a box.
    pub fn frame(&mut self, x: f32, y: f32, width: f32, height: f32, thick: f32) {
        self.content.set_line_width(points(thick));
        self.rectangle(x, y, width, height);
        self.content.stroke();
    }

    /// A box filled with grey, 0 for black and 1 for white.
    pub fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, grey: f32) {
        self.content.set_fill_gray(grey);
        self.rectangle(x, y, width, height);
        self.content.fill_nonzero();
    }

    fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32) {
        let bottom = self.format.height - y - height;
        self.content.rect(points(x), points(bottom), points(width), points(height));
    }

    /// The bars of a symbol; `module` is the width of the narrowest. Within them the unit is the module.
    pub fn bars(&mut self, x: f32, y: f32, module: f32, height: f32, bars: &Bars) {
        let bottom = self.format.height - y - height;
        // Not rounded: a hundredth of a point would be a hundredth of a module.
        let (scale, x, bottom) = (module * POINTS, x * POINTS, points(bottom));
        self.content.save_state().set_fill_gray(0.0);
        self.content.transform([scale, 0.0, 0.0, points(height), x, bottom]);
        let mut at = 0_u16;
        for (place, width) in bars.widths().iter().enumerate() {
            if place % 2 == 0 {
                self.content.rect(f32::from(at), 0.0, f32::from(*width), 1.0);
            }
            at = at.saturating_add(u16::from(*width));
        }
        self.content.fill_nonzero().restore_state();
    }
}

/// A length as it is printed: a hundredth of a point is finer than any printer.
fn points(millimetres: f32) -> f32 {
    (millimetres * POINTS * 100.0).round() / 100.0
}

/// The pages as a PDF. No date and no identifier, so that the same pages are the same bytes.
pub fn document(title: &str, sheets: Vec<Sheet>) -> Vec<u8> {
    let mut next = Ref::new(1);
    let [catalog, tree, info, regular, bold] = std::array::from_fn(|_| next.bump());
    let pages: Vec<(Ref, Ref)> = sheets.iter().map(|_| (next.bump(), next.bump())).collect();

    let mut pdf = Pdf::with_settings(Settings { pretty: false });
    pdf.set_version(1, 4);
    let mut root = pdf.catalog(catalog);
    root.pages(tree).page_mode(PageMode::UseNone);
    // A page that is fitted to the paper has bars of another width.
    root.viewer_preferences().pair(Name(b"PrintScaling"), Name(b"None"));
    root.finish();
    pdf.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(pages.len() as i32);
    pdf.document_info(info).title(TextStr(title)).producer(TextStr("Shipmock"));
    for (id, name) in [(regular, b"Helvetica".as_slice()), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(id).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for ((page, stream), sheet) in pages.into_iter().zip(sheets) {
        let Format { width, height } = sheet.format;
        let mut written = pdf.page(page);
        written.parent(tree).contents(stream);
        written.media_box(Rect::new(0.0, 0.0, points(width), points(height)));
        written.resources().fonts().pair(Name(b"R"), regular).pair(Name(b"B"), bold);
        written.finish();
        pdf.stream(stream, &sheet.content.finish());
    }
    pdf.finish()
}
