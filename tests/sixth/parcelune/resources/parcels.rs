//! Parcels: `POST /v1/parcels` and `GET /v1/parcels/{id}`.

use crate::frameworks::laravel::rules::{problems, tidy};
use crate::kit::json::Value;
use crate::message::Reply;
use crate::providers::parcelune::machines::PARCEL;
use crate::providers::parcelune::rules::lifecycle;
use crate::providers::parcelune::state::{FIRST_PARCEL, Parcel};
use crate::providers::parcelune::{Error, Parcelune, views};
use crate::providers::{Call, Cx};

/// Books a parcel, which sets out on its journey.
pub fn create(cx: &mut Cx<'_, Parcelune>, call: &Call<'_, Parcelune>) -> Result<Reply, Error> {
    let body: Value = serde_json::from_slice(&call.request.body).map_err(|_| Error::NotJson)?;
    let body = tidy(body);
    let wrong = problems(&body, call.takes);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let last = cx.state.parcels.keys().next_back();
    let id = last.map_or(FIRST_PARCEL, |last| last.saturating_add(1));
    let parcel = Parcel {
        id,
        account: call.caller.clone(),
        reference: text("reference"),
        country: text("country"),
        life: PARCEL.start(),
        itinerary: None,
    };
    let reply = views::reply(201, &views::parcel(&parcel));
    cx.state.parcels.insert(id, parcel);
    lifecycle::set_out(cx, id);
    Ok(reply)
}

/// Shows a parcel of the account.
pub fn show(cx: &mut Cx<'_, Parcelune>, call: &Call<'_, Parcelune>) -> Result<Reply, Error> {
    let parcel = call.args.number(0).and_then(|id| cx.state.parcels.get(&id));
    let own = parcel.filter(|parcel| parcel.account == call.caller).ok_or(Error::NotFound)?;
    Ok(views::reply(200, &views::parcel(own)))
}
