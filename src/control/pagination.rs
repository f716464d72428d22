//! Pagination of lists: so many, after an id.

use serde::Deserialize;
use serde::de::Deserializer;

use crate::control::problem::Problem;
use crate::control::values::ParsedText;

/// Part of a list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The id after which it begins.
    pub after: Option<String>,
    /// How many at most.
    pub limit: usize,
}

/// The parameters of a list.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// The id after which the list begins.
    after: Option<String>,
    /// How many at most, 1 to 1000; 100 unless said otherwise.
    limit: Option<PageLimit>,
}

impl PageQuery {
    /// The part that is asked for.
    pub(super) fn cursor(self) -> Cursor {
        Cursor::new(self.after, self.limit)
    }
}

/// How many entries a list has at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageLimit(usize);

const USUAL: usize = 100;
const MOST: usize = 1_000;

impl<'de> Deserialize<'de> for PageLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedText {
            expected: "a number from 1 to 1000",
            parse: |text| text.parse().ok().filter(|it| (1..=MOST).contains(it)).map(PageLimit),
        })
    }
}

crate::written_as!(PageLimit as "Limit", { "type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL });

impl Cursor {
    /// So many after an id.
    pub(super) fn new(after: Option<String>, limit: Option<PageLimit>) -> Cursor {
        Cursor { after, limit: limit.map_or(USUAL, |limit| limit.0) }
    }

    /// Where ids are a letter and a number: the number after which it begins.
    pub(super) fn number(&self, letter: char) -> Result<u64, Problem> {
        self.after.as_deref().map_or(Ok(0), |given| numbered("after", given, letter))
    }

    /// The first `limit` of what follows, and the id of the last of them if there is more.
    pub(super) fn cut<T>(
        &self,
        following: impl Iterator<Item = T>,
        id: impl Fn(&T) -> String,
    ) -> (Vec<T>, Option<String>) {
        let mut list: Vec<T> = following.take(self.limit + 1).collect();
        let more = list.len() > self.limit;
        list.truncate(self.limit);
        let next = list.last().filter(|_| more).map(id);
        (list, next)
    }
}

/// The number of an id that is a letter and a number.
pub(super) fn numbered(field: &str, given: &str, letter: char) -> Result<u64, Problem> {
    let number = given.strip_prefix(letter).and_then(|digits| digits.parse().ok());
    let expected = format!("an id such as `{letter}17`");
    number.ok_or_else(|| Problem::value(field, &expected, &given.into()))
}

/// What a journal or a ledger holds.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "Measure")]
pub(super) struct StorageUse {
    /// How many.
    pub(super) entries: usize,
    /// Roughly.
    pub(super) bytes: usize,
    /// How many bytes it may hold.
    pub(super) bound: usize,
    /// How many had to go.
    pub(super) evicted: u64,
}
