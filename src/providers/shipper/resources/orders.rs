//! One order: documentation, "Create order", "Get order", "Cancel order".

use crate::kit::json::Value;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::frameworks::laravel::rules::problems_knowing;
use crate::kit::phone::{can_be_dialled, international};
use crate::kit::{numeric, text};
use crate::message::{Evidence, Reply};
use crate::providers::shipper::data::geography::{self, Country};
use crate::providers::shipper::resources::input;
use crate::providers::shipper::rules::intake::{self, Intake};
use crate::providers::shipper::rules::{lifecycle, money};
use crate::providers::shipper::state::accounts::Organization;
use crate::providers::shipper::state::address::Recipient;
use crate::providers::shipper::state::catalogue::Found;
use crate::providers::shipper::state::order::{Confirmation, Line, Order, OrderKey};
use crate::providers::shipper::views::OrderDetail;
use crate::providers::shipper::{Error, Shipper, Switches, views};
use crate::providers::{Call, Cx};

#[derive(Serialize)]
struct Created {
    id: u64,
}

/// `POST /orders`: the answer is the id and nothing else.
pub fn create(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let body = input::all(call.request);
    let organization = cx.state.organization(call.caller)?;
    let switches = &cx.state.switches;
    let wrong = problems_knowing(&body, call.takes, |rule, value| match (rule, value.as_str()) {
        ("phone", number) => number.is_some_and(can_be_dialled),
        ("country", code) => code.and_then(geography::country).is_some(),
        (_, Some(name)) => {
            switches.unknown_product_breaks || product(organization, switches, name).is_some()
        }
        (_, None) => false,
    });
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let lines = lines(organization, switches, &body)?;
    let address = address(&body);
    let flag = |field: &str| body.get(field).map(truth);
    let store = |field: &str| input::text(&body, field).map(|text| text.into_owned());
    let sent_phone = body.get("address").and_then(|it| input::text(it, "phone1"));
    let sent_phone = sent_phone.map(|text| text.into_owned()).unwrap_or_default();
    let asks = flag("with_confirmation").unwrap_or(false);
    let intake = Intake {
        organization: call.caller.organization,
        address,
        lines,
        shipping_total: body.get("shipping_total").and_then(amount).unwrap_or_default(),
        is_cod: body
            .get("is_cod")
            .filter(|value| !value.is_null())
            .map_or(cx.state.switches.cod_by_default, truth),
        auto_fulfill: flag("auto_fulfill").unwrap_or(false),
        confirmation: if asks { Confirmation::External } else { Confirmation::None },
        store_name: store("store_name"),
        external_order_id: store("external_order_id"),
        external_order_url: store("external_order_url"),
        journey: None,
        sent_phone,
    };
    let id = intake::place(cx, intake)
        .ok_or(Error::Broken("the key's organization is missing from the world's setup"))?;
    Ok(views::reply(201, &Created { id }))
}

/// A field that passed the boolean rule, as PHP takes it.
fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => text == "1",
        _ => false,
    }
}

/// A field that passed the numeric rule, exact as far as it was written.
fn amount(value: &Value) -> Option<Decimal> {
    let text = numeric::text_of(value)?;
    let text = text.trim();
    text.parse().or_else(|_| Decimal::from_scientific(text)).ok().and_then(money::bounded)
}

/// What an item's id names: a product, or a variant. Where a scenario says so, a product with variants does not do.
fn product<'a>(
    organization: &'a Organization,
    switches: &Switches,
    name: &str,
) -> Option<Found<'a>> {
    let bare = |found: &Found<'_>| found.variant.is_none() && !found.product.variants.is_empty();
    organization.catalogue.find(name).filter(|found| !(switches.variants_required && bare(found)))
}

