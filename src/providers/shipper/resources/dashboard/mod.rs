//! A retailer's dashboard: five answers, each computed from the organization's orders. Documentation, "Dashboard".
//!
//! Inferred, because the documentation is silent:
//! - The date filters speak of when an order was created, as in the list of orders.
//! - `retailer_product_id` narrows shipments to those that carry the product, and leads to orders that have it.
//!   A product nobody sells is no mistake: nothing fits.
//! - Fields that do not fit are refused before dates that cannot be read.
//! - A shipment or a lead with several products counts whole for each of them, its money too.
//! - Every order is `dropshipping`: the documentation knows no other type.

mod confirmation;
mod delivery;
mod groups;
mod overview;
mod performance;
#[cfg(test)]
mod tests;

use crate::kit::json::Value;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use crate::frameworks::laravel::rules::{Violation, problems};
use crate::frameworks::php::json_encode::{Number, php};
use crate::kit::numeric;
use crate::message::Reply;
use crate::providers::shipper::resources::input::{self, Between};
use crate::providers::shipper::state::accounts::Organization;
use crate::providers::shipper::state::tallies::Tally;
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};

pub use confirmation::{confirmation, internal_confirmation};
pub use delivery::delivery;
pub use overview::overview;
pub use performance::{SortBy, performance};

/// What an answer is about: an organization's orders, narrowed by creation time and by product.
struct Scope<'a> {
    organization: &'a Organization,
    between: Between,
    product: Option<u64>,
}

impl<'a> Scope<'a> {
    /// Reads the filters of a query, in which an endpoint has found its own problems already.
    ///
    /// # Errors
    /// `Error::Invalid` with those problems and what the endpoint's table refuses; then `Error::Date`.
    fn read(
        cx: &'a mut Cx<'_, Shipper>,
        call: &Call<'_, Shipper>,
        query: &Value,
        mut found: Vec<Violation>,
    ) -> Result<Self, Error> {
        found.extend(problems(query, call.takes));
        // What only one endpoint reads is refused before what all of them do.
        found.sort_by_key(|it| it.path == "retailer_product_id");
        if !found.is_empty() {
            return Err(Error::Invalid(found));
        }
        let between = input::between(cx.state, call.request, query, cx.now)?;
        let (number, within) = (call.caller.organization, between.range());
        let missing = Error::Broken("The organization of the key is missing from this world.");
        let organizations = &cx.state.accounts.organizations;
        // A fork shares what it has not changed: nothing is taken to be changed without need.
        if organizations.get(&number).is_some_and(|it| it.book.lacks_sums(&within))
            && let Some(organization) = cx.state.accounts.organizations.get_mut(&number)
        {
            organization.book.sum_up(&within);
        }
        let organization = cx.state.accounts.organizations.get(&number).ok_or(missing)?;
        let product = query.get("retailer_product_id").and_then(numeric::integer_of);
        // No product has the largest id of all, as none has one below zero.
        let product = product.map(|product| u64::try_from(product).unwrap_or(u64::MAX));
        Ok(Scope { organization, between, product })
    }

    /// What the orders came to.
    fn tally(&self) -> Tally {
        self.organization.book.tally(&self.between.range(), self.product)
    }

    /// The answer about it.
    fn reply(&self, body: &impl Serialize) -> Reply {
        self.between.known(Reply::new(200, "application/json", php(body)))
    }
}

/// A part of a whole in percent, rounded as PHP rounds; of nothing it is 0.
fn percent(part: u64, whole: u64, places: u32) -> Number {
    quotient(Decimal::from(part) * Decimal::ONE_HUNDRED, whole, places)
}

/// A rounded quotient; by nothing it is 0.
fn quotient(of: Decimal, by: u64, places: u32) -> Number {
    let exact = of.checked_div(Decimal::from(by)).unwrap_or_default();
    Number(exact.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
}
