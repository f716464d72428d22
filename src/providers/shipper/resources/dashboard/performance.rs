//! What each product sold, cost and came back: documentation, "Dashboard: product performance".
//!
//! Inferred: a product has a row once a lead or a shipment has it. Shipped is what a carrier ever took. Units stand
//! where they came to, and their order with them, so that an order taken in part is delivered and failed; failed is back
//! or lost, and what is still on its way back stands apart. `confirmed_return` is the part of failed that is back. Leads
//! that are still open, were declined or cancelled are `closed_other`; the absolute rate leaves the open ones out. What
//! was delivered without a call converted no lead.

use std::cmp::Reverse;

use crate::kit::json::Value;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::frameworks::laravel::rules::{Measure, Violated, Violation};
use crate::frameworks::php::json_encode::Number;
use crate::kit::numeric;
use crate::message::Reply;
use crate::providers::shipper::data::geography::Currency;
use crate::providers::shipper::machines::ContactState;
use crate::providers::shipper::resources::dashboard::groups::Printed;
use crate::providers::shipper::resources::dashboard::{Scope, percent};
use crate::providers::shipper::resources::input;
use crate::providers::shipper::state::tallies::{Leads, Tally};
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};
use crate::words;

/// Rows a page, unless asked otherwise, and at most.
const PAGE: (u64, u64) = (20, 50);

words! {
    /// What the rows can be sorted by, largest first.
    pub enum SortBy {
        /// The usual one.
        ShippedOrders = "shipped_orders",
        /// With the customer.
        DeliveredOrders = "delivered_orders",
        /// Back or lost.
        FailedOrders = "failed_orders",
        /// Back.
        ConfirmedReturnOrders = "confirmed_return_orders",
        /// With the carrier.
        InTransitOrders = "in_transit_orders",
        /// On the way back.
        ReturningOrders = "returning_orders",
        /// Calls to make or made.
        LeadsTotal = "leads_total",
        /// Calls that confirmed.
        LeadsConfirmed = "leads_confirmed",
        /// Of all leads.
        OverallConfirmationRate = "overall_confirmation_rate",
        /// Of the closed leads.
        AbsoluteConfirmationRate = "absolute_confirmation_rate",
        /// From lead to delivery.
        ConversionRate = "conversion_rate",
    }
}

/// `GET /dashboard/product-performance`.
pub fn performance(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let query = input::query(call.request);
    let strict = cx.state.switches.strict_per_page;
    let mut found = input::list_problems(&query, &[]);
    found.extend(oversize(&query).filter(|_| strict));
    let scope = Scope::read(cx, call, &query, found)?;
    let (usual, most) = PAGE;
    let page = input::page(&query, usual, most);
    let sort = input::text(&query, "sort_by").and_then(|word| SortBy::of(&word));
    let sort = sort.unwrap_or(SortBy::ShippedOrders);

    let tallies = scope.organization.book.by_product(&scope.between.range(), scope.product);
    // Equals stay in the order of the map, which is that of their ids.
    let product = |(id, tally)| Performance { id, leads: Tally::leads(tally), tally };
    let mut sorted: Vec<_> = tallies
        .iter()
        .map(|(id, tally)| product((*id, &**tally)))
        .map(|product| (product.key(sort), product))
        .collect();
    sorted.sort_by_key(|(key, _)| Reverse(*key));
    let currency = &scope.organization.home().currency;
    let row = |(_, it): &(Decimal, Performance<'_>)| {
        let product = scope.organization.catalogue.by_id(it.id);
        it.print(product.map_or("", |product| &product.name), currency)
    };
    let products = page.cut(&sorted).iter().map(row).collect();
    Ok(scope.reply(&ProductPerformance { products, total: sorted.len() }))
}

/// A page size over the limit: most worlds cut it silently.
fn oversize(query: &Value) -> Option<Violation> {
    let limit = i64::try_from(PAGE.1).ok()?;
    let asked = query.get("per_page").and_then(numeric::integer_of)?;
    let kind = Violated::Max { limit, measure: Measure::Number };
    (asked > limit).then(|| Violation::new("per_page", kind))
}

