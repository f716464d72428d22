//! Diagnostics: what is wrong with a scenario, said as a compiler says it: file, line, column, excerpt, what was meant.

use std::fmt;

use crate::kit::text::{did_you_mean, excerpt};

/// One mistake, and where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, without a full stop.
    pub message: String,
    /// The file, as it was named; what was given instead of one otherwise.
    pub file: String,
    /// Where in the file; none when the file could not be read, or when there is none.
    pub spot: Option<Box<Spot>>,
    /// Where in the scenario, as `world.shipper.limits.read`; said when there are no lines to point at.
    pub path: Option<String>,
    /// What would be right.
    pub hint: Box<Hint>,
}

/// What would be right instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint {
    /// The known word that is nearest to the one that was given.
    pub did_you_mean: Option<String>,
    /// What could have been there.
    pub known: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A place in a file, with what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Counts from 1.
    pub line: usize,
    /// Counts characters from 1.
    pub column: usize,
    /// The line as shown: long ones cut, blanks for tabs.
    pub excerpt: String,
    /// How many characters of the excerpt stand before the mark.
    pub before: usize,
    /// How many characters are marked.
    pub marked: usize,
}

impl Diagnostic {
    /// A mistake without a place. Words of the file in the message cannot steer a terminal or fill it.
    pub fn new(file: impl Into<String>, message: impl AsRef<str>) -> Self {
        let message = excerpt(message.as_ref(), LONGEST);
        let message = message.replace(char::is_control, "\u{fffd}");
        Diagnostic { file: file.into(), message, ..Diagnostic::default() }
    }

    /// The same, for a word that is not one of those that are known.
    pub(super) fn among(
        mut self,
        given: &str,
        known: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let hint = &mut *self.hint;
        hint.known = known.into_iter().map(Into::into).collect();
        hint.did_you_mean =
            did_you_mean(given, hint.known.iter().map(String::as_str)).map(str::to_owned);
        self
    }

    /// The same, with what to do about it.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.hint.help = Some(help.into());
        self
    }
}

impl std::error::Error for Diagnostic {}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        let gutter = self.spot.as_ref().map_or(1, |spot| spot.line.to_string().len());
        let blank = " ".repeat(gutter);
        match (&self.spot, &self.path) {
            (Some(spot), _) => {
                write!(f, "\n{blank}--> {}:{}:{}", self.file, spot.line, spot.column)?;
                write!(f, "\n{blank} |\n{} | {}", spot.line, spot.excerpt)?;
                let (before, mark) = (" ".repeat(spot.before), "^".repeat(spot.marked.max(1)));
                write!(f, "\n{blank} | {before}{mark}")?;
            }
            (None, Some(path)) => write!(f, "\n{blank}--> {}, at {path}", self.file)?,
            (None, None) => write!(f, "\n{blank}--> {}", self.file)?,
        }
        let Hint { did_you_mean, known, help } = &*self.hint;
        if let Some(word) = did_you_mean {
            write!(f, "\n{blank} = did you mean `{word}`?")?;
        }
        if !known.is_empty() {
            write!(f, "\n{blank} = what can stand here: {}", known.join(", "))?;
        }
        if let Some(help) = help {
            write!(f, "\n{blank} = {help}")?;
        }
        Ok(())
    }
}

/// The most characters of a message.
const LONGEST: usize = 1_000;
/// The most characters of a line that are shown.
const WIDTH: usize = 96;

impl Spot {
    /// A place in a text. `length` characters are marked, as far as the line goes.
    pub fn of(text: &str, line: usize, column: usize, length: usize) -> Box<Spot> {
        let (line, column) = (line.max(1), column.max(1));
        let content = text.split('\n').nth(line - 1).unwrap_or_default();
        let shown = |c: char| match c {
            '\t' => ' ',
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        };
        let place = column - 1;
        let skipped = place.saturating_sub(WIDTH / 2);
        let from = if skipped == 0 { 0 } else { skipped + 1 };
        let mut rest = content.trim_end_matches('\r').chars().map(shown).skip(from);
        let mut excerpt = String::from(if skipped == 0 { "" } else { "…" });
        excerpt.extend(rest.by_ref().take(WIDTH - excerpt.chars().count()));
        let width = excerpt.chars().count();
        if rest.next().is_some() {
            excerpt.pop();
            excerpt.push('…');
        }
        let before = (place - skipped).min(width);
        let excerpt = excerpt.trim_end().to_owned();
        let marked = length.clamp(1, (width - before).max(1));
        Box::new(Spot { line, column, excerpt, before, marked })
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Spot};

    fn shown(text: &str, line: usize, column: usize, length: usize) -> String {
        let spot = Some(Spot::of(text, line, column, length));
        Diagnostic { spot, ..Diagnostic::new("a.yaml", "wrong") }.to_string()
    }

    #[test]
    fn a_mark_stands_under_what_it_means() {
        insta::assert_snapshot!(shown("one\n\ttwo: three\r\n", 2, 7, 5), @r"
        error: wrong
         --> a.yaml:2:7
          |
        2 |  two: three
          |       ^^^^^
        ");
        insta::assert_snapshot!(shown("one", 1, 4, 9), @r"
        error: wrong
         --> a.yaml:1:4
          |
        1 | one
          |    ^
        ");
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let long = format!("{}wrong{}", "a".repeat(500), "b".repeat(500));
        insta::assert_snapshot!(shown(&long, 1, 501, 5), @r"
        error: wrong
         --> a.yaml:1:501
          |
        1 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaawrongbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
          |                                                 ^^^^^
        ");
        insta::assert_snapshot!(shown(&"x".repeat(200), 1, 3, 500), @r"
        error: wrong
         --> a.yaml:1:3
          |
        1 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        ");
    }

    #[test]
    fn no_place_is_out_of_range() {
        for (line, column, length) in
            [(0, 0, 0), (9, 9, 9), (usize::MAX, usize::MAX, usize::MAX), (2, usize::MAX, 1)]
        {
            assert!(shown("é\n\u{1b}[31m", line, column, length).starts_with("error: wrong"));
        }
    }
}
