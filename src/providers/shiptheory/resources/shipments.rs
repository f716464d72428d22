//! Shipments: documentation, "Book" and "View Shipment".

use crate::message::{Evidence, Reply};
use crate::providers::shiptheory::machines::Status;
use crate::providers::shiptheory::resources::{input, printing, reading};
use crate::providers::shiptheory::rules::booking::{self, Origin, Taken};
use crate::providers::shiptheory::state::shipment::{Shipment, Tone};
use crate::providers::shiptheory::views::{Booked, CarrierResult, More, Viewed};
use crate::providers::shiptheory::{Error, Shiptheory, State, views};
use crate::providers::{Call, Cx};

/// `POST /v1/shipments`: whatever becomes of the shipment, the call is a success unless its fields do not fit.
pub fn book(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let fields = input::fields(call.request)?;
    let account = cx.state.account(&call.caller)?;
    let wanted = reading::read(&fields, account, cx.state.switches.strict_decimals)?;
    let tags = &cx.state.tags;
    let passed_over = reading::passed_over(&fields, account, |id| {
        tags.get(&id).is_some_and(|tag| tag.account == account.id)
    });
    let origin = Origin {
        account: account.id,
        told: format!("Shipment added over API by {} ({})", account.email, call.request.peer)
            .into(),
        journey: None,
    };
    let taken = booking::book(cx, &origin, wanted);
    Ok(answer(cx.state, taken).passing_over(passed_over))
}

/// The answer to a booking.
fn answer(state: &State, taken: Taken) -> Reply {
    let nothing = Booked { success: true, status: None, carrier_result: None, message: None };
    let (number, has_settings) = match taken {
        Taken::Duplicate => {
            return views::reply(200, &nothing).evidence(Evidence::Observed).because(
                "The account has a shipment of this reference: nothing was created, changed or booked. The help \
                 centre calls it a blank response.",
            );
        }
        Taken::As(number) => (number, true),
        Taken::WithoutSettings(number) => (number, false),
    };
    let Some(shipment) = state.shelf.get(number) else { return views::reply(200, &nothing) };
    let status = shipment.life.state();
    let base = Booked { status: Some(state.printed(status)), ..nothing };
    let last = shipment.messages.last().map(|line| line.message.as_str());
    match status {
        Status::Complete | Status::Archived => {
            let carrier_result = Some(result(state, shipment, "success"));
            views::reply(200, &Booked { carrier_result, message: last, ..base })
        }
        Status::PrintError => {
            let carrier_result = Some(result(state, shipment, "success"));
            views::reply(200, &Booked { carrier_result, message: last, ..base })
                .evidence(Evidence::Inferred)
        }
        Status::Failed if !has_settings => views::reply(200, &Booked { message: last, ..base })
            .evidence(Evidence::Observed)
            .because(
                "The account has no such instance of the carrier; `increment` is 1 when it is not sent. \
                 GET /v1/services lists the instances.",
            ),
        Status::Failed => {
            let carrier_result = Some(result(state, shipment, "failed"));
            let success = !state.switches.refused_is_failure;
            views::reply(200, &Booked { success, carrier_result, message: last, ..base })
                .evidence(Evidence::Inferred)
                .because("The carrier refused the shipment; it stays under its reference as Failed.")
        }
        Status::Ignored => views::reply(200, &Booked { message: last, ..base })
            .evidence(Evidence::Inferred)
            .because(
                "No shipping rule of the account takes this country, weight, value and `rules_metadata`, and \
                 `delivery_service` names none of its services.",
            ),
        Status::Waiting => {
            views::reply(200, &Booked { message: last, ..base }).evidence(Evidence::Inferred)
        }
        Status::NotReady | Status::Ready | Status::Queued | Status::Processing => {
            views::reply(200, &base).evidence(Evidence::Inferred)
        }
    }
}

fn result<'a>(state: &State, shipment: &'a Shipment, status: &'static str) -> CarrierResult<'a> {
    CarrierResult {
        status,
        tracking: shipment.tracking.as_deref(),
        carrier: shipment.carrier.as_deref().unwrap_or_default(),
        no_tracking: None,
        more: state.switches.long_carrier_result.then(|| More::of(shipment)),
    }
}

/// `GET /v1/shipments/{reference}`: with the label, where there is one. The first time the label is fetched, the history
/// gets a line.
pub fn view(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = cx.state.account(&call.caller)?;
    let found = cx.state.shelf.find(account.id, call.args.at(0));
    let shipment = found.ok_or(Error::Absent("The caller has no shipment of this reference."))?;
    let (number, label) = (shipment.number, printing::label(shipment));
    if label.is_some() && !shipment.printed {
        let told = format!("Printed & Archived by {} (API)", account.email);
        if let Some(shipment) = cx.state.shelf.get_mut(number) {
            shipment.printed = true;
            shipment.note(cx.now, Tone::Success, told);
        }
    }
    let gone = Error::Absent("The shipment is gone from this world.");
    let shipment = cx.state.shelf.get(number).ok_or(gone)?;
    Ok(views::reply(200, &Viewed::new(cx.state, shipment, label)))
}