/// What one product came to.
struct Performance<'a> {
    id: u64,
    leads: Leads,
    tally: &'a Tally,
}

impl Performance<'_> {
    fn open_leads(&self) -> u64 {
        self.leads.of(&[ContactState::Pending, ContactState::InProgress])
    }

    fn confirmed(&self) -> u64 {
        self.leads.of(&[ContactState::Called])
    }

    fn overall_rate(&self) -> Number {
        percent(self.confirmed(), self.leads.total(), 1)
    }

    fn absolute_rate(&self) -> Number {
        percent(self.confirmed(), self.leads.total() - self.open_leads(), 1)
    }

    fn conversion_rate(&self) -> Number {
        percent(self.tally.converted, self.leads.total(), 1)
    }

    /// What it is sorted by, as it is printed.
    fn key(&self, by: SortBy) -> Decimal {
        match by {
            SortBy::ShippedOrders => self.tally.sold.shipped.orders.into(),
            SortBy::DeliveredOrders => self.tally.sold.delivered.orders.into(),
            SortBy::FailedOrders => self.tally.sold.failed.orders.into(),
            SortBy::ConfirmedReturnOrders => self.tally.sold.confirmed_return.orders.into(),
            SortBy::InTransitOrders => self.tally.sold.in_transit.orders.into(),
            SortBy::ReturningOrders => self.tally.sold.returning.orders.into(),
            SortBy::LeadsTotal => self.leads.total().into(),
            SortBy::LeadsConfirmed => self.confirmed().into(),
            SortBy::OverallConfirmationRate => self.overall_rate().0,
            SortBy::AbsoluteConfirmationRate => self.absolute_rate().0,
            SortBy::ConversionRate => self.conversion_rate().0,
        }
    }

    fn print<'a>(&self, name: &'a str, currency: &'static Currency) -> ProductRow<'a> {
        use ContactState as C;
        let sold = &self.tally.sold;
        ProductRow {
            retailer_product_id: self.id.to_string(),
            name,
            shipped_orders: sold.shipped.orders,
            shipped_units: sold.shipped.units,
            delivered_orders: sold.delivered.orders,
            delivered_units: sold.delivered.units,
            failed_orders: sold.failed.orders,
            failed_units: sold.failed.units,
            in_transit_orders: sold.in_transit.orders,
            in_transit_units: sold.in_transit.units,
            returning_orders: sold.returning.orders,
            returning_units: sold.returning.units,
            confirmed_return_orders: sold.confirmed_return.orders,
            confirmed_return_units: sold.confirmed_return.units,
            leads_total: self.leads.total(),
            leads_confirmed: self.confirmed(),
            leads_failed: self.leads.of(&[C::Failed]),
            leads_unreachable: self.leads.of(&[C::Unreachable]),
            leads_duplicate_wrong: self.leads.of(&[C::Duplicate]),
            leads_closed_other: self.leads.of(&[C::Unconfirmed, C::Canceled]) + self.open_leads(),
            overall_confirmation_rate: self.overall_rate(),
            absolute_confirmation_rate: self.absolute_rate(),
            conversion_rate: self.conversion_rate(),
            groups: Printed::new(&self.tally.groups, currency),
        }
    }
}

#[derive(Serialize)]
struct ProductPerformance<'a> {
    products: Vec<ProductRow<'a>>,
    total: usize,
}

#[derive(Serialize)]
struct ProductRow<'a> {
    /// A text here, though a number in the list of orders.
    retailer_product_id: String,
    name: &'a str,
    shipped_orders: u64,
    shipped_units: u64,
    delivered_orders: u64,
    delivered_units: u64,
    failed_orders: u64,
    failed_units: u64,
    in_transit_orders: u64,
    in_transit_units: u64,
    returning_orders: u64,
    returning_units: u64,
    confirmed_return_orders: u64,
    confirmed_return_units: u64,
    leads_total: u64,
    leads_confirmed: u64,
    leads_failed: u64,
    leads_unreachable: u64,
    leads_duplicate_wrong: u64,
    leads_closed_other: u64,
    overall_confirmation_rate: Number,
    absolute_confirmation_rate: Number,
    conversion_rate: Number,
    #[serde(flatten)]
    groups: Printed,
}
