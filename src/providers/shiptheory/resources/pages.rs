//! Queries, and lists cut into pages: documentation, "Pagination".
//!
//! A limit above 100 counts as 100 and one below 1 as 1; a page beyond the last is a 404. What `results_per_page` and
//! `limit` print follows the one recorded answer: the size of the page, and `false` where the caller asked for no
//! other size than the usual one.

use std::cmp::Ordering;

use serde_json::Value;

use crate::kit::json;
use crate::kit::numeric;
use crate::kit::page::Page;
use crate::message::{Request, form};
use crate::providers::shiptheory::Error;
use crate::providers::shiptheory::views::Pagination;

/// Rows on a page when the caller does not say.
const USUAL: u64 = 25;
/// Rows on a page at most: documentation, every list.
pub const MOST: u64 = 100;

/// The pairs of a query, names as they were sent: dots stay dots.
#[derive(Debug, Clone)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The query of a request.
    pub fn of(request: &Request) -> Query {
        Query(form::pairs(&request.query))
    }

    /// The last value of a name, if it says something.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Every name with its last value, as fields.
    pub fn fields(&self) -> json::Map {
        self.0
            .iter()
            .map(|(name, value)| (name.clone(), json::Value::from(value.as_str())))
            .collect()
    }
}

/// Which part of a list is asked for, and in which order.
#[derive(Debug, Clone)]
pub struct Paging {
    page: Page,
    sort: Option<String>,
    descending: bool,
}

/// A field by which a list can be sorted, and how two rows compare by it.
pub type Sorter<T> = (&'static str, fn(&T, &T) -> Ordering);

impl Paging {
    /// What a query asks for.
    pub fn of(query: &Query) -> Paging {
        let size = query.get("limit").map_or(USUAL, |text| {
            let number = numeric::integer(text).and_then(|it| u64::try_from(it).ok()).unwrap_or(1);
            number.clamp(1, MOST)
        });
        let descending = query.get("direction").is_some_and(|it| it.eq_ignore_ascii_case("desc"));
        Paging {
            page: Page::new(Page::number_of(query.get("page")), size),
            sort: query.get("sort").map(str::to_owned),
            descending,
        }
    }

    /// What of a query counts as something else than it says, with the reason.
    pub fn passed_over<T>(query: &Query, sorters: &[Sorter<T>]) -> Vec<String> {
        let whole = |text: &str| numeric::integer(text);
        let bounded = |text: &str| whole(text).is_some_and(|it| (1..=MOST as i64).contains(&it));
        let words: Vec<&str> = sorters.iter().map(|(name, _)| *name).collect();
        let sorted = |text: &str| words.contains(&text);
        let directed = |text: &str| ["asc", "desc"].contains(&text.to_ascii_lowercase().as_str());
        let positive = |text: &str| whole(text).is_some_and(|it| it > 0);
        let misses = |name: &str, fits: &dyn Fn(&str) -> bool| {
            query.get(name).is_some_and(|text| !fits(text))
        };
        let fields = [
            ("page", misses("page", &positive), "no page; the first".to_owned()),
            (
                "limit",
                misses("limit", &bounded),
                format!("not from 1 to {MOST}; the nearest of them"),
            ),
            (
                "sort",
                misses("sort", &sorted),
                format!("nothing is sorted by it, but by {}", words.join(", ")),
            ),
            ("direction", misses("direction", &directed), "neither asc nor desc; asc".to_owned()),
        ];
        let missed = fields.into_iter().filter(|(_, is_missed, _)| *is_missed);
        missed.map(|(name, _, why)| format!("query.{name}: {why}")).collect()
    }

    /// Sorts rows by the field that is asked for; one that is none of these is passed over.
    pub fn sort<T>(&self, rows: &mut [&T], sorters: &[Sorter<T>]) {
        let wanted = self.sort.as_deref();
        let Some((_, compare)) = sorters.iter().find(|(name, _)| Some(*name) == wanted) else {
            return;
        };
        rows.sort_by(
            |one, two| {
                if self.descending { compare(two, one) } else { compare(one, two) }
            },
        );
    }

    /// The rows of the page, and where it is.
    ///
    /// # Errors
    /// `Error::Absent` for a page beyond the last.
    pub fn cut<T>(&self, rows: Vec<T>) -> Result<(Vec<T>, Pagination), Error> {
        let total = rows.len() as u64;
        let pages = self.page.last_page(total);
        if self.page.number > pages {
            return Err(Error::Absent("The list has fewer pages; documentation, \"Pagination\"."));
        }
        let range = self.page.range(rows.len());
        let size = self.page.size;
        let pagination = Pagination {
            page: self.page.number,
            pages,
            results: total,
            results_per_page: size,
            limit: if size == USUAL { Value::Bool(false) } else { size.into() },
        };
        Ok((rows.into_iter().skip(range.start).take(range.len()).collect(), pagination))
    }
}

#[cfg(test)]
mod tests {
    use super::{Paging, Query};
    use crate::message::{Method, Request};

    fn cut(query: &str, rows: usize) -> Option<(Vec<usize>, String)> {
        let request = Request::new(Method::Get, &format!("/v1/tags?{query}"));
        let paging = Paging::of(&Query::of(&request));
        let (rows, pagination) = paging.cut((0..rows).collect()).ok()?;
        Some((rows, serde_json::to_string(&pagination).unwrap()))
    }

    #[test]
    fn a_page_past_the_end_is_refused_and_the_first_of_nothing_is_not() {
        assert!(cut("page=2", 25).is_none() && cut("page=2", 0).is_none());
        assert_eq!(cut("page=2", 26).unwrap().0, [25]);
        assert_eq!(cut("page=0", 0).unwrap().0, [0_usize; 0]);
        assert_eq!(cut("page=x", 1).unwrap().0, [0]);
    }

    #[test]
    fn a_limit_is_capped_not_refused() {
        for (query, expected) in [
            ("", r#"{"page":1,"pages":5,"results":120,"results_per_page":25,"limit":false}"#),
            (
                "limit=10&page=3",
                r#"{"page":3,"pages":12,"results":120,"results_per_page":10,"limit":10}"#,
            ),
            (
                "limit=500",
                r#"{"page":1,"pages":2,"results":120,"results_per_page":100,"limit":100}"#,
            ),
            ("limit=0", r#"{"page":1,"pages":120,"results":120,"results_per_page":1,"limit":1}"#),
        ] {
            assert_eq!(cut(query, 120).unwrap().1, expected, "{query}");
        }
    }
}
