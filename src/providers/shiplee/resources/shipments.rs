//! Forward bookings: documentation, "Create Shipment". The checks come in the order in which it lists its errors.

use crate::message::Reply;
use crate::providers::shiplee::resources::input;
use crate::providers::shiplee::rules::booking::{self, Booking};
use crate::providers::shiplee::rules::carrier::Mode;
use crate::providers::shiplee::state::order::Direction;
use crate::providers::shiplee::views::Booked;
use crate::providers::shiplee::{Error, Shiplee, fields, views};
use crate::providers::{Call, Cx};

/// What a forward booking asks for.
struct Wanted {
    booking: Booking,
    carrier_id: String,
    carrier_name: String,
}

fn read(fields: &input::Fields) -> Result<Wanted, Error> {
    input::parameters(fields, fields::SHIPMENT)?;
    for (field, only) in [("action", "book_shipment"), ("shipmentType", "forward")] {
        if input::text(fields, field) != only {
            return Err(Error::WrongParameter(field));
        }
    }
    // What is no number names nothing; no order has the number 0.
    let number = |name: &str| input::id(fields.get(name)).unwrap_or_default();
    Ok(Wanted {
        booking: Booking {
            direction: Direction::Forward,
            order: number("orderId"),
            warehouse: number("warehouseId"),
        },
        carrier_id: input::text(fields, "carrierId"),
        carrier_name: input::text(fields, "carrierName"),
    })
}

/// `POST /create_shipment`: one parcel an order, charged to the wallet.
pub fn create(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let seller = call.caller.seller;
    let fields = input::json(call.request);
    if cx.state.switches.parameters_before_balance {
        read(&fields)?;
    }
    cx.state.has_balance(seller)?;
    let wanted = read(&fields)?;
    if let Some(awb) = cx.state.booked(seller, wanted.booking) {
        return Err(Error::AlreadyBooked(awb));
    }
    // Whatever is wrong with the carrier, this endpoint documents one sentence for it, and it names the name.
    let courier = || Error::Courier(wanted.carrier_name.clone());
    let mode = Mode::of_carrier_name(&wanted.carrier_name).ok_or_else(courier)?;
    cx.state.both_are_there(seller, wanted.booking)?;
    let quote = booking::choose(cx, wanted.booking, &wanted.carrier_id).ok_or_else(courier)?;
    if quote.mode != mode {
        return Err(courier());
    }
    booking::register(cx, wanted.booking.warehouse)?;
    let number = booking::book(cx, wanted.booking, quote)?;
    let shipment = cx.state.book.shipment(number).ok_or(Error::NotFound)?;
    let rest = Booked { awb_number: &shipment.awb, shipment_id: &shipment.shipment_id };
    Ok(views::success(201, "Shipment booked", rest))
}
