//! Soundness: what a state of Shipper relies on, held against one that was read from a document.

use rust_decimal::Decimal;

use crate::kit::mistake::Mistake;
use crate::providers::shipper::data::geography;
use crate::providers::shipper::machines::{
    CONTACT, ContactInput, KEY, PAYMENT, PaymentInput, SHIPMENT, ShipmentInput, WEBHOOK,
};
use crate::providers::shipper::rules::money;
use crate::providers::shipper::state::accounts::Organization;
use crate::providers::shipper::state::catalogue::Catalogue;
use crate::providers::shipper::state::order::{Line, Order, Shipment};
use crate::providers::shipper::{State, journeys};
use crate::providers::soundness::{check_id, filled, keyed, lived, once, refers, stops};
use crate::sim::journey::plan::Stop;

/// An amount of a setup that may enter the books.
///
/// # Errors
/// A sentence saying what fits.
pub fn within(amount: Decimal) -> Result<Decimal, String> {
    money::bounded(amount).ok_or_else(|| format!("{amount} is not from 0 to {}", money::MOST))
}

/// Whether a state is one that setups and calls could have made.
///
/// # Errors
/// The place in the state, and the mistake.
pub fn check(state: &State) -> Result<(), Mistake> {
    let map = &journeys::MAP;
    state.journeys.settle(map).map_err(|it| it.below("atlas"))?;
    state.journeys.usual(map, journeys::route(), "journey", &state.journey)?;
    let accounts = &state.accounts;
    for (number, key) in &accounts.keys {
        keyed("accounts.keys", u64::from(*number), u64::from(key.id))?;
        let place = format!("accounts.keys.{number}");
        let is_there = accounts.organizations.contains_key(&key.organization);
        let what = format_args!("organization {}", key.organization);
        refers(is_there, &format!("{place}.organization"), what)?;
        lived(&KEY, &key.life, &place)?;
    }
    let keys = || accounts.keys.iter();
    once(keys().map(|(id, key)| (format!("accounts.keys.{id}.name"), key.name.as_str())))?;
    once(keys().map(|(id, key)| (format!("accounts.keys.{id}.token"), key.token.as_str())))?;
    for (id, webhook) in &accounts.webhooks {
        keyed("accounts.webhooks", *id, webhook.id)?;
        let place = format!("accounts.webhooks.{id}");
        let is_there = accounts.keys.contains_key(&webhook.key);
        refers(is_there, &format!("{place}.key"), format_args!("key {}", webhook.key))?;
        filled(&webhook.events, &format!("{place}.events"))?;
        lived(&WEBHOOK, &webhook.life, &place)?;
    }
    for (number, organization) in &accounts.organizations {
        keyed("accounts.organizations", u64::from(*number), u64::from(organization.id))?;
        let place = format!("accounts.organizations.{number}");
        check_organization(organization).map_err(|it| it.below(&place))?;
    }
    Ok(())
}

fn check_organization(it: &Organization) -> Result<(), Mistake> {
    let is_known = geography::country(&it.country).is_some();
    refers(is_known, "country", format_args!("country `{}`", it.country))?;
    check_catalogue(&it.catalogue).map_err(|it| it.below("catalogue"))?;
    let mut last = 0;
    for (place, order) in it.book.iter().enumerate() {
        risen(&mut last, order.id)
            .and_then(|()| check_order(&it.catalogue, order))
            .map_err(|it| it.within("orders", place).below("book"))?;
    }
    let next = check_id(it.book.next_id());
    next.map_err(|problem| Mistake::new("book.next", problem))?;
    let shipments = it.book.iter().enumerate().flat_map(|(order, it)| {
        let place = move |shipment| format!("book.orders[{order}].shipments[{shipment}].uuid");
        it.shipments.iter().enumerate().map(move |(at, it)| (place(at), it.uuid))
    });
    once(shipments)
}

