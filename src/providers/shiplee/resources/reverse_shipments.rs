//! Reverse bookings: documentation, "Reverse Shipment". The steps are those of "What happens internally".

use crate::message::Reply;
use crate::providers::shiplee::resources::input;
use crate::providers::shiplee::rules::booking::{self, Booking};
use crate::providers::shiplee::state::order::Direction;
use crate::providers::shiplee::views::Booked;
use crate::providers::shiplee::{Error, Shiplee, fields, views};
use crate::providers::{Call, Cx};

fn read(fields: &input::Fields) -> Result<Booking, Error> {
    input::parameters(fields, fields::REVERSE_SHIPMENT)?;
    // The printed number (RO-7A685) is no number, and names nothing.
    let number = |name: &str| input::id(fields.get(name)).unwrap_or_default();
    Ok(Booking {
        direction: Direction::Reverse,
        order: number("order_id"),
        warehouse: number("warehouse_id"),
    })
}

/// `POST /reverse_create_shipment`: a form, and 200.
pub fn create(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let seller = call.caller.seller;
    let fields = input::form(call.request);
    if cx.state.switches.parameters_before_balance {
        read(&fields)?;
    }
    cx.state.has_balance(seller)?;
    let wanted = read(&fields)?;
    cx.state.both_are_there(seller, wanted)?;
    if let Some(awb) = cx.state.booked(seller, wanted) {
        return Err(Error::AlreadyBooked(awb));
    }
    booking::register(cx, wanted.warehouse)?;
    let id = input::text(&fields, "carrierId");
    let quote = booking::choose(cx, wanted, &id).ok_or(Error::CarrierId(id))?;
    let number = booking::book(cx, wanted, quote)?;
    let shipment = cx.state.book.shipment(number).ok_or(Error::NotFound)?;
    let rest = Booked { awb_number: &shipment.awb, shipment_id: &shipment.shipment_id };
    Ok(views::success(200, "Reverse shipment booked", rest))
}
