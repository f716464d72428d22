//! The list of orders: documentation, "List orders". Newest first; of those created at once, the larger id.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;

use crate::kit::collation;
use crate::kit::page::Page;
use crate::message::Reply;
use crate::providers::shipper::machines::ShipmentState;
use crate::providers::shipper::resources::input;
use crate::providers::shipper::resources::input::Between;
use crate::providers::shipper::resources::products::PAGE;
use crate::providers::shipper::state::accounts::Organization;
use crate::providers::shipper::state::book::Book;
use crate::providers::shipper::state::order::Order;
use crate::providers::shipper::views::{Listed, Named, OrderRow, Pagination};
use crate::providers::shipper::{Error, Shipper, views};
use crate::providers::{Call, Cx};

/// `GET /orders`: by shipment status, creation date and search text.
pub fn list(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let query = input::query(call.request);
    let page = cx.state.page(&query, call.takes, PAGE)?;
    let between = input::between(cx.state, call.request, &query, cx.now)?;
    let organization = cx.state.organization(call.caller)?;
    let wanted = Wanted {
        status: input::text(&query, "status").map(|word| ShipmentState::of(&word)),
        between,
        search: input::text(&query, "search").map(|text| collation::key(&text).into_owned()),
    };
    let (total, orders) = wanted.find(organization, page);
    let data = orders
        .into_iter()
        .map(|order| OrderRow::new(order, products(organization, order)))
        .collect();
    let listed = Listed { data, pagination: Pagination::new(page, total as u64) };
    Ok(between.known(views::reply(200, &listed)))
}

/// The distinct products an order's shipments refer to; none before it has shipments.
fn products<'a>(organization: &'a Organization, order: &Order) -> Vec<Named<'a>> {
    let mut named: Vec<Named<'_>> = Vec::new();
    for line in order.shipments.iter().flat_map(|shipment| &shipment.lines) {
        if named.iter().all(|known| known.id != line.product) {
            let product = organization.catalogue.by_id(line.product);
            named.extend(product.map(|product| Named { id: product.id, name: &product.name }));
        }
    }
    named
}

/// What a list is narrowed to.
struct Wanted {
    /// A shipment state, or a word that is none: then nothing fits.
    status: Option<Option<ShipmentState>>,
    between: Between,
    search: Option<String>,
}

impl Wanted {
    /// How many orders fit, and those of the page. Without filters, and by status alone, this does not depend on
    /// how many orders there are; by date it looks at every creation time, by text at the text of every order.
    fn find<'a>(&self, organization: &'a Organization, page: Page) -> (usize, Vec<&'a Order>) {
        let book = &organization.book;
        let status = match self.status {
            Some(None) => return (0, Vec::new()),
            Some(Some(state)) => Some(state),
            None => None,
        };
        if book.has_jumps() {
            return self.sorted(book, status, page);
        }
        let fits = |(at, _): &(Timestamp, &Arc<Order>)| self.between.contains(*at);
        if let Some(text) = &self.search {
            let has = |order: &Order| {
                status.is_none_or(|state| order.shipments.iter().any(|it| it.life.state() == state))
            };
            let found = book.having(text).rev().filter(fits).filter(|(_, order)| has(order));
            return page.take(found.map(|(_, order)| &**order));
        }
        let Some(state) = status else {
            if self.between.is_open() {
                let range = page.range(book.len());
                let orders = book.iter().rev().skip(range.start).take(range.len());
                return (book.len(), orders.collect());
            }
            return page.take(book.dated().rev().filter(fits).map(|(_, order)| &**order));
        };
        if self.between.is_open() {
            let count = book.count_in_state(state);
            let range = page.range(count);
            let orders = book.in_state(state).map(|(_, order)| &**order);
            return (count, orders.skip(range.start).take(range.len()).collect());
        }
        page.take(book.in_state(state).filter(fits).map(|(_, order)| &**order))
    }
    /// The same for a book whose ids do not follow its dates: what fits is put in order.
    fn sorted<'a>(
        &self,
        book: &'a Book,
        status: Option<ShipmentState>,
        page: Page,
    ) -> (usize, Vec<&'a Order>) {
        let has = |order: &Order| {
            status.is_none_or(|state| order.shipments.iter().any(|it| it.life.state() == state))
        };
        let found: Vec<(Timestamp, &Arc<Order>)> = match &self.search {
            Some(text) => book.having(text).collect(),
            None => book.dated().collect(),
        };
        let fits =
            |(at, order): &(Timestamp, &Arc<Order>)| self.between.contains(*at) && has(order);
        let mut orders: Vec<_> = found.into_iter().filter(fits).collect();
        orders.sort_by_key(|(at, order)| Reverse((*at, order.id)));
        page.take(orders.into_iter().map(|(_, order)| &**order))
    }
}
