//! One shipment: made, looked at, reported on, followed, called off, sent back.

use crate::frameworks::laravel::rules::problems;
use crate::frameworks::php::json_encode::Number;
use crate::message::{Evidence, Reply};
use crate::providers::salla::errors::Rule;
use crate::providers::salla::machines::{SHIPMENT, ShipmentInput, ShipmentState};
use crate::providers::salla::resources::{drafts, input};
use crate::providers::salla::rules::{intake, lifecycle};
use crate::providers::salla::state::shipment::{Label, Shipment};
use crate::providers::salla::views::{Row, Tracking, nested};
use crate::providers::salla::{Error, Salla, State, views};
use crate::providers::{Call, Cx, traveller};

/// The caller's shipment of the path.
fn own(cx: &Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<u64, Error> {
    let id = call.args.number(0).ok_or(Error::NotFound("shipment"))?;
    let known = cx.state.book.get(id).filter(|it| it.store == call.caller.store);
    known.map(|it| it.id).ok_or(Error::NotFound("shipment"))
}

/// The app that calls.
fn app(state: &State) -> Option<u64> {
    Some(state.app.id)
}

fn shown(cx: &Cx<'_, Salla>, call: &Call<'_, Salla>, id: u64) -> Result<Reply, Error> {
    let shipment = cx.state.book.get(id).ok_or(Error::NotFound("shipment"))?;
    Ok(views::success(200, Row::new(cx.state, shipment, &call.request.base)))
}

/// `POST /shipments`: 200, not 201. A pending shipment of the order is taken over where the request says so.
pub fn create(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let fields = input::all(call.request);
    let store = call.caller.store;
    let draft = drafts::read(cx.state, store, &fields).map_err(Error::Invalid)?;
    if let Some(known) = draft.return_of.and_then(|id| cx.state.book.get(id)) {
        is_delivered(known)?;
    }
    let overwrites = input::yes(&fields, "overwrite_exists_pending");
    let pending = draft.order_id.filter(|_| overwrites);
    let pending = pending.and_then(|order| cx.state.pending_of(store, order));
    let id = match pending {
        Some(pending) => intake::replace(cx, pending, draft),
        None => intake::create(cx, draft),
    };
    shown(cx, call, id)
}

/// `GET /shipments/{id}`.
pub fn show(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let id = own(cx, call)?;
    shown(cx, call, id)
}

/// `PUT /shipments/{id}`: the courier's app says where a shipment stands. From then on it is the courier: the journey
/// that the shipment was on ends.
pub fn update(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let id = own(cx, call)?;
    let fields = input::all(call.request);
    let wrong = problems(&fields, call.takes);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let word = input::text(&fields, "status").unwrap_or_default();
    let status = ShipmentState::of(&word).ok_or(Error::Against(Rule::NoWayBack))?;
    if !lifecycle::leads(cx.state, id, status) {
        return Err(Error::Against(Rule::NoWayBack));
    }
    if let Some(order) = input::number(&fields, "order_id") {
        intake::assign(cx, id, order);
    }
    // The fields are there when the webhook goes out.
    if let Some(shipment) = cx.state.book.get_mut(id) {
        amend(shipment, &fields);
    }
    let note = input::owned(&fields, "status_note");
    lifecycle::report(cx, id, status, note).map_err(|_| Error::Against(Rule::NoWayBack))?;
    let shipment = cx.state.book.get(id).ok_or(Error::NotFound("shipment"))?;
    let row = Row::new(cx.state, shipment, &call.request.base);
    let reply = if cx.state.switches.nested_update_answer {
        views::success(200, nested(&row, shipment))
    } else {
        views::success(200, row).evidence(Evidence::Inferred)
    };
    Ok(reply)
}

fn amend(shipment: &mut Shipment, fields: &crate::kit::json::Value) {
    let text = |name: &str| input::owned(fields, name);
    if let Some(number) = text("shipment_number") {
        shipment.shipping_number = number;
    }
    if let Some(number) = text("tracking_number") {
        shipment.tracking_number = number;
    }
    if let Some(link) = text("tracking_link") {
        shipment.tracking_link = link;
    }
    if let Some(label) = text("pdf_label") {
        shipment.label = Some(Label::Elsewhere(label));
    }
    if let Some(cost) = input::amount(fields, "cost") {
        shipment.extras.cost = Some(Number(cost));
    }
    if let Some(name) = text("external_company_name") {
        shipment.extras.external_company_name = Some(name);
    }
    if input::at(fields, "policy_options").is_some() {
        shipment.policy_options = drafts::options(fields);
    }
}

/// `GET /shipments/{id}/tracking`.
pub fn tracking(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let id = own(cx, call)?;
    let shipment = cx.state.book.get(id).ok_or(Error::NotFound("shipment"))?;
    Ok(views::success(200, Tracking::new(shipment, &call.request.base)))
}

/// `POST /shipments/{id}/cancel`: until it is shipped; later only where a scenario has the courier agree.
pub fn cancel(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let id = own(cx, call)?;
    let state = cx.state.book.get(id).ok_or(Error::NotFound("shipment"))?.life.state();
    let late = cx.state.switches.cancel_after_shipping;
    let on = [ShipmentInput::Cancel, ShipmentInput::CallOff];
    let on = on.into_iter().take(if late { 2 } else { 1 }).find(|on| SHIPMENT.allows(state, *on));
    let on = on.ok_or(Error::Against(Rule::NotShipped))?;
    lifecycle::step(cx, id, on).map_err(|_| Error::Against(Rule::NotShipped))?;
    traveller::moved(cx, id);
    shown(cx, call, id)
}

fn is_delivered(shipment: &Shipment) -> Result<(), Error> {
    match shipment.life.state() {
        ShipmentState::Delivered => Ok(()),
        _ => Err(Error::Against(Rule::Delivered)),
    }
}

/// `POST /shipments/{id}/return`: what was delivered goes back, its ends changed over.
pub fn send_back(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let id = own(cx, call)?;
    is_delivered(cx.state.book.get(id).ok_or(Error::NotFound("shipment"))?)?;
    let app = app(cx.state);
    let new = intake::send_back(cx, id, app).ok_or(Error::NotFound("shipment"))?;
    shown(cx, call, new)
}
