//! Return labels: documentation, "Creating a Return Label".
//!
//! Of the shipment only the history changes, by a line for the label or for what is wrong; the label is not kept.

use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;

use crate::frameworks::cakephp::validation::{Problems, check};
use crate::message::Reply;
use crate::providers::shiptheory::data::carriers::{self, ReturnService};
use crate::providers::shiptheory::resources::{input, printing};
use crate::providers::shiptheory::state::shipment::{Shipment, Tone};
use crate::providers::shiptheory::views::Returned;
use crate::providers::shiptheory::{Error, Shiptheory, errors, views};
use crate::providers::{Call, Cx};

/// Days from today to the last on which a label can be used.
const LONGEST: i64 = 30;

/// Whether a label may be good for so long. A day in the past is taken: the documentation's own sample has one.
fn is_near(day: jiff::civil::Date, now: Timestamp) -> bool {
    let today = Offset::UTC.to_datetime(now).date();
    today.checked_add(Span::new().days(LONGEST)).map_or(true, |last| day <= last)
}

/// What a return service has against a shipment.
fn against(service: &ReturnService, shipment: &Shipment) -> Option<String> {
    let draft = &shipment.draft;
    let carrier = service.carrier;
    let too_heavy =
        service.weight > 0 && draft.particulars.weight.0 > Decimal::from(service.weight);
    if too_heavy {
        let most = service.weight;
        return Some(format!("{carrier} {} takes at most {most} kg", service.name));
    }
    let far = |country: &str, known: &[&str]| !known.contains(&country);
    let (from, to) = (draft.recipient.country.as_str(), draft.sender.country.as_str());
    if far(from, service.outgoing) || far(to, service.incoming) {
        return Some(format!("{carrier} {} does not go from {from} to {to}", service.name));
    }
    None
}

/// `POST /v1/returns`: a new label every time.
pub fn create(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let fields = input::fields(call.request)?;
    let mut problems = Problems::default();
    check(&fields, "", call.takes, &mut problems);
    problems.settle()?;
    let text = |name: &str| input::text(&fields, name).unwrap_or_default();
    let (reference, postcode, expiry) =
        (text("outgoing_reference"), text("delivery_postcode"), text("expiry"));
    let account = cx.state.account(&call.caller)?;
    let found = cx.state.shelf.find(account.id, &reference);
    let found = found.filter(|it| it.draft.recipient.has_postcode(&postcode));
    let number = found.map(|shipment| shipment.number);
    if input::day(&expiry).is_none_or(|day| !is_near(day, cx.now)) {
        note(cx, number, Tone::Error, "Your returns label expiry is not allowed".to_owned());
        return Err(errors::expiry());
    }
    let shipment = found.ok_or_else(|| errors::no_shipment(&reference, &postcode))?;
    let has = |it: &&'static ReturnService| account.carriers.contains_key(it.carrier.word());
    let wanted = input::whole(&fields, "return_service").and_then(carriers::return_service_of);
    let Some(service) = wanted.filter(has) else {
        note(cx, number, Tone::Error, "Unable to find the return service".to_owned());
        return Err(Error::Guessed(
            format!("Unable to find a return service with the id '{}'", text("return_service")),
            "The account has no return service of this id; GET /v1/services/incoming lists them.",
        ));
    };
    if let Some(why) = against(service, shipment) {
        let told = format!("There was an error when creating a return label: {why}");
        note(cx, number, Tone::Error, told.clone());
        return Err(Error::Guessed(
            told,
            "The return service has limits; GET /v1/services/incoming lists them.",
        ));
    }
    let number = shipment.number;
    let gone = || Error::Absent("The shipment is gone from this world.");
    let pinned = cx.state.shelf.get_mut(number).ok_or_else(gone)?.pins.return_tracking.take();
    let tracking = pinned.unwrap_or_else(|| carriers::tracking_number(service.numbers, cx.chance));
    let told = format!("{} return tracking reference received: {tracking}", service.carrier);
    note(cx, Some(number), Tone::Success, told);
    cx.state.keep_shipment(number);
    let shipment = cx.state.shelf.get(number).ok_or_else(gone)?;
    let label = printing::return_label(shipment, service, &tracking, &expiry);
    Ok(views::reply(200, &Returned { tracking: &tracking, label }))
}

fn note(cx: &mut Cx<'_, Shiptheory>, number: Option<u64>, tone: Tone, text: String) {
    if let Some(shipment) = number.and_then(|number| cx.state.shelf.get_mut(number)) {
        shipment.note(cx.now, tone, text);
    }
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn a_label_is_good_for_thirty_days_at_most() {
        let now = "2026-05-14T23:59:59Z".parse().unwrap();
        for (day, expected) in [("2026-06-13", true), ("2026-06-14", false), ("2019-10-23", true)] {
            assert_eq!(is_near(day.parse().unwrap(), now), expected, "{day}");
        }
    }
}
