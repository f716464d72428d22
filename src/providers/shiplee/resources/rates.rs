//! Rates: documentation, "Get Rates".

use crate::message::{Evidence, Reply};
use crate::providers::shiplee::resources::input;
use crate::providers::shiplee::rules::booking::{self, Booking};
use crate::providers::shiplee::rules::carrier::Payment;
use crate::providers::shiplee::state::order::Direction;
use crate::providers::shiplee::views::Rates;
use crate::providers::shiplee::{Error, Shiplee, views};
use crate::providers::{Call, Cx};

/// `POST /rates`: of an order, or of a reverse order by its numeric id.
pub fn list(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let fields = input::json(call.request);
    input::parameters(&fields, call.takes)?;
    let direction = Direction::of(&input::text(&fields, "shipmentType"))
        .ok_or(Error::WrongParameter("shipmentType"))?;
    // What is no number names nothing.
    let number = |name: &str| input::id(fields.get(name)).unwrap_or_default();
    let booking = Booking { direction, order: number("orderId"), warehouse: number("warehouseId") };
    cx.state.both_are_there(call.caller.seller, booking)?;
    let (quotes, payment) = booking::rates(cx, booking);
    // The documentation shows a prepaid order's.
    let evidence = match (direction, payment) {
        (Direction::Forward, Payment::Prepaid) if !quotes.is_empty() => Evidence::Documented,
        _ => Evidence::Inferred,
    };
    let rates = Rates::new(quotes, payment);
    Ok(views::success(200, "Rates fetched successfully", rates).evidence(evidence))
}
