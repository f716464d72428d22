//! Pages of a list, and the links between them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use crate::kit::json::Value as Input;
use crate::kit::numeric;
use crate::kit::page::Page;
use crate::message::{Reply, Request, form};
use crate::providers::salla::resources::input;
use crate::providers::salla::views::{Listed, Pagination};
use crate::providers::salla::{State, views};

/// Rows on a page when nobody asks for another number.
const PAGE: u64 = 15;

/// The page of a list that a query asks for.
pub fn listed<'a, T: 'a, R: Serialize>(
    state: &State,
    request: &Request,
    query: &Input,
    all: impl Iterator<Item = &'a T>,
    row: impl FnMut(&'a T) -> R,
) -> Reply {
    let page = page(query, state.switches.most_per_page.max(1));
    let (total, rows) = page.take(all);
    let total = total as u64;
    let data: Vec<R> = rows.into_iter().map(row).collect();
    let pagination = Pagination {
        count: data.len(),
        total,
        per_page: page.size,
        current_page: page.number,
        total_pages: page.last_page(total),
        links: links(request, page, total),
    };
    views::reply(200, &Listed { status: 200, success: true, data, pagination })
}

/// Page and size as the framework casts them: what is no number from 1 up is page 1 or the usual size; too large a
/// size is cut.
fn page(query: &Input, most: u64) -> Page {
    let size = input::text(query, "per_page").and_then(|text| numeric::integer(&text));
    let size = size.and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0);
    let number = Page::number_of(input::text(query, "page").as_deref());
    Page::new(number, size.unwrap_or(PAGE).min(most))
}

/// What need not be encoded in a query.
pub const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The pages before and after, as the usual serializer of the framework has them: only those that there are.
fn links(request: &Request, page: Page, total: u64) -> Value {
    let encoded = |text: &str| utf8_percent_encode(text, PLAIN).to_string();
    let kept: Vec<String> = form::pairs(&request.query)
        .iter()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| format!("{}={}&", encoded(name), encoded(value)))
        .collect();
    let (base, path, kept) = (&request.base, request.path.trim_end_matches('/'), kept.concat());
    let to = |number: u64| format!("{base}{path}?{kept}page={number}");
    match (page.number > 1, page.number < page.last_page(total)) {
        (false, false) => json!([]),
        (false, true) => json!({ "next": to(page.number.saturating_add(1)) }),
        (true, false) => json!({ "previous": to(page.number - 1) }),
        (true, true) => {
            json!({ "previous": to(page.number - 1), "next": to(page.number.saturating_add(1)) })
        }
    }
}
