//! The catalogue: documentation, "Products".

use crate::frameworks::laravel::rules::{Measure, Violated, Violation};
use crate::kit::collation;
use crate::kit::json::Value;
use crate::kit::numeric;
use crate::kit::page::Page;
use crate::message::Reply;
use crate::providers::shipper::access::Caller;
use crate::providers::shipper::resources::input;
use crate::providers::shipper::state::accounts::Organization;
use crate::providers::shipper::views::{Listed, Pagination, ProductRow};
use crate::providers::shipper::{Error, Shipper, State, views};
use crate::providers::{Call, Cx, Field};

/// Items a page, unless asked otherwise, and at most.
pub const PAGE: (u64, u64) = (20, 100);

impl State {
    /// The caller's organization. Keys are made with their organization, so it is there.
    pub fn organization(&self, caller: Caller) -> Result<&Organization, Error> {
        self.accounts
            .organizations
            .get(&caller.organization)
            .ok_or(Error::Broken("the key's organization is missing from the world's setup"))
    }

    /// The page a query asks for.
    ///
    /// # Errors
    /// `Error::Invalid` for parameters that are no values, and for too large a size when the scenario is strict about it.
    pub fn page(
        &self,
        query: &Value,
        takes: &'static [Field],
        (usual, most): (u64, u64),
    ) -> Result<Page, Error> {
        let found = input::list_problems(query, takes);
        if !found.is_empty() {
            return Err(Error::Invalid(found));
        }
        let asked = query.get("per_page").and_then(numeric::integer_of).unwrap_or(0);
        if self.switches.strict_per_page && asked > 0 && asked.unsigned_abs() > most {
            let limit = i64::try_from(most).unwrap_or(i64::MAX);
            let kind = Violated::Max { limit, measure: Measure::Number };
            return Err(Error::Invalid(vec![Violation::new("per_page", kind)]));
        }
        Ok(input::page(query, usual, most))
    }
}

/// `GET /products`: the caller's catalogue, searched by name or stock-keeping unit.
pub fn list(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let query = input::query(call.request);
    let page = cx.state.page(&query, call.takes, PAGE)?;
    let catalogue = &cx.state.organization(call.caller)?.catalogue;
    let wanted = input::text(&query, "search").map(|text| collation::key(&text).into_owned());
    let found = catalogue.iter().filter(|product| {
        wanted.as_deref().is_none_or(|wanted| {
            let units = product
                .variants
                .iter()
                .map(|variant| &variant.sku)
                .chain([&product.sku, &product.name]);
            units.into_iter().any(|text| collation::key(text).contains(wanted))
        })
    });
    let found: Vec<_> = found.collect();
    let data = page.cut(&found).iter().copied().map(ProductRow::from).collect();
    let pagination = Pagination::new(page, found.len() as u64);
    Ok(views::reply(200, &Listed { data, pagination }))
}

/// `GET /products/{uuid}`: one product with its variants.
pub fn show(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let name = call.args.at(0);
    let catalogue = &cx.state.organization(call.caller)?.catalogue;
    let missing = || Error::NotFound("Product", name.to_owned());
    let found = catalogue.find(name).filter(|found| found.variant.is_none()).ok_or_else(missing)?;
    Ok(views::reply(200, &ProductRow::from(found.product)))
}
