//! Lists of shipments: documentation, "List Shipments" and "Search Shipments".
//!
//! Filters compare as the database does, in any case and with or without accents, but for the two that the documentation calls case sensitive.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use crate::frameworks::cakephp::validation::{Problems, check};
use crate::kit::numeric::{self, Amount};
use crate::kit::{collation, country};
use crate::message::{Evidence, Reply};
use crate::providers::shiptheory::resources::input;
use crate::providers::shiptheory::resources::pages::{Paging, Query, Sorter};
use crate::providers::shiptheory::state::shipment::Shipment;
use crate::providers::shiptheory::views::{Listed, Row};
use crate::providers::shiptheory::{Error, Shiptheory, State, views};
use crate::providers::{Call, Cx};

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// As the database does.
    Text,
    /// Letter for letter.
    Exact,
    /// As numbers.
    Number,
}

/// A filter: its name in the query, how it compares, and what it looks at.
#[derive(Debug)]
pub struct Filter {
    /// As it stands in the query.
    pub name: &'static str,
    by: By,
    value: fn(&State, &Shipment) -> Option<String>,
}

const fn filter(
    name: &'static str,
    by: By,
    value: fn(&State, &Shipment) -> Option<String>,
) -> Filter {
    Filter { name, by, value }
}

/// The filters that both lists have. That of `ship_date` is known from the help centre, its name is inferred.
#[rustfmt::skip]
pub const FILTERS: &[Filter] = &[
    filter("status",                                 By::Exact,  |state, it| Some(state.printed(it.life.state()).to_owned())),
    filter("channel_name",                           By::Text,   |_, it| Some(it.draft.channel.clone())),
    filter("channel_reference_id",                   By::Text,   |_, it| Some(it.draft.reference.clone())),
    filter("channel_reference_id_2",                 By::Text,   |_, it| Some(it.draft.reference2.clone())),
    filter("ShipmentDetails.parcels",                By::Number, |_, it| Some(it.draft.particulars.parcels.to_string())),
    filter("ShipmentDetails.weight",                 By::Number, |_, it| Some(it.draft.particulars.weight.0.to_string())),
    filter("ShipmentDetails.value",                  By::Number, |_, it| Some(it.draft.particulars.value.0.to_string())),
    filter("ShipmentDetails.duty_tax_number",        By::Text,   |_, it| it.draft.particulars.duty_tax_number.clone()),
    filter("ShipmentDetails.duty_tax_number_type",   By::Text,   |_, it| it.draft.particulars.duty_tax_number_type.clone()),
    filter("ShipmentDetails.channel_reference_id_3", By::Text,   |_, it| it.draft.particulars.reference3.clone()),
    filter("ShipmentDetails.ship_date",              By::Text,   |_, it| it.draft.particulars.ship_date.map(|day| day.to_string())),
    filter("Couriers.couriername",                   By::Exact,  |_, it| it.carrier.clone()),
    filter("Countries.code",                         By::Text,   |_, it| country::by_two(&it.draft.recipient.country).map(|it| it.three.to_owned())),
    filter("DeliveryAddress.address_line_1",         By::Text,   |_, it| Some(it.draft.recipient.address_line_1.clone())),
    filter("DeliveryAddress.address_line_2",         By::Text,   |_, it| it.draft.recipient.address_line_2.clone()),
    filter("DeliveryAddress.address_line_3",         By::Text,   |_, it| it.draft.recipient.address_line_3.clone()),
    filter("DeliveryAddress.city",                   By::Text,   |_, it| Some(it.draft.recipient.city.clone())),
    filter("DeliveryAddress.county",                 By::Text,   |_, it| it.draft.recipient.county.clone()),
    filter("DeliveryAddress.postcode",               By::Text,   |_, it| Some(it.draft.recipient.postcode.clone())),
    filter("DeliveryAddress.telephone",              By::Text,   |_, it| it.draft.recipient.telephone.clone()),
    filter("DeliveryAddress.email",                  By::Text,   |_, it| it.draft.recipient.email.clone()),
    filter("DeliveryAddress.company",                By::Text,   |_, it| it.draft.recipient.company.clone()),
    filter("DeliveryAddress.firstname",              By::Text,   |_, it| Some(it.draft.recipient.firstname.clone())),
    filter("DeliveryAddress.lastname",               By::Text,   |_, it| Some(it.draft.recipient.lastname.clone())),
    filter("DeliveryAddress.tax_number",             By::Text,   |_, it| it.draft.recipient.tax_number.clone()),
    filter("DeliveryAddress.what_3_words",           By::Text,   |_, it| it.draft.recipient.what_3_words.clone()),
];

/// Whether a value is what a filter asks for.
fn fits(by: By, wanted: &str, value: &str) -> bool {
    match by {
        By::Exact => wanted == value,
        By::Text => collation::same(wanted, value),
        By::Number => {
            let number = |text: &str| numeric::amount(text).map(Amount::float);
            number(wanted).is_some_and(|wanted| Some(wanted) == number(value))
        }
    }
}

