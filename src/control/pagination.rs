//! Which part of a list: so many, after an id.

use serde_json::Value;

use crate::control::extract::Extracted;
use crate::control::problem::Problem;
use crate::control::shape::{Parameter, ValueShape, may};
use crate::message::Reply;

/// The parameter that says how many.
pub(super) const LIMIT: Parameter =
    may("limit", ValueShape::Count, "how many at most, 1 to 1000; 100 unless said otherwise");

/// The parameters of a list.
pub(super) const PARAMETERS: &[Parameter] =
    &[may("after", ValueShape::Text, "the id after which the list begins"), LIMIT];

/// Part of a list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The id after which it begins.
    pub after: Option<String>,
    /// How many at most.
    pub limit: usize,
}

const USUAL: usize = 100;
const MOST: usize = 1_000;

impl Cursor {
    /// What the query says.
    pub(super) fn read(asked: &Extracted) -> Result<Cursor, Reply> {
        let limit = asked.query("limit").map_or(Ok(USUAL), |given| {
            let number = given.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            let expected = format!("a number from 1 to {MOST}");
            number.ok_or_else(|| Problem::value("limit", &expected, &given.into()).reply())
        })?;
        Ok(Cursor { after: asked.query("after").map(str::to_owned), limit })
    }

    /// The same where ids are a letter and a number: the number after which it begins.
    pub(super) fn numbered(asked: &Extracted, letter: char) -> Result<(Cursor, u64), Reply> {
        let page = Cursor::read(asked)?;
        let Some(given) = &page.after else { return Ok((page, 0)) };
        let number = given.strip_prefix(letter).and_then(|digits| digits.parse().ok());
        let expected = format!("an id such as `{letter}17`");
        let wrong = || Problem::value("after", &expected, &Value::from(given.as_str())).reply();
        number.ok_or_else(wrong).map(|number| (page.clone(), number))
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
