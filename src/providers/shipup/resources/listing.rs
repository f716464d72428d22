//! Lists: pages by number of the last one seen, filters, expansion. Public pages "Pagination", "GET /v2/orders".

use serde_json::{Value, json};

use crate::kit::text::excerpt;
use crate::message::{Request, form};
use crate::providers::Field;
use crate::providers::shipup::Error;
use crate::providers::shipup::fields::MOST_ON_A_PAGE;
use crate::providers::shipup::resources::expand::{DEEPEST, Expand, Resource};
use crate::providers::shipup::resources::formats;

/// Objects on a page when nothing is said.
const USUAL: usize = 10;
/// The conditions on a date.
const CONDITIONS: [&str; 4] = ["gt", "gte", "lt", "lte"];

/// As much of a name is told as one needs to find it.
const LONGEST: usize = 60;

/// A condition on a date, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    exactly: Option<i64>,
    above: Option<i64>,
    from: Option<i64>,
    below: Option<i64>,
    to: Option<i64>,
}

impl Span {
    /// Whether a date lies in it; nothing does that is not known.
    pub fn holds(&self, second: Option<i64>) -> bool {
        if *self == Span::default() {
            return true;
        }
        second.is_some_and(|at| {
            self.exactly.is_none_or(|it| at == it)
                && self.above.is_none_or(|it| at > it)
                && self.from.is_none_or(|it| at >= it)
                && self.below.is_none_or(|it| at < it)
                && self.to.is_none_or(|it| at <= it)
        })
    }

    fn only_above(&self) -> bool {
        (self.above.is_some() || self.from.is_some()) && self.below.is_none() && self.to.is_none()
    }

    fn only_below(&self) -> bool {
        (self.below.is_some() || self.to.is_some()) && self.above.is_none() && self.from.is_none()
    }
}

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    limit: usize,
    after: Option<u64>,
    before: Option<u64>,
    /// What is shown whole.
    pub expand: Expand,
}

impl Query {
    /// Reads the parameters all lists have.
    ///
    /// # Errors
    /// The first parameter that does not fit.
    pub fn read(request: &Request) -> Result<Query, Error> {
        let pairs = form::pairs(&request.query);
        let expand = expansion(&pairs)?;
        let mut query = Query { pairs, limit: USUAL, after: None, before: None, expand };
        if let Some(limit) = query.text("limit") {
            let fits = limit.parse().ok().filter(|limit| (1..=MOST_ON_A_PAGE).contains(limit));
            query.limit = fits.ok_or_else(Error::limit)?;
        }
        for name in ["starting_after", "ending_before"] {
            let Some(id) = query.text(name) else { continue };
            let id = id.parse().map_err(|_| Error::Query(name, "must be an ID".to_owned()))?;
            *(if name == "starting_after" { &mut query.after } else { &mut query.before }) =
                Some(id);
        }
        Ok(query)
    }

    /// The last value of a parameter, unless it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let mut named = self.pairs.iter().rev().filter(|(known, _)| known == name);
        named.next().map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A condition on a date, and that it goes together with the cursors.
    ///
    /// # Errors
    /// A value that is no date, or a condition that leads away from where the cursor leads.
    pub fn span(&self, name: &'static str) -> Result<Span, Error> {
        let read = |key: String| {
            let Some(text) = self.text(&key) else { return Ok(None) };
            let refused = || Error::Query(name, "must be a Unix timestamp".to_owned());
            formats::instant(&Value::from(text)).map(Some).ok_or_else(refused)
        };
        let span = Span {
            exactly: read(name.to_owned())?,
            above: read(format!("{name}[gt]"))?,
            from: read(format!("{name}[gte]"))?,
            below: read(format!("{name}[lt]"))?,
            to: read(format!("{name}[lte]"))?,
        };
        let conflict = |cursor: &str, words: &str| {
            Err(Error::Query(name, format!("only {words} cannot be used with {cursor} alone")))
        };
        match (self.after, self.before) {
            (Some(_), None) if span.only_below() => conflict("starting_after", "lt or lte"),
            (None, Some(_)) if span.only_above() => conflict("ending_before", "gt or gte"),
            _ => Ok(span),
        }
    }

    /// What of the query counts for nothing, with the reason: relations that an object does not have, and forms of a
    /// known parameter that nobody reads.
    pub fn passed_over(&self, of: Resource, takes: &[Field]) -> Vec<String> {
        let unknown = self.expand.unknown(of);
        let unknown = unknown.iter().map(|path| excerpt(path, LONGEST));
        let unknown = unknown.map(|path| format!("query.expand[]: there is no relation `{path}`"));
        let odd = self.pairs.iter().filter_map(|(name, _)| {
            let (base, form) = name.split_once('[')?;
            let known = takes.iter().find(|field| field.path == base)?.path;
            let form = form.strip_suffix(']').unwrap_or(form);
            let is_read =
                known == "expand" || (known.ends_with("_at") && CONDITIONS.contains(&form));
            let name = excerpt(name, LONGEST);
            let why = if known.ends_with("_at") {
                format!("no condition; there are {}", CONDITIONS.join(", "))
            } else {
                "only one value is read".to_owned()
            };
            (!is_read).then(|| format!("query.{name}: {why}"))
        });
        unknown.chain(odd).collect()
    }