fn day_of(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

/// The shipments of an account that fulfil a query, newest first.
fn found<'a>(state: &'a State, account: u64, query: &Query) -> Vec<&'a Shipment> {
    let wanted: Vec<(&Filter, &str)> = FILTERS
        .iter()
        .filter_map(|filter| query.get(filter.name).map(|text| (filter, text)))
        .collect();
    let fulfils = |shipment: &&Shipment| {
        wanted.iter().all(|(filter, text)| {
            (filter.value)(state, shipment).is_some_and(|value| fits(filter.by, text, &value))
        })
    };
    let mut found: Vec<&Shipment> = state.shelf.of(account).filter(fulfils).collect();
    found.sort_by_key(|it| std::cmp::Reverse((it.created, it.number)));
    found
}

/// Known words of a status; another one finds nothing.
fn evidence(state: &State, query: &Query) -> Evidence {
    use crate::providers::shiptheory::machines::Status;
    let known = |word: &str| Status::ALL.iter().any(|status| state.printed(*status) == word);
    match query.get("status") {
        Some(word) if !known(word) => Evidence::Inferred,
        _ => Evidence::Documented,
    }
}

const SORTERS: &[Sorter<Shipment>] = &[
    ("created", |one, two| (one.created, one.number).cmp(&(two.created, two.number))),
    ("modified", |one, two| (one.modified, one.number).cmp(&(two.modified, two.number))),
];

/// `GET /v1/shipments/list`: newest first, in pages.
pub fn list(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let query = Query::of(call.request);
    let mut problems = Problems::default();
    check(&query.fields(), "", call.takes, &mut problems);
    problems.settle()?;
    let day = |name: &str| query.get(name).and_then(input::day);
    let (created, modified) = (day("created"), day("modified"));
    let mut rows = found(cx.state, call.caller.account, &query);
    rows.retain(|it| {
        created.is_none_or(|day| day_of(it.created) == day)
            && modified.is_none_or(|day| day_of(it.modified) == day)
    });
    let paging = Paging::of(&query);
    paging.sort(&mut rows, SORTERS);
    let passed_over = Paging::passed_over(&query, SORTERS);
    let (rows, pagination) = paging.cut(rows)?;
    let shipments = rows.into_iter().map(|it| Row::new(cx.state, it, false)).collect();
    let reply = views::reply(200, &Listed { shipments, pagination: Some(pagination) });
    Ok(reply.evidence(evidence(cx.state, &query)).passing_over(passed_over))
}

/// Days from the first to the last: documentation, "Search Shipments".
const LONGEST: i64 = 365;
/// Shipments when the caller does not say: documentation, "Search Shipments".
const USUAL: usize = 25;

/// `GET /v1/shipments/search`: a range of days, with products if they are asked for; no pages.
pub fn search(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let query = Query::of(call.request);
    let fields = query.fields();
    let mut problems = Problems::default();
    check(&fields, "", call.takes, &mut problems);
    let day = |name: &str| query.get(name).and_then(input::day);
    let range = day("created_from").zip(day("created_to"));
    if let Some((from, to)) = range
        && from.checked_add(Span::new().days(LONGEST)).is_ok_and(|last| to > last)
    {
        problems.add("created_to", "date_range", "The date range must not exceed 365 days");
    }
    problems.settle()?;
    let mut rows = found(cx.state, call.caller.account, &query);
    rows.retain(|it| range.is_some_and(|(from, to)| (from..=to).contains(&day_of(it.created))));
    let limit = input::whole(&fields, "limit").and_then(|it| usize::try_from(it).ok());
    rows.truncate(limit.unwrap_or(USUAL));
    let include = query.get("include_products");
    let products = include == Some("1");
    let passed_over = include
        .filter(|text| !matches!(*text, "0" | "1"))
        .map(|_| "query.include_products: neither 1 nor 0; no products".to_owned());
    let shipments = rows.into_iter().map(|it| Row::new(cx.state, it, products)).collect();
    let reply = views::reply(200, &Listed { shipments, pagination: None });
    Ok(reply.evidence(evidence(cx.state, &query)).passing_over(passed_over))
}

#[cfg(test)]
mod tests {
    use super::{By, FILTERS, fits};

    #[test]
    fn filters_compare_as_they_should() {
        for (by, wanted, value, expected) in [
            (By::Text, "ba1 2wa", "BA1 2WA", true),
            (By::Text, "ba12wa", "BA1 2WA", false),
            (By::Exact, "Royal Mail", "Royal Mail", true),
            (By::Exact, "royal mail", "Royal Mail", false),
            (By::Number, "0.5", "0.500", true),
            (By::Number, "half", "0.5", false),
        ] {
            assert_eq!(fits(by, wanted, value), expected, "{wanted} {value}");
        }
        assert_eq!(FILTERS.len(), 26);
    }
}