/// The lines of an order whose fields passed the rules.
fn lines(
    organization: &Organization,
    switches: &Switches,
    body: &Value,
) -> Result<Vec<Line>, Error> {
    let line = |item: &Value| {
        let name = item.get("id").and_then(Value::as_str).unwrap_or_default();
        let found = product(organization, switches, name).ok_or(Error::Broken(
            "The item's id is no product of the organization, and the scenario answers that as one integrator met \
             it. GET /products lists the ids.",
        ))?;
        let quantity = item.get("quantity").and_then(numeric::integer_of).unwrap_or(1);
        let quantity = u32::try_from(quantity).unwrap_or(1);
        let usual = found.price() * Decimal::from(quantity);
        Ok(Line {
            product: found.product.id,
            variant: found.variant.map(|variant| variant.uuid),
            quantity,
            total: item.get("total_price").and_then(amount).unwrap_or(usual),
            cost: Decimal::ZERO,
            back: 0,
        })
    };
    let mut lines = Vec::new();
    match body.get("items") {
        Some(Value::Array(items)) => {
            lines.reserve_exact(items.len());
            items.iter().try_for_each(|item| line(item).map(|line| lines.push(line)))?;
        }
        Some(Value::Object(items)) => {
            lines.reserve_exact(items.len());
            items.values().try_for_each(|item| line(item).map(|line| lines.push(line)))?;
        }
        _ => {}
    }
    Ok(lines)
}

/// The recipient as Shipper keeps it. Divisions that are no exact names are dropped, not refused.
fn address(body: &Value) -> Recipient<'static> {
    let field = |name: &str| {
        body.get("address")
            .and_then(|address| input::text(address, name))
            .map(|text| text.into_owned())
    };
    let (first_name, last_name) = text::split_name(&field("name").unwrap_or_default());
    let country = field("country").and_then(|code| geography::country(&code));
    let dial = country.map_or("", |country| country.dial);
    let telephone = |name: &str| international(&field(name).unwrap_or_default(), dial);
    let (division_1, division_2) = divisions(country, field("division_1"), field("division_2"));
    Recipient {
        first_name: first_name.into(),
        last_name: last_name.into(),
        phone1: telephone("phone1").into(),
        phone2: telephone("phone2").into(),
        address1: field("address1").unwrap_or_default().into(),
        address2: field("address2").unwrap_or_default().into(),
        division_1: division_1.map(Into::into),
        division_2: division_2.map(Into::into),
        country: country.map(|country| country.code.into()).unwrap_or_default(),
    }
}

/// The divisions an address names, each kept only if the country has it; the second within the first.
fn divisions(
    country: Option<&Country>,
    first: Option<String>,
    second: Option<String>,
) -> (Option<String>, Option<String>) {
    let Some(country) = country else { return (None, None) };
    let top = first.as_deref().and_then(|name| country.division(1, name, None));
    let below = second.as_deref().and_then(|name| country.division(2, name, top.map(|top| top.id)));
    (top.map(|division| division.name.to_owned()), below.map(|division| division.name.to_owned()))
}

/// The order a path names, if it is the caller's.
fn find<'a>(cx: &'a Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<&'a Order, Error> {
    let missing = || Error::NotFound("Order", call.args.at(0).to_owned());
    let organization = cx.state.organization(call.caller)?;
    call.args.number(0).and_then(|id| organization.book.get(id)).ok_or_else(missing)
}

/// `GET /orders/{id}`: status, shipments with their tracking, recipient.
pub fn show(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    Ok(views::reply(200, &OrderDetail::from(find(cx, call)?)))
}

#[derive(Serialize)]
struct Canceled {
    success: bool,
    canceled_shipments: usize,
}

/// `POST /orders/{id}/cancel`: cancels the shipments that wait for confirmation or packaging.
pub fn cancel(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let order = find(cx, call)?.id;
    let key = OrderKey { organization: call.caller.organization, order };
    match lifecycle::cancel(cx, key) {
        0 => Err(Error::NothingToCancel),
        canceled_shipments => {
            Ok(views::reply(200, &Canceled { success: true, canceled_shipments })
                .evidence(Evidence::Documented))
        }
    }
}
