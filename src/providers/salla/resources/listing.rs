//! The list of shipments: documentation, "List Shipments". Newest first.

use jiff::civil::Date;

use crate::frameworks::laravel::rules::problems_knowing;
use crate::kit::json::Value;
use crate::kit::numeric;
use crate::message::Reply;
use crate::providers::salla::data::couriers;
use crate::providers::salla::machines::ShipmentState;
use crate::providers::salla::resources::{input, paging};
use crate::providers::salla::state::shipment::{End, Kind, Payment, Shipment, Source};
use crate::providers::salla::views::{Row, riyadh};
use crate::providers::salla::{Error, Salla};
use crate::providers::{Call, Cx};

/// `GET /shipments`: those of the store that fulfil every filter.
pub fn list(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let query = input::query(call.request);
    let known = |name: &'static str, value: &Value| match name {
        "courier" => value.as_str().is_some_and(|slug| couriers::by_slug(slug).is_some()),
        _ => value.as_str().and_then(day).is_some(),
    };
    let wrong = problems_knowing(&query, call.takes, known);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let wanted = Wanted::read(&query);
    let shipments = cx.state.book.of_store(call.caller.store).filter(|it| wanted.fits(it));
    let base = &call.request.base;
    let row = |it| Row::new(cx.state, it, base);
    Ok(paging::listed(cx.state, call.request, &query, shipments, row))
}

/// The day of `2024-11-29`, and of nothing else.
fn day(text: &str) -> Option<Date> {
    let digits = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|it| it.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())
            .flatten()
    };
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let small = |part: &str| digits(part, 2).and_then(|it| i8::try_from(it).ok());
    Date::new(digits(year, 4)?, small(month)?, small(day)?).ok()
}

/// What a list is narrowed to; all of it together.
#[derive(Debug, Default)]
struct Wanted {
    order_id: Option<i64>,
    courier_id: Option<i64>,
    courier_slug: Option<u64>,
    status: Option<ShipmentState>,
    kind: Option<Kind>,
    payment: Option<Payment>,
    source: Option<Source>,
    from: Option<Date>,
    to: Option<Date>,
    ship_to: Place,
    ship_from: Place,
}

/// Where one end shall be.
#[derive(Debug, Default)]
struct Place {
    country_id: Option<i64>,
    country_code: Option<String>,
    city_id: Option<i64>,
}

/// Whether a filter is not there, or names this id.
fn names(wanted: Option<i64>, id: Option<u64>) -> bool {
    wanted.is_none_or(|wanted| id.and_then(|id| i64::try_from(id).ok()) == Some(wanted))
}

impl Place {
    fn read(query: &Value, end: &str) -> Place {
        let field = |name: &str| format!("{end}.{name}");
        let id = |name: &str| input::at(query, &field(name)).and_then(numeric::integer_of);
        Place {
            country_id: id("country_id"),
            country_code: input::owned(query, &field("country_code")),
            city_id: id("city_id"),
        }
    }

    fn fits(&self, end: &End) -> bool {
        let code = |wanted: &String| {
            end.country_code.as_ref().is_some_and(|code| code.eq_ignore_ascii_case(wanted))
        };
        names(self.country_id, end.country_id)
            && self.country_code.as_ref().is_none_or(code)
            && names(self.city_id, end.city_id)
    }
}

impl Wanted {
    /// The filters of a query in which every field fits.
    fn read(query: &Value) -> Wanted {
        let id = |name: &str| input::at(query, name).and_then(numeric::integer_of);
        let text = |name: &str| input::text(query, name);
        Wanted {
            order_id: id("order_id"),
            courier_id: id("courier_id"),
            courier_slug: text("courier_slug")
                .and_then(|it| couriers::by_slug(&it))
                .map(|it| it.id),
            status: text("status").and_then(|it| ShipmentState::of(&it)),
            kind: text("shipment_type").and_then(|it| Kind::of(&it)),
            payment: text("payment_method").and_then(|it| Payment::of(&it)),
            source: text("source").and_then(|it| Source::of(&it)),
            from: text("from_date").and_then(|it| day(&it)),
            to: text("to_date").and_then(|it| day(&it)),
            ship_to: Place::read(query, "ship_to"),
            ship_from: Place::read(query, "ship_from"),
        }
    }

    /// Whether a shipment fulfils all. A day is a day in Riyadh, and both ends count.
    fn fits(&self, shipment: &Shipment) -> bool {
        let dated = || {
            let day = riyadh(shipment.created_at).date();
            self.from.is_none_or(|from| day >= from) && self.to.is_none_or(|to| day <= to)
        };
        names(self.order_id, shipment.order_id)
            && names(self.courier_id, Some(shipment.courier_id))
            && self.courier_slug.is_none_or(|id| shipment.courier_id == id)
            && self.status.is_none_or(|status| shipment.life.state() == status)
            && self.kind.is_none_or(|kind| shipment.kind == kind)
            && self.payment.is_none_or(|payment| shipment.payment == payment)
            && self.source.is_none_or(|source| shipment.source == source)
            && (self.from.is_none() && self.to.is_none() || dated())
            && self.ship_to.fits(&shipment.ship_to)
            && self.ship_from.fits(&shipment.ship_from)
    }
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn a_day_has_one_form() {
        for (text, fits) in [
            ("2024-11-29", true),
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("2024-11-29 10:00", false),
            ("29-11-2024", false),
            ("2024-1-2", false),
            ("24-11-29", false),
            ("2024-11-29-", false),
            ("+024-11-29", false),
            ("٢٠٢٤-11-29", false),
            ("yesterday", false),
            ("", false),
        ] {
            assert_eq!(day(text).is_some(), fits, "{text}");
        }
    }
}