/// Refuses an id that nobody may give, and one that does not come behind the one before: look-ups rely on the order.
fn risen(last: &mut u64, id: u64) -> Result<(), Mistake> {
    check_id(id).map_err(|problem| Mistake::new("id", problem))?;
    if id <= *last {
        return Err(Mistake::new("id", format!("{id} stands behind {last}; ids rise")));
    }
    *last = id;
    Ok(())
}

fn check_catalogue(catalogue: &Catalogue) -> Result<(), Mistake> {
    let mut last = 0;
    for (place, product) in catalogue.iter().enumerate() {
        let prices = [("price", product.price), ("cost", product.cost)];
        let of_variants = product.variants.iter().flat_map(|it| [it.price, it.cost]);
        risen(&mut last, product.id)
            .and_then(|()| prices.into_iter().try_for_each(|(field, it)| amount(field, it)))
            .and_then(|()| of_variants.into_iter().try_for_each(|it| amount("variants", it)))
            .map_err(|it| it.within("products", place))?;
    }
    let uuids = catalogue.iter().enumerate().flat_map(|(place, product)| {
        let own = std::iter::once(product.uuid);
        let all = own.chain(product.variants.iter().map(|it| it.uuid));
        all.map(move |uuid| (format!("products[{place}]"), uuid))
    });
    once(uuids)
}

fn amount(field: &str, amount: Decimal) -> Result<(), Mistake> {
    within(amount).map(drop).map_err(|problem| Mistake::new(field, problem))
}

fn check_order(catalogue: &Catalogue, order: &Order) -> Result<(), Mistake> {
    amount("shipping_total", order.shipping_total)?;
    check_lines(catalogue, &order.lines)?;
    for (place, shipment) in order.shipments.iter().enumerate() {
        check_shipment(catalogue, shipment).map_err(|it| it.within("shipments", place))?;
    }
    if let Some(contact) = &order.contact {
        CONTACT.settle(contact).map_err(|problem| Mistake::new("contact", problem))?;
    }
    stops(order.itinerary.as_ref(), knows)
}

/// Whether a stop gives one of the three life cycles an input that it has.
fn knows(stop: &Stop) -> bool {
    let on = &stop.on;
    (stop.kind == SHIPMENT.name && ShipmentInput::of(on).is_some())
        || (stop.kind == CONTACT.name && ContactInput::of(on).is_some())
        || (stop.kind == PAYMENT.name && PaymentInput::of(on).is_some())
}

fn check_lines(catalogue: &Catalogue, lines: &[Line]) -> Result<(), Mistake> {
    for (place, line) in lines.iter().enumerate() {
        let is_there = catalogue.by_id(line.product).is_some();
        refers(is_there, "product", format_args!("product {}", line.product))
            .and_then(|()| amount("total", line.total))
            .and_then(|()| amount("cost", line.cost))
            .and_then(|()| back_at_most_all(line))
            .map_err(|it| it.within("lines", place))?;
    }
    Ok(())
}

fn back_at_most_all(line: &Line) -> Result<(), Mistake> {
    if line.back <= line.quantity {
        return Ok(());
    }
    Err(Mistake::new("back", format!("{} of {} cannot be back", line.back, line.quantity)))
}

/// What the dearest goods in the largest quantity come to, rounded up. Sums of a million of them are still sums.
const MOST_OF_A_SHIPMENT: i128 = 10_000_000_000_000_000_000_000;

fn check_shipment(catalogue: &Catalogue, it: &Shipment) -> Result<(), Mistake> {
    check_lines(catalogue, &it.lines)?;
    let most = Decimal::from(MOST_OF_A_SHIPMENT);
    let fits = |amount: Decimal| (Decimal::ZERO..=most).contains(&amount);
    if let Some(place) = it.transactions.iter().position(|it| !fits(it.amount)) {
        let place = format!("transactions[{place}].amount");
        return Err(Mistake::new(place, format!("an amount is from 0 to {most}")));
    }
    SHIPMENT.settle(&it.life).map_err(|problem| Mistake::new("life", problem))?;
    PAYMENT.settle(&it.payment).map_err(|problem| Mistake::new("payment", problem))
}