    /// Whether a parameter or one of its forms is there.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, value)| {
            let form = known.strip_prefix(name);
            !value.is_empty() && form.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        })
    }

    /// One page, the largest number first. `starting_after` leads to larger numbers, from the next one up;
    /// `ending_before`, and neither, from the largest down.
    pub fn page<'a, T: 'a>(
        &self,
        all: impl DoubleEndedIterator<Item = (u64, &'a T)>,
        show: impl Fn(&'a T) -> Value,
    ) -> Value {
        let within = |(id, _): &(u64, &T)| {
            self.after.is_none_or(|after| *id > after)
                && self.before.is_none_or(|before| *id < before)
        };
        let fitting = all.filter(within);
        let upwards = self.after.is_some() && self.before.is_none();
        let mut found: Vec<&T> = if upwards {
            fitting.take(self.limit + 1).map(|(_, it)| it).collect()
        } else {
            fitting.rev().take(self.limit + 1).map(|(_, it)| it).collect()
        };
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        if upwards {
            found.reverse();
        }
        let data: Vec<Value> = found.into_iter().map(show).collect();
        json!({ "object": "list", "has_more": has_more, "data": data })
    }
}

/// What a request expands: `expand[]`, as often as it likes.
///
/// # Errors
/// The first path that is too deep.
fn expansion(pairs: &[(String, String)]) -> Result<Expand, Error> {
    let is_path = |name: &str| {
        name == "expand" || name.strip_prefix("expand[").is_some_and(|rest| rest.ends_with(']'))
    };
    let paths = pairs.iter().filter(|(name, _)| is_path(name)).map(|(_, path)| path.as_str());
    Expand::read(paths).map_err(|path| {
        Error::Query("expand", format!("{path} exceeds the maximum depth of {DEEPEST} levels"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Query;
    use crate::message::{Method, Request};

    fn page(query: &str) -> Result<(Vec<u64>, bool), String> {
        let request = Request::new(Method::Get, &format!("/v2/orders?{query}"));
        let query = Query::read(&request).map_err(|error| format!("{error:?}"))?;
        let all: Vec<u64> = (1..=30).collect();
        let page = query.page(all.iter().map(|id| (*id, id)), |id| Value::from(*id));
        let ids = page["data"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
        Ok((ids, page["has_more"].as_bool().unwrap()))
    }

    #[test]
    fn pages_lead_down_from_the_largest_and_up_from_a_cursor_largest_first() {
        for (query, ids, has_more) in [
            ("limit=3", vec![30, 29, 28], true),
            ("limit=3&ending_before=28", vec![27, 26, 25], true),
            ("limit=3&ending_before=4", vec![3, 2, 1], false),
            ("limit=3&starting_after=27", vec![30, 29, 28], false),
            ("limit=3&starting_after=20", vec![23, 22, 21], true),
            ("limit=9&starting_after=20&ending_before=23", vec![22, 21], false),
            ("limit=1&starting_after=20&ending_before=23", vec![22], true),
            ("starting_after=30", vec![], false),
            ("limit=&starting_after=", (21..=30).rev().collect(), true),
        ] {
            assert_eq!(page(query), Ok((ids, has_more)), "{query}");
        }
        for query in [
            "limit=0",
            "limit=101",
            "limit=x",
            "limit=-1",
            "starting_after=x",
            "expand[]=a.b.c.d.e",
        ] {
            assert!(page(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_date_leads_where_the_cursor_leads() {
        let span = |query: &str| {
            let request = Request::new(Method::Get, &format!("/v2/orders?{query}"));
            Query::read(&request).unwrap().span("created_at")
        };
        for (query, second, holds) in [
            ("", None, true),
            ("created_at=5", Some(5), true),
            ("created_at=5", Some(6), false),
            ("created_at=5", None, false),
            ("created_at[gt]=5&created_at[lte]=7", Some(7), true),
            ("created_at%5Bgt%5D=5", Some(5), false),
            ("created_at[gte]=1970-01-01T00:00:05Z", Some(5), true),
            ("created_at[lt]=5", Some(5), false),
        ] {
            assert_eq!(span(query).unwrap().holds(second), holds, "{query}");
        }
        for query in [
            "created_at=soon",
            "created_at[lt]=5&starting_after=1",
            "created_at[gte]=5&ending_before=1",
        ] {
            assert!(span(query).is_err(), "{query}");
        }
        assert!(span("created_at[lt]=5&created_at[gt]=1&starting_after=1").is_ok());
        assert!(span("created_at[lt]=5&starting_after=1&ending_before=9").is_ok());
    }
}
