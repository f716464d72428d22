//! Field tables: the schema of a query or a body as data. Validation, what a client sent for nothing, the OpenAPI
//! description and made-up inputs all read the same rows.
//!
//! A row says where a field stands, whether it is needed, what it holds and by which rules it is checked. What a broken
//! rule is called, and in which words, is the business of the framework that reads the table. What only a handler can
//! know of a value (whether there is such a product) is a rule by name, [`FieldRule::Known`].

use crate::words;

words! {
    /// Where in a request a field stands.
    pub enum Place {
        /// Behind the question mark.
        Query = "query",
        /// Among the header fields.
        Header = "header",
        /// In the body, in whichever encoding the provider takes.
        Body = "body",
    }
}

words! {
    /// What a field holds, in the words of JSON Schema. A list or an object of which no deeper path is given is read
    /// whole.
    pub enum Shape {
        /// A text.
        Text = "string",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// Yes or no.
        Boolean = "boolean",
        /// Several.
        List = "array",
        /// Names and values.
        Object = "object",
    }
}

words! {
    /// Whether a client sends a field.
    pub enum Need {
        /// Without it the call is refused.
        Must = "must",
        /// Not demanded, but what a good client sends.
        Usual = "usual",
        /// As it likes.
        May = "may",
    }
}

/// One rule of a field that is checked. Its type is checked first, unless a rule says that it is not.
#[derive(Debug, Clone, Copy)]
pub enum FieldRule {
    /// Any scalar will do: the type is for descriptions only.
    AnyType,
    /// A number will do for the text.
    OrNumber,
    /// When it is there it is not empty, needed or not.
    Filled,
    /// Exactly this many characters, elements, or this number.
    Size(i64),
    /// At least this.
    Min(i64),
    /// At most this.
    Max(i64),
    /// So many places of a number count.
    Places(u32),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Begins with one of these.
    StartsWith(&'static [&'static str]),
    /// Has a form, by the name under which a framework knows it.
    Format(&'static str, fn(&str) -> bool),
    /// Known to the provider under this name; asked only while the field has no other problem.
    Known(&'static str),
    /// Each element is of a type and has rules of its own.
    Each(Shape, &'static [FieldRule]),
    /// Not twice among the elements of the list it stands in.
    Distinct,
    /// An element whose fields all say nothing is passed over.
    SkipBlank,
    /// A list of one object is that object.
    Lone,
    /// Problems of its fields are told beside it, not below it.
    Beside,
}

/// One field that an endpoint reads: a row of a table made by `fields!`.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Where it stands.
    pub place: Place,
    /// Its name; in bodies the path, as `customer.name` and `lines[].sku`, from the table that it stands in.
    pub path: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it is needed.
    pub need: Need,
    /// The rules by which validation checks it; none where it is taken as it comes.
    pub rules: Option<&'static [FieldRule]>,
    /// The fields of the object, or of each element of the list.
    pub below: &'static [Field],
    /// What it means, where its name does not say so.
    pub doc: &'static str,
}

impl Field {
    const fn new(place: Place, path: &'static str, shape: Shape) -> Field {
        Field { place, path, shape, need: Need::May, rules: None, below: &[], doc: "" }
    }

    /// A field of the query.
    pub const fn query(path: &'static str, shape: Shape) -> Field {
        Field::new(Place::Query, path, shape)
    }

    /// A header field.
    pub const fn header(path: &'static str, shape: Shape) -> Field {
        Field::new(Place::Header, path, shape)
    }

    /// A field of the body.
    pub const fn body(path: &'static str, shape: Shape) -> Field {
        Field::new(Place::Body, path, shape)
    }

    /// The call is refused without it.
    pub const fn must(self) -> Field {
        Field { need: Need::Must, ..self }
    }

    /// A good client sends it.
    pub const fn usual(self) -> Field {
        Field { need: Need::Usual, ..self }
    }

    /// A client sends it as it likes.
    pub const fn may(self) -> Field {
        Field { need: Need::May, ..self }
    }

    /// The same, checked by its type and these rules.
    pub const fn checked(self, rules: &'static [FieldRule]) -> Field {
        Field { rules: Some(rules), ..self }
    }

    /// The same, which holds these fields.
    pub const fn holding(self, below: &'static [Field]) -> Field {
        Field { below, ..self }
    }

    /// The same, with what it means.
    pub const fn meaning(self, doc: &'static str) -> Field {
        Field { doc, ..self }
    }

    /// Whether one of its rules is such.
    pub fn has(&self, is_such: fn(&FieldRule) -> bool) -> bool {
        self.rules.is_some_and(|rules| rules.iter().any(is_such))
    }

    /// Whether the call is refused without it.
    pub const fn is_needed(&self) -> bool {
        matches!(self.need, Need::Must)
    }
}

/// Declares field tables, a row a field: place, path, need and type; in brackets its rules, if it is checked; behind
/// an arrow the table of what it holds.
///
/// ```text
/// fields! {
///     /// `POST /orders`.
///     pub ORDER {
///         body "reference" must  Text [Max(255)];
///         body "lines"     must  List [Min(1)] => LINE;
///         body "coupon"    may   Text;
///     }
/// }
/// ```
macro_rules! fields {
    ($($(#[$meta:meta])* $vis:vis $name:ident {
        $($(#[doc = $doc:literal])* $place:ident $path:literal $need:ident $shape:ident
            $([$($rule:expr),* $(,)?])? $(=> $below:expr)?;)*
    })*) => {$(
        $(#[$meta])*
        $vis const $name: &[$crate::kit::fields::Field] = &[$(
            $crate::kit::fields::Field::$place($path, $crate::kit::fields::Shape::$shape)
                .$need()
                $(.checked(&[$($rule),*]))?
                $(.holding($below))?
                $(.meaning($doc))*
        ),*];
    )*};
}
pub(crate) use fields;

/// One table of the rows of several.
macro_rules! joined {
    ($($table:expr),+ $(,)?) => {{
        const TABLES: &[&[$crate::kit::fields::Field]] = &[$($table),+];
        const ROWS: [$crate::kit::fields::Field; $crate::kit::fields::count(TABLES)] =
            $crate::kit::fields::join(TABLES);
        &ROWS
    }};
}
pub(crate) use joined;

/// How many rows tables have together.
pub const fn count(tables: &[&[Field]]) -> usize {
    let (mut rows, mut place) = (0, 0);
    while place < tables.len() {
        rows += tables[place].len();
        place += 1;
    }
    rows
}

/// The rows of tables, `N` of them altogether: what `joined!` is made of.
pub const fn join<const N: usize>(tables: &[&[Field]]) -> [Field; N] {
    let mut rows = [Field::query("", Shape::Text); N];
    let (mut table, mut place, mut row) = (0, 0, 0);
    while row < N {
        if place < tables[table].len() {
            rows[row] = tables[table][place];
            (place, row) = (place + 1, row + 1);
        } else {
            (table, place) = (table + 1, 0);
        }
    }
    rows
}

/// One step of a path through an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStep {
    /// Into a member.
    Member(&'static str),
    /// Into every element of a list.
    Every,
}

/// Calls with every field of a table and of those below it, and the steps of its whole path; an outer field before its
/// inner ones.
pub fn each(table: &'static [Field], tell: &mut impl FnMut(&[PathStep], &'static Field)) {
    below(&mut Vec::with_capacity(8), table, tell);
}

/// Tables are constants: how deep they are is, too.
fn below(
    steps: &mut Vec<PathStep>,
    table: &'static [Field],
    tell: &mut impl FnMut(&[PathStep], &'static Field),
) {
    let above = steps.len();
    for field in table {
        if field.path.bytes().any(|byte| byte == b'.' || byte == b'[') {
            for name in field.path.split('.') {
                let member = name.strip_suffix("[]");
                steps.push(PathStep::Member(member.unwrap_or(name)));
                steps.extend(member.map(|_| PathStep::Every));
            }
        } else {
            steps.push(PathStep::Member(field.path));
        }
        tell(steps, field);
        if !field.below.is_empty() {
            steps.extend((field.shape == Shape::List).then_some(PathStep::Every));
            below(steps, field.below, tell);
        }
        steps.truncate(above);
    }
}

/// A field with its whole path.
#[derive(Debug, Clone)]
pub struct FieldRow {
    /// The path from the request: `lines[].sku`.
    pub path: String,
    /// The row.
    pub field: &'static Field,
}

/// Every field of a table and of those below it, an outer one before its inner ones.
pub fn rows(table: &'static [Field]) -> Vec<FieldRow> {
    let mut rows = Vec::new();
    each(table, &mut |steps, field| rows.push(FieldRow { path: written(steps), field }));
    rows
}

/// A path as the tables write it.
fn written(steps: &[PathStep]) -> String {
    steps.iter().fold(String::new(), |mut path, step| {
        match step {
            PathStep::Every => path.push_str("[]"),
            PathStep::Member(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
        }
        path
    })
}

#[cfg(test)]
mod tests {
    use super::FieldRule::{Max, Min};
    use super::{Need, Shape, rows};

    fields! {
        LINE {
            body "sku"  must Text [Max(10)];
            body "note" may  Text;
        }
        ORDER {
            query "dry"        may   Boolean;
            /// The client's own.
            body  "reference"  usual Text [];
            body  "lines"      must  List [Min(1)] => LINE;
        }
        BOTH {
            header "origin" must Text;
        }
    }

    #[test]
    fn tables_are_walked_with_whole_paths_an_outer_field_first() {
        let rows = rows(joined![BOTH, ORDER]);
        let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
        assert_eq!(paths, ["origin", "dry", "reference", "lines", "lines[].sku", "lines[].note"]);
        let [.., reference, lines, sku, note] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(
            (reference.field.need, reference.field.doc),
            (Need::Usual, " The client's own.")
        );
        assert_eq!((lines.field.shape, sku.field.is_needed()), (Shape::List, true));
        assert!(matches!(sku.field.rules, Some([Max(10)])) && note.field.rules.is_none());
    }
}
