//! Pagination by number: a page of a list.

use std::ops::Range;

use crate::kit::numeric;

/// Which page, and how many rows on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u64,
    /// Rows on a page, at least 1.
    pub size: u64,
}

impl Page {
    /// A page; zero is taken as one in both places.
    pub fn new(number: u64, size: u64) -> Self {
        Self { number: number.max(1), size: size.max(1) }
    }

    /// The number a client asks for: anything but an integer of at least 1 means the first page.
    pub fn number_of(text: Option<&str>) -> u64 {
        text.and_then(numeric::integer)
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or(1)
            .max(1)
    }

    /// Rows before this page.
    pub fn offset(self) -> u64 {
        self.number.saturating_sub(1).saturating_mul(self.size)
    }

    /// The last page of so many rows; an empty list has one page too.
    pub fn last_page(self, total: u64) -> u64 {
        total.div_ceil(self.size.max(1)).max(1)
    }

    /// The positions on this page; empty past the end.
    pub fn range(self, total: usize) -> Range<usize> {
        let start = usize::try_from(self.offset()).unwrap_or(usize::MAX).min(total);
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        start..start.saturating_add(size).min(total)
    }

    /// The rows on this page.
    pub fn cut<T>(self, rows: &[T]) -> &[T] {
        rows.get(self.range(rows.len())).unwrap_or_default()
    }

    /// Counts all rows that come and keeps those on this page.
    pub fn take<T>(self, rows: impl Iterator<Item = T>) -> (usize, Vec<T>) {
        let mut kept = Vec::new();
        let mut total = 0;
        let first = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        for row in rows {
            if total >= first && kept.len() < size {
                kept.push(row);
            }
            total += 1;
        }
        (total, kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_and_a_page_past_the_end_is_empty() {
        let rows = [1, 2, 3, 4, 5];
        assert_eq!(Page::new(1, 2).cut(&rows), [1, 2]);
        assert_eq!(Page::new(3, 2).cut(&rows), [5]);
        assert_eq!(Page::new(4, 2).cut(&rows), [0; 0]);
        assert_eq!(Page::new(u64::MAX, u64::MAX).cut(&rows), [0; 0]);
        assert_eq!(Page::new(1, u64::MAX).cut(&rows), rows);
        assert_eq!(Page::new(3, 2).take(rows.iter()), (5, vec![&5]));
        assert_eq!(Page::new(9, 2).take(rows.iter()), (5, vec![]));
        assert_eq!((Page::new(1, 2).last_page(5), Page::new(9, 2).last_page(0)), (3, 1));
        assert_eq!(Page::new(u64::MAX, 20).offset(), u64::MAX);
    }

    #[test]
    fn a_page_that_is_no_number_is_the_first() {
        for text in [
            None,
            Some("0"),
            Some("-1"),
            Some("abc"),
            Some(""),
            Some("1.5"),
            Some("99999999999999999999"),
        ] {
            assert_eq!(Page::number_of(text), 1, "{text:?}");
        }
        assert_eq!(Page::number_of(Some("7")), 7);
    }
}
